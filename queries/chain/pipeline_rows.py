"""The rows of the pipeline: a gap with the projects that are to close it, a project with its word and its slippage."""

from collections.abc import Mapping, Sequence

from graph.model.claims import StoredClaim
from graph.model.facts import Fact, is_candidate
from graph.model.predicates import EXCLUDING_FLAGS
from graph.model.units import unit_of
from graph.readers.port import Reader
from queries.base import NodeRef
from queries.chain.assessment import Assessment
from queries.chain.evidence import gap_evidence
from queries.chain.gap_map import kind_name
from queries.chain.gap_rows import link_refs
from queries.chain.pipeline_records import (
    GapAhead,
    GapProject,
    NobodyComing,
    ProjectStanding,
    PromisedAmount,
    SlipTold,
    StatusSeen,
    StaysOpen,
    Waits,
)
from queries.chain.projects_ahead import DATED, ProjectAhead, by_date
from queries.chain.promised import amounts_of, double_counts, promised
from queries.chain.slippage import Slipped

_NAMED = 200


def gap_rows_ahead(
    reader: Reader,
    today: Assessment,
    then: Assessment,
    numbers: Sequence[int],
    makers: Mapping[int, Sequence[ProjectAhead]],
    names: Mapping[str, NodeRef],
    weights: Mapping[str, float],
) -> tuple[GapAhead, ...]:
    """The rows of these gaps, in their order."""
    behind = gap_evidence(reader, today.tally, today.presence, numbers, today.region)
    rows = []
    for number, product, row in zip(numbers, link_refs(reader, today, numbers), behind, strict=True):
        mine = sorted((one for one in makers[number] if one.standing != "done"), key=by_date)
        groups = double_counts(reader, [one for one in makers[number] if one.standing not in ("stopped", "no_status")])
        told, unknown = promised(today.chain, number, mine, groups, weights)
        projects = tuple(_gap_project(today, project, number, names) for project in mine)
        rows.append(
            GapAhead(
                product=product,
                state=today.state(number),
                kind=kind_name(today, number),
                users=int(today.users[number]),
                needed_by=needed_by(today, number),
                state_then=then.state(number),
                kind_then=kind_name(then, number),
                closes_on=_closes_on(today, then, number, mine),
                projects=projects,
                promised=told,
                capacity_unknown=unknown,
                possible_double_count=tuple(tuple(one.id for one in group) for group in groups),
                claims=tuple(sorted({*row.claims}.union(*(one.claims for one in projects)))),
            )
        )
    return tuple(rows)


def _closes_on(today: Assessment, then: Assessment, number: int, mine: Sequence[ProjectAhead]) -> str | None:
    """The date of the first dated project; None for what is made here and stays thin whatever they bring."""
    first = next((one for one in mine if one.standing in DATED), None)
    stays = first is not None and first.standing == "closes" and today.present[number] and then.kind[number] >= 0
    return None if first is None or stays else first.expected


def _gap_project(today: Assessment, project: ProjectAhead, product: int, names: Mapping[str, NodeRef]) -> GapProject:
    chain = today.chain
    amounts = amounts_of(chain, project, product)
    kinds = {product, *chain.below.row(product).tolist()}
    making = {fact.claim for fact in project.products if chain.index[str(fact.object)] in kinds}
    return GapProject(
        project=names[project.id],
        standing=project.standing,
        status=project.word or None,
        status_as_of=project.status.as_of if project.status else None,
        expected=project.expected,
        capacity=tuple(
            PromisedAmount(amount=round(one.base / unit_of(unit).factor, 6), unit=unit)
            for one in amounts.values()
            for unit in (one.facts[0].unit or "",)
        ),
        claims=tuple(sorted({*project.claims, *making})),
    )


def nobody_rows(reader: Reader, today: Assessment, numbers: Sequence[int]) -> tuple[NobodyComing, ...]:
    """The rows of these gaps without a project, in their order."""
    behind = gap_evidence(reader, today.tally, today.presence, numbers, today.region)
    return tuple(
        NobodyComing(
            product=product,
            state=today.state(number),
            kind=kind_name(today, number),
            users=int(today.users[number]),
            needed_by=needed_by(today, number),
            claims=row.claims,
        )
        for number, product, row in zip(numbers, link_refs(reader, today, numbers), behind, strict=True)
    )


def needed_by(today: Assessment, number: int) -> tuple[str, ...]:
    """Who here needs a link: the first ids."""
    return tuple(today.tally.entities[int(one)] for one in today.presence.users.row(number)[:_NAMED])


def project_rows(
    reader: Reader,
    projects: Sequence[ProjectAhead],
    gaps_of: Mapping[str, Sequence[str]],
    slips: Mapping[str, SlipTold],
    names: Mapping[str, NodeRef],
) -> tuple[ProjectStanding, ...]:
    """The rows of these projects, in their order."""
    seen = statuses_seen(reader, [project.id for project in projects])
    return tuple(
        ProjectStanding(
            project=names[one.id],
            standing=one.standing,
            status=one.word or None,
            status_as_of=one.status.as_of if one.status else None,
            history=seen[one.id],
            start=str(one.start.value) if one.start else None,
            published=str(one.completion.value) if one.completion else None,
            expected=one.expected,
            delay_months=one.delay,
            overdue_days=one.overdue_days,
            age_years=one.age_years,
            products=tuple(names[id_] for id_ in sorted({str(fact.object) for fact in one.products})),
            gaps=tuple(gaps_of[one.id]),
            investors=tuple(names[id_] for id_ in sorted({fact.subject for fact in one.investors})),
            investment=tuple(_amounts(one.investment)),
            slip=slips.get(one.id),
            claims=tuple(
                sorted(
                    {
                        *one.claims,
                        *(fact.claim for fact in (*one.products, *one.investors, *one.investment)),
                        *([one.start.claim] if one.start else []),
                    }
                )
            ),
        )
        for one in projects
    )


def _amounts(facts: Sequence[Fact]) -> list[PromisedAmount]:
    return [
        PromisedAmount(amount=fact.value, unit=fact.unit)
        for fact in facts
        if isinstance(fact.value, float) and fact.unit
    ]


def statuses_seen(reader: Reader, projects: Sequence[str]) -> Mapping[str, tuple[StatusSeen, ...]]:
    """Every status that claims which count at the reader's AsOf give each project, oldest first, undated ones first."""
    told = [one for one in reader.claims(projects) if _says_status(one)] if projects else []
    sources = (
        {source.id: source for source in reader.sources(sorted({one.claim.source for one in told}))} if told else {}
    )
    subjects = sorted({one.claim.subject for one in told})
    kept = {asked: node.id for asked, node in zip(subjects, reader.nodes(subjects), strict=True)}
    found: dict[str, list[StatusSeen]] = {project: [] for project in projects}
    for one in told:
        if kept[one.claim.subject] in found and is_candidate(one.claim, sources.get(one.claim.source), reader.as_of):
            found[kept[one.claim.subject]].append(
                StatusSeen(status=str(one.claim.value), as_of=one.claim.as_of, claim=one.id)
            )
    return {
        project: tuple(sorted(seen, key=lambda one: (one.as_of or "", one.claim))) for project, seen in found.items()
    }


def _says_status(one: StoredClaim) -> bool:
    hedged = EXCLUDING_FLAGS.keys() & set(one.claim.flags)
    return one.claim.predicate == "status" and one.status == "accepted" and not hedged


def slip_told(slipped: Slipped, names: Mapping[str, NodeRef], products: Sequence[str], listed: set[int]) -> SlipTold:
    """Slippage in the words of the answer; what no project is to make is named only where it is a gap `listed`."""
    return SlipTold(
        gaps=tuple(
            StaysOpen(
                product=names[products[gap.product]],
                before=gap.before.isoformat(),
                after=gap.after.isoformat(),
                others=tuple(one.id for one in gap.others),
            )
            for gap in slipped.gaps
        ),
        waiting=tuple(
            Waits(
                product=names[products[one.product]],
                before=one.before.isoformat(),
                after=one.after.isoformat(),
                needs=tuple(products[need] for need in one.needs),
                projects=tuple(project.id for project in one.projects),
            )
            for one in slipped.waiting
            if one.projects or one.product in listed
        ),
    )
