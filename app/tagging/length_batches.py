"""Sentences of alike lengths together, so that little is padded."""

from collections.abc import Iterator, Sequence

from app.tagging.features import EncodedSentence

# Batches beyond this size gain no speed, and padding them costs memory.
_BATCH = 32
# What a batch costs beside its words and its padding, counted in words: each step of the network,
# whose weights are read once for all sentences, and the rest of the graph and the decoder.
_STEP_COST = 3
_BATCH_COST = 10


def length_batches(readings: Sequence[EncodedSentence]) -> Iterator[list[int]]:
    """Numbers of readings, alike lengths together, so that little is padded; no empty ones."""
    filled = [number for number, reading in enumerate(readings) if reading.words]
    if len(filled) == 1:
        yield filled
        return
    filled.sort(key=lambda number: -len(readings[number].words))
    for start in range(0, len(filled), _BATCH):
        batch = filled[start : start + _BATCH]
        yield from _cut(batch, [len(readings[number].words) for number in batch])


def _cut(batch: list[int], lengths: list[int]) -> Iterator[list[int]]:
    """A batch, the longest first, in two where that saves more padding than a batch costs."""
    count, longest = len(batch), lengths[0]
    saved = [
        (longest - length) * (count - at) - _STEP_COST * length - _BATCH_COST
        for at, length in enumerate(lengths)
    ]
    most = max(saved)
    if most <= 0:
        yield batch
        return
    at = saved.index(most)
    yield from _cut(batch[:at], lengths[:at])
    yield from _cut(batch[at:], lengths[at:])
