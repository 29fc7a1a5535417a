"""Input standardization, the little sister: once, by the figures of the training set, for the test set as well."""

import pandas as pd
import streamlit as st

from engine.export_batch_norm import inputs_script
from engine.normalized_batch import StandardizedSets, small_cost
from pages.sections.regularization.batch_setup import N_SAMPLES, Setup
from pages.shared import budget, cached_batch_norm, numbers, screen, show
from pages.shared.charts import number_lines
from pages.shared.charts.number_lines import Line
from pages.shared.charts.theme import HIGHLIGHT
from pages.shared.formulas import batch_norm as formulas
from pages.shared.text import _

NAMES = [str(index + 1) for index in range(N_SAMPLES)]


def draw(chosen: Setup, left, right) -> tuple[pd.DataFrame, str]:
    """The whole view; returns its table at full precision, and its script."""
    arguments = chosen.a, chosen.shift
    job = budget.Job(_("Standardized inputs"), cached_batch_norm.standardized, arguments, small_cost(1))
    with left:
        (sets,) = budget.run([job], left, key="regularization_batch_run_inputs")
    with right:
        _picture(sets)
    words, formula = st.columns(2, gap="large")
    with formula:
        st.markdown(_("**Right:** the first test sample by the training set’s figures."))
        st.latex(formulas.inputs(sets.fitted, sets.test, sets.by_training, "train", numbers.tex))
        st.markdown(_("**Wrong:** the same sample by the test set’s own figures."))
        st.latex(formulas.inputs(sets.own, sets.test, sets.by_itself, "test", numbers.tex))
    with words:
        _differences(sets)
    return _table(sets), inputs_script(*arguments)


def _picture(sets: StandardizedSets) -> None:
    test = [f"{name}′" for name in NAMES]
    roles = [HIGHLIGHT] * N_SAMPLES
    lines = [
        Line(_("Training set, x"), sets.train, NAMES, scale="x"),
        Line(_("Test set, x"), sets.test, test, roles=roles, scale="x", joined=False),
        Line(_("Training set, standardized"), sets.standardized, NAMES, scale="y", joined=False),
        Line(_("Test set by the training set’s figures (right)"), sets.by_training, test, roles=roles, scale="y"),
        Line(_("Test set by its own figures (wrong)"), sets.by_itself, test, roles=roles, scale="y"),
    ]
    show.chart(
        number_lines.spec(len(lines)),
        number_lines.data(lines, numbers.plain),
        alt=_(
            "Five number lines: training and test set as they come, the training set standardized, the test set by "
            "the training set’s figures, and by its own."
        ),
        key="regularization_batch_lines_inputs",
    )


def _differences(sets: StandardizedSets) -> None:
    st.markdown(
        _(
            "By its own figures the shifted test set looks **exactly like the training set**: the network would answer "
            "as if nothing had changed. By the training set’s figures the shift is there, {shift} standard deviations."
        ).format(shift=numbers.plain(sets.shift))
    )
    st.markdown(
        _(
            "| | batch normalization | standardization |\n|---|---|---|\n"
            "| where | inside the network | before it |\n"
            "| statistics | of each mini-batch | of the whole training set, once |\n"
            "| γ, β | learned | none |\n"
            "| later | stored statistics | the same figures |"
        )
    )
    screen.aside(_("A constant feature has no standard deviation to divide by: it becomes 0 (and there is no ε here)."))


def _table(sets: StandardizedSets) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            _("Sample"): NAMES,
            _("x in training"): sets.train,
            _("standardized"): sets.standardized,
            _("x in the test"): sets.test,
            _("by training’s figures"): sets.by_training,
            _("by its own"): sets.by_itself,
        }
    )
    screen.table(table, alt=_("Training and test set, standardized"))
    return table
