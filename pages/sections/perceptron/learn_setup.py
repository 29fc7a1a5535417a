"""The controls of the learning section: which gate, from where, how fast, in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import permutations

import streamlit as st

from engine.gates import GATES, POINTS, Gate
from pages.shared import controls, names, numbers, screen
from pages.shared.text import _

START, FURTHEST = (0.0, 0.0, 0.0), 10.0  # of w1, w2, b
CAP, MOST = 1000, 2000  # mistakes after which a run is given up
DIGITS = 6  # so that a weight of 9.99 shows a change of 0.01
GAP = "\N{NO-BREAK SPACE}"  # in what should not be broken over two lines

number = partial(numbers.plain, digits=DIGITS)
SAMPLES = tuple("".join(f"{value:g}" for value in point) for point in POINTS)  # 00, 01, 10, 11
IN_ORDER = tuple(range(len(POINTS)))
FIXED = {"forward": IN_ORDER, "backward": IN_ORDER[::-1]}
OWN, SHUFFLED = "own", "shuffled"


@dataclass(frozen=True)
class Setup:
    """What the controls say; start is (w1, w2, b)."""

    gate: Gate
    start: tuple[float, ...]
    learning_rate: float
    order: tuple[int, ...] | None
    seed: int | None
    max_updates: int

    @property
    def run(self) -> tuple:
        """The arguments of cached.learnt."""
        return self.gate.code, self.start, self.learning_rate, self.order, self.seed, self.max_updates

    @property
    def from_zero(self) -> bool:
        return self.start == START

    @property
    def scope(self) -> str:
        """What the walk's position belongs to; from zero the learning rate changes no visit, and it stays."""
        rate = "any" if self.from_zero else self.learning_rate
        return f"{self.gate.code} {self.start} {rate} {self.order} {self.seed} {self.max_updates}"


def setup() -> Setup:
    """Draw all controls."""
    gate = GATES[controls.choice(st.selectbox, _("Logic gate"), names.GATES_WITH_OUTPUTS, key="perceptron_learn_gate")]
    start = controls.numbers(
        ("w₁", "w₂", "b"), key="perceptron_learn_start", default=START, low=-FURTHEST, high=FURTHEST
    )
    screen.aside(_("The weights and the bias at the start."))
    rate = controls.slider(
        f"{_('Learning rate')} η", key="perceptron_learn_rate", default=1.0, low=0.01, high=2.0, step=0.01
    )
    order, seed = _order()
    with st.expander(_("More settings")):
        cap = controls.number(
            _("Give up after this many mistakes"), key="perceptron_learn_cap", default=CAP, low=10, high=MOST, step=10
        )
    return Setup(gate, start, rate, order, seed, cap)


def _order() -> tuple[tuple[int, ...] | None, int | None]:
    """The order of every pass, or the seed that draws a new one for each."""
    labels = {
        "forward": _in_words(FIXED["forward"]),
        "backward": _in_words(FIXED["backward"]),
        OWN: _("another order"),
        SHUFFLED: _("shuffled anew in every epoch"),
    }
    code = controls.choice(st.selectbox, _("Order of the samples"), labels, key="perceptron_learn_order")
    if code == OWN:
        orders = {"".join(map(str, order)): order for order in permutations(IN_ORDER)}
        words = {code: _in_words(order) for code, order in orders.items()}
        own = controls.choice(
            st.selectbox, _("My own order"), words, key="perceptron_learn_permutation", default="3120"
        )
        return orders[own], None
    if code == SHUFFLED:
        return None, controls.number(_("Seed"), key="perceptron_learn_seed", default=1, low=0, high=9999, step=1)
    return FIXED[code], None


def _in_words(order: tuple[int, ...]) -> str:
    return ", ".join(SAMPLES[i] for i in order)


def triple(values: Iterable[float]) -> str:
    """(w1, w2, b) as text."""
    return f"({f',{GAP}'.join(map(number, values))})"
