"""Names: one normal form, parts and keys of companies, pinyin, stock codes, and the substring index in real SQLite."""

import csv
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.company_names import CompanyName, company_key, split_company
from graph.model.names import (
    HAN,
    bigrams,
    exact_query,
    is_stock_code,
    normal,
    pinyin_keys,
    prefix_query,
    simplified,
    stock_code_forms,
    substring_query,
)

ROOT = Path(__file__).parents[2]
with (ROOT / "data" / "entities.csv").open(encoding="utf-8-sig", newline="") as sheet:
    ROWS = list(csv.DictReader(sheet))
ALIASES = sorted({alias for row in ROWS for alias in row["aliases"].split(";") if alias})
NAMES = sorted({name for row in ROWS for name in (row["name_zh"], row["name_en"]) if name} | set(ALIASES))

# Few characters, so that random names share parts; the awkward ones of every kind among them.
AWKWARD = "包頭头北方稀土有限公司釹薴Jj Mm.·-—\"'`*^:()（）[]{}\\/%_;ＡＺ１ﬁßİıé"
HIDDEN = "\u0301\u0338\u200b\u200d\ufe0f\x00\n\ud800\udfff"
SIGNS = "😀👩🏽𠮷가각ᄀ\u1161ガカ\u3099…⒈5.1½㈱｟｠［］\ufdd0\ue000\ufffd+=<>|~¨"
texts = st.text(st.sampled_from(AWKWARD + HIDDEN + SIGNS), max_size=12) | st.text(
    st.characters(exclude_categories=()), max_size=8
)
thorough = settings(max_examples=200, deadline=None, derandomize=True)


# --- normal ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("包头稀土高新区", "包頭稀土高新區"),
        ("釹鐵硼", "钕铁硼"),
        ("JL  MAG", "jl mag"),
        ("JL-MAG", "jl mag"),
        ("jlmag", "JL—MAG"),
        ("ＪＬ　ＭＡＧ", "JL MAG"),
        ("中国北方稀土(集团)高科技股份有限公司", "中国北方稀土（集团）高科技股份有限公司"),
        ("马克斯·贝尔曼公司", "马克斯・贝尔曼公司"),
        ("W.R. Grace", "W. R. Grace"),
        ("Minaçu", "MINACU"),
        ("Sm₂O₃", "Sm2O3"),
        ("包头市\u200b", "包头市"),
        ("5,000 t", "5000t"),
        ("SZSE:300748", "szse：300748"),
        ("ガス", "ｶﾞｽ"),
        ("Straße", "STRASSE"),
        ("包党发〔2025〕1号", "包党发[2025]1号"),
    ],
)
def test_two_spellings_of_one_name_have_one_form(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5万吨", "15万吨"), ("山西", "陕西"), ("😀", "😁"), ("C++", "C"), ("稀土", "稀土集团"), ("ガ", "カ")],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", ""),
        (" \u3000\n\x00\u200b", ""),  # nothing to be seen
        ("---", "---"),
        ("…", "..."),
        ("「」", "「」"),
        ("`\"'", "`\"'"),
        ("\ud800稀", "\ufffd稀"),
        ("薴", "苎"),  # 薴 -> 苧 -> 苎
        ("乾隆", "干隆"),  # by character, never by phrase: else 乾 would not find 乾隆
        ("NTT ™", "ntt"),
        ("👩🏽\u200d🔬", "👩🔬"),
        ("1.5.", "1.5"),
        ("5…3", "53"),
    ],
)
def test_normal_forms(text: str, form: str) -> None:
    assert normal(text) == form


def test_every_code_point_has_a_settled_form_that_can_be_stored() -> None:
    """Oracle: applying `normal` again changes nothing, UTF-8 takes it, and the spelling of tokens is free of it."""
    assigned = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Co")]
    forms = [normal(character) for character in assigned]
    assert [normal(form) for form in forms] == forms
    left = set("".join(forms))
    assert all(form.encode() for form in left)
    reserved = {chr(code) for code in range(0xFF01, 0xFF61)} | set("\x00\ud800ABCXYZ")
    assert not left & reserved


@thorough
@given(texts)
def test_normal_is_idempotent_and_never_loses_a_visible_name(text: str) -> None:
    """Oracle: a text is invisible when all of its NFKC form is controls, joiners, unassigned or space."""
    form = normal(text)
    assert normal(form) == form
    form.encode()
    seen = [sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign)[0] not in "CZ"]
    assert form or not seen


@thorough
@given(texts, texts, st.sampled_from(" -—·()（）\u3000\n"))
def test_separators_between_parts_do_not_matter(left: str, right: str, separator: str) -> None:
    """Oracle: letters joined by a separator equal letters joined by none (points apart, which digits may need)."""
    left, right = f"稀{left}a".replace(".", ""), f"b{right}土".replace(".", "")
    assert normal(f"{left}{separator}{right}") == normal(left + right)


@pytest.mark.parametrize("unit", ["稀土", "😀\ud800", "e\u0301", "- ", "(a", ".", "科技", "co ", "SZ:", "重庆长"])
def test_a_megabyte_is_only_long(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    form = normal(text)
    assert normal(form) == form
    company_key(text)
    pinyin_keys(text)
    assert stock_code_forms(text) == ()
    assert len(bigrams(text)) == len(form) + 1


def test_importing_names_loads_neither_opencc_nor_pypinyin() -> None:
    """They cost a third of a second, which a Latin look-up must not pay."""
    probe = (
        "import sys, graph.model.company_names as c, graph.model.names as n; n.normal('JL MAG'); n.is_stock_code('x');"
    )
    probe += "print([name for name in ('opencc', 'pypinyin') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_simplified_changes_nothing_but_traditional_characters() -> None:
    assert simplified("稀土集團（JL MAG）\ud800") == "稀土集团（JL MAG）\ud800"


# --- companies ---


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("包头市北方稀土新材料有限公司", ("包头市", "北方稀土", "新材料", "有限公司")),
        ("金力永磁（包头）科技有限公司", ("包头", "金力永磁", "科技", "有限公司")),
        ("中国北方稀土（集团）高科技股份有限公司", ("中国", "北方稀土", "高科技", "集团股份有限公司")),
        ("Baotou Tianhe Magnetics Technology Co., Ltd.", ("Baotou", "Tianhe", "Magnetics Technology", "Co., Ltd.")),
        ("JL MAG Rare-Earth Co., Ltd.", ("", "JL MAG Rare-Earth", "", "Co., Ltd.")),
        ("JL MAG Rare-Earth (Baotou) Technology Co.,Ltd.", ("Baotou", "JL MAG Rare-Earth", "Technology", "Co.,Ltd.")),
        ("Shin-Etsu Chemical", ("", "Shin-Etsu", "Chemical", "")),
        ("Inner Mongolia Baotou Steel Union Co., Ltd.", ("Inner Mongolia", "Baotou Steel Union", "", "Co., Ltd.")),
        ("MS-Schramberg GmbH & Co. KG", ("", "MS-Schramberg", "", "GmbH & Co. KG")),
        ("四川省冕宁县茂源稀土科技有限公司", ("四川省冕宁县", "茂源稀土", "科技", "有限公司")),
        ("赣县红金稀土有限公司", ("赣县", "红金稀土", "", "有限公司")),
        ("赣州稀土(龙南)有色金属有限公司", ("赣州", "稀土龙南", "有色金属", "有限公司")),
        ("北方中鑫安泰新材料(内蒙古)有限公司", ("内蒙古", "北方中鑫安泰", "新材料", "有限公司")),
        ("福建省冶金(控股)有限责任公司", ("福建省", "冶金", "控股", "有限责任公司")),
        ("信越(長汀)科技有限公司", ("", "信越长汀", "科技", "有限公司")),
        ("株式会社三德", ("", "三德", "", "株式会社")),
        ("钼公司（Molycorp）", ("", "钼Molycorp", "", "公司")),
        ("兴盛集团（越南）", ("越南", "兴盛", "", "集团")),
        ("北方稀土冶炼分公司", ("", "北方稀土", "冶炼", "分公司")),
        ("苏州圆格电子公司", ("苏州", "圆格", "电子", "公司")),  # not 圆格电 + 子公司
        ("上海大同电子有限公司", ("上海", "大同", "电子", "有限公司")),  # 大同 is not in Shanghai
        ("北京市政路桥有限公司", ("北京", "市政路桥", "", "有限公司")),
        ("包头铝业集团", ("包头", "铝业", "", "集团")),
        ("广西壮族自治区南宁市某某有限公司", ("广西壮族自治区南宁市", "某某", "", "有限公司")),
        ("包头稀土高新区某某有限公司", ("包头稀土高新区", "某某", "", "有限公司")),
        ("包头市", ("", "包头市", "", "")),
        ("有限公司", ("", "有限公司", "", "")),
        ("()", ("", "()", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_the_parts_of_a_company_name(text: str, parts: tuple[str, str, str, str]) -> None:
    assert split_company(text) == CompanyName(*parts)


@pytest.mark.parametrize(
    "alike",
    [
        (
            "包头市北方稀土新材料有限公司",
            "包头北方稀土新材料股份有限公司",
            "包头北方稀土新材料集团",
            "北方稀土新材料（包头）有限责任公司",
            "內蒙古自治區包頭市北方稀土新材料（集團）有限公司",
        ),
        ("包头市飞达稀土有限责任公司", "包头市飞达稀土有限公司"),
        ("金龙稀土(包头)有限公司", "包头金龙稀土有限公司"),
        ("赣州晨光稀土新材料有限公司", "赣州晨光稀土新材料股份有限公司"),
        ("四川省冕宁县茂源稀土科技有限公司", "冕宁县茂源稀土科技有限公司"),
        ("Arafura Resources Ltd", "Arafura Resources Limited"),
        ("Baotou Shengyou Rare Earth Co., Ltd.", "BAOTOU SHENGYOU RARE-EARTH CO LTD"),
    ],
)
def test_forms_brackets_and_suffixes_do_not_matter_to_the_key(alike: tuple[str, ...]) -> None:
    assert len({company_key(name) for name in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("包头市北方稀土新材料有限公司", "北方稀土"),  # a subsidiary and its parent
        ("包头市北方稀土新材料有限公司", "中国北方稀土(集团)高科技股份有限公司"),
        ("金力永磁(包头)科技有限公司", "江西金力永磁科技股份有限公司"),
        ("中国稀土集团有限公司", "中国稀土控股有限公司"),
        ("中国稀土集团有限公司", "中国稀土集团资源科技股份有限公司"),
        ("北方稀土冶炼分公司", "北方稀土冶炼有限公司"),
        ("科田磁业包头子公司", "科田磁业包头有限公司"),
        ("大地熊(包头)永磁科技有限公司", "大地熊(宁国)永磁科技有限公司"),
        ("泰和县涌金钕铁硼废料加工厂", "泰和县涌金钕铁硼废料加工有限公司"),
        ("上海大同电子有限公司", "大同电子有限公司"),
        ("盛和资源控股股份有限公司", "盛和资源(海南)有限公司"),
    ],
)
def test_different_companies_have_different_keys(one: str, other: str) -> None:
    assert company_key(one) != company_key(other)


REGIONS = st.sampled_from(["包头", "赣州", "宁波", "重庆", "深圳"])
TRADES = st.sampled_from(["北方稀土", "金力永磁", "天和", "中科三环", "JL MAG"])
INDUSTRIES = st.sampled_from(["", "科技", "新材料", "稀土新材料科技"])


@thorough
@given(st.tuples(REGIONS, TRADES, INDUSTRIES), st.tuples(REGIONS, TRADES, INDUSTRIES))
def test_the_key_is_the_place_the_trade_name_and_the_industry(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Oracle: names are put together from the three, so their keys are equal exactly when the three are."""
    forms = ["{}{}{}有限公司", "{}市{}{}股份有限公司", "{}{}{}集团", "{}市{}{}(集团)有限责任公司", "{1}（{0}）{2}公司"]
    keys = {company_key(form.format(*one)) for form in forms}
    assert len(keys) == 1
    assert (company_key(forms[0].format(*other)) in keys) == (one == other)
    assert company_key(one[1] + one[2]) not in keys


def test_keys_shared_by_two_enterprises_of_the_shipped_data_are_few_and_known() -> None:
    """Oracle: read by eye. One name under two ids, or two companies whose names differ in their form alone."""
    owners: dict[str, set[str]] = {}
    for row in ROWS:
        if row["kind"] == "enterprise" and row["name_zh"]:
            owners.setdefault(company_key(row["name_zh"]), set()).add(row["id"])
    shared = {key for key, ids in owners.items() if len(ids) > 1}
    assert shared <= {"包头|金蒙稀土|", "|五矿稀土|", "|横店集团东磁|"}


@thorough
@given(texts)
def test_any_text_splits_and_has_a_key(text: str) -> None:
    """Oracle: with something to see there is a trade name, and full or half width does not change the key."""
    name = split_company(text)
    assert bool(normal(name.trade)) == bool(normal(text))
    assert company_key(text) == company_key(unicodedata.normalize("NFKC", text))


# --- pinyin ---


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("金力永磁", "jinliyongci", "jlyc"),
        ("重庆", "chongqing", "cq"),
        ("重慶市", "chongqingshi", "cqs"),
        ("厦门钨业", "xiamenwuye", "xmwy"),
        ("厦钨", "xiawu", "xw"),
        ("福建省长汀金龙稀土", "fujianshengchangtingjinlongxitu", "fjsctjlxt"),  # not 省长
        ("长春应用化学研究所", "changchunyingyonghuaxueyanjiusuo", "ccyyhxyjs"),
        ("广晟有色", "guangshengyouse", "gsys"),
        ("犍为县", "qianweixian", "qwx"),
        ("佛山市", "foshanshi", "fss"),
        ("六安", "luan", "la"),
        ("朝阳", "chaoyang", "cy"),
        ("漯河", "luohe", "lh"),
        ("乐山", "leshan", "ls"),
        ("成都", "chengdu", "cd"),
        ("北方重型汽车", "beifangzhongxingqiche", "bfzxqc"),
        ("大地熊", "dadixiong", "ddx"),
        ("中国进出口银行", "zhongguojinchukouyinhang", "zgjckyh"),
        ("变频空调磁钢", "bianpinkongtiaocigang", "bpktcg"),
        ("三期年产2万吨", "sanqinianchan2wandun", "sqnc2wd"),
        ("伺服电机", "sifudianji", "sfdj"),
        ("钕铁硼", "nvtiepeng", "ntp"),
        ("LM风能", "lmfengneng", "lmfn"),
        ("Aclara 资源", "aclaraziyuan", "aclarazy"),
        ("〇号😀", "linghao😀", "lh😀"),
    ],
)
def test_pinyin(text: str, full: str, initials: str) -> None:
    assert pinyin_keys(text) == (full, initials)


@pytest.mark.parametrize("text", ["", "JL MAG", "ガス", "가", "😀", "---", "\ud800"])
def test_no_pinyin_without_a_chinese_character(text: str) -> None:
    assert pinyin_keys(text) is None


def test_pinyin_of_the_shipped_names_leaves_no_chinese_character() -> None:
    """Oracle: a Chinese character becomes at least one letter, and exactly one initial."""
    for name in NAMES:
        if keys := pinyin_keys(name):
            assert not HAN.search("".join(keys)), name
            assert len(keys[0]) >= len(keys[1]) == len(normal(name)), name


# --- stock codes ---


def test_the_stock_codes_of_the_shipped_data_are_recognised_and_nothing_else() -> None:
    """Oracle: in the shipped aliases a colon stands in codes only; 70 of them on 2026-11-23."""
    codes = [alias for alias in ALIASES if ":" in alias]
    assert len(codes) >= 70
    assert [alias for alias in ALIASES if is_stock_code(alias)] == codes
    assert [name for name in NAMES if is_stock_code(name)] == codes
    for code in codes:
        forms = stock_code_forms(code)
        assert {code, code.split(":")[1]} <= set(forms)
        assert len(set(forms)) == len(forms) > 2


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("SZSE:300748", {"300748", "300748.SZ", "SZSE:300748", "SZ300748"}),
        ("300748.SZ", {"300748", "300748.SZ", "SZSE:300748", "SZ300748"}),
        ("sz300748", {"300748", "300748.SZ", "SZSE:300748", "SZ300748"}),
        ("SSE：600111", {"600111", "600111.SH", "600111.SS", "SSE:600111", "SH600111"}),
        ("HKEX:6680", {"6680", "06680", "6680.HK", "06680.HK", "HKEX:06680", "HKEX:6680", "HK06680"}),
        ("HKEX:00769", {"769", "0769", "00769", "0769.HK", "00769.HK", "HKEX:0769"}),
        ("BSE:836961", {"836961", "836961.BJ", "BSE:836961", "BJ836961"}),
        ("BSE:500325", {"500325", "500325.BO", "BSE:500325"}),  # Bombay
        ("TSE:4082", {"4082", "4082.T", "TYO:4082", "TSE:4082"}),
        ("TSE:LUN", {"LUN", "LUN.TO", "TSX:LUN", "TSE:LUN"}),  # Toronto
        ("TSXV:UCU", {"UCU", "UCU.V", "TSXV:UCU"}),
        ("ASX:LYC", {"LYC", "LYC.AX", "ASX:LYC"}),
        ("LYC.AX", {"LYC", "LYC.AX", "ASX:LYC"}),
        ("NYSE:MP", {"MP", "MP.N", "MP.US", "NYSE:MP"}),
        ("LSE:HOC", {"HOC", "HOC.L", "LON:HOC", "LSE:HOC"}),
        ("XYZ:ABC", {"ABC", "XYZ:ABC"}),
    ],
)
def test_spellings_of_a_stock_code(text: str, forms: set[str]) -> None:
    assert forms <= set(stock_code_forms(text))


@pytest.mark.parametrize(
    "text",
    ["", "300748", "ASM", "金力永磁", "W.R. Grace", "N.V", "S.A.", "vw.de", "3C", "Sm2O3", "XYZ:ABC", "SZSE:", "1:1"],
)
def test_what_is_no_stock_code(text: str) -> None:
    assert not is_stock_code(text)


@thorough
@given(st.sampled_from([code for code in ALIASES if is_stock_code(code)]))
def test_any_spelling_with_its_exchange_leads_to_the_same_spellings(code: str) -> None:
    """Oracle: whatever form is recognised as a code gives the same set of forms."""
    forms = stock_code_forms(code)
    for form in forms:
        if is_stock_code(form) and not form.startswith("TSE:"):
            assert set(stock_code_forms(form)) == set(forms)


# --- the substring index ---


def index_of(names: list[str]) -> sqlite3.Connection:
    """The index as the docstring of `names` declares it, rowid = place in the list."""
    database = sqlite3.connect(":memory:")
    options = "tokenize='ascii', prefix='1', columnsize=0, content=''"
    database.execute(f"CREATE VIRTUAL TABLE names_index USING fts5(tokens, {options})")
    rows = ((place, " ".join(bigrams(name))) for place, name in enumerate(names))
    database.executemany("INSERT INTO names_index (rowid, tokens) VALUES (?, ?)", rows)
    return database


def found(database: sqlite3.Connection, expression: str) -> list[int]:
    sql = "SELECT rowid FROM names_index WHERE names_index MATCH ? ORDER BY rowid"
    return [row[0] for row in database.execute(sql, (expression,))]


def assert_like_a_scan(database: sqlite3.Connection, forms: list[str], query: str) -> None:
    asked = normal(query)
    assert found(database, substring_query(query)) == [place for place, form in enumerate(forms) if asked in form]
    assert found(database, prefix_query(query)) == [place for place, form in enumerate(forms) if form.startswith(asked)]
    assert found(database, exact_query(query)) == [place for place, form in enumerate(forms) if form == asked]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(texts, max_size=8), st.lists(texts, max_size=3), st.data())
def test_the_index_finds_what_a_scan_finds(names: list[str], others: list[str], data: st.DataObject) -> None:
    """Oracle: `normal(query) in normal(name)`, `startswith`, `==` over all names, for parts of them and other text."""
    forms = [normal(name) for name in names]
    queries = [*others, *names, ""]
    for name in names:
        start = data.draw(st.integers(0, len(name)))
        queries += [name[start : start + length] for length in (1, 2, 3, data.draw(st.integers(0, len(name))))]
    database = index_of(names)
    for query in queries:
        assert_like_a_scan(database, forms, query)
    database.close()


def test_the_index_finds_every_part_of_the_shipped_names() -> None:
    """Oracle: a scan over all names, for each one- and two-character part of any of them, and for whole names."""
    forms = [normal(name) for name in NAMES]
    holders: dict[str, list[int]] = {}
    for place, form in enumerate(forms):
        parts = {form[start : start + length] for length in (1, 2) for start in range(len(form) + 1 - length)}
        for part in parts | {form}:
            holders.setdefault(part, []).append(place)
    database = index_of(NAMES)
    for part, places in holders.items():
        if len(part) <= 2 and normal(part) == part:
            assert found(database, substring_query(part)) == places, part
    for name in NAMES[::7]:
        assert_like_a_scan(database, forms, name)
    database.close()


HOSTILE = [
    '"',
    '""',
    "*",
    "包*",
    '包" OR "头',
    "NEAR(包 头)",
    "tokens:包",
    "- 包",
    "^包",
    "{包}",
    "AND",
    "包\x00头",
    "'; --",
]
ODD = ["\ud800", "+", "｟包", "包｠", "%", "包_", "(", "\\", "稀" * 300]


@pytest.mark.parametrize("query", HOSTILE + ODD)
def test_no_query_text_breaks_the_expression(query: str) -> None:
    names = ["包头", "包*", "包\x00头", "｟包", "\ud800", '"', "and", "+", "稀" * 400, "100%"]
    database = index_of(names)
    assert_like_a_scan(database, [normal(name) for name in names], query)
    database.close()


@pytest.mark.parametrize("text", ["包头", "😀+", "", "---", "가각", "a.b 1.5", "\ud800"])
def test_a_token_is_two_characters_and_ascii_letters_or_beyond(text: str) -> None:
    """Oracle: the ascii tokenizer of FTS5 keeps a-z, 0-9 and every byte above 0x7F."""
    tokens = bigrams(text)
    assert len(tokens) == len(normal(text)) + 1
    for token in tokens:
        assert len(token) == 2
        assert all(sign.isalnum() or ord(sign) > 0x7F for sign in token)
