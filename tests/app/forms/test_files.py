"""A form's file is checked when it is read, and what is wrong is named."""

import re
from pathlib import Path

import pytest

from app.forms import FormModel, InvalidFormError, read_form
from app.forms.files import FormTable, SlotTable
from app.values import SlotType

MODEL = FormModel(
    {"origin", "goal", "leave", "back", "seats", "class"},
    {
        "leave": SlotType("datetime"),
        "back": SlotType("datetime", anchor="leave"),
        "seats": SlotType("count"),
    },
)
SLOT = '[[slots]]\nname = "goal"\nprompt = {en = "Where to?", zh = "去哪里？"}\n'
HEAD = 'name = "trip"\nmodel = "m"\n'


def read(text: str) -> object:
    return read_form(text.encode(), "trip.toml", lambda name: MODEL if name == "m" else None)


def slot(name: str, *lines: str, ask: bool = True) -> str:
    asked = 'prompt = {en = "?", zh = "？"}' if ask else "required = false"
    return "\n".join([f'[[slots]]\nname = "{name}"', asked, *lines, ""])


def test_a_form_has_the_languages_of_its_prompts() -> None:
    form = read_form((HEAD + SLOT).encode(), "trip.toml", lambda _: MODEL)
    assert form.languages == ("en", "zh")
    assert form.language("zh-Hant-TW", "en") == "zh"
    assert form.language("fr", None) == "en"


def test_the_version_changes_with_the_file() -> None:
    one = read_form((HEAD + SLOT).encode(), "", lambda _: MODEL)
    other = read_form((HEAD + SLOT + "# more\n").encode(), "", lambda _: MODEL)
    assert one.version != other.version
    assert one.version == read_form((HEAD + SLOT).encode(), "", lambda _: MODEL).version


def test_exclusions_and_differences_hold_both_ways() -> None:
    text = HEAD + slot("origin", 'different_from = "goal"') + slot("goal", 'excludes = "class"')
    form = read_form((text + slot("class")).encode(), "", lambda _: MODEL)
    assert form.slots["goal"].different_from == ("origin",)
    assert form.slots["class"].excludes == ("goal",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name = ", "not TOML: Invalid value (at end of document)"),
        ('name = "trip"\nmodel = \n', "not TOML: Invalid value (at line 2, column 9)"),
        (SLOT, "name: Field required"),
        ('name = "A trip"\nmodel = "m"\n' + SLOT, "name: String should match pattern"),
        ('name = "trip"\nmodel = "x"\n' + SLOT, "model: there is no model 'x'"),
        (HEAD + "attempt = 3\n" + SLOT, "attempt: unknown key"),
        (HEAD + "attempts = true\n" + SLOT, "attempts: Input should be a valid integer"),
        (HEAD + SLOT + 'promt = {en = "?"}', "slots.goal.promt: unknown key"),
        (HEAD + SLOT + "most = 3", "slots.goal.most: only for number, ordinal, count"),
        (HEAD + SLOT + SLOT, "slots: two slots have the same name"),
        (HEAD + SLOT + 'needs = "day"', "slots.goal.needs: only for datetime, and this is text"),
        (HEAD + SLOT + 'reprompt = {en = "?"}', "slots.goal.reprompt.zh: missing"),
        (HEAD + SLOT + 'label = {fr = "?"}', "slots.goal.label.fr: the first prompt lacks"),
        (HEAD + SLOT + 'frame = {en = "to", zh = "去{}"}', "slots.goal.frame.en: write {} once"),
        (HEAD + SLOT + 'skip = {en = "no"}', "slots.goal.skip: only a slot with required = false"),
        (HEAD + SLOT + 'different_from = "goal"', "slots.goal.different_from: 'goal' is not"),
        (HEAD + SLOT + 'excludes = "x"', "slots.goal.excludes: 'x' is not another slot"),
        (HEAD + SLOT + 'anchor = "x"', "slots.goal.anchor: 'x' is not another slot"),
        (HEAD + SLOT + 'type = "name"', "slots.goal.type: names need a list"),
        (HEAD + SLOT + "ask = false", "slots.goal.ask: a required slot is asked for"),
        (HEAD + SLOT + 'default = "x"', "slots.goal.default: a required slot is always said"),
        (HEAD + SLOT + 'not_before = "now"', "slots.goal.not_before: only between date and"),
        (HEAD + slot("x"), "slots.x.name: the model m has no such slot"),
        (HEAD + slot("leave", 'type = "date"'), "slots.leave.type: the model declares it to be d"),
        (HEAD + slot("leave") + slot("seats", 'not_before = "leave"'), "slots.seats.not_before: o"),
        (HEAD + slot("leave") + slot("goal", 'different_from = "leave"'), "leave has another type"),
        (HEAD + slot("seats", "least = 3\nmost = 2"), "slots.seats.least: more than `most`"),
        (HEAD + slot("seats", "one_of = {a = []}"), "slots.seats.one_of: words for values"),
        (HEAD + slot("leave", 'one_of = ["x"]'), "slots.leave.one_of: not for datetime"),
        (HEAD + slot("seats", ask=False), "slots: no slot has a `prompt`"),
        (
            HEAD + SLOT + slot("seats", 'default = "x"', ask=False),
            "slots.seats.default: give it as a table",
        ),
        (
            HEAD + SLOT + slot("seats", "default = 10\nmost = 9", ask=False),
            "slots.seats.default: against `most`",
        ),
        (
            HEAD + SLOT + slot("leave", 'default = {type = "date", value = "x"}', ask=False),
            "slots.leave.default: Value error, give `grain`",
        ),
        (
            HEAD + 'cancel = {en = "Stop!"}\nskip = {en = "stop"}\n' + SLOT,
            "skip: 'stop' is in cancel too",
        ),
        (HEAD + 'cancel = {en = "!"}\n' + SLOT, "cancel: an entry has no letters"),
    ],
)
def test_what_is_wrong_is_named(text: str, fault: str) -> None:
    with pytest.raises(InvalidFormError) as caught:
        read(text)
    assert str(caught.value).startswith("form trip.toml: ")
    assert fault in str(caught.value)


def test_a_file_that_is_no_text_or_too_large_is_refused() -> None:
    with pytest.raises(InvalidFormError, match="not UTF-8, at byte 0"):
        read_form(b"\xff", "trip.toml", lambda _: MODEL)
    with pytest.raises(InvalidFormError, match="larger than 262144 bytes"):
        read_form(b"#" * 300_000, "trip.toml", lambda _: MODEL)


DOCUMENT = (Path(__file__).parents[3] / "docs" / "forms.md").read_text(encoding="utf-8")


def test_every_key_is_documented() -> None:
    documented = {
        name
        for row in re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", DOCUMENT, re.MULTILINE)
        for name in re.findall(r"`([a-z_]+)`", row)
    }
    keys = set(FormTable.model_fields) | set(SlotTable.model_fields)
    assert keys - {"slots"} <= documented
