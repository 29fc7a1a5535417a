"""What a network is fed of a point (x1, x2): the coordinates themselves, or numbers made of them.

A feature that bends the plane in the right way can spare a network its hidden layer: x1 x2 is all that XOR needs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.errors import InputError, one_of, shape


@dataclass(frozen=True)
class Feature:
    """One number made of a point: its name as LaTeX, and how it is computed from both coordinates."""

    latex: str
    compute: Callable[[np.ndarray, np.ndarray], np.ndarray]


FEATURES: Mapping[str, Feature] = MappingProxyType(
    {
        "x1": Feature("x_1", lambda x1, x2: x1),
        "x2": Feature("x_2", lambda x1, x2: x2),
        "x1_squared": Feature("x_1^2", lambda x1, x2: np.square(x1)),
        "x2_squared": Feature("x_2^2", lambda x1, x2: np.square(x2)),
        "product": Feature("x_1 x_2", lambda x1, x2: x1 * x2),
        "sin_x1": Feature(r"\sin x_1", lambda x1, x2: np.sin(x1)),
        "sin_x2": Feature(r"\sin x_2", lambda x1, x2: np.sin(x2)),
    }
)
PLAIN = ("x1", "x2")


def features(points, codes: Sequence[str] = PLAIN) -> np.ndarray:
    """The inputs of a network for points of the plane.

    Args:
        points: (…, 2): x1, x2.
        codes: keys of FEATURES, each at most once, in the order of the network's inputs; at least one.
    Returns: (…, n_features), float64.
    Raises: InputError: wrong_shape, unknown_name: a feature that does not exist or comes twice.
    """
    points = shape("points", np.asarray(points, float), (2,))
    check_features(codes)
    x1, x2 = points[..., 0], points[..., 1]
    return np.stack([FEATURES[code].compute(x1, x2) for code in codes], axis=-1)


def check_features(codes: Sequence[str]) -> None:
    """Refuse features that do not exist, that come twice, or none at all.

    Raises: InputError: unknown_name, wrong_shape.
    """
    for code in codes:
        one_of("feature", code, FEATURES)
    if not codes or len(set(codes)) < len(codes):
        raise InputError("wrong_shape", "features", (len(codes),), f"(1 ≤ n_features ≤ {len(FEATURES)},)")
