"""Rosenblatt's rule on a gate as a script that stands alone, in exact fractions."""

from collections.abc import Sequence

from engine.gates import POINTS, Gate

_RULE = """
w, mistakes, n_visits, n_passes, stopped, seen = start, 0, 0, 0, "", {}
print("visit pass sample z output error change weights mistakes")
print(0, "-", "-", "-", "-", "-", "-", floats(w), 0)
while not stopped:
    if w in seen and rng is None:
        stopped = f"cycle: pass {n_passes + 1} would repeat pass {seen[w] + 1}"
        break
    seen[w], before = n_passes, mistakes
    n_passes += 1
    for i in order if rng is None else rng.permutation(len(X)):
        x = (*X[i], 1)  # the last input belongs to the bias
        z = sum(w_j * x_j for w_j, x_j in zip(w, x))
        output = int(z > 0)
        error = target[i] - output
        change = tuple(learning_rate * error * x_j for x_j in x)
        w = tuple(w_j + change_j for w_j, change_j in zip(w, change))
        n_visits, mistakes = n_visits + 1, mistakes + abs(error)
        sample = "".join(map(str, X[i]))
        print(n_visits, n_passes, sample, float(z), output, error, floats(change), floats(w), mistakes)
        if mistakes == max_mistakes:
            stopped = "cap"
            break
    if mistakes == before:
        stopped = "converged"
print(stopped, "after", n_visits, "visits in", n_passes, "passes with", mistakes, "mistakes")

# Novikoff's bound: the shortest u with y_i u . (x_i, 1) >= 1 has length 1 / gamma; at most three points decide it.
signed = np.array([(2 * y - 1) * np.array([*x, 1.0]) for x, y in zip(X, target)])
separators = []
for size in (1, 2, 3):
    for points in itertools.combinations(signed, size):
        u = np.linalg.pinv(np.array(points)).sum(axis=1)
        if (signed @ u >= 1 - 1e-9).all():
            separators.append(u)
if separators:
    gamma = 1 / min(np.linalg.norm(u) for u in separators)
    R = np.linalg.norm(signed, axis=1).max()
    print("R", R, "gamma", gamma, "bound", (R / gamma) ** 2)
else:
    print("no line parts the classes: there is no bound")
"""


def learning_script(
    gate: Gate,
    start: Sequence[float],
    learning_rate: float,
    order: Sequence[int] | None,
    seed: int | None,
    max_updates: int,
) -> str:
    """The run of rosenblatt.learn on a gate, visit by visit, and Novikoff's bound.

    Args:      start: w1, w2, b. The others are those of rosenblatt.learn.
    Returns:   a script; it prints the log, a line a visit, then why it stopped, then the bound.
    """
    rng = "None  # every pass in the same order" if seed is None else f"np.random.default_rng({seed})"
    lines = [
        f"# Rosenblatt's rule learns {gate.name}: every number is a fraction, and nothing is rounded",
        "import itertools",
        "from fractions import Fraction",
        "",
        "import numpy as np",
        "",
        f"X = {[tuple(map(int, point)) for point in POINTS]}",
        f"target = {list(gate.outputs)}",
        f"start = tuple(map(Fraction, {[repr(float(value)) for value in start]}))  # w1, w2, b",
        f'learning_rate = Fraction("{float(learning_rate)!r}")',
        f"order = {list(range(len(POINTS)) if order is None else order)}",
        f"rng = {rng}",
        f"max_mistakes = {max_updates}",
        "",
        "",
        "def floats(values):",
        "    return tuple(map(float, values))",
        "",
    ]
    return "\n".join(lines) + _RULE
