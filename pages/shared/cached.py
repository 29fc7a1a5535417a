"""Engine calls that take long enough to be worth keeping, each in a bounded cache.

The results are read-only and the arguments frozen, so one copy serves all sessions; functools.lru_cache hands it
out in microseconds, where st.cache_data would copy it each time.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from engine import activation_curves, dying, experiment, gates, gradient_flow, graph, margins, rosenblatt, success_rates
from engine import gate_network as engine_gate_network
from engine import linear_stack as engine_linear_stack
from engine.activation_checks import Gap, largest_gap
from engine.activation_curves import Curves
from engine.activations import Activation, activation
from engine.arrays import seal
from engine.decision import network_grid
from engine.experiment import Experiment, Explanation
from engine.gate_network import GateNetwork, GateNetworkPicture, GateNetworkResult
from engine.linear_stack import StackConfig, StackResult
from engine.margins import MistakeBound
from engine.network import predict
from engine.pass_counts import PassCount, count_passes
from engine.rosenblatt import PerceptronHistory
from engine.signal import SignalConfig
from engine.success_rates import SuccessRate
from engine.training import History
from pages.shared.shelf import Shelf, shelved

CHUNK = 1000  # updates between two kept states


@lru_cache(maxsize=256)
def computation_graph(expression: str) -> graph.Graph:
    """The graph of an expression; raises InputError."""
    return graph.build(expression)


@dataclass(frozen=True)
class Progress:
    """Where training stands: flat `parameters`, `losses` (n_updates + 1,) so far, and the updates really made.

    diverged_at: the update after which the loss or a parameter is not finite, -1 if none; training then stops
    just before it.
    """

    parameters: np.ndarray
    losses: np.ndarray
    n_updates: int
    diverged_at: int = -1


@shelved(most=64)
def after(config: Experiment, n_updates: int) -> Progress:
    """The experiment after `n_updates` updates."""
    full, rest = divmod(n_updates, CHUNK)
    losses = []
    for index in range(full + 1):
        length = CHUNK if index < full else rest
        bad = _first_bad(config, index, length)
        if bad <= length:
            return _before_divergence(config, index, bad, losses)
        history = _chunk(config, index, length)
        losses.append(history.losses[:-1] if index < full else history.losses)
    return Progress(history.parameters, _joined(losses), n_updates)


@lru_cache(maxsize=256)
def _chunk(config: Experiment, index: int, length: int) -> History:
    """`length` updates from number index * CHUNK on."""
    start = _chunk(config, index - 1, CHUNK).parameters if index else None
    return experiment.run(config, length, start)


def _first_bad(config: Experiment, index: int, length: int) -> int:
    """Updates in this chunk after which the loss or a parameter is not finite; length + 1 where all stay finite.

    A parameter can be lost while the loss stays finite: behind a step function, or where an output is saturated.
    """
    diverged_at = int(_chunk(config, index, length).diverged_at)
    end = diverged_at if diverged_at >= 0 else length + 1
    if _is_finite(config, index, max(end - 1, 0)):
        return end
    return bisect_left(range(end), True, key=lambda updates: not _is_finite(config, index, updates))


def _is_finite(config: Experiment, index: int, length: int) -> bool:
    return bool(np.isfinite(_chunk(config, index, length).parameters).all())


def _before_divergence(config: Experiment, index: int, at: int, losses: list[np.ndarray]) -> Progress:
    last = max(at - 1, 0)
    history = _chunk(config, index, last)
    n_updates = index * CHUNK + last
    return Progress(history.parameters, _joined([*losses, history.losses]), n_updates, n_updates + 1)


def _joined(losses: list[np.ndarray]) -> np.ndarray:
    return seal(np.concatenate(losses))


@lru_cache(maxsize=256)
def explained(config: Experiment, n_updates: int) -> Explanation:
    """The next update after `n_updates`, every number of it."""
    return experiment.explain(config, after(config, n_updates).parameters)


@shelved(most=256)
def outputs(config: Experiment, n_updates: int) -> np.ndarray:
    """The network's outputs for its own samples after `n_updates`, (n_samples, n_outputs)."""
    return seal(predict(config.architecture, after(config, n_updates).parameters, config.X))


@shelved(most=64)
def field(config: Experiment, n_updates: int, low: float, high: float) -> np.ndarray:
    """What the network answers over a square after `n_updates`, the top row first."""
    return network_grid(config, after(config, n_updates).parameters, low, high)


@lru_cache(maxsize=8)
def xor_successes(word: str) -> SuccessRate:
    """Note 004's 100 runs of what it calls "normal", "uniform" or "default"; PyTorch's default draws biases as well."""
    scheme = success_rates.NOTE_SCHEMES[word]
    biases = "pytorch" if scheme == "pytorch_linear" else "zero"
    setting = success_rates.Setting(learning_rate=0.5, epochs=2000, biases=biases)
    return success_rates.run(success_rates.Block(scheme, 0, success_rates.NOTE_RUNS, setting))


@lru_cache(maxsize=32)
def learnt(
    gate: str,
    start: tuple[float, ...],
    learning_rate: float,
    order: tuple[int, ...] | None,
    seed: int | None,
    max_updates: int,
) -> tuple[PerceptronHistory, MistakeBound]:
    """Rosenblatt's rule on a gate from start (w1, w2, b), and Novikoff's bound; raises InputError."""
    target = gates.gate(gate).target
    history = rosenblatt.learn(
        gates.POINTS,
        target,
        weights=start[:-1],
        bias=start[-1],
        learning_rate=learning_rate,
        order=order,
        seed=seed,
        max_updates=max_updates,
    )
    return history, margins.mistake_bound(gates.POINTS, target, history)


@lru_cache(maxsize=256)
def flow(config: SignalConfig) -> gradient_flow.GradientFlow:
    """The gradients of one activation's networks; each activation by itself, so that another one costs its own only."""
    return gradient_flow.gradient_flow(config)


@lru_cache(maxsize=64)
def passes(code: str) -> tuple[PassCount, PassCount]:
    """How often the code of f, and that of f', goes over its array."""
    return count_passes(activation(code))


@shelved(most=64)  # some 100 kB each
def gate_network(network: GateNetwork) -> tuple[GateNetworkResult, GateNetworkPicture]:
    """Three units against XOR: every number, and both planes."""
    return engine_gate_network.evaluate(network), engine_gate_network.picture(network)


@shelved(most=64)  # some 100 kB each
def linear_stack(config: StackConfig) -> StackResult:
    """A stack of layers multiplied out, and with its activation function."""
    return engine_linear_stack.study(config)


@shelved(most=16)
def died(config: dying.DyingConfig) -> dict[str, dying.Outcome]:
    """What became of the hidden units, with each activation."""
    return dying.compare(config)


dose_response = Shelf(dying.dose_response, most=64)  # learning rates times starts, with each activation; 10 kB


def dosed(config: dying.DyingConfig) -> dying.DyingConfig:
    """The config's own rate and seed play no part in that."""
    return replace(config, learning_rate=0.0, seed=0)


@lru_cache(maxsize=512)
def derivative_gap(activation: Activation, limit: float, wrong_by: float = 0.0) -> Gap:
    """The largest gap between a derivative and central differences, for z from -limit to limit."""
    return largest_gap(activation, -limit, limit, wrong_by=wrong_by)


@lru_cache(maxsize=128)
def curves(activations: tuple[Activation, ...], limit: float, n: int) -> Curves:
    """Activations from -limit to limit, as they are drawn."""
    return activation_curves.curves(activations, limit, n)


@lru_cache(maxsize=128)
def at_points(activations: tuple[Activation, ...], limit: float, n: int) -> Curves:
    """Activations at equally spaced points from -limit to limit."""
    return activation_curves.at(activations, activation_curves.points(limit, n))


@lru_cache(maxsize=128)
def conventions(activations: tuple[Activation, ...], limit: float) -> Curves:
    """What activations are where they jump."""
    return activation_curves.conventions(activations, limit)
