"""Who controls an enterprise, and who belongs to one group, as far as the ownership is known.

A holder controls that is told to hold the control share; only where no share at all is told of an enterprise does
whoever owns it. Founders with a few per cent that nobody put down are not whom one has to invite, and the partners of
a joint venture are not one group.
"""

from graph.model.kinds import kind_of
from graph.readers.port import Reader

_LEVELS = 6


class Owners:
    """Controlling owners and groups at a reader's AsOf, looked up once each."""

    def __init__(self, reader: Reader, control_share: float) -> None:
        self._reader = reader
        self._control = control_share
        self._of: dict[str, tuple[str, ...]] = {}
        self._groups: dict[str, frozenset[str]] = {}

    def of(self, enterprise: str) -> tuple[str, ...]:
        """The enterprises that control it directly, by id."""
        if enterprise not in self._of:
            told = [
                fact
                for fact in self._reader.facts([enterprise], ("owns",), "in")
                if fact.used and kind_of(fact.subject).name == "enterprise"
            ]
            shares = {f.subject: f.value for f in told if isinstance(f.value, float) and f.unit in (None, "%")}
            owners = {who for who, share in shares.items() if share >= self._control}
            self._of[enterprise] = tuple(sorted(owners if shares else {fact.subject for fact in told}))
        return self._of[enterprise]

    def group(self, enterprise: str) -> frozenset[str]:
        """Itself, those that control it, and those that one of them controls; of joint owners none controls alone."""
        if enterprise not in self._groups:
            seen, frontier = {enterprise}, [enterprise]
            for _ in range(_LEVELS):
                found = {other for one in frontier for other in (*self._sole(one), *self._controlled(one))} - seen
                frontier = sorted(found)
                seen |= found
            self._groups.update(dict.fromkeys(seen, frozenset(seen)))
        return self._groups[enterprise]

    def _sole(self, enterprise: str) -> tuple[str, ...]:
        owners = self.of(enterprise)
        return owners if len(owners) == 1 else ()

    def _controlled(self, enterprise: str) -> list[str]:
        held = {str(fact.object) for fact in self._reader.facts([enterprise], ("owns",), "out") if fact.used}
        return sorted(one for one in held if self._sole(one) == (enterprise,))
