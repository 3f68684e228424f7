"""Abbreviations at the end of a slot: the point behind one belongs to it."""

from collections.abc import Sequence

from app.tagging.slots import Span

# Seldom written without their point, even where it ends the sentence as well.
_AT_AN_END = frozenset(["bros", "corp", "esq", "inc", "jr", "ltd", "sr"])
# None is a word without its point, as sat, sun and co are.
_BEFORE_OTHERS = frozenset(
    (
        *("apr", "aug", "dec", "feb", "jan", "jul", "jun", "nov", "oct", "sep", "sept"),
        *("fri", "mon", "thu", "thur", "thurs", "tue", "tues", "wed"),
        *("ave", "blvd", "ft", "mt", "rd", "st"),
        *("dept", "dr", "feat", "mr", "mrs", "ms", "vol", "vs"),
    )
)


def with_point(tokens: Sequence[str], span: Span, first_words: Sequence[int | None]) -> Span:
    """
    The span of tokens, with the point behind it where an abbreviation or initials end it.

        [sammy davis jr] . → [sammy davis jr .]        [5 p . m] . → [5 p . m .]

    first_words: None for each token that is no word, as points are where no punctuation is read.
    """
    end = span.end
    if end == len(tokens) or tokens[end] != "." or first_words[end] is not None:
        return span
    is_initial = (
        end - span.start > 2
        and tokens[end - 2] == "."
        and max(map(len, tokens[end - 3 : end])) == 1
    )
    last = tokens[end - 1].lower()
    is_followed = any(head is not None for head in first_words[end + 1 : end + 3])
    if (
        last in _AT_AN_END
        or (last in _BEFORE_OTHERS and is_followed)
        or (is_initial and last.isalpha())
    ):
        return span._replace(end=end + 1)
    return span
