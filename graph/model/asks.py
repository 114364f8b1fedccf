"""What a policy may ask of somebody in a form that a rule can read: fields, operators, and tests written in one line.

`fixed_investment >= 30000000 CNY; new_build is yes or upgrade is yes`: semicolons between what is asked all at once,
`or` between what may stand for one another. Sheets of projects state the same fields, so that both can be compared.
"""

import re
from math import isfinite
from typing import Literal, NamedTuple

from graph.model.dates import parse_date
from graph.model.errors import BadInput
from graph.model.units import dimension_of, is_money

AskKind = Literal["money", "money_a_year", "share", "count", "area", "tonnes_a_year", "yes", "text", "date"]
AMOUNTS: tuple[AskKind, ...] = ("money", "money_a_year", "share", "count", "area", "tonnes_a_year")


class AskField(NamedTuple):
    """Something that may be asked: its name in sheets, how it is told, its words in Chinese and English."""

    name: str
    kind: AskKind
    zh: str
    en: str


ASK_FIELDS: dict[str, AskField] = {
    one.name: one
    for one in (
        AskField("investment", "money", "总投资", "total investment"),
        AskField("fixed_investment", "money", "固定资产投资", "fixed asset investment"),
        AskField("equipment_investment", "money", "设备投资", "investment in new equipment"),
        AskField("foreign_capital", "money", "外资", "foreign capital"),
        AskField("yearly_revenue", "money_a_year", "年营业收入", "yearly revenue"),
        AskField("yearly_output_value", "money_a_year", "年产值", "yearly output value"),
        AskField("yearly_tax", "money_a_year", "年纳税额", "yearly tax"),
        AskField("research_cost", "money_a_year", "年研发费用", "yearly research cost"),
        AskField("research_share", "share", "研发投入占比", "research cost as share of revenue"),
        AskField("employees", "count", "员工人数", "employees"),
        AskField("floor_area", "area", "建筑面积", "floor area"),
        AskField("tonnes_bought", "tonnes_a_year", "年采购量", "tonnes bought a year"),
        AskField("headquarters", "text", "总部所在地", "headquarters"),
        AskField("production_start", "date", "投产日期", "start of production"),
        AskField("registered", "date", "注册日期", "date of registration"),
        AskField("new_build", "yes", "新建", "newly built"),
        AskField("upgrade", "yes", "技改扩建", "rebuilt, extended or upgraded"),
        AskField("existing_company", "yes", "存量企业", "existing company"),
        AskField("registered_here", "yes", "本地注册、生产和纳税", "registered, producing and paying tax here"),
        AskField("needs_land", "yes", "需要用地", "needs land"),
        AskField("buys_land", "yes", "购地", "buys land"),
        AskField("own_plant", "yes", "自建厂房", "builds its own plant"),
        AskField("listed", "yes", "上市公司", "listed on an exchange"),
        AskField("national_high_tech", "yes", "国家高新技术企业", "national high-tech enterprise"),
        AskField("national_sme_tech", "yes", "国家科技型中小企业", "national small and medium technology firm"),
        AskField("innovation_leading_private", "yes", "市级创新引领型民营企业", "city innovation-leading private firm"),
        AskField("smart_manufacturing_model", "yes", "智能制造示范企业", "smart manufacturing model firm"),
        AskField("industry_university_model", "yes", "产学研示范企业", "industry-university model firm"),
        AskField("high_tech_nursery", "yes", "高企培育库入库", "entered in the high-tech company nursery list"),
        AskField("tech_little_giant", "yes", "科技小巨人", "science and technology little giant"),
        AskField("single_product_champion", "yes", "制造业单项冠军", "national single-product champion"),
        AskField("national_key_laboratory", "yes", "国家重点实验室", "national key laboratory"),
        AskField("national_engineering_centre", "yes", "国家工程（技术）中心", "national engineering centre"),
        AskField("national_technology_centre", "yes", "国家企业技术中心", "national enterprise technology centre"),
        AskField("national_innovation_centre", "yes", "国家技术（创新）中心",
                 "national technology or innovation centre"),
        AskField("regional_technology_centre", "yes", "自治区（省）级技术中心", "regional technology centre"),
        AskField("regional_key_laboratory", "yes", "自治区（省）级重点实验室", "regional key laboratory"),
        AskField("regional_enterprise_centre", "yes", "自治区（省）级企业中心", "regional enterprise centre"),
        AskField("national_green_factory", "yes", "国家级绿色工厂", "national green factory"),
        AskField("regional_green_factory", "yes", "自治区（省）级绿色工厂", "regional green factory"),
        AskField("postdoctoral_station", "yes", "博士后工作站", "post-doctoral workstation"),
        AskField("global_500", "yes", "世界500强", "global 500 company"),
        AskField("national_100", "yes", "国内100强", "national 100 company"),
        AskField("industry_leader", "yes", "行业龙头", "industry leader"),
        AskField("central_enterprise", "yes", "央企", "central enterprise"),
        AskField("national_major_project", "yes", "国家科技重大专项",
                 "national major science and technology special project"),
        AskField("national_key_project", "yes", "国家重点研发计划项目",
                 "national key research and development project"),
        AskField("national_award_first", "yes", "国家科技奖一等奖", "national science award, first class"),
        AskField("national_award_second", "yes", "国家科技奖二等奖", "national science award, second class"),
        AskField("regional_award_first", "yes", "自治区（省）科技奖一等奖", "regional science award, first class"),
    )
}  # fmt: skip
OPERATORS = (">=", "<=", ">", "<", "is")
YES, NO = "yes", "no"
_TEST = re.compile(r"(?P<field>[a-z_0-9]+)\s*(?P<operator>>=|<=|>|<|is\b)\s*(?P<rest>.+)")
_EXAMPLE = "fixed_investment >= 30000000 CNY"


class Ask(NamedTuple):
    """One test: a field, an operator, what it is held against, in which unit. Yes and no are the words."""

    field: str
    operator: str
    value: float | str
    unit: str | None

    def written(self) -> str:
        """In one line, as `read_requires` reads it."""
        amount = f"{self.value:.15g}" if isinstance(self.value, float) else self.value
        return f"{self.field} {self.operator} {amount}{f' {self.unit}' if self.unit else ''}"


def read_requires(text: str) -> tuple[tuple[Ask, ...], ...]:
    """Groups that are all asked; in each, any one will do. Raises BadInput."""
    groups = [part.strip() for part in re.split("[;；]", text) if part.strip()]
    return tuple(tuple(read_ask(one) for one in re.split(r"\s+or\s+", group)) for group in groups)


def written_requires(groups: tuple[tuple[Ask, ...], ...]) -> str:
    """The same in one line."""
    return "; ".join(" or ".join(ask.written() for ask in group) for group in groups)


def read_ask(text: str) -> Ask:
    """FIELD OPERATOR VALUE [UNIT]. Raises BadInput."""
    found = _TEST.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            "'{given}' is not a test. Write FIELD OPERATOR VALUE UNIT: {example}", given=text[:80], example=_EXAMPLE
        )
    field = ASK_FIELDS.get(found["field"])
    if field is None:
        raise BadInput(
            "'{field}' is nothing that can be asked. Use one of {known}.",
            field=found["field"][:60],
            known=", ".join(ASK_FIELDS),
        )
    operator, rest = found["operator"], found["rest"].strip()
    if field.kind in AMOUNTS or field.kind == "date":
        if operator == "is":
            raise BadInput("'{field}' is compared with >=, >, <= or <, not with 'is'.", field=field.name)
        return _compared(field, operator, rest)
    if operator != "is":
        raise BadInput("'{field}' takes the operator 'is', not '{operator}'.", field=field.name, operator=operator)
    if field.kind == "yes" and rest not in (YES, NO):
        raise BadInput("'{field}' is yes or no, not '{value}'.", field=field.name, value=rest[:60])
    return Ask(field.name, operator, rest, None)


def _compared(field: AskField, operator: str, rest: str) -> Ask:
    if field.kind == "date":
        return Ask(field.name, operator, parse_date(rest), None)
    number, _, unit = rest.partition(" ")
    try:
        value = float(number.replace(",", ""))
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise BadInput("'{value}' is not a number. Write digits only: {example}", value=number[:60], example=_EXAMPLE)
    symbol = unit.strip() or None
    if not fits(field, symbol):
        raise BadInput(
            "'{field}' cannot be told in '{unit}'. Use {wanted}.",
            field=field.name,
            unit=symbol or "",
            wanted=WANTED[field.kind],
        )
    return Ask(field.name, operator, value, symbol)


# What an amount of each kind is told in, for people.
WANTED: dict[AskKind, str] = {
    "money": "CNY, USD ...",
    "money_a_year": "CNY/yr, USD/yr ...",
    "share": "%",
    "count": "1, 2, 3 ...",
    "area": "m2, mu",
    "tonnes_a_year": "t/yr",
    "yes": "yes, no",
    "text": "a text",
    "date": "2027-06",
}


def fits(field: AskField, unit: str | None) -> bool:
    """Whether an amount of the field may be told in the unit. Raises BadInput for what is no unit."""
    dimension = dimension_of(unit)
    if field.kind == "money":
        return is_money(unit)
    if field.kind == "money_a_year":
        return dimension.startswith("money ") and dimension.endswith("/time")
    return dimension == {"share": "share", "count": "", "area": "area", "tonnes_a_year": "mass/time"}.get(field.kind)
