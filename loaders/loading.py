"""From paths to a recorded batch, and the report of it."""

from collections.abc import Iterator, Sequence
from itertools import chain as joined
from pathlib import Path
from secrets import token_hex
from typing import Literal

from graph.model.claims import Batch, Claim, Receipt, Source
from graph.model.dates import AsOf
from graph.model.errors import BadInput, UnreadableFile
from graph.stores.port import Progress, Store
from loaders.base import Item, Loaded, Loader, Part, Place, Reject
from loaders.conflicts import Contested, will_be_alone
from loaders.dangling import Dangling, Described
from loaders.registry import choose_loader
from loaders.report import LISTED, LoadReport


def load_into(
    store: Store,
    paths: Sequence[Path],
    *,
    loader: str | None = None,
    dataset: str | None = None,
    replace: bool = False,
    strict: bool = False,
    declared: Literal["accepted", "proposed"] = "accepted",
    who: str,
    when: str,
    key: str | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Record what the paths say as one batch: all of it or, when anything raises, nothing.

    `loader` names a layout, else each path's is recognised. `dataset` is what `replace` sweeps; without it the name of
    the folder, for a file that of its folder and its own, so that replacing with one file never sweeps the others.
    `strict` records nothing when any row is rejected or dangling; the files are then read twice, so that neither the
    claims are kept in memory nor the store is held while they are judged. `when` is an ISO time; conflicts are judged
    at its day. `key` makes a second try at the same load harmless: its rows are not read again, and the report has the
    counts of the receipt only. Raises UnreadableFile, BadInput and store errors.
    """
    if not paths:
        raise BadInput("There is nothing to load. Name a file or a folder.")
    chosen = [(path, choose_loader(path, loader)) for path in paths]
    name = dataset or "+".join(dict.fromkeys(map(_name, paths)))
    at = AsOf.parse(when[:10])
    if strict and (refusal := _rehearse(store, chosen, dataset)):
        return refusal
    run = _Run(chosen, dataset, is_alone=will_be_alone(store, name, replace))
    claims = run.claims(must_be_clean=strict, must_say_something=replace)
    batch = Batch(key or token_hex(16), name, declared, replace, when, who, run.sources, claims)
    receipt = store.record(batch, progress)
    if not run.has_begun:  # the key was known
        return _report(receipt, (0, ()), (0, ()), 0)
    conflicts = run.contested.count(store, receipt, at)
    return _report(receipt, run.rejected, run.described.settle(store, LISTED), conflicts)


def _rehearse(store: Store, chosen: Sequence[tuple[Path, Loader]], dataset: str | None) -> LoadReport | None:
    """Read everything and record nothing; the report when that is where it has to end."""
    run = _Run(chosen, dataset, is_alone=True)
    for _ in run.claims():
        pass
    dangling = run.described.settle(store, LISTED)
    if not run.rejected[0] and not dangling[0]:
        return None
    return _report(Receipt(None, 0, 0, 0, 0, store.revision()), run.rejected, dangling, 0)


class _Run:
    """One reading of all paths: sources at once, claims as they are asked for, and what is found out on the way."""

    def __init__(self, chosen: Sequence[tuple[Path, Loader]], dataset: str | None, *, is_alone: bool) -> None:
        self.has_begun = False
        self.sources: list[Source] = []
        self._rejects: list[Reject] = []
        self._rejected = 0
        self._loader = chosen[0][1]
        self._streams: list[tuple[Loader, str, Iterator[Item]]] = []
        for path, loader in chosen:
            label = f"{path.name}/" if len(chosen) > 1 and path.is_dir() else ""
            items = loader.read(path, dataset or _folder(path).name)
            self._streams.append((loader, label, self._take_sources(items, label)))
        self.described = Described(self._column, self.sources)
        self.contested = Contested(self.described.nodes, is_alone=is_alone)

    @property
    def rejected(self) -> tuple[int, tuple[Reject, ...]]:
        """How many rows could not be used so far, and the first of them."""
        return self._rejected, tuple(self._rejects)

    def claims(self, *, must_be_clean: bool = False, must_say_something: bool = False) -> Iterator[Claim]:
        """All claims, path by path. Raising here makes the store forget those that went before."""
        self.has_begun = True
        see_contested, see_described = self.contested.see, self.described.see
        is_silent = True
        for loader, label, items in self._streams:
            self._loader = loader
            self.described.enter(label)
            for item in items:
                if isinstance(item, Loaded):
                    claim, place = item
                    see_contested(claim, place)
                    see_described(claim, place)
                    yield claim
                    is_silent = False
                elif isinstance(item, Reject):
                    self._reject(item, label)
                    if must_be_clean:
                        raise UnreadableFile("{file} changed while it was read. Load it again.", file=item.file)
                else:
                    raise ValueError(f"{loader.name} yields the source {item.id} after a claim")
        if is_silent and must_say_something:
            raise BadInput("Not one row could be used, so replacing would retract the whole data set. Mend the file.")

    def _take_sources(self, items: Iterator[Item], label: str) -> Iterator[Item]:
        """Read on to the first claim; give back that one and the rest."""
        for item in items:
            if isinstance(item, Source):
                self.sources.append(item)
            elif isinstance(item, Reject):
                self._reject(item, label)
            else:
                return joined((item,), items)
        return items

    def _reject(self, reject: Reject, label: str) -> None:
        self._rejected += 1
        if len(self._rejects) < LISTED:
            self._rejects.append(reject._replace(file=label + reject.file))

    def _column(self, claim: Claim, part: Part, place: Place) -> str:
        return self._loader.column(claim, part, place)


def _folder(path: Path) -> Path:
    return path.resolve() if path.is_dir() else path.resolve().parent


def _name(path: Path) -> str:
    """What the data of a path is called when nobody says."""
    folder = _folder(path).name or "unnamed"
    return folder if path.is_dir() else f"{folder}/{path.stem}"


def _report(
    receipt: Receipt,
    rejects: tuple[int, tuple[Reject, ...]],
    danglings: tuple[int, tuple[Dangling, ...]],
    conflicts: int,
) -> LoadReport:
    return LoadReport(
        receipt.batch, receipt.added, receipt.same, rejects[0], danglings[0], conflicts, receipt.restored,
        receipt.retracted, receipt.revision, rejects[1], danglings[1],
    )  # fmt: skip
