"""The lines of the sigmoid's derivative as LaTeX; their numbers are those of engine.sigmoid_derivation."""

from engine.sigmoid_derivation import LINES, values
from pages.shared.numbers import tex

LATEX = {
    "chain_rule": r"-\frac{1}{t^2} \cdot \frac{dt}{dz}",
    "inner": r"\frac{1}{(1 + e^{-z})^2} \cdot e^{-z}",
    "add_and_subtract": r"\frac{1 + e^{-z} - 1}{(1 + e^{-z})(1 + e^{-z})}",
    "product": r"\frac{1}{1 + e^{-z}} \cdot \frac{1}{(1 + e^{-z})^2}",
    "split": r"\frac{1}{1 + e^{-z}} \cdot \left(1 - \frac{1}{1 + e^{-z}}\right)",
    "result": r"f(z)\,\bigl(1 - f(z)\bigr)",
}


def start(z: float) -> str:
    """What is derived, and where, as a formula within words."""
    return rf"$f(z) = \dfrac{{1}}{{1 + e^{{-z}}}}, \quad z = {tex(z)}$"


def lines(z: float) -> dict[str, str]:
    """Each line of the derivation with its number at z, as a formula within words: code -> LaTeX."""
    pairs = zip(LINES, values(z).tolist(), strict=True)
    return {code: rf"$\displaystyle f'(z) = {LATEX[code]} = {tex(number)}$" for code, number in pairs}
