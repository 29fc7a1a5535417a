"""Speed of the engine as ratios, all measured in one interleaved run:  python -m tests.benchmarks.table

The variants of a row take turns, round after round, and the ratio is that of their medians: a machine that is busy for
a while slows all of them. Nothing timed is asserted anywhere; that the variants agree is.
"""

import argparse
import importlib.util
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engine.activations import Sigmoid, Tanh
from engine.adam import Adam
from engine.datasets import gate_samples, moons
from engine.decision import decision_grid
from engine.lab import run
from engine.lab_presets import PRESETS
from engine.losses import SquaredError
from engine.momentum import SGD
from engine.network import Architecture
from engine.signal import SignalConfig, study
from engine.trainer import train
from engine.training import gradient_descent
from engine.training_config import TrainingConfig
from tests.benchmarks import textbook

HAS_TORCH = importlib.util.find_spec("torch") is not None
XOR = gate_samples("xor")
SMALL, DEEP = (2, 4, 1), (2, 10, 10, 10, 1)


@dataclass(frozen=True)
class Row:
    """A comparison: `ours` against `other`, both callables that return what should agree (None: nothing to compare)."""

    name: str
    must: float
    goal: float
    ours: Callable
    other: Callable | None  # None: its library is not installed


def measure(rows: list[Row], rounds: int) -> list[tuple[float, float] | None]:
    """Median seconds of both sides of each row."""
    times = {row.name: ([], []) for row in rows}
    for _ in range(rounds):
        for row in rows:
            for side, call in enumerate((row.ours, row.other)):
                if row.other is None:
                    continue
                begin = time.perf_counter()
                call()
                times[row.name][side].append(time.perf_counter() - begin)
    return [tuple(map(statistics.median, times[row.name])) if row.other else None for row in rows]


def rows(epochs: int, runs: int) -> list[Row]:
    """All rows of the table. epochs: of single runs, and a tenth of it for stacks. runs: of the stacks."""
    shorter = max(epochs // 10, 1)
    return [*_single_runs(epochs), *_stacks(shorter, runs), *_playground(shorter), *_classic(shorter), _signal()]


def _network(sizes, seed=0, runs=()):
    architecture = Architecture(sizes, (Sigmoid(),) * (len(sizes) - 1))
    return architecture, np.random.default_rng(seed).normal(size=(*runs, architecture.n_parameters))


def _single_runs(epochs: int) -> list[Row]:
    table = []
    for sizes, (must, goal), (torch_must, torch_goal) in ((SMALL, (3.3, 3.7), (22, 26)), (DEEP, (3.0, 3.6), (16, 19))):
        architecture, start = _network(sizes)
        weights, biases = architecture.weights(start), architecture.biases(start)
        name, names = "-".join(map(str, sizes)), ["sigmoid"] * len(weights)

        def ours(architecture=architecture, start=start):
            return gradient_descent(architecture, start, XOR.X, XOR.targets, SquaredError(), 0.5, epochs).losses[:-1]

        def book(weights=weights, biases=biases, names=names):
            return textbook.full_batch(XOR.X, XOR.targets, weights, biases, names, 0.5, epochs)

        table.append(Row(f"single run {name} / textbook NumPy", must, goal, ours, book))
        torch_epochs = max(epochs // 2, 1)

        def ours_short(architecture=architecture, start=start, n=torch_epochs):
            return gradient_descent(architecture, start, XOR.X, XOR.targets, SquaredError(), 0.5, n).losses[:-1]

        torch_run = _torch_run(weights, biases, torch_epochs, "sgd", 0.5)
        table.append(Row(f"single run {name} / PyTorch eager", torch_must, torch_goal, ours_short, torch_run))
    config = TrainingConfig(
        SMALL, (Sigmoid(), Sigmoid()), optimizer=Adam(learning_rate=0.01), epochs=max(epochs // 2, 1)
    )
    start = config.start()[0]
    of = config.architecture
    adam = _torch_run(of.weights(start), of.biases(start), config.epochs, "adam", 0.01)
    return [*table, Row("Adam 2-4-1 / PyTorch eager Adam", 20, 28, lambda: train(config, XOR).train_loss[:-1], adam)]


def _torch_run(weights, biases, epochs, rule, learning_rate):
    if not HAS_TORCH:
        return None
    from tests.benchmarks import eager

    make = getattr(eager, rule)(learning_rate)
    return lambda: eager.full_batch(XOR.X, XOR.targets, weights, biases, epochs, make)


def _stacks(epochs: int, runs: int) -> list[Row]:
    table = []
    for sizes, must, goal in (((2, 2, 1), 18, 30), (DEEP, 6, 9)):
        architecture, starts = _network(sizes, runs=(runs,))

        def descend(start, rate=0.5, architecture=architecture):
            return gradient_descent(architecture, start, XOR.X, XOR.targets, SquaredError(), rate, epochs).losses

        def loop(starts=starts, descend=descend):
            return [descend(start) for start in starts]

        name = "-".join(map(str, sizes))
        table.append(Row(f"{runs} nets {name} stacked / own loop", must, goal, lambda d=descend, s=starts: d(s), loop))
    rates = np.linspace(0.1, 2.0, 9)
    architecture, start = _network(SMALL)

    def with_rate(start, rate):
        return gradient_descent(architecture, start, XOR.X, XOR.targets, SquaredError(), rate, epochs).losses

    stacked = np.tile(start, (9, 1))
    own_loop = lambda: [with_rate(start, rate) for rate in rates]  # noqa: E731
    return [*table, Row("9 learning rates stacked / own loop", 4, 5.8, lambda: with_rate(stacked, rates), own_loop)]


def _playground(epochs: int) -> list[Row]:
    samples = moons(250, 0.2, seed=1)
    names = ["tanh", "tanh", "sigmoid"]
    config = TrainingConfig(
        (2, 4, 2, 1), (Tanh(), Tanh(), Sigmoid()), optimizer=SGD(learning_rate=0.1), epochs=epochs, batch_size=10
    )
    start, of = config.start()[0], config.architecture
    weights, biases = of.weights(start), of.biases(start)

    def book():
        rng = np.random.default_rng([0, 1])
        return textbook.mini_batches(samples.X, samples.targets, weights, biases, names, 0.1, epochs, 10, rng)

    frames = np.tile(start, (20, 1))
    painted = replace(config, epochs=0)
    return [
        Row(
            "mini-batch playground 2-4-2-1 / textbook NumPy",
            3.5,
            4.9,
            lambda: train(config, samples).train_loss[1:],
            book,
        ),
        Row(
            "decision grid 100 x 100 / textbook float64",
            *(3.5, 5),
            lambda: decision_grid(painted, frames),
            lambda: [textbook.decision_grid(weights, biases, names, 100) for _ in frames],
        ),
    ]


def _classic(epochs: int) -> list[Row]:
    """The lab's default. Half the squared error with a learning rate is the whole one with half of it."""
    preset = PRESETS["classic"]
    config = replace(preset, training=replace(preset.training, epochs=epochs, snapshots=()))
    samples, test = config.parts
    of, start, rate = config.training.architecture, config.first[0], config.training.optimizer.learning_rate
    size, order = config.training.batch_size, partial(np.random.default_rng, [0, 1])
    weights, biases = of.weights(start), of.biases(start)

    def ours():
        history = run(config)
        return 2 * np.stack([history.train_loss[1:], history.test_loss[1:]], axis=1)

    def book():
        tested = (test.X, test.targets)
        return textbook.mini_batches(
            samples.X, samples.targets, weights, biases, ["tanh"] * 3, rate / 2, epochs, size, order(), tested
        )

    eager_run = None
    if HAS_TORCH:
        from tests.benchmarks import eager

        def eager_run():
            sides = (samples.X, samples.targets, test.X, test.targets)
            return eager.mini_batches(*sides, weights, biases, epochs, size, order(), eager.sgd(rate / 2))

    return [
        Row("lab's classic default 2-4-2-1 / textbook NumPy", 3.5, 4.9, ours, book),
        Row("lab's classic default 2-4-2-1 / PyTorch eager", 20, 26, ours, eager_run),
    ]


def _signal() -> Row:
    config = SignalConfig(depth=10, width=500, n_samples=500)
    other = None
    if HAS_TORCH:
        from tests.benchmarks import eager

        other = lambda: eager.deep_signal(config.depth, config.width, config.n_samples, config.bins) and None  # noqa: E731
    return Row("deep signal study 10 x 500 / PyTorch", 0.9, 1.1, lambda: study(config) and None, other)


def table(epochs: int = 1000, runs: int = 100, rounds: int = 15) -> str:
    """The table as text."""
    measured = rows(epochs, runs)
    lines = [f"{'benchmark':<52}{'ratio':>8}{'must':>8}{'goal':>8}{'ours':>12}{'other':>12}"]
    for row, times in zip(measured, measure(measured, rounds), strict=True):
        if times is None:
            lines.append(f"{row.name:<52}  PyTorch is not installed")
            continue
        ours, other = times
        lines.append(
            f"{row.name:<52}{other / ours:>8.1f}{row.must:>8}{row.goal:>8}{ours * 1e3:>9.2f} ms{other * 1e3:>9.2f} ms"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15)
    print(table(**vars(parser.parse_args())))
