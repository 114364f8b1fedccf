"""One link of a region with all that its state rests on: what a promoter hands over, and anybody can check."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from graph.model.facts import Fact
from graph.readers.port import Reader
from graph.readers.port_types import ChainEvidence, Maker
from queries.base import Query, envelope, resolve_name
from queries.chain.absence import UNCOVERED_CHAIN, WHY_UNKNOWN, completeness
from queries.chain.assessment import KIND_NAMES, Assessment, Thresholds, assess
from queries.chain.certificate_parts import (
    CertificateAnswer,
    CertifiedMaker,
    CertifiedUser,
    CountryCount,
    Coverage,
    Making,
    Need,
)
from queries.chain.evidence import gap_evidence
from queries.chain.finding import finding, rule_of
from queries.chain.gap_rows import gap_rows, link_refs
from queries.chain.grounds import Grounds
from queries.chain.routes import flow_facts, needing_processes, routes_to, yielding
from queries.chain.selection import InRegion
from queries.chain.spoken import Said
from queries.chain.supply import supply_of
from queries.evidence import Evidence, by_subject, places_of

LISTED = 100


class CertificateParams(Thresholds, InRegion):
    """Which link of which region."""

    product: str = Field(max_length=400, title="产品", description="product: name, alias, code or id")


def run(reader: Reader, params: CertificateParams) -> CertificateAnswer:
    """Works for a product in any state."""
    region = resolve_name(reader, params.region, ("region",))
    product = resolve_name(reader, params.product, ("product",))
    found = assess(reader, region, params)
    number = found.chain.index[product]
    row = (
        gap_rows(reader, found, [number], params)[0]
        if found.kind[number] >= 0
        else gap_evidence(reader, found.tally, found.presence, [number], region)[0]
    )
    makers = reader.makers(product, region)
    here = [maker for maker in makers if maker.here]
    elsewhere = [maker for maker in makers if not maker.here]
    users = [found.tally.entities[int(who)] for who in found.presence.users.row(number)]
    processes = yielding(found, number)

    flows = flow_facts(reader, found, processes)
    stated = _stated(reader, found, number)
    listed = [*here[:LISTED], *elsewhere[:LISTED]]
    consumes = _consumes(reader, users[:LISTED], product)
    places = places_of(reader, [*(maker.entity for maker in listed), *users[:LISTED]])
    told = [*flows, *stated, *(fact for maker in listed for fact in maker.facts), *consumes.values()]
    told += [place for facts in places.values() for place in facts]
    needing = _Needs(found, number)
    evidence = Evidence(reader, told, [region, *users[:LISTED], *(maker.entity for maker in listed), *needing.nodes])
    countries = _countries(reader, [maker.entity for maker in makers])
    claims = Grounds(reader, found).of(number) | {claim for fact in told for claim in (fact.claim, *fact.conflicts)}
    claims.update(row.claims)
    routes = routes_to(reader, found, number, processes, flows, evidence)
    why = tuple(WHY_UNKNOWN)[found.absence.why[number]] if found.unknown[number] else None
    totals = {"local_makers": len(here), "makers_elsewhere": len(elsewhere), "users": len(users)}

    def certified(maker: Maker) -> CertifiedMaker:
        return CertifiedMaker(
            enterprise=evidence.node(maker.entity),
            country=countries.get(maker.entity),
            places=tuple(evidence.place(place) for place in places[maker.entity]),
            makes=tuple(
                Making(product=evidence.node(str(fact.object)), statement=evidence.statement(fact))
                for fact in maker.facts
            ),
        )

    answer = CertificateAnswer(
        # Nothing of the rest of the graph: a load elsewhere leaves the certificate the same.
        **envelope("certificate", reader, params, region=region, product=product),
        looked_at={"processes": len(routes), "makers": len(makers), "claims": len(claims)},
        unplaced=sum(not maker.placed for maker in makers),
        truncated=any(total > LISTED for total in totals.values()),
        region=evidence.node(region),
        product=link_refs(reader, found, [number])[0],
        state=found.state(number),
        kind=KIND_NAMES[found.kind[number]] if found.kind[number] >= 0 else None,
        absence=("stated" if found.stated[number] else "searched") if found.missing[number] else None,
        why_unknown=why,
        flags=getattr(row, "flags", () if found.presence.has_recipe[number] else ("no_recipe",)),
        rule=rule_of(found, number, params, why),
        thresholds=Thresholds(**params.model_dump(include=set(Thresholds.model_fields))),
        routes=routes,
        inputs_here=round(float(found.presence.inputs_here[number]), 4),
        local_makers=tuple(certified(maker) for maker in here[:LISTED]),
        makers_elsewhere=tuple(certified(maker) for maker in elsewhere[:LISTED]),
        by_country=_by_country(countries.get(maker.entity) for maker in elsewhere),
        users=tuple(
            CertifiedUser(
                enterprise=evidence.node(who),
                places=tuple(evidence.place(place) for place in places[who]),
                needs=needing.of(who, evidence, consumes.get(who)),
            )
            for who in users[:LISTED]
        ),
        totals=totals,
        concentration=row.concentration,
        local_concentration=row.local_concentration,
        supply=supply_of(found.quantities, number),
        pipeline=row.pipeline,
        closes_on=row.closes_on,
        coverage=_coverage(found, number, params),
        stated_by=evidence.statements(stated),
        claims=tuple(sorted(claims)),
        said=Said(zh="", en=""),
    )
    return answer.model_copy(update={"said": finding(answer)})


class _Needs:
    """Why each user needs the product: which product made here needs it, and by which recipes."""

    def __init__(self, found: Assessment, number: int) -> None:
        chain = found.chain
        self._ways: list[tuple[str, tuple[str, ...], frozenset[str]]] = []
        for made in found.presence.needing.row(number).tolist():
            ways = tuple(chain.processes[way] for way in needing_processes(found, number, made))
            makers = frozenset(found.tally.entities[int(who)] for who in found.tally.makers.row(made))
            self._ways.append((chain.products[made], ways, makers))
        self.nodes = sorted({node for made, ways, _ in self._ways for node in (made, *ways)})

    def of(self, who: str, evidence: Evidence, consumes: Fact | None) -> tuple[Need, ...]:
        """The needs of one user, told outright first."""
        outright = (Need(product=None, processes=(), statement=evidence.statement(consumes)),) if consumes else ()
        return (
            *outright,
            *(
                Need(product=evidence.node(made), processes=tuple(evidence.node(way) for way in ways), statement=None)
                for made, ways, makers in self._ways
                if who in makers
            ),
        )


def _consumes(reader: Reader, users: Sequence[str], product: str) -> Mapping[str, Fact]:
    told = reader.facts(users, ("consumes",), "out") if users else ()
    return {fact.subject: fact for fact in told if fact.used and fact.object == product}


def _stated(reader: Reader, found: Assessment, number: int) -> tuple[Fact, ...]:
    """The statements that nobody here makes it, where they count."""
    claims = {claim for one in found.tally.stated if one.product == number for claim in one.claims}
    around = reader.around(found.region) if claims else ()
    told = (*reader.facts(around, ("lacks",), "out"), *reader.facts(around, ("surveys",), "in")) if claims else ()
    return tuple(fact for fact in told if fact.claim in claims)


def _countries(reader: Reader, makers: Sequence[str]) -> Mapping[str, str]:
    told = by_subject(reader.facts(makers, ("country",), "out") if makers else ())
    return {
        who: str(next(fact.value for fact in facts if fact.used))
        for who, facts in told.items()
        if any(f.used for f in facts)
    }


def _by_country(countries: Iterable[str | None]) -> tuple[CountryCount, ...]:
    counts = Counter(countries)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0] or ""))
    return tuple(CountryCount(country=country, makers=makers) for country, makers in ordered)


def _coverage(found: Assessment, number: int, thresholds: Thresholds) -> Coverage:
    word = found.chain.chains[number]
    elsewhere = bool(found.tally.total[number] > len(found.tally.makers.row(number)))
    if word in (None, UNCOVERED_CHAIN):
        none = dict.fromkeys((*ChainEvidence._fields, "completeness"))
        return Coverage(chain=word, enough_makers=False, enough_sources=False, made_elsewhere=elsewhere, **none)
    told = found.tally.evidence.get(word or "", ChainEvidence(0, 0, 0, 0, 0, None))
    return Coverage(
        chain=word,
        **told._asdict(),
        completeness=completeness(told),
        enough_makers=told.makers >= thresholds.min_makers,
        enough_sources=told.recent >= thresholds.min_sources,
        made_elsewhere=elsewhere,
    )


QUERY = Query(
    "certificate",
    "缺环证明",
    "One link of a region with all that its state rests on, to keep and to check",
    CertificateParams,
    CertificateAnswer,
    run,
    positional=("region", "product"),
)
