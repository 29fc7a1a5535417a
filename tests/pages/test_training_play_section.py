"""Build and play: the numbers under the player are the engine's at the frame shown; the notes' figures are reached."""

import json
import math
from dataclasses import replace

import pytest

from engine.lab import LabConfig, run
from engine.lab_outputs import outputs
from engine.lab_presets import FRAMES, PRESETS
from engine.layer_health import layer_health
from engine.training_config import evenly
from pages.sections.training import play_numbers
from pages.shared.numbers import plain, tex

NOTE_003 = {
    "unit": "0.2563 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25",
    "three": "0.2440 0.1881 0.0920 0.0313 0.0149 0.0092 0.0065 0.0049 0.0040 0.0033",
    "three_three": "0.2892 0.2492 0.2442 0.2191 0.1803 0.1519 0.1029 0.0123 0.0047 0.0027",
}
OUTPUTS = {  # after all 10,000 updates
    "three": ("0.02224467", "0.9448731", "0.9451539", "0.06835551"),
    "three_three": ("0.02816583", "0.9570305", "0.9569829", "0.05355237"),
}


def opened(app, language="en", **query):
    query = {f"training_{name}": str(value) for name, value in query.items()}
    return app("training", language, training_section="play", **query)


def configured(code="classic", epochs=None, rate=None, seed=0) -> LabConfig:
    config = PRESETS[code]
    epochs = epochs or config.training.epochs
    rule = config.training.optimizer
    training = replace(
        config.training,
        optimizer=rule if rate is None else replace(rule, learning_rate=rate),
        epochs=epochs,
        snapshots=evenly(epochs, min(FRAMES, epochs + 1)),
        seeds=seed,
    )
    return replace(config, training=training)


def sent(screen) -> dict:
    """What the player is told."""
    parts = [json.loads(part.proto.json) for part in screen.at.get("bidi_component") if part.proto.json]
    return next(data for data in parts if data and "film" in data)


def check(screen, config, frame=None):
    """Metrics, formula and table against the engine; returns the history."""
    history = run(config)
    epoch = int(history.snapshot_epochs[-1 if frame is None else frame])
    losses = [loss[epoch] for loss in (history.train_loss, history.test_loss) if loss is not None]
    scores = [score[epoch] for score in (history.train_score, history.test_score) if score is not None]
    share = "{:.1%}".format if history.score == "accuracy" else plain
    assert screen.metrics == [f"{epoch:,}", *map(plain, losses), *map(share, scores)]
    assert f"L_{{{epoch}}} &=" in screen.latex
    assert tex(float(losses[0])) in screen.latex
    at, last = screen.table.iloc[:, 0].tolist(), config.training.epochs
    assert at == sorted({*range(0, last + 1, max(last // 10, 1)), last})
    assert screen.table.iloc[:, 1].tolist() == [plain(float(history.train_loss[epoch])) for epoch in at]
    if history.test_loss is not None:
        assert screen.table.iloc[:, 2].tolist() == [plain(float(history.test_loss[epoch])) for epoch in at]
    return history


def test_the_default_is_the_classic(app):
    screen = opened(app)
    history = check(screen, configured())
    assert "half squared error, mean" in screen.words
    assert r"\ell &= \tfrac12 (a - y)^2" in screen.latex
    assert "N &= 250" in screen.latex
    assert rf"\tfrac{{1}}{{250}} \cdot {tex(250 * float(history.train_loss[-1]))}" in screen.latex
    data = sent(screen)
    assert data["film"]["epochs"] == history.snapshot_epochs.tolist()
    assert (data["frame"], data["pick"]) == (len(data["film"]["epochs"]) - 1, False)
    assert len(screen.at.table) == 2  # 250 samples are not listed


@pytest.mark.parametrize("code", NOTE_003)
def test_the_figures_of_note_003(app, code):
    screen = opened(app, preset=code)
    found = screen.table.iloc[:10, 1].astype(float).tolist()
    assert found == pytest.approx([float(figure) for figure in NOTE_003[code].split()], abs=5.1e-5)
    assert screen.table.iloc[:10, 0].tolist() == [1000 * k for k in range(10)]
    assert "squared error, mean, as the note prints it" in screen.words
    assert "half squared error, sum" in screen.words
    answers = screen.at.table[1].value
    assert answers.iloc[:, :3].astype(float).to_numpy().tolist() == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    if code in OUTPUTS:
        assert tuple(answers["a"]) == OUTPUTS[code]
    else:
        assert answers["a"].astype(float).tolist() == pytest.approx([0.5] * 4, abs=1e-3)
        assert "no hidden layer" in screen.words


def test_the_note_prints_outputs_one_update_earlier(app):
    screen = opened(app, preset="three", epochs=9999)
    printed = (0.02224667, 0.94486905, 0.94514992, 0.06836053)
    assert screen.at.table[1].value["a"].astype(float).tolist() == pytest.approx(printed, abs=6e-8)


@pytest.mark.parametrize("code", ["moons", "blobs", "plane"])
def test_other_tasks(app, code):
    screen = opened(app, preset=code, epochs=12)
    check(screen, configured(code, 12))
    assert sent(screen)["film"]["kind"] == {"moons": "two", "blobs": "many", "plane": "value"}[code]


def test_the_numbers_follow_the_frame(app):
    screen = opened(app, preset="three", epochs=200, frame=7)
    config = configured("three", 200)
    history = check(screen, config, 7)
    assert sent(screen)["frame"] == 7
    epoch = int(history.snapshot_epochs[7])
    assert f"The outputs after epoch {epoch}:" in screen.words
    expected = [plain(float(a), 7) for a in outputs(config, history, 7)[:, 0]]
    assert screen.at.table[1].value["a"].tolist() == expected
    assert screen.link["training_frame"] == "7"


def test_the_numbers_follow_the_panel(app):
    screen = opened(app, epochs=20)
    screen.set("training_rate", 0.5)
    screen.set("training_seed", 3)
    check(screen, configured(epochs=20, rate=0.5, seed=3))
    screen.set("training_epochs", 5)
    check(screen, configured(epochs=5, rate=0.5, seed=3))
    assert len(screen.table) == 6


def test_a_rerun_sends_no_film_twice(app):
    screen = opened(app, epochs=10)
    first = sent(screen)
    again = sent(screen.run())
    assert first["film"] is not None
    assert (again["film"], again["code"]) == (None, first["code"])
    screen.set("training_rate", 0.2)
    assert sent(screen)["film"] is not None


def test_a_divergence_is_told_and_played_up_to_it(app):
    screen = opened(app, preset="plane", rate=50, epochs=400)
    config = configured("plane", 400, 50.0)
    history = run(config)
    diverged = int(history.diverged_at)
    assert f"From epoch {diverged} on" in screen.words
    film = sent(screen)["film"]
    assert film["epochs"][-1] < diverged
    assert screen.metrics[0] == str(film["epochs"][-1])
    assert f"The film ends at epoch {film['epochs'][-1]}" in screen.words
    assert screen.table.iloc[-1, 0] == diverged - 1
    assert "nan" not in screen.table.to_string()
    assert f"by the end of epoch {diverged}?" in screen.words


def test_a_film_that_ends_before_the_divergence_says_why(app):
    """The numbers of the pictures end at 3.4e38, those of the training much later."""
    screen = opened(app, preset="fail_rate")
    config = PRESETS["fail_rate"]
    frames = sent(screen)["film"]["epochs"]
    assert run(config).diverged_at > frames[-1] + 1
    assert "Step slowly" not in screen.words
    assert f"The film ends at epoch {frames[-1]}: after it a parameter is beyond 3.4e38" in screen.words


def test_epochs_that_no_tenth_hits_are_in_the_table(app):
    assert opened(app, epochs=25).table.iloc[-1, 0] == 25


SPECIAL, HOLDS = "learned what is special", "holds for samples not seen before"


@pytest.mark.parametrize(
    ("query", "said"),
    [({"preset": "moons"}, HOLDS), ({"preset": "moons", "rate": 1}, ""), ({"preset": "norm"}, HOLDS),
     ({"preset": "overfit"}, SPECIAL)],
)  # fmt: skip
def test_the_notice_says_of_the_test_loss_what_the_verdict_bears_out(app, query, said):
    """No overfitting where the training loss has risen too, and none where the test loss only trembles."""
    words = opened(app, **query).words
    assert [SPECIAL in words, HOLDS in words] == [said == SPECIAL, said == HOLDS]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"preset": "unit"}, "one direction only, whatever it learns"),
        ({"preset": "squares"}, "only weighs its features"),
        ({"preset": "product"}, "only weighs its features"),
        ({"preset": "blobs", "units": "0"}, "meet along straight lines"),
        ({"preset": "classic"}, "single straight edge, and the answer is put together from a few of them. Where its"),
        ({"preset": "classic", "activation": "relu"}, "flat on one side of a straight line"),
        ({"preset": "classic", "activation": "gelu"}, "changes along one direction only."),
    ],
)
def test_what_is_said_of_the_units_holds_for_this_network(app, query, said):
    words = opened(app, epochs=10, **query).words
    others = ("whatever it learns", "only weighs", "single straight edge", "flat on one side", "direction only.")
    assert said in words
    assert sum(other in words for other in others) == 1


@pytest.mark.parametrize(("rate", "dead"), [(None, False), (1.0, True)])
def test_dead_units_are_told_where_there_are_any(app, rate, dead):
    config = configured("moons", rate=rate)
    assert bool(layer_health(config, run(config)).dead[0]) == dead
    words = opened(app, preset="moons", **({} if rate is None else {"rate": rate})).words
    assert ("flat under all samples is dead" in words) == dead


def test_logits_are_called_so(app):
    screen = opened(app, preset="product")
    config = PRESETS["product"]
    z = outputs(config, run(config), None)[:, 0]
    table = screen.at.table[1].value
    assert table["z"].tolist() == [plain(float(one)) for one in z]
    assert table["p"].tolist() == [plain(1 / (1 + math.exp(-one))) for one in z]
    assert "a logit z; its probability of class 1" in screen.words
    assert "a" not in opened(app, preset="product").at.table[1].value


def test_the_softmax_loss_has_its_indices(app):
    screen = opened(app, preset="blobs", epochs=10)
    assert r"\sum_i \ell_i" in screen.latex
    assert r"\ell_i &= -\sum_k y_{ik} \ln p_{ik}" in screen.latex


def test_overfitting_is_noticed(app):
    screen = opened(app, preset="memory", epochs=100)
    history = run(configured("memory", 100))
    best = int(history.best_epoch)
    assert f"lowest at epoch {best} ({plain(float(history.test_loss[best]))})" in screen.words


@pytest.mark.parametrize(("name", "bad"), [("frame", "99"), ("frame", "-1"), ("frame", "x"), ("rate", "nan")])
def test_a_bad_link_is_told(app, name, bad):
    screen = opened(app, epochs=10, **{name: bad})
    assert any(f"training_{name}" in toast for toast in screen.toasts)
    check(screen, configured(epochs=10))


def test_the_challenge(app):
    screen = opened(app)
    assert "250 training samples, 10 in a batch, 300 epochs" in screen.words
    screen.set("training_play_challenge_guess", 300)
    assert "One update for each batch" in screen.words
    screen.set("training_play_challenge_guess", 7500)
    assert "25 · 300 = 7,500" in screen.words
    notes = opened(app, preset="unit", epochs=100)
    notes.set("training_play_challenge_guess", 100)
    assert "1 · 100 = 100" in notes.words


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_script_prints_the_numbers_of_the_screen(app, language):
    screen = opened(app, language, epochs=20)
    for line, row in zip(screen.printed(), screen.table.itertuples(index=False), strict=False):
        epoch, *losses = line.split()
        assert (int(epoch), *(plain(float(loss)) for loss in losses)) == row[:3]


def test_early_stopping_ends_with_the_network_that_is_kept(app):
    screen = opened(app, preset="overfit", patience=10)
    config = PRESETS["overfit"]
    history = run(replace(config, training=replace(config.training, patience=10)))
    stopped, best = int(history.stopped_at), int(history.best_epoch)
    assert 0 < best < stopped < config.training.epochs
    film = sent(screen)["film"]
    assert (film["epochs"][-1], film["kept"], film["end"]) == (best, True, stopped)
    kept = [getattr(history, name)[best] for name in ("train_loss", "test_loss", "train_score", "test_score")]
    assert screen.metrics == [f"{best}", *map(plain, kept[:2]), *map("{:.1%}".format, kept[2:])]
    assert f"These are the numbers of epoch {best}" in screen.words
    assert f"ended the training after epoch {stopped}: " in screen.words
    epochs = screen.table.iloc[:, 0].tolist()
    assert {0, best, stopped} <= set(epochs)
    assert len(epochs) > 10
    batches = play_numbers.batches_of(config)
    screen.set("training_play_challenge_guess", batches * config.training.epochs)
    assert f"{batches} · {stopped} =" not in screen.words
    screen.set("training_play_challenge_guess", batches * stopped)
    assert f"{batches} · {stopped} = {batches * stopped:,}" in screen.words
