"""Where a field of numbers on a grid is zero, as line segments: the decision boundary of any network."""

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, finite, number

# The corners of a cell, counter-clockwise from the lower left, as (row, column) steps; edge i leads from corner i to
# corner i + 1.
CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))


def zero_contour(values, low: float, high: float) -> np.ndarray:
    """The zero line of a field over a square, cell by cell, with straight interpolation along the cells' edges.

        an edge from p to q with values v_p > 0 >= v_q is crossed at  p + v_p / (v_p - v_q) (q - p)

    Args:
        values: (side, side) with side >= 2, the first axis from the top row to the bottom one, as in a picture.
        low, high: the square is [low, high] x [low, high].
    Returns: segments, (n_segments, 2 ends, 2 coordinates), read-only; none where the field has one sign.
    Raises: InputError: not_a_number, not_finite, wrong_shape, out_of_range.
    Convention: 0 counts as negative, as a step unit answers 0 there. In a cell whose corners alternate in sign, the
        sign of their mean joins two of them.
    Source: marching squares; Lorensen and Cline (1987) in three dimensions.
    """
    values = finite("values", values)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or len(values) < 2:
        raise InputError("wrong_shape", "values", values.shape, "(side, side)")
    low = number("low", low)
    high = number("high", high, low, open_low=True)
    upward = values[::-1]
    side = len(upward)
    at = np.linspace(low, high, side)
    corner = np.stack([upward[i : side - 1 + i, j : side - 1 + j] for i, j in CORNERS], axis=-1).reshape(-1, 4)
    place = np.stack(
        [np.stack(np.meshgrid(at[j : side - 1 + j], at[i : side - 1 + i]), axis=-1).reshape(-1, 2) for i, j in CORNERS],
        axis=1,
    )

    inside = corner > 0
    crossed = inside != np.roll(inside, -1, axis=1)
    busy = crossed.any(axis=1)  # few cells are
    corner, place, inside, crossed = corner[busy], place[busy], inside[busy], crossed[busy]
    gap = corner - np.roll(corner, -1, axis=1)
    t = np.divide(corner, gap, out=np.zeros_like(corner), where=crossed)
    crossing = place + t[..., None] * (np.roll(place, -1, axis=1) - place)

    saddle = crossed.all(axis=1)
    simple = crossing[~saddle][crossed[~saddle]].reshape(-1, 2, 2)
    # Edges 0-1 and 2-3 cut off corners 1 and 3; edges 3-0 and 1-2 cut off corners 0 and 2.
    cut_odd = (corner.mean(axis=1) > 0) == inside[:, 0]
    first, second = crossing[saddle & cut_odd], crossing[saddle & ~cut_odd][:, [3, 0, 1, 2]]
    return seal(np.concatenate([simple, first.reshape(-1, 2, 2), second.reshape(-1, 2, 2)]))
