"""
A network → its ONNX graph, node by node.

A module is traced by torch.fx, and each torch function it calls becomes the ONNX nodes that
OPERATORS writes for it. A recurrence becomes ONNX's own operator where NATIVE has one for its
cell, and two that travel both ways become one; the step of any other cell is traced in the same
way, as the body of a Scan.
For a sentence alone a node costs as much as what it computes, so that none is left that others can
spare: what no output needs is not written.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from operator import attrgetter
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import (
    GraphProto,
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
    helper,
    numpy_helper,
)
from torch import Tensor, fx, nn

from training.networks import SlotNetwork
from training.networks.cells import (
    Activation,
    Cell,
    ElmanCell,
    GRUCell,
    InputGatesLSTMCell,
    LSTMCell,
    PeepholeLSTMCell,
    identity,
)
from training.networks.recurrence import Bidirectional, Recurrence

# Of 2022: onnxruntime reads them since 1.12.
OPSET = 17
IR_VERSION = 8

# The name of a value in the graph, or a constant: a list is a shape or axes.
Value = str | Tensor | NDArray[Any] | list[int] | int | float


def network_graph(network: SlotNetwork) -> ModelProto:
    """The graph of a bundle; equal weights make equal bytes."""
    info = helper.make_tensor_value_info
    inputs = [
        info("words", TensorProto.INT32, ["batch", "words"]),
        info("trigrams", TensorProto.INT32, ["batch", "words", "trigrams"]),
        info("lengths", TensorProto.INT32, ["batch"]),
    ]
    outputs = [info("tag_scores", TensorProto.FLOAT, ["batch", "words", "tags"])]
    if network.intent_output is not None:
        outputs.append(info("intent_scores", TensorProto.FLOAT, ["batch", "intents"]))
    graph = module_graph(network, inputs, outputs)
    add_probabilities(graph)
    return graph


def add_probabilities(model: ModelProto) -> None:
    """
    Have a graph give the softmax of each of its scores beside them.

    onnxruntime computes it in a tenth of numpy's time.
    """
    for scores in [*model.graph.output]:
        name = scores.name.removesuffix("scores") + "probabilities"
        model.graph.node.append(helper.make_node("Softmax", [scores.name], [name], name, axis=-1))
        output = model.graph.output.add()
        output.CopyFrom(scores)
        output.name = name


def module_graph(
    module: nn.Module, inputs: Sequence[ValueInfoProto], outputs: Sequence[ValueInfoProto]
) -> ModelProto:
    """What the module computes of its inputs, in this order, when it does not train."""
    writer = Writer()
    results = writer.trace(module, [each.name for each in inputs])
    results = results if isinstance(results, tuple) else (results,)
    for output, result in zip(outputs, results, strict=False):  # no intents are a None
        writer.nodes.append(helper.make_node("Identity", [result], [output.name], output.name))
    writer.leave_out_unused([output.name for output in outputs])
    return helper.make_model(
        writer.graph("slotline", inputs, outputs, writer.constants.values()),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="slotline",
    )


class Writer:
    """Collects the nodes of a graph; one for the body of a Scan shares its parent's constants."""

    def __init__(self, parent: "Writer | None" = None) -> None:
        self.nodes: list[NodeProto] = []
        # By content: what stands in a network twice is written once.
        self.constants: dict[tuple[str, tuple[int, ...], bytes], TensorProto] = (
            parent.constants if parent else {}
        )
        self._numbers: count[int] = parent._numbers if parent else count()
        # Of values that have them: zeros past each sentence's end; the output of a recurrence both
        # ways, (words, directions, batch, hidden), that they were made of; input, weight and bias.
        self.zero_padded: set[str] = set()
        self.both_ways: dict[str, str] = {}
        self.linear: dict[str, tuple[Value, Tensor, Tensor]] = {}

    def add(self, operator: str, *inputs: Value, **attributes: Any) -> str:
        """Write a node with one output; returns the output's name."""
        return self.add_splitting(operator, 1, *inputs, **attributes)[0]

    def add_splitting(
        self, operator: str, parts: int, *inputs: Value, name: str = "", **attributes: Any
    ) -> list[str]:
        """Write a node with several outputs; returns their names."""
        name = name or f"{operator}_{next(self._numbers)}"
        outputs = [f"{name}:{part}" for part in range(parts)]
        names = [self.name_of(value) for value in inputs]
        self.nodes.append(helper.make_node(operator, names, outputs, name, **attributes))
        return outputs

    def name_of(self, value: Value) -> str:
        """The name of a value; a constant is written into the graph and gets one."""
        match value:
            case str():
                return value
            case Tensor():
                array: NDArray[Any] = value.detach().cpu().numpy()
            case list():
                array = np.array(value, np.int64)
            case int():
                array = np.array(value, np.int32)
            case float():
                array = np.array(value, np.float32)
            case _:
                array = value
        key = (str(array.dtype), array.shape, array.tobytes())
        if key not in self.constants:
            name = f"constant_{len(self.constants)}"
            self.constants[key] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return self.constants[key].name

    def trace(self, module: nn.Module, arguments: Sequence[Any], method: str = "forward") -> Any:
        """Write what the module's method does with the arguments; returns the names of results."""
        tracer = _Tracer()
        tracer.traced_func_name = method
        given = iter(arguments)
        values: dict[fx.Node, Any] = {}
        for node in tracer.trace(module).nodes:
            args = fx.map_arg(node.args, values.__getitem__)
            kwargs = fx.map_arg(node.kwargs, values.__getitem__)
            if node.op == "placeholder":
                values[node] = next(given)
            elif node.op == "get_attr":
                values[node] = attrgetter(str(node.target))(module)
            elif node.op == "call_module":
                path = str(node.target)
                values[node] = recurrence(self, module.get_submodule(path), *args, name=path)
            elif node.op == "output":
                return args[0]
            else:
                function = getattr(node.target, "__name__", node.target)
                assert function in OPERATORS, f"OPERATORS has no ONNX nodes for torch's {function}"
                values[node] = OPERATORS[function](self, *args, **kwargs)
        raise AssertionError("a traced graph ends in its output")

    def leave_out_unused(self, outputs: Iterable[str]) -> None:
        """Drop the nodes and constants that none of the outputs needs."""
        needed, kept = set(outputs), []
        for node in reversed(self.nodes):
            if needed.intersection(node.output):
                needed.update(_inputs(node))
                kept.append(node)
        self.nodes = kept[::-1]
        for key in [key for key, value in self.constants.items() if value.name not in needed]:
            del self.constants[key]

    def graph(
        self,
        name: str,
        inputs: Sequence[ValueInfoProto],
        outputs: Sequence[ValueInfoProto],
        constants: Iterable[TensorProto] = (),
    ) -> GraphProto:
        """The nodes written so far, as one graph."""
        return helper.make_graph(self.nodes, name, inputs, outputs, list(constants))


def _inputs(node: NodeProto) -> Iterable[str]:
    """The names of what a node reads, also in the body of a Scan."""
    yield from node.input
    for attribute in node.attribute:
        for inner in attribute.g.node:
            yield from _inputs(inner)


class _Tracer(fx.Tracer):
    """Looks into every module but a recurrence, whose loop depends on the sentence."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:  # noqa: ARG002
        return isinstance(m, Recurrence) or (
            isinstance(m, Bidirectional) and _is_native(m.forth) and _is_native(m.back)
        )


# ---- a recurrence

# ONNX's operator, and where in torch's order of gates it has its own.
NATIVE: dict[type[Cell], tuple[str, tuple[int, ...]]] = {
    ElmanCell: ("RNN", (0,)),
    GRUCell: ("GRU", (1, 0, 2)),
    InputGatesLSTMCell: ("LSTM", (0, 3, 1, 2)),
    LSTMCell: ("LSTM", (0, 3, 1, 2)),
    PeepholeLSTMCell: ("LSTM", (0, 3, 1, 2)),
}
ACTIVATIONS: dict[Activation, str] = {torch.tanh: "Tanh", identity: "Affine"}


def _is_native(module: Recurrence) -> bool:
    return type(module.cell) in NATIVE and module.cell.activation in ACTIVATIONS


def recurrence(writer: Writer, module: nn.Module, x: str, lengths: str, *, name: str) -> str:
    """x: (words, batch, inputs); result: (words, batch, width)."""
    if isinstance(module, Bidirectional):
        # (words, directions, batch, hidden)
        outputs = native(writer, [module.forth, module.back], x, lengths, name)
        told = _side_by_side(writer, outputs, [0, 2, 1, 3])
        writer.both_ways[told] = outputs
        return told
    assert isinstance(module, Recurrence), "the tracer looks into every other module"
    if _is_native(module):
        told = writer.add("Squeeze", native(writer, [module], x, lengths, name), [1])
        writer.zero_padded.add(told)
        return told
    if not module.reverse:
        return scan(writer, module.cell, x, lengths, name)
    turn = {"time_axis": 0, "batch_axis": 1}
    long = writer.add("Cast", lengths, to=TensorProto.INT64)
    turned = writer.add("ReverseSequence", x, long, **turn)
    outputs = scan(writer, module.cell, turned, lengths, name)
    return writer.add("ReverseSequence", outputs, long, **turn)


def native(writer: Writer, ways: Sequence[Recurrence], x: str, lengths: str, name: str) -> str:
    """
    ONNX's own operator for one way, or for both of one kind of cell.

    Result: (words, directions, batch, hidden), in which onnxruntime writes zeros past each
    sentence's end.
    """
    cells: list[Any] = [way.cell for way in ways]
    cell = cells[0]
    operator, order = NATIVE[type(cell)]

    def gates(weight: Tensor) -> Tensor:
        blocks = weight.chunk(len(order))
        return torch.cat([blocks[gate] for gate in order])

    def each_way(weight_of: Callable[[Any], Tensor]) -> Tensor:
        return torch.stack([weight_of(cell) for cell in cells])

    def biases(cell: Any) -> Tensor:
        return torch.cat((gates(cell.W.bias), torch.zeros_like(cell.W.bias)))

    shape = [len(ways), len(order) * cell.hidden, cell.hidden]
    inputs: list[Value] = [
        x,
        each_way(lambda cell: gates(cell.W.weight)),
        # Gates that hear the input alone: zeros, which need not be stored.
        each_way(lambda cell: gates(cell.U.weight))
        if hasattr(cell, "U")
        else writer.add("ConstantOfShape", shape),
        each_way(biases),
        lengths,
    ]
    if isinstance(cell, PeepholeLSTMCell):
        inputs += ["", "", each_way(lambda cell: torch.cat((cell.P_i, cell.P_o, cell.P_f)))]
    activations = []
    for activation in [ACTIVATIONS[cell.activation] for cell in cells]:
        activations += {
            "RNN": [activation],
            "GRU": ["Sigmoid", activation],
            "LSTM": ["Sigmoid", activation, activation],
        }[operator]
    attributes: dict[str, Any] = {"linear_before_reset": 1} if operator == "GRU" else {}
    if "Affine" in activations:
        # Left out, onnxruntime takes alpha for 0 and answers zeros.
        attributes["activation_alpha"] = [1.0] * activations.count("Affine")
        attributes["activation_beta"] = [0.0] * activations.count("Affine")
    one_way = "reverse" if ways[0].reverse else "forward"
    return writer.add(
        operator,
        *inputs,
        name=name,
        hidden_size=cell.hidden,
        direction=one_way if len(ways) == 1 else "bidirectional",
        activations=activations,
        **attributes,
    )


def _side_by_side(writer: Writer, outputs: str, axes: Sequence[int]) -> str:
    """What both directions say, `axes` bringing them before what each says: (…, …, width)."""
    told = writer.add("Reshape", writer.add("Transpose", outputs, perm=axes), [0, 0, -1])
    writer.zero_padded.add(told)
    return told


def scan(writer: Writer, cell: Cell, x: str, lengths: str, name: str) -> str:
    """The cell's step, once for each word."""
    heard = writer.trace(cell.W, [x])
    batch = writer.add("Shape", lengths)
    states = [
        writer.add("ConstantOfShape", writer.add("Concat", batch, [width], axis=0))
        for width in cell.state_sizes
    ]
    body = Writer(writer)
    before = [f"{name}:before_{number}" for number in range(len(states))]
    output, after = body.trace(cell, [f"{name}:heard", before], method="step")
    # A Scan's results have names of their own, even where two are one value.
    results = [body.add("Identity", result) for result in (*after, output)]
    graph = body.graph(
        name,
        [_float(value) for value in (*before, f"{name}:heard")],
        [_float(value) for value in results],
    )
    return writer.add_splitting(
        "Scan", len(results), *states, heard, name=name, body=graph, num_scan_inputs=1
    )[-1]


def _float(name: str) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, None)


# ---- torch's functions

Operator = Callable[..., Any]


def _same(operator: str) -> Operator:
    """An ONNX operator that takes what torch's function takes."""
    return lambda writer, *inputs: writer.add(operator, *inputs)


def _linear(writer: Writer, x: Value, weight: Tensor, bias: Tensor | None = None) -> str:
    product = writer.add("MatMul", x, weight.t())
    if bias is None:
        return product
    found = writer.add("Add", product, bias)
    writer.linear[found] = x, weight, bias
    return found


def _truediv(writer: Writer, x: Value, divisor: Value) -> str:
    if isinstance(divisor, float) and x in writer.linear:
        inputs, weight, bias = writer.linear[str(x)]
        return _linear(writer, inputs, weight / divisor, bias / divisor)
    return writer.add("Div", x, divisor)


def _permute(writer: Writer, x: str, *axes: int) -> str:
    if x in writer.both_ways and axes == (1, 0, 2):
        return _side_by_side(writer, writer.both_ways[x], [2, 0, 1, 3])
    turned = writer.add("Transpose", x, perm=axes)
    if x in writer.zero_padded:
        writer.zero_padded.add(turned)
    return turned


def _without_padding(writer: Writer, states: str, lengths: Value) -> str:
    if states in writer.zero_padded:
        return states
    one = helper.make_tensor("one", TensorProto.INT32, [1], [1])
    shape = writer.add("Shape", states, end=2)
    numbers = writer.add("CumSum", writer.add("ConstantOfShape", shape, value=one), np.array(1))
    is_word = writer.add("LessOrEqual", numbers, writer.add("Unsqueeze", lengths, [1]))
    is_word = writer.add("Cast", writer.add("Unsqueeze", is_word, [2]), to=TensorProto.FLOAT)
    return writer.add("Mul", states, is_word)


def _convolution(
    writer: Writer,
    x: Value,
    weight: Tensor,
    bias: Tensor,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> str:
    return writer.add(
        "Conv",
        x,
        weight,
        bias,
        strides=stride,
        pads=[*padding, *padding],
        dilations=dilation,
        group=groups,
    )


def _embedding(writer: Writer, at: Value, table: Tensor, *_: Any, **__: Any) -> str:
    half = table.half()
    if table.dtype is torch.float32 and torch.equal(half.float(), table):
        # Nothing is lost by keeping it in half the bytes.
        return writer.add("Cast", writer.add("Gather", half, at), to=TensorProto.FLOAT)
    return writer.add("Gather", table, at)


OPERATORS: dict[str, Operator] = {
    "add": _same("Add"),
    "sub": _same("Sub"),
    "mul": _same("Mul"),
    "truediv": _truediv,
    "lt": _same("Less"),
    "where": _same("Where"),
    "tanh": _same("Tanh"),
    "sigmoid": _same("Sigmoid"),
    "relu": _same("Relu"),
    "softmax": lambda writer, x, dim: writer.add("Softmax", x, axis=dim),
    "linear": _linear,
    "conv1d": _convolution,
    "embedding": _embedding,
    "dropout": lambda _, x, *__, **___: x,
    "cat": lambda writer, parts, dim: writer.add("Concat", *parts, axis=dim),
    "chunk": lambda writer, x, parts, dim: writer.add_splitting("Split", parts, x, axis=dim),
    "getitem": lambda _, values, at: values[at],
    "permute": _permute,
    "unsqueeze": lambda writer, x, dim: writer.add("Unsqueeze", x, [dim]),
    "sum": lambda writer, x, dim: writer.add("ReduceSum", x, [dim], keepdims=0),
    "amax": lambda writer, x, dim: writer.add("ReduceMax", x, axes=[dim], keepdims=0),
    "clamp": lambda writer, x, **bound: writer.add("Max", x, bound["min"]),
    "float": lambda writer, x: writer.add("Cast", x, to=TensorProto.FLOAT),
    "without_padding": _without_padding,
}
