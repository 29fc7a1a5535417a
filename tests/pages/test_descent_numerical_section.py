"""The section of the numerical gradient: what is shown are the engine's errors and the digits they come from."""

import math

import pyarrow as pa
import pytest

from engine.difference_theory import DECADES, STEPS, best_step, predict_errors, quotient
from engine.differences import SCHEMES, difference_errors
from engine.surfaces import SURFACES, surface
from pages.sections.descent.numerical_setup import FROZEN, PRESETS
from pages.shared.formulas.differences import cancelled, together
from pages.shared.numbers import plain, tex

KEY = "descent_numerical_"
H = KEY + "h"


@pytest.fixture
def opened(app):
    """opened(language, preset="note", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {KEY + name: text for name, text in parameters.items()}
        return app("descent", language, descent_section="numerical", **query)

    return by_link


def drawn(screen) -> dict:
    sets = screen.at.get("vega_lite_chart")[0].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


def check(screen, code: str, point, h: float, scheme: str = "central", axis: int = 0) -> None:
    """Table, picture, digits and theory are the engine's."""
    s = surface(code)
    errors, table = difference_errors(s, point, DECADES), screen.table
    assert [cell.split(" · ")[0] for cell in table["h"]] == [plain(step) for step in DECADES]
    for name, title in zip(SCHEMES, table.columns[1:], strict=True):
        assert table[title].tolist() == [plain(error, 3) for error in getattr(errors, name)]
    here = getattr(difference_errors(s, point, [h]), scheme)[0]
    data = drawn(screen)
    assert data["here"][["x", "y"]].to_numpy().tolist() == ([[h, here]] if here else [])
    assert data["marks"]["x"].tolist() == [1e-4, 1e-12, h]
    q, predicted = quotient(s, point, h, scheme, axis), predict_errors(s, point, scheme)
    for value in (*together(q.x_ahead, q.x_behind), *together(q.f_ahead, q.f_behind, cancelled(q))):
        assert f"&= {value}" in screen.latex
    assert rf"\hat g &= {tex(q.estimate, 17)}" in screen.latex
    assert rf"g &= {tex(q.exact, 17)}" in screen.latex
    assert rf"|\hat g - g| &= {tex(q.absolute_error)}" in screen.latex
    assert f"= {tex(predicted.truncation)}" in screen.latex
    assert f"&= {tex(predicted.rounding)}" in screen.latex
    measured = getattr(difference_errors(s, point, STEPS), scheme)
    assert f"**{plain(best_step(scheme), 3)}**" in screen.words
    assert f"**{plain(float(STEPS[measured.argmin()]), 2)}**" in screen.words
    if predicted.best_step:
        assert f"**{plain(predicted.best_step, 3)}**" in screen.words
        assert f"= {tex(predicted.best_step)}" in screen.latex


@pytest.mark.parametrize("code", PRESETS)
def test_every_preset(opened, code):
    preset = PRESETS[code]
    check(opened(preset=code), preset.surface, preset.point, preset.h)


@pytest.mark.parametrize("code", SURFACES)
def test_every_function_and_both_schemes(opened, code):
    screen, last = opened(surface=code), surface(code).dimensions - 1
    check(screen, code, surface(code).start if code != "wavy" else (2.0,), 1e-4)
    screen.set(KEY + "scheme", "forward")
    if last:
        screen.set(KEY + "axis", "1")
    check(screen, code, surface(code).start if code != "wavy" else (2.0,), 1e-4, "forward", last)


def test_moved_widgets_change_the_numbers(opened):
    screen = opened()
    screen.set(H, 2e-9)
    check(screen, "wavy", (2.0,), 2e-9)
    screen.set(KEY + "x0", -5.25)
    check(screen, "wavy", (-5.25,), 2e-9)
    assert {name: text for name, text in screen.link.items() if name.startswith(KEY)} == {
        H: "2e-09",
        KEY + "x0": "-5.25",
    }


def test_a_quadratic_has_one_side(opened):
    one_sided = "A quadratic: the valley has only one side."
    screen = opened(preset="note")
    assert one_sided in screen.words
    assert "c h²" not in set(drawn(screen)["predicted"]["line"])
    assert one_sided not in screen.set(KEY + "scheme", "forward").words
    assert "c h" in set(drawn(screen)["predicted"]["line"])
    assert one_sided not in opened().words


def test_other_missing_lines_are_explained(opened):
    assert "Straight on both sides of the kink" in opened(surface="absolute").words
    assert "The third derivative is 0 at this point" in opened(surface="himmelblau").words
    screen = opened(preset="note", x0="0", x1="0")
    assert "theory expects hardly any rounding error: r = 0." in screen.words
    assert "none from the two lines, since one is missing" in screen.words
    assert "The error is exactly 0 at 57 of 57 steps" in screen.words


def test_far_out_x_plus_h_is_x(opened):
    """Note 002's run with learning rate 10 freezes where rounding takes h away."""
    screen = opened(preset="far")
    x = "-25898374700000.000"
    assert f"x_0 + h &= {x}" in screen.latex
    assert f"x_0 - h &= {x}" in screen.latex
    assert r"f_+ - f_- &= 0" in screen.latex
    assert r"\frac{|\hat g - g|}{|g|} &= 1" in screen.latex
    assert "**x₀ + h rounds to x₀.**" in screen.words
    assert f"are {plain(quotient(surface('round_bowl'), FROZEN, 1e-4).spacing, 3)} apart" in screen.words
    assert "stands here from step 10 on" in screen.words
    assert "All 17 digits cancel" in screen.words
    assert "stands here" not in opened(preset="far", x0="-3e13").words
    screen.set(KEY + "axis", "1")
    assert "x_1 + h &= -1295248620000.0000" in screen.latex
    screen.set(H, 0.1)
    assert "rounds to" not in screen.words
    assert "stands here" not in screen.words


def test_digits_that_cancel_are_underlined(opened):
    screen = opened(preset="note")
    q = quotient(surface("round_bowl"), (-3.0, 4.0), 1e-4)
    ahead, behind = f"{q.f_ahead:.15f}", f"{q.f_behind:.15f}"
    assert (ahead[:5], behind[:5]) == ("24.99", "25.00")
    assert rf"f_+ &= \underline{{24.99}}{ahead[5:]} " in screen.latex
    assert rf"f_- &= \underline{{25.00}}{behind[5:]} " in screen.latex
    assert "Underlined: the 4 leading digits (of 17) that cancel." in screen.words
    assert "No leading digit cancels." in opened(surface="absolute", x0="0.01", h="0.1").words


@pytest.mark.parametrize(
    ("one", "other", "n", "expected"),
    [
        (1.5, -0.25, 0, ("1.5000000000000000", "-0.2500000000000000")),
        (-12.5, -12.25, 2, (r"\underline{-12}.500000000000000", r"\underline{-12}.250000000000000")),
        (0.00125, 0.001, 1, (r"\underline{0.001}2500000000000000", r"\underline{0.001}0000000000000000")),
        (0.0, 0.0, 17, ("0.0000000000000000", "0.0000000000000000")),
        (2.0**70, -(2.0**71), 0, (r"1.1805916207174113 \cdot 10^{21}", r"-2.3611832414348226 \cdot 10^{21}")),
        (2.0**-30, 2.0**-31, 0, (r"9.3132257461547852 \cdot 10^{-10}", r"4.6566128730773926 \cdot 10^{-10}")),
    ],
)
def test_two_numbers_with_the_same_digits(one, other, n, expected):
    assert together(one, other, n) == expected


def test_the_script_prints_the_numbers_of_the_screen(opened):
    for parameters in [
        {},
        {"surface": "rosenbrock", "scheme": "forward", "axis": "1", "h": "1e-07"},
        {"preset": "far"},
    ]:
        screen = opened(**parameters)
        lines = screen.printed()
        rows = [[plain(float(word), 4 if place == 0 else 3) for place, word in enumerate(line.split())]
                for line in lines[1:16]]  # fmt: skip
        shown = [[row[0].split(" · ")[0], *row[1:]] for row in screen.table.to_numpy().tolist()]
        assert rows == shown
        numerical, analytic = (float(line.split()[1]) for line in lines[-2:])
        assert rf"\hat g &= {tex(numerical, 17)}" in screen.latex
        assert rf"g &= {tex(analytic, 17)}" in screen.latex


def test_the_challenge(opened):
    screen = opened()
    guess = KEY + "challenge_guess"
    screen.set(guess, 6e-6)
    assert "must be about equal" in screen.words
    assert "h³ = ε" not in screen.words
    screen.set(guess, 0.005)
    assert "h³ = ε" in screen.words
    assert math.isclose(best_step("central", 2.0**-23), 0.005, rel_tol=0.02)


@pytest.mark.parametrize(
    "parameters", [{"h": "1"}, {"h": "1e-16"}, {"x0": "9"}, {"surface": "hill"}, {"scheme": "five"}, {"preset": "no"}]
)
def test_what_a_link_cannot_mean_is_told(opened, parameters):
    screen = opened(**parameters)
    assert len(screen.toasts) == 1
    assert f"{KEY}{next(iter(parameters))}" in screen.toasts[0]
    check(screen, "wavy", (2.0,), 1e-4)


def test_korean(opened):
    screen = opened("ko", preset="note", scheme="forward")
    assert list(screen.table.columns) == ["h", "오차, 중앙 차분", "오차, 전진 차분"]
    assert screen.table["h"][3] == "0.0001 · 노트 002"
    check(screen, "round_bowl", (-3.0, 4.0), 1e-4, "forward")
