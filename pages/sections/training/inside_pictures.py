"""The same samples twice: where they lie, and where a hidden layer puts them; and how straight answers do there."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.lab_planes import Plane, value_shares
from engine.lab_scores import LayerScores
from pages.sections.training.inside_setup import FEATURES, MOST_LINES, Look
from pages.shared import cached_inside, controls, numbers, screen, show
from pages.shared.charts import hidden_plane as picture
from pages.shared.charts.network import unit_name
from pages.shared.text import _

INPUTS, HIDDEN = "training_inside_inputs", "training_inside_hidden"
NEARLY_ALL = 0.999  # of the variance: a share above would be rounded to all of it


def planes(look: Look) -> Plane | None:
    """Both planes beside each other; a click on a sample follows it. Returns the one of the hidden layer."""
    config = look.setup.config
    lines = _lines(look)
    inputs = cached_inside.input_plane(config, look.frame, look.points, look.layer, lines)
    hidden = None
    if look.layer:
        hidden = cached_inside.hidden_plane(config, look.frame, look.layer, look.kind, look.units, look.points)
    details, classes, values = _details(look, inputs, hidden), _classes(look), _values(look)
    two = look.samples.n_classes == 2
    drawn = partial(picture.spec, few=len(look.samples) <= picture.FEW, values=look.regression)
    with st.container(horizontal=True):
        with st.container(width="content"):
            st.markdown(_("**The inputs**") if fed_the_plane(look) else _("**The plane of x₁ and x₂**"))
            spec = drawn("x₁", "x₂", ground=True, border=two, lines=bool(lines))
            _draw(look, spec, inputs, (classes, details, values), INPUTS, _inputs_alt(look))
        if hidden:
            with st.container(width="content"):
                st.markdown(_("**Hidden layer {n}**").format(n=look.layer))
                grounded = hidden.field is not None
                spec = drawn(*_titles(look), ground=grounded, border=two and grounded)
                _draw(look, spec, hidden, (classes, details, values), HIDDEN, _hidden_alt(look))
    _legend(look, hidden)
    return hidden


def _lines(look: Look) -> tuple[int, ...]:
    """The units whose lines are drawn: all of a small layer, else those that the axes stand for."""
    size = look.setup.config.training.sizes[look.layer] if look.layer else 0
    if not look.lines or not size:
        return ()
    if size <= MOST_LINES:
        return tuple(range(size))
    return tuple(dict.fromkeys(look.units)) if look.kind == "units" else ()


def _draw(look: Look, spec: dict, plane: Plane, samples: tuple, key: str, alt: str) -> None:
    classes, details, values = samples
    names = [unit_name(look.layer, unit) for unit in plane.lines]
    show.chart(
        spec,
        picture.data(plane, classes, details, look.followed, names, values),
        alt=alt,
        key=key,
        width="content",
        on_select=partial(_clicked, key, look),
        selection_mode=picture.PICKED,
    )


def _clicked(key: str, look: Look) -> None:
    """Follow the sample that was clicked."""
    match st.session_state[key]:  # a message can be forged
        case {"selection": {picture.PICKED: [{"sample": int() as number}, *_]}} if 1 <= number <= len(look.samples):
            controls.put("training_inside_own", False, look.setup.scope)
            controls.put("training_inside_sample", int(number), f"{look.scope} {len(look.samples)}")


def _classes(look: Look) -> list[int]:
    shown = [-1] * len(look.samples) if look.regression else look.samples.y.tolist()
    return shown if look.sample is not None else [*shown, -1 if look.regression else int(look.y)]


def _values(look: Look) -> list[float] | None:
    """Where each target of a regression lies between the least and the largest."""
    if not look.regression:
        return None
    targets = look.samples.y.ravel().tolist()
    return value_shares(look.moment, targets if look.sample is not None else [*targets, look.y]).tolist()


def _details(look: Look, inputs: Plane, hidden: Plane | None) -> list[str]:
    """What the pointer is told, the same in both pictures: the sample, and where it is in each."""

    def pair(place) -> str:
        return ", ".join(numbers.plain(value, 3) for value in place)

    places = inputs.places.tolist()
    behind = hidden.places.tolist() if hidden else [None] * len(places)
    targets = [*look.samples.y.ravel().tolist(), look.y]
    words = _("value") if look.regression else _("class")
    rows = []
    for number, (place, other, y) in enumerate(zip(places, behind, targets, strict=False), 1):
        name = f"{number}" if number <= len(look.samples) else _("my own")
        target = numbers.plain(y, 3) if look.regression else look.samples.classes[int(y)]
        rows.append(f"{name}: {words} {target}   x ({pair(place)})" + (f"   → ({pair(other)})" if other else ""))
    return rows


def _titles(look: Look) -> tuple[str, str]:
    match look.kind:
        case "readout":
            return _("distance from the decision boundary"), _("most variance along the boundary")
        case "principal":
            return _("1st principal component"), _("2nd principal component")
    across, up = look.units
    return unit_name(look.layer, across), unit_name(look.layer, up) if up != across else " "


def _inputs_alt(look: Look) -> str:
    if look.regression:
        return _("The plane of the inputs: the samples, and the network’s answer under them")
    return _(
        "The plane of the inputs: the samples by class, the network’s answer under them, and its decision boundary"
    )


def _hidden_alt(look: Look) -> str:
    return _("The same samples where hidden layer {n} puts them").format(n=look.layer)


def _legend(look: Look, hidden: Plane | None) -> None:
    """What the marks mean, and how much of the layer the picture holds."""
    words = []
    if look.regression:
        words.append(
            _("Ground: the answer, from the smallest target (orange) to the largest (blue); points: their targets.")
        )
    elif look.samples.n_classes == 2:
        words.append(
            _(
                "Squares: class {first}, circles: class {second}. Ground: the answer; on it the decision boundary."
            ).format(first=look.samples.classes[0], second=look.samples.classes[1])
        )
    else:
        words.append(_("Each class has its own colour and mark; the ground is the class that the network answers."))
    if _lines(look):
        words.append(_("Blue lines: where a unit of hidden layer {n} has z = 0.").format(n=look.layer))
    words.append(_("The ring marks the sample followed; click another one."))
    if hidden is None:
        words.append(_("This network has no hidden layer: there is no other plane to see its samples in."))
    else:
        words += _held(look, hidden)
    screen.aside(" ".join(words))


def _held(look: Look, hidden: Plane) -> list[str]:
    """How much of the layer its picture holds."""
    if hidden.axes.one_point:
        return [
            _(
                "Hidden layer {n} puts all training samples on one point: whatever follows it gets the same from each, "
                "and answers the same."
            ).format(n=look.layer)
        ]
    if hidden.axes.exact:
        return [_("The hidden picture is exact: it has all that the next layer gets to see.")]
    most = hidden.axes.share > NEARLY_ALL
    words = [
        _("The hidden picture is a projection of {n} units; it holds {share} of their variance.").format(
            n=look.setup.config.training.sizes[look.layer],
            share=_("more than {share}").format(share=f"{NEARLY_ALL:.1%}") if most else f"{hidden.axes.share:.1%}",
        )
    ]
    if look.kind == "readout":
        words.append(_("Across the decision boundary it loses nothing: left and right of the line are exact."))
    elif most:
        words.append(_("It has no ground all the same: the next layer may weigh what is left out."))
    else:
        words.append(_("So it has no ground: two samples at one place may get different answers."))
    return words


def fed_the_plane(look: Look) -> bool:
    """Whether the network's inputs are x₁ and x₂ themselves, or one of them."""
    return set(look.setup.config.data.features) <= {"x1", "x2"}


def scores(look: Look) -> tuple[LayerScores, ...]:
    """How good a straight line would be in each layer's space, beside the network itself."""
    config = look.setup.config
    found = cached_inside.straight_scores(config, look.frame)
    train, test = cached_inside.network_scores(config, look.frame)
    rows = [
        (_first_space(look) if n == 0 else _("hidden layer {n}").format(n=n), str(one.units), one.train, one.test)
        for n, one in enumerate(found)
    ]
    rows.append((_("the network itself"), "", train, test))
    table = {
        _("Seen from"): [screen.unbroken(row[0]) for row in rows],
        _("Units"): [row[1] for row in rows],
        _("R², training") if look.regression else _("Right, training"): [written(look, row[2]) for row in rows],
    }
    if test is not None:
        table[_("R², test") if look.regression else _("Right, test")] = [written(look, row[3]) for row in rows]
    st.markdown(_("**How well would a linear model do in each layer’s space?**"))
    screen.table(pd.DataFrame(table), alt=_("How good a linear model is in the space of each layer"))
    screen.aside(
        _(
            "In each layer’s space a linear model is fitted by least squares to the training samples. It is not the "
            "network’s own next layer: it says how much of the work is already done there."
        )
        + ("" if fed_the_plane(look) else " " + _features(look))
    )
    return found


def _first_space(look: Look) -> str:
    return _("inputs") if fed_the_plane(look) else _("features")


def _features(look: Look) -> str:
    return _(
        "The row “features” is the space of what the network is fed, {features}, not the plane of the picture: "
        "what is straight there can be curved in the plane."
    ).format(features=", ".join(FEATURES[code] for code in look.setup.config.data.features))


def network_score(look: Look) -> float:
    """Accuracy, or R², of the network on the training samples."""
    return cached_inside.network_scores(look.setup.config, look.frame)[0]


def written(look: Look, score: float | None) -> str:
    """Accuracy as a share, R² as a number."""
    if score is None:
        return ""
    return numbers.plain(score, 3) if look.regression else f"{score:.1%}"
