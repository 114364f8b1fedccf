"""The routes to a product as a region sees them: every process that yields it, and how each input stands here."""

from collections.abc import Iterable

import numpy as np

from graph.model.facts import Fact
from graph.readers.port import Reader
from graph.readers.ragged import inverse
from queries.base import refs
from queries.chain.assessment import Assessment
from queries.chain.certificate_parts import Route, RouteInput, RouteService, Standing, WhyNot
from queries.chain.gap_rows import link_refs
from queries.chain.presence import COUNTED_INPUTS
from queries.evidence import Evidence

_NAMED = 20


def standing_of(found: Assessment, number: int) -> Standing:
    """How a product stands here as an input; `not_here` is what nothing else fits."""
    presence, role = found.presence, found.chain.roles[number]
    if presence.made[number]:
        return "made_here"
    if presence.implied[number]:
        return "implied"
    if role in ("auxiliary", "coproduct"):
        return "auxiliary" if role == "auxiliary" else "coproduct"
    if presence.class_known[number]:
        return "class_evidence"
    return "intermediate_in_use" if presence.available[number] else "not_here"


def yielding(found: Assessment, number: int) -> list[int]:
    """The processes that yield a product: those that count here first, then by id."""
    processes = inverse(found.chain.outputs, len(found.chain.products)).row(number).tolist()
    counting = set(counting_for(found, number))
    return sorted(processes, key=lambda process: (process not in counting, process))


def counting_for(found: Assessment, number: int) -> list[int]:
    """The processes that count here as ways to make a product."""
    recipes = found.presence.recipes
    return sorted(recipes.process[recipes.product == number].tolist())


def needing_processes(found: Assessment, number: int, made: int) -> list[int]:
    """The recipes by which makers of `made` need a product: those with the fewest inputs that are not here."""
    chain, available = found.chain, found.presence.available
    ways = counting_for(found, made)
    lacking = {way: int(np.count_nonzero(~available[chain.inputs.row(way)])) for way in ways}
    fewest = min(lacking.values(), default=0)
    return [
        way
        for way in ways
        if lacking[way] == fewest
        and (number in chain.inputs.row(way) or (not fewest and number in chain.services.row(way)))
    ]


def flow_facts(reader: Reader, found: Assessment, processes: Iterable[int]) -> tuple[Fact, ...]:
    """What is said of the inputs, outputs and services of processes, as far as it counts."""
    names = [found.chain.processes[process] for process in processes]
    if not names:
        return ()
    told = (*reader.facts(names, ("input_to",), "in"), *reader.facts(names, ("yields", "uses"), "out"))
    return tuple(fact for fact in told if fact.used)


def routes_to(
    reader: Reader, found: Assessment, number: int, processes: list[int], flows: tuple[Fact, ...], evidence: Evidence
) -> tuple[Route, ...]:
    """The routes over these processes; `flows` are their facts and `evidence` covers them."""
    chain, presence = found.chain, found.presence
    counting = set(counting_for(found, number))
    # A flow may be told by several documents in several units: the first in key order is shown.
    said: dict[tuple[str, str, str], Fact] = {}
    for fact in flows:
        said.setdefault((fact.predicate, fact.subject, str(fact.object)), fact)
    parts = sorted(
        {int(p) for process in processes for rows in (chain.inputs, chain.services) for p in rows.row(process)}
    )
    products = dict(zip(parts, link_refs(reader, found, parts), strict=True))
    here = {at: [found.tally.entities[int(who)] for who in found.tally.makers.row(at)] for at in parts}
    names = refs(reader, sorted({who for makers in here.values() for who in makers[:_NAMED]}))
    sites = {chain.sites[process] for process in processes} - {None}
    nodes = refs(reader, sorted({chain.processes[process] for process in processes} | {str(site) for site in sites}))

    def route(process: int) -> Route:
        name, site = chain.processes[process], chain.sites[process]
        inputs = []
        for at in chain.inputs.row(process).tolist():
            inputs.append(
                RouteInput(
                    product=products[at],
                    quantity=evidence.statement(said["input_to", chain.products[at], name]),
                    standing=standing_of(found, at),
                    counted=chain.roles[at] in COUNTED_INPUTS,
                    makers=tuple(names[who] for who in here[at][:_NAMED]),
                    makers_total=len(here[at]),
                )
            )
        counted = [one.standing != "not_here" for one in inputs if one.counted]
        why: WhyNot = "aggregate_beside_step" if presence.recipes.applies[process] else "deposit_elsewhere"
        return Route(
            process=nodes[name],
            kind=chain.kinds[process],
            applies=process in counting,
            why_not=None if process in counting else why,
            site=nodes[site] if site else None,
            output=evidence.statement(said["yields", name, chain.products[number]]),
            inputs=tuple(inputs),
            services=tuple(
                RouteService(
                    product=products[at],
                    statement=evidence.statement(said["uses", name, chain.products[at]]),
                    here=bool(presence.made[at]),
                )
                for at in chain.services.row(process).tolist()
            ),
            share=round(sum(counted) / len(counted), 4) if counted else None,
        )

    return tuple(route(process) for process in processes)
