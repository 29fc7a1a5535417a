"""Heavy-ball momentum on an elongated bowl, by formula and step by step, as a script that needs NumPy alone."""

from collections.abc import Iterable, Sequence

from engine.heavy_ball import FEWEST, MOST_STEPS, SHARE, SMALLEST

_SCRIPT = '''# v <- momentum v + g ;  theta <- theta - learning_rate v   on a bowl with curvatures 1 and {condition!r}
import math

import numpy as np

condition, angle = {condition!r}, {angle!r}  # the flat direction against the x0 axis, in degrees
start, n_steps = {start!r}, {n_steps!r}
points = [  # name, learning rate, momentum
{points}
]
cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
turn = np.array([[cos, -sin], [sin, cos]])
H = turn @ np.diag([1.0, condition]) @ turn.T  # the Hessian; its eigenvalues are the curvatures


def predicted_rate(learning_rate, momentum):
    sizes = []
    for curvature in (1.0, condition):
        T = 1 + momentum - learning_rate * curvature  # trace of [[T, -momentum], [1, 0]]
        D = T**2 - 4 * momentum
        D = 0.0 if abs(D) < 1e-12 else D
        sizes.append(math.sqrt(momentum) if D < 0 else (abs(T) + math.sqrt(D)) / 2)
    return max(sizes)


def path_losses(learning_rate, momentum):
    theta, v, losses = np.array(start, dtype=float), np.zeros(2), []
    for _ in range(n_steps + 1):
        g = H @ theta
        losses.append(0.5 * theta @ g)
        v = momentum * v + g
        theta = theta - learning_rate * v
    return np.array(losses)


def measured_rates(losses):
    useless = np.flatnonzero(~(np.isfinite(losses) & (losses > {smallest!r})))
    losses = losses[: useless[0]] if useless.size else losses
    last = len(losses) - 1
    if last < {fewest}:
        return math.nan, math.nan
    quarter = last // 4
    i = last - 2 * quarter + int(losses[last - 2 * quarter : last - quarter].argmax())
    j = last - quarter + int(losses[last - quarter :].argmax())
    return tuple(float((losses[b] / losses[a]) ** (0.5 / (b - a))) for a, b in ((0, quarter), (i, j)))


def steps_to(learning_rate, momentum):
    """The first step from which on the loss stays at most {share!r} of the first; -1 if that is beyond {most}."""
    (a, b), (_, d) = H.tolist()
    (x, y), vx, vy = start, 0.0, 0.0  # plain numbers: faster than arrays of two
    limit = {share!r} * (a * x * x + 2 * b * x * y + d * y * y)
    above = -1
    for step in range({most} + 1):
        gx, gy = a * x + b * y, b * x + d * y
        if not x * gx + y * gy <= limit:
            above = step
        vx, vy = momentum * vx + gx, momentum * vy + gy
        x, y = x - learning_rate * vx, y - learning_rate * vy
    return above + 1 if above < {most} else -1


root = math.sqrt(condition)
print("best momentum:", (2 / (root + 1)) ** 2, ((root - 1) / (root + 1)) ** 2)
print("best gradient descent:", 2 / (condition + 1))
print("name | learning rate | momentum | predicted rate | measured early | measured late | steps")
np.seterr(all="ignore")  # a path that diverges overflows
for name, learning_rate, momentum in points:
    measured = measured_rates(path_losses(learning_rate, momentum))
    rate, steps = predicted_rate(learning_rate, momentum), steps_to(learning_rate, momentum)
    print(name, learning_rate, momentum, rate, *measured, steps, sep=" | ")
'''


def momentum_script(
    condition: float, angle: float, start: Sequence[float], points: Iterable[tuple[str, float, float]], n_steps: int
) -> str:
    """The numbers of momentum_study.study for each point, a line a point.

    Args:
        condition, angle: of surfaces.elongated_bowl.
        points: name, learning rate and momentum of each.
        start, n_steps: as in momentum_study.study.
    """
    listed = "\n".join(f"    ({name!r}, {rate!r}, {momentum!r})," for name, rate, momentum in points)
    return _SCRIPT.format(
        condition=float(condition),
        angle=float(angle),
        start=tuple(float(value) for value in start),
        points=listed,
        n_steps=n_steps,
        smallest=SMALLEST,
        fewest=FEWEST,
        share=SHARE,
        most=MOST_STEPS,
    )
