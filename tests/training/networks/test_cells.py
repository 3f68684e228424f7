"""The lecture's numbers, and torch's."""

from collections.abc import Callable, Sequence

import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from training.exporting.onnx_graph import module_graph
from training.networks.cells import (
    Cell,
    ElmanCell,
    FullPeepholeLSTMCell,
    GRUCell,
    InputGatesLSTMCell,
    JordanCell,
    LSTMCell,
    PeepholeLSTMCell,
    identity,
)
from training.networks.recurrence import Recurrence, Stack

Run = Callable[[nn.Module, Tensor], Tensor]
LSTM = Callable[..., Cell]

every_lstm = pytest.mark.parametrize(
    "kind", [InputGatesLSTMCell, LSTMCell, FullPeepholeLSTMCell, PeepholeLSTMCell]
)


def stack(cell: Cell) -> Stack:
    return Stack([Recurrence(cell)])


class ElmanNetwork(nn.Module):
    """One hidden layer and an output layer, all linear, all weights one, no bias."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = stack(ElmanCell(2, 2, activation=identity))
        self.output = nn.Linear(2, 2)
        for name, parameter in self.named_parameters():
            nn.init.constant_(parameter, 0.0 if name.endswith("bias") else 1.0)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        outputs: Tensor = self.output(self.hidden(x, lengths))
        return outputs


def by_torch(module: nn.Module, x: Tensor) -> Tensor:
    """x: (words, inputs), one sentence; result: (words, outputs)."""
    with torch.no_grad():
        outputs: Tensor = module(x.unsqueeze(0), torch.tensor([len(x)]))
    return outputs.squeeze(0)


def by_onnxruntime(module: nn.Module, x: Tensor) -> Tensor:
    """As by_torch, on the exported module."""
    graph = module_graph(
        module,
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", "words", "inputs"]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", "words", "outputs"])],
    )
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    lengths = torch.tensor([len(x)], dtype=torch.int32)
    (y,) = session.run(None, {"x": x.unsqueeze(0).numpy(), "lengths": lengths.numpy()})
    return torch.from_numpy(y).squeeze(0)


both = pytest.mark.parametrize("run", [by_torch, by_onnxruntime])


def lecture_lstm(kind: LSTM, output_gate: tuple[float, float] = (100.0, -10.0)) -> Cell:
    """
    One memory: z = x1, input gate 100 x2 - 10, forget gate 100 x2 + 10, output gate 100 x3 - 10.

    Whatever hears the cell's own values has the weight zero.
    """
    cell = kind(3, 1, activation=identity)
    for parameter in cell.parameters():
        nn.init.zeros_(parameter)
    weight, bias = output_gate
    with torch.no_grad():
        cell.W.weight.copy_(  # i, f, g, o
            torch.tensor([[0.0, 100, 0], [0, 100, 0], [1, 0, 0], [0, 0, weight]])
        )
        cell.W.bias.copy_(torch.tensor([-10.0, 10, 0, bias]))
    return cell


def randomised(cell: Cell) -> Cell:
    for parameter in cell.parameters():
        nn.init.normal_(parameter, std=0.5)
    return cell


def step_by_step(cell: Cell, x: Tensor) -> Tensor:
    """x: (words, batch, inputs); the cell alone, from word to word."""
    state = cell.start(x, x.shape[1])
    outputs = []
    for word in x:
        output, state = cell(word, state)
        outputs.append(output)
    return torch.stack(outputs)


def size(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@both
@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [
        ([(1, 1), (1, 1), (2, 2)], [(4, 4), (12, 12), (32, 32)]),
        ([(2, 2), (1, 1), (1, 1)], [(8, 8), (20, 20), (44, 44)]),
    ],
)
def test_the_all_ones_network_remembers_the_order(
    run: Run, inputs: Sequence[Sequence[float]], outputs: Sequence[Sequence[float]]
) -> None:
    found = run(ElmanNetwork(), torch.tensor(inputs, dtype=torch.float32))
    assert found.tolist() == [list(map(float, output)) for output in outputs]


SHORT = [(3, 1, 0), (4, 1, 0), (2, 0, 0), (1, 0, 1), (3, -1, 0)]
LONG = [
    (1, 0, 0), (3, 1, 0), (2, 0, 0), (4, 1, 0), (2, 0, 0), (1, 0, 1), (3, -1, 0), (6, 1, 0),
    (1, 0, 1),
]  # fmt: skip


@both
@every_lstm
@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [(SHORT, [0, 0, 0, 7, 0]), (LONG, [0, 0, 0, 0, 0, 7, 0, 0, 6])],
)
def test_the_lecture_s_lstm_adds_up_keeps_and_forgets(
    kind: LSTM, run: Run, inputs: Sequence[Sequence[float]], outputs: Sequence[float]
) -> None:
    found = run(stack(lecture_lstm(kind)), torch.tensor(inputs, dtype=torch.float32))
    assert found.flatten().tolist() == pytest.approx(outputs, abs=1e-3)


@both
@every_lstm
def test_an_open_output_gate_shows_the_memory(kind: LSTM, run: Run) -> None:
    cell = lecture_lstm(kind, output_gate=(0.0, 100.0))
    found = run(stack(cell), torch.tensor(SHORT, dtype=torch.float32))
    assert found.flatten().tolist() == pytest.approx([3, 7, 7, 7, 0], abs=1e-3)


@every_lstm
def test_the_state_holds_the_memory(kind: LSTM) -> None:
    cell = lecture_lstm(kind)
    state = cell.start(torch.zeros(1), batch=1)
    memory = [state[-1].item()]
    for word in SHORT:
        _, state = cell(torch.tensor([word], dtype=torch.float32), state)
        memory.append(state[-1].item())
    assert memory == pytest.approx([0, 3, 7, 7, 7, 0], abs=1e-3)


def jordan_cell() -> JordanCell:
    """h_t = x_t + p_{t-1} of the first of two tags."""
    cell = JordanCell(1, 1, tags=2, activation=identity)
    for parameter in cell.parameters():
        nn.init.zeros_(parameter)
    with torch.no_grad():
        cell.W.weight.fill_(1.0)
        cell.U.weight.copy_(torch.tensor([[1.0, 0.0]]))
    return cell


@both
def test_a_jordan_cell_hears_what_it_answered(run: Run) -> None:
    cell = jordan_cell()  # to which both tags are always as likely
    x = torch.tensor([[1.0], [1.0], [2.0]])
    assert run(stack(cell), x).flatten().tolist() == [1.0, 1.5, 2.5]


@both
def test_a_jordan_cell_s_answer_is_what_its_output_layer_says(run: Run) -> None:
    # The first tag is certain where h is 1 and out of the question where it is 0.
    cell = jordan_cell()
    with torch.no_grad():
        cell.V.weight.copy_(torch.tensor([[200.0], [0.0]]))
        cell.V.bias.copy_(torch.tensor([-100.0, 0.0]))
    x = torch.tensor([[1.0], [0.0], [-1.0], [0.0]])
    assert run(stack(cell), x).flatten().tolist() == pytest.approx([1, 1, 0, 0])


@both
@pytest.mark.parametrize(
    ("kind", "outputs"), [(FullPeepholeLSTMCell, [0, 1]), (PeepholeLSTMCell, [1, 1])]
)
def test_an_output_gate_sees_the_memory_before_or_after_the_step(
    kind: LSTM, run: Run, outputs: Sequence[float]
) -> None:
    # It opens where it sees a memory of one; the word 1 makes one, and the word 0 keeps it.
    cell = kind(1, 1, activation=identity)
    for parameter in cell.parameters():
        nn.init.zeros_(parameter)
    with torch.no_grad():
        cell.W.weight.copy_(torch.tensor([[0.0], [0.0], [1.0], [0.0]]))
        cell.W.bias.copy_(torch.tensor([100.0, 100.0, 0.0, -100.0]))
        if isinstance(cell, FullPeepholeLSTMCell):
            cell.U.weight[3, 1] = 200.0
        else:
            cell.get_parameter("P_o").fill_(200.0)
    found = run(stack(cell), torch.tensor([[1.0], [0.0]]))
    assert found.flatten().tolist() == pytest.approx(outputs, abs=1e-3)


def test_full_peepholes_let_every_part_see_every_memory() -> None:
    cell = FullPeepholeLSTMCell(1, 2)
    nn.init.zeros_(cell.U.weight)
    c = torch.tensor([[0.0, 0.5]], requires_grad=True)
    nn.init.ones_(cell.U.weight[:, 2:])
    _, (_, after) = cell(torch.zeros(1, 1), (torch.zeros(1, 2), c))
    (seen,) = torch.autograd.grad(after[0, 0], c)
    assert seen[0, 1] != 0


@pytest.mark.parametrize(
    ("cell", "torchs"),
    [
        (ElmanCell(3, 4), nn.RNNCell(3, 4)),
        (LSTMCell(3, 4), nn.LSTMCell(3, 4)),
        (GRUCell(3, 4), nn.GRUCell(3, 4)),
    ],
    ids=["elman", "lstm", "gru"],
)
def test_a_cell_agrees_with_torch_s_own(cell: Cell, torchs: nn.RNNCellBase) -> None:
    randomised(cell)
    torchs.load_state_dict(
        {
            "weight_ih": cell.W.weight,
            "weight_hh": cell.get_parameter("U.weight"),
            "bias_ih": cell.W.bias,
            "bias_hh": torch.zeros_like(cell.W.bias),
        }
    )
    x = torch.randn(5, 2, 3)
    state = torch.zeros(2, 4)
    memory = (state, state)
    for word, output in zip(x, step_by_step(cell, x), strict=True):
        if isinstance(torchs, nn.LSTMCell):
            memory = torchs(word, memory)
            state = memory[0]
        else:
            state = torchs(word, state)
        torch.testing.assert_close(output, state)


def every_cell(inputs: int = 3, hidden: int = 4) -> list[Cell]:
    return [
        ElmanCell(inputs, hidden),
        JordanCell(inputs, hidden, tags=5),
        InputGatesLSTMCell(inputs, hidden),
        LSTMCell(inputs, hidden),
        FullPeepholeLSTMCell(inputs, hidden),
        PeepholeLSTMCell(inputs, hidden),
        GRUCell(inputs, hidden),
    ]


@pytest.mark.parametrize("cell", every_cell(), ids=lambda cell: type(cell).__name__)
@pytest.mark.parametrize("activation", [torch.tanh, identity])
def test_one_cell_with_the_same_weights_makes_every_step(
    cell: Cell, activation: Callable[[Tensor], Tensor]
) -> None:
    randomised(cell)
    cell.activation = activation
    x = torch.randn(7, 2, 3)
    torch.testing.assert_close(Recurrence(cell)(x, torch.tensor([7, 7])), step_by_step(cell, x))


@pytest.mark.parametrize("cell", every_cell(), ids=lambda cell: type(cell).__name__)
def test_memory_starts_at_zero(cell: Cell) -> None:
    start = cell.start(torch.ones(1), batch=2)
    assert [tuple(memory.shape) for memory in start] == [(2, width) for width in cell.state_sizes]
    assert not any(memory.any() for memory in start)


def test_an_lstm_has_four_times_the_weights_and_a_gru_three() -> None:
    simple = size(ElmanCell(30, 20))
    assert size(nn.Linear(30 + 20, 20)) == simple
    assert size(LSTMCell(30, 20)) == 4 * simple
    assert size(GRUCell(30, 20)) == 3 * simple
    assert size(InputGatesLSTMCell(30, 20)) == 4 * size(nn.Linear(30, 20))
    assert size(FullPeepholeLSTMCell(30, 20)) == 4 * size(nn.Linear(30 + 20 + 20, 20))
    assert size(PeepholeLSTMCell(30, 20)) == 4 * simple + 3 * 20
