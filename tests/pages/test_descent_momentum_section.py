"""Momentum's map: what is on screen is the engine's, for every kind of point."""

import base64
import json

import numpy as np
import pytest

from engine.heavy_ball import steps_per_digit
from engine.landscape import landscape
from engine.momentum_map import momentum_map
from engine.momentum_study import study
from engine.surfaces import elongated_bowl
from pages.sections.descent.momentum_setup import CLASSIC
from pages.shared.charts import momentum_map as chart
from pages.shared.charts.ground import ground
from pages.shared.numbers import plain, tex

KEY = "descent_momentum_"
START, ANGLE, STEPS = (-4.0, -2.0), 30.0, 100
# condition, learning rate times lambda_max, momentum -> what the table says of both directions
POINTS = [
    (100.0, 1.0, 0.8, "creeps", "swings"),
    (100.0, 1.0, 0.9, "swings", "swings"),
    (100.0, 1.9, 0.0, "creeps", "jumps"),
    (100.0, 1.0, 0.0, "creeps", "arrives in one step"),
    (100.0, 3.9, 0.3, "creeps", "diverges"),
    (10.0, 2.0, 0.0, "creeps", "no nearer"),
    (10_000.0, 3.9, 0.96, "creeps", "swings"),
    (1.0, 1.0, 0.0, "arrives in one step", "arrives in one step"),
    (25.0, 0.0, 0.5, "no nearer", "no nearer"),
]


@pytest.fixture
def opened(app):
    def by_link(language: str = "en", **parameters):
        query = {KEY + name: str(value) for name, value in parameters.items()}
        return app("descent", language, descent_section="momentum", **query)

    return by_link


def engine(condition, product, momentum, angle=ANGLE, start=START, n_steps=STEPS):
    return study(elongated_bowl(condition, angle), product / condition, momentum, start, n_steps)


def players(screen) -> dict[str, dict]:
    """The players' data, by the title of their x axis."""
    found = [json.loads(part.proto.json) for part in screen.at.get("bidi_component") if "ground" in part.proto.json]
    return {player["titles"][0]: player for player in found}


def row(screen, name: str) -> list[str]:
    table = screen.table
    (found,) = table[table["Quantity"] == name].to_numpy().tolist()
    return found[1:]


def check(screen, condition, product, momentum, **more):
    found, own = momentum_map(condition), engine(condition, product, momentum, **more)
    others = [found.best[:2], found.best_descent[:2], CLASSIC]
    studies = [own, *(engine(condition, *point, **more) for point in others)]
    assert row(screen, "Predicted rate") == [plain(one.rate) for one in studies]
    late = ["–" if np.isnan(one.late) else plain(one.late) for one in studies]
    assert row(screen, "Measured, late") == late
    steps = row(screen, "Steps to a millionth of the loss")
    for said, one in zip(steps, studies, strict=True):
        assert said == str(one.steps) if one.steps >= 0 else said in ("never", "> 100000")
    for mode in own.modes:
        assert rf"= {tex(mode.trace)} " in screen.latex
        assert tex(mode.rate) in screen.latex
        part = abs(mode.roots[0].imag) if mode.discriminant < 0 else mode.roots[1].real
        assert tex(part) in screen.latex
    assert rf"\max({tex(own.modes[0].rate)},\; {tex(own.modes[1].rate)}) = {tex(own.rate)}" in screen.latex
    if 0 < own.rate < 1:
        assert rf"{{\log_{{10}} r}} &= {tex(own.steps_per_digit)} " in screen.latex
    return own


@pytest.mark.parametrize(("condition", "product", "momentum", "flat", "steep"), POINTS)
def test_every_kind_of_point(opened, condition, product, momentum, flat, steep):
    screen = opened(condition=condition, product=product, mu=momentum)
    assert screen.toasts == []
    check(screen, condition, product, momentum)
    assert row(screen, "Flattest direction")[0] == flat
    assert row(screen, "Steepest direction")[0] == steep
    assert ("It diverges." in screen.words) == ("diverges" in (flat, steep))
    assert len(screen.at.error) == 0


def test_a_moved_widget_moves_all_of_it(opened):
    screen = opened()
    check(screen, 100.0, 1.0, 0.8)
    screen.set(KEY + "product", 2.5)
    check(screen, 100.0, 2.5, 0.8)
    screen.set(KEY + "mu", 0.55)
    check(screen, 100.0, 2.5, 0.55)
    screen.set(KEY + "condition", 7.5)
    check(screen, 7.5, 2.5, 0.55)
    screen.set(KEY + "steps", 300)
    screen.set(KEY + "angle", -60.0)
    screen.set(KEY + "x0", 1.5)
    check(screen, 7.5, 2.5, 0.55, n_steps=300, angle=-60.0, start=(1.5, -2.0))
    assert screen.link[KEY + "condition"] == "7.5"


def test_more_digits(opened):
    own = engine(100.0, 1.0, 0.8)
    screen = opened(digits=8)
    assert row(screen, "Predicted rate")[0] == plain(own.rate, 8) == "0.92701562"
    assert rf"z_1 &= {tex(own.modes[0].roots[0].real, 8)} " in screen.latex
    assert f"the rate :blue[{plain(own.rate, 8)}]" in screen.words


def test_the_map_shows_field_borders_and_points(opened):
    screen, found = opened(condition=30), momentum_map(30.0)
    picture = players(screen)["η · λₘₐₓ"]
    assert picture["ground"] == chart.field(found)
    assert len(picture["lines"]) == 3
    marks = {mark["label"]: (mark["x"], mark["y"]) for mark in picture["marks"]}
    assert marks["My point"] == (1.0, 0.8)
    assert marks["Best momentum"] == (found.best.learning_rate, found.best.momentum)
    assert marks["Best without momentum"] == (found.best_descent.learning_rate, 0)
    assert (picture["x"], picture["y"], picture["paths"]) == ([0, 4.2], [0, 1], [])
    assert picture["pick"]
    assert "learning rate and momentum" in picture["words"]["pick"]


def test_the_bowl_shows_the_paths(opened):
    screen = opened(condition=30, product=1.4, mu=0.6)
    bowl = players(screen)["x₀"]
    assert bowl["ground"] == ground(landscape(elongated_bowl(30.0, ANGLE)))
    drawn = {path["label"]: path for path in bowl["paths"]}
    assert list(drawn) == ["Best without momentum", "Best momentum", "My point"]
    run = engine(30.0, 1.4, 0.6).path
    points, losses = (base64.b64decode(drawn["My point"][part]) for part in ("points", "losses"))
    np.testing.assert_allclose(np.frombuffer(points, "<f4").reshape(-1, 2), run.points, rtol=1e-6)
    np.testing.assert_array_equal(np.frombuffer(losses, "<f8"), run.losses)
    screen.set(KEY + "beside", ["classic"])
    assert [path["label"] for path in players(screen)["x₀"]["paths"]] == ["η = 1/λₘₐₓ, μ = 0.9", "My point"]


def test_the_buttons_go_to_the_best_points(opened):
    screen, found = opened(condition=50), momentum_map(50.0)
    screen.click(KEY + "to_best")
    assert screen.value(KEY + "product") == found.best.learning_rate
    assert screen.value(KEY + "mu") == found.best.momentum
    assert row(screen, "Flattest direction")[0] == row(screen, "Steepest direction")[0] == "critical"
    assert "a double root" in screen.words
    assert f"the rate :blue[{plain(found.best.rate)}]" in screen.words
    screen.click(KEY + "to_best_descent")
    assert (screen.value(KEY + "product"), screen.value(KEY + "mu")) == (found.best_descent.learning_rate, 0.0)
    assert row(screen, "Predicted rate")[0] == plain(49 / 51)


def test_the_best_is_there_by_formula(opened):
    screen = opened(condition=100)
    assert r"\frac{\sqrt{100} - 1}{\sqrt{100} + 1}" in screen.latex
    assert rf"&= {tex(9 / 11)} " in screen.latex
    assert rf"\mu^* &= {tex((9 / 11) ** 2)} " in screen.latex
    assert rf"&= {tex(4 / 121)} " in screen.latex
    assert rf"&= {tex(2 / 101)} " in screen.latex
    assert rf"= {tex(np.log(9 / 11) / np.log(99 / 101))}" in screen.latex
    assert "The best momentum needs 11.5, the best without momentum 115." in screen.words


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "It is slower at first"),
        ({"x1": 2}, "the other direction has 99.6% of the loss"),
        ({"product": 3.9, "mu": 0.3}, "The direction that diverges has 26.5% of the loss"),
        ({"condition": 1, "product": 1, "mu": 0}, "too few steps can be measured"),
        ({"condition": 25, "product": 1, "mu": 0.9, "x1": 2}, "Both directions have this rate"),
        ({"product": 3.306, "mu": 0.67}, "It first flies out: the two roots nearly coincide."),
        ({"condition": 10_000, "product": 3.9, "mu": 0.97}, "It first flies out: the two roots nearly coincide."),
        (
            {"condition": 172.3, "product": 2.858, "mu": 0.757, "x0": -1, "x1": 3},
            "What differs comes from the swinging.",
        ),
        ({"condition": 17.88, "product": 2.166, "mu": 0.113, "x0": -1, "x1": 3}, "It jumps further at first"),
        ({"condition": 1, "product": 1, "mu": 1}, "no factor can be formed: it passes exactly through the minimum"),
        ({"condition": 1, "product": 1, "mu": 0.9}, "no factor can be formed: it passes exactly through the minimum"),
    ],
)
def test_early_and_late_differ_for_a_reason(opened, parameters, reason):
    words = opened(**parameters).words
    assert reason in words
    assert ("gather speed" in words) == (parameters == {})


def test_a_path_through_the_minimum_has_not_arrived(opened):
    screen = opened(condition=1, product=1, mu=1)
    assert "it comes no nearer to the minimum" in screen.words
    assert row(screen, "Steps to a millionth of the loss")[0] == "never"
    assert row(opened(condition=1, product=1, mu=0.9), "Steps to a millionth of the loss")[0] == "132"


def test_a_slow_point_takes_too_long_to_count(opened):
    screen = opened(condition=10_000, product=0.01, mu=0.0)
    assert row(screen, "Steps to a millionth of the loss")[0] == "> 100000"
    assert row(screen, "Steps per digit")[0] == plain(float(steps_per_digit(1 - 1e-6)), 3)


def test_more_steps_open_at_their_end(opened):
    screen = opened()
    assert players(screen)["x₀"]["step"] == 100
    screen.set(KEY + "steps", 500)
    assert players(screen)["x₀"]["step"] == 500
    assert "descent_momentum_step" not in screen.link


@pytest.mark.parametrize(("guess", "right"), [(10.0, True), (10.4, True), (100.0, False), (9.0, False)])
def test_the_challenge(opened, guess, right):
    screen = opened().set(KEY + "challenge_guess", guess)
    assert (len(screen.at.success) == 1) == right
    assert (len(screen.at.warning) == 1) == (not right)
    if right:
        assert "From 11.47 to 115.1 steps: 10.03 times as many" in screen.words


def test_the_mistake(opened):
    screen = opened().set(KEY + "line", "2")
    assert "Line 2 holds." in screen.words
    screen.set(KEY + "line", "4")
    assert "moves the limit up" in screen.words
    # what the explanation claims, from the map: with mu = 0.9 divergence begins at 3.8
    divergence = momentum_map(100.0).borders["divergence"]
    assert np.interp(0.9, divergence[:, 1], divergence[:, 0]) == pytest.approx(3.8)


@pytest.mark.parametrize("parameters", [{}, {"condition": 2000, "product": 3.7, "mu": 0.93, "steps": 800, "angle": 0}])
def test_the_script_prints_the_numbers_of_the_screen(opened, parameters):
    screen = opened(**parameters)
    rows = [line.split(" | ") for line in screen.printed()[3:]]
    assert [plain(float(cells[3])) for cells in rows] == row(screen, "Predicted rate")
    assert [plain(float(cells[5])) for cells in rows] == row(screen, "Measured, late")
    assert [cells[6] for cells in rows] == row(screen, "Steps to a millionth of the loss")


def test_korean_has_the_same_numbers(opened):
    english, korean = opened(), opened("ko")
    assert english.latex == korean.latex
    assert korean.table.iloc[2, 1:].tolist() == english.table.iloc[2, 1:].tolist()
    assert "내 점" in korean.words
    assert players(korean)["x₀"]["paths"][2]["label"] == "내 점"
