"""A sentence as it is spoken, on the page at `/`."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_page import answered, field

# A recogniser that hears the same whenever it is asked, and says so bit by bit.
RECOGNITION = """
window.webkitSpeechRecognition = window.SpeechRecognition = class extends EventTarget {
  start() {
    window.listening = this;
  }
  hear(...heard) {
    const results = heard.map((transcript) => [{ transcript }]);
    this.dispatchEvent(Object.assign(new Event("result"), { results }));
  }
  stop() {
    this.dispatchEvent(new Event("end"));
  }
};
"""
# Watches, too, for slots that are shown as open, which may be for a moment only.
WITHOUT_RECOGNITION = """
new MutationObserver(() => {
  if (document.querySelector("mark[data-open]")) window.wereOpen = true;
}).observe(document, { subtree: true, childList: true });
delete window.SpeechRecognition;
delete window.webkitSpeechRecognition;
"""


def test_a_sentence_is_typed_as_speech(open_page: OpenPage, address: str) -> None:
    page = open_page(address, script=WITHOUT_RECOGNITION)
    expect(page.get_by_role("button", name="Speak")).to_have_count(0)
    sentence = "arrive Taipei tomorrow"
    field(page).fill(sentence)
    page.get_by_role("button", name="Type as speech").click()
    expect(page.get_by_text("Said word by word")).to_be_visible()
    expect(page.get_by_role("button", name="Type as speech")).to_be_enabled()
    expect(field(page)).to_have_value(sentence)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "tomorrow"))
    assert page.evaluate("window.wereOpen")
    expect(page.locator("mark[data-open]")).to_have_count(0)


def test_the_microphone_says_first_what_it_means_and_is_off_until_asked(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address, script=RECOGNITION)
    button = page.get_by_role("button", name="Speak")
    button.click()
    expect(page.get_by_text("may send what you say to its maker")).to_be_visible()
    assert page.evaluate("window.listening === undefined")
    button.click()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_have_attribute("aria-pressed", "true")
    page.evaluate("window.listening.hear('leave')")
    page.evaluate("window.listening.hear('leave Taipei')")
    expect(field(page)).to_have_value("leave Taipei")
    stop.click()
    answered(page, ("place_of_departure", "Taipei"))
    expect(page.get_by_role("button", name="Speak")).to_have_attribute("aria-pressed", "false")


def test_whoever_says_nothing_may_try_again(open_page: OpenPage, address: str) -> None:
    page: Page = open_page(address, script=RECOGNITION)
    page.get_by_role("button", name="Speak").click()
    page.get_by_role("button", name="Speak").click()
    page.evaluate(
        "window.listening.dispatchEvent(Object.assign(new Event('error'), {error: 'no-speech'}))"
    )
    expect(page.get_by_text("Nothing was heard: no-speech")).to_be_visible()
    expect(page.get_by_role("button", name="Type as speech")).to_be_enabled()
