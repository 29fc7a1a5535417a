"""The networks that learn XOR, a block of runs of one scheme at a time: more runs cost only what is new."""

from engine import success_rates
from pages.shared.shelf import Shelf

xor_block = Shelf(success_rates.run, most=2048)  # some 2 kB each
