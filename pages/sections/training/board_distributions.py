"""The histograms of the board: how weights, activations and gradients of each layer spread, epoch by epoch."""

import math
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.board import QUANTITIES, TYPICAL, Board, cost
from engine.board_reading import Finding, drawn_frames, findings, moved_most
from engine.export_board import quantiles_script
from engine.history import TrainingHistory
from engine.normalized_training import QUANTILES
from pages.sections.training.board_guide import guide
from pages.sections.training.board_shown import Shown, frame_of
from pages.shared import budget, cached_lab_board, controls, numbers, screen, show
from pages.shared.budget import Job
from pages.shared.charts import board as charts
from pages.shared.charts import series
from pages.shared.lab.setup import LabSetup
from pages.shared.text import N_, _

TITLES = {
    "W": N_("weights W"),
    "b": N_("biases b"),
    "z": N_("pre-activations z"),
    "a": N_("activations a"),
    "dz": N_("gradients ∂L/∂z"),
    "dW": N_("gradients ∂L/∂W"),
}
SYMBOLS = {"W": "W", "b": "b", "z": "z", "a": "a", "dz": "∂L/∂z", "dW": "∂L/∂W"}
STYLES = {"ridge": N_("Ridge"), "ribbon": N_("Quantile ribbon")}
ROWS = 16  # frames of a ridge


@dataclass(frozen=True)
class Options:
    """Which quantity, drawn as what, on one range for all layers or not."""

    quantity: str
    style: str
    same: bool


def draw(
    chosen: LabSetup, history: TrainingHistory, options: Options, left: DeltaGenerator, right: DeltaGenerator
) -> Shown | None:
    """A picture a layer, a table, what to look out for."""
    quantity, same = options.quantity, options.same
    with right:
        job = Job(_("looking inside"), cached_lab_board.watched, (chosen.config,), cost(chosen.config))
        (board,) = budget.run([job], left, key="training_board_look")
        place = st.container()
        frame = frame_of(chosen, history)
        if board is None:
            return None
        if not len(board.epochs):
            st.warning(_("Not even the start of this run has finite numbers: there is nothing to draw."))
            return None
        frame = min(frame, len(board.epochs) - 1)
        with place:
            _pictures(board, options, frame)
    _explain(board, quantity, options.style, same)
    if quantity in ("dz", "dW") and chosen.config.training.batch_norm:
        screen.aside(
            _(
                "**With batch normalization** the gradients of training differ from these: there the mean and the "
                "variance of the batch depend on z as well, while in evaluation mode the running ones stand still."
            )
        )
    if quantity in ("z", "a"):
        _shares(board, frame)
    _numbers(board, quantity, same, frame)
    found = findings(board, frame)
    guide(board, found, frame)
    script = quantiles_script(chosen.config, quantity)
    return Shown(_notice(board, found, frame), _everything(board, quantity), script)


def options() -> Options:
    """The controls of this view."""
    titles = {code: _(TITLES[code]) for code in QUANTITIES}
    quantity = controls.choice(st.selectbox, _("Quantity"), titles, key="training_board_quantity")
    styles = {code: _(title) for code, title in STYLES.items()}
    style = controls.choice(st.segmented_control, _("Drawn as"), styles, key="training_board_style", required=True)
    same = controls.toggle(_("Same range for all layers"), key="training_board_same", default=True)
    return Options(quantity, style, same)


def layer_name(board: Board, layer: int) -> str:
    """Layer 1, …, and which one gives the output."""
    n = len(board.spreads["W"])
    return (_("Layer {n} (output)") if layer == n - 1 else _("Layer {n}")).format(n=layer + 1)


def _pictures(board: Board, options: Options, frame: int) -> None:
    quantity, style, same = options.quantity, options.style, options.same
    frames = drawn_frames(len(board.epochs), ROWS, frame)
    places = []
    for layer, spread in enumerate(board.spreads[quantity]):
        counts = spread.shared if same else spread.own
        title = layer_name(board, layer)
        places = places if layer % 2 else st.columns(2, gap="medium")
        with places[layer % 2]:
            st.markdown(f"**{title}**")
            if style == "ridge":
                picture = charts.ridge_spec(len(frames), counts.low, counts.high, SYMBOLS[quantity], _("epoch"))
                data = charts.ridge_data(counts, board.epochs, frames, frames.index(frame))
                alt = _("Histograms over the epochs, the first at the back: {what}, {layer}")
            else:
                picture = charts.ribbon_spec(counts.low, counts.high, _("epoch"), SYMBOLS[quantity])
                data = charts.ribbon_data(spread, counts, board.epochs, frame)
                alt = _("Quantiles over the epochs: {what}, {layer}")
            key = f"training_board_{style}_{layer}"
            show.chart(picture, data, alt=alt.format(what=_(TITLES[quantity]), layer=title), key=key)


def _explain(board: Board, quantity: str, style: str, same: bool) -> None:
    """What is drawn, on which range, and what lies outside of it."""
    spreads = board.spreads[quantity]
    words = []
    if style == "ridge":
        words.append(
            _(
                "**Ridge:** one histogram a frame, the first epoch at the back, as in TensorBoard (there: offset); "
                "heights are shares of the layer’s values, compared within a layer. The frame looked at stands out."
            )
        )
    else:
        q = {f"q{place}": f"{share:.0%}" for place, share in enumerate(QUANTILES)}
        words.append(
            _(
                "**Ribbon:** the line is the median; the dark band reaches from {q1} to {q3} of the values, the pale "
                "one from {q0} to {q4}. Vertical line: the frame’s epoch."
            ).format(**q)
        )
    counts = [one.shared if same else one.own for one in spreads]
    outside = max(float(one.outside.max()) for one in counts)
    words.append(
        _(
            "**Range:** {which}. It holds every value unless some are more than {times} times as large as the largest "
            "at the start or, unless the run diverges, in a typical frame; for a it is f’s own range where f has one."
        ).format(which=_range_words(counts, same), times=numbers.plain(TYPICAL))
    )
    told = {
        "ridge": _("**Outside** of it lie up to {share} of a frame’s values: they stand as bars beside the histogram."),
        "ribbon": _("**Outside** of it lie up to {share} of a frame’s values: there the ribbon is cut off."),
    }
    words.append(told[style].format(share=f"{outside:.1%}") if outside else _("Nothing lies outside of it."))
    words.append(
        _("All training samples, evaluation mode; the gradient is that of the loss on all of them, without penalties.")
    )
    screen.aside(" ".join(words))


def _range_words(counts: list, same: bool) -> str:
    if not same:
        return _("each layer has its own")
    low, high = (numbers.plain(value) for value in (counts[0].low, counts[0].high))
    return _("the same for all layers and epochs, {low} to {high}").format(low=low, high=high)


def _shares(board: Board, frame: int) -> None:
    """Saturated outputs and dead units over the epochs."""
    layers = [_("Layer {n}").format(n=layer + 1) for layer in range(len(board.spreads["W"]))]
    left, right = st.columns(2, gap="medium")
    pictures = {
        "saturated": (left, _("share of saturated outputs"), board.saturated, layers),
        "dead": (right, _("share of dead units"), board.dead, layers[:-1]),
    }
    for code, (place, title, shares, names) in pictures.items():
        if names:
            with place:
                curves = {name: shares[:, layer] for layer, name in enumerate(names)}
                show.chart(
                    series.spec(tuple(names), _("epoch"), title, height=170, y_domain=(0.0, 1.0), marker=True),
                    series.data(board.epochs, curves, at=float(board.epochs[frame])),
                    alt=_("Over the epochs: {title}").format(title=title),
                    key=f"training_board_share_{code}",
                )
    screen.aside(
        _(
            "**Saturated:** an output where f is flat, its slope at most 5% of the largest that f has; for ReLU these "
            "are the outputs 0, which belong to its shape. **Dead:** a unit with slope 0 for every training sample: no "
            "gradient reaches its weights."
        )
    )


def _numbers(board: Board, quantity: str, same: bool, frame: int) -> None:
    """The quantiles of the frame, and the sizes of the gradients."""
    spreads, epoch = board.spreads[quantity], int(board.epochs[frame])
    table = {_("Layer"): list(range(1, len(spreads) + 1)), _("Values"): [one.numbers for one in spreads]}
    for place, share in enumerate(QUANTILES):
        table[f"{share:.0%}"] = [float(one.quantiles[frame, place]) for one in spreads]
    outside = [(one.shared if same else one.own).outside[frame] for one in spreads]
    table[_("Outside")] = [f"{share:.1%}" for share in outside]
    st.markdown(_("**Quantiles at epoch {epoch}**: {what}").format(epoch=epoch, what=_(TITLES[quantity])))
    screen.table(pd.DataFrame(table), alt=_("Quantiles of each layer at this frame"), digits=3)


def _notice(board: Board, found: tuple[Finding, ...], frame: int) -> tuple[str, ...]:
    words = [_way(board, frame)] if frame else [_("This is the start: no weight has moved yet.")]
    without = [str(layer + 1) for layer, moved in enumerate(board.moved[frame].tolist()) if math.isnan(moved)]
    if without:
        words.append(
            _("The weights of layer {layers} started at 0: there is no first length to measure their way by.").format(
                layers=", ".join(without)
            )
        )
    if found:
        words.append(_("A sign is no verdict: compare it with the loss of the same frame before changing anything."))
    return tuple(word for word in words if word)


def _way(board: Board, frame: int) -> str:
    """How far the weights have gone; nothing where no layer has a length to compare with."""
    layer = moved_most(board, frame)
    if layer is None:
        still = (board.moved[frame] == 0).all()
        return _("No weight has moved from where it started.") if still else ""
    band = board.spreads["W"][layer].quantiles
    widths = [float(band[at, 4] - band[at, 0]) for at in (0, frame)]
    return _(
        "The weights of layer {n} have moved the most: by {moved} times the length they had at the start. Their 5% "
        "to 95% band was {before} wide and is {after} at epoch {epoch}."
    ).format(
        n=layer + 1,
        moved=numbers.plain(float(board.moved[frame, layer]), 2),
        before=numbers.plain(widths[0], 3),
        after=numbers.plain(widths[1], 3),
        epoch=int(board.epochs[frame]),
    )


def _everything(board: Board, quantity: str) -> pd.DataFrame:
    """The quantiles of all frames and layers."""
    rows = [
        {"epoch": int(epoch), "layer": layer + 1, "quantity": quantity}
        | {f"q{share:g}": float(value) for share, value in zip(QUANTILES, one.quantiles[frame], strict=True)}
        for frame, epoch in enumerate(board.epochs)
        for layer, one in enumerate(board.spreads[quantity])
    ]
    return pd.DataFrame(rows)
