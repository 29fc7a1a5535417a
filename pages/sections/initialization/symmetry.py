"""Units that begin alike: equal weights stay equal through training, and what the smallest noise changes."""

from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.export_symmetry import symmetry_script
from engine.symmetry import BROKEN, Watched, units
from pages.sections.initialization import symmetry_growth, symmetry_mistakes, symmetry_units
from pages.sections.initialization.symmetry_setup import KEY, Setup, setup
from pages.shared import budget, controls, numbers, screen, show, takeaway
from pages.shared.budget import Job
from pages.shared.cached_symmetry import watched
from pages.shared.charts import series
from pages.shared.text import _

tex = partial(numbers.tex, digits=4)


@controls.section
def section() -> None:
    screen.question(_("What happens if all weights begin alike?"))
    left, right = screen.columns()
    chosen, own, ladder, update = None, None, None, 0
    with screen.refusals():
        with left:
            chosen = setup()
        with right:
            own, ladder = _train(chosen, left)
            if own is not None:
                update = _update(chosen, own)
                symmetry_units.walk(chosen, own, update)
        if own is not None:
            _curves(chosen, own, ladder, update)
            symmetry_units.first_update(chosen, own)
        if ladder is not None:
            symmetry_growth.growth_of_noise(chosen, own, ladder)
    symmetry_mistakes.exercise()
    _notice()
    symmetry_growth.challenge_of_copies()
    if own is not None:
        takeaway.takeaway("initialization_symmetry", _everything(chosen, own), symmetry_script(chosen.config, update))


def _train(chosen: Setup, left: DeltaGenerator) -> list[Watched | None]:
    """The learner's network, and the ladder of noises: by itself, so that another noise costs its own run alone."""
    jobs = [
        Job(title, watched, (config,), config.cost)
        for title, config in ((_("the network"), chosen.config), (_("sizes of noise"), chosen.ladder))
    ]
    return budget.run(jobs, left, key=f"{KEY}_run")


def _update(chosen: Setup, own: Watched) -> int:
    """After which update the units are looked at."""
    last = chosen.config.updates
    asked = controls.slider(
        _("After update"),
        key=f"{KEY}_at",
        default=last // 10,  # in the examples with noise before the units part: that is left to be seen
        low=0,
        high=last,
        step=max(last // 100, 1),
        scope=chosen.scope,
    )
    return int(own.at[own.frame(asked)])


def _curves(chosen: Setup, own: Watched, ladder: Watched | None, update: int) -> None:
    """The largest difference on a logarithmic axis, and the loss beside that of the exact copies."""
    left, right = st.columns(2, gap="large")
    label = _("your network")
    with left:
        st.markdown(f"**{_('Largest difference between two units')}**")
        _difference(own, label, update)
    with right:
        st.markdown(f"**{_('Loss')}**")
        curves = {label: own.losses[0]}
        if ladder is not None:
            curves[_("without noise")] = ladder.losses[0]
        show.chart(
            series.spec(tuple(curves), _("updates"), _("mean cross-entropy"), marker=True),
            series.data(own.at, curves, at=float(update)),
            alt=_("The loss over the updates, with and without noise"),
            key=f"{KEY}_loss",
        )
        if ladder is not None:
            screen.aside(_("Where one line is seen, both are equal."))
    st.markdown(_ending(chosen, own))


def _difference(own: Watched, label: str, update: int) -> None:
    if not own.difference[0].any():
        st.info(
            _(
                "It is exactly 0 after each of the {n} updates that were looked at, and a logarithmic axis has no "
                "place for 0."
            ).format(n=len(own.at)),
            icon="🟰",
        )
        return
    show.chart(
        series.spec((label,), _("updates"), _("difference d"), log=True, marker=True),
        series.data(own.at, {label: own.difference[0]}, log=True, at=float(update)),
        alt=_("The largest difference between two hidden units over the updates, on a logarithmic axis"),
        key=f"{KEY}_difference",
    )


def _ending(chosen: Setup, own: Watched) -> str:
    """What became of the symmetry, from the numbers alone."""
    if own.diverged_at >= 0:
        return _(
            "**Diverged:** from update {at} on the loss is not finite. The weights or the learning rate are too large."
        ).format(at=f"{own.diverged_at:,}")
    difference, broken_at = own.difference[0], float(own.broken_at[0])
    facts = {
        "n": f"{chosen.config.updates:,}",
        "level": numbers.plain(BROKEN),
        "at": f"{broken_at:,.0f}",
        "last": numbers.plain(float(difference[-1])),
        "loss": numbers.plain(float(own.losses[0, -1])),
        "start": numbers.plain(float(difference[0])),
    }
    if not difference.any():
        text = _(
            "**Identical to the last bit.** After {n} updates the units are equal bit for bit, and the loss is "
            "{loss}. The engine adds up the terms of each of these units in the same order, so that rounding is the "
            "same for all."
        )
        if chosen.noise:
            text += " " + _(
                "There was noise, but it is lost in rounding: c plus so little is c again, since a computer keeps some "
                "16 digits."
            )
    elif not difference[0] and not chosen.noise:
        text = _(
            "**Rounding is the noise.** The units began bit for bit equal. But the sums of some are added up in "
            "another order, and their last digits are rounded differently; after {n} updates the difference is {last}. "
            "Whether that happens depends on the number of units and on the computer."
        )
        if broken_at <= chosen.config.updates:
            text += " " + _("Above {level} since about update {at}; the loss is {loss}.")
    elif broken_at == 0:
        text = _("**Not alike from the start:** the difference is {start}. After {n} updates the loss is {loss}.")
    elif broken_at <= chosen.config.updates:
        text = _(
            "**The symmetry is broken.** From {start} the difference has grown beyond {level} at about update {at}; "
            "after {n} updates the loss is {loss}."
        )
    else:
        text = _(
            "**Still almost alike.** The difference began at {start} and is {last} after {n} updates; the loss is "
            "{loss}."
        )
    return text.format(**facts)


def _notice() -> None:
    screen.notice(
        _(
            "Equal units compute the same, get the same gradient and stay equal, up to rounding: together they are "
            "one. With tanh on the two moons, as on the first screen, noise of a millionth breaks that: for 200 "
            "updates the loss shows nothing of it, in the next 160 it falls from 0.31 to 0.05. A difference need not "
            "grow: with ReLU only noise of 10⁻² breaks it there. Zeros are worse: behind tanh and ReLU the hidden "
            "units give 0 and get 0, so at most the output's bias learns. That is why weights are drawn at random; "
            "biases may begin at 0, the weights tell the units apart."
        )
    )


def _everything(chosen: Setup, own: Watched) -> pd.DataFrame:
    """Loss, difference and the numbers of each unit of the first hidden layer after each update looked at."""
    table = {_("Update"): own.at, _("Loss"): own.losses[0], _("Largest difference"): own.difference[0]}
    layer = units(chosen.config.architecture, own.parameters)[0]
    for place, unit in enumerate(chosen.labels):
        for column, name in enumerate(symmetry_units.columns(chosen)):
            table[f"{unit} {name}"] = layer[:, place, column]
    return pd.DataFrame(table)
