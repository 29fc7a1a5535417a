"""Note 004's two batches: they share four samples and differ in the fifth, in training mode and in evaluation mode."""

import pandas as pd
import streamlit as st

from engine.export_batch_norm import pair_script
from engine.normalized_batch import BatchPair, small_cost
from pages.sections.regularization.batch_setup import N_SAMPLES, Setup
from pages.shared import budget, cached_batch_norm, numbers, screen, show
from pages.shared.charts import number_lines
from pages.shared.charts.number_lines import Line, one_stands_out
from pages.shared.formulas import batch_norm as formulas
from pages.shared.formulas.lines import aligned
from pages.shared.text import _

NAMES = [str(index + 1) for index in range(N_SAMPLES)]
NAMES_B = [*NAMES[:-1], "5′"]
FOLLOWED = 3  # the shared sample whose outputs stand in the formulas


def draw(chosen: Setup, left, right) -> tuple[pd.DataFrame, str]:
    """The whole view; returns its table at full precision, and its script."""
    arguments = chosen.a, chosen.b, chosen.scaling
    job = budget.Job(_("Two batches"), cached_batch_norm.compared, arguments, small_cost(4))
    with left:
        (pair,) = budget.run([job], left, key="regularization_batch_run_two")
    with right:
        _picture(pair)
    _formulas(chosen, pair)
    return _table(pair), pair_script(*arguments)


def _picture(pair: BatchPair) -> None:
    a, b = pair.trained
    stored_a, stored_b = pair.evaluated
    roles = one_stands_out(N_SAMPLES, N_SAMPLES - 1)
    both = [*a.x, b.x[-1]]
    lines = [
        Line("x", both, [*NAMES, NAMES_B[-1]], roles=[*roles, roles[-1]], scale="x"),
        Line(_("Training: y in batch A"), a.y, NAMES, roles=roles, scale="y", joined=False),
        Line(_("Training: y in batch B"), b.y, NAMES_B, roles=roles, scale="y"),
        Line(_("Evaluation: y in batch A"), stored_a.y, NAMES, roles=roles, scale="y", joined=False),
        Line(_("Evaluation: y in batch B"), stored_b.y, NAMES_B, roles=roles, scale="y"),
    ]
    show.chart(
        number_lines.spec(len(lines)),
        number_lines.data(lines, numbers.plain),
        alt=_(
            "Five number lines: x of both batches, then y in batch A and in batch B, first in training mode, then in "
            "evaluation mode. The same samples are joined. The numbers are in the table."
        ),
        key="regularization_batch_lines_two",
    )
    screen.aside(
        _(
            "Batch A: samples 1 to 5. Batch B: samples 1 to 4 and 5′. Evaluation takes stored statistics, here mean "
            "{mean} and variance {var}: those of batch A (the unbiased variance), as if training had met nothing else."
        ).format(mean=numbers.plain(pair.mean), var=numbers.plain(pair.var))
    )


def _formulas(chosen: Setup, pair: BatchPair) -> None:
    """One shared sample, four times."""
    st.markdown(_("**Sample {n} in both batches.** First by its batch, then by what is stored:").format(n=FOLLOWED + 1))
    columns = st.columns(2, gap="large")
    titles = _("Training mode"), _("Evaluation mode")
    symbols = (
        r"y &= \gamma\, \frac{x - \mu_B}{\sqrt{\sigma^2_B + \varepsilon}} + \beta",
        r"y &= \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta",
    )
    for column, title, symbol, batches in zip(columns, titles, symbols, (pair.trained, pair.evaluated), strict=True):
        lines = [symbol]
        for letter, batch in zip("AB", batches, strict=True):
            lines += formulas.output(batch, chosen.scaling, FOLLOWED, rf"y_\text{{{letter}}}", numbers.tex)
        column.markdown(f"**{title}**")
        column.latex(aligned(*lines))


def _table(pair: BatchPair) -> pd.DataFrame:
    (a, b), (stored_a, stored_b) = pair.trained, pair.evaluated
    table = pd.DataFrame(
        {
            _("Sample"): NAMES_B,
            _("x in A"): a.x,
            _("x in B"): b.x,
            _("Training, A"): a.y,
            _("Training, B"): b.y,
            _("Evaluation, A"): stored_a.y,
            _("Evaluation, B"): stored_b.y,
        }
    )
    table.iloc[-1, 0] = "5, 5′"
    st.markdown(_("**The outputs y**"))
    screen.table(table.drop(columns=[_("x in A"), _("x in B")]), alt=_("Both batches in both modes"))
    st.markdown(
        _("Batch A: mean {mean_a}, variance {var_a}. Batch B: mean {mean_b}, variance {var_b}.").format(
            mean_a=numbers.plain(a.mean),
            var_a=numbers.plain(a.var),
            mean_b=numbers.plain(b.mean),
            var_b=numbers.plain(b.var),
        )
    )
    return table
