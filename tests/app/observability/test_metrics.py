"""What Prometheus reads, over HTTP, after real requests."""

import multiprocessing
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client import values
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as read_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families
from starlette.datastructures import State
from starlette.testclient import WebSocketDenialResponse

from app.inference.batching import Batcher
from app.inference.loading import open_registry
from app.main import create_app
from app.observability.metrics import Metrics
from app.observability.shared_gauges import FOLDER
from app.security.api_keys import new_key
from app.settings import Settings
from benchmarks.harness.service import serving
from tests.app.http.test_error_handlers import assert_is_problem

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples_of(text: str) -> Samples:
    """What is said of each metric and its labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(client: TestClient) -> Samples:
    response = client.get("/metrics")
    assert response.status_code == 200
    return samples_of(response.text)


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


@pytest.fixture
def fresh(toy_bundle: Path) -> Iterator[TestClient]:
    """A client of a service that nobody has asked yet."""
    settings = Settings(model_dir=toy_bundle, max_batch_size=5)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("several", [False, True])
def test_a_process_that_others_may_stand_beside_says_that_it_counts_alone(
    toy_bundle: Path,
    several: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # So uvicorn --workers 2 starts them.
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object() if several else None)
    create_app(Settings(model_dir=toy_bundle))
    warned = "counts this process alone" in caplog.text and "SLOTLINE_WORKERS" in caplog.text
    assert warned is several


def test_requests_are_counted_by_endpoint_status_and_model(fresh: TestClient) -> None:
    for _ in range(3):
        fresh.post("/slots", json={"text": "leave Taipei"})
    fresh.post("/slots", json={"text": 7})
    fresh.get("/models/toy")
    fresh.get("/models/another")
    samples = read(fresh)
    requests = "slotline_requests_total"
    assert value(samples, requests, endpoint="/slots", status="200", model="toy") == 3
    assert value(samples, requests, endpoint="/slots", status="422", model="") == 1
    assert value(samples, requests, endpoint="/models/{name}", status="200", model="") == 1
    assert value(samples, requests, endpoint="/models/{name}", status="404", model="") == 1
    assert value(samples, "slotline_http_request_duration_seconds_count", endpoint="/slots") == 4
    assert value(samples, "slotline_http_request_duration_seconds_sum", endpoint="/slots") > 0
    assert value(samples, "slotline_requests_in_flight") == 1, "the scrape itself"


def test_streams_and_each_of_their_texts_are_counted(fresh: TestClient) -> None:
    with fresh.websocket_connect("/slots/stream") as stream:
        for message in ({"text": "leave "}, {"text": 7}, {"text": "leave Taipei", "final": True}):
            stream.send_json(message)
            stream.receive_json()
        samples = read(fresh)
        assert value(samples, "slotline_requests_in_flight") == 2, "the scrape and the stream"
    elsewhere = {"origin": "https://example.org"}
    with pytest.raises(WebSocketDenialResponse):
        fresh.websocket_connect("/slots/stream", headers=elsewhere).__enter__()
    samples = read(fresh)
    assert value(samples, "slotline_stream_messages_total", status="200") == 2
    assert value(samples, "slotline_stream_messages_total", status="422") == 1
    assert value(samples, "slotline_stream_message_duration_seconds_count") == 3
    requests = {"name": "slotline_requests_total", "endpoint": "/slots/stream", "model": ""}
    assert value(samples, **requests, status="101") == 1
    assert value(samples, **requests, status="403") == 1
    for code in ("invalid_request", "origin_not_allowed"):
        assert value(samples, "slotline_errors_total", code=code) == 1


def test_no_path_is_told_as_it_came(fresh: TestClient) -> None:
    for path in ("/secret", "/models/secret", "/docs/files/secret", "/slots/secret"):
        fresh.get(path)
    text = fresh.get("/metrics").text
    assert "secret" not in text
    endpoints = {dict(labels).get("endpoint") for _, labels in samples_of(text)} - {None}
    assert endpoints == {"/models/{name}", "/docs/files", "unknown"}


def test_what_is_tagged_is_counted(fresh: TestClient) -> None:
    fresh.post("/slots", json={"text": "leave Taipei tomorrow"})
    fresh.post("/slots", json={"tokens": ["arrive", "Taipei"]})
    fresh.post("/slots/batch", json={"texts": ["leave Boston", "hello", ""]})
    samples = read(fresh)
    assert value(samples, "slotline_tokens_total", model="toy") == 8
    slots = {
        dict(labels)["slot"]: count
        for (name, labels), count in samples.items()
        if name == "slotline_slots_total"
    }
    assert slots == {"place_of_departure": 2, "time_of_departure": 1, "destination": 1}
    assert value(samples, "slotline_batch_size_count", model="toy") == 3
    assert value(samples, "slotline_batch_size_sum", model="toy") == 5
    assert value(samples, "slotline_queue_wait_seconds_count", kind="short") == 2
    assert value(samples, "slotline_queue_wait_seconds_count", kind="long") == 1
    for part in ("inference", "decode"):
        assert value(samples, f"slotline_{part}_duration_seconds_count", model="toy") == 3
        assert value(samples, f"slotline_{part}_duration_seconds_sum", model="toy") > 0


def test_errors_are_counted_by_code(fresh: TestClient) -> None:
    fresh.post("/slots", content=b"{", headers={"content-type": "application/json"})
    fresh.get("/nowhere")
    fresh.get("/nowhere")
    fresh.post("/slots/batch", json={"texts": ["one"] * 6})
    codes = {
        dict(labels)["code"]: count
        for (name, labels), count in read(fresh).items()
        if name == "slotline_errors_total"
    }
    assert codes == {"invalid_json": 1, "not_found": 2, "batch_too_large": 1}


def test_what_finds_no_place_is_counted(toy_bundle: Path) -> None:
    app = create_app(Settings(model_dir=toy_bundle))
    with TestClient(app) as client:
        app.state.batcher.places = 0
        assert client.post("/slots", json={"text": "leave Taipei"}).status_code == 429
        samples = read(client)
    assert value(samples, "slotline_errors_total", code="overloaded") == 1
    requests = "slotline_requests_total"
    assert value(samples, requests, endpoint="/slots", status="429", model="") == 1


def test_what_fails_unexpectedly_is_counted(toy_bundle: Path) -> None:
    app = create_app(Settings(model_dir=toy_bundle))

    @app.get("/broken", include_in_schema=False)
    async def broken() -> None:
        raise RuntimeError("leave Taipei")

    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/broken").status_code == 500
        samples = read(client)
    assert value(samples, "slotline_errors_total", code="internal_error") == 1
    requests = "slotline_requests_total"
    assert value(samples, requests, endpoint="unknown", status="500", model="") == 1
    assert value(samples, "slotline_requests_in_flight") == 1, "the scrape itself"


def test_bundles_are_told_as_they_are_now(
    toy_bundle: Path, toy_without_intents: Path, tmp_path: Path
) -> None:
    shutil.copytree(toy_bundle, tmp_path / "toy")
    key = new_key(tmp_path.with_suffix(".keys"), "operator")
    settings = Settings(model_dir=tmp_path, admin_keys_file=tmp_path.with_suffix(".keys"))
    with TestClient(create_app(settings)) as client:
        version = client.get("/models/toy").json()["version"]
        info = "slotline_model_info"
        before = read(client)
        assert value(before, info, model="toy", version=version, default="true") == 1
        assert value(before, "slotline_model_load_errors") == 0
        shutil.copytree(toy_without_intents, tmp_path / "plain")
        (tmp_path / "toy" / "words.txt").write_text("hello\n")
        client.post("/admin/reload", headers={"x-api-key": key})
        client.post("/slots", json={"text": "leave Taipei", "model": "plain"})
        after = read(client)
        models = {dict(labels)["model"] for name, labels in after if name == info}
        assert models == {"plain", "toy"}
        assert value(after, "slotline_model_load_errors") == 1
        assert value(after, "slotline_tokens_total", model="plain") == 2


def test_before_the_bundles_are_open_there_are_metrics_too(toy_bundle: Path) -> None:
    client = TestClient(create_app(Settings(model_dir=toy_bundle)))
    names = {name for name, _ in read(client)}
    assert "slotline_build_info" in names
    assert "slotline_model_info" not in names


@pytest.mark.linux
def test_figures_of_the_process_are_told(fresh: TestClient) -> None:
    samples = read(fresh)
    assert value(samples, "process_resident_memory_bytes") > 1e6
    assert value(samples, "process_cpu_seconds_total") > 0


def test_openmetrics_is_there_for_those_who_ask(fresh: TestClient) -> None:
    fresh.get("/health/live")
    accept = "application/openmetrics-text;version=nonsense,text/plain;q=0.5"
    response = fresh.get("/metrics", headers={"accept": accept})
    assert response.headers["content-type"].startswith("application/openmetrics-text")
    families = {family.name for family in read_openmetrics(response.text)}  # type: ignore[no-untyped-call]
    assert {"slotline_requests", "slotline_http_request_duration_seconds"} <= families


def test_metrics_can_be_closed(toy_bundle: Path, tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys", "prometheus")
    settings = Settings(
        model_dir=toy_bundle, api_keys_file=tmp_path / "keys", metrics_access="api_key"
    )
    with TestClient(create_app(settings)) as client:
        assert_is_problem(client.get("/metrics"), 401, "missing_api_key")
        response = client.get("/metrics", headers={"authorization": f"Bearer {key}"})
        assert response.status_code == 200
        samples = samples_of(response.text)
        assert value(samples, "slotline_errors_total", code="missing_api_key") == 1
        assert client.get("/health/live").status_code == 200


def test_metrics_stay_open_beside_keys_unless_closed(toy_bundle: Path, tmp_path: Path) -> None:
    new_key(tmp_path / "keys", "ours")
    settings = Settings(model_dir=toy_bundle, api_keys_file=tmp_path / "keys")
    with TestClient(create_app(settings)) as client:
        assert client.get("/metrics").status_code == 200


def test_metrics_can_be_left_out(toy_bundle: Path) -> None:
    app = create_app(Settings(model_dir=toy_bundle, metrics_access="off"))
    with TestClient(app) as client:
        assert client.portal is not None
        client.portal.call(app.state.reloader.reload)
        assert client.post("/slots", json={"text": "leave Taipei"}).status_code == 200
        assert_is_problem(client.get("/metrics"), 404, "not_found")


def test_what_was_noted_does_not_pile_up(toy_bundle: Path) -> None:
    registry = open_registry(toy_bundle)
    metrics = Metrics(State({"registry": registry, "batcher": Batcher(9, 5)}))
    sizes = []
    for _ in range(250):
        metrics.on_request_end({"state": {}}, "/slots", 200, 0.001)
        sizes.append(len(metrics._ended))
    assert max(sizes) < 100
    metrics.settle()
    assert not metrics._ended
    found = metrics.registry.get_sample_value(
        "slotline_http_request_duration_seconds_count", {"endpoint": "/slots"}
    )
    assert found == 250


def test_processes_of_another_server_count_together_too(
    monkeypatch: pytest.MonkeyPatch, toy_bundle: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    registry = open_registry(toy_bundle)
    state = State({"registry": registry, "batcher": Batcher(9, 5)})
    for process in (71, 72):
        shared = values.MultiProcessValue(lambda process=process: process)  # type: ignore[no-untyped-call]
        monkeypatch.setattr(values, "ValueClass", shared)
        metrics = Metrics(state)
        metrics.observe_taggers(registry)
        registry.tagger().tag_texts(["leave Taipei"])
        metrics.on_request_end({"state": {"code": "overloaded"}}, "/slots", 429, 0.001)
        samples = samples_of(metrics.exposition("")[0].decode())
    assert value(samples, "slotline_http_request_duration_seconds_count", endpoint="/slots") == 2
    assert value(samples, "slotline_errors_total", code="overloaded") == 2
    assert value(samples, "slotline_tokens_total", model="toy") == 4
    assert value(samples, "process_resident_memory_bytes") > 0


def test_one_process_counts_for_itself(toy_bundle: Path) -> None:
    with serving(SLOTLINE_MODEL_DIR=str(toy_bundle), **{FOLDER: "/nowhere"}) as (client, _):
        client.get("/health/live")
        samples = samples_of(client.get("/metrics").text)
    assert (
        value(samples, "slotline_http_request_duration_seconds_count", endpoint="/health/live") == 1
    )
