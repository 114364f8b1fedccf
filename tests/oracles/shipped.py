"""The shipped data as claims, read with a few lines of csv: independent of the loader, and of whatever it rejects."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from graph.model.claims import Claim, Detail, Source

DATA = Path(__file__).parents[2] / "data"
# Columns of entities.csv that are claims of the same name with a text.
_ATTRIBUTES = ("name_zh", "name_en", "country", "stage", "role", "hs_code", "founded", "website")
_DATED = ("status", "start_date", "completion_date")


@cache
def shipped() -> tuple[tuple[Claim, ...], tuple[Source, ...]]:
    """Claims and sources of data/."""
    sources = {
        row["source_id"]: Source(row["source_id"], row["url"], row["publisher"], row["date"] or None, row["grade"])
        for row in _rows("sources")
    }
    claims = [*_entities(sources), *_relations(), *_processes(), *_indicators(), *_chains()]
    return tuple(dict.fromkeys(claims)), tuple(sources.values())


def _entities(sources: dict[str, Source]) -> Iterator[Claim]:
    for row in _rows("entities"):
        source, day = row["source_id"], sources[row["source_id"]].date
        for name in _ATTRIBUTES:
            if row[name]:
                yield _claim(row["id"], name, source, value=row[name])
        for alias in filter(None, map(str.strip, row["aliases"].split(";"))):
            yield _claim(row["id"], "code" if ":" in alias else "alias", source, value=alias, qualifier=alias)
        if row["chain"]:
            yield _claim(row["id"], "chain", source, object_=f"chn:{row['chain']}")
        for name in _DATED:
            if row[name]:
                yield _claim(row["id"], name, source, value=row[name], as_of=day)
        for name, unit in (("investment", row["investment_currency"]), ("capacity", row["capacity_unit"])):
            amount = row["investment_amount"] if name == "investment" else row["capacity_value"]
            if amount:
                yield _claim(row["id"], name, source, value=float(amount), unit=unit, as_of=day)
    for row in _rows("statuses"):
        yield _claim(row["project"], "status", row["source_id"], value=row["status"], as_of=row["as_of"])


def _relations() -> Iterator[Claim]:
    for row in _rows("relations"):
        flags = tuple(sorted(filter(None, row["flag"].replace(",", ";").split(";"))))
        value = float(row["value"]) if row["value"] else None
        yield _claim(
            row["subject"], row["predicate"], row["source_id"], object_=row["object"], value=value, unit=row["unit"],
            qualifier=row["qualifier"], as_of=row["as_of"], until=row["until"], flags=flags,
        )  # fmt: skip


def _processes() -> Iterator[Claim]:
    for row in _rows("processes"):
        process, source = row["process_id"], row["source_id"]
        yield _claim(process, "name_zh", source, value=row["name_zh"])
        yield _claim(process, "name_en", source, value=row["name_en"])
        yield _claim(process, "process_kind", source, value=row["kind"])
        if row["site"]:
            yield _claim(process, "site", source, object_=row["site"])
        detail: Detail = (("basis", row["basis"]), ("is_main", row["is_main"] == "1"))
        amount = float(row["kg_per_kg"]) if row["kg_per_kg"] else None
        unit = "kg/kg" if row["kg_per_kg"] else ""
        product = row["product_id"]
        if row["role"] == "input":
            yield _claim(product, "input_to", source, object_=process, value=amount, unit=unit, detail=detail)
        elif row["role"] == "output":
            yield _claim(process, "yields", source, object_=product, value=amount, unit=unit, detail=detail)
        else:
            yield _claim(process, "uses", source, object_=product, qualifier=row["role"], detail=detail)


def _indicators() -> Iterator[Claim]:
    for row in _rows("indicators"):
        yield _claim(
            row["subject"], "indicator", row["source_id"], value=float(row["value"]), unit=row["unit"],
            qualifier=row["indicator"], as_of=row["as_of"],
        )  # fmt: skip


def _chains() -> Iterator[Claim]:
    for row in _rows("chains"):
        for name in ("name_zh", "name_en"):
            yield _claim(f"chn:{row['chain']}", name, "src:chains", value=row[name])
        for target in filter(None, row["targets"].split(";")):
            yield _claim(f"chn:{row['chain']}", "chain_target", "src:chains", object_=target)


def _claim(
    subject: str, predicate: str, source: str, *, object_: str | None = None, value: float | str | None = None,
    unit: str = "", qualifier: str = "", as_of: str | None = None, until: str = "", flags: tuple[str, ...] = (),
    detail: Detail = (),
) -> Claim:  # fmt: skip
    return Claim(
        subject, predicate, object_, value, unit or None, qualifier, as_of or None, until or None, flags, detail,
        source, "", 1.0,
    )  # fmt: skip


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
