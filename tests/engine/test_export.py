"""The scripts that a learner takes home print the engine's numbers: each is run here, and its output compared."""

import contextlib
import importlib.util
import io
from dataclasses import replace

import numpy as np
import pytest

from engine import experiment as experiments
from engine.activations import ACTIVATIONS, Linear, ReLU, Sigmoid, Tanh
from engine.adam import Adam
from engine.datasets import blobs, curve_regression, gate_samples, moons
from engine.errors import InputError
from engine.experiment import Experiment
from engine.export import graph_script, network_script, network_torch_script, torch_script, training_script
from engine.graph import build, evaluate
from engine.layers import BatchNorm, Dropout
from engine.losses import (
    LOSSES,
    CrossEntropy,
    CrossEntropyWithLogits,
    HalfSquaredError,
    SoftmaxCrossEntropy,
    SquaredError,
)
from engine.momentum import ASGD, SGD, Momentum, Nesterov
from engine.optimizers import OPTIMIZERS
from engine.preparation import split
from engine.samples import Dataset
from engine.schedules import Cosine, ExponentialDecay, StepDecay, WarmUp
from engine.trainer import train
from engine.training_config import TrainingConfig

HAS_TORCH = importlib.util.find_spec("torch") is not None
NEEDS_TORCH = pytest.mark.skipif(not HAS_TORCH, reason="PyTorch is not installed: its scripts are not run")
SCRIPTS = [training_script, pytest.param(torch_script, marks=NEEDS_TORCH)]

XOR = gate_samples("xor")
MOONS = split(moons(50, 0.2, seed=1), 0.3, seed=2)
BASE = TrainingConfig(
    (2, 4, 3, 1), (Tanh(), Sigmoid(), Sigmoid()), epochs=20, optimizer=SGD(learning_rate=0.3), batch_size=8, seeds=3
)


def printed(script: str) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output), np.errstate(all="ignore"):
        exec(compile(script, "script", "exec"), {"__name__": "__main__"})
    return output.getvalue()


def numbers(script: str) -> np.ndarray:
    """The rows "epoch loss ..." that a script prints."""
    lines = [line.split() for line in printed(script).splitlines()]
    return np.array([[float(part) for part in line] for line in lines if line[0].isdigit()])


def assert_same_losses(make, config, samples, test=None, start=None, run=0, tolerance=1e-9):
    history = train(config, samples, test, start)
    table = numbers(make(config, samples, test, start, run))
    epochs = table[:, 0].astype(int)
    pick = (run,) if config.lead else ()
    np.testing.assert_allclose(table[:, 1], history.train_loss[pick][epochs], rtol=tolerance, atol=1e-14)
    if test is not None:
        np.testing.assert_allclose(table[:, 2], history.test_loss[pick][epochs], rtol=tolerance, atol=1e-14)
    assert len(table) >= 3
    assert table[-1, 1] != table[0, 1]


CONFIGS = {
    "full batch": replace(BASE, batch_size=None),
    "mini-batches with a smaller last one": BASE,
    "single samples": replace(BASE, batch_size=1, optimizer=SGD(learning_rate=0.05)),
    "standardized, momentum": replace(BASE, standardize=True, optimizer=Momentum(learning_rate=0.05)),
    "weight decay in the rule": replace(BASE, optimizer=SGD(learning_rate=0.3, weight_decay=0.01)),
    "penalties and clipping": replace(BASE, l1=1e-3, l2=1e-2, clip_norm=0.1),
    "batch norm before": replace(BASE, batch_norm=BatchNorm()),
    "batch norm after": replace(BASE, batch_norm=BatchNorm("after_activation", 0.3, 1e-3)),
    "dropout": replace(BASE, dropout=Dropout(0.3)),
    "classic dropout": replace(BASE, dropout=Dropout(0.2, "classic"), batch_norm=BatchNorm("after_activation")),
    "both": replace(BASE, dropout=Dropout(0.2), batch_norm=BatchNorm()),
    "dropout before the norm": replace(
        BASE, dropout=Dropout(0.2, place="before_batch_norm"), batch_norm=BatchNorm("after_activation")
    ),
    "classic dropout before the norm before the activation": replace(
        BASE, dropout=Dropout(0.2, "classic", "before_batch_norm"), batch_norm=BatchNorm()
    ),
    "dropout in one layer": replace(BASE, dropout=(Dropout(0.2),) + (None,) * (len(BASE.sizes) - 3)),
    "steps": replace(BASE, schedule=StepDecay(7, 0.5)),
    "warm-up, then cosine": replace(BASE, schedule=WarmUp(5, 0.2, Cosine(60, 0.1))),
    "exponential": replace(BASE, schedule=ExponentialDecay(0.97)),
    "early stopping": replace(BASE, patience=3, optimizer=SGD(learning_rate=8.0), epochs=40),
    "early stopping of a normalized network": replace(
        BASE, patience=2, batch_norm=BatchNorm(), epochs=30, optimizer=SGD(learning_rate=2.0)
    ),
}


@pytest.mark.parametrize("make", SCRIPTS)
@pytest.mark.parametrize("name", CONFIGS)
def test_a_training_script_prints_the_losses_of_the_training(make, name):
    assert_same_losses(make, CONFIGS[name], *MOONS)


@pytest.mark.parametrize("make", SCRIPTS)
@pytest.mark.parametrize("code", OPTIMIZERS)
def test_every_optimizer_has_its_script(make, code):
    rates = {"adadelta": 2.0, "sgd": 0.5, "asgd": 0.5, "momentum": 0.1, "nesterov": 0.1}
    rule = OPTIMIZERS[code](learning_rate=rates.get(code, 0.02))
    config = replace(BASE, optimizer=rule)
    if code == "rprop":  # by the signs of gradients alone: on noisy batches rounding would decide
        config = replace(config, batch_size=None, epochs=8)
    elif code != "asgd":
        config = replace(config, schedule=Cosine(200))
    assert_same_losses(make, config, *MOONS, tolerance=1e-7)


def test_pytorchs_asgd_follows_a_schedule_one_step_late_and_is_refused():
    config = replace(BASE, optimizer=ASGD(learning_rate=0.5), schedule=Cosine(200))
    assert_same_losses(training_script, config, *MOONS)
    with pytest.raises(InputError, match="schedule"):
        torch_script(config, *MOONS)


def test_adam_without_correction_exists_in_numpy_alone():
    config = replace(BASE, optimizer=Adam(learning_rate=0.02, bias_correction=False))
    assert_same_losses(training_script, config, *MOONS)
    with pytest.raises(InputError, match="bias_correction"):
        torch_script(config, *MOONS)


@pytest.mark.parametrize("make", SCRIPTS)
def test_nesterov_without_momentum_is_plain_descent(make):
    assert_same_losses(make, replace(BASE, optimizer=Nesterov(learning_rate=0.2, momentum=0.0)), *MOONS)


@pytest.mark.parametrize("make", SCRIPTS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_has_its_script(make, name):
    hidden = ACTIVATIONS[name]()
    config = replace(BASE, activations=(hidden, hidden, Sigmoid()), batch_size=None)
    assert_same_losses(make, config, *MOONS)


@pytest.mark.parametrize("make", SCRIPTS)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_its_script(make, name, reduction):
    loss = LOSSES[name](reduction)
    several = name == "softmax_cross_entropy"
    samples = blobs(40, 0.3, seed=1, n_classes=3) if several else moons(40, 0.2, seed=1)
    output = Linear() if loss.takes_logits else Sigmoid()
    config = replace(
        BASE,
        sizes=(2, 4, 3 if several else 1),
        activations=(Tanh(), output),
        loss=loss,
        optimizer=SGD(learning_rate=0.02),
    )
    assert_same_losses(make, config, samples)


@pytest.mark.parametrize("make", SCRIPTS)
def test_an_output_that_rounds_to_its_class_is_no_failure_of_the_script(make):
    """0 ln 0 and 0 / 0 have their limits."""
    samples = Dataset([[-1.0], [1.0], [0.01]], [0, 1, 1], "classification", ("0", "1"))
    config = TrainingConfig((1, 1), (Sigmoid(),), CrossEntropy("mean"), SGD(learning_rate=0.5), epochs=20)
    output = np.empty(1)
    Sigmoid().apply(np.array([40.0]), output)
    assert output == 1.0
    assert_same_losses(make, config, samples, start=(40.0, 0.0))


@pytest.mark.parametrize("make", SCRIPTS)
@pytest.mark.parametrize("loss", [CrossEntropy("mean", 1e-3), CrossEntropy("sum", 0.0, 1e-2)])
def test_the_two_small_numbers_of_the_notes_are_in_the_scripts(make, loss):
    config = replace(BASE, loss=loss, optimizer=SGD(learning_rate=0.05))
    assert_same_losses(make, config, *MOONS)
    assert_same_losses(make, replace(config, batch_size=None), *MOONS)


@pytest.mark.parametrize("make", SCRIPTS)
@pytest.mark.parametrize("patience", [None, 3])
def test_a_script_prints_the_reported_loss(make, patience):
    """As the notes do: the update follows half the summed squared error, and the mean one is printed."""
    rule = SGD(learning_rate=0.05 if patience is None else 0.4)
    config = replace(
        BASE, loss=HalfSquaredError("sum"), reported=SquaredError(), optimizer=rule, epochs=40, patience=patience
    )
    assert_same_losses(make, config, *MOONS)
    assert_same_losses(make, replace(config, patience=None, reported=CrossEntropy()), MOONS[0])


@pytest.mark.parametrize("make", SCRIPTS)
def test_a_script_takes_classes_of_minus_one_and_one(make):
    coded = [replace(data, coding=(-1.0, 1.0)) for data in MOONS]
    config = replace(BASE, activations=(Tanh(), Tanh(), Tanh()), loss=HalfSquaredError())
    assert_same_losses(make, config, *coded)
    assert "-1.0" in make(config, *coded)


@pytest.mark.parametrize("make", SCRIPTS)
def test_a_regression_with_two_outputs_has_its_script(make):
    one = curve_regression(30, 0.1, seed=1)
    samples = Dataset(one.X, np.hstack([one.y, -2 * one.y]), "regression")
    config = replace(BASE, sizes=(1, 5, 2), activations=(ReLU(), Linear()), optimizer=SGD(learning_rate=0.05))
    assert_same_losses(make, config, samples)


@pytest.mark.parametrize("make", SCRIPTS)
def test_one_run_of_a_stack_is_exported_with_its_own_seed_and_rate(make):
    config = replace(BASE, seeds=(1, 2, 3), learning_rates=(0.1, 0.2, 0.4), dropout=Dropout(0.2))
    assert_same_losses(make, config, *MOONS, run=2)
    with pytest.raises(InputError, match="run"):
        make(config, *MOONS, run=3)


@pytest.mark.parametrize("make", SCRIPTS)
def test_a_given_start_is_in_the_script(make):
    start = np.random.default_rng(5).normal(size=BASE.architecture.n_parameters)
    assert_same_losses(make, BASE, *MOONS, start=start)


def test_the_training_script_ends_with_the_parameters_of_the_training():
    history = train(BASE, *MOONS)
    lines = dict(line.split(" ", 1) for line in printed(training_script(BASE, *MOONS)).splitlines())
    of = BASE.architecture
    for n, W in enumerate(of.weights(history.parameters), 1):
        np.testing.assert_allclose(eval(lines[f"W{n}"]), W, rtol=1e-10)


def test_a_script_that_stops_early_ends_with_the_best_parameters():
    config = CONFIGS["early stopping"]
    history = train(config, *MOONS)
    assert 0 < history.best_epoch < history.stopped_at < config.epochs
    lines = dict(line.split(" ", 1) for line in printed(training_script(config, *MOONS)).splitlines())
    np.testing.assert_allclose(eval(lines["W1"]), config.architecture.weights(history.parameters)[0], rtol=1e-9)


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"sizes": (3, 4, 3, 1)}, "samples.X"),
        ({"sizes": (2, 4, 3, 2)}, "samples.targets"),
        ({"patience": 3}, "test"),
    ],
)
def test_a_script_of_data_that_do_not_fit_is_refused(changes, argument):
    with pytest.raises(InputError) as caught:
        training_script(replace(BASE, **changes), XOR)
    assert caught.value.argument == argument


# The experiments of the backpropagation lesson


def an_experiment(**changes) -> Experiment:
    settings = {
        "sizes": (2, 3, 1),
        "activations": (Tanh(), Sigmoid()),
        "parameters": experiments.random_start((2, 3, 1), seed=4),
        "X": tuple(map(tuple, XOR.X.tolist())),
        "Y": tuple(map(tuple, XOR.targets.tolist())),
        "loss": HalfSquaredError("sum"),
        "learning_rate": 0.5,
    }
    return Experiment(**settings | changes)


def logits(**changes):
    return an_experiment(activations=(Tanh(), Linear()), loss=CrossEntropyWithLogits(), **changes)


@pytest.mark.parametrize(
    "e",
    [
        an_experiment(),
        an_experiment(loss=SquaredError(), learn_biases=False),
        an_experiment(loss=CrossEntropy("mean", 1e-7)),
        an_experiment(loss=CrossEntropy("mean", 0.0, 1e-7)),
        logits(),
    ],
)
@pytest.mark.parametrize("make", [network_script, pytest.param(network_torch_script, marks=NEEDS_TORCH)])
def test_an_experiments_script_prints_its_losses(make, e):
    table = numbers(make(e, 100))
    np.testing.assert_allclose(table[:, 1], experiments.run(e, 100).losses[::10], rtol=1e-10)


def test_the_mistaken_update_order_is_written_out_in_numpy_and_refused_for_pytorch():
    e = an_experiment(update_order="output_first")
    np.testing.assert_allclose(numbers(network_script(e, 50))[:, 1], experiments.run(e, 50).losses[::5], rtol=1e-10)
    with pytest.raises(InputError, match="update_order"):
        network_torch_script(e, 50)


def test_several_outputs_of_an_experiment():
    e = an_experiment(
        sizes=(2, 2),
        activations=(Linear(),),
        parameters=experiments.random_start((2, 2)),
        Y=((0.0, 1.0), (1.0, 0.0), (1.0, 0.0), (0.0, 1.0)),
        loss=SoftmaxCrossEntropy(),
    )
    np.testing.assert_allclose(numbers(network_script(e, 20))[:, 1], experiments.run(e, 20).losses[::2], rtol=1e-10)


# Graphs


@pytest.mark.parametrize(
    "text", ["w*x + b", "sigmoid(w*x + b)", "max(x, y)*exp(-x)/sqrt(y) + min(x, y)**2", "e = x*y; e*e"]
)
def test_a_graphs_script_prints_values_and_gradients(text):
    graph = build(text)
    values = dict(zip(graph.variables, (0.7, 1.3, -0.4), strict=False))
    trace = evaluate(graph, values)
    rows = [line.split() for line in printed(graph_script(graph, values)).splitlines()]
    assert len(rows) >= len(graph.variables) + 1
    for name, value, gradient in rows:
        place = graph.index(name)
        assert float(value) == pytest.approx(trace.values[place], rel=1e-14)
        assert float(gradient) == pytest.approx(trace.gradients[place], rel=1e-14)


def test_no_name_of_a_learner_can_run_as_code():
    graph = build("np*x + d_x")  # names that the script itself uses
    script = graph_script(graph, {"np": 2.0, "x": 3.0, "d_x": 1.0})
    assert dict(line.split()[:2] for line in printed(script).splitlines())["f"] == "7.0"
