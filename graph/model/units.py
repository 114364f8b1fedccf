"""Units and money: what a number is counted in, and which numbers may be added up."""

from functools import lru_cache
from typing import NamedTuple

from graph.model.errors import BadInput


class Unit(NamedTuple):
    """A unit: `factor` turns an amount into the base unit of its `dimension` (t, year, km, kW ...)."""

    symbol: str
    dimension: str
    factor: float
    zh: str


_BASE = (
    Unit("t", "mass", 1.0, "吨"),
    Unit("kg", "mass", 0.001, "千克"),
    Unit("yr", "time", 1.0, "年"),
    Unit("quarter", "time", 0.25, "季"),
    Unit("month", "time", 1 / 12, "月"),
    Unit("years", "time", 1.0, "年"),
    Unit("months", "time", 1 / 12, "个月"),
    Unit("days", "time", 1 / 365.25, "天"),
    Unit("kW", "power", 1.0, "千瓦"),
    Unit("MW", "power", 1e3, "兆瓦"),
    Unit("GW", "power", 1e6, "吉瓦"),
    Unit("MWh", "energy", 1.0, "兆瓦时"),
    Unit("m2", "area", 1.0, "平方米"),
    Unit("km2", "area", 1e6, "平方公里"),
    Unit("mu", "area", 10000 / 15, "亩"),
    Unit("m3", "volume", 1.0, "立方米"),
    Unit("km", "length", 1.0, "公里"),
    Unit("kV", "voltage", 1.0, "千伏"),
    Unit("%", "share", 0.01, "%"),
    # Counted things do not add up with one another: each is a dimension of its own.
    Unit("pieces", "pieces", 1.0, "件"),
    Unit("units", "units", 1.0, "台"),
    Unit("unit", "units", 1.0, "台"),
    Unit("sets", "sets", 1.0, "套"),
    Unit("vehicles", "vehicles", 1.0, "辆"),
    Unit("companies", "companies", 1.0, "家企业"),
    Unit("projects", "projects", 1.0, "个项目"),
    Unit("patents", "patents", 1.0, "项专利"),
    Unit("plants", "plants", 1.0, "座工厂"),
    Unit("platforms", "platforms", 1.0, "个平台"),
    Unit("categories", "categories", 1.0, "类"),
    Unit("workshops", "workshops", 1.0, "个车间"),
    Unit("licences", "licences", 1.0, "个许可"),
    Unit("policies", "policies", 1.0, "项政策"),
    Unit("measures", "measures", 1.0, "项措施"),
    Unit("fields", "fields", 1.0, "个领域"),
    Unit("roads", "roads", 1.0, "条道路"),
    # An amount of one thing told in the mass of another: kept apart from plain tonnes.
    Unit("t ore", "mass of ore", 1.0, "吨矿石"),
    Unit("t payload", "mass of payload", 1.0, "吨载重"),
)
_CURRENCIES = {
    "CNY": "元", "USD": "美元", "EUR": "欧元", "JPY": "日元", "GBP": "英镑", "AUD": "澳元", "CAD": "加元",
    "HKD": "港元", "KRW": "韩元", "VND": "越南盾", "MYR": "林吉特", "INR": "卢比", "BRL": "雷亚尔", "PLN": "兹罗提",
    "CHF": "瑞士法郎", "SEK": "瑞典克朗", "NOK": "挪威克朗", "RUB": "卢布", "THB": "泰铢", "TWD": "新台币",
    "SGD": "新加坡元", "MXN": "墨西哥比索", "ZAR": "兰特", "IDR": "印尼盾", "KZT": "坚戈", "CLP": "智利比索",
    "TZS": "坦桑尼亚先令", "AOA": "宽扎", "MGA": "阿里亚里",
}  # fmt: skip
UNITS: dict[str, Unit] = {unit.symbol: unit for unit in _BASE} | {
    code: Unit(code, f"money {code}", 1.0, zh) for code, zh in _CURRENCIES.items()
}
MASS_RATIO = "mass/mass"
MASS_A_YEAR = "mass/time"
RATIO = Unit("kg/kg", MASS_RATIO, 1.0, "千克/千克")


@lru_cache(maxsize=4096)
def unit_of(symbol: str) -> Unit:
    """The unit behind a symbol, simple (`t`) or compound (`t/yr`, `CNY/kg`, `t/yr ore`); raises BadInput."""
    if symbol in UNITS:
        return UNITS[symbol]
    if symbol == "kg/kg":
        return RATIO
    if symbol.endswith(" ore"):
        plain = unit_of(symbol.removesuffix(" ore"))
        return Unit(symbol, f"{plain.dimension} of ore", plain.factor, f"{plain.zh}矿石")
    top, slash, bottom = symbol.partition("/")
    if slash and top in UNITS and bottom in UNITS:
        above, below = UNITS[top], UNITS[bottom]
        return Unit(
            symbol, f"{above.dimension}/{below.dimension}", above.factor / below.factor, f"{above.zh}/{below.zh}"
        )
    raise BadInput(
        "'{value}' is not a unit. Use one of {known}, two of them with a slash (t/yr), or a currency code (CNY).",
        value=symbol[:40],
        known=", ".join(unit.symbol for unit in _BASE),
    )


def dimension_of(symbol: str | None) -> str:
    """What amounts in this unit may be added to; '' for a number without a unit."""
    return unit_of(symbol).dimension if symbol else ""


def is_money(symbol: str | None) -> bool:
    """Whether the unit is a plain currency."""
    return symbol in _CURRENCIES


def say_amount(value: float, unit: str | None, lang: str) -> str:
    """An amount as people write it: 1.23亿元, 5万吨/年 in Chinese; 123,000,000 CNY, 50,000 t/yr in English."""
    if lang == "zh":
        word = unit_of(unit).zh if unit else ""
        for step, name in ((1e8, "亿"), (1e4, "万")):
            if abs(value) >= step and unit != "%":
                return f"{_plain(round(value / step, 4))}{name}{word}"
        return f"{_plain(value)}{word}"
    whole = f"{int(value):,}" if value == int(value) and abs(value) < 1e15 else f"{value:,.10g}"
    return whole + (f"{'' if unit == '%' else ' '}{unit}" if unit else "")


def _plain(value: float) -> str:
    return f"{value:.10g}"
