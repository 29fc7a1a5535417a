"""A race of optimizers as a script that stands alone: every learning rate of the grid, as one stack a rule."""

import functools
import inspect
from collections.abc import Sequence

from engine import lbfgs, line_search
from engine.export_rules import numpy_rule
from engine.export_surfaces import surface_source
from engine.lbfgs import LBFGS
from engine.optimizers import optimizer
from engine.race import AS_GOOD_AS_ZERO, DECADES, GRADIENTS, GRID, LBFGS_GRID, LOSS, Contest

_HEAD = """# {title}
{imports}
START, N_GRADIENTS, GOAL = np.array({start!r}), {n}, {goal!r}
SHARED = {shared!r}  # one learning rate for all; None: each its own best of the grid
GRID = np.array({grid!r})


{surface}


{arrival}
    return np.where(there.any(axis=0), there.argmax(axis=0), -1)


def tell(name, rate, steps, gradients, loss, reached):
    print(name, "rate", float(rate), "steps", int(steps), "gradients", int(gradients), "loss", float(loss),
          "decades", round(float(reached.mean()) * {decades}, 9))


def compared(losses, gradients):  # the best learning rate of the grid has the least
    {decides}

"""

_STAYS = """def arrival(losses):  # the step from which on a loss stays at the goal
    there = np.logical_and.accumulate((losses <= GOAL)[::-1])[::-1]"""
_LEAVES = """def arrival(losses):  # the first step at the goal
    there = losses <= GOAL"""

_DECIDES = {  # losses: at the end; gradients: to the goal, inf where it is not kept
    LOSS: "return np.maximum(losses, {tiny})",
    GRADIENTS: "return gradients if np.isfinite(gradients).any() else np.maximum(losses, {tiny})",
    "leaves": "return gradients",
}

_RACE = """
class State:
    pass


@np.errstate(all="ignore")  # a run that diverges overflows
def race(name, rule, begin):
    rates = GRID if SHARED is None else np.append(GRID, SHARED)  # a row each
    rate, s, p = rates[:, None], State(), np.tile(START, (len(rates), 1))
    begin(s, rate, p)
    losses = [f(p)]
    for t in range(1, N_GRADIENTS + 1):
        p = p.copy()
        rule(p, gradient(p), s, t, rate)
        losses.append(f(p))
    losses = np.array(losses)
    last = np.where(np.isfinite(losses).all(axis=0) & np.isfinite(p).all(axis=1), losses[-1], np.inf)[: len(GRID)]
    steps = arrival(losses)
    best = compared(last, np.where(steps < 0, np.inf, steps)[: len(GRID)]).argmin()
    row = best if SHARED is None else -1
    tell(name, rates[row], steps[row], steps[row], losses[-1, row], last <= GOAL)

"""

_LBFGS = '''

@dataclass
class Place:
    point: np.ndarray
    value: float
    gradient: np.ndarray
    pairs: tuple = ()


@np.errstate(all="ignore")
def walk(learning_rate):
    """Losses and gradients used so far, step by step, as many as are paid for."""
    here, spent, way = Place(START, float(f(START)), gradient(START)), 1, []
    way.append((here.value, spent))
    stopped = np.abs(here.gradient).max() <= {gradient_tolerance!r}
    first = True
    while not stopped and len(way) <= N_GRADIENTS:
        direction, trials = newton_direction(here.gradient, here.pairs), 0

        def along(length):
            nonlocal trials
            trials += 1
            point = here.point + length * direction
            slopes = gradient(point)
            return Trial(length, float(f(point)), float(slopes @ direction), point, slopes)

        origin = Trial(0.0, here.value, float(here.gradient @ direction), here.point, here.gradient)
        length = learning_rate * min(1.0, 1.0 / float(np.abs(here.gradient).sum())) if first else learning_rate
        there, first = search(along, StrongWolfe(origin, {c1!r}, {c2!r}), length, {max_trials}), False
        if there.length == 0:
            break
        spent += trials
        if spent > N_GRADIENTS or not np.isfinite([there.value, *there.point]).all():
            break
        moved = np.abs(there.point - here.point).max()
        stopped = (np.abs(there.gradient).max() <= {gradient_tolerance!r} or moved <= {change_tolerance!r}
                   or abs(there.value - here.value) < {change_tolerance!r})
        here = Place(there.point, there.value, there.gradient, remember(here, there, {history_size}))
        way.append((here.value, spent))
    return np.array(way).T


def gradients_to_goal(losses, spent):
    step = arrival(losses)
    return spent[step] if step >= 0 else np.inf


grid = np.array({grid!r})
walks = [walk(rate) for rate in grid]
ends, gradients = np.array([losses[-1] for losses, _ in walks]), np.array([gradients_to_goal(*way) for way in walks])
best = np.lexsort((np.abs(np.log10(grid)), compared(ends, gradients)))[0]  # of equal ones the nearest to 1
rate, (losses, spent) = (grid[best], walks[best]) if SHARED is None else (SHARED, walk(SHARED))
steps = arrival(losses)
tell({name!r}, rate, steps, spent[steps] if steps >= 0 else -1, losses[-1], ends <= GOAL)
'''

_BORROWED = (  # NumPy and the standard library are all they need
    line_search.Trial,
    line_search.StrongWolfe,
    line_search.search,
    line_search.zoom,
    line_search.inner_guess,
    line_search.cubic_minimum,
    lbfgs.newton_direction,
    lbfgs.remember,
)


def race_script(contest: Contest, codes: Sequence[str], learning_rate: float | None = None) -> str:
    """All entries of a race, written out.

    Args:
        codes: of race.ENTRANTS.
        learning_rate: as in race.enter.
    Returns: a script; it prints a line an optimizer: learning rate, steps and gradients to the goal (-1: not reached),
        the last loss, over how many decades of learning rates the last loss is at the goal.
    """
    others = [code for code in codes if code != LBFGS.code]
    searched = LBFGS.code in codes
    parts = [
        _HEAD.format(
            title=f"{len(codes)} optimizers on the surface {_surface_name(contest)}",
            imports=_imports(searched),
            start=list(map(float, contest.start)),
            n=contest.n_gradients,
            goal=contest.goal,
            shared=learning_rate,
            grid=list(GRID),
            surface=surface_source(contest.surface),
            decades=DECADES,
            arrival=_STAYS if contest.has_floor else _LEAVES,
            decides=_decides(contest),
        )
    ]
    if others:
        parts.append(_RACE)
        parts += map(_rule, others)
    if searched:
        parts.append(_lbfgs())
    return "".join(parts)


def _decides(contest: Contest) -> str:
    """What the best learning rate has the least of."""
    how = contest.best_by if contest.has_floor else "leaves"
    return _DECIDES[how].format(tiny=AS_GOOD_AS_ZERO)


def _imports(searched: bool) -> str:
    more = (
        "import math\nfrom collections.abc import Callable\nfrom dataclasses import dataclass\n\n" if searched else ""
    )
    return f"{more}import numpy as np\n"


def _surface_name(contest: Contest) -> str:
    if contest.surface_code != "elongated_bowl":
        return contest.surface_code
    return f"elongated_bowl, condition number {contest.condition:g}, angle {contest.angle:g} degrees"


def _rule(code: str) -> str:
    """The rule's update as a function, and its race."""
    rule = optimizer(code)
    start, lines = numpy_rule(rule)
    begins = [f"    s.{name} = {first} + 0 * p" for name, first in start.items()] or ["    pass"]
    body = [f"    {line}" for line in lines]
    update = ["", f"def {code}(p, g, s, t, rate):", *body, "", ""]
    begin = [f"def begin_{code}(s, rate, p):", *begins, "", ""]
    return "\n".join([*update, *begin, f"race({rule.title!r}, {code}, begin_{code})", ""])


@functools.cache
def _borrowed() -> str:
    """The engine's own direction and line search, without the names of types that the script does not have."""
    code = "\n\n".join(inspect.getsource(part) for part in _BORROWED)
    for types in (": Position", ": tuple[Pair, ...]", " -> tuple[Pair, ...]"):
        code = code.replace(types, "")
    return code.replace("SMALLEST_CURVATURE", repr(lbfgs.SMALLEST_CURVATURE))


def _lbfgs() -> str:
    method = LBFGS()
    settings = {name: getattr(method, name) for name in ("c1", "c2", "max_trials", "history_size")}
    settings |= {name: getattr(method, name) for name in ("gradient_tolerance", "change_tolerance")}
    walk = _LBFGS.format(name=LBFGS.title, grid=list(LBFGS_GRID), **settings)
    return f"\n\n{_borrowed()}{walk}"
