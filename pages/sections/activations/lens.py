"""One point of an activation function: value, slope, tangent, and what the lens shows of them."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine import lens, sigmoid_derivation
from engine.activations import ACTIVATIONS, Activation, activation
from engine.export import lens_script
from engine.lens import Point, View
from pages.sections.activations import sigmoid_lines
from pages.shared import controls, names, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import lens as picture
from pages.shared.formulas import lens as formulas
from pages.shared.text import _

REACH = 6.0  # of z, to both sides


@dataclass(frozen=True)
class Setup:
    """What the controls say."""

    activation: Activation
    point: Point
    view: View


@controls.section
def section() -> None:
    screen.question(_("What is left of a curve when you look closely enough?"))
    left, right = screen.columns()
    with left:
        setup = _controls()
    with right:
        _pictures(setup)
    _formulas(setup)
    table = _table(setup)
    sigmoid_lines.show(setup.point.z)
    _notice()
    _challenge()
    script = lens_script(setup.activation, setup.point.z, setup.view.half_width)
    takeaway.takeaway("activations_lens", table, script)


def _controls() -> Setup:
    titles = {code: names.ACTIVATIONS[code] for code in ACTIVATIONS}
    code = controls.choice(
        st.selectbox, _("Activation function"), titles, key="activations_lens_function", default="sigmoid"
    )
    z = controls.slider(_("Pre-activation z"), key="activations_lens_z", default=1.0, low=-REACH, high=REACH, step=0.05)
    zoom = controls.slider(
        _("Zoom (doublings)"), key="activations_lens_zoom", default=2.0, low=0.0, high=10.0, step=0.1
    )
    function = activation(code)
    point = lens.point(function, z)
    view = lens.view(function, point, lens.half_width(zoom))
    with st.container(horizontal=True):
        st.metric("f(z)", numbers.plain(point.value))
        st.metric("f′(z)", numbers.plain(point.slope))
    return Setup(function, point, view)


def _pictures(setup: Setup) -> None:
    """The whole curve; and the band around the point, magnified."""
    curve, point, view = lens.curve(setup.activation), setup.point, setup.view
    name = names.ACTIVATIONS[setup.activation.name]
    # No number in the alternative texts: with each new text the browser would draw the whole picture anew.
    show.chart(
        picture.spec("z", "f(z), f′(z)"),
        picture.data(curve, point, view.half_width, numbers.plain),
        alt=_("The curve of {function} and its derivative; at z the point, the tangent and its slope triangle").format(
            function=name
        ),
        key="activations_lens_map",
    )
    _remark(point)
    st.markdown(
        _("**Under the lens:** the grey band z ± h. Filled: the gap between the curve and the line with its slope.")
    )
    show.chart(
        picture.lens_spec("z", "f(z)"),
        picture.lens_data(curve, point, view, numbers.plain),
        alt=_("The window z ± h, magnified: the curve of {function} and its tangent").format(function=name),
        key="activations_lens_view",
    )
    h, gap, ratio = map(numbers.plain, (view.half_width, view.gap, view.gap_by_square))
    st.markdown(_("h = **{h}**, largest gap **{gap}**, gap / h² = **{ratio}**").format(h=h, gap=gap, ratio=ratio))


def _remark(point: Point) -> None:
    """What the picture shows at this point: a tangent, or why there is none."""
    left, right, slope = map(numbers.plain, (point.left, point.right, point.slope))
    if point.jump:
        st.info(
            _("Here f jumps by {jump}: there is no slope and no tangent. By convention f′ is {slope}.").format(
                jump=numbers.plain(point.jump), slope=slope
            )
        )
    elif not point.has_tangent:
        st.info(
            _(
                "Here is a kink: the slope is {left} on the left and {right} on the right, so there is no tangent. "
                "By convention f′ is {slope}, as in PyTorch."
            ).format(left=left, right=right, slope=slope)
        )
    elif point.slope == 0:
        st.markdown(
            _(
                "The :blue[**curve f**] and its :orange[**derivative f′**]. Here the curve is flat, and its tangent is "
                "level: no gradient passes this point on its way back."
            )
        )
    elif point.slope > 0:
        st.markdown(
            _(
                "The :blue[**curve f**], its :orange[**derivative f′**], and the tangent at z. The triangle is 1 wide "
                "and f′(z) high: just as high as the orange point lies above 0."
            )
        )
    else:
        st.markdown(
            _(
                "The :blue[**curve f**], its :orange[**derivative f′**], and the tangent at z. The triangle is 1 wide "
                "and leads down, just as far as the orange point lies below 0: the derivative is negative."
            )
        )


def _formulas(setup: Setup) -> None:
    gate = lens.gate(setup.activation, setup.point.z)
    value, slope = st.columns(2)
    value.latex(formulas.value(setup.activation, setup.point, gate))
    slope.latex(formulas.slope(setup.activation, setup.point, gate))


def _table(setup: Setup) -> pd.DataFrame:
    """The gap in ever smaller windows; returned at full precision."""
    gaps = lens.gaps(setup.activation, setup.point, lens.HALF_WIDTHS)
    table = pd.DataFrame(
        {
            _("Half width h"): lens.HALF_WIDTHS,
            _("Largest gap"): gaps.gap,
            _("gap / h"): gaps.by_width,
            _("gap / h²"): gaps.by_square,
        }
    )
    screen.table(table, alt=_("The largest gap between curve and tangent in ever smaller windows"))
    st.markdown(_how_it_shrinks(setup.point, gaps))
    return table


def _how_it_shrinks(point: Point, gaps: lens.Gaps) -> str:
    """The sentence under the table."""
    if point.jump:
        return _("However close you look, the gap stays {gap}: a jump stays a jump.").format(
            gap=numbers.plain(gaps.gap[-1])
        )
    if not point.has_tangent:
        return _("However close you look, gap / h stays near {ratio}: a kink stays a kink.").format(
            ratio=numbers.plain(gaps.by_width[-1])
        )
    if point.to_kink < gaps.half_widths[-1]:
        return _("There is a kink only {distance} away, inside every one of these windows.").format(
            distance=numbers.plain(point.to_kink)
        )
    if gaps.gap[-1] == 0:
        return _("In a small window no gap is left: around this point the curve is a straight line.")
    if point.bend == 0:
        return _("Here f″(z) = 0, and the gap shrinks even faster than the square of the window.")
    return _("Halve the window, and the gap falls to about a quarter: gap / h² goes to |f″(z)| / 2 = {limit}.").format(
        limit=numbers.plain(point.half_bend)
    )


def _notice() -> None:
    screen.notice(
        _(
            "Close up, a smooth curve is its tangent: f(z + Δz) ≈ f(z) + f′(z) Δz, and what is missing shrinks with "
            "the square of the step. That is all that backpropagation ever uses of an activation function: its value "
            "and one slope. No zoom removes a kink; what counts as the slope there is a convention."
        )
    )


def _challenge() -> None:
    challenge(
        "activations_lens_challenge",
        _("The sigmoid is steepest at z = 0. At which z above 0 is it only half as steep?"),
        answer=sigmoid_derivation.z_of_half_slope(),
        tolerance=0.02,
        hint=_("Its slope at 0 is 1/4, so a (1 − a) must be 1/8 there. Or drag z until f′(z) says so."),
        explanation=_(
            "a (1 − a) = 1/8 has the solution a = (1 + √½) / 2 = 0.8536, and z = ln(a / (1 − a)) = ln(3 + 2√2) = "
            "1.763. Everything beyond passes on less than an eighth of the gradient that arrives."
        ),
    )
