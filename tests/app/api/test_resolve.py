"""Values of slots on request: over HTTP, in batches, in streams, and against the document."""

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from websockets.sync.client import connect

from app.api.openapi import BATCH_EXAMPLES, SLOTS_EXAMPLES
from app.api.resolution_schemas import Resolution
from app.http.paths import STREAM_PATH
from app.main import create_app
from app.settings import Settings
from app.values import read_types, resolve
from app.values.context import Context
from benchmarks.harness.service import serving
from tests.app.api.test_openapi import assert_documented, faults
from tests.app.values.test_expected import cases, resolved

ROOT = Path(__file__).parents[3]
AT = {
    "reference_time": "2026-11-29T09:00:00Z",
    "time_zone": "Europe/London",
    "locale": "en-GB",
}
ECHO = AT | {"reference_time": "2026-11-29T09:00:00+00:00"}
TEXT = "leave Boston tomorrow, arrive New York by November 2nd"
TOMORROW = {"type": "date", "value": "2026-11-30", "grain": "day"}


@pytest.fixture(scope="module")
def typed(toy_with_types: Path) -> Iterator[TestClient]:
    settings = Settings(model_dir=toy_with_types, max_words=60)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def slow(toy_with_types: Path) -> Iterator[TestClient]:
    """The same without the fast path."""
    settings = Settings(model_dir=toy_with_types, max_words=60)
    with TestClient(create_app(settings, fast_path=False)) as client:
        yield client


def resolutions(answer: dict[str, Any]) -> dict[str, Any]:
    return {slot["value"]: slot.get("resolution") for slot in answer["slots"]}


def ask(client: TestClient | httpx2.Client, text: str = TEXT, **options: Any) -> Any:
    response = client.post("/slots", json={"text": text, "resolve": AT} | options)
    assert response.status_code == 200, response.text
    return response.json()


def test_slots_with_a_type_have_their_values_beside_their_words(typed: TestClient) -> None:
    answer = ask(typed)
    assert list(answer) == ["model", "resolved", "slots", "intent"]
    assert answer["resolved"] == ECHO
    assert resolutions(answer) == {
        "Boston": None,  # a place of departure has no type
        "tomorrow": TOMORROW,
        "New York": {"type": "name", "id": "NYC", "value": "New York"},
        "November 2nd": {"type": "date", "to": "2027-11-02", "grain": "day"},
    }
    for slot in answer["slots"]:
        assert TEXT[slot["start"] : slot["end"]] == slot["value"]


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "byte"])
@pytest.mark.parametrize("detail", ["slots", "tokens", "distributions"])
def test_values_do_not_depend_on_what_offsets_count(
    typed: TestClient, unit: str, detail: str
) -> None:
    answer = ask(typed, f"🎉 {TEXT}", offset_unit=unit, detail=detail)
    assert resolutions(answer) == resolutions(ask(typed))


def test_tokens_are_read_as_the_text_that_they_make(typed: TestClient) -> None:
    tokens = ["", "arrive", "New", "York", "by", "November", "2nd"]
    answer = typed.post("/slots", json={"tokens": tokens, "resolve": AT}).json()
    assert resolutions(answer) == {
        "New York": {"type": "name", "id": "NYC", "value": "New York"},
        "November 2nd": {"type": "date", "to": "2027-11-02", "grain": "day"},
    }
    answer = typed.post("/slots", json={"tokens": [*"到达台北"], "resolve": AT}).json()
    assert resolutions(answer)["台 北"] == {"type": "name", "id": "TPE", "value": "Taipei"}


def test_a_slot_that_is_left_out_has_no_value_either(typed: TestClient) -> None:
    assert ask(typed, min_confidence=1.0)["slots"] == []


def test_a_batch_gives_each_text_what_it_gets_alone(typed: TestClient) -> None:
    texts = [TEXT, "", "到达台北", "x " * 1_000]
    question = {"texts": texts[:3], "resolve": AT}
    answer = typed.post("/slots/batch", json=question).json()
    assert list(answer) == ["model", "resolved", "answers"]
    assert answer["resolved"] == ECHO
    for text, one in zip(texts, answer["answers"], strict=False):
        alone = ask(typed, text)
        assert one["slots"] == alone["slots"]


def test_a_long_text_is_resolved_too(typed: TestClient) -> None:
    """One that is tagged in a thread."""
    assert resolutions(ask(typed, TEXT + " " * 2_000)) == resolutions(ask(typed))


@pytest.mark.parametrize("question", [{}, {"resolve": None}], ids=["absent", "null"])
@pytest.mark.parametrize("path", ["/slots", "/slots/batch"])
def test_without_resolve_types_change_no_byte(
    typed: TestClient, client: TestClient, path: str, question: dict[str, Any]
) -> None:
    examples = SLOTS_EXAMPLES if path == "/slots" else BATCH_EXAMPLES
    for example in examples.values():
        assert isinstance(example["value"], dict)
        body = example["value"] | question
        if not question:
            body.pop("resolve", None)
        answers = [one.post(path, json=body) for one in (typed, client)]
        versions = [answer.json()["model"]["version"].encode() for answer in answers]
        assert versions[0] != versions[1]
        assert answers[0].content.replace(*versions) == answers[1].content
        assert b"resol" not in answers[0].content


def test_a_model_without_types_resolves_nothing_and_says_against_what(client: TestClient) -> None:
    answer = ask(client, "leave Boston tomorrow")
    assert answer["resolved"] == ECHO
    assert not any("resolution" in slot for slot in answer["slots"])


def test_the_fast_path_answers_the_same(typed: TestClient, slow: TestClient) -> None:
    body = {"text": TEXT, "resolve": AT}
    assert typed.post("/slots", json=body).content == slow.post("/slots", json=body).content


def test_all_of_it_can_be_left_out(typed: TestClient) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    answer = ask(typed, "leave Boston tomorrow", resolve={})
    told = answer["resolved"]
    assert set(told) == {"reference_time", "locale"}
    assert told["locale"] == "en"
    assert before <= datetime.fromisoformat(told["reference_time"]) <= datetime.now(UTC)
    assert resolutions(answer)["tomorrow"] == {"type": "datetime", "unresolved": "needs_reference"}


def test_the_reference_time_is_told_in_the_zone(typed: TestClient) -> None:
    answer = ask(
        typed, resolve={"time_zone": "Asia/Taipei"} | {"reference_time": "2026-11-29T20:00:00Z"}
    )
    assert answer["resolved"]["reference_time"] == "2026-11-30T04:00:00+08:00"
    assert resolutions(answer)["tomorrow"]["value"] == "2026-12-01"
    answer = ask(typed, resolve={"reference_time": "2026-11-29t20:59:60.5+05:30"})
    assert answer["resolved"]["reference_time"] == "2026-11-29T20:59:59.500000+05:30"


@pytest.mark.parametrize(
    ("resolve", "location", "message"),
    [
        ({"time_zone": "Nowhere"}, "time_zone", "IANA time zone database, such as Europe/London"),
        ({"time_zone": ""}, "time_zone", "IANA"),
        ({"time_zone": "Europe"}, "time_zone", "IANA"),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "IANA"),
        ({"time_zone": "/etc/localtime"}, "time_zone", "IANA"),
        ({"time_zone": "UTC\0"}, "time_zone", "IANA"),
        ({"time_zone": "\ud800"}, "time_zone", "IANA"),
        ({"time_zone": "UTC" * 1_000}, "time_zone", "IANA"),
        ({"time_zone": 1}, "time_zone", "valid string"),
        ({"locale": ""}, "locale", "BCP 47 tag, such as en-GB"),
        ({"locale": "english"}, "locale", "BCP 47"),
        ({"locale": "en-GB\n"}, "locale", "BCP 47"),
        ({"locale": "ｅｎ"}, "locale", "BCP 47"),
        ({"locale": None}, "locale", "valid string"),
        ({"reference_time": "now"}, "reference_time", "such as 2026-11-29T09:00:00+01:00"),
        ({"reference_time": "2026-11-29T09:00:00"}, "reference_time", "offset"),
        ({"reference_time": "2026-11-29"}, "reference_time", "offset"),
        ({"reference_time": "2026-02-30T09:00:00Z"}, "reference_time", "offset"),
        ({"reference_time": "2026-11-29T09:60:00Z"}, "reference_time", "offset"),
        ({"reference_time": "2026-11-29T24:00:00Z"}, "reference_time", "offset"),
        ({"reference_time": "0001-01-01T00:00:00Z"}, "reference_time", "offset"),
        ({"reference_time": "9999-12-31T23:59:59Z"}, "reference_time", "offset"),
        ({"reference_time": "２０２６-11-29T09:00:00Z"}, "reference_time", "offset"),
        ({"reference_time": f"2026-11-29T09:00:00.{'0' * 5_000}Z"}, "reference_time", "offset"),
        ({"reference_time": 1_800_000_000}, "reference_time", "offset"),
        ({"reference_time": "1800000000"}, "reference_time", "offset"),
        ({"timezone": "Europe/London"}, "timezone", "Unknown field"),
        (dict.fromkeys(map(str, range(1_000)), 1), None, "at most 100 fields"),
        ("Europe/London", None, "should be an object"),
        ([], None, "should be an object"),
    ],
)
@pytest.mark.parametrize("path", ["/slots", "/slots/batch", STREAM_PATH])
def test_what_cannot_be_used_is_named(
    typed: TestClient, path: str, resolve: Any, location: str | None, message: str
) -> None:
    if path == STREAM_PATH:
        with typed.websocket_connect(path) as stream:
            stream.send_text(json.dumps({"resolve": resolve}))
            problem = stream.receive_json()["problem"]
        source = "message"
    else:
        # As ASCII: half of a surrogate pair is nothing that UTF-8 can write.
        text = {"text": TEXT} if path == "/slots" else {"texts": [TEXT]}
        content = json.dumps({**text, "resolve": resolve})
        problem = typed.post(
            path, content=content, headers={"content-type": "application/json"}
        ).json()
        source = "body"
    assert (problem["status"], problem["code"]) == (422, "invalid_request")
    [fault] = problem["errors"]
    assert fault["location"] == [source, "resolve", *([location] if location else [])]
    assert message in fault["message"]


def test_a_stream_resolves_what_is_final_alone(typed: TestClient) -> None:
    with typed.websocket_connect(STREAM_PATH) as stream:
        stream.send_json({"text": "leave Boston tomorrow ", "resolve": AT})
        partial = stream.receive_json()
        assert "resolved" not in partial
        assert not any("resolution" in slot for slot in partial["slots"])
        stream.send_json({"text": TEXT, "final": True})  # options hold on
        whole = stream.receive_json()
        assert list(whole)[:4] == ["text", "final", "model", "resolved"]
        del whole["text"], whole["final"]
        assert whole == ask(typed)
        stream.send_json({"text": TEXT, "final": True, "resolve": None})
        assert "resolved" not in stream.receive_json()


def test_the_document_lists_the_types(typed: TestClient, client: TestClient) -> None:
    document = typed.get("/openapi.json").json()
    response = typed.get("/models/toy")
    assert_documented(document, "/models/{name}", "get", response)
    answer = response.json()
    assert answer["types"] == {
        "time_of_departure": {"type": "datetime"},
        "time_of_arrival": {"type": "datetime", "anchor": "time_of_departure"},
        "destination": {"type": "name", "names": "cities"},
    }
    assert answer["names"] == {"cities": {"license": "CC0 1.0", "citation": "", "source": ""}}
    assert answer["parts_of_day"] == {"morning": ["07:00", "11:30"]}
    [listed] = typed.get("/models").json()["models"]
    assert listed["types"] == answer["types"]
    assert not {"types", "names", "parts_of_day"} & set(client.get("/models/toy").json())


EVERY_TYPE = {
    "number": ["24", "about 2.5", "三十", "half a dozen"],
    "ordinal": ["third", "第二", "24th"],
    "count": ["two adults and one child", "just me", "三个人"],
    "money": ["$5", "under 300 euros", "between 5 and 10 dollars", "about 50 pounds", "五百块"],
    "boolean": ["yes", "no", "不是"],
    "duration": ["three days", "two and a half hours", "about a week", "三天"],
    "date": ["Monday or Tuesday", "3rd to 5th of May", "30 February", "next week"],
    "time": ["half past six", "before 6 pm", "around noon", "morning"],
    "datetime": ["tomorrow", "tonight", "the day after"],
}


def test_every_value_is_as_the_document_has_it(typed: TestClient) -> None:
    """What is sent is not made of the models that document it, so this holds the two together."""
    document = typed.get("/openapi.json").json()
    schema = document["components"]["schemas"]["SlotAnswer"]["properties"]["resolution"]
    found = [
        resolved(case) for name in ("check_set_times", "relative_times") for case in cases(name)
    ]
    contexts = [
        Context(),
        *(Context(datetime(2026, 11, 29, 9, tzinfo=UTC), locale=locale) for locale in ("en", "zh")),
    ]
    for kind, phrases in EVERY_TYPE.items():
        (slot,) = read_types({"values": {"it": {"type": kind}}}, lambda _: b"").values()
        found += [
            resolve(text, 0, len(text), slot, context) for text in phrases for context in contexts
        ]
    found += schema["examples"]
    shapes = {(one["type"], *sorted(set(one) - {"type"})) for one in found}
    assert len(shapes) > 25
    adapter = TypeAdapter[Any](Resolution)
    for one in found:
        assert faults(document, schema, one) == [], one
        again = adapter.validate_python(one)
        assert adapter.dump_python(again, mode="json", by_alias=True, exclude_none=True) == one


@given(
    st.text(max_size=60),
    st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30)),
    st.integers(-23 * 60, 23 * 60),
    st.sampled_from(["UTC", "Europe/London", "Pacific/Apia", "America/St_Johns", None]),
    st.sampled_from(["en", "en-US", "zh-Hant-HK", "th", "x" * 3]),
)
def test_any_text_gets_an_answer(
    text: str, moment: datetime, minutes: int, zone: str | None, locale: str
) -> None:
    assert SHARED is not None
    offset = f"{'+' if minutes >= 0 else '-'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    resolve = {
        "reference_time": f"{moment.isoformat(timespec='seconds')}{offset}",
        "time_zone": zone,
        "locale": locale,
    }
    question = {"text": f"by tomorrow {text} arrive Boston", "resolve": resolve}
    assert SHARED.post("/slots", json=question).status_code in (200, 413)


SHARED: TestClient | None = None


@pytest.fixture(autouse=True, scope="module")
def shared(typed: TestClient) -> None:
    """For what hypothesis calls, which has no fixtures of this scope."""
    global SHARED
    SHARED = typed


def test_booking_resolves_through_the_server() -> None:
    """The shipped bundle, with its places, over a socket."""
    text = "i need to be in lagos next Friday after 5 pm with two adults and one child"
    with serving(SLOTLINE_MODEL_DIR=str(ROOT / "models" / "booking")) as (client, _):
        answer = ask(client, text)
        assert answer["resolved"] == ECHO
        assert resolutions(answer) == {
            "lagos": {"type": "name", "id": "LOS", "value": "Lagos"},
            "next Friday after 5 pm": {
                "type": "datetime",
                "from": "2026-12-04T17:00:00+00:00",
                "grain": "hour",
            },
            "two adults and one child": {
                "type": "count",
                "value": 3,
                "groups": {"adult": 2, "child": 1},
            },
        }
        chinese = {**AT, "time_zone": "Asia/Taipei", "locale": "zh-TW"}
        [answer] = client.post(
            "/slots/batch", json={"texts": ["我想在11月2日到达台北"], "resolve": chinese}
        ).json()["answers"]
        assert resolutions(answer) == {
            "11月2日": {"type": "date", "value": "2027-11-02", "grain": "day"},
            "台北": {"type": "name", "id": "TPE", "value": "Taipei"},
        }
        address = client.base_url.join(STREAM_PATH)
        with connect(str(address).replace("http", "ws", 1)) as stream:
            stream.send(json.dumps({"text": text, "final": True, "resolve": AT}))
            whole = json.loads(stream.recv())
        assert resolutions(whole) == resolutions(ask(client, text))
        declared = tomllib.loads((ROOT / "training/tables/booking.toml").read_text("utf-8"))
        assert client.get("/models/booking").json()["types"] == declared["values"]


def test_the_clock_of_the_server_is_the_reference_where_none_is_given() -> None:
    with serving(SLOTLINE_MODEL_DIR=str(ROOT / "models" / "booking")) as (client, _):
        answer = ask(client, "leave Boston tomorrow", resolve={"time_zone": "UTC"})
    told = datetime.fromisoformat(answer["resolved"]["reference_time"])
    assert resolutions(answer)["tomorrow"]["value"] == str((told + timedelta(days=1)).date())
