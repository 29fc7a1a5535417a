"""Whether the pile pays: test losses seed by seed, and no more than so few seeds can say."""

import math

import streamlit as st

from engine.paired_seeds import LEVEL, Paired, fewest_pairs, paired
from pages.sections.initialization.pretraining_run import Found
from pages.sections.initialization.pretraining_setup import Tuning, start_names
from pages.shared import numbers, screen
from pages.shared.text import _


def pays(tuning: Tuning, found: Found) -> None:
    """The pretrained start, or else the first, against each other start."""
    names, outcomes = start_names(), dict(found.outcomes)
    code = "rbm" if "rbm" in outcomes else next(iter(outcomes))
    own = outcomes.pop(code)
    if not outcomes:
        return
    pairs = {names[other]: paired(own.test_loss[:, -1], one.test_loss[:, -1]) for other, one in outcomes.items()}
    st.markdown(
        _(
            "**Does it pay here?** Test loss after {n} epochs, {name} against the same seeds of each other start:"
        ).format(n=tuning.config.epochs, name=names[code])
        + "\n"
        + "\n".join(f"- **{name}**: {_said(pair, len(pairs))}" for name, pair in pairs.items())
    )
    screen.aside(f"{_certainty(tuning.n_seeds, len(pairs))} {_reach()}")


def _said(pair: Paired, comparisons: int) -> str:
    apart = _("told apart") if pair.told_apart(comparisons) else _("not told apart")
    difference = numbers.plain(pair.difference, 3) if math.isfinite(pair.difference) else "∞"
    return _("lower in {k} of {n} seeds, median difference {difference}; {apart}").format(
        k=pair.lower, n=pair.n, difference=difference, apart=apart
    )


def _certainty(n_seeds: int, comparisons: int) -> str:
    needed = fewest_pairs(comparisons)
    if n_seeds < needed:
        return _(
            "So few seeds cannot tell anything apart, even if all point the same way: {comparisons} comparisons by a "
            "two-sided sign test, with {level} shared among them, take {needed} seeds at least. Choose more seeds."
        ).format(comparisons=comparisons, level=f"p ≤ {LEVEL}", needed=needed)
    return _(
        "Told apart: by a two-sided sign test over the seeds, with {level} shared among {comparisons} of them."
    ).format(level=f"p ≤ {LEVEL}", comparisons=comparisons)


def _reach() -> str:
    return _("It speaks of new seeds, not of other images: the 100 test images are always the same.")
