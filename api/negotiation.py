"""Which of several forms a caller wants: the Accept header of RFC 9110."""

from collections.abc import Sequence

from api.errors import NotAcceptable


def preferred(accept: str | None, offered: Sequence[str]) -> str:
    """The media type that the header likes best, of equal ones the first offered; raises NotAcceptable.

    A range that names a type counts before one that names a part of it: `text/turtle;q=0, */*` takes all but Turtle.
    What cannot be read as a range is passed over.
    """
    ranges = dict(_ranges(accept or "*/*"))
    best = max(offered, key=lambda one: _weight(one, ranges))
    if _weight(best, ranges) <= 0:
        raise NotAcceptable("None of the forms you accept is there. There are: {offered}.", offered=", ".join(offered))
    return best


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept[:2000].split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            quality = float(weight)
        except ValueError:
            continue
        if "/" in name and 0 <= quality <= 1:
            found.append((name, quality))
    return found


def _weight(media_type: str, ranges: dict[str, float]) -> float:
    for name in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0
