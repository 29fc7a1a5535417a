"""The whole run of the learning section: how it ended, its mistakes, the bound or the cycle, the log."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.gates import POINTS
from engine.margins import MistakeBound
from engine.rosenblatt import PerceptronHistory
from pages.sections.perceptron.learn_setup import DIGITS, GAP, SAMPLES, Setup, number, triple
from pages.shared import controls, names, numbers, screen, show
from pages.shared.charts import learning as picture
from pages.shared.formulas import learning as formulas
from pages.shared.text import _

tex = partial(numbers.tex, digits=DIGITS)
PASSES_AROUND = 1  # that the log shows before and after the current pass
MOST_ROWS = 400  # of the log on screen; the file holds all


def outcome(setup: Setup, history: PerceptronHistory, bound: MistakeBound, visit: int) -> None:
    """How the run ended; beside each other the mistakes of each pass, and the bound or the cycle."""
    _ending(setup, history, bound)
    left, right = st.columns(2, gap="large")
    with left:
        _passes(history, visit)
        if history.equal_states:
            _round(history, visit)
    with right:
        if bound.separator:
            _bound(setup, history, bound)
        elif history.equal_states:
            _cycle(history)
        else:
            _no_cycle(setup)


def _ending(setup: Setup, history: PerceptronHistory, bound: MistakeBound) -> None:
    counts = {
        "visits": len(history.sample),
        "passes": len(history.mistakes_per_pass),
        "mistakes": bound.mistakes,
        "gate": names.GATES[setup.gate.code],
    }
    if history.converged:
        text = _("**Converged** after {visits} visits ({passes} epochs), {mistakes} mistakes. The last epoch has none.")
        st.success(text.format(**counts), icon="✅")
        return
    if history.stopped == "cycle":
        text = _(
            "**It goes round in a circle.** {gate} cannot be learned: no line parts its classes. The weights return to "
            "what they were before; stopped after {visits} visits ({passes} epochs), {mistakes} mistakes."
        )
    elif bound.separator:
        text = _(
            "**Given up** after {mistakes} mistakes ({visits} visits). A line exists, so it would converge: allow more "
            "mistakes under “More settings”, or take a larger learning rate."
        )
    else:
        text = _(
            "**Given up** after {mistakes} mistakes ({visits} visits). {gate} cannot be learned: no line parts its "
            "classes, so each epoch has a mistake, however long it goes on."
        )
    st.warning(text.format(**counts), icon="🔁")


def _passes(history: PerceptronHistory, visit: int) -> None:
    per_pass = history.mistakes_per_pass
    st.markdown(f"**{_('Mistakes in each epoch')}**")
    show.chart(
        picture.passes_spec(_("epoch"), _("mistakes")),
        picture.passes_data(per_pass, int(history.pass_index[visit - 1]) if visit else None),
        alt=_(
            "Mistakes in each epoch; epochs: {passes}, mistakes in all: {mistakes}, in the last epoch: {last}"
        ).format(passes=len(per_pass), mistakes=int(history.mistakes[-1]), last=int(per_pass[-1])),
        key="perceptron_learn_passes",
    )


def _bound(setup: Setup, history: PerceptronHistory, bound: MistakeBound) -> None:
    """Novikoff's bound beside the mistakes, and whether the theorem says anything here."""
    st.markdown(f"**{_('How many mistakes can there be?')}**")
    theorem = _("Novikoff's theorem (1962): from zero weights at most {bound}, in any order, at any learning rate.")
    st.markdown(theorem.format(bound=r"$(R/\gamma)^2$"))
    st.latex(formulas.bound(bound, tex))
    facts = {"start": triple(setup.start), "mistakes": bound.mistakes, "bound": number(bound.bound)}
    if bound.applies:
        text = _("The start is zero, so the theorem holds: {mistakes} mistakes, and never more than {bound}.")
    elif bound.holds:
        text = _(
            "**The theorem does not apply:** the start is {start}, not zero. That {mistakes} is below {bound} here "
            "was not promised."
        )
    else:
        text = _(
            "**The theorem does not apply:** the start is {start}, not zero. There are {mistakes} mistakes, more "
            "than {bound}. To converge at all is certain from any start."
        )
    st.markdown(text.format(**facts))
    margin = _(
        "γ is the largest margin: in the space of (x₁, x₂, 1), the distance of the nearest point to the best plane "
        "through the origin; {weights} are that plane's weights."
    ).format(weights=triple((*bound.separator.weights.tolist(), bound.separator.bias)))
    screen.aside(margin)


def _cycle(history: PerceptronHistory) -> None:
    """That the weights are the same twice, and that what was added between adds up to nothing."""
    first, last = history.equal_states
    st.markdown(f"**{_('The weights come back')}**")
    text = _(
        "After visit {first} and after visit {last} they are the same, {weights} (↻ in the log). The same weights and "
        "the same order give the same visits again, for ever. What they add cancels out:"
    )
    st.markdown(text.format(first=first, last=last, weights=triple(history.state(first))))
    st.latex(formulas.round_trip(history.change[first:last].tolist(), tex))


def _round(history: PerceptronHistory, visit: int) -> None:
    """The cycle as a picture."""
    first, last = history.equal_states
    states = [history.state(n) for n in range(first, last + 1)]
    st.markdown(f"**{_('The round of the weights')}**")
    show.chart(
        picture.cycle_spec("w₁", "w₂"),
        picture.cycle_data(states, first, visit, number),
        alt=_("The weights (w₁, w₂) on their round from visit {first} to visit {last}: {path}").format(
            first=first, last=last, path=" → ".join(triple(state[:2]) for state in states)
        ),
        key="perceptron_learn_cycle",
        width="content",
    )
    screen.aside(_("The numbers are visits: after them the weights are there. b moves as well."))


def _no_cycle(setup: Setup) -> None:
    st.markdown(f"**{_('How many mistakes can there be?')}**")
    if setup.seed is None:
        st.markdown(
            _(
                "Without a line there is no γ and no bound. In a fixed order the weights must come back some time; "
                "from so far off they need more mistakes than were allowed."
            )
        )
    else:
        st.markdown(
            _(
                "Without a line there is no γ and no bound. In a new order the same weights need not lead to the same "
                "visits, so no cycle is looked for: the run goes on until it is given up."
            )
        )


# the log ------------------------------------------------------------------------------------------------------


def log(setup: Setup, history: PerceptronHistory, visit: int) -> pd.DataFrame:
    """The visits around the current one as a table; returns all of them at full precision."""
    whole = controls.toggle(_("Show the whole log"), key="perceptron_learn_all")
    first, last = _shown(history, visit, whole)
    text = _("The log, visits {first} to {last} of {all}. ▶ is the visit above.")
    st.markdown(f":small[{text.format(first=first, last=last, all=len(history.sample))}]")
    headings = [
        *(_("Visit"), _("Epoch"), _("Sample → y"), _("Sum z"), _("Output a"), _("Error e")),
        *(_("Change of (w₁, w₂, b)"), "w₁", "w₂", "b", _("Mistakes so far")),
    ]
    rows = [_row(setup, history, n, visit) for n in range(first, last + 1)]
    screen.table(pd.DataFrame(rows, columns=headings), alt=_("Log of the visits"), digits=DIGITS)
    return _everything(setup, history)


def _shown(history: PerceptronHistory, visit: int, whole: bool) -> tuple[int, int]:
    """The first and the last visit of the log on screen; visit 0 is the start."""
    last, n = len(history.sample), len(POINTS)
    if whole:
        first = max(min(visit - MOST_ROWS // 2, last - MOST_ROWS), 0)
        return first, min(first + MOST_ROWS, last)
    current = max(visit - 1, 0) // n
    return max(current - PASSES_AROUND, 0) * n, min((current + PASSES_AROUND + 1) * n, last)


def _row(setup: Setup, history: PerceptronHistory, n: int, visit: int) -> tuple[str, ...]:
    """Visit n as a row: what came in, what was answered, what was changed, what the weights are then."""
    mark = GAP.join(["▶"] * (n == visit) + [str(n)] + ["↻"] * (n in (history.equal_states or ())))
    weights = map(number, history.state(n))
    if n == 0:
        return mark, "", _("start"), "", "", "", "", *weights, ""
    i, sample = n - 1, history.sample[n - 1]
    answer = (number(float(values[i])) for values in (history.z, history.output, history.error))
    return (
        mark,
        str(history.pass_index[i] + 1),
        GAP.join((SAMPLES[sample], "→", str(setup.gate.outputs[sample]))),
        *answer,
        triple(history.change[i].tolist()),
        *weights,
        str(history.mistakes[i]),
    )


def _everything(setup: Setup, history: PerceptronHistory) -> pd.DataFrame:
    """Every visit at full precision."""
    x, target = POINTS[history.sample], setup.gate.target[history.sample]
    return pd.DataFrame(
        {
            _("Epoch"): history.pass_index + 1,
            "x1": x[:, 0],
            "x2": x[:, 1],
            _("Target y"): target,
            _("Sum z"): history.z,
            _("Output a"): history.output,
            _("Error e"): history.error,
            "Δw1": history.change[:, 0],
            "Δw2": history.change[:, 1],
            "Δb": history.change[:, 2],
            "w1": history.weights[:, 0],
            "w2": history.weights[:, 1],
            "b": history.bias,
            _("Mistakes so far"): history.mistakes,
        }
    )
