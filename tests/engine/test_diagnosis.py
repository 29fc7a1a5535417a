"""What became of a training: each failing preset is named with its numbers, healthy ones are left in peace."""

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import activation
from engine.diagnosis import diagnose
from engine.errors import InputError
from engine.findings import CALM, CAUSES, OUTCOMES, RULES
from engine.initializers import initializer
from engine.lab import OWN, LabConfig, LabData, run
from engine.lab_cures import CURES, FOR, cured, cures
from engine.lab_cures import test_losses as losses_on_test
from engine.lab_failures import FAILURES
from engine.lab_presets import PRESETS
from engine.layer_health import cuts_off, layer_health
from engine.layers import BatchNorm, Dropout
from engine.losses import CrossEntropyWithLogits, SoftmaxCrossEntropy, SquaredError
from engine.network import predict
from engine.optimizers import optimizer
from engine.training_config import TrainingConfig
from engine.weight_schemes import Constant, Normal

EXPECTED = {
    "fail_rate": ("diverged", "step_too_large"),
    "fail_depth": ("diverged", "depth", "step_too_large"),
    "fail_log": ("diverged", "log_of_zero", "step_too_large"),
    "fail_linear": ("stuck", "linear"),
    "fail_linear_log": ("stuck", "linear"),
    "fail_three": ("sure_but_wrong", "linear"),
    "fail_equal": ("levelled", "symmetric"),
    "fail_large": ("sure_but_wrong", "saturated", "saturated_output"),
    "fail_deep": ("stuck", "vanishing"),
    "fail_dead": ("stuck", "died"),
    "fail_small": ("stuck", "small_rate"),
    "fail_noise": ("overfitting",),
    "fail_pairing": ("sure_but_wrong", "saturated_output"),
}
HEALED = {
    "fail_rate": "smaller_rate",
    "fail_depth": "he",
    "fail_log": "smaller_rate",
    "fail_linear": "layer",
    "fail_linear_log": "layer",
    "fail_three": "layer",
    "fail_equal": "xavier",
    "fail_large": "xavier",
    "fail_deep": "relu",
    "fail_dead": "smaller_rate",
    "fail_small": "larger_rate",
    "fail_noise": "stop",
    "fail_pairing": "logits",
}


@pytest.fixture(scope="module")
def seen():
    """seen(code): config, history, diagnosis; each run once."""
    kept = {}

    def look(code):
        if code not in kept:
            history = run(PRESETS[code])
            kept[code] = PRESETS[code], history, diagnose(PRESETS[code], history)
        return kept[code]

    return look


def shorter(code, epochs, **options):
    config = PRESETS[code]
    config = replace(config, training=replace(config.training, epochs=epochs, snapshots=(0, epochs), **options))
    history = run(config)
    return config, history, diagnose(config, history)


def test_every_failure_has_its_expectation():
    assert set(EXPECTED) == set(HEALED) == set(FAILURES)
    assert all(PRESETS[code] is config for code, config in FAILURES.items())


@pytest.mark.parametrize("code", EXPECTED)
def test_each_failure_is_named(seen, code):
    assert seen(code)[2].codes == EXPECTED[code]


@pytest.mark.parametrize("code", HEALED)
def test_each_failure_is_healed_by_one_change(seen, code):
    config, _history, found = seen(code)
    offered = cures(config, [one.code for one in found.causes] or [found.outcome.code])
    assert HEALED[code] in offered
    changed = cured(config, HEALED[code])
    assert diagnose(changed, run(changed)).outcome.code in ("learned", "stopped")


@pytest.mark.parametrize("code", ["three", "four", "wide", "moons", "spirals", "blobs", "plane"])
def test_healthy_runs_are_left_in_peace(seen, code):
    assert seen(code)[2].codes == ("learned",)


@pytest.mark.parametrize("seed", range(5))
def test_the_classic_is_left_in_peace(seed):
    found = shorter("classic", 150, seeds=seed)[2]
    assert found.outcome.code in CALM
    assert found.causes == ()


def test_what_the_notes_say_of_one_layer(seen):
    """SEED_FACTS: the loss stays at 0.25, or at ln 2, with every output 0.5; some starts end at three of four."""
    for code, floor in (("fail_linear", 0.25), ("fail_linear_log", math.log(2))):
        _config, history, found = seen(code)
        assert history.train_loss[-1] == pytest.approx(floor, abs=5e-5)
        assert found.constant_loss == pytest.approx(floor)
        assert found.layers.answers == pytest.approx(np.full((4, 1), 0.5), abs=0.01)
        assert found.causes[0].code == "linear"  # proved; a guess would be "linear_guess"
    _config, history, found = seen("fail_three")
    assert history.train_score[-1] == 0.75
    assert history.train_loss[-1] == pytest.approx(0.25, abs=0.005)
    assert history.train_loss[-1] < history.train_loss[-1000]


def test_coin_flips_are_memorized():
    found = diagnose(PRESETS["memory"], run(PRESETS["memory"]))
    assert found.codes == ("memorized",)


def test_numbers_of_overfitting(seen):
    _config, history, found = seen("fail_noise")
    best, facts = int(np.argmin(history.test_loss)), found.outcome.numbers
    assert (facts["epoch"], facts["lowest"]) == (best, history.test_loss[best])
    assert facts["ratio"] == pytest.approx(history.test_loss[-1] / history.test_loss.min())
    assert facts["ratio"] > RULES["risen"]
    assert facts["train"] < history.train_loss[best]


def steep(source, sizes, seed, scale):
    """Three epochs of a network whose outputs are 0 and 1 to the last digit."""
    linear = [activation("linear")] * (len(sizes) - 2)
    training = TrainingConfig(
        sizes,
        (*linear, activation("sigmoid")),
        loss=SQUARED,
        optimizer=optimizer("adam", learning_rate=1.0),
        epochs=3,
        batch_size=None,
        initializer=Normal(scale),
        batch_norm=BatchNorm(),
        standardize=True,
        snapshots=(0, 1, 2, 3),
    )
    config = LabConfig(LabData(source, 14, test_share=0.4, seed=seed), training)
    return diagnose(config, run(config)).outcome


def test_a_test_loss_that_was_zero_has_risen_without_a_ratio():
    found = steep("moons", (2, 4, 1), 1, 500.0)
    assert found.code == "overfitting"
    assert found.numbers["lowest"] == 0 < found.numbers["end"]
    assert found.numbers["ratio"] == math.inf


def test_a_test_loss_that_is_zero_again_has_not_risen():
    assert steep("disc", (2, 4, 1, 3, 1), 0, 50.0).code != "overfitting"


def test_numbers_of_saturated_and_dead_units(seen):
    """Recomputed layer by layer from the last parameters."""
    for code in ("fail_dead", "fail_large", "fail_deep", "classic"):
        config, history, found = seen(code)
        of, a = config.training.architecture, config.parts[0].X
        shown = zip(of.weights(history.parameters), of.biases(history.parameters), of.activations, strict=True)
        for layer, (W, b, f) in enumerate(shown):
            z = a @ W + b
            slopes = np.abs(f.derivative(z))
            assert found.layers.flat[layer] == pytest.approx((slopes < 1e-3).mean())
            assert found.layers.dead[layer] == (slopes == 0).all(axis=0).sum()
            a = f.f(z)
        np.testing.assert_allclose(found.layers.outputs, a, rtol=1e-9, atol=1e-12)


def test_numbers_of_the_gradients(seen):
    """The last layer's bias gradient by hand, and the first layer's from differences of the loss."""
    config, history, found = seen("classic")
    of, samples, loss = config.training.architecture, config.parts[0], config.training.loss
    for parameters, norms in (
        (config.first[0], found.layers.first_gradient),
        (history.parameters, found.layers.last_gradient),
    ):
        numeric, h = np.zeros(of.n_parameters), 1e-6
        for k in range(of.n_parameters):
            ends = np.stack([parameters, parameters])
            ends[:, k] += [h, -h]
            up, down = loss.value(predict(of, ends, samples.X), samples.targets)
            numeric[k] = (up - down) / (2 * h)
        expected = [np.linalg.norm(block) for block in of.blocks(numeric)]
        np.testing.assert_allclose(norms, expected, rtol=1e-4, atol=1e-8)


def test_equal_units_are_counted(seen):
    _config, history, found = seen("fail_equal")
    W = PRESETS["fail_equal"].training.architecture.weights(history.parameters)[0]
    assert np.ptp(W, axis=1) == pytest.approx([0.0, 0.0])
    assert found.layers.distinct.tolist() == [1, 1]
    assert seen("four")[2].layers.distinct.tolist() == [4, 1]


def test_divergence_is_told_with_its_update(seen):
    facts = seen("fail_rate")[2].outcome.numbers
    assert (facts["epoch"], facts["update"], facts["rate"]) == (13, 130, 1.0)
    assert facts["growth"] == pytest.approx(17.0)
    found = seen("fail_rate")[2]
    assert found.stable_rate == pytest.approx(2 / found.curvature)
    assert found.stable_rate < 1.0


def test_depth_is_told_with_its_factor(seen):
    config, _history, found = seen("fail_depth")
    cause = found.causes[0].numbers
    assert cause["factor"] ** 8 == pytest.approx(cause["last"] / cause["first"])
    assert cause["last"] / cause["first"] >= RULES["depth"]
    assert len(config.training.sizes) == 10


def test_a_run_that_needs_more_epochs():
    found = shorter("moons", 25, optimizer=optimizer("sgd", learning_rate=0.01))[2]
    assert found.codes == ("still_falling",)
    assert found.outcome.numbers["fall"] >= RULES["falling"]


def test_a_run_that_goes_up_and_down():
    clipped = cured(PRESETS["fail_rate"], "clip")
    history = run(clipped)
    found = diagnose(clipped, history)
    assert found.outcome.code == "oscillating"
    last = history.train_loss[-10:]
    assert found.outcome.numbers["high"] == pytest.approx(np.quantile(last, 0.9))
    assert found.outcome.numbers["rises"] == np.mean(np.diff(last) > 0)


def test_a_run_that_is_worse_than_no_answer():
    worse = cured(PRESETS["deep"], "larger_rate")
    found = diagnose(worse, run(worse))
    assert found.outcome.code == "worse"
    assert found.outcome.numbers["loss"] >= RULES["worse"] * found.constant_loss


def test_an_early_stop_is_no_failure():
    stopped = cured(PRESETS["fail_noise"], "stop")
    history = run(stopped)
    found = diagnose(stopped, history)
    assert found.codes == ("stopped",)
    assert found.outcome.numbers["epoch"] == history.best_epoch


def test_no_training_at_all_is_no_error():
    config, _history, found = shorter("moons", 1)
    assert found.outcome.code in OUTCOMES
    assert layer_health(config, run(config)).moved > 0


def test_codes_are_complete():
    assert set(FOR) <= set(OUTCOMES) | set(CAUSES)
    assert {code for offered in FOR.values() for code in offered} == set(CURES)
    assert set(CAUSES) <= set(FOR)
    assert not set(CAUSES) & set(OUTCOMES)


def test_a_cure_changes_one_thing():
    config = PRESETS["fail_dead"]
    changed = cured(config, "smaller_rate")
    assert changed.training.optimizer.learning_rate == pytest.approx(5 / 30)
    assert replace(changed.training, optimizer=config.training.optimizer) == config.training
    assert cured(config, "clip").training == replace(config.training, clip_norm=1.0)
    assert cured(PRESETS["fail_linear"], "layer").training.sizes == (2, 4, 1)
    assert cured(PRESETS["fail_noise"], "epochs").training.epochs == 600


def test_impossible_cures_are_not_offered():
    assert "stop" not in cures(PRESETS["fail_equal"], ["overfitting"])  # XOR has no test samples
    assert "logits" not in cures(PRESETS["plane"], ["saturated_output"])  # a regression
    with pytest.raises(InputError):
        cured(PRESETS["fail_equal"], "stop")
    with pytest.raises(InputError):
        cured(PRESETS["plane"], "logits")


@pytest.mark.parametrize(("batch", "possible"), [(4, False), (1, False), (5, True), (None, True), (20, True)])
def test_batch_normalization_is_offered_where_each_batch_has_two_samples(batch, possible):
    training = TrainingConfig((2, 3, 1), (activation("tanh"),) * 2, loss=SQUARED, batch_size=batch, epochs=1)
    config = LabConfig(LabData("gate", 13, test_share=0.0), training)
    assert ("norm" in cures(config, ["vanishing"])) == possible
    if possible:
        run(cured(config, "norm"))
    else:
        with pytest.raises(InputError, match="samples in a batch with batch normalization"):
            cured(config, "norm")


def test_who_dies_and_who_saturates():
    kinds = {
        f.name: cuts_off(f)
        for code in ("fail_dead", "fail_equal", "classic")
        for f in PRESETS[code].training.activations
    }
    assert kinds["relu"]
    assert not kinds["sigmoid"]
    assert not kinds["tanh"]


# ------------------------------------------------ own settings, as a professor tried them

MOONS, PLANE = LabData("moons", n_samples=200, noise=0.1), LabData("plane", n_samples=200, noise=0.1)
LOGITS, SQUARED, SOFTMAX = CrossEntropyWithLogits(), SquaredError(), SoftmaxCrossEntropy()


def judged(data, sizes, hidden, epochs, rate, loss, rule="sgd", **options):
    """The diagnosis of a network of one's own."""
    kinds = (*(activation(hidden),) * (len(sizes) - 2), activation("linear"))
    options = {"initializer": initializer("xavier_uniform"), "snapshots": (0,), **options}
    own = options.pop("own", {})
    chosen = optimizer(rule, learning_rate=rate, **own)
    config = LabConfig(data, TrainingConfig(sizes, kinds, loss, chosen, epochs=epochs, **options))
    return diagnose(config, run(config))


def points(n, of_one, seed=0):
    """Points of noise, a few of them of class 1."""
    drawn = np.random.default_rng(seed).normal(size=(n, 2))
    own = tuple((float(a), float(b), float(place < of_one)) for place, (a, b) in enumerate(drawn))
    return LabData(OWN, test_share=0.0, own=own)


def test_naming_the_larger_class_is_not_learned():
    """96 of 100 are of class 0: all of that class is 96% right, at a loss above the best constant answer's."""
    dead = {"bias_initializer": Constant(-10.0)}
    found = judged(points(100, 4), (2, 4, 1), "relu", 100, 0.5, LOGITS, **dead)
    assert "learned" not in found.codes


def test_targets_that_are_all_the_same():
    found = judged(points(20, 20), (2, 4, 1), "tanh", 100, 0.05, LOGITS)
    assert found.codes == ("nothing_to_learn",)


@pytest.mark.parametrize(
    ("data", "sizes", "loss"),
    [
        (LabData("plane", n_samples=200, noise=0.5), (2, 1), SQUARED),
        (LabData("blobs", n_samples=200, noise=0.8), (2, 1), LOGITS),
        (LabData("coin_flips", n_samples=200), (2, 4, 1), LOGITS),
    ],
)
def test_a_limit_of_noise_is_not_called_a_failure(data, sizes, loss):
    found = judged(data, sizes, "tanh", 200, 0.05, loss, batch_size=20)
    assert found.codes == ("limit",)
    assert found.outcome.numbers["score"] >= found.outcome.numbers["yard"] - RULES["room"]


@pytest.mark.parametrize("classes", [2, 3])
def test_a_line_is_blamed_where_the_samples_allow_more(classes):
    data = LabData("spirals", n_samples=300, noise=0.02, n_classes=classes)
    loss = LOGITS if classes == 2 else SOFTMAX
    found = judged(data, (2, data.n_outputs), "tanh", 100, 0.5, loss, batch_size=20)
    assert found.first_cause == "linear_guess"
    assert found.causes[0].numbers["yard"] > 0.9


@pytest.mark.parametrize("epochs", [1, 3, 19])
def test_a_short_run_is_not_judged(epochs):
    assert judged(MOONS, (2, 8, 1), "tanh", epochs, 0.001, LOGITS).codes == ("short",)


def test_twenty_epochs_are_enough():
    assert judged(MOONS, (2, 8, 1), "tanh", 20, 0.001, LOGITS).outcome.code != "short"


def test_no_epoch_and_no_rate_are_no_training():
    assert judged(MOONS, (2, 8, 1), "tanh", 0, 0.1, LOGITS).codes == ("untrained",)
    assert judged(MOONS, (2, 8, 1), "tanh", 60, 0.0, LOGITS).codes == ("unmoved",)


@pytest.mark.parametrize(("data", "rate", "loss"), [(PLANE, 30.0, SQUARED), (MOONS, 10.0, LOGITS)])
def test_a_too_large_rate_is_named_before_what_it_saturates(data, rate, loss):
    """With Adam, whose steps no curvature bounds: the loss rises, and units saturate."""
    found = judged(data, (2, 8, 1), "tanh", 60, rate, loss, "adam", batch_size=10)
    assert found.codes == ("worse", "large_rate", "driven")
    assert found.causes[1].numbers["first"] < RULES["flat_share"] <= found.causes[1].numbers["share"]
    assert found.causes[0].numbers["peak"] > found.causes[0].numbers["start"]
    assert FOR["large_rate"][0] == FOR["driven"][0] == "smaller_rate"


def test_units_that_are_dead_from_the_start_are_told_from_those_that_died(seen):
    found = judged(MOONS, (2, 8, 1), "relu", 60, 0.05, LOGITS, batch_size=10, bias_initializer=Constant(-10.0))
    assert found.first_cause == "dead"
    assert found.causes[0].numbers["first"] == 8
    assert seen("fail_dead")[2].causes[0].numbers["first"] == 0


def test_a_run_that_leaves_all_bounds_is_diverging():
    """Nesterov's limit is lower than the heavy ball's: 2 (1 + mu) / ((1 + 2 mu) lambda)."""
    found = judged(PLANE, (2, 1), "tanh", 400, 1.0, SQUARED, "nesterov")
    assert found.codes[:2] == ("diverging", "step_too_large")
    assert found.stable_rate == pytest.approx(2 * 1.9 / 2.8 / found.curvature)
    assert judged(PLANE, (2, 1), "tanh", 400, 0.6, SQUARED, "nesterov").codes == ("learned",)


def test_penalties_dropout_and_clipping_are_named():
    many = {"batch_size": 20}
    found = judged(MOONS, (2, 8, 1), "relu", 100, 0.1, LOGITS, l2=1.0, **many)
    assert found.codes == ("stuck", "penalty")
    assert found.causes[0].numbers["shrunk"] < RULES["shrunk"]
    found = judged(MOONS, (2, 8, 8, 1), "relu", 100, 0.05, LOGITS, dropout=Dropout(0.9), **many)
    assert found.first_cause == "dropout"
    found = judged(MOONS, (2, 8, 1), "tanh", 60, 0.1, LOGITS, clip_norm=1e-4, **many)
    assert found.first_cause == "clipped"
    for code, change in (("penalty", "no_penalty"), ("dropout", "no_dropout"), ("clipped", "no_clip")):
        assert FOR[code] == (change,)


def test_a_cure_takes_away_what_holds_a_run_back():
    config = PRESETS["decay"]
    assert cured(config, "no_penalty").training.l2 == 0.0
    decays = replace(config, training=replace(config.training, optimizer=optimizer("sgd", weight_decay=0.1)))
    assert cured(decays, "no_penalty").training.optimizer.weight_decay == 0.0
    assert cured(PRESETS["dropout"], "no_dropout").training.dropout is None
    assert "no_clip" not in cures(config, ["clipped"])  # nothing is clipped


def test_the_penalty_that_holds_the_training_loss_up_is_no_failure(seen):
    found = seen("decay")[2]
    assert found.codes == ("limit", "penalty")
    assert found.outcome.code in CALM


def test_a_cure_for_overfitting_is_judged_by_the_test_loss(seen):
    before, changed = seen("fail_noise")[1], cured(PRESETS["fail_noise"], "l2")
    after = run(changed)
    losses = losses_on_test("overfitting", before, after)
    assert losses == (before.test_loss[-1], after.test_loss[-1])
    assert losses[1] < losses[0]
    assert diagnose(changed, after).outcome.code in CALM
    assert losses_on_test("stuck", before, after) is None


def test_early_stopping_on_coin_flips_gains_nothing():
    stopped = cured(PRESETS["memory"], "stop")
    assert diagnose(stopped, run(stopped)).codes == ("stopped_at_chance",)


def test_a_loss_at_the_constant_does_not_say_that_no_input_counts(seen):
    assert seen("fail_small")[2].outcome.numbers["told_apart"] == 1.0
    assert seen("fail_deep")[2].outcome.numbers["told_apart"] == 0.0


def test_a_still_falling_run_names_no_gradient_that_gets_lost(seen):
    assert seen("dropout")[2].codes == ("still_falling", "dropout")
    assert seen("dropout")[2].outcome.numbers["lowest"] < seen("dropout")[2].outcome.numbers["end"]


def test_what_has_not_been_seen_is_not_claimed():
    assert diagnose(PRESETS["own"], run(PRESETS["own"])).outcome.numbers["unseen"] == 1.0
    assert diagnose(PRESETS["product"], run(PRESETS["product"])).outcome.numbers["unseen"] == 0.0  # XOR has no others
