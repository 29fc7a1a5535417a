"""Inside a step: formulas, table, pictures and script show the engine's numbers, at every step and for every rule."""

import base64
import json
import re
from functools import partial

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from engine.bias_correction import slip, uncorrected_steps
from engine.optimizers import OPTIMIZERS, SYMBOLS, optimizer
from engine.step_lines import lines
from engine.step_trace import trace
from engine.surfaces import surface
from pages.sections.descent.inside import FIRST
from pages.sections.descent.inside_bias import SECOND_STEP, SHOWN
from pages.sections.descent.inside_setup import BY_SURFACE, HIGHEST_RATE, LOWEST_RATE, default_rate
from pages.shared import names, numbers
from pages.shared.formulas import steps as formulas
from pages.shared.text import LANGUAGES, catalog

KEY = "descent_inside_"
EVERY = pytest.mark.parametrize("code", OPTIMIZERS)
plain = partial(numbers.plain, digits=4)


@pytest.fixture
def opened(app):
    """opened("ko", optimizer="sgd", step=3): the section by its link."""

    def by_link(language="en", **query):
        own = {f"{KEY}{name}": str(value) for name, value in query.items()}
        return app("descent", language, descent_section="inside", **own)

    return by_link


def run(code="adam", place="elongated_bowl", start=None, n_steps=100, **values):
    where = surface(place)
    rule = optimizer(code, **{"learning_rate": default_rate(code, place), **values})
    return trace(where, rule, start or where.start, n_steps + 1)


def check(screen, expected, k, parameter=0):
    """Formulas, table and both pictures against the engine's run."""
    for line in lines(expected, k):
        assert formulas.line(line, parameter, 4) in screen.latex
    assert formulas.gradient(parameter, float(expected.quantities["gradient"][k, parameter]), 4) in screen.latex
    table = screen.table
    assert table.iloc[:, 1].tolist() == [f"${SYMBOLS[name]}$" for name in expected.quantities]
    for axis in (0, 1):
        assert table.iloc[:, 2 + axis].tolist() == [plain(values[k, axis]) for values in expected.quantities.values()]
    ingredients, taken = plotted(screen, 0), plotted(screen, 1)
    of = ingredients["series"].groupby("series", sort=False)["y"]
    curves = {name: values.to_numpy() for name, values in of}
    np.testing.assert_array_equal(curves.pop("g (gradient)"), finite(expected.quantities["gradient"][:, parameter]))
    for name, values in curves.items():
        wanted = expected.scale if "so far" in name else expected.quantities[expected.average]
        np.testing.assert_array_equal(values, finite(wanted[:, parameter]))
    assert len(curves) == bool(expected.average) + (expected.scale is not None)
    series = taken["series"]
    own = series[series["series"] == label(expected)]["y"]
    np.testing.assert_array_equal(own, finite(expected.quantities["effective_step"][:, parameter]))
    assert ingredients["at"]["x"].tolist() == taken["at"]["x"].tolist() == [k]


def finite(values):
    """What a picture can show."""
    return values[np.isfinite(values)]


def label(expected):
    name = names.OPTIMIZERS[expected.optimizer.code]
    return name if getattr(expected.optimizer, "bias_correction", True) else f"{name}, uncorrected"


def plotted(screen, chart):
    proto = screen.at.get("vega_lite_chart")[chart].proto
    return {part.name: convert_arrow_bytes_to_pandas_df(part.data.data) for part in proto.datasets}


def played(screen):
    """What the player was sent."""
    sent = [json.loads(part.proto.json) for part in screen.at.get("bidi_component") if part.proto.json]
    return next(part for part in sent if "paths" in part)


def points(path):
    return np.frombuffer(base64.b64decode(path["points"]), dtype="<f4").reshape(-1, 2)


def stand_at(screen, k, language="en"):
    """Move the player, as its message does."""
    screen.at.session_state[f"{KEY}step||{language}|inside"] = k
    return screen.run()


# the step -----------------------------------------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("place", ["elongated_bowl", "rosenbrock"])
def test_every_rule_shows_the_engines_step(opened, code, place):
    check(opened(optimizer=code, surface=place), run(code, place), FIRST)


@pytest.mark.parametrize("place", BY_SURFACE)
def test_every_surface(opened, place):
    screen, expected = opened(surface=place, step=2, parameter=1), run(place=place)
    check(screen, expected, 2, parameter=1)
    assert played(screen)["x"] == list(surface(place).domain[0])
    assert len(played(screen)["marks"]) == len(surface(place).minima)


@pytest.mark.parametrize("k", [0, 1, 57, 100])
def test_the_numbers_follow_the_player(opened, k):
    screen = stand_at(opened(), k)
    check(screen, run(), k)
    before, after = (", ".join(map(plain, run().points[index])) for index in (k, k + 1))
    assert f"**Step k = {k}** leads from x = ({before}) to ({after})." in screen.words
    assert screen.link.get(f"{KEY}step") == (None if k == FIRST else str(k))


def test_moved_widgets_change_the_numbers(opened):
    screen = opened(optimizer="momentum")
    check(screen, run("momentum"), FIRST)
    check(screen.set(f"{KEY}rate", 0.02), run("momentum", learning_rate=0.02), FIRST)
    check(screen.set(f"{KEY}x0", 1.5), run("momentum", start=(1.5, 2.0), learning_rate=0.02), FIRST)
    check(screen.set(f"{KEY}x1", -3.0), run("momentum", start=(1.5, -3.0), learning_rate=0.02), FIRST)
    changed = {"learning_rate": 0.02, "momentum": 0.5}
    check(screen.set(f"{KEY}momentum", 0.5), run("momentum", start=(1.5, -3.0), **changed), FIRST)
    changed["weight_decay"] = 0.25
    check(screen.set(f"{KEY}weight_decay", 0.25), run("momentum", start=(1.5, -3.0), **changed), FIRST)
    assert r"g &\leftarrow g + \lambda\,\theta" in screen.latex


@EVERY
def test_every_hyperparameter_has_a_control(opened, code):
    """And each reaches the rule: its number stands in the script, once it is used."""
    screen = opened(optimizer=code)
    values = vars(optimizer(code))
    for name in values:
        if name not in ("learning_rate", "bias_correction", "constants"):
            assert screen.value(f"{KEY}{name}") == values[name]
    assert screen.has(f"{KEY}correction") == ("bias_correction" in values)


def test_both_parameters(opened):
    screen, expected = opened(parameter="both"), run()
    check(screen, expected, FIRST)
    for line in lines(expected, FIRST):
        assert formulas.line(line, 1, 4) in screen.latex
    assert {"### x₀", "### x₁"} <= set(screen.words.splitlines())
    np.testing.assert_array_equal(
        plotted(screen, 2)["series"].query("series == 'g (gradient)'")["y"], expected.quantities["gradient"][:, 1]
    )


def test_digits(opened):
    screen, expected = opened(digits=10, step=3), run()
    assert screen.table.iloc[0, 2] == numbers.plain(expected.points[3, 0], 10)
    for line in lines(expected, 3):
        assert formulas.line(line, 0, 10) in screen.latex


def test_the_length_of_the_run(opened):
    screen = opened(steps=20, step=20)
    check(screen, run(n_steps=20), 20)
    assert played(screen)["steps"] == list(range(21))


def test_the_picture_is_the_path(opened):
    screen = opened(optimizer="rmsprop", surface="himmelblau")
    (path,) = played(screen)["paths"]
    expected = run("rmsprop", "himmelblau")
    np.testing.assert_array_equal(points(path), expected.points[:-1].astype("f4"))
    assert path["label"] == "RMSProp"
    assert played(screen)["loss"] is None


# figures of the notes, and runs that go wrong -----------------------------------------------------------------


def test_note_002s_bowl(opened):
    screen = opened(optimizer="sgd", surface="round_bowl", step=57, digits=9)
    assert screen.table.iloc[0, 2:].tolist() == ["−8.97946606e−6", "1.19726214e−5"]
    assert stand_at(screen, 100).table.iloc[0, 2:].tolist() == ["−6.11110793e−10", "8.14814391e−10"]
    far = opened(optimizer="sgd", surface="round_bowl", rate=10, step=20, digits=9)
    assert far.table.iloc[0, 2:].tolist() == ["−1.1276992e26", "1.50359894e26"]
    assert "This learning rate is too large." in far.words


def test_a_run_that_diverges_is_explained(opened):
    screen = opened(optimizer="sgd", surface="rosenbrock", rate=1, step=90)
    at = run("sgd", "rosenbrock", learning_rate=1.0).diverged_at
    assert f"It diverges: at step {at} the numbers are too large to be computed." in screen.words
    assert "Go back to an earlier step." in screen.words
    assert r"\leftarrow" not in screen.latex
    check(stand_at(screen, 1), run("sgd", "rosenbrock", learning_rate=1.0), 1)


@pytest.mark.parametrize("k", range(12))
def test_every_step_on_the_way_to_infinity_is_shown(opened, k):
    screen = opened(optimizer="asgd", surface="rosenbrock", rate=10, step=k)
    assert "It diverges" in screen.words
    assert screen.table.shape[1] == 4


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"epsilon": "0"}, "`epsilon` must lie in `(0, ∞)`"),
        ({"beta1": "1"}, "`beta1` must lie in `[0, 1)`"),
        ({"optimizer": "rprop", "step_minimum": "100"}, "`step_minimum` must lie in"),
    ],
)
def test_what_the_engine_refuses_is_said(opened, query, words):
    screen = opened(**query)
    assert words in screen.words
    assert "**What to notice.**" in screen.words
    assert screen.has(f"{KEY}challenge_guess")


@pytest.mark.parametrize("step", ["-1", "1e9", "x", ""])
def test_a_bad_step_in_the_link(opened, step):
    screen = opened(step=step)
    assert [toast.split("`")[1] for toast in screen.toasts] == [f"{KEY}step"]
    check(screen, run(), FIRST)


def test_default_rates_are_on_the_track():
    rates = {default_rate(code, place) for code in OPTIMIZERS for place in BY_SURFACE}
    assert LOWEST_RATE <= min(rates) < max(rates) <= HIGHEST_RATE
    for code in OPTIMIZERS:
        for place in BY_SURFACE:
            found = run(code, place)
            assert found.diverged_at == -1
            assert found.losses[-1] < found.losses[0], (code, place)


# bias correction ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["adam", "adamw"])
@pytest.mark.parametrize("corrected", [True, False])
def test_both_paths_are_drawn_whichever_is_explained(opened, code, corrected):
    screen = opened(optimizer=code, correction=int(corrected))
    runs = {True: run(code), False: run(code, bias_correction=False)}
    check(screen, runs[corrected], FIRST)
    paths = played(screen)["paths"]
    assert [path["label"] for path in paths] == [label(runs[True]), label(runs[False])]
    for path, expected in zip(paths, runs.values(), strict=True):
        np.testing.assert_array_equal(points(path), expected.points[:-1].astype("f4"))
    series = plotted(screen, 1)["series"]
    for expected in runs.values():
        own = series[series["series"] == label(expected)]["y"]
        np.testing.assert_array_equal(own, expected.quantities["effective_step"][:, 0])
    assert (r"\hat m" in screen.at.latex[4].value) == corrected


def test_the_first_steps_are_compared(opened):
    screen = opened()
    table = screen.at.table[1].value
    theory = uncorrected_steps(0.9, 0.999, 30)
    assert table["t"].tolist() == [str(t) for t in SHOWN]
    for column, expected in (("corrected", run()), ("uncorrected", run(bias_correction=False))):
        assert table[column].tolist() == [plain(expected.relative_steps[t - 1, 0]) for t in SHOWN]
    assert table["uncorrected, same g"].tolist() == [plain(theory[t - 1]) for t in SHOWN]
    assert (table["corrected"][0], table["uncorrected"][0]) == ("1", "3.162")
    assert formulas.first_step(0.9, 0.999, float(theory[0]), 4) in screen.latex
    screen.set(f"{KEY}beta2", 0.99)
    assert r"\frac{0.1}{\sqrt{0.01}} = 1\rule" in screen.latex
    assert screen.at.table[1].value["uncorrected"][0] == "1"


@pytest.mark.parametrize(
    ("beta2", "words"),
    [("0.999", "is smaller than 1 − β₁, so m/√v makes the first step too long"),
     ("0.9", "is larger than 1 − β₁, so m/√v makes the first step too short"),
     ("0.99", "equals 1 − β₁, so by chance m/√v makes the first step right")],
)  # fmt: skip
def test_the_uncorrected_first_step_is_called_what_it_is(opened, beta2, words):
    screen = opened(beta2=beta2)
    assert words in screen.words
    length = run(beta2=float(beta2), bias_correction=False).relative_steps[0, 0]
    assert ("too long" in screen.words, "too short" in screen.words) == (length > 1 + 1e-6, length < 1 - 1e-6)


def test_epsilon_is_left_out_where_it_plays_no_part(opened):
    assert "ε is left out: beside the gradient it is too small to be seen." in opened().words
    large = opened(epsilon=10)
    assert "too small to be seen" not in large.words
    lengths = [plain(run(epsilon=10.0, bias_correction=on).relative_steps[0, 0]) for on in (True, False)]
    assert f"is {lengths[0]} learning rates long, without the correction {lengths[1]}." in large.words
    still = opened(x0=0)
    assert "too small to be seen" not in still.words
    assert "For x₀ the first gradient is 0: without ε this is 0/0" in still.words
    assert run(start=(0.0, 2.0)).relative_steps[0, 0] == 0
    assert r"= 1 \quad (g \neq 0)" in still.latex
    assert "for any g well above ε" in still.words


@pytest.mark.parametrize("code", [code for code in OPTIMIZERS if code not in ("adam", "adamw")])
def test_the_others_have_nothing_to_correct(opened, code):
    screen = opened(optimizer=code)
    assert "What the bias correction is for" not in screen.words
    assert len(played(screen)["paths"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mistake_has_the_engines_numbers(opened, language):
    screen, made, said = opened(language), slip(), catalog(language).gettext
    for number, line in enumerate(SECOND_STEP.lines, 1):
        assert f"**{number}.** {said(line)[:6]}".split("{")[0] in screen.words
    assert f"m̂ = m/(1 − β₁) = {plain(made.wrong_first)}" in screen.words
    assert f"= {numbers.plain(made.wrong_step, 5)}" in screen.words
    assert numbers.plain(made.right_first, 5) not in screen.words
    assert "{" not in re.sub(r"\$[^$]+\$", "", screen.words)


def test_the_mistake_is_found(opened):
    screen = opened()
    screen.set(f"{KEY}mistake_guess", "2")
    assert [box.value.split(".")[0] for box in screen.at.warning] == ["Line 2 holds"]
    screen.set(f"{KEY}mistake_guess", "3")
    (box,) = screen.at.success
    assert f"m̂ = m/(1 − β₁²) = {numbers.plain(slip().right_first, 5)}" in box.value
    assert screen.at.session_state["solved"] == {f"{KEY}mistake"}


# challenge, take-away -----------------------------------------------------------------------------------------


def test_the_challenge(opened):
    screen = opened()
    screen.set(f"{KEY}challenge_guess", 3.162)
    assert "Not yet" in [box.proto.title for box in screen.at.warning]
    answer = run(beta2=0.9999, bias_correction=False).relative_steps[0, 0]
    screen.set(f"{KEY}challenge_guess", round(float(answer), 3))
    assert [box.proto.title for box in screen.at.success] == ["Right: 10"]


@EVERY
def test_the_script_prints_the_table(opened, code):
    screen = opened(optimizer=code, step=17)
    rows = [line.split() for line in screen.printed()]
    expected = run(code)
    assert [row[0] for row in rows] == list(expected.quantities)
    assert [[plain(float(value)) for value in row[1:]] for row in rows] == screen.table.iloc[:, 2:].to_numpy().tolist()


def test_the_link_brings_the_screen_back(opened, app):
    screen = opened()
    screen.set(f"{KEY}optimizer", "nadam").set(f"{KEY}surface", "beale").set(f"{KEY}rate", 0.05)
    stand_at(screen.set(f"{KEY}parameter", "1"), 9)
    again = app("descent", **screen.link)
    assert again.screenshot() == screen.screenshot()


def test_in_korean(opened):
    screen = opened("ko", optimizer="adagrad")
    assert "기울기 제곱의 합" in screen.words
    assert screen.table.columns.tolist() == ["항목", "기호", "x₀", "x₁"]
