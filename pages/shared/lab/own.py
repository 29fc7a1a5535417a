"""The learner's own data: points set by hand, or a table; of classes, or of values."""

import streamlit as st

from pages.shared import controls
from pages.shared.lab import files, points
from pages.shared.lab.mine import Mine
from pages.shared.text import N_, _

KINDS = {
    "points": N_("Points of classes"),
    "values": N_("Points with values"),
    "table": N_("CSV table of classes"),
    "table_values": N_("CSV table of values"),
}


def choose(scope: str) -> Mine:
    """What of the data is the learner's own."""
    kind = controls.choice(
        st.selectbox,
        _("My own data"),
        {code: _(title) for code, title in KINDS.items()},
        key="training_own",
        scope=scope,
    )
    task = "regression" if kind.endswith("values") else "classification"
    place = f"{scope}.{task}"
    return files.choose(task, place) if kind.startswith("table") else points.choose(task, place)
