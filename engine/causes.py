"""Why a run has not learned: one rule a cause, each on the layers as they are, or on the way the loss went."""

from collections.abc import Iterable

import numpy as np

from engine.errors import InputError
from engine.findings import RULES, Finding, Seen
from engine.layer_health import cuts_off
from engine.separability import separability

MAX_POINTS = 30  # for a proof that no line parts the classes
NONE = ("learned", "memorized", "overfitting", "stopped", "stopped_at_chance")
NOT_TRAINED = ("nothing_to_learn", "untrained", "unmoved")
# A layer may go flat because the network has learned: only where these say otherwise does it need a reason.
FAILED = ("diverging", "worse", "stuck", "oscillating", "sure_but_wrong")


def causes(seen: Seen, outcome: str) -> list[Finding]:
    """What may hold a run back that has not learned; nothing is looked for in one that has."""
    if outcome in (*NONE, *NOT_TRAINED):
        return []
    if outcome == "limit":
        return list(_held(seen))
    found = [*_large_rate(seen, outcome), *_linear(seen, outcome), *_symmetric(seen), *_held(seen)]
    if outcome != "still_falling":  # gradients get through there
        found += [*_dead(seen, outcome, found), *_saturated(seen, outcome), *_saturated_output(seen)]
    if outcome in ("stuck", "levelled", "short", "sure_but_wrong"):
        found += _vanishing(seen)
    if not found and outcome in ("stuck", "levelled", "still_falling"):
        found += list(_small_rate(seen)) or list(_slow(seen, outcome))
    return found


def _large_rate(seen: Seen, outcome: str) -> Iterable[Finding]:
    """The loss ended above its start, or rose far above it in between."""
    peak = int(np.argmax(seen.losses))
    highest, level = float(seen.losses[peak]), max(seen.start, seen.constant)
    if outcome in ("diverging", "worse") or highest >= RULES["risen_loss"] * level:
        yield Finding("large_rate", {"rate": seen.rate, "peak": highest, "epoch": peak, "start": seen.start})


def _linear(seen: Seen, outcome: str) -> Iterable[Finding]:
    """No hidden layer that bends, and classes that no line parts: proved for up to 30 different points. Or the answers
    of the nearest other samples, which may bend, are better. Noise alone, over which no line wins, is no cause."""
    hidden = seen.config.training.activations[:-1]
    if any(f.name != "linear" for f in hidden) or seen.as_neighbours:
        return
    if _parted(seen) is False:
        yield Finding("linear", {"hidden": len(hidden)})
    elif seen.yard is not None and outcome in ("stuck", "levelled"):
        yield Finding("linear_guess", {"hidden": len(hidden), "yard": seen.yard, "k": RULES["neighbours"]})


def _parted(seen: Seen) -> bool | None:
    """Whether a line parts two classes; None where there is no proof."""
    samples = seen.config.parts[0]
    if samples.n_classes != 2:
        return None
    points = np.unique(np.column_stack([samples.X, samples.y]), axis=0)
    if len(points) > MAX_POINTS:
        return None
    try:
        return separability(points[:, :-1], points[:, -1]).separable
    except InputError:  # too many subsets for a proof
        return None


def _symmetric(seen: Seen) -> Iterable[Finding]:
    """A hidden layer whose units have all the same weights and biases: they count as one, and stay so."""
    for layer, (units, distinct) in enumerate(zip(seen.layers.units[:-1], seen.layers.distinct[:-1], strict=True)):
        if units > 1 and distinct == 1:
            yield Finding("symmetric", {"layer": layer + 1, "units": int(units)})
            return


def _held(seen: Seen) -> Iterable[Finding]:
    """What keeps the training loss up on purpose: a penalty on the weights, and dropout."""
    training, shrunk, penalty = seen.config.training, seen.layers.shrunk, seen.layers.penalty
    decays = training.l1 or training.l2 or getattr(training.optimizer, "weight_decay", 0.0)
    if decays and (penalty >= RULES["penalty"] * seen.loss or shrunk <= RULES["shrunk"]):
        yield Finding("penalty", {"penalty": penalty, "loss": seen.loss, "shrunk": shrunk})
    if training.dropout and training.dropout.drop_rate >= RULES["dropout"]:
        yield Finding("dropout", {"share": training.dropout.drop_rate})


def _dead(seen: Seen, outcome: str, found: list[Finding]) -> Iterable[Finding]:
    """In a hidden layer half of the units or more have slope 0 for every sample: from the start, or since."""
    layers = seen.layers
    shares = layers.dead / layers.units
    worst = _worst(shares, [cuts_off(f) for f in seen.config.training.activations[:-1]])
    if worst is None or shares[worst] < RULES["dead_share"]:
        return
    units, first = int(layers.units[worst]), int(layers.first_dead[worst])
    facts = {"layer": worst + 1, "dead": int(layers.dead[worst]), "units": units, "first": first}
    if first >= RULES["dead_share"] * units:
        yield Finding("dead", facts)
    elif outcome in FAILED and "penalty" not in [one.code for one in found]:  # it would be what has killed them
        yield Finding("died", facts | {"rate": seen.rate})


def _saturated(seen: Seen, outcome: str) -> Iterable[Finding]:
    """In a hidden layer half of the outputs or more lie where |f'| < 1e-3: from the start, or since."""
    flat = seen.layers.flat
    worst = _worst(flat, [all(f.saturates) for f in seen.config.training.activations[:-1]])
    if worst is None or flat[worst] < RULES["flat_share"]:
        return
    first = float(seen.layers.first_flat[worst])
    facts = {"layer": worst + 1, "share": float(flat[worst]), "first": first}
    if first >= RULES["flat_share"]:
        yield Finding("saturated", facts)
    elif outcome in FAILED:
        yield Finding("driven", facts | {"rate": seen.rate})


def _worst(shares: np.ndarray, counts: list[bool]) -> int | None:
    """The hidden layer with the largest share, among those that count."""
    return max((layer for layer, count in enumerate(counts) if count), key=lambda layer: shares[layer], default=None)


def _saturated_output(seen: Seen) -> Iterable[Finding]:
    """Half of the network's answers or more lie where the output's |f'| < 1e-3, under a squared error."""
    training = seen.config.training
    share = float(seen.layers.flat[-1])
    squared = "squared" in training.loss.name and all(training.activations[-1].saturates)
    if squared and share >= RULES["flat_share"]:
        yield Finding("saturated_output", {"share": share})


def _vanishing(seen: Seen) -> Iterable[Finding]:
    """At the start the first layer's gradient was at most 1/1000 of the last one's, and neither was 0."""
    first, last = float(seen.layers.first_gradient[0]), float(seen.layers.first_gradient[-1])
    n = len(seen.layers.units)
    if n >= 3 and 0 < first <= RULES["vanishing"] * last:
        yield Finding("vanishing", {"first": first, "last": last, "ratio": first / last, "layers": n})


def _small_rate(seen: Seen) -> Iterable[Finding]:
    """The parameters moved by less than 5% of their first length, and the loss was still on its way down; where the
    first gradient was longer than clipping allows, that is the reason."""
    moved, clip = seen.layers.moved, seen.config.training.clip_norm
    if moved >= RULES["moved"] or not seen.fall > 0:
        return
    length = float(np.linalg.norm(seen.layers.first_gradient))
    if clip is not None and length > clip:
        yield Finding("clipped", {"moved": moved, "clip": clip, "length": length})
    else:
        yield Finding("small_rate", {"moved": moved, "rate": seen.rate, "fall": seen.fall})


def _slow(seen: Seen, outcome: str) -> Iterable[Finding]:
    """Stuck, but the loss still falls: a plateau, and no end."""
    if outcome == "stuck" and seen.fall > 1e-6:
        yield Finding("slow", {"fall": seen.fall})
