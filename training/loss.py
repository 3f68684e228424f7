"""What a network is to make small."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from training.batches import IGNORED, Batch
from training.networks import Scores


def batch_loss(
    read: Callable[[Tensor, Tensor, Tensor], list[Scores]],
    batch: Batch,
    intent_weight: float,
    label_smoothing: float,
    teachers: nn.Module | None = None,
    teaching: float = 0.0,
    agreement: float = 0.0,
) -> Tensor:
    """
    Cross-entropy a word, and a sentence's intent beside it, of what `read` makes of the batch.

    Of several readers it is the mean of theirs, as if each were alone.

    With teachers, that to what they think probable of the same sentences counts `teaching`, and
    that to the corpus the rest (Hinton, Vinyals & Dean, 2015).

    With `agreement`, that times the cross-entropy a word to the mean of all readings is added. A
    single reader reads the batch twice then, each time with another part of it left out, near to
    R-Drop (Liang et al., 2021), whose readings are held against each other.
    """
    inputs = batch.words, batch.trigrams, batch.lengths
    readings = read(*inputs)
    if agreement and len(readings) == 1:
        readings += read(*inputs)
    taught = None
    if teachers is not None:
        with torch.no_grad():
            taught = teachers(*inputs)
    losses = [
        _loss(scores, batch, intent_weight, label_smoothing, taught, teaching)
        for scores in readings
    ]
    loss = torch.stack(losses).mean()
    if agreement:
        annotated = batch.tags != IGNORED
        of_words = torch.stack([tag_scores[annotated] for tag_scores, _ in readings])
        mean = of_words.detach().softmax(dim=-1).mean(dim=0)
        apart = [cross_entropy(scores, mean) for scores in of_words]
        loss = loss + agreement * torch.stack(apart).mean()
    return loss


def _loss(
    scores: Scores,
    batch: Batch,
    intent_weight: float,
    label_smoothing: float,
    taught: tuple[Tensor, Tensor] | None,
    teaching: float,
) -> Tensor:
    """Of one reading; `taught` are the teachers' scores."""
    tag_scores, intent_scores = scores
    truth = _with_hidden(tag_scores, batch) if bool(batch.hidden.any()) else tag_scores
    of_tags = cross_entropy(
        truth.flatten(0, 1),
        batch.tags.flatten(),
        ignore_index=IGNORED,
        label_smoothing=label_smoothing,
    )
    of_intents = torch.zeros(())
    if intent_scores is not None and bool((batch.intents != IGNORED).any()):
        of_intents = cross_entropy(intent_scores, batch.intents, ignore_index=IGNORED)
    if taught is not None:
        taught_tags, taught_intents = taught
        annotated = batch.tags != IGNORED  # what is padding, too, has no tag
        of_teachers = cross_entropy(tag_scores[annotated], taught_tags[annotated].softmax(dim=-1))
        of_tags = (1 - teaching) * of_tags + teaching * of_teachers
        if intent_scores is not None:
            of_teachers = cross_entropy(intent_scores, taught_intents.softmax(dim=-1))
            of_intents = (1 - teaching) * of_intents + teaching * of_teachers
    return of_tags + intent_weight * of_intents


def _with_hidden(tag_scores: Tensor, batch: Batch) -> Tensor:
    """
    Add to O's share what it may hide, so that the loss asks for any of them.

    The likelihood of a partial annotation is the sum over all that agree with it (Tsuboi et
    al., 2008).
    """
    hideable = batch.hidden.unsqueeze(1).expand_as(tag_scores).clone()  # (batch, words, tags)
    hideable[..., 0] = True
    any_of = tag_scores.masked_fill(~hideable, -torch.inf).logsumexp(dim=-1)
    is_outside = batch.tags == 0
    moved = tag_scores.masked_fill(hideable & is_outside.unsqueeze(2), -torch.inf)
    moved[..., 0] = torch.where(is_outside, any_of, tag_scores[..., 0])
    return moved
