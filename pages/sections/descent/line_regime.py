"""What the descent along a curve does, by name: on a quadratic by formula, elsewhere as its path was watched."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from engine import descent_regimes, quadratics
from engine.descent_regimes import CRAWL_STEPS, WATCHED
from engine.line_descent import Walk
from pages.sections.descent.line_setup import HIGH, LOW, Setup
from pages.shared import cached_descent, numbers, screen, show
from pages.shared.charts import rates as picture
from pages.shared.formulas import descent_line as formulas
from pages.shared.text import N_, _

NAMES = {
    "rests": N_("stands still"),
    "jumps": N_("arrives in one step"),
    "converges": N_("converges"),
    "crawls": N_("crawls"),
    "slows": N_("slows down"),
    "oscillates": N_("oscillates"),
    "bounces": N_("bounces for ever"),
    "wanders": N_("wanders"),
    "diverges": N_("diverges"),
}
FAR_AWAY = {  # why a run that diverges grows as it does
    "double_well": N_("Further out the curve is steeper and steeper, so the factor of a step itself grows."),
    "quartic": N_("Further out the curve is steeper and steeper, so the factor of a step itself grows."),
    "wavy": N_("Far away the waves hardly count: f is almost x²/20, so λ = 0.1, and 2/λ = 20 is the border."),
}
GOOD = ("jumps", "converges", "oscillates")

BY_FORMULA = {
    "crawls": N_(
        "**Crawls.** η is below a hundredth of 1/λ = {one}: a step covers {covered} of the distance to the minimum, so "
        "after 100 steps more than 36% of it is still ahead."
    ),
    "converges": N_("**Converges** from one side, since η < 1/λ = {one}: each step leaves {left} of the distance."),
    "jumps": N_("**Arrives in one step.** η = 1/λ = {one} exactly, so the factor 1 − ηλ is 0."),
    "oscillates": N_(
        "**Oscillates, and arrives.** η lies between 1/λ = {one} and 2/λ = {two}: the factor is negative, so each step "
        "lands on the other side of the minimum, at {left} of the distance."
    ),
    "bounces": N_(
        "**Bounces for ever.** η = 2/λ = {two} exactly: the factor is −1, so each step lands on the other side, just "
        "as far away."
    ),
    "diverges": N_(
        "**Diverges.** η > 2/λ = {two}: each step lands on the other side, {growth} times as far away. After k steps "
        "the distance is {growth} to the power of k times the first one."
    ),
}
WATCHED_TEXTS = {
    "jumps": N_("**Arrives in one step** at x* = {end}: the step happens to be as long as the way."),
    "converges": N_("**Converges** to x* = {end} from one side."),
    "crawls": N_("**Crawls** towards x* = {end}: after {crawl} steps more than 36% of the way is still ahead."),
    "slows": N_("**Slows down** on its way to x* = {end}: the flatter the curve, the shorter the step."),
    "oscillates": N_("**Oscillates, and arrives** at x* = {end}. Steps across the minimum: {crossings}."),
    "bounces": N_("**Bounces for ever** around x* = {end}. It ends in a cycle of {period} points, {width} wide."),
    "wanders": N_(
        "**Wanders.** Within {watched} steps it neither arrives nor repeats itself, nor does it run away: this looks "
        "like chaos."
    ),
    "diverges": N_("**Diverges.** From here the steps carry it further and further away."),
}


@dataclass(frozen=True)
class Regime:
    """What the descent is found to do.

    Attributes:
        code: key of NAMES.
        minimum: the one whose curvature decides: where it ends, else downhill from the start; None where there is none.
        bend: the curvature there.
        borders: 1/bend and 2/bend; None where bend is not above 0.
        factor: 1 − η bend.
    """

    code: str
    text: str
    minimum: float | None
    bend: float
    borders: tuple[float, float] | None
    factor: float


def regime(setup: Setup) -> Regime:
    """Name it, by formula where there is one."""
    seen = cached_descent.observed(setup.code, setup.start, setup.rate)
    end, home = float(seen.ends[0]), float(seen.homes[0])
    minimum = next((x for x in (end, home) if math.isfinite(x)), None)
    bend = 0.0 if minimum is None else descent_regimes.curvature(setup.surface, minimum)
    borders = quadratics.limits([bend]) if bend > 0 else None
    factor = descent_regimes.factor(setup.rate, bend)
    write = partial(numbers.plain, digits=setup.digits)
    code = str(seen.regimes[0])
    if code == "rests":
        return Regime(code, _at_rest(setup, end, home), minimum, bend, borders, factor)
    if setup.surface.eigenvalues:
        code = str(quadratics.regime(setup.rate, setup.surface.eigenvalues))
        text = _(BY_FORMULA[code]).format(
            one=write(borders[0]),
            two=write(borders[1]),
            covered=_percent(descent_regimes.progress(setup.rate, bend), write),
            left=_percent(abs(factor), write),
            growth=write(abs(factor)),
        )
    else:
        text = _(WATCHED_TEXTS[code]).format(
            end=write(end),
            crawl=CRAWL_STEPS,
            crossings=int(seen.crossings[0]),
            period=int(seen.periods[0]),
            width=write(float(seen.widths[0])),
            watched=WATCHED,
        )
        if code == "diverges" and setup.code in FAR_AWAY:
            text += f" {_(FAR_AWAY[setup.code])}"
    return Regime(code, f"{text} {_valley(end, home, write)}".strip(), minimum, bend, borders, factor)


def _percent(share: float, write: Callable[[float], str]) -> str:
    return f"{write(100 * share)}%"


def _at_rest(setup: Setup, end: float, home: float) -> str:
    if math.isfinite(end):
        return _("**Stands still.** The start is the minimum: the slope is 0, and no learning rate moves it.")
    if math.isnan(home):
        return _(
            "**Stands still.** On top of the hill the slope is 0, so every step is 0. The smallest push to either side "
            "would set it going."
        )
    return _("**Stands still.** A step landed exactly where the slope is 0, and that is no minimum.")


def _valley(end: float, home: float, write: Callable[[float], str]) -> str:
    if not (math.isfinite(end) and math.isfinite(home)) or end == home:
        return ""
    return _(
        "**Another valley:** downhill from the start lies x = {home}; a long step has leapt over the hill."
    ).format(home=write(home))


def explain(setup: Setup, found: Regime, walk: Walk) -> None:
    """The name and the reason, then where the numbers end."""
    box, icon = (st.success, "✅") if found.code in GOOD else (st.warning, "⚠️")
    box(found.text, icon=icon)
    if setup.surface.eigenvalues:
        screen.aside(_("Here λ = f″ is the curvature of the function: below it is put in."))
    if walk.diverged_at >= 0:
        st.info(
            _(
                "**Overflow at step {k}.** From there on f(x) is larger than the largest float64, about 1.8 · 10³⁰⁸, "
                "and cannot be computed. x can last for some steps more, until it overflows as well."
            ).format(k=walk.diverged_at)
        )


def limits(setup: Setup, found: Regime) -> None:
    """1/λ, 2/λ and the factor, with the numbers in."""
    if found.minimum is None:
        return
    write = partial(numbers.tex, digits=setup.digits)
    if setup.surface.eigenvalues:
        st.latex(
            formulas.exact_limits(setup.code, found.minimum, found.bend, found.borders, setup.rate, found.factor, write)
        )
        return
    st.latex(
        formulas.local_limits(setup.code, found.minimum, found.bend, found.borders, setup.rate, found.factor, write)
    )
    if found.borders:
        text = _(
            "Near x* the curve is almost a quadratic with λ = f″(x*). So these borders hold there, but not for a start "
            "far away."
        )
    elif setup.code == "absolute":
        text = _(
            "No curvature and a kink: the slope is −1 or 1 however near the minimum is, so every step is as long as η. "
            "It rattles between two points that are η apart, unless the distance is a whole number of steps."
        )
    else:
        text = _(
            "The curvature at the minimum is 0, so no limit follows from it. The factor of a step comes closer and "
            "closer to 1: it slows down without end. How large η may be depends on the start."
        )
    screen.aside(text)


def strip(setup: Setup, found: Regime) -> None:
    """All learning rates from this start, side by side."""
    measured = cached_descent.regime_strip(setup.code, setup.start, LOW, HIGH)
    borders = []
    if found.borders:
        signs = ("1/λ", "2/λ") if setup.surface.eigenvalues else ("1/f″", "2/f″")
        borders = list(zip(signs, found.borders, strict=True))
    names = {code: _(name) for code, name in NAMES.items()}
    st.markdown(f"**{_('All learning rates from this start')}**")
    show.chart(
        picture.spec(LOW, HIGH, setup.x_range, f"{_('Learning rate')} η", _("x in the end"), _("regime")),
        picture.data(measured, names, borders, setup.rate, setup.x_range),
        alt=_("The axis of learning rates in bands of regimes, with the last steps of a run at each of them"),
        key="descent_line_strip",
    )
    how = (
        _("Bands: by formula, with the borders 1/λ and 2/λ.")
        if setup.surface.eigenvalues
        else _("Bands: what each run was seen to do.")
    )
    dots = _("Dots: where each run stands in its last {late} of {watched} steps.").format(
        late=descent_regimes.LATE, watched=WATCHED
    )
    inside = LOW <= setup.rate <= HIGH
    own = _("Thick line: your η.") if inside else _("Your η lies outside this picture.")
    screen.aside(f"{how} {dots} {own}")
