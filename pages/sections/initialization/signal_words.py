"""What to notice in the signal through the depth, the find-the-mistake and the challenge."""

from functools import cache

import streamlit as st

from engine.activations import ReLU
from engine.initializers import VarianceScaling, initializer
from engine.mean_field import MeanField, mean_field
from pages.shared import numbers, screen
from pages.shared.challenge import challenge, close
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

LAYERS = 20
WIDE = 100  # any width gives the same: these variances are shares of 1/n


@cache
def variance_slip() -> Mistake:
    """Whoever puts Var(a) where E[a²] belongs: the variance that they would choose, and what it does."""
    relu = mean_field(ReLU(), VarianceScaling(1.0), 1, WIDE)  # z has the variance 1
    kept = float(relu.std[0] ** 2)
    chosen = mean_field(ReLU(), VarianceScaling(1 / kept), LAYERS, WIDE)
    return Mistake(
        N_("A better He?"),
        (
            N_(
                "In a layer of n inputs, z is a sum of n terms w·a. The weights are independent of each other and of "
                "a, with mean 0. So z has mean 0."
            ),
            N_("Variances of uncorrelated terms add up: Var(z) = n · Var(w) · Var(a), with a from the layer before."),
            N_("ReLU cuts off the half of z below 0. For a normal z, what is left has Var(a) = {kept} · Var(z)."),
            N_(
                "So, by lines 2 and 3, a layer keeps the variance if n · Var(w) · {kept} = 1, that is with Var(w) = "
                "{scale}/n; by this reckoning He's 2/n would be too small."
            ),
        ),
        1,
        N_(
            "The variance of w·a is Var(w) · E[a²], not Var(w) · Var(a): w has mean 0, but a has not. Var(a) would do "
            "for tanh, whose outputs have mean 0. A ReLU's mean square is half of Var(z): n · Var(w) · ½ = 1 gives "
            "He's 2/n. With {scale}/n each layer multiplies the variance by {growth}, and {layers} layers later the "
            "standard deviation is {factor} times that of the first."
        ),
        {
            "kept": numbers.plain(kept),
            "scale": numbers.plain(1 / kept),
            "growth": numbers.plain(float(chosen.chi[0])),
            "layers": str(LAYERS - 1),
            "factor": numbers.plain(float(chosen.std[-1] / chosen.std[0])),
        },
    )


def mistake() -> None:
    """The reasoning with one wrong line."""
    slip = variance_slip()
    title = _("Find the mistake: {title}").format(title=_(slip.title))
    with st.expander(title, icon=":material/search:", key=screen.exercise_key("mistake")):
        guess = reasoning(slip, key="initialization_signal_mistake")
        answer(
            slip,
            guess,
            hint=_("Which of the steps would be wrong for a = 5 in every unit?"),
            key="initialization_signal_mistake_solution",
            code="initialization_signal_mistake",
        )


def notice() -> None:
    """The rules, and what they are not."""
    screen.notice(
        _(
            "A unit adds up n_in terms w·a, so the variance of z is n_in · Var(w) times the mean square of a. N(0, 1) "
            "makes z some √n_in wide, and tanh is ±1 almost everywhere; with 0.01 each layer of 100 units divides the "
            "signal by 10. Xavier's 1/n_in is derived for f(z) ≈ z. tanh bends, so its signal still falls, but slowly: "
            "like 1/√layer, not by a factor a layer. He's 2/n_in is derived for ReLU, which throws half of the mean "
            "square away (notes 000 and 004). With tanh it too does well over ten layers; over fifty its gradient "
            "grows."
        )
    )
    st.markdown(
        _(
            "**Xavier for sigmoids?** Note 004 says so, and for one or two layers it is a fair choice. But a sigmoid's "
            "slope is at most ¼, and its outputs lie around ½: choose “Sigmoid: alive or asleep?”. The standard "
            "deviation of a settles down and looks healthy. The spread over the samples tells the truth: after ten "
            "layers all samples give nearly the same outputs, and the gradient is gone as well. Much larger weights, "
            "such as N(0, 1) for 100 units, hold the gradient up over 20 layers, with half of the outputs saturated; "
            "the signal fades even so. "
            "Zero-centred functions, ReLU, or batch normalization are the better cure."
        )
    )


@cache
def _pytorchs_default() -> MeanField:
    return mean_field(ReLU(), initializer("pytorch_linear"), LAYERS, WIDE)


def ask() -> None:
    """The default of PyTorch, with ReLU."""
    theory = _pytorchs_default()
    factor = float(theory.std[1] / theory.std[0])
    challenge(
        "initialization_signal_challenge",
        _(
            "PyTorch's nn.Linear draws its weights from U(−1/√n, 1/√n). In a deep ReLU network of equally wide layers, "
            "without biases: by what does each layer multiply the standard deviation of the activations (2 digits)?"
        ),
        answer=factor,
        tolerance=close(factor, 2),
        hint=_(
            "A uniform distribution from −c to c has the variance c²/3. What is n · Var(w)? What does ReLU do to the "
            "mean square? And the root is still to be taken."
        ),
        explanation=_(
            "n · Var(w) = 1/3, and ReLU keeps half of the mean square: 1/6 a layer. The standard deviation is its "
            "root, {factor}; from layer 1 to layer {layers} that leaves {left} of it. In PyTorch, biases and "
            "normalization hide this, until they are missing."
        ).format(
            factor=numbers.plain(factor), layers=LAYERS, left=numbers.plain(float(theory.std[-1] / theory.std[0]), 2)
        ),
    )
