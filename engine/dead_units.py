"""Which hidden units are switched off for every sample, since when, and whether they came back.

Two kinds of zeros look alike. A ReLU unit that is off for some samples is sparse: it answers for the others. One that
is off for all of them is dead: its slope is 0 everywhere, so no sample can move its weights.
"""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activations import Activation
from engine.architecture import Architecture
from engine.arrays import seal
from engine.network import Network, Trace

MOST = 1_000_000  # units or samples of a thought experiment


@dataclass(frozen=True, eq=False)
class LayerLife:
    """The units of one hidden layer, state by state; read-only arrays, … are the runs, if there are any.

    Attributes:
        zero_share: (…, frames, units), the share of samples for which the output is exactly 0.
        highest: (…, frames, units), the largest pre-activation over all samples.
        steepest: (…, frames, units), the largest slope over all samples.
        off: (…, frames, units), whether z <= 0 for every sample. dead: whether the slope is 0 for every sample.
        off_since: (…, units), the epoch from which on a unit is off until the end; -1 where it is not.
        came_back: (…, units), how often a unit that was off was not off one frame later.
    What is not finite is no life: figures of such a frame are nan, `off` and `dead` False; off_since and came_back
    speak of the frames before.
    """

    zero_share: np.ndarray
    highest: np.ndarray
    steepest: np.ndarray
    off: np.ndarray
    dead: np.ndarray
    off_since: np.ndarray
    came_back: np.ndarray


@dataclass(frozen=True, eq=False)
class Life:
    """The hidden layers, input side first; `last` is each run's last frame with finite numbers, (…), -1 if none."""

    layers: tuple[LayerLife, ...]
    last: np.ndarray

    def counts(self, what: str) -> np.ndarray:
        """Units that are "off" or "dead", layer by layer, (…, frames, layers).

        Raises: InputError: unknown_name.
        """
        errors.one_of("what", what, ("off", "dead"))
        return np.stack([getattr(layer, what).sum(axis=-1) for layer in self.layers], axis=-1)

    def zero_shares(self) -> np.ndarray:
        """The share of outputs, of all units and samples, that are exactly 0, layer by layer, (…, frames, layers)."""
        return np.stack([layer.zero_share.mean(axis=-1) for layer in self.layers], axis=-1)


def watch(architecture: Architecture, snapshots, X, epochs) -> Life:
    """The life of every hidden unit over the snapshots of a training, or of a stack of trainings.

        off: max over samples of z <= 0 ;  dead: max over samples of f'(z) = 0

    Args:
        architecture: dense layers without batch normalization or dropout, at least one of them hidden.
        snapshots: (…, frames, n_parameters), such as TrainingHistory.snapshots; may hold nan after a divergence.
        X: the samples, (n_samples, n_features).
        epochs: of the frames, increasing, (frames,).
    Returns: Life.
    Raises: InputError: wrong_shape, not_finite (X), out_of_range: no hidden layer, too many numbers.
    Convention: for ReLU, whose slope at 0 is 0, off and dead are the same.
    Source: Maas, Hannun and Ng (2013); Lu, Shin, Su and Karniadakis (2020) for units that are born dead.
    """
    errors.whole("hidden layers", architecture.n_layers - 1, 1, architecture.n_layers)
    snapshots = errors.shape("snapshots", np.asarray(snapshots, dtype=float), (None, architecture.n_parameters))
    epochs = errors.shape("epochs", errors.finite("epochs", epochs), (snapshots.shape[-2],)).astype(int)
    lead, n_frames = snapshots.shape[:-2], snapshots.shape[-2]
    flat = snapshots.reshape(-1, architecture.n_parameters)
    finite = np.isfinite(flat).all(axis=-1)
    network = Network(architecture, np.where(finite[:, None], flat, 0.0), X)
    hidden = range(architecture.n_layers - 1)
    with np.errstate(all="ignore"):  # large weights may overflow; that is found in z
        network.forward()
        for layer in hidden:
            z = network.z[layer].reshape(len(flat), network.n_samples, -1)
            finite &= np.isfinite(z.min(axis=(1, 2))) & np.isfinite(z.max(axis=(1, 2)))
        kept = np.logical_and.accumulate(finite.reshape(*lead, n_frames), axis=-1)
        last = kept.sum(axis=-1) - 1
        layers = tuple(_layer(architecture.activations[k], network.z[k], kept, last, epochs) for k in hidden)
    return Life(layers, seal(np.asarray(last)))


def _layer(activation: Activation, z: np.ndarray, kept: np.ndarray, last: np.ndarray, epochs: np.ndarray) -> LayerLife:
    """One layer's figures from its z, (runs * frames, n_samples, units); `kept` and `last` say where they count."""
    z = z.reshape(-1, *z.shape[-2:])
    a = activation.apply(z, np.empty_like(z))
    slope = activation.slope(z, a, np.empty_like(z))
    shape, here = (*kept.shape, z.shape[-1]), kept[..., None]

    def figure(values: np.ndarray) -> np.ndarray:
        return seal(np.where(here, values.reshape(shape), np.nan))

    highest, steepest = z.max(axis=1), slope.max(axis=1)
    off, dead = (here & (values.reshape(shape) <= 0) for values in (highest, steepest))
    # after the last finite frame a unit stays what it was there
    frames = np.minimum(np.arange(kept.shape[-1]), np.maximum(last, 0)[..., None])
    held = np.take_along_axis(off, frames[..., None], axis=-2)
    return LayerLife(
        zero_share=figure((a == 0).mean(axis=1)),
        highest=figure(highest),
        steepest=figure(steepest),
        off=seal(off),
        dead=seal(dead),
        off_since=seal(_since(held, epochs)),
        came_back=seal((held[..., :-1, :] & ~held[..., 1:, :]).sum(axis=-2)),
    )


def _since(off: np.ndarray, epochs: np.ndarray) -> np.ndarray:
    """The epoch from which on `off`, (…, frames, units), holds until the end; -1 where it does not."""
    n_frames = off.shape[-2]
    streak = np.logical_and.accumulate(off[..., ::-1, :], axis=-2).sum(axis=-2)  # frames at the end that are off
    return np.where(streak > 0, epochs[np.minimum(n_frames - streak, n_frames - 1)], -1)


@dataclass(frozen=True, eq=False)
class UnitReport:
    """Why one unit learns or does not, from one forward and backward pass over all samples.

    lowest, highest: of its pre-activations. steepest: its largest slope. n_on: samples with z > 0.
    arriving: length of the gradient by its outputs, over all samples; 0 where no gradient reaches the unit at all.
    gradient: length of the gradient by its incoming weights. instead: what that length would be, at the same z and
    with the same gradient arriving, for each of the activations asked for.
    """

    lowest: float
    highest: float
    steepest: float
    n_on: int
    arriving: float
    gradient: float
    instead: tuple[float, ...]


def report(trace: Trace, layer: int, unit: int, activations: tuple[Activation, ...] = ()) -> UnitReport:
    """Look at one hidden unit of one network.

        dL/dw = sum over samples of a_prev f'(z) dL/da

    Args:    trace: of one network, with its gradients. layer, unit: from 0. activations: to put in f's place.
    Raises:  InputError: out_of_range: a layer or a unit that does not exist.
    """
    layer = errors.whole("layer", layer, 0, len(trace.z) - 2)
    unit = errors.whole("unit", unit, 0, trace.z[layer].shape[-1] - 1)
    z, da, inputs = trace.z[layer][:, unit], trace.da[layer + 1][:, unit], trace.a[layer]

    def length(slope: np.ndarray) -> float:
        return float(np.linalg.norm(inputs.T @ (slope * da)))

    with np.errstate(all="ignore"):
        slopes = [f.slope(z, f.apply(z, np.empty_like(z)), np.empty_like(z)) for f in activations]
        return UnitReport(
            lowest=float(z.min()),
            highest=float(z.max()),
            steepest=float(trace.slope[layer][:, unit].max()),
            n_on=int((z > 0).sum()),
            arriving=float(np.linalg.norm(da)),
            gradient=length(trace.slope[layer][:, unit]),
            instead=tuple(map(length, slopes)),
        )


def expected_dead(n_units: int, n_samples: int, zero_share: float = 0.5) -> float:
    """How many units give 0 for every sample, if each output is 0 with the same probability, all independently.

        n_units * zero_share ^ n_samples

    Args:    n_units: 1 to 1,000,000. n_samples: 1 to 1,000,000. zero_share: 0 to 1.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    share = errors.number("zero_share", zero_share, 0.0, 1.0)
    return errors.whole("n_units", n_units, 1, MOST) * share ** errors.whole("n_samples", n_samples, 1, MOST)
