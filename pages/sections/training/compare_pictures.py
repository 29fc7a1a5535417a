"""The pictures of two runs: their curves, what both answer at one epoch, how far apart their parameters are."""

import math

import streamlit as st

from engine.history import TrainingHistory
from engine.lab_pair import Parting, answers, disagreement, epoch_of, frame_at
from pages.sections.training.compare_setup import Pair
from pages.shared import controls, numbers, screen, show
from pages.shared.charts import compare, series
from pages.shared.text import _

WIDTH = 250  # of a field with its axis

Runs = tuple[TrainingHistory, TrainingHistory]


def curves(pair: Pair, runs: Runs) -> int:
    """Loss or score of both over the epochs; returns the epoch that the learner looks at."""
    scores = {"accuracy": _("accuracy"), "r_squared": "R²"}
    kinds = {"loss": _("loss"), "score": scores[runs[pair.now].score]}
    place = st.container()
    kind = controls.choice(
        st.segmented_control, _("Shown"), kinds, key="training_compare_shown", required=True, scope=pair.scope
    )
    epoch = _epoch(pair, runs)
    log = kind == "loss"
    shown = {
        label: (one.train_loss, one.test_loss) if log else (one.train_score, one.test_score)
        for label, one in zip(pair.labels, runs, strict=True)
    }
    data = compare.curves(shown, epoch, log)
    ends = series.clipped({name: data[name] for name in ("series", "expected")}) if log else None
    with place:
        show.chart(
            series.spec(pair.labels, _("epochs"), kinds[kind], log=log, expected=True, marker=True, y_domain=ends),
            data,
            alt=_("Loss or score of both runs over the epochs, on the same axes"),
            key="training_compare_curves",
        )
    tested = [one.test_loss is not None for one in runs]
    lines = (
        _("**Line:** training samples; **dashed:** test samples.") if any(tested) else _("**Line:** training samples.")
    )
    screen.aside(lines + " " + _("The upright line is the epoch of the pictures below."))
    for label, one in zip(pair.labels, runs, strict=True):
        if one.diverged_at >= 0:
            st.warning(
                _("{name} has diverged: after epoch {epoch} its loss is no finite number.").format(
                    name=label, epoch=int(one.diverged_at)
                )
            )
    return epoch


def _epoch(pair: Pair, runs: Runs) -> int:
    """The frame is the one of the other sections: a place among the epochs that the panel's run has kept."""
    epochs = runs[pair.now].snapshot_epochs
    frame = controls.stepper(_("Frame"), len(epochs) - 1, key="training_frame", scope=pair.scope)
    return int(epochs[frame])


def fields(pair: Pair, runs: Runs, epoch: int) -> None:
    """What both networks answer over the plane."""
    with st.container(horizontal=True, gap="xsmall"):
        found = [_field(pair, runs, place, epoch) for place in (0, 1)]
    _about(pair, found)


def _field(pair: Pair, runs: Runs, place: int, epoch: int) -> tuple:
    """One network's answers and their square."""
    config, run, label = pair.configs[place], runs[place], pair.labels[place]
    frame, square = frame_at(run, epoch), config.data.square
    answer = answers(config, run, frame, square)
    with st.container(width=WIDTH, gap="xsmall"):
        st.markdown(f"**{label}**")
        show.chart(
            compare.field_spec("x₁", "x₂", *square),
            compare.field_data(answer, config.data.planes[0], square),
            alt=_("What the network answers over the plane of its inputs, with the training points: {name}").format(
                name=label
            ),
            key=f"training_compare_field_{'ab'[place]}",
            width="content",
        )
        screen.aside(_said(run, epoch_of(run, frame), answer is None))
    return answer, square


def _said(run: TrainingHistory, epoch: int, lost: bool) -> str:
    if lost or not math.isfinite(run.train_loss[epoch]):
        return _("Epoch {epoch}: the run has diverged; there is nothing to draw.").format(epoch=epoch)
    train = numbers.plain(float(run.train_loss[epoch]), 3)
    if run.test_loss is None:
        return _("Epoch {epoch}: training loss {train}").format(epoch=epoch, train=train)
    return _("Epoch {epoch}: training loss {train}, test loss {test}").format(
        epoch=epoch, train=train, test=numbers.plain(float(run.test_loss[epoch]), 3)
    )


def _about(pair: Pair, found: list) -> None:
    """What the colours mean, and on how much of the picture both disagree."""
    (first, square), (second, other) = found
    planes = [config.data.plane for config in pair.configs]
    words = [_colours(planes[1])]
    alike = planes[0].task == planes[1].task == "classification" and planes[0].n_classes == planes[1].n_classes
    if first is not None and second is not None and square == other and alike:
        share = disagreement(first, second, planes[0].n_classes > 2)
        words.append(
            _("In **{share}%** of the picture the two networks name different classes.").format(
                share=numbers.plain(100 * share, 3)
            )
        )
    screen.aside(" ".join(words))


def _colours(plane) -> str:
    if plane.task == "regression":
        return _("Ground: the answer, from the lowest target (purple) to the highest (green); points likewise.")
    if plane.n_classes > 2:
        return _("Ground: the class with the largest output, in the colour of its points.")
    return _("Green ground: class 1 (circles); purple: class 0 (squares); the paler, the less sure.")


def parted(parting: Parting) -> None:
    """How far apart the parameters are, beside how far each has gone from its own start."""
    labels = _("between A and B"), _("A from its start"), _("B from its start")
    ways = dict(zip(labels, (parting.between, parting.first, parting.second), strict=True))
    show.chart(
        series.spec(labels, _("epochs"), _("distance of the parameters"), height=200),
        series.data(parting.epochs, ways),
        alt=_("Distance between the parameters of both runs over the epochs, and of each from its own start"),
        key="training_compare_parting",
    )
    screen.aside(
        _(
            "A distance of parameters, not of answers: two networks whose hidden units only stand in another order "
            "answer alike, and are far apart."
        )
    )
