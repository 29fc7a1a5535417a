"""Networks whose units begin alike, in a bounded shelf as in `cached`."""

from engine import symmetry
from pages.shared.shelf import Shelf

watched = Shelf(symmetry.watch, most=128)  # up to 120 kB each
