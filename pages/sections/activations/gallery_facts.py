"""What is known of an activation function, in the words and signs of a table."""

import math
from collections.abc import Sequence

from engine import errors
from engine.activations import Activation
from pages.shared import names
from pages.shared.numbers import plain
from pages.shared.text import N_, _

QUALITIES = {
    N_("monotone"): lambda f: f.monotone,
    N_("zero-centred"): lambda f: f.zero_centred,
    N_("smooth"): lambda f: f.smooth,
}
GREEK = {"alpha": "α", "beta": "β"}


def label(activation: Activation) -> str:
    """Name and parameters: Leaky ReLU (α = 0.1)."""
    parameters = ", ".join(f"{GREEK[name]} = {plain(value)}" for name, value in activation.parameters.items())
    return names.ACTIVATIONS[activation.name] + (f" ({parameters})" if parameters else "")


def value_range(activation: Activation) -> str:
    """The interval of all values; a bracket belongs to an end that is reached."""
    if activation.name == "step":
        return errors.whole_numbers_below(2)
    (low, high), (reaches_low, reaches_high) = activation.range, activation.attains
    left, right = "[" if reaches_low else "(", "]" if reaches_high else ")"
    return f"{left}{_end(low)}, {_end(high)}{right}"


def saturation(activation: Activation) -> str:
    """On which sides f becomes flat."""
    match activation.saturates:
        case True, True:
            return _("both")
        case True, False:
            return _("left")
        case False, True:
            return _("right")
    return _("nowhere")


def steepest(activation: Activation) -> str:
    """The largest derivative and where it is."""
    slope, low, high = activation.steepest
    text = plain(slope)
    if not slope and not activation.smooth:  # the step: flat on both sides of its jump
        return _("0 for z ≠ 0")
    if low < high:
        return _("{slope} for {where}").format(slope=text, where=_where(low, high))
    if not math.isfinite(low):
        return _("{slope} in the limit z → ∞").format(slope=text)
    if low in activation.kinks:  # at the kink itself there is none
        return _("{slope} just below z = {z}").format(slope=text, z=plain(low))
    return _("{slope} at z = {z}").format(slope=text, z=plain(low))


def _where(low: float, high: float) -> str:
    if math.isfinite(low) and math.isfinite(high):
        return f"{plain(low)} < z < {plain(high)}"
    return f"z > {plain(low)}" if math.isfinite(low) else _("every z")


def qualities(activation: Activation) -> str:
    """Those of three properties that it has."""
    return ", ".join(_(name) for name, has in QUALITIES.items() if has(activation)) or "–"


def conventions(activations: Sequence[Activation]) -> str:
    """A sentence about the derivatives that are conventions; empty where there are none."""
    told = [f"{names.ACTIVATIONS[f.name]} {at_kinks(f)}" for f in activations if f.kinks]
    if not told:
        return ""
    return _("Where f′ does not exist, this value is used, PyTorch's if it has one: {told}.").format(
        told="; ".join(told)
    )


def at_kinks(activation: Activation) -> str:
    """The derivatives at kinks: f′(0) = 0."""
    slopes = [(kink, float(activation.derivative(kink))) for kink in activation.kinks]
    return ", ".join(f"f′({plain(kink)}) = {plain(slope)}" for kink, slope in slopes)


def _end(value: float) -> str:
    return plain(value) if math.isfinite(value) else {True: "∞", False: "−∞"}[value > 0]
