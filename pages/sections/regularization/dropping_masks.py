"""Many masks: what the output is on average, how far it scatters, and how near evaluation comes."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.dropped import MOST_MASKS, Masks, Rates
from pages.sections.regularization.dropping_setup import Setup
from pages.shared import budget, numbers, screen, show
from pages.shared.budget import Job
from pages.shared.cached_dropping import at_no_rate, over_masks, over_rates
from pages.shared.charts import series
from pages.shared.text import _


def run(chosen: Setup, controls: DeltaGenerator) -> tuple[Masks | None, Rates | None]:
    """Both results, None while one waits for the learner's click."""
    config = chosen.config
    jobs = [
        Job(_("Masks"), over_masks, (config,), config.masks_cost),
        Job(_("Drop rates"), over_rates, (at_no_rate(config),), config.rates_cost),
    ]
    return tuple(budget.run(jobs, controls, key="regularization_dropping_run"))


def running(chosen: Setup, masks: Masks) -> None:
    """The running mean over the masks, towards the mean over all."""
    st.markdown(_("**Mask after mask.** The mean of the outputs of masks 1, 2, 3, …, each with its factor."))
    mean, testing, exact = _("mean so far"), _("evaluation"), _("mean of all masks")
    curves = {
        mean: masks.running_mean,
        testing: masks.level(masks.evaluation),
        exact: masks.level(masks.mean),
    }
    show.chart(
        series.spec(tuple(curves), _("number of masks"), _("output"), x_log=True, marker=True),
        series.data(masks.at, curves, {mean: masks.band}, at=chosen.which),
        alt=_("The mean so far of the output over the masks on a logarithmic axis, with its standard error as a band"),
        key="regularization_dropping_running",
    )
    screen.aside(
        _(
            "**Band:** ± one standard error around the mean so far, σ/√n with the exact σ; the mean of all masks lies "
            "in it about 68% of the time, not 95%. Four times as many masks halve it. **Vertical line:** mask number "
            "{which}; the mean of masks 1 to {which} is {mean}."
        ).format(which=chosen.which, mean=numbers.plain(masks.mean_until(chosen.which)))
    )


def rates(chosen: Setup, found: Rates) -> None:
    """Mean, spread and evaluation over the drop rate."""
    st.markdown(_("**The price of a higher rate.** Mean and spread of the output over all masks there are."))
    mean, testing = _("mean of all masks"), _("evaluation")
    show.chart(
        series.spec(
            (mean, testing),
            _("drop rate p"),
            _("output"),
            marker=True,
            order=(_("mean so far"), testing, mean),
        ),
        series.data(
            found.rates,
            {mean: found.mean, testing: found.evaluation},
            {mean: found.band},
            at=chosen.config.drop_rate,
        ),
        alt=_("Mean of the output over all masks with its standard deviation as a band, and the output in evaluation"),
        key="regularization_dropping_rates",
    )
    screen.aside(_("**Band:** ± one standard deviation σ of the output from mask to mask. **Vertical line:** p now."))


def compare(chosen: Setup, masks: Masks) -> pd.DataFrame:
    """Evaluation beside the means; returns the numbers at full precision."""
    config = chosen.config
    rows = {
        _("In evaluation"): masks.evaluation,
        _("Mean of masks 1 to {n}").format(n=chosen.which): masks.mean_until(chosen.which),
        _("Mean of masks 1 to {n}").format(n=MOST_MASKS): float(masks.running_mean[-1]),
        _("Mean of all {n} masks (exact)").format(n=2**config.units): masks.mean,
        _("Gap: that mean − evaluation"): masks.gap,
        _("Standard deviation σ (exact)"): masks.std,
    }
    frame = pd.DataFrame({_("Output"): list(rows), _("Value"): list(rows.values())})
    screen.table(frame, alt=_("The output in evaluation and on average over masks"))
    st.markdown(_verdict(chosen, masks))
    return frame


def _verdict(chosen: Setup, masks: Masks) -> str:
    if chosen.config.drop_rate == 0:
        return _("At p = 0 nothing is dropped: training and evaluation are the same, and nothing scatters.")
    if chosen.config.exact:
        return _(
            "Behind the masks everything is linear here, so evaluation **is** the mean of all masks, but for rounding: "
            "a mean goes through sums and weights unchanged."
        )
    return _(
        "Behind a mask there is a nonlinear function here, and the mean of its values is not its value at the mean: "
        "evaluation is only **near** the mean of all masks. A gap of {gap} remains, however many masks are tried; "
        "one output is off by σ = {std}."
    ).format(gap=numbers.plain(masks.gap), std=numbers.plain(masks.std))
