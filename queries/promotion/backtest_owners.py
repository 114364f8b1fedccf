"""Who controls an enterprise, and who belongs to one owner group, as far as the ownership is known."""

from graph.model.facts import Fact
from graph.model.kinds import kind_of
from graph.readers.port import Reader

_LEVELS = 6


class Owners:
    """Owner groups and controlling owners, looked up once each.

    A group is joined by used `owns` facts between enterprises, of the control share or of a share not told (as in
    Tally). A *controlling* owner is told to hold that share; only where no share at all is told of an enterprise does
    whoever owns it count: founders with a few per cent that nobody put down are not whom one has to invite.
    """

    def __init__(self, reader: Reader, control_share: float) -> None:
        self._reader = reader
        self._control = control_share
        self._groups: dict[str, frozenset[str]] = {}
        self._of: dict[str, tuple[str, ...]] = {}
        self._holdings: dict[str, list[Fact]] = {}

    def of(self, enterprise: str) -> tuple[str, ...]:
        """The enterprises that control it directly, by id."""
        if enterprise not in self._of:
            told = [one for one in self._owning(enterprise) if one.object == enterprise]
            shares = {
                one.subject: one.value for one in told if isinstance(one.value, float) and one.unit in (None, "%")
            }
            owners = [who for who, share in shares.items() if float(share) >= self._control]
            self._of[enterprise] = tuple(sorted(owners if shares else {one.subject for one in told}))
        return self._of[enterprise]

    def group(self, enterprise: str) -> frozenset[str]:
        """The enterprises of its owner group, itself included."""
        if enterprise not in self._groups:
            seen, frontier = {enterprise}, [enterprise]
            for _ in range(_LEVELS):
                found = {
                    end
                    for node in frontier
                    for fact in self._owning(node)
                    if self._joins(fact)
                    for end in (fact.subject, str(fact.object))
                }
                frontier = sorted(found - seen)
                seen |= found
            self._groups.update(dict.fromkeys(seen, frozenset(seen)))
        return self._groups[enterprise]

    def _joins(self, fact: Fact) -> bool:
        share = fact.value if fact.unit in (None, "%") else None
        return not isinstance(share, float) or share >= self._control

    def _owning(self, enterprise: str) -> list[Fact]:
        """The used holdings of and in an enterprise, between enterprises."""
        if enterprise not in self._holdings:
            self._holdings[enterprise] = [
                fact
                for fact in self._reader.facts([enterprise], ("owns",), "both")
                if fact.used and kind_of(fact.subject).name == "enterprise"
            ]
        return self._holdings[enterprise]
