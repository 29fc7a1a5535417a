"""What became of a run of the training lab, kept in a bounded cache, as in `cached`."""

from engine.diagnosis import diagnose
from pages.shared.shelf import Shelf

diagnosed = Shelf(diagnose, most=24)  # by the config and the history of its run
