"""The section on the gradient through a batch: steps, check and Jacobian on screen are the engine's."""

import numpy as np
import pyarrow as pa
import pytest

from engine.batch_norm_gradient import BackwardConfig, backward, move
from pages.sections.regularization.backward_setup import PRESETS, X
from pages.shared.numbers import plain, tex

KEY = "regularization_backward_"


@pytest.fixture
def opened(app):
    """opened(language, preset="equal", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {KEY + name: text for name, text in parameters.items()}
        return app("regularization", language, regularization_section="backward", **query)

    return by_link


def drawn(screen, picture: int = 0) -> dict:
    sets = screen.at.get("vega_lite_chart")[picture].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


def column(values) -> list[str]:
    return [plain(float(value)) for value in values]


def check(screen, config: BackwardConfig) -> None:
    """Table, formulas, picture and verdict are those of this gradient."""
    s = backward(config)
    columns = (s.direct, s.through_var, s.through_mean, s.dx, s.numeric)
    assert screen.table.iloc[:, 1:].to_numpy().T.tolist() == [column(values) for values in columns]
    for value in (s.dbeta, s.dgamma, s.moment, s.dmean):
        assert f"&= {tex(value)} " in screen.latex
    assert f"= {tex(s.dvar)} " in screen.latex
    for i, (dx_hat, total) in enumerate(zip(s.dx_hat, s.dx, strict=True), 1):
        assert f" = {tex(dx_hat)} " in screen.latex[screen.latex.index(rf"d\hat x_{i} &=") :]
        in_a_line = screen.latex.replace(r" \\[6pt] &= ", " = ")
        assert f" = {tex(total)} " in in_a_line[in_a_line.rindex(f"dx_{i} &= {tex(s.direct[i - 1])}") :]
    assert f"dx against the check: {plain(s.error(s.dx), 2)}]" in screen.words
    assert f"naive against the check: {plain(s.error(s.naive), 2)}]" in screen.words
    parts = drawn(screen)["parts"]
    assert parts["value"].tolist() == [value for values in columns for value in values.tolist()]
    assert f"Σ dx = **{plain(s.total, 2)}**" in screen.words
    assert f"Σ dx x̂ = **{plain(s.along_x_hat, 2)}**" in screen.words


@pytest.mark.parametrize("code", PRESETS)
def test_every_preset(opened, code):
    config = BackwardConfig(X, PRESETS[code].dy)
    screen = opened(preset=code)
    check(screen, config)
    printed = [line.split() for line in screen.printed()]
    rows = printed[
        printed.index(["sample", "x", "dy", "direct", "through_var", "through_mean", "dx", "numeric"]) + 1 :
    ][:5]
    shown = screen.table.iloc[:, 1:5].to_numpy().tolist()
    assert [[plain(float(value)) for value in row[3:7]] for row in rows] == shown
    noise = 1e-9
    assert [float(row[7]) for row in rows] == pytest.approx(backward(config).numeric.tolist(), abs=noise)
    for name in ("dbeta", "dgamma", "dvar", "dmean"):
        (line,) = [line for line in printed if line[0] == name]
        assert float(line[1]) == pytest.approx(getattr(backward(config), name), abs=1e-14)


def test_one_sample_with_a_gradient_in_formulas(opened):
    latex = opened().latex
    assert r"dx_1 &= 0.5 - 0.225 - 0.1 = 0.175" in latex
    assert r"dx_5 &= 0 + 0.225 - 0.1 = 0.125" in latex
    assert r"S &= \sum_i d\hat x_i\, (x_i - \mu_B)" in latex
    assert r"-\frac{-3}{2 \cdot 2^3} = 0.1875" in latex


def test_moved_widgets_change_the_numbers(opened):
    screen = opened(preset="mixed")
    dy = PRESETS["mixed"].dy
    screen.set(KEY + "gamma", -1.5)
    check(screen, BackwardConfig(X, dy, -1.5))
    screen.set(KEY + "epsilon", 0.1)
    check(screen, BackwardConfig(X, dy, -1.5, 0.1))
    screen.set(KEY + "h", 0.5)
    check(screen, BackwardConfig(X, dy, -1.5, 0.1, 0.5))
    assert screen.link[KEY + "h"] == "0.5"
    table = opened(table="1_0.5_2_-1_3_0_-4_2_5.5_1")
    check(table, BackwardConfig((1.0, 2.0, 3.0, -4.0, 5.5), (0.5, -1.0, 0.0, 2.0, 1.0)))


def test_a_constant_batch_still_has_numbers(opened):
    screen = opened(table="7_1_7_0_7_0_7_0_7_0")
    check(screen, BackwardConfig((7.0,) * 5, (1.0, 0.0, 0.0, 0.0, 0.0)))


# the Jacobian


def cells(screen, picture: int) -> list[float]:
    return drawn(screen, picture)["cells"]["value"].tolist()


def test_the_jacobian_in_both_modes_and_a_moved_input(opened):
    screen = opened(view="jacobian")
    for sample, delta, gamma in (("4", 1.0, 1.0), ("0", -2.5, 1.5)):
        screen.set(KEY + "moved", sample).set(KEY + "delta", delta).set(KEY + "gamma", gamma)
        config = BackwardConfig(X, PRESETS["one"].dy, gamma)
        s, moved = backward(config), move(config, int(sample), delta)
        assert cells(screen, 0) == s.jacobian.ravel().tolist()
        assert cells(screen, 1) == s.frozen_jacobian.ravel().tolist()
        shown = screen.table.iloc[:, 1:].to_numpy().T.tolist()
        assert shown == [column(v) for v in (moved.before, moved.after, moved.change, moved.predicted)]
        j = int(sample)
        assert f"&= {tex(s.jacobian[j, j])} " in screen.latex
        assert f"&= {tex(s.jacobian[0 if j else 1, j])} " in screen.latex
        points = drawn(screen, 2)["points"]
        assert [detail.split(": ")[1] for detail in points["detail"]] == shown[0] + shown[1]
        assert points["role"].eq("highlight").tolist() == [i == j for i in range(5)] * 2
        printed = [line.split() for line in screen.printed()]
        rows = [[plain(float(value)) for value in line[1:]] for line in printed[-5:]]
        assert rows == screen.table.iloc[:, 1:].to_numpy().tolist()
        assert [float(value) for line in printed[1:6] for value in line] == pytest.approx(cells(screen, 0), abs=1e-15)
    assert f"(largest: {plain(s.largest_row_sum, 2)})" in screen.words


def test_larger_weights_before(opened):
    screen = opened(view="jacobian", preset="mixed")
    config = BackwardConfig(X, PRESETS["mixed"].dy)
    for c in (2.0, 0.5):
        screen.set(KEY + "factor", c)
        scaled = backward(config.scaled(c))
        assert rf"dx_1 &= {tex(scaled.dx[0])} \quad (c = {tex(c)})" in screen.latex
        assert rf"y_1 &= {tex(scaled.y[0])} \quad (c = {tex(c)})" in screen.latex


# words


def test_the_mistake(opened):
    screen = opened()
    assert "so dx₁ = 0.5." in screen.words
    assert "give dx₁ = 0.175, and dx₂ = −0.175." in screen.words
    screen.set(KEY + "guess", "5")
    assert "Line 5 holds." in screen.words
    screen.set(KEY + "guess", "3")
    assert "through σ² comes −0.225, through μ −0.1, and together that is 0.175." in screen.words


def test_the_challenge(opened):
    screen = opened()
    for wrong in (1, 0.5):
        screen.set(KEY + "challenge_guess", wrong)
        assert "What is x̂ of two samples" in screen.words
    screen.set(KEY + "challenge_guess", 0)
    assert "Two samples always become −1 and +1" in screen.words


@pytest.mark.parametrize("parameters", [{"table": "1_2"}, {"gamma": "nan"}, {"h": "2"}, {"view": "both"}])
def test_what_a_link_cannot_mean_is_told(opened, parameters):
    screen = opened(**parameters)
    assert [KEY + next(iter(parameters)) in toast for toast in screen.toasts] == [True]
    check(screen, BackwardConfig(X, PRESETS["one"].dy))


def test_korean(opened):
    korean, english = opened("ko", view="jacobian"), opened(view="jacobian")
    assert "모든 출력이 모든 입력을 따릅니다" in korean.words
    assert korean.latex == english.latex
    assert korean.table.iloc[:, 1:].to_numpy().tolist() == english.table.iloc[:, 1:].to_numpy().tolist()


@pytest.mark.parametrize(
    ("gamma", "table", "said"),
    [
        ("1", "", "For ε > 0 the rank of J is n − 1; in the limit ε → 0 the stretch is lost as well, and it is n − 2."),
        ("0", "", "With γ = 0 all outputs are β: J is 0."),
        ("2", "7_1_7_0_7_0_7_0_7_0", "All x are equal, so there is no x̂ to stretch along: the rank of J is n − 1."),
    ],
)
def test_what_is_lost_is_told_of_this_batch(opened, gamma, table, said):
    values = tuple(float(value) for value in table.split("_")[::2]) if table else X
    steps = backward(BackwardConfig(values, PRESETS["one"].dy, float(gamma), 0.5))
    assert np.linalg.matrix_rank(steps.jacobian) == (4 if float(gamma) else 0)
    screen = opened(view="jacobian", gamma=gamma, epsilon="0.5", **({"table": table} if table else {}))
    assert said in screen.words
    assert f"ε / (σ² + ε) = {plain(steps.stretch_kept, 2)} gets through" in screen.words
    along = steps.jacobian @ steps.x_hat
    np.testing.assert_allclose(along, steps.slope * steps.stretch_kept * steps.x_hat, atol=1e-14)


def test_the_epsilon_that_keeps_the_stretch_is_told(opened):
    screen = opened(preset="along", epsilon="1")
    steps = backward(BackwardConfig(X, PRESETS["along"].dy, 1.0, 1.0))
    assert abs(steps.along_x_hat) > 0.1
    assert f"Σ dx x̂ = **{plain(steps.along_x_hat, 2)}**" in screen.words
    assert "as far as σ² is large against ε (here σ² = 4, ε = 1)" in screen.words


def test_two_samples_still_teach_what_stands_behind_them(opened):
    steps = backward(BackwardConfig((1.0, 3.0), (1.0, 0.0)))
    assert steps.dgamma != 0
    assert steps.dbeta != 0
    screen = opened()
    screen.set(KEY + "challenge_guess", 0)
    assert "no gradient reaches the layers before batch normalization; γ, β and the layers behind it" in screen.words
