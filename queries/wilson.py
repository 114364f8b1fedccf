"""The 95 % interval of a share by Wilson's score method (E. B. Wilson, JASA 22, 1927): holds for small numbers, too."""

from math import sqrt

# The standard normal deviate of a two-sided interval of 95 %.
_Z = 1.959963984540054


def wilson_interval(count: int, of: int) -> tuple[float, float] | None:
    """Low and high end, 0 to 1; None of nothing. None of some begins at 0, all of them end at 1, exactly."""
    if of == 0:
        return None
    rate, spread = count / of, _Z * _Z / of
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(rate * (1 - rate) / of + spread / (4 * of))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return low, high
