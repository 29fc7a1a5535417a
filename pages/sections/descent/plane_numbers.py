"""The numbers of the section on two dimensions: remarks on what is seen, one step in formulas, all runs in a table."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.differences import NOTE_STEP
from engine.plane_descent import PlaneRuns
from engine.plane_step import round_bowl_point
from engine.plane_step import step as engine_step
from engine.quadratics import limits
from pages.sections.descent.plane_setup import OWN, TWIN, Setup
from pages.shared import controls, numbers, screen
from pages.shared.formulas import plane_descent as written
from pages.shared.screen import unbroken
from pages.shared.text import _

VALUE_DIGITS = 12  # of f beside a point, where two values agree in their first digits, and of a factor near 1


def function(setup: Setup) -> None:
    """The surface's formula."""
    latex, _comma, turned = setup.config.landscape.latex.partition(r",\quad")
    words = _("with u = x turned by {angle}°").format(angle=numbers.plain(-setup.config.angle)) if turned else ""
    st.markdown(f"${latex}$ {words}")


# remarks ------------------------------------------------------------------------------------------------------


def remarks(setup: Setup, runs: PlaneRuns) -> None:
    """What the picture cannot say: a run that hardly moves, that is frozen, the ridge of the saddle."""
    if setup.config.surface == "saddle":
        screen.aside(_("The loss stands on a logarithmic axis: its curve ends where f falls below 0."))
        _ridge(setup)
    outcomes = dict(zip(setup.runs, runs.outcomes.tolist(), strict=True))
    if outcomes.get(TWIN) == "frozen":
        _frozen(setup, runs)
    if setup.preset == "small" and outcomes[OWN] == "crawls":
        st.info(
            _("After {n} steps the run is only {distance} away from its start: the learning rate is too small.").format(
                n=runs.n_steps, distance=numbers.plain(float(runs.shift[0]))
            )
        )


def _ridge(setup: Setup) -> None:
    if setup.config.start[1] == 0:
        st.info(
            _(
                "The start lies on the ridge, x₁ = 0 exactly. There ∂f/∂x₁ = 0 and x₁ stays 0: with η below 1 the run "
                "converges to the saddle point, which is no minimum. The smallest push to the side would end that."
            )
        )
    else:
        st.info(
            _(
                "The start lies {distance} beside the ridge. Each step multiplies x₁ by 1 + 2η: however near the ridge "
                "a start is, its run leaves the saddle point behind in the end. Put the start at x₁ = 0."
            ).format(distance=numbers.plain(abs(setup.config.start[1])))
        )


def _frozen(setup: Setup, runs: PlaneRuns) -> None:
    """Why the numerical gradient is 0 far from the minimum."""
    place = setup.runs.index(TWIN)
    x = tuple(runs.points[place, -1].tolist())
    found = engine_step(setup.config.landscape, x, setup.config.learning_rates[0], numerical=True)
    if not all(one.lost for one in found.differences):
        return
    st.info(
        _(
            "With the numerical gradient the run is frozen from step {n} on, at {point}. Neighbouring floats are "
            "{spacing} apart near x₀ there, and {other} near x₁: x + h and x − h with h = {h} both round to x, the two "
            "values of f are the same, and their difference is 0. The true gradient has length {norm}."
        ).format(
            n=int(runs.frozen_since[place]),
            point=pair(x, setup.digits),
            spacing=numbers.plain(found.differences[0].spacing),
            other=numbers.plain(found.differences[1].spacing),
            h=numbers.plain(NOTE_STEP),
            norm=numbers.plain(float(runs.gradient_norms[place, -1])),
        )
    )


def pair(x: tuple[float, float], digits: int) -> str:
    """A point as text."""
    return f"({numbers.plain(x[0], digits)}, {numbers.plain(x[1], digits)})"


# one step -----------------------------------------------------------------------------------------------------


def formulas(setup: Setup, runs: PlaneRuns, step: int) -> None:
    """Gradient and update of the step that leads to where the player stands, for one run."""
    named = {OWN: _("my η"), TWIN: _("my η, numerical gradient")}
    labels = {code: named.get(code) or setup.labels[code] for code in setup.runs}
    code = OWN
    if len(labels) > 1:
        code = controls.choice(
            st.segmented_control,
            _("In the formulas: the learning rate"),
            labels,
            key="descent_plane_follow",
            scope=f"{setup.preset} {' '.join(setup.runs)}",
            required=True,
        )
    place, k, config = setup.runs.index(code), max(step, 1), setup.config
    rate, numerical = float(runs.learning_rates[place]), code == TWIN
    x = runs.points[place, k - 1].tolist()
    found = engine_step(config.landscape, x, rate, numerical=numerical)
    tex = partial(numbers.tex, digits=setup.digits)
    words = _("**Step {k}**, {label}: from $x_{before}$ to $x_{after}$")
    st.markdown(words.format(k=k, label=f"η = {setup.labels[code]}", before=f"{{{k - 1}}}", after=f"{{{k}}}"))
    slope, update = st.columns(2, gap="large")
    with slope:
        if numerical:
            st.latex(written.differences(found, NOTE_STEP, tex, partial(numbers.tex, digits=VALUE_DIGITS)))
        else:
            st.latex(written.gradient(config.surface, found, tex))
    with update:
        st.latex(written.update(found, k, numerical, tex))
    _known(setup, rate, step, tex)


def _known(setup: Setup, rate: float, step: int, tex) -> None:
    """What can be said of a quadratic without a step: the limit, and in a round bowl the whole path."""
    config = setup.config
    eigenvalues = config.landscape.eigenvalues
    if not eigenvalues or min(eigenvalues) <= 0:
        return
    border, path = st.columns(2, gap="large")
    with border:
        st.markdown(_("The steepest curvature sets the limit of the learning rate:"))
        st.latex(written.limit(eigenvalues, limits(eigenvalues)[1], numbers.tex))
    if config.surface == "round_bowl":
        with path:
            st.markdown(_("In the round bowl each step multiplies both coordinates by the same factor:"))
            factor, point = round_bowl_point(config.start, rate, step)
            written_factor = numbers.tex(factor, VALUE_DIGITS)
            st.latex(written.round_bowl(config.start, rate, written_factor, step, point, tex))


# all runs -----------------------------------------------------------------------------------------------------


def table(setup: Setup, runs: PlaneRuns, step: int) -> None:
    """A row a learning rate: where it is at the player's step, and what became of it in the end."""
    st.markdown(
        _("**All runs** after step {k}; the last two columns are about all {n} steps.").format(k=step, n=runs.n_steps)
    )
    columns = {
        "η": list(setup.labels.values()),
        "x₀": runs.points[:, step, 0].tolist(),
        "x₁": runs.points[:, step, 1].tolist(),
        "f(x)": runs.losses[:, step].tolist(),
        "|∇f|": runs.gradient_norms[:, step].tolist(),
        unbroken(_("Steps until converged")): [str(n) if n >= 0 else "–" for n in runs.steps_to_tolerance.tolist()],
        unbroken(_("What happened")): [_outcome(runs, place) for place in range(len(setup.runs))],
    }
    alt = _("Each learning rate: point, loss, length of the gradient, what happened")
    screen.table(pd.DataFrame(columns), alt=alt, digits=setup.digits)
    if setup.config.landscape.minima:
        words = _("Convergence: f is at most {tolerance} above its lowest value.")
        screen.aside(words.format(tolerance=numbers.plain(setup.config.tolerance)))


def _outcome(runs: PlaneRuns, place: int) -> str:
    words = {
        "overflow": _("overflow at step {n}"),
        "converged": _("converged"),
        "stationary": _("gradient 0, but no minimum"),
        "frozen": _("frozen from step {frozen} on"),
        "diverges": _("diverges, × {factor} a step"),
        "runs_away": _("runs away, × {factor} a step"),
        "bounces": _("jumps to and fro"),
        "left": _("left the picture"),
        "crawls": _("hardly moved: {distance}"),
        "moving": _("still moving"),
    }
    text = words[str(runs.outcomes[place])].format(
        n=int(runs.diverged_at[place]),
        frozen=int(runs.frozen_since[place]),
        factor=numbers.plain(float(runs.growth[place])),
        distance=numbers.plain(float(runs.shift[place])),
    )
    return unbroken(text)
