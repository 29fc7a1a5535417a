"""What the lab's network answers for its samples after the epochs of which the parameters were kept."""

import numpy as np

from engine.arrays import seal
from engine.errors import whole
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.network import predict
from engine.samples import Dataset


def outputs(
    config: LabConfig, history: TrainingHistory, frame: int | None, samples: Dataset | None = None
) -> np.ndarray:
    """The outputs for samples at a frame, in evaluation mode: what the loss is given.

    Args:
        history: of `engine.lab.run(config)`. frame: of its snapshots, from 0; None: what the training has left, of
            a run that early stopping has ended its best epoch.
        samples: as the network is given them, before standardization; None: those it learns from.
    Returns: (n_samples, n_outputs), read-only; logits where the loss takes logits.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    parameters, statistics = history.parameters, history.statistics
    if frame is not None:
        frame = whole("frame", frame, 0, len(history.snapshot_epochs) - 1)
        parameters, statistics = history.snapshots[frame], history.snapshot_statistics[frame]
    samples = config.parts[0] if samples is None else samples
    X = samples.X if history.standardizer is None else history.standardizer.apply(samples.X)
    statistics = statistics if config.training.batch_norm else None
    return seal(predict(config.training.architecture, parameters, X, statistics))
