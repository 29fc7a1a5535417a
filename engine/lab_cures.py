"""What can be changed about a training that went wrong: one setting at a time, so that the effect has one cause."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.activations import activation
from engine.errors import InputError, whole
from engine.history import TrainingHistory
from engine.initializers import initializer
from engine.lab import LabConfig
from engine.layers import BatchNorm
from engine.losses import CrossEntropyWithLogits, check_output
from engine.training_config import MAX_EPOCHS, evenly

SMALLER, LARGER, MORE, LONGEST, PATIENCE, PENALTY, WIDTH = 30.0, 1_000.0, 4, 1.0, 10, 0.01, 4
FRAMES = 60
SQUASHING = ("sigmoid", "tanh")


def _trained(config: LabConfig, *, fresh: bool = False, **changes) -> LabConfig:
    """The config with another training; fresh: with a start that is drawn, since the given one would not fit."""
    start = () if fresh else config.start
    return replace(config, training=replace(config.training, **changes), start=start)


def _rate(config: LabConfig, factor: float) -> LabConfig:
    rule = config.training.optimizer
    return _trained(config, optimizer=replace(rule, learning_rate=float(rule.learning_rate) * factor))


def _hidden(config: LabConfig, name: str, scheme: str) -> LabConfig:
    training = config.training
    kinds = (*(activation(name),) * (len(training.sizes) - 2), training.activations[-1])
    return _trained(config, fresh=True, activations=kinds, initializer=initializer(scheme), bias_initializer=None)


def _layer(config: LabConfig) -> LabConfig:
    """One hidden tanh layer more, before the output."""
    sizes, kinds = config.training.sizes, config.training.activations
    return _trained(
        config,
        fresh=True,
        sizes=(*sizes[:-1], WIDTH, sizes[-1]),
        activations=(*kinds[:-1], activation("tanh"), kinds[-1]),
        initializer=initializer("xavier_uniform"),
        bias_initializer=None,
    )


def _drawn(config: LabConfig, scheme: str) -> LabConfig:
    return _trained(config, fresh=True, initializer=initializer(scheme), bias_initializer=None)


def _logits(config: LabConfig) -> LabConfig:
    """The same network with its output's sigmoid inside the loss."""
    training = config.training
    if training.activations[-1].name not in SQUASHING or training.loss.takes_logits:
        raise InputError("loss_activation", training.loss.name, training.activations[-1].name, "sigmoid")
    kinds = (*training.activations[:-1], activation("linear"))
    return _trained(config, activations=kinds, loss=CrossEntropyWithLogits(), reported=None)


def _epochs(config: LabConfig) -> LabConfig:
    epochs = min(config.training.epochs * MORE, MAX_EPOCHS)
    return _trained(config, epochs=epochs, snapshots=evenly(epochs, FRAMES))


def _unpenalized(config: LabConfig) -> LabConfig:
    rule = config.training.optimizer
    if getattr(rule, "weight_decay", 0.0):
        rule = replace(rule, weight_decay=0.0)
    return _trained(config, l1=0.0, l2=0.0, optimizer=rule)


def _normalized(config: LabConfig) -> LabConfig:
    return _trained(config, fresh=True, batch_norm=BatchNorm())


CURES: Mapping[str, Callable[[LabConfig], LabConfig]] = MappingProxyType(
    {
        "smaller_rate": lambda config: _rate(config, 1 / SMALLER),
        "larger_rate": lambda config: _rate(config, LARGER),
        "clip": lambda config: _trained(config, clip_norm=LONGEST),
        "he": lambda config: _drawn(config, "he_normal"),
        "xavier": lambda config: _drawn(config, "xavier_uniform"),
        "layer": _layer,
        "relu": lambda config: _hidden(config, "relu", "he_normal"),
        "leaky": lambda config: _hidden(config, "leaky_relu", "he_normal"),
        "tanh": lambda config: _hidden(config, "tanh", "xavier_uniform"),
        "norm": _normalized,
        "logits": _logits,
        "epochs": _epochs,
        "stop": lambda config: _trained(config, patience=PATIENCE),
        "l2": lambda config: _trained(config, l2=PENALTY),
        "no_penalty": _unpenalized,
        "no_dropout": lambda config: _trained(config, dropout=None),
        "no_clip": lambda config: _trained(config, clip_norm=None),
    }
)
FOR: Mapping[str, tuple[str, ...]] = MappingProxyType(  # finding -> cures, the likeliest first
    {
        "log_of_zero": ("smaller_rate", "logits"),
        "depth": ("he", "smaller_rate", "norm"),
        "step_too_large": ("smaller_rate", "clip"),
        "large_rate": ("smaller_rate",),
        "growing": ("smaller_rate", "clip"),
        "diverged": ("smaller_rate", "clip"),
        "diverging": ("smaller_rate", "clip"),
        "worse": ("smaller_rate", "clip"),
        "memorized": ("l2", "stop"),
        "overfitting": ("stop", "l2"),
        "linear": ("layer",),
        "linear_guess": ("layer",),
        "symmetric": ("xavier",),
        "penalty": ("no_penalty",),
        "dropout": ("no_dropout",),
        "dead": ("he", "leaky"),
        "died": ("smaller_rate",),  # at the same rate other units die, or run away
        "saturated": ("xavier",),
        "driven": ("smaller_rate", "xavier"),
        "saturated_output": ("logits", "xavier"),
        "vanishing": ("relu", "tanh", "norm"),
        "clipped": ("no_clip",),
        "small_rate": ("larger_rate", "epochs"),
        "slow": ("epochs", "larger_rate"),
        "sure_but_wrong": ("xavier", "logits"),
        "short": ("epochs",),
        "stuck": ("layer", "larger_rate", "epochs"),
        "oscillating": ("smaller_rate",),
        "still_falling": ("epochs",),
        "limit": ("layer",),
        "levelled": ("layer", "smaller_rate", "larger_rate"),
        "at_rest": ("layer", "epochs"),
    }
)
JUDGED_BY_TEST = ("overfitting", "memorized")
MOST = 4


def cured(config: LabConfig, code: str) -> LabConfig:
    """The config with one thing changed.

    Args:    code: a key of CURES.
    Raises:  InputError: a change that this config cannot have, such as early stopping without test samples, or
             batch normalization where a batch holds a single sample.
    """
    if code == "stop" and not config.data.test_share:
        raise InputError("unknown_name", "test", None, "Dataset")
    changed = CURES[code](config)
    check_output(changed.training.loss, changed.training.activations[-1])
    changed.cost  # noqa: B018 it makes the samples, as the training will
    if changed.training.batch_norm is not None:
        whole("samples in a batch with batch normalization", _smallest_batch(changed), 2, 10**9)
    return changed


def _smallest_batch(config: LabConfig) -> int:
    """The samples in the last batch of an epoch."""
    n = len(config.parts[0])
    size = min(config.training.batch_size or n, n)
    return n % size or size


def cures(config: LabConfig, findings: Iterable[str]) -> tuple[str, ...]:
    """Which changes may help against these findings: those that this config can have, at most MOST."""
    offered = dict.fromkeys(code for finding in findings for code in FOR.get(finding, ()))
    return tuple(code for code in offered if _possible(config, code))[:MOST]


def _possible(config: LabConfig, code: str) -> bool:
    try:
        return cured(config, code) != config
    except InputError:
        return False


def test_losses(outcome: str, before: TrainingHistory, after: TrainingHistory) -> tuple[float, float] | None:
    """By which a change is judged that is to help with other samples: the test losses before and after it.

    Args:    outcome: of the run before. before, after: of the run as it is, and of the changed one.
    Returns: None where the training itself is judged, or where there are no test losses.
    Convention: at the end; of the best epoch, where early stopping has gone back to it.
    """
    if outcome not in JUDGED_BY_TEST or before.test_loss is None or after.test_loss is None:
        return None
    ends = (int(run.best_epoch) if run.stopped_at >= 0 else -1 for run in (before, after))
    first, second = (float(run.test_loss[end]) for run, end in zip((before, after), ends, strict=True))
    return first, second
