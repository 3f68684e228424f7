"""Lists of values that operators change while the service runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.inference.loading import open_registry
from app.main import create_app
from app.security.api_keys import new_key
from app.settings import Settings
from app.tagging.errors import BundleError
from app.tagging.list_files import file_of, slots_of
from tests.app.api.test_openapi import assert_documented
from tests.app.inference.test_loading import copy_bundle
from tests.app.inference.test_reload import reload

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder of lists, with none."""
    folder = tmp_path / "lists"
    folder.mkdir()
    return folder


@pytest.fixture
def client(toy_bundle: Path, lists: Path, tmp_path: Path) -> Iterator[TestClient]:
    key = new_key(tmp_path / "admin-keys", "operator")
    settings = Settings(
        model_dir=toy_bundle, lists_dir=lists, admin_keys_file=tmp_path / "admin-keys"
    )
    headers = {"authorization": f"Bearer {key}"}
    with TestClient(create_app(settings), headers=headers) as client:
        yield client


def write(lists: Path, file: str, *lines: str) -> None:
    path = lists / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["value", *lines]) + "\n", encoding="utf-8")


def answer(client: TestClient, text: str, **more: Any) -> dict[str, Any]:
    response = client.post("/slots", json={"text": text, **more})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def values(client: TestClient, text: str) -> list[str]:
    return [slot["value"] for slot in answer(client, text)["slots"]]


def test_what_a_closed_list_does_not_hold_is_no_value(client: TestClient, lists: Path) -> None:
    assert values(client, "leave Taipei") == ["Taipei"]
    write(lists, "toy/place_of_departure.closed.tsv", "boston", "new york")
    changes = reload(client)
    assert changes["errors"] == []
    assert [model["name"] for model in changes["loaded"]] == ["toy"]
    assert values(client, "leave Taipei") == []
    assert values(client, "arrive Taipei") == ["Taipei"], "another slot"
    assert values(client, "leave BOSTON") == ["BOSTON"]
    assert values(client, "leave New York tomorrow") == ["New York", "tomorrow"]
    tokens = answer(client, "leave Taipei tomorrow", detail="distributions")["tokens"]
    assert [token["tag"] for token in tokens] == ["O", "O", "B-time_of_departure"]
    assert tokens[1]["confidence"] == pytest.approx(tokens[1]["distribution"]["O"])
    (lists / "toy/place_of_departure.closed.tsv").unlink()
    reload(client)
    assert values(client, "leave Taipei") == ["Taipei"]


def test_all_lists_of_a_slot_hold_the_values_of_a_closed_one(
    client: TestClient, lists: Path
) -> None:
    write(lists, "toy/place_of_departure.closed.tsv", "boston")
    write(lists, "toy/place_of_departure+destination.tsv", "台北")
    reload(client)
    assert values(client, "leave Boston") == ["Boston"]
    assert values(client, "到 达 台北") == ["台北"]
    assert values(client, "leave New York") == []


def test_answers_and_descriptions_name_the_version_of_the_lists(
    client: TestClient, lists: Path
) -> None:
    assert "lists" not in answer(client, "leave Taipei")["model"]
    assert "lists" not in client.get("/models/toy").json()
    write(lists, "toy/destination.closed.tsv", "boston")
    [loaded] = reload(client)["loaded"]
    first = answer(client, "leave Taipei")["model"]
    assert loaded == first
    assert client.get("/models/toy").json()["lists"] == first["lists"]
    assert client.get("/models").json()["models"][0]["lists"] == first["lists"]
    [one] = client.post("/slots/batch", json={"texts": ["leave Taipei"]}).json()["answers"]
    assert one["slots"]
    assert reload(client)["loaded"] == [], "nothing has changed"
    write(lists, "toy/destination.closed.tsv", "boston", "taipei")
    reload(client)
    second = answer(client, "leave Taipei")["model"]
    assert second["version"] == first["version"]
    assert second["lists"] != first["lists"]
    document = client.get("/openapi.json").json()
    for path, body in (("/slots", {"text": "Taipei"}), ("/admin/reload", {})):
        assert_documented(document, path, "post", client.post(path, json=body))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"boston\n", "line 1: expected a header"),
        (b"value\nboston\tx\n", "line 2: expected 1 columns"),
        (b"value\n\xff\n", "line 2: expected UTF-8"),
    ],
)
def test_a_broken_list_leaves_the_one_before_and_is_told(
    client: TestClient, lists: Path, content: bytes, complaint: str
) -> None:
    write(lists, "toy/destination.closed.tsv", "boston")
    write(lists, "toy/place_of_departure.closed.tsv", "boston")
    reload(client)
    (lists / "toy/destination.closed.tsv").write_bytes(content)
    write(lists, "toy/place_of_departure.closed.tsv", "taipei")
    [error] = reload(client)["errors"]
    assert error["model"] == "toy"
    assert error["detail"].startswith(f"list toy/destination.closed.tsv: {complaint}")
    assert values(client, "arrive Boston") == ["Boston"]
    assert values(client, "arrive Taipei") == []
    assert values(client, "leave Taipei") == ["Taipei"], "the other list is the new one"
    assert client.get("/models").json()["errors"] == [error]
    assert "skipped_models" not in client.get("/health/ready").json(), "the model answers"
    write(lists, "toy/destination.closed.tsv", "taipei")
    assert reload(client)["errors"] == []
    assert values(client, "arrive Taipei") == ["Taipei"]


def test_a_list_of_no_slot_or_no_model_is_told(client: TestClient, lists: Path) -> None:
    write(lists, "toy/hotel.tsv", "ritz")
    write(lists, "tpy/destination.tsv", "boston")
    (lists / "toy" / "README.md").write_text("ours")
    (lists / "toy" / ".destination.tsv").write_text("an editor's")
    details = [error["detail"] for error in reload(client)["errors"]]
    assert details[0].startswith("list tpy: there is no model of that name")
    assert details[1].startswith("list toy/hotel.tsv: it is named after no slot of the model")
    assert len(details) == 2


def test_a_folder_that_is_gone_leaves_the_lists_before(client: TestClient, lists: Path) -> None:
    write(lists, "toy/destination.closed.tsv", "boston")
    reload(client)
    lists.rename(lists.with_name("elsewhere"))
    [error] = reload(client)["errors"]
    assert "SLOTLINE_LISTS_DIR" in error["detail"]
    assert values(client, "arrive Taipei") == []


def test_the_service_starts_without_a_broken_list_only_where_it_may(
    toy_bundle: Path, lists: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(lists, "toy/destination.closed.tsv", "boston\tx")
    with pytest.raises(BundleError, match=r"toy/destination.closed.tsv: line 2"):
        open_registry(toy_bundle, lists=lists)
    registry = open_registry(toy_bundle, lists=lists, skip_invalid_models=True)
    assert registry.model("toy").lists is None
    assert "toy/destination.closed.tsv: line 2" in caplog.text
    with pytest.raises(BundleError, match="SLOTLINE_LISTS_DIR"):
        open_registry(toy_bundle, lists=lists / "nothing")


def test_a_model_that_was_trained_without_marks_finds_what_is_listed(lists: Path) -> None:
    settings = Settings(model_dir=MODELS, default_model="snips", lists_dir=lists)
    write(lists, "snips/artist.tsv", "wet leg")
    with TestClient(create_app(settings)) as client:
        (slot,) = answer(client, "play wet leg")["slots"]
        assert (slot["name"], slot["value"]) == ("artist", "wet leg")
        slots = answer(client, "play harbour lights at noon")["slots"]
        assert slots
        assert all(slot["name"] != "artist" for slot in slots)
        # Scores, probabilities and tags agree.
        _, first, _ = answer(client, "play wet leg", detail="distributions")["tokens"]
        assert first["tag"] == "B-artist"
        assert max(first["distribution"], key=first["distribution"].__getitem__) == "artist"
        assert sum(first["distribution"].values()) == pytest.approx(1.0, abs=1e-3)
    (lists / "snips/artist.tsv").unlink()
    with TestClient(create_app(settings)) as client:
        (slot,) = answer(client, "play wet leg")["slots"]
        assert slot["name"] != "artist"


def test_models_share_the_memory_of_equal_files(
    toy_bundle: Path, lists: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        copy_bundle(toy_bundle, tmp_path / "bundles" / name, name)
        write(lists, f"{name}/destination.tsv", "boston")
    registry = open_registry(tmp_path / "bundles", lists=lists)
    one, other = (registry.model(name).lists for name in ("a", "b"))
    assert one is not None
    assert other is not None
    assert one.values[0].values is other.values[0].values


def test_names_in_a_list_are_resolved_where_the_slot_has_names(
    toy_with_types: Path, lists: Path
) -> None:
    path = lists / "toy" / "destination.tsv"
    path.parent.mkdir()
    path.write_text("value\tcanonical\tid\nnew\tNew Town\tNEW\ntaipei\t\t\n", encoding="utf-8")
    settings = Settings(model_dir=toy_with_types, lists_dir=lists)
    with TestClient(create_app(settings)) as client:
        for text, name in (
            ("arrive new", {"id": "NEW", "value": "New Town"}),
            ("arrive Taipei", {"id": "TPE", "value": "Taipei"}),
        ):
            [slot] = answer(client, text, resolve={})["slots"]
            assert slot["resolution"] == {"type": "name", **name}


@pytest.mark.parametrize(
    ("file", "slots", "is_closed"),
    [
        ("from.city.tsv", ("from.city",), False),
        ("from.city.closed.tsv", ("from.city",), True),
        ("from.city+to.tsv", ("from.city", "to"), False),
        ("a+b.closed.tsv", ("a+b",), True),
        ("a%2Fb+to.tsv", ("a/b", "to"), False),
        ("is.closed.tsv", ("is.closed",), False),
    ],
)
def test_a_file_is_named_after_its_slots(
    file: str, slots: tuple[str, ...], is_closed: bool
) -> None:
    known = ("from.city", "to", "a+b", "a/b", "is.closed")
    assert slots_of(file, known) == (slots, is_closed)
    assert slots_of(file_of(slots, is_closed=is_closed), known) == (slots, is_closed)
