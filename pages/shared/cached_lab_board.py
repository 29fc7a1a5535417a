"""Engine calls of the training lab's board that are worth keeping, each in a bounded cache, as in `cached`."""

from engine import board
from engine.lab import LabConfig
from pages.shared import cached_lab
from pages.shared.shelf import Shelf


def _watch(config: LabConfig) -> board.Board:
    return board.watch(config, cached_lab.trained(config))


watched = Shelf(_watch, most=8)  # a MB or two each
