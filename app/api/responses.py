"""
The one renderer of answers: a tagging → JSON, as bytes.

What is sent is written as it is, and not made of the models that document it: those would check
it all once more. Tests hold it to the document.
"""

import re
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from app.api.schemas import BatchQuery, Reference, TextQuery, TokensQuery
from app.inference.loaded_model import LoadedModel
from app.tagging.offsets import positions
from app.tagging.slots import Slot
from app.tagging.stability import rules_of, whole_words
from app.tagging.tagger import TaggedSentence
from app.values import Context, Resolution

_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uff65]")


def render_slots(
    tagging: TaggedSentence, query: TextQuery | TokensQuery, model: LoadedModel
) -> bytes:
    """A SlotsAnswer."""
    return to_json(_slots_answer(tagging, query, model))


def render_batch(
    taggings: Sequence[TaggedSentence], query: BatchQuery, model: LoadedModel
) -> bytes:
    """A BatchAnswer."""
    reference = query.resolve.reference if query.resolve else None
    context = reference.context if reference else None
    answers = [
        _text_answer(tagging, text, positions(text, query.offset_unit), query, model, context)
        for text, tagging in zip(query.texts, taggings, strict=True)
    ]
    return to_json(answer_head(model, reference) | {"answers": answers})


def render_partial(tagging: TaggedSentence, query: TextQuery, model: LoadedModel) -> bytes:
    """The answer to a text of a stream that goes on: its slots, and which of them are stable."""
    rules, words = rules_of(model.manifest.metrics), whole_words(query.text, tagging.tokens)
    # What is still being said is not resolved: "next Friday" may become "next Friday after 5 pm".
    without_options = {"min_confidence": 0.0, "detail": "slots", "resolve": None}
    answer = _slots_answer(tagging, query.model_copy(update=without_options), model)
    slots = [
        written | {"stable": rules.settle(slot, words)}
        for written, slot in zip(answer["slots"], tagging.slots, strict=True)
        if slot.confidence >= query.min_confidence
    ]
    return to_json({"text": query.text, "final": False, "model": answer["model"], "slots": slots})


def render_final(tagging: TaggedSentence, query: TextQuery, model: LoadedModel) -> bytes:
    """The answer to a text of a stream that is complete."""
    return to_json({"text": query.text, "final": True} | _slots_answer(tagging, query, model))


def _slots_answer(
    tagging: TaggedSentence, query: TextQuery | TokensQuery, model: LoadedModel
) -> dict[str, Any]:
    reference = query.resolve.reference if query.resolve else None
    context = reference.context if reference else None
    sentence: str | Sequence[str]
    if isinstance(query, TextQuery):
        sentence, places = query.text, positions(query.text, query.offset_unit)
    else:
        sentence, places = query.tokens, range(len(query.tokens) + 1)
    head = answer_head(model, reference)
    return head | _text_answer(tagging, sentence, places, query, model, context)


def _text_answer(
    tagging: TaggedSentence,
    sentence: str | Sequence[str],
    places: Sequence[int],
    query: TextQuery | TokensQuery | BatchQuery,
    model: LoadedModel,
    context: Context | None,
) -> dict[str, Any]:
    """A TextAnswer; places: where each code point or token is for the caller."""
    shown = [slot for slot in tagging.slots if slot.confidence >= query.min_confidence]
    slots: list[dict[str, Any]] = [
        {
            "name": slot.name,
            "value": slot.value,
            "start": places[slot.start],
            "end": places[slot.end],
            "confidence": slot.confidence,
        }
        for slot in shown
    ]
    if context is not None:
        for written, value in zip(slots, _values(sentence, shown, model, context), strict=True):
            if value is not None:
                written["resolution"] = value
    answer: dict[str, Any] = {"slots": slots}
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
        names = ("O", *model.tagger.slots)
        for token, row in zip(tokens, tagging.distributions.tolist(), strict=True):
            token["distribution"] = dict(zip(names, row, strict=True))
    return answer


def _values(
    sentence: str | Sequence[str], slots: Sequence[Slot], model: LoadedModel, context: Context
) -> list[Resolution | None]:
    """The values of slots of a text, or of tokens, which are read as the text that they make."""
    if isinstance(sentence, str):
        return model.resolve(sentence, slots, context)
    text, starts = _joined(sentence)
    spans = []
    for slot in slots:
        last = slot.end - 1
        end = starts[last] + len(sentence[last])
        spans.append(slot._replace(start=starts[slot.start], end=end))
    return model.resolve(text, spans, context)


def _joined(tokens: Sequence[str]) -> tuple[str, list[int]]:
    """The text that tokens make, and where in it each begins; Chinese has no blanks in between."""
    parts: list[str] = []
    starts: list[int] = []
    size, before = 0, ""
    for token in tokens:
        if before and not _CHINESE.match(before[-1]) and not _CHINESE.match(token):
            parts.append(" ")
            size += 1
        starts.append(size)
        parts.append(token)
        size += len(token)
        before = token or before
    return "".join(parts), starts


def answer_head(model: LoadedModel, reference: Reference | None) -> dict[str, Any]:
    """What answered, and what values were resolved against."""
    manifest = model.manifest
    head: dict[str, Any] = {"model": {"name": manifest.name, "version": manifest.version}}
    if model.lists is not None:
        head["model"]["lists"] = model.lists.version
    if reference is not None:
        head["resolved"] = reference.resolved
    return head
