"""Dead and sparse: what is shown is what the engine computes, for every example and after every widget."""

import json
import math
from collections import OrderedDict
from dataclasses import replace

import pandas as pd
import pytest

from engine import dead_units
from engine.dying import COMPARED, DOSES, EPOCHS, compare, dose_response, virtues
from pages.sections.activations.dead_setup import PRESETS, SHOWN
from pages.shared import cached
from pages.shared.names import ACTIVATIONS
from pages.shared.numbers import plain, tex
from pages.shared.text import catalog

KO = catalog("ko").gettext
PAGE, OPEN = "activations", {"activations_section": "dead"}
MEASURES = [
    "Off at the start, layer by layer",
    "Off at the end",
    "of these dead",
    "Came back, times",
    "Loss at the end",
    "Accuracy at the end",
]


@pytest.fixture
def dead(app):
    """dead(language, **query): the section by a link, its keys without their prefix."""
    return lambda language="en", **query: app(
        PAGE, language, **OPEN, **{f"activations_dead_{key}": text for key, text in query.items()}
    )


def tables(screen) -> dict[str, pd.DataFrame]:
    """First column's title -> table."""
    return {table.value.columns[0]: table.value for table in screen.at.table}


def link(screen) -> dict[str, str]:
    """What the link says beside the section."""
    return {key: text for key, text in screen.link.items() if key != "activations_section"}


def listed(counts) -> str:
    return ", ".join(str(int(n)) for n in counts)


def check_layers(screen, one, epoch):
    life, table = one.life, tables(screen)["Layer"]
    assert table["Layer"].tolist() == [str(k + 1) for k in range(len(life.layers))]
    assert table["Share of zeros"].tolist() == [plain(float(share)) for share in life.zero_shares()[epoch]]
    assert table["Off for all samples"].tolist() == [str(n) for n in life.counts("off")[epoch]]
    assert table["Dead"].tolist() == [str(n) for n in life.counts("dead")[epoch]]


def check_comparison(screen, found):
    table = tables(screen)["Quantity"]
    assert table["Quantity"].tolist() == MEASURES
    for code, one in found.items():
        off, gone = one.life.counts("off"), one.life.counts("dead")
        came_back = listed(layer.came_back.sum() for layer in one.life.layers)
        if one.diverged_at >= 0:
            lost = f"diverged at epoch {one.diverged_at}"
            assert table[SHOWN[code]].tolist() == [listed(off[0]), "–", "–", came_back, lost, "–"]
        else:
            loss, accuracy = one.history.train_loss[-1], one.history.train_score[-1]
            counts = [listed(off[0]), listed(off[-1]), listed(gone[-1]), came_back]
            assert table[SHOWN[code]].tolist() == [*counts, plain(loss), plain(accuracy)]


def check_unit(screen, config, one, code, epoch, layer, unit):
    report = dead_units.report(one.trace(config.samples, epoch), layer, unit, tuple(COMPARED.values()))
    assert rf"\max_n z_n &= {tex(report.highest)}" in screen.latex
    assert rf"\max_n f'(z_n) &= {tex(report.steepest)}" in screen.latex
    assert rf"\right\| &= {tex(report.gradient)} \end" in screen.latex
    if report.arriving:
        for name, value in zip(SHOWN.values(), report.instead, strict=True):
            assert (
                rf"\text{{{name}}}:\; \left\| \frac{{\partial L}}{{\partial w}} \right\| &= {tex(value)}"
                in screen.latex
            )
    life = one.life.layers[layer]
    state = "dead" if life.dead[epoch, unit] else "off" if life.off[epoch, unit] else "alive"
    assert f"After epoch {epoch}, unit {unit + 1} of layer {layer + 1} is **{state}**" in screen.words
    if life.off_since[unit] >= 0:
        assert f"From epoch {life.off_since[unit]} on it is off" in screen.words


# examples -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", SHOWN)
@pytest.mark.parametrize("preset", PRESETS)
def test_an_example_shows_the_engines_numbers(dead, preset, code):
    _title, config, epoch, (layer, unit) = PRESETS[preset]
    query = {"preset": preset} if preset != "too_high" else {}
    screen = dead(**query, **({"shown": code} if code != "relu" else {}))
    assert screen.toasts == []
    found = compare(config)
    seen = min(epoch, found[code].last)
    check_layers(screen, found[code], seen)
    check_comparison(screen, found)
    check_unit(screen, config, found[code], code, seen, layer - 1, unit - 1)


def test_the_first_screen_tells_who_died_and_when(dead):
    screen = dead()
    table = tables(screen)["Quantity"]
    assert table["ReLU"].tolist() == ["0, 1", "1, 8", "1, 8", "0, 11", "0.6931", "0.5"]
    assert table["Leaky ReLU"].tolist() == ["0, 0", "1, 0", "0, 0", "0, 7", "0.002574", "1"]
    assert table["ELU"].tolist()[-2:] == ["0.004014", "1"]
    assert "is **dead**: z ≤ 0 for every sample" in screen.words
    assert "From epoch 62 on it is off" in screen.words
    assert "Layer 2 is dead as a whole" in screen.words
    assert "too large for this picture" not in screen.words
    every = tables(screen)["Layer, unit"]
    assert every["Off until the end since epoch"].tolist()[8:] == ["62", "64", "62", "64", "34", "9", "62", "0"]
    assert every["Off until the end since epoch"].tolist()[:4] == ["alive", "alive", "alive", "60"]
    assert plain(math.log(2)) == table["ReLU"].tolist()[4]


def test_examples_bring_their_own_values_and_leave_them_behind(dead):
    screen = dead().set("activations_dead_rate", 1.5)
    assert link(screen) == {"activations_dead_rate": "1.5"}
    screen.set("activations_dead_preset", "deep")
    assert screen.value("activations_dead_rate") == 0.2
    assert screen.value("activations_dead_hidden") == 6
    screen.set("activations_dead_preset", "wide")
    assert screen.value("activations_dead_epoch") == 0
    screen.set("activations_dead_preset", "too_high")
    assert screen.value("activations_dead_rate") == 3.0
    assert link(screen) == {}


# widgets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epoch", [0, 33, 63, 119])
def test_the_epoch_moves_everything(dead, epoch):
    screen = dead().set("activations_dead_epoch", epoch)
    found, config = compare(PRESETS["too_high"][1]), PRESETS["too_high"][1]
    check_layers(screen, found["relu"], epoch)
    check_unit(screen, config, found["relu"], "relu", epoch, 1, 2)
    every = tables(screen)["Layer, unit"]
    highest = [value for layer in found["relu"].life.layers for value in layer.highest[epoch]]
    assert every["Largest z now"].tolist() == [plain(float(value)) for value in highest]
    assert link(screen) == {"activations_dead_epoch": str(epoch)}


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("rate", 0.7, "learning_rate"),
        ("seed", 11, "seed"),
        ("data", "circles", "data"),
        ("hidden", 1, "hidden"),
        ("width", 3, "width"),
        ("bias", -2.0, "bias"),
    ],
)
def test_a_widget_moved_is_another_training(dead, key, value, field):
    screen = dead().set(f"activations_dead_{key}", value)
    config = replace(PRESETS["too_high"][1], **{field: value})
    check_comparison(screen, compare(config))
    check_layers(screen, compare(config)["relu"], EPOCHS)


def test_a_smaller_network_takes_the_unit_along(dead):
    screen = dead(layer="2", unit="8").set("activations_dead_width", 4)
    assert screen.value("activations_dead_unit") <= 4
    screen.set("activations_dead_hidden", 1)
    assert screen.value("activations_dead_layer") == 1


def test_another_unit(dead):
    screen = dead().set("activations_dead_layer", 1).set("activations_dead_unit", 5)
    config = PRESETS["too_high"][1]
    check_unit(screen, config, compare(config)["relu"], "relu", EPOCHS, 0, 4)
    assert "No gradient arrives at this unit" in screen.words  # behind a dead layer
    assert link(screen) == {"activations_dead_layer": "1", "activations_dead_unit": "5"}


# the pictures -------------------------------------------------------------------------------------------------


def test_the_pictures_show_the_epoch_and_keep_their_spec(dead):
    screen = dead(epoch="40")
    before = screen.picture
    screen.set("activations_dead_epoch", 100)
    assert screen.picture == before  # only the data change
    assert len(before) == 4
    specs = [json.loads(spec) for spec in before]
    assert [spec["height"] for spec in specs[:1]] == [330]
    alts = [chart.proto.alt for chart in screen.at.get("vega_lite_chart")]
    one = compare(PRESETS["too_high"][1])["relu"]
    assert f"after epoch 100, {one.life.counts('dead')[100].sum()} of 16 units are dead" in alts[0]
    assert any(
        alt == "Units that are off for all samples, of 16; at the end: ReLU 9, Leaky ReLU 1, ELU 0" for alt in alts
    )


# divergence ---------------------------------------------------------------------------------------------------


def test_divergence_is_told_apart_from_death(dead):
    screen = dead(preset="far", shown="leaky_relu")
    found = compare(PRESETS["far"][1])["leaky_relu"]
    (warning,) = [one.value for one in screen.at.warning]
    assert "With Leaky ReLU training diverged: from epoch 12 on" in warning
    check_layers(screen, found, 11)
    assert "too large for this picture" in screen.words
    screen.set("activations_dead_epoch", 11)
    assert list(screen.at.warning) == []
    screen.set("activations_dead_shown", "relu")
    assert list(screen.at.warning) == []


def test_too_many_units_are_refused_and_the_page_lives_on(dead):
    screen = dead(preset="deep").set("activations_dead_width", 24)
    assert [error.value for error in screen.at.error] == ["`hidden units` must lie in `[1, 72]`, not at `144`."]
    assert "What to notice" in screen.words
    assert screen.has("activations_dead_challenge_guess")
    screen.set("activations_dead_width", 12)
    assert list(screen.at.error) == []


# note 002 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", ["too_high", "deep"])
def test_why_relu_in_numbers(dead, preset):
    table = tables(dead(preset=preset) if preset != "too_high" else dead())["Reason"]
    found = virtues(PRESETS[preset][1])
    assert list(table.columns) == ["Reason", "ReLU", "Leaky ReLU", "Sigmoid"]
    for code in ("relu", "leaky_relu", "sigmoid"):
        v = found[code]
        expected = [plain(x) for x in (v.slope_right, v.through, v.zero_share, v.slope_left)]
        assert table[ACTIVATIONS[code]].tolist()[1:] == expected
    assert table["ReLU"].tolist()[0] == "comparison"
    assert (table["ReLU"].tolist()[-1], table["Leaky ReLU"].tolist()[-1]) == ("0", "0.1")


# how large is too large ---------------------------------------------------------------------------------------


def test_the_doses_wait_until_they_are_asked_for(dead, monkeypatch):
    shelf = cached.dose_response
    monkeypatch.setattr(shelf, "_kept", OrderedDict())
    screen = dead()
    assert not shelf._kept
    assert "Learning rate" not in tables(screen)
    screen.set("activations_dead_doses", True)
    table, found = tables(screen)["Learning rate"], dose_response(PRESETS["too_high"][1])
    assert table["Learning rate"].tolist() == [plain(rate) for rate in DOSES]
    for code, response in found.items():
        pairs = zip(response.learned.tolist(), response.diverged.tolist(), strict=True)
        assert table[SHOWN[code]].tolist() == [f"{learned} / {lost}" for learned, lost in pairs]
    assert len(screen.picture) == 6
    screen.set("activations_dead_rate", 5.0).set("activations_dead_seed", 2)
    assert len(shelf._kept) == 1


def test_the_doses_of_a_large_network_wait_for_a_click(dead):
    screen = dead(hidden="6", width="12", doses="1")
    assert "Learning rate" not in tables(screen)
    assert "**training:** about" in screen.words
    assert screen.button("activations_dead_doses_run").label == "Compute now"


# challenge and take-away --------------------------------------------------------------------------------------


def test_the_challenge(dead):
    screen = dead().set("activations_dead_challenge_guess", 256.0)
    assert [one.value for one in screen.at.warning] == [
        "Half of the outputs are 0, but a unit is dead only if it is 0 for the first sample, and the second, …"
    ]
    screen.set("activations_dead_challenge_guess", 2.0)
    assert [one.value for one in screen.at.warning] == []
    assert "yet only 2 are dead" in screen.at.success[0].value


@pytest.mark.parametrize("preset", PRESETS)
def test_the_script_prints_the_screens_numbers(dead, preset):
    screen = dead(preset=preset) if preset != "too_high" else dead()
    table = tables(screen)["Quantity"].set_index("Quantity")
    for line, name in zip(screen.printed(), SHOWN.values(), strict=True):
        column = table[name]
        if "diverged" in line:
            assert line.split(" ", 1)[1] == column["Loss at the end"]
            continue
        _code, rest = line.split(" off ")
        off, rest = rest.split(" dead ")
        gone, rest = rest.split(" loss ")
        loss, accuracy = rest.split(" accuracy ")
        assert off == f"[{column['Off at the end']}]"
        assert gone == f"[{column['of these dead']}]"
        assert plain(float(loss)) == column["Loss at the end"]
        assert plain(float(accuracy)) == column["Accuracy at the end"]


def test_korean(dead):
    screen = dead("ko", preset="far", shown="elu")
    assert KO("diverged at epoch {n}").format(n=14) in tables(screen)[KO("Quantity")]["ELU"].tolist()
    assert KO("**Why ReLU, and what it costs (note 002).**") in screen.words
    english = dead(preset="far", shown="elu")
    for one, other in zip(screen.at.table[:-1], english.at.table[:-1], strict=True):
        assert one.value.shape == other.value.shape
