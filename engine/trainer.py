"""Training with any optimizer, schedule and batch size, of one network or of a stack of runs side by side.

An epoch is a list of prepared calls (see engine.network) that is worked through as often as there are epochs; the
numbers to look at are copied on the way and turned into losses, scores and norms a chunk at a time.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.batches import Batches
from engine.early_stopping import EarlyStopping
from engine.history import CHUNK, Curve, GradientNorms, TrainingHistory
from engine.network import Calls, Network
from engine.preparation import standardize
from engine.regularization import clip, penalty_calls
from engine.samples import Dataset
from engine.scores import SCORES
from engine.training_config import MASKS, ORDER, TrainingConfig


def train(config: TrainingConfig, samples: Dataset, test: Dataset | None = None, start=None) -> TrainingHistory:
    """Train the network(s) of a config.

        for each epoch, for each batch:  theta <- optimizer(theta, gradient of the loss on the batch)

    Args:
        config: how.
        samples: to train on. test: to test on after each epoch; its features are standardized as the training ones.
        start: first parameters, (n_parameters,) for all runs or (runs, n_parameters); None: drawn as the config says.
    Returns: TrainingHistory.
    Raises: InputError: samples that do not fit the network, a training that would take too long, early stopping
        without test samples, batch normalization on a batch of one.
    Convention: loss and score are measured on all samples after each epoch, in evaluation mode (running statistics, no
        dropout); the start is epoch 0.
    """
    _check(config, samples, test)
    standardizer = None
    if config.standardize:
        samples, scaled_test, standardizer = standardize(samples, samples if test is None else test)
        test = None if test is None else scaled_test
    training = _Training(config, samples, test, start)
    with np.errstate(all="ignore"):  # overflow is allowed to happen, and found in the losses
        training.run()
    return training.history(standardizer)


def fine_tuning_start(config: TrainingConfig, layers: Sequence[tuple]) -> np.ndarray:
    """The config's first parameters with given weights in the first layers.

    Args:    layers: (W, b) of each layer from the input up, W (fan_in, fan_out), b (fan_out,), with or without the runs
             in front: what engine.rbm_training.pretrain leaves behind, for example. No more than the network has.
    Returns: (runs, n_parameters), the `start` of `train`.
    Raises:  InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source:  Hinton and Salakhutdinov (2006) for pretraining and fine-tuning.
    """
    parameters, of = config.start(), config.architecture
    errors.whole("number of pretrained layers", len(layers), 0, of.n_layers)
    for (W, b), to_W, to_b in zip(layers, of.weights(parameters), of.biases(parameters), strict=False):
        for name, given, place in (("W", W, to_W), ("b", b, to_b)):
            place[...] = _for_all_runs(name, given, place.shape)
    return parameters


class _Training:
    """The parts of one training and how they work together."""

    def __init__(self, config: TrainingConfig, samples: Dataset, test: Dataset | None, start):
        self.config, self.task = config, samples.task
        self.network = Network(config.architecture, _start(config, start), samples.X)
        self.batches = Batches(self.network, samples.X, samples.targets, config.batch_size, config.generators(ORDER))
        # Where all samples are one batch and no step behaves differently in evaluation, the forward pass that measures
        # an epoch is the one that the next update needs.
        self.measures_itself = len(self.batches.steps) == 1 and not (config.batch_norm or config.dropout)
        evaluation = self.batches.steps[0][1] if self.measures_itself else self.network
        evaluation.a[0][...] = samples.X
        chunk = CHUNK if config.patience is None else 1
        self.train_curve = Curve(evaluation, samples, config.reported_loss, config.epochs, chunk)
        self.measure: Calls = [*evaluation.forward_calls(), self.train_curve.keep]
        self.test_curve = None
        if test is not None:
            on_test = self.network.resized(len(test))
            on_test.a[0][...] = test.X
            self.test_curve = Curve(on_test, test, config.reported_loss, config.epochs, chunk)
            self.measure += [*on_test.forward_calls(), self.test_curve.keep]
        self.norms = GradientNorms(self.network, config.epochs, CHUNK)
        self.stopping = EarlyStopping(self.network, config.patience)
        self.optimizer, self.state, self.rates = _rule(config, self.network)
        self.updates = 0

    # ------------------------------------------------ the calls of an epoch

    def epoch(self) -> Calls:
        """Shuffle, then for each batch: lay it in, run forward and backward, update."""
        calls: Calls = [self.batches.shuffle] if self.batches.shuffles else []
        masks = self.config.generators(MASKS) if self.config.dropout else None
        for index, (lay_in, network, Y) in enumerate(self.batches.steps):
            network.train()
            calls += [] if self.measures_itself else [lay_in]
            calls += [partial(network.draw_masks, masks)] if masks else []
            calls += [] if self.measures_itself else network.forward_calls()
            calls += [network.loss_gradient_call(self.config.loss, Y), *network.backward_calls()]
            calls += [self.norms.keep] if index == len(self.batches.steps) - 1 else []
            calls += self.update()
        return calls

    def update(self) -> Calls:
        """From the gradient of the loss to new parameters."""
        config, network = self.config, self.network
        calls = penalty_calls(network, config.l1, config.l2)
        if config.clip_norm is not None:
            calls.append(partial(clip, network.gradient, config.clip_norm))
        if self.rates is not None:
            calls.append(self.set_rate)
        update = partial(self.optimizer.update, self.state, network.parameters, network.gradient, network.parameters)
        return [*calls, update]

    def set_rate(self) -> None:
        """Write the learning rate of the next update where the optimizer reads it."""
        self.state["learning_rate"][...] = self.rates * self.factors[self.updates]
        self.updates += 1

    # ------------------------------------------------ the loop

    def run(self) -> None:
        config, epoch_calls = self.config, self.epoch()
        if self.measures_itself:
            self.batches.steps[0][0]()
        n_updates = config.epochs * len(self.batches.steps)
        self.factors = config.schedule(np.arange(max(n_updates, 1)))
        frames = {epoch: place for place, epoch in enumerate(config.snapshots)}
        self.frames, self.frame_statistics = (
            _room(frames, self.network.parameters),
            _room(frames, self.network.statistics),
        )
        for epoch in range(config.epochs + 1):
            if epoch:
                for call in epoch_calls:
                    call()
            for call in self.measure:
                call()
            if epoch in frames:
                self.frames[:, frames[epoch]] = self.stopping.parameters()
                self.frame_statistics[:, frames[epoch]] = self.stopping.statistics()
            if config.patience is not None:
                self.stopping.look(epoch, self.test_curve.losses[:, epoch])
            if self.train_curve.ended or self.stopping.all_stopped:
                self._rest(frames, epoch)
                break

    def _rest(self, frames: dict[int, int], epoch: int) -> None:
        """Frames that will not come, since all runs have ended: what the runs ended with."""
        for later, place in frames.items():
            if later > epoch:
                self.frames[:, place] = self.stopping.parameters()
                self.frame_statistics[:, place] = self.stopping.statistics()

    # ------------------------------------------------ the results

    def history(self, standardizer) -> TrainingHistory:
        for recorder in filter(None, (self.train_curve, self.test_curve, self.norms)):
            recorder.flush()
        bad = ~np.isfinite(self.train_curve.losses)
        bad[:, self.train_curve.done :] = False  # all runs had ended by then
        diverged_at = np.where(bad.any(axis=1), bad.argmax(axis=1), -1)
        gone = np.maximum.accumulate(bad, axis=1)
        epochs = np.arange(self.config.epochs + 1)
        stopped_at = self.stopping.stopped_at
        gone |= (stopped_at >= 0)[:, None] & (epochs > stopped_at[:, None])
        best_epoch = self.stopping.best_epoch
        if self.test_curve is not None and self.config.patience is None:
            best_epoch = _best(np.where(gone, np.nan, self.test_curve.losses))

        def shown(array: np.ndarray) -> np.ndarray:
            return seal(array.reshape((*self.config.lead, *array.shape[1:])))

        def curve(values: np.ndarray) -> np.ndarray:
            return shown(np.where(gone, np.nan, values))

        return TrainingHistory(
            train_loss=curve(self.train_curve.losses),
            test_loss=self.test_curve and curve(self.test_curve.losses),
            train_score=curve(self.train_curve.scores),
            test_score=self.test_curve and curve(self.test_curve.scores),
            score=SCORES[self.task],
            gradient_norms=shown(np.where(gone[:, 1:, None], np.nan, self.norms.norms)),
            parameters=shown(self.stopping.parameters()),
            statistics=shown(self.stopping.statistics()),
            snapshot_epochs=seal(np.array(self.config.snapshots, dtype=int)),
            snapshots=shown(self.frames),
            snapshot_statistics=shown(self.frame_statistics),
            diverged_at=shown(diverged_at),
            stopped_at=shown(stopped_at.copy()),
            best_epoch=shown(best_epoch.copy()),
            standardizer=standardizer,
        )


def _check(config: TrainingConfig, samples: Dataset, test: Dataset | None) -> None:
    for argument, dataset in (("samples", samples), ("test", test)):
        if dataset is None:
            continue
        errors.shape(f"{argument}.X", dataset.X, (None, config.sizes[0]))
        errors.shape(f"{argument}.targets", dataset.targets, (len(dataset), config.sizes[-1]))
    if config.patience is not None and test is None:
        raise errors.InputError("unknown_name", "test", None, "Dataset")  # patience needs it
    config.check_work(len(samples), 0 if test is None else len(test))


def _start(config: TrainingConfig, start) -> np.ndarray:
    if start is None:
        return config.start()
    return _for_all_runs("start", start, (config.runs, config.architecture.n_parameters))


def _for_all_runs(argument: str, value, shape: tuple[int, ...]) -> np.ndarray:
    """A copy of `value` in the shape (runs, …); without the runs it is given to each."""
    value = errors.finite(argument, value)
    if value.shape not in (shape, shape[1:]):
        raise errors.InputError("wrong_shape", argument, value.shape, str(shape))
    return np.broadcast_to(value, shape).copy()


def _rule(config: TrainingConfig, network: Network):
    """The optimizer with the runs' learning rates, its state, and the rates that a schedule multiplies (or None)."""
    rule = config.optimizer
    if config.learning_rates:
        rule = replace(rule, learning_rate=np.array(config.learning_rates)[:, None])
    state = rule.start(network.parameters)
    constant = config.schedule.code == "constant"
    return rule, state, None if constant else state["learning_rate"].copy()


def _room(frames: dict[int, int], source: np.ndarray) -> np.ndarray:
    return np.zeros((len(source), len(frames), source.shape[-1]))


def _best(losses: np.ndarray) -> np.ndarray:
    """The epoch of each run's lowest loss, -1 where there is none."""
    filled = np.where(np.isnan(losses), np.inf, losses)
    return np.where(np.isfinite(filled).any(axis=1), filled.argmin(axis=1), -1)
