"""One experiment explained: gradients that agree with central differences, arrays that nobody can spoil."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, ReLU, Sigmoid, activation
from engine.errors import InputError
from engine.examples import CHAIN, CLASSIC, XOR
from engine.experiment import Experiment, explain, random_start, run
from engine.losses import LOSSES, CrossEntropy, CrossEntropyWithLogits, HalfSquaredError, SquaredError, loss
from engine.network import predict

RNG = np.random.default_rng(7)
SIZES = (3, 4, 2)
N_PARAMETERS = 26
X = tuple(map(tuple, RNG.uniform(-1.5, 1.5, (5, 3)).tolist()))
Y = tuple(map(tuple, RNG.uniform(0.1, 0.9, (5, 2)).tolist()))
PARAMETERS = tuple(RNG.normal(size=N_PARAMETERS).tolist())
SHARES = tuple((first, 1.0 - first) for first, _ in Y)  # rows that sum to 1, as for two classes
OUTPUTS = {
    name: ["linear"] if kind.takes_logits else ["sigmoid"] if kind is CrossEntropy else list(ACTIVATIONS)
    for name, kind in LOSSES.items()
}
COMBINATIONS = [
    (hidden, output, name, reduction)
    for hidden in ACTIVATIONS
    for name in LOSSES
    for output in OUTPUTS[name]
    for reduction in ("mean", "sum")
]


def experiment(hidden="sigmoid", output="sigmoid", error="half_squared_error", reduction="sum", **changes):
    kinds = activation(hidden), activation(output)
    start = Experiment(SIZES, kinds, PARAMETERS, X, Y, loss(error, reduction), learning_rate=0.3)
    return replace(start, **changes)


def refusal(**changes):
    with pytest.raises(InputError) as caught:
        experiment(**changes)
    return caught.value


# Explain


@pytest.mark.parametrize(("hidden", "output", "error", "reduction"), COMBINATIONS)
def test_gradients_are_those_of_the_loss(hidden, output, error, reduction):
    targets = {"Y": SHARES} if error == "softmax_cross_entropy" else {}
    e = explain(experiment(hidden, output, error, reduction, **targets))
    assert np.abs(np.concatenate(e.trace.z, axis=1)).min() > 1e-3  # away from every kink
    assert e.gradient == pytest.approx(e.numerical, rel=1e-6, abs=1e-9)
    assert (e.relative_error[np.abs(e.gradient) > 1e-4] < 1e-6).all()


@pytest.mark.parametrize("wrong", [1.001, 0.999])
def test_a_derivative_that_is_wrong_by_a_thousandth_is_caught(monkeypatch, wrong):
    right = Sigmoid.slope
    monkeypatch.setattr(Sigmoid, "slope", lambda self, z, a, out: np.multiply(right(self, z, a, out), wrong, out=out))
    assert (explain(experiment()).relative_error > 5e-4).all()


def test_a_loss_that_is_wrong_by_a_thousandth_is_caught(monkeypatch):
    right = SquaredError.slope
    monkeypatch.setattr(SquaredError, "slope", lambda self, a, y, factor, out: right(self, a, y, 1.001 * factor, out))
    assert (explain(experiment(error="squared_error")).relative_error > 5e-4).all()


@pytest.mark.parametrize("epsilon", [{}, {"log_epsilon": 1e-7}])
def test_an_epsilon_inside_the_logarithms_has_an_exact_gradient(epsilon):
    e = explain(experiment(loss=CrossEntropy("mean", **epsilon)))
    assert e.gradient == pytest.approx(e.numerical, rel=1e-6, abs=1e-9)


def test_an_epsilon_in_the_division_has_none():
    confident = replace(CHAIN, parameters=(0.7, 0.0, 0.5, -16.0), loss=CrossEntropy("sum", division_epsilon=1e-7))
    e = explain(confident)
    slope = e.trace.slope[1][0, 0]
    assert slope == pytest.approx(1.5e-7, rel=0.01)
    assert e.gradient[2] == pytest.approx(e.numerical[2] * slope / (slope + 1e-7), rel=1e-6)
    assert e.relative_error[2] > 0.3


def test_relative_error_is_that_of_the_two_gradients():
    e = explain(replace(CLASSIC, update_order="output_first"))
    expected = np.abs(e.gradient - e.numerical) / np.maximum(np.abs(e.gradient), np.abs(e.numerical))
    assert e.relative_error == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("order", ["together", "output_first"])
@pytest.mark.parametrize("biases", [True, False])
def test_the_update_moves_against_the_gradient(order, biases):
    config = experiment(update_order=order, learn_biases=biases)
    e = explain(config)
    is_bias = config.architecture.bias_mask() == 1
    moved = e.parameters - 0.3 * e.gradient
    if not biases:
        moved[is_bias] = e.parameters[is_bias]
    assert e.new_parameters == pytest.approx(moved, rel=1e-14)
    assert e.parameters.tolist() == list(PARAMETERS)
    assert (e.gradient[is_bias] != 0).all()  # they are known even where they are not used
    assert e.new_loss == float(config.loss.value(predict(config.architecture, e.new_parameters, X), Y))


def test_the_trace_holds_the_state_before_the_update():
    config = experiment()
    e = explain(config)
    W, b = config.architecture.weights(e.parameters), config.architecture.biases(e.parameters)
    assert [w.tolist() for w in e.trace.W] == [w.tolist() for w in W]
    assert [v.tolist() for v in e.trace.b] == [v.tolist() for v in b]
    assert config.architecture.pack(e.trace.dW, e.trace.db).tolist() == e.gradient.tolist()
    assert e.trace.a[0].tolist() == [list(row) for row in X]
    for layer in range(2):
        assert e.trace.z[layer] == pytest.approx(e.trace.a[layer] @ W[layer] + b[layer], rel=1e-13)
        assert e.trace.dz[layer] == pytest.approx(e.trace.da[layer + 1] * e.trace.slope[layer], rel=1e-14)
    assert e.loss == float(config.loss.value(e.trace.a[-1], Y))


def test_other_parameters_than_the_start():
    config = experiment()
    e = explain(config, explain(config).new_parameters)
    assert e.gradient.tolist() == explain(replace(config, parameters=tuple(e.parameters.tolist()))).gradient.tolist()


def test_all_arrays_are_read_only_and_the_input_stays_as_it_was():
    config, start = experiment(), np.array(PARAMETERS)
    e = explain(config, start)
    arrays = [e.gradient, e.numerical, e.relative_error, e.parameters, e.new_parameters]
    for field in fields(e.trace):
        if field.name != "steps":  # of batch normalization and dropout, which an experiment has not
            arrays += getattr(e.trace, field.name)
    for array in arrays:
        assert not array.flags.writeable
        assert not np.shares_memory(array, start)
    start[0] = 99.0
    assert e.parameters[0] == PARAMETERS[0]
    assert config == experiment()


# Run


def test_running_is_explaining_again_and_again():
    config = replace(XOR, learning_rate=1.0)
    history = run(config, 20)
    parameters, losses = config.parameters, []
    for _ in range(20):
        e = explain(config, parameters)
        losses, parameters = [*losses, e.loss], e.new_parameters
    assert history.losses.tolist() == pytest.approx([*losses, e.new_loss], rel=1e-12)
    assert history.parameters == pytest.approx(parameters, rel=1e-12)


def test_a_run_in_two_parts_is_a_run():
    whole, half = run(XOR, 50), run(XOR, 20)
    rest = run(XOR, 30, half.parameters)
    assert rest.parameters.tolist() == whole.parameters.tolist()
    assert [*half.losses[:-1], *rest.losses] == whole.losses.tolist()


def test_no_update_is_the_start():
    history = run(CHAIN, 0)
    assert history.losses.tolist() == [explain(CHAIN).loss]
    assert history.parameters.tolist() == list(CHAIN.parameters)
    assert history.diverged_at == -1


def test_divergence_is_told_with_its_step():
    wild = experiment("linear", "linear", learning_rate=1000.0)
    history = run(wild, 400)
    at = int(history.diverged_at)
    assert 0 < at < 400
    assert np.isfinite(history.losses[:at]).all()
    assert np.isnan(history.losses[at:]).all()


@pytest.mark.parametrize("n", [-1, 100_001, 2.5, float("nan")])
def test_a_bad_count_is_refused(n):
    with pytest.raises(InputError) as caught:
        run(CHAIN, n)
    assert caught.value.argument == "n_updates"


# The configuration as a value


def test_equal_experiments_are_one_key():
    assert {experiment(): 1}[experiment()] == 1
    assert hash(experiment()) == hash(experiment())
    assert len({experiment(), experiment(learning_rate=0.4), experiment(reduction="mean")}) == 3


def test_an_experiment_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        CHAIN.learning_rate = 2.0


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("argument", ["parameters", "X", "Y", "learning_rate"])
def test_what_is_not_finite_is_refused_by_name(argument, bad):
    values = {"parameters": (bad, *PARAMETERS[1:]), "X": ((bad, 0, 0), *X[1:]), "Y": (*Y[:4], (0, bad))}
    error = refusal(**{argument: values.get(argument, bad)})
    assert (error.code, error.argument) == ("not_finite", argument)
    assert str(bad) in str(error)


@pytest.mark.parametrize(
    ("argument", "value", "shape"),
    [
        ("parameters", PARAMETERS[:-1], "25"),
        ("parameters", (*PARAMETERS, 1.0), "27"),
        ("X", ((1.0, 2.0),) * 5, "(5, 2)"),
        ("X", (1.0, 2.0, 3.0), "(3,)"),
        ("Y", Y[:4], "(4, 2)"),
        ("Y", ((0.5,),) * 5, "(5, 1)"),
        ("activations", (Sigmoid(),), "(1,)"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused_by_name(argument, value, shape):
    error = refusal(**{argument: value})
    assert (error.code, error.argument) == ("wrong_shape", argument)
    assert shape in str(error)


@pytest.mark.parametrize("rate", [-0.1, 1.1e6])
def test_a_learning_rate_out_of_range_is_refused(rate):
    error = refusal(learning_rate=rate)
    assert (error.code, error.argument, error.value) == ("out_of_range", "learning_rate", rate)


@pytest.mark.parametrize("sizes", [(3,), (3, 0, 2), (3, 4000, 2)])
def test_sizes_out_of_range_are_refused(sizes):
    kinds = (Sigmoid(),) * (len(sizes) - 1)
    with pytest.raises(InputError) as caught:
        Experiment(sizes, kinds, PARAMETERS, X, Y, HalfSquaredError(), 0.1)
    assert caught.value.code == "out_of_range"


def test_words_that_are_not_known_are_refused():
    error = refusal(update_order="backwards")
    assert (error.code, error.argument, error.value) == ("unknown_name", "update_order", "backwards")
    error = refusal(X=(("a", 0, 0), *X[1:]))
    assert (error.code, error.argument) == ("not_a_number", "X")


@pytest.mark.parametrize(
    ("kind", "output", "needed"),
    [(CrossEntropy(), ReLU(), "sigmoid"), (CrossEntropyWithLogits(), Sigmoid(), "linear")],
)
def test_a_loss_names_the_output_it_needs(kind, output, needed):
    error = refusal(loss=kind, activations=(Sigmoid(), output))
    assert (error.code, error.argument) == ("loss_activation", kind.name)
    assert (error.value, error.allowed) == (output.name, needed)


# A start to copy by hand


@pytest.mark.parametrize("sizes", [(1, 1), (2, 2, 1), (4, 4, 4, 4, 4)])
def test_a_random_start(sizes):
    start = random_start(sizes, seed=3)
    of = Experiment(
        sizes,
        (Sigmoid(),) * (len(sizes) - 1),
        start,
        ((0.0,) * sizes[0],),
        ((0.0,) * sizes[-1],),
        HalfSquaredError(),
        0.1,
    )
    assert start == random_start(sizes, seed=3)
    assert start != random_start(sizes, seed=4)
    assert [round(value, 2) for value in start] == list(start)
    assert not np.any(np.array(start)[of.architecture.bias_mask() == 1])
