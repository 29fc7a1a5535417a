"""The step function in code, as lecture note 002 writes it: one line that does not hold."""

import streamlit as st

from pages.shared import screen
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

STEP = Mistake(
    N_("The step function in code"),
    (
        N_("`x > 0` compares each number of an array with 0: an array of True and False."),
        N_("True counts as 1 and False as 0. Cast to numbers, this is the step function."),
        N_("`np.array(x > 0, dtype=np)` casts: `np` is NumPy's type of numbers."),
        N_("At x = 0 the step is 0, because `0 > 0` is False."),
    ),
    2,
    N_(
        "`np` is the module, not a type. Since NumPy 2.3 the line raises a `ValueError`; older versions only warn and "
        "return an array of objects, True and False, which are no numbers yet. Right: `(x > 0).astype(float)`, or "
        "`dtype=float` in the note's line."
    ),
)


def step_slip() -> None:
    """Find the mistake, folded away."""
    title = _("Find the mistake: the step function in code (note 002)")
    with st.expander(title, icon=":material/search:", key=screen.exercise_key("mistake")):
        guess = reasoning(STEP, key="activations_gallery_line")
        answer(
            STEP,
            guess,
            hint=_("What must follow `dtype=`?"),
            key="activations_gallery_line_solution",
            code="activations_gallery_mistake",
        )
