"""The output of a stack of layers over the plane of its two inputs, with its boundary, straight or bent."""

import numpy as np
import pandas as pd

from engine.gates import GATES, POINTS
from engine.linear_stack import HIGH, LOW
from pages.shared.charts import plane

SIDE = 260  # pixels
NAMES = ("00", "01", "10", "11")


def data(field: np.ndarray, boundary: np.ndarray, outputs: np.ndarray) -> dict[str, pd.DataFrame]:
    """The named data of `plane.spec`: the field, its boundary, and XOR's inputs with the `outputs` there, (4,)."""
    points = [
        plane.point(*map(float, place), target, label=name, detail=f"{name}: z {z:.4g}")
        for place, target, name, z in zip(POINTS, GATES["xor"].outputs, NAMES, outputs, strict=True)
    ]
    lines = [plane.line(segment, detail="z = 0") for segment in boundary.tolist()]
    return plane.data(points=points, lines=lines, field=plane.field(field, low=LOW, high=HIGH))
