"""The reasons that are the same for all candidates of a product: who needs it here, its inputs here, the policies."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from graph.readers.ragged import pairs
from queries.base import NodeRef
from queries.chain.presence import COUNTED_INPUTS
from queries.chain.spoken import Said, amount, counted, named, names, percent, say
from queries.promotion.citing import ASKED, CITED, COUNTED, Citing

Ground = tuple[Said, tuple[str, ...]]
NOTHING = Said(zh="", en="")
MAKING = ("produces", "project_product")
# Products, and makers of each, by which an input is known to be here.
_GROUNDS = 3


class CommonGrounds(Citing):
    """Of one ranking; each is worked out once."""

    @cached_property
    def needed(self) -> Said:
        """How many need it here, and how much."""
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
    def need_claims(self) -> tuple[str, ...]:
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
        ids = [tally.entities[one] for one in users[:ASKED]]
        return self._cite(ids, (*MAKING, "consumes"), sorted(chain.products[one] for one in below))

    # push

    @cached_property
    def push(self) -> Ground:
        """How much of its inputs is here, by the recipe of which most is."""
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
        if not inputs:
            return say("已知工艺没有计入的原料", "the known recipes take no input that counts"), claims
        available = [one for one in inputs if presence.available[one]]
        claims += self._here_claims(available)
        claims += self._cite(None, ("input_to",), [process])
        if not available:
            return say("它的原料本地没有", "none of its inputs are here"), claims[: 2 * CITED]
        return (
            say(
                "它的原料本地有{share}：{inputs}",
                "{share} of its inputs are here: {inputs}",
                share=percent(share),
                inputs=names([self._input(one) for one in available], measure="种"),
            ),
            claims[: 2 * CITED],
        )

    def _input(self, product: int) -> NodeRef:
        """What an input that is here is called, with how that is known if nobody here is on record as its maker."""
        node, presence = self.name(self._land.chain.products[product]), self._desk.assessment.presence
        if presence.made[product]:
            return node
        by_class = presence.class_known[product] and not presence.implied[product]
        zh, en = ("（只知其大类）", " (its class only)") if by_class else ("（推知）", " (inferred)")
        called = named(node)
        return node.model_copy(update={"name_zh": called.zh + zh, "name_en": called.en + en})

    def _here_claims(self, products: Sequence[int]) -> tuple[str, ...]:
        """By which these are here: somebody here makes them, or a class of them, or what they arise with or go into."""
        found, chain, presence = self._desk.assessment, self._land.chain, self._desk.assessment.presence
        makers: set[str] = set()
        about: set[str] = set()
        for one in products:
            if presence.made[one]:
                which = [one]
            elif presence.class_known[one] and not presence.implied[one]:
                which = [wider for wider in chain.above.row(one).tolist() if found.tally.direct[wider]]
            else:
                which = [other for other in self._beside(one) if presence.made[other]]
            for other in which[:_GROUNDS]:
                makers |= {found.tally.entities[at] for at in found.tally.makers.row(other)[:_GROUNDS].tolist()}
                about |= set(self._kinds(other))
        return self._cite(sorted(makers), MAKING, sorted(about)) if makers else ()

    def _beside(self, product: int) -> list[int]:
        """The other outputs of the recipes here that yield it, then the outputs of those that take it."""
        chain, applies = self._land.chain, self._desk.assessment.presence.recipes.applies
        beside: list[int] = []
        for rows in (chain.outputs, chain.inputs):
            process, involved = pairs(rows)
            for way in process[(involved == product) & applies[process]].tolist():
                beside += chain.outputs.row(way).tolist()
        return [one for one in dict.fromkeys(beside) if one != product]

    # policy

    @cached_property
    def policy(self) -> Ground:
        """The policies that support it here."""
        land, desk = self._land, self._desk
        kinds = {self._ranking.product, *land.chain.above.row(self._ranking.product).tolist()}
        whole, half = desk.policies.supporting(kinds)
        if not desk.policies.here and not whole:
            return say("没有本地政策的记录", "no policies are on record here"), ()
        policies = self._ids([*whole, *half][:ASKED])
        objects = sorted({land.chain.products[one] for one in kinds} | set(self._reader.around(desk.region)))
        claims = self._cite(policies, ("supports",), objects, COUNTED) if policies else ()
        return _supporting(len(whole), len(half)), claims


def _supporting(whole: int, half: int) -> Said:
    """How many policies name the product or its class, and how many the region only."""
    if whole:
        named = say(
            "{whole}项政策支持它或其大类",
            "{policies} it or its class",
            whole=whole,
            policies="1 policy supports" if whole == 1 else f"{whole} policies support",
        )
    else:
        named = say("没有政策点名支持它或其大类", "no policy names it or its class")
    if not half:
        return named
    return say(
        "{named}，{half}项支持本地而未指明产品",
        "{named}, {half} {verb} the region without naming products",
        named=named,
        half=half,
        verb="supports" if half == 1 else "support",
    )
