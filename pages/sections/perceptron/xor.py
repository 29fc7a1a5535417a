"""Why one unit cannot learn XOR: the training that stops at a floor, the inequalities, the wall of all gates."""

import streamlit as st

from pages.sections.perceptron import xor_proof, xor_training, xor_wall
from pages.shared import cached_unit, controls, screen
from pages.shared.challenge import challenge
from pages.shared.text import N_, _

VIEWS = {  # code -> title, what to notice
    "train": (
        N_("Training"),
        N_(
            "The loss of XOR does not fall slowly: it stops at a floor. With all outputs at ½ the four errors cancel "
            "in every sum, so the gradient is 0 and no further update helps. With squared error, some 2 of 100 starts "
            "drawn from N(0, 1) end otherwise: three corners sure and right, one sure and wrong, and a loss that comes "
            "down to the same 0.25. With the targets of AND the same unit learns from the same start: it is XOR, not "
            "the unit."
        ),
    ),
    "proof": (
        N_("Proof"),
        N_(
            "Training only shows that it did not work; the inequalities show that it cannot. Each corner asks for one "
            "inequality. For XOR, the two corners with target 1 together ask for the opposite of what the two corners "
            "with target 0 ask for: both pairs have the same midpoint. Whatever the weights, one corner is wrong."
        ),
    ),
    "wall": (
        N_("16 gates"),
        N_(
            "A single line answers 14 of the 16 gates. The two that are left are XOR and its negation XNOR: their "
            "classes lie on the two diagonals, which cross. With more inputs such gates become the rule, not the "
            "exception: one reason why networks need hidden layers."
        ),
    ),
}


@controls.section
def section() -> None:
    screen.question(_("Why can one unit not learn XOR?"))
    left, right = screen.columns()
    with left:
        titles = {code: _(title) for code, (title, _notice) in VIEWS.items()}
        view = controls.choice(st.segmented_control, _("View"), titles, key="perceptron_xor_view", required=True)
    part = {"train": xor_training, "proof": xor_proof, "wall": xor_wall}[view]
    carry_away = None
    with screen.refusals():
        carry_away = part.draw(left, right)
    screen.notice(_(VIEWS[view][1]))
    _challenge()
    if carry_away:
        carry_away()


def _challenge() -> None:
    """Whoever has seen why XOR ends at 1/2 knows where AND ends: at the mean of the targets."""
    challenge(
        "perceptron_xor_challenge",
        _(
            "Cut both wires: x₁ = x₂ = 0 for every sample, so that only the bias can learn. The unit is trained "
            "on the four targets of AND (0, 0, 0, 1) with cross-entropy until nothing moves. What is its output?"
        ),
        answer=cached_unit.output_of_bias_alone("and"),
        tolerance=0.005,
        hint=_(
            "Nothing moves where ∂L/∂b, the mean of a − y over the four samples, is 0. "
            "And the output a is the same for all of them."
        ),
        explanation=_(
            "A unit that sees nothing says the mean of its targets, here 1/4. The mean of 0, 1, 1, 0 is ½: on XOR, a "
            "unit ends as if it were blind."
        ),
    )
