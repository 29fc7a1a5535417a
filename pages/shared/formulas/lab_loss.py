"""The loss of a training in the lab: its reduction, and the sum behind the number of a frame."""

from collections.abc import Callable

from engine.losses import Loss, SoftmaxCrossEntropy
from pages.shared.formulas.lines import aligned
from pages.shared.formulas.loss import entry_latex

Text = Callable[[float], str]
SOFTMAX = (  # of sample i, over its classes k
    r"\ell_i &= -\sum_k y_{ik} \ln p_{ik}",
    r"p_{ik} &= \frac{e^{z_{ik}}}{\sum_j e^{z_{ij}}}",
)


def reduced(loss: Loss, n_samples: int, n_outputs: int) -> str:
    """The loss in symbols: what is added up, and what the sum is divided by."""
    if isinstance(loss, SoftmaxCrossEntropy):
        front = "" if loss.reduction == "sum" else r"\frac{1}{N} "
        count = [] if loss.reduction == "sum" else [f"N &= {n_samples}"]
        return aligned(rf"L &= {front}\sum_i \ell_i", *SOFTMAX, *count)
    entry, *more = entry_latex(loss)
    if loss.reduction == "sum":
        return aligned(r"L &= \sum \ell", rf"\ell &= {entry}", *more)
    count = f"N &= {divisor(loss, n_samples, n_outputs)}"
    return aligned(r"L &= \frac{1}{N} \sum \ell", rf"\ell &= {entry}", *more, count)


def at_frame(loss: Loss, epoch: int, value: float, n_samples: int, n_outputs: int, number: Text) -> str:
    """The loss after an epoch, from its sum."""
    name = rf"L_{{{epoch}}}"
    if loss.reduction == "sum":
        return aligned(f"{name} &= {number(value)}")
    count = divisor(loss, n_samples, n_outputs)
    return aligned(rf"{name} &= \tfrac{{1}}{{{count}}} \cdot {number(value * count)}", f"&= {number(value)}")


def divisor(loss: Loss, n_samples: int, n_outputs: int) -> int:
    """N of a mean: all entries; the samples alone where the classes of a sample make one number."""
    return n_samples if loss.name == "softmax_cross_entropy" else n_samples * n_outputs
