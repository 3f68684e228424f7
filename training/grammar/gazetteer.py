"""
Places to travel between and companies to travel with, as English writes them.

Airports come from airportsdata (MIT). Some names are made up, so that a network learns to read
the words around a name and not only the name.
"""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from itertools import accumulate
from random import Random

import airportsdata

from training.grammar.cities import LATIN_NAME, american_cities, cities, countries, states
from training.grammar.files import names

# What Unicode does not decompose into a letter and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss"}
    | {"æ": "ae", "Æ": "AE", "ð": "d", "þ": "th", "Þ": "Th", "œ": "oe", "ə": "e"}
)

SHORT_COUNTRIES = {
    "US": ("USA", "US", "America"),
    "GB": ("UK", "England", "Scotland", "Wales"),
    "AE": ("UAE",),
    "CZ": ("Czech Republic",),
    "KR": ("South Korea", "Korea"),
    "NL": ("Holland", "Netherlands"),
    "TR": ("Turkey",),
    "CN": ("China",),
    "TW": ("Taiwan",),
    "CI": ("Ivory Coast",),
    "CD": ("Congo",),
}

Kinds = Mapping[Callable[[Random], str], int]


def drawn(kinds: Kinds, random: Random) -> str:
    """A name of one of the kinds, which are given with their weights."""
    (kind,) = random.choices(tuple(kinds), weights=tuple(kinds.values()))
    return kind(random)


def without_accents(name: str) -> str:
    """The name as people type it who have no accents on their keyboard."""
    decomposed = unicodedata.normalize("NFKD", name.translate(PLAIN_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _as_typed(name: str, random: Random) -> str:
    if not name.isascii() and random.random() < 0.5:
        name = without_accents(name)
    if name.startswith(("Saint ", "Fort ")) and random.random() < 0.3:
        name = name.replace("Saint ", "St. ").replace("Fort ", "Ft. ")
    return name


# --- cities ---------------------------------------------------------------------------------


def famous_city(random: Random) -> str:
    return random.choice(names("cities"))


@cache
def _weights_of_cities() -> tuple[float, ...]:
    # The square root keeps the giants from crowding out the merely large.
    return tuple(accumulate(city.population**0.5 for city in cities()))


def _large_city(random: Random) -> str:
    (city,) = random.choices(cities(), cum_weights=_weights_of_cities())
    return _as_typed(city.name, random)


def _any_city(random: Random) -> str:
    return _as_typed(random.choice(cities()).name, random)


ONSETS = [*"bcdfghjklmnprstvwyz", "", "br", "ch", "gr", "kl", "qu", "sh", "st", "th", "tr", "dr"]
NUCLEI = [*"aaeeioouyéö", "ai", "au", "ea", "ie", "ou", "oa"]
CODAS = ["", "", "", "", *"nrlsmx", "ng", "rk", "st", "nd", "ck", "th"]
LAST_SYLLABLES = [
    *("ville", "burg", "ton", "stad", "grad", "pur", "abad", "heim", "field", "mouth", "bury"),
    *("ford", "berg", "ovo", "ino", "ia", "land", "minster", "by", "dorf", "holm"),
]
BEFORE_NAMES = ["San", "Santa", "Port", "New", "Saint", "Fort", "Mount", "El", "La", "Bad", "North"]
AFTER_NAMES = ["City", "Beach", "Falls", "Springs", "Bay", "Island", "Hills", "Park", "Harbour"]


def _made_up_city(random: Random) -> str:
    syllables = [
        random.choice(ONSETS) + random.choice(NUCLEI) + random.choice(CODAS)
        for _ in range(random.choice((2, 2, 3)))
    ]
    if random.random() < 0.4:
        syllables[-1] = random.choice(LAST_SYLLABLES)
    name = "".join(syllables).capitalize()
    draw = random.random()
    if draw < 0.15:
        return f"{random.choice(BEFORE_NAMES)} {name}"
    return f"{name} {random.choice(AFTER_NAMES)}" if draw < 0.25 else name


CITIES: Kinds = {famous_city: 30, _large_city: 20, _any_city: 35, _made_up_city: 15}


def city(random: Random) -> str:
    return drawn(CITIES, random)


def _city_and_country(random: Random) -> str:
    """San Jose, CA; Paris, France."""
    pool = american_cities() if random.random() < 0.4 else cities()
    chosen = random.choice(pool[: random.choice((300, 3000, len(pool)))])
    country = countries()[chosen.country]
    if chosen.state:
        country = random.choice((chosen.state, chosen.state, states().get(chosen.state, country)))
    elif chosen.country in SHORT_COUNTRIES:
        country = random.choice((*SHORT_COUNTRIES[chosen.country], country))
    return _as_typed(chosen.name, random) + random.choice((", ", ", ", " ")) + country


# --- airports, stations, countries ----------------------------------------------------------


@cache
def _airports() -> tuple[tuple[str, str], ...]:
    """Code and name of the larger airports, as far as a name tells that."""
    return tuple(
        (airport["iata"], airport["name"])
        for _, airport in sorted(airportsdata.load("IATA").items())
        if "International" in airport["name"] and LATIN_NAME.fullmatch(airport["name"])
    )


def airport_code(random: Random) -> str:
    if random.random() < 0.5:
        return random.choice(names("airport-codes"))
    return random.choice(_airports())[0]


def _airport(random: Random) -> str:
    if random.random() < 0.6:
        left_out = (" Airport", " International Airport", " International")
        return random.choice(_airports())[1].replace(random.choice(left_out), "")
    kinds = ("Airport", "airport", "International", "International Airport", airport_code(random))
    return f"{city(random)} {random.choice(kinds)}"


def _station(random: Random) -> str:
    if random.random() < 0.6:
        return random.choice(names("stations"))
    kinds = (
        "Central",
        "Central Station",
        "Station",
        "train station",
        "Hbf",
        "bus station",
        "North",
    )
    return f"{city(random)} {random.choice(kinds)}"


def _country(random: Random) -> str:
    code = random.choice(sorted(countries()))
    return random.choice((*SHORT_COUNTRIES.get(code, ()), countries()[code]))


def _state(random: Random) -> str:
    return random.choice(sorted(states().values()))


def nickname(random: Random) -> str:
    return random.choice(names("nicknames"))


PLACES: Kinds = {
    famous_city: 25,
    _large_city: 14,
    _any_city: 26,
    _made_up_city: 8,
    _city_and_country: 11,
    airport_code: 7,
    _airport: 4,
    _station: 4,
    _country: 3,
    _state: 2,
    nickname: 3,
}


def place(random: Random) -> str:
    return drawn(PLACES, random)


def place_with_the(random: Random) -> str:
    """A place that stands behind "the", which is no part of a value."""
    return random.choice(names("countries-with-the"))


# --- companies ------------------------------------------------------------------------------

BEFORE_COMPANIES = ["Air", "Fly", "Trans", "Royal", "Nova", "Blue", "Sky", "Jet", "Aero", "Golden"]
AFTER_COMPANIES = [
    *("Air", "Airlines", "Airlines", "Airways", "Airways", "Express", "Jet", "Wings", "Aviation"),
    *("Air Lines", "Connect", "Rail", "Railways", "Trains", "Coaches", "Bus", "Lines", "Travel"),
    *("Ferries", "Ferry", "Shipping", "Buses", "Shuttle", "Tours", "Cruises", "Link", "Transit"),
]
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def _listed_company(random: Random) -> str:
    return random.choice(names("carriers"))


def _company_of_a_city(random: Random) -> str:
    if random.random() < 0.4:
        return f"{random.choice(BEFORE_COMPANIES)} {city(random)}"
    return f"{city(random)} {random.choice(AFTER_COMPANIES)}"


def _made_up_company(random: Random) -> str:
    """Silver Heron; Otter Ferries; Flyheron; Vorlin Air."""
    # Real ones are called by such words too: things, beasts, stars.
    words = names("company-words")
    first = random.choice((random.choice(words), _made_up_city(random)))
    draw = random.random()
    if draw < 0.25:
        return f"{first} {random.choice(words)}"
    if draw < 0.4:
        return random.choice(BEFORE_COMPANIES) + random.choice(words).lower()
    return first if draw < 0.5 else f"{first} {random.choice(AFTER_COMPANIES)}"


def _company_code(random: Random) -> str:
    """LH; U2; 3K."""
    letter = random.choice(LETTERS)
    if random.random() < 0.7:
        return letter + random.choice(LETTERS)
    return "".join(random.sample((letter, str(random.randint(2, 9))), 2))


COMPANIES: Kinds = {
    _listed_company: 66,
    _company_of_a_city: 12,
    _made_up_company: 18,
    _company_code: 4,
}


def company(random: Random) -> str:
    return drawn(COMPANIES, random)
