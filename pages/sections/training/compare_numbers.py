"""Two runs in numbers: a table with their difference, formulas, everything for the take-away."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from engine.lab_difference import comparable
from engine.lab_pair import Parting, Summary
from pages.sections.training.compare_pictures import Runs
from pages.sections.training.compare_setup import Pair
from pages.shared import numbers, screen
from pages.shared.formulas import compare
from pages.shared.text import _

NOTHING = "–"


def formulas(pair: Pair, ends: Sequence[Summary], parting: Parting | None, epoch: int) -> None:
    """The difference of the losses, and the distance of the parameters."""
    left, right = st.columns(2, gap="large")
    with left:
        if comparable(*pair.configs):
            tested = all(one.test_loss is not None for one in ends)
            st.markdown(
                _("How much the test loss differs at the end:")
                if tested
                else _("How much the training loss differs at the end:")
            )
            st.latex(compare.loss_difference(*ends))
    with right:
        if parting is None:
            screen.aside(_("The two networks have different numbers of parameters: no distance between them."))
        elif len(parting.epochs):
            st.markdown(_("How far apart the parameters θ are after t epochs:"))
            place = int(abs(parting.epochs - epoch).argmin())
            st.latex(compare.distance(parting, place))


def table(pair: Pair, ends: Sequence[Summary], runs: Runs) -> None:
    """Both runs in a few numbers, and B minus A."""
    rows = [*_losses(pair, ends), *_scores(ends, runs), *_paces(pair, ends)]
    titles = _("At the end"), *(screen.unbroken(label) for label in pair.labels), "B − A"
    frame = pd.DataFrame([[screen.unbroken(row[0]), *row[1:]] for row in rows], columns=list(titles))
    screen.table(frame, alt=_("Both runs in numbers, and their difference"))
    screen.aside(
        _(
            "Best: the lowest loss of the test samples (without them, of the training samples) among all epochs. Work: "
            "multiplications of all updates, about three times weights × samples × epochs."
        )
    )


def _losses(pair: Pair, ends: Sequence[Summary]) -> list[list[str]]:
    alike = comparable(*pair.configs)
    rows = [_row(_("Training loss"), [one.train_loss for one in ends], alike)]
    if any(one.test_loss is not None for one in ends):
        rows.append(_row(_("Test loss"), [one.test_loss for one in ends], alike))
    rows.append(_row(_("Best loss"), [one.best for one in ends], alike))
    return [*rows, _counts(_("Epoch of the best"), [one.best_epoch for one in ends])]


def _scores(ends: Sequence[Summary], runs: Runs) -> list[list[str]]:
    if runs[0].score != runs[1].score:
        return []
    regression = runs[0].score == "r_squared"
    titles = (_("R², training"), _("R², test")) if regression else (_("Accuracy, training"), _("Accuracy, test"))
    rows = [_row(titles[0], [one.train_score for one in ends])]
    if any(one.test_score is not None for one in ends):
        rows.append(_row(titles[1], [one.test_score for one in ends]))
    return rows


def _watched(ends: Sequence[Summary]) -> str:
    """Which loss is watched: that of the test samples, where there are some."""
    tested = {one.test_loss is not None for one in ends}
    if len(tested) > 1:
        return _("Epochs to a loss of {goal}")
    return _("Epochs to a test loss of {goal}") if tested == {True} else _("Epochs to a training loss of {goal}")


def _paces(pair: Pair, ends: Sequence[Summary]) -> list[list[str]]:
    goal = _watched(ends).format(goal=numbers.plain(pair.goal))
    return [
        _counts(goal, [one.goal_epoch for one in ends], comparable(*pair.configs)),
        _counts(_("Epochs"), [one.last_epoch for one in ends]),
        _counts(_("Updates"), [one.updates for one in ends]),
        _counts(_("Parameters"), [one.n_parameters for one in ends]),
        _row(_("Work"), [one.work for one in ends]),
    ]


def _row(title: str, values: Sequence[float | None], alike: bool = True) -> list[str]:
    first, second = values
    told = [NOTHING if value is None else _plain(value) for value in values]
    sound = alike and None not in values and math.isfinite(first) and math.isfinite(second)
    return [title, *told, _signed(_plain(second - first), second > first) if sound else NOTHING]


def _counts(title: str, values: Sequence[int], alike: bool = True) -> list[str]:
    """Whole numbers; below 0 they mean that there is none."""
    first, second = values
    told = [f"{value:,}" if value >= 0 else _("never") for value in values]
    sound = alike and first >= 0 and second >= 0
    shown = f"{second - first:,}".replace("-", "−")
    return [title, *told, _signed(shown, second > first) if sound else NOTHING]


def _signed(text: str, positive: bool) -> str:
    return f"+{text}" if positive else text


def _plain(value: float) -> str:
    return numbers.plain(value) if math.isfinite(value) else "∞"


def everything(pair: Pair, runs: Runs) -> pd.DataFrame:
    """Both histories, at full precision."""
    frames = []
    for letter, one in zip("AB", runs, strict=True):
        curves = {
            "training loss": one.train_loss,
            "test loss": one.test_loss,
            f"training {one.score}": one.train_score,
            f"test {one.score}": one.test_score,
        }
        frames.append(pd.DataFrame({f"{letter}: {name}": c for name, c in curves.items() if c is not None}))
    return pd.concat(frames, axis=1).rename_axis("epoch").reset_index()
