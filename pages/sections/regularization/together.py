"""Dropout and batch normalization together: one unit's variances exactly, then networks in either order."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.dropout_and_norm import OrderStudy
from engine.export_together import together_script
from engine.variance_shift import MAX_RATE, Unit, drop_rate_at, ratios
from pages.sections.regularization import together_network
from pages.sections.regularization.together_setup import Setup, setup
from pages.shared import controls, numbers, screen, show, takeaway
from pages.shared.cached_regularization_together import measured
from pages.shared.challenge import challenge
from pages.shared.charts import together
from pages.shared.formulas import variance_shift
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

CURVE = tuple(round(MAX_RATE * place / 90, 6) for place in range(91))
EXAMPLE, ASKED = Unit(1.0, 1.0, 0.5), Unit(2.0, 1.0, 0.0)
SAME_MEAN = Mistake(
    N_("The mean is kept"),
    (
        N_("Inverted dropout divides by 1 − p in training, so a unit's mean is the same in training and evaluation."),
        N_("A unit with μ = {mean} and σ = {std} that is dropped with p = {p} has the mean {mean} in both modes."),
        N_("So batch norm right behind it meets the same distribution in both, and what it has stored fits."),
        N_("Where what is stored fits, the normalized values have the variance 1 in evaluation, too."),
    ),
    2,
    N_(
        "The mean fits, the variance does not. In training it is (σ² + p μ²)/(1 − p) = {trained}, and that is stored; "
        "in evaluation it is σ² = {var}. The normalized values then have the variance {ratio} instead of 1."
    ),
    facts={
        "mean": numbers.plain(EXAMPLE.mean),
        "std": numbers.plain(EXAMPLE.std),
        "p": numbers.plain(EXAMPLE.drop_rate),
        "trained": numbers.plain(EXAMPLE.trained_var),
        "var": numbers.plain(EXAMPLE.var),
        "ratio": numbers.plain(EXAMPLE.ratio),
    },
)


@controls.section
def section() -> None:
    screen.question(_("Dropout before or after batch normalization, and what is left of it in evaluation?"))
    left, right = screen.columns()
    chosen, found = None, {}
    with left, screen.refusals():
        chosen = setup()
    if chosen:
        with right:
            _picture(chosen)
        _formulas(chosen)
        with screen.refusals():
            found = together_network.network(chosen, left)
    _mistake()
    _notice()
    _challenge()
    if chosen and found:
        script = together_script(chosen.unit, chosen.config, tuple(found))
        takeaway.takeaway("regularization_together", _everything(found), script)


def _picture(chosen: Setup) -> None:
    """The ratio of the variances over the drop rate, by the formula and as measured."""
    unit = chosen.unit
    st.markdown(
        _(
            "**Dropout first:** in evaluation batch norm meets only {share} of the variance that it has stored. "
            "**Batch norm first:** what it has stored fits, but perhaps not in the next layers (below)."
        ).format(share=f"{unit.ratio:.1%}")
        if unit.ratio < 1
        else _("Without dropout batch norm meets in evaluation the variance that it has stored.")
    )
    show.chart(
        together.ratio_spec(_("drop rate p"), _("variance after BN in evaluation")),
        together.ratio_data(
            CURVE, ratios(unit.mean, unit.std, CURVE), measured(unit.mean, unit.std), (unit.drop_rate, unit.ratio)
        ),
        alt=_("The variance of a unit behind dropout and batch normalization in evaluation, over the drop rate"),
        key="regularization_together_picture",
    )
    screen.aside(
        _(
            "A unit's values pass dropout and then batch normalization, whose output has the variance 1 in training. "
            "**Line:** the formula below. **Diamonds:** 1,000 values with exactly this μ and σ through the layers of "
            "this app, median and middle half of five draws of masks; they check masks and code, not the theory. "
            "**Dot:** the chosen p. Classic dropout, which scales in evaluation instead, has the same ratio."
        )
    )


def _formulas(chosen: Setup) -> None:
    number = partial(numbers.tex, digits=chosen.digits)
    left, right = st.columns(2, gap="large")
    with left:
        st.latex(variance_shift.moments())
    with right:
        st.latex(variance_shift.variances(chosen.unit, number))
        st.latex(variance_shift.ratio(chosen.unit, number))


def _everything(found: dict[tuple[str, float], OrderStudy]) -> pd.DataFrame:
    """All that was trained, at full precision."""
    rows = []
    for (order, rate), one in found.items():
        row = {_("Order"): together_network.title(order, rate), "p": rate}
        parts = {
            _("Loss, training mode"): one.in_training,
            _("Loss, evaluation mode"): one.in_evaluation,
            _("Test error"): one.wrong,
            _("Test error, measured anew"): one.wrong_remeasured,
        }
        for name, band in parts.items():
            row |= {name: float(band.median), f"{name}, Q1": float(band.low), f"{name}, Q3": float(band.high)}
        row |= {f"Δ {layer}": float(ratio) for layer, ratio in enumerate(one.shift.median, 1)}
        rows.append(row | {_("Seeds"): one.n_seeds, _("Diverged"): one.n_diverged})
    return pd.DataFrame(rows)


def _mistake() -> None:
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        guess = reasoning(SAME_MEAN, key="regularization_together_mistake")
        answer(
            SAME_MEAN,
            guess,
            hint=_("Set μ, σ and p to its numbers: which of the two moments changes?"),
            key="regularization_together_mistake_solution",
            code="regularization_together_mistake",
        )


def _notice() -> None:
    screen.notice(
        _(
            "Inverted dropout keeps a unit's mean and enlarges its variance, the more so the larger p and the larger μ "
            "is against σ. Batch norm right behind it stores the enlarged variance, and in evaluation its output is "
            "too small. With dropout behind batch norm this one is spared, but the next layer adds up masked values. "
            "With ReLU, as this screen opens, the batch norm there stores too much as well, and it piles up from layer "
            "to layer; with tanh there is hardly any of it (More settings). Where no batch norm follows, no stored "
            "statistic is wrong, though the next layer's sums still vary less in evaluation."
        )
    )
    screen.aside(
        _(
            "Li, Chen, Hu and Yang (2019) call it the variance shift, and recommend dropout after the last batch norm "
            "only, or noise that changes the variance less. How much it costs is another question: measure it, as "
            "above. Statistics measured anew fit again, and yet the test error may fall or rise: compare batch norm "
            "after f and before f."
        )
    )


def _challenge() -> None:
    """Half of the variance is soon gone."""
    challenge(
        "regularization_together_challenge",
        _(
            "A unit has μ = {mean} and σ = {std}. At which drop rate p does evaluation meet only half of the variance "
            "that batch norm right behind the dropout has stored? Answer with two decimals."
        ).format(mean=numbers.plain(ASKED.mean), std=numbers.plain(ASKED.std)),
        answer=drop_rate_at(ASKED.mean, ASKED.std, 0.5),
        tolerance=0.005,
        hint=_("Write Δ = ½ with these numbers, and solve for p. Check it with the sliders."),
        explanation=_(
            "Δ = (1 − p)/(1 + 4p) = ½ gives 2 − 2p = 1 + 4p, so p = 1/6. A mean that is large against σ makes even a "
            "small p felt: zeros are then far from all other values."
        ),
    )
