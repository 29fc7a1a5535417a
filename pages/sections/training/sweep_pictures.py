"""The pictures of a sweep: where all runs end, over the values; and how they got there."""

import streamlit as st

from engine.sweep_reading import SweepResult, is_loss
from pages.sections.training.sweep_setup import Setup, measures
from pages.shared import controls, numbers, screen, show
from pages.shared.charts import lab_sweep
from pages.shared.text import _

MOST_CURVES = 6


def final(chosen: Setup, result: SweepResult) -> None:
    """The end of every run."""
    title, measure = measures(chosen.config.base)[chosen.measure], chosen.measure
    domain = lab_sweep.ends(result, measure)
    y_title = _("{measure} after {n} epochs").format(measure=title, n=chosen.config.epochs)
    shown = lab_sweep.spec(
        chosen.labels,
        (chosen.title, y_title),
        domain,
        log=is_loss(measure),
        connected=chosen.ordered,
        seed_title=_("Seed"),
    )
    detail = _("{label}: {n} runs beyond the picture, {diverged} of them diverged")
    frames = lab_sweep.data(result, measure, chosen.labels, domain, chosen.goal, detail)
    show.chart(
        shown,
        frames,
        alt=_("The {measure} at the end of each run, over {setting}: a dot a seed, medians and middle halves").format(
            measure=title, setting=chosen.title
        ),
        key="training_sweep_final",
    )
    _explain(chosen, result, beyond=not frames["edge"].empty)


def _explain(chosen: Setup, result: SweepResult, beyond: bool) -> None:
    """What the marks are."""
    if chosen.ordered:
        marks = _(
            "**Dot:** one seed; **line:** median of {n} seeds; **band:** their middle half; **◇** the best median; "
            "dashed: the goal."
        )
    else:
        marks = _(
            "**Dot:** one seed; **bar:** median of {n} seeds; **block:** their middle half; **◇** the best median; "
            "dashed: the goal."
        )
    words = [marks.format(n=chosen.config.n_seeds)]
    if beyond:
        edge = (
            _("**▲** with a count: runs beyond the picture. Diverged: {n} of {all}; they count as infinite.")
            if is_loss(chosen.measure)
            else _("**▼** with a count: runs below the picture. Diverged: {n} of {all}; they count as the worst.")
        )
        words.append(edge.format(n=int(result.n_diverged.sum()), all=result.diverged.size))
    screen.aside(" ".join(words))


def curves(chosen: Setup, result: SweepResult) -> None:
    """The way there, for up to six values."""
    measure, labels = chosen.measure, chosen.labels
    title, domain = measures(chosen.config.base)[measure], lab_sweep.ends(result, measure)
    codes = {str(place): label for place, label in enumerate(labels)}
    shown = controls.choices(
        st.pills,
        _("Curves of"),
        codes,
        key="training_sweep_curves",
        default=[str(place) for place in result.telling(measure, MOST_CURVES)],
        most=MOST_CURVES,
        scope=f"{chosen.scope}.{len(labels)}",
        selection_mode="multi",
        wrap=True,
    )
    picked = {codes[code]: int(code) for code in shown}
    show.chart(
        lab_sweep.curves_spec(tuple(picked), labels, (_("epochs"), title), domain, is_loss(measure)),
        lab_sweep.curves_data(result, measure, picked, domain),
        alt=_("The {measure} over the epochs, median and middle half of the seeds: {names}").format(
            measure=title, names=", ".join(picked)
        ),
        key="training_sweep_over_epochs",
    )


def value(number: float) -> str:
    """A number of the tables."""
    return numbers.plain(number, 3).replace("inf", "∞")
