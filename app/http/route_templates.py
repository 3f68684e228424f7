"""Who is told of each request once it has ended, and under which route."""

import re
from collections.abc import Callable, Sequence

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute
from starlette.types import Scope

# Gets of a request its scope, route, status, and seconds; in the scope's state are `model` and,
# where it was refused or failed, the `code` of the answer.
RequestObserver = Callable[[Scope, str, int, float], None]
UNKNOWN = "unknown"


class RouteTemplates:
    """The templates of all paths: what callers send as a path is theirs, and without bound."""

    def __init__(self) -> None:
        self._whole: set[str] = set()
        self._patterns: list[tuple[re.Pattern[str], str]] = []

    def read(self, routes: Sequence[BaseRoute]) -> None:
        """Take in what the routes lead to."""
        contexts = iter_route_contexts(routes)
        self._patterns += [
            (route.path_regex, route.path) for route in contexts if route.path and route.path_regex
        ]
        self._whole = {name for _, name in self._patterns}

    def of(self, path: str) -> str:
        """The template of a path within the app, whether or not its method is served."""
        if path in self._whole:
            return path
        return next((name for pattern, name in self._patterns if pattern.match(path)), UNKNOWN)
