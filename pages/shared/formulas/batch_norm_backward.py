"""The gradient of batch normalization in its steps, its Jacobian, and larger weights: symbols, then numbers."""

from collections.abc import Callable

from engine.batch_norm_gradient import BackwardSteps
from pages.shared.formulas.batch_norm import TALL, broken, summed
from pages.shared.formulas.lines import aligned, bracketed, partial

Text = Callable[[float], str]
PRODUCT = 28  # characters of LaTeX of a product that leaves room for another one beside it


def parameters(steps: BackwardSteps, number: Text) -> str:
    """The gradients of beta and gamma."""
    products = [
        rf"{bracketed(number(dy)) if index else number(dy)} \cdot {bracketed(number(x_hat))}"
        for index, (dy, x_hat) in enumerate(zip(steps.dy, steps.x_hat, strict=True))
    ]
    return aligned(
        r"d\beta &= \sum_i dy_i",
        *summed("&= ", [bracketed(number(dy)) if index else number(dy) for index, dy in enumerate(steps.dy)]),
        f"&= {number(steps.dbeta)}",
        r"d\gamma &= \sum_i dy_i\, \hat x_i",
        *_pairs("&= ", products),
        f"&= {number(steps.dgamma)}",
    )


def _pairs(front: str, terms: list[str]) -> list[str]:
    """A sum of products, two a line where a phone has room for two."""
    size = 2 if max(map(len, terms)) <= PRODUCT else 1
    groups = [" + ".join(terms[start : start + size]) for start in range(0, len(terms), size)]
    return [front + groups[0], *(rf"&\quad + {group}" for group in groups[1:])]


def normalized(steps: BackwardSteps, number: Text) -> str:
    """The gradients of the normalized values."""
    gamma = number(steps.gamma)
    rows = zip(steps.dy, steps.dx_hat, strict=True)
    return aligned(
        r"d\hat x_i &= \gamma\, dy_i",
        *(
            rf"d\hat x_{i} &= {gamma} \cdot {bracketed(number(dy))} = {number(dx_hat)}"
            for i, (dy, dx_hat) in enumerate(rows, 1)
        ),
    )


def statistics(steps: BackwardSteps, number: Text) -> str:
    """The gradients of the variance and of the mean."""
    products = [
        rf"{bracketed(number(dx_hat)) if index else number(dx_hat)} \cdot {bracketed(number(centered))}"
        for index, (dx_hat, centered) in enumerate(zip(steps.dx_hat, steps.centered, strict=True))
    ]
    root = bracketed(number(steps.root))
    terms = [bracketed(number(value)) if index else number(value) for index, value in enumerate(steps.dx_hat)]
    return aligned(
        r"r &= \sqrt{\sigma^2_B + \varepsilon}" + f" = {number(steps.root)}",
        r"S &= \sum_i d\hat x_i\, (x_i - \mu_B)",
        *_pairs("&= ", products),
        f"&= {number(steps.moment)}",
        rf"{TALL}d\sigma^2 &= -\frac{{S}}{{2\, r^3}}",
        rf"{TALL}&= -\frac{{{number(steps.moment)}}}{{2 \cdot {root}^3}} = {number(steps.dvar)}",
        rf"{TALL}d\mu &= -\frac{{1}}{{r}} \sum_i d\hat x_i",
        *summed(rf"{TALL}&= -\frac{{1}}{{{number(steps.root)}}} (", terms, ")"),
        f"&= {number(steps.dmean)}",
    )


def inputs(steps: BackwardSteps, number: Text) -> str:
    """The gradient of each input as its three parts."""
    n = len(steps.x)
    rows = zip(steps.direct, steps.through_var, steps.through_mean, steps.dx, strict=True)
    first = steps.centered[0]
    return aligned(
        rf"{TALL}dx_i &= \frac{{d\hat x_i}}{{r}} + d\sigma^2\, \frac{{2 (x_i - \mu_B)}}{{n}} + \frac{{d\mu}}{{n}}",
        rf"{TALL}dx_1 &= \frac{{{number(steps.dx_hat[0])}}}{{{number(steps.root)}}}",
        rf"{TALL}&\quad + {bracketed(number(steps.dvar))} \cdot \frac{{2 \cdot {bracketed(number(first))}}}{{{n}}}",
        rf"{TALL}&\quad + \frac{{{number(steps.dmean)}}}{{{n}}}",
        *(
            line
            for i, (direct, var, mean, total) in enumerate(rows, 1)
            for line in _in_parts(
                rf"dx_{i} &= {number(direct)}", [_signed(p, number) for p in (var, mean)], number(total)
            )
        ),
    )


def _in_parts(front: str, parts: list[str], total: str) -> list[str]:
    """A sum of three numbers; a power of ten among them makes it too long for one line of a phone."""
    if any("times" in part for part in (front, *parts)):
        return [f"{front} {parts[0]}", rf"&\quad {parts[1]}", f"&= {total}"]
    return broken(" ".join((front, *parts)), f"= {total}")


def _signed(value: float, number: Text) -> str:
    """A term with its sign in front."""
    return f"- {number(-value)}" if value < 0 else f"+ {number(value)}"


def in_one_line(steps: BackwardSteps, number: Text) -> str:
    """The three parts put together: what is taken off is the mean, and the part along x-hat."""
    n, root = len(steps.x), number(steps.root)
    x_hat, dy, share = bracketed(number(steps.x_hat[0])), number(steps.dy[0]), number(steps.dbeta)
    front = rf"\frac{{{number(steps.gamma)}}}{{{root}}}"
    return aligned(
        rf"{TALL}dx_i &= \frac{{\gamma}}{{r}} \Bigl(dy_i - \frac{{d\beta}}{{n}} - \hat x_i \frac{{d\gamma}}{{n}}\Bigr)",
        rf"{TALL}dx_1 &= {front} \Bigl({dy} - \frac{{{share}}}{{{n}}}",
        rf"{TALL}&\quad - {x_hat} \cdot \frac{{{number(steps.dgamma)}}}{{{n}}}\Bigr)",
        f"&= {number(steps.dx[0])}",
    )


def check(steps: BackwardSteps, h: float, number: Text) -> str:
    """The numerical gradient of sample 1 beside both formulas."""
    return aligned(
        r"L &= \sum_i dy_i\, y_i",
        rf"{TALL}{partial('L', 'x_1')} &\approx \frac{{L(x_1 + h) - L(x_1 - h)}}{{2h}}",
        rf"&= {number(steps.numeric[0])} \quad (h = {number(h)})",
        rf"dx_1 &= {number(steps.dx[0])}",
        rf"{TALL}\frac{{d\hat x_1}}{{r}} &= {number(steps.naive[0])}",
    )


def entries(steps: BackwardSteps, column: int, number: Text) -> str:
    """An entry of the Jacobian on the diagonal, and one beside it, of the column of a sample (from 0)."""
    n, j = len(steps.x), column
    other = 0 if j else 1
    front = rf"\frac{{{number(steps.gamma)}}}{{{number(steps.root)}}}"
    own, beside = (bracketed(number(steps.x_hat[i])) for i in (j, other))
    return aligned(
        rf"{TALL}{partial('y_i', 'x_j')} &= \frac{{\gamma}}{{r}} \Bigl(\delta_{{ij}} - \frac{{1}}{{n}}"
        rf" - \frac{{\hat x_i \hat x_j}}{{n}}\Bigr)",
        rf"{TALL}{partial(f'y_{j + 1}', f'x_{j + 1}')} &= {front} \Bigl(1 - \tfrac{{1}}{{{n}}}",
        rf"{TALL}&\quad - \frac{{{own}^2}}{{{n}}}\Bigr)",
        f"&= {number(steps.jacobian[j, j])}",
        rf"{TALL}{partial(f'y_{other + 1}', f'x_{j + 1}')} &= {front} \Bigl(0 - \tfrac{{1}}{{{n}}}",
        rf"{TALL}&\quad - \frac{{{beside} \cdot {own}}}{{{n}}}\Bigr)",
        f"&= {number(steps.jacobian[other, j])}",
    )


def larger(steps: BackwardSteps, scaled: BackwardSteps, factor: float, number: Text) -> str:
    """The same outputs, a gradient smaller by the factor."""
    c = number(factor)
    return aligned(
        r"x &= a\, (c\, W), \quad dW = a^\top dx",
        rf"y_1 &= {number(steps.y[0])} \quad (c = 1)",
        rf"y_1 &= {number(scaled.y[0])} \quad (c = {c})",
        rf"dx_1 &= {number(steps.dx[0])} \quad (c = 1)",
        rf"dx_1 &= {number(scaled.dx[0])} \quad (c = {c})",
    )
