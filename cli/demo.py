"""`python -m cli.demo STORE REGION`, the end of `make demo`: who elsewhere makes what the first gap lacks."""

import sys

from api.texts import Tongue
from cli import errors
from cli.layout import Line, print_blocks
from cli.main import run
from cli.opening import opened, reader_of
from queries.chain.gaps import Gap, GapsParams
from queries.chain.gaps import run as find_gaps

_TONGUE = Tongue("zh", "zh")


def main() -> None:
    """Ends with the exit code of the question about the makers."""
    store, region = sys.argv[1:3]
    gap = _first_gap(store, region)
    if gap is None:
        print_blocks([Line(_TONGUE.say("No gaps are listed."))])
        sys.exit(errors.DONE)
    words = ["producers", gap.product.id, "--region", region, "--outside", "--store", store, "--lang", _TONGUE.lang]
    print_blocks([Line(), Line(f"$ rechain {' '.join(words)}", "dim")])
    sys.exit(run(words))


def _first_gap(store: str, region: str) -> Gap | None:
    """The first gap that somebody elsewhere could fill."""
    with opened(store) as kept:
        answer = find_gaps(reader_of(kept, store, None, None, _TONGUE), GapsParams(region=region))
    return next((gap for gap in answer.gaps if gap.state == "missing" and gap.makers_elsewhere), None)


if __name__ == "__main__":
    main()
