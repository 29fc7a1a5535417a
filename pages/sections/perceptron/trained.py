"""Section 6: the notes' own networks on XOR, trained from the notes' own starts."""

from functools import partial

import pandas as pd
import streamlit as st

from engine import export
from engine.experiment import Experiment
from engine.gates import POINTS
from engine.one_unit import TIE
from engine.xor_runs import XOR_RUNS
from pages.sections.perceptron import success
from pages.shared import cached, controls, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import curves, plane
from pages.shared.formulas.loss import written_loss
from pages.shared.text import N_, _

NETWORKS = {
    "three": N_("2-3-1 (note 003)"),
    "three_three": N_("2-3-3-1 (note 003)"),
    "unit": N_("One unit, 2-1 (note 003)"),
    "four": N_("2-4-1 (note 002)"),
    "wide": N_("Wide, 2-10-1 (note 000)"),
    "deep": N_("Deep, 2-5-5-1 (note 000)"),
    "deeper": N_("Deep, 2-10-10-10-1 (note 001)"),
}
MAX_UPDATES = 10_001  # note 000 runs its longest loop so often
EVERY = 1000  # the notes print their loss so often


@controls.section
def section() -> None:
    screen.question(_("Can a network find such weights by itself?"))
    left, right = screen.columns()
    with left:
        code, n_updates, digits = _controls()
    experiment = XOR_RUNS[code]
    progress = cached.after(experiment, n_updates)
    outputs = cached.outputs(experiment, n_updates)
    table = _outputs_table(experiment, outputs)
    with right:
        _pictures(experiment, progress, outputs)
        st.markdown(_("The loss of the four outputs, as the note prints it:"))
        shown = experiment.reported or experiment.loss
        number = partial(numbers.tex, digits=digits)
        st.latex(written_loss(shown, outputs, experiment.Y, progress.losses[-1], number))
    screen.table(table, alt=_("The four outputs after {n} updates").format(n=n_updates), digits=digits)
    _milestones(progress)
    success.table()
    screen.notice(
        _(
            "Choose 2-3-3-1: its loss first lies almost flat near 0.25, where all outputs are near 0.5, as with "
            "one unit. Then the hidden units part ways, and it falls. Note 003 prints the outputs of its last "
            "forward pass, which are those after 9,999 updates, not 10,000: move one update back and compare. The "
            "starts of the notes 000, 001 and 002 are not given, so their networks start here from weights of our "
            "own."
        )
    )
    _challenge()
    takeaway.takeaway("perceptron_trained", table, export.network_script(experiment, n_updates))


def _controls() -> tuple[str, int, int]:
    titles = {code: _(title) for code, title in NETWORKS.items()}
    code = controls.choice(st.selectbox, _("Network"), titles, key="perceptron_trained_network")
    n_updates = controls.slider(
        _("Updates made so far"),
        key="perceptron_trained_updates",
        default=10_000,
        low=0,
        high=MAX_UPDATES,
        step=1,
        scope=code,
    )
    experiment = XOR_RUNS[code]
    st.markdown(
        _("{n} parameters, learning rate {rate}, all four samples in each update.").format(
            n=experiment.architecture.n_parameters, rate=numbers.plain(experiment.learning_rate)
        )
    )
    return code, n_updates, controls.digits("perceptron_trained_digits")


def _pictures(experiment: Experiment, progress: cached.Progress, outputs) -> None:
    """The loss so far, and what the network answers all over the plane. Their alternative texts hold no number that
    a drag changes: with each new one the browser would draw the chart anew."""
    show.chart(
        curves.spec(_("updates"), _("loss")),
        curves.data(progress.losses),
        alt=_("The loss over the updates made so far; the figures stand below"),
        key="perceptron_trained_curve",
    )
    answers = cached.field(experiment, progress.n_updates, plane.LOW, plane.HIGH)
    points = [
        plane.point(*x, target=y, label=f"{x[0]:.0f}{x[1]:.0f}", detail=numbers.plain(a))
        for x, (y,), (a,) in zip(experiment.X, experiment.Y, outputs, strict=True)
    ]
    show.chart(
        plane.spec("x₁", "x₂", value_title=_("Output")),
        plane.data(points=points, field=plane.field(answers)),
        alt=_("What the network answers over the plane of its inputs, with the four points of XOR"),
        key="perceptron_trained_plane",
        width="content",
    )


def _outputs_table(experiment, outputs) -> pd.DataFrame:
    targets = [row[0] for row in experiment.Y]
    return pd.DataFrame(
        {
            "x₁": POINTS[:, 0].astype(int),
            "x₂": POINTS[:, 1].astype(int),
            _("Output"): outputs[:, 0],
            _("Target"): [int(y) for y in targets],
            _("Rounded, it is"): [_rounded(a, y) for a, y in zip(outputs[:, 0], targets, strict=True)],
        }
    )


def _rounded(output: float, target: float) -> str:
    if abs(output - 0.5) <= TIE:
        return _("– ½: no answer")
    return _("✓ right") if round(output) == target else _("✗ wrong")


def _milestones(progress: cached.Progress) -> None:
    """The loss at 0, 1000, 2000, …, as the notes print it."""
    at = range(0, progress.n_updates + 1, EVERY)
    with st.expander(_("The loss every 1,000 updates")):
        table = pd.DataFrame({_("updates"): list(at), _("loss"): [float(progress.losses[n]) for n in at]})
        screen.table(table, alt=_("The loss every 1,000 updates"), digits=6)


def _challenge() -> None:
    challenge(
        "perceptron_trained_challenge",
        _("2-3-1 has 13 parameters: 6 + 3 in the first layer, 3 + 1 in the second. How many has 2-10-10-10-1?"),
        answer=XOR_RUNS["deeper"].architecture.n_parameters,
        tolerance=0.5,
        hint=_("A layer has as many weights as inputs times units, and a bias for each unit."),
        explanation=_("(2 · 10 + 10) + (10 · 10 + 10) + (10 · 10 + 10) + (10 + 1) = 261, for four samples."),
    )
