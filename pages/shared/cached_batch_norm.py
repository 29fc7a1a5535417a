"""What the sections on batch normalization compute, each call in a bounded shelf."""

from engine import batch_norm_gradient, normalized_batch, stored_statistics
from pages.shared.shelf import Shelf

MOST = 128  # results of a few kB each; those of many batches reach 40 kB

normalized = Shelf(normalized_batch.normalize, MOST)
compared = Shelf(normalized_batch.compare, MOST)
running = Shelf(stored_statistics.running_statistics, MOST)
evaluated = Shelf(normalized_batch.evaluate, MOST)
standardized = Shelf(normalized_batch.standardize_sets, MOST)
backward = Shelf(batch_norm_gradient.backward, MOST)
moved = Shelf(batch_norm_gradient.move, MOST)
