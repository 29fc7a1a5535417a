"""The controls of the section on two dimensions: which surface, which learning rates, from where."""

from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from engine.plane_descent import MAX_RATES, MAX_STEPS, PlaneConfig
from engine.surfaces import SURFACES
from pages.sections.descent import surfaces
from pages.shared import controls, numbers
from pages.shared.text import _

NOTE_DIGITS = 9  # as many as note 002 prints
TOLERANCES = {"e3": 1e-3, "e6": 1e-6, "e9": 1e-9}
START = ("descent_plane_x0", "descent_plane_x1")
OWN, TWIN = "own", "twin"  # the learner's own learning rate, and the same with the numerical gradient
GAP = "\N{NO-BREAK SPACE}"  # in what should not be broken over two lines
# Where the runs stand among the colours of the player: own, then those beside it; the twin has the numeric role.
PLACES, TWIN_PLACE = (0, 1, 2, 3, 4, 8, 9), 5


@dataclass(frozen=True)
class Preset:
    """Where the controls stand at first.

    A rate beside the own one is a code that float() reads, without a point, which would part codes in the link.
    """

    surface: str
    rate: float
    beside: tuple[str, ...]
    offered: tuple[str, ...]
    n_steps: int
    low: float = 1e-4  # ends of the track of the own learning rate
    high: float = 2.0
    start: tuple[float, float] | None = None  # None: the surface's
    twin: bool = False
    digits: int = numbers.DIGITS


_BOWL = ("1e-2", "5e-1", "9e-1", "1e0", "105e-2", "1e1")
PRESETS = {
    "note": Preset("round_bowl", 0.1, ("1e-2",), _BOWL, 100, high=20.0, digits=NOTE_DIGITS),
    "large": Preset("round_bowl", 10.0, (), _BOWL, 20, high=20.0, twin=True, digits=NOTE_DIGITS),
    "small": Preset("round_bowl", 1e-10, (), _BOWL, 100, low=1e-12, digits=NOTE_DIGITS),
    "elongated": Preset("elongated_bowl", 0.18, ("2e-2", "2e-1"), ("2e-2", "1e-1", "2e-1", "21e-2"), 60),
    "rosenbrock": Preset(
        "rosenbrock", 1e-3, ("5e-3",), ("1e-4", "5e-4", "2e-3", "5e-3", "1e-2"), 200, low=1e-6, high=0.1
    ),
    "himmelblau": Preset("himmelblau", 0.01, ("2e-2", "3e-2"), ("1e-3", "5e-3", "2e-2", "3e-2", "5e-2"), 60, high=0.2),
    "beale": Preset("beale", 0.01, ("2e-2",), ("1e-3", "5e-3", "2e-2", "5e-2", "1e-1"), 200, low=1e-6, high=1.0),
    "saddle": Preset("saddle", 0.1, ("1e-2", "3e-1"), ("1e-2", "5e-2", "3e-1", "5e-1", "1e0"), 60),
}
NOTES = ("note", "large", "small")


@dataclass(frozen=True)
class Setup:
    """What the controls say; `runs` are the codes of the runs in the order of the engine's."""

    preset: str
    config: PlaneConfig
    digits: int
    runs: tuple[str, ...]
    labels: dict[str, str] = field(compare=False)  # learning rate of each run, in the player's legend and the table
    places: tuple[int, ...] = ()


def setup() -> Setup:
    """Draw all controls."""
    code = controls.choice(st.selectbox, _("Example"), _titles(), key="descent_plane_preset")
    preset = PRESETS[code]
    rate = controls.slider(
        _("My learning rate η"),
        key="descent_plane_rate",
        default=preset.rate,
        low=preset.low,
        high=preset.high,
        step=0.01,
        log=True,
        scope=code,
    )
    beside = controls.choices(
        partial(st.pills, selection_mode="multi", wrap=True),
        _("Learning rates beside it"),
        {offered: _written(float(offered)) for offered in preset.offered},
        key="descent_plane_beside",
        default=preset.beside,
        most=MAX_RATES - 1,
        scope=code,
    )
    twin = controls.toggle(
        _("Numerical gradient as well"),
        key="descent_plane_twin",
        default=preset.twin,
        scope=code,
    )
    start = _start(preset, code)
    condition, angle = _shape(preset, code)
    n_steps, tolerance, digits = _more(preset, code)
    beside = tuple(other for other in beside if float(other) != rate)
    config = PlaneConfig(
        preset.surface,
        start,
        (rate, *map(float, beside)),
        n_steps,
        numerical=twin,
        condition=condition,
        angle=angle,
        tolerance=tolerance,
    )
    places = [PLACES[0], *(PLACES[1 + preset.offered.index(other)] for other in beside)]
    labels = {one: _written(value) for one, value in zip((OWN, *beside), config.learning_rates, strict=True)}
    if twin:
        labels[TWIN] = f"{_written(rate)} (h{GAP}={GAP}10⁻⁴)"
        places.append(TWIN_PLACE)
    return Setup(code, config, digits, tuple(labels), labels, tuple(places))


def _titles() -> dict[str, str]:
    named = surfaces.labels(2)
    notes = {
        "note": _("Note 002: η = 0.1"),
        "large": _("Note 002: η = 10, too large"),
        "small": _("η = 10⁻¹⁰, too small"),
    }
    return notes | {code: named[preset.surface] for code, preset in PRESETS.items() if code not in notes}


def _written(rate: float) -> str:
    return numbers.plain(rate, 6)


def _start(preset: Preset, scope: str) -> tuple[float, float]:
    """Two numbers that a click into the picture moves as well."""
    ground = SURFACES[preset.surface]
    cells = st.container(horizontal=True, gap="small")
    values = []
    for key, name, default, (low, high) in zip(
        START, ("x₀", "x₁"), preset.start or ground.start, ground.domain, strict=True
    ):
        with cells:
            value = controls.number(
                _("Start {name}").format(name=name),
                key=key,
                default=default,
                low=low,
                high=high,
                step=0.1,
                scope=scope,
                width=controls.NARROW,
            )
        values.append(value)
    return values[0], values[1]


def _shape(preset: Preset, scope: str) -> tuple[float, float]:
    """Condition number and angle of the elongated bowl."""
    if preset.surface != "elongated_bowl":
        return 10.0, 0.0
    condition = controls.slider(
        _("Condition number"),
        key="descent_plane_condition",
        default=10.0,
        low=1.0,
        high=1000.0,
        step=0.01,
        log=True,
        scope=scope,
    )
    angle = controls.slider(
        _("Angle (degrees)"), key="descent_plane_angle", default=30.0, low=-90.0, high=90.0, step=1.0, scope=scope
    )
    return condition, angle


def _more(preset: Preset, scope: str) -> tuple[int, float, int]:
    with st.expander(_("More settings")):
        n_steps = controls.number(
            _("Steps"), key="descent_plane_steps", default=preset.n_steps, low=1, high=MAX_STEPS, step=1, scope=scope
        )
        tolerance = controls.choice(
            st.selectbox,
            _("Tolerance: how near to the lowest loss counts as converged"),
            {"e3": "10⁻³", "e6": "10⁻⁶", "e9": "10⁻⁹"},
            key="descent_plane_tolerance",
            default="e6",
        )
        digits = controls.number(
            _("Digits"), key="descent_plane_digits", default=preset.digits, low=2, high=12, step=1, scope=scope
        )
    return n_steps, TOLERANCES[tolerance], digits
