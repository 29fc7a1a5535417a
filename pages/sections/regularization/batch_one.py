"""One batch, from x to y: number lines, every number in a formula, and what breaks when there is too little of it."""

import pandas as pd
import streamlit as st

from engine.export_batch_norm import one_script
from engine.normalized_batch import NormalizedBatch, Scaling, small_cost
from pages.sections.regularization.batch_setup import Setup
from pages.shared import budget, cached_batch_norm, controls, numbers, screen, show
from pages.shared.charts import number_lines
from pages.shared.charts.number_lines import Line
from pages.shared.formulas import batch_norm as formulas
from pages.shared.text import _


def draw(chosen: Setup, left, right) -> tuple[pd.DataFrame, str]:
    """The whole view; returns its table at full precision, and its script."""
    shelf, scaling = cached_batch_norm.normalized, chosen.scaling
    jobs = [
        budget.Job(_("One batch"), shelf, (chosen.batch, scaling, chosen.bias), small_cost(1)),
        budget.Job(_("The other feature"), shelf, (chosen.other[: chosen.n], Scaling()), small_cost(1)),
    ]
    with left:
        batch, other = budget.run(jobs, left, key="regularization_batch_run")
    with chosen.slot:
        _identity(chosen, batch)
    with right:
        _warn(chosen, batch)
        _picture(chosen, batch)
        table = _table(chosen, batch)
    _formulas(chosen, batch)
    _about_the_other(chosen, other)
    return table, one_script(chosen.batch, scaling, chosen.bias)


def _identity(chosen: Setup, batch: NormalizedBatch) -> None:
    """The button that undoes the normalization."""
    st.button(
        _("γ and β that give x back"),
        key="regularization_batch_identity",
        icon=":material/undo:",
        on_click=_undo,
        args=(chosen.scope, batch.root, batch.mean),
        help=_("γ = √(σ² + ε) and β = μ of this batch: then y = x."),
    )


def _undo(scope: str, root: float, mean: float) -> None:
    controls.put("regularization_batch_gamma", root, scope)
    controls.put("regularization_batch_beta", mean, scope)


# the picture --------------------------------------------------------------------------------------------------


def _picture(chosen: Setup, batch: NormalizedBatch) -> None:
    names = [str(index + 1) for index in range(len(batch.x))]
    own = (lambda name: "") if chosen.one_scale else (lambda name: name)
    lines = [
        Line(_("x: as it comes"), batch.x, names, batch.mean, batch.std, mark="μ", scale=own("x")),
        Line(_("x − μ: centred"), batch.centered, names, 0.0, batch.std, scale=own("c")),
        Line(_("x̂: divided by √(σ² + ε)"), batch.x_hat, names, 0.0, batch.spread[0], scale=own("h")),
        Line("y = γ x̂ + β", batch.y, names, chosen.scaling.beta, batch.spread[1], mark="β", scale=own("y")),
    ]
    show.chart(
        number_lines.spec(len(lines)),
        number_lines.data(lines, lambda value: numbers.plain(value, chosen.digits)),
        # Constant while γ or β is dragged: Streamlit draws a picture anew where its alternative text changes.
        alt=_(
            "Four number lines under each other with the samples of the batch as numbered points: x, centred, "
            "normalized, scaled and shifted; the same samples are joined. The numbers are in the table."
        ),
        key="regularization_batch_lines",
    )
    scale = _("All lines have the same scale.") if chosen.one_scale else _("Each line has a scale of its own.")
    screen.aside(
        _(
            "The grey band reaches one standard deviation to both sides of the mean (thick stroke). Points above each "
            "other have (almost) the same value."
        )
        + " "
        + scale
    )


def _warn(chosen: Setup, batch: NormalizedBatch) -> None:
    """What breaks in this batch."""
    if batch.refused:
        st.warning(
            _(
                "**One sample has no variance.** x is its own mean, so x̂ = 0 and y = β, whatever x is: the layer has "
                "forgotten its input, and no gradient gets back. The unbiased variance would be divided by 0. PyTorch "
                "refuses to train on it (`Expected more than 1 value per channel when training`), and so does this "
                "engine; the formula’s numbers are shown here all the same. In evaluation mode one sample is fine."
            ),
            icon="⚠️",
        )
    elif batch.var == 0:
        st.warning(
            _(
                "**The feature is constant in this batch.** The variance is 0, and without ε each x̂ would be 0 / 0. "
                "With ε it is 0 / √ε = 0, so y = β."
            ),
            icon="⚠️",
        )
    elif len(batch.x) == 2:
        st.warning(
            _(
                "**Two samples become +1 and −1**, whatever their values are (ε aside): only their order is left. "
                "Here: {values}."
            ).format(values=_list(chosen, batch.x_hat)),
            icon="⚠️",
        )
    elif batch.var < 10 * chosen.scaling.epsilon:
        st.warning(
            _(
                "**ε is not small beside σ² = {var} here.** It holds the values down: without it x̂ would be "
                "{values}. So differences that may be nothing but noise are not blown up to size 1."
            ).format(
                var=numbers.plain(batch.var, chosen.digits),
                values=_list(chosen, batch.without_epsilon),
            ),
            icon="⚠️",
        )


def _list(chosen: Setup, values) -> str:
    return ", ".join(numbers.plain(float(value), chosen.digits) for value in values)


# the numbers --------------------------------------------------------------------------------------------------


def _formulas(chosen: Setup, batch: NormalizedBatch) -> None:
    def tex(value: float) -> str:
        return numbers.tex(value, chosen.digits)

    first, second = st.columns(2, gap="large")
    with first:
        st.latex(formulas.mean(batch, tex))
        st.latex(formulas.variance(batch, tex))
        screen.aside(
            _(
                "Two variances: $\\sigma^2_B$, divided by n (biased), normalizes the batch; $s^2_B$, divided by n − 1 "
                "(unbiased), is what PyTorch stores for evaluation mode, and this engine too."
            )
        )
        if chosen.bias:
            st.latex(formulas.without_bias(batch, chosen.bias, tex))
    with second:
        st.latex(formulas.normalized(batch, chosen.scaling, tex))
        st.latex(formulas.scaled(batch, chosen.scaling, tex))


def _about_the_other(chosen: Setup, other: NormalizedBatch) -> None:
    screen.aside(
        _(
            "Each feature is normalized by itself, on its own scale: here x{one}. The other, x{two}, has the mean "
            "{mean} and the variance {var}, and its own γ and β."
        ).format(
            one="₁₂"[chosen.feature - 1],
            two="₁₂"[2 - chosen.feature],
            mean=numbers.plain(other.mean, chosen.digits),
            var=numbers.plain(other.var, chosen.digits),
        )
    )


def _table(chosen: Setup, batch: NormalizedBatch) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            _("Sample"): [str(index + 1) for index in range(len(batch.x))],
            "x": batch.x,
            "x − μ": batch.centered,
            "(x − μ)²": batch.squared,
            "x̂": batch.x_hat,
            "y": batch.y,
        }
    )
    screen.table(table, alt=_("The batch step by step"), digits=chosen.digits)
    return table
