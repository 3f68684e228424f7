"""What the endpoints answer."""

import math
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings

SLOTS = ["destination", "place_of_departure", "time_of_arrival", "time_of_departure"]
INTENTS = ["arrive", "arrive#leave", "complain", "greet", "leave", "thank"]


def ask(client: TestClient, **question: Any) -> dict[str, Any]:
    """The answer to a question that has one."""
    response = client.post("/slots", json=question)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def filled(answer: dict[str, Any]) -> dict[str, str]:
    return {slot["name"]: slot["value"] for slot in answer["slots"]}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("arrive Taipei", {"destination": "Taipei"}),
        ("leave TAIPEI", {"place_of_departure": "TAIPEI"}),
        ("to New York, please", {"destination": "New York"}),
        ("我想在11月2日到达台北", {"destination": "台北"}),
        ("thank you", {}),
    ],
)
def test_a_text_has_the_slots_that_its_words_say(
    client: TestClient, text: str, slots: dict[str, str]
) -> None:
    assert filled(ask(client, text=text)) == slots


def test_a_slot_is_the_stretch_of_the_text_between_its_offsets(client: TestClient) -> None:
    text = "🎉 from New York to 台北, tomorrow"
    slots = ask(client, text=text)["slots"]
    assert [text[slot["start"] : slot["end"]] for slot in slots] == ["New York", "台北", "tomorrow"]
    assert [slot["value"] for slot in slots] == ["New York", "台北", "tomorrow"]


@pytest.mark.parametrize(
    ("unit", "encoding", "width"), [("utf16", "utf-16-le", 2), ("byte", "utf-8", 1)]
)
def test_offsets_count_what_the_caller_counts(
    client: TestClient, unit: str, encoding: str, width: int
) -> None:
    text = "🎉 from New York to 台北 tomorrow"
    answer = ask(client, text=text, offset_unit=unit, detail="tokens")
    encoded = text.encode(encoding)
    for stretch in answer["slots"] + answer["tokens"]:
        cut = encoded[stretch["start"] * width : stretch["end"] * width].decode(encoding)
        assert cut == stretch.get("value", stretch.get("text"))


def test_a_confidence_is_a_probability(client: TestClient) -> None:
    [slot] = ask(client, text="leave Taipei")["slots"]
    assert 0.9 < slot["confidence"] < 1


def test_the_usual_unit_may_be_named_with_tokens_too(client: TestClient) -> None:
    tokens = ["leave", "Taipei"]
    assert ask(client, tokens=tokens, offset_unit="codepoint") == ask(client, tokens=tokens)


def test_offsets_of_tokens_count_tokens(client: TestClient) -> None:
    answer = ask(client, tokens=["from", "New", "York", "to", "Boston"], detail="tokens")
    assert [(slot["value"], slot["start"], slot["end"]) for slot in answer["slots"]] == [
        ("New York", 1, 3),
        ("Boston", 4, 5),
    ]
    assert [(token["start"], token["end"]) for token in answer["tokens"]] == [
        (0, 1),
        (1, 2),
        (2, 3),
        (3, 4),
        (4, 5),
    ]


def test_the_answer_names_the_bundle_that_gave_it(client: TestClient) -> None:
    model = ask(client, text="leave Taipei")["model"]
    assert model == ask(client, text="leave Taipei", model="toy")["model"]
    assert model["name"] == "toy"
    assert model["version"] == client.get("/models/toy").json()["version"]


def test_no_more_is_told_than_was_asked_for(client: TestClient) -> None:
    assert ask(client, text="leave Taipei").keys() == {"model", "slots", "intent"}
    [_, taipei] = ask(client, text="leave Taipei", detail="tokens")["tokens"]
    assert taipei.keys() == {"text", "start", "end", "tag", "confidence"}


def test_tokens_are_told_with_their_tags(client: TestClient) -> None:
    tokens = ask(client, text="Leave New York!", detail="tokens")["tokens"]
    assert [(token["text"], token["tag"]) for token in tokens] == [
        ("Leave", "O"),
        ("New", "B-place_of_departure"),
        ("York", "I-place_of_departure"),
        ("!", "O"),
    ]


@pytest.mark.parametrize(
    "question", [{"text": "leave New York on November 2nd"}, {"tokens": ["leave", "Taipei", ""]}]
)
def test_a_distribution_is_over_other_and_every_slot(
    client: TestClient, question: dict[str, Any]
) -> None:
    tokens = ask(client, **question, detail="distributions")["tokens"]
    for token in tokens:
        assert list(token["distribution"]) == ["O", *SLOTS]
        assert sum(token["distribution"].values()) == pytest.approx(1)
    assert max(tokens[1]["distribution"].items(), key=lambda item: item[1])[0] == SLOTS[1]


@pytest.mark.parametrize("question", [{"text": ""}, {"text": " \n\t\u3000"}, {"tokens": []}])
def test_an_empty_text_has_no_slots_and_no_intent(
    client: TestClient, question: dict[str, Any]
) -> None:
    answer = ask(client, **question, detail="distributions")
    assert answer["slots"] == []
    assert answer["tokens"] == []
    assert "intent" not in answer


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ({"text": "Leave Taipei!"}, "leave"),
        ({"tokens": ["thank", "you"]}, "thank"),
        ({"text": "leave Taipei and arrive in Boston"}, "arrive#leave"),
    ],
)
def test_a_text_is_for_what_its_words_say(
    client: TestClient, question: dict[str, Any], intent: str
) -> None:
    found = ask(client, **question)["intent"]
    assert found["name"] == intent
    assert 0.6 < found["confidence"] < 1


def test_the_likeliest_five_intents_are_ranked(client: TestClient) -> None:
    # Scores 4 and 3 of six: e⁴ / (e⁴ + e³ + 4) and so on.
    found = ask(client, text="leave Taipei")["intent"]
    whole = math.exp(4) + math.exp(3) + 4
    shares = [math.exp(4) / whole, math.exp(3) / whole, *[1 / whole] * 3]
    names = ["leave", "arrive#leave", "arrive", "complain", "greet"]
    assert [intent["name"] for intent in found["ranking"]] == names
    assert [intent["confidence"] for intent in found["ranking"]] == pytest.approx(shares)
    assert found["ranking"][0] == {name: found[name] for name in ("name", "confidence")}


def test_a_model_without_intents_tells_none(toy_without_intents: Path) -> None:
    with TestClient(create_app(Settings(model_dir=toy_without_intents))) as client:
        assert ask(client, text="leave Taipei").keys() == {"model", "slots"}
        response = client.post("/slots/batch", json={"texts": ["leave Taipei"]})
        assert response.json()["answers"][0].keys() == {"slots"}
        assert client.get("/models/plain").json()["intents"] == []


def test_slots_that_are_less_sure_than_is_asked_for_are_left_out(client: TestClient) -> None:
    # A place that nothing ties to arriving is less sure to be a destination than one that is.
    text = "Taipei from Boston"
    both = ask(client, text=text)["slots"]
    unsure, sure = (slot["confidence"] for slot in both)
    assert unsure < sure < 1
    for least, left in ((0, both), (unsure, both), (sure, both[1:]), (1, [])):
        assert ask(client, text=text, min_confidence=least)["slots"] == left
    tokens = ask(client, tokens=text.split(), min_confidence=sure, detail="tokens")
    assert [slot["start"] for slot in tokens["slots"]] == [2]
    assert tokens["tokens"][0]["tag"] == "B-destination"
    batch = client.post("/slots/batch", json={"texts": ["", text], "min_confidence": sure}).json()
    assert [answer["slots"] for answer in batch["answers"]] == [[], both[1:]]


@pytest.mark.parametrize(
    "text",
    [
        "leave\x00 Taipei",
        "leave \u202etaipei\u202c",
        "leave 👩‍👩‍👧 Taipei",
        "leave Taipei\u0301",
        "leave\u200bTaipei",
        "\ufeffleave Taipei",
        "a" * 4_000,
    ],
)
def test_a_strange_text_gets_right_offsets(client: TestClient, text: str) -> None:
    answer = ask(client, text=text, detail="tokens")
    for slot in answer["slots"]:
        assert text[slot["start"] : slot["end"]] == slot["value"]
    for token in answer["tokens"]:
        assert text[token["start"] : token["end"]] == token["text"]


def test_a_batch_is_answered_in_order_and_each_text_as_alone(client: TestClient) -> None:
    texts = ["leave Taipei", "", "to New York on November 2nd", "🎉 到达台北"]
    response = client.post("/slots/batch", json={"texts": texts, "detail": "distributions"})
    together = response.json()
    for text, answer in zip(texts, together["answers"], strict=True):
        alone = ask(client, text=text, detail="distributions")
        assert alone.pop("model") == together["model"]
        assert answer == alone


def test_offsets_of_a_batch_count_what_the_caller_counts(client: TestClient) -> None:
    body = {"texts": ["leave Taipei", "🎉 leave Taipei"], "offset_unit": "byte"}
    answers = client.post("/slots/batch", json=body).json()["answers"]
    assert [answer["slots"][0]["start"] for answer in answers] == [6, 11]


def test_an_empty_batch_has_no_answers(client: TestClient) -> None:
    assert client.post("/slots/batch", json={"texts": []}).json()["answers"] == []


@pytest.mark.parametrize(
    ("path", "longest"),
    [
        ("/slots", {"text": " ".join(["go"] * 20)}),
        ("/slots", {"text": "到" * 20}),
        ("/slots", {"tokens": ["go"] * 20}),
        ("/slots", {"tokens": ["go go", *[""] * 18]}),
        ("/slots/batch", {"texts": ["go", " ".join(["go"] * 20)]}),
    ],
)
def test_a_text_may_be_as_long_as_the_limit_and_no_longer(
    client: TestClient, path: str, longest: dict[str, Any]
) -> None:
    assert client.post(path, json=longest).status_code == 200
    [(kind, content)] = longest.items()
    too_long = [*content[:-1], content[-1] + " go"] if kind == "texts" else content
    too_long = [*content, "go"] if kind == "tokens" else too_long
    too_long = content + " go" if kind == "text" else too_long
    response = client.post(path, json={kind: too_long})
    assert response.status_code == 413
    assert response.json()["code"] == "text_too_long"
    assert "21 words" in response.json()["detail"]


def test_a_batch_may_have_as_many_texts_as_the_limit_and_no_more(client: TestClient) -> None:
    assert client.post("/slots/batch", json={"texts": ["go"] * 5}).status_code == 200
    response = client.post("/slots/batch", json={"texts": ["go"] * 6})
    assert response.status_code == 413
    assert response.json()["code"] == "batch_too_large"


@pytest.mark.parametrize(
    ("path", "question"), [("/slots", {"text": "go"}), ("/slots/batch", {"texts": ["go"]})]
)
def test_an_unknown_model_is_not_found_and_the_known_are_named(
    client: TestClient, path: str, question: dict[str, Any]
) -> None:
    response = client.post(path, json=question | {"model": "mine"})
    assert response.status_code == 404
    assert response.json()["code"] == "model_not_found"
    assert "toy" in response.json()["detail"]


def test_the_models_are_listed(client: TestClient) -> None:
    [model] = client.get("/models").json()["models"]
    assert model.pop("versions") == [model.pop("version")]
    assert model == {
        "name": "toy",
        "description": "A table of a few words, for tests",
        "languages": ["en", "zh"],
        "slots": SLOTS,
        "intents": INTENTS,
        "default": True,
    }


def test_a_model_tells_what_it_was_made_of(client: TestClient) -> None:
    model = client.get("/models/toy").json()
    assert model["slots"] == SLOTS
    assert model["corpora"][0]["license"] == "Apache-2.0"
    assert model["metrics"] == {"slot_f1": 100.0}
    assert client.get("/models/mine").status_code == 404


def test_the_service_is_ready_once_its_bundles_are_open(toy_bundle: Path) -> None:
    client = TestClient(create_app(Settings(model_dir=toy_bundle)))
    assert client.get("/health/live").json() == {"status": "alive"}
    assert client.get("/health/ready").status_code == 503
    assert client.post("/slots", json={"text": "go"}).json()["code"] == "not_ready"
    with client:
        assert client.get("/health/ready").json() == {"status": "ready"}
    assert client.get("/health/ready").status_code == 503
