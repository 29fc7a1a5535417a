"""The family of optimizers as facts: who builds on whom, who published it, what it must remember."""

from dataclasses import dataclass

import numpy as np

from engine.adam import Adam
from engine.errors import number, one_of, whole
from engine.lbfgs import LBFGS
from engine.optimizers import NOT_RACED, OPTIMIZERS

NEWTON = {  # the rule behind L-BFGS; H is the Hessian
    "direction": r"d \leftarrow -H^{-1}\, g",
    "new_parameters": r"\theta \leftarrow \theta + d",
}
PARTS = {  # quantities that play the same part in different rules
    "velocity": "gathered gradients",
    "first_moment": "gathered gradients",
    "sum_squared_gradient": "size of gradients",
    "mean_squared_gradient": "size of gradients",
    "second_moment": "size of gradients",
    "infinity_norm": "size of gradients",
}
PAIR = 2  # L-BFGS remembers s and y of each of its last steps, each as long as the parameters
BYTES = {"float32": 4, "float64": 8}
MOST_PARAMETERS = 10**15


@dataclass(frozen=True)
class Member:
    """One optimizer of the family.

    Attributes:
        code: as in OPTIMIZERS; "lbfgs", "sparse_adam"; "newton", which is named as an ancestor only.
        title: proper name.
        parents: codes of what it builds on, the nearer one first; the tree says what adds to what, not who read whom.
        year: of publication; None for Newton's method, which is older than any optimizer of networks.
        authors, paper: the source.
        in_note_004: whether note 004 lists it.
    """

    code: str
    title: str
    parents: tuple[str, ...]
    year: int | None
    authors: str
    paper: str
    in_note_004: bool = False


FAMILY: dict[str, Member] = {
    member.code: member
    for member in (
        Member("sgd", "SGD", (), 1951, "Robbins & Monro", "A Stochastic Approximation Method", True),
        Member(
            "momentum",
            "Momentum",
            ("sgd",),
            1964,
            "Polyak",
            "Some methods of speeding up the convergence of iteration methods",
        ),
        Member(
            "nesterov",
            "Nesterov momentum",
            ("momentum",),
            1983,
            "Nesterov",
            "A method for solving the convex programming problem with convergence rate O(1/k²)",
        ),
        Member(
            "asgd",
            "Averaged SGD",
            ("sgd",),
            1992,
            "Polyak & Juditsky",
            "Acceleration of Stochastic Approximation by Averaging",
            True,
        ),
        Member(
            "rprop",
            "Rprop",
            ("sgd",),
            1993,
            "Riedmiller & Braun",
            "A direct adaptive method for faster backpropagation learning: the RPROP algorithm",
            True,
        ),
        Member(
            "adagrad",
            "AdaGrad",
            ("sgd",),
            2011,
            "Duchi, Hazan & Singer",
            "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
            True,
        ),
        Member(
            "rmsprop",
            "RMSProp",
            ("adagrad", "rprop"),
            2012,
            "Tieleman & Hinton",
            "Lecture 6.5: Divide the gradient by a running average of its recent magnitude",
            True,
        ),
        Member(
            "adadelta",
            "Adadelta",
            ("adagrad",),
            2012,
            "Zeiler",
            "ADADELTA: An Adaptive Learning Rate Method",
            True,
        ),
        Member(
            "adam",
            "Adam",
            ("rmsprop", "momentum"),
            2015,
            "Kingma & Ba",
            "Adam: A Method for Stochastic Optimization",
            True,
        ),
        Member(
            "adamax",
            "Adamax",
            ("adam",),
            2015,
            "Kingma & Ba",
            "Adam: A Method for Stochastic Optimization, section 7",
            True,
        ),
        Member(
            "nadam",
            "NAdam",
            ("adam", "nesterov"),
            2016,
            "Dozat",
            "Incorporating Nesterov Momentum into Adam",
        ),
        Member(
            "sparse_adam",
            NOT_RACED["sparse_adam"][0],
            ("adam",),
            2017,
            "PyTorch 0.3",
            "torch.optim.SparseAdam",
            True,
        ),
        Member(
            "adamw",
            "AdamW",
            ("adam",),
            2019,
            "Loshchilov & Hutter",
            "Decoupled Weight Decay Regularization",
        ),
        Member("newton", "Newton", (), None, "Newton, Raphson", ""),
        Member(
            "lbfgs",
            LBFGS.title,
            ("newton",),
            1989,
            "Liu & Nocedal",
            "On the limited memory BFGS method for large scale optimization",
            True,
        ),
    )
}
SHOWN = tuple(code for code in FAMILY if code != "newton")  # those that can be chosen, in the order of their branches


def ancestors(code: str) -> frozenset[str]:
    """All that an optimizer builds on, near and far, without itself.

    Raises: InputError: unknown_name.
    """
    parents = member(code).parents
    return frozenset(parents).union(*(ancestors(parent) for parent in parents))


def descendants(code: str) -> frozenset[str]:
    """All that build on an optimizer, without itself.

    Raises: InputError: unknown_name.
    """
    one_of("optimizer", code, FAMILY)
    return frozenset(other for other in FAMILY if code in ancestors(other))


def member(code: str) -> Member:
    """The optimizer of this code.

    Raises: InputError: unknown_name.
    """
    return FAMILY[one_of("optimizer", code, FAMILY)]


def lines(code: str) -> dict[str, str]:
    """The formula of an optimizer with its defaults: name of each quantity -> line of LaTeX, in order.

    SparseAdam has Adam's lines: it takes them for the rows of the parameters whose gradient is not 0, and skips the
    others.

    Raises: InputError: unknown_name.
    """
    one_of("optimizer", code, FAMILY)
    if code in OPTIMIZERS:
        return OPTIMIZERS[code]().formula()
    return {"newton": NEWTON, "lbfgs": LBFGS.lines, "sparse_adam": Adam().formula()}[code]


@dataclass(frozen=True)
class Line:
    """A line of a formula beside another one's.

    Attributes:
        name: of the quantity it computes; latex: the line.
        change: "same", "changed"; "new" in a child, "gone" in a parent where the other has no such line.
    """

    name: str
    latex: str
    change: str


def changes(code: str, parent: str | None) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """What an optimizer adds to and changes in the formula of another.

    Lines are compared by the part they play, not by their letter: Momentum's velocity v and Adam's m both gather
    gradients, AdaGrad's G, RMSProp's s, Adam's v and Adamax's u all measure their size.

    Args: code, parent: keys of FAMILY; without a parent every line is "same".
    Returns: the lines of the optimizer, and those of the parent.
    Raises: InputError: unknown_name.
    """
    own, before = lines(code), lines(parent) if parent else lines(code)
    child = _compared(own, {_part(name): latex for name, latex in before.items()}, "new")
    return child, _compared(before, {_part(name): latex for name, latex in own.items()}, "gone") if parent else ()


def _part(name: str) -> str:
    """The part that a quantity plays in its rule."""
    return PARTS.get(name, name)


def _compared(formula: dict[str, str], other: dict[str, str], alone: str) -> tuple[Line, ...]:
    def change(name: str, latex: str) -> str:
        counterpart = other.get(_part(name))
        return alone if counterpart is None else "same" if counterpart == latex else "changed"

    return tuple(Line(name, latex, change(name, latex)) for name, latex in formula.items())


def numbers_per_parameter(code: str) -> int:
    """How many numbers an optimizer must keep for each parameter from one step to the next.

    Counted in the state itself: the entries of `Optimizer.memory` that have the shape of the parameters. Those with a
    single number for all, such as Adam's step counter, do not count. L-BFGS keeps s and y of each pair it remembers.
    SparseAdam keeps both moments of all rows, though it updates only a few at a time.

    Raises: InputError: unknown_name.
    """
    one_of("optimizer", code, SHOWN)
    if code == "lbfgs":
        return PAIR * LBFGS().history_size
    rule = OPTIMIZERS["adam" if code == "sparse_adam" else code]()
    state = rule.start(np.zeros(3))
    return sum(state[name].shape == (3,) for name in rule.memory)


@dataclass(frozen=True)
class MemoryUse:
    """Bytes that one update of a network needs, without its activations."""

    parameters: float
    gradient: float
    state: float

    @property
    def total(self) -> float:
        """All three together."""
        return self.parameters + self.gradient + self.state


def memory_use(code: str, n_parameters: int, number_format: str = "float32") -> MemoryUse:
    """The bytes of parameters, gradient and the optimizer's state.

    Args:
        code: one of SHOWN.
        n_parameters: 1 to 10^15.
        number_format: "float32" (4 bytes) or "float64" (8 bytes), the same for all.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """
    n_parameters = whole("n_parameters", n_parameters, 1, MOST_PARAMETERS)
    each = BYTES[one_of("number_format", number_format, BYTES)] * n_parameters
    return MemoryUse(each, each, each * numbers_per_parameter(code))


def largest_network(code: str, n_bytes: float, number_format: str = "float32") -> int:
    """How many parameters can be trained in a memory, activations left out.

    Args: n_bytes: at least 0; the others as in `memory_use`.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """
    each = BYTES[one_of("number_format", number_format, BYTES)]
    return int(number("n_bytes", n_bytes, 0) // (each * (2 + numbers_per_parameter(code))))
