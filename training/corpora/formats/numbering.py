"""
Columns that number tokens.

CoNLL-U counts 1 2 3, with ranges for words of several tokens (3-4) and empty nodes (3.1, or 0.1
before the first); others put the sentence's number before the token's (4.1 4.2, 4-1 4-2).
"""

import re
from collections.abc import Sequence

ID = re.compile(r"(\d+)(?:([-.:\u2013])(\d+))?")


class Numbering:
    """What the cells of a column are as numbers, as far as all of them agree."""

    def __init__(self) -> None:
        self.rising = True  # each is no lower than the one before, in a query
        self.rising_on = True  # and in the file
        # SENTENCE.TOKEN: each follows the one before, or begins another sentence.
        self.in_sentences = True
        # What has a point (3.1) follows the number before it (3), and counts from 1.
        self._nodes_follow = True
        self._pairs = self._plain = self._nodes = 0
        self._last = -1

    def add(self, cells: Sequence[str]) -> None:
        """Add those of a query; after one that is no number nothing more is looked at."""
        before, second_before, node_before = -1, 0, 0
        for cell in cells:
            match = ID.fullmatch(cell)
            if not self.rising or match is None:
                self.rising = False
                return
            first, second = int(match[1]), int(match[3] or 0)
            # A query without a blank line before it begins to count again.
            self.rising = first >= before or first < 2
            self.rising_on = self.rising_on and first >= self._last
            if match[3] is None:
                self._plain += 1
            else:
                self._pairs += 1
                follows = first == before and second == second_before + 1
                self.in_sentences = self.in_sentences and (follows or second <= 1)
            if match[2] == ".":
                self._nodes += 1
                follows = second == (node_before + 1 if first == before else 1)
                self._nodes_follow &= follows and first in {before, 0}
            before, second_before = first, second
            node_before = second if match[2] == "." else 0
            self._last = first

    @property
    def of_sentences(self) -> bool:
        """Whether each cell is the number of a sentence and that of a token in it."""
        return self.rising and self._pairs > 0 and not self._plain and self.in_sentences

    @property
    def of_tokens(self) -> bool:
        """Whether cells are numbers of tokens, ranges of them and empty nodes."""
        if not self.rising or self.of_sentences or not self._plain:
            return False
        return self._nodes == 0 or self._nodes_follow


def id_of(cell: str) -> tuple[int, int | None, bool]:
    """
    The number of a token; the last that it stands for, where it is a range (3-4); whether it is
    an empty node (5.1), which no text has.
    """
    match = ID.fullmatch(cell)
    if match is None:
        return -1, None, False
    within = match[2] == "."
    return int(match[1]), int(match[3]) if match[3] and not within else None, within
