"""
What a network is to make small: how improbable it thinks what the corpus says.

A sentence's tags are one sequence, whose share of the probability of all sequences counts: of those
that BIO allows, which are all that the decoder chooses from (Lafferty et al., Conditional Random
Fields, 2001, with no other weights of transitions than allowed or not). So the network need not
learn what the decoder knows already. Or, where that is asked for, of all that can be written, and
then each word is on its own: cross-entropy a word, as networks without such a decoder learn.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad

from training.fitting.batches import IGNORED, Batch

# The logarithm of no probability, finite so that gradients are numbers.
_NEVER = -1e4

# (batch, words, tags), (batch,) → (batch,)
LogMass = Callable[[Tensor, Tensor], Tensor]


def batch_loss(
    network: nn.Module,
    batch: Batch,
    intent_weight: float,
    by_word: bool,
    teachers: nn.Module | None = None,
    teaching: float = 0.0,
) -> Tensor:
    """
    The loss a word, and that of the sentence's intent beside it.

    `by_word` is whether all sequences of tags count, and not those alone that BIO allows.
    With teachers, the cross-entropy to what they think probable of the same sentences counts
    `teaching`, and that to the corpus the rest (Hinton, Vinyals & Dean, 2015).
    """
    log_mass = log_mass_of_all if by_word else log_mass_of_allowed
    inputs = batch.words, batch.trigrams, batch.lengths
    tag_scores, intent_scores = network(*inputs)
    every = log_mass(tag_scores, batch.lengths)
    loss = every - _log_mass_of_truth(tag_scores, batch, log_mass)
    of_intents = torch.zeros(())
    if intent_scores is not None and bool((batch.intents != IGNORED).any()):
        of_intents = cross_entropy(intent_scores, batch.intents, ignore_index=IGNORED)
    if teachers is not None:
        with torch.no_grad():
            taught_tags, taught_intents = teachers(*inputs)
        probable = _probabilities(taught_tags, batch.lengths, log_mass)
        # Of a chain's sequences the mean score is that of its words' tags.
        taught = every - (probable * tag_scores).sum(dim=(1, 2))
        loss = (1 - teaching) * loss + teaching * taught
        if intent_scores is not None:
            taught = cross_entropy(intent_scores, taught_intents.softmax(dim=-1))
            of_intents = (1 - teaching) * of_intents + teaching * taught
    return loss.sum() / batch.lengths.sum() + intent_weight * of_intents


def log_mass_of_all(scores: Tensor, lengths: Tensor) -> Tensor:
    """
    Add up exp(score) of every sequence of tags, and take the logarithm.

    scores: (batch, words, tags), padded, lengths: (batch,); result: (batch,).
    """
    is_word = torch.arange(scores.shape[1]) < lengths.unsqueeze(1)
    return (scores.logsumexp(dim=2) * is_word).sum(dim=1)


def log_mass_of_allowed(scores: Tensor, lengths: Tensor) -> Tensor:
    """As log_mass_of_all, of the sequences in which an I- follows a B- or I- of its slot."""
    # Of each word: it begins a slot, or is outside; it goes on with one. (words, batch, 1 + slots)
    begun = torch.cat((scores[..., :1], scores[..., 1::2]), dim=2).unbind(dim=1)
    inside = pad(scores[..., 2::2], (1, 0), value=_NEVER).unbind(dim=1)
    shortest = int(lengths.min())
    ended = begun[0]  # of the sequences up to a word those that end outside, or in each slot
    for word in range(1, len(begun)):
        whole = ended.logsumexp(dim=1, keepdim=True)
        longer = torch.logaddexp(whole + begun[word], ended + inside[word])
        if word >= shortest:
            longer = torch.where((word < lengths).unsqueeze(1), longer, ended)
        ended = longer
    return ended.logsumexp(dim=1)


def _log_mass_of_truth(scores: Tensor, batch: Batch, log_mass: LogMass) -> Tensor:
    """
    The same of the sequences that agree with the corpus: one, unless an O may hide something.

    The likelihood of a partial annotation is the sum over all that agree with it (Tsuboi et
    al., 2008).
    """
    tags = batch.tags.clamp(min=0).unsqueeze(2)  # padding counts for nothing
    if not bool(batch.hidden.any()):
        own = scores.gather(2, tags).squeeze(2)
        return (own * (batch.tags != IGNORED)).sum(dim=1)
    is_outside = (batch.tags == 0).unsqueeze(2)
    agrees = (batch.hidden.unsqueeze(1) & is_outside).scatter(2, tags, value=True)
    return log_mass(scores.masked_fill(~agrees, _NEVER), batch.lengths)


def _probabilities(scores: Tensor, lengths: Tensor, log_mass: LogMass) -> Tensor:
    """Of each word those of its tags, none at the padding: the gradient of the mass's logarithm."""
    scores = scores.detach().requires_grad_()
    with torch.enable_grad():
        mass = log_mass(scores, lengths).sum()
    (found,) = torch.autograd.grad(mass, scores)
    return found
