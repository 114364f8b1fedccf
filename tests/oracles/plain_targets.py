"""The ranking of `targets` in dicts and loops, written from docs/methods/targets.md alone.

States of the region (demand, users, inputs here) are those of `gaps`, which has an oracle of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import isnan, prod

from graph.model.dates import end_of, start_of
from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.chain.assessment import Assessment

NOT_MAKING = ("plan", "stock")
LEVELS = {"makes": 1.0, "makes_input": 0.2, "makes_from_it": 0.2, "group_makes": 0.6, "group_makes_neighbour": 0.1}
TRADES = ("link", "intermediate", "class", "service", "resource", "coproduct")


@dataclass
class PlainTarget:
    """A candidate: the value of each part, None of what is not known beside its stand-in."""

    enterprise: str
    relation: str
    parts: dict[str, float]
    unknown: set[str]
    score: float


class PlainTargets:
    """Everything about one region."""

    def __init__(self, reader: Reader, found: Assessment, years: float = 5.0, control_share: float = 50.0) -> None:
        self.reader, self.found, self.region = reader, found, found.region
        self.chain = reader.chain()
        self.today = reader.as_of.valid.toordinal()
        self.years, self.control = years, control_share
        self.sources = {source.id: source for source in reader.sources()}
        kinds = ("enterprise", "institution", "project", "product", "region", "policy")
        self.facts: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in reader.facts(reader.ids(kinds)):
            if fact.used:
                self.facts[fact.predicate].append(fact)
        self.enterprises = reader.ids(["enterprise"])
        self.status = {fact.subject: str(fact.value) for fact in self.facts["status"]}
        self.inside = {place for place in reader.ids(["region"]) if self.region in reader.around(place)}
        self.here = {fact.subject for fact in self.facts["located_in"] if fact.object in self.inside}
        self.group = self._groups()
        self.home = {one: self._home(one) for one in self.enterprises}

    # Groups and homes

    @cache  # noqa: B019 - lives as long as the test
    def _controls(self, fact: Fact) -> bool:
        if not fact.subject.startswith("ent:"):
            return False
        owns = self.facts["owns"]
        told = [
            one.value
            for one in owns
            if (one.subject, one.object) == (fact.subject, fact.object)
            and isinstance(one.value, float)
            and one.unit in (None, "%")
        ]
        if told:
            return max(told) >= self.control
        others = {one.subject for one in owns if one.object == fact.object} - {fact.subject}
        return all(
            any({one.subject, one.object} == {fact.subject, other} for one in owns if one.subject != one.object)
            for other in others
        )

    def _groups(self) -> dict[str, str]:
        group = {one: one for one in self.enterprises}
        pairs = [(fact.subject, str(fact.object)) for fact in self.facts["owns"] if self._controls(fact)]
        for _ in self.enterprises:
            for one, other in pairs:
                group[one] = group[other] = min(group[one], group[other])
        return group

    def _parents(self, region: str) -> list[str]:
        return [str(fact.object) for fact in self.facts["part_of"] if fact.subject == region]

    @cache  # noqa: B019 - lives as long as the test
    def _province(self, region: str) -> str | None:
        provinces = [
            one for one in self.reader.around(region) if any(not self._parents(whole) for whole in self._parents(one))
        ]
        if provinces:
            return min(provinces)
        alone = not self._parents(region) and not any(fact.object == region for fact in self.facts["part_of"])
        return region if alone else None

    def _home(self, enterprise: str) -> str | None:
        places = []
        for fact in self.facts["located_in"]:
            if fact.subject == enterprise and (province := self._province(str(fact.object))):
                day = start_of(fact.as_of).toordinal() if fact.as_of else 0
                places.append((bool(fact.flags), day, str(fact.object), province))
        return min(places)[3] if places else None

    # Evidence

    @cache  # noqa: B019 - lives as long as the test
    def _strength(self, fact: Fact) -> float:
        source = self.sources.get(fact.source)
        grade = {"official": 1.0, "company": 0.9, "press": 0.75}.get(source.grade if source else "other", 0.5)
        told = fact.as_of or (source.date if source else None)
        fresh = 0.8
        if told:
            age = (self.today - start_of(told).toordinal()) / 365.25
            fresh = min(1.0, max(0.6, 1 - 0.04 * (age - 3)))
        return grade * fact.confidence * (0.8 if "date_uncertain" in fact.flags else 1.0) * fresh

    def _kinds(self, product: int) -> set[str]:
        return {self.chain.products[one] for one in (product, *self.chain.below.row(product).tolist())}

    @cache  # noqa: B019 - lives as long as the test
    def _made(self, product: int, *, by_projects: bool) -> dict[str, tuple[float, float | None]]:
        """By maker the evidence and the capacity."""
        kinds = self._kinds(product)
        said: defaultdict[str, dict[str, float]] = defaultdict(dict)
        capacity: defaultdict[str, list[float]] = defaultdict(list)

        def tell(maker: str, strength: float, fact: Fact, *, is_capacity: bool) -> None:
            said[maker][fact.source] = max(said[maker].get(fact.source, 0.0), strength)
            amount = _tonnes(fact) if is_capacity else None
            if amount and amount > 0:
                capacity[maker].append(amount)

        if by_projects:
            for invest in self.facts["invests_in"]:
                if invest.subject.startswith("ent:") and self.status.get(str(invest.object)) in (
                    "completed",
                    "in_production",
                ):
                    for planned in self.facts["project_product"]:
                        if planned.subject == invest.object and planned.object in kinds:
                            weaker = min(self._strength(invest), self._strength(planned))
                            tell(invest.subject, weaker, planned, is_capacity=True)
        else:
            for fact in self.facts["produces"]:
                if fact.object in kinds and fact.qualifier not in NOT_MAKING:
                    tell(fact.subject, self._strength(fact), fact, is_capacity=fact.qualifier == "capacity")
        return {
            maker: (
                1 - prod(1 - strength for _, strength in sorted(by_source.items())),
                max(capacity[maker], default=None),
            )
            for maker, by_source in said.items()
        }

    # Neighbours

    @cache  # noqa: B019 - lives as long as the test
    def _neighbours(self, product: int) -> tuple[list[int], list[int]]:
        chain = self.chain
        every = range(len(chain.processes))
        by_step = {p for at in every if chain.kinds[at] != "aggregate" for p in chain.outputs.row(at).tolist()}

        def yields(at: int) -> set[int]:
            whole = set(chain.outputs.row(at).tolist())
            return whole if chain.kinds[at] != "aggregate" else whole - by_step

        above = sorted(chain.above.row(product).tolist(), key=lambda one: (-len(chain.above.row(one)), one))
        standing = next((one for one in (product, *above) if any(one in yields(at) for at in every)), product)

        def takes(at: int) -> set[int]:
            return {*chain.inputs.row(at).tolist(), *chain.services.row(at).tolist()}

        up = {one for at in every if standing in yields(at) for one in takes(at)}
        down = {one for at in every if takes(at) & {product, *above} for one in yields(at)}
        kinds = {product, *above, *chain.below.row(product).tolist()}
        return tuple(  # type: ignore[return-value]
            sorted(one for one in found - kinds if chain.roles[one] in TRADES) for found in (up, down)
        )

    # The list

    def _demand(self, product: int) -> float | None:
        low = float(self.found.quantities.demand.low[product])
        return low if low > 0 and not isnan(low) else None

    def rank(self, name: str, weights: Mapping[str, float]) -> tuple[list[PlainTarget], dict[str, str]]:
        """The candidates in order, and who is left out for what."""
        product = self.chain.index[name]
        related = self._related(product)
        out = {one: why for one in related if (why := self._left_out(one, product))}
        found = [self._target(one, product, *related[one], weights) for one in related if one not in out]
        return sorted(found, key=lambda one: (-round(one.score, 12), one.enterprise)), out

    def _related(self, product: int) -> dict[str, tuple[str, int, float]]:
        """Of every candidate the relation, the product it is about, and the value of `makes`."""
        demand = self._demand(product)

        def bracket(capacity: float | None) -> float:
            return 0.75 + 0.25 * min(1.0, capacity / demand) if capacity and demand else 0.75

        up, down = self._neighbours(product)
        offers: defaultdict[str, list[tuple[float, int, str, int]]] = defaultdict(list)
        order = list(LEVELS)

        def offer(who: Iterable[str], relation: str, about: int, value: float) -> None:
            for one in who:
                offers[one].append((-value * LEVELS[relation], order.index(relation), relation, about))

        for relation, sister, abouts in (
            ("makes", "group_makes", [product]),
            ("makes_input", "group_makes_neighbour", up),
            ("makes_from_it", "group_makes_neighbour", down),
        ):
            for about in abouts:
                for by_projects in (False, True):
                    for maker, (evidence, capacity) in self._made(about, by_projects=by_projects).items():
                        value = (0.5 + 0.5 * evidence) * (bracket(capacity) if about == product else 0.75)
                        if not by_projects:
                            offer([maker], relation, about, value)
                        if maker not in self.here:
                            members = [one for one in self.enterprises if self.group[one] == self.group[maker]]
                            offer(members, sister, about, value)
        best = {who: min(found, key=lambda one: (round(one[0], 12), one[1], one[3])) for who, found in offers.items()}
        return {who: (relation, about, -value) for who, (value, _, relation, about) in best.items()}

    def _projects_here(self, enterprise: str) -> list[str]:
        return [
            str(fact.object)
            for fact in self.facts["invests_in"]
            if fact.subject == enterprise
            and fact.object in self.here
            and self.status.get(str(fact.object)) not in ("cancelled", "suspended")
        ]

    def _left_out(self, enterprise: str, product: int) -> str | None:
        kinds = self._kinds(product)
        making = [
            project
            for project in self._projects_here(enterprise)
            if any(fact.subject == project and fact.object in kinds for fact in self.facts["project_product"])
        ]
        done = [one for one in making if self.status.get(one) in ("completed", "in_production")]
        if any(f.subject == enterprise and f.value == "dissolved" for f in self.facts["operating_status"]):
            return "dissolved"
        if any(fact.object == enterprise for fact in self.facts["bars"]):
            return "export_barred"
        if enterprise in self.here or done:
            return "already_here"
        return "coming" if making else None

    def _target(
        self, who: str, product: int, relation: str, about: int, makes: float, weights: Mapping[str, float]
    ) -> PlainTarget:
        presence = self.found.presence
        room = self._room(who, about)
        whole, half, any_here = self._policies(product)
        policy = whole + 0.5 * half
        parts = {
            "makes": makes,
            "pull": 0.5 * self._served(who, product) + 0.5 * self._trades(who),
            "push": float(presence.inputs_here[product]) if presence.has_recipe[product] else 0.0,
            "ties": self._ties(who),
            "movement": self._movement(who),
            "room": 0.5 if room is None else room,
            "policy": policy / (policy + 1),
        }
        unknown = {
            name
            for name, is_unknown in (
                ("push", not presence.has_recipe[product]),
                ("movement", self.home[who] is None),
                ("room", room is None),
                ("policy", not any_here),
            )
            if is_unknown
        }
        parts = {name: round(value, 9) for name, value in parts.items()}
        score = sum(weights[name] * value for name, value in parts.items()) / sum(weights.values())
        return PlainTarget(who, relation, parts, unknown, score)

    def _served(self, who: str, product: int) -> float:
        users = max(int(self.found.users[product]), int(self.found.quantities.demand.of[product]))
        demand = self._demand(product)
        told = [
            capacity
            for by_projects in (False, True)
            for maker, (_, capacity) in self._made(product, by_projects=by_projects).items()
            if capacity and self.group[maker] == self.group[who]
        ]
        by_tonnes = min(1.0, max(told) / demand) if told and demand else 0.0
        return max(users / (users + 3), by_tonnes)

    @cache  # noqa: B019 - lives as long as the test
    def _trades(self, who: str) -> float:
        partners: defaultdict[str, set[str]] = defaultdict(set)
        for fact in self.facts["supplies"]:
            for one, other in ((fact.subject, str(fact.object)), (str(fact.object), fact.subject)):
                if other in self.here and self.group[one] != self.group[other]:
                    partners[one].add(other)
        mine = len(partners[who])
        ours = len({firm for one, firms in partners.items() if self.group[one] == self.group[who] for firm in firms})
        return max(mine / (mine + 1), 0.5 * ours / (ours + 1))

    @cache  # noqa: B019 - lives as long as the test
    def _ties(self, who: str) -> float:
        group = self.group[who]
        here = [one for one in self.enterprises if one in self.here]
        holds = partners = False
        for fact in self.facts["owns"]:
            if {fact.subject, fact.object} <= set(self.enterprises) and not self._controls(fact):
                holds |= any(
                    one == who and other in self.here and self.group[str(other)] != group
                    for one, other in ((fact.subject, fact.object), (fact.object, fact.subject))
                )
        for fact in self.facts["partners_with"]:
            partners |= any(
                one == who and other in self.here and self.group.get(str(other)) != group
                for one, other in ((fact.subject, fact.object), (fact.object, fact.subject))
            )
        flags = (any(self.group[one] == group for one in here), bool(self._projects_here(who)), holds, partners)
        return 1 - prod(1 - weight for flag, weight in zip(flags, (0.8, 0.5, 0.5, 0.5), strict=True) if flag)

    @cache  # noqa: B019 - lives as long as the test
    def _movement(self, who: str) -> float:
        home = self.home[who]
        if home is None:
            return 0.0
        acting = {who} | {str(f.object) for f in self.facts["owns"] if f.subject == who and self._controls(f)}

        def recent(day: int) -> bool:
            return self.today - self.years * 365.25 < day <= self.today

        # One of each pair of who acts and what it invests in.
        projects = {(f.subject, str(f.object)) for f in self.facts["invests_in"] if f.subject in acting}
        moved = 0.0
        for _, project in projects:
            places = [self._province(str(f.object)) for f in self.facts["located_in"] if f.subject == project]
            province = next((one for one in places if one), None)
            days = [
                start_of(fact.as_of).toordinal()
                for name in ("invests_in", "located_in", "status")
                for fact in self.facts[name]
                if fact.as_of and (fact.object if name == "invests_in" else fact.subject) == project
            ]
            dropped = self.status.get(project) in ("cancelled", "suspended")
            if not dropped and province and province != home and days and recent(min(days)):
                moved += 1
        for fact in self.facts["located_in"]:
            province = self._province(str(fact.object))
            if fact.subject in acting and not fact.flags and province and province != home and fact.as_of:
                moved += 0.5 * recent(start_of(fact.as_of).toordinal())
        return moved / (moved + 2)

    def _room(self, who: str, about: int) -> float | None:
        home = self.home[who]
        near = {m: c for m, (_, c) in self._made(about, by_projects=False).items() if home and self.home[m] == home}
        ours = [maker for maker in near if self.group[maker] == self.group[who]]
        if not ours:
            return None
        telling = [capacity for capacity in near.values() if capacity]
        if len(telling) >= 5 and len(telling) >= 0.5 * len(near):
            return 1 - sum(near[maker] or 0.0 for maker in ours) / sum(telling)
        return 1 - len(ours) / len(near)

    def _policies(self, product: int) -> tuple[int, bool, bool]:
        wanted = {self.chain.products[one] for one in (product, *self.chain.above.row(product).tolist())}
        around = set(self.reader.around(self.region))
        over = {
            fact.subject
            for name in ("start_date", "completion_date")
            for fact in self.facts[name]
            if (name == "start_date" and start_of(str(fact.value)) > self.reader.as_of.valid)
            or (name == "completion_date" and end_of(str(fact.value)) < self.reader.as_of.valid)
        }
        whole, half, any_here = 0, False, False
        for policy in {fact.subject for fact in self.facts["supports"]} - over:
            supported = {str(fact.object) for fact in self.facts["supports"] if fact.subject == policy}
            products = {one for one in supported if one.startswith("prd:")}
            here, national = bool(supported & around), supported == products
            any_here |= here
            whole += bool(products & wanted) and (here or national)
            half |= here and not products
        return whole, half, any_here


def _tonnes(fact: Fact) -> float | None:
    from graph.model.units import unit_of

    if not isinstance(fact.value, float) or not fact.unit:
        return None
    unit = unit_of(fact.unit)
    return fact.value * unit.factor if unit.dimension == "mass/time" else None
