"""
Which slots of an unfinished sentence will stay as they are.

The networks read both ways, so that every word to come may change every slot. How likely that is
a slot's calibrated confidence tells, once something has followed the slot; that it has been the
same for several words says nothing more. How much of both it takes is found on dev, so that of a
hundred settled slots at most one changes (training/exporting/stability.py), and is among the
manifest's figures: what follows is counted in words or, in scripts without blanks, in characters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from app.tagging.slots import Slot
from app.tagging.tokenizer import UNCUT_SCRIPTS, UNSPACED_SCRIPTS, Token, is_punctuation, tokenize

_CHARACTER = regex.compile(rf"[{UNSPACED_SCRIPTS}]")
# Of these scripts a letter gets its marks after it; of Han and kana it comes with them.
_MAY_GET_MARKS = regex.compile(rf"[{UNCUT_SCRIPTS}]\p{{M}}*$")
# What may follow without a blank and make one token of several: 5 → 5:30, p.m → p.m.
_CONTINUATIONS = (*"as.>", "0", "00", "000", "-00", "00-00", "00,000", "０００")
# All of what may be the target of a link of Markdown, and no word at all.
_LINK = regex.compile(r"\]\([^()\s]{0,300}+$")
_LONGEST_LINK = 302
_CHANGEABLE = 6  # tokens at the end of a text, those of 2026-11- and some more


@dataclass(frozen=True, slots=True)
class Rule:
    """The confidence of a slot, and the words that follow it, from which it is settled."""

    confidence: float
    following: int


@dataclass(frozen=True, slots=True)
class Rules:
    """One for slots that a word follows, one for those that a single character does."""

    words: Rule
    characters: Rule

    def settle(self, slot: Slot, words: Sequence[Token]) -> bool:
        """Whether a slot of a text will stay, of which these are the whole words."""
        following = [word for word in words if word.start >= slot.end]
        if not following:
            return False
        rule = self.characters if is_character(following[0].text) else self.words
        return slot.confidence >= rule.confidence and len(following) >= rule.following


# For bundles that say nothing of it: more than any bundle was found to need.
CAUTIOUS = Rules(Rule(0.98, 3), Rule(0.98, 6))


def rules_of(figures: Mapping[str, float]) -> Rules:
    """What a manifest's figures say, or else the cautious rules: the inverse of `metrics_of`."""
    return Rules(
        _rule(figures, "words", CAUTIOUS.words), _rule(figures, "characters", CAUTIOUS.characters)
    )


def metrics_of(rules: Rules) -> dict[str, float]:
    """The rules as figures of a manifest."""
    metrics = {}
    for unit, rule in (("words", rules.words), ("characters", rules.characters)):
        metrics[f"stability_{unit}_confidence"] = rule.confidence
        metrics[f"stability_{unit}"] = float(rule.following)
    return metrics


def is_character(word: str) -> bool:
    """Whether the word is of a script that sets no blanks: then it is one character."""
    return _CHARACTER.match(word) is not None


def whole_words(text: str, tokens: Sequence[Token]) -> list[Token]:
    """The words of a text but for those at its end that what comes without a blank could change."""
    words = [token for token in tokens if not is_punctuation(token.text)]
    last = tokens[-_CHANGEABLE:]
    if not last:
        return words
    at = last[0].start
    tails = [tokenize(text[at:] + more) for more in _CONTINUATIONS]
    ends = set.intersection(*({token.end for token in tail} for tail in tails))
    if link := _LINK.search(text, max(0, len(text) - _LONGEST_LINK)):
        words = [word for word in words if word.start < link.start()]
    return [
        word
        for word in words
        if word.start < at or (word.end - at in ends and not _may_get_marks(word, text))
    ]


def _may_get_marks(word: Token, text: str) -> bool:
    return word.end == len(text) and _MAY_GET_MARKS.search(word.text) is not None


def _rule(figures: Mapping[str, float], unit: str, otherwise: Rule) -> Rule:
    confidence, following = (
        figures.get(f"stability_{unit}_confidence"),
        figures.get(f"stability_{unit}"),
    )
    if confidence is None or following is None:
        return otherwise
    return Rule(confidence, int(following))
