"""Build a network and watch it learn: what happens, epoch by epoch?"""

from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.lab_presets import PRESETS
from pages.sections.training import play_notice, play_numbers
from pages.shared import controls, screen
from pages.shared.challenge import challenge
from pages.shared.lab.carry import carry
from pages.shared.lab.setup import LabSetup, setup
from pages.shared.lab.verdict import verdict
from pages.shared.lab.watch import Watched, watched
from pages.shared.lab_player import lab_player
from pages.shared.text import _


@controls.section
def section() -> None:
    screen.question(_("Build a network and watch it learn: what happens, epoch by epoch?"))
    left, right = screen.columns()
    chosen, seen = None, None
    with screen.refusals():
        with left:
            chosen = setup()
        with right:
            seen = watched(chosen, left, key="training_play_run")
            if seen:
                frame = lab_player(
                    seen.reel,
                    key="training_play_player",
                    alt=_picture_in_words(),
                    scope=chosen.scope,
                    pick=chosen.pick,
                )
        if seen:
            verdict(chosen.config, seen.history)
            play_numbers.figures(chosen.config, seen.history, seen.reel.epochs, frame)
    play_notice.notice(chosen and chosen.config, seen and seen.history, seen.reel.epochs if seen else ())
    _challenge(chosen.config if chosen else PRESETS["classic"], seen and seen.history)
    if chosen and seen:
        _take_away(chosen, seen)


def _picture_in_words() -> str:
    return _(
        "The plane of x₁ and x₂: what the network answers at each point as a colour, the decision boundary as a line, "
        "and the samples on it, each class in a shape of its own"
    )


def _challenge(config: LabConfig, history: TrainingHistory | None) -> None:
    """Epochs are not updates."""
    n, size = len(config.parts[0]), config.training.batch_size
    epochs = config.training.epochs if history is None else play_numbers.ended_at(config, history)
    batches = play_numbers.batches_of(config)
    question = _(
        "{n} training samples, {size} in a batch, {epochs} epochs: how many times are the weights updated in the "
        "whole training?"
    )
    if epochs < config.training.epochs:
        question = _(
            "{n} training samples, {size} in a batch: how many times have the weights been updated by the end of "
            "epoch {epochs}?"
        )
    challenge(
        "training_play_challenge",
        question.format(n=n, size=min(size or n, n), epochs=f"{epochs:,}"),
        answer=batches * epochs,
        tolerance=0.0,
        hint=_("One update for each batch: how many batches are there in one epoch?"),
        explanation=_(
            "An epoch has {batches} batches, and each gives one update: {batches} · {epochs} = {updates}. The same "
            "number of epochs with smaller batches means more updates; that is why comparing by epochs alone is unfair."
        ).format(batches=batches, epochs=f"{epochs:,}", updates=f"{batches * epochs:,}"),
    )


def _take_away(chosen: LabSetup, seen: Watched) -> None:
    carry(chosen, seen.history, key="training_play", table=play_numbers.course(chosen.config, seen.history))
