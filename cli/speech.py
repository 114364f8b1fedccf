"""Which language somebody at a terminal is spoken to in."""

from collections.abc import Mapping, Sequence

from api.defaults import PREFIX
from api.texts import LANGS, Tongue
from graph.model.errors import BadInput
from graph.model.names import HAN

_OPTION = "--lang"


def tongue_of(argv: Sequence[str], environ: Mapping[str, str]) -> tuple[Tongue, list[str]]:
    """From `--lang`, then RECHAIN_LANG, then the locale; with the command line without `--lang`.

    Where only the locale speaks, somebody who names things in Chinese is told the Chinese names of things, too.
    Raises BadInput for a language we do not speak.
    """
    given, words = _taken_out(argv)
    asked = given if given is not None else environ.get(f"{PREFIX}LANG") or None
    if asked is not None:
        return _explicit(asked), words
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
    if locale.lower().startswith("zh"):
        return Tongue("zh", "zh"), words
    return Tongue("en", "zh" if any(HAN.search(word) for word in words) else "en"), words


def _explicit(asked: str) -> Tongue:
    if asked not in LANGS:
        raise BadInput("'{lang}' is no language of ours. Use zh or en.", lang=asked[:40])
    return Tongue(asked, asked)


def _taken_out(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """The value of `--lang`, wherever it stands before a `--`, and the rest."""
    words: list[str] = []
    given: str | None = None
    rest = iter(argv)
    for word in rest:
        if word == "--":
            words += [word, *rest]
        elif word == _OPTION:
            given = next(rest, "")
        elif word.startswith(f"{_OPTION}="):
            given = word.partition("=")[2]
        else:
            words.append(word)
    return given, words
