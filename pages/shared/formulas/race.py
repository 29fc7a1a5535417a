"""A race in formulas: the surface and its start, the goal and who gets there, the best learning rate of a grid."""

from collections.abc import Callable, Sequence

from engine.race import Contest, Entry
from pages.shared.formulas.lines import aligned

Text = Callable[[float], str]

SURFACES = {
    "round_bowl": (r"f(x) &= x_0^2 + x_1^2",),
    "rosenbrock": (r"f(x) &= (1 - x_0)^2", r"&\quad + 100 \, (x_1 - x_0^2)^2"),
    "himmelblau": (r"f(x) &= (x_0^2 + x_1 - 11)^2", r"&\quad + (x_0 + x_1^2 - 7)^2"),
    "beale": (
        r"f(x) &= (1.5 - x_0 + x_0 x_1)^2",
        r"&\quad + (2.25 - x_0 + x_0 x_1^2)^2",
        r"&\quad + (2.625 - x_0 + x_0 x_1^3)^2",
    ),
    "saddle": (r"f(x) &= x_0^2 - x_1^2",),
}


def surface(contest: Contest, number: Text) -> str:
    """The surface, and its value at the start."""
    at = ", ".join(map(number, contest.start))
    return aligned(*_surface(contest, number), rf"f({at}) &= {number(contest.start_loss)}")


def _surface(contest: Contest, number: Text) -> Sequence[str]:
    if contest.surface_code != "elongated_bowl":
        return SURFACES[contest.surface_code]
    kappa, angle = number(contest.condition), number(contest.angle)
    if contest.angle == 0:
        return r"f(x) &= \tfrac12 \left( x_0^2 + \kappa \, x_1^2 \right)", rf"\kappa &= {kappa}"
    return (
        r"f(x) &= \tfrac12 \left( u_0^2 + \kappa \, u_1^2 \right)",
        r"u_0 &= \phantom{-} x_0 \cos \varphi + x_1 \sin \varphi",
        r"u_1 &= -x_0 \sin \varphi + x_1 \cos \varphi",
        rf"\kappa &= {kappa}, \quad \varphi = {angle}^\circ",
    )


def goal(entry: Entry, number: Text) -> str:
    """When an entry is at the goal: the loss one step before, and at that step."""
    step, limit = entry.steps_to_goal, number(entry.contest.goal)
    before = [rf"f(x^{{({step - 1})}}) &= {number(float(entry.losses[step - 1]))} > {limit}"] if step else []
    stays = (
        r"f(x^{(j)}) \le \varepsilon \;\; \forall j \ge k" if entry.contest.has_floor else r"f(x^{(k)}) \le \varepsilon"
    )
    return aligned(
        rf"k_\varepsilon &= \min \{{ k : {stays} \}}",
        *before,
        rf"f(x^{{({step})}}) &= {number(float(entry.losses[step]))} \le {limit}",
        rf"k_\varepsilon &= {step}",
    )


def end(entry: Entry, number: Text) -> str:
    """Where an entry ends, and its loss there."""
    at = ", ".join(map(number, entry.points[-1].tolist()))
    return aligned(
        rf"x^{{({len(entry.points) - 1})}} &= ({at})",
        rf"f(x^{{({len(entry.points) - 1})}}) &= {number(entry.loss)}",
    )


def best(entry: Entry, number: Text) -> str:
    """The best learning rate of the grid, between its neighbours there."""
    compared = rf"f(x^{{({entry.contest.n_gradients})}})" if entry.contest.by_loss else r"k_\varepsilon"
    return aligned(
        rf"\eta^\star &= \underset{{\eta}}{{\arg\min}} \; {compared}",
        *(
            rf"\eta = {number(rate)}: \; {compared} &= {number(value)}"
            if rate != entry.learning_rate
            else rf"\eta^\star = {number(rate)}: \; {compared} &= {number(value)}"
            for rate, value in entry.neighbours
        ),
    )
