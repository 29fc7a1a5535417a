"""Gradient descent by batches: the loss, one update, what an epoch costs, the limits, the noise."""

from collections.abc import Callable, Iterable

from engine.regression_batches import WorkedUpdate
from engine.regression_bowl import Regression
from pages.shared.formulas.lines import aligned, bracketed, partial

Text = Callable[[float], str]


def loss() -> str:
    """The loss in symbols: the ½ and the mean are part of its name."""
    return aligned(r"L(w, b) &= \frac{1}{2n} \sum_{i=1}^{n} e_i^2", r"e_i &= w x_i + b - y_i")


def update(worked: WorkedUpdate, problem: Regression, number: Text) -> str:
    """One update of w and b, in symbols and with the numbers in; of a single sample the error as well."""
    (w, b), (new_w, new_b) = worked.before, worked.after
    gw, gb = worked.gradient
    rate = bracketed(number(worked.learning_rate))
    lines = [
        r"g_w &= \frac{1}{B} \sum_{i \in \text{batch}} e_i x_i",
        r"g_b &= \frac{1}{B} \sum_{i \in \text{batch}} e_i",
    ]
    if len(worked.batch) == 1:
        x, y = float(problem.x[worked.batch[0]]), float(problem.y[worked.batch[0]])
        error = bracketed(number(gb))
        lines += [
            rf"e &= {number(w)} \cdot {bracketed(number(x))}",
            rf"&\quad + {bracketed(number(b))} - {bracketed(number(y))}",
            rf"&= {number(gb)}",
            rf"g_w &= {error} \cdot {bracketed(number(x))}",
            rf"&= {number(gw)}, \quad g_b = {number(gb)}",
        ]
    else:
        lines += [rf"g_w &= {number(gw)}", rf"g_b &= {number(gb)}"]
    lines += [
        r"w &\leftarrow w - \eta\, g_w",
        rf"&= {number(w)} - {rate} \cdot {bracketed(number(gw))}",
        rf"&= {number(new_w)}",
        r"b &\leftarrow b - \eta\, g_b",
        rf"&= {number(b)} - {rate} \cdot {bracketed(number(gb))}",
        rf"&= {number(new_b)}",
    ]
    return aligned(*lines)


def updates_per_epoch(n_samples: int, counts: Iterable[tuple[int, int]]) -> str:
    """The updates u per epoch, n / B rounded up, for pairs (batch size, u)."""
    lines = [rf"u_{{{size}}} &= \lceil {n_samples} / {size} \rceil = {updates}" for size, updates in counts]
    return aligned(r"u_B &= \lceil n / B \rceil", *lines)


def limits(problem: Regression, number: Text) -> str:
    """Above which learning rate all samples together diverge, and what the steepest sample alone stands."""
    steepest, single = float(problem.eigenvalues[-1]), float((problem.x**2 + 1).max())
    return aligned(
        rf"\frac{{2}}{{\lambda_{{\max}}}} &= \frac{{2}}{{{number(steepest)}}} = {number(problem.limit)}",
        rf"\frac{{2}}{{\max_i (x_i^2 + 1)}} &= \frac{{2}}{{{number(single)}}} = {number(problem.sample_limit)}",
    )


def curvature(problem: Regression, number: Text) -> str:
    """The second derivatives of the loss, and its lowest point."""
    (a, c), (_same, d) = problem.hessian.tolist()
    rows = rf"\begin{{pmatrix}} {number(a)} & {number(c)} \\ {number(c)} & {number(d)} \end{{pmatrix}}"
    w, b = problem.optimum.tolist()
    return aligned(
        r"H &= \begin{pmatrix} \overline{x^2} & \overline{x} \\ \overline{x} & 1 \end{pmatrix}",
        rf"&= {rows}",
        rf"{partial('L', 'w')} &= {partial('L', 'b')} = 0",
        rf"w^* &= {number(w)}, \quad b^* = {number(b)}",
        rf"L^* &= {number(problem.floor)}",
    )


def noise(sigma: float, n_samples: int, size: int, predicted: float, distinct: float, number: Text) -> str:
    """The noise of a batch size by both formulas, in symbols and with the numbers in."""
    n, B = n_samples, size
    return aligned(
        r"\sigma_B &= \frac{\sigma}{\sqrt{B}}",
        rf"&= \frac{{{number(sigma)}}}{{\sqrt{{{B}}}}} = {number(predicted)}",
        r"\sigma_B' &= \frac{\sigma}{\sqrt{B}} \sqrt{\frac{n - B}{n - 1}}",
        rf"&= {number(predicted)} \cdot \sqrt{{\frac{{{n - B}}}{{{n - 1}}}}}",
        rf"&= {number(distinct)}",
    )
