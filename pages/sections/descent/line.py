"""Section: gradient descent along a curve, and what the learning rate makes of it."""

import math
from functools import partial

import pandas as pd
import streamlit as st

from engine.descent_regimes import twin
from engine.export_line import line_script
from engine.line_descent import Walk
from engine.surfaces import PARABOLA
from pages.sections.descent import line_regime
from pages.sections.descent.line_setup import START, Setup, setup
from pages.shared import cached_descent, controls, numbers, player, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import paths
from pages.shared.formulas import descent_line as formulas
from pages.shared.text import _

AROUND = 4  # rows before and after the current step
MOST_ROWS = 200  # of the table on screen; the file holds all
TOO_FAST = 0.85  # the challenge's learning rate


@controls.section
def section() -> None:
    screen.question(_("How far should a step downhill go?"))
    left, right = screen.columns()
    table, script = None, ""
    with screen.refusals():
        with left:
            chosen = setup()
            st.latex(formulas.function(chosen.surface.latex, chosen.code))
        walk = cached_descent.walk(*chosen.run)
        found = line_regime.regime(chosen)
        with right:
            k = _picture(chosen, walk)
            line_regime.explain(chosen, found, walk)
            line_regime.strip(chosen, found)
        _numbers(chosen, walk, found, k)
        table = _table(chosen, walk, k)
        script = line_script(chosen.code, chosen.start, chosen.rate, chosen.n_steps, found.minimum)
    _notice()
    _challenge()
    if table is not None:
        takeaway.takeaway("descent_line", table, script)


def _picture(chosen: Setup, walk: Walk) -> int:
    """The path on the curve, with its player; returns the step it stands at."""
    curve = cached_descent.curve(chosen.code, *chosen.x_range)
    path = paths.Path("f(xₖ)", walk.x[:, None], walk.values, slopes=walk.slopes)
    marks = [paths.mark(x, y, label=_("minimum")) for x, y in curve.minima]
    shown = paths.curve([path], x=curve.x, y=curve.y, y_range=curve.y_range, titles=("x", "f(x)"), marks=marks)
    return player.player(
        shown,
        key="descent_line_step",
        alt=_("The curve of f with the steps of gradient descent on it, and the tangent at the current one"),
        scope=f"{chosen.scope} {chosen.n_steps}",
        pick=lambda point, done: controls.drag([START], point[:1], done, chosen.scope),
    )


def _numbers(chosen: Setup, walk: Walk, found: line_regime.Regime, k: int) -> None:
    """The current step and the borders of the learning rate, beside each other."""
    left, right = st.columns(2, gap="large")
    with left:
        shown = min(k, walk.last_shown)
        st.markdown(_("**The step** from {before} to {after}").format(before=_x(shown), after=_x(shown + 1)))
        if shown < 0:
            st.markdown(_("The first step is already too large to be computed."))
        else:
            st.latex(formulas.step(walk, shown, chosen.rate, partial(numbers.tex, digits=chosen.digits)))
        if shown < k:
            screen.aside(_("The last step whose numbers can be computed."))
        screen.aside(_("The learning rate is not the length of the step: the slope decides as well."))
    with right:
        st.markdown(f"**{_('How large η may be')}**")
        line_regime.limits(chosen, found)


def _x(k: int) -> str:
    return f"$x_{{{k}}}$"


def _table(chosen: Setup, walk: Walk, k: int) -> pd.DataFrame:
    """The steps around the current one, or all; returns all of them at full precision."""
    columns = {
        "k": list(range(len(walk.x))),
        "xₖ": walk.x.tolist(),
        "f(xₖ)": walk.values.tolist(),
        "f′(xₖ)": walk.slopes.tolist(),
        "−η f′(xₖ)": walk.steps.tolist(),
    }
    whole = controls.toggle(_("All steps"), key="descent_line_all")
    around = MOST_ROWS // 2 if whole else AROUND
    low = max(0, min(k - around, chosen.n_steps - 2 * around))
    rows = range(low, min(low + 2 * around, chosen.n_steps) + 1)
    shown = {title: [_cell(values[row]) for row in rows] for title, values in columns.items()}
    shown["k"] = [f"▶ {row}" if row == k else str(row) for row in rows]
    screen.table(
        pd.DataFrame(shown), alt=_("The steps: place, height, slope, and the way to the next"), digits=chosen.digits
    )
    if len(rows) <= chosen.n_steps:
        screen.aside(
            _("Steps {first} to {last} of {n}; the file below has all.").format(
                first=rows[0], last=rows[-1], n=chosen.n_steps
            )
        )
    return pd.DataFrame(columns)


def _cell(value: float) -> float | str:
    """A number, or why there is none."""
    if math.isfinite(value):
        return value
    return "–" if math.isnan(value) else ("∞" if value > 0 else "−∞")


def _notice() -> None:
    screen.notice(
        _(
            "On a quadratic two numbers decide everything, wherever the start is: below 1/λ x comes from one side, "
            "between 1/λ and 2/λ it swings from side to side, above 2/λ it runs away. On other curves the curvature "
            "changes along the way, so the start decides too: compare the quartic at η = 0.25 from 1.5 and from 0.5."
        )
    )


def _challenge() -> None:
    """Both rates have factors of the same size, on either side of 1/λ."""
    (bend,) = PARABOLA.eigenvalues
    answer = twin(TOO_FAST, bend)
    challenge(
        "descent_line_challenge",
        _(
            "On f(x) = x², η = {rate} swings from side to side on its way to the minimum. Which smaller learning rate "
            "brings x nearer by the same factor in every step, without any swing?"
        ).format(rate=numbers.plain(TOO_FAST)),
        answer=answer,
        tolerance=0.0005,
        hint=_("The size |1 − ηλ| should be the same, with the other sign; here λ = {bend}.").format(
            bend=numbers.plain(bend)
        ),
        explanation=_(
            "With η = {rate} the factor is 1 − 2η = −0.7. The same size without the sign, 0.7, needs η = {answer}. "
            "Both lie equally far from 1/λ = 0.5, where a single step arrives."
        ).format(rate=numbers.plain(TOO_FAST), answer=numbers.plain(answer)),
    )
