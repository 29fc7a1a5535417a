"""Studies of deep random networks that are kept: one a scheme and seed, so that one more costs its own only."""

from engine.signal import study
from pages.shared.shelf import Shelf

# The largest has 40 kB; a screen asks for 80 at most: 4 schemes, 20 seeds.
studied = Shelf(study, most=400)
