"""Scheme against scheme: the interval of the difference, alone and among all comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from engine.proportions import Interval, confidence_for_all
from engine.success_rates import SuccessRate
from pages.sections.initialization import matter_shares
from pages.sections.initialization.matter_setup import name
from pages.shared import controls, numbers, screen, show
from pages.shared.charts import xor_shares as picture
from pages.shared.formulas import xor_shares as formulas
from pages.shared.text import _

tex = partial(numbers.tex, digits=4)


@dataclass(frozen=True)
class Difference:
    """Two schemes, the larger share first: the difference's interval taken alone, and among all comparisons."""

    first: str
    second: str
    alone: Interval
    among_all: Interval

    @property
    def label(self) -> str:
        return f"{name(self.first)}{picture.BREAK}− {name(self.second)}"


def differences(found: Mapping[str, SuccessRate], pairs: list[tuple[str, str]]) -> list[Difference]:
    """All pairs of schemes, by the engine."""
    confidence = confidence_for_all(len(pairs))
    return [
        Difference(
            one,
            other,
            found[one].difference(found[other]),
            found[one].difference(found[other], confidence),
        )
        for one, other in pairs
    ]


def show_all(found: Mapping[str, SuccessRate], all_: list[Difference]) -> pd.DataFrame:
    """Picture, table, verdict and formula; returns the table at full precision."""
    st.markdown(_("**Do two schemes differ?** Look at the interval of the difference, not at two single ones."))
    confidence = confidence_for_all(len(all_))
    labels = {one.label: one for one in all_}
    show.chart(
        picture.differences_spec(tuple(labels), _("difference of the shares")),
        picture.differences_data(
            {label: one.alone for label, one in labels.items()},
            {label: one.among_all for label, one in labels.items()},
            {label: f"{numbers.plain(one.alone.estimate)}: {_range(one.alone)}" for label, one in labels.items()},
        ),
        alt=_("Difference of each pair of schemes as a dot with its intervals, and a line at 0"),
        key="initialization_matter_differences",
    )
    strict = f"{confidence:.1%}"
    if len(all_) > 1:
        screen.aside(
            _(
                "**Thick:** the 95% interval (Newcombe's, made from Wilson's intervals of both shares), for a pair "
                "looked at alone. **Thin:** the {confidence} "
                "interval: {pairs} comparisons are made, and for all to hold together with 95% each needs "
                "100% − 5%/{pairs}. "
                "**Filled dot:** even the thin one leaves out 0. Each scheme has seeds of its own, so that the shares "
                "are independent."
            ).format(confidence=strict, pairs=len(all_))
        )
    columns = {
        _("Difference"): [f"{name(one.first)} − {name(one.second)}" for one in all_],
        "95%": [_range(one.alone) for one in all_],
    }
    if len(all_) > 1:
        columns[strict] = [_range(one.among_all) for one in all_]
    screen.table(pd.DataFrame(columns), alt=_("The intervals of all differences; ✓: 0 is left out"))
    st.markdown(_verdict(all_))
    _formula(found, all_)
    return _everything(all_)


def _range(interval: Interval) -> str:
    mark = "\N{NO-BREAK SPACE}✓" if interval.excludes_zero else ""
    return f"{matter_shares.from_to(interval)}{mark}"


def _verdict(all_: list[Difference]) -> str:
    """How many pairs are told apart, and by which standard: the intervals alone decide."""
    alone = sum(one.alone.excludes_zero for one in all_)
    among_all = sum(one.among_all.excludes_zero for one in all_)
    if not alone:
        text = _("**Nothing is told apart:** every interval contains 0.")
    elif len(all_) == 1:
        text = _("**The two are told apart** (✓): the interval leaves out 0.")
    else:
        text = _(
            "**{alone} of {pairs}** pairs are told apart when each is taken alone: their interval leaves out 0 (✓). "
            "**{among_all} of {pairs}** are when all {pairs} are to hold together."
        )
    if alone < len(all_):
        text += " " + _(
            "Where 0 lies inside, the question is open: the interval says how large the difference may still be."
        )
    return text.format(alone=alone, among_all=among_all, pairs=len(all_))


def _formula(found: Mapping[str, SuccessRate], all_: list[Difference]) -> None:
    """One of the pairs, number by number."""
    labels = {f"{one.first}-{one.second}": one for one in all_}
    titles = {code: one.label.replace(picture.BREAK, " ") for code, one in labels.items()}
    with st.expander(_("One pair in formulas")):
        code = controls.choice(
            st.selectbox, _("Pair"), titles, key="initialization_matter_pair", scope=".".join(labels)
        )
        one = labels[code]
        first, second = found[one.first], found[one.second]
        st.markdown(_("Each share first (z = 1.96 for 95%), then the difference:"))
        for rate in (first, second):
            st.latex(formulas.wilson((rate.count, rate.runs), rate.interval(), 0.95, tex))
        st.latex(formulas.newcombe(first.interval(), second.interval(), one.alone, tex))


def _everything(all_: list[Difference]) -> pd.DataFrame:
    rows = [
        {
            _("Initialization"): f"{name(one.first)} − {name(one.second)}",
            _("Difference"): one.alone.estimate,
            _("95% interval, from"): one.alone.low,
            _("95% interval, to"): one.alone.high,
            _("For all together, from"): one.among_all.low,
            _("For all together, to"): one.among_all.high,
        }
        for one in all_
    ]
    return pd.DataFrame(rows)
