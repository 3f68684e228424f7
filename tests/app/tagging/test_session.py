"""What a bundle's graph runs on, and graphs that are no such."""

from pathlib import Path

import onnxruntime
import pytest

from app.tagging.bundle import open_bundle
from app.tagging.cores import usable_cores
from app.tagging.errors import BundleInvalidError, ProviderUnavailableError
from app.tagging.session import providers_of
from app.tagging.tagger import Tagger
from tests.app.tagging.bundles import with_contents

BUNDLE = open_bundle(Path(__file__).parents[2] / "toy_bundle")


@pytest.mark.linux
def test_no_more_threads_are_begun_than_there_are_cores() -> None:
    tasks = Path("/proc/self/task")
    before = len(list(tasks.iterdir()))
    tagger = Tagger(BUNDLE, threads=200)
    assert len(list(tasks.iterdir())) - before < usable_cores()
    assert tagger.tag_texts(["leave Taipei"])[0].slots


@pytest.mark.parametrize(
    ("graph", "fault"),
    [
        (b"no graph", "its graph is not ONNX"),
        (BUNDLE.contents.graph[:-9], "its graph is not ONNX"),
        (b"", "cannot open its graph"),
        (b"\x08\x08", "cannot open its graph"),
    ],
    ids=["text", "cut off", "nothing", "a version alone"],
)
def test_a_graph_that_cannot_be_opened_is_refused(graph: bytes, fault: str) -> None:
    with pytest.raises(BundleInvalidError, match=fault):
        Tagger(with_contents(BUNDLE, graph=graph))


def test_a_graph_with_values_in_another_file_is_refused() -> None:
    # A second graph in a model is one more part of the first: here a tensor, held elsewhere.
    tensor = b"\x42\x03own" + b"\x6a\x13" + b"\x0a\x08location\x12\x07own.bin" + b"\x70\x01"
    graph = bytes([5 << 3 | 2, len(tensor)]) + tensor
    addition = bytes([7 << 3 | 2, len(graph)]) + graph
    with pytest.raises(BundleInvalidError, match="external data"):
        Tagger(with_contents(BUNDLE, graph=BUNDLE.contents.graph + addition))


def test_a_graph_that_takes_other_inputs_is_refused() -> None:
    graph = BUNDLE.contents.graph.replace(b"lengths", b"lengthz")
    with pytest.raises(BundleInvalidError, match="must take just lengths, trigrams, words"):
        Tagger(with_contents(BUNDLE, graph=graph))


@pytest.mark.parametrize("output", ["tag_scores", "tag_probabilities", "intent_probabilities"])
def test_a_graph_without_an_output_is_refused_by_its_name(output: str) -> None:
    other = output[:-1] + "z"
    graph = BUNDLE.contents.graph.replace(output.encode(), other.encode())
    with pytest.raises(BundleInvalidError, match=f"its graph does not give {output}"):
        Tagger(with_contents(BUNDLE, graph=graph))


def test_cuda_is_refused_where_there_is_none() -> None:
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has it")
    with pytest.raises(ProviderUnavailableError, match="SLOTLINE_DEVICE=cpu"):
        Tagger(BUNDLE, provider="cuda")


def test_on_cuda_products_are_not_rounded_to_tf32(monkeypatch: pytest.MonkeyPatch) -> None:
    # As they are by default there: seen to move scores by 0.0016, where 0.001 is let pass.
    both = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: both)
    monkeypatch.setattr(onnxruntime, "preload_dlls", lambda: None)
    for provider in ("cuda", "auto"):
        assert providers_of(provider) == [("CUDAExecutionProvider", {"use_tf32": "0"}), both[1]]
    assert providers_of("cpu") == both[1:]


def test_auto_takes_what_there_is() -> None:
    assert Tagger(BUNDLE, provider="auto").provider in onnxruntime.get_available_providers()
