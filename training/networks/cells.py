"""The memories that a network may have: one time step each."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Activation = Callable[[Tensor], Tensor]
State = tuple[Tensor, ...]


def identity(x: Tensor) -> Tensor:
    """Leave the value as it is: a linear activation."""
    return x


class Cell(nn.Module):
    """
    One time step, (x_t, state) → (output, state).

    W x_t + b needs no memory: `W` may multiply a whole sentence at once, and `step` takes it
    from there. A cell without memory of anything yet has a state of zeros.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        gates: int,
        state_sizes: tuple[int, ...],
        activation: Activation,
    ) -> None:
        """`gates` is how many times W makes `hidden` values; `state_sizes` the state's widths."""
        super().__init__()
        self.W = nn.Linear(inputs, gates * hidden)  # the bias is the equation's b
        self.hidden = hidden
        self.state_sizes = state_sizes
        self.activation = activation

    def forward(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """x: (batch, inputs); output: (batch, hidden)."""
        return self.step(self.W(x), state)

    def step(self, projected: Tensor, state: State) -> tuple[Tensor, State]:
        """As forward, where projected = W x_t + b: (batch, gates * hidden)."""
        raise NotImplementedError

    def start(self, x: Tensor, batch: int) -> State:
        """The state before the first word, on the device and of the type of x."""
        return tuple(x.new_zeros(batch, width) for width in self.state_sizes)


class ElmanCell(Cell):
    """
    The hidden layer hears its own last value (Elman, 1990).

        h_t = tanh(W x_t + U h_{t-1} + b)
    """

    def __init__(self, inputs: int, hidden: int, activation: Activation = torch.tanh) -> None:
        super().__init__(inputs, hidden, gates=1, state_sizes=(hidden,), activation=activation)
        self.U = nn.Linear(hidden, hidden, bias=False)

    def step(self, projected: Tensor, state: State) -> tuple[Tensor, State]:
        (h,) = state
        h = self.activation(projected + self.U(h))
        return h, (h,)


class JordanCell(Cell):
    """
    The hidden layer hears the network's last answer (Jordan, 1986).

        h_t = tanh(W x_t + U p_{t-1} + b)
        p_t = softmax(V h_t + c)

    The cell owns V, the output layer, because what it hears is its answer: a probability for
    every tag, all zero before the first word. It trains on its own probabilities, as it will
    hear them when it serves: true tags would teach it to trust a source that it will not have,
    and the gradient, which flows through the softmax, tells it what to say to itself.
    """

    def __init__(
        self, inputs: int, hidden: int, tags: int, activation: Activation = torch.tanh
    ) -> None:
        super().__init__(inputs, hidden, gates=1, state_sizes=(tags,), activation=activation)
        self.U = nn.Linear(tags, hidden, bias=False)
        self.V = nn.Linear(hidden, tags)

    def step(self, projected: Tensor, state: State) -> tuple[Tensor, State]:
        (p,) = state
        h = self.activation(projected + self.U(p))
        return h, (torch.softmax(self.V(h), dim=-1),)


class InputGatesLSTMCell(Cell):
    """
    The LSTM as the lecture first draws it: x_t alone works the gates.

        i, f, g, o = σ, σ, tanh, σ (W x_t + b)
        c_t = f * c_{t-1} + i * g
        h_t = o * tanh(c_t)

    What it remembers, c, never says what to remember: the cell only adds up or forgets.
    """

    def __init__(self, inputs: int, hidden: int, activation: Activation = torch.tanh) -> None:
        super().__init__(inputs, hidden, gates=4, state_sizes=(hidden,), activation=activation)

    def step(self, projected: Tensor, state: State) -> tuple[Tensor, State]:
        (c,) = state
        i, f, g, o = projected.chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * self.activation(g)
        return torch.sigmoid(o) * self.activation(c), (c,)


class LSTMCell(Cell):
    """
    Gates work on what is projected and on what was last said (Hochreiter & Schmidhuber, 1997).

        i, f, g, o = σ, σ, tanh, σ (W x_t + U h_{t-1} + b)
        c_t = f * c_{t-1} + i * g
        h_t = o * tanh(c_t)
    """

    def __init__(self, inputs: int, hidden: int, activation: Activation = torch.tanh) -> None:
        super().__init__(
            inputs, hidden, gates=4, state_sizes=(hidden, hidden), activation=activation
        )
        self.U = nn.Linear(hidden, 4 * hidden, bias=False)

    def step(self, projected: Tensor, state: State) -> tuple[Tensor, State]:
        h, c = state
        i, f, g, o = (projected + self.U(h)).chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * self.activation(g)
        h = torch.sigmoid(o) * self.activation(c)
        return h, (h, c)


class FullPeepholeLSTMCell(Cell):
    """
    The lecture's LSTM: x_t, h_{t-1} and c_{t-1} side by side, times four full matrices.

        i, f, g, o = σ, σ, tanh, σ (W x_t + U [h_{t-1}; c_{t-1}] + b)
        c_t = f * c_{t-1} + i * g
        h_t = o * tanh(c_t)

    Every cell looks into every other, g does too, and o sees the memory before the step.
    """

    def __init__(self, inputs: int, hidden: int, activation: Activation = torch.tanh) -> None:
        super().__init__(
            inputs, hidden, gates=4, state_sizes=(hidden, hidden), activation=activation
        )
        self.U = nn.Linear(2 * hidden, 4 * hidden, bias=False)

    def step(self, projected: Tensor, state: State) -> tuple[Tensor, State]:
        h, c = state
        i, f, g, o = (projected + self.U(torch.cat((h, c), dim=-1))).chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * self.activation(g)
        h = torch.sigmoid(o) * self.activation(c)
        return h, (h, c)


class PeepholeLSTMCell(Cell):
    """
    The cheap peepholes (Gers & Schmidhuber, 2000), which are those of the ONNX operator.

        i, f = σ (W x_t + U h_{t-1} + P * c_{t-1} + b),  g = tanh(W x_t + U h_{t-1} + b)
        c_t = f * c_{t-1} + i * g
        o = σ (W x_t + U h_{t-1} + P * c_t + b)
        h_t = o * tanh(c_t)

    Three diagonals P in place of full matrices: a cell looks into itself alone, g does not
    look, and o sees the memory after the step. They begin at zero, as a plain LSTM.
    """

    def __init__(self, inputs: int, hidden: int, activation: Activation = torch.tanh) -> None:
        super().__init__(
            inputs, hidden, gates=4, state_sizes=(hidden, hidden), activation=activation
        )
        self.U = nn.Linear(hidden, 4 * hidden, bias=False)
        self.P_i = nn.Parameter(torch.zeros(hidden))
        self.P_f = nn.Parameter(torch.zeros(hidden))
        self.P_o = nn.Parameter(torch.zeros(hidden))

    def step(self, projected: Tensor, state: State) -> tuple[Tensor, State]:
        h, c = state
        i, f, g, o = (projected + self.U(h)).chunk(4, dim=-1)
        i, f = torch.sigmoid(i + self.P_i * c), torch.sigmoid(f + self.P_f * c)
        c = f * c + i * self.activation(g)
        h = torch.sigmoid(o + self.P_o * c) * self.activation(c)
        return h, (h, c)


class GRUCell(Cell):
    """
    Two gates and no memory apart (Cho et al., 2014), with the reset as torch and cuDNN have it.

        r, z = σ (W x_t + U h_{t-1} + b)
        n = tanh(W x_t + b + r * U h_{t-1})
        h_t = (1 - z) * n + z * h_{t-1}
    """

    def __init__(self, inputs: int, hidden: int, activation: Activation = torch.tanh) -> None:
        super().__init__(inputs, hidden, gates=3, state_sizes=(hidden,), activation=activation)
        self.U = nn.Linear(hidden, 3 * hidden, bias=False)

    def step(self, projected: Tensor, state: State) -> tuple[Tensor, State]:
        (h,) = state
        projected_r, projected_z, projected_n = projected.chunk(3, dim=-1)
        recurrent_r, recurrent_z, recurrent_n = self.U(h).chunk(3, dim=-1)
        r, z = torch.sigmoid(projected_r + recurrent_r), torch.sigmoid(projected_z + recurrent_z)
        n = self.activation(projected_n + r * recurrent_n)
        h = (1.0 - z) * n + z * h
        return h, (h,)
