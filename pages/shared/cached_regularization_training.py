"""What the section on batch normalization while training keeps: each kind of network by itself."""

from engine import normalized_training
from pages.shared.shelf import Shelf

rate_studies = Shelf(normalized_training.study_rates, most=96)
insides = Shelf(normalized_training.look_inside, most=64)
