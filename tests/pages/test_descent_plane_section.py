"""Two dimensions: what is shown is the engine's runs, and note 002's figures are on screen."""

import base64
import json
import re

import numpy as np
import pytest

from engine.plane_descent import PlaneConfig, run
from engine.plane_step import step as engine_step
from engine.quadratics import limits
from engine.shared_start import cells
from engine.surfaces import surface
from pages.sections.descent.plane_setup import PRESETS, START, TOLERANCES
from pages.shared.numbers import plain, tex

KEY = "descent_plane_"
STEP = KEY + "step"


@pytest.fixture
def opened(app):
    """opened(language, preset="large", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {KEY + name: text for name, text in parameters.items()}
        return app("descent", language, descent_section="plane", **query)

    return by_link


def table_of(screen, place: int = 0):
    """A table of the screen without what keeps its words on one line."""
    found = screen.at.table[place].value
    plainly = {"\N{NO-BREAK SPACE}": " ", "\N{WORD JOINER}": ""}
    return found.rename(columns=lambda name: unmarked(name, plainly)).map(lambda cell: unmarked(cell, plainly))


def unmarked(text: str, marks: dict[str, str]) -> str:
    for mark, other in marks.items():
        text = text.replace(mark, other)
    return text


def given(screen) -> dict:
    """What the player is given."""
    parts = [json.loads(part.proto.json) for part in screen.at.get("bidi_component") if part.proto.json]
    (data,) = [part for part in parts if isinstance(part, dict) and "paths" in part]
    return data


def config_of(name: str, **changes) -> PlaneConfig:
    """What a preset's controls say at first."""
    preset = PRESETS[name]
    options = {
        "surface": preset.surface,
        "start": preset.start or surface(preset.surface).start,
        "learning_rates": (preset.rate, *map(float, preset.beside)),
        "n_steps": preset.n_steps,
        "numerical": preset.twin,
        "angle": 30.0 if name == "elongated" else 0.0,
    }
    return PlaneConfig(**options | changes)


def column(values, digits: int) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(tex(float(value), digits) for value in values) + r" \end{pmatrix}"


def pair(values, digits: int = 9) -> str:
    return f"({plain(float(values[0]), digits)}, {plain(float(values[1]), digits)})"


def check(screen, config: PlaneConfig, k: int, digits: int, ground=None) -> None:
    """Table, formulas and picture at step k are the engine's."""
    runs, table = run(config), table_of(screen)
    assert len(table) == len(runs.points)
    for place in range(len(table)):
        row = table.iloc[place]
        assert row["η"].startswith(plain(float(runs.learning_rates[place]), 6))
        assert [row["x₀"], row["x₁"]] == [plain(float(x), digits) for x in runs.points[place, k]]
        assert row["f(x)"] == plain(float(runs.losses[place, k]), digits)
        assert row["|∇f|"] == plain(float(runs.gradient_norms[place, k]), digits)
        reached = int(runs.steps_to_tolerance[place])
        assert row["Steps until converged"] == ("–" if reached < 0 else str(reached))
    first = max(k, 1)
    found = engine_step(config.landscape, runs.points[0, first - 1], config.learning_rates[0])
    assert column(found.gradient, digits) in screen.latex
    assert column(found.x_new, digits) in screen.latex
    assert rf"x_{{{first}}} &= x_{{{first - 1}}} - \eta" in screen.latex
    drawn = given(screen)
    assert drawn["steps"][-1] == config.n_steps
    for path, points in zip(drawn["paths"], runs.points, strict=True):
        sent = np.frombuffer(base64.b64decode(path["points"]), "<f4").reshape(-1, 2)
        with np.errstate(over="ignore"):
            assert np.array_equal(sent, points.astype("<f4"), equal_nan=True)


# presets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset(opened, name):
    screen, config = opened(preset=name), config_of(name)
    assert screen.toasts == []
    check(screen, config, config.n_steps, PRESETS[name].digits)
    latex, _comma, turned = config.landscape.latex.partition(r",\quad")
    assert f"${latex}$" in screen.words
    assert ("with u = x turned by −30°" in screen.words) == bool(turned)
    low, high = np.array(config.landscape.domain).T
    assert (given(screen)["x"], given(screen)["y"]) == ([low[0], high[0]], [low[1], high[1]])
    assert given(screen)["ground"].startswith("data:image/png")
    assert len(given(screen)["marks"]) == max(len(config.landscape.minima), 1)


def test_the_notes_hundred_steps(opened):
    screen = opened()
    assert table_of(screen)["x₀"][0] == "−6.11110793e−10"
    assert table_of(screen)["x₁"][0] == "8.14814391e−10"
    assert "at (−6.11110793e−10, 8.14814391e−10)" in screen.words
    assert "step 57, is garbled there: right is (−8.97946606e−6, 1.19726214e−5)" in screen.words
    assert rf"&= 0.8^{{100}} {column((-3, 4), 9)}" in screen.latex
    assert r"-6.11110793 \times 10^{-10} \\ 8.14814391 \times 10^{-10}" in screen.latex
    assert table_of(screen)["What happened"][0] == "converged"


def test_step_57_of_the_note(opened):
    screen = opened(step="57")
    assert table_of(screen)["x₀"][0] == "−8.97946606e−6"
    assert table_of(screen)["x₁"][0] == "1.19726214e−5"
    assert rf"&= 0.8^{{57}} {column((-3, 4), 9)}" in screen.latex
    check(screen, config_of("note"), 57, 9)


def test_too_large_both_ways(opened):
    screen = opened(preset="large")
    table = table_of(screen)
    assert table[["x₀", "x₁"]].to_numpy().tolist() == [
        ["−1.1276992e26", "1.50359894e26"],
        ["−2.58983747e13", "−1.29524862e12"],
    ]
    assert table["What happened"].tolist() == ["diverges, × 19 a step", "frozen from step 10 on"]
    assert "frozen from step 10 on, at (−2.58983747e13, −1.29524862e12)" in screen.words
    assert "0.003906 apart near x₀ there, and 0.0002441 near x₁" in screen.words
    assert r"\left(-19\right)^{20}" in screen.latex
    screen.set(KEY + "twin", False)
    assert len(table_of(screen)) == 1
    assert "frozen" not in screen.words


def test_the_numerical_gradient_in_formulas(opened):
    screen = opened(preset="large", step="1").set(KEY + "follow", "twin")
    assert rf"f_+ &= f(x_0 + h, x_1) \\[6pt] &= {tex((-3 + 1e-4) ** 2 + 16, 12)}" in screen.latex
    assert rf"f_- &= f(x_0 - h, x_1) \\[6pt] &= {tex((-3 - 1e-4) ** 2 + 16, 12)}" in screen.latex
    assert r"x_{1} &= x_{0} - \eta \, g" in screen.latex
    screen = opened(preset="large").set(KEY + "follow", "twin")
    ahead, behind = re.findall(r"f_[+-] &= f\(x_0 [+-] h, x_1\) \S+ &= (\S+ .times \S+) ", screen.latex)
    assert ahead == behind == tex(6.724034830146604e26, 12)
    assert r"{2 \cdot 0.0001} \\[6pt] &= 0 " in screen.latex


def test_too_small(opened):
    screen = opened(preset="small")
    assert "After 100 steps the run is only 1e−7 away from its start" in screen.words
    assert "After 100 steps with η = 10⁻¹⁰: (−2.99999994, 3.99999992)" in screen.words
    assert table_of(screen)["What happened"][0] == "hardly moved: 1e−7"
    assert r"0.9999999998^{100}" in screen.latex


def test_the_saddle(opened):
    screen = opened(preset="saddle")
    assert "The start lies 0.001 beside the ridge." in screen.words
    assert "its curve ends where f falls below 0" in screen.words
    assert table_of(screen)["What happened"].tolist() == [
        "runs away, × 1.2 a step",
        "still moving",
        "runs away, × 1.6 a step",
    ]
    assert r"\lambda" not in screen.latex
    screen.set(START[1], 0.0).set(KEY + "steps", 200)
    assert "The start lies on the ridge" in screen.words
    assert table_of(screen)["What happened"][0] == "gradient 0, but no minimum"


# own settings -------------------------------------------------------------------------------------------------


def test_every_control_moves_the_numbers(opened):
    screen = opened(step="40")
    screen.set(KEY + "rate", 0.25)
    check(screen, config_of("note", learning_rates=(0.25, 0.01)), 40, 9)
    screen.set(START[0], 1.5)
    screen.set(START[1], -2.0)
    screen.set(KEY + "beside", ["5e-1", "9e-1", "105e-2"])
    check(screen, config_of("note", learning_rates=(0.25, 0.5, 0.9, 1.05), start=(1.5, -2.0)), 40, 9)
    assert table_of(screen)["What happened"][3] == "diverges, × 1.1 a step"
    screen.set(KEY + "steps", 30)  # before the step of the player
    check(screen, config_of("note", learning_rates=(0.25, 0.5, 0.9, 1.05), start=(1.5, -2.0), n_steps=30), 30, 9)
    screen.set(KEY + "digits", 5)
    check(screen, config_of("note", learning_rates=(0.25, 0.5, 0.9, 1.05), start=(1.5, -2.0), n_steps=30), 30, 5)


def test_the_tolerance(opened):
    for code, tolerance in TOLERANCES.items():
        screen = opened(tolerance=code)
        check(screen, config_of("note", tolerance=tolerance), 100, 9)
        assert f"at most {plain(tolerance)} above" in screen.words


@pytest.mark.parametrize(("condition", "angle"), [(50.0, -40.0), (1.0, 0.0), (1000.0, 45.0)])
def test_the_shape_of_the_bowl(opened, condition, angle):
    screen = opened(preset="elongated").set(KEY + "condition", condition).set(KEY + "angle", angle)
    config = config_of("elongated", condition=condition, angle=angle)
    check(screen, config, 60, 4)
    largest = limits(config.landscape.eigenvalues)[1]
    assert rf"= {tex(largest)} " in screen.latex


def test_a_rate_twice_is_drawn_once(opened):
    screen = opened(beside="9e-1.1e0").set(KEY + "rate", 0.9)
    assert table_of(screen)["η"].tolist() == ["0.9", "1"]


def test_colours_stay_with_their_rates(opened):
    def role(screen, rate: str) -> tuple:
        (path,) = [path for path in given(screen)["paths"] if path["label"] == f"η = {rate}"]
        return path["role"], tuple(path["dash"])

    screen = opened(beside="1e-2.9e-1")
    before = role(screen, "0.9")
    screen.set(KEY + "beside", ["9e-1"])
    assert role(screen, "0.9") == before
    screen.set(KEY + "beside", ["1e-2", "5e-1", "9e-1", "1e0", "1e1"]).set(KEY + "twin", True)
    drawn = given(screen)["paths"]
    assert len(drawn) == len({(path["role"], tuple(path["dash"])) for path in drawn}) == 7


def test_another_run_in_the_formulas(opened):
    screen = opened(preset="himmelblau", step="3")
    screen.set(KEY + "follow", "2e-2")
    runs, ground = run(config_of("himmelblau")), surface("himmelblau")
    found = engine_step(ground, runs.points[1, 2], 0.02)
    assert rf"p &= x_0^2 + x_1 - 11 = {tex(found.parts['p'])}" in screen.latex
    assert column(found.x_new, 4) in screen.latex


def test_the_first_step_stands_at_the_start(opened):
    screen = opened(step="0")
    assert "**Step 1**" in screen.words
    assert rf"&= {column((-3, 4), 9)}" in screen.latex
    assert table_of(screen)["x₀"][0] == "−3"


def test_an_overflow_is_told(opened):
    screen = opened(preset="rosenbrock").set(KEY + "rate", 0.01)
    assert table_of(screen)["What happened"][0] == "overflow at step 6"
    assert table_of(screen)["x₀"][0] == "nan"


# the mistake, the script, the challenge -----------------------------------------------------------------------


def test_find_the_mistake(opened):
    screen = opened()
    assert "a second name" not in screen.words
    assert "The run is thrown far away." in screen.words  # and stands still there, as the table says
    screen.set(KEY + "guess", "4")
    assert "Line 4 holds." in screen.words
    screen.set(KEY + "guess", "2")
    assert "gives the same array a second name" in screen.words
    screen.set(KEY + "settled", True)
    table = table_of(screen, 1)
    assert table["begins at"].tolist() == [pair(cell.real_start) for cell in cells()]
    assert table["ends at"].tolist() == [pair(cell.real_end) for cell in cells()]
    assert table["was to end at"].tolist() == [pair(cell.meant_end) for cell in cells()]
    assert table["begins at"][1] == "(−0.0345876451, 0.0461168602)"
    assert table["ends at"][1] == "(3.98264457e12, −6.43085837e12)"


def test_the_mistake_stands_beside_the_notes_examples_only(opened):
    assert not opened(preset="beale").has(KEY + "guess")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("note", {"step": "57"}), ("large", {}), ("elongated", {}), ("beale", {"step": "12"}), ("saddle", {"step": "7"})],
)
def test_the_script_prints_the_numbers_of_the_screen(opened, name, parameters):
    screen, digits = opened(preset=name, **parameters), PRESETS[name].digits
    lines, table = screen.printed(), table_of(screen)
    assert len(lines) == 3 * len(table)
    for place in range(len(table)):
        printed = [plain(float(word), digits) for word in lines[3 * place + 1].split()[1::2]]
        assert printed == table.iloc[place][["x₀", "x₁", "f(x)", "|∇f|"]].tolist()
        assert lines[3 * place + 2].split()[-1].replace("-", "–") == table["Steps until converged"][place]


def test_the_challenge(opened):
    screen = opened()
    answer = limits(surface("elongated_bowl", 50.0, 45.0).eigenvalues)[1]
    assert answer == pytest.approx(0.04)
    screen.set(KEY + "challenge_guess", 0.06)
    assert "Does turning the bowl change them?" in screen.words
    assert "turning changes nothing" not in screen.words
    screen.set(KEY + "challenge_guess", answer)
    assert "2 / λₘₐₓ = 2 / 50 = 0.04" in screen.words


@pytest.mark.parametrize(
    "parameters", [{"x0": "6"}, {"rate": "0"}, {"beside": "7e-1"}, {"steps": "1e9"}, {"step": "-1"}]
)
def test_what_a_link_cannot_mean_is_told(opened, parameters):
    screen = opened(**parameters)
    assert len(screen.toasts) == 1
    assert f"{KEY}{next(iter(parameters))}" in screen.toasts[0]
    check(screen, config_of("note"), 100, 9)


def test_korean(opened):
    screen = opened("ko", preset="large")
    assert table_of(screen)["결과"].tolist() == ["발산, 스텝마다 × 19", "10스텝부터 얼어붙음"]
    assert re.search("수치 기울기를 쓰면 10스텝부터", screen.words)
    assert table_of(screen)["x₀"].tolist() == table_of(opened(preset="large"))["x₀"].tolist()
