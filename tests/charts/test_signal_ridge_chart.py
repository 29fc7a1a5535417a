"""The ridge: what is drawn are the engine's shares, on one range, and nothing is left out."""

import numpy as np
import pytest

from engine.activations import activation
from engine.initializers import initializer
from engine.signal import SignalConfig, study
from engine.signal_reading import activation_histograms, gradient_histograms, shown_range
from pages.shared.charts import signal_ridge as charts
from tests.specs import walk

TITLES = ("activation a", "layer")


def histograms(name="relu", gradients=False, scheme="he_normal", **more):
    kind = activation(name)
    limits = {"histogram_range": shown_range(kind, 1.0), "gradient_range": (-0.5, 0.5)}
    config = SignalConfig(6, 20, 30, kind, initializer(scheme, **more), (0, 1), bins=10, **limits)
    read = gradient_histograms if gradients else activation_histograms
    return read(config, study(config), (0, 2, 5))


def drawn(found, at_zero=True):
    return charts.data(found, "He", "{:.3f}".format, "layer {}".format, at_zero=at_zero)


@pytest.mark.parametrize("gradients", [False, True])
def test_a_row_is_as_high_as_its_share(gradients):
    found = histograms(gradients=gradients)
    shapes = drawn(found)["shapes"]
    assert set(shapes["series"]) == {"He"}
    for place in range(3):
        row = shapes[shapes["row"] == place]
        np.testing.assert_array_equal(row["x"], found.edges)
        heights = (row["base"] - row["y"]).to_numpy() / charts.ROOM
        assert heights.max() == pytest.approx(found.inside[place])
        assert heights[-1] == heights[-2]
        np.testing.assert_allclose(
            heights[:-1] / heights.sum(),
            found.shares[place] / (heights.sum() / heights.max() * found.shares[place].max()),
        )
        assert (row["base"] == place + 1).all()


def test_what_lies_outside_and_exact_zeros_have_bars_and_words():
    found = histograms()
    parts = drawn(found)
    gauges, words = parts["gauges"], parts["words"]
    heights = (gauges["base"] - gauges["y"]) / charts.ROOM
    expected = sorted([*found.above[found.above > 0], *found.zero[found.zero > 0]])
    np.testing.assert_allclose(sorted(heights), expected)
    assert (found.zero > 0.3).all()
    texts = set(words["text"])
    assert {f"0: {share:.3f}" for share in found.zero} <= texts
    assert {f"{share:.3f} ▸" for share in found.above if share} <= texts
    assert not [text for text in texts if "◂" in text]  # nothing is below 0
    assert words[words["align"] == "name"]["text"].tolist() == ["1", "3", "6"]


def test_gradients_have_their_zeros_in_words_alone():
    found = histograms(gradients=True)
    gauges = drawn(found, at_zero=False)["gauges"]
    assert len(gauges) == (found.below > 0).sum() + (found.above > 0).sum()
    assert not ((gauges["x"] < 0) & (gauges["x2"] > 0)).any()


def test_all_that_is_outside_leaves_the_row_empty():
    """N(0, 1000²): no output of the last layer lies in the range."""
    found = histograms("linear", scheme="normal", sigma=1000.0)
    parts = drawn(found)
    assert found.below[2] + found.above[2] > 0.99
    assert np.isfinite(parts["shapes"]["y"]).all()


def test_a_layer_that_was_not_reached_is_empty():
    kind = activation("relu")
    config = SignalConfig(50, 20, 30, kind, initializer("normal", sigma=1e6), (0,), histogram_range=(0, 1))
    parts = drawn(activation_histograms(config, study(config), (0, 49)))
    assert set(parts["shapes"]["row"]) == {0}
    assert parts["words"]["text"].tolist()[-1] == "50"
    assert parts["rows"]["detail"].tolist() == ["layer 0", "layer 1"]


def test_one_spec_for_all_schemes_and_depths():
    arguments = (("Xavier", "He"), 8, 0.0, 3.0, *TITLES, 185, 26)
    spec = charts.spec(*arguments)
    assert spec is charts.spec(*arguments)
    assert spec["height"] == 8 * 26
    titles = {part["title"] for part in walk(spec["layer"]) if isinstance(part.get("title"), str)}
    assert set(TITLES) <= titles
    assert {layer["data"]["name"] for layer in spec["layer"]} == {"shapes", "gauges", "words", "rows"}


def test_the_ends_of_the_range_are_written_out():
    (axis,) = {
        part["axis"]["labelExpr"]
        for part in walk(charts.spec(("He",), 3, -12.0, 4.0, *TITLES, 185, 26))
        if isinstance(part.get("axis"), dict) and "labelExpr" in part["axis"]
    }
    assert "format(datum.value" in axis
