"""An optimizer's formula beside its parent's: each line with a sign for what became of it."""

from collections.abc import Sequence

from engine.optimizer_family import Line
from pages.shared.formulas.lines import aligned

SIGNS = {"new": r"\boldsymbol{+}", "changed": r"\boldsymbol{\ast}", "gone": r"\boldsymbol{-}", "same": ""}


BREAK = r"\end{cases},\;"  # after which a line goes on in the next one, for a phone


def marked(lines: Sequence[Line]) -> str:
    """The lines under each other; + new, * changed, - gone, nothing where it stays."""
    return aligned(*(row for line in lines for row in _rows(line)))


def _rows(line: Line) -> list[str]:
    start, found, rest = line.latex.partition(BREAK)
    if not found:
        return [rf"{SIGNS[line.change]}\quad & {line.latex}"]
    # A bracket that stretches cannot be closed on another line.
    start, rest = start.replace(r"\left(", r"\bigl("), rest.strip().replace(r"\right)", r"\bigr)")
    return [rf"{SIGNS[line.change]}\quad & {start}\end{{cases}},", rf"& \quad {rest}"]
