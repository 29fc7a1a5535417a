"""Rosenblatt's rule at one visit, and Novikoff's bound, in symbols and with the numbers in."""

from collections.abc import Callable, Sequence

from engine.margins import MistakeBound
from engine.rosenblatt import PerceptronHistory
from pages.shared.formulas.lines import aligned, bracketed

Text = Callable[[float], str]


def answer(history: PerceptronHistory, visit: int, x: Sequence[float], number: Text) -> str:
    """Sum, output, error and step of visit 1, 2, …; `x` are the visited sample's two inputs."""
    *w, b = history.state(visit - 1)
    z, a, e = (float(values[visit - 1]) for values in (history.z, history.output, history.error))
    products = " + ".join(rf"{number(x_j)} \cdot {_factor(w_j, number)}" for x_j, w_j in zip(x, w, strict=True))
    step = float(history.change[visit - 1, -1])  # the bias has the input 1
    return aligned(
        r"z &= x_1 w_1 + x_2 w_2 + b",
        rf"&= {products} + {_factor(b, number)}",
        rf"&= {number(z)}",
        rf"a &= \mathrm{{step}}(z) = \mathrm{{step}}({number(z)}) = {number(a)}",
        rf"e &= y - a = {number(a + e)} - {number(a)} = {number(e)}",
        rf"\eta \, e &= {number(history.learning_rate)} \cdot {_factor(e, number)} = {number(step)}",
    )


def change(history: PerceptronHistory, visit: int, number: Text) -> str:
    """What the visit adds to the weights, and the new weights."""
    before, after = history.state(visit - 1), history.state(visit)
    changes = history.change[visit - 1].tolist()
    weights = _column("w_1", "w_2", "b")
    old, added, new = (_column(*map(number, values)) for values in (before, changes, after))
    return aligned(
        rf"{weights} &\leftarrow {weights} + \eta \, e {_column('x_1', 'x_2', '1')}",
        rf"&= {old} + {added}",
        rf"&= {new}",
    )


def bound(result: MistakeBound, number: Text) -> str:
    """R, gamma and the bound on the mistakes, where a line parts the classes."""
    u = ", ".join(map(number, (*result.separator.weights.tolist(), result.separator.bias)))
    holds = r"\le" if result.holds else ">"
    return aligned(
        rf"R &= \max \lVert (x_1, x_2, 1) \rVert \approx {number(result.radius)}",
        rf"\gamma &= \frac{{1}}{{\lVert ({u}) \rVert}} \approx {number(result.margin)}",
        rf"\left(\frac{{R}}{{\gamma}}\right)^2 &\approx \left(\frac{{{number(result.radius)}}}"
        rf"{{{number(result.margin)}}}\right)^2 \approx {number(result.bound)}",
        rf"M &= {result.mistakes} {holds} {number(result.bound)}",
    )


def round_trip(changes: Sequence[Sequence[float]], number: Text) -> str:
    """The changes of one round, whose sum is zero; two a line."""
    columns = [_column(*map(number, change)) for change in changes]
    lines = ["&" + "+ " * (start > 0) + " + ".join(columns[start : start + 2]) for start in range(0, len(columns), 2)]
    return aligned(*lines[:-1], f"{lines[-1]} = {_column('0', '0', '0')}")


def _factor(value: float, number: Text) -> str:
    return bracketed(number(value))


def _column(*entries: str) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(entries) + r" \end{pmatrix}"
