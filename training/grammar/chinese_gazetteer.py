"""Places to travel between and companies to travel with, in simplified Chinese."""

from functools import cache
from random import Random

from training.grammar.cities import cities
from training.grammar.files import names
from training.grammar.gazetteer import Kinds, airport_code, drawn, famous_city, nickname
from training.grammar.gazetteer import company as latin_company
from training.grammar.scripts import simplified

# What foreign names are written with, and what Chinese ones begin and end in.
HAN_OF_FOREIGN_NAMES = (
    "阿埃安巴贝比波伯布达德蒂多厄尔法费弗格古哈赫霍加卡凯科克库拉莱兰里利林隆卢罗马曼"
    "梅米莫姆纳内尼诺帕佩皮普奇恰乔萨塞瑟沙圣斯索塔特提图瓦韦维沃乌西希夏谢雅亚伊因泽扎佐"
)
FIRST_HAN = (
    "安宝北昌长常成池崇大丹德定东都恩方丰凤福阜高广桂海汉合和鹤恒红湖虎华怀黄惠吉济嘉建江金"
    "锦晋荆景九开兰乐丽莲辽临龙泸洛梅绵南宁盘平莆青清泉仁日三沙山上韶石顺松苏绥太泰唐天通铜"
    "万威文武西仙湘襄新信兴延盐扬阳宜义益银英永榆玉岳云张漳昭镇中舟珠竹遵"
)
LAST_HAN = "州州阳安山江海城县港镇宁川口门林南岛湾"

AFTER_CITIES = [
    *("市", "市", "站", "火车站", "北站", "南站", "东站", "西站", "高铁站", "机场", "机场"),
    *("国际机场", "汽车站", "县", "岛"),
]
AFTER_COMPANIES = [
    *("航空", "航空", "航空", "航空公司", "国际航空", "客运", "铁路", "航", "巴士", "轮渡", "航运"),
    *("快线", "快运", "邮轮", "大巴", "长运", "船务"),
]
# What companies that are made up here are called by, as real ones are.
HAN_OF_COMPANIES = (
    "安百宝长晨诚驰川达大东飞丰富高冠光广国海瀚昊和恒宏鸿华辉汇佳嘉捷金锦晶久凯康快蓝乐丽联龙"
    "隆绿美明鹏平奇青群瑞润三山盛世顺泰腾天通万旺祥翔新信星旭迅亚阳洋银永优宇裕悦云运泽正众卓"
)


@cache
def _listed() -> tuple[str, ...]:
    """The names of the world's cities in simplified characters, the largest city first."""
    listed = (simplified(name) for city in cities() for name in city.han_names)
    return tuple(name for name in dict.fromkeys(listed) if _is_standard(name))


def _is_standard(name: str) -> bool:
    # GB 2312 has no Japanese forms, such as 広, and few characters that nobody can read.
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _listed_city(random: Random) -> str:
    listed = _listed()
    return random.choice(listed[: random.choice((400, 4000, len(listed)))])


def _city(random: Random) -> str:
    return random.choice(names("chinese-cities"))


def _city_abroad(random: Random) -> str:
    return random.choice(names("chinese-cities-abroad"))


def _made_up_city(random: Random) -> str:
    if random.random() < 0.5:
        return "".join(random.choices(HAN_OF_FOREIGN_NAMES, k=random.choice((2, 3, 3, 4, 5))))
    return random.choice(FIRST_HAN) + random.choice(LAST_HAN)


CITIES: Kinds = {_city: 30, _city_abroad: 25, _made_up_city: 10, _listed_city: 35}


def city(random: Random) -> str:
    return drawn(CITIES, random)


def _airport(random: Random) -> str:
    return random.choice(names("chinese-airports"))


def _station(random: Random) -> str:
    return random.choice(names("chinese-stations"))


def _with_suffix(random: Random) -> str:
    return _city(random) + random.choice(AFTER_CITIES)


def _with_country(random: Random) -> str:
    """广东深圳; 法国巴黎."""
    if random.random() < 0.5:
        return random.choice(names("chinese-provinces")) + _city(random)
    return _country(random) + _city_abroad(random)


def _country(random: Random) -> str:
    return random.choice(names("chinese-countries"))


LATIN: Kinds = {airport_code: 1, famous_city: 1, nickname: 1}


def _latin(random: Random) -> str:
    return drawn(LATIN, random)


PLACES: Kinds = {
    city: 70,
    _airport: 6,
    _station: 4,
    _with_suffix: 8,
    _with_country: 4,
    _country: 2,
    _latin: 6,
}


def place(random: Random) -> str:
    return drawn(PLACES, random)


def company(random: Random) -> str:
    draw = random.random()
    if draw < 0.68:
        return random.choice(names("chinese-carriers"))
    if draw < 0.84:
        return city(random) + random.choice(AFTER_COMPANIES)
    if draw < 0.88:
        return latin_company(random)
    name = "".join(random.choices(HAN_OF_COMPANIES, k=random.choice((2, 2, 3))))
    return name + random.choice(AFTER_COMPANIES) * (random.random() < 0.85)
