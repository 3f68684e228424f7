"""The command that measures a GPU, with the CPU in the card's place: no GPU is tested here."""

import json
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from app.tagging.bundle import open_bundle
from benchmarks import gpu, gpu_sessions
from benchmarks.gpu import Budget, break_evens, is_wrong
from benchmarks.gpu_sessions import (
    BoundRun,
    Parity,
    Timing,
    break_even,
    deviation,
    features_of,
    microseconds,
    open_graph,
    parity_of_bundle,
)
from tests.training.networks.toy import small
from training.exporting.onnx_graph import network_graph
from training.networks import NETWORKS

pytestmark = pytest.mark.linux
TEXTS = ["leave Taipei", "from Taipei to Tokyo on the second of November", "hello"]
has_gpu = "CUDAExecutionProvider" in onnxruntime.get_available_providers()


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["gpu", *arguments])
    gpu.main()


@pytest.fixture
def bundles(toy_bundle: Path, tmp_path: Path) -> Path:
    shutil.copytree(toy_bundle, tmp_path / "bundles" / "toy")
    return tmp_path / "bundles"


@pytest.mark.skipif(has_gpu, reason="there may be a GPU")
def test_without_a_gpu_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, bundles: Path) -> None:
    with pytest.raises(SystemExit, match="no GPU that onnxruntime can use: run this on") as end:
        run(monkeypatch, "--bundles", str(bundles))
    assert "\n" not in str(end.value)


def test_an_onnxruntime_that_falls_back_to_the_cpu_is_no_gpu(
    monkeypatch: pytest.MonkeyPatch, bundles: Path
) -> None:
    # As onnxruntime-gpu does on a machine without a card.
    monkeypatch.setattr(gpu_sessions, "providers_of", lambda _: ["CPUExecutionProvider"])
    with pytest.raises(SystemExit, match="no GPU that onnxruntime can use"):
        run(monkeypatch, "--bundles", str(bundles))


def test_a_folder_without_bundles_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no bundle in"):
        run(monkeypatch, "--bundles", str(tmp_path), "--device", "cpu")


def test_one_command_measures_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    bundles: Path,
    tmp_path: Path,
) -> None:
    sizes = ["--batches", "1", "8", "--words", "5", "12", "--lines", "2", "--texts", "4"]
    short = ["--workers", "2", "--seconds", "0.01", "--load", "0.2", "--enough", "1000"]
    of_toy = ["--device", "cpu", "--bundles", str(bundles), "--model", "toy"]
    run(monkeypatch, *of_toy, *sizes, *short, "--json", str(tmp_path / "gpu.json"))
    found = json.loads((tmp_path / "gpu.json").read_text())
    assert found["skipped"] == []
    kinds = {each["name"].split(",")[0] for each in found["parity"]}
    assert kinds == {"toy", *NETWORKS}
    assert all(each["failure"] is None for each in found["parity"])
    assert max(each["deviation"] for each in found["parity"]) < 1e-5
    runs = [(row["words"], row["batch"]) for row in found["runs"]["toy"]]
    assert runs == [(5, 1), (5, 8), (12, 1), (12, 8)]
    assert set(found["break_even"]["toy"]) == {"5", "12"}
    loads = [(row["workers"], row["lines"], row["batch"]) for row in found["http"]]
    assert loads == [(1, 2, 1), (1, 4, 4), (1, 2, 1), (1, 4, 4), (2, 4, 1)]
    assert all(row["rate"] > 0 for row in found["http"])
    printed = capsys.readouterr().out
    assert len(re.findall(r"^cpu +[12] ", printed, re.MULTILINE)) == len(loads)
    assert printed.count("quicker than one core") == 2


def test_what_there_is_no_time_for_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bundles: Path
) -> None:
    run(monkeypatch, "--device", "cpu", "--bundles", str(bundles), "--enough", "0")
    [told] = re.findall(r"^Left out.*: (.*)\.$", capsys.readouterr().out, re.MULTILINE)
    assert "parity of toy" in told
    assert "HTTP on cpu" in told
    assert "8 workers" in told


def test_a_budget_ends() -> None:
    assert Budget(60).allows("this")
    assert not Budget(60).allows("this", share=0)
    budget = Budget(0)
    assert not budget.allows("that")
    assert budget.skipped == ["that"]


def test_other_answers_than_the_cpus_are_an_error(
    monkeypatch: pytest.MonkeyPatch, bundles: Path
) -> None:
    wrong = Parity("lstm, one way", 36, 0, 0.1)
    monkeypatch.setattr(gpu, "parities_of_networks", lambda _: [wrong])
    only = ["--batches", "1", "--words", "5", "--seconds", "0", "--enough", "1000"]
    monkeypatch.setattr(gpu, "_served", lambda *_: [])
    with pytest.raises(SystemExit, match="other answers than on the CPU: lstm, one way"):
        run(monkeypatch, "--device", "cpu", "--bundles", str(bundles), *only)


@pytest.mark.parametrize(
    ("parity", "wrong"),
    [
        (Parity("a", 1, 0, 1e-5), False),
        (Parity("a", 1, 0, 1e-2), True),
        (Parity("a", 1, 0, float("inf")), True),
        (Parity("a", failure="it cannot be opened"), True),
    ],
)
def test_what_is_wrong(parity: Parity, wrong: bool) -> None:
    assert is_wrong(parity) is wrong


def graph_of(seed: int, intents: int = 0) -> bytes:
    import torch

    torch.manual_seed(seed)
    network = small(words=50, trigrams=50, tags=3, hidden=8, intents=intents).eval()
    graph: bytes = network_graph(network).SerializeToString()
    return graph


def arrays(lengths: list[int]) -> gpu_sessions.Arrays:
    words = np.ones((len(lengths), max(lengths)), np.int32)
    trigrams = np.ones((*words.shape, 4), np.int32)
    return {"words": words, "trigrams": trigrams, "lengths": np.array(lengths, np.int32)}


def test_graphs_with_other_weights_deviate_and_the_same_do_not() -> None:
    one, other = (open_graph(graph_of(seed, intents=2), "cpu") for seed in (1, 2))
    assert deviation(one, other, arrays([3, 1])) > 1e-2
    assert deviation(one, one, arrays([3, 1])) == 0


def test_nan_is_no_agreement() -> None:
    class Broken:
        def run(self, *_: object) -> list[np.ndarray[Any, Any]]:
            return [np.full((1, 3, 3), np.nan, np.float32)] * 2  # scores and probabilities

    assert deviation(open_graph(graph_of(1), "cpu"), Broken(), arrays([3])) > 1e30


def test_a_bundle_that_the_device_cannot_open_is_a_failure(toy_bundle: Path) -> None:
    if has_gpu:
        pytest.skip("there may be a GPU")
    parity = parity_of_bundle(open_bundle(toy_bundle), "cuda", TEXTS)
    assert parity.failure
    assert is_wrong(parity)


def test_a_run_with_bound_memory_gives_what_run_gives(toy_bundle: Path) -> None:
    bundle = open_bundle(toy_bundle)
    session = open_graph(bundle.contents.graph, "cpu")
    asked = features_of(bundle, TEXTS)
    bound = BoundRun(session, "cpu", asked)
    other = {name: np.ascontiguousarray(array[::-1]) for name, array in asked.items()}
    for inputs in (asked, other, asked):  # of the same shapes
        for found, expected in zip(bound(inputs), session.run(None, inputs), strict=True):
            assert np.array_equal(found, expected)


def test_the_first_of_several_calls_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, calls = [0.0], 0
    monkeypatch.setattr("benchmarks.gpu_sessions.time.perf_counter", lambda: clock[0])

    def slow_at_first() -> None:
        nonlocal calls
        calls += 1
        clock[0] += 0.2 if calls == 1 else 0.001

    assert microseconds(slow_at_first, 0.25) == pytest.approx(1_000)
    assert calls == 51


def test_a_call_that_takes_very_long_is_made_once() -> None:
    calls: list[int] = []

    def slow() -> None:
        calls.append(1)
        time.sleep(0.2)

    assert microseconds(slow, 0.01) >= 200_000
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("costs", "batch"),
    [
        ({1: (10, 50), 8: (40, 55), 32: (150, 60), 64: (300, 70)}, 32),
        ({1: (10, 5), 8: (40, 20)}, 1),
        ({1: (10, 50), 8: (40, 55)}, None),
        ({1: (10, 5), 8: (40, 55), 32: (150, 60)}, 32),  # the first was chance
        ({}, None),
    ],
)
def test_break_even_is_where_the_device_begins_to_stay_quicker(
    costs: dict[int, tuple[float, float]], batch: int | None
) -> None:
    assert break_even(costs) == batch


def test_each_length_and_way_has_a_break_even_of_its_own() -> None:
    rows = [
        Timing(1, 5, cpu_run=10, run=20, bound=9, cpu_tagger=50, tagger=60),
        Timing(8, 5, cpu_run=40, run=20, bound=9, cpu_tagger=90, tagger=95),
        Timing(1, 12, cpu_run=10, run=20, bound=19, cpu_tagger=50, tagger=40),
    ]
    assert break_evens(rows) == {
        5: {"run": 8, "bound": 1, "tagger": None},
        12: {"run": None, "bound": None, "tagger": 1},
    }
