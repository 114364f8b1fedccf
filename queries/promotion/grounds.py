"""Why a part of a candidate's score is what it is: one line in both languages, and the claims behind it."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from graph.readers.ragged import pairs
from queries.chain.presence import COUNTED_INPUTS
from queries.chain.spoken import Said, amount, counted, names, percent, say
from queries.chain.spoken import named as spoken
from queries.promotion.candidates import RELATION_NAMES, Relation
from queries.promotion.citing import CITED, Citing
from queries.promotion.scores import PART_NAMES

# Nodes asked about for the claims of a part.
_ASKED = 40
Ground = tuple[Said, tuple[str, ...]]
_MAKING = ("produces", "project_product")


class Grounds(Citing):
    """The reasons of one ranking. What is the same for all its candidates is worked out once."""

    def of(self, rank: int) -> dict[str, Ground]:
        """By part, of the candidate at a rank (from 0)."""
        place, who = int(self._ranking.at[rank]), int(self._ranking.numbers[rank])
        return {
            "makes": self._makes(place, who),
            "pull": self._pull(who),
            "push": self._push,
            "ties": self._ties(who),
            "movement": self._movement(who),
            "room": self._room(place, who),
            "policy": self._policy,
        }

    def unknown(self, rank: int, part: str) -> bool:
        """Whether nothing is known of a part."""
        return bool(self._ranking.unknown[rank, PART_NAMES.index(part)])

    # makes

    def _makes(self, place: int, who: int) -> Ground:
        pool = self._ranking.pool
        relation = RELATION_NAMES[int(pool.relation[place])]
        about, by = int(pool.about[place]), int(pool.by[place])
        claims = self.making(by, about)
        capacity = float(pool.capacity[place]) if relation in ("makes", "group_makes") else float("nan")
        told = say("，已知产能{of}", ", with a capacity of {of}", of=amount(capacity)) if capacity > 0 else NOTHING
        product, sources = spoken(self.name(self._land.chain.products[about])), self._sources(claims)
        if by == who:
            text = _OWN[relation] if relation in _OWN else _OWN["makes"]
            return say(*text, product=product, told=told, sources=sources), claims
        member = spoken(self.named(by))
        text = (
            (
                "同集团的{member}生产{product}{told}（{sources}）",
                "{member} of its group makes {product}{told} ({sources})",
            )
            if relation == "group_makes"
            else (
                "同集团的{member}生产其上下游{product}（{sources}）",
                "{member} of its group makes the neighbour {product} ({sources})",
            )
        )
        return say(*text, member=member, product=product, told=told, sources=sources), claims + self._ways(who, by)

    def _sources(self, claims: Sequence[str]) -> Said:
        return counted(len(claims), "条陈述", "statement")

    # pull

    def _pull(self, who: int) -> Ground:
        land, desk = self._land, self._desk
        alone, together = desk.supply_links
        group = int(land.group[who])
        mine = int(alone[who])
        by_group = together[group] / (together[group] + 1) / 2 > mine / (mine + 1)
        traders = land.members(group) if by_group else np.array([who])
        one, other = desk.supplies_here
        fits = np.isin(one, traders)
        partners = sorted(set(other[fits].tolist()))
        trading = [land.id_of(at) for at in sorted(set(one[fits].tolist()))[:_ASKED]]
        firms = [land.id_of(at) for at in partners[:_ASKED]]
        claims: tuple[str, ...] = ()
        if firms:
            claims = self._cite(trading, ("supplies",), firms) + self._cite(firms, ("supplies",), trading)
        said = self._needed
        if partners:
            text = (
                ("{needed}；同集团与本地{firms}有供应关系", "{needed}; its group trades with {firms} here")
                if by_group
                else ("{needed}；与本地{firms}有供应关系", "{needed}; it trades with {firms} here")
            )
            said = say(*text, needed=said, firms=names([self.name(one) for one in firms], len(partners)))
        return said, (claims[:CITED] + self._need_claims)[: 2 * CITED]

    @cached_property
    def _needed(self) -> Said:
        users, demand = self._desk.users(self._ranking.product), self._desk.demand(self._ranking.product)
        if not users:
            return say("本地没有已知用户", "nobody here is known to need it")
        told = say("，每年至少{mass}", ", at least {mass}", mass=amount(demand)) if demand else NOTHING
        return say(
            "本地{users}要用{told}",
            "{users} here {verb} it{told}",
            users=counted(users, "家企业", "enterprise"),
            verb=Said(zh="", en="needs" if users == 1 else "need"),
            told=told,
        )

    @cached_property
    def _need_claims(self) -> tuple[str, ...]:
        """By which the users here need it: what they make of it, or that they consume it."""
        found, product = self._desk.assessment, self._ranking.product
        chain, tally = self._land.chain, found.tally
        users = sorted({*found.presence.users.row(product).tolist(), *found.quantities.users.row(product).tolist()})
        if not users:
            return ()
        into, inputs = pairs(chain.inputs)
        served, services = pairs(chain.services)
        processes = np.union1d(into[inputs == product], served[services == product])
        made = [one for at in processes for one in chain.outputs.row(int(at)).tolist()]
        needing = {*made, *found.presence.needing.row(product).tolist(), product}
        below = {kind for one in needing for kind in self._land.kinds(int(one))}
        ids = [tally.entities[one] for one in users[:_ASKED]]
        return self._cite(ids, (*_MAKING, "consumes"), sorted(chain.products[one] for one in below))

    # push

    @cached_property
    def _push(self) -> Ground:
        found, product = self._desk.assessment, self._ranking.product
        chain, presence = self._land.chain, found.presence
        recipes = presence.recipes
        ways = sorted(set(recipes.process[recipes.product == product].tolist()))
        if not ways:
            return say("没有它的工艺资料", "no recipe for it is known"), ()
        share = float(presence.inputs_here[product])
        best, inputs = ways[0], []
        for way in ways:
            counted_inputs = [one for one in chain.inputs.row(way).tolist() if chain.roles[one] in COUNTED_INPUTS]
            here = sum(bool(presence.available[one]) for one in counted_inputs)
            if counted_inputs and here / len(counted_inputs) == share:
                best, inputs = way, counted_inputs
                break
        process = chain.processes[best]
        claims = self._cite([process], ("yields",), [chain.products[product]])
        claims += self._cite(None, ("input_to",), [process])
        available = [one for one in inputs if presence.available[one]]
        makers = [found.tally.entities[at] for one in available for at in found.tally.makers.row(one)[:3].tolist()]
        if makers:
            claims += self._cite(sorted(set(makers)), _MAKING, [kind for one in available for kind in self._kinds(one)])
        if not available:
            return say("它的原料本地没有", "none of its inputs are here"), claims[: 2 * CITED]
        told = names([self.name(chain.products[one]) for one in available], measure="种")
        return (
            say(
                "它的原料本地有{share}：{inputs}",
                "{share} of its inputs are here: {inputs}",
                share=percent(share),
                inputs=told,
            ),
            claims[: 2 * CITED],
        )

    # ties

    def _ties(self, who: int) -> Ground:
        land, desk = self._land, self._desk
        id_ = land.id_of(who)
        told: list[Said] = []
        claims: list[str] = []
        if desk.group_here[land.group[who]]:
            here = [one for one in land.members(int(land.group[who])).tolist() if desk.here[one] and one != who]
            told.append(say("同集团的{who}已在本地", "{who} of its group is here already", who=self._some(here)))
            for one in here[:3]:
                claims += [*self._place_claims([land.id_of(one)]), *self._ways(who, one)]
        for pairs_, zh, en, predicate in (
            (desk.projects_here, "参与本地项目{who}", "invests in {who} here", "invests_in"),
            (desk.holdings_here, "与本地{who}有参股关系", "a minority holding with {who} here", "owns"),
            (desk.partners_here, "与本地{who}合作", "works with {who} here", "partners_with"),
        ):
            others = sorted(set(pairs_[1][pairs_[0] == who].tolist()))
            if not others:
                continue
            ids = self._ids(others) if predicate != "owns" else [land.id_of(one) for one in others]
            shown = names([self.name(one) for one in ids[:3]], len(ids), "个")
            told.append(say(zh, en, who=shown))
            claims += self._cite([id_], (predicate,), ids[:_ASKED])
            if predicate != "invests_in":
                claims += self._cite(ids[:_ASKED], (predicate,), [id_])
        if not told:
            return say("没有与本地联系的记录", "no ties here are on record"), ()
        return joined(told), tuple(dict.fromkeys(claims))[: 2 * CITED]

    def _some(self, enterprises: Sequence[int]) -> Said:
        return names([self.named(one) for one in enterprises[:3]], len(enterprises))

    # movement

    def _movement(self, who: int) -> Ground:
        land, desk, ties = self._land, self._desk, self._land.ties
        if land.places.home[who] < 0:
            return say("它的所在地不明", "where it is at home is not known"), ()
        mine = desk.moves.of(who)
        if not mine:
            return (
                say(
                    "近{years}年没有省外新项目的记录",
                    "no new project outside its province in {years} years is on record",
                    years=f"{desk.years:g}",
                ),
                (),
            )
        claims: list[str] = []
        for row in mine[:CITED]:
            subject, node = ties.ids[int(ties.subject[row])], ties.ids[int(ties.object[row])]
            claims += self._reader.cite([subject], (ties.predicates[int(ties.predicate[row])],), [node], 2)
        projects = sorted({int(ties.object[row]) for row in mine if self._is_project(row)})
        sites = sorted({int(ties.object[row]) for row in mine if not self._is_project(row)})
        told = []
        if projects:
            shown = names([self.name(one) for one in self._ids(projects[:3])], len(projects), "个")
            told.append(say("省外项目{what}", "projects {what}", what=shown))
        if sites:
            shown = names([self.name(one) for one in self._ids(sites[:3])], len(sites), "处")
            told.append(say("省外场所在{what}", "sites in {what}", what=shown))
        years = f"{desk.years:g}"
        text = ("近{years}年有{what}", "in {years} years outside its province: {what}")
        return say(*text, years=years, what=joined(told)), tuple(dict.fromkeys(claims))[: 2 * CITED]

    def _is_project(self, row: int) -> bool:
        ties = self._land.ties
        return ties.predicates[int(ties.predicate[row])] == "invests_in"

    # room

    def _room(self, place: int, who: int) -> Ground:
        land, pool = self._land, self._ranking.pool
        share = float(land.home_shares(pool.about[[place]], pool.enterprise[[place]])[0])
        about = int(pool.about[place])
        product = spoken(self.name(land.chain.products[about]))
        if np.isnan(share):
            text = (
                "它在本省没有生产{product}的记录，取中间值",
                "it is not on record as a maker of {product} in its own province; a middle value stands",
            )
            return say(*text, product=product), ()
        home = int(land.places.home[who])
        made = land.made(about)
        near = made.maker[land.places.home[made.maker] == home]
        claims = self._cite([land.id_of(one) for one in near[:_ASKED].tolist()], ("produces",), self._kinds(about))
        return (
            say(
                "{home}有{makers}已知生产{product}，其集团占{share}",
                "of {makers} of {product} known in {home} its group has {share}",
                home=spoken(self.name(land.ties.ids[home])),
                makers=counted(len(near), "家", "maker"),
                product=product,
                share=percent(share),
            ),
            claims,
        )

    # policy

    @cached_property
    def _policy(self) -> Ground:
        land, desk = self._land, self._desk
        kinds = {self._ranking.product, *land.chain.above.row(self._ranking.product).tolist()}
        whole, half = desk.policies.supporting(kinds)
        if not desk.policies.here and not whole:
            return say("没有本地政策的记录", "no policies are on record here"), ()
        policies = self._ids([*whole, *half][:_ASKED])
        objects = sorted({land.chain.products[one] for one in kinds} | set(self._reader.around(desk.region)))
        claims = self._cite(policies, ("supports",), objects) if policies else ()
        return (
            say(
                "{whole}项政策支持它或其大类，{half}项支持本地而未指明产品",
                "{whole} policies support it or its class, {half} support the region without naming products",
                whole=len(whole),
                half=len(half),
            ),
            claims,
        )


NOTHING = Said(zh="", en="")
_OWN: dict[Relation, tuple[str, str]] = {
    "makes": ("生产{product}{told}（{sources}）", "makes {product}{told} ({sources})"),
    "makes_input": ("生产其原料{product}（{sources}）", "makes its input {product} ({sources})"),
    "makes_from_it": ("生产其下游{product}（{sources}）", "makes {product} from it ({sources})"),
    "group_makes": ("所投项目生产{product}{told}（{sources}）", "a project of it makes {product}{told} ({sources})"),
    "group_makes_neighbour": (
        "所投项目生产其上下游{product}（{sources}）",
        "a project of it makes the neighbour {product} ({sources})",
    ),
}


def joined(told: Sequence[Said]) -> Said:
    """Several fragments as one list."""
    return Said(zh="；".join(one.zh for one in told), en="; ".join(one.en for one in told))
