"""The controls of the section on one batch: what is looked at, the five samples, scale and shift."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.normalized_batch import Scaling
from engine.stored_statistics import AlternatingBatches, DrawnBatches
from pages.shared import controls, screen, tables
from pages.shared.numbers import DIGITS
from pages.shared.text import N_, _

ONE, TWO, RUNNING, INPUTS = "one", "two", "running", "inputs"
VIEWS = {
    ONE: N_("One batch"),
    TWO: N_("Two batches"),
    RUNNING: N_("What is stored"),
    INPUTS: N_("Standardized inputs"),
}
N_SAMPLES, LIMIT = 5, 1000.0
N_BATCHES = 60
SECOND = (150.0, 180.0, 165.0, 170.0, 160.0)  # the other feature: the same everywhere, in a unit of its own
DRAWN, IN_TURN = "drawn", "turn"


@dataclass(frozen=True)
class Preset:
    title: str
    x: tuple[float, ...] = (2.0, 4.0, 5.0, 6.0, 8.0)
    n: int = N_SAMPLES
    epsilon: float = 1e-5


PRESETS = {
    "five": Preset(N_("Five samples")),
    "outlier": Preset(N_("One far away"), (2.0, 4.0, 5.0, 6.0, 103.0)),
    "constant": Preset(N_("A constant feature"), (7.0, 7.0, 7.0, 7.0, 7.0)),
    "nearly": Preset(N_("Almost constant"), (0.5, 0.5, 0.5, 0.5, 0.501)),
    "pair": Preset(N_("A batch of two"), n=2),
    "single": Preset(N_("A batch of one"), n=1),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say. a: the five samples' values of the feature in view; feature: 1 or 2; other: the values of
    the feature that is not. What a view does not ask for keeps its default."""

    view: str
    preset: str
    feature: int
    a: tuple[float, ...]
    other: tuple[float, ...]
    scaling: Scaling
    n: int = N_SAMPLES
    bias: float = 0.0
    one_scale: bool = True
    fifth: float = 0.0
    shift: float = 0.0
    momentum: float = 0.1
    source: str = IN_TURN
    drawn: DrawnBatches | None = None
    digits: int = DIGITS
    slot: DeltaGenerator | None = None  # where the button under γ and β stands

    @property
    def batch(self) -> tuple[float, ...]:
        """The first n samples."""
        return self.a[: self.n]

    @property
    def b(self) -> tuple[float, ...]:
        """Batch B: A with another fifth sample."""
        return (*self.a[:-1], self.fifth)

    @property
    def batches(self) -> DrawnBatches | AlternatingBatches:
        """Where the batches come from that the stored statistics meet."""
        return self.drawn or AlternatingBatches(self.a, self.b, N_BATCHES)

    @property
    def scope(self) -> str:
        """What scale and shift belong to."""
        return f"{self.preset} {self.feature}"


def view() -> str:
    """Which part of the section is open."""
    titles = {code: _(title) for code, title in VIEWS.items()}
    return controls.choice(st.segmented_control, _("Look at"), titles, key="regularization_batch_view", required=True)


def setup(view: str) -> Setup:
    """Draw the controls of a view."""
    source = _source() if view == RUNNING else IN_TURN
    if source == DRAWN:
        return _drawn(view)
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Experiment"), titles, key="regularization_batch_preset")
    preset = PRESETS[code]
    columns = _samples(code, preset)
    if view != ONE and preset.n < N_SAMPLES:
        screen.aside(_("Here all five samples take part."))
    feature = int(
        controls.choice(
            st.segmented_control,
            _("Feature in view"),
            {"1": "x₁", "2": "x₂"},
            key="regularization_batch_feature",
            required=True,
        )
    )
    found = {"view": view, "preset": code, "feature": feature, "source": source}
    found |= {"a": columns[feature - 1], "other": columns[2 - feature]}
    if view == ONE:
        found["n"] = controls.number(
            _("Samples in the batch, n"),
            key="regularization_batch_n",
            default=preset.n,
            low=1,
            high=N_SAMPLES,
            step=1,
            scope=code,
            help=_("The first n rows of the table."),
        )
    if view in (TWO, RUNNING):
        found["fifth"] = controls.slider(
            _("The fifth sample of batch B"),
            key=f"regularization_batch_fifth{feature}",
            default=(18.0, 240.0)[feature - 1],
            low=-LIMIT,
            high=LIMIT,
            step=0.5,
            reach=((-20.0, 40.0), (100.0, 300.0))[feature - 1],
        )
    if view == INPUTS:
        found["shift"] = controls.slider(
            _("Shift d of the test set"),
            key="regularization_batch_shift",
            default=3.0,
            low=-LIMIT,
            high=LIMIT,
            step=0.5,
            reach=(-10.0, 10.0),
            help=_("The test set: the training samples, each moved by d."),
        )
    if view == RUNNING:
        found["momentum"] = _momentum()
    gamma, beta = _scale_and_shift(f"{code} {feature}") if view in (ONE, TWO) else (1.0, 0.0)
    epsilon, found["slot"] = preset.epsilon, st.container()
    if view == ONE:
        epsilon, found["bias"], found["one_scale"], found["digits"] = _more(code, preset, feature)
    return Setup(scaling=Scaling(gamma, beta, epsilon), **found)


def _samples(code: str, preset: Preset) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The table of five samples and two features; returns its columns."""
    rows = tables.number_table(
        list(zip(preset.x, SECOND, strict=True)),
        ["x₁", "x₂"],
        key="regularization_batch_x",
        scope=code,
        low=-LIMIT,
        high=LIMIT,
        alt=_("Five samples with two features"),
        index=[str(row + 1) for row in range(N_SAMPLES)],
    )
    first, second = (tuple(column) for column in rows.T.tolist())
    return first, second


def _scale_and_shift(scope: str) -> tuple[float, float]:
    limits = {"low": -LIMIT, "high": LIMIT, "scope": scope}
    gamma = controls.slider(
        _("Scale γ"), key="regularization_batch_gamma", default=1.0, step=0.05, reach=(-3.0, 3.0), **limits
    )
    beta = controls.slider(
        _("Shift β"), key="regularization_batch_beta", default=0.0, step=0.1, reach=(-10.0, 10.0), **limits
    )
    return gamma, beta


def _more(code: str, preset: Preset, feature: int) -> tuple[float, float, bool, int]:
    """What is rarely changed: ε, the bias before, the scales of the lines, the digits."""
    with st.expander(_("More settings"), expanded=code in ("constant", "nearly")):
        epsilon = controls.slider(
            "ε",
            key="regularization_batch_epsilon",
            default=preset.epsilon,
            low=1e-12,
            high=1.0,
            step=0.1,
            log=True,
            scope=code,
            help=_("A small number under the root, so that nothing is divided by zero. The track is logarithmic."),
        )
        bias = controls.slider(
            _("Bias b of the layer before"),
            key="regularization_batch_bias",
            default=0.0,
            low=-LIMIT,
            high=LIMIT,
            step=0.1,
            reach=(-10.0, 10.0),
            scope=code,
            help=_("Added to every x before the normalization."),
        )
        one_scale = controls.toggle(
            _("One scale for all lines"),
            key="regularization_batch_scale",
            default=feature == 1 and code != "outlier",
            scope=f"{code} {feature}",
        )
        digits = controls.digits("regularization_batch_digits")
    return epsilon, bias, one_scale, digits


def _source() -> str:
    labels = {IN_TURN: _("A, B in turn"), DRAWN: _("at random")}
    return controls.choice(
        st.segmented_control, _("The batches come"), labels, key="regularization_batch_source", required=True
    )


def _momentum() -> float:
    return controls.slider(
        _("Momentum m: weight of the new batch"),
        key="regularization_batch_momentum",
        default=0.1,
        low=0.0,
        high=1.0,
        step=0.01,
        help=_("As PyTorch counts. Keras gives the weight of the old value: its momentum 0.9 is 0.1 here."),
    )


def _drawn(view: str) -> Setup:
    """Batches from a normal distribution with a known mean and standard deviation."""
    key = "regularization_batch_drawn_{}".format
    mean = controls.slider(_("True mean"), key=key("mean"), default=5.0, low=-20.0, high=20.0, step=0.5)
    std = controls.slider(_("True standard deviation"), key=key("std"), default=2.0, low=0.0, high=10.0, step=0.1)
    size = controls.number(_("Samples in a batch, n"), key=key("size"), default=N_SAMPLES, low=2, high=64, step=1)
    momentum = _momentum()
    seed = controls.number(_("Seed"), key=key("seed"), default=1, low=0, high=9999, step=1)
    drawn = DrawnBatches(mean, std, size, N_BATCHES, seed)
    return Setup(view, DRAWN, 1, (), (), Scaling(), momentum=momentum, source=DRAWN, drawn=drawn)
