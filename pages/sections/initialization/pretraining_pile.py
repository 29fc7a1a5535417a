"""The pile, step by step: a machine is trained and frozen, the next one on top sees what it says."""

import functools

import pandas as pd
import streamlit as st

from engine.pretraining_study import N_CLASSES, PIXELS, Pile, PileConfig, Tuned
from pages.sections.initialization.pretraining_setup import KEY
from pages.shared import controls, numbers, screen, show
from pages.shared.charts import pile as chart
from pages.shared.charts import series
from pages.shared.charts.theme import GRADIENT, HIGHLIGHT, MUTED, VALUE
from pages.shared.formulas import pretraining as formulas
from pages.shared.text import _

SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LATER, LEARNS, FROZEN, DRAWN, TUNED = "later", "learns", "frozen", "drawn", "tuned"
ROLES = {LATER: MUTED, LEARNS: HIGHLIGHT, FROZEN: VALUE, DRAWN: HIGHLIGHT, TUNED: GRADIENT}


def steps(config: PileConfig, pile: Pile, tuned: Tuned | None) -> None:
    """The stepper, the drawing, what the images become, the error of each machine."""
    last = config.depth + 2
    at = controls.stepper(_("Step"), last, key=f"{KEY}_step", scope=str(config.depth), start=min(2, config.depth))
    st.markdown(_told(config, at))
    with st.container(horizontal=True):
        show.chart(
            chart.drawing_spec(config.depth + 2),
            _drawing(config, at),
            alt=_("The layers from the image up to the outputs, and what becomes of the weights between them"),
            key=f"{KEY}_drawing",
            width="content",
        )
        _images(config, pile, at, tuned)
    _told_of_images(config, at, tuned)
    if at:
        _errors(config, pile, min(at, config.depth))


def _told(config: PileConfig, at: int) -> str:
    """The step in words."""
    depth = config.depth
    if at == 0:
        return _("**Nothing yet:** {n} images of {pixels} pixels. Their labels stay in the drawer.").format(
            n=config.n_images, pixels=PIXELS
        )
    if at == 1:
        return _(
            "**Machine 1** learns to rebuild the {pixels} pixels of each image from its {width} hidden units, by CD-1."
        ).format(pixels=PIXELS, width=config.width)
    if at <= depth:
        return _(
            "**Machine {n}** sits on top. What lies below is frozen; its input are the {width} probabilities "
            "p(h = 1) of machine {below}, not the image. It learns to rebuild them."
        ).format(n=at, width=config.width, below=at - 1)
    if at == depth + 1:
        return _(
            "**The output layer** is added, its weights drawn (Xavier). The way down is left behind: W and c of each "
            "machine are now weights and biases of a sigmoid network. No label has been used so far."
        )
    return _("**Fine-tuning:** now the labels come in, and backpropagation moves all layers, the pretrained ones too.")


def _state(level: int, config: PileConfig, at: int) -> str:
    """What happens to the weights above `level`, counted from the image at 0."""
    if at == config.depth + 2:
        return TUNED
    if level == config.depth:
        return DRAWN if at > config.depth else LATER
    return LATER if level >= at else LEARNS if level == at - 1 and at <= config.depth else FROZEN


def _drawing(config: PileConfig, at: int) -> dict[str, pd.DataFrame]:
    words = {
        LATER: _("{w}: later"),
        LEARNS: _("{w}: learns to rebuild"),
        FROZEN: _("{w}: frozen"),
        DRAWN: _("{w}: drawn"),
        TUNED: _("{w}: backpropagation"),
    }
    depth = config.depth
    names = [
        _("image: {n} pixels").format(n=PIXELS),
        *(_("hidden layer {n}: {width} units").format(n=n, width=config.width) for n in range(1, depth + 1)),
        _("outputs: {n} classes").format(n=N_CLASSES),
    ]
    states = [_state(level, config, at) for level in range(depth + 1)]
    boxes = [chart.box(0, names[0], VALUE)]
    links = []
    for level, state in enumerate(states):
        there = state != LATER
        boxes.append(chart.box(level + 1, names[level + 1], ROLES[state], there))
        weights = f"W{str(level + 1).translate(SUBSCRIPT)}"
        links.append(
            chart.link(level, words[state].format(w=weights), ROLES[state], there, both=state in (LEARNS, TUNED))
        )
    return chart.drawing_data(boxes, links)


def _images(config: PileConfig, pile: Pile, at: int, tuned: Tuned | None) -> None:
    """Test images, what is left of them after the way up and down, and the classes a finished network gives."""
    rows = {_("original"): pile.originals}
    for n in range(1, min(at, config.depth) + 1):
        rows[_("via 1") if n == 1 else _("via 1–{n}").format(n=n)] = pile.rebuilt[n - 1]
    words = {}
    if at > config.depth and tuned is not None:
        before, after = (_answers(row) for row in tuned.answers.tolist())
        words[_("drawn")] = before
        if at == config.depth + 2:
            words[_("tuned")] = after
    show.chart(
        chart.images_spec(len(rows) + len(words), N_CLASSES),
        chart.images_data(rows, words),
        alt=_("Ten test images, and what is left of them after the way up through the machines and down again"),
        key=f"{KEY}_images",
        width="content",
    )


def _told_of_images(config: PileConfig, at: int, tuned: Tuned | None) -> None:
    """What the images are, and how many of them the network names right."""
    screen.aside(
        _(
            "Ten test images that no machine has seen; below, each after the way up through the machines and back "
            "down to the pixels, by probabilities."
        )
    )
    if at > config.depth and tuned is not None:
        right = [sum(a == c for c, a in enumerate(row)) for row in tuned.answers.tolist()]
        before = _("With the drawn output layer the network (seed 0) names {n} of these ten.").format(n=right[0])
        after = _("After fine-tuning: {n} of ten.").format(n=right[1])
        st.markdown(before if at == config.depth + 1 else f"{before} {after}")


def _answers(classes: list[int]) -> list[str]:
    return [f"{answer if answer >= 0 else '–'}{'✓' if answer == c else '✗'}" for c, answer in enumerate(classes)]


def _errors(config: PileConfig, pile: Pile, n: int) -> None:
    """The errors of the machines trained so far, as shares of what the mean alone gives."""
    order = tuple(_("machine {n}").format(n=k) for k in range(1, config.depth + 1))
    share = pile.errors / pile.mean_errors[:, None]
    curves = dict(zip(order[:n], share, strict=False))
    show.chart(
        series.spec(tuple(curves), _("epoch"), _("error ÷ variance"), order=order, height=190),
        series.data(range(config.epochs + 1), curves),
        alt=_("Reconstruction error of each machine over its epochs, as a share of what the mean of its inputs gives"),
        key=f"{KEY}_errors",
    )
    number = functools.partial(numbers.tex, digits=4)
    st.latex(formulas.machine(n, pile, number))
    screen.aside(
        _(
            "Each machine rebuilds its own input, so the error is measured against the input's own spread: at 1 it is "
            "no better than answering every image with the mean of all."
        )
    )


def table(pile: Pile) -> pd.DataFrame:
    """The machines, at full precision."""
    depth = len(pile.errors)
    return pd.DataFrame(
        {
            _("Machine"): [str(n) for n in range(1, depth + 1)],
            _("Error before"): pile.errors[:, 0].tolist(),
            _("after"): pile.errors[:, -1].tolist(),
            _("mean alone"): pile.mean_errors.tolist(),
            _("down to the image"): pile.through.tolist(),
        }
    )


def numbers_of(pile: Pile) -> None:
    """The table of the machines."""
    screen.table(table(pile), alt=_("The machines of the pile and their errors"))
    screen.aside(
        _(
            "Mean squared errors of seed 0: of each machine on its own input, before and after its training, and of "
            "the mean of that input alone; last, of test images that went up through all machines so far and down to "
            "the pixels. There the mean training image alone is off by {mean}."
        ).format(mean=numbers.plain(pile.mean_through))
    )
