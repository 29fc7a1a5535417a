"""The ground under paths: a landscape as an image, its heights as bands, its contour lines between them.

One colour, more of it the higher it is, over whatever ground the theme has: so it is pale in both themes.
"""

import functools

import numpy as np

from engine.landscape import Landscape
from pages.shared.charts.image import png

COLOUR = (74, 118, 168)
LOWEST, HIGHEST = 0.03, 0.5  # opacity of the bands
LINE = 0.16  # that a contour line has more than its band


@functools.lru_cache(maxsize=16)
def ground(landscape: Landscape) -> str:
    """The landscape as a data URI."""
    bands = landscape.bands
    n = len(landscape.levels) + 1
    opacity = np.linspace(LOWEST, HIGHEST, n)
    places = bands + n * borders(bands)
    both = np.concatenate([opacity, opacity + LINE])
    palette = np.tile(np.array(COLOUR, np.uint8), (2 * n, 1))
    return png(places.astype(np.uint8), palette, (both * 255).round().astype(np.uint8))


def borders(bands: np.ndarray) -> np.ndarray:
    """Where the next point to the right or below lies in another band."""
    border = np.zeros(bands.shape, dtype=bool)
    border[:, :-1] |= bands[:, :-1] != bands[:, 1:]
    border[:-1] |= bands[:-1] != bands[1:]
    return border
