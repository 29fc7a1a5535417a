"""Backpropagation against central differences for every activation x loss x layer, and the checker against mistakes."""

from itertools import count

import numpy as np
import pytest

from engine import gradcheck
from engine.activations import ACTIVATIONS, Linear, Sigmoid, Tanh, activation
from engine.errors import InputError
from engine.losses import LOSSES, HalfSquaredError, SquaredError, loss
from engine.network import Architecture, Network

SIZES, SAMPLES = (3, 4, 3, 2), 5
TOLERANCE = 1e-6
FLOOR = 1e-3  # of the relative error: below, the differences' own rounding of 1e-11 counts too much
NEAR = 1e-3  # how near to a kink a point is left out; the differences reach 1e-5 times a weight


def in_place(part, layer, output=None):
    """`part` in one layer, tanh in the other hidden ones, and the output that the loss asks for."""
    parts = [Tanh(), Tanh(), output]
    parts[layer] = part
    return Architecture(SIZES, tuple(parts))


def targets(loss_name, rng):
    if loss_name == "softmax_cross_entropy":
        return rng.dirichlet(np.ones(SIZES[-1]), SAMPLES)
    return rng.uniform(0.1, 0.9, (SAMPLES, SIZES[-1]))


def away_from_kinks(architecture, of_loss):
    """Random parameters, inputs and targets for which neither an activation nor the loss is near a kink."""
    for seed in count():
        rng = np.random.default_rng(seed)
        parameters = rng.normal(0, 0.6, architecture.n_parameters)
        X, Y = rng.normal(size=(SAMPLES, SIZES[0])), targets(of_loss.name, rng)
        trace = Network(architecture, parameters, X).trace(of_loss, Y)
        near = [
            np.abs(z - kink).min() < NEAR
            for z, part in zip(trace.z, architecture.activations, strict=True)
            for kink in part.kinks
        ]
        error = np.abs(trace.a[-1] - Y)
        if not any(near) and error.min() > NEAR and np.abs(error - 1).min() > NEAR:
            return parameters, X, Y


def largest_error(architecture, of_loss):
    parameters, X, Y = away_from_kinks(architecture, of_loss)
    network = Network(architecture, parameters, X)
    network.trace(of_loss, Y)
    numeric = gradcheck.parameter_gradient(architecture, parameters, X, Y, of_loss)
    return gradcheck.relative_error(network.gradient[0], numeric, FLOOR).max()


def possible(name, loss_name, layer):
    """Cross-entropy takes probabilities: its outputs must lie between 0 and 1, and not at the ends."""
    return loss_name != "cross_entropy" or layer < 2 or name == "sigmoid"


CASES = [
    (name, loss_name, layer)
    for name in ACTIVATIONS
    for loss_name in LOSSES
    for layer in range(3)
    if possible(name, loss_name, layer)
]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(("name", "loss_name", "layer"), CASES)
def test_gradient_is_the_central_difference(name, loss_name, layer, reduction):
    output = Sigmoid() if loss_name == "cross_entropy" else Linear()
    assert largest_error(in_place(activation(name), layer, output), loss(loss_name, reduction)) < TOLERANCE


def test_the_epsilon_inside_the_logarithms_is_differentiated_exactly_and_the_one_in_the_denominator_is_not():
    architecture = in_place(Sigmoid(), 2)
    assert largest_error(architecture, loss("cross_entropy", log_epsilon=0.01)) < TOLERANCE
    assert largest_error(architecture, loss("cross_entropy", division_epsilon=0.01)) > 1000 * TOLERANCE


# ------------------------------------------------------------------ test the tester


def wrong(kind):
    """A subclass whose slope is 0.1% too large."""

    def slope(self, *arguments):
        out = kind.slope(self, *arguments)
        out *= 1.001
        return out

    return type(f"Wrong{kind.__name__}", (kind,), {"slope": slope})


@pytest.mark.parametrize("layer", range(3))
@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_a_derivative_wrong_by_a_thousandth_is_noticed(name, layer):
    architecture = in_place(wrong(ACTIVATIONS[name])(), layer, Linear())
    assert largest_error(architecture, SquaredError()) > 100 * TOLERANCE


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_gradient_wrong_by_a_thousandth_is_noticed(name):
    architecture = in_place(Sigmoid() if name == "cross_entropy" else Linear(), 2)
    assert largest_error(architecture, wrong(LOSSES[name])()) > 100 * TOLERANCE


def test_a_forgotten_factor_or_a_sign_is_noticed():
    class Forgotten(HalfSquaredError):
        entry = SquaredError.entry  # (a - y)^2 with the derivative a - y, as in note 003

    assert largest_error(in_place(Linear(), 2), Forgotten()) == pytest.approx(0.5, abs=1e-6)


# ------------------------------------------------------------------ the parts


def test_central_difference_of_a_known_function():
    def cubic(v):
        return (v**3).sum(axis=-1)

    v = np.array([2.0, -0.5, 0.0, 3.0])
    kept = v.copy()
    np.testing.assert_allclose(gradcheck.central_difference(cubic, v), 3 * v**2, rtol=1e-8, atol=1e-8)
    np.testing.assert_array_equal(v, kept)


def test_too_small_a_step_is_mostly_rounding():
    errors = [
        abs(gradcheck.central_difference(lambda v: np.exp(v).sum(axis=-1), [1.0], step)[0] - np.e)
        for step in (1e-1, 1e-5, 1e-12)
    ]
    assert errors[1] < 1e-9 < errors[0]
    assert errors[2] > 1e-6


def test_relative_error_has_a_floor():
    np.testing.assert_allclose(gradcheck.relative_error([1.0, 2.0, 0.0], [1.0, 1.0, 0.0]), [0, 0.5, 0])
    assert gradcheck.relative_error(1e-12, -1e-12) < 1e-3
    assert gradcheck.relative_error(1.0, -1.0) == 2


@pytest.mark.parametrize(
    ("call", "code", "value"),
    [
        (lambda: gradcheck.central_difference(np.sum, [np.nan]), "not_finite", None),
        (lambda: gradcheck.central_difference(np.sum, ["v"]), "not_a_number", ["v"]),
        (lambda: gradcheck.central_difference(np.sum, [1.0], 0.0), "out_of_range", 0.0),
        (lambda: gradcheck.central_difference(np.sum, [1.0], 0.5), "out_of_range", 0.5),
    ],
)
def test_bad_input_is_refused_by_name(call, code, value):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
    assert value is None or caught.value.value == value
