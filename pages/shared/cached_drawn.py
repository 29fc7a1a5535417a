"""Drawn layers, each in a bounded shelf as in `cached`: counts and figures, no weights."""

from engine import drawn_weights
from pages.shared.shelf import Shelf

drawn = Shelf(drawn_weights.draw, most=256)  # up to 25 kB each
