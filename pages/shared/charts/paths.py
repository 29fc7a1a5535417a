"""What the player plays: paths over a plane or along a curve, step by step, with their losses beside them.

A builder gives everything in the units of its axes; the player scales, cuts off and draws. Places are sent as float32,
exact to seven digits; losses as float64, since that of a diverging run would soon be infinite.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.landscape import Landscape
from pages.shared.charts.ground import ground
from pages.shared.charts.theme import COLOURS, DASHES, HIGHLIGHT

MAX_FRAMES = 240
LOSS_DECADES = 18  # of the loss axis at most, so that one run on its way to 0 does not flatten the others
PLACE, LOSS = "<f4", "<f8"  # how numbers are sent
RISE = 1e3  # how far above the start the loss axis goes; what climbs higher leaves the picture


@dataclass(frozen=True, eq=False)
class Path:
    """One run.

    Attributes:
        label: stands in the legend; all labels of a picture are different.
        points: (n_steps + 1, 2) on a plane; (n_steps + 1, 1), x alone, along a curve. inf or nan once it has diverged.
        losses: (n_steps + 1,): the height of the curve, or what the loss panel shows; None for neither.
        place: of its colour and dash among the series of the picture; default: in the order of the paths.
        slopes: (n_steps + 1,): along a curve, the derivative, drawn as the tangent at the current point.
    """

    label: str
    points: np.ndarray
    losses: np.ndarray | None = None
    place: int | None = None
    slopes: np.ndarray | None = None


def plane(
    paths: Sequence[Path],
    *,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    titles: tuple[str, str],
    landscape: Landscape | None = None,
    image: str = "",
    loss_title: str = "",
    lines: Iterable[dict] = (),
    marks: Iterable[dict] = (),
    pick_digits: int = 2,
) -> dict:
    """Paths over a plane.

    Args:
        titles: of the axes.
        landscape: drawn as ground, with contour lines; or any `image` (a data URI) instead.
        loss_title: of the loss panel beside the plane; "" for no panel.
        lines, marks: what stands still, from `line` and `mark`.
        pick_digits: decimals of a point that is picked with the pointer.
    """
    return {
        "kind": "plane",
        **_frame(x_range, y_range, titles),
        "ground": ground(landscape) if landscape else image,
        "lines": list(lines),
        "marks": list(marks),
        "digits": pick_digits,
        **_paths(paths, loss_title),
    }


def curve(
    paths: Sequence[Path],
    *,
    x: np.ndarray,
    y: np.ndarray,
    y_range: tuple[float, float],
    titles: tuple[str, str],
    loss_title: str = "",
    lines: Iterable[dict] = (),
    marks: Iterable[dict] = (),
    pick_digits: int = 2,
) -> dict:
    """Paths along the curve y over x (ascending, its ends are the picture's); a path's height is its loss."""
    return {
        "kind": "curve",
        **_frame((float(x[0]), float(x[-1])), y_range, titles),
        "curve": _packed(np.stack([x, y], axis=-1)),
        "lines": list(lines),
        "marks": list(marks),
        "digits": pick_digits,
        **_paths(paths, loss_title),
    }


def line(points: np.ndarray, *, role: str, label: str, dashed: bool = False) -> dict:
    """A line that stands still, such as a border, through points (n, 2); `label` names it under the pointer."""
    return {"points": _packed(points), "role": role, "label": label, "dashed": dashed}


def mark(x: float, y: float, *, label: str, shape: str = "star", role: str = HIGHLIGHT) -> dict:
    """A point that stands still, such as a minimum: a "star", a "cross" or a "ring"; `label` names it."""
    return {"x": float(x), "y": float(y), "label": label, "shape": shape, "role": role}


def _frame(x_range, y_range, titles) -> dict:
    return {"x": [float(end) for end in x_range], "y": [float(end) for end in y_range], "titles": list(titles)}


def _paths(paths: Sequence[Path], loss_title: str) -> dict:
    last = max((len(path.points) for path in paths), default=1) - 1
    frames = np.unique(np.linspace(0, last, min(last + 1, MAX_FRAMES)).round().astype(int))
    sent = [_path(path, path.place if path.place is not None else place, frames) for place, path in enumerate(paths)]
    panel = {"title": loss_title, "range": list(loss_range(paths))} if loss_title else None
    return {"paths": sent, "steps": frames.tolist(), "loss": panel}


def _path(path: Path, place: int, frames: np.ndarray) -> dict:
    kept = frames[frames < len(path.points)]  # a run may have fewer steps than the longest
    losses = None if path.losses is None else _packed(path.losses[kept], LOSS)
    slopes = None if path.slopes is None else _packed(path.slopes[kept])
    role, dash = COLOURS[place % len(COLOURS)], DASHES[place // len(COLOURS) % len(DASHES)]
    style = {"role": role, "dash": list(dash) if place >= len(COLOURS) else []}
    return {"label": path.label, **style, "points": _packed(path.points[kept]), "losses": losses, "slopes": slopes}


def loss_range(paths: Iterable[Path]) -> tuple[float, float]:
    """The ends of the logarithmic loss axis of paths."""
    return loss_ends([np.asarray(path.losses, dtype=float) for path in paths if path.losses is not None])


def loss_ends(losses: Sequence[np.ndarray]) -> tuple[float, float]:
    """Whole decades around what the runs have, each an array from its start on, within reason."""
    first = max((float(run[0]) for run in losses if run.size and np.isfinite(run[0])), default=1.0)
    known = np.concatenate([run[np.isfinite(run) & (run > 0)] for run in losses]) if losses else np.array([])
    if not known.size:
        return 0.1, 10.0
    top = np.ceil(np.log10(min(known.max(), max(first, known.min()) * RISE)))
    bottom = max(np.floor(np.log10(known.min())), top - LOSS_DECADES)
    return float(10.0 ** min(bottom, top - 1)), float(10.0**top)


def _packed(values: np.ndarray, kind: str = PLACE) -> str:
    """Numbers in base64, row by row; what is too large for the kind becomes inf."""
    with np.errstate(over="ignore"):
        return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode()


Picture = Mapping[str, object]
