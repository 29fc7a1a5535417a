"""The way to the backpropagation lesson's calculator, with the same network and the same sample."""

from urllib.parse import urlencode

import streamlit as st

from engine.activations import activation
from engine.lab_inside import Passage
from engine.layers import BatchNorm
from pages.shared import controls, names, screen, shell
from pages.shared.text import _

MOST_UNITS, MOST_HIDDEN, LARGEST = 4, 3, 1000.0  # what the calculator takes
LONGEST = 1900  # signs of a link's parameters, so that the link stays under 2,000
LOSSES = ("squared_error", "half_squared_error", "cross_entropy", "cross_entropy_with_logits")


def link(passage: Passage) -> None:
    """The link, or why there is none."""
    reason = refusal(passage)
    if reason:
        screen.aside(
            _("The backpropagation lesson’s calculator cannot take this network: {reason}").format(reason=reason)
        )
        return
    st.page_link(
        shell.page("backprop"),
        label=_("One update with this sample in the calculator"),
        icon=":material/calculate:",
        query_params=parameters(passage),
    )
    training = passage.moment.config.training
    if training.optimizer.code != "sgd" or training.l1 or training.l2 or len(passage.moment.config.parts[0]) > 1:
        screen.aside(
            _(
                "There: one step of plain gradient descent with the learning rate of the panel, on this sample alone. "
                "The training here takes its batches, and its optimizer’s own step."
            )
        )


def refusal(passage: Passage) -> str:
    """Why the calculator cannot take the network; "" where it can."""
    training = passage.moment.config.training
    if max(training.sizes) > MOST_UNITS or len(training.sizes) - 2 > MOST_HIDDEN:
        return _("it has room for {units} units a layer and {layers} hidden layers.").format(
            units=MOST_UNITS, layers=MOST_HIDDEN
        )
    parts = [stage for layer in passage.layers for stage in layer.stages]
    if any(isinstance(stage.part, BatchNorm) for stage in parts):
        return _("it knows no batch normalization.")
    if any(stage.factor != 1.0 for stage in parts):
        return _("it knows no dropout that scales in evaluation.")
    if training.loss.name not in LOSSES:
        return _("it does not know this loss.")
    if any(kind.name not in names.ACTIVATIONS or activation(kind.name) != kind for kind in training.activations):
        return _("it does not know this activation function with these settings.")
    if not _fits(passage):
        return _("it takes numbers up to {limit}.").format(limit=f"{LARGEST:g}")
    if len(urlencode(parameters(passage))) > LONGEST:
        return _("its numbers make the link too long.")
    return ""


def _fits(passage: Passage) -> bool:
    rate = passage.moment.config.training.optimizer.learning_rate
    numbers = [*passage.moment.parameters.tolist(), *passage.fed.tolist(), *passage.target.tolist(), rate]
    return max(map(abs, numbers)) <= LARGEST


def parameters(passage: Passage) -> dict[str, str]:
    """The calculator's link: its own network with these sizes, weights, functions, and one sample."""
    training = passage.moment.config.training
    inputs, *hidden, outputs = training.sizes
    loss = training.loss
    found = {
        "section": "calculator",
        "network": "own",
        "depth": str(len(hidden)),
        "inputs": str(inputs),
        **{f"units{n}": str(size) for n, size in enumerate(hidden, 1)},
        "outputs": str(outputs),
        "data": controls.encode([*passage.fed.tolist(), *passage.target.tolist()]),
        "start": controls.encode(passage.moment.parameters.tolist()),
        **{f"activation{n}": kind.name for n, kind in enumerate(training.activations, 1)},
        "loss": loss.name,
        "reduction": loss.reduction,
        "rate": controls.encode([training.optimizer.learning_rate]),
    }
    if getattr(loss, "log_epsilon", 0.0):
        found["epsilon"] = "log"
    elif getattr(loss, "division_epsilon", 0.0):
        found["epsilon"] = "division"
    return {f"backprop_{name}": text for name, text in found.items()}
