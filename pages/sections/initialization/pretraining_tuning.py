"""Fine-tuning from several starts: the curves, the tables, what they say and what they cost."""

import math
from functools import partial

import pandas as pd
import streamlit as st

from engine.pretraining_study import CHANCE, N_CLASSES, Tuned
from engine.seed_bands import SeedBand, over_seeds
from pages.sections.initialization.pretraining_run import Found
from pages.sections.initialization.pretraining_setup import KEY, MEASURES, Tuning, counted, measure, start_names
from pages.shared import numbers, screen, show
from pages.shared.charts import pile as chart
from pages.shared.charts import series
from pages.shared.formulas import pretraining as formulas
from pages.shared.text import _

AT_CHANCE = 0.02  # so near to the loss of guessing, as a share of it, a start counts as stuck


def picture(tuning: Tuning, found: Found) -> None:
    """Medians and bands over the epochs, or over the layers."""
    shown = measure()
    if shown == "gradients":
        _gradients(tuning, found)
        return
    names, with_work = start_names(), counted()
    config, log = tuning.config, shown != "test_error"
    bands = {names[code]: one.bands[shown] for code, one in found.outcomes.items()}
    shifts = {names[code]: config.work_before(code) if with_work else 0.0 for code in found.outcomes}
    level = CHANCE if log else 1 - 1 / N_CLASSES
    title = _("work, in epochs of fine-tuning") if with_work else _("epoch of fine-tuning")
    show.chart(
        chart.curves_spec(tuple(bands), title, _(MEASURES[shown]), _("guessing"), tuple(names.values()), log),
        chart.curves_data(bands, shifts, level, log),
        alt=_("{measure}, median and middle half over the seeds, of the starts: {names}").format(
            measure=_(MEASURES[shown]), names=", ".join(bands)
        ),
        key=f"{KEY}_curves",
    )
    _explain(tuning)


def _explain(tuning: Tuning) -> None:
    screen.aside(
        _(
            "**Line:** the median of {n} seeds, each with weights, order of the images and machines of its own; the "
            "same seeds for all starts. **Band:** the middle half of them. **Dotted:** guessing. Batches of 20; 100 "
            "other images test, the same at every setting."
        ).format(n=tuning.n_seeds)
    )


def _gradients(tuning: Tuning, found: Found) -> None:
    names = start_names()
    bands = {names[code]: one.bands["gradients"] for code, one in found.outcomes.items()}
    show.chart(
        series.spec(
            tuple(bands), _("layer"), _("size of ∂L/∂W, ∂L/∂b"), log=True, points=True, height=chart.HEIGHT,
            order=tuple(names.values()),
        ),
        series.data(
            range(1, tuning.config.pile.depth + 2),
            {name: band.median for name, band in bands.items()},
            {name: (band.low, band.high) for name, band in bands.items()},
            log=True,
        ),
        alt=_("Length of each layer's gradient before the first update, of the starts: {names}").format(
            names=", ".join(bands)
        ),
        key=f"{KEY}_gradients",
    )  # fmt: skip
    _explain(tuning)


# the numbers --------------------------------------------------------------------------------------------------


def tables(tuning: Tuning, found: Found) -> None:
    """How good the networks are, and what they took."""
    names = start_names()
    outcomes = {names[code]: one for code, one in found.outcomes.items()}
    own = {"η": [one.learning_rate for one in outcomes.values()]} if tuning.own_rates else {}
    losses = {
        _("Start from"): list(outcomes),
        **own,
        _("Training loss"): [_loss(one.at("train_loss", -1).median) for one in outcomes.values()],
        _("Quartiles"): [_span(one.at("train_loss", -1)) for one in outcomes.values()],
        _("Test loss"): [_loss(one.at("test_loss", -1).median) for one in outcomes.values()],
        _("Wrong"): [_percent(one.at("test_error", -1).median) for one in outcomes.values()],
    }
    screen.table(pd.DataFrame(losses), alt=_("Medians after {n} epochs").format(n=tuning.config.epochs), own={"η": 3})
    work = {
        _("Start from"): list(outcomes),
        _("1st layer’s gradient"): [_loss(one.at("gradients", 0).median) for one in outcomes.values()],
        _("Updates to {goal}").format(goal=numbers.plain(tuning.goal)): [
            _updates(tuning, one) for one in outcomes.values()
        ],
        _("Work before"): [numbers.plain(tuning.config.work_before(code), 3) for code in found.outcomes],
        _("Loss at equal work"): [_at_equal_work(tuning, code, one) for code, one in found.outcomes.items()],
    }
    screen.table(pd.DataFrame(work), alt=_("What the starts cost, and how fast they are"))
    screen.aside(
        _(
            "**Updates:** median until the training loss first is {goal} or less; a dash: half of the seeds or more "
            "never got there. **Work before:** pretraining, in epochs of fine-tuning. **Equal work:** the training "
            "loss when pretraining and fine-tuning together may take the work of {n} epochs; a dash: pretraining "
            "alone takes more."
        ).format(goal=numbers.plain(tuning.goal), n=tuning.config.epochs)
    )


def diverged(tuning: Tuning, found: Found) -> None:
    """Runs whose loss is no longer finite."""
    names = start_names()
    lost = [
        _("{name} {n} of {all}").format(name=names[code], n=one.n_diverged, all=tuning.n_seeds)
        for code, one in found.outcomes.items()
        if one.n_diverged
    ]
    if lost:
        st.warning(
            _("Diverged, the loss is no longer finite: {runs}. These runs count as infinite; none is left out.").format(
                runs=", ".join(lost)
            )
        )


def _loss(value: float) -> str:
    return numbers.plain(float(value), 3) if math.isfinite(value) else "∞"


def _span(band: SeedBand) -> str:
    return f"{_loss(band.low)} – {_loss(band.high)}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if math.isfinite(share) else "–"


def _updates(tuning: Tuning, one: Tuned) -> str:
    epochs = float(over_seeds(one.reached(tuning.goal)).median)
    return numbers.plain(epochs * tuning.config.updates) if math.isfinite(epochs) else "–"


def _at_equal_work(tuning: Tuning, code: str, one: Tuned) -> str:
    epoch = tuning.config.epochs_at_equal_work(code)
    return "–" if epoch is None else _loss(one.at("train_loss", epoch).median)


def verdict(tuning: Tuning, found: Found) -> None:
    """What these numbers say, and no more."""
    names, config = start_names(), tuning.config
    finals = {code: one.at("train_loss", -1).median for code, one in found.outcomes.items()}
    learned = {code: loss for code, loss in finals.items() if math.isfinite(loss)}
    said = []
    if len(learned) > 1:
        said.append(
            _("After {n} epochs the lowest median training loss is that of {first}.").format(
                n=config.epochs, first=names[min(finals, key=finals.get)]
            )
        )
    stuck = [names[code] for code, loss in finals.items() if abs(loss - CHANCE) <= AT_CHANCE * CHANCE]
    if stuck:
        said.append(
            _("Still within 2% of guessing (ln 10 = {chance}): {names}.").format(
                chance=numbers.plain(CHANCE), names=", ".join(stuck)
            )
        )
        if not tuning.own_rates:
            said.append(
                _(
                    "That all starts share one learning rate, and so few epochs, decides who is stuck: switch on "
                    "“Each start at its own best learning rate” before you judge them."
                )
            )
    if len(stuck) > 1:
        said.append(_("Their curves lie on each other, along the dotted line."))
    if "rbm" in found.outcomes and config.pile.epochs:
        left = config.epochs_at_equal_work("rbm")
        before = numbers.plain(config.pretraining_epochs, 3)
        said.append(
            _("Pretraining took the work of {before} such epochs, more than the fine-tuning itself.").format(
                before=before
            )
            if left is None
            else _(
                "Pretraining took the work of {before} such epochs: at equal work {left} epochs are left to the "
                "pretrained start."
            ).format(before=before, left=left)
        )
    if said:
        st.markdown(" ".join(said))


def work(tuning: Tuning) -> None:
    """The multiplications of both parts."""
    st.markdown(
        _("**What pretraining costs**, in multiplications by or for a weight; $m_l$ is layer l's number of weights:")
    )
    for place, formula in zip(st.columns(2), formulas.work(tuning.config, partial(numbers.tex, digits=4)), strict=True):
        place.latex(formula)
    screen.aside(
        _(
            "E epochs of each machine. CD-1 takes five a weight and image: up, down and up again, and two for the "
            "statistics; then one for the way up to the next machine. Backpropagation takes three: forward, for the "
            "weights, and for the inputs of all layers but the first."
        )
    )


def rates(found: Found) -> None:
    """Best learning rates at an end of the grid."""
    names = start_names()
    at_an_end = [names[code] for code, one in found.searches.items() if one.at_an_end]
    if at_an_end:
        st.info(
            _("At an end of the grid, so that a better learning rate may lie beyond it: {names}.").format(
                names=", ".join(at_an_end)
            )
        )


def everything(tuning: Tuning, found: Found) -> pd.DataFrame:
    """Both tables at full precision."""
    rows = []
    for code, one in found.outcomes.items():
        loss, epoch = one.at("train_loss", -1), tuning.config.epochs_at_equal_work(code)
        rows.append(
            {
                _("Start from"): start_names()[code],
                _("Learning rate"): one.learning_rate,
                _("Training loss"): float(loss.median),
                _("Lower quartile"): float(loss.low),
                _("Upper quartile"): float(loss.high),
                _("Test loss"): float(one.at("test_loss", -1).median),
                _("Wrong"): float(one.at("test_error", -1).median),
                _("1st layer’s gradient"): float(one.at("gradients", 0).median),
                _("Epochs to the goal"): float(over_seeds(one.reached(tuning.goal)).median),
                _("Work before"): tuning.config.work_before(code),
                _("Loss at equal work"): math.nan if epoch is None else float(one.at("train_loss", epoch).median),
                _("Diverged"): one.n_diverged,
            }
        )
    return pd.DataFrame(rows)
