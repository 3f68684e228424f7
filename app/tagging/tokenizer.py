"""Text → tokens with offsets; the one tokenizer of training and serving."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import regex

# A run of letters, digits and their combining marks is a token, and joiners inside it belong to
# it. Scripts that set no blanks between words give a token a letter with its marks; any other
# visible character stands alone. Some marks belong to what they stand in: the points of p.m., the
# signs in numbers, times and dates, left-over tags of markup. What is left, blanks, controls and
# invisible formatting such as bidirectional marks, belongs to no token. The inner ++ takes a run in
# one step and not letter by letter, for a word may be as long as a body.
#
# A token depends on nothing beyond the blanks around it.
UNCUT_SCRIPTS = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
UNSPACED_SCRIPTS = rf"\p{{Han}}\p{{Hiragana}}\p{{Katakana}}{UNCUT_SCRIPTS}"
_TAGS = (
    "a|abbr|b|big|blockquote|br|center|cite|code|dd|del|dfn|div|dl|dt|em|font|h[1-6]|hr|i|ins|kbd|"
    "li|mark|ol|p|pre|q|s|samp|small|span|strike|strong|sub|sup|td|th|tr|tt|u|ul|var|wbr"
)
_MARKUP = rf"(?i:</?(?:{_TAGS})/?>)|&(?:[A-Za-z]{{2,8}}|#[0-9]{{1,7}}|#x[0-9A-Fa-f]{{1,6}});"
# Behind a look at what begins it, for most tokens are no numbers.
_NUMBER = r"""
    (?=[{signs}{digits}])
    (?:
        {sign}?
        (?:
            {digit}+(?:,{digit}{{3}})+(?!{digit})(?:\.{digit}+)?    # 1,000   1,000.50
          | {digit}+(?:\.{digit}+)+                     # 4.5   24.12.2026
          | {digit}+(?:/{digit}+)+                      # 11/2   3/26/2026
          | {digit}{{4}}-{digit}{{1,2}}-{digit}{{1,2}}(?!{digit})   # 2026-11-02
          | {digit}+(?:[:\uff1a]{digit}{{2}})+(?!{digit})           # 5:30   13:22:09
          | (?<!{digit},){digit}+,{digit}{{1,2}}(?![,{digits}])     # 4,5
          | {digit}+(?=[A-Za-z](?:\.[A-Za-z](?!{inner}))+)          # the 5 of 5p.m.
        ){unit}?
      | {sign}{digit}+{unit}?                        # $5
      | {digit}+{unit}                               # 5%   5€
    )
"""
_VERBOSE_MARKUP = _MARKUP.replace("#", r"\#")
# Khmer, Burmese and Tibetan write letters below others, which stay with these.
_MARKS = r"(?:[\p{M}\u0e33\u0eb3]|(?<=[\u17d2\u1039])\p{L})*+"


def _pattern(scripts: str) -> Any:
    """The tokens of all texts, where these scripts set no blanks between words."""
    unspaced = rf"[[{scripts}]--[\p{{M}}\p{{Nd}}]]"
    letter = rf"[\p{{L}}--[{scripts}]]"
    inner = rf"[[\p{{L}}\p{{M}}\p{{N}}]--{unspaced}]"
    number = _NUMBER.format(
        sign=r"\p{Sc}",
        signs=r"\p{Sc}",
        digit=r"\p{Nd}",
        digits=r"\p{Nd}",
        unit=r"[%‰\u066a\uff05\p{Sc}]",
        inner=r"[\p{L}\p{M}\p{N}]",
    )
    return regex.compile(
        rf"""
    {letter}{inner}++(?![\u200c\u200d])
  | {unspaced}{_MARKS}
  | {number}
  | {letter}(?:\.{letter}(?![\p{{L}}\p{{M}}\p{{N}}]))+\.?     # p.m.   U.S.
  | [[\p{{L}}\p{{N}}]--{unspaced}]
        (?:{inner}++|[\u200c\u200d](?=[[\p{{L}}\p{{M}}]--{unspaced}]))*
  | {_VERBOSE_MARKUP}
  | [^\s\p{{C}}\p{{Z}}]""",
        regex.VERSION1 | regex.VERBOSE,
    )


_TOKEN = _pattern(UNSPACED_SCRIPTS)
_TOKEN_OF_CUT = _pattern(r"\p{Han}\p{Hiragana}\p{Katakana}")
# The same for texts of ASCII alone, in a fraction of the time.
_ASCII_TOKEN = re.compile(
    r"[A-Za-z][A-Za-z0-9]+|"
    + _NUMBER.format(
        sign=r"\$", signs=r"\$", digit="[0-9]", digits="0-9", unit="[%$]", inner="[A-Za-z0-9]"
    )
    + rf"""
  | [A-Za-z](?:\.[A-Za-z](?![A-Za-z0-9]))+\.?
  | [A-Za-z0-9]+
  | {_VERBOSE_MARKUP}
  | [!-~]""",
    re.VERBOSE,
)
_LETTER = regex.compile(rf"[[{UNSPACED_SCRIPTS}]--[\p{{M}}\p{{Nd}}]]{_MARKS}", regex.VERSION1)
_SPOKEN = regex.compile(r"[\p{L}\p{N}]")
_MARKUP_TOKEN = re.compile(_MARKUP)


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text; `start` and `end` count code points and `end` is exclusive."""

    text: str
    start: int
    end: int


def tokenize(text: str, *, cut: bool = False) -> list[Token]:
    """
    Split text into words, numbers, single characters of scripts without blanks, and single marks.

        "I'd fly at 5:30 p.m." → I ' d fly at 5:30 p.m.        "到台北。" → 到 台 北 。

    cut: whether there are blanks between words even in Thai, Lao, Khmer, Burmese and Tibetan.
    """
    return [Token(match[0], *match.span()) for match in _token_of(text, cut).finditer(text)]


def words_of(text: str, *, cut: bool = False) -> list[str]:
    """The texts of the tokens, in an eighth of the time."""
    words: list[str] = _token_of(text, cut).findall(text)
    return words


def ends_of(text: str, words: Sequence[str]) -> list[int]:
    """Where each token of the text ends; words: what `words_of` finds in it."""
    end = 0
    # No token begins in what is between two.
    return [end := text.index(word, end) + len(word) for word in words]


def _token_of(text: str, cut: bool) -> Any:
    if text.isascii():
        return _ASCII_TOKEN
    return _TOKEN_OF_CUT if cut else _TOKEN


def is_letter(word: str) -> bool:
    """Whether the word is a single letter or, of a script without blanks, one with its marks."""
    return len(word) == 1 or (not word.isascii() and _LETTER.fullmatch(word) is not None)


def is_punctuation(token: str) -> bool:
    """
    Whether there is nothing in the token that a speaker would say.

    It has no letter and no digit, or is a tag or an entity of HTML.
    """
    return _SPOKEN.search(token) is None or _MARKUP_TOKEN.fullmatch(token) is not None
