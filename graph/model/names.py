"""One normal form and the search keys of a name.

`normal` is what names are compared and found by; `pinyin_keys` and `bigrams` are made from it. An index filled with
`" ".join(bigrams(name))` answers the three `*_query` expressions exactly as a scan over normal forms would:

    CREATE VIRTUAL TABLE names_index USING fts5(tokens, tokenize='ascii', prefix='1', columnsize=0, content='')

`tokenize='ascii'` is needed (unicode61 would cut at emoji and symbols); `prefix='1'` makes one-character queries fast,
which otherwise gather all pairs that begin so. A query costs its length times that of the longest name it meets: limit
both where they come in. What the name of a company is made of is in `company_names`.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")

# Spaces, controls and joiners, punctuation of all kinds, and accents standing alone.
_SILENT_CATEGORIES = ("Zs", "Zl", "Zp", "Cc", "Cf", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sk")
_SILENT = re.compile(
    "[\u0300-\u036f"  # accents: Minaçu is found by Minacu
    "\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180f"  # variation selectors
    "\u115f\u1160\u17b4\u17b5"  # fillers
    "−∙⋅~─━│┃|<>®©℠™]"  # symbols by category, punctuation by use
)
_LONE_POINT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")


def normal(text: str) -> str:
    """The form under which two spellings of a name are one: 包頭稀土高新區 = 包头稀土高新区, JL  MAG = jlmag = JL-MAG.

    Full and half width, traditional and simplified, case and accents are unified. Spaces, dashes, quotes, brackets,
    middle dots and other punctuation vanish, also between Latin words; only a point between two digits stays (1.5 is
    not 15). A name of such signs alone keeps them; "" means that nothing is visible. Characters are folded one by one,
    never by phrase, so the form of a part is found in the form of the whole (unless the part is signs alone or cuts a
    letter from its accents). Lone surrogates become U+FFFD: the result can always be stored. Applying it twice changes
    nothing.
    """
    folded = text.translate(_FOLDING)
    if "." in folded:
        folded = _LONE_POINT.sub("", folded)
    return unicodedata.normalize("NFC", folded) or _signs(text)


def simplified(text: str) -> str:
    """The text with its traditional characters simplified one by one, and nothing else changed."""
    return HAN.sub(lambda hit: _FOLDING[ord(hit[0])], text)


def _signs(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(sign for sign in folded if unicodedata.category(sign)[0] not in "CZ"))


class _Folding(dict[int, str]):
    """A table for str.translate that works out each code point when it first meets it."""

    def __missing__(self, code: int) -> str:
        folded = chr(code)
        for _ in range(4):  # to the end of chains like 薴 -> 苧 -> 苎; a test walks all code points
            folded = "".join(_fold_character(character) for character in folded)
        self[code] = folded
        return folded


_FOLDING = _Folding()


def _fold_character(character: str) -> str:
    if _is_silent(character):
        return ""
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    if HAN.match(character):
        return _to_simplified()(character)
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(part for part in folded if not _is_silent(part))


def _is_silent(character: str) -> bool:
    silent = unicodedata.category(character) in _SILENT_CATEGORIES or _SILENT.match(character)
    return bool(silent) and character != "."


@cache
def _to_simplified() -> Callable[[str], str]:
    import opencc  # 20 ms, so only when a Chinese name is met

    return opencc.OpenCC("t2s").convert


# Usual in names of places and companies where pypinyin prefers another reading; such a character turns only in _HEARD.
_USUAL = "长chang 厦xia 晟sheng 都du 地di 勒le 伺si 曾zeng"
_HEARD = """
朝阳chao-yang 单县shan-xian 浚县xun-xian 什邡shi-fang 洪洞hong-tong 涡阳guo-yang 东阿dong-e 乐亭lao-ting 乐清yue-qing
荥经ying-jing 长子zhang-zi 成长cheng-zhang 增长zeng-zhang 生长sheng-zhang 大厦da-sha 广厦guang-sha 粘结zhan-jie
调速tiao-su 期年qi-nian 漯河luo-he
"""


class _Readings(NamedTuple):
    sounds: dict[int, str]  # 永 -> yong
    initials: dict[int, str]  # 永 -> y
    turning: re.Pattern[str]  # any character that some phrase makes to be read another way
    respelled: dict[str, str]  # such a phrase -> characters that sound so by themselves: 重庆 -> 冲庆


def pinyin_keys(text: str) -> tuple[str, str] | None:
    """Full pinyin without tones and the initials, 金力永磁 -> (jinliyongci, jlyc); None without a Chinese character.

    ü is v, as it is typed: 钕 -> nv. The rest of the normal form stays in both keys: LM风能 -> (lmfengneng, lmfn).
    """
    plain = normal(text)
    if not HAN.search(plain):
        return None
    readings = _readings()
    if readings.turning.search(plain):
        plain = _respell(plain, readings)
    return plain.translate(readings.sounds), plain.translate(readings.initials)


def _respell(plain: str, readings: _Readings) -> str:
    parts, done = [], 0
    for hit in readings.turning.finditer(plain):
        windows = (
            (start, start + length)
            for length in (4, 3, 2)
            for start in range(max(done, hit.start() - length + 1), hit.start() + 1)
        )
        for start, end in windows if hit.start() >= done else ():
            if respelled := readings.respelled.get(plain[start:end]):
                parts += [plain[done:start], respelled]
                done = end
                break
    return "".join(parts) + plain[done:]


@cache
def _readings() -> _Readings:
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT  # 0.3 s and 40 MB, so only when pinyin is asked for

    sounds = {code: _toneless(marked.split(",")[0]) for code, marked in PINYIN_DICT.items()}
    usual = {word[0]: word[1:] for word in _USUAL.split()}
    sounds |= {ord(character): sound for character, sound in usual.items()}
    spoken: dict[str, str] = {}
    for code, sound in sounds.items():
        spoken.setdefault(sound, chr(code))
    phrases = {
        phrase: [_toneless(marks[0]) for marks in marked]
        for phrase, marked in PHRASES_DICT.items()
        if len(phrase) <= 4 and usual.keys().isdisjoint(phrase)
    }
    phrases |= {word[:2]: word[2:].split("-") for word in _HEARD.split()}
    respelled, turning = {}, set()
    for phrase, heard in phrases.items():
        turns = {sign for sign, sound in zip(phrase, heard, strict=False) if sounds.get(ord(sign)) != sound}
        if turns and len(heard) == len(phrase) == len(normal(phrase)) and spoken.keys() >= set(heard):
            turning |= turns
            respelled[normal(phrase)] = "".join(spoken[sound] for sound in heard)
    initials = {code: sound[:1] for code, sound in sounds.items()}
    return _Readings(sounds, initials, re.compile(f"[{''.join(sorted(turning))}]"), respelled)


def _toneless(marked: str) -> str:
    plain = unicodedata.normalize("NFD", marked.translate(_U_WITH_DOTS))
    return "".join(letter for letter in plain if letter.isascii())


_U_WITH_DOTS = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v"))


# Spelling of tokens: ASCII signs become their full-width twins, and ｟ and ｠ mark the ends of a name. `normal` leaves
# none of these, and the ascii tokenizer takes them for letters, like everything else beyond ASCII.
_SPELLING = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}
_START, _END = "｟", "｠"


def bigrams(text: str) -> list[str]:
    """Tokens of a name for a substring index: the normal form with a mark at both ends, cut into overlapping pairs."""
    return _pairs(f"{_START}{_spelled(text)}{_END}")


def substring_query(text: str) -> str:
    """FTS5 expression for the names whose normal form contains that of `text` (all, if that is empty)."""
    spelled = _spelled(text)
    return _phrase(_pairs(spelled)) if len(spelled) > 1 else f'"{spelled or _START}"*'


def prefix_query(text: str) -> str:
    """FTS5 expression for the names whose normal form begins with that of `text`."""
    spelled = _spelled(text)
    return _phrase(_pairs(_START + spelled)) if spelled else f'"{_START}"*'


def exact_query(text: str) -> str:
    """FTS5 expression for the names whose normal form is that of `text`."""
    return _phrase(bigrams(text))


def _spelled(text: str) -> str:
    return normal(text).translate(_SPELLING)


def _pairs(spelled: str) -> list[str]:
    return [first + second for first, second in pairwise(spelled)]


def _phrase(tokens: list[str]) -> str:
    return f'"{" ".join(tokens)}"'


# Names of an exchange, suffixes and prefix used with its codes, how its codes look. The first line that fits counts:
# BSE is Beijing for 920xxx and Bombay for 500xxx, TSE is Tokyo for 4082 and Toronto for ARA.
_LETTERS = r"[A-Z]{1,5}([.-][A-Z]{1,2})?"
_EXCHANGES = (
    ("SZSE SHE XSHE", "SZ", "SZ", r"\d{6}"),
    ("SSE SHSE SHA XSHG", "SH SS", "SH", r"\d{6}"),
    ("BSE BJSE", "BJ", "BJ", r"([48]\d|92)\d{4}"),
    ("HKEX SEHK HKG XHKG", "HK", "HK", r"\d{1,5}"),
    ("TWSE TPE", "TW", "", r"\d{4,6}"),
    ("TSE TYO JPX", "T", "", r"\d[\dA-Z]{3}"),
    ("KRX KOSPI", "KS", "", r"\d{6}"),
    ("KOSDAQ", "KQ", "", r"\d{6}"),
    ("BSE BOM", "BO", "", r"\d{6}"),
    ("NSE", "NS", "", _LETTERS),
    ("ASX", "AX", "", r"[A-Z\d]{3}"),
    ("NYSE", "N US", "", _LETTERS),
    ("NASDAQ", "O US", "", _LETTERS),
    ("OTC OTCQX OTCQB", "PK", "", _LETTERS),
    ("TSX TSE", "TO", "", _LETTERS),
    ("TSXV CVE", "V", "", _LETTERS),
    ("CSE", "CN", "", _LETTERS),
    ("LSE LON AIM", "L", "", r"[A-Z\d]{2,4}"),
    ("XETRA ETR", "DE", "", r"[A-Z\d]{2,4}"),
    ("FWB FRA", "F", "", r"[A-Z\d]{2,4}"),
    ("EPA EURONEXT", "PA", "", _LETTERS),
    ("SIX SWX", "SW", "", _LETTERS),
    ("OSE OSL", "OL", "", _LETTERS),
    ("SGX", "SI", "", r"[A-Z\d]{3,4}"),
    ("JSE", "JO", "", _LETTERS),
)
_WITH_EXCHANGE = re.compile(r"(?P<word>[A-Z]{2,12}) ?: ?(?P<code>[A-Z\d.-]{1,10})")
_WITH_SUFFIX = re.compile(r"(?P<code>[A-Z\d.-]{1,8})\.(?P<word>[A-Z]{1,2})")
_WITH_PREFIX = re.compile(r"(?P<word>SZ|SH|BJ|HK)(?P<code>\d{4,6})")


def is_stock_code(text: str) -> bool:
    """Whether the text is a share's code with a known exchange: SZSE:300748, 300748.SZ, SZ300748; not a bare 300748."""
    return _listing(text) is not None


def stock_code_forms(text: str) -> tuple[str, ...]:
    """All spellings under which a stock code may be typed: 300748, 300748.SZ, SZSE:300748, SZ300748 and so on.

    The bare code comes first. With an unknown exchange they are the bare code and the text; without one, none.
    """
    listing = _listing(text)
    if listing is None:
        unknown = _WITH_EXCHANGE.fullmatch(_half_width(text).upper())
        return (unknown["code"], f"{unknown['word']}:{unknown['code']}") if unknown else ()
    code, (exchanges, suffixes, prefix, _) = listing
    short = code.lstrip("0") or "0"
    codes = dict.fromkeys((short.zfill(4), short.zfill(5), short) if prefix == "HK" else (code,))
    forms = [*codes]
    forms += [f"{spelling}.{suffix}" for suffix in suffixes.split() for spelling in codes]
    forms += [f"{exchange}:{spelling}" for exchange in exchanges.split() for spelling in codes]
    forms += [f"{prefix}{spelling}" for spelling in codes if prefix]
    return tuple(forms)


def _listing(text: str) -> tuple[str, tuple[str, str, str, str]] | None:
    """The bare code and the line of its exchange."""
    typed = _half_width(text)
    shown = typed.upper()
    for column, pattern in enumerate((_WITH_EXCHANGE, _WITH_SUFFIX, _WITH_PREFIX)):
        hit = pattern.fullmatch(shown)
        if not hit or (pattern is _WITH_SUFFIX and not _is_plain_suffix(typed, hit["word"])):
            continue
        for exchange in _EXCHANGES:
            if hit["word"] in exchange[column].split() and re.fullmatch(exchange[3], hit["code"]):
                return hit["code"], exchange
    return None


def _is_plain_suffix(typed: str, suffix: str) -> bool:
    """4082.T and LYC.AX, but neither N.V, vw.de nor MP.US, which may be of any American exchange."""
    return any(sign.isdigit() for sign in typed) or (len(suffix) > 1 and suffix != "US" and typed.isupper())


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip() if len(text) <= 40 else ""
