"""The shortest simple paths of a small graph, in one defined order.

Yen's algorithm in Lawler's form. NetworkX has it too (`shortest_simple_paths`), but among paths of equal length it
gives whichever its two searches meet first; here they come by node ids, so that the third of three paths is always
the same one, whatever reader the graph came from. A test holds the two together.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush

Path = tuple[str, ...]


def shortest_paths(neighbours: Mapping[str, Sequence[str]], start: str, end: str, hops: int) -> Iterator[Path]:
    """Paths without repeated nodes of at most `hops` steps, by length, then node by node in id order.

    `neighbours` holds both directions of each link; its rows are ascending.
    """
    first = _best(neighbours, (start,), frozenset(), end, hops)
    heap: list[tuple[int, Path, int, frozenset[str]]] = [(len(first), first, 0, frozenset())] if first else []
    while heap:
        _, path, fork, barred = heappop(heap)
        yield path
        # What is left falls into parts that share no path: those that leave this one at each of its nodes. The nodes
        # before its own fork were dealt with when the paths it came from were taken.
        for at in range(fork, len(path) - 1):
            avoided = frozenset({path[at + 1]}) | (barred if at == fork else frozenset())
            found = _best(neighbours, path[: at + 1], avoided, end, hops)
            if found:
                heappush(heap, (len(found), found, at, avoided))


def _best(
    neighbours: Mapping[str, Sequence[str]], prefix: Path, avoided: frozenset[str], end: str, hops: int
) -> Path | None:
    """The first path, in our order, that begins with `prefix` and goes on to none of `avoided`."""
    spent = set(prefix)
    onward = [node for node in neighbours.get(prefix[-1], ()) if node not in spent and node not in avoided]
    distance, tier = {end: 0}, [end]
    for steps in range(hops - len(prefix) + 1):
        nearest = next((node for node in onward if distance.get(node) == steps), None)
        if nearest is not None:
            return prefix + _descend(neighbours, nearest, distance)
        farther = []
        for node in tier:
            for other in neighbours.get(node, ()):
                if other not in distance and other not in spent:
                    distance[other] = steps + 1
                    farther.append(other)
        tier = farther
        if not tier:
            break
    return None


def _descend(neighbours: Mapping[str, Sequence[str]], node: str, distance: Mapping[str, int]) -> Path:
    path = [node]
    for steps in range(distance[node] - 1, -1, -1):
        path.append(next(other for other in neighbours[path[-1]] if distance.get(other) == steps))
    return tuple(path)
