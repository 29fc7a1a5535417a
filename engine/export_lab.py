"""A training of the lab to take away: the trained network as JSON, its history as columns."""

import json
from collections.abc import Mapping

import numpy as np

from engine.features import FEATURES
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.layers import BatchNorm, Dropout
from engine.preparation import Standardizer

FORMAT = "neural-network-lab/1"
SHAPES = "rows are samples: z = a_before @ W + b, W (fan_in, fan_out)"


def network_json(config: LabConfig, history: TrainingHistory, run: int = 0) -> str:
    """One run's network after training as JSON: all that is needed to compute its answer for a point (x1, x2).

        features -> standardize -> for each layer: z = a @ W + b -> its steps in order -> a

    Args:    history: of `engine.lab.run(config)`. run: which one.
    Returns: an object of format, shapes, features (names and LaTeX), standardize (mean and scale, or null), layers
             (W, b, and steps in evaluation mode: activations with their numbers, batch normalizations with gamma,
             beta, running_mean, running_var and epsilon, factors of a classic dropout), loss, takes_logits, task,
             classes, coding (the targets of two classes). Numbers at full precision; what is not finite is null.
    """
    of, training = config.training.architecture, config.training
    parameters, statistics = (_of_run(flat, run) for flat in (history.parameters, history.statistics))
    W, b, scales = of.weights(parameters), of.biases(parameters), of.scales(parameters)
    running, layers = of.statistics(statistics), []
    for n in range(of.n_layers):
        steps = [_step(part, scales[n], running[n]) for part in of.between(n)]
        layers.append({"W": _numbers(W[n]), "b": _numbers(b[n]), "steps": [step for step in steps if step]})
    plane = config.data.plane
    network = {
        "format": FORMAT,
        "shapes": SHAPES,
        "features": [{"name": code, "latex": FEATURES[code].latex} for code in config.data.features],
        "standardize": _standardizer(history.standardizer),
        "layers": layers,
        "loss": training.loss.name,
        "takes_logits": training.loss.takes_logits,
        "task": plane.task,
        "classes": list(plane.classes),
        "coding": list(config.coding) if len(plane.classes) == 2 else None,
    }
    return json.dumps(network, indent=1, allow_nan=False)


def history_columns(config: LabConfig, history: TrainingHistory, run: int = 0) -> Mapping[str, np.ndarray]:
    """What was written down at each epoch of one run, (epochs + 1,) each; nan where there is nothing.

    Returns: epoch, train_loss, test_loss, train_<score>, test_<score>, gradient_norm_1, ... (of each layer's W and b,
             of the last batch of the epoch; there is none at epoch 0). Nothing of a test set where there is none.
    """
    lead = (slice(None),) if history.train_loss.ndim == 1 else (run,)
    columns = {"epoch": np.arange(config.training.epochs + 1)}
    for part in ("train", "test"):
        for what, name in (("loss", "loss"), ("score", history.score)):
            values = getattr(history, f"{part}_{what}")
            if values is not None:
                columns[f"{part}_{name}"] = values[lead]
    norms = history.gradient_norms if history.gradient_norms.ndim == 2 else history.gradient_norms[run]
    for layer in range(norms.shape[-1]):
        columns[f"gradient_norm_{layer + 1}"] = np.concatenate([[np.nan], norms[:, layer]])
    return columns


def _step(part, scale, running) -> dict[str, object] | None:
    """What a step does in evaluation; None for an inverted dropout, which does nothing then."""
    if isinstance(part, BatchNorm):
        names = ("gamma", "beta", "running_mean", "running_var")
        values = {name: _numbers(values) for name, values in zip(names, (*scale, *running), strict=True)}
        return {"kind": "batch_norm", **values, "epsilon": part.epsilon}
    if isinstance(part, Dropout):
        return None if part.kind == "inverted" else {"kind": "factor", "factor": 1.0 - part.drop_rate}
    return {"kind": "activation", "name": part.name, **part.parameters}


def _standardizer(fitted: Standardizer | None) -> dict[str, list] | None:
    return None if fitted is None else {"mean": _numbers(fitted.mean), "scale": _numbers(fitted.scale)}


def _of_run(flat: np.ndarray, run: int) -> np.ndarray:
    return flat if flat.ndim == 1 else flat[run]


def _numbers(values: np.ndarray) -> list:
    """Nested lists; JSON has no nan and no infinity."""
    return np.where(np.isfinite(values), values.astype(object), None).tolist()
