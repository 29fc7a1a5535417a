"""The controls of momentum's map: which bowl, which learning rate and momentum, from where, beside what."""

from dataclasses import dataclass

import streamlit as st

from engine.momentum_map import WIDEST, MomentumMap
from engine.momentum_study import Study
from pages.shared import cached_descent, controls, numbers
from pages.shared.charts.momentum_map import POINTS
from pages.shared.text import _

CONDITION, PRODUCT, MOMENTUM = (f"descent_momentum_{name}" for name in ("condition", "product", "mu"))
START = ("descent_momentum_x0", "descent_momentum_x1")
MOST_CONDITION, FURTHEST, MOST_STEPS = 10_000.0, 5.0, 2000
CLASSIC = (1.0, 0.9)


@dataclass(frozen=True)
class Setup:
    """What the controls say; product is learning_rate * lambda_max."""

    condition: float
    product: float
    momentum: float
    n_steps: int
    angle: float
    start: tuple[float, float]
    beside: tuple[str, ...]
    digits: int

    @property
    def map(self) -> MomentumMap:
        return cached_descent.momentum_map(self.condition)

    @property
    def points(self) -> dict[str, tuple[float, float]]:
        """Learning rate (times lambda_max) and momentum of each point, by its code in charts.momentum_map."""
        best, descent = self.map.best, self.map.best_descent
        return {
            "own": (self.product, self.momentum),
            "best": (best.learning_rate, best.momentum),
            "best_descent": (descent.learning_rate, descent.momentum),
            "classic": CLASSIC,
        }

    def tex(self, value: float) -> str:
        return numbers.tex(value, self.digits)

    def plain(self, value: float) -> str:
        return numbers.plain(value, self.digits)

    def study(self, code: str) -> Study:
        return cached_descent.momentum_study(self.condition, self.angle, self.start, *self.points[code], self.n_steps)


def labels() -> dict[str, str]:
    """The points' names."""
    named = {
        "own": _("My point"),
        "best": _("Best momentum"),
        "best_descent": _("Best without momentum"),
        "classic": "η = 1/λₘₐₓ, μ = 0.9",
    }
    return {code: named[code] for code in POINTS}


def setup() -> Setup:
    """Draw all controls."""
    condition = controls.slider(
        _("Condition number κ"), key=CONDITION, default=100.0, low=1.0, high=MOST_CONDITION, step=0.01, log=True,
        help=_("The bowl's largest curvature divided by its smallest. Here λₘᵢₙ = 1, so κ = λₘₐₓ."),
    )  # fmt: skip
    product = controls.slider(
        _("Learning rate, as η · λₘₐₓ"), key=PRODUCT, default=1.0, low=0.0, high=WIDEST, step=0.01,
        help=_("Only the product of learning rate and curvature counts, so the map has one scale for every bowl."),
    )  # fmt: skip
    momentum = controls.slider(_("Momentum μ"), key=MOMENTUM, default=0.8, low=0.0, high=1.0, step=0.01)
    _jumps(cached_descent.momentum_map(condition))
    others = {code: label for code, label in labels().items() if code != "own"}
    beside = controls.choices(
        st.pills, _("Beside it on the bowl"), others, key="descent_momentum_beside",
        default=("best", "best_descent"), most=3, selection_mode="multi", wrap=True,
    )  # fmt: skip
    n_steps = controls.slider(_("Steps"), key="descent_momentum_steps", default=100, low=10, high=MOST_STEPS, step=10)
    with st.expander(_("More settings")):
        angle, start = _bowl()
        digits = controls.digits("descent_momentum_digits")
    return Setup(condition, product, momentum, n_steps, angle, start, beside, digits)


def _jumps(found: MomentumMap) -> None:
    """Buttons that move the point to a known place."""
    targets = {
        "best": (_("To the best"), found.best.learning_rate, found.best.momentum),
        "best_descent": (_("To the best with μ = 0"), found.best_descent.learning_rate, 0.0),
    }
    with st.container(horizontal=True, gap="xsmall"):
        for code, (label, product, momentum) in targets.items():
            st.button(label, key=f"descent_momentum_to_{code}", on_click=_go, args=(product, momentum))


def _go(product: float, momentum: float) -> None:
    controls.put(PRODUCT, product)
    controls.put(MOMENTUM, momentum)


def _bowl() -> tuple[float, tuple[float, float]]:
    angle = controls.slider(
        _("Angle of the flat direction, in degrees"), key="descent_momentum_angle",
        default=30.0, low=-90.0, high=90.0, step=5.0,
    )  # fmt: skip
    start = tuple(
        controls.number(label, key=key, default=default, low=-FURTHEST, high=FURTHEST, step=0.1)
        for label, key, default in zip((_("Start x₀"), _("Start x₁")), START, (-4.0, -2.0), strict=True)
    )
    return angle, start
