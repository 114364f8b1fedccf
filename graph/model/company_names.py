"""What the name of a company is made of, and the key its probable duplicates share."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from graph.model.names import HAN, normal, pinyin_keys, simplified

# One province a line, then its prefectures. Every word counts with and without its suffix (市, 省, 自治区, 州, 盟).
_CHINA = """
北京\n天津\n上海\n重庆\n台湾\n香港\n澳门
河北 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水
山西 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁
内蒙古 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善
辽宁 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛
吉林 长春 四平 辽源 通化 白山 松原 白城 延边
黑龙江 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭
江苏 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁
浙江 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水
安徽 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城
福建 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德
江西 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶
山东 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽
河南 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源
湖北 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施
湖南 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西
广东 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮
广西 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左
海南 海口 三亚 三沙 儋州
四川 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山
贵州 贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南
云南 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆
西藏 拉萨 日喀则 昌都 林芝 山南 那曲
陕西 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛
甘肃 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南
青海 西宁 海东 海北 黄南 果洛 玉树 海西
宁夏 银川 石嘴山 吴忠 固原 中卫
新疆 乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰
"""
_COUNTRIES = "中国 日本 韩国 越南 泰国 新加坡 马来西亚 印度尼西亚 印度 美国 英国 德国 法国 加拿大 澳大利亚"
_LATIN_REGIONS = """
Inner Mongolia, Shaanxi, Tibet, Taiwan, Hong Kong, Macau, Macao, Hohhot, Ordos, Bayannur, Hulunbuir, Qiqihar, Urumqi,
Harbin, Lhasa, China, Japan, Korea, South Korea, Vietnam, Thailand, Singapore, Malaysia, Indonesia, India, USA, UK,
Germany, France, Canada, Australia
"""
_LINES = [line.split() for line in _CHINA.split("\n") if line]
_PROVINCE_OF = {city: province for province, *cities in _LINES for city in cities}


def _one_of(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_COUNTRY = re.compile(f"({_one_of(_COUNTRIES.split())})")
_PROVINCE = re.compile(
    f"({_one_of([line[0] for line in _LINES])})(?:省|市(?![政场容民])|[一-龥]{{0,5}}?自治区|特别行政区)?"
)
_CITY = re.compile(
    f"({_one_of(list(_PROVINCE_OF))})(?:市(?![政场容民])|地区|[一-龥]{{0,9}}?自治州|州|(?<=[安勒善])盟)?"
)
# Below the prefecture no list is kept: the last character tells. 超市, 市场 and 区块链 are none.
_COUNTY = re.compile(
    "([一-龥]{2,3})县(?!域)|[一-龥]县(?!域)|([一-龥]{1,2}[^城都超股门夜街菜楼集黑上入])市(?![政场容民])"
    "|[一-龥]{2,6}(?:[左右前后中]|联合|自治)旗"
)
_DISTRICT = re.compile("[一-龥]{2,3}区(?![块域间别])|[一-龥]{0,8}?(?:高新|经开|开发|保税|工业园)区")

_BRACKET = re.compile(r"[(\[{〔【〖「『《〈]([^()\[\]{}〔〕【】〖〗「」『』《》〈〉]*)[)\]}〕】〗」』》〉]")
_FORM = re.compile(
    "(?:(?:企业)?集团)?(?:股份)?(?:有限)?(?:责任)?(?:总|分|(?<![电量分离粒原质中光])子)?公司$"
    "|(?:企业)?集团$|股份$|[株有合][式限同]会社$|株$|工厂$|厂$|研究[院所]$|合作社$|事务所$|(?:有限|普通)?合伙(?:企业)?$"
)
_LEADING_FORM = re.compile("株式会社|有限会社|合同会社")
# What does not tell two companies apart; 分公司, 子公司, 厂 and the like do.
_SAME_FORM = re.compile("企业|集团|股份|有限|责任|总?公司|[株有合][式限同]会社|株")
_INDUSTRY = re.compile(
    "(?:高新技术|高技术|高科技|科技|高科|技术|新材料|高新材料|材料|新材|磁性材料|磁材|磁业|电子|机电|微电机|电机|电气|"
    "电器|电力|新能源|能源|环保|再生资源|资源|矿业|实业|重工业|工业|产业|国际贸易|贸易|商贸|工贸|国际|进出口|创业投资|"
    "投资|控股|开发|发展|制造|设备|装备|机械|工程|建设|化工|化学|有色金属|稀有金属|金属|合金|冶炼|冶金|分离|回收|利用|"
    "加工|铸造|铸锻|汽车|零部件|精密|智能|动力|信息|网络|软件|医疗|物流|管理|咨询|服务|基金|系统)$"
)
_LATIN_FORMS = """
co company ltd limited coltd inc incorporated corp corporation llc llp lp plc gmbh ag kg kgaa se sa sas sarl srl spa
nv bv ab as oy oyj ou kk pty ptyltd pte bhd sdn sdnbhd private pvt jsc joint stock group , & and
"""
_LATIN_INDUSTRIES = """
technology technologies tech hightech hitech science sciences scientific new advanced material materials magnetic
magnetics magnet magnets chemical chemicals electronic electronics electric electrical motor motors mining minerals
metal metals industry industries industrial holding holdings resources development international trade trading import
export equipment manufacturing energy power investment engineering environmental systems solutions products & and
"""
_LATIN_FORM, _LATIN_INDUSTRY = frozenset(_LATIN_FORMS.split()), frozenset(_LATIN_INDUSTRIES.split())


class CompanyName(NamedTuple):
    """The parts of a company's name, as written but half width and simplified; "" where there is none."""

    region: str  # 包头市; places in brackets follow after a space
    trade: str  # 北方稀土; never empty unless the name is
    industry: str  # 新材料
    form: str  # 有限公司; 集团股份有限公司 for (集团)股份有限公司


class _Parts(NamedTuple):
    regions: list[str]
    trade: str
    industry: str
    form: str


def split_company(text: str) -> CompanyName:
    """The parts of a company's name, Chinese or Latin.

    金力永磁（包头）科技有限公司 -> (包头, 金力永磁, 科技, 有限公司). A place or a legal form in brackets goes to its
    part; anything else in them stays where it was, or ends the trade name, without the brackets. What the whole chain
    is about (稀土, 永磁) belongs to the trade name.
    """
    parts = _split(text)
    return CompanyName(" ".join(parts.regions), *parts[1:])


def company_key(text: str) -> str:
    """Key that the probable duplicates of one company share: its place, its trade name with the industry word.

    包头市北方稀土新材料有限公司, 包头北方稀土新材料集团 and 北方稀土新材料(包头)股份有限公司 share one. 北方稀土,
    another place, another industry word, a branch (分公司) and a works (厂) have others.
    """
    parts = _split(text)
    places = dict.fromkeys(_place_key(region) for region in parts.regions)
    form = _SAME_FORM.sub("", parts.form) if HAN.search(parts.form) else ""
    return "|".join((" ".join(places), normal(parts.trade + parts.industry), form))


def _split(text: str) -> _Parts:
    shown = simplified(" ".join(unicodedata.normalize("NFKC", text).split()))
    parts = _split_chinese(shown) if HAN.search(shown) else _split_latin(shown)
    return parts if normal(parts.trade) else _Parts([], shown, "", "")


def _split_chinese(shown: str) -> _Parts:
    rest, regions, forms, tail = _open_brackets(shown, "", _is_place, _FORM.fullmatch)
    if leading := _LEADING_FORM.match(rest):
        forms.append(leading[0])
        rest = rest[leading.end() :].strip()
    if end := _place_end(rest):
        regions.insert(0, rest[:end])
        rest = rest[end:].strip()
    if form := _FORM.search(rest, max(0, len(rest) - 16)):
        forms.append(form[0])
        rest = rest[: form.start()].strip()
    cut = len(rest)
    while word := _INDUSTRY.search(rest, max(2, cut - 4), cut):
        cut = word.start()
    return _Parts(regions, rest[:cut].strip() + tail, rest[cut:].strip(), "".join(forms))


def _split_latin(shown: str) -> _Parts:
    rest, regions, forms, tail = _open_brackets(shown, " ", _is_latin_place, _is_latin_form)
    words = rest.split()
    form = len(words)
    start = next((n for n in (2, 1) if n < form and _is_latin_place(" ".join(words[:n]))), 0)
    if start:  # one place only: the next may be a name, as in Inner Mongolia Baotou Steel
        regions.insert(0, " ".join(words[:start]))
    while form - start > 1 and normal(words[form - 1]) in _LATIN_FORM:
        form -= 1
    industry = form
    while industry - start > 1 and normal(words[industry - 1]) in _LATIN_INDUSTRY:
        industry -= 1
    trade = " ".join([*words[start:industry], tail]).strip(" ,")
    return _Parts(regions, trade, " ".join(words[industry:form]).strip(" ,"), " ".join([*forms, *words[form:]]))


def _open_brackets(
    shown: str, gap: str, is_place: Callable[[str], object], is_form: Callable[[str], object]
) -> tuple[str, list[str], list[str], str]:
    """The name without brackets; what they held: places, legal forms, and another word at the very end."""
    places: list[str] = []
    forms: list[str] = []
    tails: list[str] = []

    def take(hit: re.Match[str]) -> str:
        inner = hit[1].strip()
        if not inner:
            return gap
        if is_place(inner):
            places.append(inner)
        elif is_form(inner):
            forms.append(inner)
        elif hit.end() == len(shown):
            tails.append(inner)
        else:
            return f"{gap}{inner}{gap}"
        return gap

    return _BRACKET.sub(take, shown).strip(), places, forms, "".join(tails)


def _places(text: str) -> Iterator[re.Match[str]]:
    """The places a Chinese name begins with, from the country down; a prefecture counts only in its own province."""
    at, province = 0, None
    if country := _COUNTRY.match(text):
        yield country
        at = country.end()
    if province := _PROVINCE.match(text, at):
        yield province
        at = province.end()
    if (city := _CITY.match(text, at)) and (not province or _PROVINCE_OF[city[1]] == province[1]):
        yield city
        at = city.end()
    if below := _COUNTY.match(text, at) or (_DISTRICT.match(text, at) if at else None):
        yield below


def _place_end(text: str) -> int:
    return max((place.end() for place in _places(text)), default=0)


def _is_place(text: str) -> bool:
    return _place_end(text) == len(text)


def _place_key(region: str) -> str:
    """包头 for 包头市 and 内蒙古自治区包头市: suffixes go, and so does what a finer place implies."""
    key = ""
    for place in _places(region):
        name = next((group for group in place.groups() if group), place[0])
        implied = place.re in (_CITY, _COUNTY) and not _COUNTRY.fullmatch(key)
        key = name if implied else key + name
    return key or normal(region)


@cache
def _latin_places() -> frozenset[str]:
    chinese = (pinyin_keys(name) for line in _LINES for name in line)
    return frozenset({normal(name) for name in _LATIN_REGIONS.split(",")} | {keys[0] for keys in chinese if keys})


def _is_latin_place(text: str) -> bool:
    return normal(text) in _latin_places()


def _is_latin_form(text: str) -> bool:
    return bool(text) and all(normal(word) in _LATIN_FORM for word in text.split())
