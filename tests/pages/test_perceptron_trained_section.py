"""The notes' networks on XOR: every printed figure is on screen, and moves with the number of updates."""

import numpy as np
import pytest

from engine.experiment import run
from engine.network import predict
from engine.proportions import confidence_for_all, newcombe
from engine.success_rates import NOTE_COUNTS
from engine.xor_runs import XOR_RUNS
from pages.sections.perceptron.trained import NETWORKS
from pages.shared.numbers import plain, tex

LOSSES = {
    "unit": [0.2563, *[0.25] * 9],
    "three": [0.2440, 0.1881, 0.0920, 0.0313, 0.0149, 0.0092, 0.0065, 0.0049, 0.0040, 0.0033],
    "three_three": [0.2892, 0.2492, 0.2442, 0.2191, 0.1803, 0.1519, 0.1029, 0.0123, 0.0047, 0.0027],
}
OUTPUTS = {
    ("three", 9999): [0.02224667, 0.94486905, 0.94514992, 0.06836053],
    ("three", 10_000): [0.02224467, 0.94487309, 0.94515393, 0.06835551],
    ("three_three", 9999): [0.0281708, 0.95702334, 0.95697581, 0.05356113],
    ("three_three", 10_000): [0.02816583, 0.95703046, 0.95698292, 0.05355237],
}


def opened(app, **query):
    query = {f"perceptron_trained_{name}": str(value) for name, value in query.items()}
    return app("perceptron", perceptron_section="trained", **query)


def test_it_offers_all_of_the_notes_networks():
    assert set(NETWORKS) == set(XOR_RUNS)


@pytest.mark.parametrize(("network", "n_updates"), OUTPUTS)
def test_the_printed_outputs_of_note_003(app, network, n_updates):
    screen = opened(app, network=network, updates=n_updates, digits=12)
    shown = screen.table["Output"].astype(float)
    np.testing.assert_allclose(shown, OUTPUTS[network, n_updates], atol=5e-9)
    assert screen.table["Rounded, it is"].tolist() == ["✓ right"] * 4


@pytest.mark.parametrize("network", LOSSES)
def test_the_printed_losses_of_note_003(app, network):
    table = opened(app, network=network).at.table[1].value
    assert table["updates"].tolist() == list(range(0, 10_001, 1000))
    assert table["loss"].astype(float).round(4).tolist()[:10] == LOSSES[network]


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_shows_the_engines_numbers(app, network):
    screen, e = opened(app, network=network, updates=1500), XOR_RUNS[network]
    history = run(e, 1500)
    outputs = predict(e.architecture, history.parameters, e.X)[:, 0]
    assert screen.table["Output"].tolist() == [plain(a) for a in outputs]
    assert f"&= {tex(history.losses[-1])} " in screen.latex
    assert f"{e.architecture.n_parameters} parameters" in screen.words
    assert len(screen.picture) >= 1


def test_one_unit_has_no_answer(app):
    assert opened(app, network="unit").table["Rounded, it is"].tolist() == ["– ½: no answer"] * 4


def test_a_network_that_has_hardly_learnt_is_wrong_somewhere(app):
    assert "✗ wrong" in opened(app, network="wide", updates=0).table["Rounded, it is"].tolist()


def test_another_number_of_updates_gives_other_numbers(app):
    screen = opened(app)
    before = screen.screenshot()
    screen.set("perceptron_trained_updates", 0)
    assert screen.link["perceptron_trained_updates"] == "0"
    after = screen.screenshot()
    assert all(after[part] != before[part] for part in ("tables", "latex", "script"))
    assert screen.at.table[1].value["updates"].tolist() == [0]


def test_the_script_prints_the_outputs_of_the_screen(app):
    screen = opened(app, network="three", updates=2000, digits=12)
    (line,) = [line for line in screen.printed() if line.startswith("outputs")]
    printed = [value for (value,) in eval(line.removeprefix("outputs "))]
    assert printed == pytest.approx(screen.table["Output"].astype(float).tolist(), rel=1e-10)


def test_the_note_s_counts_have_their_intervals(app):
    screen = opened(app)
    shares, differences = screen.at.table[2].value, screen.at.table[3].value
    assert [text.split("%")[0] for text in shares["Note 004"]] == [str(n) for n in NOTE_COUNTS.values()]
    ends = differences[["from", "to"]].map(lambda text: float(text.replace("−", "-"))).to_numpy()
    np.testing.assert_allclose(ends[1], [0.014, 0.242], atol=5e-4)  # 84 against 71
    np.testing.assert_allclose(ends[0], [-0.013, 0.211], atol=5e-4)  # 84 against 74
    found = newcombe((74, 71), (100, 100))
    np.testing.assert_allclose(ends[2], [found.low, found.high], rtol=1e-3)
    assert differences["Told apart, taken alone?"].tolist() == ["open", "yes", "open"]
    strict = newcombe((84, 71), (100, 100), confidence_for_all(3))
    assert strict.low < 0 < strict.high
    assert f"is {plain(strict.low, 2)} to {plain(strict.high, 2)} and contains 0" in screen.words
    assert "98.3%" in screen.words
    assert "260" in screen.words


def test_the_networks_are_trained_when_asked(app):
    screen = opened(app)
    assert "Here" not in screen.at.table[2].value
    screen.set("perceptron_trained_runs", True)
    counts = [int(text.split("%")[0]) for text in screen.at.table[2].value["Here"]]
    assert len(counts) == 3
    assert all(40 < count < 100 for count in counts)


def test_the_challenge(app):
    screen, key = opened(app), "perceptron_trained_challenge"
    screen.set(f"{key}_guess", 31.0)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{key}_guess", 261.0)
    assert screen.at.success[-1].proto.title == "Right: 261"
