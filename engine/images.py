"""Small images as datasets: bars and stripes, and handwritten digits. A row of X is an image, row of pixels by row."""

from functools import cache
from pathlib import Path

import numpy as np

from engine.errors import whole
from engine.samples import Dataset, generator

MAX_SAMPLES = 10_000
MAX_SIZE = 8
DIGITS = Path(__file__).parent / "data" / "digits.npz"  # source and licence: data/README.md
INK = 16  # of a black pixel of a digit


def bars_and_stripes(size: int = 4) -> Dataset:
    """All different images of whole columns (bars) or whole rows (stripes): 2^(size + 1) - 2 of them.

    The blank and the full image are both at once, and a class of their own.

    Args: size: pixels a side, 2 to 8.
    Returns: pixels 0 and 1; classes "bars", "stripes", "both".
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Convention: bars stand upright, stripes lie.
    Source: MacKay (2003), Information Theory, Inference, and Learning Algorithms, chapter 43.
    """
    size = whole("size", size, 2, MAX_SIZE)
    patterns = np.arange(2**size)[:, None] >> np.arange(size) & 1
    bars = np.repeat(patterns[:, None, :], size, axis=1)
    # The first and the last pattern, blank and full, look the same lying down.
    return _lined(np.concatenate([bars, bars[1:-1].swapaxes(1, 2)]))


def drawn_bars_and_stripes(n_samples: int = 100, seed=0, size: int = 4) -> Dataset:
    """Random bars and stripes: a fair coin for the direction, then one for each line.

    The blank and the full image come up twice as often as any other: both directions lead to them.

    Args: n_samples: 1 to 10,000; seed: or a generator; size: pixels a side, 2 to 8.
    Returns: as `bars_and_stripes`.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: MacKay (2003), chapter 43.
    """
    n_samples, size, rng = (
        whole("n_samples", n_samples, 1, MAX_SAMPLES),
        whole("size", size, 2, MAX_SIZE),
        generator(seed),
    )
    lying = rng.integers(0, 2, n_samples) == 1
    bars = np.repeat(rng.integers(0, 2, (n_samples, 1, size)), size, axis=1)
    return _lined(np.where(lying[:, None, None], bars.swapaxes(1, 2), bars))


def digits(n_samples: int = 500) -> Dataset:
    """Handwritten digits of 8 x 8 pixels, at most 50 of each, in the order of the file.

    Args: n_samples: how many from the start, 10 to 500.
    Returns: ink from 0 to 1 in 17 steps; classes "0" to "9".
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI ML Repository, CC BY 4.0.
    """
    images, labels = _stored_digits()
    n_samples = whole("n_samples", n_samples, 10, len(labels))
    return _image_dataset(images[:n_samples] / INK, labels[:n_samples], tuple("0123456789"))


@cache
def _stored_digits() -> tuple[np.ndarray, np.ndarray]:
    with np.load(DIGITS) as stored:
        return stored["images"], stored["labels"]


def _lined(images: np.ndarray) -> Dataset:
    """Bars and stripes with the class that each image's pixels tell."""
    upright = (images == images[:, :1, :]).all(axis=(1, 2))
    lying = (images == images[:, :, :1]).all(axis=(1, 2))
    labels = np.select([upright & lying, upright], [2, 0], default=1)
    return _image_dataset(images, labels, ("bars", "stripes", "both"))


def _image_dataset(images: np.ndarray, labels: np.ndarray, classes: tuple[str, ...]) -> Dataset:
    n_images, height, width = images.shape
    names = tuple(f"pixel_{row + 1}_{column + 1}" for row in range(height) for column in range(width))
    return Dataset(images.reshape(n_images, -1), labels, "classification", classes, names)
