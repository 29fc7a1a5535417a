"""The palette by role. Its colours are `chartCategoricalColors` of .streamlit/config.toml, light and dark:
a chart names the role, the browser puts in the theme's colour, and nothing is drawn anew when the theme changes.
"""

import altair as alt

VALUE, GRADIENT, CLASS_0, CLASS_1, ANALYTIC, NUMERIC, HIGHLIGHT, MUTED, SURFACE, TEXT = ROLES = (
    "value", "gradient", "class 0", "class 1", "analytic", "numeric", "highlight", "muted", "surface", "text",
)  # fmt: skip

PALETTE = alt.Scale(domain=list(ROLES), range="category")


def by_role(channel: type = alt.Color, field: str = "role"):
    """Colour (or fill, or stroke: `channel`) by a field that holds a role."""
    return channel(f"{field}:N", scale=PALETTE, legend=None)


def in_role(chart: alt.Chart, role: str, *channels: type) -> alt.Chart:
    """A whole layer in one role's colour; `channels` are alt.Color (default), alt.Fill or alt.Stroke."""
    field = "ink_" + role.replace(" ", "_")
    encodings = [by_role(channel, field) for channel in channels or (alt.Color,)]
    return chart.transform_calculate(**{field: f"'{role}'"}).encode(*encodings)
