"""Update by update towards the first number that is not finite: a diverged training, played again and watched closely.

A training is the same each time it is run from the same config. So what led to its end need not be kept beforehand:
the last updates are repeated, and this time every largest number is written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.batches import Batches
from engine.lab import LabConfig
from engine.network import Network
from engine.preparation import standardize
from engine.regularization import clip, penalty_calls
from engine.training_config import MASKS, ORDER

WINDOW = 200  # updates before the last epoch that are watched, besides those of that epoch
BACK = 8  # updates over which the growth is averaged
PLACES = ("pre_activation", "activation", "loss", "gradient", "parameter", "measured")


@dataclass(frozen=True, eq=False)
class BlowUp:
    """The last updates of a training that diverged; read-only arrays, a row an update.

    Attributes:
        updates: their numbers in the whole training, 1 is the first, (n,). epochs: the epochs they belong to, (n,).
        losses: of the batch, the loss that is differentiated, before the update, (n,).
        largest_z: largest |z| of the batch, layer by layer, (n, n_layers).
        gradient_norms: length of each layer's gradient, before penalties and clipping, (n, n_layers).
        largest_parameter: largest |weight| or |bias| before the update, (n,).
        rates: learning rate of the update, (n,).
        update: number of the update in which the first number was not finite; 0 where the start's loss was not.
        epoch: its epoch. what: one of PLACES, the first such number on the way forward, back, and to the new
            parameters; "measured": all of these were finite, and only the loss over all samples was not.
        layer: where it was, from 0; the last one for a loss.
        edge_outputs: how many outputs of that batch (or of all samples, if measured) were exactly 0 or 1.
    """

    updates: np.ndarray
    epochs: np.ndarray
    losses: np.ndarray
    largest_z: np.ndarray
    gradient_norms: np.ndarray
    largest_parameter: np.ndarray
    rates: np.ndarray
    update: int
    epoch: int
    what: str
    layer: int
    edge_outputs: int

    @property
    def growth(self) -> float:
        """By what factor the largest parameter grew per update, over the last BACK updates with finite numbers.

        (largest_t / largest_(t - k)) ^ (1 / k); nan with fewer than two updates.
        """
        sizes = self.largest_parameter[np.isfinite(self.largest_parameter)]
        k = min(BACK, len(sizes) - 1)
        if k < 1 or sizes[-1 - k] == 0:
            return float("nan")
        return float(np.exp((np.log(sizes[-1]) - np.log(sizes[-1 - k])) / k))


def blow_up(config: LabConfig, epoch: int) -> BlowUp | None:
    """Repeat a training and find the update in which the first number is not finite.

    Args:    config: of a single run. epoch: TrainingHistory.diverged_at, the first whose loss is not finite.
    Returns: None where all numbers stay finite until the end of that epoch.
    Raises:  InputError: more than one run; an epoch that the config does not have.
    Convention: the same streams, in the same order, as engine.trainer; nothing is drawn anew.
    """
    errors.whole("number of runs", config.training.runs, 1, 1)
    replay = _Replay(config, errors.whole("epoch", epoch, 0, config.training.epochs))
    with np.errstate(all="ignore"):
        return replay.find()


class _Replay:
    """One training, an update at a time."""

    def __init__(self, config: LabConfig, last_epoch: int):
        self.training, (samples, test) = config.training, config.parts
        if self.training.standardize:
            samples = standardize(samples, test or samples)[0]
        self.samples, self.last_epoch = samples, last_epoch
        of = self.training.architecture
        self.network = Network(of, config.first, samples.X)
        self.batches = Batches(
            self.network, samples.X, samples.targets, self.training.batch_size, self.training.generators(ORDER)
        )
        self.per_epoch = len(self.batches.steps)
        self.watched_from = max(0, self.per_epoch * (last_epoch - 1) - WINDOW)
        self.masks = self.training.generators(MASKS) if self.training.dropout else None
        self.optimizer = self.training.optimizer
        self.state = self.optimizer.start(self.network.parameters)
        self.rate = self.state["learning_rate"].copy()
        self.factors = self.training.schedule(np.arange(max(self.per_epoch * self.training.epochs, 1)))
        self.rows: list[tuple] = []

    def find(self) -> BlowUp | None:
        for update, found in self.each_update():
            if found:
                return self.told(update, *found)
        all_samples = self.network.resized(len(self.samples))
        all_samples.train(False)
        all_samples.a[0][...] = self.samples.X
        outputs = all_samples.forward()
        if np.isfinite(self.training.reported_loss.value(outputs, self.samples.targets)).all():
            return None
        place = "measured", self.training.architecture.n_layers - 1
        return self.told(self.per_epoch * self.last_epoch, *place, _on_the_edge(outputs))

    def each_update(self) -> Iterator[tuple[int, tuple | None]]:
        """The number of each update with what was found in it."""
        update = 0
        for epoch in range(1, self.last_epoch + 1):
            self.batches.shuffle()
            for lay_in, network, Y in self.batches.steps:
                update += 1
                yield update, self.update(update, epoch, lay_in, network, Y)

    def update(self, number: int, epoch: int, lay_in, network: Network, Y: np.ndarray) -> tuple | None:
        """One update as engine.trainer makes it; the place of the first number that is not finite, if there is one."""
        training, watched = self.training, number > self.watched_from
        lay_in()
        network.train()
        if self.masks:
            network.draw_masks(self.masks)
        before = np.abs(self.network.parameters).max() if watched else 0.0
        network.forward()
        network.loss_gradient(training.loss, Y)
        for call in network.backward_calls():
            call()
        rate = self.set_rate(number)
        if watched:
            norms = [np.sqrt(np.square(block).sum()) for block in training.architecture.blocks(network.gradient[0])]
            loss = float(training.loss.value(network.a[-1], Y))
            self.rows.append((number, epoch, loss, [np.abs(z).max() for z in network.z], norms, before, rate))
            found = _not_finite(network, loss)
            if found:
                return *found, _on_the_edge(network.a[-1])
        for call in penalty_calls(network, training.l1, training.l2):
            call()
        if training.clip_norm is not None:
            clip(network.gradient, training.clip_norm)
        self.optimizer.update(self.state, network.parameters, network.gradient, network.parameters)
        layer = _first_bad(training.architecture.blocks(network.parameters[0])) if watched else None
        return None if layer is None else ("parameter", layer, _on_the_edge(network.a[-1]))

    def set_rate(self, number: int) -> float:
        if self.training.schedule.code != "constant":
            self.state["learning_rate"][...] = self.rate * self.factors[number - 1]
        return float(np.max(self.state["learning_rate"]))

    def told(self, update: int, what: str, layer: int, edge: int) -> BlowUp:
        n = self.training.architecture.n_layers
        columns = list(zip(*self.rows, strict=True)) if self.rows else [(), (), (), np.zeros((0, n))] * 2
        numbers = [seal(np.array(column, dtype=int)) for column in columns[:2]]
        losses, z, norms, sizes, rates = [seal(np.array(column, dtype=float)) for column in columns[2:7]]
        epoch = -(-update // self.per_epoch)
        return BlowUp(*numbers, losses, z, norms, sizes, rates, update, epoch, what, layer, edge)


def _not_finite(network: Network, loss: float) -> tuple[str, int] | None:
    """The first place on the way forward, then back."""
    n = network.architecture.n_layers
    for layer in range(n):
        for what, array in (("pre_activation", network.z[layer]), ("activation", network.a[layer + 1])):
            if not np.isfinite(array).all():
                return what, layer
    if not np.isfinite(loss):
        return "loss", n - 1
    layer = _first_bad(network.architecture.blocks(network.gradient[0])[::-1])
    return None if layer is None else ("gradient", n - 1 - layer)


def _first_bad(arrays: list[np.ndarray]) -> int | None:
    return next((place for place, array in enumerate(arrays) if not np.isfinite(array).all()), None)


def _on_the_edge(outputs: np.ndarray) -> int:
    return int(((outputs == 0) | (outputs == 1)).sum())
