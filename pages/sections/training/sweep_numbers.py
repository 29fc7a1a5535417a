"""The numbers of a sweep: a table a value, the values against the best one, luck against effect, fresh seeds."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.paired_seeds import LEVEL, Paired, fewest_pairs
from engine.sweep_reading import SweepResult
from pages.sections.training import sweep_run, sweep_setup
from pages.sections.training.sweep_pictures import value
from pages.sections.training.sweep_setup import Setup
from pages.shared import controls, numbers, screen
from pages.shared.formulas import lab_sweep
from pages.shared.text import _

TO = "–\N{WORD JOINER}"  # a line may break after a dash, even before a space that does not break


def tables(chosen: Setup, result: SweepResult) -> None:
    """A row a value."""
    band, measure = result.band(chosen.measure), chosen.measure
    shares, reached = result.shares(measure, chosen.goal), result.reached(measure, chosen.goal).sum(axis=1).tolist()
    n = chosen.config.n_seeds
    rows = {chosen.title: [screen.unbroken(label) for label in chosen.labels]}
    if chosen.config.setting == "optimizer":
        rows["η"] = [numbers.plain(rate) for rate in result.rates.tolist()]
    rows |= {
        _("Median"): [value(one) for one in band.median.tolist()],
        _("Middle half"): [
            screen.unbroken(f"{value(low)} {TO} {value(high)}")
            for low, high in zip(band.low.tolist(), band.high.tolist(), strict=True)
        ],
        _("Lowest loss on the way (epoch)"): [
            screen.unbroken(f"{value(loss)} ({value(epoch)})") for loss, epoch in zip(*result.lowest, strict=True)
        ],
        _("Goal reached"): [
            screen.unbroken(f"{count}/{n} ({share.low:.0%} {TO} {share.high:.0%})")
            for count, share in zip(reached, shares, strict=True)
        ],
        _("Diverged"): [f"{count}/{n}" for count in result.n_diverged.tolist()],
    }
    screen.table(pd.DataFrame(rows), alt=_("What each value gives, over the seeds"), scroll=False)
    screen.aside(
        _(
            "Medians and quartiles over {n} seeds. **Goal reached:** runs that end there, with Wilson’s 95% interval "
            "of the share. **Lowest on the way:** the median of each run’s lowest {loss}, and of its epoch; it has "
            "been searched for, so it is too good to be a test."
        ).format(n=n, loss=_("test loss") if chosen.config.base.data.test_share else _("training loss"))
    )


def against_best(chosen: Setup, result: SweepResult) -> None:
    """The best value and the others, on the same seeds."""
    best, *others = result.order(chosen.measure)
    others.sort()
    n, k, labels = chosen.config.n_seeds, result.comparisons, chosen.labels
    pairs = {other: result.pair(best, other, chosen.measure) for other in others}
    st.markdown(_("**{name} has the best median. On the same seeds it is, against:**").format(name=labels[best]))
    rows = {
        chosen.title: [screen.unbroken(labels[other]) for other in others],
        _("Better in"): [f"{pair.lower}/{n}" for pair in pairs.values()],
        _("Worse in"): [f"{pair.higher}/{n}" for pair in pairs.values()],
        _("p-value"): [numbers.plain(pair.p, 2) for pair in pairs.values()],
    }
    screen.table(pd.DataFrame(rows), alt=_("The best value against each other one, seed by seed"), scroll=False)
    alike = [labels[other] for other, pair in pairs.items() if not pair.told_apart(k)]
    if alike:
        st.markdown(_("**Not told apart from the best by these seeds:** {names}").format(names="; ".join(alike)))
    else:
        st.markdown(_("**All others are told apart from the best by these seeds.**"))
    words = [_("p-value: exact two-sided sign test.")]
    if k > 1:
        words.append(
            _(
                "The best one was found with these same seeds, so that all {k} pairs of values count: each is asked "
                "for {limit} instead of {level}."
            ).format(k=k, limit=numbers.plain(LEVEL / k, 2), level=LEVEL)
        )
    if n < fewest_pairs(k):
        words.append(
            _("With fewer than {fewest} seeds nothing can be told apart here, even if all of them agree.").format(
                fewest=fewest_pairs(k)
            )
        )
    if not chosen.config.new_data:
        words.append(_("All this is about other starts on these samples, not about other samples."))
    screen.aside(" ".join(words))


def closer(chosen: Setup, result: SweepResult) -> None:
    """How much is luck, and one pair of values, as formulas."""
    left, right = st.columns(2, gap="large")
    n_seeds = chosen.config.n_seeds
    with left:
        st.markdown(
            _("**Effect or luck?** In each seed i the values v by rank r; {n} seeds, {k} values:").format(
                n=n_seeds, k=result.n_values
            )
        )
        st.latex(lab_sweep.luck(result.luck(chosen.measure), n_seeds))
        screen.aside(
            _(
                "W, Kendall’s coefficient of concordance, is 1 where all seeds rank the values alike. Values without "
                "any effect would still have {luck} on average. In a seed, equal runs share a rank, and so do all that "
                "have diverged."
            ).format(luck=r"$W_{\mathrm{luck}}$")
        )
    with right:
        _pair(chosen, result)


def _pair(chosen: Setup, result: SweepResult) -> None:
    """Two values, seed by seed."""
    places = {str(place): label for place, label in enumerate(chosen.labels)}
    best, second = result.order(chosen.measure)[:2]
    scope = f"{chosen.scope}.{'.'.join(chosen.labels)}.{best}.{second}"
    st.markdown(_("**Two values, seed by seed:**"))
    with st.container(horizontal=True):
        codes = [
            controls.choice(st.selectbox, label, places, key=f"training_sweep_{key}", default=str(place), scope=scope)
            for label, key, place in (("A", "a", best), ("B", "b", second))
        ]
    if codes[0] == codes[1]:
        st.info(_("Choose two different values."))
        return
    found = result.pair(int(codes[0]), int(codes[1]), chosen.measure)
    st.latex(lab_sweep.pair(found))
    screen.aside(
        _("A is better in {lower} of {n} seeds, worse in {higher}; equal seeds are left out.").format(
            lower=found.lower, higher=found.higher, n=found.n
        )
        + f" {_told_apart(found, result.comparisons)}"
    )


def _told_apart(found: Paired, comparisons: int) -> str:
    """Whether a pair that may have been picked for how it came out is told apart."""
    words = (
        _("Told apart; pairs to pick from: {k}, limit of p: {limit}.")
        if found.told_apart(comparisons)
        else _("Not told apart; pairs to pick from: {k}, limit of p: {limit}.")
    )
    return words.format(k=comparisons, limit=numbers.plain(LEVEL / comparisons, 2))


def fresh(chosen: Setup, result: SweepResult, column: DeltaGenerator) -> None:
    """The best value and the next one from seeds that took no part in the choice."""
    best, second, *_rest = result.order(chosen.measure)
    with st.container(border=True):
        st.markdown(
            _("**The best of {n} is chosen by luck too.** How good is it on seeds that nobody has looked at?").format(
                n=result.n_values
            )
        )
        if not controls.toggle(_("Check the best on fresh seeds"), key="training_sweep_fresh"):
            return
        config = sweep_setup.fresh(chosen.config, (best, second))
        checked = sweep_run.run(config, column, key="training_sweep_fresh_run")
        if checked is None:
            return
        old, new = result.band(chosen.measure).median, checked.band(chosen.measure).median
        labels = chosen.labels[best], chosen.labels[second]
        rows = {
            chosen.title: [screen.unbroken(label) for label in labels],
            _("Median, seeds it was chosen by"): [value(float(old[place])) for place in (best, second)],
            _("Median, fresh seeds"): [value(float(one)) for one in new],
        }
        screen.table(pd.DataFrame(rows), alt=_("The best two values on the old and on fresh seeds"))
        pair = checked.pair(0, 1, chosen.measure)
        st.markdown(
            _(
                "Fresh seeds {first} to {last}: {best} is better than {second} in {lower} of {n}, worse in {higher} "
                "(p = {p}; one comparison, so the limit is {level})."
            ).format(
                first=config.seeds[0],
                last=config.seeds[-1],
                best=labels[0],
                second=labels[1],
                lower=pair.lower,
                higher=pair.higher,
                n=pair.n,
                p=numbers.plain(pair.p, 2),
                level=LEVEL,
            )
        )
        if not config.new_data:
            screen.aside(
                _(
                    "The starts are fresh, the samples are not. With “New data for each seed too” the fresh seeds "
                    "have a test set of their own, which no choice has seen."
                )
            )


def everything(chosen: Setup, result: SweepResult) -> pd.DataFrame:
    """A row a run, at full precision."""
    rows = []
    for place, label in enumerate(chosen.labels):
        for run, seed in enumerate(chosen.config.seeds):
            at = (place, run)
            row = {chosen.title: label, _("Seed"): seed, _("Learning rate η (used)"): float(result.rates[place])}
            row |= {
                title: float(result.final(measure)[at])
                for measure, title in sweep_setup.measures(chosen.config.base).items()
            }
            row[_("lowest loss on the way")] = float(result.best_loss[at])
            row[_("its epoch")] = int(result.best_epoch[at])
            row[_("diverged in epoch")] = int(result.diverged_at[at])
            rows.append(row)
    return pd.DataFrame(rows)
