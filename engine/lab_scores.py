"""How good the answers of one frame are: the network's own, and those of a linear model in the space of each layer."""

from dataclasses import dataclass

from engine.lab_inside import Moment
from engine.linear_probe import linear_probe, probe_score
from engine.scores import score


@dataclass(frozen=True)
class LayerScores:
    """How good straight answers are in the space of a layer: accuracy, or R^2 of a regression.

    units: of the layer; layer 0 are the inputs. train, test: of a linear model fitted by least squares to the training
    samples' activations; test is None without test samples.
    """

    units: int
    train: float
    test: float | None


def straight_scores(of: Moment) -> tuple[LayerScores, ...]:
    """`LayerScores` of the inputs and of each hidden layer."""
    parts = [part for part in of.config.parts if part is not None]
    planes = [part for part in of.config.data.planes if part is not None]
    activations = [of.activations(plane.X)[:-1] for plane in planes]
    found = []
    for layer, values in enumerate(activations[0]):
        probe = linear_probe(values, parts[0].targets)
        each = [
            probe_score(probe, own[layer], part.targets, part.task, part.border)
            for own, part in zip(activations, parts, strict=True)
        ]
        found.append(LayerScores(values.shape[1], *(each if len(each) > 1 else (each[0], None))))
    return tuple(found)


def network_scores(of: Moment) -> tuple[float, float | None]:
    """Accuracy, or R^2, of the network itself on training and test samples; None without test samples."""
    found = []
    for plane, part in zip(of.config.data.planes, of.config.parts, strict=True):
        if plane is not None:
            outputs = of.activations(plane.X)[-1]
            found.append(float(score(outputs, part.targets, of.config.training.loss, part.task, part.border)))
    return (*found, None)[:2]
