"""The machine itself, and one step of CD-1 by hand: four pixels, two hidden units, every number."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from engine.rbm_by_hand import IMAGES, MAX_WEIGHT, WEIGHTS, HandStep, hand_step
from pages.shared import controls, numbers, screen, show
from pages.shared.charts import machine
from pages.shared.formulas import boltzmann
from pages.shared.tables import number_table
from pages.shared.text import N_, _

tex = partial(numbers.tex, digits=4)
TITLES = {
    "left": N_("left column"),
    "right": N_("right column"),
    "top": N_("top row"),
    "bottom": N_("bottom row"),
    "full": N_("all black"),
    "blank": N_("all white"),
}


@dataclass(frozen=True)
class ByHand:
    """What was chosen, and the step."""

    image: str
    seed: int
    step: HandStep


def by_hand(learning_rate: float) -> ByHand:
    """Draw the machine, its formulas, and the step from one image."""
    st.markdown(f"### {_('The machine, and one step of CD-1 by hand')}")
    st.markdown(
        _(
            "Every pixel is linked with every hidden unit, and no two units of the same layer are linked (note 004). "
            "So, given one layer, the units of the other are independent of each other, and a layer is drawn in one go."
        )
    )
    left, right = st.columns([1, 1], gap="large")
    with left:
        image, seed, W = _controls()
    step = hand_step(W, image, learning_rate, seed)
    with left:
        show.chart(
            machine.spec(),
            machine.data(step.W, step.v, step.h_probability, step.h, numbers.plain),
            alt=_("Two hidden units above, four pixels below, a link between each pixel and each hidden unit"),
            key="initialization_rbm_machine",
            width="content",
        )
        screen.aside(
            _("Filled: on. Blue links: weights above 0, orange: below; the wider, the larger. All biases are 0 here.")
        )
    with right:
        st.latex(boltzmann.energy())
        st.latex(boltzmann.layers())
        st.latex(boltzmann.rule())
    _numbers(step, learning_rate)
    return ByHand(image, seed, step)


def _controls():
    image = controls.choice(
        st.selectbox,
        _("Image of 2 × 2 pixels"),
        {code: _(TITLES[code]) for code in IMAGES},
        key="initialization_rbm_hand_image",
    )
    seed = controls.number(
        _("Seed of the draw"), key="initialization_rbm_hand_seed", default=0, low=0, high=9999, step=1
    )
    W = number_table(
        WEIGHTS,
        ["h₁", "h₂"],
        key="initialization_rbm_hand_weights",
        scope="",
        low=-MAX_WEIGHT,
        high=MAX_WEIGHT,
        alt=_("The weights, a row for each pixel"),
        index=["v₁", "v₂", "v₃", "v₄"],
    )
    return image, seed, W


def _numbers(step: HandStep, learning_rate: float) -> None:
    """Up, down, up; the two phases; the change and what it does."""
    up, down = st.columns(2, gap="large")
    with up:
        st.markdown(_("**1. Up from the data**: probabilities p, and states h that are drawn with them."))
        st.latex(boltzmann.up(step, tex))
    with down:
        st.markdown(_("**2. Down and up again**: the reconstruction v′, and what the hidden units say to it."))
        st.latex(boltzmann.down(step, tex))
    screen.aside(
        _(
            "Why draw h, and not hand down p? A drawn state passes on one bit, a probability a whole real number: with "
            "that, an image could come back without the hidden units having learned what it consists of. And only a "
            "chain of drawn states visits images as often as the machine believes in them. In the averages below "
            "nothing is handed on, and p is the better choice: less noise."
        )
    )
    st.markdown(_("**3. Positive minus negative phase**: what the data show, minus what the machine makes of them."))
    for column, formula in zip(st.columns(2, gap="large"), boltzmann.phases(step, tex), strict=True):
        column.latex(formula)
    change, effect = st.columns(2, gap="large")
    change.latex(boltzmann.change(step, learning_rate, tex))
    with effect:
        st.latex(boltzmann.effect(step, tex))
        st.markdown(_effect(step))


def _effect(step: HandStep) -> str:
    grown = {
        True: _("The image has become more likely under the machine, as it should."),
        False: _(
            "The image has become less likely under the machine: CD-1 is an estimate from one draw, and a large step "
            "may go too far."
        ),
    }[step.log_p_after > step.log_p_before]
    exact = _(
        "Exactly, by all 16 images: the first weight's slope is {slope}; the step took {estimate} for it."
    ).format(
        slope=numbers.plain(float(step.slope.dW[0, 0])),
        estimate=numbers.plain(float(step.positive[0, 0] - step.negative[0, 0])),
    )
    return f"{grown} {exact}"
