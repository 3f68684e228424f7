"""A sentence as it is spoken, on the page at `/`."""

import json

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
    page.get_by_role("button", name="Stream word by word").click()
    expect(page.get_by_text("Streaming word by word")).to_be_visible()
    expect(page.get_by_role("button", name="Stream word by word")).to_be_enabled()
    expect(field(page)).to_have_value(sentence)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "tomorrow"))
    assert page.evaluate("window.wereOpen")
    expect(page.locator("mark[data-open]")).to_have_count(0)


SENTENCE = "arrive Taipei tomorrow by noon"


def begin_replay(page: Page) -> None:
    """Begin a replay, and wait for a first word."""
    field(page).fill(SENTENCE)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "tomorrow"))
    page.get_by_role("button", name="Stream word by word").click()
    expect(field(page)).not_to_have_value(SENTENCE)


def test_who_types_ends_the_replay(page: Page) -> None:
    begin_replay(page)
    field(page).press_sequentially("now")
    expect(page.get_by_role("button", name="Stream word by word")).to_be_enabled()
    written = field(page).input_value()
    page.wait_for_timeout(1000)
    expect(field(page)).to_have_value(written)
    assert written.endswith("now")
    expect(page.locator("#reading")).to_contain_text("now")


def test_another_model_is_asked_for_all_that_is_replayed(page: Page) -> None:
    begin_replay(page)
    with page.expect_request("**/slots") as asked:
        page.get_by_label("Model").select_option("plain")
    assert json.loads(asked.value.post_data or "")["text"] == SENTENCE
    answered(page, ("destination", "Taipei"), ("time_of_departure", "tomorrow"))
    page.wait_for_timeout(1000)
    expect(field(page)).to_have_value(SENTENCE)
    expect(page.locator("#intent")).to_be_hidden()


def test_a_replay_that_fails_gives_the_sentence_back(page: Page) -> None:
    page.route_web_socket(
        "**/slots/stream",
        lambda socket: socket.on_message(
            lambda said: socket.close() if "arrive Taipei" in str(said) else None
        ),
    )
    field(page).fill(SENTENCE)
    page.get_by_role("button", name="Stream word by word").click()
    expect(page.locator("#trouble")).to_contain_text("cannot be reached")
    expect(field(page)).to_have_value(SENTENCE)


def test_words_that_are_replayed_may_be_pointed_at_before_an_answer(page: Page) -> None:
    page.route_web_socket("**/slots/stream", lambda _: None)
    begin_replay(page)
    place = page.locator("#marks span", has_text="arrive").bounding_box()
    assert place
    page.mouse.move(place["x"] + 5, place["y"] + 5)
    expect(page.locator("#word")).to_be_hidden()


def test_the_microphone_says_first_what_it_means_and_is_off_until_asked(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address, script=RECOGNITION)
    button = page.get_by_role("button", name="Speak")
    button.click()
    expect(page.get_by_text("may send your voice to its vendor")).to_be_visible()
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


def test_who_types_ends_the_listening(open_page: OpenPage, address: str) -> None:
    page = open_page(address, script=RECOGNITION)
    page.get_by_role("button", name="Speak").click()
    page.get_by_role("button", name="Speak").click()
    page.evaluate("window.listening.hear('leave')")
    expect(field(page)).to_have_value("leave")
    field(page).press_sequentially(" Boston")
    expect(page.get_by_role("button", name="Speak")).to_be_visible()
    page.evaluate("window.listening.hear('leave Taipei')")
    expect(field(page)).to_have_value("leave Boston")
    answered(page, ("place_of_departure", "Boston"))


def test_whoever_says_nothing_may_try_again(open_page: OpenPage, address: str) -> None:
    page: Page = open_page(address, script=RECOGNITION)
    page.get_by_role("button", name="Speak").click()
    page.get_by_role("button", name="Speak").click()
    page.evaluate(
        "window.listening.dispatchEvent(Object.assign(new Event('error'), {error: 'no-speech'}))"
    )
    expect(page.get_by_text("Nothing was heard: no-speech")).to_be_visible()
    expect(page.get_by_role("button", name="Stream word by word")).to_be_enabled()
