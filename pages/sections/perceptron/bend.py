"""Layers without activation functions multiply out to one layer; with them the boundary bends."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from engine import gate_network, linear_stack
from engine.export_linear_stack import stack_script
from engine.linear_stack import HIGH, LOW, MAX_DEPTH, MAX_WIDTH, Stack, StackConfig, StackResult
from pages.shared import cached, controls, names, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import linear_stack as picture
from pages.shared.charts import plane
from pages.shared.formulas import linear_stack as formulas
from pages.shared.text import N_, _

RANDOM, NOTE = "random", "note"
NETWORKS = {RANDOM: N_("Random weights"), NOTE: N_("Set by hand (note 001)")}
ACTIVATIONS = {RANDOM: "tanh", NOTE: "sigmoid"}
SEEDS = 9999
SEED = 37  # a draw whose boundary shows what bending means


@dataclass(frozen=True)
class Setup:
    """What the controls say."""

    config: StackConfig
    digits: int

    @property
    def depth(self) -> int:
        return len(self.config.stack.weights)


@controls.section
def section() -> None:
    screen.question(_("Why does every hidden layer need an activation function?"))
    left, right = screen.columns()
    with left:
        setup = _controls()
    result = cached.linear_stack(setup.config)
    with right:
        _planes(setup, result)
    _in_short(setup, result)
    _formulas(setup, result)
    table = _table(setup, result)
    _notice()
    _challenge()
    takeaway.takeaway("perceptron_bend", table, stack_script(setup.config))


# controls -----------------------------------------------------------------------------------------------------


def _controls() -> Setup:
    titles = {code: _(title) for code, title in NETWORKS.items()}
    code = controls.choice(st.selectbox, _("Network"), titles, key="perceptron_bend_network")
    stack = _random() if code == RANDOM else Stack(*gate_network.NOTE_001.layers)
    kind = controls.choice(
        st.selectbox,
        _("Activation function of the hidden layers"),
        names.ACTIVATIONS,
        key="perceptron_bend_activation",
        default=ACTIVATIONS[code],
        scope=code,
    )
    amount = controls.slider(
        _("How much of it"),
        key="perceptron_bend_amount",
        default=1.0,
        low=0.0,
        high=1.0,
        step=0.02,
        help=_("A hidden unit gives (1 − t) z + t f(z). At t = 0 there is no activation function, at t = 1 it is f."),
    )
    with st.expander(_("More settings")):
        digits = controls.digits("perceptron_bend_digits")
    return Setup(StackConfig(stack, kind, amount), digits)


def _random() -> Stack:
    whole = partial(controls.number, low=1, step=1)
    with st.container(horizontal=True):
        depth = whole(_("Layers"), key="perceptron_bend_depth", default=3, high=MAX_DEPTH)
        width = whole(_("Hidden units a layer"), key="perceptron_bend_width", default=3, high=MAX_WIDTH)
    key = "perceptron_bend_seed"
    seed = controls.number(_("Seed"), key=key, default=SEED, low=0, high=SEEDS, step=1)
    st.button(
        _("Draw other weights"),
        icon=":material/casino:",
        key=f"{key}.next",
        on_click=controls.put,
        args=(key, (seed + 1) % (SEEDS + 1)),
    )
    return linear_stack.random_stack(depth, width, seed)


# the pictures -------------------------------------------------------------------------------------------------


def _planes(setup: Setup, result: StackResult) -> None:
    name = names.ACTIVATIONS[setup.config.kind]
    with st.container(horizontal=True):
        with st.container(width="content"):
            st.markdown(_("**Without** activation functions: the stack is one layer."))
            alt = _("The outputs without activation functions, and the straight line z = 0; z at the inputs: {values}")
            _plane("straight", result.straight_field, result.straight_boundary, result.stack, alt, setup.digits)
        with st.container(width="content"):
            st.markdown(_("**With** {name} in the hidden layers, same weights.").format(name=name))
            alt = _("The outputs with activation functions, and the boundary z = 0; z at the inputs: {values}")
            _plane("bent", result.bent_field, result.bent_boundary, result.bent, alt, setup.digits)


def _plane(name: str, field, boundary, outputs, alt: str, digits: int) -> None:
    values = ", ".join(f"{at} {numbers.plain(z, digits)}" for at, z in zip(picture.NAMES, outputs, strict=True))
    show.chart(
        plane.spec(
            "x₁",
            "x₂",
            low=LOW,
            high=HIGH,
            side=picture.SIDE,
            value_title="σ(z)",
            colour_bar=name == "bent",  # one for both
        ),
        picture.data(field, boundary, outputs),
        alt=alt.format(values=values),
        key=f"perceptron_bend_{name}",
        width="content",
    )


def _in_short(setup: Setup, result: StackResult) -> None:
    """The figures, and what is special about this stack."""
    explained = _(
        "The bend: the largest distance of the outputs over this square from their best straight map z = x w + b "
        "(least squares). Where there is no activation function it is 0 to rounding."
    )
    with st.container(horizontal=True):
        st.metric(_("Parameters: stack, one layer"), f"{result.n_parameters} → {result.n_needed}")
        st.metric(
            _("Largest difference of the two"),
            numbers.plain(result.largest_difference, 2),
            help=_("Rounding alone: the same sums, in another order."),
        )
        st.metric(_("Bend without"), numbers.plain(result.straight_bend, 2), help=explained)
        name = names.ACTIVATIONS[setup.config.kind]
        st.metric(_("Bend with {name}").format(name=name), numbers.plain(result.bend, setup.digits), help=explained)
    if not len(result.straight_boundary):
        st.markdown(_("Without activation functions, z has one sign all over this square: there is no line to see."))
    if setup.depth == 1:
        st.markdown(_("A single layer has no hidden units: there is nothing to bend."))
    elif result.rank == 1:
        st.markdown(
            _(
                "The hidden layers multiplied out have rank 1: they press the plane onto a line, and what lay across "
                "that line is lost."
            )
        )


# the numbers --------------------------------------------------------------------------------------------------


def _formulas(setup: Setup, result: StackResult) -> None:
    tex = partial(numbers.tex, digits=setup.digits)
    why, one = st.columns(2)
    with why:
        st.markdown(_("**The stack, multiplied out**"))
        st.latex(formulas.symbols(setup.depth))
        remark = _(
            "Note 002 writes x as a column, W₂ (W₁ x + b₁) + b₂; here it is a row, and the order turns around. "
            "With its bias a layer is affine; it is called linear all the same."
        )
        screen.aside(remark)
    with one:
        st.markdown(_("**The one layer that it is**"))
        st.latex(formulas.one_layer(result.products[-1], result.offsets[-1], tex))
    with st.expander(_("Every matrix, and the product layer by layer"), expanded=setup.depth <= 3):
        with st.container(horizontal=True, gap="large"):
            for index, (W, b) in enumerate(zip(result.weights, result.biases, strict=True)):
                st.latex(formulas.layer(index, W, b, tex), width="content")
        if setup.depth > 1:
            st.markdown(_("Multiplied from the left, a layer more each time:"))
        with st.container(horizontal=True, gap="large"):
            for index in range(1, setup.depth):
                W, b = result.products[index], result.offsets[index]
                st.latex(formulas.product(index, W, b, tex), width="content")


def _table(setup: Setup, result: StackResult) -> pd.DataFrame:
    """The outputs of both, and with the activation function; returned at full precision."""
    rows = {
        _("Stack, no activation function"): result.stack,
        _("The one layer"): result.one_layer,
        _("Difference"): result.difference,
        _("Stack with {name}").format(name=names.ACTIVATIONS[setup.config.kind]): result.bent,
    }
    table = pd.DataFrame({_("Output z at input"): list(rows)})
    for column, name in enumerate(picture.NAMES):
        table[name] = [float(values[column]) for values in rows.values()]
    shown = table.astype(object)
    shown.iloc[2, 1:] = [numbers.plain(value, 2) for value in result.difference]  # rounding has no more digits to tell
    screen.table(shown, alt=_("Outputs of the stack and of the one layer"), digits=setup.digits)
    return table


def _notice() -> None:
    screen.notice(
        _(
            "However deep it is, a stack without activation functions has one matrix and one bias, and at most one "
            "straight line for a boundary: for all its parameters it cannot do XOR. Drag “How much of it” from 0 to 1 "
            "and watch the line bend; no single layer can follow it then. With one unit in each hidden layer even an "
            "activation function leaves nothing but parallel lines."
        )
    )


def _challenge() -> None:
    """Three layers of one unit each; whoever only adds the biases answers 2."""
    _W, b = linear_stack.collapse([[[2.0]], [[3.0]], [[-2.0]]], [[1.0], [-4.0], [5.0]])
    challenge(
        "perceptron_bend_challenge",
        _("h = 2x + 1, then u = 3h − 4, then z = −2u + 5. As one layer, z = w x + b. How large is b?"),
        answer=float(b[0]),
        tolerance=1e-6,
        hint=_("A bias goes through all the layers after it. What is z at x = 0?"),
        explanation=_("u = 3 (2x + 1) − 4 = 6x − 1, and z = −2 (6x − 1) + 5 = −12x + 7: w = −12 and b = 7."),
    )
