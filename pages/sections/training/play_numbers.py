"""The numbers of the play section: those of the frame, the loss as a formula, the course in a table."""

import pandas as pd
import streamlit as st

from engine.batches import batch_sizes
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.lab_outputs import outputs
from engine.layer_health import as_answers
from pages.shared import numbers, screen
from pages.shared.formulas import lab_loss
from pages.shared.text import N_, _

FEW = 8  # samples whose outputs are listed
OUTPUT_DIGITS = 7  # as many as the notes print
LOSSES = {
    "squared_error": N_("squared error"),
    "half_squared_error": N_("half squared error"),
    "absolute_error": N_("absolute error"),
    "huber": N_("Huber loss"),
    "log_cosh": N_("log-cosh loss"),
    "cross_entropy": N_("cross-entropy"),
    "cross_entropy_with_logits": N_("cross-entropy with logits"),
    "softmax_cross_entropy": N_("cross-entropy with softmax"),
}
REDUCTIONS = {"mean": N_("mean"), "sum": N_("sum")}


def figures(config: LabConfig, history: TrainingHistory, epochs: tuple[int, ...], frame: int) -> None:
    """All numbers under the player, at the frame shown; `epochs`: of the frames."""
    epoch, kept = epochs[frame], int(history.stopped_at) >= 0 and frame == len(epochs) - 1
    _metrics(history, epoch, kept)
    _loss(config, history, epoch)
    table = course(config, history)
    screen.table(_in_percent(table, history), alt=_("Losses and scores in the course of the training"))
    if len(config.parts[0]) <= FEW:
        _outputs(config, history, None if kept else frame, epoch)


def batches_of(config: LabConfig) -> int:
    """Batches, and so updates, in an epoch."""
    return len(batch_sizes(len(config.parts[0]), config.training.batch_size))


def ended_at(config: LabConfig, history: TrainingHistory) -> int:
    """The last epoch: that of early stopping, the first without a finite loss, or the last that was asked for."""
    ends = [int(end) for end in (history.stopped_at, history.diverged_at) if end >= 0]
    return min([*ends, config.training.epochs])


def course(config: LabConfig, history: TrainingHistory) -> pd.DataFrame:
    """Losses and scores before each tenth of the way, as the script prints them, at its end and of the kept network."""
    end = ended_at(config, history) - int(history.diverged_at >= 0)  # what a divergence ends with is no number
    kept = {int(history.best_epoch)} if history.stopped_at >= 0 else set()
    at = sorted({*range(0, max(end, 0) + 1, max(end // 10, 1)), max(end, 0)} | kept - {-1})
    return pd.DataFrame(
        {_("Epoch"): at}
        | {label: [float(values[epoch]) for epoch in at] for label, values in _measured(history).items()}
    )


def _in_percent(table: pd.DataFrame, history: TrainingHistory) -> pd.DataFrame:
    """The table with its accuracies as a reader expects them."""
    if history.score != "accuracy":
        return table
    scores = table.columns[-(1 if history.test_score is None else 2) :]
    return table.assign(**{name: [f"{value:.1%}" for value in table[name]] for name in scores})


def _measured(history: TrainingHistory) -> dict:
    """Label -> what was measured after each epoch."""
    accuracy = history.score == "accuracy"
    known = {
        _("Training loss"): history.train_loss,
        _("Test loss"): history.test_loss,
        _("Accuracy, training") if accuracy else _("R², training"): history.train_score,
        _("Accuracy, test") if accuracy else _("R², test"): history.test_score,
    }
    return {label: values for label, values in known.items() if values is not None}


def _metrics(history: TrainingHistory, epoch: int, kept: bool) -> None:
    row = st.container(horizontal=True, gap="medium")
    row.metric(_("Epoch, kept") if kept else _("Epoch"), f"{epoch:,}", width="content")
    share = history.score == "accuracy"
    for label, values in _measured(history).items():
        value = float(values[epoch])
        is_share = share and values is not history.train_loss and values is not history.test_loss
        row.metric(label, f"{value:.1%}" if is_share else numbers.plain(value), width="content")


def _loss(config: LabConfig, history: TrainingHistory, epoch: int) -> None:
    """The loss by name and formula, and its value at the frame."""
    training, samples = config.training, config.parts[0]
    loss, size = training.reported_loss, (len(samples), config.data.n_outputs)
    if training.reported is None or training.reported == training.loss:
        words = _("**The loss:** {name}, {reduction}. The network learns by its gradient.").format(**_named(loss))
    else:
        learned = _named(training.loss)
        words = _(
            "**The loss shown:** {name}, {reduction}, as the note prints it. The updates follow the gradient of "
            "another one: {other}, {how}."
        ).format(**_named(loss), other=learned["name"], how=learned["reduction"])
    if training.l1 or training.l2:
        words += " " + _("The penalties on the weights are learned by, but not in the numbers shown.")
    st.markdown(words)
    symbols, value = st.columns(2)
    symbols.latex(lab_loss.reduced(loss, *size))
    value.latex(lab_loss.at_frame(loss, epoch, float(history.train_loss[epoch]), *size, numbers.tex))


def _named(loss) -> dict[str, str]:
    return {"name": _(LOSSES[loss.name]), "reduction": _(REDUCTIONS[loss.reduction])}


def _outputs(config: LabConfig, history: TrainingHistory, frame: int | None, epoch: int) -> None:
    """What the network answers for each of its few samples; where that is a logit z, its probability p too."""
    plane, found = config.data.planes[0], outputs(config, history, frame)
    targets, loss = config.parts[0].targets, config.training.loss
    answers, name = as_answers(found, loss), "z" if loss.takes_logits else "a"
    several = found.shape[1] > 1
    columns = {"x₁": plane.X[:, 0], "x₂": plane.X[:, 1]}
    for k in range(found.shape[1]):
        index = str(k + 1) if several else ""
        columns[f"y{index}"], columns[f"{name}{index}"] = targets[:, k], found[:, k]
        if loss.takes_logits:
            columns[f"p{index}"] = answers[:, k]
    table = pd.DataFrame({name: values.tolist() for name, values in columns.items()})
    st.markdown(_("The outputs after epoch {epoch}:").format(epoch=f"{epoch:,}"))
    own = {name: OUTPUT_DIGITS for name in columns if name.startswith("a")}
    if loss.takes_logits:
        st.markdown(
            _("The network ends in logits z; the softmax of a row gives its probabilities p.")
            if several
            else _("The network ends in a logit z; its probability of class {name} is p = σ(z).").format(
                name=config.data.plane.classes[1]
            )
        )
    screen.table(table, alt=_("Samples with their targets and outputs"), own=own)
