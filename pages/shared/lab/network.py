"""The network of the panel: hidden layers as a line of text, activation functions for all or layer by layer."""

import re
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.activations import Activation, activation
from engine.training_config import TrainingConfig
from pages.shared import controls, names
from pages.shared.text import _

MOST_LAYERS, MOST_UNITS = 12, 32
NONE = "0"  # no hidden layer
PLAIN = "tanh"  # where an experiment has no hidden layer to go by
LETTERS = {"alpha": "α", "beta": "β"}
MOST_PARAMETER = {"leaky_relu": 1.0}  # 10 for others


def written(sizes: tuple[int, ...]) -> str:
    """Hidden layers as the learner writes them: "4, 2"; "0" for none."""
    return ", ".join(map(str, sizes)) or NONE


def read(text: str) -> tuple[int, ...] | None:
    """The hidden layers of a text: whole numbers with anything but digits and signs between them; None for others."""
    text = text.strip()
    if text in ("", NONE):
        return ()
    if not re.fullmatch(r"[0-9]{1,4}(?:[\s,;×x-]+[0-9]{1,4})*", text):
        return None
    sizes = tuple(map(int, re.findall(r"[0-9]+", text)))
    return sizes if len(sizes) <= MOST_LAYERS and all(1 <= size <= MOST_UNITS for size in sizes) else None


def hidden(base: TrainingConfig, scope: str) -> tuple[int, ...]:
    """Units of each hidden layer; what cannot be read leaves the experiment's own."""
    default = written(base.sizes[1:-1])
    text = controls.text_line(
        _("Units of the hidden layers"),
        key="training_units",
        default=default,
        max_chars=80,
        scope=scope,
        help=_("One number a layer, such as 4, 2; 0 for no hidden layer."),
    )
    sizes = base.sizes[1:-1] if text == default else read(text)
    if sizes is None:
        st.error(
            _(
                "Hidden layers are whole numbers from 1 to {units} with commas between them, {layers} at most, such "
                "as 4, 2. {default} is shown."
            ).format(units=MOST_UNITS, layers=MOST_LAYERS, default=default)
        )
        return base.sizes[1:-1]
    if not text.strip():
        controls.publish("training_units", scope, NONE, default)  # a link keeps no empty text
    return sizes


def activations(
    base: TrainingConfig, hidden: tuple[int, ...], place: DeltaGenerator, scope: str
) -> tuple[Activation, ...]:
    """The activation function of each hidden layer.

    Args: place: where the one for all stands.
    """
    if not hidden:
        return ()
    own = [_of_layer(base, layer) for layer in range(len(base.sizes) - 2)]
    each = len(hidden) > 1 and controls.toggle(
        _("One activation function for each layer"),
        key="training_each",
        default=len(set(own)) > 1,
        scope=scope,
    )
    if each:
        codes = [
            _choice(_("Activation function of layer {n}").format(n=layer + 1), f"{layer + 1}", base, layer, scope)
            for layer in range(len(hidden))
        ]
    else:
        with place:
            codes = [_choice(_("Activation function of the hidden layers"), "", base, 0, scope)] * len(hidden)
    kinds = {code: _with_parameters(base, code, scope) for code in dict.fromkeys(codes)}
    return tuple(kinds[code] for code in codes)


def _choice(label: str, tail: str, base: TrainingConfig, layer: int, scope: str) -> str:
    key, default = f"training_activation{tail}", _of_layer(base, layer)
    return controls.choice(st.selectbox, label, names.ACTIVATIONS, key=key, default=default, scope=scope)


def _of_layer(base: TrainingConfig, layer: int) -> str:
    """The experiment's own, of its last hidden layer for those that it does not have."""
    own = base.activations[:-1]
    return own[min(layer, len(own) - 1)].name if own else PLAIN


def _with_parameters(base: TrainingConfig, code: str, scope: str) -> Activation:
    """The function with its own numbers, such as the slope of the leaky ReLU."""
    kind = next((one for one in base.activations[:-1] if one.name == code), None) or activation(code)
    values = {
        name: controls.number(
            f"{LETTERS[name]}, {names.ACTIVATIONS[code]}",
            key=f"training_{code}_{name}",
            default=float(value),
            low=0.0,
            high=MOST_PARAMETER.get(code, 10.0),
            step=0.05,
            scope=scope,
        )
        for name, value in kind.parameters.items()
    }
    return replace(kind, **values) if values else kind
