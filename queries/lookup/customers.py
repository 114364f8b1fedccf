"""Whom an enterprise supplies, tier by tier: suppliers.py walked the other way."""

from graph.readers.port import Reader
from queries.base import Query
from queries.lookup.suppliers import TiersAnswer, TiersParams, walk


def run(reader: Reader, params: TiersParams) -> TiersAnswer:
    """Whom it supplies, whom those supply, and so on."""
    return walk("customers", "out", reader, params)


QUERY = Query("customers", "客户", "Customers, tier by tier", TiersParams, TiersAnswer, run, ("enterprise",))
