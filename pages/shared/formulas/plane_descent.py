"""One step of gradient descent on a surface of two variables, in symbols and with the numbers in."""

from collections.abc import Callable, Sequence

from engine.plane_step import Difference, PlaneStep
from pages.shared.formulas.lines import aligned, bracketed, partial

Text = Callable[[float], str]
GRADIENT = r"\nabla f"
PLUS_MINUS = r"\pm"
NEXT = r" \\[6pt] &\quad "  # the rest of a sum that is too long for a phone


def gradient(code: str, step: PlaneStep, number: Text) -> str:
    """The gradient at the step's x by the formula of the surface of this code."""
    return aligned(*_LINES.get(code, _quadratic)(step, number))


def differences(step: PlaneStep, h: float, number: Text, long: Text) -> str:
    """The gradient of two central differences; `long` writes values of f, which differ late."""
    beside = (r"x_0 \pm h, x_1", r"x_0, x_1 \pm h")
    each = [_difference(axis, beside[axis], one, h, number, long) for axis, one in enumerate(step.differences)]
    return aligned(*each[0], *each[1])


def _difference(axis: int, variables: str, one: Difference, h: float, number: Text, long: Text) -> list[str]:
    return [
        rf"f_+ &= f({variables.replace(PLUS_MINUS, '+')})",
        rf"&= {long(one.ahead)}",
        rf"f_- &= f({variables.replace(PLUS_MINUS, '-')})",
        rf"&= {long(one.behind)}",
        rf"g_{axis} &= \frac{{f_+ - f_-}}{{2 h}} = \frac{{f_+ - f_-}}{{2 \cdot {number(h)}}}",
        rf"&= {number(one.slope)}",
    ]


def update(step: PlaneStep, k: int, numerical: bool, number: Text) -> str:
    """The update that leads to x_k."""
    slope = "g" if numerical else GRADIENT
    eta = number(step.learning_rate)
    return aligned(
        rf"x_{{{k}}} &= x_{{{k - 1}}} - \eta \, {slope}",
        rf"&= {_column(map(number, step.x))}",
        rf"&\quad - {eta} {_column(map(number, step.gradient))}",
        rf"&= {_column(map(number, step.x_new))}",
    )


def limit(eigenvalues: Sequence[float], largest: float, number: Text) -> str:
    """The learning rate from which on a bowl throws the run out."""
    steepest = number(max(eigenvalues))
    return aligned(rf"\eta < \frac{{2}}{{\lambda_{{\max}}}} &= \frac{{2}}{{{steepest}}} = {number(largest)}")


def round_bowl(start: Sequence[float], rate: float, factor: str, k: int, point: Sequence[float], number: Text) -> str:
    """The whole path in one formula: each step multiplies by the same factor, which is near 1 for a small rate."""
    return aligned(
        rf"x_{{{k}}} &= (1 - 2\eta)^{{{k}}} \, x_{{\text{{start}}}}",
        rf"&= (1 - 2 \cdot {bracketed(number(rate))})^{{{k}}} {_column(map(number, start))}",
        rf"&= {bracketed(factor)}^{{{k}}} {_column(map(number, start))}",
        rf"&= {_column(map(number, point))}",
    )


# the gradients ------------------------------------------------------------------------------------------------


def _quadratic(step: PlaneStep, number: Text) -> list[str]:
    """The rows of H x: 2 x_0, or h_00 x_0 + h_01 x_1 where the bowl is turned."""
    lines = []
    for axis, row in enumerate(step.hessian):
        kept = [(h, i) for i, h in enumerate(row) if h or i == axis]
        symbols = _sum([(number(h), f"x_{i}") for h, i in kept], r"\,")
        values = _sum([(number(h), bracketed(number(step.x[i]))) for h, i in kept], r" \cdot ", new_line=True)
        lines += _partial(axis, symbols, values, number(step.gradient[axis]))
    return lines


def _rosenbrock(step: PlaneStep, number: Text) -> list[str]:
    x = bracketed(number(step.x[0]))
    r = bracketed(number(step.parts["r"]))
    return [
        rf"r &= x_1 - x_0^2 = {number(step.parts['r'])}",
        *_partial(
            0,
            r"-2 (1 - x_0) - 400\, x_0 r",
            rf"-2 (1 - {x}){NEXT}- 400 \cdot {x} \cdot {r}",
            number(step.gradient[0]),
        ),
        *_partial(1, r"200\, r", rf"200 \cdot {r}", number(step.gradient[1])),
    ]


def _himmelblau(step: PlaneStep, number: Text) -> list[str]:
    x, y = (bracketed(number(value)) for value in step.x)
    p, q = (bracketed(number(step.parts[name])) for name in "pq")
    return [
        rf"p &= x_0^2 + x_1 - 11 = {number(step.parts['p'])}",
        rf"q &= x_0 + x_1^2 - 7 = {number(step.parts['q'])}",
        *_partial(0, r"4 x_0\, p + 2 q", rf"4 \cdot {x} \cdot {p}{NEXT}+ 2 \cdot {q}", number(step.gradient[0])),
        *_partial(1, r"2 p + 4 x_1\, q", rf"2 \cdot {p}{NEXT}+ 4 \cdot {y} \cdot {q}", number(step.gradient[1])),
    ]


def _beale(step: PlaneStep, number: Text) -> list[str]:
    parts = {name: bracketed(number(value)) for name, value in step.parts.items()}
    x, y = (bracketed(number(value)) for value in step.x)
    constants = {1: "1.5", 2: "2.25", 3: "2.625"}
    powers = {1: "x_1", 2: "x_1^2", 3: "x_1^3"}
    sizes = {1: y, 2: parts["s_2"], 3: parts["s_3"]}
    residuals = [
        rf"r_{k} &= {constants[k]} - x_0 + x_0 {powers[k]} = {number(step.parts[f'r_{k}'])}" for k in constants
    ]
    return [
        *residuals,
        rf"{partial('f', 'x_0')} &= 2 r_1 (x_1 - 1) + 2 r_2 (x_1^2 - 1)",
        r"&\quad + 2 r_3 (x_1^3 - 1)",
        *[
            rf"&{sign} 2 \cdot {parts[f'r_{k}']} ({sizes[k]} - 1)"
            for k, sign in ((1, "="), (2, r"\quad +"), (3, r"\quad +"))
        ],
        rf"&= {number(step.gradient[0])}",
        rf"{partial('f', 'x_1')} &= 2 x_0 (r_1 + 2 r_2 x_1 + 3 r_3 x_1^2)",
        rf"&= 2 \cdot {x} \, ({number(step.parts['r_1'])}",
        rf"&\quad + 2 \cdot {parts['r_2']} \cdot {y}",
        rf"&\quad + 3 \cdot {parts['r_3']} \cdot {sizes[2]})",
        rf"&= {number(step.gradient[1])}",
    ]


_LINES = {"rosenbrock": _rosenbrock, "himmelblau": _himmelblau, "beale": _beale}


# pieces -------------------------------------------------------------------------------------------------------


def _partial(axis: int, symbols: str, values: str, result: str) -> list[str]:
    return [rf"{partial('f', f'x_{axis}')} &= {symbols}", rf"&= {values}", rf"&= {result}"]


def _sum(products: Sequence[tuple[str, str]], between: str, *, new_line: bool = False) -> str:
    """2 x_0 - 3.9 x_1: products with their signs, on a line each where they are long."""
    text = ""
    for factor, other in products:
        sign, size = ("-", factor[1:]) if factor.startswith("-") else ("+", factor)
        term = f"{size}{between}{other}"
        front = NEXT if new_line else " "
        text = f"{text}{front}{sign} {term}" if text else f"{'-' if sign == '-' else ''}{term}"
    return text


def _column(cells) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(cells) + r" \end{pmatrix}"
