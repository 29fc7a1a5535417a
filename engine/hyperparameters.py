"""What the hyperparameters of the optimizers may be: a number or an array, inside a stated range."""

from typing import NamedTuple

import numpy as np

from engine.arrays import read_only
from engine.errors import InputError, numbers

Hyperparameter = float | np.ndarray


class Range(NamedTuple):
    """The values a hyperparameter may take; `open_*` leaves the end itself out."""

    low: float = 0.0
    high: float = np.inf
    open_low: bool = False
    open_high: bool = False


RANGES = {
    "learning_rate": Range(),
    "momentum": Range(high=1.0),  # 1 is frictionless: it never settles, which is worth seeing
    "momentum_decay": Range(),
    "beta1": Range(high=1.0, open_high=True),
    "beta2": Range(high=1.0, open_high=True),
    "rho": Range(high=1.0, open_high=True),
    "epsilon": Range(open_low=True),  # 0 would divide 0 by 0 where a gradient is 0
    "weight_decay": Range(),
    "eta_minus": Range(high=1.0, open_low=True, open_high=True),
    "eta_plus": Range(low=1.0, open_low=True),
    "step_minimum": Range(open_low=True),
    "step_maximum": Range(open_low=True),
    "decay": Range(),
    "power": Range(),
    "average_from": Range(),
}


def hyperparameter(argument: str, value) -> Hyperparameter:
    """`value` as a float, or as a read-only array, inside the range of this hyperparameter.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    """
    array = numbers(argument, value, **RANGES[argument]._asdict())
    if array.ndim == 0:
        return float(array)
    return read_only(array)


def check_broadcast(argument: str, value: Hyperparameter, shape: tuple[int, ...]) -> None:
    """Refuse a hyperparameter whose axes do not fit into the parameters' `shape`.

    Raises:
        InputError: wrong_shape.
    """
    try:
        fits = np.broadcast_shapes(np.shape(value), shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise InputError("wrong_shape", argument, np.shape(value), str(shape))
