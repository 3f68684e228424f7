"""A corpus of booking dialogues, brought in line with the annotation guide of `booking`."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from app.tagging.slots import Span, read_spans, write_tags
from training.corpora.utterances import Corpus

PLACES = frozenset({"destination", "place_of_departure"})
# Dialogues do not annotate these, though their turns are full of them.
UNANNOTATED = ("carrier", "passengers", "seat_class", "time_of_arrival")

_ARTICLE = "the"
_TIMES = frozenset({"time_of_departure", "time_of_return", "time_of_arrival"})
# What stands between a date and a time that are one value.
_JOINING = frozenset({"", "at", "@", ",", ", at", "-"})
_RETURN = re.compile(
    r"\b(?:return\w*|back|home|until|till|through|to|inbound|end\w*|come|coming|round)\b",
    re.IGNORECASE,
)
# An answer of no more words than this besides its values shows no sign of what it answers.
_BARE = 3
_SIGN = re.compile(
    r"\b(?:to|from|in|out|leav\w+|depart\w*|arriv\w+|go\w*|visit\w*|travel\w*)\b", re.IGNORECASE
)


def follow_guide(corpus: Corpus) -> Corpus:
    """
    Apply the guide to slots that bear its names already; what was changed is counted.

    A value loses its leading article; a date and a time with only "at" or a mark between them are
    one value; a date that nothing in the turn ties to returning is of departure; and a turn that is
    a bare place, of which only the question before it told whether it is left or reached, is left
    out.
    """
    warnings = Counter(corpus.warnings)
    utterances = []
    for utterance in corpus.utterances:
        annotated = read_spans(utterance.tags)
        guided = _joined(utterance.tokens, [_trimmed(utterance.tokens, each) for each in annotated])
        spans = list(dict.fromkeys(guided))
        warnings["date and time that are one value"] += len(guided) - len(spans)
        around = _around(utterance.tokens, spans)
        bare = len(around) <= _BARE and not _SIGN.search(" ".join(around))
        if bare and PLACES & {span.name for span in spans}:
            warnings["bare place, left out"] += 1
            continue
        if not _RETURN.search(" ".join(around)):
            warnings["date of return that nothing ties to returning, now of departure"] += sum(
                span.name == "time_of_return" for span in spans
            )
            guided = [
                Span("time_of_departure", span.start, span.end)
                if span.name == "time_of_return"
                else span
                for span in guided
            ]
        tags = tuple(write_tags(list(dict.fromkeys(guided)), len(utterance.tokens)))
        instead = dict(zip(annotated, guided, strict=True))
        changed = [
            each._replace(stand_in=each.stand_in and instead[each.stand_in])
            for each in utterance.changed
        ]
        utterances.append(
            replace(
                utterance,
                tags=tags,
                intent=None,
                unannotated=UNANNOTATED,
                changed=tuple(changed),
            )
        )
    return Corpus(tuple(utterances), dict(+warnings))


def _trimmed(tokens: Sequence[str], span: Span) -> Span:
    article = span.end - span.start > 1 and tokens[span.start].lower() == _ARTICLE
    return Span(span.name, span.start + article, span.end)


def _joined(tokens: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans, in their order, each as the whole of which it is a part."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        before = found[-1] if found else None
        between = " ".join(tokens[before.end : span.start]).lower() if before else ""
        if before and span.name == before.name and span.name in _TIMES and between in _JOINING:
            found[-1] = before._replace(end=span.end)
        else:
            found.append(span)
    return [next(one for one in found if one.start <= span.start < one.end) for span in spans]


def _around(tokens: Sequence[str], spans: Sequence[Span]) -> list[str]:
    """The words that belong to no value."""
    inside = {at for span in spans for at in range(span.start, span.end)}
    return [token for at, token in enumerate(tokens) if at not in inside and token.isalnum()]
