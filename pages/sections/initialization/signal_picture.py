"""The pictures of the signal: a ridge of histograms for each scheme, and the figures of all layers beside theory."""

from collections.abc import Callable, Mapping

import streamlit as st

from engine.seed_bands import over_seeds
from engine.signal import SATURATED, SignalResult
from engine.signal_reading import (
    LayerHistograms,
    activation_histograms,
    gradient_histograms,
    shown_layers,
)
from pages.sections.initialization.signal_setup import Setup
from pages.shared import controls, numbers, screen, show
from pages.shared.charts import series, signal_ridge
from pages.shared.text import _

ROWS = 8  # layers with a histogram
WIDTH, HIGH_ROW, LOW_ROW = 185, 38, 26  # pixels of a histogram: two schemes stand beside each other
FORWARD, BACKWARD = "forward", "backward"
HEIGHT = 210

Results = Mapping[str, SignalResult]


def layers(setup: Setup) -> tuple[int, ...]:
    """Which layers have a histogram, from 0."""
    return shown_layers(setup.any.depth, ROWS)


def ridges(setup: Setup, results: Results) -> None:
    """A ridge for each scheme, side by side, of activations or of gradients."""
    ways = {FORWARD: _("Activations, forward"), BACKWARD: _("Gradients, backward")}
    way = controls.choice(
        st.segmented_control,
        _("Histograms"),
        ways,
        key="initialization_signal_way",
        required=True,
        label_visibility="collapsed",
    )
    histograms = activation_histograms if way == FORWARD else gradient_histograms
    title = _("activation a") if way == FORWARD else "log₁₀ |δ|"
    limits = setup.any.histogram_range if way == FORWARD else setup.any.gradient_range
    spec = signal_ridge.spec(
        tuple(setup.configs),
        len(layers(setup)),
        *limits,
        title,
        _("layer"),
        WIDTH,
        HIGH_ROW if len(setup.configs) <= 2 else LOW_ROW,
    )
    with st.container(horizontal=True, gap="small"):
        for place, (label, result) in enumerate(results.items()):
            found = histograms(setup.configs[label], result, layers(setup))
            with st.container(width="content", gap="xxsmall"):
                st.markdown(f"**{label}**")
                show.chart(
                    spec,
                    signal_ridge.data(found, label, share, _detail(found), at_zero=way == FORWARD),
                    alt=_("{way}: a histogram of each of some layers, initialization {name}").format(
                        way=ways[way], name=label
                    ),
                    key=f"initialization_signal_ridge_{place}",
                    width="content",
                )
    _explain(setup, way)


def share(value: float) -> str:
    """Per cent, so that nothing that happens is 0% and nothing that does not is 100%."""
    if 0 < value < 0.005:
        return "<1%"
    return ">99%" if 0.995 < value < 1 else f"{value:.0%}"


def _detail(found: LayerHistograms) -> Callable[[int], str]:
    template = _("Layer {layer}: {inside} in the range, {below} below, {above} above, {zero} exactly 0; {n} numbers")

    def detail(place: int) -> str:
        if not found.numbers[place]:
            return _("Layer {layer}: not reached, a number has left float64").format(layer=found.layers[place] + 1)
        return template.format(
            layer=found.layers[place] + 1,
            inside=share(float(found.inside[place])),
            below=share(float(found.below[place])),
            above=share(float(found.above[place])),
            zero=share(float(found.zero[place])),
            n=f"{found.numbers[place]:,}",
        )

    return detail


def _explain(setup: Setup, way: str) -> None:
    low, high = setup.any.histogram_range if way == FORWARD else setup.any.gradient_range
    shown = {"low": numbers.plain(low), "high": numbers.plain(high), "n": len(setup.any.seeds)}
    if way == FORWARD:
        text = _(
            "**All histograms share one range:** a from {low} to {high}, over all samples and units of {n} networks. "
            "What lies outside is counted: ◂ below, ▸ above, as a bar at the edge. ‘0:’ is the share of outputs "
            "that are exactly 0, drawn as a thin bar. A row's height is 100% for these bars, and the histogram's "
            "tallest bar has the share of all that is inside. One lonely bar at 0: the signal is far smaller than the "
            "range. Change the range under “More settings”."
        )
    else:
        text = _(
            "**All histograms share one range:** |δ| from 10 to the power of {low} to 10 to the power of {high}, on a "
            "logarithmic axis, over all samples and units of {n} networks. What lies outside is counted: ◂ below, ▸ "
            "above. ‘0:’ is the share of gradients that are exactly 0, which have no logarithm. The loss is behind the "
            "last layer: read from the bottom up. Change the range under “More settings”."
        )
    screen.aside(text.format(**shown))


def curves(setup: Setup, results: Results) -> None:
    """Mean, spread and gradient of every layer, median and band over the networks; dashed: theory."""
    theory = {label: result.predicted for label, result in results.items()}
    drawn = [
        (
            "mean",
            _("mean of a"),
            {"y_domain": setup.any.histogram_range},
            {label: one.mean for label, one in theory.items()},
        ),
        ("std", _("std of a"), {"log": True}, {label: one.std for label, one in theory.items()}),
        ("dz_std", _("std of δ"), {"log": True}, {label: one.dz_std for label, one in theory.items()}),
        ("sample_std", _("spread over samples"), {"log": True}, None),
        ("saturated", _("share saturated"), {"y_domain": (0.0, 1.0)}, None),
        ("dead", _("share of dead units"), {"y_domain": (0.0, 1.0)}, None),
    ]
    places = [place for _row in range(3) for place in st.columns(2, gap="small")]
    for place, (name, title, options, expected) in zip(places, drawn, strict=True):
        with place:
            _curve(setup, results, name, title, options, expected)
    screen.aside(
        _(
            "**Line:** the median of {n} networks; **band:** the middle half of them; **dashed:** the recursion, for "
            "infinitely wide layers (std: standard deviation). Real layers are finite, and their deviations multiply "
            "from layer to layer: the deeper for its width, the further the seeds lie apart and from theory. The mean "
            "is drawn in the histograms' range. **Spread over the samples:** the standard deviation of a unit's output "
            "over the samples, root mean square over the units. **Saturated:** slope at most {share} of the largest. "
            "**Dead:** 0 for each of the {samples} samples."
        ).format(n=len(setup.any.seeds), share=f"{SATURATED:.0%}", samples=setup.any.n_samples)
    )


def _curve(setup: Setup, results: Results, name: str, title: str, options: dict, expected: Mapping | None) -> None:
    bands = {label: over_seeds(getattr(result, name)) for label, result in results.items()}
    show.chart(
        series.spec(
            tuple(results), _("layer"), title, points=True, height=HEIGHT, expected=expected is not None, **options
        ),
        series.data(
            range(1, setup.any.depth + 1),
            {label: band.median for label, band in bands.items()},
            {label: (band.low, band.high) for label, band in bands.items()},
            log=options.get("log", False),
            expected=expected,
        ),
        alt=_("{figure} in each layer: {names}").format(figure=title, names=", ".join(results)),
        key=f"initialization_signal_{name}",
    )
