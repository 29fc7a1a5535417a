"""Find the mistake, twice: chance that tells no units apart, and biases that need none."""

import functools
from dataclasses import replace

import streamlit as st

from engine.symmetry import SymmetryConfig, units, watch
from pages.sections.initialization.symmetry_setup import KEY
from pages.shared import controls, numbers, screen
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

SHUFFLED = Mistake(
    N_("Chance by the back door"),
    (
        N_(
            "If all weights and biases are equal, all hidden units of a layer compute the same output for every sample."
        ),
        N_("With equal outgoing weights, the same gradient comes back to each of them."),
        N_("Stochastic gradient descent draws its samples at random, so its gradients differ from unit to unit."),
        N_("As long as all units stay equal, they can do no more than a single unit."),
    ),
    2,
    N_(
        "The samples are drawn at random, but for all units together: each of them sees the same batch and gets the "
        "same gradient from it. The chance lies between the batches, not between the units. What does tell units apart "
        "is chance for each of them: drawn weights, or dropout, which silences some and not others."
    ),
)
BIASES = Mistake(
    N_("Are drawn biases needed?"),
    (
        N_("Hidden units that are equal stay equal as long as they get equal gradients."),
        N_("For the input (0, 0) all units with the bias 0 have the same z, whatever their weights are."),
        N_(
            "If the weights are drawn from N(0, 1) and all biases are 0, the biases get equal gradients in the first "
            "update, since they are equal."
        ),
        N_("The biases may be drawn from N(0, 1) as well: training can start from there, too."),
    ),
    2,
    N_(
        "The gradient of a bias is the sum of its unit's δs, and these contain the unit's own outgoing weight and "
        "slopes. With drawn weights they differ: in one network 2-2-1 on XOR the two hidden units have ∂L/∂b = {first} "
        "and {second}. So the biases part in the first update, although they begin equal. Note 000 draws them from "
        "N(0, 1), note 003 begins with 0: either will do, since the weights tell the units apart."
    ),
)
DRAWN = SymmetryConfig("xor", n_hidden=2, activation="sigmoid", value=0.0, noises=(1.0,), updates=1)

MISTAKES = {"shuffled": SHUFFLED, "biases": BIASES}


@functools.cache
def _biases() -> Mistake:
    """With the gradients of two biases that both begin at 0, behind weights from N(0, 1)."""
    gradient = units(DRAWN.architecture, watch(DRAWN).gradient)[0]
    first, second = (numbers.plain(float(unit[2])) for unit in gradient)  # after two incoming weights
    return replace(BIASES, facts={"first": first, "second": second})


def exercise() -> None:
    """One of the two, with its lines, the guess and the answer."""
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        labels = {code: _(one.title) for code, one in MISTAKES.items()}
        code = controls.choice(
            st.segmented_control,
            _("Reasoning"),
            labels,
            key=f"{KEY}_which",
            required=True,
            label_visibility="collapsed",
        )
        told = _biases() if code == "biases" else MISTAKES[code]
        guess = reasoning(told, key=f"{KEY}_mistake", scope=code)
        hint = {
            "shuffled": _("Where exactly does chance come in, and whom does it tell apart?"),
            "biases": _("What does the gradient of a bias consist of? Look at the formula of the first update."),
        }[code]
        solved = {"shuffled": f"{KEY}_mistake", "biases": f"{KEY}_mistake_biases"}[code]
        answer(told, guess, hint=hint, key=f"{KEY}_mistake_solution", code=solved, scope=code)
