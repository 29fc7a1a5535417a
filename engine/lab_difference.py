"""What differs in the settings of two runs of the lab, and what is the same: samples, first parameters, the loss."""

import inspect
from dataclasses import dataclass, fields, replace

import numpy as np

from engine import errors
from engine.batches import batch_sizes
from engine.datasets import DATASETS
from engine.lab import OWN, LabConfig, LabData
from engine.lab_effective import batch_size, draws_start, plainest, same_schedule, told_as

GIVEN = "given"  # a start that is not drawn
IDENTICAL, DENSE, ARCHITECTURE, DRAWN, SEED = "identical", "dense", "architecture", "initializer", "seed"


@dataclass(frozen=True)
class Difference:
    """One setting that differs: its stable code, such as "learning_rate", and both values."""

    code: str
    first: object
    second: object


def differences(first: LabConfig, second: LabConfig) -> tuple[Difference, ...]:
    """Every setting in which two configurations differ, and which has an effect.

    Codes: fields of LabData and TrainingConfig; "optimizer.beta1" for a setting of an object that is of one kind in
        both; "hidden" for the hidden units, "hidden_activations", "output_activation"; "seed" for that of the training,
        "data_seed" for that of the samples, "both_seeds" where they change together; "start" for a start that is given,
        not drawn.
    Convention: what follows from something else is not told twice: the inputs and outputs of the network follow from
        the data, the settings of another optimizer from that optimizer, its learning rate alone being a choice of
        its own.
    """
    found = [*_of_data(first.data, second.data), *_of_network(first, second), *_of_training(first, second)]
    return tuple(_joined_seeds(found))


def _of_data(first: LabData, second: LabData) -> list[Difference]:
    ours, theirs = _effective(first), _effective(second)
    found = [
        Difference("data_seed" if field.name == "seed" else field.name, ours[field.name], theirs[field.name])
        for field in fields(LabData)
        if field.name in ours and field.name in theirs and ours[field.name] != theirs[field.name]
    ]
    only_the_seed = [one.code for one in found] == ["data_seed"]
    return [] if only_the_seed and _same_planes(first, second) else found


def _effective(data: LabData) -> dict[str, object]:
    """The fields of LabData that do something for this source."""
    used = {"source": data.source, "test_share": data.test_share, "features": data.features}
    if data.source == OWN:
        own = {name: getattr(data, name) for name in ("own", "task", "classes")}
        return used | own | {"seed": data.seed}
    taken = inspect.signature(DATASETS[data.source]).parameters
    return used | {name: getattr(data, name) for name in ("n_samples", "noise", "seed", "n_classes") if name in taken}


def _of_network(first: LabConfig, second: LabConfig) -> list[Difference]:
    one, other = first.training, second.training
    pairs = {
        "hidden": (one.sizes[1:-1], other.sizes[1:-1]),
        "hidden_activations": _hidden_activations(first, second),
        "output_activation": (one.activations[-1], other.activations[-1]),
    }
    found = [Difference(code, *pair) for code, pair in pairs.items() if pair[0] != pair[1]]
    found += _of_objects("batch_norm", one.batch_norm, other.batch_norm)
    return found + _of_objects("dropout", *told_as(one.dropout, other.dropout))


def _hidden_activations(first: LabConfig, second: LabConfig) -> tuple:
    """Those of both, layer by layer; in one word where all layers have the same."""
    one, other = first.training.activations[:-1], second.training.activations[:-1]
    if not one or not other:
        return (), ()
    if len(set(one)) == len(set(other)) == 1:
        return one[:1], other[:1]
    return one, other


def _of_training(first: LabConfig, second: LabConfig) -> list[Difference]:
    one, other = first.training, second.training
    found = _of_objects("loss", one.loss, other.loss)
    if not found:
        found = [
            Difference("reported", *pair) for pair in [(one.reported_loss, other.reported_loss)] if pair[0] != pair[1]
        ]
    found += _of_objects("optimizer", *told_as(one.optimizer, other.optimizer))
    if not same_schedule(first, second):
        found += _of_objects("schedule", one.schedule, other.schedule)
    found += _of_start(first, second)
    plain = ["epochs", "batch_size", "l1", "l2", "clip_norm", "patience", "standardize"]
    if batch_size(first) == batch_size(second):
        plain.remove("batch_size")
    return found + [Difference(n, *pair) for n in plain if (pair := (getattr(one, n), getattr(other, n)))[0] != pair[1]]


def _of_objects(name: str, one, other) -> list[Difference]:
    """Two objects: of another kind, or of one kind with other settings."""
    if one == other:
        return []
    if type(one) is not type(other) or not hasattr(one, "__dataclass_fields__"):
        rates = [getattr(rule, "learning_rate", None) for rule in (one, other)]
        return [Difference(name, one, other), *([Difference("learning_rate", *rates)] if rates[0] != rates[1] else [])]
    pairs = {field.name: (getattr(one, field.name), getattr(other, field.name)) for field in fields(one)}
    return [
        Difference("learning_rate" if setting == "learning_rate" else f"{name}.{setting}", *pair)
        for setting, pair in pairs.items()
        if pair[0] != pair[1]
    ]


def _of_start(first: LabConfig, second: LabConfig) -> list[Difference]:
    """How the first parameters come about, as far as the shape of the network does not decide it."""
    one, other = first.training, second.training
    if first.start and second.start:
        alike = first.start == second.start or one.sizes != other.sizes
        return _seed(first, second) + ([] if alike else [Difference("start", GIVEN, GIVEN)])
    if first.start or second.start:
        told = [GIVEN if config.start else config.training.seeds for config in (first, second)]
        return [] if one.sizes != other.sizes else [Difference("start", *told)]
    found = _of_objects("initializer", one.initializer, other.initializer)
    found += _of_objects("bias_initializer", *told_as(one.bias_initializer, other.bias_initializer))
    return found + _seed(first, second)


def _seed(first: LabConfig, second: LabConfig) -> list[Difference]:
    """The seed of start and order, where it does something."""
    one, other = first.training, second.training
    drawn = draws_start(first) or draws_start(second)
    masked = plainest(one.dropout) or plainest(other.dropout)
    uses = drawn or masked or max(n_batches(first), n_batches(second)) > 1
    return [Difference("seed", one.seeds, other.seeds)] if uses and one.seeds != other.seeds else []


def _joined_seeds(found: list[Difference]) -> list[Difference]:
    """Where one number is the seed of samples and training alike, changing it is one change."""
    seeds = {one.code: one for one in found if one.code in ("seed", "data_seed")}
    values = {(one.first, one.second) for one in seeds.values()}
    if len(seeds) < 2 or len(values) > 1:
        return found
    rest = [one for one in found if one.code not in seeds]
    return [*rest, replace(seeds["seed"], code="both_seeds")]


# the start -----------------------------------------------------------------------------------------------------


def start_alike(first: LabConfig, second: LabConfig) -> str:
    """Whether two runs have the same first parameters, to the last bit, or why not.

    Returns: IDENTICAL; DENSE: the same weights and biases, beside which one run has those of batch normalization;
        ARCHITECTURE, GIVEN (one starts from given parameters, or both from others), DRAWN (another initializer), SEED.
    """
    one, other = first.training, second.training
    if one.sizes != other.sizes:
        return ARCHITECTURE
    ours, theirs = first.first, second.first
    n_dense = one.architecture.n_dense
    if np.array_equal(ours[:, :n_dense], theirs[:, :n_dense]):
        return IDENTICAL if ours.shape == theirs.shape else DENSE
    if first.start or second.start:
        return GIVEN
    schemes = [(config.initializer, config.bias_initializer) for config in (one, other)]
    return DRAWN if schemes[0] != schemes[1] else SEED


def same_samples(first: LabConfig, second: LabConfig) -> bool:
    """Whether both learn from the same points and are tested on the same."""
    return _same_planes(first.data, second.data)


def _same_planes(first: LabData, second: LabData) -> bool:
    return all(_same_points(*pair) for pair in zip(first.planes, second.planes, strict=True))


def _same_points(one, other) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one.X, other.X) and np.array_equal(one.y, other.y)


def same_order(first: LabConfig, second: LabConfig) -> bool:
    """Whether the samples come in the same batches in every epoch."""
    sizes = [batch_sizes(len(config.data.planes[0]), config.training.batch_size) for config in (first, second)]
    return sizes[0] == sizes[1] and (len(sizes[0]) == 1 or first.training.seeds == second.training.seeds)


def comparable(first: LabConfig, second: LabConfig) -> bool:
    """Whether the losses of both measure the same: one formula, and targets written in the same two numbers."""
    same_loss = first.training.reported_loss == second.training.reported_loss
    same_task = first.data.plane.task == second.data.plane.task
    coded = first.data.plane.n_classes == 2  # else the coding has no part in the targets
    return same_loss and same_task and (first.coding == second.coding or not coded)


def with_seed(config: LabConfig, seed: int) -> LabConfig:
    """The same training of the same samples with another seed of start, order and masks; a given start is dropped."""
    return replace(config, training=replace(config.training, seeds=seed), start=())


def n_batches(config: LabConfig) -> int:
    """Updates in an epoch."""
    return len(batch_sizes(len(config.data.planes[0]), config.training.batch_size))


def n_updates(config: LabConfig, epochs: int) -> int:
    """How many updates so many epochs are."""
    return n_batches(config) * errors.whole("epochs", epochs, 0, 10**6)
