"""
The one renderer of answers: a tagging → JSON, as bytes.

What is sent is written as it is, and not made of the models that document it: those would check
it all once more. Tests hold it to the document.
"""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from app.api.schemas import BatchQuery, TextQuery, TokensQuery
from app.tagging.offsets import positions
from app.tagging.stability import rules_of, whole_words
from app.tagging.tagger import Tagger, Tagging


def render_slots(tagging: Tagging, query: TextQuery | TokensQuery, tagger: Tagger) -> bytes:
    """A SlotsAnswer."""
    return to_json(_slots_answer(tagging, query, tagger))


def render_batch(taggings: Sequence[Tagging], query: BatchQuery, tagger: Tagger) -> bytes:
    """A BatchAnswer."""
    answers = [
        _text_answer(tagging, positions(text, query.offset_unit), query, tagger.slots)
        for text, tagging in zip(query.texts, taggings, strict=True)
    ]
    return to_json(_model_reference(tagger) | {"answers": answers})


def render_partial(tagging: Tagging, query: TextQuery, tagger: Tagger) -> bytes:
    """The answer to a text of a stream that goes on: its slots, and which of them are stable."""
    rules, words = rules_of(tagger.manifest.metrics), whole_words(query.text, tagging.tokens)
    everything = query.model_copy(update={"min_confidence": 0.0, "detail": "slots"})
    answer = _slots_answer(tagging, everything, tagger)
    slots = [
        written | {"stable": rules.settle(slot, words)}
        for written, slot in zip(answer["slots"], tagging.slots, strict=True)
        if slot.confidence >= query.min_confidence
    ]
    return to_json({"text": query.text, "final": False, "model": answer["model"], "slots": slots})


def render_final(tagging: Tagging, query: TextQuery, tagger: Tagger) -> bytes:
    """The answer to a text of a stream that is complete."""
    return to_json({"text": query.text, "final": True} | _slots_answer(tagging, query, tagger))


def _slots_answer(
    tagging: Tagging, query: TextQuery | TokensQuery, tagger: Tagger
) -> dict[str, Any]:
    if isinstance(query, TextQuery):
        places = positions(query.text, query.offset_unit)
    else:
        places = range(len(query.tokens) + 1)
    return _model_reference(tagger) | _text_answer(tagging, places, query, tagger.slots)


def _text_answer(
    tagging: Tagging,
    places: Sequence[int],
    query: TextQuery | TokensQuery | BatchQuery,
    names: Sequence[str],
) -> dict[str, Any]:
    """A TextAnswer; places: where each code point or token is for the caller."""
    answer: dict[str, Any] = {
        "slots": [
            {
                "name": slot.name,
                "value": slot.value,
                "start": places[slot.start],
                "end": places[slot.end],
                "confidence": slot.confidence,
            }
            for slot in tagging.slots
            if slot.confidence >= query.min_confidence
        ]
    }
    if tagging.intents:
        ranking = [{"name": name, "confidence": confidence} for name, confidence in tagging.intents]
        answer["intent"] = ranking[0] | {"ranking": ranking}
    if query.detail == "slots":
        return answer
    answer["tokens"] = tokens = [
        {
            "text": token.text,
            "start": places[token.start],
            "end": places[token.end],
            "tag": tag,
            "confidence": confidence,
        }
        for token, tag, confidence in zip(
            tagging.tokens, tagging.tags, tagging.confidences, strict=True
        )
    ]
    if query.detail == "distributions":
        for token, row in zip(tokens, tagging.distributions.tolist(), strict=True):
            token["distribution"] = dict(zip(("O", *names), row, strict=True))
    return answer


def _model_reference(tagger: Tagger) -> dict[str, Any]:
    return {"model": {"name": tagger.manifest.name, "version": tagger.manifest.version}}
