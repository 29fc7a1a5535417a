"""Note 004's experiment: how often a small network learns XOR, by how its weights were drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations import Sigmoid
from engine.arrays import seal
from engine.datasets import gate_samples
from engine.errors import whole
from engine.losses import CrossEntropy
from engine.momentum import SGD
from engine.proportions import Interval, newcombe, wilson
from engine.trainer import train
from engine.training_config import MAX_RUNS, TrainingConfig
from engine.weight_schemes import Initializer

# Note 004's own counts of successes in 100 runs; its learning rate, epochs and biases are not given.
NOTE_COUNTS = {"normal": 84, "uniform": 74, "default": 71}


@dataclass(frozen=True, eq=False)
class SuccessRate:
    """How many of a scheme's runs succeeded; `succeeded` (runs,) says which, read-only."""

    succeeded: np.ndarray

    @property
    def count(self) -> int:
        return int(self.succeeded.sum())

    def interval(self, confidence: float = 0.95) -> Interval:
        """Wilson's interval of the share of successes."""
        return wilson(self.count, len(self.succeeded), confidence)

    def difference(self, other: "SuccessRate", confidence: float = 0.95) -> Interval:
        """Newcombe's interval of this share minus the other's."""
        return newcombe((self.count, other.count), (len(self.succeeded), len(other.succeeded)), confidence)


def xor_successes(
    initializer: Initializer,
    seeds: Sequence[int] = tuple(range(100)),
    *,
    bias_initializer: Initializer | None = None,
    hidden: int = 2,
    learning_rate: float = 0.5,
    epochs: int = 2000,
) -> SuccessRate:
    """Train 2-hidden-1 sigmoid networks on XOR side by side; a run succeeds when all four answers are right.

    Args:
        initializer, bias_initializer: as in TrainingConfig.
        seeds: one a run, 1 to 200; schemes that are compared need seeds of their own, or their runs are no
            independent trials.
        hidden: units, 1 to 100. learning_rate: at least 0. epochs: 0 to 100,000.
    Raises: InputError: as TrainingConfig and `train`.
    Convention: cross-entropy, summed over the four samples as in the note, not averaged.
    Source: lecture note 004.
    """
    whole("hidden", hidden, 1, 100)
    whole("number of seeds", len(seeds), 1, MAX_RUNS)
    config = TrainingConfig(
        sizes=(2, hidden, 1),
        activations=(Sigmoid(), Sigmoid()),
        loss=CrossEntropy("sum"),
        optimizer=SGD(learning_rate=learning_rate),
        epochs=epochs,
        initializer=initializer,
        bias_initializer=bias_initializer,
        seeds=tuple(seeds),
    )
    return SuccessRate(seal(train(config, gate_samples("xor")).train_score[:, -1] == 1.0))
