"""A training as the one message that the lab's player plays: pictures, parameters and curves, packed small.

A frame's pictures are sent as differences to the frame before, and these as differences to the pixel on the left, both
modulo 256: almost all of them are near 0, and zlib makes little of them. lab_film.js puts them together again.
"""

import base64
import zlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.film import Film, Levels
from engine.history import TrainingHistory
from engine.lab import LabConfig
from pages.shared import names
from pages.shared.charts.paths import loss_ends

MOST_UNITS = 12  # of a layer that are drawn
CURVE_POINTS = 400  # of a curve, the frames' own among them
INPUTS = {
    "x1": "x₁",
    "x2": "x₂",
    "x1_squared": "x₁²",
    "x2_squared": "x₂²",
    "product": "x₁x₂",
    "sin_x1": "sin x₁",
    "sin_x2": "sin x₂",
}
CURVES = ("train_loss", "test_loss", "train_score", "test_score")


@dataclass(frozen=True, eq=False)
class Reel:
    """message: what the player is sent, ready for JSON. epochs: of its frames. code: another one for each message."""

    message: dict
    epochs: tuple[int, ...]
    code: str


def reel(config: LabConfig, history: TrainingHistory, film: Film, inputs: Levels) -> Reel:
    """Pack one run: `engine.lab.run(config)`, `engine.film.film(config, history)` and `input_pictures(config)`."""
    epochs = film.epochs.tolist()
    shown = [min(size, MOST_UNITS) for size in config.training.sizes]
    pictures = [film.answer.bytes] + [
        one.bytes[:, :n].reshape(len(epochs), -1, one.bytes.shape[-1])
        for one, n in zip(film.units, shown[1:-1], strict=True)
    ]
    message = {
        "epochs": epochs,
        "kept": film.kept,
        "end": int(history.stopped_at) if film.kept else config.training.epochs,
        "kind": _kind(config),
        "logits": config.training.loss.takes_logits,
        "classes": list(config.data.plane.classes),
        "input_pictures": _packed(inputs.bytes.tobytes()),
        "input_side": inputs.bytes.shape[-1],
        "inputs": [INPUTS[code] for code in config.data.features],
        "sizes": list(config.training.sizes),
        "shown": shown,
        "activations": [names.ACTIVATIONS[kind.name] for kind in config.training.activations],
        "normalized": [norm is not None for norm in config.training.architecture.norms],
        "side": film.answer.bytes.shape[-1],
        "unit_side": film.units[0].bytes.shape[-1] if film.units else 0,
        "answer_ends": [float(film.answer.low), float(film.answer.high)],
        "unit_ends": [
            [one.low[:n].tolist(), one.high[:n].tolist()] for one, n in zip(film.units, shown[1:-1], strict=True)
        ],
        "pictures": _packed(b"".join(differences(one).tobytes() for one in pictures)),
        "parameters": _packed(planes(_parameters(config, film.parameters, shown)).tobytes()),
        "x": list(film.x_range),
        "y": list(film.y_range),
        **_points(config),
        **_curves(config, history, film.epochs),
    }
    code = f"{zlib.crc32(repr(message).encode()):08x}"
    return Reel(message, tuple(epochs), code)


def differences(pictures: np.ndarray) -> np.ndarray:
    """Pictures (frames, …, side) as differences to the frame before, and these to the pixel on the left; uint8."""
    moved = pictures.copy()
    moved[1:] -= pictures[:-1]
    left = moved.copy()
    left[..., 1:] -= moved[..., :-1]
    return left


def planes(numbers: np.ndarray) -> np.ndarray:
    """Numbers (frames, n) as float32, as whole numbers less those of the frame before, byte by byte: (4, frames, n)."""
    bits = np.ascontiguousarray(numbers, dtype="<f4").view("<u4")
    moved = bits.copy()
    moved[1:] -= bits[:-1]
    return moved.view(np.uint8).reshape(*bits.shape, 4).transpose(2, 0, 1)


def _kind(config: LabConfig) -> str:
    if config.data.plane.task == "regression":
        return "value"
    return "two" if config.data.n_outputs == 1 else "many"


def _parameters(config: LabConfig, parameters: np.ndarray, shown: list[int]) -> np.ndarray:
    """Those of the units that are drawn: of each layer W row by row, then b, then gamma and beta where it has them."""
    of, parts = config.training.architecture, []
    layers = zip(of.weights(parameters), of.biases(parameters), of.scales(parameters), pairwise(shown), strict=True)
    for W, b, scale, (n_in, n_out) in layers:
        parts += [W[:, :n_in, :n_out].reshape(len(parameters), -1), b[:, :n_out]]
        parts += [] if scale is None else [scale[0][:, :n_out], scale[1][:, :n_out]]
    return np.concatenate(parts, axis=1)


def _points(config: LabConfig) -> dict:
    """x1, x2 and class number or value of each sample, those to train on first."""
    parts = [part for part in config.data.planes if part is not None]
    rows = np.concatenate([np.column_stack([part.X, part.y]) for part in parts])
    return {"points": _floats(rows), "n_train": len(parts[0])}


def _curves(config: LabConfig, history: TrainingHistory, frames: np.ndarray) -> dict:
    """Losses and scores over the epochs, thinned, and as they are at the frames; the ends of their axes."""
    last = len(history.train_loss) - 1
    room = max(CURVE_POINTS - len(frames), 2)
    at = np.union1d(frames, np.linspace(0, last, min(last + 1, room)).round().astype(int))
    known = {name: getattr(history, name) for name in CURVES}
    losses = [history.train_loss] + ([] if history.test_loss is None else [history.test_loss])
    return {
        "at": at.tolist(),
        "curves": {name: None if values is None else _floats(values[at]) for name, values in known.items()},
        "now": {name: None if values is None else _doubles(values[frames]) for name, values in known.items()},
        "score": history.score,
        "loss_ends": [float(end) for end in loss_ends([one[at] for one in losses])],
        "loss_top": _top(losses),
        "score_low": _lowest(config, known),
    }


def _top(losses: list[np.ndarray]) -> float:
    """The upper end of the linear loss axis: what is far above the start, such as a divergence, leaves the picture."""
    known = np.concatenate([one[np.isfinite(one)] for one in losses])
    if not known.size:
        return 1.0
    starts = max(float(one[0]) for one in losses if np.isfinite(one[0])) if np.isfinite(losses[0][0]) else known[0]
    return float(min(known.max(), 3 * max(starts, 1e-9))) * 1.05 or 1.0


def _lowest(config: LabConfig, known: dict) -> float:
    """The lower end of the score's axis: accuracies begin at 0, R² may lie below it."""
    if config.data.plane.task == "classification":
        return 0.0
    values = np.concatenate([known[name] for name in CURVES[2:] if known[name] is not None])
    values = values[np.isfinite(values)]
    return float(max(min(values.min(), 0.0), -1.0)) if values.size else 0.0


def _packed(raw: bytes) -> str:
    squeeze = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_RLE)  # differences repeat, nothing else does
    return base64.b64encode(squeeze.compress(raw) + squeeze.flush()).decode()


def _floats(values: np.ndarray) -> str:
    """Numbers in float32; a loss that is too large for it becomes inf."""
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(values, dtype="<f4")
    return base64.b64encode(values.tobytes()).decode()


def _doubles(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode()
