"""The places and companies of both languages."""

import re
from pathlib import Path
from random import Random

import pytest

from training.grammar import chinese_gazetteer, gazetteer
from training.grammar.cities import american_cities, cities
from training.grammar.files import FOLDER, names

HAN = re.compile(r"[\u4e00-\u9fff]")


def drawn(place: gazetteer.Kinds, tries: int = 3000) -> list[str]:
    return [gazetteer.drawn(place, Random(seed)) for seed in range(tries)]


def test_cities_come_with_their_names_in_chinese() -> None:
    taipei = next(city for city in cities() if city.name == "Taipei")
    assert taipei.country == "TW"
    assert {"台北", "臺北市"} <= set(taipei.han_names)


def test_cities_of_america_have_a_state() -> None:
    states = {(city.name, city.state) for city in american_cities()}
    assert {("San Jose", "CA"), ("Vancouver", "BC")} <= states


def test_words_of_the_grammar_are_no_cities() -> None:
    assert not {"Of", "March", "Best"} & {city.name for city in cities()}


def test_small_towns_and_made_up_ones_are_drawn_as_well_as_the_famous() -> None:
    places = drawn(gazetteer.PLACES)
    assert len(set(places)) > 1500
    assert {"Taipei", "London", "TPE"} & set(places)


def test_places_have_their_country_or_state_behind_them() -> None:
    places = drawn(gazetteer.PLACES)
    assert any(re.search(r", [A-Z]{2}$", place) for place in places)
    assert any(place.endswith((", France", " France")) for place in places)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("São Paulo", "Sao Paulo"), ("Tromsø", "Tromso"), ("Łódź", "Lodz"), ("Hof", "Hof")],
)
def test_accents_can_be_left_out(name: str, typed: str) -> None:
    assert gazetteer.without_accents(name) == typed


def test_chinese_places_are_mostly_han_and_simplified() -> None:
    places = drawn(chinese_gazetteer.PLACES)
    assert sum(bool(HAN.search(place)) for place in places) > 0.9 * len(places)
    assert not any(set(place) & set("臺東廣門國際機場") for place in places)


def test_companies_are_known_or_made_up() -> None:
    companies = {gazetteer.company(Random(seed)) for seed in range(1000)}
    chinese = {chinese_gazetteer.company(Random(seed)) for seed in range(1000)}
    assert companies & set(names("carriers"))
    assert companies - set(names("carriers"))
    assert chinese & set(names("chinese-carriers"))
    assert any(re.fullmatch(r"[A-Z][A-Z2-9]|[2-9][A-Z]", name) for name in companies)
    assert any(name.endswith("航空") for name in chinese - set(names("chinese-carriers")))


@pytest.mark.parametrize("path", sorted((FOLDER / "names").iterdir()), ids=lambda path: path.stem)
def test_no_list_of_names_repeats_or_pads_one(path: Path) -> None:
    listed = names(path.stem)
    assert len(set(listed)) == len(listed)
    assert all(name and name == name.strip() for name in listed)
