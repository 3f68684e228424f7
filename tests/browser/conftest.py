"""A browser, and the page of a service with two models; skipped where there is no browser."""

import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.harness.service import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
# Milliseconds until what should come is missed; the machine may be busy.
PATIENCE = 20_000


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Where playwright is absent there is nothing to collect."""
    return True if collection_path.is_relative_to(HERE) and not find_spec("playwright") else None


# Of the package and not of the session: while it is open its event loop is in the way of others.
@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    from benchmarks.harness.chromium import chromium

    with chromium() as found:
        if found is None:
            pytest.skip("no chromium is found")
        yield found


@pytest.fixture(scope="package")
def bundles(
    toy_bundle: Path, toy_without_intents: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The models `toy`, which is the default, and `plain`, which knows no intents."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copytree(toy_bundle, folder / "toy")
    shutil.copytree(toy_without_intents, folder / "plain")
    return folder


@pytest.fixture(scope="package")
def address(bundles: Path) -> Iterator[str]:
    """Where a service runs that all tests may ask."""
    settings = {"SLOTLINE_MODEL_DIR": str(bundles), "SLOTLINE_DEFAULT_MODEL": "toy"}
    with serving(**settings) as (client, _):
        yield str(client.base_url)


OpenPage = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[OpenPage]:
    """
    Opens a page in a context of its own; after the test nothing may have gone wrong in it.

    Faults are exceptions, breaches of the policy and requests to any other host.
    """
    contexts, faults = [], []

    def open_it(address: str, script: str = "", **options: Any) -> "Page":
        context = browser.new_context(**{"reduced_motion": "reduce"} | options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if script:
            page.add_init_script(script)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security" in said.text else None,
        )
        page.on(
            "request",
            lambda asked: faults.append(asked.url) if not asked.url.startswith(address) else None,
        )
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page: OpenPage, address: str) -> "Page":
    """The page of that service, its models known."""
    page = open_page(address)
    page.locator("#model option").first.wait_for(state="attached")
    return page
