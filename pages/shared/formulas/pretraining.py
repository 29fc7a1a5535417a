"""Layer upon layer as formulas: one machine of a pile and its error, and what pretraining costs."""

from collections.abc import Callable

from engine.pretraining_study import N_CLASSES, Pile, TuningConfig
from pages.shared.formulas.lines import aligned

Text = Callable[[float], str]


def machine(n: int, pile: Pile, number: Text) -> str:
    """What machine n gets and makes of it, and its error before, after, and that of the mean."""
    below = "x" if n == 1 else rf"h^{{({n - 1})}}"
    up = rf"h^{{({n})}}"
    last, spread = pile.errors[n - 1, -1], pile.mean_errors[n - 1]
    return aligned(
        rf"{up} &= \sigma\left({below} W_{{{n}}} + c_{{{n}}}\right)",
        rf"\hat {_hat(n)} &= \sigma\left({up} W_{{{n}}}^\top + b_{{{n}}}\right)",
        rf"E_{{{n}}} &= \overline{{\left({below} - \hat {_hat(n)}\right)^2}}",
        rf"&= {number(pile.errors[n - 1, 0])} \to {number(last)}",
        rf"\frac{{E_{{{n}}}}}{{\mathrm{{Var}}({below})}} &= \frac{{{number(last)}}}{{{number(spread)}}}",
        rf"&= {number(last / spread)}",
    )


def _hat(n: int) -> str:
    return "x" if n == 1 else rf"h^{{({n - 1})}}"


def work(config: TuningConfig, number: Text) -> list[str]:
    """Multiplications of pretraining and of an epoch of fine-tuning; how many of these the first is worth."""
    pile = config.pile
    links, last = sum(pile.links), pile.width * N_CLASSES
    return [
        aligned(
            r"M_\text{pre} &= n_\text{pre}\,\Bigl(5 E \sum_{l=1}^{D} m_l + \sum_{l<D} m_l\Bigr)",
            rf"&= {pile.n_images}\,(5 \cdot {pile.epochs} \cdot {links} + {sum(pile.links[:-1])})",
            rf"&= {number(pile.work)}",
        ),
        aligned(
            r"M_\text{epoch} &= n\,\Bigl(3 \sum_{l=1}^{D+1} m_l - m_1\Bigr)",
            rf"&= {config.n_labelled}\,\bigl(3\,({links} + {last}) - {pile.links[0]}\bigr)",
            rf"&= {number(config.work)}",
            rf"\frac{{M_\text{{pre}}}}{{M_\text{{epoch}}}} &= {number(config.pretraining_epochs)}",
        ),
    ]
