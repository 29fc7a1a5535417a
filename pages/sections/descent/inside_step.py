"""Step k of “Inside a step”: its lines with the numbers in, its quantities over all steps, its table."""

import pandas as pd
import streamlit as st

from engine.optimizers import OPTIMIZERS, SYMBOLS
from engine.step_lines import lines
from engine.step_trace import Trace
from pages.sections.descent.inside_setup import Setup
from pages.shared import controls, names, numbers, screen, show
from pages.shared.charts import series
from pages.shared.formulas import steps as formulas
from pages.shared.quantities import QUANTITIES
from pages.shared.text import _

AXES = ("x₀", "x₁")
BOTH = "both"


def label(run: Trace) -> str:
    """How a run is called in the legends."""
    name = names.OPTIMIZERS[run.optimizer.code]
    return name if _is_ordinary(run) else _("{name}, uncorrected").format(name=name)


def place(run: Trace) -> int:
    """Of its colour: a rule's own, as in all sections; without bias correction the first one that no rule has."""
    return list(OPTIMIZERS).index(run.optimizer.code) if _is_ordinary(run) else len(OPTIMIZERS)


def _is_ordinary(run: Trace) -> bool:
    return getattr(run.optimizer, "bias_correction", True)


def step(chosen: Setup, run: Trace, twin: Trace | None, k: int) -> pd.DataFrame:
    """The lines of step k, the curves, the table; returns the table at full precision."""
    _headline(chosen, run, k)
    parameters = _parameters()
    if 0 <= run.diverged_at <= k:
        st.info(_("Here the numbers are too large to be computed. Go back to an earlier step."))
    else:
        _lines(chosen, run, k, parameters)
    for parameter in parameters:
        _curves(run, twin, k, parameter)
    return _table(chosen, run, k)


def _headline(chosen: Setup, run: Trace, k: int) -> None:
    before, after = (
        ", ".join(numbers.plain(float(x), chosen.digits) for x in run.points[index]) for index in (k, k + 1)
    )
    st.markdown(_("**Step k = {k}** leads from x = ({before}) to ({after}).").format(k=k, before=before, after=after))


def _parameters() -> tuple[int, ...]:
    """Whose numbers are shown."""
    labels = {"0": AXES[0], "1": AXES[1], BOTH: _("both")}
    code = controls.choice(
        st.segmented_control, _("Parameter θ"), labels, key="descent_inside_parameter", required=True
    )
    return (0, 1) if code == BOTH else (int(code),)


def _lines(chosen: Setup, run: Trace, k: int, parameters: tuple[int, ...]) -> None:
    """The lines in two columns where there is room: of one parameter its first and its second half, or one of each."""
    written = [_written(chosen, run, k, parameter) for parameter in parameters]
    titles = [AXES[parameter] for parameter in parameters]
    if len(written) == 1:
        half = -(-len(written[0]) // 2)
        written, titles = [written[0][:half], written[0][half:]], ["", ""]
    for column, title, part in zip(st.columns(2, gap="large"), titles, written, strict=True):
        with column, st.container(gap="small"):
            if title:
                st.markdown(f"### {title}")
            for name, latex in part:
                st.markdown(f"**{_capital(_(QUANTITIES[name].title))}**: {_(QUANTITIES[name].meaning)}")
                st.latex(latex)


def _written(chosen: Setup, run: Trace, k: int, parameter: int) -> list[tuple[str, str]]:
    """The quantities of the step in their order, each with its line in symbols, with the numbers in, and its result."""
    gradient = float(run.quantities["gradient"][k, parameter])
    return [
        ("gradient", formulas.gradient(parameter, gradient, chosen.digits)),
        *((line.name, formulas.line(line, parameter, chosen.digits)) for line in lines(run, k)),
    ]


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _curves(run: Trace, twin: Trace | None, k: int, parameter: int) -> None:
    """What went in and what came out, over all steps, for one parameter; a line marks step k."""
    at = range(len(run.points) - 1)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{_('What goes in')}**")
        known = _ingredients(run, parameter)
        show.chart(
            series.spec(tuple(known), _("step k"), _("value for {name}").format(name=AXES[parameter]), marker=True),
            series.data(at, known, at=k),
            alt=_("The gradient, its average and its size at each step"),
            key=f"descent_inside_ingredients_{parameter}",
        )
    with right:
        st.markdown(f"**{_('What comes out: the step Δ')}**")
        runs = sorted((one for one in (run, twin) if one), key=_is_ordinary, reverse=True)
        taken = {label(one): one.quantities["effective_step"][:, parameter] for one in runs}
        show.chart(
            series.spec(
                tuple(taken),
                _("step k"),
                _("step Δ of {name}").format(name=AXES[parameter]),
                marker=True,
                order=_order(runs),
            ),
            series.data(at, taken, at=k),
            alt=_("The step taken at each step"),
            key=f"descent_inside_taken_{parameter}",
        )


def _order(runs: list[Trace]) -> tuple[str, ...]:
    """All optimizers, and the uncorrected one behind them, so that each has the colour of its path."""
    return (*names.OPTIMIZERS.values(), *(label(one) for one in runs if not _is_ordinary(one)))


def _ingredients(run: Trace, parameter: int) -> dict:
    """Legend -> values: the gradient, the average that makes the step, the size of gradients that divides it."""
    known = {f"g ({_('gradient')})": run.quantities["gradient"][:, parameter]}
    if run.average:
        title = _("velocity") if run.average == "velocity" else _("average of g")
        known[f"{QUANTITIES[run.average].letter} ({title})"] = run.quantities[run.average][:, parameter]
    if run.scale is not None:
        letter = f"√{QUANTITIES[run.squares].letter}" if run.squares else QUANTITIES["infinity_norm"].letter
        known[f"{letter} ({_('size of g so far')})"] = run.scale[:, parameter]
    return known


def _table(chosen: Setup, run: Trace, k: int) -> pd.DataFrame:
    """All quantities of the step, for both parameters."""
    rows = {name: [float(x) for x in values[k]] for name, values in run.quantities.items()}
    columns = {
        _("Quantity"): [_capital(_(QUANTITIES[name].title)) for name in rows],
        _("Symbol"): [f"${SYMBOLS[name]}$" for name in rows],
    }
    columns |= {axis: [values[index] for values in rows.values()] for index, axis in enumerate(AXES)}
    table = pd.DataFrame(columns)
    screen.table(table, alt=_("All quantities of this step"), digits=chosen.digits)
    return table
