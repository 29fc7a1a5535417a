"""The scripts of the training lab, each in a bounded cache, as in `cached`: a hand on a frame writes none anew."""

import functools

from engine.errors import InputError
from engine.export_torch import torch_script
from engine.export_training import training_script
from engine.lab import LabConfig


@functools.lru_cache(maxsize=16)
def numpy_script(config: LabConfig) -> str:
    """The run as a NumPy script."""
    return training_script(config.training, *config.parts, start=config.first)


@functools.lru_cache(maxsize=16)
def torch_or_reason(config: LabConfig) -> tuple[str, InputError | None]:
    """The run as a PyTorch script, or what PyTorch does not have."""
    try:
        return torch_script(config.training, *config.parts, start=config.first), None
    except InputError as error:
        return "", error
