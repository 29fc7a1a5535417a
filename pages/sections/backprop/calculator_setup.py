"""The calculator's controls: which network, which numbers, which functions."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from engine import walkthrough
from engine.activations import activation
from engine.experiment import Experiment
from engine.losses import loss, needed_output
from pages.sections.backprop.presets import OWN, PRESETS, Preset, own
from pages.shared import controls, names, screen, tables
from pages.shared.formulas.network import Notation
from pages.shared.text import _

LIMIT = 1000.0  # of any weight, input or target that a learner types
EPSILONS = {"none": {}, "log": {"log_epsilon": 1e-7}, "division": {"division_epsilon": 1e-7}}


@dataclass(frozen=True)
class Setup:
    """What the controls say."""

    preset: Preset
    experiment: Experiment
    scope: str
    sample: int
    digits: int
    notation: Notation


def setup() -> Setup | None:
    """Draw all controls; None, and the reason on screen, where they do not fit together."""
    with screen.refusals():
        return _controls()
    return None


def _controls() -> Setup:
    titles = {code: _(preset.title) for code, preset in PRESETS.items()} | {OWN: _("My own network")}
    code = controls.choice(st.selectbox, _("Network"), titles, key="backprop_network")
    sizes = _sizes() if code == OWN else ()
    preset = own(sizes) if code == OWN else PRESETS[code]
    scope = f"{code} {sizes}" if sizes else code
    base = preset.experiment
    rate = controls.number(
        _("Learning rate"), key="backprop_rate", default=base.learning_rate, low=0.0, high=1000.0, step=0.1, scope=scope
    )
    mistake = controls.toggle(
        _("Make the common mistake"),
        key="backprop_mistake",
        wrap=True,
        help=_("Update the output weights first, and then compute the hidden gradients with the new ones."),
    )
    with st.expander(_("Inputs, targets, weights")):
        X, Y = _data(base, scope)
        parameters = _parameters(preset, scope)
    sample = _sample(len(X), scope)
    with st.expander(_("More settings")):
        digits = controls.digits("backprop_digits")
        styles = {"xw": "x W", "wx": "W x"}
        style = controls.choice(
            st.segmented_control,
            _("Notation"),
            styles,
            key="backprop_notation",
            required=True,
            help=_(
                "x W: $W_{12}$ leads from unit 1 to unit 2. W x: $W_{12}$ leads to unit 1 from unit 2. "
                "The number in brackets is the layer, η is the learning rate, σ the sigmoid."
            ),
        )
        experiment = replace(
            _functions(base, scope),
            X=X,
            Y=Y,
            parameters=parameters,
            learning_rate=rate,
            update_order="output_first" if mistake else "together",
        )
    return Setup(preset, experiment, scope, sample, digits, Notation(style == "xw"))


def _sizes() -> tuple[int, ...]:
    """Inputs, hidden units and outputs of the learner's own network."""
    whole = partial(controls.number, low=1, high=4, step=1)
    depth = controls.number(_("Hidden layers"), key="backprop_depth", default=1, low=0, high=3, step=1)
    with st.container(horizontal=True):
        n_inputs = whole(_("Number of inputs"), key="backprop_inputs", default=2)
        hidden = [
            whole(_("Units of hidden layer {n}").format(n=n + 1), key=f"backprop_units{n + 1}", default=2)
            for n in range(depth)
        ]
        n_outputs = whole(_("Number of outputs"), key="backprop_outputs", default=1)
    return (n_inputs, *hidden, n_outputs)


def _data(base: Experiment, scope: str) -> tuple[tuple, tuple]:
    """Inputs and targets, a row a sample."""
    n_inputs, n_outputs = base.sizes[0], base.sizes[-1]
    columns = [f"x{i + 1}" for i in range(n_inputs)] + [f"y{k + 1}" for k in range(n_outputs)]
    default = [x + y for x, y in zip(base.X, base.Y, strict=True)]
    rows = tables.number_table(
        default, columns, key="backprop_data", scope=scope, low=-LIMIT, high=LIMIT, alt=_("Inputs x and targets y")
    )
    rows = rows.tolist()
    return tuple(tuple(row[:n_inputs]) for row in rows), tuple(tuple(row[n_inputs:]) for row in rows)


def _parameters(preset: Preset, scope: str) -> tuple[float, ...]:
    values = tables.number_table(
        [(value,) for value in preset.experiment.parameters],
        [_("Start")],
        key="backprop_start",
        scope=scope,
        low=-LIMIT,
        high=LIMIT,
        alt=_("Weights and biases at the start"),
        index=parameter_names(preset),
    )
    return tuple(values.ravel().tolist())


def parameter_names(preset: Preset) -> list[str]:
    """What each flat parameter is called, with the source's own name for it behind."""
    names = walkthrough.parameter_names(preset.experiment.sizes)
    given = preset.names or ("",) * len(names)
    return [f"{name}  ({other})" if other else name for name, other in zip(names, given, strict=True)]


def _sample(n_samples: int, scope: str) -> int:
    if n_samples == 1:
        return 0
    labels = {str(s): str(s + 1) for s in range(n_samples)}
    chosen = controls.choice(
        st.segmented_control, _("Sample shown"), labels, key="backprop_sample", scope=scope, required=True
    )
    return int(chosen)


def _functions(base: Experiment, scope: str) -> Experiment:
    """Activation functions, loss and biases; checked together when the experiment is made."""
    kinds = [
        controls.choice(
            st.selectbox,
            _("Activation function of layer {n}").format(n=n + 1),
            names.ACTIVATIONS,
            key=f"backprop_activation{n + 1}",
            default=kind.name,
            scope=scope,
        )
        for n, kind in enumerate(base.activations)
    ]
    titles = {
        "squared_error": _("Squared error"),
        "half_squared_error": _("Half squared error"),
        "cross_entropy": _("Cross-entropy"),
        "cross_entropy_with_logits": _("Cross-entropy of logits"),
    }
    code = controls.choice(st.selectbox, _("Loss"), titles, key="backprop_loss", default=base.loss.name, scope=scope)
    reduction = controls.choice(
        st.segmented_control,
        _("Over all entries"),
        {"mean": _("mean"), "sum": _("sum")},
        key="backprop_reduction",
        default=base.loss.reduction,
        scope=scope,
        required=True,
    )
    epsilon = _epsilon(scope) if code == "cross_entropy" else {}
    biases = controls.toggle(_("Biases learn"), key="backprop_biases", default=base.learn_biases, scope=scope)
    chosen = loss(code, reduction, **epsilon)
    kinds[-1] = needed_output(chosen) or kinds[-1]
    return replace(
        base,
        activations=tuple(map(activation, kinds)),
        loss=chosen,
        learn_biases=biases,
    )


def _epsilon(scope: str) -> dict[str, float]:
    titles = {
        "none": _("none"),
        "log": _("inside the logarithms (note 000)"),
        "division": _("in the division (note 004)"),
    }
    return EPSILONS[
        controls.choice(st.selectbox, _("The small number 1e-7"), titles, key="backprop_epsilon", scope=scope)
    ]
