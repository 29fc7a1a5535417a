"""What Adam's bias correction is for: the first steps without it, and what a wrong one would do."""

import math
from dataclasses import dataclass

import numpy as np

from engine.adam import Adam
from engine.arrays import seal
from engine.errors import number, whole
from engine.hyperparameters import RANGES

MAX_STEPS = 100_000
SAME, SEEN = 1e-9, 0.01  # relative differences: what is rounding, and what can be seen
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
class FirstStep:
    """Adam's first step in learning rates, epsilon included.

    Attributes:
        gradient: that it takes.
        corrected, uncorrected: its length with bias correction and without it; both 0 where the gradient is 0.
        without: what leaving out the correction makes of the step where epsilon plays no part: "too long", "too short",
            "right".
        epsilon_decides: whether epsilon changes one of the two lengths by more than 1%.
    """

    gradient: float
    corrected: float
    uncorrected: float
    without: str
    epsilon_decides: bool


def first_step(rule: Adam, gradient: float) -> FirstStep:
    """What epsilon and a missing correction make of the first step.

        corrected: |g| / (|g| + epsilon) ;  uncorrected: (1 - beta1) |g| / (sqrt(1 - beta2) |g| + epsilon)

    Raises: InputError: not_a_number, not_finite.
    """
    size, root = abs(number("gradient", gradient)), math.sqrt(1 - rule.beta2)
    plain = (1 - rule.beta1) / root
    without = "right" if math.isclose(plain, 1, rel_tol=SAME) else "too long" if plain > 1 else "too short"
    corrected, uncorrected = size / (size + rule.epsilon), plain * size / (size + rule.epsilon / root)
    # sqrt(1 - beta2) is at most 1: what epsilon does to the uncorrected step is never less than to the corrected one
    return FirstStep(gradient, corrected, uncorrected, without, uncorrected < (1 - SEEN) * plain)


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
