"""Engine calls of the sweep that are worth keeping, each in a bounded cache, as in `cached`."""

from dataclasses import replace

from engine import lab_sweep, sweep_reading
from engine.lab_sweep import Block, Outcome, SweepConfig
from engine.sweep_reading import SweepResult
from pages.shared.shelf import Shelf, shelved

searched = Shelf(lab_sweep.run, most=40)


def _trained(block: Block) -> Outcome:
    """A block's runs; where each optimizer has a rate of its own, that is looked for first."""
    if not block.own_rate:
        return lab_sweep.run(block)
    return lab_sweep.run(replace(block, rate=lab_sweep.best_rate(searched(block.search))))


trained = Shelf(_trained, most=240)  # 50 kB each; a sweep has up to 48


epochs_within = Shelf(lab_sweep.epochs_within, most=256)


@shelved(most=32)
def joined(config: SweepConfig, *outcomes: Outcome) -> SweepResult:
    """The outcomes of all of a sweep's blocks."""
    return sweep_reading.joined(config, outcomes)
