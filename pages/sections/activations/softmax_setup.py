"""The controls of the softmax section: logits, temperature, shift, number of classes."""

from dataclasses import dataclass

import streamlit as st

from engine import softmax_trace
from engine.softmax_trace import NaiveSoftmax, SoftmaxTrace
from pages.shared import controls
from pages.shared.text import N_, _

PRESETS = {  # code -> title, logits, how far a logit reaches, its step
    "three": (N_("Three classes"), (2.0, 1.0, 0.1), 10.0, 0.1),
    "equal": (N_("All equal"), (1.0, 1.0, 1.0, 1.0), 10.0, 0.1),
    "sure": (N_("One large logit"), (8.0, 1.0, 0.0, -1.0), 10.0, 0.1),
    "huge": (N_("Logits of ±1000"), (1000.0, 999.0, -1000.0), 1000.0, 1.0),
}
FEWEST, MOST = 3, 6  # classes
SUBSCRIPTS = "₁₂₃₄₅₆"


@dataclass(frozen=True)
class Setup:
    """What the controls say, and all that follows from it."""

    logits: tuple[float, ...]
    temperature: float
    shift: float
    trace: SoftmaxTrace
    naive: NaiveSoftmax

    @property
    def classes(self) -> list[str]:
        return [str(index) for index in range(1, len(self.logits) + 1)]

    def names(self, letter: str) -> list[str]:
        """p₁, p₂, ..."""
        return [letter + SUBSCRIPTS[index] for index in range(len(self.logits))]


def setup() -> Setup:
    """Draw all controls."""
    titles = {code: _(title) for code, (title, *_rest) in PRESETS.items()}
    preset = controls.choice(st.selectbox, _("Logits"), titles, key="activations_softmax_logits")
    _title, given, reach, step = PRESETS[preset]
    sliders = st.container()
    temperature = controls.slider(
        _("Temperature T"), key="activations_softmax_temperature", default=1.0, low=0.1, high=10.0, step=0.1
    )
    shift = controls.slider(
        _("Shift c of all logits"), key="activations_softmax_shift", default=0.0, low=-1000.0, high=1000.0, step=10.0
    )
    with st.expander(_("More settings")):
        n_classes = controls.number(
            _("Number of classes"),
            key="activations_softmax_classes",
            default=len(given),
            low=FEWEST,
            high=MOST,
            step=1,
            scope=preset,
        )
    with sliders:
        logits = tuple(
            controls.slider(
                f"z{SUBSCRIPTS[index]}",
                key=f"activations_softmax_z{index + 1}",
                default=given[index] if index < len(given) else 0.0,
                low=-reach,
                high=reach,
                step=step,
                scope=preset,
            )
            for index in range(n_classes)
        )
    trace = softmax_trace.trace(logits, temperature, shift)
    return Setup(logits, temperature, shift, trace, softmax_trace.naive_softmax(trace.z, temperature))
