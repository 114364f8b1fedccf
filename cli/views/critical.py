"""What breaks when something is lost: who, what stops, who is hit, through which path, what could stand in."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line
from cli.pieces import footer, headline
from cli.words import cell
from queries.base import NodeRef

if TYPE_CHECKING:
    from queries.chain.critical import CriticalAnswer
    from queries.chain.critical_rows import Consequence, LostProduct

_NAMED = 5
_PATHS = 3
_TITLE = Said("Enterprises and products whose loss breaks most")


def view(answer: "CriticalAnswer", tongue: Tongue) -> Iterator[Block]:
    """A few lines a loss, the worst first; in the end what all of it says."""
    from queries.chain.critical_rows import STANDINGS

    say = tongue.say
    yield headline(f"{cell('region', answer.region, tongue)} · {tongue.sentence(_TITLE.text, {})}", answer, tongue)
    if answer.enterprises:
        yield Line()
        yield Line(_counted(say("If an enterprise is lost"), "enterprises", len(answer.enterprises), answer), "bold")
    for maker in answer.enterprises:
        yield Line()
        yield from _loss(cell("makers", maker.makers, tongue), maker, answer, tongue)
    if answer.products:
        yield Line()
        yield Line(_counted(say("If a product is lost"), "products", len(answer.products), answer), "bold")
    for product in answer.products:
        yield Line()
        standing = tongue.pick(STANDINGS[product.standing])
        name = say("{name} ({standing})", name=cell("product", product.product, tongue), standing=standing)
        yield from _loss(name, product, answer, tongue)
    if answer.loops:
        yield Line()
        told = [_loop(loop.products, loop.size, answer, tongue) for loop in answer.loops[:_PATHS]]
        yield Line(
            say("Loops of recipes, which do not keep themselves alive: {loops}", loops=say("; ").join(told)), "dim"
        )
    alone = [product for loop in answer.loops for product in loop.self_supporting]
    if alone:
        products = _some(alone, len(alone), answer, tongue)
        yield Line(say("Made here only by way of such a loop, so never counted as lost: {products}", products=products))
    silent = answer.looked_at["without_products"]
    if silent:
        yield Line(
            say("Of {count} enterprises here no product is recorded: what they hold up is not known.", count=silent),
            "yellow",
        )
    yield Line()
    yield Line(tongue.pick((answer.said.zh, answer.said.en)), "bold")
    yield from footer(answer, tongue)


def _loss(name: str, row: "Consequence", answer: "CriticalAnswer", tongue: Tongue) -> Iterator[Block]:
    say = tongue.say
    numbers = say(
        "targets {targets}, links {links}, others hit here {hit}",
        targets=row.targets_lost,
        links=row.links_lost,
        hit=row.enterprises_hit,
    )
    yield Line(f"{row.rank}. {name}  {numbers}", "bold")
    if hasattr(row, "makers"):
        gone = _some([one.product for one in row.removed], len(row.removed), answer, tongue)
        yield Line(say("   only maker here of: {products}", products=gone))
    stopping = [one for one in row.lost if one.made_here]
    possible = [one for one in row.lost if not one.made_here]
    if stopping:
        yield Line(say("   stops here: {products}", products=_products(stopping, answer, tongue)))
    if possible:
        yield Line(
            say("   could no longer be made here: {products}", products=_products(possible, answer, tongue)), "dim"
        )
    for lost in row.lost[:_PATHS]:
        path = _path(lost.path, answer, tongue)
        makers = _some(lost.named, lost.makers, answer, tongue)
        yield Line(say("   path: {path}", path=path) + (say("; hit: {makers}", makers=makers) if makers else ""))
    yield from _customers(row, answer, tongue)
    yield from _stand_ins(row, answer, tongue)


def _customers(row: "Consequence", answer: "CriticalAnswer", tongue: Tongue) -> Iterator[Block]:
    if not row.customers:
        return
    say = tongue.say
    by_tier = say(", ").join(
        say("tier {tier}: {count}", tier=tier, count=count) for tier, count in enumerate(row.customers_by_tier, 1)
    )
    yield Line(say("   recorded customers ({tiers}{more})", tiers=by_tier, more="…" if row.customers_cut else ""))
    for customer in row.customers[:_PATHS]:
        links = zip(customer.through, (*customer.products, ""), strict=True)
        told = [one for enterprise, product in links for one in (enterprise, product)]
        yield Line(f"     {_path(told[:-1], answer, tongue)}")


def _stand_ins(row: "Consequence", answer: "CriticalAnswer", tongue: Tongue) -> Iterator[Block]:
    say = tongue.say
    told = []
    for one in row.substitutes[:_NAMED]:
        product = _called(one.product, answer, tongue)
        if one.makers_elsewhere:
            near = one.nearest_in and say(
                ", {count} in {region}", count=one.nearest, region=_called(one.nearest_in, answer, tongue)
            )
            makers = _some(one.named[:_PATHS], one.makers_elsewhere, answer, tongue)
            text = say("{product}: {count} elsewhere", product=product, count=one.makers_elsewhere)
            text += f"{near or ''} ({makers})"
        else:
            text = say("{product}: nobody known elsewhere", product=product)
        if one.kinds_here:
            kinds = _some(one.kinds_here, len(one.kinds_here), answer, tongue)
            text += say(", of its class here: {kinds}", kinds=kinds)
        told.append(text)
    more = "…" if len(row.substitutes) > _NAMED else ""
    yield Line(say("   could stand in: {told}", told=say("; ").join(told) + more))
    routes = []
    for route in row.routes[:_PATHS]:
        way = say(
            "{product} by {process}",
            product=_called(route.product, answer, tongue),
            process=_called(route.process, answer, tongue),
        )
        lacking = _some(route.still_needs, len(route.still_needs), answer, tongue)
        bought = _some(route.buys, len(route.buys), answer, tongue)
        way += say(", buying in {products}", products=bought) if bought else ""
        routes.append(way + (say(", still lacking {products}", products=lacking) if lacking else ""))
    if routes:
        more = "…" if len(row.routes) > _PATHS else ""
        yield Line(say("   other routes: {routes}", routes=say("; ").join(routes) + more), "dim")


def _products(lost: Sequence["LostProduct"], answer: "CriticalAnswer", tongue: Tongue) -> str:
    """Targets are marked."""
    told = [f"{'★' if one.target else ''}{_called(one.product, answer, tongue)}" for one in lost[: 2 * _NAMED]]
    rest = len(lost) - 2 * _NAMED
    return tongue.say(", ").join(told) + (tongue.say(" and {count} more", count=rest) if rest > 0 else "")


def _path(ids: Sequence[str], answer: "CriticalAnswer", tongue: Tongue) -> str:
    """Nodes with, on the arrow between them, what leads from one to the next; nothing where that is called the same."""
    told = _called(ids[0], answer, tongue)
    for through, end in zip(ids[1::2], ids[2::2], strict=True):
        by, name = _called(through, answer, tongue), _called(end, answer, tongue)
        told += f" → {name}" if by in ("", name) else f" →({by})→ {name}"
    return told


def _loop(products: Sequence[str], size: int, answer: "CriticalAnswer", tongue: Tongue) -> str:
    return _some(products[:_NAMED], size, answer, tongue)


def _some(ids: Sequence[str], total: int, answer: "CriticalAnswer", tongue: Tongue) -> str:
    """The first few, and how many more there are."""
    told = tongue.say(", ").join(_called(one, answer, tongue) for one in ids[:_NAMED])
    rest = total - min(len(ids), _NAMED)
    return told + (tongue.say(" and {count} more", count=rest) if rest > 0 else "")


def _called(id_: str, answer: "CriticalAnswer", tongue: Tongue) -> str:
    node = answer.names.get(id_) or NodeRef(id=id_)
    return tongue.name(node.name_zh, node.name_en, id_)


def _counted(title: str, name: str, shown: int, answer: "CriticalAnswer") -> str:
    total = answer.totals[name]
    return f"{title} ({shown})" if total == shown else f"{title} ({shown}/{total:,})"
