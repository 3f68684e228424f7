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

from training.corpora.sentences import IGNORED
from training.fitting.batches import Batch

# The logarithm of no probability, finite so that gradients are numbers.
_NEVER = -1e4

# (batch, words, tags), (batch,) → (batch,)
LogPartition = Callable[[Tensor, Tensor], Tensor]


def batch_loss(network: nn.Module, batch: Batch, intent_weight: float, *, is_crf: bool) -> Tensor:
    """
    The loss a word, and that of the sentence's intent beside it.

    `is_crf` is whether only the sequences of tags count that BIO allows, and not all.
    """
    log_partition = log_partition_bio if is_crf else log_partition_free
    tag_scores, intent_scores = network(batch.words, batch.trigrams, batch.lengths)
    loss = log_partition(tag_scores, batch.lengths) - _gold_score(tag_scores, batch, log_partition)
    of_intents = torch.zeros(())
    if intent_scores is not None and bool((batch.intents != IGNORED).any()):
        of_intents = cross_entropy(intent_scores, batch.intents, ignore_index=IGNORED)
    return loss.sum() / batch.lengths.sum() + intent_weight * of_intents


def log_partition_free(scores: Tensor, lengths: Tensor) -> Tensor:
    """
    Add up exp(score) of every sequence of tags, and take the logarithm.

    scores: (batch, words, tags), padded, lengths: (batch,); result: (batch,).
    """
    is_word = torch.arange(scores.shape[1]) < lengths.unsqueeze(1)
    return (scores.logsumexp(dim=2) * is_word).sum(dim=1)


def log_partition_bio(scores: Tensor, lengths: Tensor) -> Tensor:
    """As log_partition_free, of the sequences in which an I- follows a B- or I- of its slot."""
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


def _gold_score(scores: Tensor, batch: Batch, log_partition: LogPartition) -> Tensor:
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
    return log_partition(scores.masked_fill(~agrees, _NEVER), batch.lengths)
