"""First view: one sigmoid unit trained on XOR and, from the same start, on another gate."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from engine import one_unit
from engine.export_one_unit import unit_script
from engine.gates import POINTS, gate
from engine.one_unit import UnitHistory
from engine.perceptron import decision_line
from pages.sections.perceptron import xor_numbers
from pages.sections.perceptron.xor_setup import N_STARTS, Setup, setup
from pages.shared import cached_unit, names, numbers, screen, show, takeaway
from pages.shared.charts import floor, plane
from pages.shared.text import _

TALL = 400  # pixels of the curves where they stand alone
SIDE, PIXELS = 61, 170  # of a plane: the engine's points, the screen's


def draw(left, right) -> Callable[[], None]:
    """Controls, picture, formulas, table; returns what draws the take-away."""
    with left:
        chosen = setup()
    history = cached_unit.training(chosen.config)
    with right:
        _curves(chosen, history)
        _remarks(chosen, history)
        if not chosen.many:
            _planes(chosen, history)
    table = (xor_numbers.of_many_starts if chosen.many else xor_numbers.of_one_start)(chosen, history)
    return partial(
        takeaway.takeaway, "perceptron_xor_training", table, unit_script(chosen.config, chosen.seed, names.GATES)
    )


def _curves(setup: Setup, history: UnitHistory) -> None:
    """The losses of XOR and of the gate beside it, and XOR's floor."""
    lowest = numbers.plain(cached_unit.floor("xor", setup.config.loss))
    if setup.config.reported.name == "cross_entropy":
        title, lowest_in_words = _("Cross-entropy, mean"), f"ln 2 = {lowest}"
    else:
        title, lowest_in_words = _("Mean squared error (MSE)"), lowest
    label = _("floor of XOR: {value}").format(value=lowest_in_words)
    groups = dict(zip(setup.names, history.losses, strict=True))
    ends = ", ".join(f"{name} {_span(losses[:, -1])}" for name, losses in groups.items())
    show.chart(
        floor.spec(_("Updates"), title, TALL if setup.many else floor.HEIGHT),
        floor.data(history.updates, groups, cached_unit.floor("xor", setup.config.loss), label),
        alt=_("Loss over the updates. At the end: {ends}; {floor}").format(ends=ends, floor=label),
        key="perceptron_xor_curves",
    )


def _span(losses) -> str:
    """One number, or the lowest and the highest of many."""
    low, high = numbers.plain(float(losses.min())), numbers.plain(float(losses.max()))
    return low if low == high else f"{low} – {high}"


def _remarks(setup: Setup, history: UnitHistory) -> None:
    """What has to be said to this picture."""
    remarks = [
        _(
            "This unit's output is no step but a sigmoid, any number between 0 and 1; above ½ counts as 1. The loss "
            "is one number for how wrong the outputs are, the gradient says how it changes with each weight; training "
            "goes the other way."
        )
    ]
    if setup.config.loss == "half_squared_error":
        remarks.append(_("Note 003 follows the gradient of ½ Σ (a − y)² and writes down the mean of (a − y)²."))
    if setup.preset == "note":
        remarks.append(_("The text of note 003 counts two hidden layers; the first network of its code has none."))
    if setup.many:
        remarks.append(
            _("{shown} of {all} curves a gate are drawn, evenly from the lowest final loss to the highest.").format(
                shown=floor.MAX_CURVES, all=N_STARTS
            )
        )
    if remarks:
        screen.aside(" ".join(remarks))
    if history.rises[0].max() > 1:
        st.warning(_("The loss of XOR rises on the way: the learning rate is too large, steps overshoot."), icon="⚠️")


def _planes(setup: Setup, history: UnitHistory) -> None:
    fields = one_unit.output_field(history.parameters[:, 0], plane.LOW, plane.HIGH, SIDE)
    for place, column in enumerate(st.columns(2)):
        with column:
            _plane(setup, history, place, fields[place])


def _plane(setup: Setup, history: UnitHistory, place: int, field) -> None:
    """What one gate's unit answers everywhere: its outputs at the corners, and its line where it has an opinion."""
    name, targets = setup.names[place], gate(setup.config.gates[place]).outputs
    outputs = history.outputs[place, 0].tolist()
    right, wrong = int(history.right[place, 0]), int(history.wrong[place, 0])
    said = _verdict(right, wrong)
    st.markdown(_("**{gate}**, trained").format(gate=name))
    points = [
        plane.point(
            *corner,
            target,
            rim="highlight" if (output > 0.5) != target and abs(output - 0.5) > one_unit.TIE else "",
            label=numbers.plain(output, 3),
            detail=f"({corner[0]:g}, {corner[1]:g}): a = {numbers.plain(output)}, y = {target}",
        )
        for corner, target, output in zip(POINTS.tolist(), targets, outputs, strict=True)
    ]
    w1, w2, b = history.parameters[place, 0].tolist()
    line = decision_line((w1, w2), b) if right + wrong else None
    lines = [plane.line(line.ends, detail="a = 0.5")] if line and line.ends is not None else []
    show.chart(
        plane.spec("x₁", "x₂", side=PIXELS, value_title=_("output a")),
        plane.data(points=points, lines=lines, field=plane.field(field)),
        alt=_("{name}: outputs {outputs} at the corners 00, 01, 10, 11. {verdict}").format(
            name=name, outputs=", ".join(map(numbers.plain, outputs)), verdict=said
        ),
        key=f"perceptron_xor_plane_{place}",
        width="content",
    )
    st.markdown(said)


def _verdict(right: int, wrong: int) -> str:
    if right + wrong == 0:
        return _("All four outputs are ½: no answer at all.")
    if right + wrong < 4:
        return _("{right} of 4 right, {wrong} wrong, the rest at ½.").format(right=right, wrong=wrong)
    accuracy = numbers.plain(right / 4)
    return _("{right} of 4 right (accuracy {accuracy}).").format(right=right, accuracy=accuracy)
