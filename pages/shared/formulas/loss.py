"""A loss as a formula: in symbols, and with every output and target in."""

from collections.abc import Callable, Sequence

from engine.losses import CrossEntropy, HalfSquaredError, Loss, SquaredError
from pages.shared.formulas.lines import aligned, bracketed, wrapped

Text = Callable[[float], str]


def written_loss(
    loss: Loss, prediction: Sequence[Sequence[float]], target: Sequence[Sequence[float]], value: float, number: Text
) -> str:
    """The loss of outputs and targets, (n_samples, n_outputs) both, that comes to `value`."""
    pairs = [(a, y) for outputs, row in zip(prediction, target, strict=True) for a, y in zip(outputs, row, strict=True)]
    mean = loss.reduction == "mean" and len(pairs) > 1
    front = rf"\frac{{1}}{{{len(pairs)}}}" if mean else ""
    sums = wrapped(
        [_entry(loss, a, y, number) for a, y in pairs], "+", a_line=1
    )  # two squares are too wide for a phone
    total = r"\sum " if len(pairs) > 1 else ""
    symbols, *more = entry_latex(loss)
    lines = [
        rf"L &= {front}{total}{symbols}",
        *more,
        rf"&= {front}\bigl({sums[0]}" if mean else f"&= {sums[0]}",
        *sums[1:],
    ]
    if mean:
        lines[-1] += r"\bigr)"
    return aligned(*lines, f"&= {number(value)}")


def _entry(loss: Loss, a: float, y: float, number: Text) -> str:
    """One entry with its numbers in."""
    if isinstance(loss, SquaredError | HalfSquaredError):
        half = r"\tfrac12 " if isinstance(loss, HalfSquaredError) else ""
        return rf"{half}\left({number(a)} - {bracketed(number(y))}\right)^2"
    if isinstance(loss, CrossEntropy) and not loss.log_epsilon and y in (0.0, 1.0):
        inside = number(a) if y else f"1 - {number(a)}"
        return rf"\left(-\ln \left({inside}\right)\right)"
    return bracketed(number(float(loss.entry(a, y))))


def entry_latex(loss: Loss) -> list[str]:
    """One entry in symbols, with the small number inside its logarithms where it has one: too wide for one line."""
    if getattr(loss, "log_epsilon", 0):
        return [r"-\bigl(y \ln (a + 10^{-7})", r"&\quad + (1 - y) \ln (1 - a + 10^{-7})\bigr)"]
    return [loss.latex]
