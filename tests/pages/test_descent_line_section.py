"""Descent in one dimension: the numbers of the screen are the engine's, the regime has its right name."""

import base64
import json
import math

import numpy as np
import pyarrow as pa
import pytest

from engine import quadratics
from engine.descent_regimes import strip, watch
from engine.line_descent import walk
from engine.surfaces import surface
from pages.sections.descent.line_regime import NAMES
from pages.sections.descent.line_setup import HIGH, LOW, PRESETS, x_range
from pages.shared.numbers import plain, tex

KEY = "descent_line_"
ALL = [(function, preset) for function, presets in PRESETS.items() for preset in presets]
BOLD = {  # what the screen says in bold
    "rests": "**Stands still.**",
    "jumps": "**Arrives in one step",
    "converges": "**Converges**",
    "crawls": "**Crawls",
    "slows": "**Slows down**",
    "oscillates": "**Oscillates, and arrives",
    "bounces": "**Bounces for ever",
    "wanders": "**Wanders.**",
    "diverges": "**Diverges.**",
}


@pytest.fixture
def opened(app):
    def by_link(language: str = "en", **parameters: object):
        query = {KEY + name: str(value) for name, value in parameters.items()}
        return app("descent", language, descent_section="line", **query)

    return by_link


def verdict(screen) -> str:
    (found,) = [box.value for box in (*screen.at.success, *screen.at.warning)]
    return found


def player(screen) -> dict:
    parts = [json.loads(part.proto.json) for part in screen.at.get("bidi_component") if part.proto.json]
    (found,) = [part for part in parts if isinstance(part, dict) and part.get("kind") == "curve"]
    return found


def the_walk(screen):
    function, *rest = (screen.value(KEY + name) for name in ("function", "x0", "rate", "steps"))
    return walk(surface(function), *rest)


def bands(screen) -> dict:
    sets = screen.at.get("vega_lite_chart")[0].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


@pytest.mark.parametrize(("function", "preset"), ALL)
def test_every_experiment_shows_the_engines_numbers(opened, function, preset):
    screen = opened(function=function, preset=preset)
    assert screen.toasts == []
    one, start, rate = surface(function), screen.value(KEY + "x0"), screen.value(KEY + "rate")
    found = the_walk(screen)
    # the name
    seen = watch(one, start, [rate])[0].regimes[0]
    name = str(quadratics.regime(rate, one.eigenvalues)) if one.eigenvalues else seen
    assert verdict(screen).startswith(BOLD[name])
    # the path
    (path,) = player(screen)["paths"]
    frames = player(screen)["steps"]
    with np.errstate(over="ignore"):
        for part, kind, values in (
            ("points", "<f4", found.x),
            ("losses", "<f8", found.values),
            ("slopes", "<f4", found.slopes),
        ):
            sent = np.frombuffer(base64.b64decode(path[part]), kind)
            assert np.array_equal(sent, values[frames].astype(kind), equal_nan=True)
    # the table: the last steps
    table = screen.table
    assert table["k"].iloc[-1] == f"▶ {len(found.x) - 1}"
    for row in range(1, min(len(table), 4) + 1):
        shown = table.iloc[-row].tolist()[1:]
        numbers = [float(v[-row]) for v in (found.x, found.values, found.slopes, found.steps)]
        assert shown == [plain(v) if math.isfinite(v) else shown[n] for n, v in enumerate(numbers)]
    # the formula
    k = min(len(found.x) - 1, found.last_shown)
    assert rf"x_{{{k + 1}}} &= x_{{{k}}} - \eta" in screen.latex
    assert rf"&= {tex(found.following[k])} \end" in screen.latex
    # all learning rates
    measured = strip(one, start, LOW, HIGH)
    assert bands(screen)["bands"]["name"].tolist() == [NAMES[code] for code in measured.regimes]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.002, "a step covers 0.2% of the distance"),
        (0.2, "each step leaves 80% of the distance"),
        (1, "so the factor 1 − ηλ is 0"),
        (1.8, "at 80% of the distance"),
        (2, "the factor is −1"),
        (2.1, "1.1 times as far away"),
    ],
)
@pytest.mark.parametrize(("function", "bend"), [("parabola", 2.0), ("shifted_parabola", 4.0)])
def test_a_quadratics_regime_with_its_numbers(opened, function, bend, share, words):
    screen = opened(function=function, rate=share / bend)
    assert words in verdict(screen)
    assert rf"\frac{{1}}{{\lambda}} &= {1 / bend:g}, \qquad \frac{{2}}{{\lambda}} = {2 / bend:g}" in screen.latex
    assert (
        rf"1 - \eta \lambda &= 1 - {tex(share / bend)} \cdot {bend:g} \\[6pt] &= {tex(1 - share)} \end" in screen.latex
    )
    assert bands(screen)["borders"]["x"].tolist() == [1 / bend, 2 / bend]
    assert bands(screen)["now"]["x"].tolist() == [share / bend]


def test_local_limits(opened):
    screen = opened(function="double_well", rate=0.2)
    assert "f''(x^*) &= f''(1) = 8" in screen.latex
    assert r"1 / f''(x^*) &= 0.125 \\[6pt] 2 / f''(x^*) &= 0.25" in screen.latex
    assert "1 - 0.2 \\cdot 8 \\\\[6pt] &= -0.6" in screen.latex
    quartic = opened(function="quartic")
    assert r"f''(x^*) &= f''(0) = 0 \end" in quartic.latex
    assert "it slows down without end" in quartic.words
    kink = opened(function="absolute")
    assert "f''(x^*)" not in kink.latex
    assert "a cycle of 2 points, 0.4 wide" in verdict(kink)


def test_why_a_diverging_run_grows(opened):
    assert "the factor of a step itself grows" in verdict(opened(function="quartic", preset="diverges"))
    assert "2/λ = 20 is the border" in verdict(opened(function="wavy", preset="diverges"))


def test_a_leap_is_told(opened):
    assert "**Another valley:** downhill from the start lies x = 1;" in verdict(
        opened(function="double_well", preset="leap")
    )
    assert "x* = −1" in verdict(opened(function="double_well", preset="leap"))
    assert "Another valley" not in verdict(opened(function="double_well"))


# the notes' figures


def test_note_002(opened):
    screen = opened(preset="note", digits=9)
    assert screen.table.iloc[-1, 1] == "−6.11110793e−10"
    screen = opened(preset="note_large", digits=9)
    assert screen.table.iloc[-1, 1] == "−1.1276992e26"
    assert tex(-1.12769920e26, 9) == r"-1.1276992 \times 10^{26}"
    assert r"-1.1276992 \times 10^{26}" in screen.latex
    screen = opened(preset="note_small", digits=9)
    assert screen.table.iloc[-1, 1] == "−2.99999994"
    assert "a step covers 2e−8% of the distance" in verdict(screen)


def test_overflow_is_told_with_its_step(opened):
    screen = opened(preset="overflow")
    assert "**Overflow at step 121.**" in screen.words
    assert "The last step whose numbers can be computed." in screen.words
    assert r"x_{121} &= x_{120}" in screen.latex
    assert "∞" in screen.table["f(xₖ)"].tolist()
    assert "From there on f(x) is larger than the largest float64" in screen.words
    screen.set(KEY + "steps", 120)
    assert "Overflow" not in screen.words
    screen.set(KEY + "steps", 2000)
    assert "**Overflow at step 121.**" in screen.words
    assert "–" in screen.table["xₖ"].tolist()
    screen = opened(function="quartic", preset="diverges", x0=2, rate=1000, step=0)
    assert "▶ 0" in screen.table["k"].tolist()


def test_after_an_overflow_x_can_last(opened):
    """eta = 1000: f(x) overflows at step 47, where x is a number, and x itself much later."""
    screen = opened(rate=1000, steps=200, all=1)
    assert "**Overflow at step 47.**" in screen.words
    assert "x can last for some steps more" in screen.words
    x, f = (screen.table[title].iloc[47] for title in ("xₖ", "f(xₖ)"))
    assert (x, f) == ("4.124e155", "∞")
    assert screen.table["xₖ"].iloc[199] == "–"


@pytest.mark.parametrize(("rate", "inside"), [(HIGH, True), (1000, False), (LOW, True), (1e-10, False)])
def test_the_line_of_the_chosen_rate_is_named_where_it_is_drawn(opened, rate, inside):
    screen = opened(rate=rate)
    assert (len(bands(screen)["now"]) == 1) == inside
    assert ("Thick line: your η." in screen.words) == inside
    assert ("Your η lies outside this picture." in screen.words) == (not inside)


def test_a_preset_is_where_it_begins(opened):
    """“Experiment: Converges” would stand above “Diverges” once η is moved."""
    screen = opened(rate=1.5)
    assert "Diverges" in verdict(screen)
    assert screen.widget(KEY + "preset").label == "Begin with"


# moving


def test_a_moved_widget_moves_everything(opened):
    screen = opened()
    screen.set(KEY + "rate", 0.3)
    assert "each step leaves 40% of the distance" in verdict(screen)
    assert screen.table.iloc[-1, 1] == plain(-3 * 0.4**25)
    screen.set(KEY + "x0", 2.0)
    screen.set(KEY + "steps", 4)
    assert screen.table.iloc[-1, 1] == plain(2 * 0.4**4)
    assert screen.link == {KEY + "rate": "0.3", KEY + "x0": "2", KEY + "steps": "4"} | {
        name: text for name, text in screen.link.items() if not name.startswith(KEY)
    }


def test_the_formula_follows_the_players_step(opened):
    for k in (0, 1, 7, 25):
        screen = opened(step=k)
        assert rf"x_{{{k + 1}}} &= x_{{{k}}} - \eta" in screen.latex
        before, slope, after = -3 * 0.8**k, -6 * 0.8**k, -3 * 0.8 ** (k + 1)
        assert rf"&= {tex(before)} - 0.1 \cdot \left({tex(slope)}\right)" in screen.latex
        assert rf"&= {tex(after)} \end" in screen.latex
        assert f"▶ {k}" in screen.table["k"].tolist()


def test_all_steps_on_request(opened):
    screen = opened(preset="note")
    assert len(screen.table) == 9
    assert "Steps 92 to 100 of 100" in screen.words
    screen.set(KEY + "all", True)
    assert len(screen.table) == 101
    assert "the file below has all" not in screen.words
    screen.set(KEY + "steps", 2000)
    assert len(screen.table) == 201
    assert "of 2000; the file below has all" in screen.words


def test_an_experiment_belongs_to_its_function(opened):
    screen = opened(preset="jumps")
    screen.set(KEY + "function", "shifted_parabola")
    screen.set(KEY + "preset", "jumps")
    assert screen.value(KEY + "rate") == 0.25
    assert "**Arrives in one step" in verdict(screen)


@pytest.mark.parametrize("function", PRESETS)
def test_every_start_that_can_be_picked_is_in_the_picture(opened, function):
    shown, widget = player(opened(function=function)), opened(function=function).widget(KEY + "x0")
    assert tuple(shown["x"]) == (widget.min, widget.max) == x_range(surface(function))
    assert [(m["x"], m["shape"]) for m in shown["marks"]] == sorted(
        (x, "star") for (x,) in (*surface(function).minima, *surface(function).local_minima)
    )


def test_standing_still(opened):
    assert "The start is the minimum" in verdict(opened(x0=0))
    assert "On top of the hill" in verdict(opened(function="double_well", preset="top"))
    assert "A step landed exactly where the slope is 0" in verdict(opened(function="double_well", x0=1.5, rate=0.2))


@pytest.mark.parametrize(
    "bad", [{"rate": "0"}, {"rate": "1e4"}, {"rate": "-1"}, {"x0": "5"}, {"steps": "0"}, {"steps": "2001"}]
)
def test_what_a_link_cannot_mean_is_told(opened, bad):
    screen = opened(**bad)
    assert len(screen.toasts) == 1
    assert "each step leaves 80%" in verdict(screen)


# words, take-away


@pytest.mark.parametrize(("function", "preset"), [ALL[0], ("parabola", "overflow"), ("wavy", "wanders")])
def test_the_script_prints_the_numbers_of_the_screen(opened, function, preset):
    screen = opened(function=function, preset=preset, all=1)
    printed = {line.split()[0]: line.split()[1:] for line in screen.printed() if len(line.split()) == 5}
    for mark, *cells in screen.table.to_numpy().tolist():
        numbers = [float(word) for word in printed[mark.removeprefix("▶ ")]]
        assert cells[0] == (plain(numbers[0]) if math.isfinite(numbers[0]) else cells[0])
        assert [plain(v) for v in numbers if math.isfinite(v)] == [c for c in cells if c not in ("∞", "−∞", "–")]
    if function == "parabola":
        assert "1 / curvature 0.5 2 / curvature 1.0" in screen.printed()


def test_the_challenge(opened):
    screen = opened()
    screen.set(KEY + "challenge_guess", 0.3)
    assert "with the other sign; here λ = 2" in screen.words
    screen.set(KEY + "challenge_guess", 0.15)
    assert "The same size without the sign, 0.7, needs η = 0.15." in screen.words


def test_korean(opened):
    screen = opened("ko", function="double_well", preset="leap")
    assert "**진동하며 도착합니다.** 도착하는 곳: x* = −1." in verdict(screen)
    assert "**다른 골짜기:** 출발점에서 내리막으로 가면 x = 1인데" in verdict(screen)
    assert set(bands(screen)["bands"]["name"]) <= {
        "기어감", "수렴", "진동", "끝없이 왕복", "떠돎", "느려짐", "발산", "멈춰 있음",
    }  # fmt: skip
