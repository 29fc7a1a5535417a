"""What a diagnosis is made of: its rules as numbers, its findings, and the numbers of a run that are compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np

from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.layer_health import FLAT, LayerHealth
from engine.neighbours import neighbour_score

RULES: Mapping[str, float] = MappingProxyType(
    {
        "good_accuracy": 0.95,  # at least: learned, for a classification
        "errors": 0.5,  # and of the errors of always naming the largest class no more than this part
        "good_r_squared": 0.9,  # the same for a regression
        "stuck": 0.05,  # loss this close to that of the best constant answer, as a part of it
        "diverging": 1e6,  # times the start, and the best constant answer's loss
        "worse": 1.5,  # times the loss of the best constant answer, and above the start
        "sure": 0.1,  # an output this close to a target, as a part of their distance
        "sure_share": 0.8,  # of all outputs
        "wrong": 0.1,  # share of samples that are wrong, at least
        "risen": 1.2,  # test loss at the end, times its lowest
        "memorized": 0.75,  # training accuracy at least, while the test accuracy is no more than
        "chance": 0.1,  # this much above the share of the largest class
        "falling": 0.01,  # fall of the mean loss from the second last tenth of the epochs to the last
        "swing": 0.25,  # from the 10% to the 90% quantile of the last tenth's losses, as a part of their median
        "rises": 0.3,  # share of the last tenth's epochs in which the loss rises
        "neighbours": 5,  # nearest other samples that are asked for a yardstick
        "room": 0.05,  # score by which their answers must be better before more can be asked of a network at rest
        "risen_loss": 1.5,  # highest loss of an epoch, times the larger of the start and the best constant answer's
        "flat": FLAT,  # slope below which a unit is saturated
        "flat_share": 0.5,  # of a hidden layer's outputs
        "dead_share": 0.5,  # of a hidden layer's units
        "vanishing": 1e-3,  # first layer's gradient divided by the last one's
        "moved": 0.05,  # way of the parameters divided by their first length
        "penalty": 0.1,  # penalty on the weights divided by the loss
        "shrunk": 0.5,  # or the weights' length divided by their first one, at most
        "dropout": 0.5,  # share of silenced units
        "depth": 100.0,  # largest |z| of the last layer divided by that of the first, before the first update
    }
)
CALM = ("learned", "stopped", "stopped_at_chance", "still_falling", "limit")
CAUSES = (
    *("log_of_zero", "depth", "step_too_large", "large_rate", "growing"),
    *("linear", "linear_guess", "symmetric", "penalty", "dropout", "dead", "died", "saturated", "driven"),
    *("saturated_output", "vanishing", "clipped", "small_rate", "slow"),
)
OUTCOMES = (
    *("diverged", "nothing_to_learn", "untrained", "unmoved", "diverging", "worse", "memorized", "overfitting"),
    *("learned", "sure_but_wrong", "stopped", "stopped_at_chance", "short", "stuck", "oscillating", "still_falling"),
    *("limit", "levelled", "at_rest"),
)
LEAST = 10  # epochs of a tenth: fewer say nothing about a trend


@dataclass(frozen=True)
class Finding:
    """One thing that the numbers say: a code of OUTCOMES or CAUSES, and the numbers it rests on."""

    code: str
    numbers: Mapping[str, float] = field(default_factory=dict)


class Seen:
    """The numbers that the rules compare."""

    def __init__(self, config: LabConfig, history: TrainingHistory, layers: LayerHealth, constant_loss: float):
        self.config, self.history, self.layers, self.constant = config, history, layers, constant_loss
        self.task = config.data.plane.task
        finite = np.flatnonzero(np.isfinite(history.train_loss))
        self.losses = history.train_loss[finite]
        self.end = int(history.best_epoch) if history.stopped_at >= 0 else int(finite[-1])
        self.start, self.loss = float(self.losses[0]), float(history.train_loss[self.end])
        self.score = float(history.train_score[self.end])
        self.rate = float(np.max(config.training.optimizer.learning_rate))
        tenth = max(LEAST, len(self.losses) // 10)
        self.last, self.before = self.losses[-tenth:], self.losses[-2 * tenth : -tenth]

    @cached_property
    def share(self) -> float:
        """Of the largest class; 0 for a regression."""
        samples = self.config.parts[0]
        return 0.0 if self.task == "regression" else float(np.bincount(samples.y).max() / len(samples))

    @property
    def beyond_share(self) -> bool:
        """At most half the errors of always naming the largest class."""
        return 1 - self.score <= RULES["errors"] * (1 - self.share)

    @property
    def good(self) -> bool:
        high = self.score >= RULES[f"good_{self.history.score}"]
        return high and self.beyond_share and self.loss < self.constant

    @cached_property
    def yard(self) -> float | None:
        """The score of the nearest other samples' answers; None where they cannot be asked."""
        return neighbour_score(self.config.parts[0], int(RULES["neighbours"]))

    @property
    def as_neighbours(self) -> bool:
        """No worse, within the room, than the nearest other samples' answers."""
        return self.yard is not None and self.score >= self.yard - RULES["room"]

    @property
    def test_score(self) -> float:
        """nan without test samples."""
        test = self.history.test_score
        return float("nan") if test is None else float(test[self.end])

    @property
    def unseen(self) -> float:
        """1 where other inputs exist, and none of them is kept aside; the noise-free gate has no others."""
        data = self.config.data
        return float(not data.test_share and not (data.source == "gate" and data.noise == 0))

    @property
    def fall(self) -> float:
        """From the mean of the second last tenth to that of the last, as a part of it; 0 for too few epochs."""
        if len(self.before) < LEAST or not self.before.mean() > 0:
            return 0.0
        return float(1 - self.last.mean() / self.before.mean())

    @property
    def test(self) -> dict[str, float]:
        """The test loss at the end, its lowest, and where that was."""
        best = int(self.history.best_epoch)
        losses = self.history.test_loss
        return {"end": float(losses[self.end]), "lowest": float(losses[best]), "epoch": best}
