"""Mistakes in gradients that lecture notes really make, each beside the gradient check that finds it.

A slip computes what the mistaken reasoning claims, what is right, and what central differences say; which of the
first two is true is then no matter of opinion.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine import examples, experiment, graph, sigmoid_derivation
from engine.activations import Sigmoid
from engine.arrays import seal
from engine.gradcheck import central_difference, relative_error
from engine.losses import CrossEntropy, CrossEntropyWithLogits, HalfSquaredError, Loss, SquaredError
from engine.walkthrough import parameter_names


@dataclass(frozen=True)
class Check:
    """One row a case: `cases` names it; claimed, right and numerical are arrays (n_cases,)."""

    cases: tuple[str, ...]
    claimed: np.ndarray
    right: np.ndarray
    numerical: np.ndarray

    @property
    def relative_error(self) -> np.ndarray:
        """Of what is claimed against the numerical gradient."""
        return relative_error(self.claimed, self.numerical)

    @property
    def agrees(self) -> np.ndarray:
        """Whether a case passes the check: the usual bound for double precision and central differences."""
        return self.relative_error < 1e-4


def four_y() -> Check:
    """f(x) = 2 (x - 2)^2 as z = x - 2, y = 2 z^2: the claim dy/dz = 4 y takes the result for the input.

    Source: lecture note 002, whose cell prints 32, 8, 0, 8, 32 for x = 0 .. 4.
    """
    f = graph.build("z = x - 2; y = 2*z**2")
    traces = [graph.evaluate(f, {"x": float(x)}) for x in range(5)]
    claimed = [4.0 * t.values[f.output] for t in traces]
    right = [t.gradients[f.index("x")] for t in traces]
    numerical = [graph.numerical_gradient(f, {"x": float(x)})["x"] for x in range(5)]
    return _check([f"x = {x}" for x in range(5)], claimed, right, numerical)


def sigmoid_of_z() -> Check:
    """The helper x (1 - x) is the sigmoid's derivative where x is the activation a; here it is given z.

    Source: lecture note 003, whose `sigmoid_derivative` silently expects a.
    """
    z = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    sigmoid = Sigmoid()
    numerical = [central_difference(lambda v: sigmoid.f(v)[:, 0], [value])[0] for value in z]
    return _check([f"z = {value:g}" for value in z], z * (1 - z), sigmoid.derivative(z), numerical)


def missing_factor() -> Check:
    """L = (a - y)^2 with the derivative a - y: that belongs to half the square.

    Source: lecture note 003, which writes a - y and 2 (a - y) for one and the same loss.
    """
    cases = [(0.573, 1.0), (0.609, 0.3), (0.633, 0.9)]
    square, half = SquaredError("sum"), HalfSquaredError("sum")
    claimed = [_slope(half, a, y) for a, y in cases]
    right = [_slope(square, a, y) for a, y in cases]
    numerical = [_numerical_slope(square, a, y) for a, y in cases]
    return _check([f"a = {a:g}, y = {y:g}" for a, y in cases], claimed, right, numerical)


def sum_for_mean() -> Check:
    """The cost is the mean over four samples, the gradient is their sum: four times too large.

    Source: lecture note 004, XOR by hand.
    """
    right, claimed = (
        experiment.explain(replace(examples.XOR, loss=CrossEntropy(reduction))) for reduction in ("mean", "sum")
    )
    names = parameter_names(examples.XOR.sizes)
    return _check(names, claimed.gradient, right.gradient, right.numerical)


def update_order() -> Check:
    """In the 2-2-2 example the hidden gradients are carried back through output weights already updated.

    Source: the figures 0.291027924 and 0.015912196, 0.984065734 that circulate for this example.
    """
    right = experiment.explain(examples.CLASSIC)
    claimed = experiment.explain(replace(examples.CLASSIC, update_order="output_first"))
    hidden = slice(0, 6)  # the layer below the output: four weights, two biases
    names = ("w1", "w3", "w2", "w4", "b1 (h1)", "b1 (h2)")  # this example's own names, in the flat order
    return _check(names, claimed.gradient[hidden], right.gradient[hidden], right.numerical[hidden])


def wrong_name() -> Check:
    """The last line of the chain says W2 and updates W1: its number is the gradient by W1.

    Source: lecture note 002: "W2 = W2 - a dC/dW2 = 0.7 - 1.0 (-0.013)".
    """
    explanation = experiment.explain(examples.CHAIN)
    w1, w2 = explanation.gradient[[0, 2]]
    return _check(["W2"], [w1], [w2], [explanation.numerical[2]])


def epsilon() -> Check:
    """dL/da = (a - y) / (a (1 - a) + 1e-7), then times a (1 - a): said to be a - y, whatever z is.

    For a confidently wrong output the small number is not small beside a (1 - a): the gradient vanishes.
    Source: lecture note 004 (the 1e-7 in the division).
    """
    z = np.array([0.0, 5.0, 10.0, 16.0, 20.0])
    sigmoid, with_epsilon, logits = Sigmoid(), CrossEntropy("sum", division_epsilon=1e-7), CrossEntropyWithLogits("sum")
    a = sigmoid.f(z)
    claimed = [_slope(with_epsilon, value, 0.0) for value in a] * sigmoid.derivative(z)
    right = [_slope(logits, value, 0.0) for value in z]
    numerical = [_numerical_slope(logits, value, 0.0) for value in z]
    return _check([f"z = {value:g}, y = 0" for value in z], claimed, right, numerical)


def bias_rows() -> Check:
    """The output's bias has the factor 1 in each sample's z; the claim takes one sample's delta for its gradient.

    All four samples have the one bias, so its gradient is the sum of their deltas.
    Source: lecture note 004, XOR by hand: `d_b2 = d_l2`, a column of four.
    """
    explanation = experiment.explain(examples.XOR)
    deltas = explanation.trace.dz[-1][:, 0]
    cases = [f"b2 ({a:g}{b:g})" for a, b in examples.XOR.X]
    right, numerical = explanation.gradient[-1], explanation.numerical[-1]
    return _check(cases, deltas, [right] * len(deltas), [numerical] * len(deltas))


def sigmoid_product() -> Check:
    """The last step but one of the sigmoid's derivative, with a product where a difference must stand.

        1/(1 + e^-z) * 1/(1 + e^-z)^2   instead of   1/(1 + e^-z) * (1 - 1/(1 + e^-z))

    At one z of the six both are the same number: one point that agrees proves nothing.
    Source: lecture note 002. Not of SLIPS, since it belongs to the lesson on activations.
    """
    z = np.array([-2.0, -1.0, 0.0, sigmoid_derivation.z_of_coincidence(), 1.0, 2.0])
    sigmoid = Sigmoid()
    numerical = [central_difference(lambda v: sigmoid.f(v)[:, 0], [value])[0] for value in z]
    cases = [f"z = {value:.4g}" for value in z]
    return _check(cases, sigmoid_derivation.line("product", z), sigmoid.derivative(z), numerical)


SLIPS: dict[str, Callable[[], Check]] = {
    function.__name__: function
    for function in (four_y, sigmoid_of_z, missing_factor, sum_for_mean, update_order, wrong_name, epsilon, bias_rows)
}


def _check(cases, claimed, right, numerical) -> Check:
    arrays = (np.array(values, float) for values in (claimed, right, numerical))
    return Check(tuple(cases), *map(seal, arrays))


def _slope(loss: Loss, prediction: float, target: float) -> float:
    return float(loss.gradient([[prediction]], [[target]])[0, 0])


def _numerical_slope(loss: Loss, prediction: float, target: float) -> float:
    return central_difference(lambda v: loss.value(v[:, :, None], [[target]]), [prediction])[0]
