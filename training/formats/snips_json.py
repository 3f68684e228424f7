"""Texts in pieces, those with `entity` being slots (SNIPS, as it was collected)."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from training.errors import CorpusError
from training.formats.files import excerpt, read_text, without_surrogates
from training.formats.labels import is_slot
from training.utterances import Utterance, utterance_from_spans

LOOKS_LIKE = (
    '{"fly": [{"data": [{"text": "to "}, {"text": "Taipei", "entity": "city"}]}]}'
    "  in one JSON file, or a folder of train_INTENT.json files"
)


def pools(folder: Path, part: str, remarks: Counter[str]) -> list[Path]:
    """
    The files of a part ("train" or "validate") in a folder, or in one folder an intent.

    Of an intent that has both, PART_INTENT_full.json is read and PART_INTENT.json, a pool of the
    same kind with fewer queries, is not.
    """
    files = sorted(folder.glob(f"{part}_*.json")) or sorted(folder.glob(f"*/{part}_*.json"))
    full = {path.stem for path in files if path.stem.endswith("_full")}
    chosen = [path for path in files if f"{path.stem}_full" not in full]
    if len(chosen) < len(files):
        remarks["small pool left out, its intent having a full one"] += len(files) - len(chosen)
    return chosen


def read(path: Path, remarks: Counter[str]) -> list[Utterance]:
    """Read one file, of one or several intents."""
    try:
        content = json.loads(read_text(path, remarks))
    except json.JSONDecodeError as error:
        raise CorpusError(path, error.lineno, "JSON", f"invalid JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise CorpusError(path, None, "JSON", f"invalid JSON: {error}") from error
    if not isinstance(content, dict):
        raise CorpusError(path, None, "an object with an intent's queries", excerpt(content))
    utterances = []
    for intent, queries in content.items():
        if not isinstance(queries, list):
            raise CorpusError(path, f"intent {intent}", "a list of queries", excerpt(queries))
        for number, query in enumerate(queries, 1):
            place = f"query {number} of {intent}"
            utterance = _utterance(query, intent, path, place, remarks)
            if utterance.tokens or utterance.changed:
                utterances.append(utterance)
            else:
                remarks["empty query skipped"] += 1
    return utterances


def _utterance(query: Any, intent: str, path: Path, place: str, remarks: Counter[str]) -> Utterance:
    if not (isinstance(query, dict) and isinstance(query.get("data"), list)):
        raise CorpusError(path, place, '{"data": [...]}', excerpt(query))
    text = ""
    spans = []
    for piece in query["data"]:
        match piece:
            case {"text": str(words), "entity": str(slot)} if is_slot(slot):
                if words:
                    spans.append((len(text), len(text) + len(words), slot))
                else:
                    remarks["slot without text left out"] += 1
            case {"text": str(words)} if "entity" not in piece:
                pass
            case _:
                expected = 'a piece with "text" and, if it is a slot, "entity"'
                raise CorpusError(path, place, expected, excerpt(piece))
        text += words
    utterance, mended = utterance_from_spans(without_surrogates(text, remarks), spans, intent)
    remarks.update(mended)
    return utterance
