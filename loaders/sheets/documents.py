"""sources.csv: a document a row; and chains.csv: a chain a row, for which the file itself is the source."""

import re

from graph.model.claims import GRADES, Claim, Source
from loaders.cells import BadCell, Column, Unfit, id_of, optional, read_date, split_list, word_of
from loaders.sheets.claims import unquote
from loaders.sheets.rows import CONFIDENCE, Reading
from loaders.tables import Cells

_NOT_IN_IDS = re.compile(r"[\s:;,\"'`\\\x00-\x1f]+")


class SourceRow:
    """Reads a row of sources.csv, and notes its date for the sheets after it."""

    def __init__(self, reading: Reading) -> None:
        self._dates = reading.dates
        self._read_id = id_of("source")
        self._grades = Column("grade", word_of(("", *GRADES)))
        self._days = Column("date", optional(read_date))
        self._seen: dict[str, Source] = {}

    def __call__(self, cells: Cells) -> tuple[Source]:
        id_, url, publisher, day, grade, licence = cells
        try:
            node = self._read_id(unquote("source_id", id_))
        except Unfit as unfit:
            raise BadCell("source_id", id_, unfit.reason, unfit.remedy) from None
        source = Source(
            node,
            unquote("url", url),
            unquote("publisher", publisher),
            self._days[day],
            self._grades[grade] or "other",
            unquote("licence", licence),
        )
        if self._seen.setdefault(node, source) != source:
            raise BadCell("source_id", id_, "The id was used above for another document.", "Give it an id of its own.")
        self._dates[node] = source.date
        return (source,)


class ChainRow:
    """Reads a row of chains.csv."""

    def __init__(self, reading: Reading) -> None:
        self._source = chains_source(reading.dataset).id
        self._read_word = id_of("chain")
        self._read_target = id_of("product")

    def __call__(self, cells: Cells) -> list[Claim]:
        word, name_en, name_zh, targets = (cell.strip() for cell in cells)
        try:
            chain = self._read_word(word if word.startswith("chn:") or not word else f"chn:{word}")
        except Unfit as unfit:
            raise BadCell("chain", word, unfit.reason, "Write a short word without spaces, such as magnet.") from None
        if not name_en and not name_zh:
            raise BadCell("name_zh", "", "The chain has no name.", "Fill in name_zh or name_en.")
        try:
            products = dict.fromkeys(self._read_target(part) for part in split_list(targets))
        except Unfit as unfit:
            raise BadCell("targets", targets, unfit.reason, f"{unfit.remedy} Put ; between several.") from None
        named = [
            Claim(chain, predicate, None, name, None, "", None, None, (), (), self._source, "", CONFIDENCE)
            for predicate, name in (("name_zh", name_zh), ("name_en", name_en))
            if name
        ]
        return named + [
            Claim(chain, "chain_target", product, None, None, "", None, None, (), (), self._source, "", CONFIDENCE)
            for product in products
        ]


def chains_source(dataset: str) -> Source:
    """The source of what chains.csv says: the file, since nobody publishes how we cut the chain."""
    slug = _NOT_IN_IDS.sub("-", dataset).strip("-") or "unnamed"
    return Source(f"src:{slug[:180]}-chains", "", dataset, None, "other")
