"""The controls of the sweep: which setting, over which values, from how many seeds, and what is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from engine.lab import LabConfig
from engine.lab_sweep import (
    ACTIVATIONS,
    INITIALIZERS,
    MOST_VALUES,
    OFF,
    ON,
    PANEL,
    WHOLE,
    SweepConfig,
    Value,
    applicable,
    around,
    grid,
)
from engine.sweep_reading import MEASURES, is_loss
from pages.shared import budget, controls, names, numbers, screen
from pages.shared.cached_lab_sweep import epochs_within
from pages.shared.lab.setup import LabSetup
from pages.shared.text import N_, _

SETTINGS = {
    "rate": N_("Learning rate η"),
    "units": N_("Units in each hidden layer"),
    "layers": N_("Hidden layers"),
    "batch": N_("Batch size"),
    "initializer": N_("Initialization"),
    "activation": N_("Activation function"),
    "optimizer": N_("Optimizer"),
    "dropout": N_("Drop rate p"),
    "l2": N_("L2 penalty λ"),
    "noise": N_("Noise (standard deviation)"),
    "samples": N_("Training samples"),
    "test_share": N_("Test share"),
    "standardize": N_("Standardization"),
    "batch_norm": N_("Batch normalization"),
}
SCHEMES = {
    PANEL: N_("as in the panel"),
    "lecun_normal": "LeCun N",
    "lecun_uniform": "LeCun U",
    "xavier_normal": "Xavier N",
    "xavier_uniform": "Xavier U",
    "he_normal": "He N",
    "he_uniform": "He U",
    "pytorch_linear": "PyTorch",
    "small_normal": "N(0, 0.01²)",
    "standard_normal": "N(0, 1)",
    "zeros": N_("zeros"),
}
SWITCH = {OFF: N_("off"), ON: N_("on")}
DEFAULTS = {
    "initializer": (PANEL, "xavier_uniform", "he_normal", "small_normal", "standard_normal", "zeros"),
    "activation": ("sigmoid", "tanh", "relu", "gelu"),
    "optimizer": ("sgd", "momentum", "rmsprop", "adam"),
}
SEEDS, N_SEEDS = (5, 10, 25, 50), 10
SAME, BEST = "same", "best"
NARROW = 110  # pixels of a number: two beside each other
LOSS_GOAL, ACCURACY_GOAL, R_SQUARED_GOAL = 0.05, 1.0, 0.95


@dataclass(frozen=True)
class Range:
    """What a numeric setting may be, and the values that it opens with."""

    low: float
    high: float
    start: float
    end: float
    count: int
    log: bool = False
    step: float | None = None


@dataclass(frozen=True)
class Setup:
    """The sweep, the measure that is looked at, and its goal."""

    config: SweepConfig
    measure: str
    goal: float
    scope: str

    @property
    def title(self) -> str:
        """The setting's name."""
        return _(SETTINGS[self.config.setting])

    @property
    def ordered(self) -> bool:
        """Whether the values have an order."""
        return self.config.setting not in CHOSEN

    @property
    def labels(self) -> tuple[str, ...]:
        """What the values are called, each differently."""
        return tuple(label_of(self.config.setting, value) for value in self.config.values)


def label_of(setting: str, value: Value) -> str:
    """A value in the learner's language."""
    kinds = {"initializer": SCHEMES, "standardize": SWITCH, "batch_norm": SWITCH}
    if setting in kinds:
        return _(kinds[setting][value])
    if setting in ("activation", "optimizer"):
        return (names.ACTIVATIONS if setting == "activation" else names.OPTIMIZERS)[value]
    return numbers.plain(value, 12)


CHOSEN = {"initializer": INITIALIZERS, "activation": ACTIVATIONS, "optimizer": names.OPTIMIZERS}
CHOSEN |= {"standardize": SWITCH, "batch_norm": SWITCH}


def ranges(config: LabConfig) -> dict[str, Range]:
    """The numeric settings; their ends follow the panel."""
    n, (slow, fast) = len(config.parts[0]), around(float(config.training.optimizer.learning_rate))
    spread = 2.0 if config.data.source == "disc" else 0.4
    few = n // 25
    return {
        "rate": Range(1e-6, 1000.0, slow, fast, 7, log=True),
        "units": Range(1, 64, 1, 16, 5, log=True, step=1),
        "layers": Range(0, 8, 0, 4, 5, step=1),
        "batch": Range(1, n, max(1, few), n, 4, log=True, step=1),
        "dropout": Range(0.0, 0.95, 0.0, 0.8, 5, step=0.05),
        "l2": Range(1e-6, 10.0, 0.0001, 0.1, 4, log=True),
        "noise": Range(0.0, 10.0, 0.0, spread, 5, step=0.05),
        "samples": Range(2, n, max(2, few), n, 5, log=True, step=1),
        "test_share": Range(0.02, 0.9, 0.1, 0.9, 5, step=0.05),
    }


def setup(panel: LabSetup) -> Setup:
    """Draw the controls; the engine refuses what does not fit together."""
    base = panel.config
    there = applicable(base)
    setting = controls.choice(
        st.selectbox,
        _("Setting to sweep"),
        {code: _(SETTINGS[code]) for code in there},
        key="training_sweep_setting",
        scope=str(len(there)),
    )
    scope = f"{panel.scope}.{setting}"
    default, values = _values(base, setting, scope)
    own_rate = setting == "optimizer" and _own_rate()
    labels = {str(n): str(n) for n in SEEDS}
    n_seeds = int(
        controls.choice(
            st.segmented_control,
            _("Seeds"),
            labels,
            key="training_sweep_seeds",
            default=str(N_SEEDS),
            required=True,
            help=_("Each is a run of its own: other first weights, another order of the samples."),
        )
    )
    most = base.training.epochs
    fitting = epochs_within(SweepConfig(base, setting, default, N_SEEDS), budget.FREE, most)
    epochs = controls.number(
        _("Epochs of the sweep"),
        key="training_sweep_epochs",
        default=fitting,
        low=1,
        high=20_000,
        log=True,
        scope=scope,
        help=_("It opens with as many of the panel’s epochs as can be computed at once."),
    )
    if epochs != most:
        screen.aside(
            _("The sweep has its own epochs: {n} instead of the panel’s {panel}.").format(
                n=f"{epochs:,}", panel=f"{most:,}"
            )
        )
    measure = _measure(base)
    with st.expander(_("Data and goal")):
        new_data = controls.toggle(
            _("New data for each seed too"),
            key="training_sweep_data",
            help=_("Off: all seeds learn from the same samples. On: each seed draws its own samples and split."),
        )
        goal = _goal(is_loss(measure), base.data.plane.task == "regression")
    config = SweepConfig(base, setting, values, n_seeds, epochs, new_data, own_rate)
    return Setup(config, measure, goal, scope)


def _values(base: LabConfig, setting: str, scope: str) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The values that the setting opens with, and the chosen ones."""
    if setting in ("standardize", "batch_norm"):
        return (OFF, ON), (OFF, ON)
    if setting in CHOSEN:
        values = controls.choices(
            st.multiselect,
            _("Values"),
            {code: label_of(setting, code) for code in CHOSEN[setting]},
            key="training_sweep_values",
            default=DEFAULTS[setting],
            most=MOST_VALUES,
            scope=scope,
            wrap=True,
        )
        return DEFAULTS[setting], values
    of, kind = ranges(base)[setting], int if setting in WHOLE else float
    bounds = {
        "low": kind(of.low),
        "high": kind(of.high),
        "step": of.step,
        "log": of.log,
        "scope": scope,
        "width": NARROW,
    }
    with st.container(horizontal=True):
        start = controls.number(_("From"), key="training_sweep_from", default=kind(of.start), **bounds)
        end = controls.number(_("To"), key="training_sweep_to", default=kind(of.end), **bounds)
        count = controls.number(
            _("How many"),
            key="training_sweep_count",
            default=of.count,
            low=2,
            high=MOST_VALUES,
            step=1,
            scope=scope,
            width=NARROW,
        )
    zero = (0.0,) if setting == "l2" else ()  # no penalty at all, beside which the others are seen
    default, chosen = (
        zero + grid(low, high, n, log=of.log, whole=setting in WHOLE)
        for low, high, n in ((kind(of.start), kind(of.end), of.count), (start, end, count))
    )
    return default, chosen[:MOST_VALUES]


def _own_rate() -> bool:
    """Whether each optimizer has its own learning rate."""
    modes = {SAME: _("The same for all"), BEST: _("Its own best")}
    mode = controls.choice(
        st.segmented_control,
        _("Learning rate of each optimizer"),
        modes,
        key="training_sweep_mode",
        required=True,
        help=_("Its own best: found on a grid by the training loss, from seeds that are not shown."),
    )
    return mode == BEST


def _goal(loss: bool, regression: bool) -> float:
    """How good a run has to be to count as one that has made it."""
    if loss:
        label, default, high, scope = _("Goal: loss at most"), LOSS_GOAL, 1000.0, "loss"
    elif regression:
        label, default, high, scope = _("Goal: score at least"), R_SQUARED_GOAL, 1.0, "r_squared"
    else:
        label, default, high, scope = _("Goal: score at least"), ACCURACY_GOAL, 1.0, "accuracy"
    return controls.number(
        label, key="training_sweep_goal", default=default, low=0.0, high=high, step=0.01, scope=scope
    )


def _measure(base: LabConfig) -> str:
    """What is looked at at the end of each run."""
    titles = measures(base)
    return controls.choice(
        st.segmented_control,
        _("Shown"),
        titles,
        key="training_sweep_measure",
        scope="test" if base.data.test_share else "",
        required=True,
        wrap=True,
    )


def measures(base: LabConfig) -> Mapping[str, str]:
    """Measure -> its name."""
    regression = base.data.plane.task == "regression"
    titles = {
        "test_loss": _("test loss"),
        "train_loss": _("training loss"),
        "test_score": _("test R²") if regression else _("test accuracy"),
        "train_score": _("training R²") if regression else _("training accuracy"),
    }
    return {code: titles[code] for code in MEASURES if base.data.test_share or code.startswith("train")}


def fresh(config: SweepConfig, places: tuple[int, int]) -> SweepConfig:
    """Two of a sweep's values from seeds that nobody has looked at."""
    return replace(config, values=tuple(config.values[place] for place in places), fresh=True)
