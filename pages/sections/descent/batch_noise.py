"""How noisy the gradient of a batch is, measured over many random batches beside what theory says."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.gradient_noise import DRAWS, GradientNoise, gradient_noise
from engine.regression_batches import WorkedUpdate
from engine.regression_bowl import Regression, in_picture
from pages.sections.descent.batch_setup import Setup
from pages.shared import cached_descent, numbers, screen, show
from pages.shared.charts import series
from pages.shared.formulas import batches as formulas
from pages.shared.text import _


def noise(chosen: Setup, problem: Regression, worked: WorkedUpdate) -> tuple[pd.DataFrame, tuple[float, float]]:
    """The noise against the batch size; returns all of it at full precision, and the point where it was measured."""
    config = chosen.smallest
    stands = in_picture(worked.after)  # far out, all gradients are as good as parallel, and the noise says nothing
    point = worked.after if stands else config.start
    found = gradient_noise(problem, cached_descent.batch_draws(config.samples), point)
    plain = partial(numbers.plain, digits=chosen.digits)
    st.markdown(f"**{_('The noise of the gradient against the batch size')}**")
    left, right = st.columns([3, 2], gap="large")
    with left:
        _picture(found)
        measured = (
            _("Measured where B = {size} stands, at w = {w}, b = {b}.")
            if stands
            else _("Measured at the start, w = {w}, b = {b}, since B = {size} has left the picture.")
        )
        meaning = _(
            "The noise is the root mean square distance between the gradient of a batch and that of all samples, here "
            "over {draws} random batches of each size. **Dashed:** the formula."
        )
        where = {"size": config.batch_size, "w": plain(point[0]), "b": plain(point[1]), "draws": f"{DRAWS:,}"}
        st.markdown(f":small[{measured.format(**where)} {meaning.format(**where)}]")
    with right:
        at = found.sizes.tolist().index(_example(chosen, found))
        facts = float(found.predicted[at]), float(found.predicted_distinct[at])
        tex = partial(numbers.tex, digits=chosen.digits)
        n = config.samples.n_samples
        st.latex(formulas.noise(found.sigma, n, int(found.sizes[at]), *facts, tex))
        text = _(
            "The noise of a batch of B, first with, then without replacement; σ is that of a single sample. Measured: "
            "{replaced} and {distinct}."
        )
        measured = {"replaced": plain(float(found.replaced[at])), "distinct": plain(float(found.distinct[at]))}
        screen.aside(text.format(**measured))
    screen.aside(
        _(
            "With replacement a sample can be in a batch twice, and four times the batch halves the noise, on and on. "
            "An epoch draws without replacement: the noise is 0 at B = n, since all samples are in the batch, and a "
            "logarithmic axis has no place for 0."
        )
    )
    return _everything(found), point


def _example(chosen: Setup, found: GradientNoise) -> int:
    """The largest chosen size with some noise left; where only all samples are chosen, those."""
    sizes = [config.batch_size for config in chosen.configs if config.batch_size in found.sizes]
    return max([size for size in sizes if size < chosen.smallest.samples.n_samples], default=sizes[-1])


def _picture(found: GradientNoise) -> None:
    replaced, distinct = _("with replacement"), _("without (an epoch)")
    show.chart(
        series.spec(
            (replaced, distinct), _("batch size B"), _("noise"), log=True, x_log=True, points=True, expected=True
        ),
        series.data(
            found.sizes,
            {replaced: found.replaced, distinct: found.distinct},
            log=True,
            expected={replaced: found.predicted, distinct: found.predicted_distinct},
        ),
        alt=_("Noise of the gradient against the batch size, both axes logarithmic: measured points, dashed theory."),
        key="descent_batch_noise_picture",
    )


def _everything(found: GradientNoise) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Batch size"): found.sizes,
            _("Noise with replacement"): found.replaced,
            _("Noise without replacement"): found.distinct,
            "σ/√B": found.predicted,
            "σ/√B · √((n − B)/(n − 1))": found.predicted_distinct,
        }
    )
