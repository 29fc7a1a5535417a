"""Section 3: real slips of lecture notes; the learner finds the line, the gradient check settles it."""

import pandas as pd
import streamlit as st

from engine import slips
from engine.slip_scripts import slip_script
from pages.shared import controls, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

MISTAKES = {
    "four_y": Mistake(
        N_("A square"),
        (
            N_("Let $z = x - 2$ and $y = 2 z^2$. We want $dy/dx$."),
            N_("The first function has $dz/dx = 1$."),
            N_("The second one has $dy/dz = 4 y$; in code: `return self.y * 4`."),
            N_("The chain rule multiplies the two: $dy/dx = dy/dz \\cdot dz/dx$."),
        ),
        2,
        N_(
            "The derivative of $2 z^2$ is $4 z$: it needs the input of the node, not its result. The cell of note "
            "002 prints 32, 8, 0, 8, 32, although a curve that falls to the left of 2 must have negative slopes "
            "there. Keep z in the forward pass. (The same cell announces x = −1 … 3 and runs 0 … 4.)"
        ),
    ),
    "sigmoid_of_z": Mistake(
        N_("The sigmoid in code"),
        (
            N_("$a = \\sigma(z)$"),
            N_("The sigmoid's derivative is $a (1 - a)$."),
            N_("In code: `def sigmoid_derivative(x): return x * (1 - x)`."),
            N_("Backward we therefore write `dz1 = da1 * sigmoid_derivative(z1)`."),
        ),
        3,
        N_(
            "The helper expects the activation a; it is right only as `sigmoid_derivative(a1)`. With z it even becomes "
            "negative, which a rising function's slope never is. A name such as `slope_from_activation` would have "
            "prevented it."
        ),
    ),
    "missing_factor": Mistake(
        N_("A squared error"),
        (
            N_("The loss of one output is $L = (a - y)^2$."),
            N_("Its derivative is $\\partial L / \\partial a = a - y$."),
            N_("Through the sigmoid: $\\partial L / \\partial z = \\partial L / \\partial a \\cdot a (1 - a)$."),
        ),
        1,
        N_(
            "The derivative of a square brings a factor 2. $a - y$ belongs to $\\frac12 (a - y)^2$. The notes write "
            "both for the same loss. Training still works, with half the learning rate, which is why nobody "
            "notices. Name the loss that you differentiate."
        ),
    ),
    "sum_for_mean": Mistake(
        N_("A batch of four"),
        (
            N_("The loss is the mean of the cross-entropy over the four samples of XOR."),
            N_("For one sample, the cross-entropy $l$ after a sigmoid has $\\partial l/\\partial z = a - y$."),
            N_(
                "So the gradient of the weights is $\\partial L/\\partial W = a_{prev}^T (a - y)$, "
                "summed over the samples."
            ),
            N_("Update: $W \\leftarrow W - \\eta \\, \\partial L/\\partial W$."),
        ),
        2,
        N_(
            "The matrix product sums over the four samples, but the loss is their mean: 1/4 is missing, and every "
            "gradient is four times too large. With 1,000 samples it would be 1,000 times. Either the loss is a sum "
            "too, or the 1/N stands in the gradient."
        ),
    ),
    "update_order": Mistake(
        N_("Layer by layer"),
        (
            N_("Forward pass of the classic 2-2-2 example; the loss is 0.298371109."),
            N_("Compute the gradients of w5 … w8 and update these four weights right away."),
            N_("Carry $\\delta$ back to the hidden units through w5 … w8."),
            N_("Compute the gradients of w1 … w4 and update them."),
        ),
        1,
        N_(
            "The gradients belong to one point: all of them are computed with the old weights, and only then does any "
            "weight move. Updated right away, w5 … w8 are already the new ones when δ is carried back. This is how the "
            "loss of 0.291027924 instead of 0.291027774 after one update came about."
        ),
    ),
    "wrong_name": Mistake(
        N_("The last line of the chain"),
        (
            N_(
                "In the chain of note 002, "
                "$\\partial C/\\partial O \\cdot \\partial O/\\partial Z_2 = -0.854 \\cdot 0.245$."
            ),
            N_(
                "Going on to the left: $\\partial Z_2/\\partial h_1 = W_2 = 0.5$ and "
                "$\\partial h_1/\\partial Z_1 = 0.242$."
            ),
            N_("And $\\partial Z_1/\\partial W_1 = X = 0.5$; the product of all is $-0.013$."),
            N_("So $W_2 = W_2 - \\alpha \\, \\partial C/\\partial W_2 = 0.7 - 1.0 \\cdot (-0.013) = 0.713$."),
        ),
        3,
        N_(
            "The numbers are right, the name is not: 0.7 is $W_1$, and −0.013 is the derivative with respect to $W_1$. "
            "The one with respect to $W_2$ is −0.123. The same note also calls the weighted sum a in one place and z "
            "in another: names are half of backpropagation."
        ),
    ),
    "epsilon": Mistake(
        N_("Safe from division by zero"),
        (
            N_("Cross-entropy: $\\partial L/\\partial a = (a - y) / (a (1 - a))$."),
            N_("In code, against division by zero: `(a - y) / (a * (1 - a) + 1e-7)`."),
            N_("Times the slope $a (1 - a)$, the code still gives $\\partial L/\\partial z = a - y$ for every z."),
        ),
        2,
        N_(
            "Small compared with what? At z = 16, a (1 − a) is about $10^{-7}$ itself, and the gradient is halved; at "
            "z = 20 only 2% of it is left. Precisely the outputs that are confidently wrong stop learning. Work with "
            "logits instead: $\\sigma(z) - y$ needs no small number."
        ),
    ),
    "bias_rows": Mistake(
        N_("A bias in code"),
        (
            N_("Four samples at once: `l2 = a1 @ w2 + b2` adds the one output bias in each of the four rows."),
            N_(
                "The loss is the sum of the four cross-entropies. Behind the sigmoid its gradient is "
                "`d_l2 = a2 - y`, a column of four numbers."
            ),
            N_("The weights: `d_w2 = a1.T @ d_l2`. The product adds up what the four samples say."),
            N_("The bias: each row of l2 contains it with the factor 1, so `d_b2 = d_l2`."),
        ),
        3,
        N_(
            "All four samples have the same bias, so its gradient is the sum of their δs: `d_b2 = d_l2.sum(0)`. Note "
            "004 keeps the column, of `d_b1` too. An update with it raises no error: broadcasting turns the one bias "
            "into four, one for each sample. Four such biases learn any four answers by heart, and there is none "
            "for a fifth sample."
        ),
    ),
}


@controls.section
def section() -> None:
    screen.question(_("One line of each reasoning is wrong. Which one?"))
    titles = {code: _(mistake.title) for code, mistake in MISTAKES.items()}
    with screen.controls("slip"):
        code = controls.choice(st.pills, _("Mistake"), titles, key="backprop_slip", required=True)
    mistake, solved, table = MISTAKES[code], f"backprop_mistake_{code}", _table(slips.SLIPS[code]())
    with st.container(key=screen.exercise_key("mistake")):
        guess = reasoning(mistake, key="backprop_guess", scope=code)
        hint = _("The gradient check below may help.")
        answer(mistake, guess, hint=hint, key="backprop_solution", code=solved, scope=code)
        if controls.toggle(_("Run the gradient check"), key="backprop_settled", scope=code):
            screen.table(table, alt=_("The claimed gradients beside numerical ones"))
    _notice()
    _challenge()
    takeaway.takeaway(solved, table, slip_script(code))


def _table(check: slips.Check) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Case"): check.cases,
            _("Claimed"): check.claimed,
            _("Numerical gradient"): check.numerical,
            _("Relative error"): check.relative_error,
            _("Agrees"): [_("✓ yes") if yes else _("✗ no") for yes in check.agrees],
        }
    )


def _notice() -> None:
    screen.notice(
        _(
            "No formula is needed to find out that a gradient is wrong: change a weight a little, compute the loss "
            "twice, and compare. The check does not say where the mistake is, but it says for which numbers."
        )
    )


def _challenge() -> None:
    """The ratio of a sum's gradient to a mean's, read off the engine's check."""
    check = slips.sum_for_mean()
    answer = float(check.claimed[0] / check.numerical[0])
    challenge(
        "backprop_mistakes_challenge",
        _("The loss is a mean over 4 samples, the gradient a sum. By which factor is each step too large?"),
        answer=answer,
        tolerance=0.01,
        hint=_("Compare the two columns of “A batch of four”."),
        explanation=_("The sum is N = 4 times the mean, and so is its gradient."),
    )
