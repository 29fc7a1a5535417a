"""The roots of heavy-ball momentum in the complex plane, with the unit circle that they must not leave."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.heavy_ball import Mode
from pages.shared.charts import plane
from pages.shared.charts.theme import MUTED

LOW, HIGH = -1.6, 1.6
CORNERS = 72  # of a circle


def data(modes: Sequence[Mode], momentum: float, labels: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The named data of `plane.spec`: the flattest direction's roots as circles, the steepest one's as squares.

    The disc of radius sqrt(momentum) lies darker inside the unit disc. One root of a pair is labelled; one outside the
    picture is left out.
    """
    points = [
        plane.point(root.real, root.imag, index == 0, label="" if second else label, detail=f"{label}: {root:.4g}")
        for index, (mode, label) in enumerate(zip(modes, labels, strict=True))
        for second, root in enumerate(mode.roots)
        if max(abs(root.real), abs(root.imag)) < HIGH
    ]
    return plane.data(points=points, regions=_disc(1.0, "unit") + _disc(np.sqrt(momentum), "momentum"))


def _disc(radius: float, name: str) -> list[dict]:
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    corners = radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return plane.region(corners, name=name, role=MUTED)
