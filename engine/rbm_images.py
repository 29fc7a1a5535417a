"""The small images that a restricted Boltzmann machine learns: black and white, without labels."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from engine.arrays import read_only, seal
from engine.errors import one_of
from engine.images import bars_and_stripes, digits

BARS = {"bars_3": 3, "bars_4": 4, "bars_6": 6}  # pixels a side
IMAGE_SETS = (*BARS, "digits")
N_SHOWN = 10
HELD_OUT = 5  # every fifth digit is not learnt from
BLACK = 0.5  # ink of a digit's pixel from which on it counts as black


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images of 0 and 1 as rows; the arrays are read-only.

    Attributes:
        train: what is learnt, (n_images, side^2).
        held_out: what is not, (n, side^2); None where `train` are all images of their kind.
        shown: ten images to ask the machine about: held-out ones where there are any.
        covered: the pixels to be guessed where an image is to be completed, (side^2,) of bool: of bars and stripes the
            lower right quarter, which the rest determines; of digits the lower half.
        side: pixels a side.
    """

    train: np.ndarray
    held_out: np.ndarray | None
    shown: np.ndarray
    covered: np.ndarray
    side: int

    @cached_property
    def best_log_likelihood(self) -> float:
        """The mean log-likelihood of `train` that no model can exceed, that of drawing from `train` itself.

        sum over different images v of  share(v) log share(v)
        """
        _images, counts = np.unique(self.train, axis=0, return_counts=True)
        share = counts / counts.sum()
        return float(share @ np.log(share))

    @cached_property
    def different(self) -> np.ndarray:
        """Where in `train` each of its different images first stands."""
        return seal(np.unique(self.train, axis=0, return_index=True)[1])

    def holds(self, images: np.ndarray) -> np.ndarray:
        """Whether each image (n, side^2) is, pixel by pixel, one of `train`."""
        return (images[:, None, :] == self.train).all(axis=-1).any(axis=-1)


@lru_cache(maxsize=8)
def image_set(code: str) -> ImageSet:
    """The images of a code of IMAGE_SETS: all bars and stripes of a size, or 500 digits in black and white.

    Raises: InputError: unknown_name.
    """
    if one_of("images", code, IMAGE_SETS) != "digits":
        images = bars_and_stripes(BARS[code]).X
        picked = np.linspace(0, len(images) - 1, N_SHOWN).round().astype(int)
        lower = np.arange(BARS[code]) >= BARS[code] // 2
        quarter = np.outer(lower, lower).ravel()
        return ImageSet(read_only(images), None, read_only(images[picked]), seal(quarter), BARS[code])
    stored = digits()
    images, held = (stored.X >= BLACK).astype(np.float64), np.arange(len(stored)) % HELD_OUT == HELD_OUT - 1
    first = [np.flatnonzero(held & (stored.y == digit))[0] for digit in range(stored.n_classes)]
    half = seal(np.arange(64) >= 32)
    return ImageSet(read_only(images[~held]), read_only(images[held]), read_only(images[first]), half, 8)
