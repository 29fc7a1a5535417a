"""How long the smallest noise takes to break the symmetry, and how much a symmetric network is."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.symmetry import BROKEN, LADDER, Growth, Watched, growth, n_different
from pages.sections.initialization.symmetry_setup import KEY, Setup
from pages.shared import numbers, screen, show
from pages.shared.challenge import challenge
from pages.shared.charts import series
from pages.shared.formulas import symmetry as formulas
from pages.shared.text import _

tex = partial(numbers.tex, digits=4)
WIDE = 8  # hidden units of the challenge
LABELS = tuple(numbers.plain(noise) for noise in LADDER)


def growth_of_noise(chosen: Setup, own: Watched | None, ladder: Watched) -> None:
    """The same network with noise of many sizes: when has each broken the symmetry?"""
    with st.container(border=True):
        st.markdown(_("**How little is enough?** The same network and the same draws, with noise from 10⁻¹⁶ to 10⁻²."))
        left, right = st.columns(2, gap="large")
        with left:
            show.chart(
                series.spec(LABELS, _("updates"), _("difference d"), log=True),
                series.data(ladder.at, dict(zip(LABELS, ladder.difference[1:], strict=True)), log=True),
                alt=_("The largest difference over the updates for eight sizes of noise, on a logarithmic axis"),
                key=f"{KEY}_ladder",
            )
        fitted = growth(LADDER, ladder.broken_at[1:])
        with right:
            _times(ladder, fitted)
        _law(chosen, own, fitted)


def _times(ladder: Watched, fitted: Growth | None) -> None:
    """When the difference was beyond the level, against the noise; dashed the straight line."""
    times = [float(at) for at in ladder.broken_at[1:]]
    if fitted is not None:
        label = _("symmetry broken")
        show.chart(
            series.spec(
                (label,), _("size of the noise s"), _("updates until d > 0.1"), x_log=True, points=True, expected=True
            ),
            series.data(LADDER, {label: times}, expected={label: [fitted.at(noise) for noise in LADDER]}),
            alt=_("Updates until the symmetry is broken against the size of the noise, on a logarithmic axis"),
            key=f"{KEY}_times",
        )
    table = pd.DataFrame({_("noise s"): list(LABELS), _("broken at update"): [_time(at) for at in times]})
    with st.expander(_("The figures")):
        screen.table(table, alt=_("When each size of noise had broken the symmetry"))


def _time(at: float) -> str:
    """Whole: it lies between two updates that were looked at."""
    return "–" if at == float("inf") else f"{at:,.0f}"


def _law(chosen: Setup, own: Watched | None, fitted: Growth | None) -> None:
    if fitted is None:
        st.info(
            _(
                "With fewer than three of the small sizes of noise the difference came beyond {level} within {n} "
                "updates: there is no straight line to draw. Here the difference hardly grows, or the updates are "
                "too few."
            ).format(level=numbers.plain(BROKEN), n=f"{chosen.config.updates:,}")
        )
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.latex(formulas.time_to_break(fitted, chosen.noise, tex))
        if own is not None and chosen.noise:
            st.markdown(
                _("Measured in your network: about {at} (– means never).").format(at=_time(float(own.broken_at[0])))
            )
    with right:
        if not fitted.straight:
            st.markdown(
                _(
                    "Here the points bend: the factor by which a difference grows changes while the network learns, "
                    "so that the line is a rough guide at best."
                )
            )
            return
        st.markdown(
            _(
                "Once it grows, a small difference grows by about the same factor at each update, so each factor of "
                "ten less noise costs about {t} updates more, and no more: the time grows like log(1/s). T and t₁, "
                "and with them C, are fitted: to the {n} sizes up to {most} that have come beyond {level}."
            ).format(
                t=numbers.plain(fitted.per_decade, 3),
                n=fitted.n,
                most=numbers.plain(1e-3),
                level=numbers.plain(BROKEN),
            )
        )
        screen.aside(
            _(
                "All sizes have the same draws, and a small difference is proportional to its noise: the curves are "
                "one curve, shifted down, and the line says how evenly that one grows. Another seed shows another one."
            )
        )
        screen.aside(
            _(
                "Noise near 10⁻¹⁶ mixes with rounding where c is not 0: there the digits, and the time by a few "
                "updates, depend on the computer."
            )
        )


def challenge_of_copies() -> None:
    """Who counts the parameters answers 33."""
    n = n_different()
    challenge(
        f"{KEY}_challenge",
        _(
            "A 2-{wide}-1 network has {all} parameters. All weights begin at 0.5, all biases at 0, and rounding breaks "
            "nothing. How many different numbers can the parameters be at most, after any number of updates?"
        ).format(wide=WIDE, all=4 * WIDE + 1),
        answer=n,
        tolerance=1e-6,
        hint=_("Set “Example” to “All equal, no noise” and look at the table: which of its numbers differ?"),
        explanation=_(
            "{n}: w₁, w₂, b and v, which all hidden units share, and the output's bias. So the whole network can do no "
            "more than a 2-1-1 network, whose {n} parameters these are."
        ).format(n=n),
    )
