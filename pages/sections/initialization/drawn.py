"""What is drawn: a layer's weights by two schemes, counted and measured beside what theory says."""

from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.drawn_weights import MANY, Drawn, Effect, effect, size
from engine.export_drawn import drawn_script
from pages.sections.initialization import drawn_rules
from pages.sections.initialization.drawn_setup import KEY, LETTERS, Setup, setup
from pages.shared import budget, controls, numbers, screen, show, takeaway
from pages.shared.budget import Job
from pages.shared.cached_drawn import drawn
from pages.shared.charts import weight_histogram
from pages.shared.formulas import drawn_weights as formulas
from pages.shared.text import _

tex = partial(numbers.tex, digits=4)


@controls.section
def section() -> None:
    screen.question(_("How are the first weights drawn, and how large do they come out?"))
    left, right = screen.columns()
    chosen, results = None, [None]
    with screen.refusals():
        with left:
            chosen = setup()
        with right:
            results = _draw(chosen, left)
            if None not in results:
                _pictures(chosen, results)
    shown = chosen is not None and None not in results
    if shown:
        _numbers(chosen, results)
    if chosen is not None:
        drawn_rules.two_rules(*chosen.fans)
    drawn_rules.origins()
    drawn_rules.mistake()
    _notice()
    drawn_rules.challenge_of_the_rules()
    if shown:
        script = drawn_script(dict(zip(LETTERS, chosen.configs, strict=True)))
        takeaway.takeaway("initialization_drawn", _everything(chosen, results), script)


def _draw(chosen: Setup, left: DeltaGenerator) -> list[Drawn | None]:
    jobs = [Job(name, drawn, (config,), config.cost) for name, config in zip(chosen.names, chosen.configs, strict=True)]
    return budget.run(jobs, left, key=f"{KEY}_run")


# pictures -----------------------------------------------------------------------------------------------------


def _pictures(chosen: Setup, results: list[Drawn]) -> None:
    """Both schemes under each other, on one axis of weights."""
    tops = weight_histogram.tops(results)
    n = chosen.configs[0].n_weights
    for place, (name, found) in enumerate(zip(chosen.names, results, strict=True)):
        outside = found.below + found.above
        st.markdown(
            _("**{name}** · {n} weights, {outside} of them outside the picture").format(
                name=name, n=f"{n:,}", outside=f"{outside:,}"
            )
        )
        show.chart(
            weight_histogram.spec(_("weight w"), _("density"), _("weights"), _("from … to")),
            weight_histogram.data(found, results[1 - place], tops[place], _mass(n, found)),
            # Constant: Streamlit draws a picture anew where its alternative text changes.
            alt=_("Histogram of the weights of scheme {letter} with the density of theory").format(
                letter=LETTERS[place]
            ),
            key=f"{KEY}_picture_{place}",
        )
    legend = _("Both pictures have the same axis of weights.")
    if not all(found.point_masses for found in results):
        legend = (
            _(
                "Bars: what was drawn, as a density, so that their area is the share of the weights they hold. Line: "
                "what theory says. Dashed: the other scheme's theory."
            )
            + " "
            + legend
        )
    if tops[0] != tops[1]:
        legend += " " + _("Their heights differ too much for one axis: each has its own.")
    if any(found.point_masses for found in results):
        legend += " " + _("Arrow: all at one number, where the density is infinite; its height means nothing.")
    screen.aside(legend)


def _mass(n: int, found: Drawn) -> str:
    """What is written at a point mass: in theory all weights, or half of them, are one number."""
    if len(found.point_masses) == 1:
        return _("all {n} weights are {c}").format(n=f"{n:,}", c=numbers.plain(found.point_masses[0][0]))
    return _("probability ½")


# numbers ------------------------------------------------------------------------------------------------------


def _numbers(chosen: Setup, results: list[Drawn]) -> None:
    """Theory and sample as formulas, A beside B; one table."""
    columns = st.columns(2, gap="large")
    n = chosen.configs[0].n_weights
    for letter, name, config, found, column in zip(
        LETTERS, chosen.names, chosen.configs, results, columns, strict=True
    ):
        with column:
            st.markdown(f"**{name}**")
            st.latex(formulas.scheme(config.initializer, chosen.fans, found, letter, tex))
            st.latex(formulas.sample(found, n, letter, tex))
            _how_far(found, n)
    screen.table(_table(chosen, results), alt=_("Both schemes: theory, what was drawn, and what such weights do"))
    screen.aside(
        _(
            "The last four rows are for inputs that are independent of each other, with mean 0 and variance 1, "
            "without biases: a weight's mean square times n_in multiplies the variance of a signal, times n_out that "
            "of a gradient. n_in is fan_in, n_out is fan_out. Saturated: z so large that the sigmoid's slope is at "
            "most 5% of its largest; that share takes z as normal, which needs many inputs, and is left out below {n}."
        ).format(n=MANY)
    )


def _how_far(found: Drawn, n: int) -> None:
    """What the distance of s from sigma is compared with, and why."""
    if found.point_masses:
        text = _("Nothing is drawn, so nothing varies: s is σ.")
    elif not found.std_error:
        text = _(
            "The squares of all weights of an orthogonal matrix sum to the same number whatever is drawn: s can only "
            "differ from σ by the little that the mean differs from 0."
        )
    elif found.limit is None:
        text = _(
            "s: the standard deviation of the n drawn weights. SE, its standard error, is the typical distance from σ: "
            "σ/√(2n) for a normal distribution; in two cases of three s lies closer."
        )
    else:
        text = _(
            "s: the standard deviation of the n drawn weights. SE, its standard error, is the typical distance from σ: "
            "σ/√(5n) for a uniform distribution, less than for a normal one, since it has no far ends. It ends at ±r; "
            "the limit r is √3 times σ, because (2r)²/12 = r²/3."
        )
    if found.std_error and n < 30:
        text += " " + _("With so few weights that is a rough guide only.")
    screen.aside(text)


def _effects(chosen: Setup) -> list[Effect]:
    return [effect(size(config.initializer, *chosen.fans), *chosen.fans) for config in chosen.configs]


def _table(chosen: Setup, results: list[Drawn]) -> pd.DataFrame:
    """A row a figure, as text."""
    rows = [[label, *map(_cell, values)] for label, values in _figures(chosen, results).items()]
    return pd.DataFrame(rows, columns=[_("Figure"), *chosen.names])


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else numbers.plain(value)


def _everything(chosen: Setup, results: list[Drawn]) -> pd.DataFrame:
    """The same at full precision."""
    rows = [[label, *values] for label, values in _figures(chosen, results).items()]
    return pd.DataFrame(rows, columns=[_("Figure"), *chosen.names])


def _figures(chosen: Setup, results: list[Drawn]) -> dict[str, list[float | int | None]]:
    """Label -> the figure of A and of B; None where there is none."""
    effects = _effects(chosen)
    return {
        _("σ in theory"): [r.theory for r in results],
        _("s of the drawn weights"): [r.std for r in results],
        "s − σ": [r.std - r.theory for r in results],
        _("typical distance, SE"): [r.std_error or None for r in results],
        _("limit r"): [r.limit for r in results],
        _("smallest drawn"): [r.smallest for r in results],
        _("largest drawn"): [r.largest for r in results],
        _("outside the picture"): [r.below + r.above for r in results],
        _("n_in · E[w²], signal"): [e.forward for e in effects],
        _("n_out · E[w²], gradient"): [e.backward for e in effects],
        _("standard deviation of z"): [e.z_std for e in effects],
        _("share of saturated sigmoids"): [e.saturated if chosen.fans[0] >= MANY else None for e in effects],
    }


# words --------------------------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "A scheme decides one number, the standard deviation; whether normal or uniform matters little beside it. "
            "The bars follow the line the closer, the more weights a layer has. N(0, 1) ignores the size of the layer: "
            "with 784 inputs z has a standard deviation of 28, and most sigmoids are saturated before training "
            "begins. Note 000 calls it ‘the stupid way’. Note 004's rule of thumb is Xavier for sigmoid and tanh, He "
            "for ReLU."
        )
    )
