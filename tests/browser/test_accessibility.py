"""Nothing for axe-core to complain about, whatever the page shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.security.api_keys import new_key
from benchmarks.harness.service import serving
from tests.browser.conftest import OpenPage
from tests.browser.test_page import LECTURE, field

LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    for width in (1200, 360)
    for scheme in ("light", "dark")
]
every_look = pytest.mark.parametrize(
    "look", LOOKS, ids=["desktop-light", "desktop-dark", "phone-light", "phone-dark"]
)


@pytest.fixture(scope="module")
def atis() -> Iterator[str]:
    """A service with more slots than there are colours."""
    with serving(SLOTLINE_MODEL_DIR="models/atis") as (client, _):
        yield str(client.base_url)


@pytest.fixture(scope="module")
def keyed(bundles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that asks for a key."""
    keys = tmp_path_factory.mktemp("keys") / "keys"
    new_key(keys, "someone")
    settings = {"SLOTLINE_MODEL_DIR": str(bundles), "SLOTLINE_API_KEYS_FILE": str(keys)}
    with serving(**settings) as (client, _):
        yield str(client.base_url)


def complaints(page: Page) -> list[Any]:
    """What breaks a rule."""
    found = Axe().run(page).response
    return [
        (rule["id"], node["html"], node["failureSummary"])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@every_look
def test_before_anything_is_written(
    open_page: OpenPage, address: str, look: dict[str, Any]
) -> None:
    page = open_page(address, **look)
    expect(page.locator("#model-about")).not_to_be_empty()
    assert complaints(page) == []


@every_look
def test_with_slots_an_intent_and_all_that_folds_open(
    open_page: OpenPage, address: str, look: dict[str, Any]
) -> None:
    page = open_page(address, **look)
    field(page).fill(f"{LECTURE} leave New York by tomorrow")
    expect(page.locator("#reading [role=group]")).to_have_count(4)
    page.get_by_text("Slots of the model").click()
    assert complaints(page) == []


@every_look
def test_with_every_colour(open_page: OpenPage, atis: str, look: dict[str, Any]) -> None:
    page = open_page(atis, **look)
    page.locator("mark").first.wait_for()
    page.get_by_text("Slots of the model").click()
    colours = {slot.get_attribute("data-colour") for slot in page.locator("#legend li").all()}
    assert len(colours) == 12
    assert complaints(page) == []


@every_look
def test_where_something_is_wrong(open_page: OpenPage, address: str, look: dict[str, Any]) -> None:
    page = open_page(address, **look)
    field(page).fill(LECTURE)
    page.locator("mark").first.wait_for()
    page.route("**/slots", lambda route: route.abort())
    field(page).fill(f"{LECTURE}.")
    expect(page.locator("#trouble")).to_contain_text("cannot be reached")
    assert complaints(page) == []


@every_look
def test_where_a_key_is_asked_for(open_page: OpenPage, keyed: str, look: dict[str, Any]) -> None:
    page = open_page(keyed, **look)
    expect(page.locator("#key")).to_be_visible()
    assert complaints(page) == []
