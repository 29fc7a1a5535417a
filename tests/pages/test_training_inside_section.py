"""The look inside: every number on screen is that of the frame, and the calculator takes the same network on."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest

from engine.activations import activation
from engine.lab import LabConfig, LabData, run
from engine.lab_inside import follow, moment, n_frames
from engine.lab_presets import PRESETS
from engine.lab_scores import network_scores, straight_scores
from engine.layers import BatchNorm, Dropout
from engine.losses import loss
from engine.optimizers import optimizer
from engine.training_config import TrainingConfig
from pages.sections.training import inside_calculator
from pages.shared import cached_lab
from pages.shared.numbers import plain, tex


def opened(app, language="en", **query):
    query = {f"training_{name}": str(value) for name, value in query.items()}
    screen = app("training", language, training_section="inside", **query)
    waits = [button for button in screen.at.button if button.key == "training_inside_run"]
    return screen.click("training_inside_run") if waits else screen


def at(code, frame=None):
    config = PRESETS[code]
    history = cached_lab.trained(config)
    return moment(config, history, n_frames(history) - 1 if frame is None else frame)


SMALL = ("unit", "three", "three_three", "four", "classic")


def followed(code, sample=0, frame=None, part=0):
    of = at(code, frame)
    plane = of.config.data.planes[part]
    return follow(of, plane.X[sample], plane.y[sample].item())


def check(screen, passage):
    """The table of z and a, and the loss."""
    table = screen.at.table[1].value
    rows = [row for layer in passage.layers for row in zip(layer.b, layer.z, layer.a, strict=True)]
    assert [list(row[1:]) for row in table.itertuples(index=False)] == [[plain(float(v)) for v in row] for row in rows]
    assert f"its loss is {plain(passage.loss)}." in screen.words


@pytest.mark.parametrize("code", PRESETS)
def test_every_experiment_shows_the_engine_s_numbers(app, code):
    screen = opened(app, preset=code)
    passage = followed(code)
    check(screen, passage)
    of, config = passage.moment, passage.moment.config
    regression = config.data.plane.task == "regression"

    def written(score):
        return plain(score, 3) if regression else f"{score:.1%}"

    expected = [written(one.train) for one in straight_scores(of)] + [written(network_scores(of)[0])]
    assert screen.table.iloc[:, 2].tolist() == expected
    assert len(screen.picture) == 1 + (len(config.training.sizes) > 2) + (max(config.training.sizes) <= 5)
    for layer in passage.layers:
        assert tex(float(layer.z[0])) in screen.latex
        assert tex(float(layer.a[0])) in screen.latex


def test_the_notes_network_ends_where_the_note_says(app):
    """Note 003's 2-3-1 after 10,000 updates."""
    screen = opened(app, preset="three")
    for sample, output in enumerate((0.02224467, 0.94487309, 0.94515393, 0.06835551)):
        assert followed("three", sample).output[0] == pytest.approx(output, abs=5e-9)
        screen.set("training_inside_sample", sample + 1)
        assert screen.at.table[1].value.iloc[-1, 3] == plain(output)
    assert screen.table.iloc[:2, 2].tolist() == ["50.0%", "100.0%"]


def test_the_frame_is_the_one_that_the_sections_share(app):
    screen = opened(app, preset="three", frame=20)
    check(screen, followed("three", frame=20))
    epoch = at("three", 20).epoch
    assert f"**After epoch {epoch}** of 10000" in screen.words
    screen.click("training_frame", "chevron_right")
    assert screen.link["training_frame"] == "21"
    check(screen, followed("three", frame=21))
    screen.click("training_frame", "last_page")
    assert "training_frame" not in screen.link


def test_training_and_test_samples(app):
    screen = opened(app, preset="moons", inside_part="test", inside_sample=5)
    check(screen, followed("moons", 4, part=1))
    assert "**Test sample 5**" in screen.words
    screen.set("training_inside_part", "train")
    assert "**Training sample 1**" in screen.words


def test_a_point_of_one_s_own(app):
    screen = opened(app, preset="classic", inside_own=1, inside_point="9_-1.5", inside_class="1")
    passage = follow(at("classic"), (9.0, -1.5), 1)
    check(screen, passage)
    assert "**Your own point**, x = (9, −1.5): class 1, answered: class **0**, wrong" in screen.words
    value = opened(app, preset="plane", inside_own=1, inside_point="0.25_0.5", inside_value="2")
    check(value, follow(at("plane"), (0.25, 0.5), 2.0))


def test_layers_and_axes(app):
    screen = opened(app, preset="classic")
    assert "The hidden picture is exact" in screen.words
    screen.set("training_inside_layer", "1")
    assert "is a projection of 4 units" in screen.words
    assert "So it has no ground" in screen.words
    screen.set("training_inside_axes", "units")
    screen.set("training_inside_across", "4")
    titles = [part["encoding"]["x"]["title"] for part in (json.loads(screen.picture[1])["layer"][0],)]
    assert titles == ["a₄⁽¹⁾"]
    three = opened(app, preset="three")
    assert "Across the decision boundary it loses nothing" in three.words
    assert screen.link["training_inside_layer"] == "1"


def test_the_units_lines_can_be_put_away(app):
    screen = opened(app, preset="three")
    assert "Blue lines: where a unit of hidden layer 1 has z = 0" in screen.words
    screen.set("training_inside_lines", False)
    assert "Blue lines" not in screen.words
    assert "Blue lines" not in opened(app, preset="wide").words
    assert "Blue lines" in opened(app, preset="wide", inside_axes="units").words


def test_every_parameter_is_listed(app):
    screen = opened(app, preset="three")
    table = screen.at.table[2].value
    passage = followed("three")
    assert len(table) == passage.moment.config.training.architecture.n_parameters
    assert table.iloc[0].tolist() == ["W⁽¹⁾₁₁", "x₁ → a₁⁽¹⁾", plain(float(passage.layers[0].W[0, 0]))]
    biases = [row[2] for row in table.itertuples(index=False) if row[0].startswith("b")]
    assert biases == [plain(float(b)) for layer in passage.layers for b in layer.b]
    big = opened(app, preset="memory", inside_into="2", inside_unit="7")
    layer = followed("memory").layers[1]
    rows = big.at.table[2].value
    assert rows.iloc[:, 2].tolist() == [plain(float(v)) for v in (*layer.W[:, 6], layer.b[6])]
    assert "1185 weights and biases in all" in big.words
    assert rows.iloc[0, 0] == "W⁽²⁾₁,₇"


def link_to_calculator(screen):
    (link,) = [one for one in screen.at.get("page_link") if "backprop_network" in one.proto.query_string]
    return dict(parse_qsl(link.proto.query_string.lstrip("?")))


@pytest.mark.parametrize(("code", "language"), [*[(code, "en") for code in SMALL], ("three", "ko")])
def test_the_calculator_takes_network_and_sample_on(app, code, language):
    screen = opened(app, language, preset=code, inside_sample=2)
    passage = followed(code, 1)
    there = app("backprop", language, **link_to_calculator(screen), backprop_digits="9")
    assert there.toasts == []
    assert there.metrics[0] == plain(passage.loss, 9)
    assert there.value("backprop_rate") == passage.moment.config.training.optimizer.learning_rate
    values = there.table["Value" if language == "en" else there.table.columns[1]].tolist()
    assert values == [plain(float(v), 9) for v in passage.moment.parameters]
    step = 0
    for layer in passage.layers:
        for z, a in zip(layer.z.tolist(), layer.a.tolist(), strict=True):
            for value in (z, a):
                step += 1
                there.set("backprop_at_step", step)
                assert there.latex.strip("$\n").endswith(rf"&= {tex(value, 9)} \end{{aligned}}\hspace{{3pt}}")


@pytest.mark.parametrize(
    ("code", "reason"), [("wide", "room for 4 units"), ("blobs", "room for 4 units"), ("spirals", "room for 4 units")]
)
def test_why_the_calculator_cannot(app, code, reason):
    screen = opened(app, preset=code)
    assert reason in screen.words
    assert not [one for one in screen.at.get("page_link") if "backprop_network" in one.proto.query_string]


def wide_config(sizes, **options):
    training = TrainingConfig(sizes, (activation("tanh"),) * (len(sizes) - 1), epochs=1, snapshots=(0, 1), **options)
    return LabConfig(LabData(n_samples=20, features=("x1", "x2", "product", "sin_x1")[: sizes[0]]), training)


def told_by(config):
    of = moment(config, run(config), 1)
    return inside_calculator.refusal(follow(of, config.data.plane.X[0], 0))


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (wide_config((2, 3, 1)), ""),
        (wide_config((4, 4, 4, 4, 1)), ""),
        (wide_config((2, 5, 1)), "it has room for 4 units a layer and 3 hidden layers."),
        (wide_config((2, 2, 2, 2, 2, 1)), "it has room for 4 units a layer and 3 hidden layers."),
        (wide_config((2, 3, 1), batch_norm=BatchNorm()), "it knows no batch normalization."),
        (wide_config((2, 3, 1), dropout=Dropout(0.2)), ""),
        (wide_config((2, 3, 1), dropout=Dropout(0.2, "classic")), "it knows no dropout that scales in evaluation."),
        (wide_config((2, 3, 1), loss=loss("huber")), "it does not know this loss."),
        (wide_config((2, 3, 1), optimizer=optimizer("sgd", learning_rate=2000.0)), "it takes numbers up to 1000."),
    ],
)
def test_what_the_calculator_takes(config, reason):
    assert told_by(config) == reason


def test_its_link_stays_short():
    """Every number of the largest network that has room, with all its digits."""
    config = wide_config((4, 4, 4, 4, 1))
    passage = follow(moment(config, run(config), 1), config.data.plane.X[0], 0)
    assert len(urlencode(inside_calculator.parameters(passage))) < inside_calculator.LONGEST


def test_the_notice_says_what_is_there(app):
    few = opened(app, preset="three")
    assert "In the inputs a linear model gets 50.0% of the training samples right, in the space of hidden" in few.words
    assert "3 units can nearly always part 4 points, trained or not" in few.words
    none = opened(app, preset="unit")
    assert "without a hidden layer the network can only cut straight" in none.words
    assert "This network has no hidden layer" in none.words
    many = opened(app, preset="classic")
    assert "Go to the first frame to see" in many.words
    assert "Go to the first frame to see" not in opened(app, preset="classic", frame=0).words
    assert "The network itself gets only 50.0%" in opened(app, preset="deep").words


def test_a_straight_cut_of_features_is_not_told_of_the_plane(app):
    for code in ("squares", "product"):
        screen = opened(app, preset=code)
        assert screen.table.iloc[0, 0] == "features"
        assert "**The plane of x₁ and x₂**" in screen.words
        assert "can only cut straight there as well. In the plane of x₁ and x₂ that cut can be curved." in screen.words
        assert "In the inputs" not in screen.words
    assert "of what the network is fed, x₁², x₂², not the plane" in opened(app, preset="squares").words
    assert "of what the network is fed" not in opened(app, preset="unit").words
    hidden = opened(app, preset="three", features="product")
    assert "In the space of the features a linear model gets" in hidden.words


def test_a_regression_is_told_without_classes(app):
    screen = opened(app, preset="plane", units="3, 3", standardize=1)
    assert "a linear model does nearly as well as the network" in screen.words
    assert "parts the classes" not in screen.words
    assert "cut straight" not in screen.words
    assert "from the smallest target (orange) to the largest (blue)" in screen.words
    assert "it holds 99.7% of their variance. So it has no ground" in screen.words
    start = opened(app, preset="plane", units="3, 3", standardize=1, frame=0)
    assert "it holds more than 99.9% of their variance. It has no ground all the same" in start.words
    assert "So it has no ground" not in start.words
    assert "A hidden layer would give each sample new coordinates" in opened(app, preset="plane").words


def test_a_layer_that_is_dead_puts_all_samples_on_one_point(app):
    screen = opened(app, preset="fail_rate", frame=2)
    assert "puts all training samples on one point" in screen.words
    assert "nan" not in screen.words
    assert "are exact" not in screen.words


def test_early_stopping_names_the_network_that_is_shown(app):
    screen = opened(app, preset="overfit", patience=10)
    config = PRESETS["overfit"]
    history = run(replace(config, training=replace(config.training, patience=10)))
    best, stopped = int(history.best_epoch), int(history.stopped_at)
    assert f"**The network of epoch {best}**" in screen.words
    assert f"ended the training after epoch {stopped} of 150" in screen.words
    assert f"training loss {plain(float(history.train_loss[best]))}" in screen.words
    assert "After epoch 150" not in screen.words
    assert "**After epoch 0** of 150" in opened(app, preset="overfit", patience=10, frame=0).words


def test_the_mistake_and_the_challenge(app):
    screen = opened(app, preset="unit")
    assert "−11 · (−8) − 11 · 3 + 6 = 61" in screen.words
    screen.set("training_inside_mistake", "2")
    assert "What does a layer hand on" in screen.words
    screen.set("training_inside_mistake", "3")
    assert "−11 · 0.0003354 − 11 · 0.9526 + 6 = −4.482, so a = 0.01118" in screen.words
    screen.set("training_inside_challenge_guess", 0.6)
    assert "The sigmoid is 0.5 where z = 0" in screen.words
    screen.set("training_inside_challenge_guess", 0.545)
    assert "a₂ = 6/11" in screen.words


@pytest.mark.parametrize("code", ["classic", "three", "blobs", "plane"])
def test_the_script_prints_the_numbers_of_the_screen(app, code):
    screen = opened(app, preset=code, inside_sample=3)
    printed = {line.split()[0]: [plain(float(v)) for v in line.split()[1:]] for line in screen.printed()}
    table = screen.at.table[1].value
    layers = [name for name in printed if name.startswith("z")]
    assert [v for name in layers for v in printed[name]] == table["z"].tolist()
    assert [v for name in layers for v in printed[name.replace("z", "a")]] == table["a"].tolist()
    assert f"its loss is {printed['loss'][0]}." in screen.words


def test_numbers_that_do_not_fit_are_told(app):
    screen = opened(app, preset="three", inside_sample="5", inside_layer="7", frame="99")
    assert len(screen.toasts) == 2  # a network of one hidden layer has no choice of layers
    check(screen, followed("three"))


def test_before_the_training_is_asked_for_the_rest_is_there(app):
    screen = app("training", training_section="inside", training_preset="deeper", training_epochs="20000")
    assert "What to notice" in screen.words
    assert "Predict, then check" in screen.words
    assert screen.has("training_inside_mistake")
    assert screen.picture == []
