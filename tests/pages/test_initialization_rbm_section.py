"""One restricted Boltzmann machine: what is shown is the engine's, epoch by epoch; what is long is asked for."""

import json
from collections import OrderedDict
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from engine.rbm import free_energy
from engine.rbm_by_hand import IMAGES, WEIGHTS, hand_step
from engine.rbm_images import image_set
from engine.rbm_likelihood import log_partition
from engine.rbm_study import MachineConfig, learn
from engine.rbm_tasks import ask
from pages.sections.initialization.rbm import ERROR_FALLS
from pages.sections.initialization.rbm_setup import EPOCHS, MAX_BATCH, MAX_K, STARTS
from pages.shared import budget, cached_rbm
from pages.shared.charts import mosaic
from pages.shared.numbers import plain, tex

KEY = "initialization_rbm_"


def opened(app, language="en", **query):
    query = {KEY + name: str(value) for name, value in query.items()}
    return app("initialization", language, initialization_section="rbm", **query)


@cache
def studied(config: MachineConfig):
    study = None
    for block in range(len(config.blocks)):
        study = learn(config, block, study)
    return study


def drawn(screen, picture: int) -> dict:
    """The named data of a picture as the browser gets them."""
    sets = screen.at.get("vega_lite_chart")[picture].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


def waits(screen) -> bool:
    """Whether the learner is asked for a click."""
    return any(button.key == KEY + "run" for button in screen.at.button)


def row(config, epoch) -> list[str]:
    study = studied(config)
    cells = [study.reconstruction_error[epoch]]
    if config.exact:
        cells += [study.log_likelihood[epoch], study.data_probability[epoch]]
    cells.append(study.free_energy[epoch])
    if config.images == "digits":
        cells.append(study.held_out_free_energy[epoch])
    return [f"{epoch:,}", *(plain(float(cell)) for cell in cells)]


def check(screen, config, *epochs):
    assert screen.table.to_numpy().tolist() == [row(config, epoch) for epoch in epochs]


def check_weights(screen, config, epoch):
    study, side = studied(config), image_set(config.images).side
    n = config.n_hidden
    expected = mosaic.weights(
        study.machines[epoch].W.T.reshape(n, side, side),
        study.largest_weight,
        ["h"] * n if n <= 16 else [""] * n,
        [""] * n,
        n_columns=mosaic.columns(n),
    )
    assert drawn(screen, 0)["field"]["uri"].iloc[-1] == expected["field"]["uri"][0]
    assert drawn(screen, 0)["limits"]["value"].tolist() == [-study.largest_weight, study.largest_weight]


def test_the_default_screen(app):
    screen, config = opened(app), MachineConfig()
    check(screen, config, 0, 200)
    check_weights(screen, config, 200)
    study = studied(config)
    error, likelihood = drawn(screen, 2), drawn(screen, 3)
    np.testing.assert_allclose(error["series"]["y"], study.reconstruction_error)
    machine = likelihood["series"].query("series == 'machine'")
    assert machine["x"].tolist() == list(study.kept)
    np.testing.assert_allclose(machine["y"], list(study.log_likelihood.values()))
    np.testing.assert_allclose(likelihood["series"].query("series == 'best'")["y"], -np.log(30))
    assert error["at"]["x"].tolist() == likelihood["at"]["x"].tolist() == [200]
    assert not waits(screen)


def test_an_epoch_is_looked_at(app):
    screen, config = opened(app), MachineConfig()
    specs = [{**json.loads(spec), "datasets": None} for spec in screen.picture]
    screen.set(KEY + "epoch", 50)
    check(screen, config, 0, 50, 200)
    check_weights(screen, config, 50)
    answer = ask(studied(config).machines[50], image_set("bars_4"), "reconstruct")
    assert f"over all ten: {plain(answer.mean_error)}." in screen.words
    assert f"±{plain(studied(config).largest_weight, 3)}" in screen.words
    assert drawn(screen, 2)["at"]["x"].tolist() == [50]
    assert [{**json.loads(spec), "datasets": None} for spec in screen.picture] == specs
    assert screen.link[KEY + "epoch"] == "50"


def test_an_epoch_that_is_not_kept_shows_the_one_before(app):
    screen = opened(app, epoch=63)
    check(screen, MachineConfig(), 0, 60, 200)
    assert "This is epoch 60:" in screen.words
    assert "This is epoch" not in opened(app, epoch=20).words


@pytest.mark.parametrize("task", ["clean", "complete", "dream"])
def test_each_task(app, task):
    screen, config = opened(app, task=task, epoch=100), MachineConfig()
    answer, images = ask(studied(config).machines[100], image_set("bars_4"), task), image_set("bars_4")
    tiles = drawn(screen, 1)["tiles"]
    if task == "dream":
        assert tiles["label"].tolist() == ["✓" if real else "✗" for real in answer.real]
        assert f"{answer.n_real} of 20." in screen.words
        return
    numbers = [plain(error, 2) for error in answer.error]
    assert tiles["label"].tolist() == ["given"] * 5 + numbers[:5] + ["given"] * 5 + numbers[5:]
    assert f"over all ten: {plain(answer.mean_error)}." in screen.words
    shape = (20, images.side, images.side)
    pixels, covered = (part.reshape(shape) for part in answer.in_rows(5))
    expected = mosaic.ink(pixels, tiles["label"].tolist(), [""] * 20, n_columns=5, covered=covered)
    assert drawn(screen, 1)["field"]["uri"].iloc[-1] == expected["field"]["uri"][0]


def test_every_control_reaches_the_machine(app):
    screen = opened(app)
    screen.set(KEY + "images", "bars_3")
    start = STARTS["bars_3"]
    config = MachineConfig("bars_3", start.n_hidden, 1, start.learning_rate, start.epochs, start.batch_size)
    check(screen, config, 0, 200)
    for name, value in {"hidden": 5, "k": 2, "rate": 0.5, "epochs": "50", "seed": 4, "batch": 7, "scale": 0.1}.items():
        screen.set(KEY + name, value)
    screen.set(KEY + "visible", "samples")
    config = MachineConfig("bars_3", 5, 2, 0.5, 50, 7, "samples", 0.1, 4)
    check(screen, config, 0, 50)
    check_weights(screen, config, 50)
    again = opened(app, **{name.removeprefix(KEY): text for name, text in screen.link.items() if KEY in name})
    assert again.table.equals(screen.table)


@pytest.mark.parametrize("images", ["bars_6", "digits"])
def test_where_the_likelihood_cannot_be_listed(app, images):
    start = STARTS[images]
    config = MachineConfig(images, start.n_hidden, 1, start.learning_rate, start.epochs, start.batch_size)
    screen = opened(app, images=images)
    check(screen, config, 0, config.epochs)
    check_weights(screen, config, config.epochs)
    assert "at most 12 units" in screen.words
    assert len(screen.picture) == (5 if images == "digits" else 4)
    if images == "digits":
        curves = drawn(screen, 3)["series"]
        np.testing.assert_allclose(curves.query("series == 'training'")["y"], studied(config).free_energy)
        np.testing.assert_allclose(curves.query("series == 'held out'")["y"], studied(config).held_out_free_energy)
        assert "Every fifth is held out" in screen.words


def test_what_is_long_waits_for_a_click(app, monkeypatch):
    monkeypatch.setattr(cached_rbm.learnt, "_kept", OrderedDict())
    monkeypatch.setattr("engine.rbm_study.BLOCK", 0.25e9)
    screen = opened(app, images="bars_3", epochs=1000, hidden=3, batch=3)
    config = MachineConfig("bars_3", 3, 1, 1.0, 1000, 3)
    assert len(config.blocks) > 2
    assert "**Training the machine:**" in screen.words
    assert len(screen.picture) == 1  # the small machine
    assert waits(screen)
    screen.click(KEY + "run")
    check(screen, config, 0, 1000)
    assert not waits(screen)
    monkeypatch.delitem(cached_rbm.learnt._kept, (config, 0))  # whatever becomes of the first block
    assert len(screen.set(KEY + "task", "dream").picture) > 1
    assert not waits(screen)


def test_beyond_reason_it_is_refused(app):
    screen = opened(app, images="digits", epochs=2000, k=25, batch=1)
    assert "the most that this screen computes" in screen.words
    assert screen.has(KEY + "challenge_guess")
    assert not [table for table in screen.at.table if "Epoch" in table.value]


def test_a_first_screen_asks_nothing():
    for images, start in STARTS.items():
        config = MachineConfig(images, start.n_hidden, 1, start.learning_rate, start.epochs, start.batch_size)
        assert config.cost.within(budget.FREE)
        assert start.epochs in EPOCHS
    for code in STARTS:
        MachineConfig(code, 36, MAX_K, 5.0, max(EPOCHS), MAX_BATCH, "samples", 2.0, 9999)


def test_a_shelf_holds_the_blocks_of_the_longest_training():
    """Of all that a click allows; or the last block would make the first anew."""
    longest = max(
        (
            config
            for code in STARTS
            for batch in (1, 2, 5, 10, 20, 50, 400)
            for epochs in EPOCHS
            for k in (1, 5, 25)
            if (config := MachineConfig(code, 36, k, 1.0, epochs, batch)).cost.within(budget.MOST)
        ),
        key=lambda config: len(config.blocks),
    )
    assert 20 < len(longest.blocks) <= cached_rbm.learnt._most


# by hand ------------------------------------------------------------------------------------------------------


def matrix(values) -> str:
    return (
        r"\begin{pmatrix} " + r" \\ ".join(" & ".join(map(tex, line)) for line in values.tolist()) + r" \end{pmatrix}"
    )


@pytest.mark.parametrize("image", ["left", "full"])
def test_the_step_by_hand(app, image):
    screen = opened(app, hand_image=image, hand_seed=7, rate=0.3)
    step = hand_step(WEIGHTS, image, 0.3, 7)
    for values in (step.positive, step.negative, step.change):
        assert matrix(values) in screen.latex
    for values in (step.up_sum, step.h_probability, step.uniform, step.h, step.down_sum, step.v_reconstructed):
        assert "(" + r",\ ".join(map(tex, values)) + ")" in screen.latex
    assert rf"\ln p(v) &= {tex(step.log_p_before)} \\[6pt] &\to {tex(step.log_p_after)}" in screen.latex
    assert f"E(v, h) &= -\\,v\\,W h^{{\\top}} = {tex(step.energy)}" in screen.latex
    assert f"slope is {plain(float(step.slope.dW[0, 0]))};" in screen.words
    units = drawn(screen, 4)["units"]
    assert units["state"].tolist()[:4] == [f"{value:g}" for value in IMAGES[image]]


def test_weights_of_ones_own(app):
    screen = opened(app, hand_weights="_".join(["0"] * 8))
    step = hand_step(np.zeros((4, 2)), "left", 1.0, 0)
    assert matrix(step.change) in screen.latex
    assert "0.25 & 0.25" in screen.latex


def test_a_step_that_goes_too_far_is_told(app):
    assert "has become more likely" in opened(app).words
    W = [[-4, 3], [-3, 2], [3, -3], [4, -4]]
    step = hand_step(W, "left", 1.0, 0)
    assert step.log_p_after < step.log_p_before
    text = "_".join(str(value) for line in W for value in line)
    assert "has become less likely" in opened(app, hand_weights=text).words


# words --------------------------------------------------------------------------------------------------------


def test_the_numbers_of_the_words_are_the_engines(app):
    study, longer = studied(MachineConfig()), studied(MachineConfig(k=10))
    error, likelihood = study.reconstruction_error, study.log_likelihood
    assert f"{plain(float(error[100]))} after epoch 100 and {plain(float(error[200]))} after" in ERROR_FALLS.lines[1]
    config = MachineConfig()
    assert (config.images, config.learning_rate, config.seed) == ("bars_4", 1.0, 0)  # as line 2 says
    ends = f"from −5.75 to {plain(likelihood[200])} per image"
    assert plain(likelihood[100]) == "−5.75"
    assert ends in ERROR_FALLS.explanation
    together = f"({plain(study.data_probability[100])} of 1, then {plain(study.data_probability[200])})"
    assert together in ERROR_FALLS.explanation
    assert max(likelihood, key=likelihood.get) == 100
    words = opened(app).words
    assert f"it is best at 100 (−5.75), and {plain(likelihood[200])} at 200" in words
    best = max(longer.log_likelihood, key=longer.log_likelihood.get)
    assert f"to {plain(longer.log_likelihood[best])} at epoch {best}, and falls too, to " in words
    assert f"falls too, to {plain(longer.log_likelihood[200])};" in words
    slow = studied(MachineConfig(learning_rate=0.1, epochs=1000)).log_likelihood[1000]
    assert f"η = 0.1 it is at {plain(slow)} after 1,000 epochs" in words
    assert slow > likelihood[100]
    assert error[200] < 0.001
    assert f"−ln 30 = {plain(image_set('bars_4').best_log_likelihood)}" in words
    assert len(image_set("bars_4").train) == 30


def test_other_seeds_may_rise_where_the_opening_one_falls():
    """So the mistake's wrong line is an implication, and this run a counterexample to it."""
    rising = studied(MachineConfig(seed=4))
    assert rising.reconstruction_error[200] < rising.reconstruction_error[100]
    assert rising.log_likelihood[200] > rising.log_likelihood[100]
    assert ERROR_FALLS.lines[3].startswith("Whenever the reconstruction error falls")


def test_some_images_have_got_more_than_their_share():
    rbm, images = studied(MachineConfig()).machines[200], image_set("bars_4").train
    p = np.exp(-free_energy(rbm, images) - log_partition(rbm))
    assert p.max() > 5 / 30
    assert np.median(p) < 1 / 30 / 5


def test_the_notes(app):
    words = opened(app).words
    assert "boatman machine" in words
    assert "no two units of the same layer are linked (note 004)" in words


def test_the_mistake(app):
    screen = opened(app, mistake=2)
    assert "Line 2 holds." in screen.words
    screen.set(KEY + "mistake", "4")
    assert [box.proto.title for box in screen.at.success] == ["You found it: line 4"]


def test_the_challenge(app):
    screen = opened(app)
    screen.set(KEY + "challenge_guess", 0.5)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(KEY + "challenge_guess", 0.25)
    assert screen.at.success[-1].proto.title == "Right: 0.25"


@pytest.mark.parametrize("query", [
    {"images": "bars_3", "epochs": 50, "epoch": 20, "visible": "samples", "k": 3},
    {"images": "digits", "hidden": 5, "epochs": 20, "epoch": 10},
    {"images": "bars_6", "epochs": 20},
])  # fmt: skip
def test_the_script_prints_the_numbers_of_the_screen(app, query):
    screen = opened(app, hand_seed=3, **query)
    *epochs, _one, _two, _three, _four, last = (line.split() for line in screen.printed())
    shown = screen.table.to_numpy().tolist()
    assert len(epochs) == len(shown)
    for words, cells in zip(epochs, shown, strict=True):
        value = {"epoch": words[1], "error": words[4], "free": words[7]}
        found = [value["epoch"], plain(float(value["error"]))]
        if "log-likelihood" in words:
            found.append(plain(float(words[words.index("log-likelihood") + 1])))
            found.append(plain(float(words[words.index("probability") + 1])))
        found.append(plain(float(value["free"])))
        if "held" in words:
            found.append(plain(float(words[words.index("held") + 2])))
        assert found == cells
    rate = STARTS[query["images"]].learning_rate
    step = hand_step(WEIGHTS, "left", rate, 3)
    changes = [[float(word) for word in line[1:]] for line in (_one, _two, _three, _four)]
    np.testing.assert_allclose(changes, step.change)
    np.testing.assert_allclose([float(last[2]), float(last[4])], [step.log_p_before, step.log_p_after])


def test_in_korean(app):
    screen = opened(app, "ko", task="complete")
    assert "가려진 이미지 채우기" in screen.words
    check(screen, MachineConfig(), 0, 200)
