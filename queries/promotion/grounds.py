"""Why a part of a candidate's score is what it is: one line in both languages, and the claims behind it."""

from collections.abc import Sequence

import numpy as np

from queries.chain.spoken import Said, amount, counted, names, percent, say
from queries.chain.spoken import named as spoken
from queries.promotion.candidates import RELATION_NAMES, Relation
from queries.promotion.citing import ASKED, CITED, COUNTED
from queries.promotion.common_grounds import NOTHING, CommonGrounds, Ground
from queries.promotion.scores import PART_NAMES


class Grounds(CommonGrounds):
    """The reasons of one ranking."""

    def of(self, rank: int) -> dict[str, Ground]:
        """By part, of the candidate at a rank (from 0)."""
        place, who = int(self._ranking.at[rank]), int(self._ranking.numbers[rank])
        return {
            "makes": self._makes(place, who),
            "pull": self._pull(who),
            "push": self.push,
            "ties": self._ties(who),
            "movement": self._movement(who),
            "room": self._room(place, who),
            "policy": self.policy,
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
        trading = [land.id_of(at) for at in sorted(set(one[fits].tolist()))[:ASKED]]
        firms = [land.id_of(at) for at in partners[:ASKED]]
        claims: tuple[str, ...] = ()
        if firms:
            claims = self._cite(trading, ("supplies",), firms) + self._cite(firms, ("supplies",), trading)
        said = self.needed
        if partners:
            text = (
                ("{needed}；同集团与本地{firms}有供应关系", "{needed}; its group trades with {firms} here")
                if by_group
                else ("{needed}；与本地{firms}有供应关系", "{needed}; it trades with {firms} here")
            )
            said = say(*text, needed=said, firms=names([self.name(one) for one in firms], len(partners)))
        return said, (claims[:CITED] + self.need_claims)[: 2 * CITED]

    # ties

    def _ties(self, who: int) -> Ground:
        land, desk = self._land, self._desk
        id_ = land.id_of(who)
        told: list[Said] = []
        claims: list[str] = []
        if desk.group_here[land.group[who]]:
            here = [one for one in land.members(int(land.group[who])).tolist() if desk.here[one] and one != who]
            verb = "is" if len(here) == 1 else "are"
            text = ("同集团的{who}已在本地", "{who} of its group {verb} here already")
            told.append(say(*text, who=self._some(here), verb=verb))
            for one in here[:3]:
                claims += [*self._place_claims([land.id_of(one)]), *self._ways(who, one)]
        for pairs_, zh, en, predicate in (
            (desk.projects_here, "参与本地项目{who}", "invests in {who} here", "invests_in"),
            (desk.holdings_here, "与本地{who}有参股关系", "linked to {who} here by a minority holding", "owns"),
            (desk.partners_here, "与本地{who}合作", "works with {who} here", "partners_with"),
        ):
            others = sorted(set(pairs_[1][pairs_[0] == who].tolist()))
            if not others:
                continue
            ids = self._ids(others) if predicate != "owns" else [land.id_of(one) for one in others]
            shown = names([self.name(one) for one in ids[:3]], len(ids), "个")
            told.append(say(zh, en, who=shown))
            claims += self._cite([id_], (predicate,), ids[:ASKED])
            if predicate != "invests_in":
                claims += self._cite(ids[:ASKED], (predicate,), [id_])
        if not told:
            return say("没有与本地联系的记录", "no ties here are on record"), ()
        return joined(told), tuple(dict.fromkeys(claims))[: 2 * CITED]

    def _some(self, enterprises: Sequence[int]) -> Said:
        return names([self.named(one) for one in enterprises[:3]], len(enterprises))

    # movement

    def _movement(self, who: int) -> Ground:
        land, desk, ties = self._land, self._desk, self._land.ties
        if land.places.home[who] < 0:
            return say("它的所在省份不明", "its home province is not known"), ()
        mine = desk.moves.of(who)
        if not mine:
            return (
                say(
                    "近{years}年没有省外新项目的记录",
                    "no new project outside its province in the last {years} years is on record",
                    years=f"{desk.years:g}",
                ),
                (),
            )
        claims: list[str] = []
        for row in mine[:CITED]:
            subject, node = ties.ids[int(ties.subject[row])], ties.ids[int(ties.object[row])]
            claims += self._reader.cite([subject], (ties.predicates[int(ties.predicate[row])],), [node], 2)
        controlled = sorted({int(ties.subject[row]) - land.first for row in mine} - {who})
        for one in controlled[:CITED]:
            claims += self._ways(who, one)
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
        text = ("近{years}年有{what}", "in the last {years} years outside its province: {what}")
        said = say(*text, years=years, what=joined(told))
        if controlled:
            text = ("{said}（含所控企业{firms}的）", "{said} (counting those of {firms}, which it controls)")
            said = say(*text, said=said, firms=self._some(controlled))
        return said, tuple(dict.fromkeys(claims))[: 3 * CITED]

    def _is_project(self, row: int) -> bool:
        ties = self._land.ties
        return ties.predicates[int(ties.predicate[row])] == "invests_in"

    # room

    def _room(self, place: int, who: int) -> Ground:
        land, pool = self._land, self._ranking.pool
        share = float(land.home_shares(pool.about[[place]], pool.enterprise[[place]])[0])
        about = int(pool.about[place])
        product = spoken(self.name(land.chain.products[about]))
        home = int(land.places.home[who])
        if home < 0:
            return say("它的所在省份不明，取中间值", "its home province is not known; a middle value stands"), ()
        if np.isnan(share):
            text = (
                "它在本省没有生产{product}的记录，取中间值",
                "it is not on record as a maker of {product} in its own province; a middle value stands",
            )
            return say(*text, product=product), ()
        made = land.made(about)
        near = made.maker[land.places.home[made.maker] == home]
        makers_near = [land.id_of(one) for one in near[:ASKED].tolist()]
        claims = self._cite(makers_near, ("produces",), self._kinds(about), COUNTED)
        province = spoken(self.name(land.ties.ids[home]))
        if len(near) == 1:
            text = (
                "{home}已知只有它或其集团生产{product}",
                "in {home} only it or its group is known to make {product}",
            )
            return say(*text, home=province, product=product), claims
        return (
            say(
                "{home}有{makers}已知生产{product}，其集团占{share}",
                "of {makers} of {product} known in {home} its group has {share}",
                home=province,
                makers=counted(len(near), "家", "maker"),
                product=product,
                share=percent(share),
            ),
            claims,
        )


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
