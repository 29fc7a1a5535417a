"""Section 2: one update of a network, every number of it, worked as by hand."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from engine import export, walkthrough
from engine.activations import ACTIVATIONS, activation
from engine.errors import InputError
from engine.experiment import Experiment, Explanation
from engine.losses import LOSSES, REDUCTIONS, loss
from pages.sections.backprop.presets import OWN, PRESETS, Preset, own
from pages.shared import cached, controls, numbers, show, tables, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.charts import curves, wiring
from pages.shared.charts import network as picture
from pages.shared.formulas.network import Notation, Writer
from pages.shared.text import _, sentence

LIMIT = 1000.0  # of any weight, input or target that a learner types
MAX_UPDATES = 10_000
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


@st.fragment
def section() -> None:
    st.markdown(f"#### {_('How does one update of a network come about, number by number?')}")
    left, right = st.columns([1, 2.6], gap="large")
    with left:
        try:
            setup = _controls()
        except InputError as error:
            st.error(sentence(error))
            return
    with right:
        place = st.container()
        n_updates = _updates(setup)
    progress = cached.after(setup.experiment, n_updates)
    explanation = cached.explained(setup.experiment, progress.n_updates)
    with place:
        _walk(setup, explanation)
    with right:
        _progress(progress, explanation, setup.digits)
    table = _parameter_table(setup, explanation)
    st.markdown(_notice())
    _challenge()
    script = export.network_script(setup.experiment, progress.n_updates)
    takeaway.takeaway("backprop_calculator", table, script)


# controls -----------------------------------------------------------------------------------------------------


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
        _("With the common mistake"),
        key="backprop_mistake",
        help=_("Update the output weights first, and then compute the hidden gradients with the new ones."),
    )
    with st.expander(_("Inputs, targets, weights")):
        X, Y = _data(base, scope)
        parameters = _parameters(preset, scope)
    sample = _sample(len(X), scope)
    with st.expander(_("More settings")):
        experiment = replace(
            _functions(base, scope),
            X=X,
            Y=Y,
            parameters=parameters,
            learning_rate=rate,
            update_order="output_first" if mistake else "together",
        )
        digits = controls.digits("backprop_digits")
        styles = {"xw": "x W", "wx": "W x"}
        style = controls.choice(st.segmented_control, _("Notation"), styles, key="backprop_notation", required=True)
    return Setup(preset, experiment, scope, sample, digits, Notation(style == "xw"))


def _sizes() -> tuple[int, ...]:
    """Inputs, hidden units and outputs of the learner's own network."""
    whole = partial(controls.number, low=1, high=4, step=1)
    depth = controls.number(_("Hidden layers"), key="backprop_depth", default=1, low=0, high=3, step=1)
    with st.container(horizontal=True):
        n_inputs = whole(_("Inputs"), key="backprop_inputs", default=2)
        hidden = [
            whole(_("Units of hidden layer {n}").format(n=n + 1), key=f"backprop_units{n + 1}", default=2)
            for n in range(depth)
        ]
        n_outputs = whole(_("Outputs"), key="backprop_outputs", default=1)
    return (n_inputs, *hidden, n_outputs)


def _data(base: Experiment, scope: str) -> tuple[tuple, tuple]:
    """Inputs and targets, a row a sample."""
    n_inputs, n_outputs = base.sizes[0], base.sizes[-1]
    columns = [f"x{i + 1}" for i in range(n_inputs)] + [f"y{k + 1}" for k in range(n_outputs)]
    default = np.hstack([base.X, base.Y])
    rows = tables.number_table(
        default, columns, key="backprop_data", scope=scope, low=-LIMIT, high=LIMIT, alt=_("Inputs x and targets y")
    )
    rows = rows.tolist()
    return tuple(tuple(row[:n_inputs]) for row in rows), tuple(tuple(row[n_inputs:]) for row in rows)


def _parameters(preset: Preset, scope: str) -> tuple[float, ...]:
    values = tables.number_table(
        np.reshape(preset.experiment.parameters, (-1, 1)),
        [_("Start")],
        key="backprop_start",
        scope=scope,
        low=-LIMIT,
        high=LIMIT,
        alt=_("Weights and biases at the start"),
        index=_names(preset),
    )
    return tuple(values.ravel().tolist())


def _names(preset: Preset) -> list[str]:
    """What each flat parameter is called: layer, from which unit to which, and the source's own name for it."""
    names = []
    for layer, (fan_in, fan_out) in enumerate(preset.experiment.architecture.fans, 1):
        names += [f"W{layer}: {i + 1} → {j + 1}" for i in range(fan_in) for j in range(fan_out)]
        names += [f"b{layer}: {j + 1}" for j in range(fan_out)]
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
    codes = {name: name for name in ACTIVATIONS}
    kinds = [
        controls.choice(
            st.selectbox,
            _("Activation of layer {n}").format(n=n + 1),
            codes,
            key=f"backprop_activation{n + 1}",
            default=kind.name,
            scope=scope,
        )
        for n, kind in enumerate(base.activations)
    ]
    titles = {
        "squared_error": _("Squared error (a − y)²"),
        "half_squared_error": _("Half squared error ½ (a − y)²"),
        "cross_entropy": _("Cross-entropy of probabilities"),
        "cross_entropy_with_logits": _("Cross-entropy of logits"),
    }
    titles = {code: titles[code] for code in LOSSES}
    code = controls.choice(st.selectbox, _("Loss"), titles, key="backprop_loss", default=base.loss.name, scope=scope)
    reductions = {"mean": _("mean"), "sum": _("sum")}
    reduction = controls.choice(
        st.segmented_control,
        _("Over all entries"),
        {name: reductions[name] for name in REDUCTIONS},
        key="backprop_reduction",
        default=base.loss.reduction,
        scope=scope,
        required=True,
    )
    epsilon = _epsilon(scope) if code == "cross_entropy" else {}
    biases = controls.toggle(_("Biases learn"), key="backprop_biases", default=base.learn_biases, scope=scope)
    return replace(
        base,
        activations=tuple(map(activation, kinds)),
        loss=loss(code, reduction, **epsilon),
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


# picture and numbers ------------------------------------------------------------------------------------------


def _walk(setup: Setup, explanation: Explanation) -> None:
    """The stepper, the picture, the formula of the step."""
    e = setup.experiment
    steps = walkthrough.steps(e.sizes, e.learn_biases)
    position = controls.stepper(_("Step"), len(steps), key="backprop_at_step", scope=f"{setup.scope} {len(steps)}")
    columns, rows = picture.size(e)
    show.scrolling(
        wiring.spec(rows),
        picture.data(e, explanation, steps[:position], setup.sample, partial(numbers.plain, digits=setup.digits)),
        alt=_("Network with layers of {sizes} units; its loss is {loss}").format(
            sizes=", ".join(map(str, e.sizes)), loss=numbers.plain(explanation.loss, setup.digits)
        ),
        key="backprop_network_picture",
        width=wiring.width(columns),
    )
    st.caption(
        _(
            "In :blue[**blue**]: inputs, activations, weights. In :orange[**orange**]: δ = ∂L/∂z and the gradients ∂L/∂W."
        )
    )
    if position == 0:
        st.markdown(_("**Start.** Inputs, weights and biases are given. Press “Next”."))
        return
    step = steps[position - 1]
    st.markdown(_kinds()[step.kind])
    number = partial(numbers.tex, digits=setup.digits)
    st.latex(Writer(e, explanation, setup.sample, number, setup.notation).write(step))


def _kinds() -> dict[str, str]:
    return {
        "pre_activation": _("**Forward.** The weighted sum of what comes in, plus the bias."),
        "activation": _("**Forward.** The activation function of the weighted sum."),
        "loss": _("**Loss.** One number for how wrong the outputs are."),
        "delta": _("**Backward.** δ: what arrives at the activation, times the slope of the activation function."),
        "weight_gradient": _("**Backward.** A weight's gradient: what went in, times the δ of where it leads."),
        "bias_gradient": _("**Backward.** A bias's gradient: its input is 1, so it is the δ itself."),
        "update": _("**Update.** A step against the gradient."),
        "bias_update": _("**Update.** A step against the gradient."),
    }


def _updates(setup: Setup) -> int:
    """How many updates have been made, and the buttons that make and undo them."""
    key, scope = "backprop_updates", setup.scope
    with st.container(border=True):
        count = controls.number(
            _("Updates made so far"), key=key, default=0, low=0, high=MAX_UPDATES, step=1, scope=scope
        )
        with st.container(horizontal=True, gap="xsmall"):
            for label, by in (
                (_("Apply the update"), 1),
                ("+10", 10),
                ("+100", 100),
                ("+1,000", 1000),
                (_("Undo one"), -1),
            ):
                target = min(max(count + by, 0), MAX_UPDATES)
                st.button(
                    label,
                    key=f"{key}.{by}",
                    type="primary" if by == 1 else "secondary",
                    disabled=target == count,
                    on_click=controls.put,
                    args=(key, target, scope),
                )
            st.button(
                _("Back to the start"), key=f"{key}.0", disabled=count == 0, on_click=controls.put, args=(key, 0, scope)
            )
    return count


def _progress(progress: cached.Progress, explanation: Explanation, digits: int) -> None:
    if progress.diverged_at >= 0:
        st.warning(
            _(
                "Training diverged: after update {n} the loss is no longer a finite number. Shown is the last finite "
                "state. Try a smaller learning rate."
            ).format(n=progress.diverged_at)
        )
    before, after = st.columns(2)
    before.metric(_("Loss now"), numbers.plain(explanation.loss, max(digits, 6)))
    after.metric(_("Loss after the next update"), numbers.plain(explanation.new_loss, max(digits, 6)))
    if progress.n_updates:
        show.chart(
            curves.spec(_("updates"), _("loss")),
            curves.data(progress.losses),
            alt=_("Loss over {n} updates, from {first} to {last}").format(
                n=progress.n_updates,
                first=numbers.plain(progress.losses[0], digits),
                last=numbers.plain(progress.losses[-1], digits),
            ),
            key="backprop_loss_curve",
        )


def _parameter_table(setup: Setup, explanation: Explanation) -> pd.DataFrame:
    """All parameters: value, both gradients, their relative error, new value; returned at full precision."""
    table = pd.DataFrame(
        {
            _("Parameter"): _names(setup.preset),
            _("Value"): explanation.parameters,
            _("Gradient"): explanation.gradient,
            _("Numerical gradient"): explanation.numerical,
            _("Relative error"): explanation.relative_error,
            _("New value"): explanation.new_parameters,
        }
    )
    shown = table.copy()
    for column in table.columns[1:]:
        digits = 2 if column == _("Relative error") else setup.digits
        shown[column] = [numbers.plain(value, digits) for value in table[column]]
    with st.container(height=460 if len(table) > 12 else "content", border=False):
        st.table(shown, hide_index=True, border="horizontal", alt=_("Parameters, gradients and new values"))
    if setup.experiment.update_order == "output_first":
        st.warning(
            _(
                "With the mistake, the gradients of the hidden weights come from output weights that were already "
                "updated. The numerical gradient does not agree: look at the relative error."
            )
        )
    return table


def _notice() -> str:
    return _(
        "**What to notice.** Forward, every unit keeps its z and a. Backward, each δ is made from the δs to its right and "
        "the same weights, so all gradients cost about as much as two forward passes, however many weights there are. "
        "First all gradients, then all updates: a weight that changes too early gives the layers below a wrong gradient."
    )


def _challenge() -> None:
    """The note's chain with another learning rate."""
    chain = replace(PRESETS["chain"].experiment, learning_rate=2.0)
    explanation = cached.explained(chain, 0)
    answer = float(chain.architecture.weights(explanation.new_parameters)[1][0, 0])
    challenge(
        "backprop_calculator_challenge",
        _("In the chain of note 002, the learning rate is 2 instead of 1. What is w2 after one update? (3 digits)"),
        answer=answer,
        tolerance=close(answer, 3),
        hint=_("The gradient of w2 is on screen. The update subtracts learning rate × gradient."),
        explanation=_("0.5 − 2 · (−0.1226) = 0.7453: twice the learning rate is twice the step."),
    )
