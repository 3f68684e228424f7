"""The training loop."""

import copy
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from app.tagging.cores import usable_cores
from app.tagging.decoder import Decoder
from app.tagging.features import Featurizer, read_tokens
from app.tagging.lexicon import Lexicon
from app.tagging.slots import read_spans, write_tags
from app.tagging.tokenizer import tokenize
from app.tagging.vocabulary import Vocabulary
from training.batches import (
    Batches,
    Change,
    Sentence,
    SlotSwapper,
    read_sentences,
    read_utterance,
)
from training.calibration import Calibration, ScoredSentence, calibrate
from training.checkpoint import FILE, Checkpoint, Epoch, held, read_checkpoint, write_checkpoint
from training.data import Data, Inventory, inventory_of, note_of
from training.errors import ExperimentError
from training.experiment import Experiment, TrainingSettings
from training.loss import batch_loss
from training.metrics import slot_f1
from training.networks import Ensemble, NetworkConfigurationError, SlotNetwork, build
from training.threads import few_threads
from training.unseen import UnseenValues
from training.utterances import ChangedSpan, Utterance, count_spans
from training.value_lists import ListedValues

# The share of training in which ever fewer sentences are swapped, so that in the end the network
# learns from what was said: swapped sentences teach it new values, and some nonsense with these.
_SWAPPED_UNTIL = 2 / 3

# A mean loss a word. Scores that are so far off have not the decimals any more to be compared by
# when they are exported.
_DIVERGED = 1000.0

TEACHERS = "teachers"  # a run's folder of their runs


def fit(
    experiment: Experiment,
    data: Data,
    run: Path,
    command: str,
    *,
    restart: bool = False,
    quiet: bool = False,
    watch: Callable[[Checkpoint], None] = lambda _: None,
) -> Checkpoint:
    """
    Train, keeping the epoch with the best slot F1 on dev, and go on where `run` left off.

    Teachers, where the experiment has some, are trained first, in folders of `run`. After every
    epoch the whole state, random generators included, is in `run`: an interrupted run that is
    taken up again ends as if it had never stopped. `watch` is told of every epoch once it is
    kept, those of teachers too. With `restart` the run begins anew. Raises ExperimentError where
    `run` belongs to another experiment or other data, or another fit is at it, and where training
    diverges.
    """
    with held(run), few_threads():
        if restart:
            (run / FILE).unlink(missing_ok=True)
            shutil.rmtree(run / TEACHERS, ignore_errors=True)
        return _fit(experiment, data, run, command, quiet=quiet, watch=watch)


def _fit(
    experiment: Experiment,
    data: Data,
    run: Path,
    command: str,
    *,
    quiet: bool,
    watch: Callable[[Checkpoint], None],
) -> Checkpoint:
    # torch counts the cores that there are, whatever quota there is.
    torch.set_num_threads(min(torch.get_num_threads(), usable_cores()))
    settings = experiment.training
    inventory, vectors = inventory_of(experiment, data.train)
    _check_examples(experiment, inventory)
    notes = data.notes
    if vectors is not None and experiment.vectors is not None:
        notes += (note_of(experiment.vectors),)
    notes += tuple(
        note_of(each) for each in experiment.lexicon if each.name == inventory.lexicon_name
    )
    checkpoint = _taken_up(run, Checkpoint(experiment, inventory, notes, data.digest(), command))
    if settings.teachers:
        # What makes no network is told before its teachers are trained.
        build_network(experiment, inventory, vectors)
        if (kind := experiment.teacher) is not None:
            build_network(replace(experiment, network=kind), inventory, vectors, table="teacher")
    taught_by = _fit_teachers(experiment, data, run, quiet=quiet, watch=watch)
    teachers = Ensemble([best_network(each) for each in taught_by]).eval() if taught_by else None

    torch.manual_seed(experiment.seed)
    random = np.random.default_rng(experiment.seed)
    network = build_network(experiment, inventory, vectors)
    batches = Batches(
        featurizer_of(inventory), inventory.slots, settings.batch_size, inventory.punctuation
    )
    asked = [_answerable(each, inventory) for each in data.dev]
    exact = [replace(each, tags=each.exact_tags) for each in asked]
    train, dev = (
        read_sentences(
            part,
            inventory.intents,
            punctuation=inventory.punctuation,
            casing=inventory.casing,
            shapes=inventory.shapes,
            cut=inventory.cut,
        )
        for part in (data.train, exact)
    )
    missed = count_spans(asked).changed
    swapper: Change = SlotSwapper(train)
    if vectors is not None and (settings.similar_words or settings.random_words):
        swapper = UnseenValues(
            swapper,
            train,
            inventory,
            vectors,
            similar=settings.similar_words,
            invented=settings.random_words,
        )

    lister = _lister(data, inventory)
    copied = [each for each in train if lister.has_values_for(each)] * settings.list_copies
    epochs = settings.epochs
    steps_a_pass = -(-(len(train) + len(copied)) // settings.batch_size)
    passes = max(1, -(-settings.min_steps // (epochs * steps_a_pass)))
    steps_an_epoch = passes * steps_a_pass
    optimizer = torch.optim.AdamW(
        network.parameters(),
        lr=settings.learning_rate,
        weight_decay=settings.weight_decay,
        fused=True,  # one pass over the weights, of which most are vectors of words
    )
    schedule: torch.optim.lr_scheduler.LRScheduler
    if settings.schedule == "one-cycle":
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, settings.learning_rate, total_steps=epochs * steps_an_epoch
        )
    else:
        schedule = torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)
    # Early in training a long memory would remember mostly the initial weights.
    decay = min(settings.ema_decay, 1 - 10 / (epochs * steps_an_epoch + 10))
    average = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(network, multi_avg_fn=average)

    parts = {
        "network": network,
        "averaged": averaged,
        "optimizer": optimizer,
        "schedule": schedule,
    }
    if checkpoint.progress:
        _restore(parts, random, checkpoint.progress)
    if teachers is not None:
        checkpoint.teachers_f1 = dev_f1(teachers, batches, dev, missed=missed)
        seconds = [epoch.seconds for each in taught_by for epoch in each.history]
        checkpoint.teachers_seconds = sum(seconds)
    bar = tqdm(
        total=epochs, initial=checkpoint.epoch, desc=experiment.name, unit="epoch", disable=quiet
    )
    measured = ""
    with bar:
        for epoch in range(checkpoint.epoch, epochs):
            if settings.patience and checkpoint.without_rise >= settings.patience:
                break
            began = time.process_time()
            network.train()
            losses = []
            passed = chain.from_iterable(
                batches.for_training(
                    train,
                    swapper,
                    random,
                    swap=_swapped(settings, (epoch + done / passes) / epochs),
                    noise=settings.typo_rate,
                    copies=[lister(each, random) for each in copied],
                )
                for done in range(passes)
            )
            for number, batch in enumerate(passed, start=1):
                optimizer.zero_grad()
                loss = batch_loss(
                    network,
                    batch,
                    settings.intent_weight,
                    settings.loss == "token",
                    teachers,
                    settings.teaching,
                )
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(network.parameters(), settings.max_grad_norm)
                optimizer.step()
                schedule.step()
                averaged.update_parameters(network)
                losses.append(loss.detach())
                bar.set_postfix_str(f"{measured}batch {number}/{steps_an_epoch}", refresh=False)
                bar.update(0)
            mean = float(torch.stack(losses).mean())
            if not mean < _DIVERGED:  # nor is what is no number
                raise ExperimentError(
                    f"experiment {experiment.name}: training diverged in epoch {epoch + 1}, its "
                    f"loss is {mean}: lower learning_rate, which is {settings.learning_rate:g}"
                )
            f1 = dev_f1(averaged.module, batches, dev, missed=missed)
            # Of equals the later one: it has seen more, and its learning rate has settled.
            if f1 >= checkpoint.best_f1:
                checkpoint.best_f1, checkpoint.best_epoch = f1, epoch + 1
                checkpoint.best = copy.deepcopy(averaged.module.state_dict())
            checkpoint.epoch = epoch + 1
            checkpoint.history.append(Epoch(mean, f1, time.process_time() - began))
            checkpoint.progress = _state(parts, random)
            write_checkpoint(run, checkpoint)
            measured = f"loss {mean:.3f}, dev F1 {f1:.2f}, best {checkpoint.best_f1:.2f}, "
            bar.set_postfix_str(measured.removesuffix(", "), refresh=False)
            bar.update(1)
            watch(checkpoint)
    if checkpoint.calibration is None:
        network.load_state_dict(checkpoint.best)
        checkpoint.calibration = _calibration(network, batches, dev)
        write_checkpoint(run, checkpoint)
    return checkpoint


def _lister(data: Data, inventory: Inventory) -> ListedValues:
    def read(tokens: Sequence[str]) -> tuple[str, ...]:
        return read_tokens(
            tokens,
            punctuation=inventory.punctuation,
            casing=inventory.casing,
            shapes=inventory.shapes,
            cut=inventory.cut,
        ).words

    return ListedValues(data.lists, read)


def _check_examples(experiment: Experiment, inventory: Inventory) -> None:
    """Raise ExperimentError where no network could answer one of the sentences."""
    for text in experiment.examples:
        tokens = [token.text for token in tokenize(text)]
        if not read_tokens(tokens, punctuation=inventory.punctuation).words:
            raise ExperimentError(
                f"experiment {experiment.name}, examples: {text!r} has no word to read: "
                "write another sentence, or leave it out"
            )


def _swapped(settings: TrainingSettings, progress: float) -> float:
    """The share of swapped sentences, where so much of training is over, both 0 to 1."""
    if settings.schedule == "constant" or not settings.fade_mention_replacement:
        return settings.mention_replacement
    return settings.mention_replacement * max(0.0, 1.0 - progress / _SWAPPED_UNTIL)


def _taken_up(run: Path, begun: Checkpoint) -> Checkpoint:
    """What is in `run` already of what is to begin; raises ExperimentError where it differs."""
    found = read_checkpoint(run)
    if found is None:
        return begun
    same = found.experiment == begun.experiment and found.inventory == begun.inventory
    if not same or found.data != begun.data:
        raise ExperimentError(
            f"{run} holds a run of another experiment or other data: "
            "choose another folder with --run, or begin anew with --restart"
        )
    found.command = begun.command  # the folder of the bundle may be another
    return found


def _fit_teachers(
    experiment: Experiment,
    data: Data,
    run: Path,
    *,
    quiet: bool,
    watch: Callable[[Checkpoint], None],
) -> list[Checkpoint]:
    """Train them from seeds that no neighbour of the experiment's seed has."""
    network = experiment.network
    kind = replace(
        experiment.teacher or network,
        intents=network.intents,
        casing=network.casing,
        shapes=network.shapes,
        min_count=network.min_count,
    )
    training = replace(experiment.training, teachers=0, teaching=0.0)
    seeds = np.random.SeedSequence(experiment.seed).generate_state(experiment.training.teachers)
    taught_by = []
    for number, seed in enumerate(seeds.tolist(), start=1):
        name = f"{experiment.name}, teacher {number}"
        teacher = replace(
            experiment, name=name, seed=seed, network=kind, teacher=None, training=training
        )
        folder = run / TEACHERS / str(number)
        taught_by.append(fit(teacher, data, folder, "", quiet=quiet, watch=watch))
    return taught_by


def best_network(checkpoint: Checkpoint) -> SlotNetwork:
    """The network of the best epoch, as it serves."""
    network = build_network(checkpoint.experiment, checkpoint.inventory)
    network.load_state_dict(checkpoint.best)
    return network.eval()


def featurizer_of(inventory: Inventory) -> Featurizer:
    """The featurizer that serving will have."""
    return Featurizer(
        Vocabulary(inventory.all_words),
        Vocabulary(inventory.trigrams),
        Lexicon(inventory.lexicon),
    )


def build_network(
    experiment: Experiment,
    inventory: Inventory,
    vectors: NDArray[np.float32] | None = None,
    *,
    table: str = "network",
) -> SlotNetwork:
    """
    An untrained network of the sizes that the data ask for.

    Without `vectors`, where the inventory has some, there is room for them in the weights.

    Raises ExperimentError where the settings, which the file has in `table`, make no network.
    """
    settings = experiment.network
    if vectors is None and inventory.vector_size:
        rows = len(Vocabulary(inventory.all_words))
        vectors = np.zeros((rows, inventory.vector_size), np.float32)
    try:
        return build(
            cell=settings.cell,
            hidden=settings.hidden,
            layers=settings.layers,
            bidirectional=settings.bidirectional,
            window=settings.window,
            inputs=settings.inputs,
            words=len(Vocabulary(inventory.words)),
            trigrams=len(Vocabulary(inventory.trigrams)),
            word_size=settings.word_size,
            trigram_size=settings.trigram_size,
            added=settings.combine == "sum",
            tags=1 + 2 * len(inventory.slots),
            intents=len(inventory.intents),
            dropout=settings.dropout,
            word_dropout=experiment.training.word_dropout,
            vectors=None if vectors is None else torch.from_numpy(vectors),
        )
    except NetworkConfigurationError as error:
        raise ExperimentError(f"experiment {experiment.name}, [{table}]: {error}") from error


def _answerable(utterance: Utterance, inventory: Inventory) -> Utterance:
    """The utterance, spans of which begin or end with what the network does not read changed."""
    heads = read_utterance(
        utterance,
        punctuation=inventory.punctuation,
        shapes=inventory.shapes,
        cut=inventory.cut,
    )[0].heads
    unread = [
        span
        for span in utterance.exact_spans
        if heads[span.start] is None or heads[span.end - 1] is None
    ]
    changed = [
        ChangedSpan(span.name, " ".join(utterance.tokens[span.start : span.end]), span)
        for span in unread
    ]
    return replace(utterance, changed=(*utterance.changed, *changed))


def dev_f1(
    network: nn.Module, batches: Batches, sentences: Sequence[Sentence], *, missed: int = 0
) -> float:
    """
    Slot F1 in per cent, decoded as the service decodes.

    `missed` spans are in gold besides, which no tags of the sentences can spell.
    """
    decoder = Decoder(batches.slots)
    predicted = [
        [decoder.tags[tag] for tag in decoder.best_path(scores)]
        for scores, _ in _scores(network, batches, sentences)
    ]
    for sentence, tags in zip(sentences, predicted, strict=True):
        if sentence.unannotated:  # nobody knows whether these are right
            known = [span for span in read_spans(tags) if span.name not in sentence.unannotated]
            tags[:] = write_tags(known, len(tags))
    return slot_f1([sentence.tags for sentence in sentences], predicted, missed=missed)


def _calibration(
    network: nn.Module, batches: Batches, sentences: Sequence[Sentence]
) -> Calibration:
    if not sentences:
        return Calibration()
    found = list(_scores(network, batches, sentences))
    scored = [
        ScoredSentence(scores, sentence.tags, sentence.unannotated)
        for sentence, (scores, _) in zip(sentences, found, strict=True)
    ]
    intent_scores = np.stack([scores for _, scores in found])
    intents = np.array([sentence.intent for sentence in sentences], np.int64)
    return calibrate(Decoder(batches.slots), scored, intent_scores, intents)


@torch.no_grad()
def _scores(
    network: nn.Module, batches: Batches, sentences: Sequence[Sentence]
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Of each sentence the tag scores, (words, tags), and the intent scores, (intents,)."""
    network.eval()
    for batch in batches.in_order(sentences):
        tag_scores, intent_scores = network(batch.words, batch.trigrams, batch.lengths)
        if intent_scores is None:
            intent_scores = tag_scores.new_empty(len(tag_scores), 0)
        for scores, of_intents, length in zip(
            tag_scores.numpy(), intent_scores.numpy(), batch.lengths.tolist(), strict=True
        ):
            yield scores[:length], of_intents


def _state(parts: dict[str, Any], random: np.random.Generator) -> dict[str, Any]:
    return {
        **{name: copy.deepcopy(part.state_dict()) for name, part in parts.items()},
        "torch_random": torch.get_rng_state(),
        "numpy_random": random.bit_generator.state,
    }


def _restore(parts: dict[str, Any], random: np.random.Generator, progress: dict[str, Any]) -> None:
    for name, part in parts.items():
        part.load_state_dict(progress[name])
    torch.set_rng_state(progress["torch_random"])
    random.bit_generator.state = progress["numpy_random"]
