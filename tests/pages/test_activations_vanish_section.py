"""The vanishing gradient: the figures on screen are the engine's, for every preset and after every move."""

import json

import numpy as np
import pandas as pd
import pytest

from engine.activations import Sigmoid, activation
from engine.gradient_flow import band, gradient_flow, per_layer
from engine.initializers import initializer
from engine.signal import SignalConfig
from engine.slope_product import layers_until, slope_chain
from pages.sections.activations.vanish_setup import N_SAMPLES, OWN, PRESETS, SEEDS
from pages.shared import names
from pages.shared.numbers import plain, tex

SECTION = {"activations_section": "vanish"}
XAVIER = initializer("xavier_normal")


def opened(app, language="en", **query):
    return app("activations", language, **SECTION, **{f"activations_vanish_{key}": text for key, text in query.items()})


def flows(functions, scheme, depth, width=64):
    return {
        name: gradient_flow(SignalConfig(depth, width, N_SAMPLES, activation(name), scheme, SEEDS))
        for name in functions
    }


def check(screen, functions, scheme, depth, width=64, size="dz", quantiles=(0.1, 0.9), digits=4):
    """The table, the picture's data and the words for a blind reader."""
    rows, data = [], plotted(screen)
    for name, flow in flows(functions, scheme, depth, width).items():
        label = names.ACTIVATIONS[name]
        measured, theory = {
            "dz": (flow.dz_std, flow.predicted_dz),
            "dW": (flow.dW_norm, flow.predicted_dW),
        }[size]
        found = band(measured, *quantiles)
        own = data["series"][data["series"]["series"] == label]
        np.testing.assert_array_equal(own["y"], found.median[found.median > 0])
        np.testing.assert_array_equal(own["high"], found.high[found.median > 0])
        if (found.low > 0).all():
            np.testing.assert_array_equal(own["low"], found.low)
        dashed = data["expected"][data["expected"]["series"] == label]
        np.testing.assert_array_equal(dashed["y"], theory[theory > 0])
        ends = [plain(found.median[0], digits), plain(found.median[-1], digits)]
        rows.append([label, *ends, plain(per_layer(found.median), digits), plain(per_layer(theory), digits)])
        assert f"{label}: {ends[0]} in layer 1, {ends[1]} in layer {depth}" in alt(screen)
    assert screen.table.to_numpy().tolist() == rows


def plotted(screen) -> dict[str, pd.DataFrame]:
    """The picture's named data, as they go to the browser."""
    proto = screen.at.get("vega_lite_chart")[0].proto
    return {data.name: arrow(data.data.data) for data in proto.datasets}


def arrow(data: bytes) -> pd.DataFrame:
    import pyarrow as pa

    return pa.RecordBatchStreamReader(data).read_pandas()


def alt(screen) -> str:
    return screen.at.get("vega_lite_chart")[0].proto.alt


# ------------------------------------------------------------------ real networks


@pytest.mark.parametrize("code", PRESETS)
def test_a_preset_shows_the_engines_numbers(app, code):
    preset = PRESETS[code]
    scheme = initializer("normal", sigma=preset.sigma) if preset.scheme == OWN else initializer(preset.scheme)
    screen = opened(app, preset=code)
    check(screen, preset.activations, scheme, preset.depth)
    assert screen.toasts == []


def test_a_preset_is_chosen_by_hand_and_brings_its_own_values(app):
    screen = opened(app).set("activations_vanish_depth", 7).set("activations_vanish_preset", "stupid")
    check(screen, ("sigmoid", "tanh", "relu"), initializer("normal"), 20)
    assert screen.value("activations_vanish_scheme") == "normal"
    assert screen.link["activations_vanish_preset"] == "stupid"
    assert "activations_vanish_depth" not in screen.link


@pytest.mark.parametrize("depth", [2, 10, 50])
def test_depth(app, depth):
    screen = opened(app).set("activations_vanish_depth", depth)
    check(screen, ("sigmoid", "tanh", "relu"), XAVIER, depth)
    assert screen.link["activations_vanish_depth"] == str(depth)


def test_the_controls_one_after_another(app):
    screen = opened(app, depth="5", width="16").set("activations_vanish_functions", ["gelu", "tanh"])
    check(screen, ("tanh", "gelu"), XAVIER, 5, 16)
    screen.set("activations_vanish_scheme", "pytorch_linear")
    check(screen, ("tanh", "gelu"), initializer("pytorch_linear"), 5, 16)
    screen.set("activations_vanish_width", "32")
    check(screen, ("tanh", "gelu"), initializer("pytorch_linear"), 5, 32)
    screen.set("activations_vanish_size", "dW")
    check(screen, ("tanh", "gelu"), initializer("pytorch_linear"), 5, 32, "dW")
    screen.set("activations_vanish_band", "all")
    check(screen, ("tanh", "gelu"), initializer("pytorch_linear"), 5, 32, "dW", (0.0, 1.0))
    screen.set("activations_vanish_digits", 7)
    check(screen, ("tanh", "gelu"), initializer("pytorch_linear"), 5, 32, "dW", (0.0, 1.0), 7)


def test_without_theory_there_is_no_dashed_line_and_no_column(app):
    screen = opened(app, depth="5")
    assert "In theory" in screen.table
    screen.set("activations_vanish_theory", False)
    assert "In theory" not in screen.table
    assert set(plotted(screen)) == {"series"}


def test_a_sixth_function_takes_the_place_of_the_first(app):
    five = ["sigmoid", "tanh", "relu", "elu", "gelu"]
    screen = opened(app, depth="2", width="16").set("activations_vanish_functions", [*five, "mish"])
    assert screen.table.iloc[:, 0].tolist() == ["tanh", "ReLU", "ELU", "GELU", "Mish"]


def test_one_layer_has_no_factor(app):
    screen = opened(app, depth="1")
    assert screen.table["Factor per layer"].tolist() == ["–"] * 3
    assert screen.table["First layer"].tolist() == screen.table["Last layer"].tolist()


def test_both_meanings_of_xavier_are_the_same_here(app):
    first = opened(app, scheme="lecun_normal", depth="6").table
    second = opened(app, scheme="xavier_normal", depth="6").table
    assert first.to_dict() == second.to_dict()


# ------------------------------------------------------------------ zeros, overflow, float32


def test_in_float32_the_first_layers_would_be_lost(app):
    """Note of the design: some 1e-61 after 50 sigmoid layers."""
    screen = opened(app, preset="fifty")
    (told,) = [info.value for info in screen.at.info]
    assert "1.4e−45" in told
    assert "Sigmoid 13 of 50" in told
    assert screen.table["First layer"].tolist() == ["2.523e−61"]
    assert opened(app).at.info == []


def test_zeros_are_explained_and_kept_off_the_axis(app):
    screen = opened(app, functions="step.relu", scheme="he_normal", depth="50", width="16")
    told = [info.value for info in screen.at.info]
    assert [text for text in told if text.startswith("Step: in 11 of 11 networks the gradient")]
    data = plotted(screen)["series"]
    assert set(data["series"]) == {"ReLU"}
    assert (data["y"] > 0).all()
    assert screen.table["First layer"].tolist()[0] == "0"


def test_overflow_is_explained(app):
    screen = opened(app, functions="relu.softsign", scheme="own", sigma="1e6", depth="50")
    assert [warning.value for warning in screen.at.warning] == [
        "ReLU: 11 of 11 networks are left out, since a number in them grew larger than float64 can hold: "
        "the gradient has exploded."
    ]
    assert set(plotted(screen)["series"]["series"]) == {"Softsign"}
    assert screen.table.set_index("Activation function").loc["ReLU"].tolist() == ["–"] * 4


# ------------------------------------------------------------------ the chain


def check_chain(screen, chain, digits=4):
    table = screen.at.table[1].value
    columns = [chain.z, chain.slopes, chain.factors, chain.products]
    depth = len(chain.z)
    expected = [[str(n + 1), *(plain(c[n], digits) for c in columns)] for n in reversed(range(depth))]
    if depth > 11:
        expected = [*expected[:5], ["⋮"] * 5, *expected[-5:]]
    assert table.astype(str).to_numpy().tolist() == expected
    assert f"&= {tex(chain.products[0], digits)}" in screen.latex
    assert f"&= {tex(chain.bound, digits)}" in screen.latex
    assert f"multiplies the gradient by {plain(chain.typical, digits)}." in screen.words


def test_the_chain_of_ten_sigmoids(app):
    screen = opened(app, depth="10")
    check_chain(screen, slope_chain(Sigmoid(), 10))
    assert r"\left(1 \cdot 0.25\right)^{10}" in screen.latex
    assert r"&= 9.537 \times 10^{-7}" in screen.latex  # 0.25^10


def test_the_chains_own_controls(app):
    screen = opened(app, depth="4").set("activations_vanish_w", -1.5)
    check_chain(screen, slope_chain(Sigmoid(), 4, -1.5))
    screen.set("activations_vanish_x", 2.0)
    check_chain(screen, slope_chain(Sigmoid(), 4, -1.5, 2.0))
    screen.set("activations_vanish_chain", "tanh")
    check_chain(screen, slope_chain(activation("tanh"), 4, -1.5, 2.0))
    screen.set("activations_vanish_digits", 9)
    check_chain(screen, slope_chain(activation("tanh"), 4, -1.5, 2.0), 9)
    assert r"\prod_{l=1}^{4} w\, f'(z_l)" in screen.latex


def test_the_last_unit_stays_a_sigmoid(app):
    screen = opened(app, chain="relu").set("activations_vanish_last", True)
    chain = slope_chain(activation("relu"), 20, last=Sigmoid())
    check_chain(screen, chain)
    assert chain.products[0] > 0.2
    assert r"\left(|w| \max f'\right)^{19} \cdot |w| \max \sigma'" in screen.latex


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_few_factors_are_all_written(app, depth):
    screen = opened(app, depth=str(depth), width="16")
    factors = [tex(factor) for factor in slope_chain(Sigmoid(), depth).factors]
    written = r" \cdot ".join(factors if depth <= 3 else [*factors[:2], r"\ldots", factors[-1]])
    assert rf"&= {written} \\" in screen.latex


def test_long_factors_stand_under_each_other(app):
    screen = opened(app, depth="3", width="16", digits="12")
    first, second, third = (tex(factor, 12) for factor in slope_chain(Sigmoid(), 3).factors)
    assert rf"&= {first} \\ &\quad \cdot {second} \\ &\quad \cdot {third} \\" in screen.latex


# ------------------------------------------------------------------ challenge, take-away, words


def test_the_challenge(app):
    screen = opened(app)
    answer = layers_until(0.25, 1e-9)
    assert answer == 15
    screen.at.number_input(key="activations_vanish_challenge_guess").set_value(14)
    assert screen.run().at.success == []
    assert "Five factors of 1/4" in screen.words
    screen.at.number_input(key="activations_vanish_challenge_guess").set_value(answer)
    assert "15" in screen.run().at.success[0].value


@pytest.mark.parametrize(
    "query",
    [
        {"depth": "6", "width": "16"},
        {"depth": "5", "width": "16", "size": "dW", "band": "all", "functions": "gelu.leaky_relu.elu"},
        {"preset": "fifty", "width": "16", "last": "1", "chain": "relu"},
        {"functions": "relu", "scheme": "own", "sigma": "1e6", "depth": "50", "width": "16"},
        {"functions": "softplus", "scheme": "pytorch_linear", "depth": "3", "width": "16", "chain": "gelu", "w": "-2"},
    ],
)
def test_the_script_prints_the_screens_numbers(app, query):
    screen = opened(app, **query)
    printed = [line.split() for line in screen.printed()]
    data, shown = plotted(screen)["series"], {}
    by_label = {label: name for name, label in names.ACTIVATIONS.items()}
    for row in data.itertuples():
        shown[by_label[row.series], str(row.x)] = [row.y, row.low, row.high]
    found = {(name, layer): rest for name, word, layer, *rest in printed if word == "layer"}
    assert set(shown) <= set(found)
    for at, numbers in shown.items():
        np.testing.assert_allclose([float(text) for text in found[at]], numbers, rtol=1e-7)
    chain = [[float(text) for text in line[2:]] for line in printed if line[0] == "chain"]
    printed_rows = [[str(n), *map(plain, line)] for n, line in enumerate(chain, 1)]
    table = screen.at.table[1].value.astype(str).to_numpy().tolist()
    assert len(printed_rows) == int(table[0][0])
    assert [row for row in table if row[0] != "⋮" and row not in printed_rows] == []


def test_what_the_notes_say_is_told(app):
    words = opened(app).words
    assert "‘We used the wrong type of non-linearity’, says note 000." in words
    assert "the last unit of a binary classifier stays a sigmoid" in words


def test_korean(app):
    english, korean = opened(app, depth="5"), opened(app, "ko", depth="5")
    assert korean.latex == english.latex
    assert korean.table.to_numpy().tolist() == english.table.to_numpy().tolist()
    assert "신경망 11개의 중앙값" in korean.words


@pytest.mark.parametrize("value", ["51", "0", "20.5", "-3"])
def test_a_depth_that_is_none_is_told(app, value):
    screen = opened(app, depth=value)
    assert [toast for toast in screen.toasts if "activations_vanish_depth" in toast]
    check(screen, ("sigmoid", "tanh", "relu"), XAVIER, 20)


def test_the_spec_does_not_depend_on_the_numbers(app):
    screen = opened(app, width="16", depth="4")
    before = json.loads(screen.picture[0])
    screen.set("activations_vanish_depth", 9).set("activations_vanish_scheme", "he_normal")
    assert json.loads(screen.picture[0]) == before
