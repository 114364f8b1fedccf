"""Which language is spoken, and the texts in it."""

import pytest

from api.texts import Tongue
from cli.speech import tongue_of
from graph.model.errors import BadInput

ZONE = ["gaps", "包头稀土高新区"]


@pytest.mark.parametrize(
    ("words", "environment", "tongue"),
    [
        (["gaps", "reg:zone"], {}, Tongue("en", "en")),
        (["gaps", "reg:zone"], {"LANG": "zh_CN.UTF-8"}, Tongue("zh", "zh")),
        (["gaps", "reg:zone"], {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, Tongue("en", "en")),
        (["gaps", "reg:zone"], {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "C"}, Tongue("zh", "zh")),
        (["gaps", "reg:zone"], {"RECHAIN_LANG": "zh", "LC_ALL": "C"}, Tongue("zh", "zh")),
        (["gaps", "reg:zone", "--lang", "en"], {"RECHAIN_LANG": "zh"}, Tongue("en", "en")),
        (["--lang=zh", "gaps", "reg:zone"], {"LC_ALL": "C"}, Tongue("zh", "zh")),
        # Who names a region in Chinese in the C locale is told the Chinese names of things.
        (ZONE, {"LC_ALL": "C"}, Tongue("en", "zh")),
        ([*ZONE, "--lang", "en"], {"LC_ALL": "C"}, Tongue("en", "en")),
    ],
)
def test_the_language(words: list[str], environment: dict[str, str], tongue: Tongue) -> None:
    assert tongue_of(words, environment)[0] == tongue


def test_the_option_is_taken_out_of_the_command_line() -> None:
    assert tongue_of(["--lang", "zh", "gaps", "x", "--json"], {})[1] == ["gaps", "x", "--json"]
    assert tongue_of(["search", "--lang=zh", "--", "--lang", "zh"], {})[1] == ["search", "--", "--lang", "zh"]


def test_a_language_of_nobody() -> None:
    for words, environment in ((["--lang", "fr"], {}), (["--lang"], {}), ([], {"RECHAIN_LANG": "klingon"})):
        with pytest.raises(BadInput):
            tongue_of(words, environment)
