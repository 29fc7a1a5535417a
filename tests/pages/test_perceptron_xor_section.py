"""Why XOR breaks it: every number on screen is the engine's, in all three views."""

import json
import math

import numpy as np
import pyarrow
import pytest

from engine import one_unit
from engine.experiment import random_start
from engine.gates import POINTS, gate
from engine.one_unit import UnitTraining, milestones, random_starts, train
from engine.separability import separability
from engine.xor_runs import XOR_RUNS
from pages.sections.perceptron.xor_setup import N_STARTS, PRESETS
from pages.shared.names import GATES
from pages.shared.numbers import plain, tex
from pages.shared.text import catalog

SINGLE = [code for code in PRESETS if code != "many"]
XOR = {"perceptron_section": "xor"}
QUIET = XOR | {"perceptron_xor_view": "wall"}


def config(code, beside="and", **changes):
    preset = PRESETS[code]
    if code == "many":
        starts = random_starts(N_STARTS, changes.pop("seed", preset.seed))
    elif preset.seed is None:
        starts = (XOR_RUNS["unit"].parameters,)
    else:
        starts = (random_start((2, 1), changes.pop("seed", preset.seed)),)
    values = {"loss": preset.loss, "learning_rate": preset.learning_rate, "n_updates": preset.n_updates}
    return UnitTraining(("xor", beside), **{"starts": starts} | values | changes)


def check_losses(screen, of, digits=4):
    """The table of losses."""
    history = train(of)
    rows = np.searchsorted(history.updates, milestones(of.n_updates))
    assert screen.table["Updates"].tolist() == [str(update) for update in milestones(of.n_updates)]
    for place, code in enumerate(of.gates):
        expected = [plain(loss, digits) for loss in history.losses[place, 0, rows]]
        assert screen.table[f"Loss of {GATES[code]}"].tolist() == expected
    return history


def numbers_of(text):
    return [float(word) for word in text.replace("−", "-").replace(",", " ").split() if word.lstrip("-")[:1].isdigit()]


# ---------------------------------------------------------------- the run of note 003


def test_the_figures_of_note_003(app):
    screen = app("perceptron", **XOR)
    assert screen.link == XOR
    losses = dict(zip(screen.table["Updates"], screen.table["Loss of XOR"], strict=True))
    assert round(float(losses["0"]), 4) == 0.2563
    assert [round(float(losses[str(n)]), 4) for n in range(1000, 10_001, 1000)] == [0.25] * 10
    for figure in ("0.49135794", "-0.13921903", "-0.0045570974"):  # the note prints -0.0045571
        assert f"&= {figure}" in screen.latex
    assert "The text of note 003 counts two hidden layers" in screen.words
    check_losses(screen, config("note"), digits=8)


def test_the_note_speaks_korean(app):
    screen = app("perceptron", "ko", **XOR)
    assert "0.49135794" in screen.latex
    assert "은닉층이 둘이라고" in screen.words
    assert "0.25633741" in screen.table["XOR 손실"].tolist()


def test_its_end_and_why_it_stays_there(app):
    screen = app("perceptron", **XOR, perceptron_xor_step="end")
    assert r"\text{MSE} &= \tfrac14 \sum (a - y)^2" in screen.latex
    assert screen.latex.count("0.25") == 5
    screen.set("perceptron_xor_step", "why")
    assert r"\delta_{10} + \delta_{11} \\[6pt] &= -0.125 + 0.125 = 0" in screen.latex
    assert "they **cancel**" in screen.words
    assert screen.link == XOR | {"perceptron_xor_step": "why"}


# ---------------------------------------------------------------- presets and controls


@pytest.mark.parametrize("code", SINGLE)
def test_a_preset_shows_the_engines_numbers(app, code):
    screen = app("perceptron", **XOR, perceptron_xor_run=code)
    digits = PRESETS[code].digits
    history = check_losses(screen, config(code), digits)
    start, slope, first = (a[0, 0] for a in (history.start, history.start_gradient, history.first))
    assert f"w_1 &= {tex(start[0], digits)} - {tex(PRESETS[code].learning_rate, digits)}" in screen.latex
    assert tex(slope[0], digits) in screen.latex
    assert f"&= {tex(first[0], digits)}" in screen.latex
    screen.set("perceptron_xor_step", "end")
    for entry in history.entries[0, 0]:
        assert tex(entry, digits) in screen.latex
    assert f"&= {tex(history.losses[0, 0, -1], digits)}" in screen.latex


def test_cross_entropy_stops_at_ln_2(app):
    screen = app("perceptron", **XOR, perceptron_xor_run="bce")
    assert screen.table["Loss of XOR"].tolist()[-1] == plain(math.log(2)) == "0.6931"
    assert "All four outputs are ½" in screen.words
    assert "4 of 4 right (accuracy 1)." in screen.words
    assert named(screen, 0, "floor")["label"].tolist() == ["floor of XOR: ln 2 = 0.6931"]


def test_the_rare_start_saturates(app):
    screen = app("perceptron", **XOR, perceptron_xor_run="rare", perceptron_xor_step="why")
    assert "3 of 4 right (accuracy 0.75)." in screen.words
    assert "the gradient has **vanished**" in screen.words
    history = train(config("rare"))
    for delta in history.deltas[0, 0]:
        assert tex(abs(delta)) in screen.latex
    assert f"= {tex(history.gradient[0, 0, 2])}" in screen.latex


def test_a_run_cut_short_is_not_there_yet(app):
    screen = app("perceptron", **XOR, perceptron_xor_run="rare", perceptron_xor_step="why", perceptron_xor_updates="5")
    assert "Not there yet" in screen.words
    check_losses(screen, config("rare", n_updates=5))


@pytest.mark.parametrize(
    ("key", "value", "change"),
    [
        ("perceptron_xor_rate", 0.7, {"learning_rate": 0.7}),
        ("perceptron_xor_updates", 300, {"n_updates": 300}),
        ("perceptron_xor_loss", "cross_entropy", {"loss": "cross_entropy"}),
        ("perceptron_xor_beside", "nand", {"beside": "nand"}),
        ("perceptron_xor_seed", 8, {"seed": 8}),
        ("perceptron_xor_start.1", -2.5, {"starts": ((0.13, -2.5, 0.0),)}),
    ],
)
def test_a_control_moved_is_a_number_moved(app, key, value, change):
    screen = app("perceptron", **XOR, perceptron_xor_run="mse")
    before = screen.table
    screen.set(key, value)
    check_losses(screen, config("mse", **change))
    assert not screen.table.equals(before)
    assert set(screen.link) == {"perceptron_section", "perceptron_xor_run", key.split(".")[0]}


def test_digits(app):
    screen = app("perceptron", **XOR, perceptron_xor_run="bce").set("perceptron_xor_digits", 11)
    check_losses(screen, config("bce"), digits=11)
    assert screen.table["Loss of XOR"].tolist()[-1] == "0.69314718056"


def test_no_update_at_all(app):
    screen = app("perceptron", **XOR, perceptron_xor_updates="0")
    assert screen.table["Updates"].tolist() == ["0"]
    assert screen.table["Loss of XOR"].tolist() == ["0.25633741"]


def test_a_learning_rate_that_is_too_large_is_explained(app):
    wild = {"perceptron_xor_rate": "10", "perceptron_xor_start": "3_3_0"}
    screen = app("perceptron", **XOR, perceptron_xor_run="bce", **wild)
    assert [warning.value for warning in screen.at.warning] == [
        "The loss of XOR rises on the way: the learning rate is too large, steps overshoot."
    ]
    assert app("perceptron", **XOR).at.warning.len == 0


def test_xnor_beside_xor_fails_as_well(app):
    screen = app("perceptron", **XOR, perceptron_xor_beside="xnor")
    assert screen.table["Loss of XNOR"].tolist()[-1] == "0.25"
    assert screen.words.count("All four outputs are ½") == 2


# ---------------------------------------------------------------- pictures


def decoded(dataset):
    return pyarrow.ipc.open_stream(dataset.data.data).read_pandas()


def named(screen, chart, name):
    proto = screen.at.get("vega_lite_chart")[chart].proto
    (found,) = [dataset for dataset in proto.datasets if dataset.name == name]
    return decoded(found)


def test_the_curves_are_the_losses(app):
    screen, history = app("perceptron", **XOR), train(config("note"))
    drawn = named(screen, 0, "curves")
    for place, name in enumerate(("XOR", "AND")):
        own = drawn[drawn["series"] == name]
        np.testing.assert_array_equal(own["x"], history.updates)
        np.testing.assert_array_equal(own["y"], history.losses[place, 0])
    assert named(screen, 0, "floor")["y"].tolist() == [0.25]


def test_the_planes_show_the_outputs_and_a_line_only_where_there_is_an_answer(app):
    screen, history = app("perceptron", **XOR), train(config("note"))
    for place in (0, 1):
        points = named(screen, place + 1, "points")
        assert points["label"].tolist() == [plain(output, 3) for output in history.outputs[place, 0]]
    assert len(named(screen, 1, "lines")) == 0
    (line,) = named(screen, 2, "lines").to_dict("records")
    w1, w2, b = history.parameters[1, 0]
    assert w1 * line["x"] + w2 * line["y"] + b == pytest.approx(0, abs=1e-9)
    assert w1 * line["x2"] + w2 * line["y2"] + b == pytest.approx(0, abs=1e-9)


def test_the_wrong_corner_is_ringed(app):
    points = named(app("perceptron", **XOR, perceptron_xor_run="rare"), 1, "points")
    assert points[["x", "y"]][points["rim"] != ""].values.tolist() == [[0, 1]]


def test_the_pictures_change_by_their_data_only(app):
    screen = app("perceptron", **XOR)
    specs = [json.loads(spec) for spec in screen.picture]
    screen.set("perceptron_xor_rate", 0.9)
    assert [json.loads(spec) for spec in screen.picture] == specs


def test_the_alternative_text_has_the_numbers(app):
    texts = [chart.proto.alt for chart in app("perceptron", **XOR).at.get("vega_lite_chart")]
    assert texts[0] == "Loss over the updates. At the end: XOR 0.25, AND 0.002645; floor of XOR: 0.25"
    assert "outputs 0.5, 0.5, 0.5, 0.5" in texts[1]
    assert "4 of 4 right" in texts[2]


# ---------------------------------------------------------------- many starts


@pytest.mark.parametrize("changes", [{}, {"perceptron_xor_seed": "3"}, {"perceptron_xor_loss": "cross_entropy"}])
def test_many_starts_are_counted(app, changes):
    screen = app("perceptron", **XOR, perceptron_xor_run="many", **changes)
    seed, loss = int(changes.get("perceptron_xor_seed", 0)), changes.get("perceptron_xor_loss", "squared_error")
    history = train(config("many", seed=seed, loss=loss))
    for place, name in enumerate(("XOR", "AND")):
        counts = [int((history.right[place] == n).sum()) for n in (4, 3, 2, 1, 0)]
        assert screen.table[f"Starts of {name}"].astype(int).tolist() == counts
        assert sum(counts) == N_STARTS
    three, lowest = (history.right[0] == 3).sum(), history.losses[0, :, -1].min()
    assert f"{three} of 300 starts have three of four right (accuracy 0.75)" in screen.words
    assert f"among all starts is {plain(lowest)}." in screen.words
    assert (three > 0) == (loss == "squared_error")
    assert ("None stays there" in screen.words) == (loss == "cross_entropy")
    assert tex(one_unit.floor("xor", loss)) in screen.latex


def test_the_title_counts_the_starts():
    assert str(N_STARTS) in PRESETS["many"].title


# ---------------------------------------------------------------- the proof


@pytest.mark.parametrize("code", GATES)
def test_every_gate_has_its_inequalities(app, code):
    screen = app("perceptron", **XOR, perceptron_xor_view="proof", perceptron_xor_gate=code)
    proof = separability(POINTS, gate(code).target)
    sides = ["b", "w2 + b", "w1 + b", "w1 + w2 + b"]
    signs = [{">": "> 0", "<=": "≤ 0"}[relation] for relation in proof.relations]
    assert screen.table["Must hold"].tolist() == [f"{side} {sign}" for side, sign in zip(sides, signs, strict=True)]
    assert screen.table["y"].astype(int).tolist() == list(gate(code).outputs)
    if proof.separable:
        z = POINTS @ proof.weights + proof.bias
        assert screen.table["z"].tolist() == [plain(value) for value in z]
        assert screen.table["Holds"].tolist() == ["✓ yes"] * 4
        assert f"= {tex(z[3])} " in screen.latex
        weights = ", ".join(map(plain, (*proof.weights, proof.bias)))
        assert f"w1, w2, b = {weights}" in screen.words
    else:
        assert r"0 < w_1 + w_2 + 2b \le 0" in screen.latex
        assert screen.table["Times"].tolist() == ["1"] * 4


def test_the_proof_of_xor_in_full(app):
    latex = app("perceptron", **XOR, perceptron_xor_view="proof").latex
    for line in (
        r"(0, 0)\colon\quad b &\le 0",
        r"(0, 1)\colon\quad w_2 + b &> 0",
        r"(1, 0)\colon\quad w_1 + b &> 0",
        r"(1, 1)\colon\quad w_1 + w_2 + b &\le 0",
        r"(w_2 + b) + (w_1 + b) &> 0",
        r"b + (w_1 + w_2 + b) &\le 0",
        r"0.5\,(0, 1) + 0.5\,(1, 0) &= (0.5, 0.5)",
        r"0.5\,(0, 0) + 0.5\,(1, 1) &= (0.5, 0.5)",
    ):
        assert line in latex


def test_the_proof_is_drawn(app):
    screen = app("perceptron", **XOR, perceptron_xor_view="proof")
    lines = named(screen, 0, "lines")[["x", "y", "x2", "y2"]].values.tolist()
    np.testing.assert_allclose(lines, [[0, 1, 1, 0], [0, 0, 1, 1], [0.5, 0.5, 0.5, 0.5]], rtol=1e-12)
    screen.set("perceptron_xor_gate", "and")
    (line,) = named(screen, 0, "lines")[["x", "y", "x2", "y2"]].values.tolist()
    assert {2 * line[0] + 2 * line[1], 2 * line[2] + 2 * line[3]} == {3}
    screen.set("perceptron_xor_gate", "true")
    assert len(named(screen, 0, "lines")) == 0
    assert "the bias alone answers" in screen.words


# ---------------------------------------------------------------- the wall


def test_the_wall_counts(app):
    screen = app("perceptron", **QUIET)
    for share in (r"\frac{4}{4}", r"\frac{14}{16}", r"\frac{104}{256}"):
        assert share in screen.latex
    (chart,) = screen.at.get("vega_lite_chart")
    assert chart.proto.alt == "14 of 16 gates have a line that parts their corners; without one: XOR, XNOR"
    lines = dict(zip(screen.table["Gate"], screen.table["w1, w2, b"], strict=True))
    for code, name in GATES.items():
        proof = separability(POINTS, gate(code).target)
        if proof.separable:
            assert numbers_of(lines[name]) == [*proof.weights, proof.bias]
        else:
            assert lines[name] == "✗ none"
    assert len(named(screen, 0, "lines")) == 12


# ---------------------------------------------------------------- what every view keeps


@pytest.mark.parametrize("view", ["train", "proof", "wall"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_view_has_notice_challenge_and_a_script_that_runs(app, view, language):
    screen = app("perceptron", language, **XOR, perceptron_xor_view=view, perceptron_xor_updates="50")
    assert screen.has("perceptron_xor_challenge_guess")
    assert f"**{catalog(language).gettext('What to notice.')}** " in screen.words
    assert screen.printed()


def test_the_script_prints_the_screens_numbers(app):
    screen = app("perceptron", **XOR)
    printed = [line.split() for line in screen.printed()]
    for name in ("XOR", "AND"):
        losses = [float(words[4]) for words in printed if words[:2] == [name, "update"]]
        assert [plain(loss, 8) for loss in losses] == screen.table[f"Loss of {name}"].tolist()
    first = next(words for words in printed if words[:3] == ["XOR", "update", "1"])
    for value in first[-3:]:
        assert tex(float(value), 8) in screen.latex


def test_the_script_of_many_starts_prints_the_screens_counts(app):
    screen = app("perceptron", **XOR, perceptron_xor_run="many")
    ends = [line.split() for line in screen.printed() if "right answers" in line]
    for words in ends:
        counts = screen.table[f"Starts of {words[0]}"].astype(int).tolist()
        assert [int(word) for word in words[-5:]] == counts[::-1]
    assert len(ends) == 2


def test_the_script_of_the_wall_prints_the_screens_lines(app):
    screen = app("perceptron", **QUIET)
    printed = screen.printed()
    for name, line in zip(screen.table["Gate"], screen.table["w1, w2, b"], strict=True):
        (own,) = [text for text in printed if text.startswith(f"{name} [")]
        assert own.endswith("no line") if line == "✗ none" else own.endswith(str([int(n) for n in numbers_of(line)]))


def test_the_challenge(app):
    screen = app("perceptron", **QUIET)
    screen.set("perceptron_xor_challenge_guess", 0.5)
    assert any("mean of a − y" in warning.value for warning in screen.at.warning)
    screen.set("perceptron_xor_challenge_guess", 0.25)
    assert any("as if it were blind" in success.value for success in screen.at.success)
    assert one_unit.output_of_bias_alone("and") == pytest.approx(0.25, abs=1e-12)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("perceptron_xor_start", "1_2"),
        ("perceptron_xor_start", "11_0_0"),
        ("perceptron_xor_rate", "10.5"),
        ("perceptron_xor_rate", "-1"),
        ("perceptron_xor_updates", "1e9"),
        ("perceptron_xor_updates", "2.5"),
        ("perceptron_xor_beside", "xor"),
        ("perceptron_xor_view", "nothing"),
        ("perceptron_xor_run", "nothing"),
    ],
)
def test_a_bad_value_gives_the_default_and_a_word(app, key, value):
    screen = app("perceptron", **XOR, **{key: value})
    assert len(screen.toasts) == 1
    assert key in screen.toasts[0]
    check_losses(screen, config("note"), digits=8)


def test_a_run_brings_its_own_values(app):
    screen = app("perceptron", **XOR).set("perceptron_xor_rate", 0.9)
    screen.set("perceptron_xor_run", "bce")
    check_losses(screen, config("bce"))
    assert screen.link == XOR | {"perceptron_xor_run": "bce"}
