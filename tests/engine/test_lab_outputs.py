"""What the lab's network answers at a frame, and what its film costs."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.film import film_cost, input_pictures
from engine.lab import LabConfig, LabData, run
from engine.lab_outputs import outputs
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm
from engine.training_config import evenly


def shortened(code: str, epochs: int, **changes) -> LabConfig:
    config = PRESETS[code]
    return replace(config, training=replace(config.training, epochs=epochs, snapshots=evenly(epochs, 3), **changes))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("three", (0.02224467, 0.94487309, 0.94515393, 0.06835551)),
        ("three_three", (0.02816583, 0.95703046, 0.95698292, 0.05355237)),
    ],
)
def test_the_notes_outputs_after_training(code, expected):
    config = shortened(code, 10_000)
    np.testing.assert_allclose(outputs(config, run(config), -1 + 3)[:, 0], expected, atol=5e-9)


@pytest.mark.parametrize("changes", [{}, {"standardize": True}, {"batch_norm": BatchNorm()}])
def test_they_are_what_the_losses_are_measured_on(changes):
    config = shortened("classic", 4, **changes)
    history = run(config)
    for frame, epoch in enumerate(history.snapshot_epochs):
        for samples, losses in zip(config.parts, (history.train_loss, history.test_loss), strict=True):
            value = config.training.loss.value(outputs(config, history, frame, samples), samples.targets)
            assert value == pytest.approx(losses[epoch], rel=1e-12)


def test_without_a_frame_they_are_those_of_the_network_that_is_kept():
    config = replace(PRESETS["overfit"], training=replace(PRESETS["overfit"].training, patience=10))
    history = run(config)
    value = config.training.loss.value(outputs(config, history, None), config.parts[0].targets)
    assert value == pytest.approx(history.train_loss[int(history.best_epoch)], rel=1e-12)


def test_they_are_read_only_and_the_frame_is_checked():
    config = shortened("unit", 4)
    history = run(config)
    with pytest.raises(ValueError):
        outputs(config, history, 0)[0] = 1.0
    for frame in (-1, 3, 0.5):
        with pytest.raises(InputError):
            outputs(config, history, frame)


def test_a_film_costs_more_with_more_frames_points_and_units():
    small = film_cost(PRESETS["classic"])
    few = replace(PRESETS["classic"], training=replace(PRESETS["classic"].training, snapshots=(0, 300)))
    assert film_cost(few).operations < small.operations < film_cost(PRESETS["memory"]).operations
    assert small.operations < film_cost(PRESETS["classic"], side=80).operations
    assert small.seconds < 0.1


def test_features_go_through():
    data = LabData("gate", n_samples=4, test_share=0.0, features=("x1", "product"))
    config = replace(shortened("unit", 2), data=data)
    config = LabConfig(data, config.training)
    assert outputs(config, run(config), 2).shape == (4, 1)


def test_the_pictures_of_the_inputs():
    """x1 grows to the right, x2 upward, and their product is what XOR needs: two corners high, two low."""
    data = LabData("disc", n_samples=50, features=("x1", "x2", "product", "x1_squared"))
    config = replace(shortened("classic", 2), data=LabData("disc", n_samples=50))
    wide = replace(config.training, sizes=(4, 4, 2, 1))
    found = input_pictures(LabConfig(data, wide), 9)
    x1, x2, product, squared = found.bytes.astype(int)
    x_low, x_high = data.square[0]
    size = max(abs(x_low), abs(x_high))
    assert x1[0].tolist() == [round(255 * (x / size + 1) / 2) for x in np.linspace(x_low, x_high, 9)]
    assert (np.diff(x1, axis=1) > 0).all()
    assert (np.diff(x2, axis=0) < 0).all()
    assert product[0, 0] < 127 < product[0, -1]
    assert product[-1, -1] < 127 < product[-1, 0]
    assert squared.min() >= 127
    assert found.high.tolist() == (-found.low).tolist()
    with pytest.raises(InputError):
        input_pictures(config, 1)
