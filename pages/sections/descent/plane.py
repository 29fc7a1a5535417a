"""Section: gradient descent on a surface of two variables, several learning rates at once."""

import pandas as pd

from engine.export_plane import plane_script
from engine.plane_descent import PlaneRuns
from engine.quadratics import limits
from engine.surfaces import surface
from pages.sections.descent import plane_note, plane_numbers, plane_setup
from pages.sections.descent.plane_setup import NOTES, START, Setup
from pages.shared import cached_descent, controls, player, screen, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.charts import paths
from pages.shared.text import _

STEEP, TURNED = 50.0, 45.0  # condition number and angle of the challenge's bowl


@controls.section
def section() -> None:
    screen.question(_("Which way down, and how far at a time?"))
    left, right = screen.columns()
    table, script = None, ""
    with screen.refusals():
        with left:
            setup = plane_setup.setup()
        runs = cached_descent.plane_runs(setup.config)
        with right:
            plane_numbers.function(setup)
            step = _picture(setup, runs)
            plane_numbers.remarks(setup, runs)
        plane_numbers.formulas(setup, runs, step)
        plane_numbers.table(setup, runs, step)
        table, script = _everything(setup, runs), _script(setup, step)
        if setup.preset in NOTES:
            plane_note.show(setup.preset)
    _notice()
    _challenge()
    if table is not None:
        takeaway.takeaway("descent_plane", table, script)


def _picture(setup: Setup, runs: PlaneRuns) -> int:
    """The paths over the surface, with their losses beside them; returns the step of the player."""
    config, ground = setup.config, setup.config.landscape
    x_range, y_range = ground.domain
    runs_drawn = [
        paths.Path(f"η = {setup.labels[code]}", points, losses, place)
        for code, points, losses, place in zip(setup.runs, runs.points, runs.losses, setup.places, strict=True)
    ]
    marks = [paths.mark(*point, label=_("minimum")) for point in ground.minima]
    if ground.code == "saddle":
        marks.append(paths.mark(0.0, 0.0, label=_("saddle point"), shape="cross"))
    picture = paths.plane(
        runs_drawn,
        x_range=x_range,
        y_range=y_range,
        titles=("x₀", "x₁"),
        landscape=cached_descent.landscape(config.surface, config.condition, config.angle),
        loss_title=_("Loss f(x)"),
        marks=marks,
    )
    return player.player(
        picture,
        key="descent_plane_step",
        alt=_("Contour lines of the surface with the path of each learning rate, and the loss of each over the steps"),
        scope=setup.preset,
        pick=lambda point, done: controls.drag(START, point, done, setup.preset),
    )


def _everything(setup: Setup, runs: PlaneRuns) -> pd.DataFrame:
    """Every step of every run at full precision."""
    each, n_runs = runs.n_steps + 1, len(setup.runs)
    kinds = {False: "analytic", True: "numerical"}
    return pd.DataFrame(
        {
            "learning_rate": runs.learning_rates.repeat(each),
            "gradient": [kinds[kind] for kind in runs.is_numerical.repeat(each).tolist()],
            "step": list(range(each)) * n_runs,
            "x0": runs.points[..., 0].ravel(),
            "x1": runs.points[..., 1].ravel(),
            "f": runs.losses.ravel(),
            "gradient_norm": runs.gradient_norms.ravel(),
        }
    )


def _script(setup: Setup, step: int) -> str:
    c = setup.config
    return plane_script(
        c.landscape,
        c.start,
        c.learning_rates,
        c.n_steps,
        shown=step,
        numerical=c.numerical,
        tolerance=c.tolerance,
    )


# words --------------------------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "The gradient is at right angles to the contour line; the learning rate decides how far the step goes. Add "
            "η = 0.9 in the round bowl: in every step it has the loss of η = 0.1, but jumps across the minimum each "
            "time. In an elongated bowl the steepest direction sets the limit, and the flattest has to wait."
        )
    )


def _challenge() -> None:
    """Who looks at the axes instead of the curvatures expects the turn to change something."""
    bowl = surface("elongated_bowl", STEEP, TURNED)
    largest = limits(bowl.eigenvalues)[1]
    challenge(
        "descent_plane_challenge",
        _(
            "A bowl f = ½ (u₀² + {condition} u₁²) is turned by {angle}° against the axes. Above which learning rate "
            "does gradient descent diverge?"
        ).format(condition=f"{STEEP:g}", angle=f"{TURNED:g}"),
        answer=largest,
        tolerance=close(largest, 3),
        hint=_("What are the curvatures along u₀ and u₁? Does turning the bowl change them?"),
        explanation=_(
            "2 / λₘₐₓ = 2 / {condition} = {limit}. The curvatures 1 and {condition} belong to the bowl, not to the "
            "axes, so turning changes nothing. Along the flat direction such a step takes off only {limit} of the "
            "distance: one learning rate has to serve both."
        ).format(condition=f"{STEEP:g}", limit=f"{largest:g}"),
    )
