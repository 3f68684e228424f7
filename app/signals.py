"""What signals mean before anything serves; nothing here takes long to import."""

import os
import signal
import sys


def heed_signals() -> None:
    """Stop when told to, and bear a hangup, until what serves does as it sees fit."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # What serves catches these while it does, and finishes.
        signal.signal(number, lambda *_: sys.exit(0))
    if hangup_is_a_word():
        # One that comes before the bundles are open says nothing new.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def hangup_is_a_word() -> bool:
    """Whether SIGHUP asks for a reload; to what runs in a terminal it says that this is closed."""
    return not os.isatty(0)
