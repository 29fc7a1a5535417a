"""The networks that the calculator offers."""

from dataclasses import dataclass

from engine import examples
from engine.activations import Sigmoid
from engine.experiment import Experiment, random_start
from engine.losses import HalfSquaredError
from pages.shared.text import N_

OWN = "own"


@dataclass(frozen=True)
class Preset:
    title: str
    experiment: Experiment
    names: tuple[str, ...] = ()  # what a source calls the parameters, in the engine's flat order


CLASSIC_NAMES = ("w1", "w3", "w2", "w4", "b1", "b1", "w5", "w7", "w6", "w8", "b2", "b2")
PRESETS = {
    "chain": Preset(N_("Chain (note 002)"), examples.CHAIN, ("w1", "", "w2", "")),
    "two_outputs": Preset(N_("Two outputs (note 002)"), examples.TWO_OUTPUTS),
    "classic": Preset(N_("The classic 2-2-2"), examples.CLASSIC, CLASSIC_NAMES),
    "xor": Preset(N_("XOR 2-2-1 (note 004)"), examples.XOR),
}


def own(sizes: tuple[int, ...]) -> Preset:
    """A network of the learner's own sizes, with a start to change: random weights, one sample."""
    experiment = Experiment(
        sizes=sizes,
        activations=(Sigmoid(),) * (len(sizes) - 1),
        parameters=random_start(sizes),
        X=((1.0, 0.0, 1.0, 0.0)[: sizes[0]],),
        Y=((1.0, 0.0, 1.0, 0.0)[: sizes[-1]],),
        loss=HalfSquaredError("sum"),
        learning_rate=0.5,
    )
    return Preset(N_("My own network"), experiment)
