"""The controls of the training view: which run, beside which gate, with which numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from engine import one_unit
from engine.experiment import random_start
from engine.one_unit import MAX_RATE, MAX_START, UnitTraining
from engine.xor_runs import XOR_RUNS
from pages.shared import controls, names, numbers
from pages.shared.text import N_, _

N_STARTS = 300  # side by side
LOSSES = {
    "cross_entropy": N_("Cross-entropy, mean"),
    "squared_error": N_("Mean squared error (MSE)"),
    "half_squared_error": N_("½ squared error, sum (note 003)"),
}


@dataclass(frozen=True)
class Preset:
    """A run: its loss and its numbers; `seed` draws the start, None takes that of note 003."""

    title: str
    loss: str
    learning_rate: float
    n_updates: int
    seed: int | None
    digits: int = numbers.DIGITS


PRESETS = {
    "note": Preset(N_("The run of note 003"), "half_squared_error", 0.1, 10_000, None, digits=8),
    "bce": Preset(N_("Cross-entropy, a random start"), "cross_entropy", 1.0, 1000, 0),
    "mse": Preset(N_("Squared error, a random start"), "squared_error", 1.0, 2000, 0),
    "rare": Preset(N_("Squared error, a rare start"), "squared_error", 1.0, 2000, 3),
    "many": Preset(N_("300 starts at once"), "squared_error", 5.0, 600, 0),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say."""

    preset: str
    config: UnitTraining
    seed: int | None
    digits: int

    @property
    def number(self) -> Callable[[float], str]:
        """How a formula writes numbers."""
        return partial(numbers.tex, digits=self.digits)

    @property
    def names(self) -> list[str]:
        return [names.GATES[code] for code in self.config.gates]

    @property
    def many(self) -> bool:
        return self.preset == "many"


def setup() -> Setup:
    """Draw all controls."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Run"), titles, key="perceptron_xor_run")
    preset = PRESETS[code]
    beside = controls.choice(
        st.selectbox,
        _("Beside XOR"),
        {other: title for other, title in names.GATES_WITH_OUTPUTS.items() if other != "xor"},
        key="perceptron_xor_beside",
        help=_("The same unit, the same start, other targets: its outputs for 00, 01, 10, 11 are in parentheses."),
    )
    losses = {key: _(title) for key, title in LOSSES.items()}
    loss = controls.choice(st.selectbox, _("Loss"), losses, key="perceptron_xor_loss", default=preset.loss, scope=code)
    rate = controls.slider(
        _("Learning rate"),
        key="perceptron_xor_rate",
        default=preset.learning_rate,
        low=0.0,
        high=MAX_RATE,
        step=0.1,
        scope=code,
    )
    n_updates = controls.number(
        _("Updates"),
        key="perceptron_xor_updates",
        default=preset.n_updates,
        low=0,
        high=1000 if code == "many" else 20_000,
        step=100,
        scope=code,
    )
    with st.expander(_("Start and digits")):
        seed, starts = _starts(code, preset)
        digits = controls.number(
            _("Digits"), key="perceptron_xor_digits", default=preset.digits, low=2, high=12, step=1, scope=code
        )
    return Setup(code, UnitTraining(("xor", beside), starts, loss, rate, n_updates), seed, digits)


def _starts(code: str, preset: Preset) -> tuple[int | None, tuple[tuple[float, float, float], ...]]:
    """The seed (None where a single start stands in the script anyway) and the starts."""
    start, scope = XOR_RUNS["unit"].parameters, code
    if preset.seed is not None:
        seed = controls.number(
            _("Seed"), key="perceptron_xor_seed", default=preset.seed, low=0, high=9999, step=1, scope=code
        )
        if code == "many":
            return seed, one_unit.random_starts(N_STARTS, seed)
        start, scope = random_start(one_unit.UNIT.sizes, seed), f"{code} {seed}"
    start = controls.numbers(
        ("w₁", "w₂", "b"), key="perceptron_xor_start", default=start, low=-MAX_START, high=MAX_START, scope=scope
    )
    return None, (start,)
