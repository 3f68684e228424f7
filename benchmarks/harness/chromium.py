"""The browser that the page is tried in, and the service that it comes from."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_of(playwright: Playwright) -> str | None:
    """The browser that the system has, or playwright's own; None where there is neither."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@contextmanager
def chromium(*more: str) -> Iterator[Browser | None]:
    """A browser without a window; None where there is none. more: arguments of its own."""
    with sync_playwright() as playwright:
        path = chromium_of(playwright)
        if path is None:
            yield None
            return
        # In containers the user is often root, and /dev/shm small.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server", *more]
        with playwright.chromium.launch(executable_path=path, args=arguments) as browser:
            yield browser
