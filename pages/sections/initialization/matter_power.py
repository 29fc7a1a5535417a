"""How many runs tell two shares apart; and the classic mistake of comparing overlapping intervals."""

from dataclasses import replace
from functools import partial

import streamlit as st

from engine.proportions import (
    confidence_for_all,
    halfway,
    newcombe,
    normal_is_rough,
    p_value,
    power_curve,
    trials_to_tell_apart,
    wilson,
)
from engine.proportions import power as power_of
from engine.success_rates import NOTE_COUNTS, NOTE_RUNS
from pages.shared import controls, numbers, screen, show
from pages.shared.charts import series
from pages.shared.formulas import xor_shares as formulas
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

NORMAL, UNIFORM, DEFAULT = NOTE_COUNTS.values()
POWER = 0.8
PAIRS = 3  # comparisons among the note's three schemes
tex = partial(numbers.tex, digits=3)


def power() -> None:
    """The power over the number of runs, for two shares that the learner supposes."""
    st.markdown(_("**How many runs would tell two shares apart?** Suppose the true shares are:"))
    left, right = screen.columns("power")
    with left:
        p1 = _share(_("Share of one scheme"), "initialization_matter_p1", NORMAL)
        p2 = _share(_("Share of the other"), "initialization_matter_p2", UNIFORM)
    with screen.refusals():
        n = trials_to_tell_apart(p1, p2)
        significance = 1 - confidence_for_all(PAIRS)
        n_strict = trials_to_tell_apart(p1, p2, significance)
        middle = halfway(p1, p2)
        with right:
            _picture(p1, p2, n, n_strict, significance)
        with right:
            st.latex(formulas.trials(max(p1, p2), min(p1, p2), 0.95, POWER, n, tex))
        st.markdown(
            _(
                "To tell {p1} from {p2} takes **about {n} runs of each kind** (5%, power 80%), and about {strict} as "
                "one of {pairs} comparisons. With {runs} runs of each, as in the note, they are told apart in about "
                "{power} of all repetitions. Half as far apart, {p1} and {halfway}, it takes about {half}."
            ).format(
                p1=_percent(p1),
                p2=_percent(p2),
                n=n,
                strict=n_strict,
                pairs=PAIRS,
                runs=NOTE_RUNS,
                power=f"{numbers.plain(100 * power_of(p1, p2, NOTE_RUNS), 2)}%",
                halfway=_percent(middle),
                half=trials_to_tell_apart(p1, middle),
            )
        )
        if normal_is_rough(p1, p2):
            st.warning(_("So near to 0 or 1 these numbers are rough: shares are taken as normally distributed."))
    _supposed()


def _supposed() -> None:
    """What the fields open with is itself uncertain."""
    interval = newcombe((NORMAL, UNIFORM), (NOTE_RUNS, NOTE_RUNS))
    screen.aside(
        _(
            "The fields open with what the note observed, {a} and {b} of {runs}. That the true shares are these is a "
            "supposition: their difference may lie anywhere from {low} to {high} (95%), and were it 0, no number of "
            "runs would do. Statistical power: the probability that such an experiment tells the two apart. In the "
            "formula z belongs to the 5% and z′ to the power."
        ).format(
            a=NORMAL,
            b=UNIFORM,
            runs=NOTE_RUNS,
            low=numbers.plain(interval.low, 2),
            high=numbers.plain(interval.high, 3),
        )
    )


def _share(label: str, key: str, count: int) -> float:
    return controls.slider(label, key=key, default=count / NOTE_RUNS, low=0.01, high=0.99, step=0.01)


def _percent(share: float) -> str:
    return f"{numbers.plain(100 * share, 3)}%"


def _picture(p1: float, p2: float, n: int, n_strict: int, significance: float) -> None:
    most = max(1000, 2 * n_strict)
    trials, alone = power_curve(p1, p2, most)
    strict = power_curve(p1, p2, most, significance)[1]
    names = _("one comparison"), _("one of {n}").format(n=PAIRS)
    show.chart(
        series.spec(
            names,
            _("runs of each kind"),
            _("probability of telling them apart"),
            x_log=True,
            y_domain=(0, 1),
            marker=True,
        ),
        series.data(trials, dict(zip(names, (alone, strict), strict=True)), at=n),
        alt=_("Probability of telling the two shares apart, over the number of runs on a logarithmic axis"),
        key="initialization_matter_power",
    )
    screen.aside(_("Vertical line: where a single comparison reaches 80%."))


OVERLAP = Mistake(
    N_("Overlapping intervals"),
    (
        N_("Normal succeeds {a} of {runs} times; its 95% interval goes from {a_low} to {a_high}."),
        N_("PyTorch's default succeeds {b} of {runs} times; its 95% interval goes from {b_low} to {b_high}."),
        N_("The two intervals overlap, between {a_low} and {b_high}."),
        N_("So both shares may be the same number, and the difference of {a} and {b} is not significant at 5%."),
        N_("Were the two intervals apart, the difference would be significant at 5%."),
    ),
    3,
    N_(
        "Overlap proves nothing. Both ends are far off at the same time only rarely, so the interval of the difference "
        "is narrower than the two half-widths added: squares add up, not lengths. It goes from {low} to {high} and "
        "leaves out 0: taken alone, {a} against {b} is significant (the score test, made for this, gives p = {p}). "
        "Line 5 holds: intervals that are apart are enough, but they are not needed."
    ),
)


def _facts() -> dict[str, str]:
    a, b = wilson(NORMAL, NOTE_RUNS), wilson(DEFAULT, NOTE_RUNS)
    pair, runs = (NORMAL, DEFAULT), (NOTE_RUNS, NOTE_RUNS)
    difference = newcombe(pair, runs)
    return {
        "a": str(NORMAL),
        "b": str(DEFAULT),
        "runs": str(NOTE_RUNS),
        "a_low": numbers.plain(a.low, 3),
        "a_high": numbers.plain(a.high, 3),
        "b_low": numbers.plain(b.low, 3),
        "b_high": numbers.plain(b.high, 3),
        "low": numbers.plain(difference.low, 2),
        "high": numbers.plain(difference.high, 3),
        "p": numbers.plain(p_value(pair, runs), 2),
    }


def mistake() -> None:
    """Find the mistake."""
    told = replace(OVERLAP, facts=_facts())
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        guess = reasoning(told, key="initialization_matter_mistake")
        answer(
            told,
            guess,
            hint=_("Type the note's counts in, and look at the interval of the difference."),
            key="initialization_matter_mistake_solution",
            code="initialization_matter_mistake",
        )
