"""A small network under dropout, over its masks and over the drop rates: each kept by itself."""

from dataclasses import replace

from engine import dropped
from engine.dropped import DropoutNet
from pages.shared.shelf import Shelf

over_masks = Shelf(dropped.over_masks, most=128)  # some 45 kB each
over_rates = Shelf(dropped.over_rates, most=128)


def at_no_rate(config: DropoutNet) -> DropoutNet:
    """The curve over the rates is the same whatever the rate that is chosen."""
    return replace(config, drop_rate=0.5)
