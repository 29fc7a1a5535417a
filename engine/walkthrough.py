"""The order in which one update of a network is computed by hand, one number at a time."""

from dataclasses import dataclass

KINDS = ("pre_activation", "activation", "loss", "delta", "weight_gradient", "bias_gradient", "update", "bias_update")


@dataclass(frozen=True)
class Step:
    """One number: `kind` says which, for layer `layer` (0 is the first after the inputs), unit `unit` of it and,
    for weights, the unit or input `source` of the layer before."""

    kind: str
    layer: int = -1
    unit: int = -1
    source: int = -1


def steps(sizes: tuple[int, ...], learn_biases: bool = True) -> tuple[Step, ...]:
    """Forward: z and a of each unit, layer by layer. The loss. Backward: delta of each unit, then the gradients of
    what leads into it, last layer first. At the end all updates.

    Args:      sizes: (n_features, hidden units ..., n_outputs).
    Returns:   the steps in order.
    """
    layers = range(len(sizes) - 1)
    forward = [Step(k, n, unit) for n in layers for unit in range(sizes[n + 1]) for k in KINDS[:2]]
    backward = [step for n in reversed(layers) for step in _layer_backward(n, sizes, learn_biases)]
    return (*forward, Step("loss"), *backward, *_updates(sizes, learn_biases))


def _layer_backward(layer: int, sizes: tuple[int, ...], learn_biases: bool) -> list[Step]:
    deltas = [Step("delta", layer, unit) for unit in range(sizes[layer + 1])]
    return deltas + _parameters("weight_gradient", "bias_gradient", layer, sizes, learn_biases)


def _updates(sizes: tuple[int, ...], learn_biases: bool) -> list[Step]:
    layers = range(len(sizes) - 1)
    return [step for n in layers for step in _parameters("update", "bias_update", n, sizes, learn_biases)]


def _parameters(kind: str, bias_kind: str, layer: int, sizes: tuple[int, ...], learn_biases: bool) -> list[Step]:
    weights = [Step(kind, layer, unit, source) for unit in range(sizes[layer + 1]) for source in range(sizes[layer])]
    return weights + [Step(bias_kind, layer, unit) for unit in range(sizes[layer + 1]) if learn_biases]
