"""entities.csv: a node a row; each filled cell is a claim."""

import re
from collections.abc import Callable
from typing import NamedTuple

from graph.model.claims import Claim
from graph.model.kinds import KIND_OF_PREFIX, NODE_KINDS, OPERATING_STATUSES, PROJECT_STATUSES, ROLES, STAGES
from graph.model.names import is_stock_code
from graph.model.predicates import PREDICATES
from graph.model.units import is_money
from loaders.cells import BadCell, Column, Unfit, id_of, read_date, split_list, wanted, word_of
from loaders.sheets.amounts import Amount
from loaders.sheets.rows import CONFIDENCE, Reading
from loaders.tables import Cells

NAMES = (
    "id", "kind", "name_en", "name_zh", "aliases", "country", "stage", "chain", "role", "hs_code", "founded",
    "website", "status", "investment_amount", "investment_currency", "capacity_value", "capacity_unit", "start_date",
    "completion_date", "note", "source_id",
)  # fmt: skip
# Processes and chains have sheets of their own.
_KINDS = tuple(name for name in NODE_KINDS if name not in ("process", "chain", "source"))
_PLACE = {name: place for place, name in enumerate(NAMES)}


class _Field(NamedTuple):
    """A column whose cells are claims of the predicate of the same name."""

    name: str
    place: int
    read: Callable[[str], str]
    subjects: frozenset[str]
    dated: bool


class EntityRow:
    """Reads a row of entities.csv. What its source reports of a project is dated by the source."""

    def __init__(self, reading: Reading) -> None:
        self._dates = reading.dates
        self._ids = id_of(*_KINDS)
        self._kinds = Column("kind", word_of(_KINDS))
        self._sources = Column("source_id", id_of("source"))
        self._chains = Column("chain", _read_chain)
        self._investment = Amount("investment_amount", "investment_currency")
        self._capacity = Amount("capacity_value", "capacity_unit")
        # One column: of a project where it stands, of an enterprise whether it still works.
        self._statuses = {
            "status": Column("status", word_of(PROJECT_STATUSES)),
            "operating_status": Column("status", word_of(OPERATING_STATUSES)),
        }
        self._fields = tuple(
            _Field(name, _PLACE[name], read, _prefixes(name), not PREDICATES[name].timeless)
            for name, read in (
                ("name_zh", str.strip),
                ("name_en", str.strip),
                ("country", Column("country", _read_country).__getitem__),
                ("stage", Column("stage", word_of(STAGES)).__getitem__),
                ("role", Column("role", word_of(ROLES)).__getitem__),
                ("hs_code", str.strip),
                ("founded", Column("founded", read_date).__getitem__),
                ("website", str.strip),
                ("start_date", Column("start_date", read_date).__getitem__),
                ("completion_date", Column("completion_date", read_date).__getitem__),
            )
        )

    def __call__(self, cells: Cells) -> list[Claim]:
        node, source = self._identify(cells), self._sources[cells[-1]]
        told = self._dates.get(source)
        claims: list[Claim] = []

        def say(
            predicate: str, value: str | float | None, unit: str | None = None, qualifier: str = "",
            as_of: str | None = None, object_: str | None = None,
        ) -> None:  # fmt: skip
            claims.append(
                Claim(node, predicate, object_, value, unit, qualifier, as_of, None, (), (), source, "", CONFIDENCE)
            )

        for name, place, read, subjects, dated in self._fields:
            cell = cells[place]
            if cell and (value := read(cell)):
                _check_kind(name, node, subjects, cell)
                say(name, value, as_of=told if dated else None)
        if cell := cells[_PLACE["status"]]:
            name = "operating_status" if node.startswith(NODE_KINDS["enterprise"].prefix) else "status"
            _check_kind(name, node, _prefixes(name), cell)
            say(name, self._statuses[name][cell], as_of=told)
        for alias in split_list(cells[_PLACE["aliases"]]):
            say("code" if is_stock_code(alias) else "alias", alias, qualifier=alias)
        if chain := self._chains[cells[_PLACE["chain"]]]:
            _check_kind("chain", node, _prefixes("chain"), chain)
            say("chain", None, object_=chain)
        if remark := cells[_PLACE["note"]].strip():
            say("remark", remark, qualifier=remark)
        if any(cells[_PLACE["investment_amount"] : _PLACE["capacity_unit"] + 1]):
            self._amounts(node, cells, lambda name, amount, unit: say(name, amount, unit, as_of=told))
        if not claims:
            raise BadCell("name_zh", "", "The row says nothing of the node.", "Give it a name in name_zh or name_en.")
        return claims

    def _identify(self, cells: Cells) -> str:
        """The id, which has to fit the kind."""
        kind = self._kinds[cells[1]]
        try:
            node = self._ids(cells[0].strip())
        except Unfit as unfit:
            raise BadCell("id", cells[0], unfit.reason, unfit.remedy) from None
        if node[:3] != NODE_KINDS[kind].prefix:
            raise BadCell(
                "id",
                cells[0],
                f"The id is that of {wanted((KIND_OF_PREFIX[node[:3]].en,))}, but kind says {kind}.",
                f"Let the id begin with {NODE_KINDS[kind].prefix}: or mend the kind.",
            )
        return node

    def _amounts(self, node: str, cells: Cells, say: Callable[[str, float, str | None], None]) -> None:
        for name, read, value, unit in (
            ("investment", self._investment, "investment_amount", "investment_currency"),
            ("capacity", self._capacity, "capacity_value", "capacity_unit"),
        ):
            amount, symbol = read(cells[_PLACE[value]], cells[_PLACE[unit]])
            if amount is None:
                continue
            _check_kind(name, node, _prefixes(name), cells[_PLACE[value]], value)
            if name == "investment" and not is_money(symbol):
                raise BadCell(unit, cells[_PLACE[unit]], "The unit is not a currency.", "Write its code, such as CNY.")
            say(name, amount, symbol)


def _prefixes(predicate: str) -> frozenset[str]:
    return frozenset(NODE_KINDS[kind].prefix for kind in PREDICATES[predicate].subjects)


def _check_kind(predicate: str, node: str, subjects: frozenset[str], cell: str, column: str | None = None) -> None:
    if node[:3] not in subjects:
        raise BadCell(
            column or predicate,
            cell,
            f"'{predicate}' is said of {wanted(PREDICATES[predicate].subjects)}, not of "
            f"{wanted((KIND_OF_PREFIX[node[:3]].en,))}.",
            "Empty the cell; tell it in the note if it matters.",
        )


def _read_chain(text: str) -> str | None:
    return id_of("chain")(text if text.startswith("chn:") else f"chn:{text}") if text else None


def _read_country(text: str) -> str:
    if not re.fullmatch("[A-Z]{2}", text):
        raise Unfit("The text is not a country code.", "Write two capital letters (ISO 3166-1), such as CN.")
    return text
