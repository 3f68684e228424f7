"""What single requests, batches and streams share: find the model, then tag in turn."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from app.inference.batching import SHORT, Batcher, Client, cost_of
from app.inference.errors import NotReadyError
from app.inference.forms import Forms
from app.inference.loaded_model import LoadedModel
from app.inference.registry import ModelRegistry
from app.settings import Settings
from app.tagging.errors import AnswerTooLargeError, TextTooLongError, TooManyTextsError
from app.tagging.tagger import TaggedSentence, Tagger
from app.tagging.tokenizer import words_of

T = TypeVar("T")
# A text as it was typed, or the words of a sentence.
Sentence = str | Sequence[str]


class SlotService:
    """Tags texts in their turn; raises SlotFillingError if it cannot."""

    def __init__(
        self, settings: Settings, batcher: Batcher, registry: Callable[[], ModelRegistry | None]
    ) -> None:
        """`registry` returns the models in service, None if they are not loaded yet."""
        self._settings = settings
        self._batcher = batcher
        self._registry = registry

    def model(self, name: str | None) -> LoadedModel:
        """The model of a name; raises NotReadyError, UnknownModelError."""
        registry = self._registry()
        if registry is None:
            raise NotReadyError
        return registry.model(name)

    def forms(self) -> Forms:
        """The forms in service; raises NotReadyError."""
        registry = self._registry()
        if registry is None:
            raise NotReadyError
        return registry.forms

    async def tag(
        self,
        tagger: Tagger,
        sentence: Sentence,
        client: Client,
        finish: Callable[[TaggedSentence], T],
    ) -> T:
        """
        Tag a sentence, and return what `finish` makes of the result.

        `finish` runs where the sentence was tagged. Raises what Batcher.tag raises,
        TextTooLongError.
        """
        strings = [sentence] if isinstance(sentence, str) else sentence
        size = len(sentence) if isinstance(sentence, str) else _characters(sentence)
        limit = self._settings.max_words
        if size <= SHORT:
            check_length(strings, limit)
            return finish(await self._batcher.tag(tagger, sentence, size, client))

        def tag_long() -> T:
            check_length(strings, limit)
            if isinstance(sentence, str):
                [tagging] = tagger.tag_texts([sentence])
            else:
                [tagging] = tagger.tag_tokens([sentence])
            return finish(tagging)

        return await self._batcher.work(cost_of(size), tag_long, client)

    async def tag_together(
        self, tagger: Tagger, text: str, helpers: Sequence[str], client: Client
    ) -> list[TaggedSentence | None]:
        """
        Tag a short text and others that help to read it, in one batch.

        The result for a helper with too many words is None. Raises what `tag` raises.
        """
        limit = self._settings.max_words
        check_length([text], limit)
        texts = [text, *(helper for helper in helpers if not is_too_long([helper], limit))]
        sentences = [(sentence, len(sentence)) for sentence in texts]
        tagged = await self._batcher.tag_together(tagger, sentences, client)
        taggings = dict(zip(texts, tagged, strict=True))
        return [taggings.get(sentence) for sentence in (text, *helpers)]

    async def tag_batch(
        self,
        tagger: Tagger,
        texts: Sequence[str],
        client: Client,
        finish: Callable[[Sequence[TaggedSentence]], T],
        *,
        distributions: bool = False,
    ) -> T:
        """
        Tag texts, and return what `finish` makes of the results.

        `distributions` tells whether the answer has the probabilities of all slots, which are
        limited. Raises what `tag` raises, TooManyTextsError, AnswerTooLargeError.
        """
        settings = self._settings
        if len(texts) > settings.max_batch_size:
            raise TooManyTextsError(len(texts), settings.max_batch_size)

        def tag_all() -> T:
            for text in texts:
                check_length([text], settings.max_words)
            if distributions:
                # A hundred kilobytes of words can ask for hundreds of megabytes of these.
                words = sum(len(words_of(text)) for text in texts)
                probabilities = words * (1 + len(tagger.slots))
                if probabilities > settings.max_probabilities:
                    raise AnswerTooLargeError(probabilities, settings.max_probabilities)
            return finish(tagger.tag_texts(texts))

        cost = cost_of(sum(map(len, texts)), len(texts))
        return await self._batcher.work(cost, tag_all, client)


def check_length(strings: Sequence[str], limit: int) -> None:
    """
    Raise TextTooLongError if the strings have more than `limit` words in all.

    Words are counted only if there are more characters than that.
    """
    if sum(len(string) or 1 for string in strings) > limit:
        count = sum(len(words_of(string)) or 1 for string in strings)
        if count > limit:
            raise TextTooLongError(count, limit)


def is_too_long(strings: Sequence[str], limit: int) -> bool:
    """Whether `check_length` raises."""
    try:
        check_length(strings, limit)
    except TextTooLongError:
        return True
    return False


def _characters(tokens: Sequence[str]) -> int:
    return sum(len(token) + 1 for token in tokens)
