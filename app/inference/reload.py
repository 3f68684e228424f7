"""Reloading: models are exchanged while the service runs."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from app.inference.errors import NotReadyError
from app.inference.forms import FormFault
from app.inference.loaded_model import LoadedModel
from app.inference.registry import LoadError, ModelRegistry
from app.tagging.errors import BundleError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Changes:
    """The result of a reload; `unloaded` are the names of models that are gone."""

    loaded: list[LoadedModel]
    unloaded: list[str]
    errors: list[LoadError]
    form_errors: list[FormFault]


class Reloader:
    """
    Opens a new registry, and puts it into `state.registry` in one step.

    A request that has its tagger keeps it. `reopen` is called in a thread of its own; if it raises
    BundleError, the present registry stays. `tell_others` notifies the other workers. A reloader
    belongs to one event loop.
    """

    def __init__(self, state: Any, reopen: Callable[[ModelRegistry], ModelRegistry]) -> None:
        """`state` has the attribute `registry`, which is None while nothing is loaded."""
        self._state = state
        self._reopen = reopen
        self._one_at_a_time = asyncio.Lock()
        # Always the same one: each new thread would keep memory of its own.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reload")
        self._told = False
        self._following: asyncio.Task[None] | None = None
        self.tell_others: Callable[[], None] = lambda: None

    async def reload(self) -> Changes:
        """Load what is new or changed; raises NotReadyError if nothing is loaded yet."""
        async with self._one_at_a_time:
            previous: ModelRegistry | None = self._state.registry
            if previous is None:
                raise NotReadyError
            loop = asyncio.get_running_loop()
            try:
                after = await loop.run_in_executor(self._thread, self._reopen, previous)
            except BundleError as error:
                after = previous.with_error(str(error))
            if self._state.registry is previous:  # and not gone, as the service stops
                self._state.registry = after
        changes = Changes(
            *_difference(previous, after), list(after.load_errors), list(after.forms.faults)
        )
        _log(changes)
        return changes

    def follow(self) -> None:
        """Reload soon, because a signal or another worker asks for it."""
        self._told = True
        if not self.pending:
            self._following = asyncio.ensure_future(self._follow())

    @property
    def pending(self) -> bool:
        """Whether a reload that `follow` began is not over."""
        return self._following is not None and not self._following.done()

    def close(self) -> None:
        """Begin no more reloads."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _follow(self) -> None:
        # Asked again meanwhile, it reloads again: the first reload may have missed later changes.
        while self._told:
            self._told = False
            try:
                await self.reload()
            except Exception:  # nothing else would report it
                logger.exception("keeping the models that were loaded before")


def _difference(
    previous: ModelRegistry, after: ModelRegistry
) -> tuple[list[LoadedModel], list[str]]:
    """The models that are new in `after`, and the names of those that it lacks."""
    known = {entry.name: entry.model for entry in previous.served}
    opened = [
        entry.model for entry in after.served if entry.model is not known.pop(entry.name, None)
    ]
    return opened, sorted(known)


def _log(changes: Changes) -> None:
    for model in changes.loaded:
        manifest = model.manifest
        lists = f", lists {model.lists.version}" if model.lists else ""
        logger.info("opened %s, version %s%s", manifest.name, manifest.version, lists)
    for name in changes.unloaded:
        logger.info("withdrew %s", name)
    for fault in changes.errors:
        logger.error("not reloaded: %s", fault.detail)
