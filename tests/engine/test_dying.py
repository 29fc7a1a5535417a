"""The comparison of ReLU with its remedies: worked figures, what must hold at any rate, and the script."""

import contextlib
import io
import math
import re

import numpy as np
import pytest

from engine.activations import LeakyReLU, Sigmoid
from engine.dying import COMPARED, DOSES, EPOCHS, LEARNED, STARTS, DyingConfig, compare, dose_response, virtues
from engine.errors import InputError
from engine.export_dying import dying_script
from engine.network import predict

TOO_HIGH = DyingConfig()
CALM = DyingConfig(learning_rate=1.0)
BIASES = DyingConfig(bias=-1.5, learning_rate=1.0)
DEEP = DyingConfig(hidden=6, width=5, learning_rate=0.2, seed=2)
FAR = DyingConfig(learning_rate=8.0, seed=1)
WIDE = DyingConfig(hidden=3, width=24, learning_rate=0.3, seed=0)


def ends(config):
    """code -> units off at the end, layer by layer, and the last loss."""
    found = compare(config)
    return {
        code: (one.life.counts("off")[one.last].tolist(), float(one.history.train_loss[one.last]))
        for code, one in found.items()
    }


def test_too_high_a_learning_rate():
    found = ends(TOO_HIGH)
    assert found["relu"] == ([1, 8], pytest.approx(math.log(2)))
    assert found["leaky_relu"] == ([1, 0], pytest.approx(0.002574126, rel=1e-6))
    assert found["elu"] == ([0, 0], pytest.approx(0.004014402, rel=1e-6))
    relu = compare(TOO_HIGH)["relu"]
    assert relu.life.layers[1].off_since.tolist() == [62, 64, 62, 64, 34, 9, 62, 0]
    assert relu.life.layers[0].off_since.tolist() == [-1, -1, -1, 60, -1, -1, -1, -1]
    before, jump = relu.history.train_loss[55], relu.history.train_loss[61]
    assert (before, jump) == pytest.approx((0.0368755, 4.2070305), rel=1e-5)  # they die at a jump of the loss
    assert relu.n_off.tolist() == relu.life.counts("off").sum(axis=1).tolist()


def test_a_layer_that_is_dead_as_a_whole_answers_the_same_to_every_sample():
    relu = compare(TOO_HIGH)["relu"]
    outputs = predict(relu.training.architecture, relu.history.snapshots[120], TOO_HIGH.samples.X)
    assert np.ptp(outputs) == 0


def test_well_behaved():
    found = ends(CALM)
    assert [off for off, _ in found.values()] == [[0, 1], [0, 0], [0, 0]]
    assert [loss for _, loss in found.values()] == pytest.approx([0.0170925, 0.0299303, 0.0527836], rel=1e-5)
    relu = compare(CALM)["relu"]
    assert relu.life.layers[1].off_since[7] == 0  # born dead, without any fault of the learning rate


def test_bad_biases():
    found = ends(BIASES)
    assert found["relu"] == ([5, 8], pytest.approx(math.log(2)))
    assert found["leaky_relu"] == ([5, 3], pytest.approx(0.14117746, rel=1e-6))
    assert found["elu"] == ([5, 2], pytest.approx(0.03228456, rel=1e-6))
    assert compare(BIASES)["relu"].life.counts("off")[0].tolist() == [5, 8]


def test_born_dead():
    found = compare(DEEP)
    assert found["relu"].life.counts("dead")[0].tolist() == [0, 0, 1, 2, 1, 5]
    assert found["relu"].history.train_score[-1] == 0.5
    assert found["leaky_relu"].history.train_score[-1] == 0.9375
    assert found["elu"].history.train_score[-1] == 1.0


def test_divergence_is_not_death():
    found = compare(FAR)
    assert {code: one.diverged_at for code, one in found.items()} == {"relu": -1, "leaky_relu": 12, "elu": 14}
    assert found["relu"].life.counts("dead")[-1].tolist() == [5, 8]
    for code in ("leaky_relu", "elu"):
        one = found[code]
        assert one.history.diverged_at == one.diverged_at
        assert np.isfinite(one.history.train_loss[: one.last + 1]).all()
        assert one.life.counts("off")[one.last + 1 :].sum() == one.life.counts("dead")[one.last + 1 :].sum() == 0
        assert np.isnan(one.n_off[one.last + 1 :]).all()
        assert np.isfinite(one.n_off[: one.last + 1]).all()
        with pytest.raises(InputError):
            one.trace(FAR.samples, one.last + 1)


def test_random_weights_give_about_half_zeros_and_few_dead():
    shares = [
        compare(DyingConfig(hidden=3, width=24, learning_rate=0.1, seed=seed))["relu"].life.zero_shares()[0]
        for seed in range(6)
    ]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.05)
    assert compare(WIDE)["relu"].life.counts("dead")[0].tolist() == [0, 5, 3]


@pytest.mark.parametrize("config", [TOO_HIGH, BIASES, DEEP, WIDE], ids=str)
def test_what_must_hold(config):
    for code, one in compare(config).items():
        for layer in one.life.layers:
            assert (layer.dead <= layer.off).all()
            if code == "relu":
                assert (layer.dead == layer.off).all()
                assert ((layer.zero_share == 1) == layer.dead).all()
            if code == "leaky_relu":
                assert not layer.dead.any()


def test_the_start_is_the_same_for_all_but_for_the_activation():
    found = compare(BIASES)
    starts = [one.history.snapshots[0] for one in found.values()]
    assert (starts[0] == starts[1]).all()
    assert (starts[0] == starts[2]).all()
    *hidden, output = found["relu"].training.architecture.biases(starts[0])
    assert all((b == -1.5).all() for b in hidden)
    assert (output == 0).all()


def test_the_trace_is_the_networks_of_that_epoch():
    one = compare(CALM)["elu"]
    trace = one.trace(CALM.samples, 17)
    expected = predict(one.training.architecture, one.history.snapshots[17], CALM.samples.X)
    np.testing.assert_allclose(trace.a[-1], expected, rtol=1e-12)


# how large is too large ---------------------------------------------------------------------------------------


def test_the_dose_is_what_single_runs_give():
    small = DyingConfig(hidden=1, width=4)
    found = dose_response(small)
    for code, response in found.items():
        for i, j in [(0, 0), (4, 3), (6, 7), (8, 2)]:
            one = compare(DyingConfig(hidden=1, width=4, learning_rate=DOSES[i], seed=STARTS[j]))[code]
            if one.diverged_at >= 0:
                assert np.isnan(response.off_share[i, j])
            else:
                assert response.off_share[i, j] == one.n_off[-1] / 4
        assert response.rates.tolist() == list(DOSES)


def test_the_figures_of_the_dose():
    found = dose_response(TOO_HIGH)
    for response in found.values():
        for i, row in enumerate(response.off_share):
            finite = row[~np.isnan(row)]
            assert response.diverged[i] == len(row) - len(finite)
            expected = np.quantile(finite, [0.25, 0.5, 0.75]) if finite.size else [np.nan] * 3
            assert [response.low[i], response.median[i], response.high[i]] == pytest.approx(expected, nan_ok=True)
    relu, leaky, elu = found.values()
    assert relu.diverged.sum() == 0
    assert leaky.diverged[-1] == 8
    three, ten = DOSES.index(3.0), DOSES.index(10.0)
    assert [one.learned[three] for one in (relu, leaky, elu)] == [4, 6, 6]
    assert [one.learned[ten] for one in (relu, leaky, elu)] == [0, 0, 0]  # no remedy makes a wrong rate right


def test_learned_counts_runs():
    i, small = 3, DyingConfig(hidden=1, width=4)
    scores = [
        compare(DyingConfig(hidden=1, width=4, learning_rate=DOSES[i], seed=seed))["elu"].history.train_score[-1]
        for seed in STARTS
    ]
    assert dose_response(small)["elu"].learned[i] == sum(score >= LEARNED for score in scores)


def test_the_dose_does_not_ask_for_rate_and_seed():
    one = dose_response(DyingConfig(hidden=1, width=3, learning_rate=0.5, seed=9))["relu"]
    other = dose_response(DyingConfig(hidden=1, width=3))["relu"]
    np.testing.assert_array_equal(one.off_share, other.off_share)


# reasons ------------------------------------------------------------------------------------------------------


def test_virtues():
    found = virtues(TOO_HIGH)
    slope = float(Sigmoid().derivative(5.0))
    assert list(found) == [*COMPARED, "sigmoid"]
    assert (found["relu"].slope_right, found["relu"].slope_left, found["relu"].through) == (1.0, 0.0, 1.0)
    assert (found["leaky_relu"].slope_right, found["leaky_relu"].slope_left) == (1.0, 0.1)
    assert (found["sigmoid"].slope_right, found["sigmoid"].slope_left) == pytest.approx((slope, slope))
    assert found["sigmoid"].through == 0.25**2
    assert virtues(DEEP)["sigmoid"].through == 0.25**6
    assert found["relu"].zero_share == pytest.approx(compare(TOO_HIGH)["relu"].life.zero_shares()[0].mean())
    assert found["sigmoid"].zero_share == found["leaky_relu"].zero_share == 0


def test_the_leak_is_the_notes():
    assert COMPARED["leaky_relu"] == LeakyReLU(0.1)


# the script ---------------------------------------------------------------------------------------------------


def printed(config) -> list[str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(dying_script(config), "script.py", "exec"), {})
    return out.getvalue().splitlines()


@pytest.mark.parametrize("config", [TOO_HIGH, CALM, BIASES, DEEP, FAR, WIDE], ids=str)
def test_the_script_repeats_the_figures(config):
    lines = printed(config)
    for line, (code, one) in zip(lines, compare(config).items(), strict=True):
        if one.diverged_at >= 0:
            assert line == f"{code} diverged at epoch {one.diverged_at}"
            continue
        off, dead = one.life.counts("off")[EPOCHS].tolist(), one.life.counts("dead")[EPOCHS].tolist()
        assert line.startswith(f"{code} off {off} dead {dead} loss ")
        loss, accuracy = re.search(r"loss (\S+) accuracy (\S+)", line).groups()
        assert float(loss) == pytest.approx(one.history.train_loss[-1], rel=1e-6)
        assert float(accuracy) == one.history.train_score[-1]


# bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("data", "spirals", "unknown_name"),
        ("hidden", 0, "out_of_range"),
        ("hidden", 7, "out_of_range"),
        ("width", 25, "out_of_range"),
        ("bias", -3.5, "out_of_range"),
        ("bias", np.nan, "not_finite"),
        ("learning_rate", -0.1, "out_of_range"),
        ("learning_rate", 11, "out_of_range"),
        ("seed", -1, "out_of_range"),
        ("seed", "x", "not_a_number"),
    ],
)
def test_bad_input_is_refused(field, value, code):
    with pytest.raises(InputError) as caught:
        DyingConfig(**{field: value})
    assert caught.value.code == code


def test_too_many_units_in_all_are_refused():
    with pytest.raises(InputError) as caught:
        DyingConfig(hidden=4, width=20)
    assert (caught.value.argument, caught.value.value) == ("hidden units", 80)


def test_an_unknown_activation_is_refused():
    with pytest.raises(InputError):
        TOO_HIGH.training("tanh")
