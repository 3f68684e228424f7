"""The tab of the page in which one talks to a form."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.security.api_keys import new_key
from benchmarks.harness.service import serving
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import complaints, every_look


@pytest.fixture(scope="module")
def booking() -> Iterator[str]:
    with serving(SLOTLINE_MODEL_DIR="models/booking") as (client, _):
        yield str(client.base_url)


def talk(page: Page) -> Page:
    page.get_by_role("tab", name="Form").click()
    expect(page.locator("#bubbles .service")).to_have_count(1)
    return page


def say(page: Page, text: str) -> None:
    before = page.locator("#bubbles .service").count()
    page.get_by_role("textbox", name="Your answer").fill(text)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#bubbles .service")).to_have_count(before + 1)


def last(page: Page) -> Any:
    return page.locator("#bubbles .service").last


def slot(page: Page, name: str) -> Any:
    rows = page.locator("#filled > div")
    return rows.filter(has=page.get_by_text(name, exact=True)).locator("dd")


def test_a_conversation_fills_the_form(open_page: OpenPage, booking: str) -> None:
    page = talk(open_page(booking, locale="en-GB", timezone_id="Europe/London"))
    expect(last(page)).to_have_text("Where are you leaving from?")
    say(page, "two tickets from Boston to Denver on the 1st of June")
    expect(last(page)).to_contain_text("destination: filled: Denver, DEN")
    expect(last(page)).to_contain_text("When do you come back?")
    expect(slot(page, "destination")).to_have_text("Denver, DEN “Denver”")
    expect(slot(page, "time of departure")).to_contain_text("-06-01")
    expect(page.locator("#filled .asked dt")).to_have_text("time of return")
    say(page, "from Denver")
    expect(last(page)).to_contain_text(
        "place of departure: rejected, because it is the same as another slot: Denver, DEN "
        "(it stays Boston, BOS)"
    )
    say(page, "one way")
    expect(last(page)).to_contain_text("The form is complete.")
    expect(slot(page, "time of return")).to_have_text("skipped")
    expect(page.locator("#form-status")).to_have_text("complete")


def test_an_option_is_a_button(open_page: OpenPage, booking: str) -> None:
    page = talk(open_page(booking))
    say(page, "from Boston to Denver")
    say(page, "Austin")
    page.get_by_role("group", name="Options").get_by_role("button", name="destination").click()
    expect(slot(page, "destination")).to_contain_text("Austin, AUS")


def test_the_questions_have_the_language_that_is_picked(open_page: OpenPage, booking: str) -> None:
    page = talk(open_page(booking, locale="zh-TW", timezone_id="Asia/Taipei"))
    expect(last(page)).to_have_text("您从哪里出发？")
    page.get_by_label("Language of the questions").select_option("en")
    expect(last(page)).to_have_text("Where are you leaving from?")
    expect(page.locator("#bubbles > div")).to_have_count(1)


def test_the_request_is_shown_as_curl(open_page: OpenPage, booking: str) -> None:
    page = talk(open_page(booking))
    say(page, "to Denver, 'please'")
    snippet = page.locator("#form-snippet")
    expect(snippet).to_contain_text(f"curl '{booking}/forms/trip'")
    expect(snippet).to_contain_text("to Denver, '\\''please'\\''")
    expect(snippet).to_contain_text('"state":{"form":"trip"')


def test_what_is_said_is_never_read_as_html(open_page: OpenPage, booking: str) -> None:
    page = talk(open_page(booking))
    say(page, "to <img src=x onerror=alert(1)> Denver")
    expect(page.locator("#bubbles img")).to_have_count(0)
    expect(page.locator("#bubbles .user")).to_have_text("to <img src=x onerror=alert(1)> Denver")


def test_what_cannot_be_sent_can_be_sent_again(open_page: OpenPage, booking: str) -> None:
    page = talk(open_page(booking))
    page.route("**/forms/trip", lambda route: route.abort())
    page.get_by_role("textbox", name="Your answer").fill("Boston")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#form-trouble")).to_contain_text("cannot be reached")
    page.unroute("**/forms/trip")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("Boston")
    page.get_by_role("button", name="Send").click()
    expect(slot(page, "place of departure")).to_contain_text("Boston, BOS")
    expect(page.locator("#form-trouble")).to_be_empty()


def test_begin_again_forgets_the_conversation(open_page: OpenPage, booking: str) -> None:
    page = talk(open_page(booking))
    say(page, "from Boston")
    page.get_by_role("button", name="Begin again").click()
    expect(page.locator("#bubbles > div")).to_have_count(1)
    expect(slot(page, "place of departure")).to_have_text("–")


def test_tabs_are_moved_between_with_arrows(open_page: OpenPage, booking: str) -> None:
    page = talk(open_page(booking))
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Sentence")).to_be_focused()
    expect(page.locator("#sentence-panel")).to_be_visible()
    expect(page.locator("#form-panel")).to_be_hidden()


def test_without_forms_there_are_no_tabs(page: Page) -> None:
    page.locator("mark, #text").first.wait_for()
    expect(page.locator("#tabs")).to_be_hidden()


def test_a_key_opens_the_forms_too(
    open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys = tmp_path_factory.mktemp("keys") / "keys"
    key = new_key(keys, "someone")
    settings = {"SLOTLINE_MODEL_DIR": "models/booking", "SLOTLINE_API_KEYS_FILE": str(keys)}
    with serving(**settings) as (client, _):
        page = open_page(str(client.base_url))
        page.locator("#key-field").fill(key)
        page.get_by_role("button", name="Use it").click()
        talk(page)
        expect(page.locator("#form-snippet")).to_contain_text("X-API-Key: $SLOTLINE_KEY")


@every_look
def test_nothing_for_axe_to_complain_about(
    open_page: OpenPage, booking: str, look: dict[str, Any]
) -> None:
    page = talk(open_page(booking, **look))
    assert complaints(page) == []
    for text in ("two tickets from Boston to Denver on the 1st of June", "Austin", "from Denver"):
        say(page, text)
    assert complaints(page) == []
    page.route("**/forms/trip", lambda route: route.abort())
    page.get_by_role("textbox", name="Your answer").fill("one way")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#form-trouble")).to_contain_text("cannot be reached")
    assert complaints(page) == []
