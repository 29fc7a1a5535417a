"""All that a learner can read on a screen: words, formulas, numbers, tables, labels, options, pictures."""

import json

from tests.specs import walk

NAMED = ("selectbox", "number_input", "toggle", "slider", "button_group", "multiselect", "text_input", "button")


def text(screen) -> str:
    """One text of the whole screen, but for the list of terms that closes it."""
    at = screen.at
    tables = [f"{t.proto.alt}\n{t.value.to_csv()}" for t in at.table if not t.proto.alt.startswith("Terms")]
    parts = [*(title.value for title in at.title), screen.words, screen.latex, *tables]
    parts += [f"{metric.label} {metric.value}" for metric in at.metric]
    parts += [fold.label for fold in at.expander if fold.label]
    parts += [link.value for link in at.get("page_link")]
    for widget in (widget for kind in NAMED for widget in at.get(kind)):
        parts += [widget.label or "", getattr(widget.proto, "help", ""), *map(str, getattr(widget, "options", []))]
    for chart in at.get("vega_lite_chart"):
        parts += [getattr(chart.proto, "alt", ""), *_titles(json.loads(chart.proto.spec))]
    return "\n".join(parts)


def _titles(spec: dict) -> list[str]:
    return [part["title"] for part in walk(spec) if isinstance(part.get("title"), str)]
