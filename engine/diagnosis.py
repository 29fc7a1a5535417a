"""What became of a training, and why: findings with their numbers, from stated rules.

Each rule is a comparison with one number of RULES. A rule is no proof: it says what the numbers look like.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.best_constant import best_constant
from engine.blow_up import BlowUp, blow_up
from engine.causes import causes
from engine.curvature import largest_curvature, stable_rate
from engine.findings import RULES, Finding, Seen
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.layer_health import LayerHealth, as_answers, layer_health
from engine.losses import CrossEntropy
from engine.outcomes import outcome


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What became of a training.

    Attributes:
        findings: the outcome first, one of OUTCOMES, then what may explain it, of CAUSES, most telling first.
        constant, constant_loss: the best answer that ignores the inputs (as LayerHealth.answers), and its loss.
        layers: how they are after the last finite update.
        blow_up: the last updates of a run that diverged. curvature, stable_rate: its largest curvature at the start and
            the learning rate that this allows; None where they cannot be told.
    """

    findings: tuple[Finding, ...]
    constant: np.ndarray
    constant_loss: float
    layers: LayerHealth
    blow_up: BlowUp | None = None
    curvature: float | None = None
    stable_rate: float | None = None

    @property
    def outcome(self) -> Finding:
        return self.findings[0]

    @property
    def causes(self) -> tuple[Finding, ...]:
        return self.findings[1:]

    @property
    def first_cause(self) -> str:
        """The code of what most likely explains the outcome; "" where nothing does."""
        return self.findings[1].code if len(self.findings) > 1 else ""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(finding.code for finding in self.findings)


def diagnose(config: LabConfig, history: TrainingHistory) -> Diagnosis:
    """Say what became of a training.

    Outcome, the first that holds; L is the reported training loss at the end (of the best epoch, where early stopping
    went back to it), C that of the best constant answer:

        diverged        L is not finite
        nothing_to_learn  all targets are the same
        untrained       no epoch;  unmoved: the learning rate is 0
        diverging       L >= a million times the larger of C and its start
        worse           L >= 1.5 C, and L is above its start
        memorized       training accuracy >= 0.75, test accuracy <= the largest class's share + 0.1
        overfitting     test loss >= 1.2 times its lowest, while the training loss fell on
        learned         L < C, and accuracy >= 0.95 with at most half the errors of always naming the largest class, or
                        R^2 >= 0.9
        sure_but_wrong  80% of the outputs within 0.1 of a target (of their distance), 10% of the samples wrong
        stopped         early stopping has gone back to its best epoch; stopped_at_chance: and the test loss was not
                        5% below C even there
        short           fewer than 20 epochs: no trend to be told
        stuck           |L - C| <= 0.05 C, and the nearest neighbours answer better, or cannot be asked
        oscillating     in the last tenth L rises in 30% of the epochs, and q90 - q10 >= 0.25 of the median
        still_falling   mean of the last tenth >= 1% below that of the tenth before
        limit           at rest, and the nearest neighbours (engine.neighbours) answer no better by more than 0.05
        levelled        none of these: the loss has come to rest too early;  at_rest: nor is there a cause or a
                        yardstick, so that this cannot be told from a limit

    Causes: see engine.causes; each names its rule. All numbers are in engine.findings.RULES.

    Args:    config: of a single run. history: of `engine.lab.run(config)`.
    Raises:  InputError: more than one run.
    """
    layers = layer_health(config, history)
    loss = config.training.reported_loss
    constant, constant_loss = best_constant(loss, config.parts[0])
    constant = as_answers(constant[None], loss)[0]
    if history.diverged_at >= 0:
        return _diverged(config, history, layers, constant, constant_loss)
    seen = Seen(config, history, layers, constant_loss)
    first = outcome(seen)
    if first.code in ("diverging", "worse"):
        curvature, limit = _limit(config)
        found = (*_step_too_large(config, curvature, limit), *causes(seen, first.code))
        return Diagnosis((first, *found), constant, constant_loss, layers, None, curvature, limit)
    found = causes(seen, first.code)
    if first.code == "levelled" and not found and seen.yard is None:
        first = Finding("at_rest", first.numbers)
    return Diagnosis((first, *found), constant, constant_loss, layers)


# ------------------------------------------------ a run that diverged


def _diverged(config, history, layers, constant, constant_loss) -> Diagnosis:
    """Where it happened, and its causes: ln 0, a signal that grows from layer to layer, a step beyond 2 / lambda."""
    epoch = int(history.diverged_at)
    found, (curvature, limit) = blow_up(config, epoch), _limit(config)
    rate = float(config.training.optimizer.learning_rate)
    update = math.nan if found is None else found.update
    growth = math.nan if found is None else found.growth
    findings = [Finding("diverged", {"epoch": epoch, "update": update, "growth": growth, "rate": rate})]
    if found is not None:
        findings += _of_blow_up(config, found)
    findings += _step_too_large(config, curvature, limit)
    if len(findings) == 1 and growth > 1:
        findings.append(Finding("growing", {"growth": growth, "rate": rate}))
    return Diagnosis(tuple(findings), constant, constant_loss, layers, found, curvature, limit)


def _limit(config: LabConfig) -> tuple[float | None, float | None]:
    """The largest curvature at the start, and the learning rate that it allows; None where they cannot be told."""
    curvature = largest_curvature(config)
    return curvature, None if curvature is None else stable_rate(config, curvature)


def _step_too_large(config: LabConfig, curvature: float | None, limit: float | None) -> Iterable[Finding]:
    """The learning rate is above what the curvature at the start allows."""
    rule = config.training.optimizer
    rate, momentum = float(rule.learning_rate), float(getattr(rule, "momentum", 0.0))
    if limit is not None and rate > limit:
        facts = {"rate": rate, "limit": limit, "curvature": curvature, "momentum": momentum}
        yield Finding("step_too_large", facts | {"ahead": float(rule.code == "nesterov"), "decay": rule.weight_decay})


def _of_blow_up(config: LabConfig, found: BlowUp) -> Iterable[Finding]:
    """ "log_of_zero": the loss is not finite, and an output is exactly 0 or 1; "depth": |z| grows 100-fold in depth."""
    entropies = isinstance(config.training.loss, CrossEntropy), isinstance(config.training.reported_loss, CrossEntropy)
    if any(entropies) and found.edge_outputs and found.what in ("loss", "gradient", "measured"):
        yield Finding("log_of_zero", {"outputs": found.edge_outputs, "update": found.update})
    if len(found.updates) and found.updates[0] == 1 and found.largest_z.shape[1] > 2:
        first, last = float(found.largest_z[0, 0]), float(found.largest_z[0, -1])
        if first > 0 and not last / first < RULES["depth"]:
            factor = (last / first) ** (1 / (found.largest_z.shape[1] - 1))
            yield Finding("depth", {"first": first, "last": last, "factor": factor})
