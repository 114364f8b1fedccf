"""Printing: aligned by what a terminal shows, nothing cut off, nothing that a terminal would obey."""

import io

import pytest

from cli.layout import Line, Table, plain, print_blocks, visible, width_of


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("包头", 4), ("ｆｕｌｌ", 8), ("e\u0301", 1), ("", 0), ("磁A", 3)]
)
def test_the_width_of_a_text(text: str, width: int) -> None:
    assert width_of(text) == width


def test_columns_stand_below_each_other() -> None:
    table = Table(("名", "n"), [("包头", "1"), ("ab", "22"), ("长" * 50, "3")])
    assert plain(table) == [
        "名" + " " * 98 + "  n",
        "包头" + " " * 96 + "  1",
        "ab" + " " * 98 + "  22",
        "长" * 50 + "  3",
    ]


def test_names_from_files_are_disarmed() -> None:
    assert visible("a\x1b[31mb\r\nc\u202ed\x9b") == "a [31mb c d"
    assert plain(Line("  a\tb")) == ["  a b"]
    assert plain(Table((), [("x\ny", "z")])) == ["x y  z"]


def test_nothing_is_a_table_too() -> None:
    assert plain(Table((), [])) == []
    assert plain(Table(("a", "b"), [])) == ["a  b"]


def test_a_pipe_gets_plain_text() -> None:
    out = io.StringIO()
    print_blocks([Line("head", "bold"), Table(("a",), [("x" * 300,)], ("dim",))], out)
    assert out.getvalue() == f"head\na\n{'x' * 300}\n"


def test_a_terminal_gets_a_drawing() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    print_blocks([Line("head", "bold"), Table(("a", "b"), [("[red]x[/red]", "y\x1b[0m")])], out)
    assert "[red]x[/red]" in out.getvalue()  # names are no markup
    assert "y [0m" in out.getvalue()
    assert "─" in out.getvalue() or "━" in out.getvalue()
