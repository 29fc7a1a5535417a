"""How the sections of this lesson name the engine's surfaces."""

from engine.surfaces import SURFACES
from pages.shared.text import _


def labels(dimensions: int) -> dict[str, str]:
    """Code -> label of the surfaces of one or two variables."""
    named = {
        "parabola": "x²",
        "shifted_parabola": "2 (x − 2)²",
        "double_well": _("Double well"),
        "quartic": _("Quartic, x⁴"),
        "absolute": "|x|",
        "wavy": _("Wavy"),
        "round_bowl": _("Round bowl, x₀² + x₁²"),
        "elongated_bowl": _("Elongated bowl"),
        "rosenbrock": _("Rosenbrock's valley"),
        "himmelblau": _("Himmelblau's four valleys"),
        "beale": _("Beale's plain"),
        "saddle": _("Saddle"),
    }
    return {code: named[code] for code, surface in SURFACES.items() if surface.dimensions == dimensions}
