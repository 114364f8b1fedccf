"""The factsheet layout and a fast way to fill it: cells by number, sheets as matrices of such numbers.

A value that occurs a million times is one text in `Cells`; a sheet of five million rows is one int32 matrix, cheap to
sort, to change in places and to write.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Matrix = NDArray[np.int32]
Columns = dict[str, int | Ints]

HEADERS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split(","))
    for name, columns in {
        "entities": "id,kind,name_en,name_zh,aliases,country,stage,chain,role,hs_code,founded,website,status,"
        "investment_amount,investment_currency,capacity_value,capacity_unit,start_date,completion_date,note,source_id",
        "relations": "subject,predicate,object,qualifier,value,unit,as_of,until,flag,note,source_id",
        "processes": "process_id,name_en,name_zh,kind,site,role,product_id,kg_per_kg,is_main,basis,"
        "from_date,note,source_id",
        "indicators": "subject,indicator,value,unit,as_of,note,source_id",
        "statuses": "project,status,as_of,note,source_id",
        "chains": "chain,name_en,name_zh,targets",
        "sources": "source_id,url,publisher,date,grade",
        "offers": "region,offer,value,unit,as_of,note,source_id",
        "policy_conditions": "policy,applies_to,condition,benefit,value,unit,valid_from,valid_until,source_id",
    }.items()
}
RELATION = {name: number for number, name in enumerate(HEADERS["relations"])}
FIRST_DAY = date(2012, 1, 1)
LAST_SOURCE_DAY = (date(2025, 12, 31) - FIRST_DAY).days
LAST_DAY = (date(2029, 12, 31) - FIRST_DAY).days
# How precisely a date is told.
NONE, YEAR, MONTH, DAY = range(4)
_CHUNK = 100_000


class Cells:
    """Every text that can stand in a cell, by number, ready for CSV; 0 is the empty cell."""

    def __init__(self) -> None:
        self._texts: list[str] = [""]
        self._codes: dict[str, int] = {"": 0}
        days = [FIRST_DAY + timedelta(days=n) for n in range(LAST_DAY + 1)]
        self._day = self.add(day.isoformat() for day in days)
        months = sorted({day.isoformat()[:7] for day in days})
        month_code = dict(zip(months, self.add(months).tolist(), strict=True))
        years = sorted({month[:4] for month in months})
        year_code = dict(zip(years, self.add(years).tolist(), strict=True))
        self._month = np.array([month_code[day.isoformat()[:7]] for day in days])
        self._year = np.array([year_code[day.isoformat()[:4]] for day in days])
        self.percents = self.add(str(n) for n in range(1, 101))
        # Two significant digits, as plant figures are told: 10 ... 990,000 and, for money, 10 million ... 9.9 billion.
        self.amounts = self.add(f"{head}{'0' * zeros}" for zeros in range(5) for head in range(10, 100))
        self.sums = self.add(f"{head}{'0' * zeros}" for zeros in range(6, 9) for head in range(10, 100))

    def add(self, texts: Iterable[str]) -> Ints:
        """Numbers of new cells, one a text, in order; equal texts are not merged."""
        start = len(self._texts)
        self._texts.extend(quoted(text) for text in texts)
        return np.arange(start, len(self._texts))

    def code(self, text: str) -> int:
        """The number of a word that is used again and again."""
        if text not in self._codes:
            self._codes[text] = int(self.add((text,))[0])
        return self._codes[text]

    def pick(self, rng: np.random.Generator, weights: Mapping[str, float], n: int) -> Ints:
        """`n` words drawn by weight; what the weights leave up to 1 is the empty cell."""
        codes = np.array([*(self.code(word) for word in weights), 0])
        return codes[np.searchsorted(np.cumsum(list(weights.values())), rng.random(n), side="right")]

    def dates(self, days: Ints, precision: Ints) -> Ints:
        """Cells of dates, days counted from FIRST_DAY, at the given precisions."""
        return np.choose(precision, (np.zeros_like(days), self._year[days], self._month[days], self._day[days]))

    def draw(self, rng: np.random.Generator, block: Ints, n: int) -> Ints:
        """`n` numbers from a block (`amounts`, `sums`, `percents`), the middle ones most often."""
        place = np.rint(rng.normal(len(block) / 2, len(block) / 6, n)).astype(np.int64)
        return block[np.clip(place, 0, len(block) - 1)]

    def others(self, rng: np.random.Generator, codes: Ints) -> Ints:
        """For each numeric cell another one of its block."""
        result = np.zeros_like(codes)
        for block in (self.percents, self.amounts, self.sums):
            mine = (codes >= block[0]) & (codes <= block[-1])
            step = rng.integers(1, len(block), int(mine.sum()))
            result[mine] = block[(codes[mine] - block[0] + step) % len(block)]
        return result

    def texts(self) -> NDArray[np.object_]:
        """All cells as an array to take from."""
        return np.array(self._texts, dtype=object)


def quoted(text: str) -> str:
    """A text as a CSV cell."""
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def fill(sheet: str, n: int, /, **columns: int | Ints) -> Matrix:
    """`n` rows of a sheet; columns not named stay empty."""
    matrix = np.zeros((n, len(HEADERS[sheet])), dtype=np.int32)
    for name, codes in columns.items():
        matrix[:, HEADERS[sheet].index(name)] = codes
    return matrix


def write_sheet(folder: Path, sheet: str, matrix: Matrix, texts: NDArray[np.object_]) -> None:
    """The sheet as UTF-8 CSV with \\n line ends."""
    with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(HEADERS[sheet]) + "\n")
        for start in range(0, len(matrix), _CHUNK):
            rows = texts[matrix[start : start + _CHUNK]].tolist()
            file.write("\n".join(map(",".join, rows)) + "\n")
