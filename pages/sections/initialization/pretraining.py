"""Layer upon layer: a pile of restricted Boltzmann machines as the start of a deep network, and whether it pays."""

import pandas as pd
import streamlit as st

from engine.export_pretraining import pretraining_script
from engine.pretraining_study import PIXELS, Pile, PileConfig, TuningConfig
from pages.sections.initialization import pretraining_pays, pretraining_pile, pretraining_run, pretraining_tuning
from pages.sections.initialization.pretraining_run import Found
from pages.sections.initialization.pretraining_setup import KEY, SEEDS, Tuning, pile_setup, tuning_setup
from pages.shared import controls, numbers, screen, takeaway
from pages.shared.cached_pretraining import first_gradient, piled
from pages.shared.challenge import challenge
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

DEEPER = 6  # hidden layers of the challenge
FEW = tuple(range(SEEDS[0]))


@controls.section
def section() -> None:
    screen.question(_("Can a deep network be built layer by layer, without labels, and does it pay?"))
    top, bottom = st.container(), st.container()
    with top:
        st.markdown(f"**1. {_('The pile')}**")
        upper, steps = screen.columns("pile")
        with upper:
            pile_config = pile_setup()
    with bottom:
        st.markdown(f"**2. {_('Fine-tuning, and drawn weights beside it')}**")
        lower, curves = screen.columns("tuning")
        with lower:
            tuning = tuning_setup(pile_config)
    pile, found = None, Found({}, {})
    with steps, screen.refusals():
        place = st.container()
        pile = pretraining_run.pile(tuning, upper)
    with curves, screen.refusals():
        picture = st.container()
        found = pretraining_run.networks(tuning, lower)
        if found.outcomes:
            with picture:
                pretraining_tuning.picture(tuning, found)
                pretraining_pays.pays(tuning, found)
                pretraining_tuning.verdict(tuning, found)
    if pile is not None:
        with place:
            pretraining_pile.steps(pile_config, pile, found.outcomes.get("rbm"))
        with top:
            pretraining_pile.numbers_of(pile)
    if found.outcomes:
        _numbers(tuning, found)
    _mistake()
    _notice()
    _challenge()
    if pile is not None and found.outcomes:
        _takeaway(tuning, pile, found)


def _numbers(tuning: Tuning, found: Found) -> None:
    pretraining_tuning.rates(found)
    pretraining_tuning.diverged(tuning, found)
    pretraining_tuning.tables(tuning, found)
    pretraining_tuning.work(tuning)


def _takeaway(tuning: Tuning, pile: Pile, found: Found) -> None:
    rates = {code: one.learning_rate for code, one in found.outcomes.items()}
    table = pd.concat([pretraining_tuning.everything(tuning, found), pretraining_pile.table(pile)], ignore_index=True)
    takeaway.takeaway(KEY, table, pretraining_script(tuning.config, rates, tuning.n_seeds, tuning.goal))


# find the mistake ---------------------------------------------------------------------------------------------

AGAIN = Mistake(
    N_("Three machines"),
    (
        N_("Machine 1 learns to rebuild the {pixels} pixels of the images; it needs no labels."),
        N_("Then it is frozen, and machine 2 learns to rebuild what its {width} hidden units say of each image."),
        N_("Machine 3 is trained on the images again, so that nothing of them is lost on the way up."),
        N_("At last an output layer is added, and backpropagation with labels moves all layers."),
    ),
    2,
    N_(
        "Machine 3 sees what machine 2 says: {width} probabilities an image, as layer 3 of the finished network will. "
        "Its weights are {width} × {width}; on the images they would be {pixels} × {width}, and would not fit on the "
        "pile. And something is lost on the way: rebuilt through 1, 2 and 3 machines, test images are off by {errors} "
        "(mean squared error per pixel); the mean image alone by {mean}."
    ),
)


def mistake() -> Mistake:
    """With the numbers of the default pile."""
    config = PileConfig()
    pile = piled(config, FEW)
    facts = {
        "pixels": str(PIXELS),
        "width": str(config.width),
        "errors": ", ".join(numbers.plain(error, 3) for error in pile.through.tolist()),
        "mean": numbers.plain(pile.mean_through, 3),
    }
    return Mistake(AGAIN.title, AGAIN.lines, AGAIN.wrong, AGAIN.explanation, facts)


def _mistake() -> None:
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        told = mistake()
        guess = reasoning(told, key=f"{KEY}_wrong")
        answer(
            told,
            guess,
            hint=_("Which numbers come in where a layer is trained, and how many are they?"),
            key=f"{KEY}_wrong_solution",
            code=f"{KEY}_mistake",
        )


# notice and challenge -----------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "At the opening settings Xavier and He weights stay at guessing: on its way back each layer makes the "
            "gradient several times smaller, and η = 0.2 is too small to make up for it. With η = 1 He weights leave "
            "guessing, with Adam and η = 0.01 Xavier weights as well. The pile gets the network going at η = 0.2, and "
            "not by a larger gradient (the first layer’s is smaller than with He weights): its units already tell "
            "images apart, and no label was needed for that. But it costs more work than the fine-tuning, N(0, 1) gets "
            "so small a network going as well, and ReLU with He weights reaches a far lower training loss in the same "
            "epochs without any pile."
        )
    )
    st.markdown(
        _(
            "**A breakthrough in 2006, hardly used today** (notes 000 and 004). Deep sigmoid networks had hardly been "
            "trainable before; the pile made them so (Hinton, Osindero and Teh 2006; Bengio et al. 2007). Since then "
            "ReLU, Xavier and He weights, batch normalization, Adam and more labelled data do the same without it. "
            "Where labels are few the idea lives on: learn from data without labels first. Try 400 images without "
            "labels and 50 labelled ones; the pile then costs the work of some 148 epochs of fine-tuning."
        )
    )


def _challenge() -> None:
    """How fast the gradient fades with the depth."""
    shallow, deep = (first_gradient(TuningConfig(PileConfig(depth=depth)), "xavier", FEW) for depth in (3, DEEPER))
    factor = (shallow / deep) ** (1 / (DEEPER - 3))
    challenge(
        f"{KEY}_challenge",
        _(
            "Xavier weights, sigmoids, 32 units a layer, 200 labelled images, 3 seeds: each further hidden layer, from "
            "3 to 6, divides the first layer's gradient at the start by the same factor, on geometric average. Which "
            "(within 0.3)?"
        ),
        answer=factor,
        tolerance=0.3,
        hint=_(
            "A sigmoid's slope is 1/4 at most, and Xavier weights roughly keep lengths. Or compare the gradient of 3 "
            "and of 6 hidden layers: the cube root of their quotient."
        ),
        explanation=_(
            "{shallow} with 3 hidden layers, {deep} with 6: $\\sqrt[3]{{{quotient}}} \\approx {factor}$. That is the 4 "
            "of the sigmoid's slope, and a little more, since slopes are 1/4 at z = 0 only. Three further layers make "
            "the first one {quotient} times as slow."
        ).format(
            shallow=numbers.plain(shallow, 3),
            deep=numbers.plain(deep, 3),
            quotient=numbers.tex(shallow / deep, 3),
            factor=numbers.tex(factor, 3),
        ),
    )
