"""Engine calls of the training lab that are worth keeping, each in a bounded cache, as in `cached`."""

from engine import lab
from pages.shared.shelf import Shelf

trained = Shelf(lab.run, most=24)  # up to some 2 MB each
