"""
What the tagger costs around the network, in one process on one core.

    python -m benchmarks.tagger [--bundles models] [--rounds 15] [--json FILE]

From text to slots (tokens, features, network, decoder, confidences) against a bare session.run of
the arrays of the same sentences, taken in turns; and many sentences at once against the rate at
which the core multiplies large matrices, by onnxruntime too. Times are CPU time, which other
programs disturb less.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from app.tagging.bundle import Bundle, open_bundle
from app.tagging.features import read_tokens
from app.tagging.slots import tag_names
from app.tagging.tagger import Tagger
from app.tagging.tokenizer import tokenize
from benchmarks.measures import ONE_THREAD, cores, pin, spread, told
from benchmarks.sentences import alike, mixed

BATCHES = (1, 32)
BULK = 1024
_MATRIX = 768


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not ONE_THREAD.items() <= os.environ.items():
        # numpy's matrices have their threads from the moment that it is imported.
        command = [sys.executable, "-m", "benchmarks.tagger", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | ONE_THREAD)
    pin(cores()[-1:])
    folders = sorted(path.parent for path in options.bundles.glob("*/manifest.json"))
    found = [_measure(open_bundle(folder), options.rounds) for folder in folders]
    _print(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def _measure(bundle: Bundle, rounds: int) -> dict[str, Any]:
    tagger = Tagger(bundle)
    return {
        "bundle": bundle.manifest.name,
        "batches": [_against_run(tagger, bundle, batch, rounds) for batch in BATCHES],
        "bulk": _bulk(tagger, bundle, rounds),
    }


def _against_run(tagger: Tagger, bundle: Bundle, batch: int, rounds: int) -> dict[str, Any]:
    texts = alike(batch)
    features = bundle.featurizer([_words(text, bundle) for text in texts])
    arrays = {
        "words": features.words,
        "trigrams": features.trigrams,
        "lengths": features.lengths,
    }
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        bundle.contents.graph, settings, providers=["CPUExecutionProvider"]
    )
    repeats = max(2, 256 // batch)
    bare, whole = [], []
    for _ in range(rounds):
        bare.append(_seconds(lambda: session.run(None, arrays), repeats) / batch)
        whole.append(_seconds(lambda: tagger.tag_texts(texts), repeats) / batch)
    ratios = [one / other for one, other in zip(whole, bare, strict=True)]
    return {
        "batch": batch,
        "run_us": spread([1e6 * each for each in bare]),
        "tagger_us": spread([1e6 * each for each in whole]),
        "ratio": spread(ratios),
    }


def _bulk(tagger: Tagger, bundle: Bundle, rounds: int) -> dict[str, Any]:
    texts = mixed(BULK)
    words = sum(len(_words(text, bundle)) for text in texts)
    per_word, per_sentence = _multiplications(bundle)
    operations = 2 * (per_word * words + per_sentence * len(texts))
    session = _matrices()
    one, other = np.random.default_rng(0).random((2, _MATRIX, _MATRIX), np.float32)
    rates, sgemm = [], []
    for _ in range(max(3, rounds // 3)):
        rates.append(operations / _seconds(lambda: tagger.tag_texts(texts), 1))
        product = _seconds(lambda: session.run(None, {"one": one, "other": other}), 10)
        sgemm.append(2 * _MATRIX**3 / product)
    shares = [rate / limit for rate, limit in zip(rates, sgemm, strict=True)]
    return {
        "sentences": len(texts),
        "words": words,
        "multiplications_per_word": per_word,
        "sentences_per_second": spread([len(texts) * rate / operations for rate in rates]),
        "gflops": spread([rate / 1e9 for rate in rates]),
        "sgemm_gflops": spread([rate / 1e9 for rate in sgemm]),
        "share": spread(shares),
    }


def _matrices() -> onnxruntime.InferenceSession:
    """Multiplies two matrices."""
    one, other, product = (
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [_MATRIX, _MATRIX])
        for name in ("one", "other", "product")
    )
    node = onnx.helper.make_node("MatMul", ["one", "other"], ["product"])
    graph = onnx.helper.make_graph([node], "matrices", [one, other], [product])
    model = onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9
    )
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), settings, providers=["CPUExecutionProvider"]
    )


def _multiplications(bundle: Bundle) -> tuple[int, int]:
    """Those of the network's matrices for a word, and for a sentence."""
    graph = onnx.load_from_string(bundle.contents.graph).graph
    sizes = {each.name: list(each.dims) for each in graph.initializer}
    tags = len(tag_names(bundle.contents.slots))
    word = sentence = 0
    for node in graph.node:
        weights = [sizes[name] for name in node.input if len(sizes.get(name, ())) >= 2]
        if node.op_type in ("LSTM", "GRU", "RNN"):
            word += sum(int(np.prod(shape)) for shape in weights if len(shape) == 3)
        elif node.op_type == "MatMul":
            size = sum(int(np.prod(shape)) for shape in weights)
            if weights and weights[0][-1] == tags:
                word += size
            else:
                sentence += size
    return word, sentence


def _words(text: str, bundle: Bundle) -> tuple[str, ...]:
    tokens = [token.text for token in tokenize(text)]
    return read_tokens(tokens, punctuation=bundle.manifest.punctuation == "read").words


def _seconds(task: Callable[[], object], repeats: int) -> float:
    """Of CPU time, each."""
    began = time.process_time()
    for _ in range(repeats):
        task()
    return (time.process_time() - began) / repeats


def _print(found: list[dict[str, Any]]) -> None:
    for each in found:
        print(each["bundle"])
        for batch in each["batches"]:
            print(
                f"  batch {batch['batch']:2}: {told(batch['tagger_us'])} µs a sentence, bare run "
                f"{told(batch['run_us'])} µs, ratio {told(batch['ratio'], 2)}"
            )
        bulk = each["bulk"]
        print(
            f"  bulk: {told(bulk['sentences_per_second'])} sentences a second, "
            f"{told(bulk['gflops'])} of the core's {told(bulk['sgemm_gflops'])} GFLOP/s, "
            f"share {told(bulk['share'], 2)}"
        )


if __name__ == "__main__":
    main()
