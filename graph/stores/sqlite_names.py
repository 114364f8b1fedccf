"""The name index: kept in step with the claims that count, in the same transaction.

`pairs` finds what a name contains: its normal form in overlapping pairs of characters, not their places. A name that
holds all pairs of a text is compared with it afterwards, which is five times faster than letting FTS5 read the places.
`starts` finds what a name is or begins with, for text without Chinese characters: Latin names, pinyin, initials and the
spellings of codes. Whole keys would make long lists to merge for a short beginning, and pairs of Latin letters are too
frequent to be of use, so beginnings of a few lengths are kept as words of their own.
"""

import sqlite3
from collections.abc import Callable
from operator import add

from graph.model.names import bigrams, normal, pinyin_keys, stock_code_forms

# Lengths at which beginnings of a key are kept, each marked by its letter so that they are told apart. A shorter word
# under a mark is a whole key; a whole key as long as a cut is kept once more under a mark of its own.
CUTS = ((1, "a"), (2, "b"), (3, "c"), (4, "d"), (6, "e"), (10, "f"), (20, "g"))
_CUTS_AFTER = tuple((before, *cut) for (before, _), cut in zip(((0, ""), *CUTS), CUTS, strict=False))
_CUT_LENGTHS = frozenset(length for length, _ in CUTS)
LONGEST = 20  # what is longer is found by this much of it and compared afterwards
WHOLE = "z"
SERIAL_BITS = 40
_MOST = (1 << 22) - 1  # lengths beyond share a place in the order
# The ascii tokenizer takes ASCII signs for gaps; their full-width twins are letters to it and left by no normal form.
_START, _END = tuple(bigrams("")[0])
_SPELLING = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}


def keys_of(form: str, code: str) -> list[str]:
    """What a name in normal form may be typed as, whole or from the start, in letters that are not Chinese.

    `code` is the name as given when it is a code, else ''.
    """
    keys = [*(pinyin_keys(form) or (form,))]
    if code:
        keys += [normal(spelling) for spelling in stock_code_forms(code)]
    return list(dict.fromkeys(keys))


def pair_words(form: str, prefix: str) -> str:
    """The words in `pairs` of a name in normal form: its bigrams, how it begins, and the kind of its node."""
    spelled = spell(form)
    marked = f"{_START}{spelled}{_END}"
    begins = " ".join(beginnings(spelled))
    return f"{' '.join(map(add, marked, marked[1:]))} {begins} {kind_word(prefix)}"


def beginnings(spelled: str) -> list[str]:
    """How a name begins, as words: too many begin with one pair and hold another just somewhere."""
    if len(spelled) >= 4:
        return [_START + spelled[:2], _START + spelled[:4]]
    return [_START + spelled[:2]] if len(spelled) >= 2 else []


def start_words(form: str, code: str, prefix: str) -> str:
    """The words in `starts` of a name in normal form; see keys_of."""
    words = [kind_word(prefix)]
    for key in keys_of(form, code):
        spelled = spell(key)
        words += [mark + spelled[:length] for before, length, mark in _CUTS_AFTER if len(spelled) > before]
        if len(spelled) in _CUT_LENGTHS:
            words.append(WHOLE + spelled)
    return " ".join(words)


def kind_word(prefix: str) -> str:
    """The word, in both indexes, for names of nodes whose ids have this prefix; it looks like no part of a name."""
    return f"{_START}{_START}{prefix}"


def spell(key: str) -> str:
    """A key in characters that the index takes for one word."""
    return key if key.isalnum() else key.translate(_SPELLING)


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL functions that the statements below call."""
    functions: tuple[tuple[str, int, Callable[..., str]], ...] = (
        ("normal_form", 1, lambda name: normal(str(name))),
        ("pair_words", 2, pair_words),
        ("start_words", 3, start_words),
    )
    for function, arguments, body in functions:
        connection.create_function(function, arguments, body, deterministic=True)


def update_names(connection: sqlite3.Connection, top: int) -> None:
    """Index the names among the claims beyond number `top` and among `moves`; take out those that no longer count."""
    (leaving,) = connection.execute(
        "SELECT count(*) FROM moves CROSS JOIN names ON names.claim = moves.n WHERE moves.old = 1"
    ).fetchone()
    if leaving:
        (held,) = connection.execute("SELECT count(*) FROM names").fetchone()
        if leaving * 2 > held:
            # Taking out most costs more than starting again with the rest.
            for statement in _EMPTY:
                connection.execute(statement)
            top = 0
        else:
            for statement in _TAKE_OUT:
                connection.execute(statement)
    connection.execute("DELETE FROM new_names")
    added = connection.execute(_NEW, {"top": top}).rowcount
    if added:
        for statement in _PUT_IN:
            connection.execute(statement)
        connection.execute("UPDATE store SET named = named + ?", (added,))


_EMPTY = (
    "INSERT INTO pairs(pairs) VALUES ('delete-all')",
    "INSERT INTO starts(starts) VALUES ('delete-all')",
    "DELETE FROM names",
)
# An index without content forgets a row only when told the same words again.
_TAKE_OUT = (
    "INSERT INTO pairs(pairs, rowid, tokens)"
    " SELECT 'delete', names.row, pair_words(normal_form(c.value), substr(c.subject, 1, 3))"
    " FROM moves CROSS JOIN names ON names.claim = moves.n CROSS JOIN claims AS c ON c.n = moves.n"
    " WHERE moves.old = 1 ORDER BY names.row",
    "INSERT INTO starts(starts, rowid, tokens) SELECT 'delete', names.row,"
    " start_words(normal_form(c.value), iif(f.predicate = 'code', c.value, ''), substr(c.subject, 1, 3))"
    " FROM moves CROSS JOIN names ON names.claim = moves.n CROSS JOIN claims AS c ON c.n = moves.n"
    " CROSS JOIN frames AS f ON f.n = c.frame WHERE moves.old = 1 ORDER BY names.row",
    "DELETE FROM names WHERE claim IN (SELECT n FROM moves WHERE old = 1)",
)
# LIMIT keeps SQLite from working out the normal form once for each use of it.
_NEW = f"""
INSERT INTO new_names(row, claim, form, code, prefix)
SELECT (min(length(form), {_MOST}) << {SERIAL_BITS}) + (SELECT named FROM store)
    + row_number() OVER (ORDER BY length(form), subject, n), n, form, code, substr(subject, 1, 3)
FROM (
    SELECT normal_form(c.value) AS form, iif(f.predicate = 'code', c.value, '') AS code, c.subject, c.n
    FROM claims AS c CROSS JOIN frames AS f ON f.n = c.frame
    WHERE (c.n > :top OR c.n IN (SELECT n FROM moves WHERE new = 1)) AND c.status = 1
    AND f.predicate IN ('name_zh', 'name_en', 'alias', 'code') LIMIT -1
) WHERE form != ''
"""  # noqa: S608 - our own numbers
# In the order of rows: FTS5 writes its buffer out whenever a row comes before the last one.
_PUT_IN = (
    "INSERT INTO names(row, claim) SELECT row, claim FROM new_names ORDER BY row",
    "INSERT INTO pairs(rowid, tokens) SELECT row, pair_words(form, prefix) FROM new_names ORDER BY row",
    "INSERT INTO starts(rowid, tokens) SELECT row, start_words(form, code, prefix) FROM new_names ORDER BY row",
)
