"""
How people write in messages, done to the sentences that a network learns from.

Words are shortened by a table and by rules, digits and letters stand for what they sound like
(2 for to, u for you), apostrophes are left out, words run together or fall apart. A sentence has
few of these at a time, and digits for words are drawn less often than other habits, so that a
network learns what may stand there and not that every 2 is a word.

The table is for training: what such habits cost is measured with others
(training/evaluation/noise_tables.py).
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from app.tagging.features import without_capital
from app.tagging.slots import OUTSIDE

_FROM_TABLE = 0.35  # of the words in the table
_DIGITS_FROM_TABLE = 0.2
_BY_SOUND = 0.02  # of the other words from a length on
_APOSTROPHES = 0.5
_JOINED = 0.01
_SPLIT = 0.01
_SHORTEST_BY_SOUND = 4
_SHORTEST_SPLIT = 6

# What stands for the word, one of them at random.
TABLE: Mapping[str, tuple[str, ...]] = {
    word: tuple(variants.split())
    for word, variants in {
        "to": "2 t 2 2",
        "too": "2",
        "two": "2",
        "for": "4 4 fr fo",
        "four": "4",
        "one": "1",
        "three": "3",
        "five": "5",
        "six": "6",
        "seven": "7",
        "eight": "8",
        "nine": "9",
        "ten": "10",
        "be": "b b",
        "see": "c",
        "you": "u u ya yu",
        "your": "ur yr yur",
        "are": "r r",
        "why": "y",
        "okay": "ok k",
        "at": "@ a",
        "and": "n & nd an",
        "with": "w wth wit wid",
        "without": "wo wout",
        "the": "d da th teh",
        "this": "dis ths thiss",
        "that": "dat tht",
        "there": "ther thr",
        "from": "frm fm fr 4rm",
        "of": "o ov f",
        "in": "n",
        "is": "s iz",
        "have": "hav hv ve",
        "has": "hs",
        "give": "giv gv gimme",
        "gives": "givs",
        "get": "gt git",
        "want": "wnt wan wanna",
        "like": "lik lk lyk",
        "would": "wud wld wd",
        "could": "cud cld cd",
        "should": "shud shld",
        "what": "wat wht wut wt",
        "when": "wen whn",
        "where": "wer whr were",
        "which": "wich whch wh",
        "who": "hu",
        "how": "hw",
        "please": "pls plz pl plss",
        "thanks": "thx thnx tnx ty",
        "thank": "thnk thx",
        "show": "shw sho",
        "me": "mi m",
        "my": "mi",
        "need": "ned nd",
        "about": "abt bout abut",
        "because": "bc cuz coz cos",
        "before": "b4 bfore bef",
        "after": "aftr aft",
        "between": "btw btwn betw",
        "through": "thru",
        "until": "til till",
        "around": "arnd round",
        "later": "l8r ltr",
        "late": "l8",
        "great": "gr8 grt",
        "ever": "evr",
        "every": "evry",
        "everyone": "every1",
        "someone": "some1",
        "people": "ppl peeps pple",
        "person": "prsn per",
        "persons": "pers",
        "today": "2day tdy tday",
        "tonight": "2nite tonite 2night tnite",
        "tomorrow": "tmrw tmr 2moro tomoro tom tomo 2mrw",
        "night": "nite nyt",
        "nights": "nites",
        "morning": "morn mornin mrng am",
        "afternoon": "aft arvo afternn",
        "evening": "eve evng evenin",
        "weekend": "wkend wknd",
        "week": "wk",
        "weeks": "wks",
        "day": "dy",
        "month": "mth mnth mo",
        "months": "mths mos",
        "year": "yr",
        "years": "yrs",
        "hour": "hr",
        "hours": "hrs",
        "minute": "min mn",
        "minutes": "mins min mns",
        "second": "sec 2nd",
        "seconds": "secs sec",
        "first": "1st frst",
        "third": "3rd",
        "monday": "mon mond mndy",
        "tuesday": "tue tues tu",
        "wednesday": "wed weds wednes",
        "thursday": "thu thurs thur thrs",
        "friday": "fri fr frid",
        "saturday": "sat satur",
        "sunday": "sun sund",
        "january": "jan janu",
        "february": "feb febr",
        "march": "mar mrch",
        "april": "apr apl",
        "june": "jun",
        "july": "jul",
        "august": "aug",
        "september": "sep sept",
        "october": "oct octo",
        "november": "nov",
        "december": "dec",
        "flight": "flt flite fl flgt",
        "flights": "flts flites fls flghts",
        "airline": "al airln",
        "airlines": "arlns airlns",
        "airport": "apt airprt arpt",
        "aircraft": "acft a/c",
        "arrive": "arr ariv",
        "arriving": "arr arrvng",
        "depart": "dep dpt",
        "departing": "dep dptng",
        "departure": "dep dept",
        "leave": "lv leav",
        "leaving": "lvg leavin lvng",
        "return": "rtn ret retrn",
        "returning": "rtng ret",
        "ticket": "tkt tix tckt",
        "tickets": "tkts tix",
        "nonstop": "non-stop nstp",
        "direct": "dir drct",
        "cheapest": "cheapst chpst",
        "passengers": "pax psgrs",
        "passenger": "pax psgr",
        "round": "rnd rd",
        "trip": "trp",
        "business": "biz bus busi",
        "class": "cls clas",
        "economy": "econ eco",
        "dollars": "dlrs usd bucks",
        "international": "intl int'l internatl",
        "information": "info inf",
        "number": "no nr num nbr #",
        "street": "st str",
        "avenue": "ave av",
        "north": "n nth",
        "south": "s sth",
        "east": "e",
        "west": "w",
        "saint": "st",
        "fort": "ft",
        "mount": "mt",
        "united": "utd",
        "restaurant": "rest resto restrnt",
        "restaurants": "restos rests",
        "reservation": "resv rsvp rez reserv",
        "reservations": "resvs rez",
        "reserve": "resrv rsrv",
        "table": "tbl",
        "book": "bk buk",
        "movie": "mov film movi",
        "movies": "movs",
        "theatre": "thtr",
        "theater": "thtr",
        "song": "sng",
        "songs": "sngs",
        "music": "musc muzik",
        "playlist": "plist playlst pl",
        "album": "albm alb",
        "favorite": "fav fave favrite",
        "favourite": "fav fave",
        "volume": "vol",
        "weather": "wthr wether weathr",
        "forecast": "fcast frcst",
        "temperature": "temp tmp",
        "schedule": "sched sch schdl",
        "picture": "pic",
        "message": "msg",
        "reminder": "rem rmndr",
        "remind": "rmnd",
        "appointment": "appt",
        "meeting": "mtg",
        "doctor": "dr doc",
        "mister": "mr",
        "telephone": "tel fone",
        "phone": "fone ph",
        "television": "tv",
        "university": "uni univ",
        "company": "co",
        "department": "dept",
        "government": "govt",
        "building": "bldg",
        "apartment": "apt",
        "degrees": "deg degs",
        "miles": "mi",
        "kilometers": "km kms",
        "maximum": "max",
        "minimum": "min",
        "approximately": "approx",
        "versus": "vs",
        "something": "sth smth",
        "going": "goin gonna",
        "love": "luv",
        "good": "gud gd",
        "best": "bst",
        "rate": "r8 rte",
        "wait": "w8",
        "mate": "m8",
        "really": "rly",
        "very": "v vry",
        "know": "kno no",
        "let": "lemme",
    }.items()
}

# Spellings by sound: the first that a word holds is written so.
_SOUNDS = (
    ("ight", "ite"),
    ("fore", "4"),
    ("for", "4"),
    ("ate", "8"),
    ("eat", "8"),
    ("one", "1"),
    ("ing", "in"),
    ("tion", "shn"),
    ("ck", "k"),
    ("ough", "o"),
    ("ph", "f"),
    ("th", "d"),
    ("er", "a"),
    ("ee", "e"),
    ("oo", "u"),
    ("to", "2"),
)
# What is left of a word where the apostrophe before it was.
_CONTRACTED = frozenset(["s", "d", "m", "t", "ll", "re", "ve", "clock"])


def messaged(
    words: Sequence[str],
    tags: Sequence[str],
    random: np.random.Generator,
    read: Callable[[str], tuple[str, ...]],
) -> tuple[list[str], list[str]]:
    """
    A sentence as in a message, with its tags.

    read: the words that the network reads of what is written.
    """
    found: list[str] = []
    of_found: list[str] = []
    chances = random.random((len(words), 2)).tolist()
    for word, tag, (chance, fate) in zip(words, tags, chances, strict=True):
        plain = without_capital(word)
        if found and _goes_on(of_found[-1], tag) and _loses_its_gap(plain, found[-1], chance):
            found[-1] += plain
            continue
        pieces = _written(plain, chance, fate, read)
        found += (word.removesuffix(plain) + pieces[0], *pieces[1:])
        of_found.append(tag)
        of_found += [tag if tag == OUTSIDE else f"I-{tag[2:]}"] * (len(pieces) - 1)
    return found, of_found


def _goes_on(before: str, tag: str) -> bool:
    return before == tag == OUTSIDE or (tag.startswith("I-") and before[2:] == tag[2:])


def _loses_its_gap(word: str, before: str, chance: float) -> bool:
    if not (word.isalpha() and word.isascii() and before[-1:].isalpha()):
        return False
    return chance < (_APOSTROPHES if word in _CONTRACTED else _JOINED)


def _written(
    word: str, chance: float, fate: float, read: Callable[[str], tuple[str, ...]]
) -> Sequence[str]:
    """The word as somebody in a hurry writes it: one word, or several."""
    chance -= _JOINED
    if variants := TABLE.get(word):
        variant = variants[int(fate * len(variants))]
        share = _DIGITS_FROM_TABLE if variant.isdigit() else _FROM_TABLE
        # What the network reads nothing of would take the word away.
        return (chance < share and read(variant)) or (word,)
    if not (word.isalpha() and word.isascii()):
        return (word,)
    if chance < _BY_SOUND and len(word) >= _SHORTEST_BY_SOUND:
        return (_by_sound(word),)
    if _BY_SOUND <= chance < _BY_SOUND + _SPLIT and len(word) >= _SHORTEST_SPLIT:
        at = 2 + int(fate * (len(word) - 3))
        return word[:at], word[at:]
    return (word,)


def _by_sound(word: str) -> str:
    for sound, written in _SOUNDS:
        if sound in word[1:]:
            return word[0] + word[1:].replace(sound, written, 1)
    return word
