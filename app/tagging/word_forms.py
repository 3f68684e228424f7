"""
A token as typed → the words that a network reads of it.

What people write in several ways is one here, so that training and typing agree: p.m. is pm, 1,000
is 1000, 5pm is 5 pm, 90's is 90s, a curly apostrophe a straight one. Emoji and bullets are no
words, nor are marks that only set something apart, quotes, brackets, emphasis and tags of HTML:
what stands between them is read as it is without them, and no slot begins or ends with one.
"""

import html
import unicodedata

import regex

from app.tagging.tokenizer import APOSTROPHE_LETTERS, is_punctuation

# Quotes and brackets of all scripts, and what Markdown and messengers emphasise with.
_SETS_APART = regex.compile(
    r"[\p{Ps}\p{Pe}\p{Pi}\p{Pf}'\"＇＂`｀´′″״׳❛❜❝❞≪≫*_~<>|^=#\\＊＿＜＞｜＾＝＃＼"
    rf"{APOSTROPHE_LETTERS}]"
)
_PICTURE = regex.compile(
    r"[•‣▪-◿\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}\ufe0e\ufe0f\u20e3]"
)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u2060\ufe0e\ufe0f\u20e3"))
_FRACTION = regex.compile(r"[¼-¾⅐-⅞↉]")
_LONGEST_WHOLE = 2  # digits before a fraction: 10½, and not 003½, which is a name
_DECADE = regex.compile(r"['\u2018\u2019]?(?P<number>\d*0)['\u2019]?s")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_DOTTED = regex.compile(r"\p{L}(?:\.\p{L})+\.?")
_THOUSANDS = regex.compile(r"(\d+(?:[,'\u2019\s]\d{2,3})*[,'\u2019\s]\d{3})(?:[.,](\d+))?")
_POINTS = regex.compile(r"([1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d{1,2}))?")
_BETWEEN_THOUSANDS = regex.compile(r"\D")
_DECIMAL_COMMA = regex.compile(r"^(\d+),(\d{1,2})$")
_LONGEST_NUMBER = 64  # to put in its usual form what is longer takes long, and says little
_SEPARATORS = str.maketrans("٫٬⁄", ".,/")
_SIGNED = regex.compile(
    r"(?:(?P<whose>[A-Z]{0,2})(?P<before>\p{Sc}))?(?P<number>\.?\d.*?)(?P<after>[%‰\u066a\p{Sc}]?)"
)
_HALF_OF_DAY = regex.compile(r"(?i)(?P<number>\d{1,4})(?P<half>[ap]m)")
_PARTS = regex.compile(r"\d+|\D")
# What a speaker says for a sign, which transcribed speech has in its place: of an amount behind the
# number.
_SAID = {"&": "and", "@": "at", "%": "percent"}
_SAID_BEHIND = {**_SAID, "$": "dollars", "£": "pounds", "€": "euros", "₹": "rupees", "¥": "yen"}


def word_forms(token: str, *, punctuation: bool, shapes: bool) -> tuple[str, ...]:
    """
    The words of a token of `tokenize`, not yet normalised; none where a network reads nothing.

    Without `punctuation` signs are read as they are said, where they are, and other marks not at
    all. With `shapes` a number, time or date with marks inside it is one word, else several.
    """
    if token.isalpha() and token not in APOSTROPHE_LETTERS:
        return (token,)
    if is_punctuation(token):
        return _of_mark(token, punctuation)
    token = token.translate(_INVISIBLE)
    if fraction := _FRACTION.search(token):
        if fraction.start() > _LONGEST_WHOLE or fraction.end() < len(token):
            return (token,)
        whole, written = token[: fraction.start()], unicodedata.normalize("NFKC", fraction[0])
        parts = _of_number(written, punctuation, shapes)
        return (whole, *parts) if whole else parts
    if not token.isascii() and len(token) <= _LONGEST_NUMBER:
        token = unicodedata.normalize("NFKC", token)
    if _DOTTED.fullmatch(token):
        return (token.replace(".", ""),)
    if match := _HALF_OF_DAY.fullmatch(token):
        return (match["number"], match["half"])
    if match := _DECADE.fullmatch(token):
        return (f"{match['number']}s",)
    if match := _SIGNED.fullmatch(token):
        before, number, after = match["before"], match["number"], match["after"]
        numbers = _of_number(number, punctuation, shapes)
        if punctuation:
            return tuple(filter(None, (match["whose"], before, *numbers, after)))
        signs = (_SAID_BEHIND.get(sign) for sign in (before, after))
        return (*numbers, *filter(None, signs))
    return (token,)


def _of_mark(token: str, punctuation: bool) -> tuple[str, ...]:
    if len(token) > 1:
        # Of markup a sign that a speaker says is what it stands for.
        meant = html.unescape(token)
        return _of_mark(meant, punctuation) if meant in _SAID_BEHIND else ()
    if _SETS_APART.match(token) or _PICTURE.match(token):
        return ()
    if not punctuation:
        said = _SAID.get(unicodedata.normalize("NFKC", token))
        return (said,) if said else ()
    return (token.translate(_DASHES),)


def _of_number(number: str, punctuation: bool, shapes: bool) -> tuple[str, ...]:
    number = number.translate(_SEPARATORS)
    if match := _THOUSANDS.fullmatch(number) or _POINTS.fullmatch(number):
        whole, part = match.groups()
        number = _BETWEEN_THOUSANDS.sub("", whole) + (f".{part}" if part else "")
    if number.startswith("."):
        number = f"0{number}"
    if number.isalnum():
        return (number,)
    number = _DECIMAL_COMMA.sub(r"\1.\2", number)
    if shapes:
        return (number,)
    return tuple(part for part in _PARTS.findall(number) if punctuation or not is_punctuation(part))
