"""What single requests, batches and streams have in common: find the model, tag in turn."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from starlette.datastructures import State
from starlette.types import Receive, Scope

from app.api.queries import BodyLimits, parse_batch, parse_query, read_json
from app.api.responses import render_batch, render_slots
from app.api.schemas import BatchQuery, TextQuery, TokensQuery
from app.http.disconnect import Client, HttpClient
from app.inference.batching import SHORT, Batcher, cost_of
from app.inference.registry import Catalogue, NotReadyError
from app.settings import Settings
from app.tagging.errors import AnswerTooLargeError, TextTooLongError, TooManyTextsError
from app.tagging.tagger import Tagger, Tagging
from app.tagging.tokenizer import words_of

T = TypeVar("T")


class SlotService:
    """Answers what is asked of the taggers; raises SlotFillingError where it cannot."""

    def __init__(self, state: State) -> None:
        """state: the application's; of it the models, which may change, and the queue."""
        settings: Settings = state.settings
        self._state = state
        self._settings = settings
        self._batcher: Batcher = state.batcher
        self._limits = BodyLimits.of(settings)

    async def answer_one(self, scope: Scope, receive: Receive) -> bytes:
        """A SlotsAnswer to the request, in JSON."""
        query = parse_query(await read_json(scope, receive, self._limits))
        tagger = self.tagger(query.model)
        scope["state"]["model"] = tagger.manifest.name
        return await self.tag(query, tagger, HttpClient(receive), render_slots)

    async def answer_batch(self, scope: Scope, receive: Receive) -> bytes:
        """A BatchAnswer to the request, in JSON."""
        query = parse_batch(await read_json(scope, receive, self._limits))
        tagger = self.tagger(query.model)
        scope["state"]["model"] = tagger.manifest.name
        if len(query.texts) > self._settings.max_batch_size:
            raise TooManyTextsError(len(query.texts), self._settings.max_batch_size)
        cost = cost_of(sum(map(len, query.texts)), len(query.texts))
        task = partial(self._tag_batch, query, tagger)
        return await self._batcher.work(cost, task, HttpClient(receive))

    def tagger(self, name: str | None) -> Tagger:
        """The model of a name; raises NotReadyError, UnknownModelError."""
        catalogue: Catalogue | None = self._state.catalogue
        if catalogue is None:
            raise NotReadyError
        return catalogue.tagger(name)

    async def tag(
        self,
        query: Any,
        tagger: Tagger,
        client: Client,
        render: Callable[[Tagging, Any, Tagger], T],
    ) -> T:
        """Tag the sentence of a query in its turn; `render` runs where it was tagged."""
        sentence, strings, size = sentence_of(query)
        limit = self._settings.max_words
        if size <= SHORT:
            check_length(strings, limit)
            tagging = await self._batcher.tag(tagger, sentence, size, client)
            return render(tagging, query, tagger)

        def tag_long() -> T:
            check_length(strings, limit)
            if isinstance(sentence, str):
                [tagging] = tagger.tag_texts([sentence])
            else:
                [tagging] = tagger.tag_tokens([sentence])
            return render(tagging, query, tagger)

        return await self._batcher.work(cost_of(size), tag_long, client)

    def _tag_batch(self, query: BatchQuery, tagger: Tagger) -> bytes:
        for text in query.texts:
            check_length([text], self._settings.max_words)
        if query.detail == "distributions":
            # A hundred kilobytes of words can ask for hundreds of megabytes of these.
            words = sum(len(words_of(text)) for text in query.texts)
            probabilities = words * (1 + len(tagger.slots))
            if probabilities > self._settings.max_probabilities:
                raise AnswerTooLargeError(probabilities, self._settings.max_probabilities)
        return render_batch(tagger.tag_texts(query.texts), query, tagger)


def sentence_of(
    query: TextQuery | TokensQuery,
) -> tuple[str | Sequence[str], Sequence[str], int]:
    """What is to be tagged, the strings that it consists of, and its characters."""
    if isinstance(query, TextQuery):
        return query.text, [query.text], len(query.text)
    return query.tokens, query.tokens, sum(len(token) + 1 for token in query.tokens)


def check_length(strings: Sequence[str], limit: int) -> None:
    """
    Raises TextTooLongError.

    It counts only where there can be too many: nothing has more words than characters.
    """
    if sum(len(string) or 1 for string in strings) > limit:
        count = sum(len(words_of(string)) or 1 for string in strings)
        if count > limit:
            raise TextTooLongError(count, limit)
