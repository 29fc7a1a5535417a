"""The arrays of dense networks for one batch shape, and the calls that fill them.

What makes training fast, and where:

- The bias is the last row of a layer's block, and activations carry a last unit that is always one, so that it needs
  no step of its own:  z = [a_prev, 1] @ [W; b].
- In memory the units come first and the samples last: (units, runs, n_samples). So "all units but the one" is one
  piece of memory, through which NumPy runs without a stop. From outside everything is (runs, n_samples, units).
- A pass is a list of prepared calls, a NumPy function with its buffers, which is worked through from first to last.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from engine import errors
from engine.activations import Activation
from engine.architecture import Architecture
from engine.layers import BatchNormStep, Dropout, DropoutStep

MAX_SAMPLES, MAX_NUMBERS = 20_000, 50_000_000

Calls = list[Callable[[], object]]


class Buffers:
    """Arrays and calls of a network; `engine.network.Network` says what they are and runs them.

    It sets architecture, runs, parameters, gradient and statistics first, and then calls `_allocate`.
    """

    architecture: Architecture
    runs: int
    parameters: np.ndarray
    gradient: np.ndarray
    statistics: np.ndarray

    def _allocate(self, n_samples: int) -> None:
        of = self.architecture
        self.n_samples = errors.whole("n_samples", n_samples, 1, MAX_SAMPLES)
        numbers = self.runs * (2 * of.n_parameters + 5 * n_samples * (sum(of.sizes) + 1))
        errors.whole("numbers in all buffers", numbers, 1, MAX_NUMBERS)
        self._lead = () if self.runs == 1 else (self.runs,)  # one run drops its axis: dot beats matmul there
        flat, flat_gradient = self.parameters.reshape(*self._lead, -1), self.gradient.reshape(*self._lead, -1)
        self._blocks, self._gradient_blocks = of.blocks(flat), of.blocks(flat_gradient)
        self.W, self.b = of.weights(flat), of.biases(flat)
        self.dW, self.db = of.weights(flat_gradient), of.biases(flat_gradient)
        # z, a and slopes of all layers lie one after the other, each layer with its one: see _slope_calls
        self._ends = np.cumsum([0, *(size + 1 for size in of.sizes[1:])]).tolist()
        self._all_z, self._all_a, self._all_slopes = (self._rows(self._ends[-1], value) for value in (0.0, 1.0, 0.0))
        self._with_one = [_seen(self._rows(of.sizes[0] + 1, 1.0)), *map(_seen, self._by_layer(self._all_a))]
        self.a = [a[..., :-1] for a in self._with_one]
        self.z = [_seen(rows[:-1]) for rows in self._by_layer(self._all_z)]
        self.slope = [_seen(rows[:-1]) for rows in self._by_layer(self._all_slopes)]
        self.da = [_seen(self._rows(size)) for size in of.sizes]
        self.dz = [_seen(self._rows(size)) for size in of.sizes[1:]]
        self.steps: list[list[BatchNormStep | DropoutStep]] = []
        self._prepare()

    def _rows(self, units: int, value: float = 0.0) -> np.ndarray:
        """A new array in the order of memory, (units, …, n_samples)."""
        return np.full((units, *self._lead, self.n_samples), value)

    def _by_layer(self, rows: np.ndarray) -> list[np.ndarray]:
        """The parts of a buffer that holds fan_out + 1 rows for each layer."""
        return [rows[start:stop] for start, stop in pairwise(self._ends)]

    # ------------------------------------------------ the calls of both passes

    def _prepare(self) -> None:
        """For each layer: the calls forward; backward to its dW and db; and from there to the layer below."""
        self._forward: list[Calls] = []
        self._backward: list[Calls] = []
        self._carry: list[Calls] = []
        slopes = self._slope_calls()
        for layer in range(self.architecture.n_layers):
            ahead, back = self._between(layer)
            self._forward.append([self._product(self._blocks[layer], self._with_one[layer], self.z[layer]), *ahead])
            self._backward.append([*slopes[layer], *back, *self._weight_gradient(layer)])
            self._carry.append([self._product(_transposed(self.W[layer]), self.dz[layer], self.da[layer])])
        self._all_forward = [call for calls in self._forward for call in calls]

    def _product(self, block: np.ndarray, a: np.ndarray, out: np.ndarray) -> Callable:
        """out = a @ block, in the order of memory: out^T = block^T @ a^T."""
        left, right, result = _transposed(block), _transposed(a), _transposed(out)
        return partial(left.dot, right, result) if not self._lead else partial(np.matmul, left, right, result)

    def _weight_gradient(self, layer: int) -> Calls:
        """[dW; db] = [a_prev, 1]^T @ dz."""
        left, dz, out = _transposed(self._with_one[layer]), self.dz[layer], self._gradient_blocks[layer]
        if not self._lead:
            return [partial(left.dot, dz, out)]
        rows = np.empty(dz.shape)  # matmul takes twice as long on a stack of transposed right-hand sides
        return [partial(np.copyto, rows, dz), partial(np.matmul, left, rows, out)]

    def _slope_calls(self) -> list[Calls]:
        """For each layer the call that fills its slope: one for all neighbours that share an activation.

        When the way back reaches the last of them, z and a of all are known. A layer with steps goes alone: its
        activation works on other buffers.
        """
        of, calls, first = self.architecture, [], 0
        keys = [(f, layer if self._has_steps(layer) else -1) for layer, f in enumerate(of.activations)]
        for layer, (f, alone) in enumerate(keys):
            ends = layer + 1 == of.n_layers or keys[layer + 1] != keys[layer]
            span = slice(self._ends[first], self._ends[layer + 1])
            buffers = self._all_z[span], self._all_a[span], self._all_slopes[span]
            calls.append([partial(f.slope, *buffers)] if ends and alone < 0 else [])
            first = layer + 1 if ends else first
        return calls

    def _has_steps(self, layer: int) -> bool:
        return bool(self.architecture.norms[layer] or self.architecture.dropouts[layer])

    def _between(self, layer: int) -> tuple[Calls, Calls]:
        """The calls from z to a, and from da back to dz, through activation and steps."""
        of, size = self.architecture, self.architecture.sizes[layer + 1]
        order = of.between(layer)
        # n parts stand between n + 1 values; the first is z, the last a, the others get buffers of their own
        values = [self.z[layer], *(_seen(self._rows(size)) for _ in order[1:]), self.a[layer + 1]]
        slopes = [self.dz[layer], *(_seen(self._rows(size)) for _ in order[1:]), self.da[layer + 1]]
        ahead, back, steps = [], [], []
        for part, x, y, dx, dy in zip(order, values, values[1:], slopes, slopes[1:], strict=False):
            if isinstance(part, Activation):
                slope = self.slope[layer]
                ahead.append(partial(part.apply, x, y))
                own_slope = [partial(part.slope, x, y, slope)] if self._has_steps(layer) else []
                back = [*own_slope, partial(np.multiply, dy, slope, dx), *back]
                continue
            dropped = isinstance(part, Dropout)
            step = DropoutStep(part, x, y, dy, dx) if dropped else self._norm_step(layer, x, y, dy, dx)
            steps.append(step)
            ahead, back = [*ahead, step.forward], [step.backward, *back]
        self.steps.append(steps)
        return ahead, back

    def _norm_step(self, layer: int, x, y, dy, dx) -> BatchNormStep:
        of = self.architecture
        parts = (
            of.scales(self.parameters.reshape(*self._lead, -1))[layer],
            of.scales(self.gradient.reshape(*self._lead, -1))[layer],
            of.statistics(self.statistics.reshape(*self._lead, -1))[layer],
        )
        return BatchNormStep(of.norms[layer], x, y, dy, dx, *parts)


def _transposed(array: np.ndarray) -> np.ndarray:
    return array.swapaxes(-1, -2)


def _seen(rows: np.ndarray) -> np.ndarray:
    """(units, …, n_samples) as it is seen from outside: (…, n_samples, units)."""
    return rows.transpose(*range(1, rows.ndim), 0)
