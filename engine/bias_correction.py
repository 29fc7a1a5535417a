"""What Adam's bias correction is for: the first steps without it, and what a wrong one would do."""

from dataclasses import dataclass

import numpy as np

from engine.adam import Adam
from engine.arrays import seal
from engine.errors import number, whole
from engine.hyperparameters import RANGES

MAX_STEPS = 100_000
GRADIENTS = (0.5, 0.25)  # of the slip, one a step


def uncorrected_steps(beta1: float, beta2: float, n_steps: int) -> np.ndarray:
    """How long Adam's steps are without bias correction while the gradient stays the same.

        |Delta_t| / learning_rate = (1 - beta1^t) / sqrt(1 - beta2^t),  t = 1, 2, ...

    With the correction each of them is 1. An epsilon that is small beside the gradient plays no part.

    Args:
        beta1, beta2: 0 to below 1.
        n_steps: 1 to 100,000.
    Returns: shape (n_steps,), read-only.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: Kingma & Ba (2015), section 3: the averages start at 0.
    """
    beta1 = number("beta1", beta1, *RANGES["beta1"][:2], open_high=True)
    beta2 = number("beta2", beta2, *RANGES["beta2"][:2], open_high=True)
    t = np.arange(1, whole("n_steps", n_steps, 1, MAX_STEPS) + 1)
    return seal((1 - beta1**t) / np.sqrt(1 - beta2**t))


@dataclass(frozen=True)
class Slip:
    """Adam's second step, corrected by 1 - beta instead of 1 - beta^t.

    Attributes:
        rule: with its hyperparameters; its first gradients are GRADIENTS.
        first_moment, second_moment: after the second step, without a correction.
        wrong_first, wrong_second, wrong_step: what the slip makes of them, and the step that follows.
        right_first, right_second, right_step: what the rule makes of them.
    """

    rule: Adam
    first_moment: float
    second_moment: float
    wrong_first: float
    wrong_second: float
    wrong_step: float
    right_first: float
    right_second: float
    right_step: float


def slip() -> Slip:
    """Adam's moments divided by 1 - beta at the second step, where it is not yet, or no longer, the same."""
    rule, parameters = Adam(learning_rate=0.1), np.zeros(1)
    state = rule.start(parameters)
    for gradient in GRADIENTS:
        rule.update(state, parameters, np.array([gradient]), parameters)
    names = "first_moment", "second_moment", "corrected_first_moment", "corrected_second_moment", "effective_step"
    first, second, right_first, right_second, right_step = (float(state[name][0]) for name in names)
    wrong_first, wrong_second = first / (1 - rule.beta1), second / (1 - rule.beta2)
    wrong_step = rule.learning_rate * wrong_first / (np.sqrt(wrong_second) + rule.epsilon)
    return Slip(
        rule, first, second, wrong_first, wrong_second, float(wrong_step), right_first, right_second, right_step
    )
