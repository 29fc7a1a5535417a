"""The shares, where the runs ended, and the differences: pictures, tables and formulas."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from engine.proportions import Interval
from engine.success_rates import ENDS, NEAR, NOTE_COUNTS, NOTE_RUNS, NOTE_SCHEMES, OTHER, SuccessRate
from pages.sections.initialization.matter_setup import Setup, name, noted
from pages.shared import numbers, screen, show
from pages.shared.charts import xor_shares as picture
from pages.shared.text import N_, _

PYTORCH = NOTE_SCHEMES["default"]
Rates = Mapping[str, SuccessRate]
END_NAMES = {
    "solved": N_("solved"),
    "two_half": N_("two answers at ½"),
    "three_thirds": N_("three share ⅓ or ⅔"),
    "plateau": N_("all at ½"),
    OTHER: N_("elsewhere"),
}


def shares(chosen: Setup, found: Rates) -> None:
    """Each share with its interval, the note's beside it."""
    intervals = {name(code): rate.interval() for code, rate in found.items()}
    note = {code: noted(code) for code in found if chosen.trains}
    show.chart(
        picture.shares_spec(tuple(intervals), _("share of runs that solve XOR")),
        picture.shares_data(
            intervals,
            {name(code): count / NOTE_RUNS for code, count in note.items() if count is not None},
            {name(code): f"{rate.count}/{rate.runs}" for code, rate in found.items()},
            _("note 004"),
        ),
        alt=_("Share of successes of each scheme as a dot, with its 95% interval: {names}").format(
            names=", ".join(intervals)
        ),
        key="initialization_matter_shares",
    )
    if chosen.trains:
        screen.aside(
            _(
                "**Dot and bar:** share and its 95% confidence interval (Wilson's, which stays between 0 and 1). "
                "**Diamond:** note 004's count, {counts} of {runs}. It is a reference only: the note gives neither "
                "learning rate nor epochs nor biases, so these counts cannot be reproduced. That its “normal”, "
                "“uniform” and “default” are Xavier normal, Xavier uniform and PyTorch's default is our reading."
            ).format(counts=", ".join(map(str, NOTE_COUNTS.values())), runs=NOTE_RUNS)
        )
    if chosen.trains and PYTORCH in found and chosen.setting.biases == "zero":
        screen.aside(_("With biases of 0 at the start, “PyTorch's default” is here its rule for the weights alone."))


def from_to(interval: Interval) -> str:
    """An interval for a table, on one line."""
    return screen.unbroken(f"{numbers.plain(interval.low, 3)} … {numbers.plain(interval.high, 3)}")


def table(found: Rates) -> pd.DataFrame:
    """The counts and shares; returns them at full precision."""
    rows = [
        {
            _("Initialization"): name(code),
            _("Solved"): f"{rate.count}/{rate.runs}",
            _("95% interval"): from_to(rate.interval()),
        }
        for code, rate in found.items()
    ]
    screen.table(pd.DataFrame(rows), alt=_("Successes of each scheme, with their 95% intervals"))
    full = [(name(code), r.count, r.runs, *_ends_of(r.interval())) for code, r in found.items()]
    titles = [_("Initialization"), _("Solved"), _("Runs"), _("95% interval, from"), _("95% interval, to")]
    return pd.DataFrame(full, columns=titles)


def _ends_of(interval: Interval) -> tuple[float, float]:
    return interval.low, interval.high


def ends(found: Rates) -> None:
    """What became of the runs that failed."""
    st.markdown(_("**Where do the others end?** By the mean cross-entropy of the four samples after the last epoch."))
    titles = tuple(_(title) for title in END_NAMES.values())
    counts = {name(code): list(rate.ends.values()) for code, rate in found.items()}
    show.chart(
        picture.ends_spec(tuple(counts), titles, _("share of runs")),
        picture.ends_data(counts, titles),
        alt=_("For each scheme a bar of all runs, divided by where they ended: {ends}").format(ends=", ".join(titles)),
        key="initialization_matter_ends",
    )
    frame = pd.DataFrame(
        {_("Initialization"): list(counts)}
        | {title: [str(own[place]) for own in counts.values()] for place, title in enumerate(titles)}
    )
    with st.expander(_("The numbers of this picture")):
        screen.table(frame, alt=_("Runs of each scheme by where they ended"))
    two, three, plateau = (numbers.plain(ENDS[code]) for code in ("two_half", "three_thirds", "plateau"))
    screen.aside(
        _(
            "All outputs ½: ln 2 = {plateau}, the plateau. Two answers right and two at ½: ½ ln 2 = {two}. One right "
            "and three that share one output, ⅓ or ⅔: {three}. A run counts as lying there within {near}; elsewhere "
            "are runs that are still on their way, or diverged."
        ).format(plateau=plateau, two=two, three=three, near=numbers.plain(NEAR))
    )
    lost = sum(rate.n_diverged for rate in found.values())
    if lost:
        st.info(_("Diverged runs, whose loss is no longer finite: {n}. They count as failures.").format(n=lost))
