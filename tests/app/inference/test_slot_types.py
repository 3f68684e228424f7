"""The types of the slots of models that answer."""

import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.inference.loading import open_registry, reopen_registry
from app.inference.registry import ModelRegistry
from app.inference.slot_types import types_of
from app.tagging.bundle import Bundle, add_types, open_bundle
from app.tagging.errors import BundleInvalidError
from app.values import NameList
from app.values.names import compiled
from tests.app.inference.test_loading import copy_bundle

CITIES = compiled([("TPE", "Taipei", [])]).encode()


def types(**table: Any) -> dict[str, Any]:
    return {
        "values": {"destination": {"type": "name", "names": "cities"}},
        "names": {"cities": {"file": "cities.tsv", "compiled": True}},
        **table,
    }


@pytest.fixture
def bundles(toy_bundle: Path, tmp_path: Path) -> Path:
    """Two bundles with the same list."""
    for name in ("a", "b"):
        copy_bundle(toy_bundle, tmp_path / name, name)
        add_types(tmp_path / name, types(), {"cities.tsv": CITIES}, "again")
    return tmp_path


def list_of(registry: ModelRegistry, model: str) -> NameList:
    names = registry.model(model).types["destination"].names
    assert names is not None
    return names


def test_models_share_their_lists(bundles: Path) -> None:
    registry = open_registry(bundles)
    assert list_of(registry, "a") is list_of(registry, "b")
    assert [name.id for name in list_of(registry, "a").find("taipei")] == ["TPE"]


def test_a_reload_takes_types_over_and_keeps_those_of_the_version_before(bundles: Path) -> None:
    before = open_registry(bundles)
    add_types(bundles / "a", types(parts_of_day={}), {"cities.tsv": CITIES}, "again")
    after = reopen_registry(before, bundles)
    assert after.model("b") is before.model("b")
    assert after.model("a") is not before.model("a")
    version = before.model("a").manifest.version
    assert after.model(f"a@{version}") is before.model("a")
    assert list_of(after, "a") is list_of(before, "a")


def test_a_model_keeps_the_types_it_was_found_with(bundles: Path, toy_bundle: Path) -> None:
    registry = open_registry(bundles)
    shutil.copytree(toy_bundle, bundles / "c")
    reloaded = reopen_registry(registry, bundles)
    assert reloaded.model("toy").types == {}
    assert registry.model("a").types.keys() == {"destination"}


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        (types(values={"colour": {"type": "date"}}), "values.colour: the model has no such slot"),
        (types(values={"destination": {"type": "place"}}), "values.destination.type"),
        (types(names={"cities": {"file": "towns.tsv"}}), "the bundle holds no list towns.tsv"),
        (types(names={"cities": {}}), "names.cities: give the file"),
        (types(more={}), "unknown tables: more"),
        (types(values=[]), "values: a table"),
        ({"values": {"destination": {"type": "date", "anchor": []}}}, "destination.anchor"),
        (types(parts_of_day={"morning": [6, 12]}), "parts_of_day.morning"),
    ],
)
def test_a_bundle_with_types_that_cannot_be_used_is_refused(
    bundles: Path, declared: dict[str, Any], fault: str
) -> None:
    add_types(bundles / "a", declared, {"cities.tsv": CITIES}, "again")
    with pytest.raises(BundleInvalidError, match=f"bundle a: manifest.json, types: .*{fault}"):
        open_registry(bundles)
    registry = open_registry(bundles, "b", skip_invalid_models=True)
    assert registry.skipped == ("a",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
LEAVES = ("type", "prefer", "bare_duration", "anchor", "names", "file", "compiled", "license")


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A declaration with anything in the place of one of its parts."""
    whole = types(parts_of_day={"morning": ["06:00", "12:00"]})
    place: Any = whole
    for _ in range(draw(st.integers(0, 2))):
        key = draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict):
            break
        place = place[key]
    place[draw(st.sampled_from([*place, *LEAVES]))] = draw(JSON)
    return whole


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
def test_no_declaration_breaks_the_reader(toy_bundle: Path, declared: dict[str, Any]) -> None:
    plain = open_bundle(toy_bundle)
    files = plain.manifest.files | {"cities.tsv": "0" * 64}
    manifest = replace(plain.manifest, types=declared, files=files)
    contents = replace(plain.contents, lists={"cities.tsv": CITIES})
    with suppress(BundleInvalidError):
        types_of(Bundle(manifest, contents))


@pytest.mark.parametrize(
    "lines", [b"", b"\n", b"taipei\n", b"taipei\tTPE\n", b"taipei\t\xff\t\xff\n"]
)
def test_a_list_that_was_written_by_hand_costs_no_request_its_answer(lines: bytes) -> None:
    for text in ("taipei", "", "TPE", "zzz"):
        NameList(lines).find(text)
