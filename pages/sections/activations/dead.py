"""Zeros that help and units that are dead: who dies, when, and what leaky ReLU and ELU change."""

import pandas as pd
import streamlit as st

from engine import dead_units, export_dying
from engine.dying import EPOCHS, DyingConfig, Outcome
from engine.network import Trace
from pages.sections.activations import dead_course, dead_doses, dead_setup, dead_unit
from pages.sections.activations.dead_setup import SHOWN, Setup
from pages.shared import cached, controls, numbers, screen, show, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.charts import units
from pages.shared.text import _


@controls.section
def section() -> None:
    screen.question(_("Which zeros help a ReLU network, and which of its units are dead?"))
    left, right = screen.columns()
    setup = None
    with left, screen.refusals():
        setup = dead_setup.setup()
    if setup:
        table = _training(setup, right)
        dead_doses.why(setup)
        dead_doses.doses(setup)
    _notice()
    _challenge()
    if setup:
        takeaway.takeaway("activations_dead", table, export_dying.dying_script(setup.config))


def _training(setup: Setup, right) -> pd.DataFrame:
    """One epoch in pictures and numbers, the way there, one unit; returns the comparison at full precision."""
    outcomes = cached.died(setup.config)
    outcome = outcomes[setup.shown]
    with right:
        epoch = _epoch(setup, outcome)
        picture = st.container()
    trace = outcome.trace(setup.config.samples, epoch)
    dead_course.course(setup, outcomes, epoch)
    table = dead_course.comparison(outcomes)
    unit = dead_unit.one_unit(setup, outcome, trace, epoch)
    with picture:
        _picture(setup, outcome, trace, epoch, unit)
        _layers(setup.config, outcome, epoch)
    with st.expander(_("Every unit: when it switched off, whether it came back")):
        dead_unit.every_unit(outcome, epoch)
    return table


def _epoch(setup: Setup, outcome: Outcome) -> int:
    """The epoch that is looked at, the last finite one at most."""
    epoch = controls.slider(
        _("Epoch"),
        key="activations_dead_epoch",
        default=setup.first_epoch,
        low=0,
        high=EPOCHS,
        step=1,
        scope=setup.preset,
        help=_("Drag it: the units, the answers and the numbers follow."),
    )
    if epoch > outcome.last:
        st.warning(
            _(
                "With {name} training diverged: from epoch {n} on the loss is not finite. That is not death: a dead "
                "unit stands still, these weights flew away. The last finite epoch is shown."
            ).format(name=SHOWN[setup.shown], n=outcome.diverged_at)
        )
    return min(epoch, outcome.last)


def _picture(setup: Setup, outcome: Outcome, trace: Trace, epoch: int, unit: tuple[int, int]) -> None:
    config, life = setup.config, outcome.life

    def detail(k: int, u: int) -> str:
        zeros = numbers.plain(float(life.layers[k].zero_share[epoch, u]))
        return _("share of zeros {zeros}, largest z {z}").format(
            zeros=zeros, z=numbers.plain(float(life.layers[k].highest[epoch, u]))
        )

    dead = [layer.dead[epoch] for layer in life.layers]
    show.chart(
        units.spec(
            config.hidden,
            config.width,
            len(config.samples),
            _("hidden units"),
            _("samples, by class"),
            _("unit"),
            _("slope"),
        ),
        units.data(
            trace.slope[:-1],
            dead,
            config.samples.y,
            config.samples.X,
            chosen=unit,
            layer_name=lambda k: _("Layer {n}").format(n=k + 1),
            unit_name=lambda k, u: _("layer {layer}, unit {unit}").format(layer=k + 1, unit=u + 1),
            detail=detail,
        ),
        alt=_("Hidden units across, samples up; after epoch {epoch}, {dead} of {all} units are dead").format(
            epoch=epoch, dead=sum(int(marks.sum()) for marks in dead), all=config.hidden * config.width
        ),
        key="activations_dead_picture",
    )
    st.markdown(f":small[{_legend()[setup.shown]}]")


def _legend() -> dict[str, str]:
    return {
        "relu": _(
            "**Filled**: z > 0, the slope is 1. **Empty**: the output is 0, and so is the slope. "
            "**✕**: a column without a single filled cell, a dead unit."
        ),
        "leaky_relu": _("**Filled**: z > 0, the slope is 1. **Pale**: z ≤ 0, the slope is 0.1; nothing is empty."),
        "elu": _("**Filled**: z > 0, the slope is 1. **The paler**, the smaller the slope $e^z$ at a negative z."),
    }


def _layers(config: DyingConfig, outcome: Outcome, epoch: int) -> None:
    """Sparse and dead, layer by layer."""
    life = outcome.life
    off, dead = life.counts("off")[epoch].tolist(), life.counts("dead")[epoch].tolist()
    table = pd.DataFrame(
        {
            _("Layer"): [str(n) for n in range(1, len(life.layers) + 1)],
            _("Share of zeros"): life.zero_shares()[epoch].tolist(),
            _("Off for all samples"): [str(count) for count in off],
            _("Dead"): [str(count) for count in dead],
        }
    )
    screen.table(table, alt=_("Zeros and dead units of each layer"))
    if config.width in dead:
        st.info(
            _("Layer {n} is dead as a whole: every sample gets the same answer, and no gradient passes it.").format(
                n=dead.index(config.width) + 1
            )
        )
    st.markdown(
        _(
            "A **zero** is one cell: this unit rests for this sample, and another one works. **Off** is a whole "
            "column: z ≤ 0 for every sample. **Dead** is off with slope 0: at this moment no sample can move its "
            "weights. Only a change in the layer before it can wake it."
        )
    )


def _notice() -> None:
    screen.notice(
        _(
            "With random weights about half of a ReLU layer's outputs are 0, for each sample another half: that is "
            "sparsity. A unit that is 0 for all samples is dead. Most die where the loss jumps; in the first layer for "
            "ever, since its inputs never change, while in deeper layers one comes back where the layer before it "
            "moves. Leaky ReLU and ELU keep a slope below 0, so that their units can come back; but they make no wrong "
            "learning rate right: where ReLU falls silent, they may diverge."
        )
    )


def _challenge() -> None:
    """Half of the outputs are 0, and yet hardly a unit is dead: all samples must agree."""
    answer = dead_units.expected_dead(n_units=512, n_samples=8)
    challenge(
        "activations_dead_challenge",
        _(
            "A ReLU layer has 512 units and random weights. For each of 8 samples each output is 0 with probability ½, "
            "all independently. How many units are expected to be dead for these samples?"
        ),
        answer=answer,
        tolerance=close(answer),
        hint=_("Half of the outputs are 0, but a unit is dead only if it is 0 for the first sample, and the second, …"),
        explanation=_(
            "½ for each of 8 samples: $512 \\cdot \\left(\\tfrac{1}{2}\\right)^8 = 2$. Each sample finds half of the "
            "units at rest, and yet only 2 are dead: zeros that change from sample to sample do no harm."
        ),
    )
