"""Networks with dropout and batch norm in either order: variances layer by layer, losses in both modes, test errors."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.dropout_and_norm import (
    MASKS,
    N_TEST,
    N_TRAIN,
    ORDERS,
    SIGNIFICANCE,
    OrderStudy,
    Pairs,
    compare,
    least_p_value,
    lowest_error,
)
from pages.sections.regularization.together_setup import Setup
from pages.shared import budget, controls, numbers, screen, show
from pages.shared.budget import Job
from pages.shared.cached_regularization_together import orders
from pages.shared.charts import series, together
from pages.shared.text import N_, _

NAMES = {
    "dropout_first": N_("dropout → BN"),
    "norm_first": N_("BN → dropout"),
    "last_only": N_("last layer only"),
}
NONE = "norm_first", 0.0  # without dropout there is no order

Studies = Mapping[tuple[str, float], OrderStudy]


def title(order: str, drop_rate: float) -> str:
    """An order's name in the learner's language."""
    return _(NAMES[order]) if drop_rate else _("no dropout")


def network(chosen: Setup, left: DeltaGenerator) -> dict[tuple[str, float], OrderStudy]:
    """All that is seen of the networks; (order, drop rate) -> what is there."""
    st.markdown(f"### {_('In a network')}")
    asked = [NONE, *((order, rate) for rate in chosen.drop_rates for order in ORDERS)]
    jobs = [
        Job(f"{title(*one)} (p = {one[1]:g})", orders, (chosen.config, *one), cost)
        for one in asked
        for cost in [chosen.config.cost(*one)]
    ]
    results = budget.run(jobs, left, key="regularization_together_run")
    found = {one: result for one, result in zip(asked, results, strict=True) if result is not None}
    there = [rate for rate in chosen.drop_rates if all((order, rate) in found for order in ORDERS)]
    if there and NONE in found:
        _show(chosen, found, there)
    return found


def _show(chosen: Setup, found: Studies, drop_rates: list[float]) -> None:
    rates = {f"{rate:g}": f"{rate:g}" for rate in drop_rates}
    scope = ".".join(rates)
    rate = controls.choice(
        st.segmented_control,
        _("Drop rate p that is looked at"),
        rates,
        key="regularization_together_look",
        default=list(rates)[-1],
        scope=scope,
        required=True,
    )
    at = {order: found[order, float(rate)] for order in ORDERS}
    left, right = st.columns(2, gap="large")
    with left:
        _shift(chosen, at, found[NONE])
    with right:
        _table(chosen, at, found[NONE])
    _over_rates(found, drop_rates)


def _shift(chosen: Setup, at: Mapping[str, OrderStudy], none: OrderStudy) -> None:
    """Variance met over variance stored, batch norm by batch norm."""
    st.markdown(_("**Δ of each batch norm:** the variance that evaluation meets, over the one that is stored"))
    studies = {_(NAMES[order]): one for order, one in at.items()} | {_("no dropout"): none}
    show.chart(
        together.shift_spec(tuple(studies), _("hidden layer"), "Δ"),
        series.data(
            range(1, chosen.config.n_hidden + 1),
            {label: one.shift.median for label, one in studies.items()},
            {label: (one.shift.low, one.shift.high) for label, one in studies.items()},
            log=True,
        ),
        alt=_("Variance in evaluation over stored variance, layer by layer, for each order of dropout and batch norm"),
        key="regularization_together_shift",
    )
    screen.aside(
        _(
            "The median unit of each layer; line and band: median and middle half of {n} seeds, the same for all. "
            "Without dropout Δ is not exactly 1, because the running variance lags behind weights that still change. "
            "“last layer only”: dropout once, behind the last batch norm."
        ).format(n=chosen.config.n_seeds)
    )


def _table(chosen: Setup, at: Mapping[str, OrderStudy], none: OrderStudy) -> None:
    """Losses in both modes and test errors at one drop rate, and which order ends best."""
    studies = [*at.values(), none]
    write = partial(numbers.plain, digits=3)
    table = {
        _("Order"): [screen.unbroken(title(one.order, one.drop_rate)) for one in studies],
        _("Loss, training"): [write(float(one.in_training.median)) for one in studies],
        _("Loss, evaluation"): [write(float(one.in_evaluation.median)) for one in studies],
        _("Test error"): [_share(one.wrong.median) for one in studies],
        _("Measured anew"): [_share(one.wrong_remeasured.median) for one in studies],
    }
    screen.table(pd.DataFrame(table), alt=_("Losses in both modes and test errors, for each order"))
    screen.aside(
        _(
            "**Loss:** of the {train} training samples, in training mode (all of them as one batch, mean of {masks} "
            "draws of masks) and in evaluation mode. **Test error:** wrong answers of {test} other samples, in "
            "evaluation mode. **Measured anew:** the same networks, their running statistics measured once more "
            "without masks. Medians over the seeds."
        ).format(train=N_TRAIN, test=N_TEST, masks=MASKS)
    )
    st.markdown(_verdict(list(at.values()), none))


def _share(value) -> str:
    return f"{float(value):.1%}"


def _verdict(dropped: list[OrderStudy], none: OrderStudy) -> str:
    """Which order has the lowest median, and what its seeds say of it against the others."""
    best = lowest_error(dropped)
    if best.guesses:
        return _("With dropout none of the orders is better here than guessing (50%); without dropout: {none}.").format(
            none=_share(none.wrong.median)
        )
    said = _(
        "Lowest median test error with dropout here: **{order}**, {error}; without dropout {none}. It was picked on "
        "the very samples that measure it, so the lowest is likely to be a little too good."
    ).format(order=title(best.order, best.drop_rate), error=_share(best.wrong.median), none=_share(none.wrong.median))
    others = {title(one.order, one.drop_rate): compare(best, one) for one in [*dropped, none] if one is not best}
    return f"{said} {_pairs(others, best.n_seeds)}"


def _pairs(others: Mapping[str, Pairs], n_seeds: int) -> str:
    """Seed by seed, and what that can tell apart."""
    found = [
        _("{name}: {lower} of {n} (p = {p})").format(
            name=name, lower=one.lower, n=n_seeds, p=numbers.plain(one.p_value, 2)
        )
        for name, one in others.items()
    ]
    said = _("Seeds in which it is lower than the others, and p of the exact two-sided sign test: {found}.").format(
        found="; ".join(found)
    )
    least = least_p_value(n_seeds)
    if least >= SIGNIFICANCE:
        few = _("{n} seeds can tell nothing apart at 5%: if all of them agreed, p would be {p}.")
        return f"{said} {few.format(n=n_seeds, p=numbers.plain(least, 2))}"
    apart = [name for name, one in others.items() if one.told_apart]
    if not apart:
        return f"{said} {_('None of them is told apart at 5%.')}"
    told = _("Told apart at 5%, each comparison by itself: {names}.")
    return f"{said} {told.format(names=', '.join(apart))}"


def _over_rates(found: Studies, drop_rates: list[float]) -> None:
    """Losses and errors over the drop rate."""
    rates, joined = (0.0, *drop_rates), len(drop_rates) > 1
    curves = {_(NAMES[order]): [found[NONE], *(found[order, p] for p in drop_rates)] for order in ORDERS}
    labels = (*curves, _("no dropout"))

    def spec(y_title: str) -> dict:
        return together.over_drop_rates_spec(tuple(curves), _("drop rate p"), y_title, labels, joined)

    def data(solid: str, dashed: str) -> dict[str, pd.DataFrame]:
        bands = (
            {label: [getattr(one, name) for one in ones] for label, ones in curves.items()} for name in (solid, dashed)
        )
        return together.over_drop_rates_data(rates, *bands)

    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            _("**Loss of the training samples.** Solid: evaluation mode; dashed: training mode")
            if joined
            else _("**Loss of the training samples.** Dots: evaluation mode; rings: training mode")
        )
        show.chart(
            spec(_("loss")),
            data("in_evaluation", "in_training"),
            alt=_("Loss of the training samples over the drop rate, in both modes, for each order"),
            key="regularization_together_losses",
        )
    with right:
        st.markdown(
            _("**Test error.** Solid: stored statistics; dashed: measured anew")
            if joined
            else _("**Test error.** Dots: stored statistics; rings: measured anew")
        )
        show.chart(
            spec(_("test error")),
            data("wrong", "wrong_remeasured"),
            alt=_("Share of wrong answers over the drop rate, for each order"),
            key="regularization_together_errors",
        )
    screen.aside(
        _(
            "More points: choose more drop rates. All orders begin at the same networks without dropout. A loss above "
            "{most} is drawn at {most}; the table has it."
        ).format(most=numbers.plain(together.MOST))
    )
