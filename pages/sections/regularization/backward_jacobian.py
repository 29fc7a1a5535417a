"""Why the samples of a batch depend on each other: the Jacobian, one input that moves, larger weights before."""

import pandas as pd
import streamlit as st

from engine.batch_norm_gradient import BackwardSteps
from engine.export_batch_norm import moved_script
from pages.sections.regularization.backward_setup import N_SAMPLES, NAMES, Setup, factor
from pages.shared import cached_batch_norm, numbers, screen, show
from pages.shared.charts import heat, number_lines
from pages.shared.charts.number_lines import Line, one_stands_out
from pages.shared.formulas import batch_norm_backward as formulas
from pages.shared.text import _

SIDE = 215


def draw(chosen: Setup, steps: BackwardSteps, right) -> tuple[pd.DataFrame, str]:
    """The whole view; returns its table at full precision, and its script."""
    with right:
        _heats(steps)
        _lines(chosen)
        table = _table(chosen)
    _formulas(chosen, steps)
    return table, moved_script(chosen.config, chosen.sample, chosen.delta)


def _heats(steps: BackwardSteps) -> None:
    """The Jacobian in both modes."""
    rows, columns = ([f"{letter}{'₁₂₃₄₅'[index]}" for index in range(N_SAMPLES)] for letter in "yx")
    training, evaluation = st.columns(2, gap="small")
    for column, title, matrix, key in (
        (training, _("**Training mode:** every output follows every input"), steps.jacobian, "training"),
        (
            evaluation,
            _("**Evaluation mode:** every output follows its own"),
            steps.frozen_jacobian,
            "evaluation",
        ),
    ):
        with column:
            st.markdown(title)
            show.chart(
                heat.spec(N_SAMPLES, N_SAMPLES, value_title="∂y / ∂x", side=SIDE),
                heat.data(
                    matrix,
                    rows,
                    columns,
                    lambda value: numbers.plain(value, 3),
                    limit=abs(steps.slope) or 1.0,
                    detail="∂{} / ∂{} = {}".format,
                ),
                alt=_("The Jacobian as a heat map with the numbers in its cells"),
                key=f"regularization_backward_jacobian_{key}",
                width="content",
            )
    along = max(map(abs, steps.jacobian_along_x_hat))
    said = _(
        "In evaluation mode the same mean and variance are stored constants. In training each row and each column "
        "sums to 0 (largest: {row}): a common shift is lost. Along x̂ a row gives {along} at most: of a common stretch "
        "ε / (σ² + ε) = {kept} gets through."
    ).format(
        row=numbers.plain(steps.largest_row_sum, 2),
        along=numbers.plain(along, 2),
        kept=numbers.plain(steps.stretch_kept, 2),
    )
    st.markdown(f"{said} {_rank(steps)}")


def _rank(steps: BackwardSteps) -> str:
    """What of the five directions is lost, in this batch."""
    if not steps.gamma:
        return _("With γ = 0 all outputs are β: J is 0.")
    if not steps.var:
        return _("All x are equal, so there is no x̂ to stretch along: the rank of J is n − 1.")
    return _("For ε > 0 the rank of J is n − 1; in the limit ε → 0 the stretch is lost as well, and it is n − 2.")


def _lines(chosen: Setup) -> None:
    """One input moved: every output moves."""
    found = cached_batch_norm.moved(chosen.config, chosen.sample, chosen.delta)
    roles = one_stands_out(N_SAMPLES, chosen.sample)
    lines = [
        Line(_("y before"), found.before, NAMES, roles=roles, scale="y"),
        Line(_("y after one input has moved"), found.after, NAMES, roles=roles, scale="y"),
    ]
    show.chart(
        number_lines.spec(len(lines)),
        number_lines.data(lines, lambda value: numbers.plain(value, chosen.digits)),
        alt=_("Two number lines, the outputs before and after one input has moved; each sample is joined."),
        key="regularization_backward_lines",
    )


def _table(chosen: Setup) -> pd.DataFrame:
    """What the move did to the outputs, and what the Jacobian's column said of it."""
    found = cached_batch_norm.moved(chosen.config, chosen.sample, chosen.delta)
    table = pd.DataFrame(
        {
            _("Sample"): NAMES,
            _("y before"): found.before,
            _("y after"): found.after,
            _("change"): found.change,
            _("by the Jacobian"): found.predicted,
        }
    )
    screen.table(table, alt=_("Outputs before and after the move"), digits=chosen.digits)
    screen.aside(
        _(
            "By the Jacobian: the column of the input that moves, times the move. That is right for small moves; "
            "for large ones the outputs bend."
        )
    )
    return table


def _formulas(chosen: Setup, steps: BackwardSteps) -> None:
    """Two entries of the Jacobian; weights c times as large, the same outputs, the gradient divided by c."""

    def tex(value: float) -> str:
        return numbers.tex(value, chosen.digits)

    entries, larger = st.columns(2, gap="large")
    with entries:
        st.markdown(f"### {_('Two entries of the Jacobian')}")
        st.latex(formulas.entries(steps, chosen.sample, tex))
        screen.aside(_("$\\delta_{ij}$ is 1 where i = j, and 0 elsewhere; r = √(σ² + ε)."))
    with larger:
        st.markdown(f"### {_('Larger weights before, a smaller gradient')}")
        c = factor()
        scaled = cached_batch_norm.backward(chosen.config.scaled(c))
        st.latex(formulas.larger(steps, scaled, c, tex))
        screen.aside(
            _(
                "The outputs do not care how large the weights before the normalization are (ε aside), so their "
                "gradient shrinks as they grow. Large weights are slow to turn; weight decay, which keeps them small, "
                "keeps them learning."
            )
        )
