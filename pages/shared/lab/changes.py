"""What differs between two runs of the lab, in words with both values."""

from dataclasses import fields

from engine.activations import Activation
from engine.features import FEATURES
from engine.lab_difference import GIVEN, Difference
from engine.layers import BatchNorm, Dropout
from engine.losses import Loss
from engine.schedules import Schedule
from engine.update_rule import Optimizer
from engine.weight_schemes import Initializer
from pages.shared import names, numbers
from pages.shared.quantities import HYPERPARAMETERS
from pages.shared.text import N_, _

SETTINGS = {
    "source": N_("data"),
    "n_samples": N_("number of points"),
    "noise": N_("noise of the points"),
    "data_seed": N_("seed of the points"),
    "test_share": N_("share of the points for testing"),
    "n_classes": N_("number of classes"),
    "features": N_("inputs of the network"),
    "own": N_("own points"),
    "task": N_("task"),
    "classes": N_("names of the classes"),
    "hidden": N_("hidden units"),
    "hidden_activations": N_("activation function of the hidden layers"),
    "output_activation": N_("activation function of the output"),
    "batch_norm": N_("batch normalization"),
    "dropout": N_("dropout"),
    "loss": N_("loss"),
    "reported": N_("loss that is written down (it changes no update)"),
    "optimizer": N_("optimizer"),
    "learning_rate": N_("learning rate η"),
    "schedule": N_("learning-rate schedule"),
    "initializer": N_("initialization of the weights"),
    "bias_initializer": N_("initialization of the biases"),
    "seed": N_("seed (start, order and masks)"),
    "both_seeds": N_("seed (points, start, order and masks)"),
    "start": N_("first parameters"),
    "epochs": N_("epochs"),
    "batch_size": N_("batch size"),
    "l1": N_("L1 penalty λ₁"),
    "l2": N_("L2 penalty λ₂"),
    "clip_norm": N_("gradient clipping, longest gradient"),
    "patience": N_("patience of early stopping"),
    "standardize": N_("standardization of the inputs"),
}
PARTS = {
    "drop_rate": N_("drop rate"),
    "reduction": N_("mean or sum"),
    "momentum": N_("momentum"),
    "bias_correction": N_("bias correction"),
}
SOURCES = {
    "gate": "XOR",
    "disc": N_("a disc in a ring"),
    "circles": N_("two circles"),
    "moons": N_("two moons"),
    "spirals": N_("spirals"),
    "blobs": N_("clouds"),
    "coin_flips": N_("coin flips"),
    "plane": N_("a plane"),
    "own": N_("own points"),
    "classification": N_("classes"),
    "regression": N_("values"),
    "mean": N_("mean"),
    "sum": N_("sum"),
}
SCHEDULES = {
    "constant": N_("Constant"),
    "step": N_("Step decay"),
    "exponential": N_("Exponential decay"),
    "cosine": N_("Cosine"),
    "warm_up": N_("Linear warm-up"),
}
LOSS_NAMES = {
    "absolute_error": "|a − y|",
    "huber": "Huber",
    "log_cosh": "log cosh",
    "softmax_cross_entropy": N_("cross-entropy (softmax)"),
}


def told(difference: Difference) -> str:
    """A line of Markdown: the setting, its value in A, its value in B."""
    first, second = (_value(difference.code, value) for value in (difference.first, difference.second))
    return f"**{name(difference.code)}:** {first} → {second}"


def name(code: str) -> str:
    """What a setting is called."""
    owner, _point, part = code.partition(".")
    if not part:
        return _(SETTINGS[owner])
    if owner == "optimizer" and part in HYPERPARAMETERS:
        quantity = HYPERPARAMETERS[part]
        return f"{_(quantity.title)} {quantity.letter}"
    return f"{_(SETTINGS[owner])}, {_(PARTS[part]) if part in PARTS else part.replace('_', ' ')}"


def _value(code: str, value) -> str:
    if code == "bias_initializer":
        return f"${value.formula.replace('w', 'b', 1)}$" if value else "$b = 0$"
    if value is None:
        return _("all points at once") if code == "batch_size" else _("none")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if code == "start":
        return _("given") if value == GIVEN else _("drawn, seed {n}").format(n=value)
    if code == "own":
        return _("{n} points").format(n=len(value))
    if isinstance(value, tuple):
        return _list(code, value)
    if isinstance(value, str):
        return _(SOURCES[value]) if value in SOURCES else value.replace("_", " ")
    if isinstance(value, int):
        return str(value) if "seed" in code else f"{value:,}"
    return numbers.plain(value) if isinstance(value, float) else _kind(value)


def _list(code: str, values: tuple) -> str:
    if code == "features":
        return ", ".join(f"${FEATURES[one].latex}$" for one in values)
    if code == "classes":
        return ", ".join(f"`{one.replace('`', chr(39))}`" for one in values)
    return ", ".join(_value("", one) for one in values) or _("none")


def _kind(value) -> str:
    """An activation, a loss, an optimizer, … with its settings where they are not the usual ones."""
    match value:
        case Initializer():
            return f"${value.formula}$"
        case Activation():
            title = names.ACTIVATIONS[value.name]
        case Loss():
            title = _(LOSS_NAMES[value.name]) if value.name in LOSS_NAMES else names.OF_CODES[value.name]
            return f"{title}, {_(SOURCES[value.reduction])}"
        case Optimizer():
            return value.title
        case Schedule():
            return _(SCHEDULES[value.code])
        case Dropout():
            return numbers.plain(value.drop_rate)
        case BatchNorm():
            return _("before the activation function") if "before" in value.place else _("after it")
    own = [f"{field.name} = {numbers.plain(getattr(value, field.name))}" for field in fields(value)]
    return f"{title} ({', '.join(own)})" if own else title
