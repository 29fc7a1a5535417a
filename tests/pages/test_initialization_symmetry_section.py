"""Units that begin alike: every number on screen is the engine's, and every sentence follows from the numbers."""

import math

import numpy as np
import pyarrow as pa
import pytest

from engine.symmetry import LADDER, SymmetryConfig, growth, unit_difference, units, watch
from pages.sections.initialization.symmetry_mistakes import BIASES, SHUFFLED
from pages.sections.initialization.symmetry_setup import KEY, PRESETS
from pages.shared.numbers import plain, tex


@pytest.fixture
def opened(app):
    """opened(language, preset=…, …): the section with these parameters."""

    def by_link(language: str = "en", **parameters):
        query = {f"{KEY}_{name}": str(value) for name, value in parameters.items()}
        return app("initialization", language, initialization_section="symmetry", **query)

    return by_link


def of(code: str, **changes) -> SymmetryConfig:
    """What an example trains."""
    preset = PRESETS[code]
    fields = {
        "data": preset.data,
        "n_hidden": preset.n_hidden,
        "activation": preset.activation,
        "value": preset.value,
        "noises": (preset.noise,),
        "updates": preset.updates,
    }
    return SymmetryConfig(**{**fields, **changes})


def drawn(screen, picture: int) -> dict:
    """The named data of a picture as the browser gets them."""
    sets = screen.at.get("vega_lite_chart")[picture].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


def check(screen, config: SymmetryConfig, update: int | None = None):
    """Tables, formulas and pictures of the learner's network."""
    found = watch(config)
    frame = found.frame(config.updates // 10 if update is None else update)
    numbers_of = units(config.architecture, found.parameters)[0]
    for table, rows, digits in (
        (screen.table, numbers_of[frame], 6),
        (screen.at.table[1].value, units(config.architecture, found.gradient)[0], 4),
    ):
        shown = table.iloc[:, 1:].to_numpy().tolist()
        assert shown == [[plain(float(value), digits) for value in row] for row in rows]
    assert rf"d_0 &= {tex(float(found.difference[0, 0]))}" in screen.latex
    assert rf"d_{{{found.at[frame]}}} &= {tex(float(found.difference[0, frame]))}" in screen.latex
    now = drawn(screen, 0)["now"]
    assert now[["x", "y"]].to_numpy().tolist() == numbers_of[frame, :, :2].tolist()
    return found


@pytest.mark.parametrize("code", ["noise", "tiny", "xor"])
def test_examples_with_noise(opened, code):
    screen, config = opened(preset=code), of(code)
    found = check(screen, config)
    broken = found.broken_at[0]
    if math.isfinite(broken):
        assert "**The symmetry is broken.**" in screen.words
        assert f"at about update {broken:,.0f};" in screen.words
    else:
        assert "**Still almost alike.**" in screen.words
    assert plain(float(found.losses[0, -1])) in screen.words


def test_exact_copies_stay_copies(opened):
    screen = opened(preset="equal")
    found = check(screen, of("equal"))
    if found.difference.any():  # a computer whose sums differ from unit to unit
        assert "**Rounding is the noise.**" in screen.words
    else:
        assert "**Identical to the last bit.**" in screen.words
        assert "exactly 0 after each of the 101 updates" in screen.words
        assert len(set(map(tuple, screen.table.iloc[:, 1:].to_numpy().tolist()))) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("zeros_tanh", "**Only the output's bias has a gradient.**"),
        ("zeros_relu", "**Only the output's bias has a gradient.**"),
        ("zeros_sigmoid", "**Only the outgoing weights have a gradient:**"),
        ("rounding", "**All units have a gradient"),
    ],
)
def test_what_zeros_do(opened, code, words):
    screen = opened(preset=code)
    assert words in screen.words
    assert ("no number of a hidden unit has changed" in screen.words) == (code in ("zeros_tanh", "zeros_relu"))
    check(screen, of(code))


def test_zeros_on_xor_never_move(opened):
    screen = opened(preset="zeros_sigmoid", data="xor")
    assert "**Every gradient is exactly 0**" in screen.words
    assert "0.6931" in screen.words


def test_moved_widgets_move_every_number(opened):
    screen = opened()
    screen.set(f"{KEY}_value", 0.3)
    screen.set(f"{KEY}_noise", 1e-4)
    screen.set(f"{KEY}_units", 3)
    screen.set(f"{KEY}_activation", "sigmoid")
    changes = {"value": 0.3, "noises": (1e-4,), "n_hidden": 3, "activation": "sigmoid"}
    check(screen, of("noise", **changes))
    screen.set(f"{KEY}_layers", "2")
    screen.set(f"{KEY}_data", "xor")
    screen.set(f"{KEY}_seed", 4)
    check(screen, of("noise", **changes, n_layers=2, data="xor", seed=4))


def test_the_scrub_shows_the_units_of_that_update(opened):
    screen = opened()
    screen.set(f"{KEY}_at", 203)
    check(screen, of("noise"), 200)
    assert "after update 200" in screen.words
    assert drawn(screen, 1)["at"]["x"].tolist() == [200.0]
    screen.set(f"{KEY}_noise", 1e-5)
    assert screen.value(f"{KEY}_at") == 203  # the place is kept


def test_the_ladder_and_its_line(opened):
    screen, config = opened(), of("noise", noises=(0.0, *LADDER))
    found = watch(config)
    fitted = growth(LADDER, found.broken_at[1:])
    times = screen.at.table[2].value
    assert times.iloc[:, 0].tolist() == [plain(noise) for noise in LADDER]
    assert times.iloc[:, 1].tolist() == [f"{at:,.0f}" for at in found.broken_at[1:]]
    assert rf"T &= {tex(fitted.per_decade)}" in screen.latex
    assert f"&= {tex(fitted.at(1e-6))}" in screen.latex
    assert f"about {plain(fitted.per_decade, 3)} updates more" in screen.words
    assert rf"d_t &\approx C\, s \cdot 10^{{\,t / T}} \\[6pt] C &= {tex(fitted.factor)}" in screen.latex
    points = drawn(screen, 4)
    assert points["series"]["y"].tolist() == found.broken_at[1:].tolist()
    assert points["expected"]["y"].tolist() == [fitted.at(noise) for noise in LADDER]


def test_no_line_where_nothing_breaks(opened):
    screen = opened(preset="zeros_sigmoid", updates=100)
    assert "there is no straight line to draw" in screen.words
    assert set(screen.at.table[2].value.iloc[:-1, 1]) == {"–"}
    assert "log(1/s)" not in screen.words


def test_a_bent_line_is_no_law(opened):
    found = watch(of("noise", noises=(0.0, *LADDER), learning_rate=3.0, updates=500))
    assert not growth(LADDER, found.broken_at[1:]).straight
    screen = opened(rate=3, updates=500)
    assert "Here the points bend" in screen.words
    assert "log(1/s)" not in screen.words
    assert "d_t &" not in screen.latex
    assert "log(1/s)" in opened().words


def test_the_first_screen_shows_units_that_are_still_one(opened):
    screen, found = opened(), watch(of("noise"))
    frame = found.frame(100)
    assert found.difference[0, frame] < 1e-3  # rings in one place
    assert "after update 100" in screen.words
    assert screen.value(f"{KEY}_at") == 100


def test_what_is_said_of_the_first_screen(opened):
    words = opened().words
    small, copies = watch(of("noise")), watch(of("equal"))
    frame = small.frame(200)
    assert "for 200 updates the loss shows nothing of it" in words
    assert abs(small.losses[0, frame] - copies.losses[0, frame]) < 1e-4
    assert f"falls from {small.losses[0, frame]:.2f} to {small.losses[0, small.frame(360)]:.2f}" in words
    relu = watch(of("noise", activation="relu", noises=LADDER))
    assert "with ReLU only noise of 10⁻² breaks it" in words
    assert [math.isfinite(at) for at in relu.broken_at] == [False] * (len(LADDER) - 1) + [True]


def test_gradients_differ_as_little_as_the_numbers(opened):
    found = watch(of("noise"))
    apart = float(unit_difference(of("noise").architecture, found.gradient))
    said = f"differ by {plain(float(found.difference[0, 0]))} at most, and their gradients by {plain(apart)}."
    assert said in opened().words
    assert "where their numbers are equal, the same one" in opened(preset="equal").words


def test_noise_below_rounding_is_told(opened):
    screen = opened(preset="noise", value=2.0, noise=1e-16, units=4)
    assert ("it is lost in rounding" in screen.words) == (
        not watch(of("noise", value=2.0, noises=(1e-16,))).difference.any()
    )


def test_an_infinite_loss_is_told(opened):
    screen = opened(activation="relu", value=2.0, units=8, layers=2, updates=100)
    assert "**Diverged:** from update 0" in screen.words


def test_long_training_waits_for_a_click(opened):
    screen = opened(updates=5000, layers=2)
    assert screen.button(f"{KEY}_run").label == "Compute now"
    assert screen.has(f"{KEY}_mistake")
    assert len(screen.at.get("vega_lite_chart")) == 0
    screen.click(f"{KEY}_run")
    assert len(screen.at.get("vega_lite_chart")) == 4  # with two layers too few noises break it for a straight line


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_mistake_and_the_challenge(opened, language):
    screen = opened(language).set(f"{KEY}_mistake", "1").set(f"{KEY}_challenge_guess", 33.0)
    assert len(screen.at.success) == 0
    screen.set(f"{KEY}_mistake", str(SHUFFLED.wrong + 1))
    assert len(screen.at.success) == 1
    screen.set(f"{KEY}_challenge_guess", 5.0)
    assert len(screen.at.success) == 2


def test_biases_that_begin_equal_part_in_the_first_update(opened):
    """The second mistake, with numbers from the formula of the first update, written out here."""
    screen = opened(which="biases")
    assert SHUFFLED.lines[2] not in screen.words
    screen.set(f"{KEY}_mistake", "2")
    assert "Line 2 holds." in screen.words
    screen.set(f"{KEY}_mistake", str(BIASES.wrong + 1))
    Z = np.random.default_rng(1).standard_normal(9)
    W1, W2 = Z[:4].reshape(2, 2), Z[6:8]  # the places of the biases are left at 0
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    a1 = 1 / (1 + np.exp(-X @ W1))
    delta = (1 / (1 + np.exp(-a1 @ W2)) - y) / 4
    first, second = (delta[:, None] * W2 * a1 * (1 - a1)).sum(axis=0)
    assert f"∂L/∂b = {plain(first)} and {plain(second)}." in screen.words
    assert screen.at.session_state["solved"] == {f"{KEY}_mistake_biases"}


def test_the_script_prints_the_numbers_of_the_screen(opened):
    screen = opened(preset="noise", noise=1e-4, at=150)
    rows = [line.split()[2:] for line in screen.printed() if line.startswith("unit")]
    shown = screen.table.iloc[:, 1:].to_numpy().tolist()
    middle = rows[len(shown) : 2 * len(shown)]  # of the start, of this update, of the end
    assert [[plain(float(word), 5) for word in row] for row in middle] == [
        [plain(float(cell.replace("−", "-")), 5) for cell in row] for row in shown
    ]
