"""The controls of dropout and batch normalization together: one unit, and a network."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from engine.dropout_and_norm import DATA, OrderConfig
from engine.variance_shift import MAX_RATE, Unit
from pages.shared import controls, names
from pages.shared.text import N_, _

RATES = {"10": 0.1, "20": 0.2, "30": 0.3, "50": 0.5, "70": 0.7}  # a code in a list has no point
KINDS = ("relu", "tanh", "sigmoid")
WIDTHS, BATCHES, SEEDS = ("8", "16", "32"), ("8", "16", "32", "96"), ("3", "5", "10", "20")
DATA_TITLES = {"moons": N_("Moons"), "circles": N_("Circles"), "spirals": N_("Spirals")}


@dataclass(frozen=True)
class Setup:
    """What the controls say."""

    unit: Unit
    config: OrderConfig
    drop_rates: tuple[float, ...]
    digits: int


def setup() -> Setup:
    """Draw all controls."""
    st.markdown(_("**One unit**"))
    slider = partial(controls.slider, step=0.05)
    mean = slider(
        _("Mean μ"),
        key="regularization_together_mean",
        default=0.4,
        low=-3.0,
        high=3.0,
        help=_("ReLU of a standard normal z has about μ = 0.4 and σ = 0.58."),
    )
    std = slider(_("Standard deviation σ"), key="regularization_together_std", default=0.6, low=0.05, high=3.0)
    drop_rate = slider(
        _("Drop rate p"),
        key="regularization_together_p",
        default=0.5,
        low=0.0,
        high=MAX_RATE,
        help=_("The probability of zeroing. Some texts write p for the probability of keeping."),
    )
    st.markdown(_("**A network**"))
    places = {"after_activation": _("after f"), "before_activation": _("before f")}
    place = controls.choice(
        st.segmented_control,
        _("Batch norm in each hidden layer"),
        places,
        key="regularization_together_place",
        required=True,
    )
    rates = controls.choices(
        partial(st.pills, selection_mode="multi", wrap=True),
        _("Drop rates that are trained"),
        {code: f"{rate:g}" for code, rate in RATES.items()},
        key="regularization_together_rates",
        default=("50",),
        most=len(RATES),
    )
    with st.expander(_("More settings")):
        more, digits = _more()
    config = OrderConfig(norm_place=place, **more)
    return Setup(Unit(mean, std, drop_rate), config, tuple(RATES[code] for code in rates), digits)


def _more() -> tuple[dict[str, object], int]:
    """Network, samples, training."""
    n_hidden = controls.number(
        _("Hidden layers"), key="regularization_together_depth", default=3, low=2, high=6, step=1
    )
    width = _pick(_("Units of each layer"), WIDTHS, "16", "width")
    kind = controls.choice(
        st.segmented_control,
        _("Activation function"),
        {name: names.ACTIVATIONS[name] for name in KINDS},
        key="regularization_together_activation",
        required=True,
    )
    data = controls.choice(
        st.segmented_control,
        _("Samples"),
        {code: _(DATA_TITLES[code]) for code in DATA},
        key="regularization_together_data",
        required=True,
    )
    batch = _pick(_("Batch size"), BATCHES, "32", "batch")
    rate = controls.number(
        _("Learning rate η"), key="regularization_together_rate", default=0.1, low=0.001, high=10.0, log=True
    )
    epochs = controls.number(_("Epochs"), key="regularization_together_epochs", default=15, low=1, high=300, step=5)
    seeds = _pick(_("Seeds"), SEEDS, "5", "seeds")
    digits = controls.digits("regularization_together_digits")
    chosen = {"data": data, "batch_size": int(batch), "learning_rate": rate, "epochs": epochs, "n_seeds": int(seeds)}
    return {"n_hidden": n_hidden, "width": int(width), "activation": kind, **chosen}, digits


def _pick(label: str, options: tuple[str, ...], default: str, name: str) -> str:
    labels = {option: option for option in options}
    key = f"regularization_together_{name}"
    return controls.choice(st.segmented_control, label, labels, key=key, default=default, required=True)
