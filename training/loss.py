"""What a network is to make small."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from training.batches import IGNORED, Batch


def batch_loss(
    network: nn.Module,
    batch: Batch,
    intent_weight: float,
    label_smoothing: float,
    teachers: nn.Module | None = None,
    teaching: float = 0.0,
) -> Tensor:
    """
    Cross-entropy a word, and a sentence's intent beside it.

    With teachers, that to what they think probable of the same sentences counts `teaching`, and
    that to the corpus the rest (Hinton, Vinyals & Dean, 2015).
    """
    inputs = batch.words, batch.trigrams, batch.lengths
    tag_scores, intent_scores = network(*inputs)
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
    if teachers is not None:
        with torch.no_grad():
            taught_tags, taught_intents = teachers(*inputs)
        annotated = batch.tags != IGNORED  # what is padding, too, has no tag
        taught = cross_entropy(tag_scores[annotated], taught_tags[annotated].softmax(dim=-1))
        of_tags = (1 - teaching) * of_tags + teaching * taught
        if intent_scores is not None:
            taught = cross_entropy(intent_scores, taught_intents.softmax(dim=-1))
            of_intents = (1 - teaching) * of_intents + teaching * taught
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
