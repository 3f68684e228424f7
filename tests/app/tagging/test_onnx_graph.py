"""Graphs in one piece and others."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.onnx_graph import DATA_LOCATION, EXTERNAL_DATA, PATHS, is_in_one_piece

TOY = (Path(__file__).parents[2] / "toy_bundle" / "model.onnx").read_bytes()


def field(number: int, content: bytes) -> bytes:
    """A field of bytes, of a message of protobuf."""
    key, length = number << 3 | 2, len(content)
    assert length < 128, "one byte holds the length"
    return (bytes([key]) if key < 128 else bytes([key & 127 | 128, key >> 7])) + (
        bytes([length]) + content
    )


HELD_ELSEWHERE = field(EXTERNAL_DATA, field(1, b"location") + field(2, b"weights"))
LOCATED_ELSEWHERE = bytes([DATA_LOCATION << 3, 1])


def test_the_toy_graph_is_in_one_piece() -> None:
    assert is_in_one_piece(TOY)


@pytest.mark.parametrize("tensor", [HELD_ELSEWHERE, LOCATED_ELSEWHERE])
@pytest.mark.parametrize(
    "path",
    [
        (7, 5),
        (7, 15, 1),
        (7, 15, 2),
        (7, 1, 5, 5),
        (7, 1, 5, 10),
        (7, 1, 5, 22, 1),
        (7, 1, 5, 23, 2),
        (7, 1, 5, 6, 5),
        (7, 1, 5, 11, 1, 5, 5),
        (20, 1, 5),
        (20, 2, 1, 5, 5),
        (25, 7, 5, 5),
        (25, 11, 5),
    ],
)
def test_a_tensor_held_elsewhere_is_found_wherever_it_is(
    path: tuple[int, ...], tensor: bytes
) -> None:
    message = field(8, b"name") + tensor
    for number in reversed(path):
        message = field(number, message)
    assert not is_in_one_piece(TOY + message)


def test_a_location_within_is_none_elsewhere() -> None:
    tensor = bytes([DATA_LOCATION << 3, 0])
    assert is_in_one_piece(TOY + field(7, field(5, tensor)))


def test_a_number_written_at_length_is_the_same_number() -> None:
    long_way = bytes([5 << 3 | 2 | 0x80, 0x80, 0]) + bytes([2]) + LOCATED_ELSEWHERE
    assert not is_in_one_piece(field(7, long_way))


def test_graphs_within_graphs_beyond_any_stack_are_read() -> None:
    graph = LOCATED_ELSEWHERE
    parts = []
    for number in (5, *[6, 5, 1] * 3_000, 7):
        parts.append(bytes([number << 3 | 2]))
        length, digits = len(graph), bytearray()
        while length >= 128:
            digits.append(length & 127 | 128)
            length >>= 7
        graph = parts[-1] + bytes([*digits, length]) + graph
    assert not is_in_one_piece(graph)


@pytest.mark.parametrize("message", [b"\x3a", b"\x3a\x05abc", b"\x80" * 20, b"\x3b", b"\x3d\x00"])
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"a field|an integer"):
        is_in_one_piece(message)


@given(st.binary())
def test_any_bytes_are_either_read_or_refused(message: bytes) -> None:
    with contextlib.suppress(ValueError):
        is_in_one_piece(message)


def test_every_way_to_a_tensor_is_known() -> None:
    pytest.importorskip("onnx")
    from onnx import ModelProto

    fields: dict[str, dict[int, str]] = {}

    def read(message: Any) -> None:
        if message.name not in fields:
            fields[message.name] = {
                entry.number: entry.message_type.name
                for entry in message.fields
                if entry.message_type
            }
            for entry in message.fields:
                if entry.message_type:
                    read(entry.message_type)

    read(ModelProto.DESCRIPTOR)
    leading = {"TensorProto"}
    while (
        more := {name for name, inner in fields.items() if set(inner.values()) & leading} - leading
    ):
        leading |= more
    assert {
        name: {number: inner for number, inner in fields[name].items() if inner in leading}
        for name in leading
    } == PATHS
