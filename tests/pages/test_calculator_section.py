"""The calculator: every number on screen is the engine's, whatever is set, moved or linked."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from engine.activations import activation
from engine.experiment import explain, run
from engine.losses import CrossEntropy, loss
from engine.network import predict
from engine.walkthrough import steps
from pages.sections.backprop.presets import PRESETS, own
from pages.shared import names
from pages.shared.charts import network as picture
from pages.shared.formulas.network import Notation, Writer
from pages.shared.numbers import plain, tex

LOGITS = (activation("sigmoid"), activation("linear"))
each_preset = pytest.mark.parametrize("code", PRESETS)


def opened(app, code="chain", **query):
    network = {} if code == "chain" else {"backprop_network": code}
    return app("backprop", backprop_section="calculator", **network, **query)


def check(screen, experiment, n_updates=0, digits=4):
    """Losses and table are those of the experiment after so many updates."""
    e = explain(experiment, run(experiment, n_updates).parameters)
    assert screen.metrics == [plain(value, max(digits, 6)) for value in (e.loss, e.new_loss)]
    columns = {
        "Value": e.parameters,
        "Gradient": e.gradient,
        "Numerical gradient": e.numerical,
    }
    table = screen.table
    fixed = experiment.architecture.bias_mask() * (not experiment.learn_biases)
    new = ["fixed" if stays else plain(value, digits) for value, stays in zip(e.new_parameters, fixed, strict=True)]
    assert table["New value"].tolist() == new
    for title, values in columns.items():
        assert table[title].tolist() == [plain(value, digits) for value in values]
    assert table["Relative error"].tolist() == [plain(value, 2) for value in e.relative_error]
    return e


# Presets


@each_preset
def test_a_preset_shows_the_engines_numbers(app, code):
    screen = opened(app, code)
    check(screen, PRESETS[code].experiment)
    assert len(screen.link) == (1 if code == "chain" else 2)
    assert not screen.at.warning


def test_the_notes_figures_are_on_screen(app):
    screen = opened(app, backprop_digits="8")
    assert screen.metrics == ["0.18249473", "0.16765521"]
    assert screen.table["Parameter"].tolist() == ["W1: 1 → 1  (w1)", "b1: 1", "W2: 1 → 1  (w2)", "b2: 1"]
    assert screen.table["Gradient"].tolist()[::2] == ["−0.01267462", "−0.12264305"]
    assert screen.table["New value"].tolist()[::2] == ["0.71267462", "0.62264305"]


def test_the_classic_has_its_own_names(app):
    shown = opened(app, "classic").table["Parameter"].tolist()
    assert shown[:2] == ["W1: 1 → 1  (w1)", "W1: 1 → 2  (w3)"]
    assert len(shown) == 12


def test_a_preset_brings_its_own_settings(app):
    screen = opened(app).set("backprop_rate", 3.0)
    check(screen, replace(PRESETS["chain"].experiment, learning_rate=3.0))
    screen.set("backprop_network", "classic")
    check(screen, PRESETS["classic"].experiment)
    assert "backprop_rate" not in screen.link


# Widgets


def test_the_learning_rate(app):
    screen = opened(app).set("backprop_rate", 2.0)
    check(screen, replace(PRESETS["chain"].experiment, learning_rate=2.0))
    assert screen.link == {"backprop_section": "calculator", "backprop_rate": "2"}


@each_preset
def test_the_mistake_shows_its_wrong_figures(app, code):
    screen = opened(app, code).set("backprop_mistake", True)
    e = check(screen, replace(PRESETS[code].experiment, update_order="output_first"))
    right = explain(PRESETS[code].experiment)
    assert e.gradient[0] != right.gradient[0]
    assert screen.table["Gradient"][0] != plain(right.gradient[0]) or code in ("chain", "classic")
    assert any("already updated" in box.value for box in screen.at.warning)
    assert screen.link["backprop_mistake"] == "1"


def test_the_mistake_gives_the_figure_that_circulates(app):
    screen = opened(app, "classic", backprop_mistake="1", backprop_digits="9")
    assert screen.metrics == ["0.298371109", "0.291027924"]
    assert opened(app, "classic", backprop_digits="9").metrics == ["0.298371109", "0.291027774"]


@pytest.mark.parametrize("kind", names.ACTIVATIONS)
def test_the_activations(app, kind):
    screen = opened(app, "two_outputs")
    if kind != "sigmoid":
        screen.set("backprop_activation1", kind).set("backprop_activation2", kind)
    check(screen, replace(PRESETS["two_outputs"].experiment, activations=(activation(kind),) * 2))


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ({"loss": "squared_error"}, {"loss": loss("squared_error", "sum")}),
        ({"reduction": "mean"}, {"loss": loss("cross_entropy", "mean")}),
        ({"epsilon": "log"}, {"loss": CrossEntropy("sum", log_epsilon=1e-7)}),
        ({"epsilon": "division"}, {"loss": CrossEntropy("sum", division_epsilon=1e-7)}),
        ({"biases": "0"}, {"learn_biases": False}),
        (
            {"activation2": "linear", "loss": "cross_entropy_with_logits"},
            {"activations": LOGITS, "loss": loss("cross_entropy_with_logits", "sum")},
        ),
    ],
)
def test_loss_and_biases(app, query, changed):
    screen = opened(app, "xor", **{f"backprop_{name}": text for name, text in query.items()})
    check(screen, replace(PRESETS["xor"].experiment, **changed))
    assert screen.toasts == []


def test_a_loss_brings_the_output_activation_it_is_made_for(app):
    screen = opened(app, "xor").set("backprop_activation2", "relu")
    check(screen, PRESETS["xor"].experiment)  # cross-entropy keeps the sigmoid it is made for
    screen.set("backprop_loss", "half_squared_error")
    kinds = (activation("sigmoid"), activation("relu"))
    check(screen, replace(PRESETS["xor"].experiment, activations=kinds, loss=loss("half_squared_error", "sum")))


def test_the_sample_that_is_shown(app):
    experiment = PRESETS["xor"].experiment
    screen = opened(app, "xor", backprop_at_step="2").set("backprop_sample", "2")
    a = explain(experiment).trace.a[1][2, 0]
    assert screen.latex.count(tex(a)) == 1
    check(screen, experiment)
    assert not opened(app, "classic").has("backprop_sample")


def test_the_notation(app):
    screen = opened(app, "classic", backprop_at_step="7")
    assert r"a^{(1)}_{1} \cdot W^{(2)}_{12}" in screen.latex
    screen.set("backprop_notation", "wx")
    assert r"W^{(2)}_{21} \cdot a^{(1)}_{1}" in screen.latex
    assert screen.link["backprop_notation"] == "wx"
    check(screen, PRESETS["classic"].experiment)


# The stepper


@pytest.mark.parametrize("code", ["chain", "xor"])
def test_every_step_has_its_formula_and_its_picture(app, code):
    experiment = PRESETS[code].experiment
    order = steps(experiment.sizes, experiment.learn_biases)
    writer = Writer(experiment, explain(experiment), 0, partial(tex, digits=4), Notation())
    screen = opened(app, code)
    assert screen.value("backprop_at_step") == len(order)
    screen.click("backprop_at_step", "first_page")
    assert "**Start.**" in screen.words
    assert screen.latex == ""
    first = screen.picture
    for step in order:
        screen.click("backprop_at_step", "chevron_right")
        assert screen.latex.strip("$\n") == writer.write(step)
        assert screen.picture == first  # only the data change
    assert "backprop_at_step" not in screen.link


def test_the_picture_is_wide_enough_for_its_numbers(app):
    assert '"width":500' in opened(app, "classic").picture[0].replace(" ", "")
    assert picture.width(PRESETS["classic"].experiment) == 500


# Updates


@each_preset
def test_updates_made_and_undone(app, code):
    experiment = PRESETS[code].experiment
    screen = opened(app, code).click("backprop_updates.1")
    check(screen, experiment, 1)
    assert screen.link["backprop_updates"] == "1"
    check(screen.click("backprop_updates.10"), experiment, 11)
    check(screen.click("backprop_updates.100"), experiment, 111)
    check(screen.click("backprop_updates.-1"), experiment, 110)
    check(screen.click("backprop_updates.0"), experiment, 0)
    assert "backprop_updates" not in screen.link


def test_ten_thousand_updates_of_the_classic(app):
    screen = opened(app, "classic", backprop_updates="10000", backprop_at_step="10", backprop_digits="9")
    experiment = PRESETS["classic"].experiment
    e = check(screen, experiment, 10_000, digits=9)
    assert predict(experiment.architecture, e.parameters, experiment.X)[0] == pytest.approx(
        [0.015913620, 0.984064274], abs=5.00001e-10
    )
    assert "0.0159136204" in screen.latex
    assert screen.button("backprop_updates.1").disabled
    assert screen.button("backprop_updates.1000").disabled
    assert not screen.button("backprop_updates.-1").disabled
    screen.click("backprop_updates.-1")
    check(screen, experiment, 9999, digits=9)


def test_at_the_start_there_is_nothing_to_undo(app):
    screen = opened(app)
    assert screen.button("backprop_updates.-1").disabled
    assert screen.button("backprop_updates.0").disabled
    assert len(screen.picture) == 1
    assert len(screen.click("backprop_updates.1000").picture) == 2


def test_divergence_is_told_and_the_last_finite_state_shown(app):
    linear = {"backprop_activation1": "linear", "backprop_activation2": "linear"}
    screen = opened(app, "classic", backprop_rate="1000", backprop_updates="500", **linear)
    kinds = (activation("linear"),) * 2
    experiment = replace(PRESETS["classic"].experiment, activations=kinds, learning_rate=1000.0)
    at = int(run(experiment, 500).diverged_at)
    assert 0 < at < 500
    assert any(f"after update {at} " in box.value for box in screen.at.warning)
    loss_now = run(experiment, at - 1).losses[-1]
    assert screen.metrics[0] == plain(loss_now, 6)
    assert np.isfinite(loss_now)


def test_weights_that_are_lost_behind_a_finite_loss_are_divergence_too(app):
    """Behind a step function a weight that is no number changes no output."""
    query = {"activation1": "step", "activation2": "leaky_relu", "reduction": "mean", "rate": "1000", "mistake": "1"}
    query |= {"start": "-0.17_1000_0_-1_1.9_1_1000_-1_0_1_0_-1000", "data": "0.1_-2_-1000_-1", "updates": "150"}
    screen = opened(app, "classic", **{f"backprop_{name}": text for name, text in query.items()})
    (told,) = [box.value for box in screen.at.warning if "diverged" in box.value]
    at = int(told.split("after update ")[1].split()[0])
    assert 0 < at < 150
    assert "nan" not in set(screen.table["Value"])
    assert screen.toasts == []


# Tables


def test_other_weights_by_link(app):
    screen = opened(app, backprop_start="0.25_0_-1.5_0.5")
    check(screen, replace(PRESETS["chain"].experiment, parameters=(0.25, 0.0, -1.5, 0.5)))
    assert screen.at.dataframe[1].value["Start"].tolist() == [0.25, 0.0, -1.5, 0.5]


def test_other_data_by_link(app):
    data = "0_0_1_0_1_0_1_0_0_1_1_1"
    screen = opened(app, "xor", backprop_data=data)
    X, Y = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), ((1.0,), (0.0,), (0.0,), (1.0,))
    check(screen, replace(PRESETS["xor"].experiment, X=X, Y=Y))
    assert screen.at.dataframe[0].value.columns.tolist() == ["x1", "x2", "y1"]
    assert screen.link["backprop_data"] == data


def test_an_edited_cell(app):
    screen = opened(app)
    (key,) = [k for k in screen.at.session_state if str(k).startswith("backprop_start.") and str(k)[-1].isdigit()]
    screen.at.session_state[key] = {"edited_rows": {0: {"Start": 0.9}}, "added_rows": [], "deleted_rows": []}
    screen.run()
    check(screen, replace(PRESETS["chain"].experiment, parameters=(0.9, 0.0, 0.5, 0.0)))
    assert screen.link["backprop_start"] == "0.9_0_0.5_0"
    before = screen.metrics
    screen.set("backprop_rate", 3.0).set("backprop_rate", 1.0)
    assert screen.metrics == before


@pytest.mark.parametrize("bad", [1e6, None, "x"])
def test_a_cell_that_cannot_be_keeps_its_start(app, bad):
    screen = opened(app)
    (key,) = [k for k in screen.at.session_state if str(k).startswith("backprop_data.") and str(k)[-1].isdigit()]
    screen.at.session_state[key] = {"edited_rows": {0: {"x1": bad}}, "added_rows": [], "deleted_rows": []}
    check(screen.run(), PRESETS["chain"].experiment)


# A network of one's own


@pytest.mark.parametrize("sizes", [(2, 2, 1), (1, 1), (4, 4, 4, 4, 4), (3, 1, 2, 4)])
def test_a_network_of_ones_own(app, sizes):
    screen = opened(app, "own")
    screen.set("backprop_depth", len(sizes) - 2)
    for key, size in zip(
        ["backprop_inputs", *[f"backprop_units{n}" for n in range(1, len(sizes) - 1)], "backprop_outputs"],
        sizes,
        strict=True,
    ):
        screen.widget(key).set_value(size)
    screen.run()
    experiment = own(sizes).experiment
    check(screen, experiment)
    assert screen.value("backprop_at_step") == len(steps(sizes))
    screen.click("backprop_updates.10")
    check(screen, experiment, 10)
    again = app("backprop", **screen.link)
    assert again.screenshot() == screen.screenshot()


# Predict, and take away


def test_the_challenge(app):
    key = "backprop_calculator_challenge"
    screen = opened(app).set(f"{key}_guess", 0.745)
    assert screen.at.success[-1].proto.title == "Right: 0.7453"
    screen.set(f"{key}_guess", 0.623)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{key}_solution", True)
    assert screen.at.info[-1].proto.title == "The answer is 0.7453"


@each_preset
@pytest.mark.parametrize("n_updates", ["0", "25"])
def test_the_script_prints_the_screen(app, code, n_updates):
    screen = opened(app, code, backprop_updates=n_updates)
    experiment = PRESETS[code].experiment
    history = run(experiment, int(n_updates))
    lines = screen.printed()
    last = next(line for line in reversed(lines) if line[0].isdigit())
    assert last.split()[0] == n_updates
    assert float(last.split()[1]) == pytest.approx(history.losses[-1], rel=1e-10)
    W2 = next(line for line in lines if line.startswith("W2"))
    expected = experiment.architecture.weights(history.parameters)[1]
    assert np.array(eval(W2.removeprefix("W2 "))) == pytest.approx(expected, rel=1e-10)
