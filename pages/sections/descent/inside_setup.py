"""The controls of “Inside a step”: which rule, on which surface, from where, with which hyperparameters."""

import math
from dataclasses import dataclass, replace

import streamlit as st

from engine.functions import Surface
from engine.hyperparameters import RANGES
from engine.optimizers import Optimizer, hyperparameters, optimizer
from engine.surfaces import surface
from pages.sections.descent import surfaces
from pages.shared import controls, names
from pages.shared.quantities import HYPERPARAMETERS
from pages.shared.text import _

START = ["descent_inside_x0", "descent_inside_x1"]  # keys of the start, which the picture moves
LOWEST_RATE, HIGHEST_RATE = 1e-5, 10.0
HIGHEST = 1e7  # of a hyperparameter without an upper end
MOST_STEPS = 200

# A rule whose step is as long as the gradient needs another learning rate on each surface; at them a path can be seen.
BY_SURFACE = {
    "round_bowl": 0.1,  # note 002's
    "elongated_bowl": 0.05,
    "rosenbrock": 0.001,
    "himmelblau": 0.01,
    "beale": 0.01,
    "saddle": 0.05,
}
INERTIA = 5  # momentum adds up gradients, and takes a smaller one
BY_RULE = {
    "adagrad": 1.0,
    "adadelta": 1.0,  # the paper's
    "rmsprop": 0.1,
    "adam": 0.2,
    "adamw": 0.2,
    "adamax": 0.2,
    "nadam": 0.2,
    "rprop": 0.1,
}


@dataclass(frozen=True)
class Setup:
    """What the controls say. A rule that has a bias correction has a `twin`: the same rule with it switched over."""

    rule: Optimizer
    surface: Surface
    start: tuple[float, float]
    n_steps: int
    digits: int

    @property
    def twin(self) -> Optimizer | None:
        corrected = getattr(self.rule, "bias_correction", None)
        return None if corrected is None else replace(self.rule, bias_correction=not corrected)


def setup() -> Setup:
    """Draw all controls."""
    code = controls.choice(
        st.selectbox, _("Optimizer"), names.OPTIMIZERS, key="descent_inside_optimizer", default="adam"
    )
    place = controls.choice(
        st.selectbox, _("Surface"), surfaces.labels(2), key="descent_inside_surface", default="elongated_bowl"
    )
    start = _start(surface(place))
    rate = controls.slider(
        f"{_('Learning rate')} η",
        key="descent_inside_rate",
        default=default_rate(code, place),
        low=LOWEST_RATE,
        high=HIGHEST_RATE,
        step=0.01,
        log=True,
        scope=f"{code} {place}",
    )
    values = {"learning_rate": rate}
    if "bias_correction" in hyperparameters(code):
        values["bias_correction"] = controls.toggle(
            _("Bias correction"), key="descent_inside_correction", default=True, scope=code
        )
    with st.expander(_("More settings")):
        values |= _others(code)
        n_steps = controls.number(_("Steps"), key="descent_inside_steps", default=100, low=5, high=MOST_STEPS, step=5)
        digits = controls.digits("descent_inside_digits")
    return Setup(optimizer(code, **values), surface(place), start, n_steps, digits)


def default_rate(code: str, place: str) -> float:
    """A learning rate at which the rule's path can be seen."""
    if code in BY_RULE:
        return BY_RULE[code]
    return BY_SURFACE[place] / (INERTIA if code in ("momentum", "nesterov") else 1)


def _start(where: Surface) -> tuple[float, ...]:
    labels = _("Start x₀"), _("Start x₁")
    with st.container(horizontal=True, gap="small"):
        return tuple(
            controls.number(
                label, key=key, default=start, low=low, high=high, step=0.1, scope=where.code, width=controls.NARROW
            )
            for label, key, start, (low, high) in zip(labels, START, where.start, where.domain, strict=True)
        )


def _others(code: str) -> dict[str, float]:
    """The rule's other hyperparameters; an end of their range that is not allowed itself the engine refuses."""
    values = {}
    for name, default in hyperparameters(code).items():
        if name == "learning_rate" or isinstance(default, bool):
            continue
        known, ends = HYPERPARAMETERS[name], RANGES[name]
        values[name] = controls.number(
            f"{_(known.title)} {known.letter}",
            key=f"descent_inside_{name}",
            default=default,
            low=ends.low,
            high=HIGHEST if math.isinf(ends.high) else ends.high,
            scope=code,
            help=_(known.meaning) if known.meaning else None,
        )
    return values
