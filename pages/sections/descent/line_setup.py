"""The controls of the descent along a curve: which function, from where, how large and how many steps."""

from dataclasses import dataclass

import streamlit as st

from engine.functions import Surface
from engine.quadratics import limits
from engine.surfaces import surface
from pages.sections.descent.surfaces import labels
from pages.shared import controls
from pages.shared.text import N_, _

LOW, HIGH = 1e-4, 100.0  # learning rates of the track, and of the picture of all rates
SMALLEST, LARGEST = 1e-10, 1e3  # that can be typed
DRAGGED, MOST = 200, 2000  # steps
START = "descent_line_x0"
RANGES = {"double_well": (-1.7, 1.7)}  # of x where the whole domain would make the valleys too small to see


@dataclass(frozen=True)
class Preset:
    """start: None: the function's own. A quadratic has `share`, the learning rate as a multiple of 1/λ."""

    title: str
    steps: int
    rate: float = 0.0
    start: float | None = None
    share: float = 0.0


QUADRATIC = {
    "converges": Preset(N_("Converges"), 25, share=0.2),
    "crawls": Preset(N_("Crawls"), 100, share=0.002),
    "jumps": Preset(N_("One jump: η = 1/λ"), 5, share=1.0),
    "oscillates": Preset(N_("Oscillates"), 25, share=1.8),
    "bounces": Preset(N_("Bounces: η = 2/λ"), 20, share=2.0),
    "diverges": Preset(N_("Diverges"), 12, share=2.1),
}
NOTE = {
    "note": Preset(N_("Note 002: η = 0.1, 100 steps"), 100, 0.1, -3.0),
    "note_small": Preset(N_("Too small: η = 1e−10"), 100, 1e-10, -3.0),
    "note_large": Preset(N_("Note 002, too large: η = 10"), 20, 10.0, -3.0),
    "overflow": Preset(N_("Until it overflows: η = 10"), 200, 10.0, -3.0),
}
PRESETS = {
    "parabola": QUADRATIC | NOTE,
    "shifted_parabola": QUADRATIC,
    "double_well": {
        "near": Preset(N_("Into the nearest valley"), 40, 0.05, 0.1),
        "leap": Preset(N_("A leap into the other valley"), 15, 0.18, 1.6),
        "bounces": Preset(N_("Bounces around a minimum"), 40, 0.3, 0.1),
        "wanders": Preset(N_("Wanders without end"), 60, 0.4, 0.1),
        "top": Preset(N_("Exactly on top of the hill"), 20, 0.1, 0.0),
        "diverges": Preset(N_("Diverges"), 6, 0.35, 1.6),
    },
    "quartic": {
        "slows": Preset(N_("Slows down without end"), 50, 0.05, 1.5),
        "diverges": Preset(N_("Diverges"), 6, 0.25, 1.5),
        "nearer": Preset(N_("The same η from a nearer start"), 50, 0.25, 0.5),
    },
    "absolute": {
        "bounces": Preset(N_("Rattles around the kink"), 20, 0.4, -3.0),
        "hits": Preset(N_("Hits 0 exactly"), 10, 0.5, -3.0),
        "small": Preset(N_("A smaller η"), 60, 0.07, -3.0),
    },
    "wavy": {
        "near": Preset(N_("Caught in a local minimum"), 30, 0.05, 7.0),
        "deep": Preset(N_("Into the deepest valley"), 30, 0.05, 1.0),
        "bounces": Preset(N_("Bounces around a minimum"), 40, 0.6, 7.0),
        "wanders": Preset(N_("Wanders without end"), 60, 2.0, 7.0),
        "diverges": Preset(N_("Diverges"), 30, 21.0, 7.0),
    },
}


@dataclass(frozen=True)
class Setup:
    """What the controls say."""

    surface: Surface
    start: float
    rate: float
    n_steps: int
    digits: int
    scope: str

    @property
    def code(self) -> str:
        return self.surface.code

    @property
    def x_range(self) -> tuple[float, float]:
        """Of the picture, and of what can be picked in it."""
        return x_range(self.surface)

    @property
    def run(self) -> tuple[str, float, float, int]:
        """The arguments of cached_descent.walk."""
        return self.code, self.start, self.rate, self.n_steps


def x_range(chosen: Surface) -> tuple[float, float]:
    return RANGES.get(chosen.code, chosen.domain[0])


def setup() -> Setup:
    """Draw all controls."""
    code = controls.choice(st.selectbox, _("Function"), labels(1), key="descent_line_function")
    chosen, presets = surface(code), PRESETS[code]
    titles = {name: _(preset.title) for name, preset in presets.items()}
    name = controls.choice(st.selectbox, _("Begin with"), titles, key="descent_line_preset", scope=code)
    preset, scope = presets[name], f"{code} {name}"
    low, high = x_range(chosen)
    start = controls.slider(
        _("Start x₀"),
        key=START,
        default=chosen.start[0] if preset.start is None else preset.start,
        low=low,
        high=high,
        step=0.01,
        scope=scope,
        help=_("Or click on the picture."),
    )
    rate = controls.slider(
        f"{_('Learning rate')} η",
        key="descent_line_rate",
        default=preset.share * limits(chosen.eigenvalues)[0] if preset.share else preset.rate,
        low=SMALLEST,
        high=LARGEST,
        step=0.01,
        scope=scope,
        log=True,
        reach=(LOW, HIGH),
        help=_(
            "The track is logarithmic: the same way is the same factor. From 1e−10 to 1000 can be typed. Note 002 once "
            "writes μ for it."
        ),
    )
    steps = controls.slider(
        _("Number of steps"),
        key="descent_line_steps",
        default=preset.steps,
        low=1,
        high=MOST,
        step=1,
        scope=scope,
        reach=(1, DRAGGED),
        help=_("Up to {n} can be typed.").format(n=MOST),
    )
    with st.expander(_("More settings")):
        digits = controls.digits("descent_line_digits")
    return Setup(chosen, start, rate, steps, digits, scope)
