"""The whole network: embedding → encoder → tag scores."""

from collections.abc import Sequence
from functools import reduce
from operator import add

import torch
from torch import Tensor, fx, nn
from torch.nn import functional

PADDING = 0
UNKNOWN = 1

# Share of the words that training reads as unknown whose trigrams are unknown too.
WITHOUT_TRIGRAMS = 0.2


class Embedding(nn.Module):
    """
    What is known of a word: its own vector, the sum of its trigrams', a static one.

    They stand side by side or are added, the static one times a matrix that brings it to the
    others' size: a layer that reads less costs less when it serves.
    A vector for each of N words is a matrix times the word as 1-of-N, of which UNKNOWN is a
    dimension like any. Padding is zeros throughout.
    """

    def __init__(
        self,
        words: nn.Embedding | None,
        trigrams: nn.Embedding | None,
        vectors: "StaticVectors | None" = None,
        word_dropout: float = 0.0,
        vector_dropout: float = 0.0,
        trigram_dropout: float = 0.0,
        letter_trigrams: int = 0,
        *,
        added: bool = False,
    ) -> None:
        """
        `word_dropout` is the share of words that training reads as unknown.

        Of those a share `vector_dropout` loses its static vector too, and some their trigrams: so
        the network learns what to make of words that it knows less and less of. By letter
        trigrams, the first `letter_trigrams` of all, it would learn values by heart: where it has
        more of a word, it reads a share `trigram_dropout` of all words without them, and with
        static vectors every known word, whose features have none either when it serves.
        """
        super().__init__()
        self.word_dropout = word_dropout
        self.vector_dropout = vector_dropout
        self.trigram_dropout = trigram_dropout
        self.letter_trigrams = letter_trigrams
        self.words = words
        self.trigrams = trigrams
        self.vectors = vectors
        self.added = added
        widths = [part.embedding_dim for part in (words, trigrams, vectors) if part is not None]
        self.width = widths[0] if added else sum(widths)
        self.projection = (
            nn.Linear(vectors.embedding_dim, self.width, bias=False) if added and vectors else None
        )

    def forward(self, words: Tensor, trigrams: Tensor) -> Tensor:
        """words: (batch, words), trigrams: (batch, words, trigrams); (batch, words, width)."""
        parts = []
        trained = words
        if self.training and self.word_dropout:
            trained, words, trigrams = self._less_known(words, trigrams)
        if self.training and self.letter_trigrams and self.words is not None:
            trigrams = self._less_spelled(words, trigrams)
        if self.words is not None:
            if self.vectors is not None:
                trained = torch.where(trained < self.words.num_embeddings, trained, UNKNOWN)
            parts.append(self.words(trained))
        if self.trigrams is not None:
            parts.append(self.trigrams(trigrams).sum(dim=2))
        if self.vectors is not None:
            static = self.vectors(words)
            parts.append(static if self.projection is None else self.projection(static))
        return reduce(add, parts) if self.added else torch.cat(parts, dim=-1)

    def _less_known(self, words: Tensor, trigrams: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The words to the trained vectors and to the static ones, and the trigrams."""
        fate = torch.rand(words.shape, device=words.device) / self.word_dropout
        fate = fate.masked_fill(words == PADDING, 1.0)  # a share of what is dropped is below 1
        trained = torch.where(fate < 1.0, UNKNOWN, words)
        static = torch.where(fate < self.vector_dropout, UNKNOWN, words)
        return trained, static, _unknown_where((fate < WITHOUT_TRIGRAMS).unsqueeze(2), trigrams)

    def _less_spelled(self, words: Tensor, trigrams: Tensor) -> Tensor:
        """The trigrams, without those of letters where words are known or trigrams dropped."""
        of_letters = (trigrams != PADDING) & (trigrams <= UNKNOWN + self.letter_trigrams)
        if self.vectors is not None:
            return trigrams.masked_fill((words != UNKNOWN).unsqueeze(2) & of_letters, PADDING)
        lost = torch.rand(words.shape, device=words.device) < self.trigram_dropout
        return _unknown_where(lost.unsqueeze(2) & of_letters, trigrams)


def _unknown_where(lost: Tensor, trigrams: Tensor) -> Tensor:
    """lost: (batch, words, trigrams or 1); trigrams: (batch, words, trigrams), and the result."""
    unknown = torch.zeros_like(trigrams)
    unknown[..., :1] = UNKNOWN
    return torch.where(lost, unknown, trigrams)


class StaticVectors(nn.Module):
    """Frozen vectors of more words than are trained, kept in bytes with a scale for each word."""

    codes: Tensor
    scales: Tensor

    def __init__(self, vectors: Tensor) -> None:
        """vectors: (words, size); the row of the padding counts as zeros."""
        super().__init__()
        self.embedding_dim = vectors.shape[1]
        largest = vectors.abs().amax(dim=1, keepdim=True)
        scales = largest.clamp(min=torch.finfo(torch.float32).tiny) / 127
        codes = (vectors / scales).round().to(torch.int8)
        codes[PADDING] = 0
        self.register_buffer("codes", codes)
        self.register_buffer("scales", scales)

    def forward(self, words: Tensor) -> Tensor:
        """words: (batch, words); result: (batch, words, size)."""
        codes = functional.embedding(words, self.codes)
        return codes.float() * functional.embedding(words, self.scales)


class SumOfAnswers(nn.Module):
    """
    The output layer of a Jordan network: what each direction answers, added up.

    As for any network it is one matrix times both hidden layers; but here each direction owns
    its half and hears what that half says. In a stack so do the cells of the top layer; a cell
    below hears an answer that is its own affair, and learns to say what helps the layers above.
    """

    def __init__(self, answers: Sequence[nn.Linear]) -> None:
        super().__init__()
        self.answers = nn.ModuleList(answers)

    def forward(self, states: Tensor) -> Tensor:
        """states: (…, directions * hidden); result: (…, tags)."""
        halves = states.chunk(len(self.answers), dim=-1)
        scores: Tensor = reduce(add, [V(halves[at]) for at, V in enumerate(self.answers)])
        return scores


@fx.wrap  # graph.py has better for it than its nodes
def without_padding(states: Tensor, lengths: Tensor) -> Tensor:
    """states: (batch, words, width); result: the same, zeros past each sentence's end."""
    numbers = torch.arange(states.shape[1], device=states.device)
    return states * (numbers < lengths.unsqueeze(1)).unsqueeze(2).float()


class SlotNetwork(nn.Module):
    """
    Scores for every tag of every word and, where asked for, for every intent of the sentence.

    A sentence scores the same alone as beside longer ones. What scores are divided by is 1 while
    weights are learnt; it changes no answer, only how sure of it the network says it is.
    """

    def __init__(
        self,
        embedding: Embedding,
        encoder: nn.Module,
        output: nn.Module,
        intent_output: nn.Module | None = None,
        dropout: float = 0.0,
    ) -> None:
        """`intent_output` reads the words' states twice, their mean beside their maximum."""
        super().__init__()
        self.embedding = embedding
        self.encoder = encoder
        self.output = output
        self.intent_output = intent_output
        self.dropout = nn.Dropout(dropout)
        self.temperature = 1.0
        self.intent_temperature = 1.0

    @torch.no_grad()
    def raise_outside(self, bias: float) -> None:
        """
        Add to the scores of the first tag, that of words without a slot.

        A Jordan network, which hears its own answers, cannot have that.
        """
        assert isinstance(self.output, nn.Linear), "the scores are a matrix's and a bias's"
        self.output.bias[0] += bias

    def forward(
        self, words: Tensor, trigrams: Tensor, lengths: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """
        Take padded sentences, PADDING where there is nothing, and their true lengths.

        words: (batch, words), trigrams: (batch, words, trigrams), lengths: (batch,);
        tag scores: (batch, words, tags), intent scores: (batch, intents).
        """
        x = self.dropout(self.embedding(words, trigrams))
        # (batch, words, width)
        states = self.dropout(without_padding(self.encoder(x, lengths), lengths))
        tag_scores = self.output(states) / self.temperature
        if self.intent_output is None:
            return tag_scores, None
        mean = states.sum(dim=1) / lengths.unsqueeze(1).float().clamp(min=1.0)
        # Padding is zeros now, so that beside a longer sentence no maximum is below zero.
        maximum = states.amax(dim=1).clamp(min=0.0)
        intent_scores = self.intent_output(torch.cat((mean, maximum), dim=-1))
        return tag_scores, intent_scores / self.intent_temperature
