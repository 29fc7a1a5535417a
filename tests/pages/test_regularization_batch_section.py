"""The section on one batch: what each view shows are the engine's numbers."""

import pandas as pd
import pyarrow as pa
import pytest

from engine.normalized_batch import Scaling, compare, evaluate, normalize, standardize_sets
from engine.stored_statistics import AlternatingBatches, DrawnBatches, running_statistics
from pages.sections.regularization.batch_setup import N_BATCHES, PRESETS, SECOND
from pages.shared.numbers import plain, tex

KEY = "regularization_batch_"
FIVE = PRESETS["five"].x
B = (*FIVE[:-1], 18.0)


@pytest.fixture
def opened(app):
    """opened(language, view="two", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {KEY + name: text for name, text in parameters.items()}
        return app("regularization", language, regularization_section="batch", **query)

    return by_link


def drawn(screen, picture: int = 0) -> dict:
    sets = screen.at.get("vega_lite_chart")[picture].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


def column(values) -> list[str]:
    return [plain(float(value)) for value in values]


def check_one(screen, x, scaling=None, bias=0.0) -> None:
    """Table, formulas and picture are those of this batch."""
    batch = normalize(x, scaling or Scaling(), bias)
    shown = screen.table
    for name, values in zip(
        shown.columns[1:], (batch.x, batch.centered, batch.squared, batch.x_hat, batch.y), strict=True
    ):
        assert shown[name].tolist() == column(values)
    assert f"&= {tex(batch.mean)} " in screen.latex
    assert f"&= {tex(batch.var)} " in screen.latex
    assert f"&= {tex(batch.root)} " in screen.latex
    for i, (x_hat, y) in enumerate(zip(batch.x_hat, batch.y, strict=True), 1):
        assert rf"\hat x_{i} &=" in screen.latex
        assert f"}} = {tex(x_hat)}" in screen.latex
        in_a_line = screen.latex.replace(r" \\[6pt] &= ", " = ")
        assert f" = {tex(y)} " in in_a_line[in_a_line.index(f"y_{i} &=") :]
    points = drawn(screen)["points"]
    assert points["label"].tolist() == [str(i + 1) for i in range(len(x))] * 4
    numbers = [value for values in (batch.x, batch.centered, batch.x_hat, batch.y) for value in column(values)]
    assert [detail.split(": ")[1] for detail in points["detail"]] == numbers


def check_script(screen, n: int, unseen: int = 0) -> None:
    """The last n lines of the script are the table, but for its first `unseen` numbers."""
    printed = [line.split() for line in screen.printed() if line[0].isdigit()]
    shown = screen.table.iloc[:, 1:].to_numpy().tolist()
    assert len(printed) == n
    assert [[plain(float(value)) for value in line[1 + unseen :]] for line in printed] == shown


# one batch


@pytest.mark.parametrize("code", PRESETS)
def test_every_preset(opened, code):
    preset = PRESETS[code]
    screen = opened(preset=code)
    check_one(screen, preset.x[: preset.n], Scaling(epsilon=preset.epsilon))
    check_script(screen, preset.n)
    warned = {
        "single": "One sample has no variance",
        "pair": "Two samples become +1 and −1",
        "constant": "The feature is constant in this batch",
        "nearly": "ε is not small beside σ²",
    }
    for other, words in warned.items():
        assert (words in screen.words) == (other == code)
    if code == "nearly":
        assert "without it x̂ would be −0.5, −0.5, −0.5, −0.5, 2." in screen.words
    assert "x̂ has mean 0 over the batch and the variance σ² / (σ² + ε)" in screen.words
    batch = normalize(preset.x[: preset.n], Scaling(epsilon=preset.epsilon))
    assert batch.x_hat.var() == pytest.approx(batch.var / (batch.var + preset.epsilon), abs=1e-12)
    assert ("\\frac{1}{0}" in screen.latex) == (code == "single")


def test_five_samples_in_formulas(opened):
    latex = opened().latex
    assert r"\tfrac{1}{5} (2 + 4 + 5 + 6 + 8)" in latex
    assert r"\tfrac{1}{5} (9 + 1 + 0 + 1 + 9)" in latex
    assert r"\frac{5}{4} \cdot 4 = 5" in latex
    assert r"\hat x_5 &= \frac{8 - 5}{2} = 1.5" in latex
    assert r"y_5 &= 1 \cdot 1.5 + 0 = 1.5" in latex


def test_moved_widgets_change_the_numbers(opened):
    screen = opened()
    screen.set(KEY + "gamma", 2.5).set(KEY + "beta", -0.5)
    check_one(screen, FIVE, Scaling(2.5, -0.5))
    screen.set(KEY + "epsilon", 0.5)
    check_one(screen, FIVE, Scaling(2.5, -0.5, 0.5))
    screen.set(KEY + "n", 3)
    check_one(screen, FIVE[:3], Scaling(2.5, -0.5, 0.5))
    assert screen.link[KEY + "gamma"] == "2.5"
    other = opened(x="1_0_2_0_3_0_-4_0_5.5_0")
    check_one(other, (1.0, 2.0, 3.0, -4.0, 5.5))


def test_the_button_gives_x_back(opened):
    screen = opened().click(KEY + "identity")
    batch = normalize(FIVE, Scaling())
    assert (screen.value(KEY + "gamma"), screen.value(KEY + "beta")) == (batch.root, batch.mean)
    assert screen.table["y"].tolist() == screen.table["x"].tolist()


def test_a_bias_before_is_pointless(opened):
    screen = opened(bias="3")
    check_one(screen, FIVE, bias=3.0)
    assert screen.table["y"].tolist() == opened().table["y"].tolist()
    assert r"x_i - \mu_B &= z_i - \mu_z" in screen.latex
    assert r"z_i - \mu_z" not in opened().latex


def test_the_other_feature_has_its_own_statistics(opened):
    screen = opened(feature="2")
    check_one(screen, SECOND)
    assert "The other, x₁, has the mean 5 and the variance 4" in screen.words
    assert "The other, x₂, has the mean 165 and the variance 100" in opened().words
    assert "Each line has a scale of its own." in screen.words


def test_one_scale_or_one_each(opened):
    screen = opened()
    ticks = drawn(screen)["ticks"].groupby("y")["text"].agg(list).tolist()
    assert all(line == ticks[0] for line in ticks)
    screen.set(KEY + "scale", False)
    ticks = drawn(screen)["ticks"].groupby("y")["text"].agg(list).tolist()
    assert ticks[0] != ticks[2]


# two batches


def test_note_004s_two_batches(opened):
    screen = opened(view="two")
    pair = compare(FIVE, B, Scaling())
    shown = screen.table.iloc[:, 1:].to_numpy().T.tolist()
    assert shown == [column(batch.y) for batch in (*pair.trained, *pair.evaluated)]
    (training_a, training_b), (evaluation_a, evaluation_b) = shown[:2], shown[2:]
    assert all(one != other for one, other in zip(training_a[:4], training_b[:4], strict=True))
    assert evaluation_a[:4] == evaluation_b[:4]
    for batch in (*pair.trained, *pair.evaluated):
        assert f"&= {tex(batch.y[3])} " in screen.latex
    assert "Batch A: mean 5, variance 4. Batch B: mean 7, variance 32." in screen.words
    joints = drawn(screen)["joints"]
    slanted = (joints["at"] - joints["at2"]).abs() > 1e-3
    assert slanted.tolist() == [True] * 4 + [False] * 4
    check_script(screen, 5, unseen=2)


def test_the_fifth_sample_moves_the_others(opened):
    screen = opened(view="two").set(KEY + "fifth1", -7.5)
    pair = compare(FIVE, (*FIVE[:-1], -7.5), Scaling())
    assert screen.table.iloc[:, 2].tolist() == column(pair.trained[1].y)
    assert screen.table.iloc[:, 4].tolist() == column(pair.evaluated[1].y)
    same = screen.set(KEY + "fifth1", 8.0).table  # A again
    assert same.iloc[:, 1].tolist() == same.iloc[:, 2].tolist()
    assert "slanted, unless both batches are equal or γ is 0" in screen.words
    joints = drawn(screen)["joints"]
    assert ((joints["at"] - joints["at2"]).abs() < 1e-9).all()


# what is stored


@pytest.mark.parametrize("source", ["turn", "drawn"])
def test_the_stored_statistics(opened, source):
    batches = {"turn": AlternatingBatches(FIVE, B, N_BATCHES), "drawn": DrawnBatches(5.0, 2.0, 5, N_BATCHES, 1)}
    screen = opened(view="running", source=source)
    run = running_statistics(batches[source], 0.1)
    assert "divided by n − 1, as PyTorch does" in screen.words
    assert ("A and B in turn are not drawn at random" in screen.words) == (source == "turn")
    for k in (3, 17, 0):
        screen.set(KEY + "k", k)
        x = run.batches[max(k, 1) - 1]
        trained, stored = normalize(x, Scaling()), evaluate(x, Scaling(), run.mean[k], run.var[k])
        shown = screen.table.iloc[:, 1:].to_numpy().T.tolist()
        assert shown == [column(values) for values in (x, trained.y, stored.y, stored.y - trained.y)]
        check_script(screen, 5)
        if k:
            assert f"&= {tex(run.mean[k])} " in screen.latex
            assert f"&= {tex(run.var[k])} " in screen.latex
            assert rf"\tfrac{{5}}{{4}} \cdot {tex(run.batch_var[k - 1])}" in screen.latex
        else:
            assert "Stored are mean 0 and variance 1" in screen.words
        assert f"= **{plain(0.9**k)}**" in screen.words
        assert drawn(screen)["at"]["x"].tolist() == [k]
    for picture, curve in enumerate((run.mean, run.var)):
        series = drawn(screen, picture)["series"].query("series == 'stored'")
        assert series["y"].tolist() == curve.tolist()


def test_momentum_and_the_drawn_batches_are_the_learners(opened):
    screen = opened(view="running", source="drawn", drawn_mean="-3", drawn_size="16", drawn_seed="7", k="60")
    screen.set(KEY + "momentum", 0.3)
    run = running_statistics(DrawnBatches(-3.0, 2.0, 16, N_BATCHES, 7), 0.3)
    assert f"&= {tex(run.mean[60])} " in screen.latex
    truth = drawn(screen)["series"].query("series == 'true value'")
    assert set(truth["y"]) == {-3.0}
    assert len(screen.table) == 16


# the inputs


def test_standardized_inputs(opened):
    screen = opened(view="inputs")
    for shift in (3.0, -2.5):
        screen.set(KEY + "shift", shift)
        sets = standardize_sets(FIVE, shift)
        shown = screen.table.iloc[:, 1:].to_numpy().T.tolist()
        columns = (sets.train, sets.standardized, sets.test, sets.by_training, sets.by_itself)
        assert shown == [column(values) for values in columns]
        assert f"the shift is there, {plain(sets.shift)} standard deviations" in screen.words
        assert f"= {tex(sets.by_training[0])} " in screen.latex
        check_script(screen, 5)


def test_a_constant_input(opened):
    screen = opened(view="inputs", preset="constant")
    assert screen.table.iloc[:, 2].tolist() == ["0"] * 5
    check_script(screen, 5)


# words


@pytest.mark.parametrize(("code", "wrong"), [("evaluation", "4"), ("test", "3")])
def test_the_mistakes(opened, code, wrong):
    screen = opened(mistake=code)
    screen.set(KEY + "guess", "1")
    assert "Line 1 holds." in screen.words
    screen.set(KEY + "guess", wrong)
    assert {"evaluation": "the second is right", "test": "its shift stays visible"}[code] in screen.words
    told = {
        "evaluation": "the sample 6 becomes 0.5 in (2, 4, 5, 6, 8), and −0.1768 in (2, 4, 5, 6, 18).",
        "test": "the mean 5 and the standard deviation 2; an input of 8 becomes 1.5.",
    }
    assert told[code] in screen.words


def test_the_challenge(opened):
    screen = opened()
    screen.set(KEY + "challenge_guess", 3)
    assert "How large is the variance" in screen.words
    screen.set(KEY + "challenge_guess", 2)
    assert "√(n − 1) standard deviations" in screen.words


@pytest.mark.parametrize("parameters", [{"x": "1_2"}, {"n": "6"}, {"gamma": "1e9"}, {"epsilon": "0"}, {"view": "all"}])
def test_what_a_link_cannot_mean_is_told(opened, parameters):
    screen = opened(**parameters)
    assert [KEY + next(iter(parameters)) in toast for toast in screen.toasts] == [True]
    check_one(screen, FIVE)


def test_korean_in_every_view(opened):
    for view, word in (("one", "불편 분산"), ("two", "배치 B"), ("running", "세 가지 규약"), ("inputs", "동생")):
        korean, english = opened("ko", view=view), opened(view=view)
        assert word in korean.words
        assert korean.latex == english.latex
        pd.testing.assert_frame_equal(
            korean.table.iloc[:, 1:].set_axis(range(korean.table.shape[1] - 1), axis=1),
            english.table.iloc[:, 1:].set_axis(range(english.table.shape[1] - 1), axis=1),
        )
