"""Chinese in simplified characters and in traditional, by way of OpenCC (Apache 2.0)."""

from collections.abc import Sequence
from functools import cache
from random import Random

from opencc import OpenCC

from training.grammar.sentence import Piece

# Taiwan's characters with its words for things, Taiwan's characters alone, and Hong Kong's.
_TRADITIONAL = ("s2twp", "s2tw", "s2hk")


@cache
def _converter(configuration: str) -> OpenCC:
    return OpenCC(configuration)


def simplified(text: str) -> str:
    return str(_converter("t2s").convert(text))


def in_traditional(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    """Convert as one of the places does that write traditional characters."""
    converter = _converter(random.choice(_TRADITIONAL))
    # 臺北 and 台北 are both written, and OpenCC knows one of them.
    tai = random.choice(("台", "臺"))
    return [
        Piece(str(converter.convert(piece.text)).replace("臺", tai), piece.slot) for piece in pieces
    ]
