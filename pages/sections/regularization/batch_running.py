"""What is stored: running statistics, batch by batch, and the outputs they give in evaluation mode."""

import pandas as pd
import streamlit as st

from engine.export_batch_norm import running_script
from engine.stored_statistics import RunningStatistics, running_cost
from pages.sections.regularization.batch_setup import DRAWN, N_BATCHES, Setup
from pages.shared import budget, cached_batch_norm, controls, numbers, screen, show
from pages.shared.charts import series
from pages.shared.formulas import batch_norm as formulas
from pages.shared.text import _

START = 3  # batches that have been met when the view opens
HEIGHT = 190


def draw(chosen: Setup, left, right) -> tuple[pd.DataFrame, str]:
    """The whole view; returns its table at full precision, and its script."""
    job = budget.Job(
        _("What is stored"),
        cached_batch_norm.running,
        (chosen.batches, chosen.momentum),
        running_cost(chosen.batches),
    )
    with left:
        (run,) = budget.run([job], left, key="regularization_batch_run_stored")
    with right:
        k = controls.stepper(
            _("Batches so far, k"), N_BATCHES, key="regularization_batch_k", scope=chosen.source, start=START
        )
        _pictures(chosen, run, k)
    _formulas(chosen, run, k)
    return _outputs(chosen, run, k), running_script(chosen.batches, chosen.momentum, k)


def _pictures(chosen: Setup, run: RunningStatistics, k: int) -> None:
    batch, stored, biased = _("of the batch"), _("stored"), _("stored, if biased")
    truth = _("true value")
    at = range(N_BATCHES + 1)
    known = chosen.source == DRAWN
    for title, curves, value, key in (
        (
            _("mean"),
            {batch: run.from_one(run.batch_mean), stored: run.mean},
            chosen.drawn.mean if known else None,
            "mean",
        ),
        (
            _("variance"),
            {batch: run.from_one(run.batch_unbiased), stored: run.var, biased: run.biased},
            chosen.drawn.var if known else None,
            "var",
        ),
    ):
        shown = curves | ({truth: run.level(value)} if known else {})
        show.chart(
            series.spec(
                tuple(shown),
                _("batches so far"),
                title,
                height=HEIGHT,
                marker=True,
                order=(batch, stored, truth, biased),
            ),
            series.data(at, shown, at=k),
            alt=_("{what} over the batches: of each batch, and stored").format(what=title),
            key=f"regularization_batch_stored_{key}",
        )
    screen.aside(_about_the_variance(known))


def _about_the_variance(drawn: bool) -> str:
    """Why the unbiased one is stored; the reason holds for samples that are drawn independently."""
    words = [_("Each batch’s variance is drawn as it is stored, divided by n − 1, as PyTorch does.")]
    words.append(
        _("Divided by n the variance of independent draws is too small on average, by the factor (n − 1) / n.")
    )
    if not drawn:
        words.append(_("A and B in turn are not drawn at random: here this is no more than a convention."))
    return " ".join(words)


def _formulas(chosen: Setup, run: RunningStatistics, k: int) -> None:
    first, second = st.columns(2, gap="large")
    with first:
        if k == 0:
            st.markdown(_("**Start.** Stored are mean 0 and variance 1. Press “Next”."))
        else:
            st.markdown(_("**Batch {k}** with m = {m}:").format(k=k, m=numbers.plain(chosen.momentum)))
            st.latex(formulas.stored(run, k, chosen.momentum, numbers.tex))
    with second:
        st.markdown(
            _(
                "**Three conventions.** PyTorch: m = 0.1 is the weight of the new batch. Keras: `momentum=0.99` is the "
                "weight of the old value, m = 0.01 here. The paper, and note 004: the plain average over many batches "
                "when training is over. “Momentum” has nothing to do with the optimizer’s."
            )
        )
        st.markdown(
            _("What is left of the start (0 and 1): (1 − m)ᵏ = **{share}**.").format(
                share=numbers.plain(run.share_of_start(k, chosen.momentum))
            )
        )


def _outputs(chosen: Setup, run: RunningStatistics, k: int) -> pd.DataFrame:
    """The last batch in both modes."""
    x = tuple(run.batches[max(k, 1) - 1].tolist())
    scaling = chosen.scaling
    jobs = [
        (cached_batch_norm.normalized, (x, scaling)),
        (cached_batch_norm.evaluated, (x, scaling, float(run.mean[k]), float(run.var[k]))),
    ]
    trained, stored = (shelf(*arguments) for shelf, arguments in jobs)
    st.markdown(
        _("**The outputs of batch {n}** in training mode, and in evaluation mode with what is stored now:").format(
            n=max(k, 1)
        )
    )
    table = pd.DataFrame(
        {
            _("Sample"): [str(index + 1) for index in range(len(x))],
            "x": trained.x,
            _("y in training"): trained.y,
            _("y in evaluation"): stored.y,
            _("difference"): stored.minus(trained),
        }
    )
    screen.table(table, alt=_("Outputs of a batch in both modes"))
    return table
