"""Every question there is: its name gives the command, the route, the page of documentation and the contract tests."""

from typing import Any

from queries.backtest import backtest
from queries.base import Query
from queries.chain import balance, certificate, critical, gaps, pipeline, what_if
from queries.dossier import dossier
from queries.fitting import fit, policies
from queries.lookup import (
    check,
    contents,
    coverage,
    customers,
    paths,
    producers,
    region,
    search,
    show,
    subgraph,
    suppliers,
)
from queries.promotion import targets

QUERIES: dict[str, Query[Any, Any]] = {
    query.name: query
    for query in (
        gaps.QUERY,
        pipeline.QUERY,
        what_if.QUERY,
        certificate.QUERY,
        critical.QUERY,
        balance.QUERY,
        targets.QUERY,
        fit.QUERY,
        policies.QUERY,
        backtest.QUERY,
        dossier.QUERY,
        producers.QUERY,
        suppliers.QUERY,
        customers.QUERY,
        paths.QUERY,
        region.QUERY,
        coverage.QUERY,
        show.QUERY,
        subgraph.QUERY,
        contents.QUERY,
        search.QUERY,
        check.QUERY,
    )
}
