"""Section: all activation functions side by side, each with its derivative."""

import pandas as pd
import streamlit as st

from engine import activation_curves
from engine.activation_checks import N_POINTS, STEP, TOLERANCE
from engine.activations import ACTIVATIONS, Activation, Sigmoid
from engine.export_activations import activations_script
from pages.sections.activations import gallery_facts as facts
from pages.sections.activations.gallery_setup import LIMITS, PRESETS, Setup, setup
from pages.sections.activations.gallery_step import step_slip
from pages.shared import cached, controls, names, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import gallery as picture
from pages.shared.formulas import activations as formulas
from pages.shared.text import _

POINT_DIGITS = 8  # note 002 prints as many


@controls.section
def section() -> None:
    screen.question(_("What does an activation function do to a signal, and its derivative to a gradient?"))
    left, right = screen.columns()
    with left:
        chosen = setup()
    now = activation_curves.at(chosen.drawn, [chosen.z])
    with right:
        _picture(chosen, now)
    _tables(chosen, now)
    _check(chosen)
    _closely(chosen)
    step_slip()
    _families()
    _notice()
    _challenge()
    takeaway.takeaway("activations_gallery", _curve_table(chosen), activations_script(chosen.drawn, chosen.z))


# picture ------------------------------------------------------------------------------------------------------


def _picture(chosen: Setup, now: activation_curves.Curves) -> None:
    limit, n = LIMITS[chosen.limit]
    labels = tuple(names.ACTIVATIONS[f.name] for f in chosen.drawn)
    values = "; ".join(
        f"{label}: f = {numbers.plain(value)}, f′ = {numbers.plain(slope)}"
        for label, value, slope in zip(labels, now.values[:, 0], now.slopes[:, 0], strict=True)
    )
    show.chart(
        picture.spec(labels, limit, "z", "f(z)", "f′(z)"),
        picture.data(
            curves=cached.curves(chosen.drawn, limit, n),
            cursor=cached.at_points(chosen.drawn, limit, n // 2),
            pin=now,
            conventions=cached.conventions(chosen.drawn, limit),
        ),
        alt=_("Activation functions above, their derivatives below. At z = {z} {values}").format(
            z=numbers.plain(chosen.z), values=values
        ),
        key="activations_gallery_picture",
    )
    screen.aside(
        _(
            "Above f, below f′. Move the pointer over the picture: one line crosses both. The dashed line "
            "is the pinned z. A filled dot on a jump is the value that is used there, by convention."
        )
    )


# numbers ------------------------------------------------------------------------------------------------------


def _tables(chosen: Setup, now: activation_curves.Curves) -> None:
    """What the functions are at the pinned z, and what they are anywhere; beside each other where there is room."""
    left, right = st.columns(2)
    functions, at = [facts.label(f) for f in chosen.drawn], numbers.plain(chosen.z)
    with left:
        values = {
            _("Function"): functions,
            f"f({at})": now.values[:, 0],
            f"f′({at})": now.slopes[:, 0],
            _("Largest f′"): [facts.steepest(f) for f in chosen.drawn],
        }
        screen.table(pd.DataFrame(values), alt=_("The functions and their derivatives at the pinned z"))
    with right:
        properties = {
            _("Function"): functions,
            _("Range"): [facts.value_range(f) for f in chosen.drawn],
            _("Saturates"): [facts.saturation(f) for f in chosen.drawn],
            _("Properties"): [facts.qualities(f) for f in chosen.drawn],
        }
        screen.table(pd.DataFrame(properties), alt=_("Properties of the functions"))
    brackets = _(
        "A round bracket: the value is never reached. Smooth: f′ exists everywhere and has no jump. Saturates: "
        "becomes flat far out on that side. Monotone: never falls. Zero-centred: f(−z) = −f(z)."
    )
    screen.aside(f"{brackets} {facts.conventions(chosen.drawn)}")


def _check(chosen: Setup) -> None:
    """A badge a function: does its derivative agree with central differences?"""
    limit = LIMITS[chosen.limit][0]
    st.markdown(
        _("**Do f and f′ belong together?** The largest gap between f′ and the slope that differences of f give:")
    )
    with st.container(horizontal=True, gap="xsmall"):
        for f in chosen.drawn:
            gap, at = cached.derivative_gap(f, limit)
            right = gap < TOLERANCE
            st.badge(
                f"{names.ACTIVATIONS[f.name]} {numbers.plain(gap, 2)}",
                icon=":material/check:" if right else ":material/close:",
                color="green" if right else "red",
                help=_("largest at z = {z}").format(z=numbers.plain(at)),
            )
    screen.aside(
        _(
            "{n} points, $(f(z+h) - f(z-h)) / 2h$, h = {h}. Right is a gap below {tolerance}: rounding "
            "leaves some 1e−10, and a jump of f″, as Softsign and ELU have it at 0, up to h. Nothing is compared "
            "within 0.001 of a kink or a jump: there is no derivative to find. If f′ were 0.1% too large, {name} would "
            "show a gap of {gap}."
        ).format(n=N_POINTS, h=numbers.plain(STEP), tolerance=numbers.plain(TOLERANCE), **_wrong(chosen, limit))
    )


def _wrong(chosen: Setup, limit: float) -> dict[str, str]:
    """The gap of the last function if its derivative were wrong: the check is checked."""
    f = chosen.drawn[-1] if chosen.drawn[-1].name != "step" else Sigmoid()
    gap = cached.derivative_gap(f, limit, 0.001).gap
    return {"name": names.ACTIVATIONS[f.name], "gap": numbers.plain(gap, 2)}


def _closely(chosen: Setup) -> None:
    """One function's formulas, in symbols and with the numbers in, and its values at points to compare."""
    labels = {f.name: names.ACTIVATIONS[f.name] for f in chosen.drawn}
    code = controls.choice(
        st.selectbox, _("Formulas of"), labels, key="activations_gallery_close", scope=chosen.preset, width=320
    )
    f = next(f for f in chosen.drawn if f.name == code)
    now = activation_curves.at([f], [chosen.z])
    value, slope = float(now.values[0, 0]), float(now.slopes[0, 0])
    symbols, in_numbers = st.columns(2)
    with symbols:
        st.markdown(_("**{function}** in symbols").format(function=facts.label(f)))
        st.latex(formulas.symbols(f))
    with in_numbers:
        st.markdown(_("and at z = {z}").format(z=numbers.plain(chosen.z)))
        st.latex(formulas.with_numbers(f, chosen.z, value, slope, numbers.tex))
    if chosen.z in f.kinks:
        st.info(
            _("Here f has a kink or a jump and no derivative. By convention f′ is {slope}.").format(
                slope=numbers.plain(slope)
            )
        )
    _values_at_points(chosen, f)


def _values_at_points(chosen: Setup, f: Activation) -> None:
    default = PRESETS[chosen.preset][2]
    with st.expander(
        _("{function} at points, with 8 digits").format(function=facts.label(f)), expanded=default == "note"
    ):
        titles = {"whole": _("whole numbers, −5 … 5"), "note": _("note 002: 12 points from −π to π")}
        code = controls.choice(
            st.segmented_control,
            _("Points"),
            titles,
            key="activations_gallery_points",
            default=default,
            scope=chosen.preset,
            required=True,
        )
        at = activation_curves.at([f], activation_curves.POINTS[code])
        frame = pd.DataFrame({"z": at.z, "f(z)": at.values[0], "f′(z)": at.slopes[0]})
        screen.table(frame, alt=_("Values at points"), digits=POINT_DIGITS)


def _curve_table(chosen: Setup) -> pd.DataFrame:
    """The curves at full precision, a column a function."""
    curves = cached.at_points(chosen.drawn, *LIMITS[chosen.limit])
    columns = {"z": curves.z}
    for f, values, slopes in zip(chosen.drawn, curves.values, curves.slopes, strict=True):
        columns |= {f"{facts.label(f)} f": values, f"{facts.label(f)} f'": slopes}
    return pd.DataFrame(columns)


# words --------------------------------------------------------------------------------------------------------


def _families() -> None:
    st.markdown(
        _(
            "**Three families (note 002).** Binary step: f′ is 0 wherever it exists, so nothing can be learned "
            "through it. Linear: f′ is 1, but linear layers on top of each other are only one linear layer. "
            "Non-linear: all the others. Softmax is not in the list, because each of its outputs depends on all "
            "inputs and so it has no curve; it has a section of its own."
        )
    )


def _notice() -> None:
    screen.notice(
        _(
            "On its way back through a layer a gradient is multiplied by f′, the lower picture, and by the weights. "
            "S-shaped functions become flat on both sides: in this saturation f′ is almost 0, and the sigmoid's is "
            "0.25 at best; that "
            "of ReLU is exactly 1 or exactly 0. Drag z to −4: which functions still let a gradient through?"
        )
    )


def _challenge() -> None:
    """Whoever thinks of ReLU answers 0; SELU and the self-gated ones exceed 1."""
    above = [names.ACTIVATIONS[kind.name] for kind in ACTIVATIONS.values() if kind().steepest.slope > 1]
    challenge(
        "activations_gallery_challenge",
        _("How many of the 18 functions, with their default parameters, can make a gradient larger (f′ > 1)?"),
        answer=len(above),
        tolerance=0.0,
        hint=_(
            "Think of a curve that starts below the line f(z) = z and has to catch up with it. Then look at “All 18”."
        ),
        explanation=_(
            "{functions}. A self-gated function leaves the line f(z) = z at 0, runs below it and comes up to it again, "
            "so somewhere it must be steeper than the line. SELU is scaled up on purpose."
        ).format(functions=", ".join(above)),
    )
