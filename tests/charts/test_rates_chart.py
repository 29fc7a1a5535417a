"""The axis of learning rates: bands, borders and dots are the strip's; the spec knows nothing of the numbers."""

import numpy as np
import pytest

from engine.descent_regimes import OBSERVED, strip
from engine.surfaces import surface
from pages.shared.charts import rates, theme

LOW, HIGH = 1e-4, 100.0
NAMES = {code: code.upper() for code in OBSERVED}
Y = (-4.0, 4.0)


def parts(code="parabola", start=-3.0, borders=(), now=0.1, y_range=Y):
    found = strip(surface(code), start, LOW, HIGH)
    return found, rates.data(found, NAMES, borders, now, y_range)


def layers():
    return rates.spec(LOW, HIGH, Y, "rate", "x", "regime")["layer"]


@pytest.mark.parametrize("code", ["parabola", "double_well", "wavy"])
def test_the_bands_are_the_strips(code):
    found, data = parts(code, surface(code).start[0])
    bands = data["bands"]
    assert bands["low"].tolist() == found.edges[:-1].tolist()
    assert bands["high"].tolist() == found.edges[1:].tolist()
    assert bands["name"].tolist() == [NAMES[name] for name in found.regimes]
    assert (bands["middle"] ** 2).tolist() == pytest.approx(found.edges[:-1] * found.edges[1:])
    wide = np.log10(found.edges[1:] / found.edges[:-1]) >= rates.LABELLED
    assert (bands["at"] != "").tolist() == wide.tolist()


def test_names_stand_where_the_slow_runs_do_not():
    assert set(parts(start=-3.0)[1]["bands"]["at"]) == {"top"}
    assert set(parts(start=3.0)[1]["bands"]["at"]) == {"bottom"}


def test_every_regime_has_a_colour_of_the_palette():
    assert set(rates.ROLES) == set(OBSERVED)
    assert set(rates.ROLES.values()) <= set(theme.ROLES)
    lasting = [rates.ROLES[code] for code in OBSERVED if code != "jumps"]  # which has no band of its own
    assert len(set(lasting)) == len(lasting)


def test_the_dots_are_the_last_steps_inside_the_picture():
    found, data = parts("double_well", 0.1, y_range=(-1.7, 1.7))
    dots = data["last"]
    seen = np.float32(found.last)
    for rate, y in dots.to_numpy()[:: max(len(dots) // 50, 1)]:
        place = np.abs(found.learning_rates / rate - 1).argmin()
        assert y in seen[place]
        assert -1.7 <= y <= 1.7
    inside = ((found.last >= -1.7) & (found.last <= 1.7)).any(axis=1)
    assert set(dots["x"]) == set(np.float32(found.learning_rates[inside]))
    assert len(dots) < found.last.size / 2  # those in the same place are drawn once


def test_borders_and_the_chosen_rate():
    _found, data = parts(borders=[("1/λ", 0.5), ("2/λ", 1.0)], now=0.3)
    assert data["borders"].to_numpy().tolist() == [["1/λ", 0.5, "right"], ["2/λ", 1.0, "left"]]
    assert data["now"]["x"].tolist() == [0.3]
    assert parts(now=1e-10)[1]["now"].empty
    assert parts(now=1e3)[1]["now"].empty
    assert parts()[1]["borders"].empty


def test_the_axes_say_what_they_are():
    channels = [(name, layer["encoding"][name]) for layer in layers() for name in "xy" if name in layer["encoding"]]
    titles = {(name, channel["title"]) for name, channel in channels if channel.get("title")}
    assert titles == {("x", "rate"), ("y", "x")}
    for layer in layers():
        assert layer["encoding"]["x"]["scale"] == {"type": "log", "domain": [LOW, HIGH], "nice": False}


def test_the_spec_does_not_depend_on_the_data():
    assert rates.spec(LOW, HIGH, Y, "rate", "x", "regime") is rates.spec(LOW, HIGH, Y, "rate", "x", "regime")
    named = {layer["data"]["name"] for layer in layers()}
    assert named == set(parts()[1])
