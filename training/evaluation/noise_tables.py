"""
What people write for what, in English, to measure on.

Training never sees these tables: it makes its noise from tables of its own, or the points that
noise costs would be those of what was learnt by heart.
"""

from collections.abc import Mapping

# As in messages: every word that has an entry is written so.
SHORT: Mapping[str, str] = {
    "you": "yoo",
    "your": "yor",
    "are": "ar",
    "please": "plse",
    "thanks": "thnks",
    "what": "whut",
    "with": "w/",
    "without": "w/o",
    "about": "bt",
    "because": "becuz",
    "people": "peepl",
    "tomorrow": "tomoz",
    "tonight": "tnght",
    "today": "tod",
    "before": "befr",
    "after": "afta",
    "between": "b/w",
    "through": "thrugh",
    "minutes": "mnts",
    "minute": "mnt",
    "hours": "hs",
    "hour": "h",
    "week": "wek",
    "number": "nmb",
    "information": "infos",
    "international": "internat",
    "airport": "arprt",
    "flights": "flgths",
    "flight": "fligt",
    "restaurant": "rstrnt",
    "street": "strt",
    "favorite": "favrt",
    "monday": "mo",
    "tuesday": "tuesd",
    "wednesday": "wedn",
    "thursday": "thursd",
    "friday": "frdy",
    "saturday": "satd",
    "sunday": "sndy",
    "january": "jany",
    "february": "febry",
    "march": "mrc",
    "april": "apri",
    "june": "jne",
    "july": "jly",
    "august": "augst",
    "september": "septem",
    "october": "octob",
    "november": "novem",
    "december": "decem",
}

# Letters, digits and signs for words.
SIGNS: Mapping[str, str] = {
    "you": "yew",
    "why": "wy",
    "great": "grt8",
    "late": "l8e",
    "anyone": "any1",
    "forget": "4get",
    "today": "2dy",
    "tomorrow": "2morow",
    "tonight": "2nyt",
    "before": "be4",
    "for": "4r",
    "to": "2o",
    "at": "@t",
    "wait": "wai8",
    "someone": "sum1",
    "everyone": "evry1",
}

# Clipped words.
CLIPPED: Mapping[str, str] = {
    "afternoon": "aftnn",
    "airline": "airl",
    "airlines": "airls",
    "arrival": "arvl",
    "arriving": "ariving",
    "available": "availbl",
    "business": "busin",
    "definitely": "def",
    "departing": "dprt",
    "departure": "dptr",
    "evening": "evenng",
    "favourite": "favo",
    "forecast": "fcst",
    "leaving": "leavn",
    "limousine": "limo",
    "morning": "mornng",
    "movie": "mvie",
    "movies": "mvies",
    "probably": "prob",
    "rating": "rtg",
    "really": "realy",
    "reservation": "reservn",
    "reservations": "reservns",
    "schedule": "schd",
    "service": "svc",
    "soundtrack": "ost",
    "television": "telly",
    "temperature": "tempr",
    "ticket": "tickt",
    "tickets": "tckts",
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
