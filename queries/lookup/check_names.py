"""Health of names: enterprises that may be one, indicators that differ only in spelling."""

import re
import unicodedata
from collections import defaultdict

from graph.model.company_names import company_key
from graph.model.predicates import PREDICATES
from graph.readers.port import Reader
from queries.lookup.check_found import Found

INDICATOR_RULE = (
    "忽略大小写、标点、英文复数 s 和词序后相同",
    "equal but for case, punctuation, a plural s and the order of words",
)


def duplicates(reader: Reader) -> list[Found]:
    """Enterprises whose names share a company key. Those decided to be the same are one node already."""
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    enterprises = reader.ids(("enterprise",))
    for fact in reader.facts(enterprises, ("name_zh", "name_en", "alias"), "out") if enterprises else ():
        if fact.used and isinstance(fact.value, str):
            key = company_key(fact.value)
            bearers[key].add(fact.subject)
            told[key].append((fact.value, fact.claim))
    # Two enterprises may share several keys, one for each language: that is one finding.
    shared: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for key in sorted(bearers):
        if len(bearers[key]) > 1:
            shared[tuple(sorted(bearers[key]))].append(key)
    found = []
    for nodes in sorted(shared):
        names = [pair for key in shared[nodes] for pair in told[key]]
        said = " / ".join(dict.fromkeys(name for name, _ in names))
        found.append(
            Found(
                nodes,
                f"可能是同一企业：{said}。若是，用 rechain same-as 合并",
                f"probably one enterprise: {said}. If so, merge them with: rechain same-as",
                tuple(dict.fromkeys(claim for _, claim in names)),
            )
        )
    return found


def indicator_spellings(reader: Reader) -> list[Found]:
    """Indicator names that differ only in spelling, so that their figures do not line up."""
    spelled: defaultdict[tuple[str, ...], dict[str, list[tuple[str, str]]]] = defaultdict(dict)
    nodes = reader.ids(PREDICATES["indicator"].subjects)
    for fact in reader.facts(nodes, ("indicator",), "out") if nodes else ():
        spelled[indicator_key(fact.qualifier)].setdefault(fact.qualifier, []).append((fact.subject, fact.claim))
    found = []
    for key in sorted(spelled):
        names = spelled[key]
        if len(names) > 1:
            said = " / ".join(sorted(names))
            uses = sorted(pair for pairs in names.values() for pair in pairs)
            found.append(
                Found(
                    tuple(dict.fromkeys(subject for subject, _ in uses)),
                    f"指标名只是写法不同（{INDICATOR_RULE[0]}）：{said}",
                    f"indicator names that differ only in spelling ({INDICATOR_RULE[1]}): {said}",
                    tuple(claim for _, claim in uses),
                )
            )
    return found


def indicator_key(name: str) -> tuple[str, ...]:
    """The words of an indicator's name, by the rule: Rare-earth projects (key) = key rare earth project."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold())
    return tuple(sorted(_singular(word) for word in words))


def _singular(word: str) -> str:
    plural = len(word) > 3 and word.isascii() and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
