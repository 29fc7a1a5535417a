"""What all formulas share: names with indices, and lines under each other."""

import re


def aligned(*lines: str) -> str:
    """Lines aligned at their `&`; short lines under each other also fit a phone.

    The space at the end makes room for what KaTeX draws two pixels past its own box; without it each formula would
    be a region that scrolls by two pixels, and a stop for nobody's keyboard.
    """
    return r"\begin{aligned} " + r" \\[6pt] ".join(lines) + r" \end{aligned}\hspace{3pt}"


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
