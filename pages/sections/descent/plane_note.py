"""Beside note 002: its own figures, and the mistake in its plotting cells."""

import pandas as pd
import streamlit as st

from engine.shared_start import cells
from pages.sections.descent.plane_numbers import pair
from pages.sections.descent.plane_setup import NOTE_DIGITS
from pages.shared import cached_descent, controls, screen
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.screen import unbroken
from pages.shared.text import N_, _

SOLVED = "descent_mistake_shared_start"
GARBLED = 57  # the step of the note's last listed row
MISTAKE = Mistake(
    N_("Find the mistake: three plots of note 002"),
    (
        N_("The first cell sets `init_x = np.array([-3.0, 4.0])` and takes 20 steps with `lr = 0.1`."),
        N_(
            "The function begins with `x = init_x` and takes each step as `x -= lr * grad`. When it returns, `init_x` "
            "is still (−3, 4)."
        ),
        N_("`x_history.append(x.copy())` keeps a copy of each point, so the plot shows the path that was walked."),
        N_("The second cell calls the function with `lr = 10` and the same `init_x`. The run is thrown far away."),
        N_("The third cell takes one step with `lr = 0.1`, again from `init_x`."),
    ),
    1,
    N_(
        "`x = init_x` gives the same array a second name, and `x -= …` changes it in place: `init_x` moves with x. So "
        "each cell begins where the last one ended, and the third one begins where floats lie too far apart for h and "
        "does not move at all. `x = init_x.copy()` mends it."
    ),
)


def show(preset: str) -> None:
    """What the note has of this example, and the exercise."""
    screen.aside(_beside(preset))
    with screen.exercise("mistake"):
        st.markdown(f"### {_(MISTAKE.title)}")
        guess = reasoning(MISTAKE, key="descent_plane_guess")
        hint = _("Which line would be different with `x = x - lr * grad`?")
        answer(MISTAKE, guess, hint=hint, key="descent_plane_solution", code=SOLVED)
        if controls.toggle(_("Settle it with numbers"), key="descent_plane_settled"):
            _settle()


def _beside(preset: str) -> str:
    """The example's figures with as many digits as the note prints."""
    if preset == "note":
        runs = cached_descent.note_runs(0.1, 100)
        return _(
            "Note 002 takes 100 steps with η = 0.1 and ends at {end}. The last row it lists, step {k}, is garbled "
            "there: right is {point}."
        ).format(end=_point(runs, 0, 100), k=GARBLED, point=_point(runs, 0, GARBLED))
    if preset == "large":
        runs = cached_descent.note_runs(10.0, 20)
        return _(
            "After 20 steps with η = 10: {analytic} with the analytic gradient, {numerical} with the note's numerical "
            "one. Note 002 draws another path, because its start is not (−3, 4) any more: see below."
        ).format(analytic=_point(runs, 0, 20), numerical=_point(runs, 1, 20))
    runs = cached_descent.note_runs(1e-10, 100)
    return _(
        "After 100 steps with η = 10⁻¹⁰: {end}. Note 002's own example of a rate that is too small takes one step with "
        "η = 0.1, which is not small; it was meant to go from (−3, 4) to {meant}."
    ).format(end=_point(runs, 0, 100), meant=pair(cells()[2].meant_end, NOTE_DIGITS))


def _point(runs, place: int, step: int) -> str:
    return pair(tuple(runs.points[place, step].tolist()), NOTE_DIGITS)


def _settle() -> None:
    """Each cell as it was meant, and as it runs."""
    rows = [
        {
            unbroken(_("Cell")): unbroken(f"lr = {cell.learning_rate:g}, {cell.n_steps}"),
            unbroken(_("was to begin at")): pair(cell.meant_start, NOTE_DIGITS),
            unbroken(_("was to end at")): pair(cell.meant_end, NOTE_DIGITS),
            unbroken(_("begins at")): pair(cell.real_start, NOTE_DIGITS),
            unbroken(_("ends at")): pair(cell.real_end, NOTE_DIGITS),
        }
        for cell in cells()
    ]
    screen.table(pd.DataFrame(rows), alt=_("Where each cell of the note begins and ends"))
    screen.aside(_("lr and number of steps of each cell; all with the note's numerical gradient."))
