"""A network as a graph of whole arrays, the way it is computed: what each node makes, of which shape."""

import math
from dataclasses import dataclass

from engine.activations import Activation
from engine.batches import batch_sizes
from engine.lab import LabConfig
from engine.layers import BatchNorm, Dropout

KINDS = ("input", "sum", "activation", "batch_norm", "dropout", "loss")


@dataclass(frozen=True)
class Node:
    """One step of the forward pass.

    code: stable, as in a link: "x", "z1", "f1", "norm1", "drop1", "loss". kind: one of KINDS. layer: from 1, 0 for the
    input, n_layers + 1 for the loss. reads: code of the node before, "" for the input. shape: of what it makes; () for
    a number. parameters: name -> shape of what is learned in it. step: the activation, batch normalization, dropout or
    loss itself, None for input and sums.
    """

    code: str
    kind: str
    layer: int
    reads: str
    shape: tuple[int, ...]
    parameters: tuple[tuple[str, tuple[int, ...]], ...] = ()
    step: object = None

    @property
    def n_parameters(self) -> int:
        """How many numbers are learned in it."""
        return sum(math.prod(shape) for _name, shape in self.parameters)


def nodes(config: LabConfig) -> tuple[Node, ...]:
    """The graph of a network for the first batch of its training: a chain from the input to the loss."""
    of = config.training.architecture
    n = batch_sizes(len(config.parts[0]), config.training.batch_size)[0]
    chain = [Node("x", "input", 0, "", (n, of.sizes[0]))]

    def add(code: str, kind: str, layer: int, shape: tuple[int, ...], parameters=(), step=None) -> None:
        chain.append(Node(code, kind, layer, chain[-1].code, shape, parameters, step))

    for layer, (fan_in, fan_out) in enumerate(of.fans, 1):
        add(f"z{layer}", "sum", layer, (n, fan_out), (("W", (fan_in, fan_out)), ("b", (fan_out,))))
        for step in of.between(layer - 1):
            if isinstance(step, BatchNorm):
                scales = (("gamma", (fan_out,)), ("beta", (fan_out,)))
                add(f"norm{layer}", "batch_norm", layer, (n, fan_out), scales, step)
            elif isinstance(step, Dropout):
                add(f"drop{layer}", "dropout", layer, (n, fan_out), (), step)
            elif isinstance(step, Activation):
                add(f"f{layer}", "activation", layer, (n, fan_out), (), step)
    add("loss", "loss", of.n_layers + 1, (), (), config.training.loss)
    return tuple(chain)
