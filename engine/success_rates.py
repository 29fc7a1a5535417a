"""Note 004's experiment: how often a small network learns XOR, by how its weights were drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from engine.activations import Sigmoid
from engine.arrays import seal
from engine.cost import OPERATIONS_PER_SECOND, Cost, of_numbers
from engine.datasets import gate_samples
from engine.errors import number, one_of, whole
from engine.history import MAX_KEPT
from engine.initializers import NAMED
from engine.losses import CrossEntropy
from engine.momentum import SGD
from engine.proportions import Interval, newcombe, wilson
from engine.trainer import train
from engine.training_config import COPIES, MAX_EPOCHS, MAX_RUNS, TrainingConfig
from engine.weight_schemes import Constant, Initializer, Normal

# Note 004's own counts of successes in 100 runs; its learning rate, epochs and biases are not given.
NOTE_COUNTS = {"normal": 84, "uniform": 74, "default": 71}
NOTE_RUNS = 100
NOTE_SCHEMES = {  # what the note probably means by its three words
    "normal": "xavier_normal",
    "uniform": "xavier_uniform",
    "default": "pytorch_linear",
}

SCHEMES: Mapping[str, Initializer] = MappingProxyType(
    {code: NAMED[code] for code in ("xavier_normal", "xavier_uniform", "pytorch_linear", "he_normal", "he_uniform")}
    | {"standard_normal": Normal(1.0), "small_normal": Normal(0.1), "zeros": Constant(0.0)}
)
BIASES: Mapping[str, Initializer | None] = MappingProxyType({"zero": None, "pytorch": NAMED["pytorch_linear"]})

LEAST_RUNS, MOST_RUNS = 10, 1000  # of a scheme
MOST_COUNTED = 10_000
MOST_HIDDEN, MOST_RATE, MOST_EPOCHS = 20, 100.0, 10_000

# Where runs come to rest, by the mean cross-entropy of the four samples: all right; two right and two at 1/2; one right
# and three that share 1/3 or 2/3; all at 1/2.
ENDS: Mapping[str, float] = MappingProxyType(
    {
        "solved": 0.0,
        "two_half": 0.5 * math.log(2),
        "three_thirds": 0.75 * (math.log(3) - 2 / 3 * math.log(2)),
        "plateau": math.log(2),
    }
)
OTHER = "other"
KEPT = 0.01  # megabytes of a result, whatever it takes to make it
CHUNK = 500  # epochs whose losses are held at a time
NEAR = 0.02  # so near to a value of ENDS a run that is not solved counts as lying there


@dataclass(frozen=True, eq=False)
class SuccessRate:
    """How many of a scheme's runs succeeded; read-only.

    succeeded: which, (runs,). losses: the mean cross-entropy of the four samples at the end, (runs,), infinite where a
    run has diverged; empty where nobody has asked.
    """

    succeeded: np.ndarray
    losses: np.ndarray = field(default_factory=lambda: seal(np.empty(0)))

    @property
    def count(self) -> int:
        return int(self.succeeded.sum())

    @property
    def runs(self) -> int:
        return len(self.succeeded)

    @property
    def n_diverged(self) -> int:
        return int(np.isinf(self.losses).sum())

    @property
    def ends(self) -> dict[str, int]:
        """How many runs ended where: codes of ENDS, and OTHER for those that are elsewhere or still on their way."""
        found = {"solved": self.count}
        failed = self.losses[~self.succeeded]
        for code, loss in list(ENDS.items())[1:]:
            found[code] = int((np.abs(failed - loss) <= NEAR).sum())
        return found | {OTHER: self.runs - sum(found.values())}

    def interval(self, confidence: float = 0.95) -> Interval:
        """Wilson's interval of the share of successes."""
        return wilson(self.count, self.runs, confidence)

    def difference(self, other: "SuccessRate", confidence: float = 0.95) -> Interval:
        """Newcombe's interval of this share minus the other's."""
        return newcombe((self.count, other.count), (self.runs, other.runs), confidence)


@dataclass(frozen=True)
class Setting:
    """What all schemes of a comparison share.

    Args:
        hidden: units, 1 to 20. learning_rate: above 0, at most 100. epochs: 1 to 10,000.
        biases: "zero", or "pytorch" for U(+-1 / sqrt(fan_in)), which nn.Linear draws whatever the weights are.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """

    hidden: int = 2
    learning_rate: float = 1.0
    epochs: int = 500
    biases: str = "zero"

    def __post_init__(self):
        whole("hidden", self.hidden, 1, MOST_HIDDEN)
        number("learning_rate", self.learning_rate, 0.0, MOST_RATE, open_low=True)
        whole("epochs", self.epochs, 1, MOST_EPOCHS)
        one_of("biases", self.biases, BIASES)


@dataclass(frozen=True)
class Block:
    """Some runs of one scheme that are trained side by side.

    Args: scheme: code of SCHEMES. first, runs: which of its 1,000 starts; at most 200 at a time.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """

    scheme: str
    first: int
    runs: int
    setting: Setting

    def __post_init__(self):
        one_of("scheme", self.scheme, SCHEMES)
        whole("runs", self.runs, 1, MAX_RUNS)
        whole("first", self.first, 0, MOST_RUNS - self.runs)

    @property
    def seeds(self) -> tuple[int, ...]:
        return seeds(self.scheme, self.first, self.runs)

    @property
    def cost(self) -> Cost:
        """Some 80 us an epoch and 1.4 a run, more with many hidden units; a chunk of epochs is held."""
        setting = self.setting
        seconds = 1e-6 * setting.epochs * (80 + self.runs * (1.2 + 0.1 * setting.hidden))
        epochs = self.runs * min(setting.epochs, CHUNK)
        held = 20 * epochs + min(5 * setting.hidden * epochs, COPIES * MAX_KEPT)
        return of_numbers(seconds * OPERATIONS_PER_SECOND, held).keeping(KEPT)


def seeds(scheme: str, first: int = 0, runs: int = NOTE_RUNS) -> tuple[int, ...]:
    """The seeds of a scheme's runs: no two schemes share one, since shares are compared as independent ones."""
    start = MOST_RUNS * list(SCHEMES).index(one_of("scheme", scheme, SCHEMES)) + first
    return tuple(range(start, start + runs))


def blocks(scheme: str, runs: int, setting: Setting) -> tuple[Block, ...]:
    """A scheme's first `runs` starts, 200 at a time, so that more runs cost only what is new.

    Args:   runs: 10 to 1,000.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """
    whole("runs", runs, LEAST_RUNS, MOST_RUNS)
    firsts = range(0, runs, MAX_RUNS)
    return tuple(Block(scheme, first, min(MAX_RUNS, runs - first), setting) for first in firsts)


def run(block: Block) -> SuccessRate:
    """Train the runs of a block."""
    setting = block.setting
    return xor_successes(
        SCHEMES[block.scheme],
        block.seeds,
        bias_initializer=BIASES[setting.biases],
        hidden=setting.hidden,
        learning_rate=setting.learning_rate,
        epochs=setting.epochs,
    )


def of_counts(successes: int, runs: int) -> SuccessRate:
    """A share of which nothing but the count is known.

    Args:   successes: 0 to runs. runs: 1 to 10,000.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    runs = whole("runs", runs, 1, MOST_COUNTED)
    return SuccessRate(seal(np.arange(runs) < whole("successes", successes, 0, runs)))


def together(parts: Sequence[SuccessRate]) -> SuccessRate:
    """The runs of several blocks as one share."""
    return SuccessRate(*(seal(np.concatenate([getattr(part, name) for part in parts])) for name in _ARRAYS))


_ARRAYS = ("succeeded", "losses")


def xor_successes(
    initializer: Initializer,
    seeds: Sequence[int] = tuple(range(100)),
    *,
    bias_initializer: Initializer | None = None,
    hidden: int = 2,
    learning_rate: float = 0.5,
    epochs: int = 2000,
) -> SuccessRate:
    """Train 2-hidden-1 sigmoid networks on XOR side by side; a run succeeds when all four answers are right.

    Args:
        initializer, bias_initializer: as in TrainingConfig.
        seeds: one a run, 1 to 200; schemes that are compared need seeds of their own, or their runs are no
            independent trials.
        hidden: units, 1 to 100. learning_rate: at least 0. epochs: 0 to 100,000.
    Raises: InputError: as TrainingConfig and `train`.
    Convention: cross-entropy, summed over the four samples as in the note, not averaged.
    Source: lecture note 004.
    """
    whole("hidden", hidden, 1, 100)
    whole("number of seeds", len(seeds), 1, MAX_RUNS)
    config = TrainingConfig(
        sizes=(2, hidden, 1),
        activations=(Sigmoid(), Sigmoid()),
        loss=CrossEntropy("sum"),
        optimizer=SGD(learning_rate=learning_rate),
        initializer=initializer,
        bias_initializer=bias_initializer,
        seeds=tuple(seeds),
    )
    return _trained(config, whole("epochs", epochs, 0, MAX_EPOCHS))


def _trained(config: TrainingConfig, epochs: int) -> SuccessRate:
    """Train in chunks: SGD has no memory, so it makes no difference to the numbers, and bounds what is held."""
    parameters, diverged = config.start(), np.zeros(config.runs, dtype=bool)
    for done in range(0, max(epochs, 1), CHUNK):
        chunk = replace(config, epochs=min(CHUNK, epochs - done))
        history = train(chunk, gate_samples("xor"), start=parameters)
        diverged |= ~np.isfinite(history.train_loss).all(axis=1)
        parameters = np.where(diverged[:, None], 0.0, history.parameters)  # what is lost goes on in silence
    losses = np.where(diverged, np.inf, history.train_loss[:, -1] / 4)
    return SuccessRate(seal((history.train_score[:, -1] == 1.0) & ~diverged), seal(losses))
