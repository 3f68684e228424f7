"""What is asked of the tagger while it is measured: sentences as travellers say them."""

from itertools import product

_CITIES = ("boston", "denver", "dallas", "seattle", "taipei", "london", "atlanta", "chicago")
_DAYS = ("monday", "tuesday", "friday", "sunday")


def alike(count: int) -> list[str]:
    """Sentences of twelve words each."""
    journeys = product(_CITIES, _CITIES, _DAYS)
    sentences = [
        f"show me the cheapest nonstop flights from {start} to {end} on {day}"
        for start, end, day in journeys
        if start != end
    ]
    return [sentences[number % len(sentences)] for number in range(count)]


def mixed(count: int) -> list[str]:
    """Sentences of one to thirty words, the most of ten to fifteen, as in ATIS."""
    lengths = (11, 14, 6, 12, 10, 18, 13, 3, 9, 15, 11, 24, 12, 8, 1, 10, 30, 13, 7, 16)
    sentences = alike(count)
    return [
        of_length(lengths[number % len(lengths)], sentence)
        for number, sentence in enumerate(sentences)
    ]


def of_length(words: int, sentence: str | None = None) -> str:
    """A sentence, or its beginning, or as often as it takes."""
    said = (sentence or alike(1)[0]).split()
    return " ".join(said[number % len(said)] for number in range(words))
