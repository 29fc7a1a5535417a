"""Drawn weights as a picture: bars and curves are the engine's, and what lies outside is told."""

import numpy as np
import pytest

from engine.drawn_weights import DrawConfig, draw
from engine.initializers import initializer
from engine.weight_schemes import Constant, Normal
from pages.shared.charts import weight_histogram as chart
from tests.specs import walk

WIDE = draw(DrawConfig(Normal(1.0), 60, 50, half_width=1.5, bins=21))
NARROW = draw(DrawConfig(initializer("xavier_uniform"), 60, 50, half_width=1.5, bins=21))
EQUAL = draw(DrawConfig(Constant(0.5), 60, 50, half_width=1.5, bins=21))


def test_bars_are_the_counts_as_a_density():
    bars = chart.data(WIDE, NARROW, 1.0, "")["bars"]
    np.testing.assert_array_equal(bars["count"], WIDE.counts)
    np.testing.assert_array_equal(bars["y"], WIDE.heights)
    np.testing.assert_array_equal(bars["x"], WIDE.edges[:-1])
    np.testing.assert_array_equal(bars["x2"], WIDE.edges[1:])


def test_what_lies_outside_is_told_at_its_end():
    outside = chart.data(WIDE, NARROW, 1.0, "")["outside"].set_index("side")["text"].to_dict()
    assert WIDE.below > 100
    assert outside == {"left": f"◀ {WIDE.below}", "right": f"{WIDE.above} ▶"}
    assert chart.data(NARROW, WIDE, 1.0, "")["outside"].empty


def test_curves_stop_where_they_do_not_fit():
    parts = chart.data(WIDE, NARROW, 1.0, "")
    np.testing.assert_array_equal(parts["theory"]["y"], WIDE.density)
    assert parts["other"]["y"].isna().equals(parts["other"]["x"].isin(NARROW.w[NARROW.density > 1.0]))
    assert parts["frame"].to_numpy().tolist() == [[-1.5, 0.0], [1.5, 1.0]]


def test_a_point_mass_is_an_arrow_and_no_bar():
    parts = chart.data(EQUAL, WIDE, 2.0, "all of them")
    assert parts["bars"].empty
    assert parts["theory"].empty
    assert parts["masses"][["x", "label"]].to_numpy().tolist() == [[0.5, "all of them"]]
    assert parts["masses"]["side"].tolist() == ["right"]  # the label ends at its arrow, and stays in the picture


def test_the_heights_are_shared_unless_a_panel_would_be_flat():
    lecun, xavier = (
        draw(DrawConfig(initializer(code), 60, 50, half_width=0.5)) for code in ("lecun_normal", "xavier_normal")
    )
    own = [chart.ROOM * max(d.heights.max(), d.density.max()) for d in (lecun, xavier)]
    assert chart.tops([lecun, xavier]) == [max(own)] * 2
    low, high = chart.tops([WIDE, NARROW])
    assert low == pytest.approx(chart.ROOM * max(WIDE.heights.max(), WIDE.density.max()))
    assert high > chart.SHARED * low
    assert chart.tops([EQUAL, WIDE]) == [low, low]
    assert chart.tops([EQUAL, EQUAL]) == [1.0, 1.0]


def test_the_spec_is_constant_and_names_its_axes():
    spec = chart.spec("weight", "density", "weights", "interval")
    assert chart.spec("weight", "density", "weights", "interval") is spec
    titles = {part["title"] for part in walk(spec) if isinstance(part.get("title"), str)}
    assert titles == {"weight", "density", "weights", "interval"}
    names = {part["name"] for part in walk(spec) if set(part) == {"name"}}
    assert names == set(chart.data(WIDE, NARROW, 1.0, ""))
