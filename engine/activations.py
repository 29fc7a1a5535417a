"""All activation functions, by name: the one list that screens, links and networks share."""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from engine import errors
from engine.activation_base import Activation, Steepest
from engine.rectifiers import ELU, SELU, LeakyReLU, Linear, ReLU, Softplus
from engine.self_gated import GELU, GELUTanh, HardSwish, Mish, Swish
from engine.sigmoids import Arctan, GaussianSigmoid, HardSigmoid, Sigmoid, Softsign, Step, Tanh

__all__ = [
    "ACTIVATIONS",
    "ELU",
    "GELU",
    "SELU",
    "Activation",
    "Arctan",
    "GELUTanh",
    "GaussianSigmoid",
    "HardSigmoid",
    "HardSwish",
    "LeakyReLU",
    "Linear",
    "Mish",
    "ReLU",
    "Sigmoid",
    "Softplus",
    "Softsign",
    "Steepest",
    "Step",
    "Swish",
    "Tanh",
    "activation",
]

# In the order of a gallery: the two simplest, S-shaped, rectifiers, self-gated.
KINDS = (
    *(Step, Linear),
    *(Sigmoid, Tanh, Arctan, Softsign, GaussianSigmoid, HardSigmoid),
    *(ReLU, LeakyReLU, ELU, SELU, Softplus),
    *(Swish, GELU, GELUTanh, Mish, HardSwish),
)
ACTIVATIONS: Mapping[str, type[Activation]] = MappingProxyType({kind.name: kind for kind in KINDS})


def activation(name: str, **parameters: float) -> Activation:
    """The activation of that name, with its own parameters where it has some.

    Args:      name: a key of ACTIVATIONS. parameters: its fields, such as alpha=0.2 for "leaky_relu".
    Raises:    InputError: unknown name or parameter, parameter out of range.
    """
    kind = ACTIVATIONS[errors.one_of("activation", name, ACTIVATIONS)]
    for parameter in parameters:
        errors.one_of(f"parameter of {name}", parameter, [field.name for field in fields(kind)])
    return kind(**parameters)
