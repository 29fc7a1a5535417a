"""Section 2: one update of a network, every number of it, worked as by hand."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from engine import export, walkthrough
from engine.experiment import Explanation
from pages.sections.backprop import calculator_setup
from pages.sections.backprop.calculator_setup import Setup
from pages.sections.backprop.presets import PRESETS
from pages.shared import cached, controls, numbers, screen, show, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.charts import curves, wiring
from pages.shared.charts import network as picture
from pages.shared.formulas.network import Writer
from pages.shared.text import _

MAX_UPDATES = 10_000


@controls.section
def section() -> None:
    screen.question(_("How does one update of a network come about, number by number?"))
    left, right = screen.columns()
    with left:
        setup = calculator_setup.setup()
    if setup:
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
    _notice()
    _challenge()
    if setup:
        script = export.network_script(setup.experiment, progress.n_updates)
        takeaway.takeaway("backprop_calculator", table, script)


def _walk(setup: Setup, explanation: Explanation) -> None:
    """The stepper, the picture, the formula of the step."""
    e = setup.experiment
    steps = walkthrough.steps(e.sizes, e.learn_biases)
    position = controls.stepper(_("Step"), len(steps), key="backprop_at_step", scope=f"{setup.scope} {len(steps)}")
    show.scrolling(
        wiring.spec(max(e.sizes)),
        picture.data(e, explanation, steps[:position], setup.sample, partial(numbers.plain, digits=setup.digits)),
        alt=_("Network with layers of {sizes} units; its loss is {loss}").format(
            sizes=", ".join(map(str, e.sizes)), loss=numbers.plain(explanation.loss, setup.digits)
        ),
        key="backprop_network_picture",
        width=picture.width(e),
    )
    st.markdown(
        _(
            "In :blue[**blue**]: inputs, activations, weights. "
            "In :orange[**orange**]: δ (delta) = ∂L/∂z and the gradients ∂L/∂W."
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
        "activation": _("**Forward.** The activation function of z."),
        "loss": _("**Loss.** One number for how wrong the outputs are."),
        "delta": _("**Backward.** δ: what arrives at the activation, times the slope of the activation function."),
        "weight_gradient": _(
            "**Backward.** A weight's gradient: what went in, times the δ of where it leads, summed over the batch."
        ),
        "bias_gradient": _("**Backward.** A bias's gradient: its input is 1, so it is the δ, summed over the batch."),
        "update": _("**Update.** A step against the gradient."),
        "bias_update": _("**Update.** A step against the gradient."),
    }


def _updates(setup: Setup) -> int:
    """How many updates have been made, and the buttons that make and undo them."""
    key, scope = "backprop_updates", setup.scope
    with screen.controls("updates", border=True):
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
                "Training diverged: after update {n} the loss is no longer a finite number. The last finite state is "
                "shown. Try a smaller learning rate."
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
            _("Parameter"): calculator_setup.parameter_names(setup.preset),
            _("Value"): explanation.parameters,
            _("Gradient"): explanation.gradient,
            _("Numerical gradient"): explanation.numerical,
            _("Relative error"): explanation.relative_error,
            _("New value"): explanation.new_parameters,
        }
    )
    shown = table
    if not setup.experiment.learn_biases:
        fixed = setup.experiment.architecture.bias_mask().astype(bool)
        shown = table.astype({_("New value"): object})
        shown.loc[fixed, _("New value")] = _("fixed")
    screen.table(
        shown, alt=_("Parameters, gradients and new values"), digits=setup.digits, own={_("Relative error"): 2}
    )
    if setup.experiment.update_order == "output_first":
        st.warning(
            _(
                "With the mistake, the gradients of the hidden weights come from output weights that were already "
                "updated (marked with a star in the formulas). The numerical gradient does not agree: look at the "
                "relative error. Where the loss happens to fall faster, that is luck, not the gradient."
            )
        )
    return table


def _notice() -> None:
    screen.notice(
        _(
            "Forward, every unit keeps its z and a. Backward, each δ is made from the δs to its right and the weights "
            "of the forward pass, so all gradients cost about as much as two forward passes, however many weights "
            "there are. First all gradients, then all updates: a weight that changes too early gives the layers to "
            "its left a wrong gradient."
        )
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
        hint=_(
            "Choose the chain above, with no update made: the gradient of w2 is in the table. "
            "Then subtract learning rate × gradient."
        ),
        explanation=_("0.5 − 2 · (−0.12264) ≈ 0.7453: twice the learning rate is twice the step."),
    )
