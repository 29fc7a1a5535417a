"""Heavy-ball momentum on a quadratic: the rule, its matrix, the roots along an eigenvector, the best choice."""

from collections.abc import Callable

from engine.heavy_ball import Mode
from engine.momentum_map import MomentumMap
from engine.momentum_study import Study
from pages.shared.formulas.lines import aligned

Text = Callable[[float], str]
LINE = 42  # characters of LaTeX that fit a phone

TALL = r"\rule[-1.15em]{0pt}{2.6em}"  # room for a fraction: aligned lines keep apart what is no taller than text
RULE = aligned(r"v &\leftarrow \mu\, v + g", r"\theta &\leftarrow \theta - \eta\, v")
MATRIX = (
    r"\begin{pmatrix} u_{k+1} \\ u_k \end{pmatrix} = "
    r"\begin{pmatrix} 1 + \mu - \eta\lambda & -\mu \\ 1 & 0 \end{pmatrix} "
    r"\begin{pmatrix} u_k \\ u_{k-1} \end{pmatrix}\hspace{3pt}"
)
ROOTS = aligned(
    r"T &= 1 + \mu - \eta\lambda",
    r"D &= T^2 - 4\mu",
    rf"{TALL}z_{{1,2}} &= \frac{{T \pm \sqrt{{D}}}}{{2}}",
    r"D < 0:\quad |z| &= \sqrt{\mu}",
)


def rule(study: Study, product: float, number: Text) -> str:
    """The learning rate from its product with lambda_max, and the rule with the numbers in."""
    rate = number(study.learning_rate)
    top, steepest = number(product), number(study.modes[-1].curvature)
    return aligned(
        rf"{TALL}\eta &= \frac{{{top}}}{{\lambda_{{\max}}}} = \frac{{{top}}}{{{steepest}}}",
        rf"&= {rate}",
        rf"v &\leftarrow {number(study.momentum)}\, v + g",
        rf"\theta &\leftarrow \theta - {_factor(rate)}\, v",
    )


def mode(study: Study, index: int, name: str, number: Text) -> str:
    """Trace, discriminant and roots along one eigenvector; `name` is the index of its lambda."""
    found = study.modes[index]
    momentum, curvature = number(study.momentum), number(found.curvature)
    trace, discriminant = number(found.trace), number(found.discriminant)
    squared = rf"({trace})^2" if trace.startswith("-") or "times" in trace else rf"{trace}^2"
    return aligned(
        rf"\lambda_{{{name}}} &= {curvature}",
        *_broken(rf"T &= 1 + {momentum}", rf" - {_factor(number(study.learning_rate))} \cdot {curvature}"),
        rf"&= {trace}",
        *_broken(rf"D &= {squared} - 4 \cdot {momentum}", rf" = {discriminant}"),
        *_roots(found, study.momentum, number),
    )


def _broken(front: str, rest: str) -> list[str]:
    """A line, or two where it is too long for a phone; an equals sign stands under the first one."""
    if len(front + rest) <= LINE:
        return [front + rest]
    return [front, f"&{rest.strip()}" if rest.startswith(" =") else rf"&\quad{rest}"]


def _roots(found: Mode, momentum: float, number: Text) -> list[str]:
    first, second = found.roots
    if found.discriminant < 0:
        return [
            *_broken(rf"z_{{1,2}} &= {number(first.real)}", rf" \pm {number(first.imag)}\, i"),
            *_broken(rf"|z| &= \sqrt{{{number(momentum)}}}", rf" = {number(found.rate)}"),
        ]
    return [
        rf"z_1 &= {number(first.real)}",
        rf"z_2 &= {number(second.real)}",
        rf"|z_1| &= {number(found.rate)}",
    ]


def rate(study: Study, number: Text) -> str:
    """The rate as the larger of both, and the steps for a digit."""
    flat, steep = (number(mode.rate) for mode in study.modes)
    lines = _broken(rf"r &= \max({flat},\; {steep})", rf" = {number(study.rate)}")
    if 0 < study.rate < 1:
        lines.append(rf"{TALL}\frac{{-1}}{{\log_{{10}} r}} &= {number(study.steps_per_digit)}")
    return aligned(*lines)


def best_momentum(best: Study, condition: float, number: Text) -> tuple[str, str]:
    """Polyak's learning rate and momentum, in symbols and with the numbers in."""
    k = number(condition)
    return (
        aligned(
            TALL + r"\eta^* &= \left(\frac{2}{\sqrt{\lambda_{\max}} + \sqrt{\lambda_{\min}}}\right)^2",
            rf"{TALL}&= \left(\frac{{2}}{{\sqrt{{{k}}} + \sqrt{{1}}}}\right)^2",
            rf"&= {number(best.learning_rate)}",
        ),
        aligned(
            TALL + r"r^* = \sqrt{\mu^*} &= \frac{\sqrt{\kappa} - 1}{\sqrt{\kappa} + 1}",
            rf"{TALL}&= \frac{{\sqrt{{{k}}} - 1}}{{\sqrt{{{k}}} + 1}}",
            rf"&= {number(best.rate)}",
            rf"\mu^* &= {number(best.momentum)}",
        ),
    )


def best_descent(best: Study, condition: float, number: Text) -> tuple[str, str]:
    """Gradient descent's best learning rate and its rate, in symbols and with the numbers in."""
    k = number(condition)
    return (
        aligned(
            TALL + r"\eta &= \frac{2}{\lambda_{\max} + \lambda_{\min}}",
            rf"{TALL}&= \frac{{2}}{{{k} + 1}}",
            rf"&= {number(best.learning_rate)}",
        ),
        aligned(
            TALL + r"r &= \frac{\kappa - 1}{\kappa + 1}",
            rf"{TALL}&= \frac{{{k} - 1}}{{{k} + 1}}",
            rf"&= {number(best.rate)}",
        ),
    )


def gain(found: MomentumMap, number: Text) -> str:
    """How many times fewer steps the best momentum needs."""
    best, plain = (number(point.rate) for point in (found.best, found.best_descent))
    return aligned(
        rf"{TALL}\frac{{\log r^*}}{{\log r}} &= \frac{{\log {best}}}{{\log {plain}}}",
        rf"&= {number(found.gain)}",
    )


def _factor(text: str) -> str:
    return rf"({text})" if "times" in text else text
