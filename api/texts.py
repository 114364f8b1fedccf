"""What is said to people, in their language: sentences from gettext catalogues, words of the domain from the model.

English is the msgid. `api/catalogue.py` keeps the catalogues; `cli` and `api` both speak through `Tongue`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Literal, NamedTuple

from graph.model.errors import RechainError
from graph.model.kinds import NODE_KINDS
from graph.model.units import say_amount

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
LOCALES = Path(__file__).parent / "locale"
DOMAIN = "rechain"
_KIND_WORDS = {kind.en: kind.zh for kind in NODE_KINDS.values()}


@cache
def translator(lang: Lang) -> Callable[[str], str]:
    """From an English text to the same in another language; a text without a translation stays as it is."""
    if lang == "en":
        return NullTranslations().gettext
    return translation(DOMAIN, LOCALES, [lang]).gettext


class Said(NamedTuple):
    """A text of the catalogue that is said later, once the language is known."""

    text: str


class Tongue(NamedTuple):
    """How to speak to somebody: `lang` of the sentences, and which `names` of nodes come first."""

    lang: Lang = "en"
    names: Lang = "en"

    def say(self, text: str, **values: object) -> str:
        """A sentence with its values put in. `text` is a literal: the catalogue is made from such calls."""
        said = translator(self.lang)(text)
        return said.format(**values) if values else said

    def pick(self, pair: Sequence[str]) -> str:
        """From words declared as (zh, en)."""
        return pair[0] if self.lang == "zh" else pair[1]

    def word(self, words: Mapping[str, tuple[str, str]], key: str) -> str:
        """A word of a closed list; the key itself where the list does not have it."""
        return self.pick(words[key]) if key in words else key

    def name(self, zh: str | None, en: str | None, id_: str) -> str:
        """What to call a node."""
        first, second = (zh, en) if self.names == "zh" else (en, zh)
        return first or second or id_

    def amount(self, value: float | str | None, unit: str | None) -> str:
        """A value as people write it."""
        if value is None:
            return ""
        return value if isinstance(value, str) else say_amount(value, unit, self.lang)

    def error(self, error: RechainError) -> str:
        """What went wrong, in one sentence or two."""
        return self.sentence(error.text, error.values)

    def sentence(self, text: str, values: Mapping[str, object]) -> str:
        """A template from elsewhere in the house, with its values."""
        said = translator(self.lang)(text)
        return said.format(**{name: self._value(name, value) for name, value in values.items()}) if values else said

    def _value(self, name: str, value: object) -> object:
        """Kinds of nodes among the values of an error are said in the language too."""
        if self.lang == "zh" and name in ("kind", "wanted") and isinstance(value, str):
            return "或".join(_KIND_WORDS.get(word, word) for word in value.split(" or "))
        return value


def spoken(accept_language: str | None, default: Lang = "en") -> Lang:
    """The language of ours that an Accept-Language header likes best."""
    best: tuple[float, Lang] | None = None
    for part in (accept_language or "")[:400].split(","):
        tag, _, parameter = part.strip().partition(";")
        lang = tag.strip().lower()[:2]
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        for ours in LANGS:
            if lang == ours and weight > 0 and (best is None or weight > best[0]):
                best = (weight, ours)
    return best[1] if best else default
