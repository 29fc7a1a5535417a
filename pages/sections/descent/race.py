"""Section: all optimizers from one start, at one learning rate for all or each at its own best."""

from functools import partial

import streamlit as st

from engine.export_race import race_script
from engine.race import AS_GOOD_AS_ZERO, GRID, Contest, Entry, winners
from pages.sections.descent import race_setup, race_words
from pages.sections.descent.race_setup import OPTIMIZERS, PLACES, Setup
from pages.shared import cached_descent, controls, numbers, player, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import paths, sensitivity
from pages.shared.formulas import race as formulas
from pages.shared.text import _

LOSSES = (AS_GOOD_AS_ZERO, 1e4)  # that the chart of all learning rates shows
GRADIENTS_SHOWN = (0.8, 1000.0)


@controls.section
def section() -> None:
    screen.question(_("Which optimizer is the fastest, and when is the comparison fair?"))
    left, right = screen.columns()
    found = None
    with screen.refusals():
        with left:
            chosen = race_setup.setup()
        entries = [cached_descent.race_entry(chosen.contest, code, chosen.rate) for code in chosen.codes]
        with right:
            _play(chosen, entries)
            race_words.mode(chosen, entries)
        race_words.table(chosen, entries)
        _sensitivity(chosen, entries)
        _formulas(chosen, entries)
        race_words.remarks(chosen)
        found = race_words.everything(chosen, entries), race_script(chosen.contest, chosen.codes, chosen.rate)
    _notice()
    _challenge()
    race_words.find_the_mistake()
    if found:
        takeaway.takeaway("descent_race", *found)


def _play(chosen: Setup, entries: list[Entry]) -> None:
    """All paths over the surface, and their losses."""
    contest, surface = chosen.contest, chosen.contest.surface
    runs = [
        paths.Path(
            OPTIMIZERS[entry.code],
            entry.points,
            entry.losses if contest.has_floor else abs(entry.points[:, 1]),
            PLACES[entry.code],
        )
        for entry in entries
    ]
    marks = [paths.mark(*point, label=_("Minimum")) for point in surface.minima]
    picture = paths.plane(
        runs,
        x_range=surface.domain[0],
        y_range=surface.domain[1],
        titles=("x₀", "x₁"),
        landscape=cached_descent.landscape(contest.surface_code, contest.condition, contest.angle),
        loss_title=_("Loss") if contest.has_floor else _("|x₁|: how far from the ridge"),
        marks=marks or [paths.mark(0, 0, label=_("Saddle point"), shape="cross")],
    )
    player.player(
        picture,
        key="descent_race_step",
        alt=_("Paths of the optimizers over the surface with its contour lines, and the loss of each step by step."),
        scope=f"{chosen.scope} {contest.n_gradients}",
        pick=lambda point, done: controls.drag(race_setup.STARTS, point, done, chosen.start_scope),
    )


def _sensitivity(chosen: Setup, entries: list[Entry]) -> None:
    """What each learning rate of the grid gives."""
    contest = chosen.contest
    if contest.by_loss:
        title, domain = _("loss after {n} gradients").format(n=contest.n_gradients), LOSSES
    else:
        title = _("gradients to the goal") if contest.has_floor else _("gradients until it has left")
        domain = GRADIENTS_SHOWN
    st.markdown(f"**{_('How much each depends on its learning rate')}**")
    labels = tuple(OPTIMIZERS[entry.code] for entry in entries)
    show.chart(
        sensitivity.spec(
            labels, tuple(OPTIMIZERS.values()), (f"{_('learning rate')} η", title), (GRID[0], GRID[-1]), domain
        ),
        sensitivity.data(
            {label: (e.search.learning_rates, e.search.losses) for label, e in zip(labels, entries, strict=True)},
            {} if chosen.rate else {label: e.learning_rate for label, e in zip(labels, entries, strict=True)},
            lowest=domain[0],
            goal=contest.goal if contest.by_loss else None,
            shared=chosen.rate,
        ),
        alt=_(
            "A line for each optimizer over learning rates from {low} to {high}, both axes logarithmic: what it ends "
            "at. The numbers are in the table."
        ).format(low=numbers.plain(GRID[0]), high=numbers.plain(GRID[-1])),
        key="descent_race_sensitivity",
    )
    race_words.grid(chosen, entries)


def _formulas(chosen: Setup, entries: list[Entry]) -> None:
    """The surface; who wins; why that learning rate."""
    left, right = st.columns(2, gap="large")
    contest, best = chosen.contest, winners(entries)
    with left:
        st.latex(formulas.surface(contest, numbers.tex))
        if best:
            race_words.winners(contest, best)
            st.latex((formulas.end if contest.by_loss else formulas.goal)(best[0], numbers.tex))
    searched = [entry for entry in entries if len(entry.search.learning_rates) == len(GRID) and entry.neighbours]
    if chosen.rate or not searched:
        return
    shown = next((entry for entry in searched if not race_words.is_tied(entry)), searched[0])
    with right:
        race_words.best_of_grid(contest, shown)
        st.latex(formulas.best(shown, partial(numbers.tex, digits=3)))


def _notice() -> None:
    screen.notice(
        _(
            "Turn the elongated bowl from 0° to 45°, each with its own best learning rate. The start turns with it, so "
            "only the axes differ. SGD and momentum know no axes: their losses at the end stay (0.000336 and 2.11e−8). "
            "AdaGrad and RMSProp scale x₀ and x₁ each by itself: along the axes they hardly feel the condition number "
            "and end below 1e−16; turned, they lose that advantage (0.0001948 and 3.499e−7)."
        )
    )
    st.markdown(
        _(
            "Now let the gradients to the goal decide: another criterion, other best rates, other winners. At 0° "
            "AdaGrad takes η = 63 instead of 1 and needs 4 gradients instead of 27: its first step, far too long, "
            "makes the later ones almost Newton's, but only along the axes. At 45° it needs 170; SGD needs 179 at both "
            "angles. L-BFGS takes the fewest steps, but pays several gradients for some of them."
        )
    )
    screen.aside(
        _(
            "What has been compared is one surface, one start, exact gradients; even the best learning rate depends on "
            "what you judge by and on when you stop. With mini-batches the gradient is noisy (section “Batch, "
            "mini-batch, one sample”), which a line search or Rprop's signs take badly; the last section has a real "
            "loss, but no such noise."
        )
    )


def _challenge() -> None:
    """The steep direction is multiplied by 1 - η κ in a step, whatever the angle."""
    start = race_setup.start(race_setup.PRESETS["bowl"], 45.0)
    contest = Contest("elongated_bowl", 30.0, 45.0, start, 200, 1e-3)
    grid = cached_descent.race_entry(contest, "sgd", None)
    answer = max(rate for rate, too_large in zip(GRID, grid.climbed, strict=True) if not too_large)
    challenge(
        "descent_race_challenge",
        _(
            "Elongated bowl with condition number 30, turned by 45°: which is the largest learning rate of the grid "
            "(…, 0.01, 0.016, 0.025, 0.04, 0.063, 0.1, 0.16, …) at which SGD does not diverge?"
        ),
        answer=answer,
        tolerance=1e-9,
        hint=_("The steepest direction has curvature 30. A step multiplies the distance in it by 1 − 30 η."),
        explanation=_(
            "|1 − 30 η| < 1 needs η < 2/30 = 0.0667, and 0.063 is the last of the grid below it. The angle does not "
            "matter: SGD knows no axes. Set the bowl so and look where SGD's line breaks off."
        ),
    )
