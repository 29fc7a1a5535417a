"""Engine calls that take long enough to be worth keeping, each in a bounded cache.

The results are read-only and the arguments frozen, so one copy serves all sessions; functools.lru_cache hands it
out in microseconds, where st.cache_data would copy it each time.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine import experiment, graph
from engine.experiment import Experiment, Explanation
from engine.training import History

CHUNK = 1000  # updates between two kept states


@lru_cache(maxsize=256)
def computation_graph(expression: str) -> graph.Graph:
    """The graph of an expression; raises InputError."""
    return graph.build(expression)


@dataclass(frozen=True)
class Progress:
    """Where training stands: flat `parameters`, `losses` (n_updates + 1,) so far, and the updates really made.

    diverged_at: index of the first loss that is not finite, -1 if none; training then stops just before it.
    """

    parameters: np.ndarray
    losses: np.ndarray
    n_updates: int
    diverged_at: int = -1


@lru_cache(maxsize=64)
def after(config: Experiment, n_updates: int) -> Progress:
    """The experiment after `n_updates` updates."""
    full, rest = divmod(n_updates, CHUNK)
    losses = []
    for index in range(full + 1):
        history = _chunk(config, index, CHUNK if index < full else rest)
        if history.diverged_at >= 0:
            return _before_divergence(config, index, int(history.diverged_at), losses)
        losses.append(history.losses[:-1] if index < full else history.losses)
    return Progress(history.parameters, _joined(losses), n_updates)


@lru_cache(maxsize=256)
def _chunk(config: Experiment, index: int, length: int) -> History:
    """`length` updates from number index * CHUNK on."""
    start = _chunk(config, index - 1, CHUNK).parameters if index else None
    return experiment.run(config, length, start)


def _before_divergence(config: Experiment, index: int, at: int, losses: list[np.ndarray]) -> Progress:
    last = max(at - 1, 0)
    history = _chunk(config, index, last)
    n_updates = index * CHUNK + last
    return Progress(history.parameters, _joined([*losses, history.losses]), n_updates, n_updates + 1)


def _joined(losses: list[np.ndarray]) -> np.ndarray:
    joined = np.concatenate(losses)
    joined.setflags(write=False)
    return joined


@lru_cache(maxsize=256)
def explained(config: Experiment, n_updates: int) -> Explanation:
    """The next update after `n_updates`, every number of it."""
    return experiment.explain(config, after(config, n_updates).parameters)
