"""Texts: everything that is said has a Chinese entry, and what is committed is what the sources give."""

import ast
import re
from pathlib import Path

import pytest

from api.catalogue import HOUSE, catalogue_file, missing, texts_in, updated, written
from api.texts import Tongue, spoken
from graph.model.errors import BadInput

HOW = "run: .venv/bin/python -m api.catalogue, then translate what it names in api/locale/zh/LC_MESSAGES/rechain.po"


def test_every_text_has_a_chinese_entry() -> None:
    assert missing(updated("zh")) == [], HOW


def test_the_catalogue_is_what_the_sources_give() -> None:
    po, mo = written(updated("zh"))
    assert catalogue_file("zh", "po").read_bytes() == po, HOW
    assert catalogue_file("zh", "mo").read_bytes() == mo, HOW


def test_a_translation_uses_no_value_that_its_text_does_not_have() -> None:
    values = re.compile(r"{(\w+)}")
    for message in updated("zh"):
        if message.id:
            assert set(values.findall(str(message.string))) <= set(values.findall(str(message.id)))


def test_every_error_of_the_house_is_found() -> None:
    """An error raised with anything but a literal would be said in English to everybody."""
    texts = texts_in()
    for room in ("graph", "loaders", "queries", "reports", "api", "cli"):
        for path in sorted((HOUSE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                    first = node.exc.args[0]
                    if isinstance(first, ast.Constant) and ast.unparse(node.exc.func) in ("BadInput", "UnknownName"):
                        assert first.value in texts, path


def test_a_text_is_found_wherever_it_is_raised(tmp_path: Path) -> None:
    for room in ("graph", "loaders", "queries", "reports", "api", "cli"):
        (tmp_path / room).mkdir()
    (tmp_path / "queries/one.py").write_text(
        'LATE = "from a constant"\n'
        'class Own(BadInput):\n    def __init__(self):\n        super().__init__("from a class")\n'
        'TABLE = {1: (StoreDown, "from a table")}\n'
        'raise Own(LATE if late else "from a choice")\n'
        'say("not from here")\n',
        encoding="utf-8",
    )
    (tmp_path / "cli/two.py").write_text('tongue.say("from cli", x=1)\n', encoding="utf-8")
    found = {"from a constant", "from a class", "from a table", "from a choice", "from cli"}
    assert texts_in(tmp_path).keys() == found


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "en"), ("", "en"), ("zh", "zh"), ("zh-Hans-CN", "zh"), ("en-GB,zh;q=0.9", "en"), ("*", "en"),
        ("zh;q=0.2,en;q=0.1", "zh"), ("fr, de;q=0.9", "en"), ("fr,zh;q=0.1", "zh"), ("zh;q=0", "en"),
        ("zh;q=loud,en", "en"),
    ],
)  # fmt: skip
def test_the_language_of_a_header(header: str | None, lang: str) -> None:
    assert spoken(header) == lang


def test_kinds_of_nodes_in_an_error_are_said_in_the_language_too() -> None:
    error = BadInput(
        "'{name}' is a {kind}; here a {wanted} is asked for.",
        name="region",
        kind="product",
        wanted="enterprise or region",
    )
    assert Tongue("zh", "zh").error(error) == "“region” 是产品，这里要的是企业或地区。"
    assert Tongue("en", "zh").error(error) == str(error)


def test_a_node_is_called_by_the_name_there_is() -> None:
    assert Tongue("zh", "zh").name("金力", "JL", "ent:x") == "金力"
    assert Tongue("en", "en").name("金力", "JL", "ent:x") == "JL"
    assert Tongue("en", "zh").name(None, "JL", "ent:x") == "JL"
    assert Tongue("en", "en").name(None, None, "ent:x") == "ent:x"
