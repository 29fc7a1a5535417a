"""What the network of the panel is after: the loss that fits the task, and the output that fits the loss."""

from dataclasses import replace

import streamlit as st

from engine.activations import Activation, activation
from engine.lab import LabConfig, LabData
from engine.losses import Loss, SquaredError, needed_output
from engine.losses import loss as loss_named
from pages.shared import controls, names, screen
from pages.shared.text import N_, _

TWO, SEVERAL, VALUE = "two", "several", "value"  # what is learned: two classes, more of them, a number
LOSSES = {
    "squared_error": N_("Squared error (a − y)²"),
    "half_squared_error": N_("Half squared error ½ (a − y)²"),
    "cross_entropy": N_("Cross-entropy of a sigmoid"),
    "cross_entropy_with_logits": N_("Cross-entropy of logits"),
    "softmax_cross_entropy": N_("Cross-entropy of a softmax"),
    "absolute_error": N_("Absolute error |a − y|"),
    "huber": N_("Huber: bowl inside, straight outside"),
    "log_cosh": N_("Logarithm of cosh(a − y)"),
}
FITTING = {  # the first is what a task begins with
    TWO: ("cross_entropy_with_logits", "cross_entropy", "squared_error", "half_squared_error"),
    SEVERAL: ("softmax_cross_entropy", "squared_error", "half_squared_error"),
    VALUE: ("squared_error", "half_squared_error", "absolute_error", "huber", "log_cosh"),
}
OUTPUTS = ("linear", "sigmoid", "tanh", "relu", "softplus")
FREE_OUTPUT = {TWO: "sigmoid", SEVERAL: "sigmoid", VALUE: "linear"}  # where the loss takes any
REDUCTIONS = {"mean": N_("mean"), "sum": N_("sum")}


def kind(data: LabData) -> str:
    """What is learned of these data."""
    if data.plane.task == "regression":
        return VALUE
    return SEVERAL if data.n_outputs > 1 else TWO


def loss(base: LabConfig, task: str, scope: str) -> tuple[Loss, Loss | None]:
    """The loss that is differentiated, and the one that is written down where it is another."""
    own = base.training.loss if task == kind(base.data) else None
    fitting = FITTING[task] if own is None else dict.fromkeys((own.name, *FITTING[task]))
    code = controls.choice(
        st.selectbox,
        _("Loss"),
        {code: _(LOSSES[code]) for code in LOSSES if code in fitting},
        key="training_loss",
        default=own.name if own else FITTING[task][0],
        scope=scope,
    )
    reduction = controls.choice(
        st.segmented_control,
        _("Over the samples of a batch"),
        {code: _(title) for code, title in REDUCTIONS.items()},
        key="training_reduction",
        default=own.reduction if own else "mean",
        scope=scope,
        required=True,
        help=_("With N samples, the gradient of the sum is N times that of the mean."),
    )
    same = own is not None and own.name == code
    chosen = replace(own, reduction=reduction) if same else loss_named(code, reduction)
    if code == "huber":
        delta = controls.number(
            _("Where the straight part begins, δ"),
            key="training_delta",
            default=chosen.delta,
            low=0.001,
            high=1000.0,
            log=True,
            scope=scope,
        )
        chosen = replace(chosen, delta=delta)
    if code == "cross_entropy":
        epsilon = controls.number(
            _("Added inside the logarithms, ε"),
            key="training_log_epsilon",
            default=chosen.log_epsilon,
            low=0.0,
            high=0.1,
            step=1e-7,
            scope=scope,
            help=_("Note 000 adds 1e-7, so that no logarithm is of 0."),
        )
        chosen = replace(chosen, log_epsilon=epsilon)
    return chosen, _reported(base.training.reported if same else None, code, scope)


def _reported(own: Loss | None, code: str, scope: str) -> Loss | None:
    """The notes follow half the squared error and print the mean squared one."""
    if own is None and code != "half_squared_error":
        return None
    on = controls.toggle(
        _("Write down the mean squared error"),
        key="training_reported",
        default=own is not None,
        scope=scope,
        help=_("As note 003 does, whose updates follow half the squared error. It changes no update."),
    )
    return (own or SquaredError()) if on else None


def output(base: LabConfig, task: str, loss: Loss, scope: str) -> Activation:
    """The activation function of the output: what the loss needs, or any."""
    needed = needed_output(loss)
    if needed is not None:
        screen.aside(
            _("The output is linear: this loss takes the logits z, and does the rest itself.")
            if needed == "linear"
            else _("The output is a sigmoid: this loss takes probabilities.")
        )
        return activation(needed)
    own = base.training.activations[-1]
    fits = task == kind(base.data) and needed_output(base.training.loss) is None
    code = controls.choice(
        st.selectbox,
        _("Activation function of the output"),
        {code: names.ACTIVATIONS[code] for code in dict.fromkeys((*OUTPUTS, *([own.name] if fits else [])))},
        key="training_output",
        default=own.name if fits else FREE_OUTPUT[task],
        scope=scope,
    )
    if task == TWO:
        screen.aside(
            _("The targets are −1 and 1, the ends of tanh.") if code == "tanh" else _("The targets are 0 and 1.")
        )
    return own if fits and own.name == code else activation(code)
