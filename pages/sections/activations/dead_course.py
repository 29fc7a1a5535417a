"""The course of training: what the network answers, how many units are off, the loss, and who ended how."""

import math

import pandas as pd
import streamlit as st

from engine.decision import decision_grid
from engine.dying import EPOCHS, Outcome
from pages.sections.activations.dead_setup import PLANES, SHOWN, Setup
from pages.shared import numbers, screen, show
from pages.shared.charts import plane, series
from pages.shared.text import _

SIDE = 60  # of the decision field


def course(setup: Setup, outcomes: dict[str, Outcome], epoch: int) -> None:
    """What the network answers at this epoch, and how all three came there."""
    answer, curves = st.columns(2, gap="large")
    with answer:
        _answers(setup, outcomes[setup.shown], epoch)
    with curves:
        _off_curves(setup, outcomes, epoch)
        _loss_curves(outcomes, epoch)


def _answers(setup: Setup, outcome: Outcome, epoch: int) -> None:
    samples, ends = setup.config.samples, PLANES[setup.config.data]
    field = decision_grid(outcome.training, outcome.history.snapshots[epoch], x_range=ends, y_range=ends, side=SIDE)
    low, high = ends
    names = _("class {n}")
    show.chart(
        plane.spec("x₁", "x₂", low=low, high=high, value_title=_("probability of class 1"), point_size=45),
        plane.data(
            points=[
                plane.point(x, y, target, detail=names.format(n=target))
                for (x, y), target in zip(samples.X.tolist(), samples.y.tolist(), strict=True)
            ],
            field=plane.field(field, low=low, high=high),
        ),
        alt=_("What the network with {name} answers after epoch {epoch}; its accuracy is {accuracy}").format(
            name=SHOWN[setup.shown],
            epoch=epoch,
            accuracy=numbers.plain(float(outcome.history.train_score[epoch])),
        ),
        key="activations_dead_answers",
        width="content",
    )
    words = _("Dead is said of these samples: far away from them a dead unit may still answer.")
    if not math.isfinite(float(field.min())):
        words = _("Here the weights are too large for this picture: where it is grey, there is no answer.")
    st.markdown(f":small[{words}]")


def _off_curves(setup: Setup, outcomes: dict[str, Outcome], epoch: int) -> None:
    n_units = setup.config.hidden * setup.config.width
    counts = {SHOWN[code]: outcome.n_off for code, outcome in outcomes.items()}
    show.chart(
        series.spec(
            tuple(counts),
            _("epoch"),
            _("units off for all samples"),
            height=190,
            y_domain=(0, n_units),
            marker=True,
        ),
        series.data(range(EPOCHS + 1), counts, at=epoch),
        alt=_("Units that are off for all samples, of {all}; at the end: {ends}").format(
            all=n_units, ends=_ends(outcomes, counts)
        ),
        key="activations_dead_off",
    )


def _loss_curves(outcomes: dict[str, Outcome], epoch: int) -> None:
    losses = {SHOWN[code]: outcome.history.train_loss for code, outcome in outcomes.items()}
    show.chart(
        series.spec(tuple(losses), _("epoch"), _("loss"), log=True, height=190, marker=True),
        series.data(range(EPOCHS + 1), losses, log=True, at=epoch),
        alt=_("Loss over the epochs; at the end: {ends}").format(ends=_ends(outcomes, losses)),
        key="activations_dead_loss",
    )


def _ends(outcomes: dict[str, Outcome], curves: dict) -> str:
    """Each curve's name and its last finite value."""
    lasts = [outcome.last for outcome in outcomes.values()]
    return ", ".join(
        f"{name} {numbers.plain(float(values[last]))}"
        for last, (name, values) in zip(lasts, curves.items(), strict=True)
    )


def comparison(outcomes: dict[str, Outcome]) -> pd.DataFrame:
    """The same start and the same samples with each activation; returned at full precision."""
    st.markdown(_("**The same start, the same samples, another activation function.**"))
    columns = {SHOWN[code]: _summary(outcome) for code, outcome in outcomes.items()}
    measures = [
        _("Off at the start, layer by layer"),
        _("Off at the end"),
        _("of these dead"),
        _("Came back, times"),
        _("Loss at the end"),
        _("Accuracy at the end"),
    ]
    table = pd.DataFrame({_("Quantity"): measures} | columns)
    screen.table(table, alt=_("The three activation functions after training"))
    return table


def _summary(outcome: Outcome) -> list:
    life, last = outcome.life, outcome.last
    off, dead = life.counts("off"), life.counts("dead")
    came_back = [int(layer.came_back.sum()) for layer in life.layers]
    figures = [_list(off[0]), _list(off[last]), _list(dead[last]), _list(came_back)]
    if outcome.diverged_at >= 0:
        lost = _("diverged at epoch {n}").format(n=outcome.diverged_at)
        return [figures[0], "–", "–", figures[3], lost, "–"]
    return [*figures, float(outcome.history.train_loss[last]), float(outcome.history.train_score[last])]


def _list(counts) -> str:
    return ", ".join(str(int(count)) for count in counts)
