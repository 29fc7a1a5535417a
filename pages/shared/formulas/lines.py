"""What all formulas share: names with indices, and lines under each other."""

import re
from collections.abc import Sequence

TERMS_A_LINE = 2  # so that a sum fits a phone
MAX_TERMS = 8


def aligned(*lines: str, gap: int = 6) -> str:
    """Lines aligned at their `&`, `gap` points apart; short lines under each other also fit a phone.

    The space at the end makes room for what KaTeX draws two pixels past its own box; without it each formula would
    be a region that scrolls by two pixels, and a stop for nobody's keyboard.
    """
    return r"\begin{aligned} " + rf" \\[{gap}pt] ".join(lines) + r" \end{aligned}\hspace{3pt}"


def name(text: str) -> str:
    """A learner's name as LaTeX: w0 -> w_{0}, v12 -> v_{12}, rate -> \\mathit{rate}."""
    match = re.fullmatch(r"([A-Za-z])_?(\d+)", text)
    if match:
        return f"{match[1]}_{{{match[2]}}}"
    escaped = text.replace("_", r"\_")
    return text if len(text) == 1 else rf"\mathit{{{escaped}}}"


def bracketed(text: str) -> str:
    """A number in parentheses where it is negative or a power of ten, so that it can stand in a product."""
    return rf"\left({text}\right)" if text.startswith("-") or "times" in text else text


def partial(top: str, bottom: str) -> str:
    """The derivative of `top` by `bottom`."""
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


def wrapped(terms: Sequence[str], sign: str, front: str = "", a_line: int = TERMS_A_LINE) -> list[str]:
    """A sum over several lines, so that it fits a phone; a very long one is cut off visibly."""
    shown = list(terms[:MAX_TERMS])
    if len(terms) > MAX_TERMS:
        shown[-1] = r"\dots"
    groups = [f" {sign} ".join(shown[i : i + a_line]) for i in range(0, len(shown), a_line)]
    return [f"{front}{groups[0]}", *[rf"&\quad {sign} {group}" for group in groups[1:]]] if groups else []
