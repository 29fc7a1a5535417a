"""The board: curves, quantiles and shapes are the engine's; scripts print them; divergence and bad values are told."""

from dataclasses import replace

import pytest

from engine import board, lab
from engine.board_graph import nodes
from engine.board_reading import findings
from engine.board_scalars import other_seeds, smoothed, summary
from engine.lab_presets import PRESETS
from engine.normalized_training import QUANTILES
from engine.training_config import evenly
from pages.sections.training.board import SMOOTHING, WATCHED
from pages.shared.numbers import plain, tex

EPOCHS = 20


def opened(app, view="scalars", language="en", preset="classic", epochs=EPOCHS, **query):
    query = {f"training_{name}": str(value) for name, value in query.items()} | {"training_preset": preset}
    if epochs:
        query["training_epochs"] = str(epochs)
    return app("training", language, training_section="board", training_board_view=view, **query)


def configured(preset="classic", epochs=EPOCHS, **changes):
    config = PRESETS[preset]
    training = replace(config.training, epochs=epochs, snapshots=evenly(epochs, min(60, epochs + 1)), **changes)
    return replace(config, training=training)


@pytest.fixture(scope="module")
def scalars(app):
    return opened(app)


def test_scalars_are_the_history(scalars):
    history = lab.run(configured())
    curves = history.train_loss, history.test_loss, history.train_score, history.test_score
    for row, (values, score) in enumerate(zip(curves, (False, False, True, True), strict=True)):
        one = summary(values, EPOCHS, 0.6, largest=score)
        want = [plain(one.start), plain(one.here), plain(one.smoothed), f"{plain(one.best)} ({one.best_epoch})"]
        assert scalars.table.iloc[row, 1:].tolist() == want
    found = smoothed(history.train_loss, 0.6)
    assert tex(float(found.shown[-1])) in scalars.latex
    assert tex(float(found.average[-2])) in scalars.latex
    assert len(scalars.picture) == 5


def test_moved_controls_move_the_numbers(app):
    screen = opened(app)
    screen.set("training_board_smoothing", 0.9)
    history = lab.run(configured())
    assert screen.table.iloc[0, 3] == plain(summary(history.train_loss, EPOCHS, 0.9).smoothed)
    screen.set("training_frame", 5)
    assert screen.table.iloc[0, 2] == plain(float(history.train_loss[5]))
    assert "Frame 5 is epoch 5." in screen.words
    assert (screen.link["training_frame"], screen.link["training_board_smoothing"]) == ("5", "0.9")


def test_more_seeds_are_drawn_beside(app, scalars):
    screen = opened(app, board_seeds=2)
    assert screen.table.equals(scalars.table)
    assert "**More seeds:** the same data and settings" in screen.words
    assert "are given, not drawn" not in screen.words
    note = opened(app, preset="three", epochs=50, board_seeds=1)
    assert "are given, not drawn" in note.words
    history = lab.run(other_seeds(configured(), 2))
    assert history.train_loss.shape == (2, EPOCHS + 1)


@pytest.mark.parametrize("quantity", board.QUANTITIES)
def test_histograms_are_the_boards(app, quantity):
    screen = opened(app, "distributions", board_quantity=quantity, board_style="ribbon")
    config = configured()
    found = board.watch(config, lab.run(config))
    for row, one in enumerate(found.spreads[quantity]):
        want = [plain(float(value), 3) for value in one.quantiles[-1]]
        assert screen.table.iloc[row, 2:7].tolist() == want
        assert screen.table.iloc[row, 1] == one.numbers
        assert screen.table.iloc[row, 7] == f"{one.shared.outside[-1]:.1%}"
    rms = [float(one.rms[-1]) for one in found.spreads["dW"]]
    assert tex(rms[0] / rms[-1]) in screen.latex
    assert len(screen.picture) == 3 + 2 * (quantity in ("z", "a"))
    told = "None of the signs below." in screen.words
    assert told == (not findings(found, len(found.epochs) - 1))


def test_a_range_of_its_own_for_each_layer(app):
    screen = opened(app, "distributions", board_quantity="dW")
    shared = screen.picture
    screen.set("training_board_same", False)
    assert screen.picture != shared
    assert "each layer has its own" in screen.words


def test_the_vanishing_gradient_of_the_notes_deep_network(app):
    """Note 001's 2-10-10-10-1: at the start the first layer's gradient is a small part of the last one's."""
    screen = opened(app, "distributions", preset="deeper", epochs=10, frame=0, board_quantity="dW")
    config = configured("deeper", 10)
    found = board.watch(config, lab.run(config))
    ratio = found.spreads["dW"][0].rms[0] / found.spreads["dW"][-1].rms[0]
    assert f"is {plain(float(ratio), 2)} times as large in layer 1 as in layer 4" in screen.words
    assert screen.table[screen.table.columns[1]].tolist() == [20, 100, 100, 10]


def test_divergence_is_told(app):
    for view in ("scalars", "distributions"):
        screen = opened(app, view, preset="plane", epochs=0, rate=3, frame=50)
        config = configured("plane", 50)
        sgd = replace(config.training.optimizer, learning_rate=3.0)
        history = lab.run(replace(config, training=replace(config.training, optimizer=sgd)))
        at = int(history.diverged_at)
        assert f"This run has diverged: at epoch {at} its training loss" in screen.words
        assert f"its last frame is shown, frame {at - 1}, epoch {at - 1}." in screen.words
    assert "**Weights beyond reason:**" in screen.words
    assert screen.printed()


def test_a_run_that_diverges_does_not_overfit(app):
    screen = opened(app, preset="fail_rate", epochs=0)
    assert "that is no overfitting, look at the training loss first." in screen.words
    assert "the network overfits" not in screen.words
    assert max(line.count("times") for line in screen.latex.split(r" \\[6pt] ")) == 1  # none is wider than its column
    overfits = opened(app, preset="overfit", epochs=0)
    assert "while the training loss fell from" in overfits.words


def test_nothing_is_compared_with_a_start_of_0(app):
    screen = opened(app, "distributions", preset="decay", initializer="constant", weights_value=0)
    assert "The weights of layer 1, 2, 3 started at 0" in screen.words
    assert "nan" not in screen.words
    start = opened(app, "distributions", frame=0)
    assert "This is the start: no weight has moved yet." in start.words
    assert "have moved the most" not in start.words


def test_a_slider_past_early_stopping_is_told(app):
    screen = opened(app, preset="overfit", epochs=0, patience=10)
    config = PRESETS["overfit"]
    history = lab.run(replace(config, training=replace(config.training, patience=10)))
    assert "The slider stands past the end of this run: its last frame is shown, frame 11, epoch 28." in screen.words
    assert f"It has kept the network of epoch {int(history.best_epoch)}." in screen.words


def test_the_graph_names_shapes_and_parameters(app):
    screen = opened(app, "graph", preset="deeper", epochs=0)
    chain = nodes(PRESETS["deeper"])
    assert screen.table.iloc[:, 3].tolist() == [node.n_parameters for node in chain]
    assert "Of the 261 parameters, 110 are in layer 2 alone." in screen.words
    assert r"(4 \times 10) &= (4 \times 2) (2 \times 10) + (10)" in screen.latex
    for node in chain:
        screen.set("training_board_node", node.code)
        assert screen.latex
    assert r"\frac{1}{4} \sum" in screen.latex
    assert screen.printed()[-1] == "parameters 261"


def test_the_graph_needs_no_training(app):
    screen = opened(app, "graph", epochs=20_000)
    assert len(screen.picture) == 1


@pytest.mark.parametrize("language", ["en", "ko"])
def test_scripts_print_the_numbers_of_the_screen(app, language):
    screen = opened(app, language=language)
    for row, line in zip(screen.table.itertuples(index=False), screen.printed(), strict=True):
        start, here, average, best, epoch = line.split()[2:]
        assert [plain(float(number)) for number in (start, here, average)] == list(row[1:4])
        assert f"{plain(float(best))} ({epoch})" == row[4]
    screen = opened(app, "distributions", language, board_quantity="dz")
    last = screen.printed()[-len(screen.table) :]
    for row, line in zip(screen.table.itertuples(index=False), last, strict=True):
        assert [plain(float(number), 3) for number in line.split()[2:]] == list(row[2 : 2 + len(QUANTILES)])


def test_what_waits_for_a_click_leaves_the_rest_alive(app):
    screen = opened(app, preset="spirals", epochs=20_000)
    assert screen.picture == []
    assert "**What to notice.**" in screen.words
    assert screen.has("training_board_challenge_guess")


def test_the_challenge(app):
    screen = opened(app)
    answer = float(smoothed(WATCHED, SMOOTHING).shown[1])
    screen.set("training_board_challenge_guess", 0.368)  # not divided
    assert "do not forget to divide" in screen.words
    screen.set("training_board_challenge_guess", round(answer, 3))
    assert "less than any loss there ever was" in screen.words
    assert answer == pytest.approx(0.575)


def test_bad_values_are_told(app, scalars):
    screen = opened(app, board_smoothing="nan", board_seeds="9", board_log="x", frame="999")
    assert {toast.split("`")[1] for toast in screen.toasts} == {
        "training_board_smoothing", "training_board_seeds", "training_board_log", "training_frame",
    }  # fmt: skip
    assert screen.table.equals(scalars.table)
