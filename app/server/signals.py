"""What signals mean before anything serves; nothing here takes long to import."""

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


class _Kept:
    """A handler that does nothing yet."""

    heard = False

    def __call__(self, *_: object) -> None:
        self.heard = True


def install_startup_handlers() -> None:
    """Handle signals until the server does: stop on SIGINT and SIGTERM, keep SIGHUP for later."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # What serves catches these while it does, and finishes.
        signal.signal(number, lambda *_: sys.exit(0))
    if sighup_means_reload():
        # What it is about may have come when some bundles, or all, had been read.
        signal.signal(signal.SIGHUP, _Kept())


def install_reload_handler(loop: "asyncio.AbstractEventLoop", reload: Callable[[], None]) -> None:
    """Reload on each SIGHUP, and once if one was kept during the start."""
    kept = signal.getsignal(signal.SIGHUP)
    loop.add_signal_handler(signal.SIGHUP, reload)
    if isinstance(kept, _Kept) and kept.heard:
        reload()


def sighup_means_reload() -> bool:
    """Whether SIGHUP asks for a reload; to what runs in a terminal it says that this is closed."""
    return not os.isatty(0)
