"""What one looks for on the board: gradients that vanish or explode, dead or saturated units, sleeping layers."""

from dataclasses import dataclass

import numpy as np

from engine.board import Board
from engine.signal_reading import MARGIN

MOSTLY = 0.5  # so large a share of saturated outputs is told
GROWN = 100.0  # times its first length, from which on a layer that has moved so far grows beyond reason
MOVED = 0.1  # of its first length, by which a layer has to have moved to be called awake


@dataclass(frozen=True)
class Finding:
    """Something to look out for: `kind` is growing, vanishing, exploding, dead, saturated or sleeping; layers
    from 0.

    value: for growing, how far the weights have moved, in lengths that they had at the start; for vanishing and
    exploding, the typical size of dL/dW in the first layer over that in the last; else the largest (sleeping: the
    smallest) share of these layers.
    """

    kind: str
    layers: tuple[int, ...]
    value: float


def findings(board: Board, frame: int) -> tuple[Finding, ...]:
    """What is worth a second look at a frame, the gravest first.

    Convention: growing where weights have moved by more than 100 times their first length; vanishing or exploding
        where the root mean squares of dL/dW in the first and the last layer differ by more than a factor of 10;
        saturated from half of a layer's outputs on, where f flattens out on both sides; sleeping where weights have
        moved by less than 10% of their first length and less than a tenth of what another layer's have.
    """
    found, moved = [], board.moved[frame]
    grown = np.flatnonzero(moved > GROWN)
    if grown.size:
        found.append(Finding("growing", tuple(grown.tolist()), float(moved[grown].max())))
    first, last = (float(board.spreads["dW"][layer].rms[frame]) for layer in (0, -1))
    if last > 0 and len(board.spreads["dW"]) > 1:
        ratio = first / last
        if ratio < 1 / MARGIN or ratio > MARGIN:
            found.append(Finding("vanishing" if ratio < 1 else "exploding", (0,), ratio))
    flat = np.where(board.levels_off, board.saturated, 0.0)
    for kind, shares, least in (("dead", board.dead, 0.0), ("saturated", flat, MOSTLY)):
        layers = np.flatnonzero((shares[frame] > 0) & (shares[frame] >= least))
        if layers.size:
            found.append(Finding(kind, tuple(layers.tolist()), float(shares[frame, layers].max())))
    farthest = float(np.fmax.reduce(moved, initial=0.0))
    if farthest > MOVED:
        layers = np.flatnonzero(moved < min(MOVED, farthest / 10))
        if layers.size:
            found.append(Finding("sleeping", tuple(layers.tolist()), float(moved[layers].min())))
    return tuple(found)


def moved_most(board: Board, frame: int) -> int | None:
    """The layer whose weights are farthest from their start, in lengths they had there; None where none has moved, or
    none had a length."""
    moved = np.nan_to_num(board.moved[frame])
    return int(moved.argmax()) if moved.max() > 0 else None


def drawn_frames(n: int, most: int, frame: int) -> tuple[int, ...]:
    """At most `most` of n frames, evenly spread, first and last among them, `frame` in its neighbour's place.

    Args:   n: at least 1. most: at least 3. frame: 0 to n - 1.
    """
    places = np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int))
    inner = places[1:-1]
    if frame not in places:
        inner[np.abs(inner - frame).argmin()] = frame
    return tuple(places.tolist())
