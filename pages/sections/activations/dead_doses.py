"""Why ReLU, and what it costs; and how large a learning rate is too large."""

import pandas as pd
import streamlit as st

from engine import dying
from engine.dying import DOSES, EPOCHS, FAR, LEARNED, STARTS, Virtues
from pages.sections.activations.dead_setup import SHOWN, Setup
from pages.shared import budget, cached, controls, numbers, screen, show
from pages.shared.budget import Job
from pages.shared.charts import series
from pages.shared.names import ACTIVATIONS
from pages.shared.text import _


def why(setup: Setup) -> None:
    """Note 002's reasons, in numbers."""
    st.markdown(_("**Why ReLU, and what it costs (note 002).**"))
    found = dying.virtues(setup.config)
    computes = {
        "relu": _("comparison"),
        "leaky_relu": _("comparison, product"),
        "sigmoid": _("exponential, division"),
    }
    columns = {ACTIVATIONS[code]: [cost, *_figures(found[code])] for code, cost in computes.items()}
    far = numbers.plain(FAR)
    reasons = [
        _("Cheap: it computes"),
        _("No saturation on the right: slope at z = {z}").format(z=far),
        _("No vanishing: largest slopes of all hidden layers, multiplied"),
        _("Sparse: share of zeros at the start"),
        _("The price: slope at z = −{z}").format(z=far),
    ]
    screen.table(
        pd.DataFrame({_("Reason"): reasons} | columns), alt=_("Reasons for ReLU beside leaky ReLU and sigmoid")
    )


def _figures(virtues: Virtues) -> list[float]:
    return [virtues.slope_right, virtues.through, virtues.zero_share, virtues.slope_left]


def doses(setup: Setup) -> None:
    """How large is too large: nine learning rates from eight starts."""
    wanted = controls.toggle(
        _("How large is too large? Try {rates} learning rates from {starts} starts").format(
            rates=len(DOSES), starts=len(STARTS)
        ),
        key="activations_dead_doses",
    )
    if not wanted:
        return
    config = cached.dosed(setup.config)
    job = Job(_("training"), cached.dose_response, (config,), dying.dose_cost(config))
    (responses,) = budget.run([job], st.container(), key="activations_dead_doses_run", free=budget.SWITCHED)
    if responses is None:
        return
    found = {SHOWN[code]: response for code, response in responses.items()}
    shares = {name: response.median for name, response in found.items()}
    bands = {name: (response.low, response.high) for name, response in found.items()}
    left, right = st.columns(2, gap="large")
    with left:
        show.chart(
            series.spec(
                tuple(found),
                _("learning rate"),
                _("share of units off at the end"),
                y_domain=(0, 1),
                x_log=True,
                points=True,
            ),
            series.data(DOSES, shares, bands),
            alt=_("Share of units off after training, median and quartiles over {n} starts").format(n=len(STARTS)),
            key="activations_dead_dose_off",
        )
    with right:
        show.chart(
            series.spec(
                tuple(found),
                _("learning rate"),
                _("starts that learned, of {n}").format(n=len(STARTS)),
                y_domain=(-0.3, len(STARTS) + 0.3),
                x_log=True,
                points=True,
            ),
            series.data(DOSES, {name: response.learned for name, response in found.items()}),
            alt=_("Starts of {n} that reached an accuracy of {least}").format(
                n=len(STARTS), least=numbers.plain(LEARNED)
            ),
            key="activations_dead_dose_learned",
        )
    counts = {
        name: [f"{one} / {lost}" for one, lost in zip(r.learned.tolist(), r.diverged.tolist(), strict=True)]
        for name, r in found.items()
    }
    st.markdown(
        _(
            "Of {n} starts: **learned** (accuracy at least {least}) / **diverged** (no finite loss). Diverged ones are "
            "left out of the share; its band shows the quartiles of the others. The smallest learning rates fail for "
            "another reason: {epochs} epochs are too few for them."
        ).format(n=len(STARTS), least=numbers.plain(LEARNED), epochs=EPOCHS)
    )
    screen.table(
        pd.DataFrame({_("Learning rate"): list(DOSES)} | counts), alt=_("Starts that learned and starts that diverged")
    )
