"""Section 1: a formula as a graph; values flow forward, gradients flow back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from engine import export, gradcheck
from engine import graph as engine_graph
from engine.errors import InputError
from engine.graph import MAX_VALUE, Graph, Trace
from pages.shared import cached, controls, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import graph as picture
from pages.shared.charts import wiring
from pages.shared.formulas import graph as formulas
from pages.shared.text import N_, _, sentence

OWN = "own"
PRESETS = {  # code -> title, expression, values
    "line": (N_("w x + b (note 001)"), "f = w*x + b", (-2.0, 5.0, 3.0)),
    "sigmoid": (N_("Sigmoid in steps (note 001)"), "1/(1 + exp(-z))", (1.0,)),
    "square": (N_("2 (x − 2)² (note 002)"), "z = x - 2; y = 2*z**2", (4.0,)),
    "neuron": (N_("A neuron"), "sigmoid(w0*x0 + w1*x1 + b)", (2.0, -1.0, -3.0, -2.0, -3.0)),
    "twice": (N_("A variable used twice"), "(x + y)*x", (3.0, 2.0)),
    OWN: (N_("My own expression"), "tanh(w*x + b)**2", ()),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say: the expression's graph, the numbers put in, and what names this combination."""

    graph: Graph
    values: dict[str, float]
    scope: str
    digits: int


@controls.section
def section() -> None:
    screen.question(_("How does a change at one input reach the output?"))
    left, right = screen.columns()
    with left:
        setup = _controls()
    with right:
        trace = _evaluated(setup) if setup else None
        if trace:
            _walk(setup, trace)
    if trace:
        number = partial(numbers.plain, digits=setup.digits)
        table = _gradient_table(setup, trace)
        _nudge(setup, number)
    _notice()
    _challenge()
    if trace:
        takeaway.takeaway("backprop_graph", table, export.graph_script(setup.graph, setup.values))


def _controls() -> Setup | None:
    titles = {code: _(title) for code, (title, _expression, _values) in PRESETS.items()}
    preset = controls.choice(st.selectbox, _("Formula"), titles, key="backprop_formula")
    _title, expression, values = PRESETS[preset]
    if preset == OWN:
        expression = controls.text_line(
            _("My own expression"),
            key="backprop_expression",
            default=expression,
            max_chars=200,
            help=_(
                "Names, numbers, `+ - * / **`, parentheses, and `exp log sqrt sin cos tanh sigmoid relu max min`. "
                "Name a result in between with a semicolon: `z = x - 2; y = 2*z**2`"
            ),
        )
    try:
        graph = cached.computation_graph(expression)
    except InputError as error:
        _explain(error, expression)
        return None
    scope = preset if preset != OWN else expression
    given = controls.numbers(
        graph.variables,
        key="backprop_at",
        default=values or (1.0,) * len(graph.variables),
        low=-MAX_VALUE,
        high=MAX_VALUE,
        scope=scope,
    )
    digits = controls.digits("backprop_graph_digits")
    return Setup(graph, dict(zip(graph.variables, given, strict=True)), scope, digits)


def _explain(error: InputError, expression: str) -> None:
    """The sentence, and the spot under the expression."""
    st.error(sentence(error))
    if error.position is not None and expression:
        st.code(f"{expression}\n{' ' * min(error.position, len(expression))}^", language=None)


def _evaluated(setup: Setup) -> Trace | None:
    """All numbers of the graph, or the sentence that says why there are none."""
    try:
        return engine_graph.evaluate(setup.graph, setup.values)
    except InputError as error:
        _explain(error, setup.graph.text)
        return None


def _walk(setup: Setup, trace: Trace) -> None:
    """The stepper, the picture, the formula of the step."""
    step = controls.stepper(_("Step"), picture.n_steps(trace), key="backprop_step", scope=setup.scope)
    _picture(setup, trace, step, partial(numbers.plain, digits=setup.digits))
    _formula(setup, trace, step)


def _picture(setup: Setup, trace: Trace, step: int, number: Callable[[float], str]) -> None:
    columns, rows = picture.size(setup.graph)
    output = setup.graph.nodes[setup.graph.output]
    show.scrolling(
        wiring.spec(rows),
        picture.data(setup.graph, trace, step, number),
        alt=_("Computation graph of {formula}; the result is {value}").format(
            formula=setup.graph.text, value=number(trace.values[output.index])
        ),
        key="backprop_graph_picture",
        width=wiring.width(columns),
    )
    st.markdown(
        _("Above a node: its :blue[**value**]. Below it: its :orange[**gradient**], the derivative of the result.")
    )


def _formula(setup: Setup, trace: Trace, step: int) -> None:
    """The current step as the chain rule, in symbols and with the numbers in."""
    number = partial(numbers.tex, digits=setup.digits)
    done = step - len(trace.forward)
    if step == 0:
        st.markdown(_("**Start.** The variables have their values."))
        st.latex(formulas.start(setup.graph, trace, number))
    elif done <= 0:
        st.markdown(_("**Forward.** A node computes its value from its inputs."))
        st.latex(formulas.forward(setup.graph, trace.forward[step - 1], number))
    elif done == 1:
        st.markdown(_("**Backward starts.** The derivative of the result with respect to itself is 1."))
        st.latex(formulas.seed(setup.graph))
    else:
        st.markdown(_("**Backward.** Upstream gradient times local derivative: the chain rule along one edge."))
        current = trace.backward[done - 2]
        st.latex(formulas.backward(setup.graph, trace, current, number))
        if engine_graph.at_kink(trace, current):
            st.info(
                _(
                    "At this point there is a kink and no derivative. "
                    "By convention relu takes 0 here, max and min ½ each."
                )
            )


def _gradient_table(setup: Setup, trace: Trace) -> pd.DataFrame:
    """Each variable's gradient beside its numerical check; returned at full precision."""
    checked = engine_graph.numerical_gradient(setup.graph, setup.values)
    exact = [float(trace.gradients[setup.graph.index(name)]) for name in setup.graph.variables]
    table = pd.DataFrame(
        {
            _("Variable"): setup.graph.variables,
            _("Value"): [setup.values[name] for name in setup.graph.variables],
            _("Gradient"): exact,
            _("Numerical gradient"): [checked[name] for name in setup.graph.variables],
        }
    )
    errors = gradcheck.relative_error(table[_("Gradient")], table[_("Numerical gradient")])
    table[_("Relative error")] = errors
    screen.table(table, alt=_("Gradients and their numerical check"), digits=setup.digits, own={_("Relative error"): 2})
    return table


def _nudge(setup: Setup, number: Callable[[float], str]) -> None:
    """Add a little to one variable: what the gradient promised, and what happened."""
    with st.container(border=True):
        st.markdown(_("**Nudge.** Add a small amount to one variable. What does the gradient promise?"))
        choose, by = st.columns(2)
        with choose:
            names = {name: name for name in setup.graph.variables}
            variable = controls.choice(
                st.selectbox, _("Variable"), names, key="backprop_nudge", scope=" ".join(setup.graph.variables)
            )
        with by:
            amount = controls.number(_("Amount"), key="backprop_amount", default=0.1, low=-1e6, high=1e6, step=0.01)
        try:
            nudge = engine_graph.nudge(setup.graph, setup.values, variable, amount)
        except InputError as error:
            st.warning(sentence(error))
            return
        promised, happened = st.columns(2)
        promised.metric(_("Promised: gradient × amount"), number(nudge.promised))
        happened.metric(_("What really happened"), number(nudge.actual))


def _notice() -> None:
    screen.notice(
        _(
            "Each node knows only its own operation: its local derivative. The gradient that arrives from the right is "
            "multiplied by it and handed on to the left. A sum passes it on unchanged, a product swaps its inputs, and "
            "where a variable is used twice, what arrives over both paths is added. The gradient is exact only for an "
            "infinitely small step: make the nudge larger, and its promise gets worse, unless the formula is linear in "
            "that variable."
        )
    )


def _challenge() -> None:
    """(x + y) x at (3, 2): whoever forgets one of the two paths answers 5 or 3."""
    answer = engine_graph.evaluate(cached.computation_graph("(x + y)*x"), {"x": 3.0, "y": 2.0}).gradients[0]
    challenge(
        "backprop_graph_challenge",
        _("f = (x + y) · x at x = 3, y = 2. How large is ∂f/∂x?"),
        answer=float(answer),
        tolerance=1e-6,
        hint=_("x is used twice. Choose “A variable used twice” above and walk through the backward pass."),
        explanation=_(
            "Along the product directly x receives x + y = 5, along the sum it receives x = 3. Both paths add up to 8."
        ),
    )
