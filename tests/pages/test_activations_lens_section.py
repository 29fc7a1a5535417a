"""The lens: every number on screen is the engine's, at smooth points, flat ones, kinks and jumps."""

import json
import math
import re

import pytest

from engine import lens, sigmoid_derivation
from engine.activations import ACTIVATIONS, activation
from engine.slips import sigmoid_product
from pages.sections.activations.sigmoid_lines import MISTAKE, SOLVED
from pages.shared.formulas import lens as formulas
from pages.shared.numbers import plain, tex
from pages.shared.text import LANGUAGES, catalog

KEY = "activations_lens_"
CHALLENGE = f"{KEY}challenge"


def opened(app, language="en", **query):
    named = {f"{KEY}{name}": str(value) for name, value in query.items()}
    return app("activations", language, activations_section="lens", **named)


def expected_table(function, at):
    gaps = lens.gaps(function, at)
    return [list(map(plain, values)) for values in (gaps.half_widths, gaps.gap, gaps.by_width, gaps.by_square)]


def check(screen, function, z, h=1.0):
    at = lens.point(function, z)
    view, gate = lens.view(function, at, h), lens.gate(function, z)
    assert screen.metrics == [plain(at.value), plain(at.slope)]
    assert screen.at.latex[0].value.strip("$\n") == formulas.value(function, at, gate)
    assert screen.at.latex[1].value.strip("$\n") == formulas.slope(function, at, gate)
    assert [list(screen.table[name]) for name in screen.table] == expected_table(function, at)
    seen = f"h = **{plain(h)}**, largest gap **{plain(view.gap)}**, gap / h² = **{plain(view.gap_by_square)}**"
    assert seen in screen.words


# numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_function_shows_the_engines_numbers(app, name):
    screen = opened(app, function=name)
    for z in (1.0, -3.0, 0.0, 2.55):
        check(screen.set(f"{KEY}z", z), activation(name), z)


def test_the_sigmoid_at_1(app):
    screen = opened(app)
    assert screen.metrics == ["0.7311", "0.1966"]
    assert r"f'(1) &= 0.7311 \cdot (1 - 0.7311) \\[6pt] &= 0.1966" in screen.latex
    assert "gap / h² goes to |f″(z)| / 2 = 0.04543." in screen.words
    assert screen.link == {"activations_section": "lens"}  # every value is its default


def test_a_move_moves_formulas_table_and_pictures_and_leaves_the_specs(app):
    screen = opened(app)
    before, specs = screen.screenshot(), [json.loads(spec) for spec in screen.picture]
    screen.set(f"{KEY}z", -0.35)
    after = screen.screenshot()
    for part in ("metrics", "latex", "tables", "script"):
        assert before[part] != after[part]
    assert [json.loads(spec) for spec in screen.picture] == specs
    assert screen.link == {"activations_section": "lens", f"{KEY}z": "-0.35"}
    check(screen, activation("sigmoid"), -0.35)


def test_the_zoom_halves_the_window(app):
    screen = opened(app)
    for doublings in (0.0, 3.0, 10.0):
        check(screen.set(f"{KEY}zoom", doublings), activation("sigmoid"), 1.0, lens.half_width(doublings))


def test_the_alternative_texts_stay_while_a_hand_drags(app):
    """With another text the browser would draw the picture anew."""
    screen = opened(app)
    texts = [chart.proto.alt for chart in screen.at.get("vega_lite_chart")]
    assert texts[0].startswith("The curve of Sigmoid and its derivative")
    assert texts[1] == "The window z ± h, magnified: the curve of Sigmoid and its tangent"
    screen.set(f"{KEY}z", -2.0).set(f"{KEY}zoom", 5.0)
    assert [chart.proto.alt for chart in screen.at.get("vega_lite_chart")] == texts


# formulas -----------------------------------------------------------------------------------------------------


def test_a_value_near_its_limit_is_written_with_the_digits_that_count():
    tanh = activation("tanh")
    latex = formulas.slope(tanh, lens.point(tanh, 6.0), None)
    assert r"1 - 0.99998771^2 \\[6pt] &= 2.458 \times 10^{-5}" in latex


@pytest.mark.parametrize(
    ("name", "z", "pieces"),
    [
        ("relu", -2.0, (r"\max(0, -2)", "f'(-2) &= 0")),
        ("leaky_relu", -2.0, (r"\max(0.1 \cdot \left(-2\right),\, -2)", "&= -0.2", "f'(-2) &= 0.1")),
        ("elu", -1.0, (r"1 \cdot (e^{-1} - 1)", "&= -0.6321", r"1 \cdot e^{-1}", "&= 0.3679")),
        ("hard_sigmoid", 1.5, (r"\tfrac16 \cdot 1.5 + \tfrac12", "&= 0.75", r"\tfrac16")),
        ("softplus", 1.0, (r"\ln(1 + e^{1})", "&= 1.313", r"\frac{1}{1 + e^{-1}}", "&= 0.7311")),
        ("swish", -1.0, (r"\sigma(1 \cdot \left(-1\right))", r"\left(-1\right) \cdot 0.2689", "&= -0.2689")),
        ("hard_swish", 5.0, ("g(5) &= 1", r"5 \cdot 1", "&= 5", "f'(5) &= 1", r"5 \cdot 0")),
    ],
)
def test_the_numbers_put_in(name, z, pieces):
    function = activation(name)
    at, gate = lens.point(function, z), lens.gate(function, z)
    latex = formulas.value(function, at, gate) + formulas.slope(function, at, gate)
    for piece in pieces:
        assert piece in latex


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("z", [-6.0, -3.0, 0.0, 0.5, 3.0, 6.0])
def test_every_formula_ends_with_the_result(name, z):
    function = activation(name)
    at, gate = lens.point(function, z), lens.gate(function, z)
    for latex, result in (
        (formulas.value(function, at, gate), at.value),
        (formulas.slope(function, at, gate), at.slope),
    ):
        assert latex.removesuffix(r" \end{aligned}\hspace{3pt}").endswith(f"= {tex(result)}")
        assert latex.count("{") == latex.count("}")


def computed(latex: str) -> float:
    """A formula with the numbers in, worked out as a reader would."""
    code = latex
    for pattern, python in (
        (r"\\times 10\^\{(-?\d+)\}", r"* 10.0**\1"),
        (r"\\left\(|\\bigl\(", "("),
        (r"\\right\)|\\bigr\)", ")"),
        (r"\\[,;]|\\quad|&", " "),
        (r"\\tfrac\{\\sqrt\{\\pi\}\}\{2\}", "(sqrt(pi) / 2)"),
        (r"\\tfrac1(\d)", r"(1 / \1)"),
        (r"\\mathrm\{(\w+)\}", r"\1"),
        (r"\\cdot", "*"),
        (r"\|([^|]+)\|", r"abs(\1)"),
        (r"\be\^\{([^{}]+)\}", r"exp(\1)"),
        (r"\\frac\{([^{}]+)\}\{([^{}]+)\}", r"((\1) / (\2))"),
        (r"\^2", "**2"),
        (r"\\(max|arctan|tanh|ln|pi)", r"\1"),
    ):
        code = re.sub(pattern, python, code)
    names = vars(math) | {"arctan": math.atan, "ln": math.log, "max": max, "abs": abs}
    return eval(code, {"__builtins__": {}}, names)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("z", [-6.0, -3.0, -1.25, 0.0, 0.5, 2.95, 3.0, 6.0])
def test_whoever_works_out_the_formula_gets_the_result(name, z):
    function = activation(name)
    at, gate = lens.point(function, z), lens.gate(function, z)
    of_f, of_slope = formulas.value(function, at, gate), formulas.slope(function, at, gate)
    cases = [(of_f, f"f({tex(z)}) &= ", at.value)]
    if at.has_tangent:
        cases.append((of_slope, f"f'({tex(z)}) &= ", at.slope))
    if gate and name in ("mish", "hard_swish"):
        cases.append((of_f, f"g({tex(z)}) &= ", gate[0]))
    for latex, left, result in cases:
        _before, _left, rest = latex.removesuffix(r" \end{aligned}\hspace{3pt}").partition(left)
        put_in = rest.replace(r"\\[6pt] &\quad +", " +").split(r" \\[6pt]")[0]
        assert computed(put_in) == pytest.approx(result, rel=2e-3, abs=1e-12)


# kinks, jumps, flat spots -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"function": "relu", "z": 0}, "the slope is 0 on the left and 1 on the right"),
        ({"function": "selu", "z": 0}, "the slope is 1.758 on the left and 1.051 on the right"),
        ({"function": "hard_swish", "z": -3}, "the slope is 0 on the left and −0.5 on the right"),
        ({"function": "hard_swish", "z": -3}, "By convention f′ is 0, as in PyTorch."),
        ({"function": "relu", "z": 0}, "gap / h stays near 1: a kink stays a kink."),
        ({"function": "step", "z": 0}, "Here f jumps by 1"),
        ({"function": "step", "z": 0}, "the gap stays 1: a jump stays a jump."),
        ({"function": "step", "z": 1}, "Here the curve is flat"),
        ({"function": "relu", "z": -1}, "Here the curve is flat"),
        ({"function": "linear"}, "In a small window no gap is left"),
        ({"function": "relu", "z": 0.3}, "In a small window no gap is left"),
        ({"function": "relu", "z": 0.001}, "There is a kink only 0.001 away"),
        ({"z": 0}, "the gap shrinks even faster than the square of the window."),
        ({"function": "elu", "z": 0}, "gap / h² goes to |f″(z)| / 2 = 0.5."),
        ({"function": "swish", "z": -2}, "the derivative is negative."),
    ],
)
def test_what_is_special_at_a_point_is_told(app, query, told):
    assert told in opened(app, **query).words


def test_at_a_kink_the_slope_is_defined_and_not_equal(app):
    assert "f'(0) &:= 0" in opened(app, function="relu", z=0).latex
    assert "f'(0) &:= 1.758" in opened(app, function="selu", z=0).latex


# the derivation -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notes_lines_stand_there_and_nothing_is_given_away(app, language):
    screen, said = opened(app, language), catalog(language).gettext
    for number, line in enumerate(MISTAKE.lines, 1):
        assert f"**{number}.** {said(line)}" in screen.words
    assert said(MISTAKE.explanation) not in screen.words
    assert len(screen.at.table) == 2  # the gaps, the terms


def test_the_right_line_is_found(app):
    screen = opened(app).set(f"{KEY}guess", "4")
    (box,) = screen.at.success
    assert (box.proto.title, box.value) == ("You found it: line 4", MISTAKE.explanation)
    assert screen.at.session_state["solved"] == {SOLVED}


def test_a_wrong_line_is_told(app):
    screen = opened(app).set(f"{KEY}guess", "5")
    assert ["Line 5 holds." in box.value for box in screen.at.warning] == [True]
    screen.set(f"{KEY}solution", True)
    assert screen.at.info[-1].proto.title == "It is line 4"


def test_numbers_settle_it(app):
    screen = opened(app, z=1).set(f"{KEY}settled", True)
    lines, check = (screen.at.table[place].value for place in (1, 2))
    values = sigmoid_derivation.values(1.0, sigmoid_derivation.NOTE_LINES)
    assert lines["Line"].tolist() == ["2", "3", "4", "5", "6"]
    assert lines["Value at z = 1"].tolist() == [plain(value) for value in values]
    assert lines["Value at z = 1"].tolist() == ["0.1966", "0.1966", "0.3907", "0.1966", "0.1966"]
    expected = sigmoid_product()
    assert check["Case"].tolist() == list(expected.cases)
    assert check["Line 4"].tolist() == [plain(value) for value in expected.claimed]
    assert check["f (1 − f)"].tolist() == [plain(value) for value in expected.right]
    assert check["Numerical gradient"].tolist() == [plain(value) for value in expected.numerical]
    assert check["Relative error"].tolist() == [plain(value, 2) for value in expected.relative_error]


def test_the_explanation_names_the_engines_point():
    z = sigmoid_derivation.z_of_coincidence()
    assert f"{z:.4f}" in MISTAKE.explanation
    assert f"{float(activation('sigmoid').f(z)):.3f}" in MISTAKE.explanation
    assert MISTAKE.wrong == 3


def test_the_derivation_has_a_number_in_each_line_and_it_is_the_same(app):
    screen = opened(app, z=-2)
    derivation = next(part.value for part in screen.at.markdown if "The largest difference" in part.value)
    value = tex(float(sigmoid_derivation.values(-2.0)[0]))
    assert derivation.count(f" = {value}$") == 5
    assert "z = -2$" in derivation
    assert f"{plain(sigmoid_derivation.spread(-2.0), 2)}, which is rounding" in derivation
    assert sigmoid_derivation.spread(0.0) == 0
    assert "to the last digit" in screen.set("activations_lens_z", 0.0).words


# challenge and take-away --------------------------------------------------------------------------------------


def test_the_challenge(app):
    screen = opened(app).set(f"{CHALLENGE}_guess", 0.125)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{CHALLENGE}_guess", 1.76)
    assert [box.proto.title for box in screen.at.success] == ["Right: 1.763"]
    assert "ln(3 + 2√2) = 1.763" in screen.at.success[0].value
    assert screen.at.session_state["solved"] == {CHALLENGE}


@pytest.mark.parametrize("query", [{}, {"function": "gelu", "z": -0.75, "zoom": 5}, {"function": "relu", "z": 0}])
def test_the_script_prints_the_screen(app, query):
    screen = opened(app, **query)
    printed = [line.split() for line in screen.printed()]
    assert [plain(float(printed[0][1])), plain(float(printed[0][3]))] == screen.metrics
    gaps = {float(line[1]): float(line[3]) for line in printed if line[0] == "h"}
    for width, gap in zip(screen.table["Half width h"], screen.table["Largest gap"], strict=True):
        found = next(gaps[h] for h in gaps if plain(h) == width)
        assert plain(found) == gap
    lines = [plain(float(line[2])) for line in printed if line[0] == "line"]
    assert len(lines) == 5
    assert lines == [plain(value) for value in sigmoid_derivation.values(query.get("z", 1.0))]


# bad values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), [("z", "6.5"), ("z", "-7"), ("zoom", "11"), ("function", "sine")])
def test_a_value_out_of_range_is_told_and_the_default_shown(app, name, value):
    screen = opened(app, **{name: value})
    assert len(screen.toasts) == 1
    check(screen, activation("sigmoid"), 1.0)


def test_in_korean_the_numbers_are_the_same(app):
    english, korean = opened(app, z=-1.5), opened(app, "ko", z=-1.5)
    assert korean.metrics == english.metrics
    assert korean.latex == english.latex
    assert korean.table.to_numpy().tolist() == english.table.to_numpy().tolist()
    assert "곡선을 충분히 가까이에서 보면" in korean.words
