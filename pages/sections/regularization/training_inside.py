"""Inside the networks: gradients layer by layer, the drift of what enters a layer, how far a step may go."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st

from engine.normalized_training import MAX_LIMIT, MOMENTS, QUANTILES, Inside, RateStudy, shared_limit
from pages.sections.regularization.training_setup import Setup
from pages.shared import controls, numbers, screen, show
from pages.shared.charts import normalized, series
from pages.shared.formulas import normalized as formulas
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

ALL = "all"
TITLES = {"start": N_("At the start"), "middle": N_("Halfway"), "end": N_("At the end")}

CAUSE = Mistake(
    N_("What batch normalization cures"),
    (
        N_(
            "Batch norm before f gives what enters f, over each batch, the mean β and, where σ² is far above ε, the "
            "standard deviation |γ|."
        ),
        N_("So what enters f can drift only as far as β and γ do, apart from its shape, however z drifts."),
        N_("In the first experiment, at η = 1, the networks with batch norm learn, and those without do not."),
        N_("So the drift kept the others from learning, and its end is why batch normalization works."),
    ),
    3,
    N_(
        "Two things that come together need not be cause and effect, and batch norm changes more than the drift: "
        "without it the gradients vanish in the same networks. Santurkar et al. (2018) put the two apart: noise behind "
        "batch normalization made the inputs drift, and the networks learned about as well as before."
    ),
)


def inside(chosen: Setup, studies: Mapping[str, RateStudy], looks: Mapping[str, Inside]) -> None:
    """All that is seen at one learning rate."""
    st.markdown(f"### {_('A look inside, at η = {rate}').format(rate=numbers.plain(chosen.rate))}")
    titles = {code: _(title) for code, title in TITLES.items()}
    moment = controls.choice(
        st.segmented_control, _("When"), titles, key="regularization_training_moment", required=True
    )
    frame = MOMENTS.index(moment)
    _gradients(chosen, looks, frame)
    _drift(chosen, looks)
    _ahead(chosen, looks, frame, titles[moment])


def _gradients(chosen: Setup, looks: Mapping[str, Inside], moment: int) -> None:
    """The length of each layer's gradient."""
    layers = range(1, chosen.config.n_hidden + 2)
    left, right = st.columns(2, gap="large")
    at = {label: one.moments[moment] for label, one in looks.items()}
    with left:
        show.chart(
            series.spec(tuple(looks), _("layer"), "‖∂L/∂W‖", log=True, points=True, order=chosen.order),
            series.data(
                layers,
                {label: one.gradient.median[at[label]] for label, one in looks.items()},
                {label: (one.gradient.low[at[label]], one.gradient.high[at[label]]) for label, one in looks.items()},
                log=True,
            ),
            alt=_("Length of the gradient of each layer's weights, on a logarithmic axis"),
            key="regularization_training_gradients",
        )
    with right:
        st.latex(formulas.normalization())
        ends = {}
        for label, one in looks.items():
            first, *_between, last = one.gradient.median[at[label]].tolist()
            ends[label] = first, last
        st.latex(formulas.gradient_ratios(ends, len(layers), partial(numbers.tex, digits=3)))
        epoch = next(iter(looks.values())).epochs[next(iter(at.values()))]
        when = _("after {epoch} epochs").format(epoch=int(epoch)) if epoch else _("before training")
        screen.aside(
            _(
                "Median over the seeds, {when}, on all samples as one batch in training mode. ‖ ‖ is the length: the "
                "root of the sum of all squares. Layer {last} gives the output."
            ).format(when=when, last=len(layers))
        )


def _drift(chosen: Setup, looks: Mapping[str, Inside]) -> None:
    """Ribbons of quantiles over the epochs, on one range for all."""
    st.markdown(_("**The drift of a layer’s input distribution**, network by network (seed 0)"))
    layer, unit, what = _which(chosen)
    ribbons = {label: getattr(one, what)[:, layer - 1, unit] for label, one in looks.items()}
    limit = shared_limit(list(ribbons.values()))
    spec = normalized.ribbon_spec(_("epochs"), "z" if what == "sums" else _("into f"), limit)
    for place, column in zip(looks, st.columns(len(looks), gap="medium"), strict=True):
        with column:
            st.markdown(place)
            show.chart(
                spec,
                normalized.ribbon_data(looks[place].epochs, ribbons[place]),
                alt=_("Quantiles over the epochs, {name}").format(name=place),
                key=f"regularization_training_ribbon_{looks[place].epochs.size}_{place}",
            )
    rows = {
        _("Network"): list(ribbons),
        _("Median, start → end"): [_change(r[0, 2], r[-1, 2]) for r in ribbons.values()],
        _("5% to 95%, start → end"): [_change(r[0, 4] - r[0, 0], r[-1, 4] - r[-1, 0]) for r in ribbons.values()],
    }
    screen.table(pd.DataFrame(rows), alt=_("How the quantiles changed"))
    _moved(chosen, looks)
    screen.aside(
        _(
            "Bands: from {q0} to {q4} (nine of ten samples), and from {q1} to {q3} of the values; line: the median. "
            "“all together” mixes the units: their differences can hide how far each one drifts. All pictures show the "
            "same range, −{limit} to {limit}; a range beyond ±{linear} has an axis that is logarithmic away from 0. "
            "Values beyond ±{most} leave the picture, and a ribbon ends where a network has diverged: the table has "
            "the numbers. Measured on all samples as one batch, in training mode, as the layer meets it while learning."
        ).format(
            limit=numbers.plain(limit),
            linear=numbers.plain(normalized.LINEAR_UP_TO),
            most=numbers.plain(MAX_LIMIT),
            **{f"q{place}": f"{share:.0%}" for place, share in enumerate(QUANTILES)},
        )
    )


def _moved(chosen: Setup, looks: Mapping[str, Inside]) -> None:
    """How far each layer's inputs have drifted, measured by their own spread."""
    st.markdown(
        _(
            "**Drift of what enters f, from start to end:** how far a unit's median moves, in widths of its own 5% to "
            "95% band at the start; median of the layer's units"
        )
    )
    layers = {
        _("Layer {n}").format(n=n): [numbers.plain(float(one.drift[n - 1]), 2) for one in looks.values()]
        for n in range(1, chosen.config.n_hidden + 1)
    }
    screen.table(pd.DataFrame({_("Network"): list(looks), **layers}), alt=_("The drift layer by layer"))


def _which(chosen: Setup) -> tuple[int, int, str]:
    """Which layer, which unit (the last place stands for all), and which of its values."""
    depth, width = chosen.config.n_hidden, chosen.config.width
    with st.container(horizontal=True):
        layers = {str(n): str(n) for n in range(1, depth + 1)}
        layer = controls.choice(
            st.segmented_control,
            _("Hidden layer"),
            layers,
            key="regularization_training_layer",
            default=str(min(3, depth)),
            scope=str(depth),
            required=True,
        )
        units = {ALL: _("all together")} | {str(n): str(n) for n in range(1, width + 1)}
        unit = controls.choice(
            st.selectbox,
            _("Unit"),
            units,
            key="regularization_training_unit",
            default="1",
            scope=str(width),
            width=160,
        )
        kinds = {"entering": _("what enters f"), "sums": "z = x W + b"}
        what = controls.choice(
            st.segmented_control, _("Values"), kinds, key="regularization_training_values", required=True
        )
    return int(layer), width if unit == ALL else int(unit) - 1, what


def _change(first: float, last: float) -> str:
    return f"{numbers.plain(float(first), 3)} → {numbers.plain(float(last), 3)}"


def _ahead(chosen: Setup, looks: Mapping[str, Inside], moment: int, title: str) -> None:
    """What a step against the gradient would do: to the loss, and to the gradient."""
    st.markdown(_("**How far may a step go?** One step against the gradient ({when})").format(when=title))
    labels = tuple(looks)
    left, right = st.columns(2, gap="large")
    shape = {"log": True, "x_log": True, "points": True, "order": chosen.order}
    with left:
        show.chart(
            series.spec(
                labels, _("step size"), _("loss after / before"), y_domain=normalized.AHEAD, expected=True, **shape
            ),
            normalized.ahead_data(looks, moment),
            alt=_("Loss after one step of each size against the gradient, over the loss before it; dashed: 1"),
            key="regularization_training_ahead",
        )
    with right:
        show.chart(
            series.spec(labels, _("step size"), _("change of the gradient"), y_domain=normalized.CHANGES, **shape),
            normalized.change_data(looks, moment),
            alt=_("How much the gradient differs after a step of each size, relative to its length before"),
            key="regularization_training_change",
        )
    reach = "; ".join(
        f"{label}: {numbers.plain(float(one.furthest.median[moment]), 2)}" for label, one in looks.items()
    )
    screen.aside(
        _(
            "**Loss after / before:** dashed, the loss stays; beyond {low} and {high} it leaves the picture. "
            "**Change of the gradient:** ‖g′ − g‖ / ‖g‖, how much the gradient g′ after the step differs from g: near "
            "0 the gradient still tells the way, at 1 it is no guide any more. The largest step size drawn up to which "
            "the loss stays below where it was, median of the seeds: {reach}."
        ).format(low=numbers.plain(normalized.AHEAD[0]), high=numbers.plain(normalized.AHEAD[1]), reach=reach)
    )


def mistake() -> None:
    """Find the mistake."""
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        guess = reasoning(CAUSE, key="regularization_training_mistake")
        answer(
            CAUSE,
            guess,
            hint=_("What else differs between the two kinds of networks? Look at the gradients."),
            key="regularization_training_mistake_solution",
            code="regularization_training_mistake",
        )
