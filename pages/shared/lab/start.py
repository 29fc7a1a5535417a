"""Where the network of the panel begins: drawn by a scheme, at the experiment's own parameters, or at given ones."""

import math
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.initializers import NAMED, VarianceScaling, initializer
from engine.lab import LabConfig
from engine.training_config import TrainingConfig
from engine.weight_schemes import Constant, Initializer, Normal, Orthogonal, Uniform
from pages.shared import controls, screen
from pages.shared.text import N_, _

OWN = "own"
SCHEMES = {
    "xavier_uniform": N_("Xavier uniform"),
    "xavier_normal": N_("Xavier normal"),
    "he_normal": N_("He normal"),
    "he_uniform": N_("He uniform"),
    "lecun_normal": N_("LeCun normal"),
    "lecun_uniform": N_("LeCun uniform"),
    "pytorch_linear": N_("PyTorch's default"),
    "normal": N_("N(0, σ²), the same σ for every layer"),
    "uniform": N_("U(−r, r), the same r for every layer"),
    "constant": N_("All equal"),
    "orthogonal": N_("Orthogonal"),
}
FOR_BIASES = ("constant", "normal", "uniform", "pytorch_linear")
CODES = {Normal: "normal", Uniform: "uniform", Constant: "constant", Orthogonal: "orthogonal"}
FIELDS = {"normal": "sigma", "uniform": "bound", "constant": "value"}  # "gain" of all others
LETTERS = {"sigma": "σ", "bound": "r"}
WORDS = {"value": N_("Value"), "gain": N_("Gain")}
USUAL = {"normal": 1.0, "uniform": 0.5, "constant": 0.0}  # 1 of all others
LEAST, MOST = 0.001, 100.0  # of such a number
GIVEN, LARGEST = "training_start", 1e6  # parameters in the link, and how large one may be


def choose(
    base: LabConfig, training: TrainingConfig, code: str, front: DeltaGenerator
) -> tuple[TrainingConfig, tuple[float, ...]]:
    """The training with its schemes, and the start, () where it is drawn.

    Args: code: of the experiment. front: where to say that the start is given.
    """
    of = base.training
    same = training.sizes == of.sizes and training.architecture.n_parameters == of.architecture.n_parameters
    own, scope = base.start if same else (), f"{code}.{same}"
    labels = {name: _(title) for name, title in SCHEMES.items()}
    chosen = controls.choice(
        st.selectbox,
        _("Weights at the start"),
        {OWN: _("The experiment's own"), **labels} if own else labels,
        key="training_initializer",
        default=OWN if own else _told(of.initializer)[0],
        scope=scope,
    )
    if chosen == OWN:
        screen.aside(_("These numbers stand in the experiment: the seed draws no weights."))
        if training.seeds != of.seeds:  # the learner waits for a change that does not come
            with front:
                screen.aside(
                    _("The start is the experiment's own: the seed draws no weights. Change that under Start.")
                )
    else:
        weights = _scheme(chosen, of.initializer, "training_weights", scope)
        training = replace(training, initializer=weights, bias_initializer=_biases(of.bias_initializer, scope))
    return training, _given(training, code, front) or (own if chosen == OWN else ())


def scope_of(training: TrainingConfig, code: str) -> str:
    """What given parameters belong to."""
    return f"{code}.{training.sizes}.{training.architecture.n_parameters}"


def _given(training: TrainingConfig, code: str, front: DeltaGenerator) -> tuple[float, ...]:
    """The parameters that the link brings along."""
    n, scope = training.architecture.n_parameters, scope_of(training, code)

    def read(text: str) -> list[float] | None:
        return controls.decode(text, n, -LARGEST, LARGEST)

    text = controls.words(GIVEN, default="", valid=lambda text: read(text) is not None, scope=scope)
    if not text:
        return ()
    with front:
        st.info(_("The start is a trained network. Epoch 0 is where it was left."))
        st.button(
            _("Start anew"),
            key="training_start_anew",
            icon=":material/restart_alt:",
            on_click=controls.put,
            args=(GIVEN, "", scope),
        )
    return tuple(read(text))


def _biases(own: Initializer | None, scope: str) -> Initializer | None:
    code = controls.choice(
        st.selectbox,
        _("Biases at the start"),
        {code: _(SCHEMES[code]) for code in FOR_BIASES},
        key="training_biases",
        default=_told(own)[0],
        scope=scope,
    )
    return _scheme(code, own, "training_bias", scope)


def _scheme(code: str, own: Initializer | None, key: str, scope: str) -> Initializer | None:
    """The scheme with its one number; the experiment's own as long as it says the same."""
    own_code, own_value = _told(own)
    field = FIELDS.get(code, "gain")
    value = controls.number(
        LETTERS.get(field) or _(WORDS[field]),
        key=f"{key}_{field}",
        default=own_value if code == own_code else USUAL.get(code, 1.0),
        low=-MOST if field == "value" else LEAST,
        high=MOST,
        step=0.1,
        scope=f"{scope}.{code}",
    )
    return own if (code, value) == (own_code, own_value) else initializer(code, **{field: value})


def _told(scheme: Initializer | None) -> tuple[str, float]:
    """The code of a scheme and its number; no scheme means biases of 0."""
    if scheme is None:
        return "constant", 0.0
    if not isinstance(scheme, VarianceScaling):
        code = CODES[type(scheme)]
        return code, getattr(scheme, FIELDS.get(code, "gain"))
    for code, named in NAMED.items():
        if (named.mode, named.distribution, named.scale) == (scheme.mode, scheme.distribution, scheme.scale):
            return code, 1.0
    alike = {(named.mode, named.distribution): code for code, named in NAMED.items()}
    code = alike.get((scheme.mode, scheme.distribution), "xavier_normal")
    return code, math.sqrt(scheme.scale / NAMED[code].scale)
