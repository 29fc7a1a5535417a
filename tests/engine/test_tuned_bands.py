"""The bands of a fine-tuning are those of its numbers, at each epoch and each layer."""

from engine.pretraining_study import STACKED, PileConfig, TuningConfig, tune
from engine.seed_bands import over_seeds


def test_a_band_at_an_epoch_is_that_of_the_epoch():
    one = tune(TuningConfig(PileConfig(depth=1, width=4), n_labelled=40, epochs=2), "xavier", (0, 1, 2))
    for name in STACKED:
        alone, band = over_seeds(getattr(one, name)[:, -1]), one.at(name, -1)
        assert (band.median, band.low, band.high) == (alone.median, alone.low, alone.high)
