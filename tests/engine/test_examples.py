"""The worked networks of the lecture notes give the figures that the notes print."""

from dataclasses import replace

import pytest

from engine.examples import CHAIN, CLASSIC, TWO_OUTPUTS, XOR
from engine.experiment import explain, run
from engine.network import predict


def printed(digits: int = 8):
    """Equal to a figure printed with so many decimals."""
    return lambda value: pytest.approx(value, abs=0.500001 * 10.0**-digits, rel=0)


eight, nine, three = printed(8), printed(9), printed(3)


def outputs(experiment, parameters=None):
    start = experiment.parameters if parameters is None else parameters
    return predict(experiment.architecture, start, experiment.X)


# The chain x -> w1 -> sigmoid -> w2 -> sigmoid of note 002


def test_the_chain_forward():
    e = explain(CHAIN)
    z1, z2 = (float(z[0, 0]) for z in e.trace.z)
    x, h1, o = (float(a[0, 0]) for a in e.trace.a)
    assert (x, z1) == (0.5, 0.35)
    assert (h1, z2, o, e.loss) == (eight(0.58661758), eight(0.29330879), eight(0.57280599), eight(0.18249473))


def test_the_chain_backward():
    e = explain(CHAIN)
    w1, _b1, w2, _b2 = e.gradient
    assert e.trace.da[2][0, 0] == eight(-0.85438803)
    assert e.trace.slope[1][0, 0] == eight(0.24469929)
    assert e.trace.slope[0][0, 0] == eight(0.24249740)
    assert (w2, w1) == (eight(-0.12264305), eight(-0.01267462))


def test_the_chain_after_one_update():
    e = explain(CHAIN)
    w1, b1, w2, b2 = e.new_parameters
    assert (w2, w1, b1, b2) == (eight(0.62264305), eight(0.71267462), 0, 0)
    assert outputs(CHAIN, e.new_parameters)[0, 0] == eight(0.59054279)
    assert e.new_loss == eight(0.16765521)


def test_the_notes_own_figures_are_those_of_rounding_at_each_step():
    e = explain(CHAIN)
    assert round(float(e.trace.a[1][0, 0]), 3) == 0.587
    assert abs(0.5 * 0.587 - 0.294) < 5.01e-4  # 0.2935, which the note rounds up
    found = [e.trace.a[2][0, 0], e.gradient[2], e.gradient[0], e.new_parameters[2], e.new_parameters[0]]
    assert [round(float(value), 3) for value in found] == [0.573, -0.123, -0.013, 0.623, 0.713]
    assert round((0.573 - 1) ** 2, 4) == 0.1823
    assert e.loss == pytest.approx(0.1823, abs=3e-4)
    assert round(float(outputs(CHAIN, e.new_parameters)[0, 0]), 2) == 0.59
    assert round((0.59 - 1) ** 2, 4) == 0.1681
    assert e.new_loss == pytest.approx(0.1681, abs=5e-4)


# Two outputs of note 002


def test_two_outputs():
    e = explain(TWO_OUTPUTS)
    assert outputs(TWO_OUTPUTS)[0] == pytest.approx([0.609, 0.633], abs=1e-8)
    assert e.loss == pytest.approx(0.083385, abs=1e-8)
    assert e.trace.da[2][0] == pytest.approx([0.309, -0.267], abs=1e-8)


# The classic 2-2-2 example


def test_the_classic_before_and_after_one_update():
    e = explain(CLASSIC)
    assert e.loss == nine(0.298371109)
    assert e.new_loss == printed(12)(0.291027773694)
    w1, w3, w2, w4, *biases, w5, w7, w6, w8, b2, b2_too = e.new_parameters
    assert [w1, w2, w3, w4] == [nine(value) for value in (0.149780716, 0.199561432, 0.249751144, 0.299502287)]
    assert [w5, w6, w7, w8] == [nine(value) for value in (0.358916480, 0.408666186, 0.511301270, 0.561370121)]
    assert (*biases, b2, b2_too) == (0.35, 0.35, 0.60, 0.60)


@pytest.mark.parametrize(
    ("order", "next_loss", "expected"),
    [("together", 0.291027774, (0.015913620, 0.984064274)), ("output_first", 0.291027924, (0.015912196, 0.984065734))],
)
def test_the_classic_after_ten_thousand_updates(order, next_loss, expected):
    experiment = replace(CLASSIC, update_order=order)
    history = run(experiment, 10_000)
    assert history.losses[1] == nine(next_loss)
    assert outputs(experiment, history.parameters)[0] == pytest.approx(expected, abs=5.00001e-10, rel=0)


def test_updating_the_output_first_changes_the_hidden_layer_only():
    right, wrong = explain(CLASSIC), explain(replace(CLASSIC, update_order="output_first"))
    assert wrong.gradient[6:].tolist() == right.gradient[6:].tolist()
    assert (wrong.gradient[:6] != right.gradient[:6]).all()
    assert (wrong.relative_error[:6] > 1e-3).all()
    assert (right.relative_error < 1e-6).all()


# XOR of note 004


def test_xor_learns():
    history = run(XOR, 5000)
    assert history.losses[-1] < 0.05 < 2 < history.losses[0]
    assert (outputs(XOR, history.parameters) > 0.5).ravel().tolist() == [False, True, True, False]


@pytest.mark.parametrize("experiment", [CHAIN, TWO_OUTPUTS, CLASSIC, XOR])
def test_every_example_passes_its_gradient_check(experiment):
    assert (explain(experiment).relative_error < 1e-6).all()
