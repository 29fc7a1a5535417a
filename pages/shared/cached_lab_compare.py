"""Runs of one setting of the lab from several seeds, as in `cached`."""

from engine import lab_pair
from pages.shared.shelf import Shelf

seed_runs = Shelf(lab_pair.seed_runs, most=24)
