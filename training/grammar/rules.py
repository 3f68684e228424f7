"""
A small notation for grammars, and the sentences it yields.

    greeting:                       a rule, and below it its alternatives, one a line
        hello [there]               [x] is there or not; [[x]] once in four times
        3* good (morning|day)       (x|y) is one of them; 3* makes a line three times as likely
        I am <name>                 <rule> stands for what the rule yields
        fly to <destination=city>   and here what it yields is the value of a slot
    date:
        on the {5th of May}         {x} is the value, where it is less than the whole rule
    trip:
        go ~(to <x>|[from <y>])     ~(x|y) is all of them, in any order
        ~,(to <x>|from <y>)         the same, with commas or the like between

A rule can also be a function from a random generator to text. What is in braces outside of any
slot is mere text, so that the date above can be spoken of in a sentence that fills nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Protocol

from training.grammar.sentence import Piece

Maker = Callable[[Random], str]

OPENING = Piece("", "{")
CLOSING = Piece("", "}")

SYMBOLS = re.compile(r"~,\(|~\(|[()\[\]|{}]|<[^<>]*>|[^~()\[\]|{}<]+")
RULE_NAME = re.compile(r"(\S+):")
WEIGHTED = re.compile(r"(?:(\d+)\*(?: |$))?(.*)")


class Node(Protocol):
    def pieces(self, grammar: "Grammar", random: Random, /) -> list[Piece]: ...


@dataclass(frozen=True, slots=True)
class Text:
    piece: Piece

    def pieces(self, _grammar: "Grammar", _random: Random, /) -> list[Piece]:
        return [self.piece]


@dataclass(frozen=True, slots=True)
class Row:
    nodes: tuple[Node, ...]

    def pieces(self, grammar: "Grammar", random: Random, /) -> list[Piece]:
        return [piece for node in self.nodes for piece in node.pieces(grammar, random)]


@dataclass(frozen=True, slots=True)
class Choice:
    nodes: tuple[Node, ...]
    cumulative_weights: tuple[int, ...]

    def pieces(self, grammar: "Grammar", random: Random, /) -> list[Piece]:
        (node,) = random.choices(self.nodes, cum_weights=self.cumulative_weights)
        return node.pieces(grammar, random)


@dataclass(frozen=True, slots=True)
class Shuffle:
    nodes: tuple[Node, ...]
    commas: bool

    def pieces(self, grammar: "Grammar", random: Random, /) -> list[Piece]:
        parts = [node.pieces(grammar, random) for node in self.nodes]
        parts = [part for part in parts if part]
        random.shuffle(parts)
        joint = Piece(random.choice(grammar.commas) if self.commas else grammar.blank)
        return [piece for part in parts for piece in (joint, *part)][1:]


@dataclass(frozen=True, slots=True)
class Reference:
    rule: str
    slot: str | None

    def pieces(self, grammar: "Grammar", random: Random, /) -> list[Piece]:
        pieces = grammar.pieces(self.rule, random)
        return pieces if self.slot is None else _valued(pieces, self.slot)


def _valued(pieces: Sequence[Piece], slot: str) -> list[Piece]:
    if OPENING not in pieces:
        return [Piece("".join(piece.text for piece in pieces), slot)]
    valued: list[Piece] = []
    value: str | None = None
    for piece in pieces:
        if piece is OPENING:
            value = ""
        elif piece is CLOSING:
            assert value is not None, "a rule closes a brace that it has not opened"
            valued.append(Piece(value, slot))
            value = None
        elif value is None:
            valued.append(piece)
        else:
            value += piece.text
    assert value is None, "a rule opens a brace and does not close it"
    return valued


class Grammar:
    """
    The rules of one language.

    `blank` is what the parts of a shuffle have between them, or one of `commas`.
    A mistake in the rules is an AssertionError when the grammar is made.
    """

    def __init__(
        self,
        rules: str,
        makers: Mapping[str, Maker],
        blank: str = " ",
        commas: Sequence[str] = (", ",),
    ) -> None:
        self.blank = blank
        self.commas = commas
        self._makers = dict(makers)
        self._rules = _read_rules(rules)
        for node in self._rules.values():
            for name in _references(node):
                assert name in self._rules or name in self._makers, f"no rule is named {name!r}"

    def sentence(self, rule: str, random: Random) -> list[Piece]:
        """What the rule yields; the braces that no slot has used are gone."""
        return [piece for piece in self.pieces(rule, random) if piece.slot not in ("{", "}")]

    def pieces(self, rule: str, random: Random) -> list[Piece]:
        """What the rule yields, with its braces."""
        maker = self._makers.get(rule)
        if maker is not None:
            return [Piece(maker(random))]
        return self._rules[rule].pieces(self, random)


def _read_rules(text: str) -> dict[str, Choice]:
    lines: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        heading = RULE_NAME.fullmatch(line)
        if heading:
            name = heading[1]
            assert name not in lines, f"two rules are named {name!r}"
            lines[name] = []
        elif line.strip() and not line.lstrip().startswith("#"):
            lines[name].append(line.strip())
    return {name: _read_alternatives(alternatives) for name, alternatives in lines.items()}


def _read_alternatives(lines: Sequence[str]) -> Choice:
    weights: list[int] = []
    nodes: list[Node] = []
    for line in lines:
        match = WEIGHTED.fullmatch(line)
        assert match is not None
        weights.append(int(match[1] or 1))
        nodes.append(_read_line(match[2]))
    return Choice(tuple(nodes), tuple(accumulate(weights)))


def _read_line(line: str) -> Node:
    symbols = SYMBOLS.findall(line)
    assert "".join(symbols) == line, f"not in the notation of grammars: {line!r}"
    stream = iter(symbols)
    alternatives = _read_group(stream, closing="")
    assert len(alternatives) == 1, f"alternatives need brackets: {line!r}"
    return alternatives[0]


def _read_group(symbols: Iterator[str], closing: str) -> list[Node]:
    """Read alternatives up to the closing bracket."""
    alternatives: list[Node] = []
    row: list[Node] = []
    for symbol in symbols:
        if symbol == closing:
            break
        if symbol == "|":
            alternatives.append(_row(row))
            row = []
        else:
            row.append(_read_symbol(symbol, symbols))
    else:
        assert not closing, f"a bracket lacks its {closing!r}"
    return [*alternatives, _row(row)]


def _read_symbol(symbol: str, symbols: Iterator[str]) -> Node:
    if symbol == "(":
        return _choice(_read_group(symbols, ")"))
    if symbol == "[":
        options = _read_group(symbols, "]")
        return _choice([*options, *[Row(())] * len(options)])
    if symbol in ("~(", "~,("):
        return Shuffle(tuple(_read_group(symbols, ")")), commas=symbol == "~,(")
    if symbol.startswith("<"):
        slot, _, rule = symbol[1:-1].rpartition("=")
        return Reference(rule, slot or None)
    if symbol in "{}":
        return Text(OPENING if symbol == "{" else CLOSING)
    assert symbol not in (")", "]"), f"{symbol!r} closes nothing"
    return Text(Piece(symbol))


def _row(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Row(tuple(nodes))


def _choice(nodes: Sequence[Node]) -> Choice:
    return Choice(tuple(nodes), tuple(range(1, len(nodes) + 1)))


def _references(node: Node) -> Iterator[str]:
    if isinstance(node, Reference):
        yield node.rule
    elif isinstance(node, Row | Choice | Shuffle):
        for child in node.nodes:
            yield from _references(child)
