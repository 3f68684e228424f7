"""Texts in pieces, those with `entity` being slots (SNIPS, as it was collected)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.corpora.formats.files import excerpt, intent_name, read_text, without_surrogates
from training.corpora.formats.json_values import JsonReader
from training.corpora.formats.labels import is_slot
from training.corpora.utterances import Utterance, utterance_from_spans
from training.errors import CorpusError

LOOKS_LIKE = (
    '{"fly": [{"data": [{"text": "to "}, {"text": "Taipei", "entity": "city"}]}]}'
    "  in one JSON file, or a folder of train_INTENT.json files"
)


def pools(folder: Path, part: str, warnings: Counter[str]) -> list[Path]:
    """
    The files of a part ("train" or "validate") in a folder, or in one folder an intent.

    Of an intent that has both, PART_INTENT_full.json is read and PART_INTENT.json, a pool of the
    same kind with fewer queries, is not.
    """
    files = sorted(folder.glob(f"{part}_*.json")) or sorted(folder.glob(f"*/{part}_*.json"))
    full = {path.stem for path in files if path.stem.endswith("_full")}
    chosen = [path for path in files if f"{path.stem}_full" not in full]
    if len(chosen) < len(files):
        warnings["small pool left out, its intent having a full one"] += len(files) - len(chosen)
    return chosen


def read(path: Path, warnings: Counter[str]) -> list[Utterance]:
    """
    Read one file, of one or several intents, or a data set of snips-nlu.

    That holds `intents` and `entities`; its slots have names beside the entities that they are of.
    """
    reader = JsonReader(path, read_text(path, warnings))
    if not reader.next_is("{"):
        found = excerpt(reader.value())
        raise CorpusError(path, reader.line, "an object with an intent's queries", found)
    utterances: list[Utterance] = []
    is_data_set = False
    others = []
    for key in reader.members():
        if reader.next_is("["):
            utterances += _queries(reader, key, path, warnings)
        elif key == "intents" and reader.next_is("{"):
            is_data_set = True
            for intent in reader.members():
                utterances += _intent(reader, intent, path, warnings)
        else:
            others.append((key, excerpt(reader.value())))
    reader.end()
    if others and not is_data_set:
        key, found = others[0]
        raise CorpusError(path, f"intent {key}", "a list of queries", found)
    return utterances


def _intent(
    reader: JsonReader, intent: str, path: Path, warnings: Counter[str]
) -> Iterator[Utterance]:
    """An intent of a data set: an object that holds its utterances."""
    if not reader.next_is("{"):
        expected = 'an object with "utterances"'
        raise CorpusError(path, f"intent {intent}", expected, excerpt(reader.value()))
    for key in reader.members():
        if key == "utterances" and reader.next_is("["):
            yield from _queries(reader, intent, path, warnings)
        else:
            reader.value()


def _queries(
    reader: JsonReader, intent: str, path: Path, warnings: Counter[str]
) -> Iterator[Utterance]:
    for number, (line, query) in enumerate(reader.items(), 1):
        place = f"line {line}, query {number} of {intent}"
        utterance = _utterance(query, intent_name(intent, path, line), path, place, warnings)
        if utterance.tokens or utterance.changed:
            yield utterance
        else:
            warnings["empty query skipped"] += 1


def _utterance(
    query: Any, intent: str, path: Path, place: str, warnings: Counter[str]
) -> Utterance:
    if not (isinstance(query, dict) and isinstance(query.get("data"), list)):
        raise CorpusError(path, place, '{"data": [...]}', excerpt(query))
    text = ""
    spans = []
    for piece in query["data"]:
        match piece:
            case {"text": str(words), "slot_name": str(slot)} if is_slot(slot):
                warnings["slot called as its slot_name says, not as its entity"] += 1
            case {"text": str(words), "entity": str(slot)} if (
                is_slot(slot) and "slot_name" not in piece
            ):
                pass
            case {"text": str(words)} if not {"entity", "slot_name"} & piece.keys():
                slot = ""
            case _:
                expected = 'a piece with "text" and, if it is a slot, "entity"'
                raise CorpusError(path, place, expected, excerpt(piece))
        if slot and words:
            spans.append((len(text), len(text) + len(words), slot))
        elif slot:
            warnings["slot without text left out"] += 1
        text += words
    utterance, mended = utterance_from_spans(without_surrogates(text, warnings), spans, intent)
    warnings.update(mended)
    return utterance
