"""Forms over HTTP: dialogues through the real server, states as any input, reload, streams."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from websockets.sync.client import connect

from app.http.paths import STREAM_PATH
from app.main import create_app
from app.settings import Settings
from benchmarks.harness.service import serving
from tests.app.api.test_openapi import assert_documented
from tests.app.forms.talk import ROOT, TRIP, dialogues, told

DIALOGUES = dialogues()
AT = {"reference_time": "2026-11-29T09:00:00Z", "time_zone": "Europe/London", "locale": "en-GB"}
# A form for the toy bundle with types.
TOY = """
name = "toy"
model = "toy"
[[slots]]
name = "destination"
prompt = {en = "Where to?"}
"""


@pytest.fixture(scope="module")
def served() -> Iterator[httpx2.Client]:
    """The service as it is delivered, on a port."""
    with serving(SLOTLINE_MODEL_DIR=str(ROOT / "models" / "booking")) as (client, _):
        yield client


@pytest.fixture(scope="module")
def booking() -> Iterator[TestClient]:
    settings = Settings(model_dir=ROOT / "models" / "booking", max_words=40)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def both() -> Iterator[list[TestClient]]:
    """The service with the fast path, and the same without it."""
    settings = Settings(model_dir=ROOT / "models" / "booking", max_words=40, max_body_bytes=9_000)
    apps = [create_app(settings, fast_path=fast) for fast in (True, False)]
    clients = [TestClient(app, raise_server_exceptions=False) for app in apps]
    with clients[0], clients[1]:
        yield clients


def take(client: Any, text: str, state: Any = None, **more: Any) -> Any:
    body = {"text": text, "state": state, "resolve": AT} | more
    response = client.post("/forms/trip", json=body)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    ("dialogue", "resolve"), [one[1:] for one in DIALOGUES], ids=[one[0] for one in DIALOGUES]
)
def test_a_dialogue_goes_through_the_server_as_it_is_written(
    served: httpx2.Client, dialogue: dict[str, Any], resolve: dict[str, str]
) -> None:
    state = None
    for expected in dialogue["turns"]:
        answer = take(served, expected["say"], state, resolve=resolve)
        assert [told(change) for change in answer["changes"]] == expected["changes"]
        assert answer.get("requested_slot", "") == expected["asks"]
        assert ("prompt" in answer) == ("requested_slot" in answer)
        status = "asking" if expected["asks"] else "complete"
        assert answer["status"] == expected.get("status", status)
        assert answer.get("clarify", {}).get("options", []) == expected.get("clarify", [])
        assert ("values" in answer) == (answer["status"] == "complete")
        state = answer["state"]


def test_an_answer_is_as_it_is_documented(booking: TestClient) -> None:
    document = booking.get("/openapi.json").json()
    state = None
    answers = []
    for text in (
        "two tickets from Boston to Denver on Friday",
        "Austin",
        "twelve people",
        "one way",
    ):
        body = {"text": text, "state": state, "resolve": AT}
        response = booking.post("/forms/trip", json=body)
        assert_documented(document, "/forms/{name}", "post", response)
        answers.append(response.json())
        state = answers[-1]["state"]
    first, asked, _, last = answers
    assert list(first) == [
        *("form", "model", "resolved", "status", "requested_slot", "prompt", "changes", "state")
    ]
    assert first["prompt"] == {"id": "time_of_return.prompt", "text": "When do you come back?"}
    assert asked["clarify"]["prompt"]["text"] == "Which one do you mean?"
    assert last["values"]["passengers"] == {"type": "count", "value": 2}
    for path in ("/forms", "/forms/trip"):
        template = path.replace("trip", "{name}")
        assert_documented(document, template, "get", booking.get(path))


def test_prompts_have_the_language_of_the_locale_or_the_one_asked_for(booking: TestClient) -> None:
    assert take(booking, "")["prompt"]["text"] == "Where are you leaving from?"
    chinese = AT | {"locale": "zh-Hant-TW"}
    assert take(booking, "", resolve=chinese)["prompt"]["text"] == "您从哪里出发？"
    assert take(booking, "", language="zh")["prompt"]["text"] == "您从哪里出发？"
    assert take(booking, "", language="fr")["prompt"]["text"] == "Where are you leaving from?"


def test_without_a_zone_what_is_relative_is_rejected(booking: TestClient) -> None:
    answer = take(booking, "leave tomorrow", resolve=None)
    [change] = answer["changes"]
    assert (change["kind"], change["reason"]) == ("rejected", "needs_reference")
    assert "resolved" not in answer


def test_forms_describe_themselves(booking: TestClient) -> None:
    listed = booking.get("/forms").json()
    assert [form["name"] for form in listed["forms"]] == ["trip"]
    assert "errors" not in listed
    described = booking.get("/forms/trip").json()
    assert described["version"] == listed["forms"][0]["version"]
    slots = {slot["name"]: slot for slot in described["slots"]}
    assert slots["passengers"]["default"] == {"type": "count", "value": 1}
    assert slots["passengers"]["constraints"] == {"least": 1, "most": 9}
    assert slots["destination"]["prompts"]["prompt"]["zh"] == "您要去哪里？"
    assert described["schema"]["required"] == ["place_of_departure", "destination"]


def test_values_satisfy_the_schema_that_the_form_gives(booking: TestClient) -> None:
    import jsonschema

    schema = booking.get("/forms/trip").json()["schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    first = take(booking, "two tickets from Boston to Denver on Friday, back on Sunday")
    jsonschema.validate(first["values"], schema)
    for spoilt in (
        first["values"] | {"passengers": {"type": "count", "value": 10}},
        first["values"] | {"destination": {"type": "text", "value": "Denver"}},
        {name: value for name, value in first["values"].items() if name != "destination"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoilt, schema)


def test_unknown_forms_and_other_versions_are_told_apart(booking: TestClient) -> None:
    for response in (booking.post("/forms/x", json={"text": ""}), booking.get("/forms/x")):
        assert (response.status_code, response.json()["code"]) == (404, "form_not_found")
    state = take(booking, "")["state"] | {"version": "of before"}
    response = booking.post("/forms/trip", json={"text": "Boston", "state": state})
    assert (response.status_code, response.json()["code"]) == (409, "form_changed")


@pytest.mark.parametrize(
    "state",
    ["x" * 16_384, [0] * 8_000, {str(n): n for n in range(2_000)}, {"form": "y" * 16_384}, 1, True],
)
def test_rubbish_as_state_is_refused(booking: TestClient, state: object) -> None:
    response = booking.post("/forms/trip", json={"text": "Boston", "state": state})
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_request"
    assert len(response.content) < 2_000


def test_what_is_wrong_with_a_state_is_said_field_by_field(booking: TestClient) -> None:
    state = take(booking, "to Denver")["state"]
    state["slots"]["destination"]["resolution"]["id"] = "XXX"
    response = booking.post("/forms/trip", json={"text": "Boston", "state": state})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "location": ["body", "state", "slots", "destination", "resolution"],
            "message": "the list of names has no such entry",
        }
    ]


def test_a_frame_does_not_make_a_text_too_long(booking: TestClient) -> None:
    state = take(booking, "")["state"]
    words = " ".join(["well"] * 39)
    assert take(booking, f"{words} Boston", state)["status"] == "asking"
    response = booking.post("/forms/trip", json={"text": f"{words} I Boston", "state": state})
    assert response.json()["code"] == "text_too_long"


def test_turns_are_counted_and_what_was_said_is_not_logged(
    booking: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        take(booking, "two tickets to Timbuktu, never mind Denver")
        take(booking, "cancel")
    assert "Timbuktu" not in caplog.text
    assert "Denver" not in caplog.text
    figures = booking.get("/metrics").text
    assert 'slotline_form_turns_total{form="trip",status="cancelled"}' in figures
    assert 'slotline_form_changes_total{form="trip",kind="filled"}' in figures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "toy.toml").write_text(TOY)
    return tmp_path / "forms"


def test_a_broken_form_stops_the_start_with_one_line(toy_bundle: Path, folder: Path) -> None:
    from app.forms import InvalidFormError

    (folder / "toy.toml").write_text(TOY + 'colour = "red"\n')
    settings = Settings(model_dir=toy_bundle, forms_dir=folder)
    with pytest.raises(
        InvalidFormError, match=r"toy\.toml: slots\.destination\.colour: unknown key"
    ):
        TestClient(create_app(settings)).__enter__()


def test_forms_follow_a_reload_and_a_broken_one_leaves_the_last_good(
    toy_bundle: Path, folder: Path, tmp_path: Path
) -> None:
    from app.security.api_keys import new_key

    key = new_key(tmp_path / "keys", "operator")
    settings = Settings(model_dir=toy_bundle, forms_dir=folder, admin_keys_file=tmp_path / "keys")

    def reload(client: TestClient) -> Any:
        return client.post("/admin/reload", headers={"authorization": f"Bearer {key}"}).json()

    with TestClient(create_app(settings)) as client:
        before = client.get("/forms/toy").json()["version"]
        (folder / "toy.toml").write_text(TOY.replace("Where to?", "Whither?"))
        assert "form_errors" not in reload(client)
        after = client.get("/forms/toy").json()["version"]
        assert after != before
        assert client.post("/forms/toy", json={}).json()["prompt"]["text"] == "Whither?"
        (folder / "toy.toml").write_text("name = ")
        (folder / "more.toml").write_text(TOY)
        faults = reload(client)["form_errors"]
        assert [(fault["file"], fault["form"]) for fault in faults] == [
            ("more.toml", None),
            ("toy.toml", "toy"),
        ]
        assert client.get("/forms/toy").json()["version"] == after
        assert client.get("/forms").json()["errors"] == faults
        (folder / "toy.toml").unlink()
        (folder / "more.toml").unlink()
        assert "form_errors" not in reload(client)
        assert client.get("/forms").json() == {"forms": []}
        folder.rmdir()
        [fault] = reload(client)["form_errors"]
        assert str(tmp_path) not in json.dumps(client.get("/forms").json())
        assert fault["file"] is None


def test_forms_of_models_that_are_not_here_are_not_offered(toy_bundle: Path) -> None:
    with TestClient(create_app(Settings(model_dir=toy_bundle))) as client:
        assert client.get("/forms").json() == {"forms": []}


def test_slots_without_types_hold_words(toy_bundle: Path, folder: Path) -> None:
    place = '[[slots]]\nname = "place_of_departure"\nprompt = {en = "?"}\n'
    (folder / "toy.toml").write_text(TOY + place + 'different_from = "destination"\n')
    with TestClient(create_app(Settings(model_dir=toy_bundle, forms_dir=folder))) as client:
        first = client.post("/forms/toy", json={"text": "leave Boston"}).json()
        [change] = first["changes"]
        assert change["to"] == {"type": "text", "value": "Boston"}
        same = client.post("/forms/toy", json={"text": "Boston", "state": first["state"]}).json()
        assert [(one["slot"], one["kind"], one["reason"]) for one in same["changes"]] == [
            ("destination", "rejected", "different_from")
        ]


def test_a_stream_can_name_a_form(served: httpx2.Client) -> None:
    address = str(served.base_url.join(STREAM_PATH)).replace("http", "ws", 1)
    with connect(address) as stream:

        def say(**message: Any) -> Any:
            stream.send(json.dumps(message))
            return json.loads(stream.recv())

        partial = say(form="trip", resolve=AT, text="from Boston to")
        assert partial["final"] is False
        assert [slot["value"] for slot in partial["slots"]] == ["Boston"]
        text = "from Boston to Denver on Friday"
        first = say(text=text, final=True)
        expected = take(served, text)
        assert first == {"text": text, "final": True} | expected
        second = say(text="Sunday", final=True, state=first["state"])
        assert second["status"] == "complete"
        # Without the state it is a beginning: nothing is kept.
        assert say(text="to Denver", final=True)["requested_slot"] == "place_of_departure"
        state = first["state"] | {"attempts": 9}
        refused = say(text="Sunday", final=True, state=state)
        assert refused["problem"]["errors"][0]["location"] == ["message", "state", "attempts"]
        assert "slots" in say(form=None, text="to Denver", final=True)
        assert say(form="x", text="to Denver", final=True)["problem"]["code"] == "form_not_found"


def test_the_shipped_form_is_in_the_package() -> None:
    assert TRIP.startswith(b"# A journey")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/forms/trip", {"text": "from Boston to Denver on Friday", "resolve": AT}, 200),
        ("/forms/trip", {"text": ""}, 200),
        ("/forms/trip", {"text": "leave tomorrow", "language": "zh"}, 200),
        ("/forms/trip", {"text": "Boston", "state": {"form": "trip", "version": "old"}}, 409),
        ("/forms/trip", {"text": "Boston", "state": {"form": 1}}, 422),
        ("/forms/trip", {"text": 1}, 422),
        ("/forms/trip", {"text": "a " * 200}, 413),
        ("/forms/trip", {"text": "a" * 10_000}, 413),
        ("/forms/trip", b"{", 400),
        ("/forms/none", {"text": ""}, 404),
        ("/forms/" + "a" * 101, {"text": ""}, 422),
        ("/forms/", {"text": ""}, 404),
        ("/forms/trip/", {"text": ""}, 404),
        ("/forms/trip/more", {"text": ""}, 404),
        ("/forms/%E8%A1%8C", {"text": ""}, 404),
        ("/forms/t%2Frip", {"text": ""}, 404),
    ],
    ids=str,
)
def test_the_fast_path_takes_the_same_turn(
    both: list[TestClient], path: str, body: Any, status: int
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", "x-request-id": "same"}
    answers = [client.post(path, content=content, headers=headers) for client in both]
    assert [answer.status_code for answer in answers] == [status] * 2
    first, second = ((one.content, one.headers.multi_items()) for one in answers)
    assert first == second


def test_a_turn_takes_the_fast_path_and_counts_once(both: list[TestClient]) -> None:
    fast, slow = both

    def counts(client: TestClient) -> tuple[float, float]:
        text = client.get("/metrics").text
        lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[:1] != "#")
        turns = [
            float(value)
            for name, value in lines.items()
            if name.startswith("slotline_requests_total") and 'endpoint="/forms/{name}"' in name
        ]
        return float(lines["slotline_fast_path_total"]), sum(turns)

    before = [counts(client) for client in both]
    for client in both:
        take(client, "from Boston")
    after = [counts(client) for client in both]
    gained = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(before, after, strict=True)]
    assert gained == [(1, 1), (0, 1)]
    assert fast.get("/forms/trip").content == slow.get("/forms/trip").content


def test_a_value_that_was_checked_does_not_vouch_for_another(booking: TestClient) -> None:
    """What JSON tells apart is checked apart; so are slots of other types."""
    state = take(booking, "two tickets from Boston to Denver on Friday")["state"]
    good = take(booking, "", state)["state"]["slots"]["passengers"]["resolution"]
    for value in (True, "2", 2.5, None, 10**13):
        broken = json.loads(json.dumps(state))
        broken["slots"]["passengers"]["resolution"] = good | {"value": value}
        body = {"text": "", "state": broken}
        for _ in range(2):
            assert booking.post("/forms/trip", json=body).status_code == 422
    for name in ("passengers", "time_of_departure"):
        broken = json.loads(json.dumps(state))
        broken["slots"][name]["resolution"] = state["slots"]["destination"]["resolution"]
        body = {"text": "", "state": broken}
        assert booking.post("/forms/trip", json=body).status_code == 422
