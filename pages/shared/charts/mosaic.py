"""Many small images side by side in rows, as one PNG: weights that have a sign, or pixels from white to black.

The colours are the same in both themes, since an image cannot follow the theme; a rim parts the images from the ground.
"""

import functools
import math
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.image import png
from pages.shared.charts.theme import MUTED, SURFACE, TEXT, in_role

SIDE = 240  # pixels; two stand beside each other in the column of the picture
GAP, LABEL = 6, 16  # pixels between images, and for the words under them
SHARP = 1  # pixels of the PNG for one of the screen; a finer screen draws them without smoothing
SIGNED = ((179, 71, 11), (247, 247, 247), (11, 98, 168))  # below 0, 0, above 0: the palette's gradient and value
INK = ((255, 255, 255), (31, 41, 51))  # 0, 1
COVER = (242, 193, 78)  # of a pixel that is covered
STEPS = 254  # colours of the ramp; the two places after them are the cover and the ground
COVERED, GROUND = 254, 255
TILE_FIELDS = ("x", "y", "x2", "y2", "middle", "under", "label", "detail")


def columns(n_images: int) -> int:
    """How many images stand in a row, for a mosaic that is about as high as wide."""
    return min(n_images, max(3, math.ceil(math.sqrt(n_images))))


def tile(n_columns: int) -> int:
    """Pixels a side of an image; a few large ones do not fill the width."""
    return min(76, (SIDE - GAP * (n_columns - 1)) // n_columns)


@functools.lru_cache(maxsize=64)
def spec(n_columns: int, n_rows: int, value_title: str = "", *, labels: bool = True) -> dict:
    """The compiled mosaic; its data are "field" (the PNG), "tiles" and, with a `value_title`, "limits".

    value_title: what the colour bar of weights measures; "" for ink, which needs none.
    labels: whether there are words under the images.
    """
    side = tile(n_columns)
    width, height = n_columns * side + (n_columns - 1) * GAP, n_rows * _row(side, labels) - GAP
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    box = (x, y, alt.X2("x2"), alt.Y2("y2"))
    tiles = alt.Chart(alt.NamedData("tiles"))
    picture = alt.Chart(alt.NamedData("field")).mark_image(aspect=False, smooth=False)
    rim = in_role(tiles, SURFACE, alt.Fill).mark_rect(fillOpacity=0, strokeOpacity=0.5, strokeWidth=1)
    rim = in_role(rim, MUTED, alt.Stroke)
    words = in_role(tiles, TEXT).mark_text(fontSize=11, baseline="top")
    middle, under = alt.X("middle:Q", axis=None), alt.Y("under:Q", axis=None)
    layers = [
        # The key lets a picture that is drawn already stay what it is, under the next one: see show.chart.
        picture.encode(*box, url="uri:N", key="uri:N"),
        rim.encode(*box, tooltip="detail:N"),
        words.encode(middle, under, text="label:N"),
    ]
    if value_title:
        layers.append(_colour_bar(value_title, width))
    chart = alt.layer(*layers).resolve_scale(color="independent").configure_view(strokeWidth=0)
    pad = alt.AutoSizeParams(type="pad")
    return chart.properties(width=width, height=height, autosize=pad).configure_mark(aria=False).to_dict()


def _colour_bar(title: str, width: int) -> alt.Chart:
    bar = alt.Legend(title=title, orient="bottom", gradientLength=max(150, width - 20), gradientOpacity=1, tickCount=5)
    ends = ["#{:02x}{:02x}{:02x}".format(*colour) for colour in SIGNED]
    colour = alt.Color("value:Q", scale=alt.Scale(range=ends, nice=False), legend=bar)
    return alt.Chart(alt.NamedData("limits")).mark_rect(opacity=0).encode(colour)


def weights(
    images: np.ndarray, limit: float, labels: Sequence[str], details: Sequence[str], *, n_columns: int
) -> dict[str, pd.DataFrame]:
    """The named data for images with signs.

    Args:
        images: (n, side, side), the top row first.
        limit: the value of the strongest colours, to both sides of 0; what is beyond has the same colour.
        labels, details: the words under each image, and its tooltip.
    """
    places = np.clip((images + limit) / (2 * limit), 0, 1) * (STEPS - 1)
    frames = _data(places.round().astype(np.uint8), SIGNED, labels, details, n_columns)
    return frames | {"limits": pd.DataFrame({"value": [-limit, limit]})}


def ink(
    images: np.ndarray,
    labels: Sequence[str],
    details: Sequence[str],
    *,
    n_columns: int,
    covered: np.ndarray | None = None,
) -> dict[str, pd.DataFrame]:
    """The named data for images of 0 (white) to 1 (black), (n, side, side); `covered` pixels have their own colour."""
    places = (np.clip(images, 0, 1) * (STEPS - 1)).round().astype(np.uint8)
    if covered is not None:
        places = np.where(covered, np.uint8(COVERED), places)
    return _data(places, INK, labels, details, n_columns)


def _data(places: np.ndarray, ends, labels, details, n_columns: int) -> dict[str, pd.DataFrame]:
    side, named = tile(n_columns), any(labels)
    corners = [(i % n_columns * (side + GAP), i // n_columns * _row(side, named)) for i in range(len(places))]
    rows = [
        (x, y, x + side, y + side, x + side / 2, y + side + 4, label, detail)
        for (x, y), label, detail in zip(corners, labels, details, strict=True)
    ]
    width = n_columns * side + (n_columns - 1) * GAP
    height = -(-len(places) // n_columns) * _row(side, named) - GAP
    canvas = np.full((SHARP * height, SHARP * width), GROUND, np.uint8)
    at = np.arange(SHARP * side) * places.shape[1] // (SHARP * side)  # the image's pixel under each of the PNG's
    for (x, y), image in zip(corners, places, strict=True):
        top, left = SHARP * y, SHARP * x
        canvas[top : top + SHARP * side, left : left + SHARP * side] = image[at][:, at]
    uri = png(canvas, *_palette(ends))
    return {
        "field": pd.DataFrame({"x": [0], "y": [0], "x2": [width], "y2": [height], "uri": [uri]}),
        "tiles": pd.DataFrame(rows, columns=list(TILE_FIELDS)),
    }


def _row(side: int, named: bool) -> int:
    """Pixels from one row to the next."""
    return side + GAP + (LABEL if named else 0)


@functools.lru_cache(maxsize=64)
def _palette(ends: tuple[tuple[int, int, int], ...]) -> tuple[np.ndarray, np.ndarray]:
    """The ramp, the cover and the ground, (256, 3), and how opaque each is."""
    place, knots = np.linspace(0, 1, STEPS), np.linspace(0, 1, len(ends))
    ramp = np.stack([np.interp(place, knots, channel) for channel in zip(*ends, strict=True)], axis=1)
    colours = np.concatenate([ramp.round(), [COVER, (0, 0, 0)]]).astype(np.uint8)
    return colours, np.array([255] * (STEPS + 1) + [0], np.uint8)
