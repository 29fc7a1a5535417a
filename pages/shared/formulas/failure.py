"""The numbers that a diagnosis rests on, first in symbols and then as they are."""

import numpy as np

from engine.blow_up import BACK
from engine.diagnosis import Diagnosis
from engine.optimizers import Optimizer
from pages.shared.formulas.lines import aligned
from pages.shared.numbers import tex

DIGITS = 4
LARGEST = r"\max|\theta|"


def growth(diagnosis: Diagnosis) -> str:
    """By what factor the largest parameter grew an update; "" with too few updates."""
    found = diagnosis.blow_up
    if found is None or not np.isfinite(found.growth):
        return ""
    sizes = found.largest_parameter[np.isfinite(found.largest_parameter)]
    k = min(BACK, len(sizes) - 1)
    ratio = rf"\frac{{{LARGEST}_{{t}}}}{{{LARGEST}_{{t-{k}}}}}"
    numbers = rf"\frac{{{tex(float(sizes[-1]), DIGITS)}}}{{{tex(float(sizes[-1 - k]), DIGITS)}}}"
    return aligned(
        rf"\rho &= \left({ratio}\right)^{{1/{k}}}",
        rf"&= \left({numbers}\right)^{{1/{k}}}",
        rf"&= {tex(found.growth, DIGITS)}",
    )


def step_limit(diagnosis: Diagnosis, rule: Optimizer) -> str:
    """The learning rate that the curvature at the start allows; "" where it cannot be told."""
    if diagnosis.stable_rate is None:
        return ""
    rate, momentum, ahead = float(rule.learning_rate), float(getattr(rule, "momentum", 0.0)), rule.code == "nesterov"
    decay = float(rule.weight_decay)
    top, number = (r"2(1 + \mu)", tex(2 * (1 + momentum), DIGITS)) if momentum else ("2", "2")
    below, values = r"\lambda_{\max}", tex(diagnosis.curvature, DIGITS)
    if decay:
        below, values = rf"({below} + d)", rf"({values} + {tex(decay, DIGITS)})"
    if momentum and ahead:
        below, values = rf"(1 + 2\mu)\,{below}", rf"{tex(1 + 2 * momentum, DIGITS)} \cdot {values}"
    sign = ">" if rate > diagnosis.stable_rate else "<"
    return aligned(
        rf"\eta &< \frac{{{top}}}{{{below}}}",
        rf"{tex(rate, DIGITS)} &{sign} \frac{{{number}}}{{{values}}} = {tex(diagnosis.stable_rate, DIGITS)}",
    )


def constant(diagnosis: Diagnosis, loss: float) -> str:
    """The loss beside that of the best constant answer."""
    answer = ",\\ ".join(tex(float(value), DIGITS) for value in diagnosis.constant[:3])
    answer += r",\ \dots" if len(diagnosis.constant) > 3 else ""
    C = tex(diagnosis.constant_loss, DIGITS)
    lines = [rf"c^* &= \arg\min_c L(c) = {answer}", rf"L(c^*) &= {C}"]
    if diagnosis.constant_loss > 0:
        ratio = tex(loss / diagnosis.constant_loss, DIGITS)
        lines.append(rf"\frac{{L}}{{L(c^*)}} &= \frac{{{tex(loss, DIGITS)}}}{{{C}}} = {ratio}")
    return aligned(*lines)


def vanishing(diagnosis: Diagnosis) -> str:
    """The first layer's gradient beside the last one's, at the start."""
    first, last = (float(diagnosis.layers.first_gradient[k]) for k in (0, -1))
    if not 0 < last < np.inf:
        return ""
    n = len(diagnosis.layers.units)
    return aligned(
        rf"\frac{{\lVert g^{{(1)}} \rVert}}{{\lVert g^{{({n})}} \rVert}}"
        rf" &= \frac{{{tex(first, DIGITS)}}}{{{tex(last, DIGITS)}}}",
        rf"&= {tex(first / last, DIGITS)}",
    )


def risen(end: float, lowest: float) -> str:
    """The test loss at the end beside its lowest."""
    return aligned(
        r"\frac{L_{\mathrm{test}}(T)}{\min_t L_{\mathrm{test}}(t)}"
        rf" &= \frac{{{tex(end, DIGITS)}}}{{{tex(lowest, DIGITS)}}}",
        rf"&= {tex(end / lowest, DIGITS)}",
    )
