"""Everything that decides how networks are trained, as one value: what a link, a screen and a script share."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from engine import errors, training_time
from engine.activations import Activation
from engine.architecture import Architecture
from engine.batches import batch_sizes
from engine.buffers import MAX_SAMPLES
from engine.cost import OPERATIONS_PER_SECOND, Cost, of_numbers
from engine.history import CHUNK, MAX_KEPT
from engine.initializers import NAMED
from engine.layers import BatchNorm, Dropout
from engine.losses import Loss, SquaredError, check_output
from engine.momentum import SGD
from engine.samples import MAX_SEED
from engine.schedules import Constant, Schedule
from engine.update_rule import Optimizer
from engine.weight_schemes import Initializer

MAX_RUNS, MAX_EPOCHS, MAX_FRAMES = 200, 100_000, 200
MAX_SECONDS = 30.0  # of one training, estimated for a modest machine
COPIES = 4  # of a chunk of outputs or gradients, while it is turned into losses or lengths
MAX_NUMBERS = 20_000_000  # of histories and snapshots: 160 MB
WEIGHTS, ORDER, MASKS = 0, 1, 2  # what a run draws: each from a stream of its own


@dataclass(frozen=True)
class TrainingConfig:
    """How networks are trained; hashable.

    Args:
        sizes, activations, batch_norm, dropout: as in Architecture.
        loss: what is differentiated, and written down unless there is a `reported` one.
        reported: the loss written down (and watched by early stopping) where it differs, such as the mean squared error
            that the lecture notes print while their updates follow half the summed one; None: `loss`.
        optimizer: a rule of engine.optimizers with its hyperparameters.
        learning_rates: one a run, at least 0; () takes the optimizer's for all.
        schedule: of the learning rate; its steps are updates.
        epochs: 0 to 100,000.
        batch_size: 1 (single samples) to 20,000; None for all samples at once. The last batch may be smaller.
        initializer: of all weights, or a tuple with one a run. bias_initializer: None for biases of 0.
        l1, l2: penalties on the weights, 0 to 1000; see engine.regularization.
        clip_norm: longest gradient, above 0; None for any length.
        patience: epochs without a lower test loss after which a run stops and goes back to its best; None: never.
        standardize: features brought to mean 0 and standard deviation 1, as measured on the training samples.
        snapshots: epochs after which the parameters are kept, increasing, at most 200; 0 is the start.
        seeds: one number for one run; a tuple for a stack of runs, 200 at most.
    Raises: InputError: a value out of its range, tuples that do not fit each other, a loss and an output activation
        that do not fit.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    loss: Loss = field(default_factory=SquaredError)
    optimizer: Optimizer = field(default_factory=lambda: SGD(learning_rate=0.1))
    learning_rates: tuple[float, ...] = ()
    schedule: Schedule = field(default_factory=Constant)
    epochs: int = 100
    batch_size: int | None = None
    initializer: Initializer | tuple[Initializer, ...] = NAMED["xavier_uniform"]
    bias_initializer: Initializer | None = None
    batch_norm: BatchNorm | None = None
    dropout: Dropout | tuple[Dropout | None, ...] | None = None
    l1: float = 0.0
    l2: float = 0.0
    clip_norm: float | None = None
    patience: int | None = None
    standardize: bool = False
    snapshots: tuple[int, ...] = ()
    seeds: int | tuple[int, ...] = 0
    reported: Loss | None = None

    def __post_init__(self):
        self._check_kinds()
        errors.whole("epochs", self.epochs, 0, MAX_EPOCHS)
        errors.number("l1", self.l1, 0.0, 1000.0)
        errors.number("l2", self.l2, 0.0, 1000.0)
        if self.batch_size is not None:
            errors.whole("batch_size", self.batch_size, 1, MAX_SAMPLES)
        if self.clip_norm is not None:
            errors.number("clip_norm", self.clip_norm, 0.0, open_low=True)
        if self.patience is not None:
            errors.whole("patience", self.patience, 1, MAX_EPOCHS)
        self._check_runs()
        self._check_snapshots()
        for loss in (self.loss, self.reported_loss):
            check_output(loss, self.activations[-1])

    def _check_kinds(self) -> None:
        self.architecture  # noqa: B018 it checks sizes, activations and steps
        kinds = (("loss", Loss), ("reported_loss", Loss), ("optimizer", Optimizer), ("schedule", Schedule))
        for name, kind in kinds:
            if not isinstance(getattr(self, name), kind):
                raise errors.InputError("unknown_name", name, getattr(self, name), kind.__name__)
        for scheme in self.initializers:
            if not isinstance(scheme, Initializer):
                raise errors.InputError("unknown_name", "initializer", scheme, "Initializer")

    def _check_runs(self) -> None:
        errors.whole("number of runs", self.runs, 1, MAX_RUNS)
        for seed in self.run_seeds:
            errors.whole("seed", seed, 0, MAX_SEED)
        if self.learning_rates:
            rates = errors.shape("learning_rates", errors.finite("learning_rates", self.learning_rates), (self.runs,))
            errors.number("learning_rate", rates.min(), 0.0)
        if isinstance(self.initializer, tuple):
            errors.shape("initializer", np.empty(len(self.initializer)), (self.runs,))

    def _check_snapshots(self) -> None:
        errors.whole("number of snapshots", len(self.snapshots), 0, MAX_FRAMES)
        for epoch, after in zip((-1, *self.snapshots), self.snapshots, strict=False):
            errors.whole("snapshots", after, epoch + 1, self.epochs)

    @cached_property
    def architecture(self) -> Architecture:
        return Architecture(self.sizes, self.activations, self.batch_norm, self.dropout)

    @property
    def reported_loss(self) -> Loss:
        """The loss that is written down."""
        return self.reported or self.loss

    @property
    def run_seeds(self) -> tuple[int, ...]:
        """The seed of each run."""
        return self.seeds if isinstance(self.seeds, tuple) else (self.seeds,)

    @property
    def runs(self) -> int:
        return len(self.run_seeds)

    @property
    def lead(self) -> tuple[int, ...]:
        """The axes that results have in front: (runs,) for a tuple of seeds, () for one number."""
        return (self.runs,) if isinstance(self.seeds, tuple) else ()

    @property
    def initializers(self) -> tuple[Initializer, ...]:
        """The initializer of each run."""
        return self.initializer if isinstance(self.initializer, tuple) else (self.initializer,) * self.runs

    def generators(self, purpose: int) -> list[np.random.Generator]:
        """Each run's source of WEIGHTS, of the ORDER of examples, or of dropout MASKS.

        Three streams, so that switching on dropout changes neither the first weights nor the order.
        """
        return [np.random.default_rng([seed, purpose]) for seed in self.run_seeds]

    def start(self) -> np.ndarray:
        """The first parameters, (runs, n_parameters): weights drawn layer by layer, biases 0 or drawn after W."""
        of, rows = self.architecture, []
        for scheme, rng in zip(self.initializers, self.generators(WEIGHTS), strict=True):
            weights, biases = [], []
            for fan_in, fan_out in of.fans:
                weights.append(scheme.draw(rng, fan_in, fan_out))
                drawn = self.bias_initializer and self.bias_initializer.draw(rng, fan_in, fan_out)[0]
                biases.append(np.zeros(fan_out) if drawn is None else drawn)
            rows.append(of.pack(weights, biases))
        return np.stack(rows)

    def seconds(self, n_samples: int, n_test: int = 0) -> float:
        """About how long a training takes on a modest machine."""
        return training_time.seconds(
            self.architecture,
            self.loss,
            self.optimizer,
            epochs=self.epochs,
            batches=len(batch_sizes(n_samples, self.batch_size)),
            samples=n_samples,
            test=n_test,
            runs=self.runs,
            regularizers=bool(self.l1) + bool(self.l2) + (self.clip_norm is not None),
        )

    def cost(self, n_samples: int, n_test: int = 0) -> Cost:
        """What a training of all runs takes: its time, and the memory of history, snapshots and buffers."""
        per_run = 6 * self.architecture.n_parameters + 6 * (2 * n_samples + n_test) * sum(self.sizes)
        operations = self.seconds(n_samples, n_test) * OPERATIONS_PER_SECOND
        collected = max(n_samples, n_test) * self.sizes[-1], self.architecture.n_parameters  # of an epoch and run
        chunks = sum(min(CHUNK * self.runs * size, self.epochs * self.runs * size, MAX_KEPT) for size in collected)
        return of_numbers(operations, self._kept + self.runs * per_run + COPIES * chunks)

    @property
    def _kept(self) -> int:
        """Numbers in history and snapshots."""
        of = self.architecture
        return self.runs * (self.epochs * (4 + of.n_layers) + len(self.snapshots) * of.n_parameters)

    def check_work(self, n_samples: int, n_test: int = 0) -> None:
        """Refuse what would take too long or too much memory, so that no link can ask for an hour.

        Raises: InputError: out_of_range, naming the value.
        """
        errors.number("seconds of training", round(self.seconds(n_samples, n_test), 1), 0.0, MAX_SECONDS)
        errors.whole("numbers in history and snapshots", self._kept, 0, MAX_NUMBERS)


def evenly(epochs: int, frames: int) -> tuple[int, ...]:
    """At most `frames` epochs from 0 to `epochs`, the same distance apart as far as whole numbers can be.

    Args:    epochs: 0 to 100,000. frames: 2 to 200.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    epochs, frames = errors.whole("epochs", epochs, 0, MAX_EPOCHS), errors.whole("frames", frames, 2, MAX_FRAMES)
    return tuple(np.unique(np.linspace(0, epochs, frames).round().astype(int)).tolist())
