"""Units that begin alike: what stays equal, what grows, and how fast."""

import math

import numpy as np
import pytest

from engine.activations import Sigmoid, Tanh
from engine.architecture import Architecture
from engine.errors import InputError
from engine.experiment import Experiment, run
from engine.export_symmetry import symmetry_script
from engine.losses import CrossEntropy
from engine.symmetry import (
    BROKEN,
    LADDER,
    SAMPLES,
    SymmetryConfig,
    growth,
    n_different,
    unit_difference,
    units,
    watch,
)
from engine.trainer import train
from engine.training_config import TrainingConfig

DEFAULT = SymmetryConfig()


def test_a_network_begins_with_its_value_and_its_noise():
    config = SymmetryConfig(value=0.25, noises=(0.0, 0.1, 0.2), seed=7)
    start, of = config.start(), config.architecture
    weights = of.weight_mask() == 1
    assert (start[:, ~weights] == 0).all()
    assert (start[0, weights] == 0.25).all()
    np.testing.assert_allclose(start[2] - start[0], 2 * (start[1] - start[0]), atol=1e-15)
    Z = np.random.default_rng(7).standard_normal(of.n_parameters)
    np.testing.assert_allclose(start[1, weights], 0.25 + 0.1 * Z[weights], rtol=1e-15)


def test_training_is_gradient_descent():
    """Against the engine's other trainer, from the same start."""
    config = SymmetryConfig(noises=(1e-3,), updates=200)
    found, samples = watch(config), config.samples
    experiment = Experiment(
        config.architecture.sizes,
        (Tanh(), Sigmoid()),
        tuple(config.start()[0]),
        tuple(map(tuple, samples.X)),
        tuple(map(tuple, samples.targets)),
        CrossEntropy("mean"),
        2.0,
    )
    history = run(experiment, 200)
    np.testing.assert_allclose(found.losses[0], history.losses[found.at], rtol=1e-8)
    np.testing.assert_allclose(found.parameters[-1], history.parameters, rtol=1e-6)


def test_a_units_numbers_and_the_largest_difference():
    of = Architecture((2, 3, 1), (Tanh(), Sigmoid()))
    W1, W2 = np.array([[1.0, 2, 3], [4, 5, 6]]), np.array([[7.0], [8], [9.5]])
    parameters = of.pack([W1, W2], [np.array([0.1, 0.2, 0.3]), np.zeros(1)])
    (layer,) = units(of, parameters)
    np.testing.assert_array_equal(layer, [[1, 4, 0.1, 7], [2, 5, 0.2, 8], [3, 6, 0.3, 9.5]])
    assert unit_difference(of, parameters) == 2.5
    assert unit_difference(of, np.stack([parameters, 2 * parameters])).tolist() == [2.5, 5.0]


def test_every_hidden_layer_counts():
    of = Architecture((2, 2, 2, 1), (Tanh(), Tanh(), Sigmoid()))
    parameters = np.zeros(of.n_parameters)
    of.biases(parameters)[1][...] = [0.0, 0.5]
    assert unit_difference(of, parameters) == 0.5
    assert [layer.shape for layer in units(of, parameters)] == [(2, 5), (2, 4)]


def test_equal_units_stay_equal_up_to_rounding():
    """Bit for bit where a computer adds up alike for all units; it never grows beyond rounding within 100 updates."""
    for activation in ("tanh", "sigmoid", "relu"):
        found = watch(SymmetryConfig(activation=activation, noises=(0.0,), updates=100))
        assert found.difference[0, 0] == 0.0
        assert found.difference.max() < 1e-12


@pytest.mark.parametrize(
    ("data", "activation", "move", "at_rest"),
    [
        ("and", "tanh", "output", True),
        ("and", "relu", "output", True),
        ("and", "sigmoid", "outgoing", False),
        ("xor", "tanh", "nothing", True),
        ("xor", "sigmoid", "nothing", True),  # as many 0 as 1: the gradients of the samples cancel
    ],
)
def test_zeros(data, activation, move, at_rest):
    found = watch(SymmetryConfig(data, activation=activation, value=0.0, noises=(0.0,), updates=300))
    assert (found.first_move, found.at_rest) == (move, at_rest)
    if move == "output":  # every answer becomes the share of ones, 1/4
        assert found.losses[0, -1] == pytest.approx(-(0.25 * math.log(0.25) + 0.75 * math.log(0.75)))
    if move == "nothing":
        assert (found.parameters == 0).all()
        assert found.losses[0, -1] == pytest.approx(math.log(2))


def test_the_first_gradient_is_the_slope_of_the_loss():
    found = watch(SymmetryConfig(noises=(0.1,), learning_rate=1e-4, updates=100))
    step = (found.parameters[0] - found.parameters[1]) / 1e-4  # frames are one update apart
    assert found.at.tolist() == list(range(101))
    np.testing.assert_allclose(step, found.gradient, rtol=1e-6, atol=1e-10)


def test_small_noise_breaks_the_symmetry_later_by_the_same_time_for_each_factor():
    noises = tuple(noise for noise in LADDER if 1e-11 < noise < 1e-3)
    found = watch(SymmetryConfig(noises=noises))
    steps = -np.diff(found.broken_at)
    assert (np.abs(steps / steps.mean() - 1) < 0.1).all()
    fitted = growth(noises, found.broken_at)
    assert fitted.n == len(noises)
    assert fitted.per_decade == pytest.approx(steps.mean() / 2, rel=0.02)
    assert fitted.at(1e-7) == pytest.approx((found.broken_at[1] + found.broken_at[2]) / 2, rel=0.1)
    assert (found.losses[:, -1] < 0.01).all()


def test_broken_lies_where_the_difference_passes_the_level():
    found = watch(DEFAULT)
    after = int(np.searchsorted(found.at, found.broken_at[0]))
    assert found.difference[0, after - 1] <= BROKEN < found.difference[0, after]
    assert found.frame(found.at[after] + 1) == after
    every = watch(SymmetryConfig(updates=100, learning_rate=20.0, value=0.0, noises=(1e-3,)))
    at = math.ceil(every.broken_at[0])
    assert every.difference[0, at - 1] <= BROKEN < every.difference[0, at]


def test_large_noise_needs_no_time_and_no_noise_never_ends():
    found = watch(SymmetryConfig(noises=(1.0, 0.0), updates=100))
    assert found.broken_at[0] == 0.0
    assert found.broken_at[1] == math.inf


def test_growth_needs_three_points():
    assert growth([0.0, 1e-8, 1e-6, 1e-4, 1.0], [math.inf, 300.0, 200.0, math.inf, 0.0]) is None
    line = growth([0.0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2], [math.inf, 400.0, 300.0, 200.0, math.inf, 7.0])
    assert (line.per_decade, line.n) == (pytest.approx(50.0), 3)
    assert line.at(1e-12) == pytest.approx(500.0)
    assert line.straight
    noises = [1e-8, 1e-6, 1e-4]
    assert growth(noises, [300.0, 200.0, 100.0]).bend == pytest.approx(0.0)
    assert growth(noises, [300.0, 260.0, 100.0]).bend == pytest.approx(0.2)
    assert not growth(noises, [300.0, 260.0, 100.0]).straight
    assert not growth(noises, [100.0, 200.0, 300.0]).straight
    assert growth(noises, [50.0, 50.0, 50.0]).bend == 0.0


def test_an_infinite_loss_is_told():
    found = watch(SymmetryConfig(activation="relu", value=2.0, n_hidden=8, n_layers=2, updates=100))
    assert found.diverged_at == 0
    assert watch(SymmetryConfig(updates=100)).diverged_at == -1


@pytest.mark.parametrize("batch_size", [1, 4])
def test_chance_in_the_batches_tells_no_units_apart(batch_size):
    """What the section's mistake says: shuffled single samples leave equal units equal, up to rounding."""
    of = SymmetryConfig(noises=(0.0,))
    config = TrainingConfig((2, 4, 1), (Tanh(), Sigmoid()), CrossEntropy("mean"), epochs=5, batch_size=batch_size)
    history = train(config, SAMPLES["moons"], start=of.start()[0])
    assert unit_difference(of.architecture, history.parameters) < 1e-12
    assert not np.allclose(history.parameters, of.start()[0], atol=0.01)


def test_how_many_different_numbers():
    assert (n_different(1), n_different(2)) == (5, 7)
    found = watch(SymmetryConfig(n_hidden=4, noises=(0.0,), updates=100))
    assert len(np.unique(found.parameters[-1].round(10))) == 5


@pytest.mark.parametrize(
    "bad",
    [
        {"data": "spirals"},
        {"activation": "elu"},
        {"n_hidden": 1},
        {"n_layers": 3},
        {"value": math.nan},
        {"noises": (-1.0,)},
        {"noises": ()},
        {"seed": -1},
        {"learning_rate": 21.0},
        {"updates": 0},
    ],
)
def test_bad_values_are_refused(bad):
    with pytest.raises(InputError):
        SymmetryConfig(**bad)


def test_more_work_costs_more():
    small, large = SymmetryConfig(updates=100).cost, SymmetryConfig(updates=5000, n_hidden=8, noises=LADDER).cost
    assert large.operations > 50 * small.operations
    assert SymmetryConfig(noises=(0.0, *LADDER)).cost.then(DEFAULT.cost).operations < 0.5e9


@pytest.mark.parametrize(
    "config",
    [
        SymmetryConfig(noises=(1e-4,), updates=400),
        SymmetryConfig("xor", 3, 2, "sigmoid", 0.3, (0.5,), 3, 1.0, 200),
        SymmetryConfig("and", activation="relu", value=0.0, noises=(0.0,), updates=100),
    ],
)
def test_the_script_prints_the_same_numbers(config, capsys):
    found, shown = watch(config), config.updates // 2
    exec(symmetry_script(config, shown), {})
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    layer = units(config.architecture, found.parameters)[0]
    gradients = [list(map(float, words[4:])) for words in printed if words[0] == "gradient"]
    np.testing.assert_allclose(gradients, units(config.architecture, found.gradient)[0], rtol=1e-9, atol=1e-15)
    updates = [words for words in printed if words[0] == "update"]
    assert [int(words[1]) for words in updates] == [0, shown, config.updates]
    frames = [found.frame(int(words[1])) for words in updates]
    np.testing.assert_allclose([float(words[3]) for words in updates], found.losses[0, frames], rtol=1e-7)
    np.testing.assert_allclose(
        [float(words[5]) for words in updates], found.difference[0, frames], rtol=1e-5, atol=1e-15
    )
    rows = [list(map(float, words[2:])) for words in printed if words[0] == "unit"]
    np.testing.assert_allclose(np.reshape(rows, layer[frames].shape), layer[frames], rtol=1e-5, atol=1e-12)


def test_a_small_difference_grows_as_the_fitted_law_says():
    """Not as d_0 10^(t / T): a difference may stand still before it grows."""
    found = watch(SymmetryConfig(noises=(*LADDER,)))
    law = growth(LADDER, found.broken_at)
    assert law.factor * 1e-6 * 10 ** (law.at(1e-6) / law.per_decade) == pytest.approx(BROKEN)
    run = LADDER.index(min(LADDER, key=lambda noise: abs(noise - 1e-6)))
    for update in (160, 200):
        measured = found.difference[run, found.frame(update)]
        said = law.factor * 1e-6 * 10 ** (update / law.per_decade)
        assert 0.5 < measured / said < 2
        assert found.difference[run, 0] * 10 ** (update / law.per_decade) > 10 * measured
