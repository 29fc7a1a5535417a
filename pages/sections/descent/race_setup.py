"""The controls of the race: where, who, from which start, with which learning rate."""

from dataclasses import dataclass

import streamlit as st

from engine.lbfgs import LBFGS
from engine.race import GRADIENTS, GRID, LOSS, Contest, turned
from engine.surfaces import SURFACES
from pages.shared import controls, names
from pages.shared.text import N_, _

OPTIMIZERS = names.OPTIMIZERS | {LBFGS.code: LBFGS.title}
PLACES = {code: place for place, code in enumerate(OPTIMIZERS)}  # of colours, whoever runs
DEFAULT = ("sgd", "momentum", "adagrad", "rmsprop", "adam", LBFGS.code)
SAME, OWN = "same", "own"
MOST_CONDITION, MOST_GRADIENTS = 200.0, 300


@dataclass(frozen=True)
class Preset:
    """What a choice of the surface brings along; `rate` is the shared learning rate it begins with, `start` the
    surface's own where it is ()."""

    title: str
    surface: str
    rate: float = 0.01
    start: tuple[float, ...] = ()
    n_gradients: int = 200
    mode: str = OWN


PRESETS = {
    "round": Preset(N_("Round bowl, x₀² + x₁² (note 002)"), "round_bowl", rate=0.1, n_gradients=100),
    # The first step of some is exactly η in each coordinate: no round η lands on the minimum from here.
    "bowl": Preset(N_("Elongated bowl"), "elongated_bowl", start=(-4.1, 2.3)),
    "rosenbrock": Preset(N_("Rosenbrock's valley"), "rosenbrock", rate=0.001, n_gradients=300),
    "himmelblau": Preset(N_("Himmelblau's four valleys"), "himmelblau"),
    "beale": Preset(N_("Beale's plain"), "beale"),
    "saddle": Preset(N_("Saddle: who leaves it first?"), "saddle", rate=0.05, n_gradients=100, mode=SAME),
}
FIRST = "bowl"
STARTS = ["descent_race_x0", "descent_race_x1"]


@dataclass(frozen=True)
class Setup:
    """What the controls say; rate is the one for all, None where each has its own best. The default start turns with
    the bowl, so the start has a scope of its own."""

    contest: Contest
    codes: tuple[str, ...]
    rate: float | None
    scope: str
    start_scope: str


def start(preset: Preset, angle: float) -> tuple[float, ...]:
    """The default: from the same place of the bowl, however it is turned."""
    return turned(preset.start, angle) if preset.start else SURFACES[preset.surface].start


def setup() -> Setup:
    """Draw all controls."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    scope = controls.choice(st.selectbox, _("Surface"), titles, key="descent_race_preset", default=FIRST)
    preset = PRESETS[scope]
    condition, angle = _shape(scope) if preset.surface == "elongated_bowl" else (1.0, 0.0)
    codes = controls.choices(
        st.multiselect,
        _("Optimizers"),
        OPTIMIZERS,
        key="descent_race_optimizers",
        default=DEFAULT,
        most=len(OPTIMIZERS),
        wrap=True,
    )
    rate = _rate(preset, scope)
    has_minimum = bool(SURFACES[preset.surface].minima)
    best_by = _best_by() if has_minimum else GRADIENTS
    start_scope = f"{scope} {angle:g}"
    with st.expander(_("More settings")):
        where = _start(preset, angle, start_scope)
        n_gradients = _gradients(preset, scope)
        tolerance = _tolerance(scope) if has_minimum else 1.0
    contest = Contest(preset.surface, condition, angle, where, n_gradients, tolerance, best_by)
    return Setup(contest, codes, rate, scope, start_scope)


def _shape(scope: str) -> tuple[float, float]:
    """Of the elongated bowl."""
    condition = controls.slider(
        f"{_('Condition number')} κ",
        key="descent_race_condition",
        default=50.0,
        low=1.0,
        high=MOST_CONDITION,
        step=1.0,
        scope=scope,
        help=_("How many times more the steepest direction curves than the flattest."),
    )
    angle = controls.slider(
        _("Angle φ in degrees"),
        key="descent_race_angle",
        default=0.0,
        low=0.0,
        high=90.0,
        step=1.0,
        scope=scope,
        help=_("Between the flat direction and the x₀ axis. The bowl takes its default start along when it turns."),
    )
    return condition, angle


def _rate(preset: Preset, scope: str) -> float | None:
    """One learning rate for all, or None."""
    mode = controls.choice(
        st.segmented_control,
        _("Learning rate"),
        {OWN: _("own best"), SAME: _("same for all")},
        key="descent_race_mode",
        default=preset.mode,
        scope=preset.mode,
        required=True,
    )
    if mode == OWN:
        return None
    return controls.slider(
        f"{_('Learning rate')} η",
        key="descent_race_rate",
        default=preset.rate,
        low=GRID[0],
        high=GRID[-1],
        step=0.01,
        scope=scope,
        log=True,
    )


def _best_by() -> str:
    """What the best has the least of: it chooses each learning rate, and the winner."""
    return controls.choice(
        st.segmented_control,
        _("The best has the least"),
        {LOSS: _("loss at the end"), GRADIENTS: _("gradients to the goal")},
        key="descent_race_best",
        required=True,
        wrap=True,
        help=_(
            "Each optimizer's own best learning rate is chosen by it, and so is the winner: rates that were tuned for "
            "one criterion must not be ranked by the other."
        ),
    )


def _start(preset: Preset, angle: float, scope: str) -> tuple[float, float]:
    """Where all begin."""
    domain = SURFACES[preset.surface].domain
    return tuple(
        controls.number(
            _("Start {name}").format(name=name), key=key, default=first, low=low, high=high, step=0.1, scope=scope
        )
        for name, key, first, (low, high) in zip(("x₀", "x₁"), STARTS, start(preset, angle), domain, strict=True)
    )


def _gradients(preset: Preset, scope: str) -> int:
    """How long the race is."""
    return controls.slider(
        _("Gradients for each"),
        key="descent_race_gradients",
        default=preset.n_gradients,
        low=10,
        high=MOST_GRADIENTS,
        step=10,
        scope=scope,
        help=_("One a step; L-BFGS may use several in a step."),
    )


def _tolerance(scope: str) -> float:
    """Where the goal lies."""
    return controls.slider(
        _("Goal: a loss of at most ε"),
        key="descent_race_tolerance",
        default=1e-3,
        low=1e-10,
        high=1.0,
        step=0.5,
        scope=scope,
        log=True,
    )
