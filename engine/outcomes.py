"""What became of a run whose numbers stayed finite: one rule an outcome, asked one after the other."""

import math

import numpy as np

from engine.findings import LEAST, RULES, Finding, Seen

WITHOUT_TREND = 2 * LEAST  # epochs: with fewer there are no two tenths to compare


def outcome(seen: Seen) -> Finding:
    """The first rule that holds; see engine.diagnosis.diagnose."""
    return next(filter(None, (rule(seen) for rule in _RULES_IN_TURN)))


def _nothing_to_learn(seen: Seen) -> Finding | None:
    if np.ptp(seen.config.parts[0].targets, axis=0).any():
        return None
    return Finding("nothing_to_learn", {"loss": seen.loss})


def _untrained(seen: Seen) -> Finding | None:
    facts = {"loss": seen.loss, "score": seen.score}
    if seen.config.training.epochs == 0:
        return Finding("untrained", facts)
    return Finding("unmoved", facts) if seen.rate == 0 and seen.layers.moved == 0 else None


def _diverging(seen: Seen) -> Finding | None:
    highest = max(seen.start, seen.constant)
    if seen.loss < RULES["diverging"] * highest:
        return None
    return Finding("diverging", {"loss": seen.loss, "start": seen.start, "epochs": seen.end})


def _worse(seen: Seen) -> Finding | None:
    if seen.loss >= RULES["worse"] * seen.constant and seen.loss > seen.start:
        return Finding("worse", {"loss": seen.loss, "start": seen.start, "constant": seen.constant})
    return None


def _memorized(seen: Seen) -> Finding | None:
    test = seen.config.parts[1]
    if test is None or seen.task != "classification" or seen.score < RULES["memorized"]:
        return None
    share = float(np.bincount(test.y).max() / len(test))
    test_score = float(seen.history.test_score[seen.end])
    if test_score > share + RULES["chance"] or not seen.beyond_share:
        return None
    training = seen.config.training
    sizes = {"parameters": training.architecture.n_parameters, "samples": len(seen.config.parts[0])}
    return Finding("memorized", {"train": seen.score, "test": test_score, "share": share} | sizes)


def _overfitting(seen: Seen) -> Finding | None:
    if seen.history.test_loss is None or seen.end <= int(seen.history.best_epoch):
        return None
    test, at_best = seen.test, float(seen.history.train_loss[seen.test["epoch"]])
    # a rise from almost nothing to almost nothing
    far_below = seen.good and test["end"] < RULES["stuck"] * seen.constant
    if far_below or test["end"] <= RULES["risen"] * test["lowest"] or seen.loss >= at_best:
        return None
    ratio = test["end"] / test["lowest"] if test["lowest"] else math.inf
    return Finding("overfitting", test | {"train": seen.loss, "ratio": ratio})


def _learned(seen: Seen) -> Finding | None:
    if not seen.good:
        return None
    return Finding("learned", {"loss": seen.loss, "score": seen.score, "test": seen.test_score, "unseen": seen.unseen})


def _sure_but_wrong(seen: Seen) -> Finding | None:
    """Outputs near the targets, but not near the right ones: where f is flat, the gradient is small all the same."""
    loss, outputs = seen.config.training.loss, seen.layers.outputs
    if seen.task != "classification" or loss.takes_logits or outputs.shape[1] > 1:
        return None
    low, high = seen.config.coding
    away = np.minimum(np.abs(outputs - low), np.abs(outputs - high)) / (high - low)
    share = float((away <= RULES["sure"]).mean())
    if share < RULES["sure_share"] or 1 - seen.score < RULES["wrong"]:
        return None
    return Finding("sure_but_wrong", {"share": share, "score": seen.score, "loss": seen.loss, "n": len(outputs)})


def _stopped(seen: Seen) -> Finding | None:
    """Early stopping went back; not in a run that had learned nothing, where the nearest samples tell something."""
    border = (1 - RULES["stuck"]) * seen.constant
    if seen.history.stopped_at < 0 or (seen.losses.min() > border and not seen.as_neighbours):
        return None
    gained = seen.test["lowest"] < border
    return Finding("stopped" if gained else "stopped_at_chance", seen.test | {"constant": seen.constant})


def _short(seen: Seen) -> Finding | None:
    if seen.history.stopped_at >= 0 or len(seen.losses) > WITHOUT_TREND:
        return None
    facts = {"start": seen.start, "loss": seen.loss, "score": seen.score, "least": WITHOUT_TREND}
    return Finding("short", facts | {"epochs": len(seen.losses) - 1})


def _stuck(seen: Seen) -> Finding | None:
    away = abs(seen.loss - seen.constant)
    if away > RULES["stuck"] * seen.constant or (seen.as_neighbours and seen.fall < RULES["falling"]):
        return None
    facts = {"loss": seen.loss, "constant": seen.constant, "score": seen.score}
    told_apart = seen.task == "classification" and seen.score > seen.share + RULES["chance"]
    return Finding("stuck", facts | {"near": RULES["stuck"], "told_apart": float(told_apart)})


def _oscillating(seen: Seen) -> Finding | None:
    if len(seen.last) < LEAST or not np.median(seen.last) > 0:
        return None
    low, middle, high = np.quantile(seen.last, (0.1, 0.5, 0.9))
    rises, swing = float((np.diff(seen.last) > 0).mean()), float((high - low) / middle)
    if rises < RULES["rises"] or swing < RULES["swing"]:
        return None
    return Finding("oscillating", {"low": float(low), "high": float(high), "swing": swing, "rises": rises})


def _still_falling(seen: Seen) -> Finding | None:
    if seen.fall < RULES["falling"]:
        return None
    facts = {"loss": seen.loss, "fall": seen.fall, "score": seen.score}
    if seen.history.test_loss is None or seen.end - seen.test["epoch"] < len(seen.last):
        return Finding("still_falling", facts)
    return Finding("still_falling", facts | seen.test)


def _limit(seen: Seen) -> Finding | None:
    """At rest, and no worse than the nearest other samples would answer: noise, or a network too weak, who can tell."""
    if not seen.as_neighbours or seen.loss > (1 + RULES["stuck"]) * seen.constant:
        return None
    facts = {"loss": seen.loss, "constant": seen.constant, "score": seen.score, "test": seen.test_score}
    return Finding("limit", facts | {"yard": seen.yard, "k": RULES["neighbours"]})


def _levelled(seen: Seen) -> Finding:
    yard = math.nan if seen.yard is None else seen.yard
    facts = {"loss": seen.loss, "constant": seen.constant, "score": seen.score}
    return Finding("levelled", facts | {"yard": yard, "k": RULES["neighbours"]})


_RULES_IN_TURN = (
    *(_nothing_to_learn, _untrained, _diverging, _worse, _memorized, _overfitting, _learned, _sure_but_wrong),
    *(_stopped, _short, _stuck, _oscillating, _still_falling, _limit, _levelled),
)
