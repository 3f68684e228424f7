"""Abbreviations at the end of a slot: the point behind one belongs to it."""

from collections.abc import Sequence

from app.tagging.slots import Span

# None is a word without its point: behind sat, sun or co it may end the sentence.
_ABBREVIATIONS = frozenset(
    (
        *("apr", "aug", "dec", "feb", "jan", "jul", "jun", "nov", "oct", "sep", "sept"),
        *("fri", "mon", "thu", "thur", "thurs", "tue", "tues", "wed"),
        *("ave", "blvd", "ft", "mt", "rd", "st"),
        *("bros", "corp", "dept", "inc", "ltd"),
        *("dr", "esq", "jr", "mr", "mrs", "ms", "sr"),
        *("feat", "vol", "vs"),
    )
)


def with_point(tokens: Sequence[str], span: Span, heads: Sequence[int | None]) -> Span:
    """
    The span of tokens, with the point behind it where an abbreviation or initials end it.

        [sammy davis jr] . → [sammy davis jr .]        [5 p . m] . → [5 p . m .]

    heads: None for each token that is no word, as points are where no punctuation is read.
    """
    end = span.end
    if end == len(tokens) or tokens[end] != "." or heads[end] is not None:
        return span
    is_initial = (
        end - span.start > 2
        and tokens[end - 2] == "."
        and max(map(len, tokens[end - 3 : end])) == 1
    )
    if tokens[end - 1].lower() in _ABBREVIATIONS or (is_initial and tokens[end - 1].isalpha()):
        return span._replace(end=end + 1)
    return span
