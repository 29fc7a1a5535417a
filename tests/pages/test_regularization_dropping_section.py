"""Dropping: the numbers of a pass and of many masks are the engine's, in every mode."""

import json

import pytest

from engine import dropped
from engine.cost import in_turn
from engine.dropped import HIDDEN, OUTPUTS, DropoutNet, over_masks, wrong_evaluation
from pages.sections.regularization.dropping import EXAMPLE
from pages.shared import budget
from pages.shared.charts.network import unit_name
from pages.shared.numbers import plain, tex

KEY = "regularization_dropping"
DEFAULT = DropoutNet(seed=2)


def opened(app, language="en", **query):
    query = {f"{KEY}_{name}": str(value) for name, value in query.items()}
    return app("regularization", language, regularization_section="dropping", **query)


def check(screen, config, which, training=True):
    """Tables, formulas and words against the engine."""
    trace = dropped.passed(config, which if training else None)
    units = dropped.units(trace)
    assert screen.table.values.tolist() == [
        [
            unit_name(unit.layer, unit.unit - 1),
            int(unit.kept),
            *map(plain, (unit.factor, unit.a, unit.passed, *([unit.gradient] if training else []))),
        ]
        for unit in units
    ]
    output = plain(trace.a[-1][0, 0])
    if training:
        n = sum(not unit.kept for unit in units)
        said = f"**Mask {which}:** {n} of {config.units} units are dropped. The output is :blue[{output}]."
    else:
        said = f"**Evaluation:** no mask, all {config.units} units at work. The output is :blue[{output}]."
    assert said in screen.words
    for unit in units[-4:]:
        assert rf"\tilde a_{unit.unit} &= " in screen.latex
        assert tex(unit.passed) in screen.latex
    assert f"&= {tex(trace.z[-1][0, 0])}" in screen.latex
    masks = over_masks(config)
    compared = dict(screen.at.table[1].value.values.tolist())
    assert compared["In evaluation"] == plain(masks.evaluation)
    assert compared[f"Mean of masks 1 to {which}"] == plain(masks.mean_until(which))
    assert compared[f"Mean of all {2**config.units} masks (exact)"] == plain(masks.mean)
    assert compared["Standard deviation σ (exact)"] == plain(masks.std)
    assert compared["Gap: that mean − evaluation"] == plain(masks.gap)


def test_the_default_screen(app):
    screen = opened(app)
    check(screen, DEFAULT, 2)
    assert r"\frac{a_j\, m_j}{1 - p}" in screen.latex
    assert f"A gap of {plain(over_masks(DEFAULT).gap)} remains" in screen.words
    assert len(screen.picture) == 3
    assert "its p = 0.8 is 0.2 here" in screen.words
    assert "784" in screen.words


def test_every_control_changes_the_numbers(app):
    screen = opened(app)
    screen.set(f"{KEY}_rate", 0.25)
    check(screen, DropoutNet(drop_rate=0.25, seed=2), 2)
    screen.set(f"{KEY}_mask", 40)
    check(screen, DropoutNet(drop_rate=0.25, seed=2), 40)
    screen.set(f"{KEY}_kind", "classic")
    check(screen, DropoutNet(drop_rate=0.25, seed=2, kind="classic"), 40)
    assert r"\tilde a_j &= a_j\, m_j" in screen.latex
    screen.set(f"{KEY}_mode", "eval")
    check(screen, DropoutNet(drop_rate=0.25, seed=2, kind="classic"), 40, training=False)
    assert r"(1 - p)\, a_j" in screen.latex
    screen.set(f"{KEY}_kind", "inverted")
    check(screen, DropoutNet(drop_rate=0.25, seed=2), 40, training=False)
    assert r"\tilde a_j &= a_j \end" in screen.latex
    assert "On the way back" not in screen.words
    screen.set(f"{KEY}_seed", 5)
    screen.set(f"{KEY}_output", "sigmoid")
    check(screen, DropoutNet(output="sigmoid", drop_rate=0.25, seed=5), 40, training=False)
    assert r"\sigma(z)" in screen.latex
    screen.set(f"{KEY}_x.0", -2.0)
    check(screen, DropoutNet(output="sigmoid", drop_rate=0.25, seed=5, x=(-2.0, 0.5)), 40, training=False)
    assert screen.link[f"{KEY}_mask"] == "40"


@pytest.mark.parametrize("network", ["one", "two"])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_network_and_function(app, network, hidden):
    for output in OUTPUTS:
        config = DropoutNet(network, hidden, output, seed=2)
        screen = opened(app, network=network, hidden=hidden, output=output)
        check(screen, config, 2)
        assert ("evaluation **is** the mean of all masks" in screen.words) == config.exact


def test_a_new_mask_is_the_next_one(app):
    screen = opened(app)
    before = screen.picture[0]
    screen.click(f"{KEY}_mask_new")
    assert screen.value(f"{KEY}_mask") == 3
    check(screen, DEFAULT, 3)
    assert json.loads(screen.picture[0]) == json.loads(before)  # the same picture with other data
    assert screen.link[f"{KEY}_mask"] == "3"
    last = opened(app, mask=5000)
    assert last.button(f"{KEY}_mask_new").disabled
    check(last, DEFAULT, 5000)


def test_a_mask_that_drops_a_whole_layer(app):
    config = DropoutNet("one", drop_rate=0.9, seed=2)
    which = next(k for k in range(1, 100) if not dropped.mask(config, k).any())
    screen = opened(app, network="one", rate=0.9, mask=which)
    check(screen, config, which)
    assert r"w_j \\[6pt] &= 0 \\[6pt] a &= z" in screen.latex  # once


def test_without_dropout_nothing_is_dropped(app):
    screen = opened(app, rate=0)
    check(screen, DropoutNet(drop_rate=0.0, seed=2), 2)
    assert "0 of 8 units" in screen.words
    assert "At p = 0 nothing is dropped: training and evaluation are the same" in screen.words
    assert "remains, however many" not in screen.words
    assert screen.at.table[1].value.values.tolist()[4][1] == "0"  # the gap


def test_the_mistake_and_its_numbers(app):
    screen = opened(app)
    screen.set(f"{KEY}_mistake", "4")
    assert "Line 4 holds." in screen.words
    screen.set(f"{KEY}_mistake", "3")
    assert [box.proto.title for box in screen.at.success] == ["You found it: line 3"]
    (said,) = [box.value for box in screen.at.success]
    found, wrong = over_masks(EXAMPLE), wrong_evaluation(EXAMPLE)
    assert plain(found.mean) == plain(found.evaluation)
    assert f"gives {plain(found.mean)} on average" in said
    assert f"with p {plain(wrong)}: 4 times too small" in said
    hinted = opened(app, network="one", kind="classic", rate=0.2, seed=EXAMPLE.seed)
    assert hinted.at.table[1].value.iloc[0, 1] == plain(found.evaluation)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("kind", ["inverted", "classic"])
def test_the_notice_says_of_the_band_what_the_picture_shows(app, kind, output):
    screen = opened(app, kind=kind, output=output)
    rates = dropped.over_rates(DropoutNet(kind=kind, output=output, seed=2))
    widens = bool((rates.std[1:] > rates.std[:-1]).all())
    assert widens == (kind == "inverted" and output == "linear")
    assert ("the higher p, the wider the band" in screen.words) == widens
    assert ("does not widen all the way here" in screen.words) != widens


def test_in_evaluation_nothing_is_said_of_a_mask_in_sight(app):
    screen = opened(app, mode="eval")
    assert screen.button(f"{KEY}_mask_new").disabled
    assert "press “New mask”" not in screen.words
    assert "no edge leads to it" not in screen.words
    assert "masks are drawn in training mode only" in screen.words
    training = opened(app)
    assert "press “New mask”" in training.words
    assert "**Vertical line:** mask number 2;" in training.words
    assert "68% of the time, not 95%" in training.words


def test_the_challenge(app):
    screen = opened(app)
    screen.set(f"{KEY}_challenge_guess", 0.75)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{KEY}_challenge_guess", 0.8)
    assert screen.at.success[-1].proto.title == "Right: 0.8"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_the_script_prints_the_numbers_of_the_screen(app, language, mode):
    screen = opened(app, language, mode=mode, mask=7, rate=0.3)
    lines = [line.split() for line in screen.printed()]
    for row, line in zip(screen.table.values.tolist(), lines[:8], strict=True):
        assert row[3:] == [plain(float(line[at])) for at in (4, 6, 8)][: len(row) - 3]
    assert f":blue[{plain(float(lines[8][1]))}]" in screen.words
    compared = screen.at.table[1].value.iloc[:, 1].tolist()
    said = [float(lines[9][1]), float(lines[10][-1]), float(lines[11][4]), float(lines[11][-1])]
    assert [compared[at] for at in (0, 1, 3, 5)] == [plain(value) for value in said]


def test_every_setting_is_within_the_budget():
    for network in ("one", "two"):
        config = DropoutNet(network)
        assert in_turn([config.masks_cost, config.rates_cost]).within(budget.FREE)
