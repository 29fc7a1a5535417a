"""What the race says in words and in its table."""

import math
from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from engine.lbfgs import LBFGS
from engine.race import AS_GOOD_AS_ZERO, DECADES, GRID, LBFGS_GRID, Contest, Entry
from pages.sections.descent.race_setup import OPTIMIZERS, Setup
from pages.shared import numbers, screen
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

NONE = "–"
REMARKS = {
    "lbfgs": N_(
        "**L-BFGS**: its learning rate is only the first length that its line search tries; 1, Newton's own, is the "
        "natural one. A step may evaluate the gradient several times, so its steps cost more than the others'. Its "
        "line has seven learning rates only."
    ),
    "rprop": N_(
        "**Rprop**: η is only the size of its first step. From then on each coordinate's step grows or shrinks by "
        "itself, so almost any η will do."
    ),
    "adadelta": N_(
        "**Adadelta** measures its steps by its own last steps; η only multiplies them, and 1 is the paper's rule. "
        "Its first steps are tiny, so in a short race a large η looks best."
    ),
    "adamw": N_(
        "**AdamW** pulls every parameter towards 0 (weight decay 0.01, times η). On the bowls the minimum happens to "
        "lie there, which is an unfair help; elsewhere it ends beside the minimum."
    ),
    "asgd": N_(
        "**Averaged SGD**: the picture shows θ, the point that moves. Its average begins only after a million steps "
        "(PyTorch's default), so until then both are the same and it runs nearly as SGD."
    ),
}
SPARSE = N_(
    "**SparseAdam** (note 004) does not race: it is the lazy form of Adam for gradients that are almost all zeros, "
    "such as those of an embedding, and it refuses the dense gradients of these surfaces."
)

MISTAKE = Mistake(
    N_("Adam wins?"),
    (
        N_(
            "Elongated bowl, condition number 50, turned by 45° with its default start: Nesterov momentum and Adam "
            "both run at η = 0.1, with 200 gradients each."
        ),
        N_("Nesterov momentum diverges: 0.1 is too large for the steep direction."),
        N_("Adam does not diverge: its loss falls from 140.7 to 1.239."),
        N_("So Adam is the better optimizer on this bowl."),
    ),
    3,
    N_(
        "One learning rate was compared, not two optimizers. Each at its own best rate for the loss at the end, "
        "Nesterov momentum (0.025) ends at 1.295e−13, Adam (2.5) at 4.676e−8. Each at its own best for the gradients "
        "to the goal 0.001, Nesterov momentum (0.004) needs 66, Adam (1.6) 108. Give each its own learning rate before "
        "you compare, find it by what you compare, and say how you found it."
    ),
)


def mode(chosen: Setup, entries: list[Entry]) -> None:
    """What the comparison is worth."""
    if chosen.rate:
        st.markdown(
            _(
                "**The same η = {rate} for all** shows which rule this number suits, not which rule is better: in SGD "
                "η multiplies the gradient, in Adam a direction whose size hardly depends on it."
            ).format(rate=numbers.plain(chosen.rate))
        )
        return
    if not chosen.contest.has_floor:
        st.markdown(
            _(
                "**Each at its own best η**: of {n} learning rates, the one that has left the saddle first. On a "
                "surface without a minimum a longer step is never too long, so this says little."
            ).format(n=len(GRID))
        )
        return
    text = (
        _(
            "**Each at its own best η**: of {n} learning rates from {low} to {high}, the one that ends lowest after "
            "{gradients} gradients from this start."
        )
        if chosen.contest.by_loss
        else _(
            "**Each at its own best η**: of {n} learning rates from {low} to {high}, the one that needs the fewest "
            "gradients from this start to the goal, to stay there until gradient {gradients}."
        )
    )
    low, high, gradients = numbers.plain(GRID[0]), numbers.plain(GRID[-1]), chosen.contest.n_gradients
    price = _(
        "That is fairer, but finding it took {n} runs of each ({few} of L-BFGS), and another criterion gives another "
        "best rate."
    )
    text = text.format(n=len(GRID), low=low, high=high, gradients=gradients)
    st.markdown(f"{text} {price.format(n=len(GRID), few=len(LBFGS_GRID))}")


def table(chosen: Setup, entries: list[Entry]) -> None:
    """One line an optimizer."""
    frame = pd.DataFrame(
        {
            _("Optimizer"): [OPTIMIZERS[entry.code] for entry in entries],
            "η": [entry.learning_rate for entry in entries],
            _("Steps to the goal"): [_count(entry.steps_to_goal) for entry in entries],
            _("Gradients to the goal"): [_count(entry.gradients_to_goal) for entry in entries],
            _("Loss at the end"): [_loss(entry.loss) for entry in entries],
            _("Decades of η"): [entry.decades for entry in entries],
        }
    )
    screen.table(frame, alt=_("The race: one optimizer a line"))
    text = (
        _(
            "The goal: a loss of at most {goal} from then on; a run that only passes it is not there yet. At the end: "
            "after {n} gradients."
        )
        if chosen.contest.has_floor
        else _("The goal: a loss of at most {goal}, then a run has left the saddle. At the end: after {n} gradients.")
    )
    decades = _("Decades of η: over how many of {all} powers of ten of the learning rate the goal holds at the end.")
    if not chosen.contest.has_floor:
        decades = _("Decades of η: over how many of {all} powers of ten of the learning rate the loss ends that low.")
    screen.aside(
        f"{text.format(goal=numbers.plain(chosen.contest.goal), n=chosen.contest.n_gradients)} "
        f"{decades.format(all=numbers.plain(DECADES))}"
    )


def grid(chosen: Setup, entries: list[Entry]) -> None:
    """How to read the lines of all learning rates, and what they can't show."""
    contest = chosen.contest
    parts = [_("Large dots: the learning rate used in the race.")]
    if chosen.rate:
        parts = [_("Dashed, upright: the learning rate of the race.")]
    if contest.by_loss:
        parts += [
            _("Dashed, level: the goal."),
            _("Losses below {tiny} are drawn at {tiny}: as good as 0.").format(tiny=numbers.plain(AS_GOOD_AS_ZERO)),
        ]
    elif contest.has_floor:
        parts.append(_("A gap: the run does not get to the goal, or does not stay there."))
    screen.aside(" ".join(parts))
    if contest.has_floor:
        _too_large(contest, entries)
    lost = [entry for entry in entries if entry.search.best is None]
    if lost:
        st.warning(_("No learning rate of the grid gets anywhere from this start: {names}.").format(names=_names(lost)))
    if not chosen.rate:
        _doubtful(entries)


def _too_large(contest: Contest, entries: list[Entry]) -> None:
    """From which learning rate on each gets worse than its start."""
    climbs = [
        _("{name} from η = {rate}").format(name=OPTIMIZERS[e.code], rate=numbers.plain(e.climbs_from))
        for e in entries
        if e.climbs_from is not None
    ]
    text = (
        _("**Too large**, so that they end above their start or diverge (a gap): {names}.")
        if contest.by_loss
        else _("**Too large**, so that they end above their start or diverge: {names}.")
    )
    if climbs:
        st.markdown(text.format(names=", ".join(climbs)))


def _doubtful(entries: list[Entry]) -> None:
    """Whose own best is none, strictly."""
    back = [entry for entry in entries if entry.fell_back]
    if back:
        st.warning(
            _(
                "At no learning rate of the grid do these get to the goal and stay there; theirs is the one with the "
                "lowest loss at the end: {names}."
            ).format(names=_names(back))
        )
    edge = [entry for entry in entries if entry.code != LBFGS.code and entry.search.at_edge]
    if edge:
        st.warning(
            _("The best lies at the edge of the grid, so a wider grid may hold a better one: {names}.").format(
                names=_names(edge)
            )
        )


def winners(contest: Contest, entries: Sequence[Entry]) -> None:
    """Who wins by what the best has the least of, and whether that was deserved."""
    if contest.by_loss:
        loss = numbers.plain(entries[0].loss)
        if entries[0].score <= AS_GOOD_AS_ZERO:
            loss = _("as good as 0 (at most {tiny})").format(tiny=numbers.plain(AS_GOOD_AS_ZERO))
        st.markdown(
            _("**Lowest loss after {n} gradients: {names}**, {loss}.").format(
                n=contest.n_gradients, names=_names(entries), loss=loss
            )
        )
    else:
        st.markdown(
            _("**Fewest gradients to the goal: {names}**, ε = {goal}. Gradients: {gradients}.").format(
                names=_names(entries), goal=numbers.plain(contest.goal), gradients=entries[0].gradients_to_goal
            )
        )
    if len(entries) > 1:
        screen.aside(_("In the formula: {name}.").format(name=OPTIMIZERS[entries[0].code]))
    lucky = [entry for entry in entries if entry.hits_by_luck]
    if lucky:
        st.warning(
            _(
                "**A lucky hit** ({names}): the first step is exactly η long in each coordinate, and from this start "
                "it lands on a coordinate of the minimum by chance; from another start it would not."
            ).format(names=_names(lucky))
        )
    if contest.minimum_at_origin and any(entry.code == "adamw" for entry in entries):
        st.warning(_(REMARKS["adamw"]))


def _names(entries: Iterable[Entry]) -> str:
    return ", ".join(OPTIMIZERS[entry.code] for entry in entries)


def best_of_grid(contest: Contest, entry: Entry) -> None:
    """Whose learning rate the formula beside explains."""
    text = _("**The own best of {name}**, between its neighbours of the grid.").format(name=OPTIMIZERS[entry.code])
    if is_tied(entry):
        text += " " + (
            _("Of several that end below {tiny}, the lowest learning rate counts.").format(
                tiny=numbers.plain(AS_GOOD_AS_ZERO)
            )
            if contest.by_loss
            else _("Of several that need as few gradients, the lowest learning rate counts.")
        )
    st.markdown(text)


def is_tied(entry: Entry) -> bool:
    """Whether a learning rate beside the best is as good as the best itself."""
    values = [max(value, AS_GOOD_AS_ZERO) for _rate, value in entry.neighbours]
    return values.count(min(values)) > 1


def remarks(chosen: Setup) -> None:
    """What is special about those that run, and the one that does not."""
    with st.expander(_("What to know about some of them")):
        for code in chosen.codes:
            if code in REMARKS:
                st.markdown(_(REMARKS[code]))
        st.markdown(_(SPARSE))
        st.markdown(
            _(
                "**A lucky hit**: AdaGrad's and Rprop's first step is exactly η long in each coordinate. From "
                "x₀ = −4, η = 4 would land on the bowl's minimum by chance; that is why the start is (−4.1, 2.3), "
                "from which no η of the grid does."
            )
        )


def find_the_mistake() -> None:
    """A comparison at one learning rate."""
    title = _("Find the mistake: {title}").format(title=_(MISTAKE.title))
    with st.expander(title, icon="🔍", key=screen.exercise_key("mistake")):
        guess = reasoning(MISTAKE, key="descent_race_line")
        answer(
            MISTAKE,
            guess,
            hint=_("What is said of the two runs is true. Which line says more than was measured?"),
            key="descent_race_solution",
            code="descent_race_mistake",
        )


def everything(chosen: Setup, entries: Iterable[Entry]) -> pd.DataFrame:
    """The table at full precision; below it the grid of every optimizer."""
    name = _("Optimizer")
    steps, gradients = _("Steps to the goal"), _("Gradients to the goal")
    runs = {
        name: [OPTIMIZERS[entry.code] for entry in entries],
        "η": [entry.learning_rate for entry in entries],
        steps: [entry.steps_to_goal for entry in entries],
        gradients: [entry.gradients_to_goal for entry in entries],
        _("Loss at the end"): [entry.loss for entry in entries],
        _("Decades of η"): [entry.decades for entry in entries],
    }
    rates = [(entry, row) for entry in entries for row in range(len(entry.search.learning_rates))]
    grid = {
        name: [OPTIMIZERS[entry.code] for entry, _row in rates],
        _("η of the grid"): [entry.search.learning_rates[row] for entry, row in rates],
        _("Loss of the grid") if chosen.contest.by_loss else _("Gradients of the grid"): [
            entry.search.losses[row] for entry, row in rates
        ],
    }
    table = pd.DataFrame(runs).astype({steps: "Int64", gradients: "Int64"})
    return pd.concat([table, pd.DataFrame(grid)], ignore_index=True)


def _count(value: int | None) -> str:
    return NONE if value is None else str(value)


def _loss(value: float) -> str:
    return numbers.plain(value) if math.isfinite(value) else _("diverged")
