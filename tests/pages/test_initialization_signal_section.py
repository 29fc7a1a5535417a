"""The signal through the depth: every number on screen is the engine's, for every preset and after every move."""

from collections import OrderedDict

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from engine.activations import ReLU, activation
from engine.initializers import VarianceScaling, initializer
from engine.mean_field import mean_field
from engine.seed_bands import over_seeds
from engine.signal import SignalConfig, study
from engine.signal_reading import (
    activation_histograms,
    gradient_histograms,
    layer_theory,
    shown_layers,
    shown_range,
    verdict,
)
from pages.sections.initialization.signal_picture import share
from pages.sections.initialization.signal_setup import N_SAMPLES, N_SEEDS, OTHERS, OWN, PRESETS, SAME, SIGMAS, WIDTH
from pages.shared import budget, cached_signal
from pages.shared.numbers import plain, tex

TITLES = SAME | OTHERS
DEFAULT = PRESETS["tanh"]


def opened(app, language="en", **query):
    query = {f"initialization_signal_{name}": str(value) for name, value in query.items()}
    return app("initialization", language, initialization_section="signal", **query)


def put(screen, **values):
    for name, value in values.items():
        screen.set(f"initialization_signal_{name}", value)
    return screen


def scheme_of(code, sigma=0.05):
    if code in SIGMAS or code == OWN:
        return initializer("normal", sigma=SIGMAS.get(code, sigma))
    return initializer(code)


def label(code, sigma=0.05):
    return f"σ = {sigma:g}" if code == OWN else TITLES[code]


def studies(
    kind, schemes, depth, width, n_samples=N_SAMPLES, n_seeds=N_SEEDS, reach=3.0, decades=(-12.0, 4.0), sigma=0.05
):
    """Label -> (config, result)."""
    f = activation(kind)
    configs = {
        label(code, sigma): SignalConfig(
            *(depth, width, n_samples, f, scheme_of(code, sigma), tuple(range(n_seeds))),
            histogram_range=shown_range(f, reach),
            gradient_range=decades,
        )
        for code in TITLES
        if code in schemes
    }
    return {name: (config, study(config)) for name, config in configs.items()}


def frames(screen, place):
    proto = screen.at.get("vega_lite_chart")[place].proto
    return {one.name: pa.RecordBatchStreamReader(one.data.data).read_pandas() for one in proto.datasets}


def check(screen, found, read=activation_histograms):
    """Ridges, curves, the table and the verdicts."""
    assert len(screen.picture) == len(found) + 6
    rows = []
    for place, (name, (config, result)) in enumerate(found.items()):
        layers = shown_layers(config.depth, 8)
        histograms = read(config, result, layers)
        words = set(frames(screen, place)["words"]["text"])
        assert {str(layer + 1) for layer in layers} <= words
        assert {f"0: {share(float(x))}" for x in histograms.zero if x > 0} <= words
        assert {f"{share(float(x))} ▸" for x in histograms.above if x > 0} <= words
        assert {f"◂ {share(float(x))}" for x in histograms.below if x > 0} <= words
        shapes = frames(screen, place)["shapes"]
        np.testing.assert_array_equal(shapes["x"].unique(), histograms.edges)
        theory = layer_theory(result.predicted, config.initializer, config.width, config.depth - 1)
        std, dz_std = over_seeds(result.std).median, over_seeds(result.dz_std).median
        last = [share(float(over_seeds(figure[:, -1]).median)) for figure in (result.saturated, result.dead)]
        numbers = [theory.sigma_w2, std[0], std[-1], dz_std[0], dz_std[-1], theory.chi]
        rows.append([name, *(plain(float(x)) for x in numbers), *last])
        judged = verdict(result)
        (line,) = [line for line in screen.words.splitlines() if line.startswith(f"- **{name}**")]
        assert f"(×{plain(judged.signal_factor)}; ×{plain(judged.signal_a_layer)} a layer)" in line
        assert f"(×{plain(judged.gradient_factor)}; ×{plain(judged.gradient_a_layer)} a layer)" in line
    assert screen.table.to_numpy().tolist() == rows
    for place, name in enumerate(("mean", "std", "dz_std", "sample_std", "saturated", "dead"), start=len(found)):
        curves = frames(screen, place)
        for scheme, (_config, result) in found.items():
            own = curves["series"][curves["series"]["series"] == scheme]
            median = over_seeds(getattr(result, name)).median
            shown = median if name in ("mean", "saturated", "dead") else median[median > 0]
            np.testing.assert_array_equal(own["y"], shown)
        assert ("expected" in curves) == (name in ("mean", "std", "dz_std"))
        if "expected" in curves:
            dashed = curves["expected"].groupby("series")["y"]
            for scheme, (_config, result) in found.items():
                np.testing.assert_array_equal(dashed.get_group(scheme), getattr(result.predicted, name))


@pytest.mark.parametrize("code", PRESETS)
def test_a_preset_shows_the_engines_numbers(app, code):
    preset = PRESETS[code]
    screen = opened(app, preset=code)
    check(screen, studies(preset.activation, preset.schemes, preset.depth, preset.width))
    assert screen.toasts == []
    assert not [button for button in screen.at.button if button.key == "initialization_signal_run"]


def test_one_control_after_another(app):
    screen = put(opened(app), schemes=["he_normal", OWN], activation="relu", depth=5, width=40)
    check(screen, studies("relu", ("he_normal", OWN), 5, 40))
    put(screen, sigma=0.2, samples="10", seeds="10", reach=0.5, low=-1.0, high=0.5)
    found = studies("relu", ("he_normal", OWN), 5, 40, 10, 10, 0.5, (-1.0, 0.5), 0.2)
    check(screen, found)
    check(put(screen, way="backward"), found, gradient_histograms)
    assert screen.link["initialization_signal_sigma"] == "0.2"


def test_both_rules_called_xavier_are_one_number_here(app):
    """Notes 000 and 004: 1/fan_in and 2/(fan_in + fan_out) meet where all layers are equally wide."""
    table = opened(app, preset="twice").table.set_index("Initialization")
    assert table.loc["LeCun"].tolist() == table.loc["Xavier"].tolist()
    assert table.loc["Xavier", "σ_w² = n Var(w)"] == "1"


def test_he_makes_up_for_what_relu_cuts_off(app):
    screen = opened(app, preset="000")
    table = screen.table.set_index("Initialization")
    assert table["χ, theory"].to_dict() == {"N(0, 1)": "50", "LeCun": "0.5", "He": "1"}
    assert "**N(0, 1)**: the signal explodes" in screen.words


def test_saturation_is_told(app):
    (line,) = [line for line in opened(app).words.splitlines() if line.startswith("- **N(0, 1)**")]
    assert line.endswith("; 82% of the last layer's outputs are saturated.")


def test_what_the_spread_cannot_see_is_told_where_it_happens(app):
    screen = opened(app)
    config, result = studies(DEFAULT.activation, DEFAULT.schemes, 10, 100)["N(0, 1)"]
    chi = layer_theory(result.predicted, config.initializer, 100, 9).chi
    assert (
        f"**N(0, 1):** the spread measures size only. In theory each layer multiplies the squared distance of two "
        f"nearly equal inputs by χ = {plain(chi, 3)}:" in screen.words
    )
    assert screen.words.count("the spread measures size only") == 1
    assert "the spread measures size only" not in put(screen, preset="relu").words


# ------------------------------------------------------------------ what the words say of these networks


def test_what_the_notice_says_of_tanh():
    tanh = activation("tanh")
    xavier, he = (mean_field(tanh, initializer(name), 50, 100) for name in ("xavier_normal", "he_normal"))
    slowly = [xavier.std[layer - 1] * layer**0.5 for layer in (5, 10, 25, 50)]
    assert max(slowly) < 1.02 * min(slowly)  # like 1/√layer
    he_10, he_50 = (
        verdict(study(SignalConfig(depth, 100, N_SAMPLES, tanh, initializer("he_normal"), tuple(range(N_SEEDS)))))
        for depth in (10, 50)
    )
    assert (he_10.signal, he_10.gradient, he_50.gradient) == ("keeps", "keeps", "grows")
    assert he.chi[-1] > 1


def test_relus_outputs_become_alike_and_keep_their_size():
    config = SignalConfig(20, WIDTH, N_SAMPLES, ReLU(), initializer("he_normal"), tuple(range(N_SEEDS)))
    result = study(config)
    size = over_seeds(result.mean**2 + result.std**2).median
    assert verdict(result).signal == "shrinks"
    assert size[-1] > 0.5 * size[0]


def test_what_the_words_say_of_sigmoids():
    config = SignalConfig(20, 100, N_SAMPLES, activation("sigmoid"), scheme_of("normal"), tuple(range(N_SEEDS)))
    found = verdict(study(config))
    assert found.gradient_factor > 0.5
    assert found.signal_factor < 0.2
    assert found.saturated == pytest.approx(0.5, abs=0.05)


def test_the_remark_of_fifty_layers(app):
    screen = opened(app, preset="deep")
    assert "The medians hardly differ. Look at the bands" in screen.words
    preset = PRESETS["deep"]
    found = studies(preset.activation, preset.schemes, preset.depth, preset.width)
    bands = [over_seeds(result.std[:, -1]) for _config, result in found.values()]
    normal, orthogonal = sorted(bands, key=lambda band: band.low - band.high)
    assert normal.high - normal.low > 5 * (orthogonal.high - orthogonal.low)
    assert found["LeCun"][1].std.mean() == pytest.approx(found["Orthogonal"][1].std.mean(), rel=0.1)


# ------------------------------------------------------------------ the recursion


def check_recursion(screen, name, layer, digits=4):
    config, result = studies(DEFAULT.activation, DEFAULT.schemes, 10, 100)[name]
    theory = layer_theory(result.predicted, config.initializer, 100, layer - 1)
    for value in (theory.sigma_w2, theory.q, theory.chi):
        assert f"= {tex(value, digits)} " in screen.latex
    assert f"q_{{{layer}}} &=" in screen.latex
    measured = over_seeds(result.z_std[:, layer - 1]).median
    assert f"standard deviation of z {plain(float(measured), digits)}, in theory" in screen.words


def test_the_recursion_of_any_layer_of_any_scheme(app):
    screen = opened(app)
    check_recursion(screen, "Xavier", 2)
    check_recursion(put(screen, layer=7), "Xavier", 7)
    check_recursion(put(screen, chosen="0", digits=7), "N(0, 1)", 7, 7)
    check_recursion(put(screen, layer=10), "N(0, 1)", 10, 7)
    assert r"\mathbb{E}[\delta_{10}^2] &= 1 \cdot" in screen.latex
    check_recursion(put(screen, layer=1), "N(0, 1)", 1, 7)
    assert r"\overline{x^2}" in screen.latex


def test_fewer_layers_than_the_one_that_was_chosen(app):
    screen = put(opened(app, layer=9), depth=4)
    assert screen.value("initialization_signal_layer") == 2


# ------------------------------------------------------------------ overflow, refusals, the budget


def test_overflow_is_explained_and_drawn_up_to_where_it_happens(app):
    screen = opened(app, activation="relu", schemes=f"{OWN}.he_normal", sigma=1e6, depth=50, width=64)
    found = studies("relu", (OWN, "he_normal"), 50, 64, sigma=1e6)
    diverged = found["σ = 1e+06"][1].diverged_at
    first = int(diverged.min())
    assert screen.at.warning[0].value.startswith(
        f"σ = 1e+06: in 3 of 3 networks a number grows beyond float64, first in layer {first + 1}."
    )
    assert "- **σ = 1e+06**: the signal leaves float64, the gradient leaves float64." in screen.words
    curve = frames(screen, 3)["series"]
    assert curve[curve["series"] == "σ = 1e+06"]["x"].max() <= int(np.sort(diverged)[1])
    assert screen.table.loc[1].tolist()[3:6] == ["–"] * 3


def test_a_range_that_is_none_is_refused_in_a_sentence(app):
    screen = opened(app, low=2, high=-3)
    assert len(screen.at.error) == 1
    assert screen.picture == []
    assert screen.has("initialization_signal_challenge_guess")


def test_what_takes_long_is_asked_for_and_done_a_network_at_a_time(app, monkeypatch):
    monkeypatch.setattr(cached_signal.studied, "_kept", OrderedDict())
    monkeypatch.setattr(budget, "FREE", budget.Cost(1e6, 100.0))
    screen = opened(app, depth=4, width=16, samples=10, seeds=3)
    assert screen.picture == []
    assert "**N(0, 1), N(0, 0.01²), Xavier, He:**" in screen.words
    screen.click("initialization_signal_run")
    assert len(cached_signal.studied._kept) == 12
    check(screen, studies(DEFAULT.activation, DEFAULT.schemes, 4, 16, 10, 3))


def test_the_largest_setting_is_offered_and_more_is_refused(app):
    screen = opened(app, depth=50, width=512, samples=1000, seeds=1)
    assert screen.button("initialization_signal_run").label == "Compute now"
    put(screen, seeds="5")
    assert not [button for button in screen.at.button if button.key == "initialization_signal_run"]
    assert "the most that this screen computes" in screen.words


# ------------------------------------------------------------------ mistake, challenge, take-away, languages


def test_the_mistake(app):
    screen = opened(app)
    slip = mean_field(ReLU(), VarianceScaling(1.0), 1, 100).std[0] ** 2
    assert f"Var(w) = {plain(1 / slip)}/n" in screen.words
    assert plain(1 / slip) == "2.934"
    put(screen, mistake="2")
    chi = mean_field(ReLU(), VarianceScaling(1 / slip), 20, 100)
    assert f"multiplies the variance by {plain(chi.chi[0])}, and 19 layers" in screen.at.success[0].value
    assert plain(chi.std[-1] / chi.std[0]) in screen.at.success[0].value
    put(screen, mistake="4")
    assert screen.at.success == []


@pytest.mark.parametrize(("guess", "right"), [(0.41, True), (0.4082, True), (0.17, False), (0.58, False)])
def test_the_challenge(app, guess, right):
    screen = opened(app, depth=2, width=16)
    screen.at.number_input(key="initialization_signal_challenge_guess").set_value(guess)
    screen.run()
    assert bool(screen.at.success) == right
    if right:
        assert "0.4082" in screen.at.success[0].value


def test_the_script_prints_the_screens_numbers(app):
    screen = opened(app, preset="relu", depth=5, way="backward", reach=0.5, low=-1, high=0)
    printed = [line.split(" | ") for line in screen.printed()[1:]]
    for place, name in enumerate(("Xavier", "He")):
        own = [line for line in printed if line[0] == name]
        assert len(own) == 5 * 2 + 5
        first, last = (own[row][2].split(": ")[1].split() for row in (0, 8))
        row = screen.table.loc[place]
        assert [plain(float(first[1])), plain(float(last[1]))] == row.iloc[2:4].tolist()
        assert [plain(float(first[5])), plain(float(last[5]))] == row.iloc[4:6].tolist()
        assert [share(float(last[4])), share(float(last[3]))] == row.iloc[7:9].tolist()
        words = set(frames(screen, place)["words"]["text"])
        for line in own[10:]:
            below, above, zero = (float(x) / 100 for x in line[2].split("0: ")[1].split()[3:])
            assert {f"◂ {share(below)}", f"{share(above)} ▸", f"0: {share(zero)}"} <= words


def test_korean(app):
    screen = opened(app, "ko", preset="sigmoid")
    assert "어떤 가중치라야" in screen.words
    assert "신호가 사라집니다(×" in screen.words
    assert isinstance(screen.table, pd.DataFrame)
    assert screen.table.iloc[:, 0].tolist() == ["N(0, 1)", "Xavier", "He"]
