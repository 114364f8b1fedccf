"""Cells that no spreadsheet runs, and lists in one text: both can be undone, whatever the texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.hostile_graphs import TEXTS, texts

from graph.export.cells import joined, neutral, parted, plain


@pytest.mark.parametrize(
    "text, cell",
    [
        ("=1+1", "'=1+1"), ("+86 10", "'+86 10"), ("-", "'-"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"),
        ("＝1", "'＝1"), ("\0=1", "'\0=1"), ("'=1", "''=1"), ("''=1", "'''=1"),
        ("", ""), ("a=1", "a=1"), ("'quoted'", "'quoted'"), ("2-1", "2-1"), ("磁体", "磁体"),
    ],
)  # fmt: skip
def test_formulas_are_made_harmless(text: str, cell: str) -> None:
    assert neutral(text) == cell


@given(texts | st.text())
def test_neutral_cells_are_undone_and_never_begin_with_a_sign(text: str) -> None:
    assert plain(neutral(text)) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_lists() -> None:
    assert joined(("a", "b")) == "a|b"
    assert joined(("a|b", "\\", "")) == r"a\|b|\\|\e"
    assert parted("a") == ("a",)


@given(st.lists(texts | st.text(), min_size=1))
def test_lists_are_undone(parts: list[str]) -> None:
    assert parted(joined(parts)) == tuple(parts)
    assert parted(joined(TEXTS)) == TEXTS
