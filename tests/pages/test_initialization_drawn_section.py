"""The drawn weights: every figure on screen is the engine's, for every example and every scheme."""

import pyarrow as pa
import pytest

from engine.drawn_weights import MANY, DrawConfig, draw, effect, half_width, size, two_rules
from engine.initializers import initializer
from pages.sections.initialization import drawn_setup
from pages.sections.initialization.drawn_rules import bracket_slip
from pages.sections.initialization.drawn_setup import KEY, PRESETS, SCHEMES
from pages.shared.numbers import plain, tex


@pytest.fixture
def opened(app):
    """opened(language, fan_in=…, …): the section with these parameters."""

    def by_link(language: str = "en", **parameters):
        query = {f"{KEY}_{name}": str(value) for name, value in parameters.items()}
        return app("initialization", language, initialization_section="drawn", **query)

    return by_link


def layers(codes, fan_in, fan_out, seed=1, bins=61, reach=4.0, own=({}, {})):
    """What the engine draws for A and B."""
    schemes = [initializer(code, **more) for code, more in zip(codes, own, strict=True)]
    half = half_width(schemes, fan_in, fan_out, reach)
    return [DrawConfig(scheme, fan_in, fan_out, seed, stream, half, bins) for stream, scheme in enumerate(schemes)]


def check(screen, configs):
    """Table, formulas and pictures."""
    table = screen.table
    cells = {row[0]: row[1:] for row in table.to_numpy().tolist()}
    for place, config in enumerate(configs):
        found, of = draw(config), (config.fan_in, config.fan_out)
        done = effect(size(config.initializer, *of), *of)
        expected = {
            "σ in theory": plain(found.theory),
            "s of the drawn weights": plain(found.std),
            "s − σ": plain(found.std - found.theory),
            "typical distance, SE": plain(found.std_error) if found.std_error else "–",
            "limit r": "–" if found.limit is None else plain(found.limit),
            "smallest drawn": plain(found.smallest),
            "largest drawn": plain(found.largest),
            "outside the picture": f"{found.below + found.above:,}",
            "n_in · E[w²], signal": plain(done.forward),
            "n_out · E[w²], gradient": plain(done.backward),
            "standard deviation of z": plain(done.z_std),
            "share of saturated sigmoids": plain(done.saturated) if config.fan_in >= MANY else "–",
        }
        assert {label: values[place] for label, values in cells.items()} == expected
        assert rf"s_{'AB'[place]} &= {tex(found.std)}" in screen.latex
        shown = drawn(screen, place)["bars"]
        assert shown["count"].sum() == (0 if found.point_masses else found.counts.sum())
    ratio = two_rules(configs[0].fan_in, (configs[0].fan_out,))
    assert tex(float(ratio.by_fan_in[0] / ratio.by_average[0])) in screen.latex


def drawn(screen, picture: int) -> dict:
    """The named data of a picture as the browser gets them."""
    sets = screen.at.get("vega_lite_chart")[picture].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


@pytest.mark.parametrize("code", PRESETS)
def test_every_example(opened, code):
    preset = PRESETS[code]
    codes = preset.first, preset.second
    own = [{"value": 0.5} if scheme == "constant" else {} for scheme in codes]
    check(opened(preset=code), layers(codes, preset.fan_in, preset.fan_out, own=own))


@pytest.mark.parametrize("code", SCHEMES)
def test_every_scheme(opened, code):
    own = {"value": 0.5} if code == "constant" else {}
    check(
        opened(preset="xavier", a=code, fan_in=20, fan_out=30), layers((code, "xavier_normal"), 20, 30, own=(own, {}))
    )


def test_a_moved_widget_moves_every_number(opened):
    screen = opened(preset="xavier")
    screen.set(f"{KEY}_fan_out", 1000)
    check(screen, layers(("lecun_normal", "xavier_normal"), 784, 1000))
    screen.set(f"{KEY}_seed", 5)
    screen.set(f"{KEY}_bins", 21)
    screen.set(f"{KEY}_reach", 2.0)
    check(screen, layers(("lecun_normal", "xavier_normal"), 784, 1000, seed=5, bins=21, reach=2.0))
    outside = drawn(screen, 0)["outside"]["text"].tolist()
    found = draw(layers(("lecun_normal", "xavier_normal"), 784, 1000, seed=5, bins=21, reach=2.0)[0])
    assert outside == [f"◀ {found.below:,}", f"{found.above:,} ▶"]
    screen.set(f"{KEY}_a_gain", 1.5)
    check(screen, layers(("lecun_normal", "xavier_normal"), 784, 1000, 5, 21, 2.0, own=({"gain": 1.5}, {})))


def test_own_numbers_of_the_fixed_schemes(opened):
    screen = opened(preset="xavier", a="normal", a_normal=0.02, b="uniform", b_uniform=0.3)
    check(screen, layers(("normal", "uniform"), 784, 512, own=({"sigma": 0.02}, {"bound": 0.3})))


def test_the_notes_figures_are_on_screen(opened):
    screen = opened(preset="stupid")
    assert screen.table.iloc[10].tolist() == ["standard deviation of z", "28", "1"]  # 000's N(0, 1) with 784 inputs
    assert float(screen.table.iloc[11, 1]) > 0.8
    screen = opened(preset="note")
    assert r"\sqrt{\frac{2}{785 + 512}}" in screen.latex
    assert r"&= 0.03927" in screen.latex
    assert r"\sqrt{\frac{6}{785 + 512}} \\[6pt] &= 0.06802" in screen.latex


def test_the_two_rules_agree_where_fans_do(opened):
    assert "both rules are the same number" in opened(preset="square").words
    assert "2.915 times as large as" in opened(preset="wide").words  # sqrt(1088 / 128)
    assert "only 0.9091 times" in opened().words


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_slip_is_found(opened, language):
    screen = opened(language)
    screen.set(f"{KEY}_mistake", "4")
    assert "22.63" not in screen.words
    screen.set(f"{KEY}_mistake", str(bracket_slip().wrong + 1))
    for figure in ("22.63", "0.03927", "0.03928", "634", "1.1", "99.5%"):
        assert figure in screen.words


def test_the_challenge(opened):
    screen = opened().set(f"{KEY}_challenge_guess", 200.0)
    assert "four times the variance" in screen.words
    screen.set(f"{KEY}_challenge_guess", 700.0)
    assert "n_out = 7 n_in = 700" in screen.words


def test_the_script_prints_the_numbers_of_the_screen(opened):
    screen = opened(preset="pytorch", seed=9)
    printed = "\n".join(screen.printed())
    for place, config in enumerate(layers(("pytorch_linear", "xavier_uniform"), 784, 512, seed=9)):
        found = draw(config)
        assert f"{'AB'[place]} std in theory {found.theory!r} of the sample {found.std!r}" in printed
        assert plain(found.std) in screen.table.to_numpy().ravel().tolist()


def test_heights_that_differ_are_told(opened):
    assert "each has its own" in opened(preset="stupid").words
    alike = opened(preset="xavier").words
    assert "each has its own" not in alike
    assert "Arrow:" not in alike
    assert "Bars: what was drawn" in alike
    nothing_drawn = opened(preset="equal").words
    assert "where the density is infinite" in nothing_drawn
    assert "Bars: what was drawn" not in nothing_drawn


def test_the_first_screen_shows_sizes_that_differ_at_a_glance(opened):
    screen, (wide, narrow) = opened(), layers(("normal", "lecun_normal"), 784, 512)
    check(screen, (wide, narrow))
    assert draw(wide).std > 20 * draw(narrow).std


def test_saturation_is_left_out_where_z_is_not_normal(opened):
    row = "share of saturated sigmoids"
    for fan_in, shown in ((MANY - 1, False), (MANY, True)):
        screen = opened(preset="small", fan_in=fan_in)
        (cells,) = [cells[1:] for cells in screen.table.to_numpy().tolist() if cells[0] == row]
        assert (cells != ["–", "–"]) == shown
        assert f"left out below {MANY}" in screen.words
    assert r"\mathrm{SE} &\approx" in screen.latex


def test_a_default_draw_costs_what_is_free(opened):
    configs = layers(("normal", "lecun_normal"), 784, 512)
    assert sum(config.cost.operations for config in configs) < 0.1e9
    screen = opened(a="orthogonal", b="orthogonal", fan_in=1024, fan_out=1024)
    assert screen.has(f"{KEY}_mistake")
    assert screen.button(f"{KEY}_run").label == "Compute now"
    assert len(screen.at.get("vega_lite_chart")) == 1  # the two rules need no draw
    screen.click(f"{KEY}_run")
    assert len(screen.at.get("vega_lite_chart")) == 3


def test_names_of_both_languages(opened):
    assert set(drawn_setup.NAMES) == set(SCHEMES)
    assert "**A: LeCun 정규분포**" in opened("ko", preset="xavier").words
