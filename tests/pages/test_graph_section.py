"""The graph section: what is shown is what the engine computes, also for a formula of one's own."""

import pandas as pd
import pytest

from engine import graph as engine
from engine.errors import InputError
from engine.gradcheck import relative_error
from pages.sections.backprop.graph import OWN, PRESETS
from pages.shared.charts import graph as picture
from pages.shared.numbers import plain, tex
from pages.shared.text import sentence
from tests.engine.hostile_expressions import HOSTILE

SHOWN = [code for code in PRESETS if code != OWN]
BAD = {code: texts[0] for code, texts in HOSTILE.items() if len(texts[0]) <= 200}


def expected_table(expression: str, values: dict[str, float], digits: int = 4) -> pd.DataFrame:
    graph = engine.build(expression)
    trace = engine.evaluate(graph, values)
    checked = engine.numerical_gradient(graph, values)
    exact = [float(trace.gradients[graph.index(name)]) for name in graph.variables]
    errors = relative_error(exact, [checked[name] for name in graph.variables])
    return pd.DataFrame(
        {
            "Variable": graph.variables,
            "Value": [plain(values[name], digits) for name in graph.variables],
            "Gradient": [plain(value, digits) for value in exact],
            "Numerical gradient": [plain(checked[name], digits) for name in graph.variables],
            "Relative error": [plain(error, 2) for error in errors],
        }
    )


def check(screen, expression, values, digits=4):
    expected = expected_table(expression, values, digits)
    assert screen.table.to_dict("list") == expected.to_dict("list")


def preset(code):
    _title, expression, values = PRESETS[code]
    return expression, dict(zip(engine.build(expression).variables, values, strict=True))


# Presets


@pytest.mark.parametrize("code", SHOWN)
def test_a_preset_shows_the_engines_numbers(app, code):
    expression, values = preset(code)
    screen = app("backprop", backprop_formula=code)
    check(screen, expression, values)
    nudge = engine.nudge(engine.build(expression), values, next(iter(values)), 0.1)
    assert screen.metrics == [plain(nudge.promised), plain(nudge.actual)]


def test_the_notes_line(app):
    screen = app("backprop")
    assert screen.table["Value"].tolist() == ["−2", "5", "3"]
    assert screen.table["Gradient"].tolist() == ["5", "−2", "1"]
    assert screen.link == {}


def test_a_preset_brings_its_own_values(app):
    screen = app("backprop").set("backprop_at.0", 7.0)
    screen.set("backprop_formula", "twice")
    check(screen, *preset("twice"))
    assert screen.link == {"backprop_formula": "twice"}
    screen.set("backprop_formula", "line")
    check(screen, *preset("line"))
    assert screen.link == {}


# Widgets


def test_a_value_moved_is_a_number_moved(app):
    screen = app("backprop").set("backprop_at.1", -1.5)
    check(screen, "f = w*x + b", {"w": -2.0, "x": -1.5, "b": 3.0})
    assert screen.link == {"backprop_at": "-2_-1.5_3"}


def test_digits(app):
    screen = app("backprop", backprop_formula="sigmoid").set("backprop_graph_digits", 9)
    check(screen, *preset("sigmoid"), digits=9)
    assert screen.table["Gradient"].tolist() == ["0.196611933"]
    assert screen.link == {"backprop_formula": "sigmoid", "backprop_graph_digits": "9"}


@pytest.mark.parametrize("amount", [0.1, 1.0, -0.5, 1e-6, 0.0])
def test_the_nudge_promises_and_tells(app, amount):
    screen = app("backprop", backprop_formula="square").set("backprop_amount", amount)
    promised, actual = 8 * amount, 2 * (2 + amount) ** 2 - 8
    assert screen.metrics[0] == plain(promised)
    assert float(screen.metrics[1].replace("−", "-")) == pytest.approx(actual, rel=1e-3, abs=1e-12)


def test_the_nudge_of_another_variable(app):
    screen = app("backprop").set("backprop_nudge", "b")
    assert screen.metrics == ["0.1", "0.1"]
    assert screen.link == {"backprop_nudge": "b"}


def test_a_nudge_that_leads_nowhere_is_explained(app):
    screen = app("backprop", backprop_formula="own", backprop_expression="log(x)").set("backprop_amount", -2.0)
    assert [warning.value for warning in screen.at.warning] == [
        "The logarithm in `log(x)` needs a positive number, not `-1`, at character 1."
    ]
    assert screen.metrics == []
    check(screen, "log(x)", {"x": 1.0})


# The stepper


@pytest.mark.parametrize("code", SHOWN)
def test_every_step_has_its_formula(app, code):
    expression, values = preset(code)
    graph = engine.build(expression)
    trace = engine.evaluate(graph, values)
    results = ["", *[step.result for step in trace.forward], 1.0, *[step.contribution for step in trace.backward]]
    screen = app("backprop", backprop_formula=code)
    assert screen.value("backprop_step") == picture.n_steps(trace) == len(results) - 1
    screen.click("backprop_step", "first_page")
    assert "**Start.**" in screen.words
    seen = [screen.picture]
    for step, result in enumerate(results[1:], 1):
        screen.click("backprop_step", "chevron_right")
        assert screen.value("backprop_step") == step
        assert tex(result) in screen.latex
        kind = "**Forward.**" if step <= len(trace.forward) else "**Backward"
        assert kind in screen.words
        seen.append(screen.picture)
    assert all(spec == seen[0] for spec in seen)  # only the data change


def test_the_buttons_of_the_stepper(app):
    screen = app("backprop")
    last = screen.value("backprop_step")
    assert screen.button("backprop_step", "chevron_right").disabled
    assert screen.button("backprop_step", "last_page").disabled
    assert screen.click("backprop_step", "chevron_left").value("backprop_step") == last - 1
    assert screen.link == {"backprop_step": str(last - 1)}
    assert screen.click("backprop_step", "first_page").value("backprop_step") == 0
    assert screen.button("backprop_step", "first_page").disabled
    assert screen.click("backprop_step", "chevron_right").value("backprop_step") == 1
    assert screen.click("backprop_step", "last_page").value("backprop_step") == last
    assert screen.link == {}


def test_the_slider_jumps(app):
    screen = app("backprop").set("backprop_step", 2)
    assert r"&= \left(-10\right) + 3 \\[6pt] &= -7" in screen.latex
    assert screen.link == {"backprop_step": "2"}


# A formula of one's own


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("x", {"x": 1.0}),
        ("a*b*c*d", dict.fromkeys("abcd", 1.0)),
        ("z = relu(x); z*z - y", {"x": 1.0, "y": 1.0}),
        ("max(x, y) + min(x, y)", {"x": 1.0, "y": 1.0}),
        ("rate*sin(w_1)", {"rate": 1.0, "w_1": 1.0}),
    ],
)
def test_an_own_formula(app, text, at):
    screen = app("backprop").set("backprop_formula", "own").set("backprop_expression", text)
    check(screen, text, at)
    assert screen.link == {"backprop_formula": "own", "backprop_expression": text}
    first = next(iter(at))
    screen.set("backprop_at.0", 2.5)
    check(screen, text, at | {first: 2.5})


def test_new_variables_start_anew(app):
    screen = app("backprop", backprop_formula="own", backprop_expression="a*b", backprop_at="3_4")
    check(screen, "a*b", {"a": 3.0, "b": 4.0})
    screen.set("backprop_expression", "a*b + c")
    check(screen, "a*b + c", dict.fromkeys("abc", 1.0))
    assert "backprop_at" not in screen.link


def test_bad_formulas_are_explained_and_the_page_lives_on(app):
    screen = app("backprop", backprop_formula="own")
    for code, text in BAD.items():
        screen.set("backprop_expression", text)
        with pytest.raises(InputError) as caught:
            engine.build(text)
        assert caught.value.code == code
        assert [error.value for error in screen.at.error] == [sentence(caught.value)]
        if text and caught.value.position is not None:
            assert screen.at.code[0].value == f"{text}\n{' ' * min(caught.value.position, len(text))}^"
        assert screen.metrics == []
        assert "What to notice" in screen.words
        assert screen.has("backprop_graph_challenge_guess")
    screen.set("backprop_expression", "x + 1")
    assert not screen.at.error
    check(screen, "x + 1", {"x": 1.0})


@pytest.mark.parametrize(
    ("text", "at", "position"),
    [("1/(x - 1)", "1", 0), ("y + log(x - 5)", "1_1", 4), ("exp(exp(x))", "9", 0), ("sqrt(x)", "0", 0)],
)
def test_a_point_without_a_value_is_explained(app, text, at, position):
    screen = app("backprop", backprop_formula="own", backprop_expression=text, backprop_at=at)
    assert len(screen.at.error) == 1
    assert screen.at.code[0].value == f"{text}\n{' ' * position}^"
    assert "What to notice" in screen.words
    assert screen.metrics == []


def test_a_better_point_heals(app):
    screen = app("backprop", backprop_formula="own", backprop_expression="1/(x - 1)")
    assert len(screen.at.error) == 1
    screen.set("backprop_at.0", 2.0)
    assert not screen.at.error
    check(screen, "1/(x - 1)", {"x": 2.0})


# Predict, and take away


def test_the_challenge(app):
    key = "backprop_graph_challenge"
    screen = app("backprop")
    assert not screen.at.success
    screen.set(f"{key}_guess", 5.0)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    assert "Both paths add up to 8." not in screen.words
    screen.set(f"{key}_solution", True)
    assert "The answer is 8" in screen.at.info[-1].proto.title
    assert "Both paths add up to 8." in screen.words
    assert "solved" not in screen.at.session_state
    screen.set(f"{key}_guess", 8.0)
    assert [box.proto.title for box in screen.at.success] == ["Right: 8"]
    assert screen.at.session_state["solved"] == {key}


@pytest.mark.parametrize("code", SHOWN)
def test_the_script_prints_the_screen(app, code):
    expression, values = preset(code)
    screen = app("backprop", backprop_formula=code)
    printed = {name: (float(v), float(g)) for name, v, g in map(str.split, screen.printed())}
    graph = engine.build(expression)
    trace = engine.evaluate(graph, values)
    for node in graph.nodes:
        if node.name:
            expected = (trace.values[node.index], trace.gradients[node.index])
            assert printed[node.name] == pytest.approx(expected, rel=1e-12)


def test_the_link_to_this_screen(app):
    screen = app("backprop", backprop_formula="twice", backprop_step="2")
    shown = next(code.value for code in screen.at.code if code.language != "python")
    assert shown.endswith("?backprop_formula=twice&backprop_step=2&lang=en")
