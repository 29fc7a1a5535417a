"""What to notice of the training that plays: what holds of this run and of this network, in a few sentences."""

import math

from engine.activations import ReLU, Step
from engine.features import PLAIN
from engine.film import LARGEST
from engine.history import TrainingHistory
from engine.lab import LabConfig
from pages.shared import cached_lab_failure, numbers, screen
from pages.shared.text import _

LEARNED_BY_HEART = ("overfitting", "memorized")  # outcomes of the diagnosis


def notice(config: LabConfig | None, history: TrainingHistory | None, epochs: tuple[int, ...] = ()) -> None:
    """What holds of the run on screen, and what to look at; `epochs`: of the frames."""
    words = []
    if config and history:
        words += [_fall(history), _end_of_film(history, epochs), _gap(config, history)]
    if config and not (history and history.diverged_at >= 0):  # there is little to see of units then
        words.append(_units(config, history) if len(config.training.sizes) > 2 else _no_hidden_layer(config))
    screen.notice(" ".join(word for word in words if word))


def _fall(history: TrainingHistory) -> str:
    """How the training loss went, in tenths."""
    losses, diverged, stopped = history.train_loss, int(history.diverged_at), int(history.stopped_at)
    if stopped >= 0:
        return _(
            "Early stopping ended the training after epoch {epoch}: the test loss had been lowest at epoch {best}, "
            "whose parameters are kept. That network is the last frame of the film."
        ).format(epoch=f"{stopped:,}", best=f"{max(int(history.best_epoch), 0):,}")
    if diverged >= 0:
        return _("From epoch {epoch} on the training loss is no longer a number that can be computed.").format(
            epoch=f"{diverged:,}"
        )
    epochs = len(losses) - 1
    first, tenth, last = (float(losses[epoch]) for epoch in (0, epochs // 10, epochs))
    if not math.isfinite(last) or epochs < 10:
        return ""
    return _(
        "In the first tenth of the epochs the training loss goes from {first} to {tenth}, in the other nine tenths to "
        "{last}."
    ).format(first=numbers.plain(first), tenth=numbers.plain(tenth), last=numbers.plain(last))


def _end_of_film(history: TrainingHistory, epochs: tuple[int, ...]) -> str:
    """Where a film ends that is shorter than the training: numbers are lost to it before they are to the training."""
    if int(history.stopped_at) >= 0 or not 0 < len(epochs) < len(history.snapshot_epochs):
        return ""
    told, following = {"last": f"{epochs[-1]:,}"}, int(history.snapshot_epochs[len(epochs)])
    if 0 <= int(history.diverged_at) <= following:
        return _("The film ends at epoch {last}.").format(**told)
    return _("The film ends at epoch {last}: after it a parameter is beyond {largest}, too large for pictures.").format(
        **told, largest=numbers.plain(LARGEST, 2)
    )


def _gap(config: LabConfig, history: TrainingHistory) -> str:
    """What the test loss says of the training, as far as the verdict bears it out."""
    if history.test_loss is None or int(history.stopped_at) >= 0:
        return ""
    outcome, best = cached_lab_failure.diagnosed(config, history).outcome.code, int(history.best_epoch)
    last = numbers.plain(float(history.test_loss[-1]))
    if outcome in LEARNED_BY_HEART and history.train_loss[-1] < history.train_loss[best]:
        return _(
            "The test loss was lowest at epoch {best} ({lowest}) and ends at {last}: since then the network has "
            "learned what is special about its training samples."
        ).format(best=f"{best:,}", lowest=numbers.plain(float(history.test_loss[best])), last=last)
    if outcome == "learned" and history.test_loss[-1] < 0.5 * history.test_loss[0]:
        return _("The test loss ends at {last}: what was learned holds for samples not seen before.").format(last=last)
    return ""


def _units(config: LabConfig, history: TrainingHistory | None) -> str:
    """What the pictures of the first hidden layer look like."""
    training, first = config.training, config.training.activations[0]
    if not set(config.data.features) <= set(PLAIN):
        return _(
            "Step slowly through the first frames and keep an eye on a unit of the first hidden layer: it weighs the "
            "features, so its picture can be bent."
        )
    if isinstance(first, ReLU):
        words = _(
            "Step slowly through the first frames and keep an eye on a unit of the first hidden layer: its picture is "
            "flat on one side of a straight line and rises on the other. The answer is put together from such pieces."
        )
        if history and cached_lab_failure.diagnosed(config, history).layers.dead[0]:
            words += " " + _("A unit whose picture has become flat under all samples is dead.")
        return words
    if not all(map(math.isfinite, first.range)):
        return _(
            "Step slowly through the first frames and keep an eye on a unit of the first hidden layer: its picture "
            "changes along one direction only. The answer is put together from a few of them."
        )
    words = _(
        "Step slowly through the first frames and keep an eye on a unit of the first hidden layer: its picture is a "
        "single straight edge, and the answer is put together from a few of them."
    )
    if not isinstance(first, Step) and not training.batch_norm:
        words += " " + _("Where its weights grow, the edge becomes steeper.")
    return words


def _no_hidden_layer(config: LabConfig) -> str:
    if not set(config.data.features) <= set(PLAIN):
        return _(
            "This network has no hidden layer: it only weighs its features, and only features that are bent in the "
            "plane bend its answer."
        )
    if config.data.n_outputs > 1:
        return _(
            "This network has no hidden layer: its classes meet along straight lines, whatever it learns. Step "
            "through the first frames to see them turn."
        )
    return _(
        "This network has no hidden layer: its answer changes along one direction only, whatever it learns. Step "
        "through the first frames to see it turn."
    )
