"""A sweep's runs are the lab's own runs, whatever stack they were trained in; each value changes what it says."""

from dataclasses import replace

import numpy as np
import pytest

from engine import lab
from engine.cost import Cost
from engine.errors import InputError
from engine.lab import LabConfig, LabData
from engine.lab_presets import PRESETS
from engine.lab_sweep import (
    FRESH,
    OFF,
    ON,
    SETTINGS,
    STACK,
    SweepConfig,
    applicable,
    around,
    best_rate,
    epochs_within,
    grid,
    run,
    width,
)
from engine.sweep_reading import joined

CLASSIC = PRESETS["classic"]
BASE = replace(CLASSIC, data=replace(CLASSIC.data, n_samples=60))
VALUES = {
    "rate": (0.01, 0.3),
    "units": (2, 5),
    "layers": (0, 3),
    "batch": (7, 30),
    "initializer": ("panel", "he_normal"),
    "activation": ("tanh", "relu"),
    "optimizer": ("sgd", "adam"),
    "dropout": (0.0, 0.4),
    "l2": (0.0, 0.1),
    "noise": (0.0, 1.0),
    "samples": (10, 30),
    "test_share": (0.2, 0.5),
    "standardize": (OFF, ON),
    "batch_norm": (OFF, ON),
}


def swept(config):
    return joined(config, [run(block) for block in config.blocks])


def of_the_lab(config, value, run_number):
    """The same run trained by itself, by way of the lab where it can."""
    block = config.block((value,), (config.offsets[run_number],))
    samples, test = block.parts(value, config.offsets[run_number])
    return lab.train(block.config(value, config.offsets[run_number]).training, samples, test)


def test_every_setting_has_values_here():
    assert set(VALUES) == set(SETTINGS) == set(applicable(BASE))


@pytest.mark.parametrize("new_data", [False, True])
@pytest.mark.parametrize("setting", VALUES)
def test_a_stacked_run_is_the_run_by_itself(setting, new_data):
    config = SweepConfig(BASE, setting, VALUES[setting], 6, 3, new_data=new_data)
    result = swept(config)
    for place, value in enumerate(config.values):
        for number in (0, 5):
            alone = of_the_lab(config, value, number)
            for name in ("train_loss", "test_loss", "train_score", "test_score"):
                assert result.final(name)[place, number] == pytest.approx(getattr(alone, name)[-1], rel=1e-10)
            assert result.best_loss[place, number] == pytest.approx(alone.test_loss.min(), rel=1e-10)
            assert result.best_epoch[place, number] == alone.best_epoch


def test_the_first_seed_with_the_panels_value_is_the_panels_run():
    seeded = replace(BASE, training=replace(BASE.training, seeds=7, epochs=4, snapshots=()))
    history = lab.run(seeded)
    for setting, value in (("rate", 0.03), ("batch", 10), ("initializer", "panel"), ("samples", 30), ("noise", 0.0)):
        others = tuple(other for other in VALUES[setting] if other != value)[:1]
        result = swept(SweepConfig(seeded, setting, (value, *others), 2, 4))
        assert result.final("test_loss")[0, 0] == pytest.approx(float(history.test_loss[-1]), rel=1e-12)
        assert result.config.seeds == (7, 8)


def test_each_value_changes_its_own_field():
    def with_value(setting, value):
        return SweepConfig(BASE, setting, VALUES[setting], 1, 1).block((value,), (0,)).config(value, 0)

    assert with_value("rate", 0.3).training.optimizer.learning_rate == 0.3
    assert with_value("units", 5).training.sizes == (2, 5, 5, 1)
    deep = with_value("layers", 3).training
    assert deep.sizes == (2, 4, 4, 4, 1)
    assert [kind.name for kind in deep.activations] == ["tanh"] * 4
    assert with_value("layers", 0).training.sizes == (2, 1)
    assert with_value("batch", 7).training.batch_size == 7
    assert [kind.name for kind in with_value("activation", "relu").training.activations] == ["relu", "relu", "tanh"]
    adam = with_value("optimizer", "adam").training.optimizer
    assert (adam.code, adam.learning_rate) == ("adam", 0.03)
    assert with_value("dropout", 0.4).training.dropout.drop_rate == 0.4
    assert with_value("dropout", 0.0).training.dropout is None
    assert with_value("l2", 0.1).training.l2 == 0.1
    assert with_value("noise", 1.0).data.noise == 1.0
    assert with_value("test_share", 0.2).data.test_share == 0.2
    assert with_value("standardize", ON).training.standardize
    assert with_value("batch_norm", ON).training.batch_norm is not None
    assert with_value("batch_norm", OFF).training.batch_norm is None


def test_fewer_samples_are_part_of_more_and_the_test_set_stays():
    config = SweepConfig(BASE, "samples", (5, 12, 30), 2, 1)
    parts = [config.block((n,), (0,)).parts(n, 0) for n in config.values]
    rows = [{tuple(row) for row in samples.X.tolist()} for samples, _ in parts]
    assert [len(one) for one in rows] == [5, 12, 30]
    assert rows[0] < rows[1] < rows[2]
    assert all((test.X == parts[0][1].X).all() for _, test in parts)
    assert (parts[2][0].X == BASE.parts[0].X).all()


def test_new_data_means_other_points_and_the_first_seed_keeps_its_own():
    config = SweepConfig(BASE, "rate", (0.1, 1.0), 3, 1, new_data=True)
    block = config.blocks[0]
    drawn = [block.parts(0.1, offset)[0].X for offset in config.offsets]
    assert (drawn[0] == BASE.parts[0].X).all()
    assert not (drawn[0] == drawn[1]).any()
    same = SweepConfig(BASE, "rate", (0.1, 1.0), 3, 1).blocks[0]
    assert (drawn[0] == same.parts(0.1, 2)[0].X).all()


def test_fresh_seeds_are_none_of_the_others():
    config = SweepConfig(BASE, "rate", (0.1, 1.0), 50, 1)
    fresh = replace(config, fresh=True)
    assert not set(config.seeds) & set(fresh.seeds)
    assert fresh.seeds[0] == config.seeds[0] + FRESH


def test_more_seeds_keep_the_blocks_of_fewer():
    def blocks(n):
        return set(SweepConfig(BASE, "rate", (0.1, 0.3, 1.0), n, 5).blocks)

    assert blocks(5) < blocks(10) < blocks(25) < blocks(50)
    config = SweepConfig(BASE, "rate", grid(0.001, 1, 12, log=True), 50, 5)
    sizes = [len(block.values) * len(block.offsets) for block in config.blocks]
    assert sum(sizes) == 12 * 50
    assert max(sizes) <= STACK
    assert {(v, o) for b in config.blocks for v in b.values for o in b.offsets} == {
        (v, o) for v in config.values for o in config.offsets
    }


def test_the_panels_own_rate_does_not_touch_a_sweep_of_rates():
    other = replace(
        BASE, training=replace(BASE.training, optimizer=replace(BASE.training.optimizer, learning_rate=9.0))
    )
    assert SweepConfig(BASE, "rate", (0.1, 1.0)).blocks == SweepConfig(other, "rate", (0.1, 1.0)).blocks


def test_divergence_and_early_stopping_are_kept_track_of():
    config = SweepConfig(PRESETS["plane"], "rate", (0.05, 50.0), 3, 40)
    result = swept(config)
    assert result.n_diverged.tolist() == [0, 3]
    assert np.isnan(result.final("test_loss")[1]).all()
    patient = replace(PRESETS["memory"], training=replace(PRESETS["memory"].training, patience=3))
    stopped = swept(SweepConfig(patient, "rate", (0.02, 0.05), 3, 40))
    alone = of_the_lab(stopped.config, 0.02, 0)
    assert alone.stopped_at >= 0
    assert stopped.final("test_loss")[0, 0] == pytest.approx(float(np.nanmin(alone.test_loss)))


def test_an_optimizers_own_rate_comes_from_other_seeds_and_the_training_loss():
    config = SweepConfig(BASE, "optimizer", ("sgd", "adam"), 2, 5, own_rate=True)
    for block in config.blocks:
        search = block.search
        assert not {o + 0 for o in search.offsets} & set(config.offsets)
        found = run(search)
        medians = np.median(found.curves["train_loss"][..., -1], axis=1)
        assert best_rate(found) == search.values[int(np.argmin(medians))]
        trained = run(replace(block, rate=best_rate(found)))
        assert trained.rates.tolist() == [best_rate(found)]


def test_a_grid():
    assert grid(0.01, 1.0, 3, log=True) == (0.01, 0.1, 1.0)
    assert grid(1.0, 0.01, 3, log=True) == (0.01, 0.1, 1.0)
    assert grid(0.003, 3.0, 7, log=True) == (0.003, 0.0095, 0.03, 0.095, 0.3, 0.95, 3.0)
    assert grid(1, 16, 5, log=True, whole=True) == (1, 2, 4, 8, 16)
    assert grid(1, 3, 12, whole=True) == (1, 2, 3)
    assert grid(0.0, 0.8, 5) == (0.0, 0.2, 0.4, 0.6, 0.8)
    assert around(0.03) == (0.003, 3.0)
    for bad in ((0.0, 1.0, 3), (-1.0, 1.0, 3), (0.1, 1.0, 1), (0.1, 1.0, 13), (np.nan, 1.0, 3)):
        with pytest.raises(InputError):
            grid(*bad, log=True)


def test_the_epochs_that_fit():
    config = SweepConfig(BASE, "rate", (0.1, 1.0))
    limit = replace(config, epochs=40).cost
    assert epochs_within(config, limit, 10_000) in (30, 40)
    assert epochs_within(config, limit, 12) == 12
    assert epochs_within(config, Cost(1.0), 500) == 1


def test_the_cost_is_that_of_the_trainings():
    config = SweepConfig(BASE, "units", (2, 5), 5, 10)
    parts = [block.training(block.values, block.offsets).cost(30, 30).operations for block in config.blocks]
    assert config.cost.operations == pytest.approx(sum(parts))
    assert replace(config, new_data=True).cost.operations > 2 * config.cost.operations


def test_what_means_nothing_is_not_offered():
    flat = PRESETS["plane"]
    assert not {"units", "activation", "dropout", "batch_norm"} & set(applicable(flat))
    assert width(flat) == 4
    assert "test_share" not in applicable(PRESETS["three"])
    own = LabData("own", own=((0.0, 0.0, 0), (1.0, 1.0, 1), (1.0, 0.0, 1)), test_share=0.0)
    assert not {"noise", "samples"} & set(applicable(LabConfig(own, CLASSIC.training)))


@pytest.mark.parametrize(
    "bad",
    [
        {"setting": "seed"},
        {"setting": "units", "values": (1, 2000)},
        {"values": (0.1,)},
        {"values": (0.1, 0.1)},
        {"values": tuple(range(1, 14))},
        {"values": (-1.0, 1.0)},
        {"values": ("a", 1.0)},
        {"n_seeds": 0},
        {"n_seeds": 51},
        {"epochs": 0},
        {"setting": "samples", "values": (1, 5)},
        {"setting": "samples", "values": (5, 31)},
        {"setting": "activation", "values": ("relu", "step")},
        {"setting": "optimizer", "values": ("sgd", "lion")},
        {"setting": "layers", "values": (0, 21)},
        {"setting": "batch_norm", "values": (OFF, "maybe")},
        {"setting": "initializer", "values": ("panel", "best")},
    ],
)
def test_bad_sweeps_are_refused(bad):
    given = {"setting": "rate", "values": (0.1, 1.0), "n_seeds": 5, "epochs": 5} | bad
    with pytest.raises(InputError):
        SweepConfig(BASE, **given)
