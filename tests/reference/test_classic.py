"""The lab's classic default against PyTorch float64, mini-batch by mini-batch (classic.npz, made by classic_make.py).

Relative 1e-10 after 500 updates, with an absolute 1e-12 for a weight on its way through 0.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.batches import epoch_order
from engine.lab import run
from engine.lab_presets import PRESETS
from engine.training_config import ORDER

with np.load(Path(__file__).with_name("classic.npz")) as archive:
    REFERENCE = dict(archive)
EPOCHS = len(REFERENCE["orders"])
CLASSIC = PRESETS["classic"]


def test_the_reference_is_of_these_samples_and_this_start():
    train, test = CLASSIC.parts
    for array, name in ((train.X, "X"), (train.targets, "Y"), (test.X, "X_test"), (test.targets, "Y_test")):
        np.testing.assert_array_equal(array, REFERENCE[name])
    np.testing.assert_array_equal(CLASSIC.first[0], REFERENCE["start"])


def test_the_examples_come_in_the_same_order():
    (rng,) = CLASSIC.training.generators(ORDER)
    np.testing.assert_array_equal([epoch_order(rng, 250) for _ in range(EPOCHS)], REFERENCE["orders"])


def test_every_epochs_parameters_and_losses_agree_with_torch():
    training = replace(CLASSIC.training, epochs=EPOCHS, snapshots=tuple(range(EPOCHS + 1)))
    history = run(replace(CLASSIC, training=training))
    np.testing.assert_allclose(history.snapshots, REFERENCE["parameters"], rtol=1e-10, atol=1e-12)
    losses = np.stack([history.train_loss, history.test_loss], axis=1)
    np.testing.assert_allclose(losses, REFERENCE["losses"], rtol=1e-10)
