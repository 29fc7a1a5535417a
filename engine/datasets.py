"""Small datasets whose structure one can see: gates, circles, moons, spirals, blobs, lines and curves, images.

The makers take `n_samples`, `noise` and `seed` (an integer, or a generator); the same seed gives the same samples.
Classes take turns, so that every prefix of a dataset is balanced (but for `coin_flips`). Images have their makers in
`engine.images`.
"""

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from engine.errors import InputError, finite, number, one_of, whole
from engine.gates import POINTS, gate
from engine.images import bars_and_stripes, digits, drawn_bars_and_stripes
from engine.samples import Dataset, generator

MAX_SAMPLES = 10_000
MAX_NOISE = 10.0
MAX_WEIGHTS = 100

CURVES: Mapping[str, Callable[[np.ndarray], np.ndarray]] = MappingProxyType(
    {
        "sine": np.sin,
        "cubic": lambda x: x**3 / 10 - x / 2,
        "absolute": np.abs,
        "step": lambda x: np.where(x > 0, 1.0, -1.0),
    }
)


def gate_samples(code: str = "xor", n_samples: int = 4, noise: float = 0.0, seed=0) -> Dataset:
    """A gate's truth table, repeated; noise turns its four points into four clouds.

    Args:
        code: a gate of `engine.gates`, such as "xor", "and", "or", "nand".
        n_samples: 2 to 10,000; the four rows of the table take turns.
        noise: standard deviation added to both inputs, 0 to 10.
        seed: or a generator.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    outputs = np.array(gate(code).outputs)
    n_samples, noise, rng = _checked(n_samples, noise, seed)
    rows = np.arange(n_samples) % len(POINTS)
    return _classes(POINTS[rows], outputs[rows], 2, noise, rng, names=("A", "B"))


def circles(n_samples: int = 200, noise: float = 0.1, seed=0, ratio: float = 0.5) -> Dataset:
    """A circle (class 1) inside a circle of radius 1 (class 0): no straight line divides them, one more feature does.

    Args: n_samples: 2 to 10,000; noise: 0 to 10; ratio: inner radius, 0.01 to 0.99; seed: or a generator.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    n_samples, noise, rng = _checked(n_samples, noise, seed)
    radii = np.array([1.0, number("ratio", ratio, 0.01, 0.99)])
    labels = np.arange(n_samples) % 2
    return _classes(_on_circle(rng.uniform(0, 2 * np.pi, n_samples), radii[labels]), labels, 2, noise, rng)


def disc(n_samples: int = 500, noise: float = 0.0, seed=0, radius: float = 5.0) -> Dataset:
    """A disc (class 1) inside a ring (class 0), with a gap between them.

        class 1: 0 <= r <= radius / 2 ;  class 0: 0.7 radius <= r <= radius ;  r and the angle uniform

    Args: n_samples: 2 to 10,000; noise: 0 to 10; radius: of the ring's outer edge, 0.1 to 100; seed: or a generator.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    n_samples, noise, rng = _checked(n_samples, noise, seed)
    radius, labels = number("radius", radius, 0.1, 100), np.arange(n_samples) % 2
    low, high = np.where(labels, 0.0, 0.7 * radius), np.where(labels, 0.5 * radius, radius)
    r = rng.uniform(low, high)
    return _classes(_on_circle(rng.uniform(0, 2 * np.pi, n_samples), r), labels, 2, noise, rng)


def coin_flips(n_samples: int = 200, noise: float = 0.0, seed=0) -> Dataset:
    """Points of a square whose class a coin has decided: nothing to learn, only to memorize.

    Args: n_samples: 2 to 10,000; noise: 0 to 10, more of nothing; seed: or a generator.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    n_samples, noise, rng = _checked(n_samples, noise, seed)
    labels = rng.permutation(np.arange(n_samples) % 2)
    return _classes(rng.uniform(-1.0, 1.0, (n_samples, 2)), labels, 2, noise, rng)


def moons(n_samples: int = 200, noise: float = 0.1, seed=0) -> Dataset:
    """Two half circles of radius 1, each with its tip inside the other.

        class 0: (cos t, sin t) ;  class 1: (1 - cos t, 0.5 - sin t) ;  0 <= t <= pi

    Args: n_samples: 2 to 10,000; noise: 0 to 10; seed: or a generator.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    n_samples, noise, rng = _checked(n_samples, noise, seed)
    labels = np.arange(n_samples) % 2
    upper = _on_circle(rng.uniform(0, np.pi, n_samples), 1.0)
    return _classes(np.where(labels[:, None] == 0, upper, [1.0, 0.5] - upper), labels, 2, noise, rng)


def spirals(n_samples: int = 200, noise: float = 0.02, seed=0, n_classes: int = 2, turns: float = 1.0) -> Dataset:
    """Arms that wind around each other: the hardest of the small classics.

        radius t, angle 2 pi (turns t + class / n_classes),  0.05 <= t <= 1

    Args:
        n_samples: 2 to 10,000, at least n_classes; noise: 0 to 10; seed: or a generator.
        n_classes: arms, 2 to 10.
        turns: of each arm, 0.1 to 4.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    n_classes, turns = whole("n_classes", n_classes, 2, 10), number("turns", turns, 0.1, 4)
    n_samples, noise, rng = _checked(n_samples, noise, seed, n_classes)
    labels = np.arange(n_samples) % n_classes
    t = rng.uniform(0.05, 1.0, n_samples)
    return _classes(_on_circle(2 * np.pi * (turns * t + labels / n_classes), t), labels, n_classes, noise, rng)


def blobs(n_samples: int = 200, noise: float = 0.4, seed=0, n_classes: int = 3) -> Dataset:
    """Round clouds with their centres evenly on the unit circle; `noise` is the spread of each.

    Args: n_samples: 2 to 10,000, at least n_classes; noise: 0 to 10; n_classes: 2 to 10; seed: or a generator.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    n_classes = whole("n_classes", n_classes, 2, 10)
    n_samples, noise, rng = _checked(n_samples, noise, seed, n_classes)
    labels = np.arange(n_samples) % n_classes
    return _classes(_on_circle(2 * np.pi * labels / n_classes, 1.0), labels, n_classes, noise, rng)


def curve_regression(n_samples: int = 100, noise: float = 0.1, seed=0, shape: str = "sine") -> Dataset:
    """One input, one output, a curve between them.

        y = curve(x) + noise,  -pi <= x <= pi

    Args:
        n_samples: 2 to 10,000; noise: standard deviation of y, 0 to 10; seed: or a generator.
        shape: a key of CURVES.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    curve = CURVES[one_of("shape", shape, CURVES)]
    n_samples, noise, rng = _checked(n_samples, noise, seed)
    x = rng.uniform(-np.pi, np.pi, n_samples)
    return Dataset(x[:, None], curve(x) + rng.normal(0.0, noise, n_samples), "regression", names=("x",))


def linear_regression(n_samples: int = 100, noise: float = 0.1, seed=0, weights=(2.0,), bias: float = 1.0) -> Dataset:
    """A line, a plane or a hyperplane with noise: what one linear unit can learn.

        y = X weights + bias + noise,  -1 <= x <= 1

    Args:
        n_samples: 2 to 10,000; noise: standard deviation of y, 0 to 10; seed: or a generator.
        weights: slope of each feature, shape (n_features,), 1 to 100 of them, each at most 1000 in size.
        bias: at most 1000 in size.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    weights, bias = finite("weights", weights), number("bias", bias, -1000, 1000)
    if weights.ndim != 1 or not 1 <= weights.size <= MAX_WEIGHTS:
        raise InputError("wrong_shape", "weights", weights.shape, f"(1 ≤ n_features ≤ {MAX_WEIGHTS},)")
    number("weights", np.abs(weights).max(), 0, 1000)
    n_samples, noise, rng = _checked(n_samples, noise, seed)
    X = rng.uniform(-1.0, 1.0, (n_samples, len(weights)))
    return Dataset(X, X @ weights + bias + rng.normal(0.0, noise, n_samples), "regression")


def plane_regression(
    n_samples: int = 200, noise: float = 0.1, seed=0, weights=(1.0, -0.5), bias: float = 0.0
) -> Dataset:
    """A tilted plane over two inputs: `linear_regression` with two weights."""
    return linear_regression(n_samples, noise, seed, weights, bias)


DATASETS: Mapping[str, Callable[..., Dataset]] = MappingProxyType(
    {
        "gate": gate_samples,
        "circles": circles,
        "disc": disc,
        "coin_flips": coin_flips,
        "moons": moons,
        "spirals": spirals,
        "blobs": blobs,
        "curve": curve_regression,
        "linear": linear_regression,
        "plane": plane_regression,
        "bars_and_stripes": bars_and_stripes,
        "drawn_bars_and_stripes": drawn_bars_and_stripes,
        "digits": digits,
    }
)


def dataset(code: str, **parameters) -> Dataset:
    """The dataset with this stable code.

    Args:
        code: a key of DATASETS.
        parameters: of its maker, such as n_samples=200, noise=0.1, seed=3.
    Raises: InputError: unknown_name for the code or a parameter, and what the maker refuses.
    """
    maker = DATASETS[one_of("dataset", code, DATASETS)]
    for name in parameters:
        one_of("parameter", name, inspect.signature(maker).parameters)
    return maker(**parameters)


def _checked(n_samples, noise, seed, least: int = 2) -> tuple[int, float, np.random.Generator]:
    return whole("n_samples", n_samples, least, MAX_SAMPLES), number("noise", noise, 0, MAX_NOISE), generator(seed)


def _on_circle(angle: np.ndarray, radius) -> np.ndarray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


def _classes(centers: np.ndarray, labels, n_classes: int, noise: float, rng, names=("x_1", "x_2")) -> Dataset:
    """A classification dataset: points scattered around `centers`."""
    X = centers + rng.normal(0.0, noise, centers.shape)
    return Dataset(X, labels, "classification", tuple(str(k) for k in range(n_classes)), names)
