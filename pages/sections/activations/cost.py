"""What an activation function costs: passes over the array, counted; and time, measured when the learner asks."""

from functools import partial

import streamlit as st

from engine.activations import activation
from engine.export_timing import timing_script
from engine.timing import REFERENCE, measure, share_on_paper
from pages.sections.activations import cost_shown
from pages.shared import controls, names, numbers, screen, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.formulas import shares
from pages.shared.text import _
from pages.shared.turns import alone

DEFAULT = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish", "gelu")
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS, BUDGET = 25, 3.0
MEASURED = "activations_cost_measured"  # in the session alone: a measured number is no setting, and no link's business
ASKED = "activations_cost_asked"  # set by the button, taken by the run that follows
FAN_IN, COST = 100, 20.0  # of the challenge


@controls.section
def section() -> None:
    screen.question(_("Is ReLU really cheaper to compute?"))
    left, right = screen.columns()
    with left:
        codes, n_values = _controls()
        place = st.empty()
        st.button(_("Measure"), key="activations_cost_measure", type="primary", icon=":material/timer:", on_click=_ask)
        if st.session_state.pop(ASKED, False):
            _measure(codes, n_values, place)
    timings = st.session_state.get(MEASURED)
    shown = timings.names if timings else codes
    with right:
        if timings:
            cost_shown.measured_picture(timings)
            cost_shown.verdicts(timings)
        else:
            cost_shown.counted_picture(shown)
    table = cost_shown.tables(shown, timings)
    _on_paper()
    _notice()
    _challenge()
    takeaway.takeaway("activations_cost", table, timing_script([activation(code) for code in shown]))


def _controls() -> tuple[tuple[str, ...], int]:
    chosen = controls.choices(
        st.multiselect,
        _("Activation functions"),
        names.ACTIVATIONS,
        key="activations_cost_functions",
        default=DEFAULT,
        most=len(names.ACTIVATIONS),
        wrap=True,
        help=_("ReLU is always among them: all others are compared with it."),
    )
    sizes = {str(size): f"{size:,}" for size in SIZES}
    n_values = controls.choice(
        st.segmented_control,
        _("Values at a time"),
        sizes,
        key="activations_cost_values",
        default=str(SIZES[1]),
        required=True,
        help=_("10,000 values stay in the processor's cache, 1,000,000 have to come from the memory at each pass."),
    )
    return tuple(code for code in names.ACTIVATIONS if code in chosen or code == REFERENCE), int(n_values)


def _ask() -> None:
    st.session_state[ASKED] = True


def _measure(codes: tuple[str, ...], n_values: int, place) -> None:
    """Measure once nobody else does, and keep the result in the session."""
    kinds = [activation(code) for code in codes]

    def wait() -> None:
        place.info(_("Someone else is measuring. Yours begins when they are done, or both would be wrong …"))

    with st.spinner(_("Measuring, for up to 3 seconds …")):
        timings = alone(lambda: measure(kinds, n_values, ROUNDS, BUDGET), wait)
    place.empty()
    if timings is None:
        place.warning(_("Many are measuring just now. Please try again in a minute."))
    else:
        st.session_state[MEASURED] = timings


def _on_paper() -> None:
    """The share of the activation in a layer, without a clock."""
    with st.container(border=True):
        st.markdown(
            _(
                "**How much of a layer is it?** A unit with n inputs needs n multiplications and one value of f. If "
                "that costs as much as c multiplications, its share is s:"
            )
        )
        inputs, dear = st.columns(2)
        with inputs:
            n = controls.slider(
                _("Inputs of a unit, n"), key="activations_cost_inputs", default=10, low=1, high=1000, step=1
            )
        with dear:
            c = controls.slider(
                _("Cost of one value of f, c"), key="activations_cost_c", default=5.0, low=0.0, high=100.0, step=0.5
            )
        st.latex(shares.share(n, c, share_on_paper(n, c), partial(numbers.tex, digits=4)))


def _notice() -> None:
    screen.notice(
        _(
            "‘Cheap to compute’ is the first merit of ReLU in note 002. In NumPy a function costs its passes over the "
            "array, and a pass of exp costs more than a pass of sums. ReLU's f needs a single comparison, so the "
            "argument holds for f. For f′ it may not: once a is known, the sigmoid's a (1 − a) is two cheap passes. "
            "And in a layer the matrix product grows with the number of inputs, and f does not: the more inputs, the "
            "less a cheaper f saves. The gradient is the better reason."
        )
    )


def _challenge() -> None:
    """A layer's share on paper; dividing 20 by 100 forgets that f is part of the whole."""
    answer = 100 * share_on_paper(FAN_IN, COST)
    challenge(
        "activations_cost_challenge",
        _(
            "A layer has 100 inputs and 100 units, and one exp costs as much as 20 multiplications. What percentage "
            "of the layer's work is the activation function, if additions cost nothing (2 digits)?"
        ),
        answer=answer,
        tolerance=close(answer, 2),
        hint=_("For one unit: 100 multiplications and one exp. The share is of the whole, not of the product alone."),
        explanation=_("20 / (100 + 20) = 1/6, about 16.7%. The number of units cancels: each has its own 100 inputs."),
    )
