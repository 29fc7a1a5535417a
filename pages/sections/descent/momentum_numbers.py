"""The numbers of momentum's map: the roots along both directions, the best point by formula, the table."""

import math

import pandas as pd
import streamlit as st

from engine.heavy_ball import MOST_STEPS
from engine.momentum_study import Study
from pages.sections.descent import momentum_setup
from pages.sections.descent.momentum_setup import Setup
from pages.shared import numbers, screen, show
from pages.shared.charts import plane, roots
from pages.shared.formulas import heavy_ball as formulas
from pages.shared.text import _

MANY = 3  # significant digits of a number of steps


def kinds() -> dict[str, str]:
    """What happens along a direction: code of the engine -> word."""
    return {
        "arrives": _("arrives in one step"),
        "creeps": _("creeps"),
        "critical": _("critical"),
        "swings": _("swings"),
        "jumps": _("jumps"),
        "lasts": _("no nearer"),
        "diverges": _("diverges"),
    }


def what_happens() -> dict[str, str]:
    """The same as a sentence with its reason."""
    return {
        "arrives": _("both roots are 0, so one step is enough."),
        "creeps": _("real roots, none below 0, so it comes nearer from one side (overdamped)."),
        "critical": _("a double root, the border between swinging and not."),
        "swings": _("complex roots, so it swings to and fro (underdamped)."),
        "jumps": _("a negative root, so it jumps to the other side in each step."),
        "lasts": _("a root of size 1, so it comes no nearer."),
        "diverges": _("a root too large, so it is thrown further and further out."),
    }


def outcome(setup: Setup) -> None:
    """The chosen point against the best ones, in words."""
    own = setup.study("own")
    rate = setup.plain(own.rate)
    if any(mode.kind == "diverges" for mode in own.modes):
        text = _("**My point** has the rate {rate}: each late step makes the distance larger. It diverges.")
    elif own.rate >= 1:
        text = _("**My point** has the rate {rate}: it comes no nearer to the minimum.")
    elif own.rate == 0:
        text = _("**My point** has the rate {rate}: one step, and it is there.")
    else:
        text = _("**My point** has the rate {rate}: {steps} steps for one more digit.")
    said = text.format(rate=f":blue[{rate}]", steps=f":blue[{_per_digit(own)}]")
    if not math.isnan(setup.map.gain):
        best, plain = (_per_digit(setup.study(code)) for code in ("best", "best_descent"))
        said += " " + _("The best momentum needs {best}, the best without momentum {plain}.").format(
            best=best, plain=plain
        )
    st.markdown(said)


def _per_digit(study: Study) -> str:
    return numbers.plain(study.steps_per_digit, MANY)


def explain(setup: Setup) -> None:
    """The rule, the matrix and its roots; what the path does; the best points."""
    own = setup.study("own")
    rule, matrix = st.columns(2, gap="large")
    with rule:
        st.markdown(_("**The rule**, in symbols and with the numbers:"))
        st.latex(formulas.RULE)
        st.latex(formulas.rule(own, setup.product, setup.tex))
    with matrix:
        st.markdown(_("**Along an eigenvector** with curvature $\\lambda$ the gradient is $\\lambda u$:"))
        st.latex(formulas.MATRIX)
        st.markdown(_("The eigenvalues $z$ of this matrix, from its trace $T$ and its determinant $\\mu$:"))
        st.latex(formulas.ROOTS)
    for column, index, name, title in zip(
        st.columns(2, gap="large"),
        (0, 1),
        (r"\min", r"\max"),
        (_("**Flattest direction**: {what}"), _("**Steepest direction**: {what}")),
        strict=True,
    ):
        with column:
            st.markdown(title.format(what=what_happens()[own.modes[index].kind]))
            st.latex(formulas.mode(own, index, name, setup.tex))
    circle, together = st.columns(2, gap="large")
    with circle:
        _circle(own)
    with together:
        st.markdown(_("**Together** the slower direction decides:"))
        st.latex(formulas.rate(own, setup.tex))
        _measured(setup, own)
    _best(setup)


def _circle(own: Study) -> None:
    """All roots in the complex plane."""
    st.markdown(_("**The four roots.** Pale disc: size up to 1. Dark disc: size up to $\\sqrt\\mu$."))
    show.chart(
        plane.spec(_("real part"), _("imaginary part"), low=roots.LOW, high=roots.HIGH, side=260, point_size=120),
        roots.data(own.modes, own.momentum, ("λₘᵢₙ", "λₘₐₓ")),
        alt=_("The roots of both directions in the complex plane, with the discs of radius 1 and √μ"),
        key="descent_momentum_roots",
        width="content",
    )


def _measured(setup: Setup, own: Study) -> None:
    """The rates of the path itself, and why the early one differs."""
    if math.isnan(own.late):
        few = _("**On the path** too few steps can be measured: it has arrived, or it is too far away.")
        passes = _("**On the path** no factor can be formed: it passes exactly through the minimum.")
        st.markdown(passes if own.passes_through else few)
        return
    text = _(
        "**On the path** a step multiplied the distance by {early} in the first quarter and by {late} in the last "
        "half; predicted: {rate}."
    )
    early, late, rate = (setup.plain(value) for value in (own.early, own.late, own.rate))
    why = "" if early == late else _why(setup, own)
    st.markdown(f"{text.format(early=early, late=late, rate=rate)} {why}")


def _why(setup: Setup, own: Study) -> str:
    own_share, share = (numbers.plain(100 * float(own.shares[i]), MANY) for i in (own.deciding, 1 - own.deciding))
    facts = {"own": own_share, "share": share, "other": setup.plain(own.modes[1 - own.deciding].rate)}
    return _reasons()[own.early_reason].format(**facts)


def _reasons() -> dict[str, str]:
    """Why the early rate is not the late one: code of the engine -> sentence."""
    return {
        "takes over": _(
            "The direction that diverges has {own}% of the loss at the start, and takes over whatever it is."
        ),
        "double root": _("At a double root the distance goes like k rᵏ: the factor comes down to r slowly."),
        "flies out": _("It first flies out: the two roots nearly coincide."),
        "no brake": _("It jumps further at first: the first jump has no old velocity against it that would brake it."),
        "gathers speed": _("It is slower at first, for the ball starts at rest and has to gather speed."),
        "swings": _("What differs comes from the swinging."),
        "same rate": _("Both directions have this rate; what differs comes from the swinging."),
        "other direction": _(
            "It is faster at first: the other direction has {share}% of the loss at the start, and its own rate is "
            "{other}."
        ),
    }


def _best(setup: Setup) -> None:
    momentum, descent = st.columns(2, gap="large")
    with momentum:
        st.markdown(_("**The best momentum** (Polyak): both ends of the spectrum at critical damping."))
        for lines in formulas.best_momentum(setup.study("best"), setup.condition, setup.tex):
            st.latex(lines)
    with descent:
        st.markdown(_("**The best without momentum**: both directions shrink at the same rate."))
        for lines in formulas.best_descent(setup.study("best_descent"), setup.condition, setup.tex):
            st.latex(lines)
        if not math.isnan(setup.map.gain):
            st.markdown(_("Steps needed, as a multiple of the best momentum's:"))
            st.latex(formulas.gain(setup.map, setup.tex))


def summary(setup: Setup) -> pd.DataFrame:
    """The table of all points; returns it at full precision, a row a point."""
    studies, labels = {code: setup.study(code) for code in setup.points}, momentum_setup.labels()
    names = [
        "η · λₘₐₓ", "μ", _("Predicted rate"), _("Measured, late"), _("Flattest direction"), _("Steepest direction"),
        _("Steps per digit"), _("Steps to a millionth of the loss"),
    ]  # fmt: skip
    shown = {_("Quantity"): names} | {labels[code]: _cells(setup, code, study) for code, study in studies.items()}
    screen.table(pd.DataFrame(shown), alt=_("My point, the best ones and a usual one"))
    screen.aside(
        _("Late: from the highest loss in the third quarter of the path to the highest one in its last quarter.")
        + " "
        + _("Steps to a millionth: those after which the loss stays below it.")
    )
    return _exact(setup, studies)


def _cells(setup: Setup, code: str, study: Study) -> list[str]:
    flat, steep = (kinds()[mode.kind] for mode in study.modes)
    late = "–" if math.isnan(study.late) else setup.plain(study.late)
    per_digit = numbers.plain(study.steps_per_digit, MANY) if study.rate < 1 else "–"
    return [*map(setup.plain, (*setup.points[code], study.rate)), late, flat, steep, per_digit, _steps(study)]


def _steps(study: Study) -> str:
    if study.steps >= 0:
        return str(study.steps)
    return f"> {MOST_STEPS}" if study.rate < 1 else _("never")


def _exact(setup: Setup, studies: dict[str, Study]) -> pd.DataFrame:
    labels, listed = momentum_setup.labels(), list(studies.values())
    return pd.DataFrame(
        {
            _("Point"): [labels[code] for code in studies],
            "η": [study.learning_rate for study in listed],
            "μ": [study.momentum for study in listed],
            _("Predicted rate"): [study.rate for study in listed],
            _("Measured, early"): [study.early for study in listed],
            _("Measured, late"): [study.late for study in listed],
            _("Flattest direction"): [kinds()[study.modes[0].kind] for study in listed],
            _("Steepest direction"): [kinds()[study.modes[1].kind] for study in listed],
            _("Steps per digit"): [study.steps_per_digit for study in listed],
            _("Steps to a millionth of the loss"): [study.steps for study in listed],
        }
    )
