"""The numbers of overfitting: losses and accuracies at the end, and differences on the same seeds."""

import math
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from engine.overfitting import N_TEST
from engine.overfitting_pairs import SIGNIFICANCE, compare
from engine.overfitting_study import SMALL, Outcome
from engine.proportions import confidence_for_all, sign_test
from pages.sections.regularization.overfitting_setup import Setup
from pages.shared import controls, numbers, screen
from pages.shared.formulas import overfitting
from pages.shared.text import _

DIGITS = 3


def tables(chosen: Setup, outcomes: Mapping[str, Outcome]) -> None:
    """Losses, scores and pairs."""
    names = [screen.unbroken(label) for label in outcomes]
    ends = {label: outcome.bands for label, outcome in outcomes.items()}
    losses = {_("Regularization"): names}
    for title, name in (
        (_("Training loss"), "train_loss"),
        (_("Validation loss"), "validation_loss"),
        (_("Test loss"), "test_loss"),
    ):
        losses[title] = [_plain(band[name].median) for band in ends.values()]
    losses[_("Lowest validation loss (epoch)")] = [
        f"{_plain(band['best_loss'].median)} ({_plain(one.median('best_epoch'))})"
        for band, one in zip(ends.values(), outcomes.values(), strict=True)
    ]
    screen.table(pd.DataFrame(losses), alt=_("Losses at the end, median over the seeds"))
    regression = chosen.config.regression
    scores = {_("Regularization"): names}
    titles = (_("R², training"), _("R², validation"), _("R², test")) if regression else ()
    titles = titles or (_("Accuracy, training"), _("Accuracy, validation"), _("Accuracy, test"))
    for title, name in zip(titles, ("train_score", "validation_score", "test_score"), strict=True):
        scores[title] = [_score(one.median(name), regression) for one in outcomes.values()]
    scores[_("Weights up to {small}").format(small=SMALL)] = [_share(one.median("small")) for one in outcomes.values()]
    screen.table(pd.DataFrame(scores), alt=_("How good the answers are at the end, median over the seeds"))
    screen.aside(
        _(
            "All numbers are medians over {seeds} seeds, after the last epoch or, with early stopping, at the best "
            "epoch. The lowest validation loss has been searched for among all epochs, as early stopping does: such a "
            "number is no unbiased test any more. That takes the **test set**: {n} samples that nothing was chosen by."
        ).format(seeds=chosen.n_seeds, n=f"{N_TEST:,}")
    )
    if len(outcomes) > 1:
        _pairs(chosen, outcomes)


def _pairs(chosen: Setup, outcomes: Mapping[str, Outcome]) -> None:
    """Each setting against the first, seed by seed."""
    reference, *others = outcomes
    pairs = {label: compare(outcomes[label], outcomes[reference]) for label in others}
    st.markdown(
        _("**Compared with the setting {name}, on the same seeds, by the loss on the test set:**").format(
            name=reference
        )
    )
    table = {
        _("Regularization"): [screen.unbroken(label) for label in others],
        _("Loss lower in"): [f"{pair.n_lower}/{chosen.n_seeds}" for pair in pairs.values()],
        _("p-value"): [numbers.plain(pair.p_value, 2) for pair in pairs.values()],
        _("Median difference"): [_plain(pair.median) for pair in pairs.values()],
        _score_title(chosen.config.regression): [
            f"{one.n_score_higher} : {one.n_score_lower}" for one in pairs.values()
        ],
    }
    screen.table(pd.DataFrame(table), alt=_("Each setting against the first one, on the same seeds"))
    apart = {label: pair.n_lower > pair.n_higher for label, pair in pairs.items() if pair.told_apart}
    for title, found in (
        (_("**Lower loss:**"), [label for label, lower in apart.items() if lower]),
        (_("**Higher loss, here it hurts:**"), [label for label, lower in apart.items() if not lower]),
        (_("**Losses not told apart by these seeds:**"), [label for label in others if label not in apart]),
    ):
        if found:
            st.markdown(f"{title} {'; '.join(found)}")
    if not chosen.config.regression:
        _about_loss_and_accuracy([label for label, pair in pairs.items() if pair.doubtful])
    screen.aside(" ".join(_about_p(chosen.n_seeds, len(others))))


def _score_title(regression: bool) -> str:
    return _("R² higher : lower") if regression else _("Accuracy higher : lower")


def _about_loss_and_accuracy(doubtful: list[str]) -> None:
    """A lower loss is not always a better network."""
    if doubtful:
        st.markdown(
            _("**Lower loss, but lower accuracy too:** {names}. Which one is better depends on what is asked.").format(
                names="; ".join(doubtful)
            )
        )
    screen.aside(
        _(
            "Cross-entropy punishes overconfidence: a sure answer that is wrong costs a lot, while always answering "
            "50% costs $\\ln 2 \\approx 0.693$ and no more. So a network that hardly dares to answer can have the "
            "lower loss and the lower accuracy."
        )
    )


def _about_p(n_seeds: int, n_pairs: int) -> list[str]:
    """What the p-values say, and what they do not."""
    best = sign_test(n_seeds, 0)
    words = [
        _(
            "The p-value is that of the exact two-sided sign test (ties left out): how often seeds would be at least "
            "as one-sided by chance alone. The losses count as told apart up to {limit}."
        ).format(limit=numbers.plain(SIGNIFICANCE))
    ]
    if best > SIGNIFICANCE:
        words.append(
            _("With {n} seeds even {n} of {n} have {p}: choose more seeds.").format(n=n_seeds, p=numbers.plain(best, 2))
        )
    if n_pairs > 1:
        words.append(
            _("{n} comparisons at once: to be wrong in none of them with 95%, ask for {limit} at most.").format(
                n=n_pairs, limit=numbers.plain(1 - confidence_for_all(n_pairs), 3)
            )
        )
    return [*words, _("All this is about other starts on these training samples, not about other samples.")]


def closer(chosen: Setup, outcomes: Mapping[str, Outcome]) -> None:
    """One setting's rule with its numbers, and its differences from the first."""
    reference, *others = outcomes
    if not others:
        return
    labels = {str(number): label for number, label in enumerate(others, 1)}
    code = controls.choice(
        st.segmented_control,
        _("Look closer at"),
        labels,
        key="regularization_over_closer",
        scope=".".join(outcomes),
        required=True,
        wrap=True,
    )
    label = labels[code]
    outcome = outcomes[label]
    one = outcome.regularizer
    left, right = st.columns(2, gap="large")
    with left:
        if one.kind != "none":
            st.markdown(_titles()[one.kind])
            st.latex(overfitting.rule(one, outcome, 0))
        for remark in _remarks(chosen, outcome):
            screen.aside(remark)
    with right:
        st.markdown(
            _("Seed by seed, A: {first}, B: {second}; losses on the test set:").format(first=label, second=reference)
        )
        st.latex(overfitting.paired(compare(outcome, outcomes[reference])))


def _titles() -> dict[str, str]:
    return {
        "dropout": _("In training, each unit’s mask m is drawn anew for each sample; in evaluation every unit works:"),
        "l1": _("What is minimized (seed 0, at the end), and its gradient:"),
        "l2": _("What is minimized (seed 0, at the end), and its gradient:"),
        "early_stopping": _("Training stops after the first epoch t with (seed 0):"),
    }


def _remarks(chosen: Setup, outcome: Outcome) -> list[str]:
    """What a name may hide."""
    kind, adam = outcome.regularizer.kind, chosen.config.optimizer == "adam"
    if kind == "early_stopping" and outcome.stopped_at[0] < 0:
        return [_("Seed 0 ran to the last epoch: its validation loss never waited that long.")]
    if kind in ("l1", "l2"):
        biases = [
            _(
                "Only weights are penalized, biases are not. The losses in pictures and tables are L, without the "
                "penalty."
            )
        ]
        if kind == "l1":
            return biases
        name = (
            _(
                "With plain SGD, L2 is also called weight decay: $w \\leftarrow (1 - \\eta\\lambda)\\,w - \\eta\\,"
                "\\partial L / \\partial w$. With Adam, as here, it is not the same: the penalty goes through Adam’s "
                "averages, while weight decay (AdamW) does not."
            )
            if adam
            else _(
                "With plain SGD, as here, L2 is also called weight decay: $w \\leftarrow (1 - \\eta\\lambda)\\,w - "
                "\\eta\\,\\partial L / \\partial w$. With Adam the two are not the same."
            )
        )
        return [*biases, name]
    return []


def everything(outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """All that the tables hold, at full precision."""
    reference = next(iter(outcomes.values()))
    rows = []
    for label, one in outcomes.items():
        bands, pair = one.bands, compare(one, reference)
        row = {_("Regularization"): label}
        for title, name in _columns().items():
            row |= {
                title: bands[name].median,
                _("{name}, lower quartile").format(name=title): bands[name].low,
                _("{name}, upper quartile").format(name=title): bands[name].high,
            }
        row[_("Best epoch")] = one.median("best_epoch")
        row |= {title: one.median(name) for title, name in _scores().items()}
        row[_("Weights up to {small}").format(small=SMALL)] = one.median("small")
        row |= {_("Loss lower in"): pair.n_lower, _("Loss higher in"): pair.n_higher, _("p-value"): pair.p_value}
        row |= {_("Median difference"): pair.median}
        row |= {_("Score higher in"): pair.n_score_higher, _("Score lower in"): pair.n_score_lower}
        rows.append(row | {_("Diverged"): one.n_diverged, _("Seeds"): one.n_seeds})
    return pd.DataFrame(rows)


def _columns() -> dict[str, str]:
    return {
        _("Training loss"): "train_loss",
        _("Validation loss"): "validation_loss",
        _("Test loss"): "test_loss",
        _("Lowest validation loss"): "best_loss",
    }


def _scores() -> dict[str, str]:
    return {
        _("Score, training"): "train_score",
        _("Score, validation"): "validation_score",
        _("Score, test"): "test_score",
    }


def _plain(value: float) -> str:
    return "∞" if math.isinf(value) else "–" if math.isnan(value) else numbers.plain(value, DIGITS)


def _score(value: float, regression: bool) -> str:
    return _plain(value) if regression else _share(value)


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1%}"
