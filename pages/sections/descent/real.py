"""The optimizers on a real loss: XOR from many starts, medians, bands, shares; and what a single run is worth."""

import math
from functools import partial

import pandas as pd
import streamlit as st

from engine.export_study import study_script
from engine.optimizer_study import RATES, SEARCH_SEEDS, Outcome
from engine.proportions import wilson
from pages.sections.descent import real_pair, real_run
from pages.sections.descent.real_run import Found
from pages.sections.descent.real_setup import Setup, setup
from pages.shared import controls, names, numbers, screen, show, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.charts import optimizer_study
from pages.shared.formulas import study
from pages.shared.text import _

ORDER = tuple(names.OPTIMIZERS.values())
OF_TEN = 10  # starts of the challenge


@controls.section
def section() -> None:
    screen.question(_("Which optimizer wins on a real loss, and how sure can one be?"))
    left, right = screen.columns()
    with left:
        chosen = setup()
    found = Found({}, {})
    with right, screen.refusals():
        found = real_run.run(chosen, left)
        if found.outcomes:
            _picture(chosen, found)
    if found.searches:
        _rates(chosen, found)
    if found.outcomes:
        _tables(chosen, found)
        real_pair.pair(chosen, found.outcomes)
    real_pair.mistake()
    _notice()
    _challenge()
    if found.outcomes:
        rates = {code: outcome.learning_rate for code, outcome in found.outcomes.items()}
        takeaway.takeaway("descent_real", _everything(found), study_script(chosen.config, rates))


def _picture(chosen: Setup, found: Found) -> None:
    """Medians and bands. The alternative text holds no number that a drag changes."""
    outcomes = _by_title(found)
    show.chart(
        optimizer_study.spec(tuple(outcomes), _("updates"), _("loss"), _("all outputs ½"), ORDER),
        optimizer_study.data(outcomes),
        alt=_("Median loss over the updates on a logarithmic axis, with the quartiles as a band: {names}").format(
            names=", ".join(outcomes)
        ),
        key="descent_real_picture",
    )
    config = chosen.config
    screen.aside(
        _(
            "**Line:** the median of {n} starts. **Band:** from the lower to the upper quartile, the middle half of "
            "them. **Dotted:** every output is ½. Each update uses all four samples, so that the start is all that "
            "is random; all optimizers begin from the same {n} starts. The loss is the sum over the four samples, as "
            "in the calculator. Below {low} it is drawn at the lower edge."
        ).format(n=config.n_seeds, low=numbers.plain(optimizer_study.LOWEST))
    )
    if "asgd" in found.outcomes:
        screen.aside(_("Averaged SGD: this is the loss of its current parameters, not of their average."))
    st.latex(study.plateau(config.loss, config.plateau, partial(numbers.tex, digits=4)))


def _rates(chosen: Setup, found: Found) -> None:
    """What the search for the best learning rates has found."""
    searches = {names.OPTIMIZERS[code]: search for code, search in found.searches.items()}
    n = len(SEARCH_SEEDS)
    st.markdown(_("**The search for the best learning rates.**"))
    left, right = st.columns(2, gap="large")
    with left:
        show.chart(
            optimizer_study.rates_spec(
                tuple(searches), _("learning rate"), _("median of the last loss"), ORDER, log=True
            ),
            optimizer_study.rates_data(searches),
            alt=_("Median of the last loss at each learning rate, both axes logarithmic"),
            key="descent_real_rates_loss",
        )
    with right:
        show.chart(
            optimizer_study.rates_spec(
                tuple(searches),
                _("learning rate"),
                _("starts that solved XOR, of {n}").format(n=n),
                ORDER,
                y_domain=(-0.3, n + 0.3),
            ),
            optimizer_study.solved_data(searches),
            alt=_("Starts of {n} that solved XOR, at each learning rate").format(n=n),
            key="descent_real_rates_solved",
        )
    screen.aside(
        _(
            "{n} learning rates from {low} to {high}, each from {starts} starts with the seeds {first} to {last}: none "
            "of those that are shown above and below, or each optimizer would be praised for its luck. Best is the "
            "learning rate that solves XOR most often; among several, the one with the lowest median loss. With "
            "{starts} starts, neighbours can hardly be told apart. A median at the upper edge is {high_loss} or more, "
            "or infinite."
        ).format(
            n=len(RATES),
            low=numbers.plain(RATES[0]),
            high=numbers.plain(RATES[-1]),
            starts=n,
            first=SEARCH_SEEDS[0],
            last=SEARCH_SEEDS[-1],
            high_loss=numbers.plain(optimizer_study.HIGHEST),
        )
    )
    at_an_end = [title for title, search in searches.items() if search.at_an_end]
    if at_an_end:
        st.info(
            _("At an end of the grid, so that a better learning rate may lie beyond it: {names}.").format(
                names=", ".join(at_an_end)
            )
        )


def _tables(chosen: Setup, found: Found) -> None:
    """The losses, and how often and how fast XOR was solved."""
    outcomes = _by_title(found)
    losses = {
        _("Optimizer"): list(outcomes),
        "η": [o.learning_rate for o in outcomes.values()],
        _("Median of the last loss"): [_loss(o.median[-1]) for o in outcomes.values()],
        _("Quartiles"): [f"{_loss(o.low[-1])} – {_loss(o.high[-1])}" for o in outcomes.values()],
    }
    screen.table(
        pd.DataFrame(losses),
        alt=_("The loss after {n} updates").format(n=f"{chosen.config.updates:,}"),
        own={"η": 3},
    )
    solved = {
        _("Optimizer"): list(outcomes),
        _("Solved"): [f"{o.n_solved}/{o.n_seeds}" for o in outcomes.values()],
        _("95% interval"): [f"{100 * o.share.low:.0f}–{o.share.high:.0%}" for o in outcomes.values()],
        _("Updates, median"): [_updates(o.updates_to_solve) for o in outcomes.values()],
        _("Plateau"): [str(o.n_on_plateau) for o in outcomes.values()],
        _("Diverged"): [str(o.n_diverged) for o in outcomes.values()],
    }
    screen.table(pd.DataFrame(solved), alt=_("How often XOR was solved, and after how many updates"))
    screen.aside(
        _(
            "**Solved:** all four answers are right after the last update (an output above ½ means 1); the interval of "
            "this share is Wilson's. **Updates:** those after which they stay right; a run that is not solved counts "
            "as infinitely many, so that a dash means half of the runs or more. **Plateau:** not solved, and the loss "
            "within 5% of the dotted line. **Diverged:** the loss is no longer finite; it counts as infinite. No run "
            "is left out."
        )
    )


def _loss(value: float) -> str:
    return numbers.plain(value, 3) if math.isfinite(value) else "∞"


def _updates(value: float) -> str:
    return numbers.plain(value) if math.isfinite(value) else "–"


def _by_title(found: Found) -> dict[str, Outcome]:
    return {names.OPTIMIZERS[code]: outcome for code, outcome in found.outcomes.items()}


def _everything(found: Found) -> pd.DataFrame:
    """Both tables at full precision."""
    rows = [
        {
            _("Optimizer"): names.OPTIMIZERS[code],
            _("Learning rate"): o.learning_rate,
            _("Median of the last loss"): o.median[-1],
            _("Lower quartile"): o.low[-1],
            _("Upper quartile"): o.high[-1],
            _("Starts"): o.n_seeds,
            _("Solved"): o.n_solved,
            _("95% interval, from"): o.share.low,
            _("95% interval, to"): o.share.high,
            _("Updates, median"): o.updates_to_solve,
            _("Plateau"): o.n_on_plateau,
            _("Diverged"): o.n_diverged,
        }
        for code, o in found.outcomes.items()
    ]
    return pd.DataFrame(rows)


def _notice() -> None:
    screen.notice(
        _(
            "The surfaces of the race have two variables, and an optimizer that moves at all hardly ever gets stuck "
            "there for good. XOR's loss has a plateau, where every output is near ½ and the gradient almost vanishes, "
            "and dead ends, such as $2 \\ln 2 \\approx 1.386$: two answers right and two at ½. On 2-2-1 at "
            "η = 0.1, the rules whose step hardly depends on the gradient's size leave the plateau first, RMSProp "
            "before Adam; but they also end in the nearest dead end more often (9 and 13 of 25 starts solved). "
            "Momentum takes longer and solves 22. With four hidden units almost all succeed. A ranking "
            "belongs to a loss, a network, a learning rate and a number of updates."
        )
    )
    screen.aside(
        _(
            "L-BFGS is missing here: it moves one run at a time, and each of its steps takes several gradients, so "
            "that its updates are not comparable with these."
        )
    )


def _challenge() -> None:
    """All of ten is not always."""
    answer = 100 * wilson(OF_TEN, OF_TEN).low
    challenge(
        "descent_real_challenge",
        _(
            "An optimizer solves XOR from 10 of 10 starts. What is the smallest percentage of all starts that the 95% "
            "interval still allows (2 digits)?"
        ),
        answer=answer,
        tolerance=close(answer, 2),
        hint=_(
            "Set “Starts (seeds)” to 10 and the network to 2-4-1, and look at the interval of an optimizer that "
            "solved all of them."
        ),
        explanation=_(
            "Where all n runs succeed, Wilson's interval begins at $n / (n + 1.96^2)$: $10 / 13.84 \\approx 72\\,\\%$. "
            "An optimizer that fails one time in four would still have ten successes in a row more than one time in "
            "twenty. With 50 of 50 it begins at 93%."
        ),
    )
