"""What the batch section shows of its runs: one update with its numbers, the losses, the schedule, the table."""

import math
from functools import partial

import pandas as pd
import streamlit as st

from engine.regression_batches import BatchRun, WorkedUpdate, worked_update
from engine.regression_bowl import Regression
from pages.sections.descent.batch_setup import EXCESS, SCHEDULE_TITLES, Setup
from pages.shared import cached_descent, numbers, screen, show
from pages.shared.charts import series
from pages.shared.formulas import batches as formulas
from pages.shared.text import _


def one_update(chosen: Setup, problem: Regression, run: BatchRun, made: int) -> WorkedUpdate:
    """The update that led where the smallest batch size stands; before the first one, the first."""
    config, tex = chosen.smallest, partial(numbers.tex, digits=chosen.digits)
    plain = partial(numbers.plain, digits=chosen.digits)
    worked = worked_update(config, run, max(made, 1))
    left, right = st.columns(2, gap="large")
    with left:
        text = _("**Batch size {size}, update {k} of {all}**, in epoch {epoch}: η = {rate}.")
        facts = {
            "size": config.batch_size,
            "k": worked.number,
            "all": config.n_updates,
            "epoch": (worked.number - 1) // config.updates_per_epoch + 1,
            "rate": plain(worked.learning_rate),
        }
        st.markdown(text.format(**facts))
        if all(map(math.isfinite, (*worked.after, *worked.gradient))):
            st.latex(formulas.update(worked, problem, tex))
            _beside_all(worked, plain)
        else:
            st.warning(_("The numbers have grown too large to be computed: the path has diverged."))
    with right:
        st.markdown(
            _("**The loss** is the mean of half squared errors; its curvature, the Hessian H, is the same everywhere.")
        )
        st.latex(formulas.loss())
        st.latex(formulas.curvature(problem, tex))
        _limits(problem, tex)
    return worked


def _beside_all(worked: WorkedUpdate, plain) -> None:
    """The batch's gradient, and the one of all samples."""
    text = _("At this point the gradient of all samples is ({w}, {b}); the batch says ({batch_w}, {batch_b}).")
    (w, b), (batch_w, batch_b) = worked.full_gradient, worked.gradient
    screen.aside(text.format(w=plain(w), b=plain(b), batch_w=plain(batch_w), batch_b=plain(batch_b)))


# losses -------------------------------------------------------------------------------------------------------


def losses(chosen: Setup, runs: list[BatchRun], unit: str) -> None:
    """The loss of each batch size, median and band; with a schedule beside what a constant rate gives."""
    constant = [cached_descent.batch_run(config) for config in chosen.constant()] if chosen.has_schedule else None
    title = {"epoch": _("epochs"), "sample": _("samples seen"), "update": _("updates")}[unit]
    st.markdown(f"**{_('The loss, median of {n} shufflings').format(n=chosen.smallest.runs)}**")
    data = curves(chosen, runs, unit, constant)
    ends = series.clipped(data)
    spec = series.spec(
        chosen.shown,
        title,
        EXCESS,
        log=True,
        x_log=unit != "epoch",
        y_domain=ends,
        expected=chosen.has_schedule,
        order=chosen.labels,
    )
    show.chart(
        spec,
        data,
        alt=_("Loss above the lowest one for each batch size, on a logarithmic axis."),
        key="descent_batch_losses",
    )
    band = _("**Line:** the median of {n} runs that shuffle differently. **Band:** {most} of them.")
    words = band.format(n=chosen.smallest.runs, most=chosen.smallest.runs - 2)
    if chosen.has_schedule:
        words += " " + _("**Dashed:** the same with a constant learning rate.")
    st.markdown(words)
    if ends:
        text = _("The axis ends at {top}; what climbs higher goes on above it.")
        screen.aside(text.format(top=numbers.plain(ends[1])))
    _axis_says(chosen, unit)
    for label, config, run in zip(chosen.shown, chosen.configs, runs, strict=True):
        if run.n_worse:
            text = _("{size}: {n} of {all} runs end above where they began, or in numbers too large to be computed.")
            st.warning(text.format(size=label, n=run.n_worse, all=config.runs))
    if chosen.has_schedule:
        _schedule(chosen)


def curves(chosen: Setup, runs: list[BatchRun], unit: str, constant: list[BatchRun] | None) -> dict[str, pd.DataFrame]:
    """The data of the losses; sizes with fewer updates have fewer points, so each has an x of its own."""
    medians, dashed = [], []
    for label, config, run, other in zip(chosen.shown, chosen.configs, runs, constant or runs, strict=True):
        x, made = config.axis(unit)
        median, low, high = run.band(made)
        own = series.data(x, {label: median}, {label: (low, high)}, log=True, expected={label: other.band(made)[0]})
        medians.append(own["series"])
        dashed.append(own["expected"])
    found = {"series": pd.concat(medians, ignore_index=True)}
    if constant:
        found["expected"] = pd.concat(dashed, ignore_index=True)
    return found


def _axis_says(chosen: Setup, unit: str) -> None:
    """What this axis makes comparable."""
    n = chosen.smallest.samples.n_samples
    words = {
        "epoch": _(
            "At the same epoch each batch size has computed the same {n} gradients of single samples an epoch, and "
            "spent them on n/B updates."
        ),
        "sample": _("Batch size B waits for B samples before it moves: the full batch for all {n}."),
        "update": _("After equally many updates a larger batch is ahead, and has cost more: B gradients an update."),
    }
    screen.aside(words[unit].format(n=n))


def _limits(problem: Regression, tex) -> None:
    """The largest learning rates."""
    st.latex(formulas.limits(problem, tex))
    screen.aside(
        _(
            "Above 2/λ, with the largest eigenvalue of H, descent with all samples diverges. A single sample has a "
            "bowl of its own, with the curvature x² + 1: above the second limit some updates overshoot by more than "
            "they were off, and batch size 1 can diverge where the full batch converges. Below it, it cannot."
        )
    )


def _schedule(chosen: Setup) -> None:
    """The learning rate of each epoch."""
    config = chosen.smallest
    name, rates = _(SCHEDULE_TITLES[config.schedule]), config.rates()
    st.markdown(f"**{_('The learning rate of each epoch')}**")
    show.chart(
        series.spec((name,), _("epochs"), _("learning rate η"), height=130, points=True),
        series.data(range(1, config.epochs + 1), {name: rates}),
        alt=_("The learning rate of each epoch"),
        key="descent_batch_rates",
    )
    text = _("From {first} in the first epoch to {last} in the last, for all batch sizes alike.")
    plain = partial(numbers.plain, digits=chosen.digits)
    screen.aside(text.format(first=plain(float(rates[0])), last=plain(float(rates[-1]))))


# the table ----------------------------------------------------------------------------------------------------


def table(chosen: Setup, problem: Regression, runs: list[BatchRun]) -> pd.DataFrame:
    """The costs and the ends of all batch sizes; returns them at full precision, with where the drawn run ends."""
    n = chosen.smallest.samples.n_samples
    left, right = st.columns([1, 2], gap="large")
    with left:
        counts = [(config.batch_size, config.updates_per_epoch) for config in chosen.configs]
        st.latex(formulas.updates_per_epoch(n, counts))
        text = _(
            "u: updates per epoch. An update costs B gradients of single samples, an epoch n = {n} of them, "
            "whatever B is."
        )
        screen.aside(text.format(n=n))
    columns = {
        _("Batch size"): [config.batch_size for config in chosen.configs],
        _("Updates per epoch"): [config.updates_per_epoch for config in chosen.configs],
        _("Updates"): [config.n_updates for config in chosen.configs],
        _("L − L∗ at the end"): [float(run.median[-1]) for run in runs],
        _("L − L∗ in the last epoch"): [run.settled for run in runs],
    }
    frame = pd.DataFrame(columns)
    with right:
        screen.table(frame, alt=_("Each batch size: what it costs and where it ends"), digits=chosen.digits)
        screen.aside(
            _(
                "Medians over {n} shufflings; the last column is the mean over all updates of the last epoch. It "
                "counts what lies between, too: each sample comes once in an epoch, so that at its end part of the "
                "noise can have cancelled out."
            ).format(n=chosen.smallest.runs)
        )
    ends = {
        _("w of the drawn run"): [float(run.path[-1, 0]) for run in runs],
        _("b of the drawn run"): [float(run.path[-1, 1]) for run in runs],
        _("L of the drawn run"): [problem.floor + float(run.excess[-1]) for run in runs],
    }
    return frame.assign(**ends)
