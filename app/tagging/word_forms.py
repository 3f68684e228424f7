"""
A token as typed → the words that a network reads of it.

What people write in several ways is one here, so that training and typing agree: p.m. is pm, 1,000
is 1000, 5pm is 5 pm, a curly apostrophe a straight one. Marks that only set something apart,
quotes, brackets, emphasis and tags of HTML, are no words at all: what stands between them is read
as it is without them, and no slot begins or ends with one.
"""

import regex

from app.tagging.tokenizer import is_punctuation

# Quotes and brackets of all scripts, and what Markdown and messengers emphasise with.
_SETS_APART = regex.compile(r"[\p{Ps}\p{Pe}\p{Pi}\p{Pf}'\"＇＂ʼ`｀´*_~<>|^=#\\]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_DOTTED = regex.compile(r"\p{L}(?:\.\p{L})+\.?")
_THOUSANDS = regex.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL_COMMA = regex.compile(r"^(\d+),(\d{1,2})$")
_SIGNED = regex.compile(r"(?P<before>\p{Sc}?)(?P<number>\d.*?)(?P<after>[%‰\u066a\uff05\p{Sc}]?)")
_HALF_OF_DAY = regex.compile(r"(?i)(?P<number>\d{1,4})(?P<half>[ap]m)")
_PARTS = regex.compile(r"\d+|\D")
# What a speaker says for a sign, which transcribed speech has in its place: of an amount behind the
# number.
_SAID = {"&": "and", "@": "at", "%": "percent"}
_SAID_BEHIND = {**_SAID, "$": "dollars", "£": "pounds", "€": "euros"}


def word_forms(token: str, *, punctuation: bool, shapes: bool) -> tuple[str, ...]:
    """
    The words of a token of `tokenize`, not yet normalised; none where a network reads nothing.

    Without `punctuation` signs are read as they are said, where they are, and other marks not at
    all. With `shapes` a number, time or date with marks inside it is one word, else several.
    """
    if token.isalpha():
        return (token,)
    if is_punctuation(token):
        return _of_mark(token, punctuation)
    if token[0].isalpha():
        return (token.replace(".", "") if _DOTTED.fullmatch(token) else token,)
    if match := _HALF_OF_DAY.fullmatch(token):
        return (match["number"], match["half"])
    if match := _SIGNED.fullmatch(token):
        before, number, after = match["before"], match["number"], match["after"]
        numbers = _of_number(number, punctuation, shapes)
        if punctuation:
            return tuple(filter(None, (before, *numbers, after)))
        signs = (_SAID_BEHIND.get(sign) for sign in (before, after))
        return (*numbers, *filter(None, signs))
    return (token,)


def _of_mark(token: str, punctuation: bool) -> tuple[str, ...]:
    if len(token) > 1 or _SETS_APART.match(token):
        return ()
    if not punctuation:
        return (_SAID[token],) if token in _SAID else ()
    return (token.translate(_DASHES),)


def _of_number(number: str, punctuation: bool, shapes: bool) -> tuple[str, ...]:
    number = _THOUSANDS.sub("", number)
    if number.isalnum():
        return (number,)
    if shapes:
        return (_DECIMAL_COMMA.sub(r"\1.\2", number),)
    return tuple(part for part in _PARTS.findall(number) if punctuation or not is_punctuation(part))
