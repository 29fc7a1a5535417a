"""The gradient step by step: its three parts in a picture, every step in a formula, the check beside it."""

import pandas as pd
import streamlit as st

from engine.batch_norm_gradient import BackwardSteps
from engine.export_batch_norm import backward_script
from pages.sections.regularization.backward_setup import NAMES, Setup
from pages.shared import numbers, screen, show
from pages.shared.charts import gradient_parts
from pages.shared.formulas import batch_norm_backward as formulas
from pages.shared.text import _

ERROR_DIGITS = 2


def draw(chosen: Setup, steps: BackwardSteps, right) -> tuple[pd.DataFrame, str]:
    """The whole view; returns its table at full precision, and its script."""
    with right:
        _picture(steps)
        _verdict(steps)
    _formulas(chosen, steps)
    return _table(chosen, steps), backward_script(chosen.config)


def _picture(steps: BackwardSteps) -> None:
    """The three parts of each gradient, their sum, and the check."""
    parts = {
        _("direct (naive)"): steps.direct,
        _("through σ²"): steps.through_var,
        _("through μ"): steps.through_mean,
        _("sum: dx"): steps.dx,
        _("numerical"): steps.numeric,
    }
    show.chart(
        gradient_parts.spec(tuple(parts), _("sample"), _("gradient")),
        gradient_parts.data(parts, NAMES),
        # Constant while γ or h is dragged: Streamlit draws a picture anew where its alternative text changes.
        alt=_(
            "For each of five samples three bars, the parts of its gradient, and their sum with the numerical gradient "
            "as a diamond on it. The numbers are in the table."
        ),
        key="regularization_backward_parts",
    )


def _verdict(steps: BackwardSteps) -> None:
    """What the check says of the full and of the naive gradient."""
    full, naive = (numbers.plain(steps.error(gradient), ERROR_DIGITS) for gradient in (steps.dx, steps.naive))
    with st.container(horizontal=True):
        st.badge(_("dx against the check: {error}").format(error=full), color="green")
        st.badge(_("naive against the check: {error}").format(error=naive), color="orange")
    screen.aside(
        _(
            "Largest distance to the central differences, relative to the largest part. The naive gradient dx̂ / r "
            "forgets that μ and σ² depend on x. With a large h the differences are inaccurate, with a very small one "
            "the digits run out; numbers around 1e−16 are rounding."
        )
    )


# the numbers --------------------------------------------------------------------------------------------------


def _formulas(chosen: Setup, steps: BackwardSteps) -> None:
    def tex(value: float) -> str:
        return numbers.tex(value, chosen.digits)

    first, second = st.columns(2, gap="large")
    with first:
        st.markdown(_("**1. Scale and shift**"))
        st.latex(formulas.parameters(steps, tex))
        st.markdown(_("**2. Normalized values**"))
        st.latex(formulas.normalized(steps, tex))
        st.markdown(_("**3. Variance and mean**"))
        st.latex(formulas.statistics(steps, tex))
        screen.aside(
            _("dμ has a second part, −2 dσ² Σ(xᵢ − μ) / n; it is 0, since the distances to the mean sum to 0.")
        )
    with second:
        st.markdown(_("**4. Inputs: three parts**"))
        st.latex(formulas.inputs(steps, tex))
        st.markdown(_("**The same in one line**"))
        st.latex(formulas.in_one_line(steps, tex))
        st.markdown(_("**The check**"))
        st.latex(formulas.check(steps, chosen.config.h, tex))


def _table(chosen: Setup, steps: BackwardSteps) -> pd.DataFrame:
    """Both gradients beside the check; returned at full precision, with x and dy, which stand in the controls."""
    table = pd.DataFrame(
        {
            _("Sample"): NAMES,
            "x": steps.x,
            "dy": steps.dy,
            _("direct (naive)"): steps.direct,
            _("through σ²"): steps.through_var,
            _("through μ"): steps.through_mean,
            "dx": steps.dx,
            _("numerical"): steps.numeric,
        }
    )
    shown = table.drop(columns=["x", "dy"])
    screen.table(shown, alt=_("The gradient of each sample"), digits=chosen.digits)
    st.markdown(
        _(
            "Σ dx = **{total}**: the same added to all x changes nothing, so the bias of the layer before has the "
            "gradient 0. Σ dx x̂ = **{along}**: drawing all x apart changes nothing either, as far as σ² is large "
            "against ε (here σ² = {var}, ε = {epsilon})."
        ).format(
            total=numbers.plain(steps.total, ERROR_DIGITS),
            along=numbers.plain(steps.along_x_hat, ERROR_DIGITS),
            var=numbers.plain(steps.var, ERROR_DIGITS),
            epsilon=numbers.plain(chosen.config.epsilon, ERROR_DIGITS),
        )
    )
    return table
