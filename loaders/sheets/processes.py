"""processes.csv: a flow a row, and with the first flow of a process from a source what the process is called."""

from graph.model.claims import Claim, Detail
from graph.model.kinds import PROCESS_KINDS
from loaders.cells import BadCell, Column, id_of, optional, read_date, read_number, read_truth, word_of
from loaders.sheets.rows import CONFIDENCE
from loaders.tables import Cells

NAMES = (
    "process_id", "name_en", "name_zh", "kind", "site", "role", "product_id", "kg_per_kg", "is_main", "basis",
    "from_date", "note", "source_id",
)  # fmt: skip


class ProcessRow:
    """Reads a row of processes.csv."""

    def __init__(self) -> None:
        self._processes = Column("process_id", id_of("process"))
        self._kinds = Column("kind", word_of(PROCESS_KINDS))
        self._sites = Column("site", optional(id_of("region")))
        self._roles = Column("role", word_of(("input", "output", "equipment", "service")))
        self._products = Column("product_id", id_of("product"))
        self._ratios = Column("kg_per_kg", optional(read_number))
        self._truths = Column("is_main", read_truth)
        self._from = Column("from_date", optional(read_date))
        self._sources = Column("source_id", id_of("source"))
        self._told: set[tuple[str, ...]] = set()

    def __call__(self, cells: Cells) -> list[Claim]:
        flow = self._flow(cells)
        process = flow.object if flow.predicate == "input_to" and flow.object else flow.subject
        description = (process, flow.source, *cells[1:5])
        if description in self._told:
            return [flow]
        claims = self._describe(process, flow.source, cells)
        self._told.add(description)
        return [*claims, flow]

    def _describe(self, process: str, source: str, cells: Cells) -> list[Claim]:
        _, name_en, name_zh, kind, site, *_ = cells
        said: list[tuple[str, str | None, str | None]] = [
            ("name_zh", name_zh.strip() or None, None),
            ("name_en", name_en.strip() or None, None),
            ("process_kind", self._kinds[kind], None),
            ("site", None, self._sites[site]),
        ]
        return [
            Claim(process, predicate, object_, value, None, "", None, None, (), (), source, "", CONFIDENCE)
            for predicate, value, object_ in said
            if value or object_
        ]

    def _flow(self, cells: Cells) -> Claim:
        (process, _, _, kind, site, role, product, kg_per_kg, is_main, basis, from_date, note, source) = cells
        node, good, role = self._processes[process], self._products[product], self._roles[role]
        _ = self._kinds[kind], self._sites[site]  # a row with a wrong one is rejected wherever it stands
        ratio = self._ratios[kg_per_kg]
        if ratio is not None and ratio < 0:
            raise BadCell("kg_per_kg", kg_per_kg, "The quantity is below zero.", "Write 0 or more; role tells the way.")
        if ratio is not None and role in ("equipment", "service"):
            raise BadCell("kg_per_kg", kg_per_kg, f"{role} takes no quantity.", "Empty the cell; tell it in the note.")
        basis = basis.strip()
        unit = "kg/kg" if ratio is not None and basis.startswith("per kg") else None
        detail: Detail = (*((("basis", basis),) if basis else ()), ("is_main", self._truths[is_main]))
        predicate = {"input": "input_to", "output": "yields"}.get(role, "uses")
        return Claim(
            good if role == "input" else node, predicate, node if role == "input" else good, ratio, unit,
            role if predicate == "uses" else "", self._from[from_date], None, (), detail, self._sources[source],
            note.strip(), CONFIDENCE,
        )  # fmt: skip
