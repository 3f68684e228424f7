"""deploy/grafana.json asks for what is there."""

import json
import re
from pathlib import Path

import pytest
from websockets.sync.client import connect as websocket

from benchmarks.harness.service import serving, settle
from tests.app.observability.test_metrics import samples_of

DASHBOARD = Path(__file__).parents[1] / "deploy" / "grafana.json"
# Labels that Prometheus itself adds to what it has read, and of histograms' buckets.
ADDED = {"job", "instance"}
METRIC = re.compile(r"\b(?:slotline|process)_\w+")
GROUPED = re.compile(r"by \(([\w, ]+)\)")


def expressions() -> list[str]:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


@pytest.fixture(scope="module")
def told(toy_bundle: Path) -> dict[str, set[str]]:
    """The labels of each metric that a service with two workers tells of, once it was asked."""
    settings = {"SLOTLINE_MODEL_DIR": str(toy_bundle), "SLOTLINE_WORKERS": "2"}
    with serving(**settings) as (client, supervisor):
        settle(supervisor, client, 2)
        for path in ("/slots", "/slots/batch", "/nowhere"):
            client.post(path, json={"text": "leave Taipei"} | {"texts": ["hello"]})
        client.post("/slots", json={"text": "leave Taipei"})
        client.post("/slots/batch", json={"texts": ["leave Taipei"]})
        address = str(client.base_url.join("/slots/stream")).replace("http", "ws", 1)
        with websocket(address) as stream:
            stream.send('{"text": "leave Taipei"}')
            stream.recv()
        found: dict[str, set[str]] = {}
        for _ in range(20):  # so that the last tenth of a second is counted too
            for name, labels in samples_of(client.get("/metrics").text):
                found.setdefault(name, set()).update(dict(labels))
    return found


@pytest.mark.parametrize("expression", expressions())
def test_each_metric_and_label_of_the_dashboard_is_there(
    told: dict[str, set[str]], expression: str
) -> None:
    names = METRIC.findall(re.sub(r'"[^"]*"', "", expression))
    assert names, "a panel shows something"
    for name in names:
        assert name in told
    for labels in GROUPED.findall(expression):
        for label in labels.split(", "):
            assert label in ADDED or all(label in told[name] for name in names)


def test_the_dashboard_shows_every_metric(told: dict[str, set[str]]) -> None:
    shown = {name for expression in expressions() for name in METRIC.findall(expression)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in told}
    assert {name for name in ours if name.startswith("slotline")} <= families
