"""The panel of the training lab: what its controls say is what is trained, and a link says it again."""

import random
from dataclasses import fields, replace

import pytest

from engine.activations import activation
from engine.initializers import initializer
from engine.lab import LabConfig
from engine.lab_presets import OWN_POINTS, PRESETS
from engine.layers import BatchNorm, Dropout
from engine.losses import CrossEntropy, Huber, SoftmaxCrossEntropy, SquaredError, loss
from engine.optimizers import optimizer
from engine.schedules import schedule
from engine.training_config import evenly
from engine.weight_schemes import Constant
from pages.sections.training import play
from pages.shared import controls, screen
from pages.shared.lab import network, points
from pages.shared.lab.setup import TITLES, setup

CLASSIC = PRESETS["classic"]
SEEN = []  # what the panel has said


@controls.section
def bench() -> None:
    """The panel and what belongs to a picture, and nothing else."""
    with screen.refusals():
        SEEN.append(setup())
        SEEN[-1].mine.tools()


@pytest.fixture(autouse=True)
def _panel_alone(monkeypatch):
    monkeypatch.setattr(play, "section", bench)


@pytest.fixture
def panel(app):
    """panel(**link): the screen that a link opens, and what it trains."""

    def by_link(**link):
        SEEN.clear()
        found = app("training", **link)
        return found

    return by_link


def said() -> LabConfig:
    return SEEN[-1].config


def test_every_experiment_has_a_title():
    assert set(TITLES) == set(PRESETS)


@pytest.mark.parametrize("code", PRESETS)
def test_an_experiment_begins_as_the_engine_has_it(panel, code):
    found = panel(training_preset=code)
    assert said() == PRESETS[code]
    assert (found.toasts, list(found.at.error)) == ([], [])
    assert found.link == ({} if code == "classic" else {"training_preset": code})


def of_data(**changes):
    return lambda config: replace(config, data=replace(config.data, **changes))


def of_training(**changes):
    return lambda config: replace(config, training=replace(config.training, **changes))


def tanh(n):
    return (activation("tanh"),) * n


MOVES = [  # experiment, key, value -> the one thing that changes
    ("classic", "rate", "0.3", of_training(optimizer=optimizer("sgd", learning_rate=0.3))),
    ("classic", "epochs", "120", of_training(epochs=120, snapshots=evenly(120, 60))),
    ("classic", "epochs", "7", of_training(epochs=7, snapshots=tuple(range(8)))),
    ("classic", "seed", "5", of_training(seeds=5)),
    ("classic", "units", "5", of_training(sizes=(2, 5, 1), activations=tanh(2))),
    ("classic", "units", "0", of_training(sizes=(2, 1), activations=tanh(1))),
    ("classic", "units", "3-3-3", of_training(sizes=(2, 3, 3, 3, 1), activations=tanh(4))),
    ("classic", "activation", "relu", of_training(activations=(*(activation("relu"),) * 2, activation("tanh")))),
    ("classic", "samples", "100", of_data(n_samples=100)),
    ("classic", "noise", "0.5", of_data(noise=0.5)),
    ("classic", "test", "0.25", of_data(test_share=0.25)),
    ("classic", "draw", "8", of_data(seed=8)),
    ("classic", "standardize", "1", of_training(standardize=True)),
    ("classic", "loss", "squared_error", of_training(loss=SquaredError())),
    ("classic", "reduction", "sum", of_training(loss=loss("half_squared_error", "sum"))),
    ("classic", "reported", "1", of_training(reported=SquaredError())),
    ("classic", "output", "sigmoid", of_training(activations=(*tanh(2), activation("sigmoid")))),
    ("classic", "optimizer", "adam", of_training(optimizer=optimizer("adam", learning_rate=0.02))),
    ("classic", "weight_decay", "0.01", of_training(optimizer=optimizer("sgd", learning_rate=0.03, weight_decay=0.01))),
    ("classic", "batch", "all", of_training(batch_size=None)),
    ("classic", "batch", "1", of_training(batch_size=1)),
    ("classic", "schedule", "cosine", of_training(schedule=schedule("cosine", length=300 * 25))),
    ("classic", "clip", "2", of_training(clip_norm=2.0)),
    ("classic", "patience", "9", of_training(patience=9)),
    ("classic", "dropout", "0.2", of_training(dropout=Dropout(0.2))),
    ("classic", "norm", "after_activation", of_training(batch_norm=BatchNorm("after_activation"))),
    ("classic", "l1", "0.01", of_training(l1=0.01)),
    ("classic", "l2", "0.02", of_training(l2=0.02)),
    ("classic", "weights_bound", "0.1", of_training(initializer=initializer("uniform", bound=0.1))),
    ("classic", "initializer", "he_normal", of_training(initializer=initializer("he_normal"))),
    ("classic", "bias_value", "0", of_training(bias_initializer=Constant(0.0))),
    ("three", "activation", "tanh", of_training(activations=(activation("tanh"), activation("sigmoid")))),
    ("three", "initializer", "normal", lambda config: replace(config, start=())),
    ("wide", "log_epsilon", "0", of_training(loss=CrossEntropy())),
    ("spirals", "classes", "2", lambda config: config),
    ("plane", "loss", "huber", of_training(loss=Huber())),
]


@pytest.mark.parametrize(("code", "key", "value", "change"), MOVES, ids=[f"{c}-{k}-{v}" for c, k, v, _ in MOVES])
def test_a_control_changes_what_it_says_and_nothing_else(panel, code, key, value, change):
    found = panel(training_preset=code, **{f"training_{key}": value})
    assert said() == change(PRESETS[code])
    assert found.toasts == []


def test_features_are_inputs(panel):
    panel(training_features="x1.x2.product")
    assert said().data.features == ("x1", "x2", "product")
    assert said().training.sizes == (3, 4, 2, 1)


def test_another_task_brings_its_own_loss_and_output(panel):
    panel(training_source="blobs")
    assert said().training.sizes == (2, 4, 2, 3)
    assert said().training.loss == SoftmaxCrossEntropy()
    assert said().training.activations[-1].name == "linear"
    panel(training_source="plane")
    assert said().training.loss == SquaredError()
    assert said().training.activations[-1].name == "linear"
    panel(training_source="spirals", training_classes="5")
    assert said().training.sizes[-1] == 5


def test_a_loss_that_needs_an_output_has_it(panel):
    found = panel(training_loss="cross_entropy")
    assert said().training.activations[-1].name == "sigmoid"
    assert not found.has("training_output")
    found.set("training_loss", "cross_entropy_with_logits")
    assert said().training.activations[-1].name == "linear"


def test_activations_layer_by_layer(panel):
    found = panel(training_each="1", training_activation2="leaky_relu", training_leaky_relu_alpha="0.25")
    assert not found.has("training_activation"), "one for all would have nothing to say"
    first, second, last = said().training.activations
    assert (first.name, second, last.name) == ("tanh", activation("leaky_relu", alpha=0.25), "tanh")


def test_each_rule_has_its_own_learning_rate(panel):
    found = panel()
    found.set("training_rate", 0.5).set("training_optimizer", "rmsprop")
    assert said().training.optimizer == optimizer("rmsprop", learning_rate=0.01)
    assert found.set("training_optimizer", "sgd").value("training_rate") == 0.03


def test_another_experiment_begins_anew(panel):
    found = panel(training_rate="0.5", training_noise="1")
    found.set("training_preset", "moons")
    assert said() == PRESETS["moons"]
    assert found.link == {"training_preset": "moons"}


def test_the_notes_start_belongs_to_the_notes_network(panel):
    found = panel(training_preset="three")
    assert said().start
    found.set("training_units", "4")
    assert said().start == ()
    assert said().training.initializer == initializer("normal", sigma=1.0)
    found.set("training_units", "3")
    assert said() == PRESETS["three"]


def test_what_changes_nothing_or_cannot_be_is_said(panel):
    assert (
        "the seed draws no weights. Change that under Start" in panel(training_preset="three", training_seed="3").words
    )
    assert "Change that under Start" not in panel(training_preset="three").words
    assert "Rprop finds its own steps" in panel(training_optimizer="rprop", training_schedule="cosine").words
    found = panel(training_batch="1", training_norm="before_activation")
    assert "A batch of one sample" in found.words
    assert "A batch of one sample" not in found.set("training_batch", "8").words


@pytest.mark.parametrize("text", ["4,2", "4 2", "4-2", " 4, 2 ", "4;2", "4×2"])
def test_hidden_layers_are_read(text):
    assert network.read(text) == (4, 2)


@pytest.mark.parametrize("text", ["", "0", " 0 "])
def test_no_hidden_layer(text):
    assert network.read(text) == ()


@pytest.mark.parametrize(
    "text", ["33", "4, 0", "-1", "4.5", "a", "1" * 79, "1," * 39, ",".join(["1"] * 13), "٤", "4,,", "1e1", "\x00"]
)
def test_what_is_no_list_of_layers_is_told_and_the_experiments_own_shown(panel, text):
    assert network.read(text) is None
    found = panel(training_units=text)
    assert said() == CLASSIC
    assert [error.value for error in found.at.error if "1 to 32" in error.value]


def test_an_emptied_field_is_no_hidden_layer_and_the_link_says_so(panel):
    found = panel().set("training_units", "")
    assert said().training.sizes == (2, 1)
    assert found.link == {"training_units": "0"}


RANGES = {
    "preset": ["classic", "three", "moons", "blobs", "plane", "norm", "product", "dropout"],
    "source": ["disc", "gate", "circles", "moons", "spirals", "blobs", "coin_flips", "plane", "own"],
    "rate": ["0.001", "0.7", "123.5"],
    "epochs": ["1", "40", "2500"],
    "seed": ["0", "77"],
    "units": ["0", "3", "8, 4", "2, 2, 2"],
    "activation": ["sigmoid", "relu", "leaky_relu", "swish"],
    "each": ["0", "1"],
    "activation1": ["elu", "tanh"],
    "leaky_relu_alpha": ["0.3"],
    "samples": ["12", "90"],
    "noise": ["0", "0.35"],
    "classes": ["2", "6"],
    "test": ["0", "0.3"],
    "draw": ["1", "42"],
    "features": ["x1", "x1.x2.sin_x1", "product.sin_x2"],
    "standardize": ["0", "1"],
    "loss": ["squared_error", "half_squared_error"],
    "reduction": ["mean", "sum"],
    "reported": ["1"],
    "output": ["sigmoid", "tanh"],
    "optimizer": ["sgd", "momentum", "adam", "rprop", "asgd", "nadam"],
    "momentum": ["0.5"],
    "beta1": ["0.8"],
    "bias_correction": ["0"],
    "batch": ["all", "8", "32"],
    "schedule": ["constant", "step", "exponential", "cosine", "warm_up"],
    "clip": ["0", "1.5"],
    "patience": ["0", "12"],
    "dropout": ["0", "0.4"],
    "norm": ["none", "before_activation"],
    "l1": ["0", "0.003"],
    "l2": ["0", "0.2"],
    "initializer": ["xavier_normal", "normal", "orthogonal", "constant"],
    "weights_sigma": ["0.3"],
    "biases": ["constant", "uniform", "pytorch_linear"],
    "points": ["0_0_0_1_1_1_0.5_0.25_1"],
    "own": ["points", "values", "table", "table_values"],
}


@pytest.mark.parametrize("seed", range(12))
def test_a_link_says_all_of_it(panel, seed):
    """Any settings: the link that the screen writes trains the same."""
    rng = random.Random(seed)
    keys = ["preset", *rng.sample(sorted(RANGES), 22)]
    asked = {f"training_{key}": rng.choice(RANGES[key]) for key in keys}
    first = panel(**asked)
    config, scope, link = said(), SEEN[-1].scope, first.link
    again = panel(**link)
    assert (said(), SEEN[-1].scope) == (config, scope)
    assert (again.link, again.toasts) == (link, [])


def test_the_scope_tells_apart_what_means_something_else(panel):
    scopes = []
    for link in (
        {},
        {"training_epochs": "10"},
        {"training_units": "3"},
        {"training_noise": "1"},
        {"training_draw": "1"},
    ):
        panel(**link)
        scopes.append(SEEN[-1].scope)
    assert len(set(scopes)) == len(scopes)
    panel(training_rate="0.9")
    assert SEEN[-1].scope == scopes[0], "the frames of another learning rate are the same epochs"


@pytest.mark.parametrize(
    "value", ["", "nan", "1e999", "_".join(["1"] * 5000), "<b>", "\x00", "한국어", "{key}", "99999999999"]
)
@pytest.mark.parametrize("code", ["classic", "own", "norm"])
def test_a_bad_value_is_told_and_its_default_trained(panel, code, value):
    ordinary = panel(training_preset=code)
    free = {"training_units", "training_preset", "training_section"}
    keys = ordinary.keys - free
    found = panel(training_preset=code, **dict.fromkeys(keys, value))
    assert {toast.split("`")[1] for toast in found.toasts} == keys
    assert said() == PRESETS[code]


# own points ---------------------------------------------------------------------------------------------------


OWN = {"training_preset": "own"}


def test_points_of_the_picture_become_data_and_link(panel):
    found = panel(**OWN)
    found.set("training_point_class", "0")
    drop = SEEN[-1].pick
    with picking(found):
        drop(0.123456, -2.0)
        drop(1.0, 0.5)  # a second one before the answer to the first
    found.run()
    assert said().data.own == (*OWN_POINTS, (0.123, -2.0, 0.0), (1.0, 0.5, 0.0))
    link = found.link
    panel(**link)
    assert said().data.own[-2:] == ((0.123, -2.0, 0.0), (1.0, 0.5, 0.0))


class picking:
    """What a component's callback sees: the session of this screen."""

    def __init__(self, found):
        self.found = found

    def __enter__(self):
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(controls.st, "session_state", self.found.at.session_state)
        self.patch.setattr(controls, "language", lambda: "en")

    def __exit__(self, *_error):
        self.patch.undo()


def test_a_third_class_makes_a_network_of_three_outputs(panel):
    panel(**OWN, training_points="0_0_0_1_1_1_2_2_2")
    assert said().data.classes == ("0", "1", "2")
    assert said().training.sizes == (2, 6, 3)


def test_values_make_a_regression(panel):
    found = panel(**OWN, training_own="values")
    assert said().data.task == "regression"
    assert said().training.loss == SquaredError()
    found.set("training_point_value", -2.5)
    with picking(found):
        SEEN[-1].pick(1.0, 2.0)
    found.run()
    assert said().data.own[-1] == (1.0, 2.0, -2.5)


def test_undo_and_clear(panel):
    found = panel(**OWN).click("training_points_undo")
    assert said().data.own == OWN_POINTS[:-1]
    found.click("training_points_clear")
    assert said().data.own == points.FEWEST
    assert found.button("training_points_undo").disabled
    assert {target for *_xy, target in points.FEWEST} == {0.0, 1.0}


def test_the_link_holds_so_many_points_and_no_more(panel):
    many = points.write(tuple((x / 100, -x / 100, float(x % 2)) for x in range(300)))
    kept = "_".join(many.split("_")[: 3 * 105])
    assert len(kept) <= points.MOST_CHARACTERS < len(many)
    found = panel(**OWN, training_points=many)
    assert said().data.own == OWN_POINTS
    assert len(found.toasts) == 1
    found = panel(**OWN, training_points=kept)
    count, pick = len(said().data.own), SEEN[-1].pick
    with picking(found):
        for _step in range(60):
            pick(0.123, -0.456)
    found.run()
    assert count < len(said().data.own) < 180
    assert "A link holds no more points" in found.words
    assert len(found.link["training_points"]) <= points.MOST_CHARACTERS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0_0_0",
        "0_0_0_1_1",
        "0_0_0_1_1_7",
        "0_0_0_1_1_0.5",
        "nan_0_0_1_1_1",
        "0_0_0_1_1e9_1",
        "x" * 5000,
        "<b>",
    ],
)
def test_points_that_are_none_are_told(panel, text):
    found = panel(**OWN, training_points=text)
    assert said().data.own == OWN_POINTS
    assert [toast for toast in found.toasts if "training_points" in toast]


def test_the_table_of_points_is_the_points(panel):
    found = panel(**OWN)
    frame = found.at.dataframe[0].value
    assert tuple(map(tuple, frame.to_numpy(float).tolist())) == OWN_POINTS


# a table ------------------------------------------------------------------------------------------------------


TABLE = OWN | {"training_own": "table"}


def paste(found, text):
    found.at.text_area[0].set_value(text)
    return found.run()


def test_a_pasted_table_is_read_by_the_names_of_its_columns(panel):
    found = panel(**TABLE)
    assert len(said().data.own) == len(OWN_POINTS)
    assert SEEN[-1].pick is None
    paste(found, "height;weight;age;kind\n1;2;3;cat\n4;5;6;dog\n7;8;9;cat\n")
    assert said().data.own == ((1.0, 2.0, 0.0), (4.0, 5.0, 1.0), (7.0, 8.0, 0.0))
    assert said().data.classes == ("cat", "dog")
    found.set("training_column_x1", "2")
    assert said().data.own[0] == (3.0, 2.0, 0.0)
    found.set("training_own", "table_values")
    assert said().data.task == "regression"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,y,c\n1,2,a\n1,b,b\n", "Line 3, column `y`"),
        ("x,y,c\n1,2,a\n", "row"),
        ("x,y,c\n1,2,a\n1,2,a\n", "two classes"),
        ("", "empty"),
        ("x,y,c\n" + "".join(f"{i},{i},c{i}\n" for i in range(15)), "15"),
        ("a\n1\n2\n", "`1` column(s); `3` are needed"),
        ("a,b\n1,2\n2,3\n", "two inputs and a target"),
        ("a,b,c\n" + "1,2,0\n3,4,1\n" * 1001, "more than `2000` rows"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_and_the_example_shown(panel, text, words):
    found = paste(panel(**TABLE), text)
    assert [error for error in found.at.error if words in error.value], [e.value for e in found.at.error]
    assert len(said().data.own) == len(OWN_POINTS)
    (first,) = found.at.warning
    assert words in first.value


def test_an_example_in_place_of_a_table_is_told_first(panel):
    found = panel(**TABLE)
    (first,) = found.at.warning
    assert "example of 8 points" in first.value
    elements = [element.type for element in found.at.main if element.type in ("alert", "warning", "selectbox")]
    assert elements[0] == "warning"
    paste(found, "a,b,c\n1,2,x\n2,3,y\n")
    assert not found.at.warning


def test_data_that_the_experiment_does_not_name_are_named(panel):
    assert "With other data than its own" not in panel().words
    assert "With other data than its own: Spirals." in panel(training_source="spirals").words
    assert "With other data than its own: My own points or CSV table." in panel(training_source="own").words


# a given start ------------------------------------------------------------------------------------------------


def test_a_start_in_the_link_is_the_start_of_its_network(panel):
    values = tuple(round(0.1 * k - 0.4, 3) for k in range(9))
    found = panel(training_preset="unit", training_units="2", training_start=controls.encode(values))
    assert said().start == values
    found.set("training_units", "3")
    assert said().start == ()
    found.set("training_units", "2")
    assert said().start == values, "what belongs to a network comes back with it"
    found.click("training_start_anew")
    assert said().start == ()
    assert "training_start" not in found.link


@pytest.mark.parametrize("text", ["1", "1_2_3_4", "nan_1_1", "1e9_0_0", "x", "_".join(["1"] * 5000)])
def test_a_start_that_does_not_fit_is_told(panel, text):
    found = panel(training_preset="unit", training_start=text)
    assert said() == PRESETS["unit"]
    assert len(found.toasts) == 1


def test_every_field_of_a_configuration_can_be_set():
    """A new field of LabData or TrainingConfig asks for its control here."""
    assert [field.name for field in fields(CLASSIC.data)] == [
        *("source", "n_samples", "noise", "seed", "test_share", "n_classes", "features", "own", "task", "classes")
    ]
    of_runs = {"learning_rates"}  # of stacks; a panel has one run
    assert {field.name for field in fields(CLASSIC.training)} - of_runs == {
        *("sizes", "activations", "loss", "optimizer", "schedule", "epochs", "batch_size", "initializer"),
        *("bias_initializer", "batch_norm", "dropout", "l1", "l2", "clip_norm", "patience", "standardize"),
        *("snapshots", "seeds", "reported"),
    }
