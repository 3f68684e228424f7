"""
The words that steer a conversation, in English and Chinese: fillers, corrections, questions.

They belong to a language, not to a form. A form adds its own words for cancelling, skipping and the
names of slots. Patterns that search see texts of at most 300 characters.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

__all__ = [
    "OTHER_ONE",
    "STEERING",
    "UNDO",
    "Negated",
    "earlier_of",
    "folded",
    "has_correction",
    "has_han",
    "is_filler",
    "is_question",
    "negated_of",
    "steering",
    "whole_answers",
    "without_fillers",
]

PUNCTUATION = re.compile(r"[\s\u3000.,;:!?…~·、，。；：！？「」『』“”\"()（）\-—]+")
# Characters of a few words of steering, in the traditional script.
SIMPLIFIED = str.maketrans(
    "開離個換錯實應該還對說請給們訂單從這樣嗎幾麼誰爲為張後來話過別訴數記沒關係讓",
    "开离个换错实应该还对说请给们订单从这样吗几么谁为为张后来话过别诉数记没关系让",
)

# Words that do not tell which slot a value is for.
_FILLERS = """
a an the please thanks thank you uh um erm er hmm well ok okay yes yeah yep sure oh and so
i i'd i'll i'm we we'd we'll would will like want need think guess suppose believe maybe
perhaps probably say says let's lets let me just only then it it's its is be that's there what how
my our us for on in at by around about after before until till during of
people person persons passenger passengers traveller travellers traveler travelers ticket
tickets seat seats airport city course
"""
FILLERS = frozenset(_FILLERS.split())
HAN_FILLERS = re.compile(
    r"我想要|我想|我要|我们|我|咱们|想要|就是|那么|那就|大概|可能|应该是|应该|麻烦|谢谢|好的|"
    r"国际机场|机场|火车站|个人|名乘客|乘客|张票|[嗯呃啊哦吧呢呀嘛哈噢请就那是好的了要想在有个位张名票人您你]"
)

# What corrects; a whole word or phrase.
CORRECTION = re.compile(
    r"\b(?:no|nope|sorry|oops|actually|wait|correction|instead|rather|"
    r"(?:i )?mean[t]?|i (?:said|wanted)|not quite|my mistake|"
    r"(?:can|could) (?:we|you|i) (?:make|change) (?:it|that)(?: to)?|"
    r"(?:make|change|set|switch|move|put) (?:it|that)(?: to)?|(?:make|change)(?: to)?|"
    r"better|back to|go back to)\b"
)
HAN_CORRECTION = re.compile(
    r"我说错了|说错了|搞错了|弄错了|不对|不是|我是说|我的意思是|其实是|其实|还是|应该是|"
    r"可以改成|能改成|改成|改为|改到|改去|改回到?|改|换成|换到|换回|换|更正|"
    r"抱歉|对不起|不好意思|不(?=[，,、 ])"
)
EARLIER = re.compile(r"\bback to (?P<value>.+)$")
HAN_EARLIER = re.compile(r"(?:改回到?|换回到?|还是)(?P<value>.+?)(?:吧|了)?$")
NEGATED = (
    re.compile(r"\bnot (?P<no>[^,;]+?)\s*[,;]\s*(?:but\s+)?(?P<yes>[^,;]+)$", re.IGNORECASE),
    re.compile(r"^(?P<yes>[^,;]+?)[\s,;]+(?:and\s+)?not (?P<no>[^,;]+)$", re.IGNORECASE),
    re.compile(r"^(?P<yes>[^,;]+?)[\s,;]+instead of (?P<no>[^,;]+)$", re.IGNORECASE),
    re.compile(r"不是(?P<no>[^，,、；;是]+?)[，,、；;\s]*(?:而)?是(?P<yes>[^，,、；;]+)$"),
    re.compile(r"^(?P<yes>[^，,、；;]+?)[，,、；;\s]*不是(?P<no>[^，,、；;]+)$"),
)

QUESTION = re.compile(
    r"^(?:(?:what|where|which|who|whose|why)\b(?! about\b)|what's\b|how\b(?! about\b)|"
    r"(?:is|are|was|were|does|do|did|has|have|am) \w|when (?:is|are|do|does|will|can)\b)"
)
HAN_QUESTION = re.compile(
    r"什么|怎么|怎样|如何|多少钱|多久|多远|为何|为啥|哪里|哪儿|谁|有没有|是不是|几点"
)

OTHER_ONE = frozenset(
    {
        *("the other", "the other one", "other one", "not that one", "the other one instead"),
        *("the other day", "the other time"),
        *("另一个", "另外一个", "另外那个", "别的那个", "是另一个", "换一个", "另一天", "换另一个"),
    }
)
UNDO = frozenset(
    {
        *("change it back", "change that back", "put it back", "undo", "undo that", "go back"),
        *("as it was", "as before", "the previous one", "back to the previous one"),
        *("改回去", "改回来", "换回去", "换回来", "恢复", "还是原来的", "还是之前的", "撤销"),
    }
)
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
POLITE = re.compile(
    r"(?:uh|um|erm|er|hmm|well|ok|okay|yes|yeah|yep|oh|so|and|please|then|maybe|perhaps|probably|"
    r"i (?:guess|think|suppose|believe)|i(?:'d| would) (?:like|say)|let's say|say|it's|it is|"
    r"that's|i want|we want|that would be|it would be)\b"
)
HAN_POLITE = re.compile(
    r"嗯|呃|啊|哦|噢|请|好的|那么|那就|那|就是|就(?!我)|大概|我想(?!去)|我要(?!去)|是"
)
LATIN_FIRST = (PUNCTUATION, CORRECTION, POLITE)
FIRST = (PUNCTUATION, CORRECTION, HAN_CORRECTION, POLITE, HAN_POLITE)
LATIN_LAST = (
    re.compile(r"[\s\u3000.,;:!?…~、，。；：！？]+$"),
    re.compile(
        r"\b(?:please|thanks|thank you|sorry|instead|then|i (?:guess|think|suppose)|rather)$"
    ),
)
LAST = (*LATIN_LAST, re.compile(r"(?:吧|呢|呀|嘛|谢谢|好了|啊)$"))
STEERING = UNDO | OTHER_ONE
STEERING_FIRST = re.compile(
    r"^(?:(?:no|sorry|actually|wait|ok|okay|please|oh|i mean|i meant|well|hmm)\s+)+|"
    r"^(?:(?:不对|不是|不|抱歉|对不起|请|是|要|我要)\s*)+"
)
STEERING_LAST = re.compile(r"(?:\s+(?:please|thanks|sorry|then|instead)|吧|了|谢谢)+$")


class Negated(NamedTuple):
    """
    A text such as "not Boston, Chicago".

    `wrong` is the value that it rejects; `start` and `end` are where the right one stands.
    """

    wrong: str
    start: int
    end: int


def folded(text: str) -> str:
    """
    The text made comparable.

    It is in lower case, with steering words simplified and punctuation reduced to blanks.
    """
    if text.isascii():
        return PUNCTUATION.sub(" ", text.lower()).strip()
    text = unicodedata.normalize("NFKC", text).replace("’", "'").casefold().translate(SIMPLIFIED)
    return PUNCTUATION.sub(" ", text).strip()


def simple(text: str) -> str:
    """As `folded`, but character by character, so that offsets stay the same."""
    if text.isascii():
        return text.lower()
    lowered = "".join(lower if len(lower := char.lower()) == 1 else char for char in text)
    return lowered.replace("’", "'").translate(SIMPLIFIED)


def is_filler(text: str, more: Iterable[str] = ()) -> bool:
    """Whether the text has nothing but fillers, corrections and the words in `more`."""
    rest = simple(text)
    for words in sorted(more, key=len, reverse=True):
        rest = rest.replace(words, " ")
    rest = CORRECTION.sub(" ", rest)
    if not rest.isascii():
        rest = HAN_FILLERS.sub(" ", HAN_CORRECTION.sub(" ", rest))
    return all(word in FILLERS for word in LATIN_WORD.findall(rest)) and not has_han(rest)


def has_han(text: str) -> bool:
    """Whether the text has a Chinese character."""
    return not text.isascii() and HAN.search(text) is not None


def has_correction(text: str) -> bool:
    """Whether the text has words that correct something: "no", "I mean", 不对."""
    rest = simple(text)
    return bool(CORRECTION.search(rest) or (not rest.isascii() and HAN_CORRECTION.search(rest)))


def without_fillers(text: str) -> tuple[int, int]:
    """Start and end of the text without the corrections and fillers around it."""
    rest = simple(text)
    firsts, lasts = (LATIN_FIRST, LATIN_LAST) if rest.isascii() else (FIRST, LAST)
    start, end = 0, len(rest)
    while start < end:
        match = next(
            (
                candidate
                for pattern in firsts
                if (candidate := pattern.match(rest, start, end)) and candidate.end() > start
            ),
            None,
        )
        if match is not None:
            start = match.end()
            continue
        match = next(
            (candidate for pattern in lasts if (candidate := pattern.search(rest, start, end))),
            None,
        )
        if match is None:
            break
        end = match.start()
    return start, max(start, end)


def whole_answers(text: str) -> list[tuple[int, int]]:
    """
    The stretches that may be the whole answer, longest first.

    They are the text without blanks around it, then also without politeness at its end.
    """
    rest = simple(text)
    start = len(rest) - len(rest.lstrip())
    stretches, end = [], len(rest)
    while start < end:
        stretches.append((start, end))
        match = next(
            (candidate for pattern in LAST if (candidate := pattern.search(rest, start, end))), None
        )
        if match is None:
            break
        end = match.start()
    return stretches


def negated_of(text: str) -> Negated | None:
    """Read "not Boston, Chicago" and its like; None if the text is nothing of the kind."""
    rest = simple(text).rstrip(" .!?。！？")
    if rest.isascii() and "not " not in rest and "instead of " not in rest:
        return None
    for pattern in NEGATED:
        match = pattern.search(rest)
        if match is not None:
            start, end = match.span("yes")
            return Negated(text[slice(*match.span("no"))].strip(), start, end)
    return None


def earlier_of(text: str) -> tuple[int, int] | None:
    """Start and end of the value in "back to Denver"; None if the text is not of that form."""
    rest = simple(text).rstrip(" .!?。！？")
    if rest.isascii() and "back to " not in rest:
        return None
    for pattern in (EARLIER, HAN_EARLIER):
        match = pattern.search(rest)
        if match is not None:
            return match.span("value")
    return None


def is_question(whole: str) -> bool:
    """Whether a folded text asks a question of its own, and so is no answer."""
    return bool(QUESTION.match(whole) or (not whole.isascii() and HAN_QUESTION.search(whole)))


def steering(words: str) -> tuple[str, str]:
    """
    Two shorter variants of a folded text.

    The first lacks politeness at the end, the second also corrections at the start.
    """
    shorter = STEERING_LAST.sub("", words)
    return shorter, STEERING_FIRST.sub("", shorter)
