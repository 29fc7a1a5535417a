"""Section: all optimizers from one start, at one learning rate for all or each at its own best."""

from functools import partial

import streamlit as st

from engine.export_race import race_script
from engine.race import AS_GOOD_AS_ZERO, GRID, Contest, Entry, first
from pages.sections.descent import race_setup, race_words
from pages.sections.descent.race_setup import OPTIMIZERS, PLACES, Setup
from pages.shared import cached_descent, controls, numbers, player, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import paths, sensitivity
from pages.shared.formulas import race as formulas
from pages.shared.text import _

LOSSES = (AS_GOOD_AS_ZERO, 1e4)  # that the chart of all learning rates shows


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
        pick=lambda point, done: controls.drag(race_setup.STARTS, point, done, chosen.scope),
    )


def _sensitivity(chosen: Setup, entries: list[Entry]) -> None:
    """What each learning rate of the grid gives."""
    contest = chosen.contest
    if contest.has_floor:
        title, domain = _("loss after {n} gradients").format(n=contest.n_gradients), LOSSES
    else:
        title, domain = _("gradients until it has left"), (0.8, 1000.0)
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
            goal=contest.goal if contest.has_floor else None,
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
    """The surface; who is first at the goal; why that learning rate."""
    left, right = st.columns(2, gap="large")
    contest, winner = chosen.contest, first(entries, chosen.contest.goal)
    with left:
        st.latex(formulas.surface(contest, numbers.tex))
        if winner:
            race_words.first_at_goal(contest, winner)
            st.latex(formulas.goal(contest, winner, numbers.tex))
    searched = [entry for entry in entries if len(entry.search.learning_rates) == len(GRID) and entry.neighbours]
    if chosen.rate or not searched:
        return
    shown = next((entry for entry in searched if not race_words.is_tied(entry)), searched[0])
    with right:
        race_words.best_of_grid(contest, shown)
        st.latex(formulas.best(contest, shown, partial(numbers.tex, digits=3)))


def _notice() -> None:
    screen.notice(
        _(
            "Turn the elongated bowl from 0° to 45°, each with its own best learning rate. AdaGrad and RMSProp scale "
            "x₀ and x₁ each by itself: along the axes they hardly feel the condition number (26 and 51 gradients to "
            "the goal), turned they lose that advantage (128 and 100), while SGD (178 and 137) and momentum (74 and "
            "74) know no axes. L-BFGS needs the fewest steps, but pays several gradients for some of them: compare "
            "gradients."
        )
    )
    screen.aside(
        _(
            "What has been compared is one surface, one start, exact gradients; even the best learning rate depends on "
            "when you stop. The loss of a real network is noisy, which a line search or Rprop's signs take badly: see "
            "the last section."
        )
    )


def _challenge() -> None:
    """The steep direction is multiplied by 1 - η κ in a step, whatever the angle."""
    contest = Contest("elongated_bowl", 30.0, 45.0, (-4.0, 2.0), 200, 1e-3)
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
