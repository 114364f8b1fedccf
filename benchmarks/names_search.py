"""Search by name, on a million Chinese names: two-character words, frequent words, rare parts, long whole names.

Recall is compared with a plain scan of normal(name) over every name there is: what fits up to the limit must be found,
and what is found must fit.
"""

import random
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

from benchmarks.entities import list_enterprises
from benchmarks.generator import SIZES
from benchmarks.measuring import Digest, Figure, Goal, Series, percentile, require_same
from benchmarks.setting import DATASET, SEED, WHEN, WHO, Setting
from benchmarks.world import World
from graph.model.claims import Batch, Claim, Source
from graph.model.names import normal
from graph.model.predicates import NAME_PREDICATES
from graph.stores.opening import open_store
from graph.stores.port import ClaimFilter, NameHit, Store

_NAMES = 1_000_000
_FIRMS = 1_060_000  # a few have no Chinese name
_LIMIT = 20
_MARK = "\x1f"
_SOURCE = "src:names"


def run(setting: Setting) -> list[Figure]:
    """By kind of question; all rounds must find the same, and all that a scan finds."""
    store = _store(setting)
    names = _Names(store)
    setting.say(f"{len(names.names):,} names; comparing with a plain scan")
    kinds = names.questions(max(3, setting.asked // 4), setting.rng_seed)
    checked, complete = 0, 0
    for words in kinds.values():
        for word in words:
            checked += 1
            complete += names.is_complete(word, store.search(word, limit=_LIMIT))
    rows: dict[str, list[list[float]]] = {kind: [] for kind in kinds}
    processor: dict[str, list[list[float]]] = {kind: [] for kind in kinds}
    digests = {}
    for number in range(setting.rounds):
        digest = Digest()
        for kind, words in kinds.items():
            setting.say(f"round {number + 1}, {kind}")
            rows[kind].append([])
            processor[kind].append([])
            for word in words:
                worked, started = time.thread_time(), time.perf_counter()
                hits = store.search(word, limit=_LIMIT)
                rows[kind][-1].append(time.perf_counter() - started)
                processor[kind][-1].append(time.thread_time() - worked)
                digest.add([hit.node for hit in hits])
        digests[f"round {number + 1}"] = digest.text
    require_same(digests)
    if setting.size not in ("D1", "tiny10k"):
        store.close()

    p99, worst = Goal("P16", 5, "at most", "value", "ms"), Goal("P16", 50, "at most", "value", "ms")
    figures = [
        Figure("search: questions answered as completely as by a plain scan", "%", Series((100 * complete / checked,)),
               goals=(Goal("P16", 100, "at least", "value", "%"),),
               note=f"{checked} questions, first {_LIMIT}, {len(names.names):,} names"),
    ]  # fmt: skip
    three = [kind for kind in kinds if kind != _LONG]
    for times in (rows, processor):
        times["all three"] = [[taken for kind in three for taken in times[kind][at]] for at in range(setting.rounds)]
    for kind, rounds in rows.items():
        note = f"{len(rounds[0])} questions"
        figures += [
            Figure(f"search, {kind}, p50", "ms", _ms(rounds, 0.5), note=note),
            Figure(f"search, {kind}, p99", "ms", _ms(rounds, 0.99), goals=(p99,), note=note),
            Figure(f"search, {kind}, p99 in processor time", "ms", _ms(processor[kind], 0.99), goals=(p99,), note=note),
            Figure(f"search, {kind}, worst", "ms", _ms(rounds, 1), goals=(worst,), note=note),
        ]
    scan = names.scan_seconds("稀土")
    figures.append(
        Figure("search, two characters, p50 beside one scan", "ms", _ms(rows[_TWO], 0.5), "plain scan of normal names",
               Series((scan * 1e3,) * setting.rounds))
    )  # fmt: skip
    return figures


_TWO, _FREQUENT, _RARE, _LONG = "two characters", "frequent words", "rare parts", "long whole names"


def _ms(rounds: Sequence[Sequence[float]], share: float) -> Series:
    return Series(tuple(percentile(of, share) * 1e3 for of in rounds))


def _store(setting: Setting) -> Store:
    """The store itself where it is large (or tiny); else one with a million names and nothing else."""
    if setting.size in ("D1", "tiny10k"):
        return setting.store
    file = setting.folder / "names-1M.db"
    store = open_store(f"sqlite:{file}")
    if not store.batches():
        setting.say(f"recording {_NAMES:,} names into {file}")
        source = Source(_SOURCE, "https://example.org/names", "example.org", "2024", "other")
        store.record(Batch("names", DATASET, "accepted", False, WHEN, WHO, [source], islice(_claims(), _NAMES)))
    return store


def _claims() -> Iterator[Claim]:
    world = World(replace(SIZES["tiny10k"], enterprises=_FIRMS), SEED)
    _, companies = list_enterprises(world)
    texts = world.cells.texts()
    for cells in companies:
        id_, kind, name = (texts[cells[at]] for at in (0, 1, 3))
        if kind == "enterprise" and name:
            yield Claim(id_, "name_zh", None, name, None, "", None, None, (), (), _SOURCE, "", 1.0)


class _Names:
    """All names of a store, each with its node."""

    def __init__(self, store: Store) -> None:
        found = store.claims(ClaimFilter(predicates=(*NAME_PREDICATES, "alias", "code"), statuses=("accepted",)))
        self.names = [(normal(str(one.claim.value)), one.claim.subject) for one in found]

    @cached_property
    def _text(self) -> str:
        return _MARK + _MARK.join(name for name, _ in self.names) + _MARK

    @cached_property
    def _begins(self) -> list[int]:
        begins, at = [], 1
        for name, _ in self.names:
            begins.append(at)
            at += len(name) + 1
        return begins

    def scan_seconds(self, word: str) -> float:
        """How long one plain scan takes."""
        wanted = normal(word)
        started = time.perf_counter()
        sum(wanted in name for name, _ in self.names)
        return time.perf_counter() - started

    def fitting(self, word: str, most: int) -> set[str]:
        """Nodes with a name that contains the word, as a plain scan finds them; it ends beyond `most`."""
        wanted, text, begins = normal(word), self._text, self._begins
        found: set[str] = set()
        at = text.find(wanted)
        while at >= 0 and len(found) <= most:
            number = bisect_right(begins, at) - 1
            found.add(self.names[number][1])
            at = text.find(_MARK, at)
            at = text.find(wanted, at) if at >= 0 else -1
        return found

    def is_complete(self, word: str, hits: Sequence[NameHit]) -> bool:
        """Whether all that fits was found, up to the limit, and nothing else."""
        fits, found = self.fitting(word, _LIMIT), {hit.node for hit in hits}
        wanted = normal(word)
        if not all(wanted in normal(hit.name) for hit in hits):
            return False
        return found == fits if len(fits) <= _LIMIT else len(found) == _LIMIT

    def questions(self, each: int, seed: int) -> dict[str, list[str]]:
        """Seeded questions of each kind; rare: met in names at most a few times among a sample."""
        rng = random.Random(seed)
        chinese = [name for name, _ in self.names if len(name) >= 6 and ord(name[0]) > 0x2E80]
        sample = rng.sample(chinese, min(20_000, len(chinese)))
        pieces: Counter[str] = Counter()
        for name in sample:
            pieces.update({name[at : at + size] for size in (2, 3, 4) for at in range(len(name) - size + 1)})
        twos = sorted(piece for piece in pieces if len(piece) == 2)
        frequent = [piece for piece, _ in pieces.most_common(max(each // 2, 10))] + ["有限公司", "有限", "公司", "科技"]
        rare = sorted(piece for piece, count in pieces.items() if len(piece) > 2 and count <= 2)
        return {
            _TWO: rng.choices(twos, k=each),
            _FREQUENT: rng.choices(frequent, k=each),
            _RARE: rng.choices(rare, k=each),
            _LONG: rng.choices([name for name in sample if len(name) >= 12], k=each),
        }
