"""Who came to a region after a day, by what is known now: the cases a list of that day is measured by.

docs/methods/backtest.md has the definition in words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from graph.model.dates import AsOf
from graph.model.kinds import kind_of
from graph.model.predicates import NOT_MAKING
from graph.readers.port import Reader
from queries.backtest.dates import History, Told, told_by_then
from queries.backtest.owners import Owners
from queries.chain.selection import LINK_ROLES

Way = Literal["project", "place", "owner"]
WAYS: dict[str, tuple[str, str]] = {
    "project": ("投资本地项目", "invests in a project here"),
    "place": ("在本地新设", "has a new place here"),
    "owner": ("控股本地新企业", "controls a new enterprise here"),
}
# Why somebody who came, or a product of theirs, is no case; counted, not listed.
LEFT_OUT: dict[str, tuple[str, str]] = {
    "undated": ("没有日期，不知早晚", "not dated, so it is not known whether before or after"),
    "here_before": ("截止日前已在本地", "already here at the cut-off"),
    "group_here": ("同一集团截止日前已在本地", "its owner group was here at the cut-off"),
    "home_grown": ("本地企业，外地控股方不详", "an enterprise of this region, no owner from elsewhere is known"),
    "institution": ("政府、院所等，不是企业", "an institution, not an enterprise"),
    "no_product": ("不知生产什么", "what it makes here is not known"),
    "not_a_link": ("产品不是招商环节", "its product is no link of the chain"),
}


# 包头市 stands as 包头 in the names of its firms.
_TOWN = re.compile(r"(?<=..)(自治区|[省市县区旗州盟])$")


class Comer(NamedTuple):
    """An enterprise that came with a product (an index into the chain), first on record on `date`.

    `through`: the projects and local enterprises by which, or itself.
    """

    enterprise: str
    product: int
    date: str
    ways: tuple[str, ...]
    through: tuple[str, ...]
    claims: tuple[str, ...]


class Comers(NamedTuple):
    """The cases by date, enterprise, product; and by reason how many comings or products of comings are none."""

    cases: tuple[Comer, ...]
    left_out: dict[str, int]


class _Coming(NamedTuple):
    """Somebody's coming by way of something, before it is known with which products."""

    enterprise: str
    way: Way
    through: str
    told: Told
    claims: tuple[str, ...]


def find_comers(reader: Reader, then: Reader, region: str, control_share: float) -> Comers:
    """Those on record after the cut-off (the day of `then`, a reader of what was known by it) and not before.

    A share of `control_share` % makes an owner the one who came.
    """
    return _Search(reader, then, region, control_share).comers()


class _Search:
    def __init__(self, reader: Reader, then: Reader, region: str, control_share: float) -> None:
        self._reader = reader
        self._then = then
        self._cut_off = then.as_of.valid
        self._region = region
        self._out: Counter[str] = Counter()
        projects = reader.placed(region, ("project",))
        self._invests = [f for f in reader.facts(projects, ("invests_in",), "in") if f.used] if projects else []
        newest = reader.placed(region, ("enterprise",))
        # As is known now: what was here at the cut-off, whenever somebody wrote it down.
        at_cut_off = reader.at(AsOf(self._cut_off, reader.as_of.known_at))
        self._before = set(at_cut_off.placed(region, ("enterprise",)))
        self._groups = Owners(at_cut_off, control_share)
        self._arrived = [one for one in newest if one not in self._before]
        investors = {fact.subject for fact in self._invests if kind_of(fact.subject).name == "enterprise"}
        self._places: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._owners = Owners(reader, control_share)
        above = {owner for one in {*investors, *self._arrived} for owner in self._owners.of(one)}
        everybody = sorted({*investors, *self._arrived, *above})
        for fact in reader.facts(everybody, ("located_in",)) if everybody else ():
            if fact.used:
                self._places[fact.subject].append((str(fact.object), fact.claim))
        regions = {place for places in self._places.values() for place, _ in places}
        self._inside = {place for place in regions if region in reader.around(place)}
        self._history = History(reader, [*projects, *everybody])
        self._of_town, self._of_province = _called_after(reader, region, everybody)
        self._invested_before = {
            fact.subject for fact in self._invests if self._by_then(self._history.first(str(fact.object)))
        }

    def comers(self) -> Comers:
        comings = [*self._by_projects(), *self._by_places()]
        found: defaultdict[tuple[str, int], list[_Coming]] = defaultdict(list)
        for coming in comings:
            for product, claims in self._products_of(coming):
                found[coming.enterprise, product].append(coming._replace(claims=(*coming.claims, *claims)))
        cases = [
            Comer(
                enterprise,
                product,
                min(ways, key=lambda one: one.told).told.text,
                tuple(way for way in WAYS if any(one.way == way for one in ways)),
                tuple(sorted({one.through for one in ways})),
                tuple(sorted({claim for one in ways for claim in one.claims})),
            )
            for (enterprise, product), ways in found.items()
        ]
        cases.sort(key=lambda one: (one.date, one.enterprise, one.product))
        return Comers(tuple(cases), {reason: self._out[reason] for reason in LEFT_OUT})

    def _by_projects(self) -> Iterable[_Coming]:
        for fact in self._invests:
            told = self._later(fact.object or "")
            if told is None:
                continue
            if kind_of(fact.subject).name != "enterprise":
                self._out["institution"] += 1
                continue
            standing = self._standing(fact.subject)
            if standing == "new":
                yield from self._by_owner(fact.subject, str(fact.object), told, fact.claim)
            elif standing == "here":
                self._out["here_before"] += 1
            else:
                yield _Coming(fact.subject, "project", str(fact.object), told, (fact.claim, told.claim))

    def _by_places(self) -> Iterable[_Coming]:
        for enterprise in self._arrived:
            place = next(claim for region, claim in self._places[enterprise] if region in self._inside)
            standing = self._standing(enterprise)
            if standing == "new":
                first = self._history.first(enterprise)
                if first is None:
                    self._out["undated"] += 1
                else:
                    yield from self._by_owner(enterprise, enterprise, first, place)
                continue
            told = self._history.first_link(enterprise, "located_in", self._inside)
            if standing == "here" or told is None:
                self._out["here_before" if told else "undated"] += 1
            elif self._group_was_here(enterprise):
                self._out["group_here"] += 1
            else:
                yield _Coming(enterprise, "place", enterprise, told, (place, told.claim))

    def _by_owner(self, local: str, through: str, told: Told, claim: str) -> Iterable[_Coming]:
        """The owners from elsewhere of a new enterprise of this region; it is itself nobody who was invited."""
        owners = self._owners.of(local)
        if not owners:
            self._out["home_grown"] += 1
        for owner in owners:
            standing = self._standing(owner)
            if standing != "elsewhere":
                self._out["here_before" if standing == "here" else "home_grown"] += 1
            elif self._group_was_here(owner):
                self._out["group_here"] += 1
            else:
                owned = self._reader.cite([owner], ("owns",), [local])
                yield _Coming(owner, "owner", through, told, (claim, told.claim, *owned))

    def _standing(self, enterprise: str) -> Literal["here", "new", "elsewhere"]:
        """Whether it was here at the cut-off, is a new enterprise of this region, or comes from elsewhere.

        Who invested in a project here before was here. One whose only known places are here, but which was on record
        before without them, came from elsewhere: pages on a newcomer often tell of no other place. Not so one that is
        called after the place or was merely founded.
        """
        if enterprise in self._before or enterprise in self._invested_before:
            return "here"
        places = self._places.get(enterprise, ())
        if any(region not in self._inside for region, _ in places):
            return "elsewhere"
        called_here = enterprise in self._of_town or (bool(places) and enterprise in self._of_province)
        if told_by_then(self._then, enterprise) or self._by_then(self._history.first(enterprise, but="founded")):
            return "here" if called_here else "elsewhere"
        if not places and not called_here:
            return "elsewhere"
        return "here" if self._by_then(self._history.first(enterprise)) else "new"

    def _by_then(self, told: Told | None) -> bool:
        return told is not None and told.day <= self._cut_off

    def _later(self, project: str) -> Told | None:
        """When a project is first on record, when that is after the cut-off and nobody had told of it by then."""
        first = self._history.first(project)
        if self._by_then(first) or told_by_then(self._then, project):
            return None
        if first is None:
            self._out["undated"] += 1
        return first

    def _group_was_here(self, enterprise: str) -> bool:
        """Whether another enterprise of its owner group was here at the cut-off."""
        return bool(self._groups.group(enterprise) & self._before)

    def _products_of(self, coming: _Coming) -> list[tuple[int, tuple[str, ...]]]:
        """What the project is for, or what the enterprise makes, with the claims that say so."""
        project = kind_of(coming.through).name == "project"
        facts = self._reader.facts([coming.through], ("project_product" if project else "produces",))
        chain = self._reader.chain()
        made: defaultdict[int, list[str]] = defaultdict(list)
        for fact in facts:
            if fact.used and (project or fact.qualifier not in NOT_MAKING):
                made[chain.index[str(fact.object)]].append(fact.claim)
        if not made:
            self._out["no_product"] += 1
        links = {product: tuple(claims) for product, claims in made.items() if chain.roles[product] in LINK_ROLES}
        self._out["not_a_link"] += len(made) - len(links)
        return sorted(links.items())


def _called_after(reader: Reader, region: str, enterprises: list[str]) -> tuple[set[str], set[str]]:
    """The enterprises whose names begin with the town, and those with the province at the front or in brackets."""
    town, province = _names_of_places(reader, region)
    bracketed = tuple(f"({name})" for name in province)  # 北方中鑫安泰新材料(内蒙古)有限公司
    of_town, of_province = set[str](), set[str]()
    for node in reader.nodes(enterprises) if enterprises else ():
        zh, en = node.name_zh or "", node.name_en or ""
        if zh.startswith(town) or en.startswith(town):
            of_town.add(node.id)
        if zh.startswith(province) or any(one in zh for one in bracketed):
            of_province.add(node.id)
    return of_town, of_province


def _names_of_places(reader: Reader, region: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What firms registered in the region are called after: it and what is around it below the province; the province.

    A province is part of a root region, which is part of none.
    """
    around = reader.around(region)
    wider = {one: set(reader.around(one)) - {one} for one in around}
    towns = [one for one in around if any(wider[whole] for whole in wider[one])]
    provinces = [one for one in around if one not in towns and wider[one]]
    return _short_names(reader, towns or [region]), _short_names(reader, provinces)


def _short_names(reader: Reader, regions: list[str]) -> tuple[str, ...]:
    names = {name for node in reader.nodes(regions) for name in (node.name_zh, node.name_en) if name}
    return tuple(sorted(_TOWN.sub("", name) for name in names))
