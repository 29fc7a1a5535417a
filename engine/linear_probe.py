"""How well a straight line would do in each layer's space: a linear model fitted by least squares to activations."""

import numpy as np

from engine import errors
from engine.losses import SquaredError
from engine.scores import score

HAIR = 1e-9  # of the way between two targets: an answer this near to the border has only rounding on its side


def linear_probe(activations, targets) -> np.ndarray:
    """The weights of the linear model that answers best in the sense of least squares.

        minimize  sum of |(a, 1) P - y|^2 ;  the shortest P where many are as good

    Args:    activations: (n, units). targets: (n, n_outputs), as engine.scores.score takes them.
    Returns: P, (units + 1, n_outputs); the last row is the bias.
    Raises:  InputError: not_a_number, not_finite, wrong_shape.
    Source:  Alain and Bengio (2016), who call such a model a probe and fit it by cross-entropy.
    """
    activations, targets = _checked(activations, targets)
    solution, *_rest = np.linalg.lstsq(_with_one(activations), targets, rcond=None)
    return solution


def probe_score(probe, activations, targets, task: str, border: float = 0.5) -> float:
    """Accuracy, or R^2 of a regression, of a linear model on these activations.

    Args:       probe: of `linear_probe`. activations, targets: as there. task, border: as engine.scores.score.
    Raises:     InputError: not_a_number, not_finite, wrong_shape, unknown_name.
    Convention: an answer on the border, but for rounding, counts as class 0.
    """
    activations, targets = _checked(activations, targets)
    answers = _with_one(activations) @ errors.finite("probe", probe)
    spread = float(np.ptp(targets)) or 1.0
    return float(score(answers, targets, SquaredError(), task, border + HAIR * spread))


def _checked(activations, targets) -> tuple[np.ndarray, np.ndarray]:
    activations = errors.shape("activations", errors.finite("activations", activations), (None, None))
    return activations, errors.shape("targets", errors.finite("targets", targets), (len(activations), None))


def _with_one(activations: np.ndarray) -> np.ndarray:
    return np.concatenate([activations, np.ones((len(activations), 1))], axis=1)
