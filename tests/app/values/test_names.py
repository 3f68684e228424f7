from pathlib import Path
from typing import Any

import pytest

from app.values import Context, SlotType, resolve
from app.values.names import NameList, compiled

ROWS = [
    ("NYC", "New York", ["nyc", "=NYC", "纽约"]),
    ("DEN", "Denver", ["=DEN"]),
    ("LOS", "Lagos", ["=LOS"]),
    ("FAO", "Lagos, Portugal", ["Lagos"]),
    ("MAY", "Mangrove Cay", ["=MAY"]),
    ("KRK", "Kraków", []),
    ("HND", "Haneda Airport", ["=HND"]),
]
SMALL = NameList(compiled(ROWS).encode())
PLACES = Path(__file__).parents[3] / "training" / "tables" / "places.tsv"


def found(text: str, names: NameList = SMALL) -> dict[str, Any]:
    return resolve(text, 0, len(text), SlotType("name", names=names), Context(locale="en"))


@pytest.mark.parametrize(
    ("text", "identifier", "value"),
    [
        ("New York", "NYC", "New York"),
        ("nyc", "NYC", "New York"),
        ("NYC", "NYC", "New York"),
        ("new york city", "NYC", "New York"),
        ("纽约市", "NYC", "New York"),
        ("DENVER", "DEN", "Denver"),
        ("krakow", "KRK", "Kraków"),
        ("Tokyo (HND)", "HND", "Haneda Airport"),
        ("MAY", "MAY", "Mangrove Cay"),
        ("Denver airport", "DEN", "Denver"),
    ],
)
def test_a_name_has_an_id_and_its_canonical_form(text: str, identifier: str, value: str) -> None:
    assert found(text) == {"type": "name", "id": identifier, "value": value}


@pytest.mark.parametrize("text", ["may", "May", "Hogwarts", "", "den", "(HND)", "New", "\t", "="])
def test_what_the_list_lacks_is_an_unknown_name(text: str) -> None:
    assert found(text) == {"type": "name", "unresolved": "unknown_name"}


def test_others_of_the_same_name_are_alternatives() -> None:
    assert found("Lagos") == {
        "type": "name",
        "id": "LOS",
        "value": "Lagos",
        "alternatives": [{"type": "name", "id": "FAO", "value": "Lagos, Portugal"}],
    }


def test_without_a_list_no_name_is_known() -> None:
    answer = resolve("Denver", 0, 6, SlotType("name"), Context())
    assert answer["unresolved"] == "unknown_name"


def test_every_key_of_a_long_list_is_found() -> None:
    lines = PLACES.read_bytes()
    names = NameList(lines)
    for line in lines.decode().splitlines()[::7]:
        key, identifier, value, *_ = line.split("\t")
        assert names.entries(key)[0] == (identifier, value)
    assert names.entries("zzzzzz") == []
    assert names.entries("") == []


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        *[("London", "LON"), ("Heathrow", "LHR"), ("London Heathrow", "LHR"), ("LHR", "LHR")],
        *[("JFK", "JFK"), ("NYC", "NYC"), ("St. Louis", "STL"), ("San Jose, CA", "SJC")],
        *[("Rochester, NY", "ROC"), ("Vegas", "LAS"), ("Washington DC", "WAS")],
        *[("台北", "TPE"), ("臺北", "TPE"), ("浦东机场", "PVG"), ("義烏", "YIW"), ("東京", "TYO")],
    ],
)
def test_places(text: str, identifier: str) -> None:
    assert found(text, NameList(PLACES.read_bytes()))["id"] == identifier
