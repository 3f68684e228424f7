"""Values beside their slots, in the zone of the browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.harness.service import serving
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import complaints
from tests.browser.test_page import field, run_snippet

BOOKING = Path(__file__).parents[2] / "models" / "booking"


@pytest.fixture(scope="module")
def booking() -> Iterator[str]:
    """Where the shipped bundle is served."""
    with serving(SLOTLINE_MODEL_DIR=str(BOOKING)) as (client, _):
        yield str(client.base_url)


@pytest.fixture
def page(open_page: OpenPage, booking: str) -> Page:
    page = open_page(booking, timezone_id="Asia/Taipei", locale="en-GB")
    page.locator("#model option").first.wait_for(state="attached")
    return page


def test_a_value_stands_beside_its_slot(page: Page) -> None:
    with page.expect_response("**/slots") as asked:
        field(page).fill("two adults and one child fly to Denver on 4 May 2031 at 5 pm")
    sent = asked.value.request.post_data_json or {}
    assert sent["resolve"] == {"locale": "en-GB", "time_zone": "Asia/Taipei"}
    values = page.locator("#reading .resolution")
    expect(values).to_have_text(["3: 2 adult, 1 child", "Denver, DEN", "2031-05-04 17:00"])
    group = page.locator("#reading [role=group]").last
    expect(group).to_have_attribute(
        "aria-label", re.compile(r"^time_of_\w+, .*, 2031-05-04 17:00$")
    )
    expect(page.locator("#summary")).to_contain_text("Denver, DEN")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("fly to Denver between 3 May 2031 and 5 May 2031", "2031-05-03 to 2031-05-05"),
        ("fly to Denver before 6 pm", "until 18:00"),
        ("fly to Denver after 4 May 2031", "from 2031-05-05"),
        ("fly to Denver at half past six", "06:30 (1 other reading)"),
        ("fly to Denver on 30 February", "no such date"),
    ],
)
def test_a_value_is_one_line(page: Page, text: str, value: str) -> None:
    field(page).fill(text)
    expect(page.locator("#reading .resolution").last).to_have_text(value)


def test_the_legend_shows_the_types(page: Page) -> None:
    page.locator("#legend-title").click()
    expect(page.locator("#legend")).to_contain_text("passengerscount")
    expect(page.locator("#legend .type")).to_have_count(6)


def test_the_request_that_is_shown_asks_for_values(page: Page) -> None:
    field(page).fill("fly to Denver on 4 May 2031")
    expect(page.locator("#snippet")).to_contain_text('"time_zone":"Asia/Taipei"')
    page.locator("mark").first.wait_for()
    assert run_snippet(page, "Python").startswith("destination Denver\n")
    page.get_by_text("JavaScript", exact=True).click()
    found = page.evaluate(
        "(async () => { const said = []; const console = { log: (...all) => said.push(all) };"
        f"{page.locator('#snippet').text_content()}\nreturn said; }})()"
    )
    assert found[0][3] == {"type": "name", "id": "DEN", "value": "Denver"}


def test_a_replay_ends_with_values(page: Page) -> None:
    field(page).fill("fly to Denver")
    expect(page.locator("#reading .resolution")).to_have_text(["Denver, DEN"])
    page.get_by_role("button", name="Stream word by word").click()
    expect(page.locator("#reading .resolution")).to_have_count(0)
    expect(page.locator("#reading .resolution")).to_have_text(["Denver, DEN"])


def test_a_browser_that_does_not_know_its_zone_gets_what_needs_none(
    open_page: OpenPage, booking: str
) -> None:
    unknown = (
        "const resolved = Intl.DateTimeFormat.prototype.resolvedOptions;"
        "Intl.DateTimeFormat.prototype.resolvedOptions = function () {"
        " return { ...resolved.call(this), timeZone: 'Etc/Unknown' }; };"
    )
    page = open_page(booking, unknown, locale="de-DE")
    page.locator("#model option").first.wait_for(state="attached")
    field(page).fill("fly to Denver tomorrow")
    expect(page.locator("#reading .resolution")).to_have_text(["Denver, DEN", "needs reference"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_values_are_accessible(open_page: OpenPage, booking: str, scheme: str) -> None:
    page = open_page(booking, color_scheme=scheme, timezone_id="Europe/London")
    page.locator("#model option").first.wait_for(state="attached")
    field(page).fill("fly to Denver on 30 February with two adults")
    expect(page.locator("#reading .resolution")).to_have_count(3)
    page.locator("#legend-title").click()
    assert complaints(page) == []
