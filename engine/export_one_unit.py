"""One sigmoid unit, the proof for one gate and the census of all gates, as scripts that need NumPy alone."""

from collections.abc import Mapping

from engine.gates import GATES, POINTS, gate
from engine.one_unit import TIE, UnitTraining, milestones, random_starts
from engine.separability import BOX, separability

# code of engine.one_unit.LOSSES -> the loss of each start, and the derivative that drives the training
_LOSS_CODE = {
    "cross_entropy": (
        "np.mean(-np.log(np.where(y == 1, a, 1 - a)), axis=1)",
        "np.where(y == 1, -1 / a, 1 / (1 - a)) / 4",
    ),
    "squared_error": ("np.mean((a - y) ** 2, axis=1)", "2 * (a - y) / 4"),
    "half_squared_error": ("np.mean((a - y) ** 2, axis=1)", "a - y  # of half the summed squared error"),
}

_CORNERS = """import numpy as np

CORNERS = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])  # x1, x2, and the 1 that b is multiplied by
"""

_TRAINING = """TARGETS = {targets}
{start}
learning_rate, n_updates = {rate!r}, {n_updates}


def loss(a, y):
    return {loss}


def slope(a, y):
    return {slope}


for name, y in TARGETS.items():
    p, y = START.copy(), np.array(y)
    for update in range(n_updates + 1):
        a = 1 / (1 + np.exp(-(p @ CORNERS.T)))
        if update in {shown}:
            {show}
        if update == n_updates:
            break
        p -= learning_rate * ((slope(a, y) * a * (1 - a)) @ CORNERS)
    right = ((a > 0.5) == y) & (np.abs(a - 0.5) > {tie})
    {end}
"""

# for one start, and for several
_SHOW = (
    'print(name, "update", update, "loss", float(loss(a, y)[0]), "w1 w2 b", *p[0].tolist())',
    'print(name, "update", update, "lowest loss", float(loss(a, y).min()))',
)
_END = (
    'print(name, "outputs", a[0].tolist(), "right", int(right.sum()))',
    'print(name, "starts with 0 1 2 3 4 right answers", *np.bincount(right.sum(axis=1), minlength=5).tolist())',
)

_BOX = """BOX = np.array([[w1, w2, b] for w1 in {values} for w2 in {values} for b in {values}])
"""

_SEPARABLE = """y = np.array({outputs})
u = np.array({witness})  # w1, w2, b
for corner, target in zip(CORNERS, y):
    z = corner @ u
    print(corner[:2].tolist(), "target", int(target), "z", float(z), "holds", bool((z > 0) == target))
"""

_INSEPARABLE = """y = np.array({outputs})
times = np.array({multipliers})  # how often each inequality is taken
print("added, the corners with 1 ask for", (times * y) @ CORNERS, "times (w1, w2, b) > 0")
print("added, the corners with 0 ask for", (times * (1 - y)) @ CORNERS, "times (w1, w2, b) <= 0")
"""

_CENSUS = """GATES = {gates}
separable = 0
for name, y in GATES.items():
    parts = ((BOX @ CORNERS.T) * (2 * np.array(y) - 1) > 0).all(axis=1)
    separable += parts.any()
    lines = BOX[parts]
    print(name, y, lines[np.abs(lines).sum(axis=1).argmin()].tolist() if len(lines) else "no line")
print(separable, "of", len(GATES))

for n in (1, 2, 3):  # inputs: every answer that some unit in whole numbers gives
    corners = np.array([[*map(int, f"{{k:0{{n}}b}}"), 1] for k in range(2**n)])
    box = np.stack(np.meshgrid(*[{values}] * (n + 1)), axis=-1).reshape(-1, n + 1)
    print(n, "inputs:", len(np.unique(box @ corners.T > 0, axis=0)), "of", 2 ** 2**n)
"""


def unit_script(config: UnitTraining, seed: int | None = None, names: Mapping[str, str] | None = None) -> str:
    """A training of engine.one_unit, written out.

    Args:    seed: where the starts are those of `random_starts`; the script then draws them itself.
             names: of the gates, by code; None: the engine's.
    Returns: a script; for one start it prints loss and (w1, w2, b) at the milestones and the outputs at the end, for
             several the lowest loss, and how many starts end with how many right answers.
    """
    several = len(config.starts) > 1
    loss, slope = _LOSS_CODE[config.loss]
    return _CORNERS + _TRAINING.format(
        targets=_table(config.gates, names),
        start=_start_code(config, seed),
        rate=config.learning_rate,
        n_updates=config.n_updates,
        loss=loss,
        slope=slope,
        shown=milestones(config.n_updates),
        show=_SHOW[several],
        tie=TIE,
        end=_END[several],
    )


def _start_code(config: UnitTraining, seed: int | None) -> str:
    if seed is None or config.starts != random_starts(len(config.starts), seed):
        return f"START = np.array({[list(map(float, start)) for start in config.starts]})  # w1, w2, b"
    drawn = f"np.random.default_rng({seed}).normal(size=({len(config.starts)}, 2))"
    return f"START = np.column_stack([{drawn}, np.zeros({len(config.starts)})])  # w1, w2, b"


def proof_script(code: str) -> str:
    """Why a gate can or cannot be answered by one unit, as a script.

    Returns: a script; for a separable gate it prints z of a witness at each corner, else both sums of inequalities.
    Raises:  InputError: unknown_name.
    """
    outputs, proof = gate(code).outputs, separability(POINTS, gate(code).target)
    if proof.separable:
        witness = [*proof.weights.tolist(), proof.bias]
        return f"{_CORNERS}{_SEPARABLE.format(outputs=list(outputs), witness=witness)}"
    found = proof.contradiction
    multipliers = dict(zip(found.positives.tolist(), found.positive_multipliers.tolist(), strict=True))
    multipliers |= dict(zip(found.negatives.tolist(), found.negative_multipliers.tolist(), strict=True))
    times = [round(multipliers.get(row, 0.0), 9) for row in range(len(POINTS))]
    return f"{_CORNERS}{_INSEPARABLE.format(outputs=list(outputs), multipliers=times)}"


def census_script(names: Mapping[str, str] | None = None) -> str:
    """All sixteen gates: a line for each that has one, and the count; then the counts for one to three inputs.

    Args: names: of the gates, by code; None: the engine's.
    """
    values = f"range(-{BOX}, {BOX + 1})"
    census = _CENSUS.format(gates=_table(tuple(GATES), names), values=values)
    return f"{_CORNERS}{_BOX.format(values=values)}{census}"


def _table(codes: tuple[str, ...], names: Mapping[str, str] | None) -> str:
    """A dict of names and outputs, a line a gate."""
    called = {code: gate(code).name for code in codes} | dict(names or {})
    lines = [f'    "{called[code]}": {list(gate(code).outputs)},' for code in codes]
    return "\n".join(["{", *lines, "}"])
