"""Plausible names: places, companies, products, in Chinese and in English or pinyin."""

import re
from collections.abc import Sequence

import numpy as np

from benchmarks.sheets import Ints


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """'包头Baotou 赣州Ganzhou' -> (('包头', 'Baotou'), ...); an underscore in the Latin part is a space."""
    found = re.findall(r"([^\x00-\x7f]+)([\x21-\x7e]*)", text)
    return tuple((zh, latin.replace("_", " ")) for zh, latin in found)


COUNTRIES = (
    ("中国", "China", "CN"),
    ("美国", "United States", "US"),
    ("日本", "Japan", "JP"),
    ("德国", "Germany", "DE"),
    ("澳大利亚", "Australia", "AU"),
    ("越南", "Vietnam", "VN"),
    ("韩国", "South Korea", "KR"),
    ("马来西亚", "Malaysia", "MY"),
)
PROVINCES = _pairs(
    "内蒙古自治区Inner_Mongolia 江西省Jiangxi 浙江省Zhejiang 四川省Sichuan 江苏省Jiangsu 广东省Guangdong "
    "山东省Shandong 福建省Fujian 湖南省Hunan 广西壮族自治区Guangxi 安徽省Anhui 辽宁省Liaoning 河北省Hebei "
    "河南省Henan 湖北省Hubei 山西省Shanxi 陕西省Shaanxi 甘肃省Gansu 云南省Yunnan 贵州省Guizhou "
    "吉林省Jilin 黑龙江省Heilongjiang 海南省Hainan 青海省Qinghai 宁夏回族自治区Ningxia "
    "新疆维吾尔自治区Xinjiang 西藏自治区Tibet 北京市Beijing 天津市Tianjin 上海市Shanghai 重庆市Chongqing"
)
CITIES = _pairs(
    "包头Baotou 赣州Ganzhou 宁波Ningbo 凉山Liangshan 苏州Suzhou 广州Guangzhou 淄博Zibo 龙岩Longyan "
    "长沙Changsha 崇左Chongzuo 合肥Hefei 沈阳Shenyang 保定Baoding 洛阳Luoyang 武汉Wuhan 太原Taiyuan "
    "西安Xi'an 兰州Lanzhou 昆明Kunming 贵阳Guiyang"
)
_CITY_HEADS = _pairs(
    "东dong 西xi 南nan 北bei 安an 平ping 永yong 新xin 长chang 临lin 广guang 青qing 金jin 清qing 云yun "
    "海hai 江jiang 河he 龙long 凤feng 武wu 文wen 泰tai 德de 怀huai 宜yi 兴xing 嘉jia 通tong 石shi"
)
_CITY_TAILS = _pairs(
    "州zhou 阳yang 山shan 城cheng 江jiang 宁ning 川chuan 源yuan 化hua 昌chang 丰feng 水shui 港gang 林lin "
    "关guan 陵ling 口kou 泉quan 岭ling 湖hu"
)
ZONE_KINDS = (
    ("稀土高新区", "Rare Earth High-tech Zone"),
    ("经济技术开发区", "Economic Development Zone"),
    ("高新区", "High-tech Zone"),
    ("稀土产业园", "Rare Earth Park"),
    ("新材料产业园", "New Materials Park"),
    ("装备制造园", "Equipment Park"),
    ("循环经济园", "Circular Economy Park"),
    ("磁材产业园", "Magnet Park"),
    ("化工园区", "Chemical Park"),
    ("东区", "East District"),
    ("西区", "West District"),
    ("南区", "South District"),
    ("北区", "North District"),
    ("新城区", "New Town"),
    ("保税区", "Bonded Zone"),
    ("临港区", "Port District"),
)
_BRANDS = _pairs(
    "华hua 瑞rui 恒heng 鑫xin 盛sheng 达da 金jin 天tian 宝bao 元yuan 中zhong 科ke 正zheng 通tong 宏hong "
    "远yuan 嘉jia 泰tai 力li 永yong 同tong 创chuang 安an 信xin 德de 博bo 润run 丰feng 银yin 海hai 飞fei "
    "龙long 腾teng 新xin 兴xing 旭xu 日ri 星xing 辰chen 晟sheng 锐rui 拓tuo 联lian 合he 众zhong 诚cheng "
    "凯kai 威wei 隆long 福fu 昌chang 顺shun 康kang 乐le 东dong 方fang 北bei 奥ao 赛sai 特te"
)
_LEGAL = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "（集团）股份有限公司", "厂")
_LEGAL_SHARES = np.cumsum([0.66, 0.14, 0.1, 0.06, 0.01, 0.03])
# What companies of each of the eight stages call their trade.
_TRADES = (
    _pairs("矿业Mining 稀土矿业Rare_Earth_Mining 矿产资源Mineral_Resources"),
    _pairs("选矿Beneficiation 稀土Rare_Earth 矿产品Minerals 资源科技Resources_Technology"),
    _pairs(
        "稀土Rare_Earth 稀土冶炼Rare_Earth_Smelting 化工Chemicals 稀土新材料Rare_Earth_New_Materials 冶金Metallurgy"
    ),
    _pairs(
        "稀土金属Rare_Earth_Metals 合金材料Alloys 有色金属Nonferrous_Metals 新材料New_Materials 特种合金Special_Alloys"
    ),
    _pairs(
        "磁材Magnetics 永磁科技Permanent_Magnet_Technology 储氢材料Hydrogen_Storage_Materials "
        "抛光材料Polishing_Materials 催化材料Catalysts 稀土新材料Rare_Earth_New_Materials 发光材料Phosphors "
        "磁业Magnets"
    ),
    _pairs(
        "磁电Magneto-Electric 汽车零部件Auto_Parts 电子元件Electronic_Components 精密机械Precision_Machinery "
        "机电Electromechanics"
    ),
    _pairs("电机Motors 风电装备Wind_Power_Equipment 智能装备Smart_Equipment 伺服技术Servo_Technology 机器人Robotics"),
    _pairs("新能源汽车New_Energy_Vehicles 科技Technology 贸易Trading 电器Appliances 节能服务Energy_Services"),
)
_SYLLABLES = (
    "nor",
    "vex",
    "mag",
    "ter",
    "lyn",
    "ax",
    "or",
    "ral",
    "neo",
    "dys",
    "pra",
    "lan",
    "cer",
    "ion",
    "al",
    "ka",
    "mi",
    "su",
    "to",
    "ve",
)
_FOREIGN_FORMS = ("Inc.", "GmbH", "Ltd", "K.K.", "Pty Ltd", "Co., Ltd.")

_ELEMENTS = _pairs(
    "镧Lanthanum 铈Cerium 镨Praseodymium 钕Neodymium 镨钕Didymium 钐Samarium 铕Europium 钆Gadolinium "
    "铽Terbium 镝Dysprosium 钬Holmium 铒Erbium 铥Thulium 镱Ytterbium 镥Lutetium 钇Yttrium 钪Scandium "
    "镧铈Lanthanum-cerium"
)
_MODELS = _pairs(
    "新能源汽车EV 工业Industrial 风电Wind 家电Appliance 医疗Medical 航空Aviation 机器人Robot 轨道交通Rail "
    "电梯Elevator 船用Marine 矿用Mining 农用Farm 通信Telecom 消费电子Consumer 电动两轮车E-bike "
    "储能Storage 光伏Solar 石化Petrochemical"
)
_GRADES = (
    ("", ""),
    *_pairs(
        "高纯High-purity 纳米Nano 超细Ultrafine 低氧Low-oxygen 工业级Industrial-grade 特级Premium "
        "普通Standard 耐热Heat-resistant 高性能High-performance"
    ),
)
# The nouns of each stage; no noun serves two stages, so that no two products share a name.
_NOUNS = (
    _pairs("矿石Ore 原矿Run-of-mine_Ore 离子吸附土Ion-adsorption_Clay"),
    _pairs("精矿Concentrate 中矿Middlings 尾矿Tailings 混合精矿Mixed_Concentrate"),
    _pairs(
        "氧化物Oxide 碳酸盐Carbonate 氯化物Chloride 草酸盐Oxalate 硝酸盐Nitrate 氟化物Fluoride "
        "富集物Enrichment 萃取液Extraction_Liquor 醋酸盐Acetate 氢氧化物Hydroxide"
    ),
    _pairs(
        "金属Metal 铁合金Ferroalloy 铝合金Aluminium_Alloy 镁合金Magnesium_Alloy 速凝片Strip_Cast "
        "合金锭Alloy_Ingot 镍合金Nickel_Alloy 钴合金Cobalt_Alloy 金属粉Metal_Powder"
    ),
    _pairs(
        "永磁体Permanent_Magnet 粘结磁粉Bonded_Magnet_Powder 抛光粉Polishing_Powder "
        "储氢合金Hydrogen_Storage_Alloy 荧光粉Phosphor 催化剂Catalyst 陶瓷粉Ceramic_Powder "
        "激光晶体Laser_Crystal 颜料Pigment 靶材Sputtering_Target 热压磁环Hot-pressed_Ring 磁粉Magnet_Powder"
    ),
    _pairs(
        "磁组件Magnet_Assembly 转子Rotor 定子Stator 轴承Bearing 电极Electrode 传感头Sensor_Head 叶片Blade 齿轮箱Gearbox"
    ),
    _pairs(
        "电机Motor 发电机Generator 伺服系统Servo_System 传感器Sensor 压缩机Compressor 电池Battery "
        "磁选机Magnetic_Separator 扬声器Loudspeaker"
    ),
    _pairs("整车Vehicle 机组Unit 整机Machine 系统工程System 终端Terminal 成套设备Plant"),
)


def name_cities(rng: np.random.Generator, n: int) -> list[tuple[str, str]]:
    """Stems of `n` cities in Chinese and pinyin, the known rare-earth towns first."""
    known = {zh for zh, _ in CITIES}
    made = [
        (a + b, (p + q).capitalize()) for a, p in _CITY_HEADS for b, q in _CITY_TAILS if a != b and a + b not in known
    ]
    order = rng.permutation(len(made))
    return [*CITIES, *(made[i] for i in order)][:n]


def name_products(rng: np.random.Generator, stages: Ints) -> tuple[list[str], list[str]]:
    """Chinese and English names of products, by the number of their stage; none twice."""
    chinese: list[str] = []
    english: list[str] = []
    for stage, nouns in enumerate(_NOUNS):
        owners = _ELEMENTS if stage < 5 else _MODELS
        space = len(_GRADES) * len(owners) * len(nouns)
        for number in rng.choice(space, int((stages == stage).sum()), replace=False).tolist():
            grade, owner, noun = (
                _GRADES[number % 10],
                owners[number // 10 % len(owners)],
                nouns[number // 10 // len(owners)],
            )
            chinese.append(grade[0] + owner[0] + noun[0])
            english.append(f"{grade[1]} {owner[1]} {noun[1]}".strip().capitalize())
    return chinese, english


class CompanyNames:
    """Company names without a repeat: place, brand, trade and legal form (包头市华瑞稀土新材料有限公司)."""

    def __init__(self, rng: np.random.Generator, places: Sequence[tuple[str, str]]) -> None:
        self._rng = rng
        self._places = places
        self._seen: set[str] = set()

    def name_at_home(self, place: Ints, stage: Ints) -> tuple[list[str], list[str], list[str]]:
        """Full Chinese name, short name and English name of companies by place and stage."""
        n = len(place)
        brands = self._rng.integers(len(_BRANDS), size=(n, 2)).tolist()
        suffixed = (self._rng.random(n) < 0.5).tolist()
        trades = self._rng.random(n).tolist()
        legal = np.searchsorted(_LEGAL_SHARES, self._rng.random(n) * _LEGAL_SHARES[-1], side="right").tolist()
        full, short, english = [], [], []
        for where, (one, two), city, trade, form, level in zip(
            place.tolist(), brands, suffixed, trades, legal, stage.tolist(), strict=True
        ):
            (first, sound), (second, echo) = _BRANDS[one], _BRANDS[two]
            stem, pinyin = self._places[where]
            business, words = _TRADES[level][int(trade * len(_TRADES[level]))]
            brand = first + second
            name = f"{stem}{'市' if city else ''}{brand}{business}{_LEGAL[form]}"
            while name in self._seen:  # Rare: a third or fourth brand character tells them apart.
                third, more = _BRANDS[len(self._seen) % len(_BRANDS)]
                brand, echo = brand + third, echo + more
                name = f"{stem}{'市' if city else ''}{brand}{business}{_LEGAL[form]}"
            self._seen.add(name)
            full.append(name)
            short.append(stem + brand)
            english.append(f"{pinyin} {sound.capitalize()}{echo} {words} Co., Ltd.")
        return full, short, english

    def name_abroad(self, stage: Ints) -> list[str]:
        """English names of companies abroad."""
        parts = self._rng.integers(len(_SYLLABLES), size=(len(stage), 3)).tolist()
        forms = self._rng.integers(len(_FOREIGN_FORMS), size=len(stage)).tolist()
        trades = self._rng.random(len(stage)).tolist()
        names = []
        for syllables, form, trade, level in zip(parts, forms, trades, stage.tolist(), strict=True):
            stem = "".join(_SYLLABLES[i] for i in syllables)
            words = _TRADES[level][int(trade * len(_TRADES[level]))][1]
            name = f"{stem.capitalize()} {words} {_FOREIGN_FORMS[form]}"
            while name in self._seen:
                stem += _SYLLABLES[len(self._seen) % len(_SYLLABLES)]
                name = f"{stem.capitalize()} {words} {_FOREIGN_FORMS[form]}"
            self._seen.add(name)
            names.append(name)
        return names
