"""The page at `/`, used as people use it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from app.security.api_keys import new_key
from benchmarks.harness.service import serving
from tests.browser.conftest import PATIENCE, OpenPage

LECTURE = "i would like to arrive Taipei on November 2nd"
expect.set_options(timeout=PATIENCE)


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Sentence")


def slots(page: Page) -> list[tuple[str, str]]:
    """Names and values, as they are read out and as they are coloured, which must agree."""
    groups = page.locator("#reading [role=group]")
    read = [
        (str(group.get_attribute("aria-label")).split(",")[0], group.locator(".value").inner_text())
        for group in groups.all()
    ]
    assert [value for _, value in read] == page.locator("mark").all_inner_texts()
    return read


def answered(page: Page, *wanted: tuple[str, str]) -> None:
    """Wait for the slots."""
    groups = page.locator("#reading [role=group]")
    names = [re.compile(f"^{re.escape(name)}, ") for name, _ in wanted]
    expect(groups).to_have_count(len(wanted))
    for group, name in zip(groups.all(), names, strict=True):
        expect(group).to_have_attribute("aria-label", name)
    expect(groups.locator(".value")).to_have_text([value for _, value in wanted])
    assert slots(page) == list(wanted)


def distribution(page: Page) -> list[str]:
    return page.locator("#word-bars li bdi").all_inner_texts()


def test_slots_are_coloured_as_one_types(page: Page) -> None:
    field(page).press_sequentially("leave Taipei", delay=20)
    answered(page, ("place_of_departure", "Taipei"))
    field(page).press_sequentially(" tomorrow", delay=20)
    answered(page, ("place_of_departure", "Taipei"), ("time_of_departure", "tomorrow"))
    field(page).fill(LECTURE)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "November 2nd"))
    expect(page.locator("#reading .name").first).to_have_text(re.compile(r"^destination(> )?\d+ %"))
    expect(page.locator("#time")).to_have_text(re.compile(r"^2 slots in \d+ ms$"))
    expect(page.locator("#intent-name")).to_have_text("arrive")
    expect(page.locator("#summary")).to_contain_text("2 slots; destination: Taipei, ")
    expect(page.locator("#summary")).to_contain_text("intent: arrive.")
    field(page).fill("")
    expect(page.locator("#reading [role=option]")).to_have_count(0)
    expect(page.locator("#word")).to_be_hidden()
    expect(page.locator("#intent")).to_be_hidden()
    expect(page.locator("#summary")).to_be_empty()


def test_colours_are_behind_their_letters(page: Page) -> None:
    text = "leave Taipei\n\nby tomorrow " * 6
    field(page).fill(text)
    expect(page.locator("mark")).to_have_count(12)
    assert page.locator("#marks").text_content() == text + "\u200b"
    sizes = page.evaluate(
        "['#marks', '#text'].map((one) => ['width', 'height', 'x', 'y'].map((side) =>"
        " document.querySelector(one).getBoundingClientRect()[side]))"
    )
    assert sizes[0] == sizes[1]
    field_itself = "document.querySelector('#text')"
    assert page.evaluate(f"{field_itself}.scrollHeight <= {field_itself}.clientHeight")


def test_a_word_under_the_pointer_shows_its_distribution(page: Page) -> None:
    field(page).fill(LECTURE)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "November 2nd"))
    page.get_by_role("option", name="Taipei").hover()
    expect(page.locator("#word-title")).to_have_text("Taipei")
    expect(page.locator("#word-tag")).to_have_text(re.compile("^begins destination, "))
    assert distribution(page)[0] == "destination"
    assert "place_of_departure" in distribution(page)
    page.get_by_role("option", name="2nd").hover()
    expect(page.locator("#word-tag")).to_have_text(re.compile("^continues time_of_departure, "))
    page.get_by_role("option", name="would").hover()
    expect(page.locator("#word-tag")).to_have_text(re.compile("^in no slot, "))
    assert distribution(page)[0] == "O (no slot)"


def test_a_word_under_the_pointer_is_found_in_the_field_too(page: Page) -> None:
    field(page).fill(LECTURE)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "November 2nd"))
    place = page.locator("#marks span", has_text="Taipei").bounding_box()
    assert place
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(page.locator("#word-title")).to_have_text("Taipei")
    expect(page.locator("#marks .pointed")).to_have_text("Taipei")


def point_at(page: Page, word: str) -> None:
    """Move the pointer onto a word in the field."""
    place = page.locator("#marks span", has_text=word).bounding_box()
    assert place
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)


def test_after_an_edit_words_are_those_of_the_answer_before(page: Page) -> None:
    field(page).fill(LECTURE)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "November 2nd"))
    page.route("**/slots", lambda route: route.abort())
    field(page).fill(LECTURE.removeprefix("i would "))
    expect(page.locator("#trouble")).to_contain_text("cannot be reached")
    point_at(page, "Taipei")
    expect(page.locator("#word-title")).to_have_text("Taipei")
    expect(page.locator("#marks .pointed")).to_have_text("Taipei")


def test_the_field_is_above_its_colours_while_something_is_wrong(page: Page) -> None:
    field(page).fill(LECTURE)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "November 2nd"))
    page.route("**/slots", lambda route: route.abort())
    field(page).fill(f"{LECTURE}.")
    expect(page.locator("#trouble")).to_contain_text("cannot be reached")
    mark = page.locator("mark").first.bounding_box()
    assert mark
    middle = [mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2]
    assert page.evaluate("(at) => document.elementFromPoint(...at).id", middle) == "text"
    page.mouse.click(*middle)
    expect(field(page)).to_be_focused()
    point_at(page, "Taipei")
    expect(page.locator("#word-title")).to_have_text("Taipei")


def test_another_model_answers_when_it_is_picked(page: Page) -> None:
    expect(page.locator("#model")).to_have_value("toy")
    expect(page.locator("#model-about")).to_contain_text("A table of a few words, for tests")
    expect(page.locator("#model-about")).to_contain_text("English, Chinese · 4 slots · 6 intents")
    field(page).fill("leave Taipei")
    expect(page.locator("#intent-name")).to_have_text("leave")
    with page.expect_request("**/slots") as asked:
        page.get_by_label("Model").select_option("plain")
    assert json.loads(asked.value.post_data or "")["model"] == "plain"
    expect(page.locator("#intent")).to_be_hidden()
    expect(page.locator("#snippet")).to_contain_text('"model": "plain"')
    page.get_by_text("Slots of the model").click()
    expect(page.locator("#legend li")).to_have_count(4)


def test_the_page_works_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="API")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Model")).to_be_focused()
    page.keyboard.press("Tab")
    expect(field(page)).to_be_focused()
    page.keyboard.type(LECTURE)
    answered(page, ("destination", "Taipei"), ("time_of_departure", "November 2nd"))
    # The one stop of all words is the first that fills a slot.
    for _ in page.locator("#speech button:visible").all():
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("option", name="Taipei")).to_be_focused()
    expect(page.locator("#word-title")).to_have_text("Taipei")
    for key, word in [
        ("ArrowRight", "on"),
        ("End", "2nd"),
        ("ArrowRight", "2nd"),
        ("ArrowLeft", "November"),
        ("Home", "i"),
        ("ArrowLeft", "i"),
    ]:
        page.keyboard.press(key)
        expect(page.get_by_role("option", name=word, exact=True)).to_be_focused()
        expect(page.locator("#reading [aria-selected=true]")).to_have_text(word)
        expect(page.locator("#word-title")).to_have_text(word)
    expect(page.locator("#word-summary")).to_contain_text("O")
    expect(page.locator("#reading [aria-selected=true]")).to_have_accessible_description(
        re.compile(r"^O .* %")
    )
    page.keyboard.press("Tab")
    expect(page.get_by_text("Slots of the model")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#legend")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_label("curl")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Python")).to_be_checked()
    expect(page.locator("#snippet")).to_contain_text("urlopen")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy")).to_be_focused()


def test_text_from_right_to_left_is_read_from_right_to_left(page: Page) -> None:
    field(page).fill("أريد السفر to Taipei غدا")
    answered(page, ("destination", "Taipei"))
    expect(page.locator("#reading")).to_have_attribute("dir", "rtl")
    boxes = [word.bounding_box() for word in page.locator("#reading .word").all()[:2]]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["x"] > boxes[1]["x"]
    # The letters and what colours them are in the same place.
    assert page.evaluate("getComputedStyle(document.querySelector('#marks')).direction") == "rtl"
    page.get_by_role("option", name="السفر").click()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#word-title")).to_have_text("to")


@pytest.mark.parametrize(
    ("text", "value", "direction"),
    [
        ("to تل أبيب", "تل أبيب", -1),
        ("تل أبيب", "تل أبيب", -1),
        ("السفر to new york", "new york", 1),
    ],
)
def test_the_words_of_a_value_are_in_its_own_direction(
    page: Page, text: str, value: str, direction: int
) -> None:
    start = text.index(value)
    places = [
        (start, start + value.index(" ")),
        (start + value.index(" ") + 1, start + len(value)),
    ]
    answer = {
        "model": {"name": "toy", "version": "1"},
        "slots": [
            {
                "name": "destination",
                "value": value,
                "start": start,
                "end": len(text),
                "confidence": 0.9,
            }
        ],
        "tokens": [
            {
                "text": text[begin:end],
                "start": begin,
                "end": end,
                "tag": tag,
                "confidence": 0.9,
                "distribution": {"destination": 0.9, "O": 0.1},
            }
            for (begin, end), tag in zip(places, ("B-destination", "I-destination"), strict=True)
        ],
    }
    page.route("**/slots", lambda route: route.fulfill(json=answer))
    field(page).fill(text)
    answered(page, ("destination", value))
    first, second = (word.bounding_box() for word in page.locator(".value .word").all())
    assert first
    assert second
    assert (second["x"] - first["x"]) * direction > 0


def test_chinese_is_cut_into_its_words(page: Page) -> None:
    field(page).fill("我想到达台北")
    answered(page, ("destination", "台北"))
    page.get_by_role("option", name="北").hover()
    expect(page.locator("#word-tag")).to_have_text(re.compile("^continues destination"))


def test_letters_beyond_the_first_plane_do_not_move_slots(page: Page) -> None:
    field(page).fill("🛫🇹🇼 arrive Taipei 𝔱his 𝔱omorrow")
    answered(page, ("destination", "Taipei"), ("time_of_departure", "𝔱omorrow"))


def test_text_is_never_html(page: Page) -> None:
    bad = "<img src=x onerror=alert(1)> to <b>Taipei</b> <script>alert(2)</script> &amp; \u202e"
    field(page).fill(bad)
    expect(page.locator("#snippet")).to_contain_text("<script>alert(2)</script>")
    expect(page.locator("#reading")).to_contain_text("<img src=x onerror=alert(1)>")
    for language in ("Python", "JavaScript", "curl"):
        page.get_by_text(language, exact=True).click()
        expect(page.locator("#snippet")).to_contain_text("onerror=alert(1)")
    assert page.locator("main img, main b:not(.name b), main script").count() == 0
    assert page.locator("#marks").text_content() == bad + "\u200b"


# The reading as it is whenever a letter is typed; the service takes its time.
SLOW = """
const real = window.fetch;
window.fetch = async (address, options) => {
  const answer = await real(address, options);
  await new Promise((resolve) => setTimeout(resolve, 300));
  return answer;
};
window.read = [];
addEventListener("input", () => window.read.push(document.querySelector("#reading").innerText));
"""


def test_slots_are_shown_while_one_types_faster_than_answers_come(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address, script=SLOW)
    page.locator("#model option").first.wait_for(state="attached")
    field(page).press_sequentially("arrive Taipei tomorrow", delay=60)
    read = page.evaluate("window.read")
    assert read[0] == ""
    assert "arrive" in read[-1]
    answered(page, ("destination", "Taipei"), ("time_of_departure", "tomorrow"))


# Answers to the first text late, and does not hear that nobody waits for it any longer.
LATE = """
const real = window.fetch;
window.fetch = async (address, options) => {
  if (!options.body?.includes("leave Boston")) return real(address, options);
  const answer = await real(address, { ...options, signal: undefined });
  await new Promise((resolve) => setTimeout(resolve, 600));
  document.documentElement.dataset.late = "1";
  return answer;
};
"""


def test_a_late_answer_does_not_replace_a_newer(open_page: OpenPage, address: str) -> None:
    page = open_page(address, script=LATE)
    with page.expect_request(lambda request: "leave Boston" in (request.post_data or "")):
        field(page).fill("leave Boston")
    field(page).fill("")
    field(page).fill("arrive Taipei")
    answered(page, ("destination", "Taipei"))
    expect(page.locator("html")).to_have_attribute("data-late", "1")
    page.wait_for_timeout(100)
    answered(page, ("destination", "Taipei"))


def test_colours_stay_with_their_words_until_the_next_answer(page: Page) -> None:
    def carried(before: str, after: str) -> list[str]:
        found: list[str] = page.evaluate(
            """async ([before, after]) => {
                const { carried } = await import("./page/sentence.js");
                const start = before.indexOf("Taipei");
                return carried([{ start, end: start + 6 }], before, after)
                    .map(({ start, end }) => after.slice(start, end));
            }""",
            [before, after],
        )
        return found

    before = "to Taipei now"
    assert carried(before, before) == ["Taipei"]
    assert carried(before, "go to Taipei now") == ["Taipei"]
    assert carried(before, "to Taipei now then") == ["Taipei"]
    assert carried(before, "to Taxipei now") == ["Taxipei"]
    assert carried(before, "to Tapei now") == ["Tapei"]
    assert carried(before, "to now") == []
    assert carried(before, "") == []
    assert carried(before, "to Taiwan") == []


def test_a_name_has_the_same_colour_everywhere(page: Page) -> None:
    colours = page.evaluate(
        """async () => {
            const { coloursOf } = await import("./page/colours.js");
            const many = [...Array(30).keys()].map((number) => `slot_${number}`);
            return [["a", "b", "c"], ["b"], ["c", "d"], many]
                .map((names) => Object.fromEntries(coloursOf(names)));
        }"""
    )
    assert colours[0]["b"] == colours[1]["b"]
    assert colours[0]["c"] == colours[2]["c"]
    assert len(set(colours[3].values())) == 12
    assert max(colours[3].values()) == 11


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("overloaded", "The service is overloaded."),
        ("rate_limited", "The service limits the rate of requests."),
    ],
)
def test_a_busy_service_is_left_alone_as_long_as_it_asks(page: Page, code: str, words: str) -> None:
    asked: list[Any] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.post_data_json)
        problem = {"code": code, "detail": "not now", "status": 429}
        route.fulfill(
            status=429,
            headers={"content-type": "application/problem+json", "retry-after": "2"},
            body=json.dumps(problem),
        )

    page.route("**/slots", refuse, times=1)
    field(page).fill("leave Boston")
    trouble = page.locator("#trouble")
    expect(trouble).to_contain_text(f"{words} The page asks again in")
    with page.expect_response("**/slots") as answer:
        field(page).fill("arrive Taipei")
        page.wait_for_timeout(300)
        assert len(asked) == 1
    assert answer.value.ok
    answered(page, ("destination", "Taipei"))
    expect(trouble).to_be_empty()


def refuse_all(page: Page, status: int, code: str) -> None:
    """Answer every question of the page by this."""
    problem = json.dumps({"code": code, "detail": "not this", "status": status})
    kind = "application/problem+json"
    page.route(
        "**/slots", lambda route: route.fulfill(status=status, content_type=kind, body=problem)
    )


def test_the_list_is_asked_for_once_a_second_while_workers_disagree(page: Page) -> None:
    refuse_all(page, 404, "model_not_found")
    lists: list[str] = []
    page.on("request", lambda asked: lists.append(asked.url) if "/models" in asked.url else None)
    field(page).fill("leave Boston")
    expect(page.locator("#trouble")).to_contain_text("not this")
    page.wait_for_timeout(2500)
    assert 1 <= len(lists) <= 4


def test_slots_of_a_version_that_came_since_have_colours(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.locator("#model option").first.wait_for(state="attached")
    lists = []

    def before_the_reload(route: Route) -> None:
        lists.append(route.request.url)
        told = route.fetch().json()
        for model in told["models"]:
            model |= {"version": "before", "slots": ["other_than_now"]}
        route.fulfill(json=told)

    page.route("**/models", before_the_reload, times=1)
    page.reload()
    field(page).fill("arrive Taipei")
    expect(page.locator("mark")).to_have_attribute("data-colour", re.compile(r"\d"))
    page.get_by_text("Slots of the model").click()
    expect(page.locator("#legend")).to_contain_text("destination")
    # A list that stays behind is not asked for without end.
    lists.clear()
    page.route("**/models", before_the_reload)
    page.reload()
    field(page).fill("arrive Taipei")
    page.wait_for_timeout(2500)
    assert len(lists) == 2


def test_the_field_has_the_language_of_a_model_with_one(page: Page) -> None:
    expect(field(page)).not_to_have_attribute("lang", re.compile(""))

    def chinese_alone(route: Route) -> None:
        told = route.fetch().json()
        for model in told["models"]:
            if model["name"] == "plain":
                model["languages"] = ["zh"]
        route.fulfill(json=told)

    page.route("**/models", chinese_alone)
    page.reload()
    page.get_by_label("Model").select_option("plain")
    for shown in ("#text", "#marks", "#reading"):
        expect(page.locator(shown)).to_have_attribute("lang", "zh")
    page.get_by_label("Model").select_option("toy")
    expect(field(page)).not_to_have_attribute("lang", re.compile(""))


def test_the_page_works_where_its_address_has_a_password(open_page: OpenPage, address: str) -> None:
    # Another page of the same browser: to the first, addresses with a password are another host's.
    page = open_page(address).context.new_page()
    page.goto(address.replace("://", "://user:password@"))
    assert "password" in page.evaluate("document.baseURI")
    field(page).fill("arrive Taipei")
    answered(page, ("destination", "Taipei"))
    expect(page.locator("#snippet")).not_to_contain_text("password")


def test_a_lost_service_is_found_again(open_page: OpenPage, bundles: Path) -> None:
    settings = {"SLOTLINE_MODEL_DIR": str(bundles), "SLOTLINE_DEFAULT_MODEL": "toy"}
    with serving(**settings) as (client, _):
        port = str(client.base_url.port)
        page = open_page(str(client.base_url))
        field(page).fill("leave Boston")
        answered(page, ("place_of_departure", "Boston"))
    field(page).fill("arrive Taipei")
    expect(page.locator("#trouble")).to_contain_text("The service cannot be reached. The page asks")
    # What was typed stays, and so does the last answer.
    expect(field(page)).to_have_value("arrive Taipei")
    expect(page.locator("#reading")).to_contain_text("Boston")
    with serving(**settings | {"PORT": port}):
        answered(page, ("destination", "Taipei"))
        expect(page.locator("#trouble")).to_be_empty()


@pytest.mark.parametrize(
    ("status", "kind", "body", "words"),
    [
        (
            500,
            "application/problem+json",
            '{"code": "internal_error", "detail": "a fault"}',
            "a fault",
        ),
        (500, "text/html", "<h1>no</h1>", "The service answered with status 500."),
        (200, "text/html", "<h1>hello</h1>", "The answer is not from slotline."),
    ],
)
def test_what_does_not_pass_is_said_once(
    page: Page, status: int, kind: str, body: str, words: str
) -> None:
    page.route("**/slots", lambda route: route.fulfill(status=status, content_type=kind, body=body))
    field(page).fill("arrive Taipei")
    expect(page.locator("#trouble")).to_contain_text(words)
    expect(page.locator("#trouble")).not_to_contain_text("asks again")


def test_a_text_that_is_too_long_is_refused_in_words(page: Page) -> None:
    field(page).fill("Taipei " * 201)
    expect(page.locator("#trouble")).to_have_text(re.compile("201 words and the limit is 200"))
    field(page).fill("to Taipei")
    answered(page, ("destination", "Taipei"))
    expect(page.locator("#trouble")).to_be_empty()


def test_where_a_key_is_asked_for_the_page_asks_for_it(
    open_page: OpenPage, bundles: Path, tmp_path: Path
) -> None:
    key = new_key(tmp_path / "keys", "someone")
    with serving(
        SLOTLINE_MODEL_DIR=str(bundles),
        SLOTLINE_DEFAULT_MODEL="toy",
        SLOTLINE_API_KEYS_FILE=str(tmp_path / "keys"),
    ) as (client, _):
        page = open_page(str(client.base_url))
        form = page.get_by_label("This service needs an API key")
        expect(form).to_be_focused()
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        expect(page.locator("#key")).to_contain_text("does not accept this key")
        form.fill(key)
        page.get_by_role("button", name="Use it").click()
        expect(page.locator("#key")).to_be_hidden()
        field(page).fill("arrive Taipei")
        answered(page, ("destination", "Taipei"))
        expect(page.locator("#snippet")).to_contain_text("X-API-Key: $SLOTLINE_KEY")
        for language in ("Python", "JavaScript"):
            page.get_by_text(language, exact=True).click()
            expect(page.locator("#snippet")).to_contain_text("SLOTLINE_KEY")
        assert key not in page.content()
        assert key not in page.url
        page.reload()
        field(page).fill("leave Boston")
        answered(page, ("place_of_departure", "Boston"))


def test_who_writes_is_not_moved_to_the_key(page: Page) -> None:
    refuse_all(page, 401, "invalid_api_key")
    field(page).press_sequentially("leave")
    expect(page.locator("#key")).to_be_visible()
    expect(field(page)).to_be_focused()
    field(page).press_sequentially(" Boston")
    expect(field(page)).to_have_value("leave Boston")
    # Nor is what was typed of a key lost when the service asks again.
    key = page.get_by_label("This service needs an API key")
    key.fill("half-a-k")
    with page.expect_response("**/slots"):
        field(page).press_sequentially(".")
    expect(field(page)).to_be_focused()
    expect(key).to_have_value("half-a-k")


def test_a_key_that_a_proxy_asks_for_is_not_the_service_s(page: Page) -> None:
    page.route(
        "**/slots",
        lambda route: route.fulfill(status=401, content_type="text/html", body="<h1>no</h1>"),
    )
    field(page).fill("leave Boston")
    expect(page.locator("#trouble")).to_contain_text("The service answered with status 401.")
    expect(page.locator("#key")).to_be_hidden()


AWKWARD = 'it\'s "to" Taipei \\ $HOME `id` 🛫\n{name}'


def run_snippet(page: Page, language: str) -> str:
    """What the snippet prints, run where its reader would run it."""
    page.get_by_text(language, exact=True).click()
    shown = str(page.locator("#snippet").text_content())
    if language == "JavaScript":
        found: list[list[Any]] = page.evaluate(
            "(async () => { const said = [];"
            "const console = { log: (...all) => said.push(all) };"
            f"{shown}\nreturn said; }})()"
        )
        return "\n".join(f"{name} {value}" for name, value, _ in found)
    if language == "Python":
        command = [sys.executable, "-c", shown]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return "\n".join(" ".join(line.split()[:2]) for line in lines.splitlines())
    answer = subprocess.run(["sh", "-c", shown], check=True, capture_output=True, text=True).stdout
    return "\n".join(f"{slot['name']} {slot['value']}" for slot in json.loads(answer)["slots"])


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
def test_the_request_can_be_sent_from_elsewhere(page: Page, language: str) -> None:
    if language == "curl" and not shutil.which("curl"):
        pytest.skip("no curl is found")
    field(page).fill(AWKWARD)
    page.locator("mark").wait_for()
    assert run_snippet(page, language) == "destination Taipei"


def test_the_request_is_copied(open_page: OpenPage, address: str) -> None:
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    field(page).fill("arrive Taipei")
    page.locator("mark").wait_for()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#snippet").text_content()
    expect(page.locator("#copied")).to_be_empty()


def test_without_a_clipboard_the_request_is_selected(open_page: OpenPage, address: str) -> None:
    page = open_page(address, script="delete Navigator.prototype.clipboard;")
    field(page).fill("arrive Taipei")
    page.locator("mark").wait_for()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_have_text("Selected")
    assert page.evaluate("getSelection().toString()").startswith("curl ")


def test_the_examples_of_a_model_are_answered(open_page: OpenPage) -> None:
    with serving() as (client, _):
        page = open_page(str(client.base_url))
        page.locator("mark").first.wait_for()
        expect(field(page)).to_have_value(LECTURE)
        for model in ("booking", "atis", "snips"):
            page.get_by_label("Model").select_option(model)
            examples = page.get_by_role("group", name="Examples").get_by_role("button")
            assert examples.count()
            for example in examples.all():
                example.click()
                expect(field(page)).to_have_value(str(example.text_content()))
                # Its own first word, and not that of the answer before.
                first = page.locator("#reading .word").first
                expect(first).to_have_text(re.compile(f"^{str(example.text_content())[0]}"))
                page.locator("mark").first.wait_for()
        page.get_by_label("Model").select_option("booking")
        chinese = page.get_by_role("group", name="Chinese").get_by_role("button").first
        expect(chinese).to_have_attribute("lang", "zh")
        chinese.click()
        expect(page.locator("mark").first).to_have_text("11月2日")


def test_nothing_is_wider_than_a_phone(open_page: OpenPage, address: str) -> None:
    page = open_page(address, viewport={"width": 360, "height": 640})
    field(page).fill(f"{LECTURE} {'x' * 300} 到达台北")
    page.locator("mark").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_all_that_is_fetched_until_the_first_answer_is_small(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address)
    field(page).fill("arrive Taipei")
    page.locator("mark").wait_for()
    sizes: list[int] = page.evaluate(
        "performance.getEntries().filter((entry) => 'transferSize' in entry)"
        ".map((entry) => entry.transferSize)"
    )
    assert len(sizes) > 10
    assert sum(sizes) <= 100_000
