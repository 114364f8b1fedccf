"""Documents, read back: everything in them is in the answer, every reference resolves, no name does harm."""

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
import tiny
import typst
from asking import READERS
from conftest import ROOT
from lxml import html
from oracles.shipped import shipped

from graph.model.errors import BadInput, InputError, UnreadableFile
from queries.dossier.dossier import DossierAnswer, DossierParams, run
from reports.dossier_context import context_of
from reports.formats import FORMATS, REPORTS, write_report
from reports.html import write_html
from reports.pdf import PAGES, chinese_fonts, pages_of, write_pdf
from reports.places import TEMPLATES
from reports.templates.build import build
from reports.two_pages import MOST, lines_of
from reports.voice import LANGS, Lang, Voice, clipped, phrases, plain
from reports.word import write_docx

needs_font = pytest.mark.skipif(not chinese_fonts(), reason="no Chinese font here: apt-get install fonts-noto-cjk")
each_lang = pytest.mark.parametrize("lang", LANGS)
HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "\"two\" & 'one' ]]> --",
    "磁🧲铁",
    '#let x = 1; #panic("no")',
    "$x$ *b* _i_ `c` @ref <label> \\ ~ //",
    "שלום עולם",
    "=cmd|' /C calc'!A0",
)


def dossier(enterprise: str = "乙材料", region: str = "甲高新区", more: tuple[Any, ...] = ()) -> DossierAnswer:
    return run(READERS["snapshot"](*more), DossierParams(enterprise=enterprise, region=region))


def hostile_dossier() -> DossierAnswer:
    """Far has a hostile name; so do its product, customer, owner, project, and the words of a policy and an offer."""
    one, two, three, four, five, six, seven, eight, nine = HOSTILE
    detail = (("applies_to", six), ("benefit", five), ("condition", seven))
    return dossier(
        "ent:bad",
        more=(
            tiny.claim("ent:bad", "name_zh", one),
            tiny.claim("ent:bad", "name_en", one),
            tiny.claim("ent:bad", "alias", two, qualifier=two),
            tiny.claim("prd:bad", "name_zh", three),
            tiny.claim("ent:bad", "produces", "prd:bad", amount=5.0, unit="t/yr", qualifier="capacity", as_of="2025"),
            tiny.claim("ent:own", "name_zh", four),
            tiny.claim("ent:own", "owns", "ent:bad", as_of="2025"),
            tiny.claim("ent:bad", "supplies", "ent:mag1", qualifier=eight, as_of="2025"),
            tiny.claim("prj:bad", "name_zh", nine),
            tiny.claim("ent:bad", "invests_in", "prj:bad", as_of="2025"),
            tiny.claim("pol:bad", "name_zh", two),
            tiny.claim("pol:bad", "supports", "reg:zone", as_of="2025"),
            tiny.claim("pol:bad", "condition", "x", qualifier="x", as_of="2025", detail=detail)._replace(value=None),
            tiny.claim("reg:zone", "offers", None, qualifier=three, note=four, as_of="2025"),
        ),
    )


@pytest.fixture(scope="module")
def tungsten() -> DossierAnswer:
    """A long dossier of the shipped data."""
    claims, sources = shipped()
    reader = READERS["snapshot"](claims=claims, sources=sources)
    return run(reader, DossierParams(enterprise="厦门钨业", region="包头稀土高新区"))


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def html_text(content: bytes) -> str:
    page = html.fromstring(content)
    for style in page.xpath("//style"):
        style.drop_tree()
    return str(page.text_content())


def numbers_in(text: str) -> set[float]:
    return {float(one.replace(",", "")) for one in re.findall(r"\d(?:[\d,]*\d)?(?:\.\d+)?", text)}


@each_lang
@pytest.mark.parametrize("form", ["docx", "html"])
def test_every_number_in_a_document_is_in_its_answer(tungsten: DossierAnswer, lang: Lang, form: str) -> None:
    """As a number, as part of a date or a name; money in millions and billions or 万 and 亿; shares in percent.

    What else may stand there: how many rows are left out, and in English the numbers of the headings.
    """
    text = write_report(tungsten, form, lang).content
    said = docx_text(text) if form == "docx" else html_text(text)
    dumped = numbers_in(re.sub(r"clm:[0-9a-f]{24}", "", tungsten.model_dump_json()))
    scaled = {round(one / step, 4) for one in dumped for step in (1e4, 1e6, 1e8, 1e9)}
    percent = {round(one * share, 2) for one in dumped if one <= 1 for share in (1, 100)}
    left = {float(left) for total in tungsten.totals.values() for left in range(total + 1)}
    assert numbers_in(said) <= dumped | scaled | percent | left | set(range(1, 9))


@each_lang
@pytest.mark.parametrize("form", ["docx", "html"])
def test_every_reference_resolves_and_every_source_is_referred_to(
    tungsten: DossierAnswer, lang: Lang, form: str
) -> None:
    content = write_report(tungsten, form, lang).content
    said = docx_text(content) if form == "docx" else html_text(content)
    told = [int(one) for group in re.findall(r"\[([\d, ]+)\]", said) for one in group.split(",")]
    listed = [row["number"] for row in context_of(tungsten, lang)["sources"]]
    assert set(told) == set(listed)
    assert all(told.count(number) >= 2 for number in listed), "each source is listed, and referred to"
    by_number = {one.number: one.source for one in tungsten.sources}
    assert all((by_number[number].publisher or by_number[number].id)[:20] in said for number in listed)


@each_lang
def test_a_dossier_is_told_whole(lang: Lang) -> None:
    """Of far, by hand: see test_dossier.py for why."""
    answer = dossier()
    text = docx_text(write_docx(context_of(answer, lang), "dossier"))
    (closes,) = (one for one in answer.reasons if one.kind == "closes")
    score, rank, of = closes.score, closes.rank, closes.candidates
    if lang == "zh":
        expected = (
            "甲高新区招商走访 · 截至2026年11月23日",
            "磁二（本地，60%，2024年）[2]",
            "磁一（本地，粘结剂，2024年）[2]",
            "可补断点“粘结剂”：本地无生产者在录，3家本地企业要用（磁一、磁二、磁三），投入品本地率100%，"
            f"招商匹配度{score:.2f}，{of}家候选中列第{rank}。[2, 3, 4]",
            "从其产品铜线再进一道工序，可做延链环节“电机”：本地无生产者在录，招商匹配度",
            "粘结剂、铜线的产能未见公布，请核实。[2]",
            "股东未见记录，请核实股权结构与决策人。",
        )
    else:
        expected = (
            "for a visit on behalf of Zone · as of 23 November 2026",
            "mag2 (in the region, 60%, 2024) [2]",
            "mag1 (in the region, binder, 2024) [2]",
            "Could bring binder, a broken link in Zone: no maker there on record; "
            "needed by 3 there (mag1, mag2 and mag3); inputs there 100%; "
            f"fit {score:.2f}, rank {rank} of {of} candidates. [2, 3, 4]",
            "One process further from its copper wire is motor, a link to extend to in Zone: "
            "no maker there on record; fit ",
            "Capacity for binder and copper wire is not published: how large is it? [2]",
            "No owner is on record: who owns it, who decides?",
        )
    for one in expected:
        assert one in text


@each_lang
def test_hostile_names_are_text_in_word(lang: Lang) -> None:
    content = write_docx(context_of(hostile_dossier(), lang), "dossier")
    text = docx_text(content)
    assert all(plain(name) in text for name in HOSTILE)
    assert docx.Document(io.BytesIO(content)).core_properties.title == HOSTILE[0]


@each_lang
def test_hostile_names_are_text_in_a_page(lang: Lang) -> None:
    content = write_html(context_of(hostile_dossier(), lang), "dossier")
    page = html.fromstring(content)
    assert page.xpath("//script|//iframe|//img|//link|//object|//*[@onload or @onclick or @onerror]") == []
    assert page.xpath("//*[@src]") == []
    text = " ".join(str(page.text_content()).split())
    assert all(plain(name) in text for name in HOSTILE)


@needs_font
@each_lang
def test_hostile_names_are_text_in_a_pdf(lang: Lang) -> None:
    """That it compiles says that no name became code; the title is read back as the document holds it."""
    context = context_of(hostile_dossier(), lang)
    assert pages_of(write_pdf(context, "dossier")) <= PAGES
    held = typst.query(
        (TEMPLATES / "dossier.typ").read_bytes(),
        "<end>",
        field="value",
        sys_inputs={"data": json.dumps({**context, "fonts": chinese_fonts()}), "size": "9"},
    )
    assert json.loads(held) == [HOSTILE[0]]


def test_marks_that_turn_text_around_and_control_characters_are_taken_out() -> None:
    assert plain("a\u202eb\u2066c\x00d\x0be\tf\nג") == "a b c d e f ג"
    answer = dossier("ent:x", more=(tiny.claim("ent:x", "name_zh", "倒\u202e序\x0b名"),))
    for form in ("docx", "html"):
        written = write_report(answer, form, "zh").content
        assert "倒 序 名" in (docx_text(written) if form == "docx" else html_text(written))


def test_a_link_is_only_made_of_a_web_address() -> None:
    sources = (*tiny.SOURCES, tiny.Source("src:bad", "javascript:alert(1)", "bad.example", "2025", "press"))
    claims = (*tiny.CLAIMS, tiny.claim("ent:far", "website", "https://far.example", source="src:bad"))
    answer = run(
        READERS["snapshot"](claims=claims, sources=sources), DossierParams(enterprise="乙材料", region="甲高新区")
    )
    links = html.fromstring(write_html(context_of(answer, "zh"), "dossier")).xpath("//a/@href")
    assert links
    assert all(link.startswith("https://example.org/") for link in links)


@each_lang
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_answer_gives_the_same_bytes(lang: Lang, form: str) -> None:
    if form == "pdf" and not chinese_fonts():
        pytest.skip("no Chinese font here")
    assert write_report(dossier(), form, lang) == write_report(dossier(), form, lang)


def test_a_word_document_tells_no_clock() -> None:
    content = write_docx(context_of(dossier(), "zh"), "dossier")
    with ZipFile(io.BytesIO(content)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert {properties.created.replace(tzinfo=None), properties.modified.replace(tzinfo=None)} == {
        datetime(2026, 11, 23)
    }


@needs_font
@each_lang
def test_two_pages_hold_a_long_dossier(tungsten: DossierAnswer, lang: Lang) -> None:
    assert pages_of(write_pdf(context_of(tungsten, lang), "dossier")) == PAGES


@each_lang
def test_what_is_too_long_is_cut_and_counted(lang: Lang) -> None:
    """Forty projects, customers, products and policies come to the lines of two pages; what is left out is counted."""
    name = "很长的名称" * 12
    more: list[Any] = [tiny.claim("ent:far", "alias", f"{name}{n}", qualifier=f"{name}{n}") for n in range(40)]
    for n in range(40):
        more += [
            tiny.claim(f"prj:p{n}", "name_zh", f"{name}{n}"),
            tiny.claim("ent:far", "invests_in", f"prj:p{n}", as_of="2025"),
            tiny.claim(f"ent:c{n}", "name_zh", f"{name}{n}"),
            tiny.claim("ent:far", "supplies", f"ent:c{n}", as_of="2025", source=f"src:s{n % 7 + 1}"),
            tiny.claim("ent:far", "owns", f"ent:c{n}", as_of="2025"),
            tiny.claim(f"prd:q{n}", "name_zh", f"{name}{n}"),
            tiny.claim("ent:far", "produces", f"prd:q{n}", as_of="2025"),
            tiny.claim(f"pol:l{n}", "name_zh", f"{name}{n}"),
            tiny.claim(f"pol:l{n}", "supports", "reg:zone", as_of="2025"),
            tiny.claim("reg:zone", "offers", None, qualifier=f"{name}{n}", note=name * 5, as_of="2025"),
        ]
    answer = dossier(more=tuple(more))
    assert answer.truncated
    context = context_of(answer, lang)
    assert lines_of(context) <= MOST[lang]
    shown = len(context["projects"])
    assert context["projects_more"] == (f"另有{40 - shown}项" if lang == "zh" else f"and {40 - shown} more")
    if chinese_fonts():
        assert pages_of(write_pdf(context, "dossier")) <= PAGES


def test_a_page_can_be_read_by_anybody() -> None:
    for lang, code in (("zh", "zh-CN"), ("en", "en")):
        page = html.fromstring(write_html(context_of(dossier(), lang), "dossier"))  # type: ignore[arg-type]
        assert page.get("lang") == code
        assert len(page.xpath("//h1")) == 1
        assert len(page.xpath("//h2")) == 8
        assert page.xpath("//th[not(@scope)]") == []
        assert page.xpath("//title/text()")
        named = page.xpath("//section/@aria-labelledby")
        assert named == page.xpath("//h2/@id")
        assert all(one.startswith("clm:") for row in page.xpath("//@data-claims") for one in row.split())


def test_the_committed_templates_are_what_their_script_makes() -> None:
    for lang in LANGS:
        made = docx.Document(io.BytesIO(build(lang))).element.xml
        assert docx.Document(str(TEMPLATES / f"dossier-{lang}.docx")).element.xml == made


def test_the_tags_are_documented() -> None:
    """docs/dossier.md lists every key of the context, and no other."""
    text = (ROOT / "docs/dossier.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \|", text, re.M))
    assert listed == context_of(dossier(), "zh").keys()


def test_every_shipped_benefit_is_told_in_chinese_too() -> None:
    with (ROOT / "data/policy_conditions.csv").open(encoding="utf-8-sig", newline="") as file:
        benefits = {row["benefit"] for row in csv.DictReader(file)} - {""}
    assert benefits - phrases().keys() == set()


def test_every_kept_phrase_is_one_of_the_shipped_sheets() -> None:
    """In a condition, a benefit or a note; whole, so that a changed sheet shows which translations go with it."""
    said: set[str] = set()
    for name, columns in (("offers", ("note",)), ("policy_conditions", ("applies_to", "condition", "benefit"))):
        with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            said |= {row[column] for row in csv.DictReader(file) for column in columns}
    told = "\n".join(said).lower()
    assert [phrase for phrase in phrases() if phrase not in said and phrase.lower() not in told] == []
    assert not any(zh.isascii() for zh in phrases().values())


def own_template(tmp_path: Path, *paragraphs: str) -> str:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = tmp_path / "own.docx"
    document.save(str(path))
    return str(path)


def test_an_office_uses_its_own_template(tmp_path: Path) -> None:
    template = own_template(
        tmp_path, "招商局 {{ title }}", "{%p for row in reasons %}", "- {{ row.full }}", "{%p endfor %}"
    )
    lines = docx_text(write_docx(context_of(dossier(), "zh"), "dossier", template)).splitlines()
    assert lines[0] == "招商局 乙材料"
    assert len(lines) == 1 + len(dossier().reasons)


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        (("{{ titel }}",), "titel"),
        (("{%p for row in reasons %}", "{{ row.colour }}", "{%p endfor %}"), "colour"),
        (("{{ title",), "cannot be read"),
        (("{%p for row in reasons %}", "x"), "cannot be read"),
        (("{{ title.__class__.__mro__ }}",), "may not do"),
        (("{{ title.center(2000000000) }}",), "may not do"),
        (("{{ 'a' * 3000000000 }}",), "may not do"),
        (("{{ '%2000000000d' % 1 }}",), "may not do"),
        (("{% for one in range(99999) %}{% for other in range(99999) %}a{% endfor %}{% endfor %}",), "range"),
        (("{{ title | safe }}",), "safe"),
        (("{{ title | no_such_filter }}",), "no_such_filter"),
        (("{% include '/etc/passwd' %}",), "cannot be read"),
    ],
)
def test_a_broken_template_is_told_in_one_sentence(tmp_path: Path, tags: tuple[str, ...], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        write_docx(context_of(dossier(), "zh"), "dossier", own_template(tmp_path, *tags))


def test_what_is_no_word_document_is_refused(tmp_path: Path) -> None:
    text, zipped = tmp_path / "a.docx", tmp_path / "b.docx"
    text.write_text("not a document", encoding="utf-8")
    with ZipFile(zipped, "w") as archive:
        archive.writestr("x.txt", "y")
    for path in (text, zipped, tmp_path, tmp_path / "nothing.docx"):
        with pytest.raises(UnreadableFile):
            write_docx(context_of(dossier(), "zh"), "dossier", str(path))


def test_without_a_chinese_font_a_pdf_says_what_to_install() -> None:
    assert chinese_fonts(frozenset({"DejaVu Sans"})) == []
    with pytest.raises(BadInput, match="fonts-noto-cjk"):
        write_pdf(context_of(dossier(), "zh"), "dossier", frozenset())


def test_a_template_is_for_word_alone() -> None:
    with pytest.raises(InputError, match="docx"):
        write_report(dossier(), "html", "zh", "own.docx")


def test_a_file_is_called_by_what_it_is() -> None:
    assert write_report(dossier(), "html", "zh").file_name == "走访材料-乙材料-2026-11-23.html"
    assert REPORTS.keys() == {"dossier"}


def test_amounts_are_told_as_people_write_them() -> None:
    assert Voice("zh").amount(460_000_000.0, "CNY") == "4.6亿元"
    assert Voice("en").amount(460_000_000.0, "CNY") == "460 million CNY"
    assert Voice("en").amount(2_000_000_000.0, "CNY") == "2 billion CNY"
    assert Voice("en").amount(123_456_789.0, "CNY") == "123,456,789 CNY"
    assert Voice("zh").amount(15_000.0, "t/yr") == "1.5万吨/年"
    assert (Voice("zh").country("TW"), Voice("en").country("JP")) == ("中国台湾", "Japan")
    assert (Voice("zh").code("SSE:600549"), Voice("en").code("LEI:X")) == ("上交所 600549", "LEI:X")
    assert (clipped("一二三四", 3), clipped("abcdef", 3), clipped("abcdefg", 3)) == ("一二三…", "abcdef", "abcdef…")
