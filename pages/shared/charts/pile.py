"""A pile of machines that becomes a network: its layers and links as a drawing, and images sent through it."""

import copy
import functools
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.seed_bands import SeedBand
from pages.shared.charts import series
from pages.shared.charts.image import png
from pages.shared.charts.theme import MUTED, TEXT, by_role, in_role, text_series

HEIGHT = 330  # of the curves
FLOOR = 58  # pixels from one layer of the drawing to the next
WIDTH = 206  # of the drawing
HALF = 0.24  # height of half a layer, in floors
TILE, SIDE, ZOOM = 23, 8, 4  # pixels of an image on screen, of its side, and of each pixel in the PNG
ROW = 28
GREYS = np.repeat(np.arange(255, -1, -1, dtype=np.uint8)[:, None], 3, axis=1)  # ink 0 is white, 1 is black

BOX_FIELDS = ("level", "low", "high", "name", "role", "opacity")
PALE = 0.4  # opacity of a layer that is not there yet
LINK_FIELDS = ("low", "high", "middle", "name", "role", "there", "both")


# the drawing --------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=64)
def drawing_spec(floors: int) -> dict:
    """The compiled drawing of so many layers, the image and the outputs included; data: "boxes" and "links"."""
    y_scale = alt.Scale(domain=[-0.45, floors - 0.55], nice=False, zero=False)
    x_scale = alt.Scale(domain=[0, 1], nice=False, zero=False)
    bare = {"axis": None, "scale": x_scale}
    dash = alt.StrokeDash(
        "there:N", scale=alt.Scale(domain=["yes", "no"], range=[[1, 0], [3, 4]]), legend=None, sort=None
    )
    boxes, links = alt.Chart(alt.NamedData("boxes")), alt.Chart(alt.NamedData("links"))
    x, x2 = alt.XDatum(0.04, **bare), alt.X2Datum(0.96)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=None, scale=y_scale)

    frame = boxes.mark_rect(fillOpacity=0, strokeWidth=2.5, cornerRadius=6)
    line = links.mark_rule(strokeWidth=2.5).encode(alt.XDatum(0.16, **bare), y("low"), alt.Y2("high"), by_role(), dash)
    tip = links.mark_point(shape="triangle-up", filled=True, size=90, opacity=1).encode(
        alt.XDatum(0.16, **bare), y("high"), by_role()
    )
    back = tip.transform_filter("datum.both").mark_point(shape="triangle-down", filled=True, size=90, opacity=1)
    words = in_role(links, TEXT).mark_text(align="left", fontSize=12, baseline="middle")
    layers = [
        frame.encode(
            x,
            x2,
            y("low"),
            alt.Y2("high"),
            by_role(alt.Stroke),
            strokeOpacity=alt.StrokeOpacity("opacity:Q", scale=None),
        ),
        in_role(boxes, TEXT)
        .mark_text(fontSize=12, fontWeight="bold", baseline="middle")
        .encode(alt.XDatum(0.5, **bare), y("level"), text="name:N"),
        line,
        tip,
        back.encode(y("low")),
        words.encode(alt.XDatum(0.22, **bare), y("middle"), text="name:N"),
    ]
    size = {"width": WIDTH, "height": floors * FLOOR, "autosize": alt.AutoSizeParams(type="pad")}
    return alt.layer(*layers).properties(**size).configure_view(strokeWidth=0).configure_mark(aria=False).to_dict()


def box(level: int, name: str, role: str = MUTED, there: bool = True) -> dict:
    """A layer, from the image at level 0 up; one that is not `there` yet is pale."""
    low, high = level - HALF, level + HALF
    return {"level": level, "low": low, "high": high, "name": name, "role": role, "opacity": 1 if there else PALE}


def link(level: int, name: str, role: str = MUTED, there: bool = True, both: bool = False) -> dict:
    """The weights from a layer to the next one up; `both` ways in a machine."""
    place = {"low": level + HALF + 0.12, "high": level + 1 - HALF - 0.12, "middle": level + 0.5}
    return {**place, "name": name, "role": role, "there": "yes" if there else "no", "both": both}


def drawing_data(boxes: Sequence[dict], links: Sequence[dict]) -> dict[str, pd.DataFrame]:
    """The named data of `drawing_spec`."""
    return {
        "boxes": pd.DataFrame(list(boxes), columns=list(BOX_FIELDS)),
        "links": pd.DataFrame(list(links), columns=list(LINK_FIELDS)),
    }


# the images ---------------------------------------------------------------------------------------------------


def images_spec(n_rows: int, n_columns: int) -> dict:
    """Rows of images or of words, named on the left; data: "images" (name, uri) and "words" (name, x, text)."""
    return {**_images_spec(n_columns), "height": n_rows * ROW}


@functools.lru_cache(maxsize=8)
def _images_spec(n_columns: int) -> dict:
    """`images_spec` of any height, so that a step that adds a row compiles nothing."""
    width = n_columns * TILE
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(domain=False, ticks=False, labelFontSize=12, labelLimit=90),
        scale=alt.Scale(padding=0),
    )
    across = alt.Scale(domain=[0, n_columns], nice=False, zero=False)
    images = alt.Chart(alt.NamedData("images")).mark_image(width=width, height=TILE)
    words = in_role(alt.Chart(alt.NamedData("words")), TEXT).mark_text(fontSize=13, baseline="middle")
    layers = [
        images.encode(alt.XDatum(n_columns / 2, axis=None, scale=across), y, url="uri:N"),
        words.encode(alt.X("x:Q", axis=None, scale=across), y, text="text:N"),
    ]
    size = {"width": width, "autosize": alt.AutoSizeParams(type="pad")}
    return alt.layer(*layers).properties(**size).configure_view(strokeWidth=0).configure_mark(aria=False).to_dict()


def images_data(images: Mapping[str, np.ndarray], words: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
    """The named data of `images_spec`.

    Args: images: name of a row -> its images, (n, 64), ink from 0 to 1. words: name of a row -> a word a column.
    """
    pictures = [{"name": name, "uri": row_of_images(row)} for name, row in images.items()]
    texts = [
        {"name": name, "x": column + 0.5, "text": word}
        for name, row in words.items()
        for column, word in enumerate(row)
    ]
    return {
        "images": pd.DataFrame(pictures, columns=["name", "uri"]),
        "words": pd.DataFrame(texts, columns=["name", "x", "text"]),
    }


def row_of_images(images: np.ndarray) -> str:
    """Images side by side as one PNG, each pixel a block, so that no browser blurs it; a white rim between them."""
    tiles = np.kron(images.reshape(-1, SIDE, SIDE), np.ones((ZOOM, ZOOM)))
    tiles = np.pad(np.clip(tiles, 0.0, 1.0), ((0, 0), (2, 2), (2, 2)))
    return png((np.concatenate(list(tiles), axis=1) * 255).round().astype(np.uint8), GREYS)


# curves that begin at different places ------------------------------------------------------------------------


@functools.lru_cache(maxsize=64)
def curves_spec(
    labels: tuple[str, ...], x_title: str, y_title: str, level_title: str, order: tuple[str, ...], log: bool
) -> dict:
    """Medians with bands, and a dotted line at what guessing gives; data: "series" and "level"."""
    curves = copy.deepcopy(series.spec(labels, x_title, y_title, log=log, height=HEIGHT, order=order))
    for layer in curves["layer"]:
        layer["encoding"]["x"]["scale"] = {"nice": False}
        layer["encoding"]["y"]["axis"] = {"format": "~g", "tickCount": 6}
    line = curves["layer"][1]["encoding"]
    level = {
        "data": {"name": "level"},
        "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.5},
        "encoding": {
            "y": line["y"],
            "color": line["color"],
            "tooltip": {"field": "y", "type": "quantitative", "title": level_title, "format": ".4g"},
        },
    }
    return {**curves, "layer": [*curves["layer"], level]}


def curves_data(
    bands: Mapping[str, SeedBand], shifts: Mapping[str, float], level: float, log: bool
) -> dict[str, pd.DataFrame]:
    """The named data of `curves_spec`: label -> band over the epochs, each moved to the right by its own shift."""
    frames = [
        series.data(
            np.arange(len(band.median)) + shifts[label], {label: band.median}, {label: (band.low, band.high)}, log=log
        )["series"]
        for label, band in bands.items()
    ]
    return {
        "series": pd.concat(frames, ignore_index=True),
        "level": pd.DataFrame({"y": [level], "series": [text_series()]}),
    }
