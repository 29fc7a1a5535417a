"""Section: all samples, a few of them or a single one for each update."""

import pandas as pd
import streamlit as st

from engine.batches import batch_sizes
from engine.export_batches import batches_script
from engine.regression_batches import BatchConfig, BatchRun
from engine.regression_bowl import DOMAIN, Regression
from pages.sections.descent import batch_noise, batch_results
from pages.sections.descent.batch_setup import EXCESS, B, Setup, W, setup
from pages.shared import cached_descent, controls, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import paths
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.player import player
from pages.shared.text import N_, _

ZOOM = paths.MAX_FRAMES - 1  # samples or updates that the player shows one by one
MISTAKE = Mistake(
    N_("Four times and half"),
    (
        N_("128 samples in mini-batches of 32: an epoch has 4 updates, and 128 gradients of single samples in it."),
        N_("With batch size 1 an epoch has 128 updates, and again 128 gradients of single samples in it."),
        N_(
            "A batch of 8 is a quarter of a batch of 32, so the root mean square of its gradient noise is 4 times as "
            "large."
        ),
        N_("A batch of all 128 samples has no gradient noise, if no sample is drawn twice."),
    ),
    2,
    N_(
        "The noise goes with 1/√B: a quarter of the batch has √4 = 2 times the noise (with replacement; without, 2.24 "
        "times, since 32 of 128 are already a good part of all). The other way round: half the noise costs four "
        "times the samples. That is why large batches pay less and less."
    ),
)


@controls.section
def section() -> None:
    screen.question(_("All samples for each step, or a single one?"))
    left, right = screen.columns()
    table, script = None, ""
    with screen.refusals():
        with left:
            chosen = setup()
        problem = cached_descent.regression(chosen.smallest.samples)
        runs = [cached_descent.batch_run(config) for config in chosen.configs]
        with right:
            unit = _unit()
            step = _player(chosen, problem, runs, unit)
        at = _update_at(chosen.smallest, step, unit)
        worked = batch_results.one_update(chosen, problem, runs[0], at)
        batch_results.losses(chosen, runs, unit)
        summary = batch_results.table(chosen, problem, runs)
        noise, point = batch_noise.noise(chosen, problem, worked)
        table = pd.concat([summary, noise], ignore_index=True)
        script = batches_script(chosen.configs, point)
    _notice()
    _mistake()
    _challenge()
    if table is not None:
        takeaway.takeaway("descent_batch", table, script)


def _unit() -> str:
    """What a step of the player and the axis of the losses count."""
    units = {"epoch": _("epochs"), "sample": _("samples seen"), "update": _("updates")}
    return controls.choice(
        st.segmented_control,
        _("Compare after equally many"),
        units,
        key="descent_batch_unit",
        required=True,
        help=_("An epoch costs every batch size the same. An update costs B gradients of single samples."),
    )


def _player(chosen: Setup, problem: Regression, runs: list[BatchRun], unit: str) -> int:
    """The bowl with the path of each batch size; returns the player's step, in samples seen or in updates."""
    shown = []
    for label, place, config, run in zip(chosen.shown, chosen.places, chosen.configs, runs, strict=True):
        made = _frames(config, unit)
        shown.append(paths.Path(label, run.path[made], run.excess[made], place))
    picture = paths.plane(
        shown,
        x_range=DOMAIN[0],
        y_range=DOMAIN[1],
        titles=("w", "b"),
        image=cached_descent.regression_ground(chosen.smallest.samples),
        loss_title=EXCESS,
        marks=[paths.mark(*problem.optimum, label=_("The lowest loss: (w∗, b∗)"))],
    )
    step = player(
        picture,
        key="descent_batch_step",
        alt=_("The loss over (w, b) with its contour lines, and the path of each batch size; beside it their losses."),
        scope=f"{unit} {picture['steps'][-1]}",
        pick=lambda point, done: controls.drag([W, B], point, done),
    )
    legends = {
        "epoch": _(
            "A step of the player is one sample seen, drawn about every {every}: at each step all paths have cost the "
            "same. “samples seen” shows the first ones one by one."
        ),
        "sample": _("A step of the player is one sample seen; here the first {n}, one by one."),
        "update": _("A step of the player is one update of each path; here the first {n}."),
    }
    screen.aside(
        legends[unit].format(n=picture["steps"][-1], every=max(round(picture["steps"][-1] / ZOOM), 1))
        + " "
        + _("★ is the lowest loss L∗. L − L∗ is how far a path's loss, over all samples, lies above it.")
    )
    return next(drawn for drawn in picture["steps"] if drawn >= step)  # of a long run not every step is drawn


def _frames(config: BatchConfig, unit: str) -> object:
    """The updates made at each step of the player."""
    if unit == "update":
        return range(min(ZOOM, config.n_updates) + 1)
    last = config.n_seen if unit == "epoch" else min(ZOOM, config.n_seen)
    return config.updates_after(range(last + 1))


def _update_at(config: BatchConfig, step: int, unit: str) -> int:
    """The updates that a batch size has made at the player's step."""
    return min(step, config.n_updates) if unit == "update" else int(config.updates_after(step))


# words --------------------------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "Per update, all samples give the most reliable direction; per sample seen, a single one moves first. Note "
            "002 calls stochastic gradient descent, batch size 1, ‘much faster’: its update is cheap, but an epoch "
            "costs the same gradients, only one after the other, where a batch is one matrix product. And with a "
            "constant learning rate it never arrives where the samples disagree (noise above 0): it wanders around the "
            "minimum, in a cloud that grows with η. A learning rate that falls lets the cloud settle. The full batch "
            "has no noise to lose: with a small learning rate, such as 0.1 here, a falling one only slows it down; "
            "near 2/λₘₐₓ it even helps."
        )
    )


def _mistake() -> None:
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        guess = reasoning(MISTAKE, key="descent_batch_guess")
        hint = _("Compare the noise of two batch sizes in the picture above.")
        answer(MISTAKE, guess, hint=hint, key="descent_batch_solution", code="descent_batch_mistake")


def _challenge() -> None:
    """Who divides gets 15.625, who rounds at the end 16."""
    n, size, epochs = 100, 32, 5
    sizes = batch_sizes(n, size)
    challenge(
        "descent_batch_challenge",
        _("{n} samples, mini-batches of {size}, {epochs} epochs: how many updates are made?").format(
            n=n, size=size, epochs=epochs
        ),
        answer=epochs * len(sizes),
        tolerance=0.0,
        hint=_("Each epoch visits every sample once. What happens to those that are left after three full batches?"),
        explanation=_(
            "An epoch has the batches {batches}: the last one holds what is left. That makes {per_epoch} updates an "
            "epoch, {all} in {epochs} epochs."
        ).format(batches=" + ".join(map(str, sizes)), per_epoch=len(sizes), all=epochs * len(sizes), epochs=epochs),
    )
