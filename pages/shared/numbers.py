"""The one place that turns a number into text, for tables, pictures and formulas."""

import math

DIGITS = 4


def plain(value: float, digits: int = DIGITS) -> str:
    """`digits` significant digits, as in a table: 0.5866, 12.5, 1.2e-5, −7."""
    return _split(value, digits)[0].replace("-", "−") + _exponent(value, digits, "e{}").replace("-", "−")


def tex(value: float, digits: int = DIGITS) -> str:
    """The same for a formula: 1.2 \\times 10^{-5}."""
    if not math.isfinite(value):
        return {True: r"\infty", False: r"-\infty"}[value > 0] if not math.isnan(value) else r"\text{NaN}"
    return _split(value, digits)[0] + _exponent(value, digits, r" \times 10^{{{}}}")


def _split(value: float, digits: int) -> tuple[str, int | None]:
    """Mantissa as text, and the exponent where the number is better written with one."""
    if not math.isfinite(value):
        return str(value), None
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if value == 0:
        return "0", None
    if -4 <= power < max(digits, 6):
        return _trim(f"{value:.{max(digits - 1 - power, 0)}f}"), None
    return _trim(mantissa), power


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exponent(value: float, digits: int, template: str) -> str:
    power = _split(value, digits)[1]
    return "" if power is None else template.format(power)
