"""What a project may need of a zone, how it is told, and by which words of an offer it is met. One small table."""

from typing import NamedTuple

from graph.model.units import dimension_of


class Need(NamedTuple):
    """A need by its name in sheets.

    `dimensions`: what amounts of it are told in. `offers`: words by which offers are known, in lower case; an offer is
    one when it is the word or begins with it. `near`: only an offer of the zone itself or of a part of it counts, since
    land in the next district is no land here.
    """

    name: str
    zh: str
    en: str
    dimensions: tuple[str, ...]
    wanted: str
    offers: tuple[str, ...]
    near: bool


NEEDS: dict[str, Need] = {
    need.name: need
    for need in (
        Need("power", "电力", "power", ("power", "energy/time", "voltage"), "MW, MWh/yr, kV",
             ("power", "electricity", "power supply", "grid", "电力", "供电", "用电"), False),
        Need("water", "用水", "water", ("volume/time",), "m3/yr",
             ("water", "water supply", "water quota", "供水", "用水"), False),
        Need("land", "工业用地", "industrial land", ("area",), "mu, m2, km2",
             ("land", "industrial land", "idle land", "工业用地", "土地"), True),
        Need("gas", "天然气", "natural gas", ("volume/time",), "m3/yr",
             ("gas", "natural gas", "天然气", "供气"), False),
        Need("steam", "蒸汽", "steam", ("mass/time",), "t/yr", ("steam", "heat", "蒸汽", "供热"), True),
        Need("waste_treatment", "三废处理", "waste treatment", ("mass/time", "volume/time"), "t/yr, m3/yr",
             ("waste treatment", "waste water", "sewage", "tailings", "污水处理", "废水处理", "危废处置", "三废处理"),
             True),
        Need("standard_factory", "标准厂房", "standard factory", ("area",), "m2",
             ("standard factory", "standard plant", "shared plant", "标准厂房"), True),
        Need("electroplating", "电镀集中区", "electroplating park", ("workshops",), "workshops",
             ("electroplating park", "electroplating", "电镀"), True),
        Need("rail", "铁路货运", "rail freight", ("mass/time", "length"), "t/yr, km",
             ("rail", "railway", "铁路"), False),
        Need("raw_materials", "原料保障", "raw material supply", ("mass/time",), "t/yr",
             ("raw material supply", "原料保障"), False),
        Need("talent", "人才政策", "talent support", ("measures", "policies"), "measures",
             ("talent", "人才"), False),
        Need("green_power", "绿电与零碳园区", "green power or zero-carbon park", ("power", "energy/time"),
             "MW, MWh/yr", ("green power", "zero-carbon park", "绿电", "零碳园区"), True),
    )
}  # fmt: skip


def need_of(offer: str) -> Need | None:
    """The need that an offer's words meet: the longest word that fits; None when none does."""
    text = offer.strip().lower()
    fitting = [
        (len(word), need) for need in NEEDS.values() for word in need.offers if text == word or _begins(text, word)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _begins(text: str, word: str) -> bool:
    """Not every beginning: a 'land reward' is money, no land."""
    if not word.isascii():
        return text.startswith(word)
    rest = text.removeprefix(f"{word} ")
    return rest != text and rest.split()[0] not in _NOT_THE_THING


_NOT_THE_THING = frozenset(
    {"reward", "rewards", "subsidy", "subsidies", "grant", "grants", "price", "prices", "discount"}
)


def is_told_in(need: Need, unit: str) -> bool:
    """Whether amounts of a need may be told in a unit. Raises BadInput for what is no unit."""
    return dimension_of(unit) in need.dimensions
