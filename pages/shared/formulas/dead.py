"""Why a unit learns or does not: the gradient by its weights, in symbols and with one unit's numbers in."""

from collections.abc import Callable, Mapping

from engine.dead_units import UnitReport
from pages.shared.formulas.lines import aligned, partial

LENGTH = rf"\left\| {partial('L', 'w')} \right\|"


def rule() -> str:
    """A unit's gradient is a sum over samples, in which each term has its slope."""
    return aligned(
        r"z_n &= x_n \cdot w + b, \quad a_n = f(z_n)",
        rf"{partial('L', 'w')} &= \sum_n x_n\, f'(z_n)\, {partial('L', 'a_n')}",
    )


def numbers(report: UnitReport, number: Callable[[float], str]) -> str:
    """The same with this unit's numbers: the largest z, the largest slope, the length of the gradient."""
    sign = ">" if report.highest > 0 else "<" if report.highest < 0 else "="
    bound = "" if sign == "=" else f" {sign} 0"
    return aligned(
        rf"\max_n z_n &= {number(report.highest)}{bound}",
        rf"\max_n f'(z_n) &= {number(report.steepest)}",
        rf"{LENGTH} &= {number(report.gradient)}",
    )


def instead(lengths: Mapping[str, float], number: Callable[[float], str]) -> str:
    """The gradient's length with other functions in f's place, name -> length."""
    return aligned(*(rf"\text{{{name}}}:\; {LENGTH} &= {number(value)}" for name, value in lengths.items()))
