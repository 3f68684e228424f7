"""
The loss: the negative logarithm of the probability that a network gives to the annotation.

The tags of a sentence are one sequence. Its probability is its share among all sequences that BIO
allows, which are those that the decoder chooses from (Lafferty et al., Conditional Random Fields,
2001, with transitions that are only allowed or not). So the network need not learn what the decoder
knows. Or its share is among all sequences; then each word counts for itself, which is cross-entropy
per word, as for networks without such a decoder.
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
    The loss per word, plus the weighted loss of the intents.

    `is_crf` tells that only sequences count that BIO allows.
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
    The logarithm of the sum of exp(score) over every sequence of tags.

    scores: (batch, words, tags), padded. lengths: (batch,). Result: (batch,).
    """
    is_word = torch.arange(scores.shape[1]) < lengths.unsqueeze(1)
    return (scores.logsumexp(dim=2) * is_word).sum(dim=1)


def log_partition_bio(scores: Tensor, lengths: Tensor) -> Tensor:
    """As log_partition_free, for sequences in which each I- follows a B- or I- of its slot."""
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
    As the log partition, for the sequences that agree with the corpus.

    That is one sequence, unless an O may hide something. The likelihood of a partial annotation is
    the sum over all sequences that agree with it (Tsuboi et al., 2008).
    """
    tags = batch.tags.clamp(min=0).unsqueeze(2)  # padding counts for nothing
    if not bool(batch.hidden.any()):
        scores_of_tags = scores.gather(2, tags).squeeze(2)
        return (scores_of_tags * (batch.tags != IGNORED)).sum(dim=1)
    is_outside = (batch.tags == 0).unsqueeze(2)
    agrees = (batch.hidden.unsqueeze(1) & is_outside).scatter(2, tags, value=True)
    return log_partition(scores.masked_fill(~agrees, _NEVER), batch.lengths)
