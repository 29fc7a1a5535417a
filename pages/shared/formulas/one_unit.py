"""One unit on a gate, as LaTeX: its first update, its loss, why nothing moves any more; inequalities and their sums."""

from collections.abc import Callable, Sequence

from engine.gates import POINTS
from engine.separability import Separability
from pages.shared import numbers
from pages.shared.formulas.lines import aligned, bracketed, partial

NAMES = ("w_1", "w_2", "b")
CORNERS = tuple(f"{x1:g}{x2:g}" for x1, x2 in POINTS)
DIFFERENTIATED = {
    "squared_error": r"\tfrac14 \sum (a - y)^2",
    "half_squared_error": r"\tfrac12 \sum (a - y)^2",
    "cross_entropy": r"-\tfrac14 \sum \bigl(y \ln a \\[3pt] &\quad + (1 - y) \ln (1 - a)\bigr)",
}
VANISHING = 1e-9  # sums of terms of about 1 that rounding leaves
SHORT = 32  # characters of LaTeX; longer lines do not fit a phone

Number = Callable[[float], str]


def unit(number: Number, parameters: Sequence[float]) -> str:
    """The unit in symbols, and with its weights in."""
    w1, w2, b = (_zero(value, number) for value in parameters)
    return aligned(
        r"a &= \sigma(w_1 x_1 + w_2 x_2 + b)",
        rf"&= \sigma\bigl({w1} \, x_1",
        rf"&\qquad {_signed(w2)} \, x_2 {_signed(b)}\bigr)",
    )


def first_update(
    loss: str,
    start: Sequence[float],
    rate: float,
    gradient: Sequence[float],
    first: Sequence[float],
    number: Number,
) -> str:
    """What is differentiated, and every parameter's first step: in symbols for w1, with the numbers in for all.

    Args: loss: a key of engine.one_unit.LOSSES.
    """
    lines = [f"L &= {DIFFERENTIATED[loss]}", rf"w_1 &\leftarrow w_1 - \eta \, {partial('L', 'w_1')}"]
    for name, old, slope, new in zip(NAMES, start, gradient, first, strict=True):
        lines += [
            rf"{name} &= {number(old)} - {number(rate)} \cdot {bracketed(_zero(slope, number))}",
            rf"&= {_zero(new, number)}",
        ]
    return aligned(*lines)


def mean_loss(loss: str, entries: Sequence[float], value: float, number: Number) -> str:
    """The mean over the four corners; two of its terms a line."""
    terms = [_zero(entry, number) for entry in entries]
    name = {"squared_error": r"\text{MSE}", "cross_entropy": "L"}[loss]
    return aligned(
        rf"{name} &= {DIFFERENTIATED[loss]}",
        rf"&= \tfrac14 \bigl({terms[0]} + {terms[1]}",
        rf"&\quad + {terms[2]} + {terms[3]}\bigr)",
        rf"&= {number(value)}",
    )


def gradient_sums(deltas: Sequence[float], gradient: Sequence[float], number: Number) -> str:
    """The gradient as sums of the corners' deltas: those where the parameter's input is 1."""
    lines = []
    for place, name in enumerate(NAMES):
        rows = [row for row, corner in enumerate(POINTS) if place == 2 or corner[place] == 1]
        first, *others = (_zero(deltas[row], number) for row in rows)
        values = [first, *map(_signed, others)]
        result = f"= {_zero(gradient[place], number)}"
        lines += [
            rf"{partial('L', name)} &= " + " + ".join(rf"\delta_{{{CORNERS[row]}}}" for row in rows),
            *_wrapped(values, result),
        ]
    return aligned(*lines)


def _wrapped(values: Sequence[str], result: str) -> list[str]:
    """A sum, two terms a line, and its result behind the last line or, where that is long, under it."""
    lines = [" ".join(values[start : start + 2]) for start in range(0, len(values), 2)]
    lines = [f"&= {lines[0]}", *(rf"&\quad {line}" for line in lines[1:])]
    if len(lines[-1]) + len(result) > SHORT:
        return [*lines, f"&{result}"]
    return [*lines[:-1], f"{lines[-1]} {result}"]


def floor(loss: str, value: float, number: Number) -> str:
    """The loss of the constant answer 1/2."""
    entry = {
        "squared_error": r"\bigl(\tfrac12 - y\bigr)^2 = \bigl(\tfrac12\bigr)^2",
        "cross_entropy": r"-\ln \tfrac12 = \ln 2",
    }[loss]
    return rf"L = {entry} = {number(value)}"


# the proof ----------------------------------------------------------------------------------------------------


def inequalities(proof: Separability) -> str:
    """What each corner asks for."""
    lines = [
        rf"{_corner(row)}\colon\quad {linear(coefficients)} &{_relation(relation)} 0"
        for row, (coefficients, relation) in enumerate(zip(proof.coefficients, proof.relations, strict=True))
    ]
    return aligned(*lines)


def contradiction(proof: Separability) -> str:
    """The sums of both kinds of inequalities, one under the other, and the line that cannot be."""
    found, total = proof.contradiction, linear(proof.contradiction.summed)
    lines = []
    for rows, multipliers, sign in (
        (found.positives, found.positive_multipliers, ">"),
        (found.negatives, found.negative_multipliers, r"\le"),
    ):
        parts = [_times(times, linear(proof.coefficients[row])) for row, times in zip(rows, multipliers, strict=True)]
        lines += [rf"{' + '.join(parts)} &{sign} 0", rf"\Rightarrow\quad {total} &{sign} 0"]
    return aligned(*lines)


def impossible(proof: Separability) -> str:
    """Both sums in one line."""
    return rf"0 < {linear(proof.contradiction.summed)} \le 0"


def common_point(proof: Separability, number: Number) -> str:
    """The mixture of 1-corners and the mixture of 0-corners that are one and the same point."""
    found = proof.contradiction
    point = ", ".join(map(number, found.point))
    sums = [
        " + ".join(rf"{number(share)}\,{_corner(row)}" for row, share in zip(rows, shares, strict=True))
        for rows, shares in ((found.positives, found.positive_weights), (found.negatives, found.negative_weights))
    ]
    return aligned(rf"{sums[0]} &= ({point})", rf"{sums[1]} &= ({point})")


def checks(proof: Separability, z: Sequence[float], number: Number) -> str:
    """The witness put into each corner's inequality."""
    (w1, w2), b = map(number, proof.weights), number(proof.bias)
    lines = []
    for row, (x1, x2) in enumerate(POINTS):
        terms = rf"{w1} \cdot {x1:g} {_signed(w2)} \cdot {x2:g} {_signed(b)}"
        lines.append(rf"{terms} &= {number(z[row])} {_relation(proof.relations[row])} 0")
    return aligned(*lines)


def linear(coefficients: Sequence[float]) -> str:
    """Factors of w1, w2, b as a sum: (1, 0, 2) -> w_1 + 2b."""
    factors = [f"{value:.6g}" for value in coefficients]
    parts = [
        f"{'' if factor == '1' else factor}{name}" for factor, name in zip(factors, NAMES, strict=True) if factor != "0"
    ]
    return " + ".join(parts)


def plain(coefficients: Sequence[float]) -> str:
    """The same as text for a table: w1 + 2b."""
    return linear(coefficients).replace("_", "")


def counts(rows: Sequence[tuple[int, int, int]]) -> str:
    """(number of inputs, separable gates, all gates) as shares."""
    lines = [
        rf"n = {n}\colon\quad & \frac{{{some}}}{{{all_}}} = {numbers.tex(some / all_, 3)}" for n, some, all_ in rows
    ]
    return aligned(*lines)


def _times(times: float, text: str) -> str:
    factor, group = f"{times:.6g}", f"({text})" if "+" in text else text
    return group if factor == "1" else rf"{factor}\,{group}"


def _corner(row: int) -> str:
    return f"({POINTS[row][0]:g}, {POINTS[row][1]:g})"


def _relation(relation: str) -> str:
    return {">": ">", "<=": r"\le"}[relation]


def _signed(text: str) -> str:
    """A number behind others: + 2, - 3."""
    return f"- {text[1:]}" if text.startswith("-") else f"+ {text}"


def _zero(value: float, number: Number) -> str:
    return number(0.0 if abs(value) < VANISHING else value)
