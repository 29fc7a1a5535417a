"""Section: the convergence rate over learning rate and momentum on a bowl of any condition number."""

from functools import partial

import streamlit as st

from engine.export_momentum import momentum_script
from engine.heavy_ball import steps_per_digit
from pages.sections.descent import momentum_numbers, momentum_setup
from pages.sections.descent.momentum_setup import MOMENTUM, PRODUCT, START, Setup
from pages.shared import cached_descent, controls, mistake, numbers, player, screen, show, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.charts import momentum_map as picture
from pages.shared.charts import paths
from pages.shared.mistake import Mistake
from pages.shared.text import N_, _

LIMIT = Mistake(
    N_("The limit with momentum"),
    (
        N_("Along curvature $\\lambda$, gradient descent converges for $\\eta < 2/\\lambda$."),
        N_("Where the gradient $g$ stays the same, $v \\leftarrow \\mu v + g$ settles at $v = g/(1 - \\mu)$."),
        N_("So with $\\mu = 0.9$ the steps along such a slope are 10 times as long."),
        N_("Therefore the learning rate must be 10 times as small: the limit is $2(1 - \\mu)/\\lambda$."),
    ),
    3,
    N_(
        "At the limit the gradient does not stay the same: it changes its sign in every step. There the old velocity "
        "brakes, and $v$ settles at $\\pm g/(1 + \\mu)$, shorter than $g$. So momentum moves the limit up, to "
        "$2(1 + \\mu)/\\lambda$: with $\\mu = 0.9$ from $2/\\lambda$ to $3.8/\\lambda$."
    ),
)


@controls.section
def section() -> None:
    screen.question(_("Which learning rate, which momentum? Every pair of them at one glance."))
    left, right = screen.columns()
    table = None
    with screen.refusals():
        with left:
            setup = momentum_setup.setup()
        with right:
            _map(setup)
            momentum_numbers.outcome(setup)
        _bowl(setup)
        momentum_numbers.explain(setup)
        table = momentum_numbers.summary(setup)
    _notice()
    _challenge()
    _mistake()
    if table is not None:
        takeaway.takeaway("descent_momentum", table, _script(setup))


# pictures -----------------------------------------------------------------------------------------------------


def _map(setup: Setup) -> None:
    labels, found = momentum_setup.labels(), setup.map
    borders = {
        "steep damping": _("critical damping along the steepest direction"),
        "flat damping": _("critical damping along the flattest direction"),
        "divergence": _("divergence"),
    }
    player.player(
        paths.plane(
            [],
            x_range=picture.X_RANGE,
            y_range=picture.Y_RANGE,
            titles=("η · λₘₐₓ", "μ"),
            image=picture.field(found),
            lines=picture.lines(found, borders),
            marks=[picture.mark(code, *point, labels[code]) for code, point in reversed(setup.points.items())],
            pick_digits=3,
        ),
        key="descent_momentum_map",
        alt=_(
            "Map of the convergence rate over learning rate and momentum, with the borders of critical damping and of "
            "divergence, the chosen point and the best ones"
        ),
        pick=partial(controls.drag, (PRODUCT, MOMENTUM)),
        pick_hint=_("Click on the map to choose learning rate and momentum."),
    )
    show.chart(
        picture.bar_spec(_("steps for one more digit"), _("rate r per step")),
        picture.bar_data(
            found,
            numbers.plain,
            (_("steps until the distance is ten times smaller"), _("rate r: what a step multiplies the distance by")),
            _("diverges"),
        ),
        alt=_("Colour bar: the stronger the colour, the fewer steps; hatched where it diverges"),
        key="descent_momentum_bar",
    )
    _legend()


def _legend() -> None:
    lines = [
        _(":orange[**Orange**]: critical damping along the steepest direction, at $(1 \\mp \\sqrt\\mu)^2$."),
        _(":green[**Green, dashed**]: along the flattest one, at $\\kappa\\,(1 - \\sqrt\\mu)^2$."),
        _("**Hatched**: divergence, from $2(1 + \\mu)$ on."),
        _(
            "**○** my point, **★** the best, **✕** the best without momentum (at $\\mu = 0$) and a usual choice "
            "(at $\\mu = 0.9$)."
        ),
    ]
    st.markdown(f":small[{' '.join(lines)}]")


def _bowl(setup: Setup) -> None:
    """The paths of the chosen point and of those beside it."""
    labels = momentum_setup.labels()
    runs = {code: setup.study(code).path for code in ("own", *setup.beside)}
    ground = cached_descent.landscape("elongated_bowl", setup.condition, setup.angle)
    player.player(
        paths.plane(
            [
                paths.Path(labels[code], run.points, run.losses, place=picture.place(code))
                for code, run in reversed(runs.items())
            ],
            x_range=ground.x_range,
            y_range=ground.y_range,
            titles=("x₀", "x₁"),
            landscape=ground,
            loss_title=_("Loss"),
            marks=[paths.mark(0.0, 0.0, label=_("minimum"), shape="cross")],
            pick_digits=1,
        ),
        key="descent_momentum_step",
        scope=str(setup.n_steps),
        alt=_("The elongated bowl with the path of the chosen point and those beside it; their losses step by step"),
        pick=partial(controls.drag, START),
    )


# words --------------------------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "The best point lies where the borders of both directions cross: both are critically damped, and both "
            "shrink at the rate √μ. This rate depends on √κ instead of κ, so the longer the bowl, the more momentum "
            "gains. It is a sharp tip: a learning rate only 1/κ higher (1% for κ = 100) stands on the border of "
            "divergence. And it is the best for late steps: at a double root the path first flies out, the further the "
            "longer the bowl."
        )
    )
    screen.aside(
        _(
            "The rule is PyTorch's: v ← μ v + g, without a factor 1 − μ before the gradient. With that factor the same "
            "run needs a learning rate 1/(1 − μ) times as large. Sources: Polyak (1964); Goh (2017)."
        )
    )


def _challenge() -> None:
    """Who thinks that the steps grow as κ answers 100."""
    small, large = (steps_per_digit(cached_descent.momentum_map(k).best.rate) for k in (100.0, 10_000.0))
    plain = [steps_per_digit(cached_descent.momentum_map(k).best_descent.rate) for k in (100.0, 10_000.0)]
    answer = float(large / small)
    challenge(
        "descent_momentum_challenge",
        _(
            "From κ = 100 to κ = 10,000 the best gradient descent needs {times} times as many steps for one more "
            "digit. How many times as many does the best momentum need?"
        ).format(times=numbers.plain(float(plain[1] / plain[0]), 3)),
        answer=answer,
        tolerance=close(answer),
        hint=_("Compare (κ − 1)/(κ + 1) with (√κ − 1)/(√κ + 1): which number takes the place of κ?"),
        explanation=_(
            "From {small} to {large} steps: {times} times as many, since √κ grows from 10 to 100 only. That is why "
            "momentum pays most on the longest bowls."
        ).format(small=numbers.plain(float(small)), large=numbers.plain(float(large)), times=numbers.plain(answer)),
    )


def _mistake() -> None:
    with st.expander(_("Find the mistake"), icon=":material/search:", key=screen.exercise_key("mistake")):
        guess = mistake.reasoning(LIMIT, key="descent_momentum_line")
        hint = _("What does the map say for μ = 0.9: where does it begin to diverge?")
        mistake.answer(LIMIT, guess, hint=hint, key="descent_momentum_solution", code="descent_momentum_mistake")


def _script(setup: Setup) -> str:
    points = [(code, study.learning_rate, study.momentum) for code in setup.points for study in [setup.study(code)]]
    return momentum_script(setup.condition, setup.angle, setup.start, points, setup.n_steps)
