"""Two runs of the lab in numbers."""

import contextlib
import io
import math
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_compare import pair_script
from engine.lab import run
from engine.lab_difference import with_seed
from engine.lab_pair import (
    answers,
    disagreement,
    epoch_of,
    frame_at,
    parting,
    seed_pairs,
    seed_runs,
    seeds_cost,
    stacked,
    summary,
)
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm
from engine.network import predict
from engine.optimizers import optimizer
from engine.training_config import evenly

CLASSIC = replace(
    PRESETS["classic"], training=replace(PRESETS["classic"].training, epochs=30, snapshots=evenly(30, 31))
)


def trained_with(base=CLASSIC, **values):
    return replace(base, training=replace(base.training, **values))


FASTER = trained_with(optimizer=optimizer("sgd", learning_rate=0.3))
DIVERGING = trained_with(PRESETS["plane"], optimizer=optimizer("sgd", learning_rate=50.0))


def test_a_run_in_a_few_numbers():
    history = run(FASTER)
    found = summary(FASTER, history, goal=0.05)
    assert (found.train_loss, found.test_loss) == (history.train_loss[-1], history.test_loss[-1])
    assert (found.train_score, found.test_score) == (history.train_score[-1], history.test_score[-1])
    losses = history.test_loss.tolist()
    assert (found.best, found.best_epoch) == (min(losses), losses.index(min(losses)))
    assert found.goal_epoch == next(epoch for epoch, loss in enumerate(losses) if loss <= 0.05)
    assert (found.last_epoch, found.updates, found.n_parameters) == (30, 30 * 25, 25)
    assert found.work == 3 * 25 * 250 * 30
    assert summary(FASTER, history, goal=1e-9).goal_epoch == -1


def test_without_test_samples_the_training_loss_is_watched():
    config = trained_with(PRESETS["three"], epochs=50, snapshots=(0, 50))
    history = run(config)
    found = summary(config, history, goal=0.24)
    assert (found.test_loss, found.test_score) == (None, None)
    assert found.best == history.train_loss.min()


def test_a_run_that_diverges_ends_without_a_number():
    history = run(DIVERGING)
    found = summary(DIVERGING, history, goal=0.01)
    assert not math.isfinite(found.train_loss)
    assert found.last_epoch == history.diverged_at - 1
    assert (found.best, found.best_epoch) == (np.nanmin(history.test_loss), int(np.nanargmin(history.test_loss)))
    assert answers(DIVERGING, history, len(history.snapshot_epochs) - 1, DIVERGING.data.square) is None


def test_a_run_that_stops_early_counts_with_its_best_epoch():
    config = trained_with(FASTER, patience=2)
    history = run(config)
    stopped, best = int(history.stopped_at), int(history.best_epoch)
    assert 0 <= stopped < 30
    found = summary(config, history, goal=0.01)
    assert (found.test_loss, found.last_epoch) == (history.test_loss[best], stopped)
    assert [epoch_of(history, frame) for frame in (0, stopped, 30)] == [0, stopped, best]


def test_the_distance_of_two_runs():
    first, second = run(CLASSIC), run(FASTER)
    found = parting(first, second)
    assert found.epochs.tolist() == list(range(31))
    assert found.between[0] == 0
    for frame in (1, 30):
        apart = first.snapshots[frame] - second.snapshots[frame]
        assert found.between[frame] == pytest.approx(math.sqrt(sum(float(part) ** 2 for part in apart)), rel=1e-12)
        way = np.linalg.norm(first.snapshots[frame] - first.snapshots[0])
        assert found.first[frame] == pytest.approx(way, rel=1e-12)
    assert parting(first, run(trained_with(batch_norm=BatchNorm()))) is None
    assert parting(first, run(with_seed(CLASSIC, 1))).between[0] > 1


def test_only_epochs_that_both_have_kept_are_compared():
    other = trained_with(epochs=12, snapshots=(0, 5, 12))
    assert parting(run(CLASSIC), run(other)).epochs.tolist() == [0, 5, 12]


@pytest.mark.parametrize("code", ["classic", "moons", "blobs", "plane"])
def test_answers_are_the_networks(code):
    config = trained_with(PRESETS[code], epochs=2, snapshots=(0, 2))
    history, square = run(config), ((-1.0, 2.0), (-2.0, 1.0))
    found = answers(config, history, 1, square, side=4)
    x, y = np.meshgrid(np.linspace(-1, 2, 4), np.linspace(1, -2, 4))
    outputs = predict(config.training.architecture, history.snapshots[1], np.stack([x.ravel(), y.ravel()], axis=1))
    if code == "blobs":
        expected = outputs.argmax(axis=1)
    elif code == "moons":
        expected = 1 / (1 + np.exp(-outputs[:, 0]))
    else:
        low, high = (-1, 1) if code == "classic" else (config.data.plane.y.min(), config.data.plane.y.max())
        expected = np.clip((outputs[:, 0] - low) / (high - low), 0, 1)
    assert found.ravel() == pytest.approx(expected, abs=1e-5)


def test_frames_and_disagreement():
    history = run(trained_with(snapshots=(0, 10, 30)))
    assert [frame_at(history, epoch) for epoch in (0, 4, 6, 30, 99)] == [0, 0, 1, 2, 2]
    one, other = np.array([[0.1, 0.6], [0.9, 0.4]]), np.array([[0.4, 0.4], [0.9, 0.9]])
    assert disagreement(one, other, several=False) == 0.5
    assert disagreement(np.array([[0, 1], [2, 3]]), np.array([[0, 2], [2, 3]]), several=True) == 0.25


def test_many_seeds_are_single_runs():
    many = seed_runs(CLASSIC, n_seeds=3)
    singles = [run(with_seed(CLASSIC, seed)) for seed in range(3)]
    assert many.seeds == (0, 1, 2)
    assert many.loss == pytest.approx([one.test_loss[-1] for one in singles], rel=1e-9)
    assert many.error == pytest.approx([1 - one.test_score[-1] for one in singles], abs=1e-12)
    assert many.epochs.tolist() == list(range(31))
    assert many.band.median == pytest.approx(np.median([one.test_loss for one in singles], axis=0), rel=1e-9)
    assert stacked(CLASSIC, 3).training.snapshots == ()
    assert seeds_cost(CLASSIC, 3).operations > CLASSIC.cost.operations


def test_stopped_and_diverged_runs_count():
    stopping = trained_with(FASTER, patience=2)
    single = run(stopping)
    assert seed_runs(stopping, 2).loss[0] == pytest.approx(single.test_loss[int(single.best_epoch)], rel=1e-9)
    diverged = seed_runs(DIVERGING, 2)
    assert not np.isfinite(diverged.loss).any()
    assert np.isinf(diverged.band.median[-1])


def test_pairs_seed_by_seed():
    slow, fast = seed_runs(CLASSIC, 4), seed_runs(FASTER, 4)
    pairs = seed_pairs(slow, fast)
    assert (pairs.lower, pairs.higher) == (int((slow.loss < fast.loss).sum()), int((slow.loss > fast.loss).sum()))
    assert pairs.higher == 4
    assert pairs.p == 2 / 2**4
    assert seed_pairs(slow, fast, by_loss=False).higher == int((slow.error > fast.error).sum())


def test_bad_input():
    history = run(CLASSIC)
    for call in (
        lambda: answers(CLASSIC, history, 99, CLASSIC.data.square),
        lambda: answers(CLASSIC, history, 0, CLASSIC.data.square, side=1),
        lambda: summary(CLASSIC, history, math.nan),
        lambda: seed_runs(CLASSIC, 1),
        lambda: seed_runs(CLASSIC, 51),
    ):
        with pytest.raises(InputError):
            call()


GENTLE = trained_with(optimizer=optimizer("sgd", learning_rate=0.05))  # with 0.3 rounding errors grow to 0.1%


@pytest.mark.parametrize("second", [GENTLE, trained_with(sizes=(2, 3, 1), activations=FASTER.training.activations[:2])])
def test_the_script_repeats_both_runs(second):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(pair_script(CLASSIC, second), "script.py", "exec"), {"__name__": "__main__"})
    lines, histories = out.getvalue().splitlines(), (run(CLASSIC), run(second))
    for name, history in zip("AB", histories, strict=True):
        (line,) = (line for line in lines if line.startswith(f"{name} at the end:"))
        expected = history.train_loss[-1], history.test_loss[-1]
        assert [float(word) for word in line.split()[-2:]] == pytest.approx(expected, rel=1e-9)
    found = parting(*histories)
    last = lines[-1].split()
    if found is None:
        assert last[0] != "distance"
    else:
        assert float(last[-1]) == pytest.approx(found.between[-1], rel=1e-9)
