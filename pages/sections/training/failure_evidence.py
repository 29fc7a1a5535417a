"""What the numbers say: losses, last updates, layers and outputs of a run, and the rules of its diagnosis."""

import math

import pandas as pd
import streamlit as st

from engine.diagnosis import Diagnosis
from engine.findings import RULES
from engine.history import TrainingHistory
from engine.lab import LabConfig
from pages.shared import numbers, screen, show
from pages.shared.charts import failure, series
from pages.shared.formulas import failure as formulas
from pages.shared.lab import findings
from pages.shared.text import N_, _

ROWS = 8  # updates in the table
FEW = 30  # samples and updates that are drawn as points
ROOM = 0.05  # beyond the targets, as a part of their distance
TOLD = {
    "good_accuracy": N_("Learned: accuracy at least"),
    "errors": N_("Learned: errors, as a part of those of always naming the largest class, at most"),
    "good_r_squared": N_("Learned: R² of a regression at least"),
    "stuck": N_("Stuck: loss this close to that of the best constant answer, as a part of it"),
    "diverging": N_("Diverging: loss above its start and the best constant answer's by this factor"),
    "worse": N_("Worse: loss above its start, and above the best constant answer's by this factor"),
    "sure": N_("Sure: an output this close to a target, as a part of their distance"),
    "sure_share": N_("Sure but wrong: share of such outputs at least"),
    "wrong": N_("Sure but wrong: share of wrong answers at least"),
    "risen": N_("Overfitting: test loss above its lowest by this factor"),
    "memorized": N_("Memorized: accuracy on training samples at least"),
    "chance": N_("Memorized: test accuracy above the larger class's share by no more than"),
    "falling": N_("Still falling: fall of the mean loss from the second last tenth of the epochs to the last"),
    "swing": N_("Up and down: from the 10% to the 90% quantile of the last tenth, as a part of the median"),
    "rises": N_("Up and down: share of the last tenth's epochs in which the loss rises"),
    "neighbours": N_("At rest: nearest other samples that are asked"),
    "room": N_("At rest too early: their score above the network's by more than"),
    "risen_loss": N_(
        "Learning rate too large: highest loss above the start and the best constant answer's by this factor"
    ),
    "flat": N_("Saturated: |f′| below"),
    "flat_share": N_("Saturated: share of a layer's outputs at least"),
    "dead_share": N_("Dead: share of a layer's units at least"),
    "vanishing": N_("Vanishing gradient: first layer's gradient divided by the last one's, at most"),
    "moved": N_("Learning rate too small: way of the parameters divided by their first length, below"),
    "penalty": N_("Penalty: as a part of the loss, at least"),
    "shrunk": N_("Penalty: or length of the weights divided by their first length, at most"),
    "dropout": N_("Dropout: share of silenced units at least"),
    "depth": N_("Too large for its depth: last layer's largest |z| divided by the first one's, at least"),
}


def losses(history: TrainingHistory, found: Diagnosis, healed: TrainingHistory | None) -> None:
    """The losses of the run and of the changed one, with that of the best constant answer."""
    runs = {_("training"): (history, False)}
    if history.test_loss is not None:
        runs[_("test")] = (history, True)
    if healed:
        runs[_("training, changed")] = (healed, False)
        if healed.test_loss is not None:
            runs[_("test, changed")] = (healed, True)
    line = _("best constant answer")
    log = failure.is_wide(found.constant_loss, *(run for run, _test in runs.values()))
    labels, frames = (*runs, line), failure.losses(runs, (line, found.constant_loss), log=log)
    ends = series.clipped(frames) if healed and log else None
    points = failure.is_short(*(run for run, _test in runs.values()))
    show.chart(
        series.spec(labels, _("epoch"), _("loss"), log=log, order=_order(), y_domain=ends, points=points),
        frames,
        alt=_("Loss over the epochs, with the loss of the best constant answer: {names}").format(
            names=", ".join(labels)
        ),
        key="training_failure_losses",
    )
    if history.diverged_at >= 0:
        screen.aside(
            _("The curve ends at epoch {n}: there the loss is no longer finite.").format(n=int(history.diverged_at))
        )


def _order() -> tuple[str, ...]:
    """Each curve keeps its colour, whether or not there is a test loss or a change."""
    return _("training"), _("test"), _("best constant answer"), _("training, changed"), _("test, changed")


def evidence(config: LabConfig, history: TrainingHistory, found: Diagnosis) -> None:
    """Pictures, formulas and a table for what was found, all causes in words, and the rules."""
    st.markdown(f"**{_('What the numbers say')}**")
    if len(found.causes) > 1:
        st.markdown("\n".join(f"- {findings.cause(one)}" for one in found.causes[1:]))
    left, right = st.columns(2, gap="large")
    if found.blow_up is not None and len(found.blow_up.updates) > 1:
        with left:
            _updates(found)
        with right:
            _formulas(config, history, found)
        _last_updates(found)
    else:
        with left:
            _layers_or_outputs(config, found)
        with right:
            _formulas(config, history, found)
        _layers(found)
    _rules()


def _updates(found: Diagnosis) -> None:
    names = _names()
    points = len(found.blow_up.updates) <= FEW
    show.chart(
        series.spec(names, _("update"), _("size"), log=True, points=points),
        failure.updates(found.blow_up, names),
        alt=_("The last updates on a logarithmic axis: {names}").format(names=", ".join(names)),
        key="training_failure_updates",
    )


def _names() -> tuple[str, str, str, str]:
    return _("loss of the batch"), _("length of the gradient"), _("largest |z|"), _("largest parameter")


def _layers_or_outputs(config: LabConfig, found: Diagnosis) -> None:
    """The gradient's way back where there are many layers; else the outputs, where there is one."""
    answers, targets = found.layers.answers, config.parts[0].targets
    if len(found.layers.units) > 2 or answers.shape[1] > 1:
        names = (_("at the start"), _("at the end"))
        show.chart(
            series.spec(names, _("layer"), _("length of the gradient"), log=True, points=True),
            failure.gradients(found.layers, names),
            alt=_("Length of the gradient of each layer, at the start and at the end"),
            key="training_failure_gradients",
        )
        if 0 in (*found.layers.first_gradient, *found.layers.last_gradient):
            screen.aside(_("A gradient of 0 has no place on a logarithmic axis."))
        return
    names = (_("output"), _("target"), _("best constant answer"))
    points = len(answers) <= FEW
    show.chart(
        series.spec(names, _("sample, sorted"), _("output"), points=points, y_domain=_room(config)),
        failure.outputs(answers[:, 0], targets[:, 0], float(found.constant[0]), names),
        alt=_("Outputs of all training samples, sorted, with targets and the best constant answer"),
        key="training_failure_outputs",
    )


def _room(config: LabConfig) -> tuple[float, float] | None:
    """Both targets with room around them; None for a regression, whose ends are those of its values."""
    low, high = config.coding
    rim = ROOM * (high - low)
    return (low - rim, high + rim) if config.data.plane.task == "classification" else None


def _formulas(config: LabConfig, history: TrainingHistory, found: Diagnosis) -> None:
    """The comparison that each finding rests on, in symbols and numbers."""
    growth = formulas.growth(found)
    if growth:
        st.markdown(_("Growth of the largest parameter an update:"))
        st.latex(growth)
    _step_limit(config, found)
    if found.outcome.code == "diverged":
        return
    if found.outcome.code == "overfitting":
        facts = found.outcome.numbers
        st.markdown(_("Rise of the test loss:"))
        st.latex(formulas.risen(facts["end"], facts["lowest"]))
    st.markdown(_("The best constant answer, and the loss beside it:"))
    end = int(history.best_epoch) if history.stopped_at >= 0 else -1
    loss = float(history.train_loss[end])
    st.latex(formulas.constant(found, loss))
    if len(found.layers.units) > 2:
        st.markdown(_("The gradient's way back, at the start:"))
        st.latex(formulas.vanishing(found))


def _step_limit(config: LabConfig, found: Diagnosis) -> None:
    limit = formulas.step_limit(found, config.training.optimizer)
    if limit:
        st.markdown(_("Largest learning rate for the curvature at the start:"))
        st.latex(limit)
        screen.aside(
            _(
                "λ is the largest eigenvalue of the Hessian on all training samples, estimated by power iteration. "
                "Later, and for single batches, the curvature is different."
            )
        )


def _last_updates(found: Diagnosis) -> None:
    table = everything(found)
    written = table.assign(**{name: [_written(value) for value in table[name]] for name in _names()})
    screen.table(
        written.drop(columns=_("epoch")).tail(ROWS),  # the verdict names it, and a phone has no room for it
        alt=_("The last updates before the numbers were gone"),
    )
    screen.aside(
        _(
            "Each row: the numbers that an update was made from. The gradient is that of all parameters, before "
            "clipping."
        )
    )


def _layers(found: Diagnosis) -> None:
    table = everything(found)
    counts = zip(table[_("different")], table[_("units")], strict=True)
    written = {
        _("different"): [f"{different}/{units}" for different, units in counts],
        _("flat"): [findings.percent(value) for value in table[_("flat")]],
    }
    shown = table.assign(**written).drop(columns=_("units"))
    screen.table(shown, alt=_("State of each layer after training"), digits=3)
    screen.aside(
        _(
            "**Flat:** share of the layer's outputs with |f′| < 0.001: a unit is saturated there, or its ReLU off. "
            "**Dead:** units whose slope is 0 for every sample. **Different:** how many of the units differ from each "
            "other in their weights. **Gradient:** its length on all training samples, before and after training."
        )
    )


def everything(found: Diagnosis) -> pd.DataFrame:
    """The table of the screen at full precision: the last updates, or the layers."""
    if found.blow_up is not None and len(found.blow_up.updates) > 1:
        last = failure.LAST
        values = [column.tolist() for column in failure.columns(found.blow_up, last)]
        epochs = {
            _("update"): found.blow_up.updates[-last:].tolist(),
            _("epoch"): found.blow_up.epochs[-last:].tolist(),
        }
        return pd.DataFrame(epochs | dict(zip(_names(), values, strict=True)))
    layers = found.layers
    return pd.DataFrame(
        {
            _("layer"): list(range(1, len(layers.units) + 1)),
            _("units"): layers.units.tolist(),
            _("different"): layers.distinct.tolist(),
            _("flat"): layers.flat.tolist(),
            _("dead"): layers.dead.tolist(),
            _("gradient before"): layers.first_gradient.tolist(),
            _("gradient after"): layers.last_gradient.tolist(),
        }
    )


def _written(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return numbers.plain(value) if math.isfinite(value) else "∞"


def _rules() -> None:
    with st.expander(_("The rules of this diagnosis"), icon=":material/rule:"):
        st.markdown(
            _(
                "Each word of the diagnosis is a comparison with one of these numbers. They are a teacher's rules of "
                "thumb, and no proof: with others, a run at the border would get another name."
            )
        )
        screen.table(
            pd.DataFrame(
                {_("Rule"): [_(TOLD[code]) for code in RULES], _("Number"): [float(n) for n in RULES.values()]}
            ),
            alt=_("The rules of this diagnosis"),
            scroll=False,
        )
