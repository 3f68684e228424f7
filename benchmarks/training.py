"""
How soon training is good, and how fast its loop is.

    python -m benchmarks.training [--corpus atis] [--goal 97.0] [--rounds 5] [--json FILE]

From nothing to the goal, a slot F1 on dev, by the recipe of the corpus's bundle. Seconds of the
clock and of the processor count from before the corpus is read, with as many threads as cores.

Then sentences a second of the training loop, with batches of sentences alike in length, as `fit`
makes them, and with batches that are drawn at random and padded; and, where the extra `peers` is
installed, of spaCy's on the same sentences, with the largest batches of its recipe. These take
turns, with one thread, in CPU time.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.measures import spread, told
from benchmarks.peers import PEERS
from training.augmentation.value_swap import MentionReplacement
from training.corpora.loading import Data, read_data
from training.corpora.sentences import Sentence
from training.corpora.vocabularies import vocabularies_of
from training.experiment import RECIPES, Experiment, read_experiment
from training.fitting.batches import Batch, Batches
from training.fitting.checkpoint import Checkpoint
from training.fitting.construction import build_network, featurizer_of
from training.fitting.fit import fit
from training.fitting.loss import batch_loss

SENTENCES = 1600  # of a pass that is timed: as many as `fit` sorts by length together


class _GoalReachedError(Exception):
    """Ends a training that has come far enough."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", default="atis", help="one that there is a shipped recipe for")
    parser.add_argument("--goal", type=float, default=97.0, help="slot F1 on dev")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    experiment = read_experiment(RECIPES / f"{options.corpus}.toml")
    found = {
        "corpus": options.corpus,
        "goal": options.goal,
        "threads": torch.get_num_threads(),
        "run": until(options.goal, experiment),
        "loop": _loops(experiment, read_data(experiment), options.rounds),
    }
    _print(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def until(goal: float, experiment: Experiment) -> dict[str, Any]:
    """
    Train until dev's slot F1 is the goal, or to the end.

    `course` has the seconds of the clock after each epoch and the F1 then; `seconds` and
    `cpu_seconds` are those to the goal, None where it was not reached.
    """
    began, cpu = time.perf_counter(), time.process_time()
    course: list[tuple[float, float]] = []
    reached = False

    def on_epoch_end(checkpoint: Checkpoint) -> None:
        nonlocal reached
        course.append((time.perf_counter() - began, checkpoint.history[-1].dev_f1))
        reached = checkpoint.best_f1 >= goal
        if reached:
            raise _GoalReachedError

    try:
        with tempfile.TemporaryDirectory() as run:
            fit(
                experiment,
                read_data(experiment),
                Path(run),
                "",
                quiet=True,
                on_epoch_end=on_epoch_end,
            )
    except _GoalReachedError:
        pass
    return {
        "ended_after": len(course),
        "best_f1": max(f1 for _, f1 in course),
        "seconds": course[-1][0] if reached else None,
        "cpu_seconds": time.process_time() - cpu if reached else None,
        "course": course,
    }


def _loops(experiment: Experiment, data: Data, rounds: int) -> dict[str, Any]:
    """Sentences a second, and of padded batches how many of their places are words."""
    vocabularies, vectors = vocabularies_of(experiment, data.train)
    network = build_network(experiment, vocabularies, vectors)
    settings = experiment.training
    batches = Batches(featurizer_of(vocabularies), vocabularies.slots, settings.batch_size)
    sentences = vocabularies.read_sentences(data.train[:SENTENCES])
    swapper = MentionReplacement(sentences)
    passes: dict[str, Callable[[np.random.Generator], Iterable[Batch]]] = {
        "bucketed": lambda random: batches.for_training(sentences, swapper, random, swap=0.0),
        "plain": lambda random: plain_batches(batches, sentences, random),
    }
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, fused=True)
    learners: dict[str, Callable[[int], None]] = {
        name: partial(_learn, network, optimizer, experiment, of_pass)
        for name, of_pass in passes.items()
    }
    if PEERS["spacy"].is_installed:
        from benchmarks.peers.spacy import one_pass

        learners["spaCy"] = one_pass(replace(data, train=data.train[:SENTENCES]))
    rates: dict[str, list[float]] = {name: [] for name in learners}
    for number in range(rounds + 1):  # the first one warms up
        for name, learn in learners.items():
            began = time.process_time()
            learn(number)
            if number:
                rates[name].append(len(sentences) / (time.process_time() - began))
    torch.set_num_threads(threads)
    random = np.random.default_rng(0)
    return {
        "sentences_per_second": {name: spread(own) for name, own in rates.items()},
        "bucketed_to": {
            name: spread([ours / its for ours, its in zip(rates["bucketed"], own, strict=True)])
            for name, own in rates.items()
            if name != "bucketed"
        },
        "words_of_places": {name: filled(of_pass(random)) for name, of_pass in passes.items()},
    }


def plain_batches(
    batches: Batches, sentences: Sequence[Sentence], random: np.random.Generator
) -> Iterator[Batch]:
    """One pass in random order, whatever the sentences' lengths."""
    order = random.permutation(len(sentences))
    for start in range(0, len(order), batches.batch_size):
        yield batches.batch([sentences[at] for at in order[start : start + batches.batch_size]])


def filled(batches: Iterable[Batch]) -> float:
    """Of the places of all batches the share that holds words."""
    words = places = 0
    for batch in batches:
        words += int(batch.lengths.sum())
        places += batch.words.numel()
    return words / places


def _learn(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    experiment: Experiment,
    of_pass: Callable[[np.random.Generator], Iterable[Batch]],
    seed: int,
) -> None:
    """One pass as `fit` makes it."""
    settings = experiment.training
    network.train()
    for batch in of_pass(np.random.default_rng(seed)):
        optimizer.zero_grad()
        loss = batch_loss(network, batch, settings.intent_weight, is_crf=settings.loss == "crf")
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), settings.max_grad_norm)
        optimizer.step()


def _print(found: dict[str, Any]) -> None:
    print(f"from nothing to a slot F1 of {found['goal']} on {found['corpus']} dev")
    run = found["run"]
    if run["seconds"] is None:
        print(f"  not reached, best {run['best_f1']:.2f} in {run['course'][-1][0]:.0f} s")
    else:
        print(
            f"  {run['best_f1']:.2f} after {run['ended_after']} epochs, "
            f"{run['seconds']:.0f} s on {found['threads']} threads, "
            f"{run['cpu_seconds']:.0f} s of processor"
        )
    loop = found["loop"]
    print("sentences a second of the training loop, one thread")
    for name, rate in loop["sentences_per_second"].items():
        line = f"  {name}: {told(rate, 0)}"
        if name in loop["words_of_places"]:
            line += f", {loop['words_of_places'][name]:.0%} of a batch are words"
        print(line)
    for name, ratio in loop["bucketed_to"].items():
        print(f"  bucketed to {name}: {told(ratio, 2)}")


if __name__ == "__main__":
    main()
