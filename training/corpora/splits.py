"""Annotated text → utterances, and the splits."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from app.tagging.slots import Span, read_spans, write_tags
from training.corpora.formats import FORMATS, columns, format_named, format_of, parallel, snips_json
from training.corpora.utterances import (
    Corpus,
    Splits,
    Utterance,
    count_spans,
    utterance_from_spans,
)
from training.errors import CorpusError

__all__ = [
    "Corpus",
    "Splits",
    "Utterance",
    "has_parts",
    "overlap",
    "read_corpus",
    "read_splits",
    "refuse_changed",
    "rename_slots",
    "repeats",
    "utterance_from_spans",
]

# The share of spans that tags may fail to spell as they were written, before a corpus is refused.
MOST_CHANGED = 0.05
_TRAIN = "train"
_DEV = ("dev", "devel", "development", "valid", "validation", "val", "eval", "testa")
# Names are taken apart at dots or, where that tells no part, at whatever is no letter.
_DIVIDERS = (r"\.", r"[^a-z]+")
_NO_CORPUS = ("readme", "license", "license")
_NAMING = "; name its parts train and dev, as in train.txt and dev.txt, or give one file"


def read_corpus(
    path: Path | Iterable[Path],
    format: str | None = None,
) -> Corpus:
    """
    Read a file, several, or a folder that holds one part of a corpus.

    The format is recognised by content unless it is named. Of a folder of SNIPS' JSON the large
    pool of each intent (train_INTENT_full.json) is read where there is one, else the small
    (train_INTENT.json), and never both. Raises CorpusError.
    """
    named = None if format is None else format_named(format)
    warnings: Counter[str] = Counter()
    utterances: list[Utterance] = []
    for each in [path] if isinstance(path, Path) else path:
        for file in _files(each, warnings):
            found = (named or format_of(file)).read(file, warnings)
            if not found:
                raise CorpusError(file, None, "at least one query", "none")
            utterances += found
    return Corpus(tuple(utterances), dict(warnings))


def read_splits(
    path: Path,
    format: str | None = None,
    dev_every: int = 20,
) -> Splits:
    """
    Read what to learn from and what to choose by.

    A folder holds both as `train` and one of `dev`, `valid` and the like: folders, or files with
    that word in their name (train.jsonl, ch.train, train_en.txt). Otherwise dev is every
    `dev_every`th query of each intent in the order of the corpus, or of the whole where that leaves
    dev empty. Raises CorpusError.
    """
    assert dev_every > 1, "something must be left to learn from"
    if not path.is_dir():
        return _split(path, read_corpus(path, format), dev_every)
    ignored: Counter[str] = Counter()
    if dev := _pools(path, "validate", ignored):
        return Splits(read_corpus(path, format), read_corpus(dev, format))
    parts = _parts(path)
    if parts and _TRAIN not in parts:
        raise CorpusError(path, None, "train", f"{next(iter(parts.values())).name} alone", _NAMING)
    if "dev" in parts:
        return Splits(read_corpus(parts[_TRAIN], format), read_corpus(parts["dev"], format))
    whole = parts.get(_TRAIN, path)
    return _split(whole, read_corpus(whole, format), dev_every)


def has_parts(path: Path) -> bool:
    """Whether the corpus is more than what is learnt from: a folder of which that is a part."""
    return path.is_dir() and bool(_parts(path) or _pools(path, "validate", Counter()))


def rename_slots(corpus: Corpus, mapping: Mapping[str, str]) -> Corpus:
    """
    Give slots the names in the mapping; one named "" is no longer annotated.

    Slots that the mapping does not hold keep their names.
    """
    warnings = Counter(corpus.warnings)
    utterances = []
    for utterance in corpus.utterances:
        spans = []
        for span in read_spans(utterance.tags):
            name = mapping.get(span.name, span.name)
            if name:
                spans.append(Span(name, span.start, span.end))
            else:
                warnings[f"slot {span.name} left out by the mapping"] += 1
        changed = [
            each._replace(
                name=name,
                stand_in=each.stand_in and each.stand_in._replace(name=name),
            )
            for each in utterance.changed
            if (name := mapping.get(each.name, each.name))
        ]
        tags = tuple(write_tags(spans, len(utterance.tokens)))
        utterances.append(replace(utterance, tags=tags, changed=tuple(changed)))
    return Corpus(tuple(utterances), dict(warnings))


def refuse_changed(corpus: Corpus, path: Path, most: float = MOST_CHANGED) -> None:
    """Raise CorpusError where tags cannot spell more than the share `most` of its spans."""
    counted = count_spans(corpus.utterances)
    if counted.share <= most:
        return
    example = next(
        f"{span.name} {span.value!r} in {each.text!r}"
        for each in corpus.utterances
        for span in each.changed
    )
    raise CorpusError(
        path,
        None,
        f"spans of whole tokens, all but {most:.0%}",
        f"{counted} that begin or end within a token, overlap or hold none, such as {example}",
        "; each counts as missed. Move their edges to those of words, keep one of those that "
        "overlap, or give the corpus as tokens with tags. --max-changed-spans takes more",
    )


def overlap(train: Corpus, dev: Corpus) -> int:
    """How many queries of dev are, word for word, in train: their figures flatter."""
    return sum(repeats(train, dev))


def repeats(train: Corpus, dev: Corpus) -> list[bool]:
    """Of each query of dev whether it is, word for word, in train."""
    learnt = {utterance.tokens for utterance in train.utterances}
    return [utterance.tokens in learnt for utterance in dev.utterances]


def _files(path: Path, warnings: Counter[str]) -> list[Path]:
    """What to read at a path: itself, or what the folder holds."""
    if not path.exists():
        raise CorpusError(path, None, "a corpus, a file or a folder", "nothing of that name")
    if not path.is_dir() or parallel.matches(path):
        return [path]
    if pools := _pools(path, _TRAIN, warnings):
        return pools
    entries = _entries(path)
    files = [entry for entry in entries if entry.is_file()]
    if len(files) == 1:
        return files
    if _parts(path):
        names = ", ".join(part.name for part in _parts(path).values())
        raise CorpusError(path, None, "one part of a corpus", f"a folder of parts: name {names}")
    names = ", ".join(entry.name for entry in entries) or "nothing"
    expected = "one corpus file in the folder, or the name of one"
    raise CorpusError(path, None, expected, names, _NAMING)


def _pools(folder: Path, part: str, warnings: Counter[str]) -> list[Path]:
    """SNIPS' files of a part, and none where files of their names are in another format."""
    found: Counter[str] = Counter()
    pools = snips_json.pools(folder, part, found)
    if not pools or format_of(pools[0]) is not FORMATS["snips-json"]:
        return []
    warnings.update(found)
    return pools


def _parts(folder: Path) -> dict[str, Path]:
    """`train` and `dev` where the folder holds them."""
    if _pools(folder, _TRAIN, Counter()):
        return {}
    parts: dict[str, Path] = {}
    for divider in _DIVIDERS:
        for entry in _entries(folder):
            words = set(re.split(divider, entry.name.lower()))
            if _TRAIN in words and words & set(_DEV):
                raise CorpusError(folder, None, "a name of one part", entry.name, _NAMING)
            for part, names in ((_TRAIN, {_TRAIN}), ("dev", set(_DEV))):
                if not names & words:
                    continue
                if part in parts:
                    found = f"{parts[part].name} and {entry.name}"
                    raise CorpusError(folder, None, f"one {part} part", found)
                parts[part] = entry
        if parts:
            break
    return parts


def _entries(folder: Path) -> list[Path]:
    return [
        entry
        for entry in sorted(folder.iterdir())
        if entry.suffix != columns.INTENTS and not entry.name.lower().startswith((".", *_NO_CORPUS))
    ]


def _split(path: Path, corpus: Corpus, every: int) -> Splits:
    by_intent: defaultdict[str | None, list[int]] = defaultdict(list)
    for number, utterance in enumerate(corpus.utterances):
        by_intent[utterance.intent].append(number)
    chosen = {
        number for of_intent in by_intent.values() for number in of_intent[every - 1 :: every]
    }
    rule = f"every {every}th sentence of each intent"
    if not chosen:
        chosen = set(range(len(corpus.utterances))[every - 1 :: every])
        rule = f"every {every}th sentence"
    if not chosen:
        expected = (
            f"a dev part beside it, or at least {every} sentences to set every {every}th aside"
        )
        raise CorpusError(path, None, expected, f"{len(corpus.utterances)} sentences")
    train = [each for number, each in enumerate(corpus.utterances) if number not in chosen]
    dev = [each for number, each in enumerate(corpus.utterances) if number in chosen]
    return Splits(
        Corpus(tuple(train), corpus.warnings),
        Corpus(tuple(dev), {f"set aside as dev: {rule}": len(dev)}),
    )
