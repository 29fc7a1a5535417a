"""One seed proves little: both settings from ten seeds, and whether they can be told apart."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.lab_difference import comparable, differences, with_seed
from engine.lab_pair import SEEDS, SeedRuns, seed_pairs, seeds_cost
from engine.paired_seeds import LEVEL, Paired
from engine.seed_bands import SeedBand, over_seeds
from pages.sections.training.compare_setup import Pair
from pages.shared import budget, cached_lab_compare, controls, numbers, screen, show
from pages.shared.budget import Job
from pages.shared.charts import series
from pages.shared.formulas import compare
from pages.shared.text import _


def check(pair: Pair, left: DeltaGenerator) -> None:
    """The switch, and both settings on the same seeds."""
    st.markdown(f"**{_('The setting, or the luck of one seed?')}**")
    wanted = controls.toggle(
        _("Train both with {n} seeds").format(n=SEEDS),
        key="training_compare_seeds",
        help=_("Each seed draws other first weights, another order of the samples and other dropout masks."),
    )
    if not wanted:
        return
    seed = pair.configs[pair.now].training.seeds  # both settings on the same seeds, the panel's first
    configs = [with_seed(config, seed) for config in pair.configs]
    if not differences(*configs):
        configs = configs[:1]
    jobs = [
        Job(
            _("training with {n} seeds").format(n=SEEDS),
            cached_lab_compare.seed_runs,
            (config, SEEDS),
            seeds_cost(config, SEEDS),
        )
        for config in configs
    ]
    found = budget.run(jobs, left, key="training_compare_seeds_run")
    if None in found:
        return
    _picture(pair.labels if len(found) > 1 else [_("this setting")], found)
    if len(found) == 1:
        _spread(found[0])
    else:
        _pairs(pair, found)


def _picture(labels: Sequence[str], found: Sequence[SeedRuns]) -> None:
    """Median and middle half of the loss over the epochs, each setting on its own epochs."""
    data = series.joined(
        [
            series.data(one.epochs, {label: one.band.median}, {label: (one.band.low, one.band.high)}, log=True)
            for label, one in zip(labels, found, strict=True)
        ]
    )
    show.chart(
        series.spec(tuple(labels), _("epochs"), _("loss"), log=True, y_domain=series.clipped(data)),
        data,
        alt=_("Median and middle half of the loss over the epochs, for each of both settings"),
        key="training_compare_bands",
    )
    screen.aside(
        _(
            "**Line:** the median of {n} seeds, from seed {first} on; **band:** their middle half. The loss is that of "
            "the test samples (without them, of the training samples); the samples are the same for all seeds. A start "
            "that is given, as in note 003, is one start: here all are drawn."
        ).format(n=len(found[0].seeds), first=found[0].seeds[0])
    )


def _spread(one: SeedRuns) -> None:
    """Only the seed differs: how much of a difference is luck."""
    band = over_seeds(one.loss)
    low, middle, high = (numbers.plain(float(end), 3) for end in (band.low, band.median, band.high))
    st.markdown(
        _(
            "A and B are one setting, however they start, so there is only one to train. Its loss at the end: median "
            "{middle}, middle half from {low} to {high}. A change of a setting should make more of a difference than "
            "this."
        ).format(middle=middle, low=low, high=high)
    )


def _pairs(pair: Pair, found: Sequence[SeedRuns]) -> None:
    """Seed by seed: which is lower, and could it be chance?"""
    by_loss = comparable(*pair.configs)
    pairs = seed_pairs(*found, by_loss)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(_verdict(pair, pairs, by_loss))
        st.latex(compare.sign_test(pairs))
    with right:
        values = [one.loss if by_loss else one.error for one in found]
        bands = [over_seeds(part) for part in values]
        table = pd.DataFrame(
            {
                _("Setting"): [screen.unbroken(label) for label in pair.labels],
                _("Median"): [float(band.median) for band in bands],
                _("Middle half"): [_half(band) for band in bands],
                _("Lower in"): [f"{n}/{pairs.n}" for n in (pairs.lower, pairs.higher)],
            }
        )
        screen.table(table, alt=_("Both settings over the seeds"), digits=3)
    if not by_loss:
        screen.aside(
            _("The losses measure different things, so what is compared is the share of wrong answers, or 1 − R².")
        )


def _half(band: SeedBand) -> str:
    return f"{numbers.plain(float(band.low), 3)} … {numbers.plain(float(band.high), 3)}"


def _verdict(pair: Pair, pairs: Paired, by_loss: bool) -> str:
    p, limit = numbers.plain(pairs.p, 2), numbers.plain(LEVEL, 2)
    lower = pair.labels[0] if pairs.lower > pairs.higher else pair.labels[1]
    most = max(pairs.lower, pairs.higher)
    if not pairs.told_apart():
        return _(
            "**Not told apart:** A is lower in {a} and B in {b} of {n} seeds. Chance alone is that one-sided with "
            "probability p = {p}, more than {limit}."
        ).format(a=pairs.lower, b=pairs.higher, n=pairs.n, p=p, limit=limit)
    told = (
        _("**Lower loss: {name}**, in {most} of {n} seeds. Chance alone is that one-sided with probability p = {p}.")
        if by_loss
        else _(
            "**Fewer errors: {name}**, in {most} of {n} seeds. Chance alone is that one-sided with probability p = {p}."
        )
    )
    return told.format(name=lower, most=most, n=pairs.n, p=p)
