"""One sample on its way through the network: the picture, the formulas, and every number in tables."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.lab_inside import Passage
from engine.layers import BatchNorm, Dropout
from pages.sections.training.inside_setup import FEATURES, Look
from pages.shared import controls, names, numbers, screen, show
from pages.shared.charts import sample_network, wiring
from pages.shared.charts.network import SUBSCRIPT, SUPERSCRIPT, unit_name
from pages.shared.formulas import sample as formulas
from pages.shared.text import _

WRITTEN = 4  # units of a layer with their formulas; the others are in the table
WHOLE = 12  # rows of a table that is not folded away
LISTED = 40  # parameters that are listed together
MANY = 200  # parameters of a layer that are listed unit by unit

NUMBER, PLAIN = partial(numbers.tex, digits=4), partial(numbers.plain, digits=3)


def inputs(passage: Passage) -> list[str]:
    """What the network's inputs are called in tables and pictures."""
    tilde = "" if passage.moment.standardizer is None else "~"
    return [f"{tilde}{FEATURES[code]}" for code in passage.moment.config.data.features]


def through(look: Look, passage: Passage) -> pd.DataFrame:
    """Picture, formulas and the table of all z and a; returns the table at full precision."""
    st.markdown(f"### {_('One sample followed through')}")
    st.markdown(_verdict(look, passage))
    sizes = look.setup.config.training.sizes
    if sample_network.fits(sizes):
        show.scrolling(
            wiring.spec(max(sizes)),
            sample_network.data(passage, inputs(passage), PLAIN),
            alt=_("The network with the sample’s activations in its units, all weights and all biases"),
            key="training_inside_network",
            width=sample_network.width(sizes),
        )
        screen.aside(
            _(
                "At each unit its bias b and its activation; lines: blue above 0, orange below, thicker if larger. On "
                "a narrow screen the picture goes on to the right: scroll it sideways."
            )
        )
    _formulas(passage)
    table = _units_table(passage)
    title = _("z and a of every unit, for the sample followed")
    if len(table) <= WHOLE:
        screen.table(table, alt=title)
    else:
        with st.expander(title):
            screen.table(table, alt=title, scroll=False)
    return table


def _verdict(look: Look, passage: Passage) -> str:
    if look.sample is None:
        name = _("Your own point")
    elif look.testing:
        name = _("Test sample {n}").format(n=look.sample + 1)
    else:
        name = _("Training sample {n}").format(n=look.sample + 1)
    x1, x2 = (numbers.plain(value) for value in passage.point.tolist())
    if look.regression:
        return _("**{name}**, x = ({x1}, {x2}): target {y}, answer **{answer}**; its loss is {loss}.").format(
            name=name, x1=x1, x2=x2, y=numbers.plain(look.y), answer=numbers.plain(passage.answer),
            loss=numbers.plain(passage.loss),
        )  # fmt: skip
    classes = look.samples.classes
    right = passage.answer == look.y
    message = (
        _("**{name}**, x = ({x1}, {x2}): class {y}, answered: class **{answer}**, right; its loss is {loss}.")
        if right
        else _("**{name}**, x = ({x1}, {x2}): class {y}, answered: class **{answer}**, wrong; its loss is {loss}.")
    )
    return message.format(
        name=name, x1=x1, x2=x2, y=classes[int(look.y)], answer=classes[int(passage.answer)],
        loss=numbers.plain(passage.loss),
    )  # fmt: skip


def _formulas(passage: Passage) -> None:
    """Layer by layer: as a whole in symbols, then unit by unit with the numbers; at the end answer and loss."""
    plain = set(passage.moment.config.data.features) <= {"x1", "x2"} and passage.moment.standardizer is None
    if not plain:
        st.markdown(_("**What the network is fed**"))
        st.latex(formulas.inputs(passage, NUMBER))
    for n, tab in enumerate(st.tabs(_layer_titles(passage)), 1):
        with tab:
            _layer(passage, n)
    _remarks(passage)
    answer = formulas.answer(passage, NUMBER)
    st.markdown(_("**Answer and loss**, of this sample alone"))
    written = [part for part in (answer, formulas.target(passage, NUMBER), formulas.loss(passage, NUMBER)) if part]
    for column, formula in zip(st.columns(len(written)), written, strict=True):
        column.latex(formula)


def _layer_titles(passage: Passage) -> list[str]:
    """Each layer with its activation function."""
    kinds = [names.ACTIVATIONS[kind.name] for kind in passage.moment.config.training.activations]
    hidden = [_("Hidden layer {n}: {activation}").format(n=n, activation=kind) for n, kind in enumerate(kinds[:-1], 1)]
    return [*hidden, _("Output: {activation}").format(activation=kinds[-1])]


def _layer(passage: Passage, n: int) -> None:
    """The layer as a whole in symbols, then unit by unit with the numbers in, two beside each other."""
    size = len(passage.layers[n - 1].b)
    written = [formulas.layer_symbols(passage, n)]
    written += [formulas.unit(passage, n, place, NUMBER) for place in range(min(size, WRITTEN))]
    st.latex(written[0])
    for first in range(1, len(written), 2):
        for column, formula in zip(st.columns(2), written[first : first + 2], strict=False):
            column.latex(formula)
    if size > WRITTEN:
        screen.aside(_("The other {n} units work alike: see the table.").format(n=size - WRITTEN))


def _remarks(passage: Passage) -> None:
    """What evaluation mode does with what training has drawn or measured."""
    parts = [stage.part for layer in passage.layers for stage in layer.stages]
    if any(isinstance(part, BatchNorm) for part in parts):
        screen.aside(
            _(
                "Batch normalization, in evaluation mode: μ̄ and σ̄² are the running mean and variance that training has "
                "stored, not those of a batch. So a sample’s numbers do not depend on its neighbours."
            )
        )
    dropouts = [part for part in parts if isinstance(part, Dropout)]
    if dropouts and dropouts[0].kind == "inverted":
        screen.aside(
            _(
                "Dropout, in evaluation mode: all units are at work and nothing is scaled; the kept ones were scaled "
                "up in training instead."
            )
        )
    elif dropouts:
        screen.aside(_("Dropout, in evaluation mode: all units are at work, each scaled by 1 − p."))


def _units_table(passage: Passage) -> pd.DataFrame:
    rows = []
    for n, layer in enumerate(passage.layers, 1):
        for place, (b, z, a) in enumerate(zip(layer.b.tolist(), layer.z.tolist(), layer.a.tolist(), strict=True)):
            rows.append((unit_name(n, place), b, z, a))
    return pd.DataFrame(rows, columns=[_("Unit"), "b", "z", "a"])


# all parameters -----------------------------------------------------------------------------------------------


def parameters(look: Look, passage: Passage) -> None:
    """Every weight and bias of the frame, and what batch normalization has learned and stored."""
    layers, scope = passage.layers, f"{look.setup.scope} {look.setup.config.training.sizes}"
    total = sum(layer.W.size + layer.b.size for layer in layers)
    with st.expander(_("Every parameter at this frame"), expanded=total <= LISTED):
        _listed(passage, total, scope)


def _listed(passage: Passage, total: int, scope: str) -> None:
    """All of a small network, or those that lead into one layer, or into one unit of a large one."""
    shown = range(1, len(passage.layers) + 1)
    if total > LISTED:
        labels = {str(n): str(n) for n in shown}
        code = controls.choice(
            st.segmented_control,
            _("Into layer"),
            labels,
            key="training_inside_into",
            default=str(len(passage.layers)),
            scope=scope,
            required=True,
        )
        shown = [int(code)]
    rows = [row for n in shown for row in _rows(passage, n, _unit(passage, n, scope))]
    table = pd.DataFrame(rows, columns=[_("Parameter"), _("Leads"), _("Value")])
    screen.table(table, alt=_("Weights and biases at this frame"), scroll=False)
    screen.aside(_("{n} weights and biases in all.").format(n=total))


def _unit(passage: Passage, n: int, scope: str) -> int | None:
    """The one unit of a large layer whose parameters are listed; None for all of them."""
    layer = passage.layers[n - 1]
    if layer.W.size <= MANY:
        return None
    high = len(layer.b)
    return (
        controls.number(
            _("Into unit (1 to {n})").format(n=high),
            key="training_inside_unit",
            default=1,
            low=1,
            high=high,
            step=1,
            scope=f"{scope} {n}",
        )
        - 1
    )


def _rows(passage: Passage, n: int, only: int | None) -> list[tuple[str, str, float]]:
    layer, sources = passage.layers[n - 1], inputs(passage)
    level, rows = f"⁽{str(n).translate(SUPERSCRIPT)}⁾", []
    for place in range(len(layer.b)) if only is None else [only]:
        to, index = unit_name(n, place), str(place + 1).translate(SUBSCRIPT)
        for source, weight in enumerate(layer.W[:, place].tolist()):
            start = sources[source] if n == 1 else unit_name(n - 1, source)
            rows.append(
                (f"W{level}{str(source + 1).translate(SUBSCRIPT)}{_comma(layer)}{index}", f"{start} → {to}", weight)
            )
        rows.append((f"b{level}{index}", f"→ {to}", float(layer.b[place])))
        for stage in layer.stages:
            if isinstance(stage.part, BatchNorm):
                named = (("γ", "gamma"), ("β", "beta"), ("μ̄", "mean"), ("σ̄²", "var"))
                rows += [
                    (f"{sign}{level}{index}", to, float(getattr(stage.norm, name)[0, place])) for sign, name in named
                ]
    return rows


def _comma(layer) -> str:
    """Two indices need a sign between them where one has two digits."""
    return "," if max(layer.W.shape) > 9 else ""


def everything(passage: Passage, table: pd.DataFrame) -> pd.DataFrame:
    """What is taken away: z and a of each unit, then every parameter."""
    numbers_of_units = [
        (f"{row[0]} {name}", value)
        for row in table.itertuples(index=False)
        for name, value in zip("bza", row[1:], strict=True)
        if name != "b"
    ]
    rows = [row for n in range(1, len(passage.layers) + 1) for row in _rows(passage, n, None)]
    found = [*zip(inputs(passage), passage.fed.tolist(), strict=True), *numbers_of_units]
    found += [(f"{name} ({leads})", value) for name, leads, value in rows]
    return pd.DataFrame([*found, (_("loss"), passage.loss)], columns=[_("Quantity"), _("Value")])
