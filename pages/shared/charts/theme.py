"""The palette by role. Its colours are `chartCategoricalColors` of .streamlit/config.toml, light and dark:
a chart names the role, the browser puts in the theme's colour, and nothing is drawn anew when the theme changes.
"""

from collections.abc import Sequence
from unicodedata import east_asian_width

import altair as alt

VALUE, GRADIENT, CLASS_0, CLASS_1, ANALYTIC, NUMERIC, HIGHLIGHT, MUTED, SURFACE, TEXT = ROLES = (
    "value", "gradient", "class 0", "class 1", "analytic", "numeric", "highlight", "muted", "surface", "text",
)  # fmt: skip

COLOURS = ROLES[:7]  # those that stand out from the ground; series take them in this order
LEGEND_COLUMNS, LEGEND_LETTERS = 3, 27  # so many columns fit a phone if their names are no longer than this together
DASHES = ([1, 0], [7, 4], [2, 3])

PALETTE = alt.Scale(domain=list(ROLES), range="category")


def by_role(channel: type = alt.Color, field: str = "role"):
    """Colour (or fill, or stroke: `channel`) by a field that holds a role."""
    return channel(f"{field}:N", scale=PALETTE, legend=None)


def in_role(chart: alt.Chart, role: str, *channels: type) -> alt.Chart:
    """A whole layer in one role's colour; `channels` are alt.Color (default), alt.Fill or alt.Stroke."""
    field = "ink_" + role.replace(" ", "_")
    encodings = [by_role(channel, field) for channel in channels or (alt.Color,)]
    return chart.transform_calculate(**{field: f"'{role}'"}).encode(*encodings)


def by_series(
    labels: Sequence[str], title: str | None = None, field: str = "series", order: Sequence[str] = ()
) -> list:
    """Colour and dash that tell series apart, with one legend above the picture.

    The first seven have colours of their own; the next ones take the same colours again, dashed. A spec that uses
    this depends on the labels, and on nothing else of the data. Where pictures show some of many series, `order` is
    the list of all: each keeps its colour.
    """
    colours = len(COLOURS)
    order = order or labels
    domain = []  # as long as the palette in each round, so that the theme's colours come in their order
    for start in range(0, len(order), colours):
        own = list(order[start : start + colours])
        domain += own + [f"{start}·{place}" for place in range(len(own), len(ROLES))]
    dash = [DASHES[place // len(ROLES) % len(DASHES)] for place in range(len(domain))]
    legend = alt.Legend(
        title=title,
        orient="top",
        columns=legend_columns(labels),
        values=list(labels),
        symbolType="stroke",
        symbolOpacity=1,
        symbolStrokeWidth=3,
        symbolSize=100 if len(order) <= colours else 169,  # long enough to show a dash
        labelLimit=150,
    )
    colour = alt.Color(f"{field}:N", scale=alt.Scale(domain=domain, range="category"), legend=legend)
    return [colour, alt.StrokeDash(f"{field}:N", scale=alt.Scale(domain=domain, range=dash), legend=legend)]


def text_series() -> str:
    """The series that `by_series` paints in the colour of text and its legend leaves out, for a mark beside them."""
    return f"0·{ROLES.index(TEXT)}"


def legend_columns(labels: Sequence[str]) -> int:
    """Columns of the legend of `by_series`: one less where the names are long."""
    longest = [max(map(_letters, labels[place::LEGEND_COLUMNS]), default=0) for place in range(LEGEND_COLUMNS)]
    return LEGEND_COLUMNS - (sum(longest) > LEGEND_LETTERS)


def legend_height(labels: Sequence[str]) -> int:
    """Pixels that the legend of `by_series` takes from the picture."""
    return 30 + 20 * -(-len(labels) // legend_columns(labels))


def _letters(label: str) -> int:
    """How wide a name is, in Latin letters; a Korean one is as wide as two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in label)
