"""
What the tagger costs around the network, in one process on one core.

    python -m benchmarks.tagger [--bundles models] [--rounds 15] [--lists 100000] [--json FILE]

From text to slots (tokens, features, network, decoder, confidences) against a bare session.run of
the arrays of the same sentences, taken in turns; and many sentences at once against the rate at
which the core multiplies large matrices, by onnxruntime too. Times are CPU time, which other
programs disturb less. With --lists, of bundles that read lists of values: again with that many
lines in a list of each of some slots, against the same tagger without, and the lookup alone.
"""

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
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
from app.tagging.value_lists import ListFinder, ValueList, ValueSet
from benchmarks.measures import ONE_THREAD, cores, pin, spread, told
from benchmarks.sentences import alike, mixed

BATCHES = (1, 32)
BULK = 1024
_MATRIX = 768
_LISTS = 8


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundles", type=Path, default=Path("models"))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--lists", type=int, default=0, metavar="LINES")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not ONE_THREAD.items() <= os.environ.items():
        # numpy's matrices have their threads from the moment that it is imported.
        command = [sys.executable, "-m", "benchmarks.tagger", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | ONE_THREAD)
    pin(cores()[-1:])
    folders = sorted(path.parent for path in options.bundles.glob("*/manifest.json"))
    found = [_measure(open_bundle(folder), options.rounds, options.lists) for folder in folders]
    _print(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def _measure(bundle: Bundle, rounds: int, lines: int) -> dict[str, Any]:
    tagger = Tagger(bundle)
    found = {
        "bundle": bundle.manifest.name,
        "batches": [_against_run(tagger, bundle, batch, rounds) for batch in BATCHES],
        "bulk": _bulk(tagger, bundle, rounds),
    }
    if lines:
        found["lists"] = _with_lists(tagger, lines, rounds)
    return found


def _with_lists(tagger: Tagger, lines: int, rounds: int) -> dict[str, Any]:
    """Lists of names of made-up words, with what the tagger finds in the sentences among them."""
    random = np.random.default_rng(0)
    texts = [*mixed(BULK), *(text for batch in BATCHES for text in alike(batch))]
    names = [f"word{number}" for number in range(max(1, lines // 10))]
    values: defaultdict[str, list[Sequence[str]]] = defaultdict(list)
    for tagging in tagger.tag_texts(texts):
        for filled in tagging.slots:
            values[filled.name].append(tagger.words_of_value(filled.value))
    lists = []
    for slot in (*values, *(slot for slot in tagger.slots if slot not in values))[:_LISTS]:
        chosen = random.integers(len(names), size=(lines, 3))
        lengths = random.integers(1, 4, size=lines)
        made = ([names[at] for at in row[:end]] for row, end in zip(chosen, lengths, strict=True))
        lists.append(ValueList((slot,), ValueSet([*made, *values[slot]])))
    found: dict[str, Any] = {"lists": len(lists), "lines": lines, "batches": []}
    for batch in BATCHES:
        found["batches"].append(
            _against_none(tagger, tagger.with_lists(lists), lists, batch, rounds)
        )
    return found


def _against_none(
    tagger: Tagger, listed: Tagger, lists: list[ValueList], batch: int, rounds: int
) -> dict[str, Any]:
    texts = alike(batch)
    sentences = [tagger.words_of_value(text) for text in texts]
    repeats = max(2, 256 // batch)
    finder = ListFinder(lists)
    ratios, lookups = [], []
    for _ in range(rounds):
        without = _seconds(lambda: tagger.tag_texts(texts), repeats)
        ratios.append(_seconds(lambda: listed.tag_texts(texts), repeats) / without)
        looked_up = _seconds(lambda: [*map(finder, sentences)], 20)
        lookups.append(1e6 * looked_up / batch)
    return {"batch": batch, "ratio": spread(ratios), "lookup_us": spread(lookups)}


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
        listed = each.get("lists", {"batches": []})
        for batch in listed["batches"]:
            print(
                f"  {listed['lists']} lists of {listed['lines']} lines, batch {batch['batch']:2}: "
                f"{told(batch['ratio'], 2)} times the time without, "
                f"lookup {told(batch['lookup_us'])} µs a sentence"
            )


if __name__ == "__main__":
    main()
