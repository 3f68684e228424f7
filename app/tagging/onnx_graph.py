"""
What the service looks at in an ONNX graph before onnxruntime sees it.

A tensor of a graph can say that its values are in another file. onnxruntime, given nothing but
bytes, looks for that file where the service was started, and old releases wherever it is said to
be. No bundle of ours has such a tensor, so one that has is refused before onnxruntime sees it.
"""

from collections.abc import Iterator
from typing import Final

# Of each message of onnx.proto the fields that lead to tensors, with what they hold.
PATHS: Final[dict[str, dict[int, str]]] = {
    "ModelProto": {7: "GraphProto", 20: "TrainingInfoProto", 25: "FunctionProto"},
    "TrainingInfoProto": {1: "GraphProto", 2: "GraphProto"},
    "GraphProto": {1: "NodeProto", 5: "TensorProto", 15: "SparseTensorProto"},
    "FunctionProto": {7: "NodeProto", 11: "AttributeProto"},
    "NodeProto": {5: "AttributeProto"},
    "AttributeProto": {
        5: "TensorProto",
        6: "GraphProto",
        10: "TensorProto",
        11: "GraphProto",
        22: "SparseTensorProto",
        23: "SparseTensorProto",
    },
    "SparseTensorProto": {1: "TensorProto", 2: "TensorProto"},
    "TensorProto": {},
}
EXTERNAL_DATA, DATA_LOCATION = 13, 14  # of TensorProto

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_LONGEST_VARINT = 10


def is_in_one_piece(graph: bytes) -> bool:
    """
    Whether no tensor of a serialised ModelProto has its values elsewhere.

    Raises ValueError where these are not the bytes of a protobuf message.
    """
    waiting = [("ModelProto", memoryview(graph))]
    while waiting:
        kind, message = waiting.pop()
        for number, value in _fields(message):
            if kind == "TensorProto" and (
                number == EXTERNAL_DATA or (number == DATA_LOCATION and value != 0)
            ):
                return False
            inner = PATHS[kind].get(number)
            if inner and isinstance(value, memoryview):
                waiting.append((inner, value))
    return True


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a message: the number of each, and its bytes or its integer."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == _LENGTH:
            length, at = _varint(message, at)
        elif wire in (_EIGHT_BYTES, _FOUR_BYTES):
            length = 8 if wire == _EIGHT_BYTES else 4
        else:
            raise ValueError(f"a field of type {wire}")
        if length > len(message) - at:
            raise ValueError("a field that goes beyond its message")
        yield number, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """An integer of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for place, byte in enumerate(message[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("an integer without an end")
