"""
What people write for what, in English, to measure on.

Training never sees these tables: it makes its noise from tables of its own, or the points that
noise costs would be those of what was learnt by heart.
"""

from collections.abc import Mapping

# As in messages: every word that has an entry is written so.
SHORT: Mapping[str, str] = {
    "you": "u",
    "your": "ur",
    "are": "r",
    "please": "pls",
    "thanks": "thx",
    "what": "wat",
    "and": "n",
    "with": "w/",
    "without": "w/o",
    "about": "abt",
    "because": "cuz",
    "people": "ppl",
    "tomorrow": "tmrw",
    "tonight": "2nite",
    "today": "2day",
    "before": "b4",
    "after": "aft",
    "between": "btwn",
    "through": "thru",
    "minutes": "mins",
    "minute": "min",
    "hours": "hrs",
    "hour": "hr",
    "weeks": "wks",
    "week": "wk",
    "number": "no",
    "information": "info",
    "international": "intl",
    "airport": "apt",
    "flights": "flts",
    "flight": "flt",
    "restaurant": "resto",
    "street": "st",
    "favorite": "fav",
    "monday": "mon",
    "tuesday": "tue",
    "wednesday": "wed",
    "thursday": "thu",
    "friday": "fri",
    "saturday": "sat",
    "sunday": "sun",
    "january": "jan",
    "february": "feb",
    "march": "mar",
    "april": "apr",
    "june": "jun",
    "july": "jul",
    "august": "aug",
    "september": "sept",
    "october": "oct",
    "november": "nov",
    "december": "dec",
}

# Letters, digits and signs for words.
SIGNS: Mapping[str, str] = {
    "to": "2",
    "too": "2",
    "for": "4",
    "be": "b",
    "see": "c",
    "you": "u",
    "are": "r",
    "why": "y",
    "at": "@",
    "and": "&",
    "okay": "k",
    "one": "1",
    "great": "gr8",
    "late": "l8",
    "later": "l8r",
    "wait": "w8",
    "anyone": "any1",
    "someone": "some1",
    "forget": "4get",
    "today": "2day",
    "tomorrow": "2moro",
}

# Clipped words.
CLIPPED: Mapping[str, str] = {
    "afternoon": "arvo",
    "airline": "airln",
    "airlines": "airlns",
    "arrival": "arr",
    "arriving": "arr",
    "available": "avail",
    "business": "biz",
    "definitely": "def",
    "departing": "dep",
    "departure": "dep",
    "evening": "eve",
    "favorite": "fave",
    "favourite": "fave",
    "forecast": "fcst",
    "leaving": "lvng",
    "limousine": "limo",
    "morning": "morn",
    "movie": "mov",
    "movies": "movs",
    "probably": "prob",
    "rating": "rtg",
    "really": "rly",
    "reservation": "resv",
    "reservations": "resvs",
    "schedule": "sched",
    "service": "svc",
    "soundtrack": "ost",
    "television": "telly",
    "temperature": "temp",
    "ticket": "tix",
    "tickets": "tix",
    "thursday": "thurs",
    "tuesday": "tues",
    "wednesday": "weds",
}

# Abbreviations that are written with points.
DOTTED: Mapping[str, str] = {
    "st": "St.",
    "dr": "Dr.",
    "mr": "Mr.",
    "mrs": "Mrs.",
    "ms": "Ms.",
    "jr": "Jr.",
    "sr": "Sr.",
    "ave": "Ave.",
    "blvd": "Blvd.",
    "rd": "Rd.",
    "mt": "Mt.",
    "ft": "Ft.",
    "vs": "vs.",
    "feat": "feat.",
    "vol": "vol.",
    "dc": "D.C.",
    "usa": "U.S.A.",
    "uk": "U.K.",
}
DOTTED_PAIRS: Mapping[tuple[str, str], str] = {
    ("a", "m"): "a.m.",
    ("p", "m"): "p.m.",
    ("d", "c"): "D.C.",
    ("u", "s"): "U.S.",
    ("u", "k"): "U.K.",
}
# Only behind a number: "i am" is none.
HALVES: Mapping[str, str] = {"am": "a.m.", "pm": "p.m."}

# Words that have lost their apostrophe.
APOSTROPHES: Mapping[str, str] = {
    "dont": "don't",
    "doesnt": "doesn't",
    "cant": "can't",
    "isnt": "isn't",
    "whats": "what's",
    "thats": "that's",
    "lets": "let's",
    "im": "i'm",
    "ive": "i've",
    "youre": "you're",
    "oclock": "o'clock",
}
# What stands behind the apostrophe where a corpus has a word of it, and behind which words.
ENDINGS: Mapping[str, frozenset[str] | None] = {
    "s": None,  # any word's
    "d": frozenset(("i", "you", "he", "she", "we", "they", "it", "that", "who")),
    "ll": frozenset(("i", "you", "he", "she", "we", "they", "it", "that", "there")),
    "ve": frozenset(("i", "you", "we", "they", "could", "should", "would")),
    "re": frozenset(("you", "we", "they", "what", "where")),
    "m": frozenset(("i",)),
    "t": frozenset(("don", "doesn", "didn", "isn", "aren", "can", "won", "couldn", "wouldn")),
    "clock": frozenset(("o",)),
}

# Words that are written with a hyphen between them.
HYPHENS: frozenset[tuple[str, str]] = frozenset(
    (
        ("round", "trip"),
        ("one", "way"),
        ("non", "stop"),
        ("first", "class"),
        ("top", "rated"),
        ("close", "by"),
        ("sci", "fi"),
        ("hip", "hop"),
        ("lo", "fi"),
        ("pre", "party"),
        ("up", "tempo"),
        ("all", "time"),
        ("must", "have"),
        ("low", "cost"),
        ("well", "known"),
    )
)
WITH_HYPHEN: Mapping[str, str] = {"nonstop": "non-stop", "roundtrip": "round-trip"}
TENS = frozenset(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"))
UNITS = frozenset(
    (
        *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    )
)
# What the hour before a.m. and p.m. is, in words.
HOURS = UNITS | {"ten", "eleven", "twelve"}

# Amounts that are written with a sign, before or behind the number.
AMOUNTS: Mapping[str, tuple[str, str]] = {
    "dollars": ("$", ""),
    "dollar": ("$", ""),
    "euros": ("€", ""),
    "pounds": ("£", ""),
    "percent": ("", "%"),
}

# Marks around a value.
PAIRS: tuple[tuple[str, str], ...] = (
    ('"', '"'),
    ("“", "”"),
    ("'", "'"),
    ("‘", "’"),
    ("(", ")"),
    ("*", "*"),
)
PAIRS_OF_CHARACTERS: tuple[tuple[str, str], ...] = (
    ("「", "」"),
    ("“", "”"),
    ("《", "》"),
    ("（", "）"),
)
