"""Links: defaults leave them, what is in them comes back, and nothing in them can break a page."""

import random
from urllib.parse import parse_qsl

import pytest

CALCULATOR = {"backprop_section": "calculator"}
OWN = {**CALCULATOR, "backprop_network": "own"}
XOR = {**CALCULATOR, "backprop_network": "xor"}
MISTAKES = {"backprop_section": "mistakes"}
KEYS = {  # which screen reads what; own expressions take any text and have a test of their own
    "graph": ({}, "formula at graph_digits step nudge amount"),
    "xor": (
        XOR,
        "rate mistake data start sample activation1 activation2 loss reduction epsilon biases digits notation "
        "at_step updates",
    ),
    "own": (OWN, "depth inputs units1 outputs rate data start activation1 loss at_step updates"),
    "mistakes": (MISTAKES, "slip guess settled"),
    "network": (CALCULATOR, "network mistake digits"),
}
HOSTILE = [
    "",
    " ",
    "nan",
    "inf",
    "-inf",
    "-1e400",
    "1e999",
    "99999999999999999999999",
    "-99999999999",
    "None",
    "true",
    "[]",
    "{}",
    "0x10",
    "1;2",
    "1,5",
    "_",
    "__",
    "nan_nan_nan",
    "_".join(["1"] * 5000),
    "9" * 400,
    "9" * 5000,
    "a" * 5000,
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "%00",
    "\x00",
    "\n",
    "한국어",
    "💥" * 300,
    "\u202eabc",
    "__class__",
    "{key}",
    "$\\frac{1}{0}$",
]


def names(keys: str) -> list[str]:
    return [f"backprop_{key}" for key in keys.split()]


@pytest.fixture(scope="module")
def ordinary():
    """The screens as they are without hostile values."""
    return {}


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:16]))
@pytest.mark.parametrize("screen", KEYS)
def test_a_bad_value_is_told_and_its_default_shown(app, ordinary, screen, value):
    base, keys = KEYS[screen]
    if screen not in ordinary:
        ordinary[screen] = app("backprop", **base).screenshot()
    found = app("backprop", **base, **dict.fromkeys(names(keys), value))
    told = {toast.split("`")[1] for toast in found.toasts}
    assert told == set(names(keys))
    assert found.screenshot() == ordinary[screen]
    assert found.link == base


NEARLY = [  # what has the right form and is still refused
    ({}, "backprop_section", "none"),
    ({}, "backprop_formula", "Line"),
    ({}, "backprop_step", "8"),
    ({}, "backprop_step", "-1"),
    ({}, "backprop_step", "2.5"),
    ({}, "backprop_graph_digits", "1"),
    ({}, "backprop_graph_digits", "13"),
    ({}, "backprop_at", "1_2"),
    ({}, "backprop_at", "1_2_3_4"),
    ({}, "backprop_at", "1_2_1e10"),
    ({}, "backprop_at", "1_2_nan"),
    ({}, "backprop_nudge", "z"),
    ({}, "backprop_amount", "1e7"),
    (CALCULATOR, "backprop_network", "perceptron"),
    (CALCULATOR, "backprop_rate", "-0.1"),
    (CALCULATOR, "backprop_rate", "1001"),
    (CALCULATOR, "backprop_updates", "10001"),
    (CALCULATOR, "backprop_updates", "-1"),
    (CALCULATOR, "backprop_updates", "1e3"),
    (CALCULATOR, "backprop_start", "1_2_3"),
    (CALCULATOR, "backprop_start", "1_2_3_4_5"),
    (CALCULATOR, "backprop_start", "1_2_3_1001"),
    (CALCULATOR, "backprop_data", "1"),
    (CALCULATOR, "backprop_at_step", "12"),
    (CALCULATOR, "backprop_activation1", "softmax"),
    (CALCULATOR, "backprop_loss", "hinge"),
    (CALCULATOR, "backprop_reduction", "max"),
    (CALCULATOR, "backprop_biases", "2"),
    (CALCULATOR, "backprop_notation", "WX"),
    (XOR, "backprop_sample", "4"),
    (XOR, "backprop_sample", "-1"),
    (XOR, "backprop_epsilon", "1e-7"),
    (OWN, "backprop_depth", "4"),
    (OWN, "backprop_inputs", "0"),
    (OWN, "backprop_units1", "5"),
    (OWN, "backprop_outputs", "1000000000"),
    (MISTAKES, "backprop_guess", "5"),
    (MISTAKES, "backprop_guess", "0"),
    (MISTAKES, "backprop_settled", "yes"),
]


@pytest.mark.parametrize(("base", "key", "value"), NEARLY)
def test_what_is_out_of_range_is_told_by_name(app, base, key, value):
    screen = app("backprop", **{**base, key: value})
    assert screen.toasts == [f"`{key}` in the link is not valid here: its default is shown."]
    assert screen.link == {name: text for name, text in base.items() if name != key}


ODD = ["x" * 5000, "<b>x</b>", "💥", "__import__('os')", "x\x00", "9**9**9**x", "$x$", "`x`"]


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text[:16]))
def test_any_expression_in_a_link(app, text):
    screen = app("backprop", backprop_formula="own", backprop_expression=text)
    assert bool(screen.toasts) == (len(text) > 200)
    assert screen.at.error or screen.metrics
    assert "What to notice" in screen.words


def test_unknown_parameters_are_left_alone(app):
    screen = app("backprop", utm_source="<b>", backprop_nothing="1", other_rate="nan")
    assert screen.toasts == []
    assert screen.metrics


def test_a_parameter_given_twice(app):
    screen = app("backprop", backprop_formula=["square", "twice"])
    assert screen.value("backprop_formula") == "twice"


def test_a_bad_value_is_told_once(app):
    screen = app("backprop", backprop_step="99")
    assert len(screen.toasts) == 1
    assert screen.set("backprop_at.0", 1.0).toasts == []


# Defaults leave the link


@pytest.mark.parametrize(
    ("base", "moves"),
    [
        ({}, {"backprop_at.0": 1.5, "backprop_graph_digits": 6, "backprop_amount": 0.5, "backprop_step": 1}),
        (CALCULATOR, {"backprop_rate": 0.25, "backprop_mistake": True, "backprop_digits": 7, "backprop_updates": 3}),
        (XOR, {"backprop_sample": "3", "backprop_loss": "squared_error", "backprop_biases": False}),
        (MISTAKES, {"backprop_guess": "2", "backprop_settled": True}),
    ],
)
def test_a_value_is_in_the_link_while_it_is_not_the_default(app, base, moves):
    screen = app("backprop", **base)
    assert screen.link == base
    for key, value in moves.items():
        default = screen.value(key)
        screen.set(key, value)
        assert set(screen.link) == set(base) | {key.split(".")[0]}
        screen.set(key, default)
        assert screen.link == base


# What is in the link comes back

EXPRESSIONS = ["a*b + c", "sigmoid(w*x)*exp(-x)", "z = x - 2; y = 2*z**2", "max(x, y)/y"]


def graph_link(rng):
    own = {"backprop_formula": "own", "backprop_expression": rng.choice(EXPRESSIONS)}
    base = rng.choice([own, {"backprop_formula": "neuron"}, {"backprop_formula": "twice"}, {}])
    count = {"a*b + c": 3, "sigmoid(w*x)*exp(-x)": 2, "z = x - 2; y = 2*z**2": 1, "max(x, y)/y": 2}
    n = count.get(base.get("backprop_expression"), {"neuron": 5, "twice": 2}.get(base.get("backprop_formula"), 3))
    return base | {
        "backprop_at": "_".join(str(rng.choice([-2.5, 0.75, 3, 1e-5, 12345.678])) for _ in range(n)),
        "backprop_graph_digits": str(rng.randint(5, 12)),
        "backprop_step": str(rng.randint(0, 3)),
        "backprop_amount": str(rng.choice([-0.5, 0.001, 1e-6])),
    }


def calculator_link(rng):
    network, n_parameters, n_data = rng.choice(
        [("classic", 12, 4), ("two_outputs", 12, 4), ("xor", 9, 12), ("own", 9, 3)]
    )
    return {
        "backprop_section": "calculator",
        "backprop_network": network,
        "backprop_rate": str(rng.choice([0.01, 0.3, 12.5])),
        "backprop_mistake": "1",
        "backprop_start": "_".join(str(round(rng.uniform(-2, 2), 3)) for _ in range(n_parameters)),
        "backprop_data": "_".join(str(round(rng.uniform(0.1, 0.9), 2)) for _ in range(n_data)),
        "backprop_activation1": rng.choice(["tanh", "relu", "elu", "leaky_relu"]),
        "backprop_loss": "squared_error",
        "backprop_reduction": "mean",
        "backprop_digits": str(rng.randint(5, 12)),
        "backprop_notation": "wx",
        "backprop_at_step": str(rng.randint(0, 15)),
        "backprop_updates": str(rng.choice([1, 17, 250])),
    }


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("make", [graph_link, calculator_link])
def test_a_link_reproduces_its_screen(app, make, seed, language):
    query = make(random.Random(seed))
    first = app("backprop", language, **query)
    assert first.toasts == []
    expected = {**query, "lang": language} if language != "en" else query
    assert first.link == expected
    second = app("backprop", **first.link)
    assert second.screenshot() == first.screenshot()
    assert second.link == first.link
    assert sum(len(name) + len(text) + 2 for name, text in first.link.items()) < 2000


def test_a_screen_that_was_clicked_together_is_reproduced(app):
    screen = app("backprop").set("backprop_section", "calculator").set("backprop_network", "own")
    screen.set("backprop_depth", 2).set("backprop_units2", 3).set("backprop_rate", 0.75)
    screen.set("backprop_activation2", "tanh").click("backprop_updates.10").click("backprop_at_step", "chevron_left")
    again = app("backprop", **screen.link)
    assert again.screenshot() == screen.screenshot()
    assert again.link == screen.link


def test_the_largest_screen_still_fits_a_link(app):
    sizes = {"backprop_depth": "3", "backprop_inputs": "4", "backprop_outputs": "4"}
    sizes |= {f"backprop_units{n}": "4" for n in (1, 2, 3)}
    start = "_".join(["-123.4567"] * 80)
    screen = app("backprop", **OWN, **sizes, backprop_start=start)
    assert screen.toasts == []
    assert screen.link["backprop_start"] == start
    assert len(next(code.value for code in screen.at.code if code.language != "python")) < 2000


def test_the_link_of_the_take_away_is_that_of_this_very_screen(app):
    """It is drawn before the address is written: a change must be in it all the same."""
    screen = app("backprop", **CALCULATOR).set("backprop_rate", 0.25)
    offered = next(code.value for code in screen.at.code if "lang=" in code.value)
    parameters = dict(parse_qsl(offered.partition("?")[2]))
    assert parameters == {**screen.link, "lang": "en"}
    assert parameters["backprop_rate"] == "0.25"
