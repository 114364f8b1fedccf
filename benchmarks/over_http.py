"""The first page of `gaps` over HTTP: cold, not cached, and from the cache keyed by revision.

cold: the first time that a region is asked for, one connection; not cached: a server without a cache, so that every
answer is worked out; cached: every answer was given before at this revision. The peer is an ASGI function that sends
the same number of ready bytes from the same server program.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from benchmarks.chain_gaps import PAGE
from benchmarks.measuring import Figure, Goal, Series, percentile, require_same
from benchmarks.regions import all_regions, some_regions
from benchmarks.serving import Server, bare, rechain
from benchmarks.setting import TODAY, Setting
from queries.chain.gaps import QUERY, GapsParams

_CONNECTIONS = 16
_SECONDS = 2.0
Told = dict[str, Any]


def path_of(region: str) -> str:
    """Where its first page is asked for."""
    return f"/api/v1/gaps?region={quote(region)}&limit={PAGE}&as_of={TODAY.isoformat()}"


def run(setting: Setting) -> list[Figure]:
    """Every figure says which of the three it is."""
    regions = [region.id for region in all_regions(setting.reader)]
    cold_regions = regions[:: max(1, len(regions) // 300)]
    hot = some_regions(setting.reader)
    region = hot[len(hot) // 2].id
    body = QUERY.run(setting.reader, GapsParams(region=region, limit=PAGE)).model_dump_json().encode()
    expected = blake2b(blake2b(body, digest_size=12).digest(), digest_size=12).hexdigest()
    file = setting.scratch("body.json")
    file.write_bytes(body)
    seconds = min(_SECONDS, setting.asked / 500)
    figures: list[Figure] = []

    with rechain(setting.url) as ours, rechain(setting.url, cache_mb="0") as worked_out, bare(file) as theirs:
        for server in (ours, worked_out):  # the first answer waits for the snapshot
            server.drive([path_of(regions[-1])], 1, requests=1)
        setting.say(f"{len(cold_regions)} regions for the first time")
        # Every round must meet regions never asked for, so they are dealt out.
        rounds = setting.rounds
        hands = [cold_regions[at::rounds] for at in range(rounds)]
        cold = [ours.drive([path_of(one) for one in hand], 1, requests=len(hand)) for hand in hands if hand]
        _compare(setting, hands[0], cold[0])

        def turns(act: Callable[[Server], Told], *servers: Server) -> list[list[Told]]:
            """A B A B ...; what each server's client told."""
            told = [[act(server) for server in servers] for _ in range(rounds)]
            digests = {f"round {n}": one[0]["digest"] for n, one in enumerate(told, 1)}
            require_same(digests | {"in process": expected})
            return [list(of) for of in zip(*told, strict=True)]

        paths = [path_of(region)]
        setting.say("one connection")
        single, single_bare = turns(lambda server: server.drive(paths, 1, seconds=seconds), ours, theirs)
        setting.say(f"{_CONNECTIONS} connections")
        many, many_bare = turns(lambda server: server.drive(paths, _CONNECTIONS, seconds=seconds), ours, theirs)
        setting.say(f"{_CONNECTIONS} connections, nothing cached")
        (raw,) = turns(lambda server: server.drive(paths, _CONNECTIONS, seconds=seconds), worked_out)
        (raw_single,) = turns(lambda server: server.drive(paths, 1, seconds=seconds), worked_out)
        resident = ours.resident()
    file.unlink()

    size = f"{len(body) / 1e3:.0f} kB"
    p1 = Goal("P1", 1.5, "at most", "value", "ms")
    p5 = (Goal("P5", 1_500, "at least", "value", "req/s"),)
    tail = (Goal("P5", 20, "at most", "value", "ms"),)
    figures += [
        Figure("cold: a region's first page, p50", "ms", _ms(cold, 0.5), goals=(p1,),
               note=f"{len(cold_regions)} regions of all sizes, 1 connection"),
        Figure("cold: the same, p99", "ms", _ms(cold, 0.99)),
        Figure(f"not cached: the page of {hot[len(hot) // 2].placed:,} enterprises, p50", "ms", _ms(raw_single, 0.5),
               goals=(p1,), note="1 connection"),
        Figure("not cached: requests a second", "req/s", _rate(raw), goals=p5, note=f"{_CONNECTIONS} connections"),
        Figure("not cached: p99", "ms", _ms(raw, 0.99), goals=tail, note=f"{_CONNECTIONS} connections, closed loop"),
        Figure("cached: p50", "ms", _ms(single, 0.5), "bare ASGI, same bytes", _ms(single_bare, 0.5), (p1,),
               f"{size}, 1 connection"),
        Figure("cached: requests a second", "req/s", _rate(many), "bare ASGI, same bytes", _rate(many_bare), p5,
               f"{_CONNECTIONS} connections, server on one core, client on the other"),
        Figure("cached: p99", "ms", _ms(many, 0.99), "bare ASGI, same bytes", _ms(many_bare, 0.99), tail,
               f"{_CONNECTIONS} connections, closed loop"),
        Figure("resident memory of the service afterwards, all", "MB", Series((resident["VmRSS"],)),
               goals=(Goal("P14", 600, "at most", "value", "MB"),), note="the goal is for D1"),
        Figure("of it the process's own", "MB", Series((resident["RssAnon"],))),
    ]  # fmt: skip
    return figures


def _compare(setting: Setting, regions: Sequence[str], told: Told) -> None:
    """The bodies over HTTP are those in process."""
    pages = [
        QUERY.run(setting.reader, GapsParams(region=one, limit=PAGE)).model_dump_json().encode() for one in regions
    ]
    joined = b"".join(blake2b(page, digest_size=12).digest() for page in pages)
    require_same({"over HTTP": told["digest"], "in process": blake2b(joined, digest_size=12).hexdigest()})


def _ms(rounds: Sequence[Told], share: float) -> Series:
    return Series(tuple(percentile(told["latencies"], share) * 1e3 for told in rounds))


def _rate(rounds: Sequence[Told]) -> Series:
    return Series(tuple(len(told["latencies"]) / told["seconds"] for told in rounds))
