"""An amount and its unit, from two cells."""

from loaders.cells import BadCell, Column, optional, read_number, read_unit

_NOTHING = (None, None)


class Amount:
    """Reads two columns as one amount.

    A unit beside an empty value says nothing and is not read. `is_signed`: it may be below zero; `is_count`: it may
    stand without a unit, then it is a plain number.
    """

    def __init__(self, value: str, unit: str, *, is_signed: bool = False, is_count: bool = False) -> None:
        self._values = Column(value, optional(read_number))
        self._units = Column(unit, optional(read_unit))
        self._is_signed = is_signed
        self._is_count = is_count

    def __call__(self, value: str, unit: str) -> tuple[float, str | None] | tuple[None, None]:
        number = self._values[value]
        if number is None:
            return _NOTHING
        symbol = self._units[unit]
        if number < 0 and not self._is_signed:
            raise BadCell(self._values.name, value, "The amount is below zero.", "Write 0 or more; flag what is over.")
        if symbol is None and not self._is_count:
            raise BadCell(
                self._units.name, unit, f"The amount {value} has no unit.", "Write its unit, such as t/yr, % or CNY."
            )
        return number, symbol
