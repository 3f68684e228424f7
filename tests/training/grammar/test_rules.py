"""The notation of grammars."""

from random import Random

import pytest

from training.grammar.rules import Grammar
from training.grammar.sentence import sentence_of


def yielded(rules: str, tries: int = 60) -> set[str]:
    """What the rule `x` yields, its values in square brackets behind their slots."""
    grammar = Grammar(rules, {"digit": lambda random: str(random.randint(0, 9))})
    found = set()
    for seed in range(tries):
        sentence = sentence_of(grammar.sentence("x", Random(seed)))
        text = sentence.text
        for start, end, slot in reversed(sentence.spans):
            text = f"{text[:start]}{slot}[{text[start:end]}]{text[end:]}"
        found.add(text)
    return found


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("x:\n    one\n    two", {"one", "two"}),
        ("x:\n    a (b|c) d", {"a b d", "a c d"}),
        ("x:\n    a[ b|c]", {"a", "a b", "ac"}),
        ("x:\n    (a|)b", {"ab", "b"}),
        ("x:\n    <y> <y>\ny:\n    b", {"b b"}),
        ("x:\n    ~(a|b)", {"a b", "b a"}),
        ("x:\n    ~,(a|b)", {"a, b", "b, a"}),
        ("x:\n    ~(a|[b])", {"a", "a b", "b a"}),
        ("# a remark\nx:\n\n    a\n    # another\n    b", {"a", "b"}),
    ],
)
def test_a_rule_yields_its_alternatives(rules: str, expected: set[str]) -> None:
    assert yielded(rules) == expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("x:\n    to <city=y>\ny:\n    Bath", "to city[Bath]"),
        ("x:\n    be <when=y>\ny:\n    on the {fifth} or so", "be on the when[fifth] or so"),
        ("x:\n    <when=y>\ny:\n    {a} to {b}", "when[a] to when[b]"),
        ("x:\n    <y>\ny:\n    on the {fifth}", "on the fifth"),
        ("x:\n    <when=y>\ny:\n    on the {<z> of May}\nz:\n    5th", "on the when[5th of May]"),
        ("x:\n    <y>\ny:\n    <a=z>-<b=z>\nz:\n    {q}!", "a[q]!-b[q]!"),
    ],
)
def test_a_slot_takes_what_is_in_braces_or_all(rules: str, expected: str) -> None:
    assert yielded(rules, tries=1) == {expected}


def test_an_option_in_an_option_is_there_once_in_four_times() -> None:
    grammar = Grammar("x:\n    a[[b]]", {})
    texts = [sentence_of(grammar.sentence("x", Random(seed))).text for seed in range(2000)]
    assert 0.21 < texts.count("ab") / 2000 < 0.29


def test_a_weight_makes_a_line_more_likely() -> None:
    grammar = Grammar("x:\n    9* a\n    1*", {})
    texts = [sentence_of(grammar.sentence("x", Random(seed))).text for seed in range(2000)]
    assert set(texts) == {"a", ""}
    assert 0.87 < texts.count("a") / 2000 < 0.93


def test_a_function_can_be_a_rule() -> None:
    assert yielded("x:\n    <n=digit>", tries=300) == {f"n[{digit}]" for digit in range(10)}


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ("x:\n    <y>", "no rule is named 'y'"),
        ("x:\n    (<y>|a)", "no rule is named 'y'"),
        ("x:\n    a\nx:\n    b", "two rules are named 'x'"),
        ("x:\n    (a|b", "a bracket lacks its"),
        ("x:\n    a)", "closes nothing"),
        ("x:\n    a|b", "alternatives need brackets"),
        ("x:\n    a < b", "not in the notation"),
    ],
)
def test_a_mistake_in_the_rules_is_refused(rules: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        Grammar(rules, {})


@pytest.mark.parametrize("rules", ["x:\n    <a=y>\ny:\n    {b", "x:\n    <a=y>\ny:\n    {b}c}"])
def test_braces_come_in_pairs(rules: str) -> None:
    with pytest.raises(AssertionError, match=r"a rule (opens|closes) a brace"):
        Grammar(rules, {}).sentence("x", Random(1))
