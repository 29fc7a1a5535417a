"""The lab's training as the player is sent it: packed once, kept small, so that a rerun that moves a frame is free."""

from engine.film import film, input_pictures
from engine.lab import LabConfig
from pages.shared import cached_lab
from pages.shared.lab_reel import Reel
from pages.shared.lab_reel import reel as packed
from pages.shared.shelf import Shelf

SIDE, FINE_SIDE = 40, 64  # pixels of the plane; classes have hard borders between them


def side_of(config: LabConfig) -> int:
    """Pixels along the plane's picture."""
    return FINE_SIDE if config.data.n_outputs > 1 else SIDE


def _make(config: LabConfig) -> Reel:
    history = cached_lab.trained(config)
    return packed(config, history, film(config, history, side_of(config)), input_pictures(config))


reel = Shelf(_make, most=24)  # some 100 kB each, 1 MB at most
