"""What holds a network back, and what a comparison from the same starts says, in formulas."""

from collections.abc import Sequence

from engine.overfitting import Regularizer
from engine.overfitting_pairs import Pair
from engine.overfitting_study import Outcome
from pages.shared.formulas.lines import aligned
from pages.shared.numbers import tex

DIGITS = 3
A_LINE, MOST = 3, 6  # differences in a line, and in all


def rule(regularizer: Regularizer, outcome: Outcome, seed: int) -> str:
    """The regularizer in symbols, then with the numbers of one seed at the end of its training."""
    return {"dropout": _dropout, "l1": _penalty, "l2": _penalty, "early_stopping": _stop}[regularizer.kind](
        regularizer, outcome, seed
    )


def _dropout(one: Regularizer, _outcome: Outcome, _seed: int) -> str:
    p = tex(one.strength, DIGITS)
    return aligned(
        r"a &\leftarrow \frac{m}{1 - p}\, a, \quad P(m = 0) = p",
        rf"\frac{{m}}{{1 - {p}}} &\in \{{0,\ {tex(one.kept_scale, DIGITS)}\}}, \quad P(m = 0) = {p}",
    )


def _penalty(one: Regularizer, outcome: Outcome, seed: int) -> str:
    symbols, gradient = {
        "l1": (r"\lambda \sum |w|", r"\lambda\, \mathrm{sign}(w)"),
        "l2": (r"\frac{\lambda}{2} \sum w^2", r"\lambda\, w"),
    }[one.kind]
    parts = outcome.train_loss[seed], outcome.penalty[seed], outcome.objective[seed]
    loss, penalty, both = (tex(float(value), DIGITS) for value in parts)
    return aligned(
        rf"J &= L + {symbols}",
        rf"&= {loss} + {penalty} = {both}",
        rf"\frac{{\partial J}}{{\partial w}} &= \frac{{\partial L}}{{\partial w}} + {gradient}, \quad"
        rf" \lambda = {tex(one.strength, DIGITS)}",
    )


def _stop(one: Regularizer, outcome: Outcome, seed: int) -> str:
    best, end = int(outcome.best_epoch[seed]), int(outcome.stopped_at[seed])
    lines = [
        r"t_{\mathrm{best}} &= \arg\min_{s \le t} L_{\mathrm{validation}}(s)",
        r"t - t_{\mathrm{best}} &\ge \mathrm{patience}",
    ]
    if end >= 0:
        lines.append(rf"{end} - {best} &\ge {one.patience}")
    return aligned(*lines)


def paired(pair: Pair) -> str:
    """The differences seed by seed, and their median."""
    values = [tex(value, DIGITS) for value in pair.differences.tolist()]
    shown = values if len(values) <= MOST else [*values[: MOST - 1], r"\dots"]
    rows = [", ".join(shown[start : start + A_LINE]) for start in range(0, len(shown), A_LINE)]
    numbers = [rf"d &= {rows[0]}", *[rf"&\quad\; {row}" for row in rows[1:]]]
    return aligned(
        r"d_s &= L_s(A) - L_s(B)", *_joined_rows(numbers), rf"\mathrm{{median}}(d) &= {tex(pair.median, DIGITS)}"
    )


def _joined_rows(rows: Sequence[str]) -> list[str]:
    """A comma at the end of each line but the last."""
    return [f"{row}," for row in rows[:-1]] + [rows[-1]]
