"""CSV files as rows with places: encodings, row numbers, and what is said of files and rows that cannot be used."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.errors import UnreadableFile
from loaders.base import Reject
from loaders.encodings import LONGEST_LINE, find_encoding
from loaders.tables import LONGEST_CELL, Columns, Row, Table

COLUMNS = Columns(("id", "name", "note"), ("id", "name"))
thorough = settings(max_examples=200, deadline=None, derandomize=True)


def table(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Table:
    """A table of three columns with this content."""
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return Table(path, COLUMNS)


def read(table: Table) -> tuple[list[Row], list[Reject]]:
    """Its rows and its rejects."""
    items = list(table.rows())
    rows = [(item[0], list(item[1])) for item in items if not isinstance(item, Reject)]
    return rows, [item for item in items if isinstance(item, Reject)]  # type: ignore[return-value]


def rejected(table: Table) -> list[tuple[int | None, str | None]]:
    """Row and column of its rejects."""
    return [(reject.row, reject.column) for reject in read(table)[1]]


def refusal(path: Path) -> str:
    """What is said of a file of which nothing can be used."""
    with pytest.raises(UnreadableFile) as raised:
        list(Table(path, COLUMNS).rows())
    return str(raised.value)


# --- encodings ---

CHINESE = "id,name,note\n1,金力永磁,镝 铽 100 吨\n2,包头稀土,\n"
ROWS = [(2, ["1", "金力永磁", "镝 铽 100 吨"]), (3, ["2", "包头稀土", ""])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_every_usual_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    assert read(table(tmp_path, CHINESE, encoding)) == (ROWS, [])


def test_big_endian_with_its_mark(tmp_path: Path) -> None:
    assert read(table(tmp_path, b"\xfe\xff" + CHINESE.encode("utf-16-be"))) == (ROWS, [])


def test_a_mostly_ascii_file_with_one_gb18030_cell(tmp_path: Path) -> None:
    plain = "id,name,note\n" + "".join(f"{n},plain name {n},\n" for n in range(3000))
    opened = table(tmp_path, plain.encode() + "3000,钕铁硼,\n".encode("gb18030"))
    assert read(opened)[0][-1] == (3002, ["3000", "钕铁硼", ""])


def test_damaged_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    # A decoder of GB18030 finds most of these bytes fine and would give nonsense for every name.
    lines = ["id,name,note", *(f"{n},金力永磁科技股份有限公司," for n in range(2, 40))]
    content = "\n".join(lines).encode()
    broken = content.replace("39,金".encode(), "39,金".encode()[:-1])
    path = tmp_path / "table.csv"
    path.write_bytes(broken)
    assert refusal(path) == (
        "table.csv holds bytes at line 39 that are not UTF-8, although all before it is. Save it again as CSV UTF-8."
    )


def test_a_file_cut_off_inside_a_character(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(("id,name,note\n" + "".join(f"{n},金力永磁,\n" for n in range(20)) + "20,金").encode()[:-1])
    assert "line 22" in refusal(path)


def test_the_line_of_a_broken_byte_behind_the_first_megabyte(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = "".join(f"{n},金力永磁,\n" for n in range(100_000)).encode()
    path.write_bytes(b"id,name,note\n" + rows + b"x,\xff,\n")
    assert len(rows) > 1 << 20
    assert "line 100002" in refusal(path)


def test_a_character_across_two_chunks(tmp_path: Path) -> None:
    for shift in range(3):
        head = f"id,name,note\n1,{'a' * shift},\n"
        filler = "b" * ((1 << 20) - len(head) - 6)
        text = f"{head}2,{filler[: LONGEST_CELL - 10]},\n3,{'磁' * 10},\n"
        assert read(table(tmp_path, text))[0][-1] == (4, ["3", "磁" * 10, ""])


def test_bytes_of_no_encoding_at_all(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"id,name,note\n1,\xff\xfe\x80,\n")
    assert refusal(path).startswith("table.csv holds bytes at line 2 that are not UTF-8 or GB18030.")


def test_a_mark_that_does_not_hold_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"\xef\xbb\xbfid,name,note\n1,\xff,\n")
    assert "line 2 that are not in the encoding its first bytes announce" in refusal(path)


# --- files of which nothing can be used ---


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "table.csv is empty. It needs a line with column names and rows below."),
        (b"\xef\xbb\xbf", "table.csv begins with an empty line. Put the column names there."),
        (b"\n1,2,3\n", "table.csv begins with an empty line. Put the column names there."),
        (b",,\n1,2,3\n", "table.csv begins with an empty line. Put the column names there."),
        (
            b"PK\x03\x04rest",
            "table.csv is a spreadsheet or zip file, not CSV. Save each of its sheets as CSV UTF-8 first.",
        ),
        (
            b"upstream,downstream\na,b\n",
            "table.csv lacks the columns id, name in its first line. It needs id, name; it has upstream, downstream.",
        ),
        (
            b"id;name;note\n1;2;3\n",
            "table.csv lacks the columns id, name in its first line. It needs id, name; "
            "it seems to be separated by semicolons: save it separated by commas.",
        ),
        (b"id,name,Name\n1,2,3\n", "table.csv has the column name twice in its first line. Keep one of them."),
        (b'id,"name\n1,2\n', "The first line of table.csv cannot be taken apart: unexpected end of data."),
    ],
)
def test_nothing_can_be_used(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert refusal(path).startswith(said)


def test_no_file_a_folder_and_no_regular_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == f"There is no file {tmp_path / 'none.csv'}. Look at the path."
    assert refusal(tmp_path) == f"{tmp_path} is a folder; a CSV file is wanted here."
    assert refusal(Path("/dev/null")) == "/dev/null is no regular file; a CSV file is wanted here."


def test_a_line_beyond_all_reason_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with path.open("wb") as file:
        file.write(b"id,name,note\n1,")
        for _ in range((LONGEST_LINE >> 20) + 1):
            file.write(b"x" * (1 << 20))
    assert refusal(path) == "table.csv has a line of over 64 MB, so it is no table."


# --- columns ---


def test_columns_in_any_order_case_and_width(tmp_path: Path) -> None:
    assert read(table(tmp_path, " Name ,ID\nmagnet,1\n")) == ([(2, ["1", "magnet", ""])], [])


def test_an_unknown_column_is_named_and_left_out(tmp_path: Path) -> None:
    opened = table(tmp_path, "id,name,colour\n1,magnet,red\n")
    assert [(reject.row, reject.column) for reject in opened.rejects] == [(1, "colour")]
    assert "Rename it to one of id, name, note" in opened.rejects[0].remedy
    assert read(opened) == ([(2, ["1", "magnet", ""])], [])


def test_columns_without_a_name_are_nobodys(tmp_path: Path) -> None:
    opened = table(tmp_path, "id,name,note,,\n1,magnet,,,\n")
    assert not opened.rejects
    assert read(opened) == ([(2, ["1", "magnet", ""])], [])


# --- rows and their numbers ---


def test_rows_have_the_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    content = 'id,name,note\n1,"two\nlines",\n\n2,"three\r\nlong\nlines","more\nlines"\n,,\n3,last,\n'
    rows, rejects = read(table(tmp_path, content))
    assert [(number, cells[0]) for number, cells in rows] == [(2, "1"), (4, "2"), (6, "3")]
    assert rows[1][1][1] == "three\r\nlong\nlines"
    assert not rejects


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_none_at_the_end(tmp_path: Path, end: str) -> None:
    assert read(table(tmp_path, end.join(["id,name,note", "1,a,b", "2,c,d"]))) == (
        [(2, ["1", "a", "b"]), (3, ["2", "c", "d"])],
        [],
    )


def test_quotes_backticks_brackets_and_emoji_stay(tmp_path: Path) -> None:
    name = "a\"b`c'd]e}😀👩🏽‍🔬\t\\x"
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["id", "name", "note"], ["1", name, 'pipe of 5"']])
    assert read(table(tmp_path, buffer.getvalue()))[0] == [(2, ["1", name, 'pipe of 5"'])]


def test_ragged_rows_are_rejects(tmp_path: Path) -> None:
    opened = table(tmp_path, "id,name,note\n1,short\n2,a,b,c\n3,a,b,,\n4,a,b\n")
    rows, rejects = read(opened)
    assert [number for number, _ in rows] == [4, 5]  # empty cells too many do no harm
    assert [(reject.row, reject.value) for reject in rejects] == [(2, "1,short"), (3, "2,a,b,c")]
    assert rejects[0].reason == "The row has 2 cells, the header 3."


@pytest.mark.parametrize("sign", ["\0", "\x1f", "\x0b", "\x7f"])
def test_control_characters_are_rejects(tmp_path: Path, sign: str) -> None:
    opened = table(tmp_path, f"id,name,note\n1,a{sign}b,\n2,fine,with\ttab\n")
    rows, rejects = read(opened)
    assert [(reject.row, reject.column, reject.value) for reject in rejects] == [(2, "name", "a\ufffdb")]
    assert [number for number, _ in rows] == [3]


def test_a_control_character_in_utf16(tmp_path: Path) -> None:
    assert rejected(table(tmp_path, "id,name,note\n1,a\0b,\n", "utf-16")) == [(2, "name")]


# --- cells that are too long, quotes that do not close ---


def test_a_cell_of_50_megabytes(tmp_path: Path) -> None:
    opened = table(tmp_path, f"id,name,note\n1,fine,\n2,long,{'x' * 50_000_000}\n3,fine,\n")
    rows, rejects = read(opened)
    assert [number for number, _ in rows] == [2, 4]
    assert [(reject.row, reject.column) for reject in rejects] == [(3, "note")]
    assert rejects[0].reason == "The cell is longer than 1,048,576 characters."
    assert rejects[0].value == "x" * 79 + "…"


def test_a_quoted_cell_of_many_lines_that_is_too_long(tmp_path: Path) -> None:
    filler = 'a line of a cell, with ""quotes""\n' * 60_000
    opened = table(tmp_path, f'id,name,note\n1,fine,\n2,"{filler}",end\n3,fine,\n')
    rows, rejects = read(opened)
    assert len(filler) > LONGEST_CELL
    assert [number for number, _ in rows] == [2, 4]
    assert [(reject.row, reject.column) for reject in rejects] == [(3, "name")]


def test_a_cell_of_just_the_limit_is_fine(tmp_path: Path) -> None:
    rows, rejects = read(table(tmp_path, f"id,name,note\n1,a,{'x' * LONGEST_CELL}\n2,b,\n"))
    assert not rejects
    assert [len(cells[2]) for _, cells in rows] == [LONGEST_CELL, 0]


@pytest.mark.parametrize("rest", ["2,fine,\n" * 3, "2,fine,\n" * 200_000])
def test_a_quote_that_is_never_closed(tmp_path: Path, rest: str) -> None:
    rows, rejects = read(table(tmp_path, f'id,name,note\n1,fine,\n5,a,"open\n{rest}'))
    assert [number for number, _ in rows] == [2]
    assert [(reject.row, reject.column) for reject in rejects] == [(3, "note")]
    assert rejects[0].reason == "A quote opens in this cell and is never closed."


def test_a_quote_inside_a_cell_in_quotes(tmp_path: Path) -> None:
    rows, rejects = read(table(tmp_path, 'id,name,note\n1,"a "b" c",\n2,fine,\n'))
    assert [number for number, _ in rows] == [3]
    assert [(reject.row, reject.remedy) for reject in rejects] == [(2, 'Write "" for a quote inside a cell in quotes.')]


# --- properties ---

cells = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",\n\t;'), max_size=8)


@thorough
@given(st.lists(st.tuples(st.text("ab1", min_size=1), cells, cells), max_size=8))
def test_what_the_csv_module_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([COLUMNS.names, *rows])
    opened = table(tmp_path_factory.mktemp("t"), buffer.getvalue())
    assert read(opened) == ([(number, list(row)) for number, row in enumerate(rows, start=2)], [])


@thorough
@given(st.lists(st.sampled_from([*'ab,"\n\r\0磁']), max_size=60))
def test_no_text_breaks_the_reader_and_numbers_only_grow(
    tmp_path_factory: pytest.TempPathFactory, signs: Iterable[str]
) -> None:
    opened = table(tmp_path_factory.mktemp("t"), "id,name,note\n" + "".join(signs))
    numbers = [item.row if isinstance(item, Reject) else item[0] for item in opened.rows()]
    assert numbers == sorted(set(numbers))  # type: ignore[type-var]


@thorough
@given(st.text("金力永磁包头稀土abc,"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_the_ladder_finds_the_encoding_that_was_written(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    # A few characters (头, 联通) have GB18030 bytes that are UTF-8 too; a file of nothing else cannot be told apart.
    text = "钕铁硼" + text
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(text.encode(encoding))
    assert path.read_bytes().decode(find_encoding(path).name) == text
