"""Text → tokens with offsets; the one tokenizer of training and serving."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.entities import name2codepoint
from typing import Any

import regex

# A run of letters, digits and their combining marks is a token, and joiners inside it belong to
# it. Scripts that set no blanks between words give a token a letter with its marks; any other
# visible character stands alone. Some marks belong to what they stand in: the points of p.m., the
# signs in numbers, times and dates, left-over tags of markup. What is left, blanks, controls and
# invisible formatting such as bidirectional marks, belongs to no token. The inner ++ takes a run in
# one step and not letter by letter, for a word may be as long as a body.
#
# A token depends on nothing beyond the blanks around it. No-break and thin spaces, which some
# languages write within a number, are no blanks there.
UNCUT_SCRIPTS = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
UNSPACED_SCRIPTS = rf"\p{{Han}}\p{{Hiragana}}\p{{Katakana}}{UNCUT_SCRIPTS}"
_TAGS = (
    "a|abbr|b|big|blockquote|br|center|cite|code|dd|del|dfn|div|dl|dt|em|font|h[1-6]|hr|i|ins|kbd|"
    "li|mark|ol|p|pre|q|s|samp|small|span|strike|strong|sub|sup|td|th|tr|tt|u|ul|var|wbr"
)
# Any name would take the word from rock&roll; as well.
_ENTITIES = "|".join(["apos", *name2codepoint])
_MARKUP = (
    rf"(?i:<(?:{_TAGS})/?>|</[a-z][a-z0-9:-]{{0,30}}>|\[/?(?:b|i|u|s|url|code|quote)\])"
    rf"|&(?:{_ENTITIES}|#[0-9]{{1,7}}|#[xX][0-9A-Fa-f]{{1,6}});"
    r"|\]\([^()\s]{1,300}\)"  # the end of [a link](of Markdown)
)
# Letters to Unicode, that are typed for apostrophes.
APOSTROPHE_LETTERS = "\u02bb\u02bc\u02bd"
# Whose dollars, before the sign.
_DOLLARS = r"(?:(?:US|AU?|CA?|HK|NZ|SG?|R|NT|MX)(?=[$\uff04]))?"
# Belong to a word that they stand in: what joins letters, and what says where a line may break.
_JOINERS = r"\u00ad\u200c\u200d\u2060"
# Behind a look at what begins it, for most tokens are no numbers. A repetition has a bound where
# its rest would be tried again, or a line of commas took a time that grows with its square.
_NUMBER = r"""
    (?=[{signs}{digits}.'\u2018\u2019ACHMNRSU])
    (?:
        {sign}(?:{digit}+(?:[.,]{digit}+)*|\.{digit}+)(?:[kKmMbB]|bn)(?!{inner})    # $5k   £1.5m
      | (?:{sign})?
        (?:
            {digit}{{1,3}}(?:\.{digit}{{3}}){{1,5}},{digit}{{1,2}}(?!,?{digit})    # 1.000,50
          | {digit}{{1,2}}(?:,{digit}{{2}}){{1,5}},{digit}{{3}}(?!,?{digit})      # 1,00,000
          | {digit}+(?:{comma}{digit}{{3}})+(?!{digit})(?:{dot}{digit}+)?   # 1,000   1,000.50
          | {digit}{{1,3}}(?:['\u2019\u00a0\u2009\u202f]{digit}{{3}})+(?!{digit})
                (?:[.,]{digit}{{1,2}}(?![.,]?{digit}))?                    # 1'000
          | {digit}+(?:{dot}{digit}+)+                  # 4.5   24.12.2026
          | {digit}+(?:[/\u2044]{digit}+)+              # 11/2   3/26/2026
          | {digit}{{4}}-{digit}{{1,2}}-{digit}{{1,2}}(?!{digit})   # 2026-11-02
          | (?<!-){digit}{{1,2}}-{digit}{{1,2}}                     # 11-2-26
                -{digit}{{2}}(?:{digit}{{2}})?(?![-{digits}])
          | {digit}+(?:[:\uff1a]{digit}{{2}})+(?!{digit})           # 5:30   13:22:09
          | (?<!{digit},){digit}+,{digit}{{1,2}}(?![,{digits}])     # 4,5
          | {digit}+(?=[A-Za-z](?:\.[A-Za-z](?!{inner}))+)          # the 5 of 5p.m.
        ){unit}?
      | {sign}\.?{digit}+{unit}?                                   # $5   $.50
      | {digit}+{unit}                                             # 5%   5€
      | (?<![.])(?<!{inner})\.{digit}+(?!{dot}?{digit}){unit}?      # .5
      | (?:1[0-9]|20)?[0-9]0['\u2019]s(?!{inner})                  # 90's   1840's
      | (?<!{inner})['\u2018\u2019][0-9]0s(?!{inner}|['\u2019])    # '90s
    )
"""
_VERBOSE_MARKUP = _MARKUP.replace("#", r"\#")
# Khmer, Burmese and Tibetan write letters below others, which stay with these.
_MARKS = r"(?:[\p{M}\u0e33\u0eb3]|(?<=[\u17d2\u1039])\p{L})*+"


def _pattern(scripts: str) -> Any:
    """The tokens of all texts, where these scripts set no blanks between words."""
    unspaced = rf"[[{scripts}]--[\p{{M}}\p{{Nd}}]]"
    letter = rf"[\p{{L}}--[{scripts}{APOSTROPHE_LETTERS}]]"
    inner = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{unspaced}{APOSTROPHE_LETTERS}]]"
    number = _NUMBER.format(
        sign=rf"{_DOLLARS}\p{{Sc}}",
        signs=r"\p{Sc}",
        digit=r"\p{Nd}",
        digits=r"\p{Nd}",
        # The full-width comma is one within a number where the digits are as wide.
        comma=r"(?:[,\u066c]|(?<=[\uff10-\uff19])\uff0c(?=[\uff10-\uff19]))",
        dot=r"[.\u066b\uff0e]",
        unit=r"[%‰\u066a\uff05\p{Sc}]",
        inner=r"[\p{L}\p{M}\p{N}]",
    )
    return regex.compile(
        rf"""
    {unspaced}{_MARKS}
  | (?![A-Z]{{1,2}}[$\uff04]){letter}{inner}++(?![{_JOINERS}])
  | {number}
  | {letter}(?:[.\uff0e]{letter}(?![\p{{L}}\p{{M}}\p{{N}}]))+[.\uff0e]?     # p.m.   U.S.
  | [[\p{{L}}\p{{N}}]--[{unspaced}{APOSTROPHE_LETTERS}]]
        (?:{inner}++|[{_JOINERS}](?=[[\p{{L}}\p{{M}}]--[{unspaced}{APOSTROPHE_LETTERS}]]))*
  | {_VERBOSE_MARKUP}
  | [^\s\p{{C}}\p{{Z}}]""",
        regex.VERSION1 | regex.VERBOSE,
    )


_TOKEN = _pattern(UNSPACED_SCRIPTS)
_TOKEN_OF_CUT = _pattern(r"\p{Han}\p{Hiragana}\p{Katakana}")
# The same for texts of ASCII alone, in a fraction of the time.
_ASCII_TOKEN = re.compile(
    r"[a-z][A-Za-z0-9]+|[A-Z](?![A-Z]?\$)[A-Za-z0-9]+|"
    + _NUMBER.format(
        sign=rf"{_DOLLARS}\$",
        signs=r"\$",
        digit="[0-9]",
        digits="0-9",
        comma=",",
        dot=r"\.",
        unit="[%$]",
        inner="[A-Za-z0-9]",
    )
    + rf"""
  | [A-Za-z](?:\.[A-Za-z](?![A-Za-z0-9]))+\.?
  | [A-Za-z0-9]+
  | {_VERBOSE_MARKUP}
  | [!-~]""",
    re.VERBOSE,
)
_LETTER = regex.compile(rf"[[{UNSPACED_SCRIPTS}]--[\p{{M}}\p{{Nd}}]]{_MARKS}", regex.VERSION1)
_SPOKEN = regex.compile(rf"[[\p{{L}}\p{{N}}]--[{APOSTROPHE_LETTERS}]]", regex.VERSION1)
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
