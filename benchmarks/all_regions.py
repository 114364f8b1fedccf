"""Makers of every product in every region at once, beside DuckDB on the same facts.

Compared are all triples (region, product, number of makers there); makers of a kind of a product make the product,
and who is placed in a part of a region is placed in the region. Ours asks `Reader.tally` region by region, which tells
evidence, users, projects and owner groups besides; there is no question yet that wants this table by itself.
"""

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Figure, Goal, Run, Series, digest_of, judged
from benchmarks.regions import arrays_of
from benchmarks.setting import Setting
from graph.model.predicates import NOT_MAKING
from graph.readers.columns import PREDICATE_CODES
from graph.readers.ragged import pairs
from graph.readers.snapshot import Snapshot
from graph.readers.view import kind_range

_THREADS = 2
_COUNT = """
WITH RECURSIVE
wholes(region, whole) AS (
    SELECT id, id FROM region
    UNION
    SELECT wholes.region, part_of.whole FROM wholes JOIN part_of ON part_of.part = wholes.whole
),
classes(kind, class) AS (
    SELECT id, id FROM product
    UNION
    SELECT classes.kind, subclass_of.class FROM classes JOIN subclass_of ON subclass_of.kind = classes.class
),
here AS (
    SELECT DISTINCT located_in.entity, wholes.whole AS region
    FROM located_in JOIN wholes ON wholes.region = located_in.region
),
made AS (
    SELECT DISTINCT makes.entity, classes.class AS product FROM makes JOIN classes ON classes.kind = makes.product
)
SELECT here.region, made.product, count(*) AS makers
FROM here JOIN made ON made.entity = here.entity
GROUP BY here.region, made.product
ORDER BY here.region, made.product
"""
Table = NDArray[np.int64]


def run(setting: Setting) -> list[Figure]:
    """Loading the tables into DuckDB is not counted, nor is building the snapshot."""
    import duckdb

    reader = setting.reader
    with duckdb.connect(config={"threads": _THREADS}) as connection:
        for name, columns in _tables(reader):
            # DuckDB reads a table of numpy arrays by the name of the variable.
            told = columns  # noqa: F841
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM told")  # noqa: S608 - our own names

        def asked() -> Run:
            began = time.perf_counter()
            found = connection.execute(_COUNT).fetchnumpy()
            taken = time.perf_counter() - began
            return Run(taken, _digest(np.stack([found[name] for name in ("region", "product", "makers")], axis=1)))

        def tallied() -> Run:
            began, worked = time.perf_counter(), time.thread_time()
            found = _all_regions(reader)
            taken = time.perf_counter() - began
            processor.append(time.thread_time() - worked)
            return Run(taken, _digest(found))

        processor: list[float] = []
        runs: dict[str, list[Run]] = {"tallies": [], "DuckDB": []}
        for _ in range(setting.rounds):
            runs["tallies"].append(tallied())
            runs["DuckDB"].append(asked())
            setting.say(f"tallies {runs['tallies'][-1].seconds:.1f} s, DuckDB {runs['DuckDB'][-1].seconds:.1f} s")
    seconds = judged(runs)
    regions = len(reader.ids(["region"]))
    return [
        Figure(
            "makers of every product in every region", "/s", seconds["tallies"].map(lambda s: 1 / s),
            f"DuckDB, {_THREADS} threads", seconds["DuckDB"].map(lambda s: 1 / s),
            (Goal("P3", 2, "at least", "ratio"),),
            f"{regions:,} tallies, {seconds['tallies'].median:.1f} s against {seconds['DuckDB'].median:.1f} s",
        ),
        Figure("the same in processor time, of one thread", "s", Series(tuple(processor))),
    ]  # fmt: skip


def _digest(table: Table) -> str:
    return digest_of([len(table), table.astype(np.int64).tobytes().hex()])


def _all_regions(reader: Snapshot) -> Table:
    """Rows of region, product, makers; ascending."""
    parts = []
    for region, id_ in enumerate(sorted(reader.ids(["region"]))):
        makers = reader.tally(id_).makers.counts()
        made = np.flatnonzero(makers)
        parts.append(np.stack([np.full(len(made), region), made, makers[made]], axis=1))
    return np.concatenate(parts)


def _tables(reader: Snapshot) -> Iterator[tuple[str, dict[str, Table]]]:
    """The used facts as tables of numbers; regions and products are numbered by id, entities by node."""
    columns, view = arrays_of(reader)
    rows = view.resolved.facts[view.used]

    def links(predicate: str) -> tuple[NDArray[np.int32], Table, Table]:
        found = rows[columns.predicate[rows] == PREDICATE_CODES[predicate]]
        return found, columns.subject[found].astype(np.int64), columns.object[found].astype(np.int64)

    regions = np.array([columns.nodes.position(id_) for id_ in sorted(reader.ids(["region"]))], np.int64)
    products = np.array([columns.nodes.position(id_) for id_ in reader.chain().products], np.int64)

    def numbered(nodes: Table, among: Table) -> Table:
        return np.searchsorted(among, nodes).astype(np.int64)

    yield "region", {"id": np.arange(len(regions))}
    yield "product", {"id": np.arange(len(products))}
    _, part, whole = links("part_of")
    yield "part_of", {"part": numbered(part, regions), "whole": numbered(whole, regions)}
    _, kind, above = links("subclass_of")
    yield "subclass_of", {"kind": numbered(kind, products), "class": numbered(above, products)}
    _, entity, region = links("located_in")
    ours = np.isin(entity, view.making.entity)  # institutions have places too
    yield "located_in", {"entity": entity[ours], "region": numbered(region[ours], regions)}
    found, maker, product = links("produces")
    not_making = [at for word in NOT_MAKING if (at := columns.qualifiers.position(word)) is not None]
    real = ~np.isin(columns.qualifier[found], not_making)
    # Projects in production make as well; which are is settled by their dated statuses, in both alike.
    project, planned = pairs(view.making.direct)
    done = view.making.entity[project].astype(np.int64)
    first, last = kind_range(columns, "project")
    is_project = (done >= first) & (done < last)
    yield (
        "makes",
        {
            "entity": np.concatenate([maker[real], done[is_project]]),
            "product": numbered(np.concatenate([product[real], products[planned[is_project]]]), products),
        },
    )
