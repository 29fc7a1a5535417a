"""The networks of the lecture notes, as data."""

from dataclasses import dataclass

from engine.activations import Sigmoid
from engine.experiment import Experiment, random_start
from engine.losses import CrossEntropy, HalfSquaredError, SquaredError
from pages.shared.text import N_

OWN = "own"
XOR_X = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
XOR_Y = ((0.0,), (1.0,), (1.0,), (0.0,))


@dataclass(frozen=True)
class Preset:
    title: str
    experiment: Experiment
    names: tuple[str, ...] = ()  # what a source calls the parameters, in the engine's flat order


def _sigmoids(n: int) -> tuple[Sigmoid, ...]:
    return (Sigmoid(),) * n


CHAIN = Preset(
    N_("Chain of note 002: 0.5, 0.7, 0.5"),
    Experiment(
        sizes=(1, 1, 1),
        activations=_sigmoids(2),
        parameters=(0.7, 0.0, 0.5, 0.0),
        X=((0.5,),),
        Y=((1.0,),),
        loss=SquaredError(),
        learning_rate=1.0,
        learn_biases=False,
    ),
    names=("w1", "", "w2", ""),
)
# The note prints the outputs and the targets only; weights and biases are ours, chosen to give these outputs.
TWO_OUTPUTS = Preset(
    N_("Two outputs of note 002: 0.609, 0.633"),
    Experiment(
        sizes=(2, 2, 2),
        activations=_sigmoids(2),
        parameters=(0.3, 0.5, 0.4, 0.2, 0.1, 0.1, 0.4, 0.3, 0.2, 0.6, 0.09260603, 0.02373093),
        X=((0.2, 0.5),),
        Y=((0.3, 0.9),),
        loss=HalfSquaredError("sum"),
        learning_rate=0.5,
    ),
)
CLASSIC = Preset(
    N_("The classic 2-2-2 example"),
    Experiment(
        sizes=(2, 2, 2),
        activations=_sigmoids(2),
        parameters=(0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60),
        X=((0.05, 0.10),),
        Y=((0.01, 0.99),),
        loss=HalfSquaredError("sum"),
        learning_rate=0.5,
        learn_biases=False,
    ),
    names=("w1", "w3", "w2", "w4", "b1", "b1", "w5", "w7", "w6", "w8", "b2", "b2"),
)
XOR = Preset(
    N_("XOR with 2-2-1 (notes 001, 004)"),
    Experiment(
        sizes=(2, 2, 1),
        activations=_sigmoids(2),
        parameters=random_start((2, 2, 1), seed=4),
        X=XOR_X,
        Y=XOR_Y,
        loss=CrossEntropy("sum"),
        learning_rate=0.5,
    ),
)
PRESETS = {"chain": CHAIN, "two_outputs": TWO_OUTPUTS, "classic": CLASSIC, "xor": XOR}


def own(sizes: tuple[int, ...]) -> Preset:
    """A network of the learner's own sizes, with a start to change: random weights, one sample."""
    inputs = tuple(round(0.5 + 0.5 * (-1) ** i, 1) for i in range(sizes[0]))
    targets = tuple(float(i % 2 == 0) for i in range(sizes[-1]))
    experiment = Experiment(
        sizes=sizes,
        activations=_sigmoids(len(sizes) - 1),
        parameters=random_start(sizes),
        X=(inputs,),
        Y=(targets,),
        loss=HalfSquaredError("sum"),
        learning_rate=0.5,
    )
    return Preset(N_("My own network"), experiment)
