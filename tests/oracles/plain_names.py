"""Finding nodes by name with a plain scan: no index, no pinyin."""

from collections.abc import Iterable, Sequence

from graph.model.claims import Claim
from graph.model.kinds import kind_of
from graph.model.names import normal
from graph.model.predicates import NAME_PREDICATES
from graph.stores.port import NameHit

_HOWS = ("exact", "prefix", "contains")


def scan_names(claims: Iterable[Claim], text: str, kinds: Sequence[str] | None, limit: int) -> list[NameHit]:
    """The nodes with a name that is, begins with or contains `text` in normal form, in the order of Store.search."""
    wanted = normal(text)
    best: dict[str, tuple[int, int, str, str, str]] = {}
    for claim in claims:
        if claim.predicate not in NAME_PREDICATES or (kinds and kind_of(claim.subject).name not in kinds):
            continue
        name = str(claim.value)
        form = normal(name)
        if wanted and wanted in form:
            how = 0 if form == wanted else 1 if form.startswith(wanted) else 2
            hit = (how, len(form), claim.subject, name, claim.predicate)
            best[claim.subject] = min(hit, best.get(claim.subject, hit))
    return [NameHit(node, name, field, _HOWS[how]) for how, _, node, name, field in sorted(best.values())][:limit]
