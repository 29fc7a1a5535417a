"""The gallery section: what is shown is what the engine computes, for every selection, range, parameter and z."""

import json
import math

import numpy as np
import pytest

from engine import activation_curves
from engine.activation_checks import TOLERANCE, largest_gap
from engine.activations import ACTIVATIONS, ELU, Activation, LeakyReLU, ReLU, Sigmoid, Swish, Tanh, activation
from pages.sections.activations import gallery_facts as facts
from pages.sections.activations.gallery_setup import LIMITS, PRESETS
from pages.sections.activations.gallery_step import STEP
from pages.shared import cached, names
from pages.shared.formulas.activations import symbols, with_numbers
from pages.shared.numbers import plain, tex

KEY = "activations_gallery"
NOTE_TANH = [-0.99627208, -0.98836197, -0.96397069, -0.89125532, -0.69460424, -0.27807943]
THREE = [Sigmoid(), Tanh(), ReLU()]


def opened(app, language="en", **query):
    named = {f"{KEY}_{name}": text for name, text in query.items()}
    return app("activations", language, activations_section="gallery", **named)


def check(screen, functions: list[Activation], z: float, limit: float = 5.0):
    """Tables, badges, formulas and the alternative text against the engine."""
    values, properties = screen.at.table[0].value, screen.at.table[1].value
    at = plain(z)
    assert values["Function"].tolist() == properties["Function"].tolist() == [facts.label(f) for f in functions]
    assert values[f"f({at})"].tolist() == [plain(float(f.f(z))) for f in functions]
    assert values[f"f′({at})"].tolist() == [plain(float(f.derivative(z))) for f in functions]
    assert values["Largest f′"].tolist() == [facts.steepest(f) for f in functions]
    badges = [line for line in screen.words.splitlines() if line.startswith(":green-badge[")]
    expected = [f"{names.ACTIVATIONS[f.name]} {plain(largest_gap(f, -limit, limit).gap, 2)}" for f in functions]
    assert [badge.split(": ", 1)[-1].rstrip("]") for badge in badges] == expected
    close = next(f for f in functions if f.name == screen.value(f"{KEY}_close"))
    told = float(close.f(z)), float(close.derivative(z))
    shown = [line for line in screen.latex.splitlines() if line != "$$"]
    assert shown == [symbols(close), with_numbers(close, z, *told, tex)]


def own(link: dict[str, str]) -> dict[str, str]:
    """The link without the section, which stands there unless it is the lesson's first."""
    return {key: text for key, text in link.items() if key != "activations_section"}


def alt(screen) -> str:
    return screen.at.get("vega_lite_chart")[0].proto.alt


# selections ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_shows_the_engines_numbers(app, preset):
    functions = [activation(code) for code in ACTIVATIONS if code in PRESETS[preset][1]]
    screen = opened(app, preset=preset)
    check(screen, functions, 1.0)
    assert screen.value(f"{KEY}_functions") == [f.name for f in functions]
    assert screen.link.get(f"{KEY}_preset") == (None if preset == "three" else preset)
    assert f"{KEY}_functions" not in screen.link


def test_the_list_of_note_002(app):
    screen = opened(app, preset="note")
    assert "Leaky ReLU (α = 0.1)" in screen.table["Function"].tolist()
    assert "ELU (α = 1)" in screen.table["Function"].tolist()
    assert len(screen.table) == 11
    assert "binary step" in screen.words.lower()
    assert "Softmax is not in the list" in screen.words


def test_a_selection_of_ones_own_stands_in_the_link(app):
    screen = opened(app).set(f"{KEY}_functions", ["relu", "gelu"])
    check(screen, [ReLU(), activation("gelu")], 1.0)
    assert own(screen.link) == {f"{KEY}_functions": "relu.gelu"}
    check(opened(app, functions="relu.gelu"), [ReLU(), activation("gelu")], 1.0)


def test_nothing_selected_shows_the_presets_functions(app):
    check(opened(app).set(f"{KEY}_functions", []), THREE, 1.0)


# widgets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [-4.25, 0.0, 0.7, 5.0])
def test_the_pinned_z_moves_every_number(app, z):
    screen = opened(app).set(f"{KEY}_z", z)
    check(screen, THREE, z)
    value, slope = float(Tanh().f(z)), float(Tanh().derivative(z))
    assert f"tanh: f = {plain(value)}, f′ = {plain(slope)}" in alt(screen)
    assert f"At z = {plain(z)}" in alt(screen)
    assert screen.link[f"{KEY}_z"] == repr(z).removesuffix(".0")


def test_moving_z_changes_the_data_only(app):
    screen = opened(app)
    before = screen.picture
    assert screen.set(f"{KEY}_z", -2.0).picture == before


@pytest.mark.parametrize("code", LIMITS)
def test_the_range_is_the_axis_and_the_range_of_the_check(app, code):
    screen = opened(app, preset="all", range=code)
    limit, _n = LIMITS[code]
    check(screen, [kind() for kind in ACTIVATIONS.values()], 1.0, limit)
    (spec,) = map(json.loads, screen.picture)
    assert f'"domain": [{-limit}, {limit}]' in json.dumps(spec)


def test_a_z_outside_a_smaller_range_goes_back_to_its_default(app):
    screen = opened(app, range="10", z="9")
    check(screen, THREE, 9.0, 10.0)
    check(screen.set(f"{KEY}_range", "3"), THREE, 1.0, 3.0)


@pytest.mark.parametrize(
    ("code", "value", "made"),
    [
        ("leaky_relu", 0.3, LeakyReLU(0.3)),
        ("elu", 2.5, ELU(2.5)),
        ("swish", 4.0, Swish(4.0)),
        ("swish", 0.0, Swish(0.0)),
    ],
)
def test_a_parameter_moved_is_a_number_moved(app, code, value, made):
    screen = opened(app, functions=f"tanh.{code}", close=code)
    check(screen, [Tanh(), activation(code)], 1.0)
    screen.set(f"{KEY}_{code}", value).set(f"{KEY}_z", -1.5)
    check(screen, [Tanh(), made], -1.5)
    assert screen.link[f"{KEY}_{code}"] == repr(value).removesuffix(".0")


def test_only_the_selected_functions_have_parameters(app):
    screen = opened(app)
    assert not any(screen.has(f"{KEY}_{code}") for code in ("leaky_relu", "elu", "swish"))
    screen.set(f"{KEY}_functions", ["elu", "selu"])
    assert screen.has(f"{KEY}_elu")
    assert not screen.has(f"{KEY}_swish")


def test_the_function_looked_at_closely_stays_while_it_is_selected(app):
    screen = opened(app).set(f"{KEY}_close", "tanh")
    check(screen.set(f"{KEY}_functions", ["sigmoid", "tanh", "gelu"]), [Sigmoid(), Tanh(), activation("gelu")], 1.0)
    assert screen.value(f"{KEY}_close") == "tanh"
    screen.set(f"{KEY}_functions", ["sigmoid", "gelu"])
    assert screen.value(f"{KEY}_close") == "sigmoid"
    check(screen, [Sigmoid(), activation("gelu")], 1.0)


def test_at_a_kink_the_convention_is_told(app):
    screen = opened(app, close="relu", z="0")
    assert [box.value for box in screen.at.info] == [
        "Here f has a kink or a jump and no derivative. By convention f′ is 0."
    ]
    assert "ReLU f′(0) = 0" in screen.words
    assert screen.at.table[0].value["f′(0)"].tolist() == ["0.25", "1", "0"]
    assert not opened(app, close="relu", z="0.05").at.info


# facts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "value_range", "saturation", "steepest", "qualities"),
    [
        (activation("step"), "{0, 1}", "both", "0 for z ≠ 0", "monotone"),
        (activation("linear"), "(−∞, ∞)", "nowhere", "1 for every z", "monotone, zero-centred, smooth"),
        (Sigmoid(), "(0, 1)", "both", "0.25 at z = 0", "monotone, smooth"),
        (Tanh(), "(−1, 1)", "both", "1 at z = 0", "monotone, zero-centred, smooth"),
        (activation("arctan"), "(−1.571, 1.571)", "both", "1 at z = 0", "monotone, zero-centred, smooth"),
        (activation("hard_sigmoid"), "[0, 1]", "both", "0.1667 for −3 < z < 3", "monotone"),
        (ReLU(), "[0, ∞)", "left", "1 for z > 0", "monotone"),
        (LeakyReLU(), "(−∞, ∞)", "nowhere", "1 for z > 0", "monotone"),
        (LeakyReLU(1.0), "(−∞, ∞)", "nowhere", "1 for every z", "monotone, zero-centred, smooth"),
        (ELU(), "(−1, ∞)", "left", "1 for z > 0", "monotone, smooth"),
        (ELU(2.0), "(−2, ∞)", "left", "2 just below z = 0", "monotone"),
        (activation("softplus"), "(0, ∞)", "left", "1 in the limit z → ∞", "monotone, smooth"),
        (Swish(), "[−0.2785, ∞)", "left", "1.1 at z = 2.399", "smooth"),
        (activation("hard_swish"), "[−0.375, ∞)", "left", "1.5 just below z = 3", "–"),
    ],
    ids=str,
)
def test_facts_as_they_stand(f, value_range, saturation, steepest, qualities):
    said = (facts.value_range(f), facts.saturation(f), facts.steepest(f), facts.qualities(f))
    assert said == (value_range, saturation, steepest, qualities)


def test_conventions_are_pytorchs(app):
    words = opened(app, preset="all").words
    told = next(line for line in words.splitlines() if "PyTorch" in line)
    for name, slopes in {
        "Hard sigmoid": "f′(−3) = 0, f′(3) = 0",
        "ReLU": "f′(0) = 0",
        "Leaky ReLU": "f′(0) = 0.1",
        "SELU": "f′(0) = 1.758",
        "Hard swish": "f′(−3) = 0, f′(3) = 1",
    }.items():
        assert f"{name} {slopes}" in told


def test_a_wrong_derivative_would_be_seen(app):
    """The sentence under the badges says by how much; in red it would stand there, were it wrong."""
    gap = largest_gap(ReLU(), -5, 5, wrong_by=0.001).gap
    assert gap > TOLERANCE
    assert f"ReLU would show a gap of {plain(gap, 2)}" in opened(app).words


def test_a_wrong_derivative_turns_its_badge_red(app, monkeypatch):
    cached.derivative_gap.cache_clear()
    monkeypatch.setattr(Tanh, "slope", lambda self, z, a, out: np.subtract(1.001, np.square(a), out=out))
    screen = opened(app, functions="tanh", range="3", z="0.3")
    cached.derivative_gap.cache_clear()
    badges = [line for line in screen.words.splitlines() if "-badge[" in line]
    assert [badge.split("[")[0] for badge in badges] == [":red-badge"]


# values at points ---------------------------------------------------------------------------------------------


def test_note_002s_tanh_points(app):
    screen = opened(app, preset="note_tanh")
    shown = screen.at.table[2].value
    expected = [*NOTE_TANH, *(-value for value in reversed(NOTE_TANH))]
    assert shown["f(z)"].tolist() == [f"{value:.8f}".replace("-", "−") for value in expected]
    assert shown["z"].tolist()[0] == "−3.1415927"
    assert own(screen.link) == {f"{KEY}_preset": "note_tanh"}


def test_whole_numbers_are_the_other_points(app):
    screen = opened(app, close="tanh")
    shown = screen.at.table[2].value
    assert shown["f(z)"].tolist() == [plain(math.tanh(z), 8) for z in range(-5, 6)]
    assert shown["f′(z)"].tolist() == [plain(float(Tanh().derivative(z)), 8) for z in range(-5, 6)]
    shown = screen.set(f"{KEY}_points", "note").at.table[2].value
    assert shown["z"].tolist() == [plain(float(z), 8) for z in activation_curves.POINTS["note"]]


# find the mistake ---------------------------------------------------------------------------------------------


def test_the_notes_line_is_refused_by_numpy():
    x = np.array([-1.0, 0.0, 2.0])
    with pytest.raises(ValueError, match="dtype"):
        np.array(x > 0, dtype=np)
    expected = activation("step").f(x)
    np.testing.assert_array_equal((x > 0).astype(float), expected)
    np.testing.assert_array_equal(np.array(x > 0, dtype=float), expected)


def test_the_mistake_is_found(app):
    screen = opened(app)
    assert not screen.at.success
    screen.set(f"{KEY}_line", "4")
    assert [box.value for box in screen.at.warning] == ["Line 4 holds. What must follow `dtype=`?"]
    screen.set(f"{KEY}_line", "3")
    assert [box.value for box in screen.at.success] == [STEP.explanation]
    assert screen.at.session_state["solved"] == {f"{KEY}_mistake"}


def test_the_solution_can_be_seen(app):
    screen = opened(app).set(f"{KEY}_line_solution", True)
    assert [box.value for box in screen.at.info] == [STEP.explanation]


# predict, and take away ---------------------------------------------------------------------------------------


def test_the_challenge(app):
    screen = opened(app).set(f"{KEY}_challenge_guess", 0.0)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{KEY}_challenge_solution", True)
    assert "SELU, Swish, GELU, GELU (tanh), Mish, Hard swish." in screen.words
    screen.set(f"{KEY}_challenge_guess", 6.0)
    assert [box.proto.title for box in screen.at.success] == ["Right: 6"]
    z = np.linspace(-20, 20, 400_001)
    assert sum(kind().derivative(z).max() > 1 + 1e-9 for kind in ACTIVATIONS.values()) == 6


@pytest.mark.parametrize("query", [{}, {"preset": "note", "z": "-1.5"}, {"functions": "elu.swish", "swish": "3"}])
def test_the_script_prints_the_screen(app, query):
    screen = opened(app, **query)
    printed = [line.split() for line in screen.printed()]
    values = screen.at.table[0].value
    assert [names.ACTIVATIONS[row[0]] for row in printed] == [
        name.split(" (α")[0].split(" (β")[0] for name in values["Function"]
    ]
    assert [plain(float(row[1])) for row in printed] == values.iloc[:, 1].tolist()
    assert [plain(float(row[2])) for row in printed] == values.iloc[:, 2].tolist()


def test_the_korean_screen_has_the_same_numbers(app):
    english, korean = (opened(app, language, preset="note", z="-0.5") for language in ("en", "ko"))
    assert (
        korean.at.table[0].value.iloc[:, :3].to_numpy().tolist()
        == english.at.table[0].value.iloc[:, :3].to_numpy().tolist()
    )
    assert korean.latex == english.latex
    assert korean.picture == english.picture
    assert "이진 계단" in korean.words
