"""The controls of the numerical gradient: which function, where, how large a step, which scheme."""

from dataclasses import dataclass

import streamlit as st

from engine.difference_theory import DECADES
from engine.differences import NOTE_STEP
from engine.functions import Surface
from engine.surfaces import SURFACES
from pages.sections.descent import surfaces
from pages.shared import controls
from pages.shared.formulas.lines import aligned
from pages.shared.text import N_, _

SMALLEST, LARGEST = float(DECADES[-1]), float(DECADES[0])  # of h
TOO_SMALL = 1e-12  # what “as small as possible” leads to
FROZEN = (-2.58983747e13, -1.29524862e12)  # where note 002's run with learning rate 10 stands from step 10 on
FURTHEST = 1e14
FAR = "far"
MANY_TERMS = 2  # brackets after the first that a formula's one line has no room for
NAMES = {1: ("x",), 2: ("x_0", "x_1")}  # of the coordinates, in formulas
LETTERS = {1: ("x",), 2: ("x₀", "x₁")}  # and in words


@dataclass(frozen=True)
class Preset:
    title: str
    surface: str
    point: tuple[float, ...]
    h: float = NOTE_STEP


PRESETS = {
    "valley": Preset(N_("The whole valley"), "wavy", (2.0,)),
    "note": Preset(N_("Note 002’s bowl"), "round_bowl", (-3.0, 4.0)),
    "small": Preset(N_("As small as can be?"), "wavy", (2.0,), TOO_SMALL),
    FAR: Preset(N_("Far out, at −2.6 · 10¹³"), "round_bowl", FROZEN),
    "kink": Preset(N_("Close to a kink"), "absolute", (0.001,), 0.01),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say; `axis` is the coordinate whose digits are shown."""

    preset: str
    surface: Surface
    point: tuple[float, ...]
    h: float
    scheme: str
    axis: int

    @property
    def names(self) -> tuple[str, ...]:
        return NAMES[self.surface.dimensions]

    @property
    def is_quadratic(self) -> bool:
        return bool(self.surface.eigenvalues)


def scheme_titles() -> dict[str, str]:
    """Code -> label."""
    return {"central": _("central"), "forward": _("forward")}


def setup() -> Setup:
    """Draw all controls."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Experiment"), titles, key="descent_numerical_preset")
    preset = PRESETS[code]
    labels = surfaces.labels(1) | surfaces.labels(2)
    chosen = controls.choice(
        st.selectbox, _("Function"), labels, key="descent_numerical_surface", default=preset.surface, scope=code
    )
    surface = SURFACES[chosen]
    st.latex(aligned(*_broken(surface.latex)))
    point = _point(code, preset.point if chosen == preset.surface else surface.start, surface)
    h = controls.slider(
        "h",
        key="descent_numerical_h",
        default=preset.h,
        low=SMALLEST,
        high=LARGEST,
        step=0.05,
        log=True,
        scope=code,
        help=_("How far beside the point the function is asked. The track is logarithmic: from 10⁻¹⁵ to 10⁻¹."),
    )
    scheme = controls.choice(
        st.segmented_control, _("Scheme"), scheme_titles(), key="descent_numerical_scheme", required=True
    )
    return Setup(code, surface, point, h, scheme, _axis(surface))


def _broken(latex: str) -> list[str]:
    """A long sum over several lines, for a narrow column."""
    first, *others = latex.split(" + (")
    if len(others) < MANY_TERMS:
        return [rf"\small {latex}"]
    left, right = first.split(" = ")
    return [rf"&\small {left}", rf"&\small = {right}", *(rf"&\small + ({other}" for other in others)]


def _point(preset: str, start: tuple[float, ...], surface: Surface) -> tuple[float, ...]:
    """The point: dragged within the function's own picture, typed where it is far out."""
    scope = f"{preset} {surface.code}"
    values = []
    places = zip(LETTERS[surface.dimensions], start, surface.domain, strict=True)
    for index, (letter, default, (low, high)) in enumerate(places):
        key = f"descent_numerical_x{index}"
        if preset == FAR:
            values.append(controls.number(letter, key=key, default=default, low=-FURTHEST, high=FURTHEST, scope=scope))
        else:
            values.append(controls.slider(letter, key=key, default=default, low=low, high=high, step=0.01, scope=scope))
    return tuple(values)


def _axis(surface: Surface) -> int:
    """Which coordinate's digits are shown."""
    if surface.dimensions == 1:
        return 0
    labels = {"0": "∂f/∂x₀", "1": "∂f/∂x₁"}
    return int(
        controls.choice(st.segmented_control, _("The digits of"), labels, key="descent_numerical_axis", required=True)
    )
