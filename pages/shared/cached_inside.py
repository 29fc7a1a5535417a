"""Engine calls of the look inside a network that are worth keeping: another sample leaves the planes as they are."""

from engine import lab_inside, lab_planes, lab_scores
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.lab_inside import Moment
from engine.lab_planes import Plane
from engine.lab_scores import LayerScores
from pages.shared import cached_lab
from pages.shared.shelf import shelved


@shelved(most=64)
def moment(config: LabConfig, frame: int) -> Moment:
    """The network at a frame of the config's training."""
    return lab_inside.moment(config, _history(config), frame)


@shelved(most=64)
def straight_scores(config: LabConfig, frame: int) -> tuple[LayerScores, ...]:
    """How good straight answers are, layer by layer."""
    return lab_scores.straight_scores(moment(config, frame))


@shelved(most=64)
def network_scores(config: LabConfig, frame: int) -> tuple[float, float | None]:
    """How good the network's answers are."""
    return lab_scores.network_scores(moment(config, frame))


@shelved(most=64)
def input_plane(
    config: LabConfig, frame: int, points: tuple[tuple[float, float], ...], layer: int, units: tuple[int, ...]
) -> Plane:
    """Samples where they lie, with the lines of some units."""
    return lab_planes.input_plane(moment(config, frame), points, layer, units)


@shelved(most=64)
def hidden_plane(
    config: LabConfig,
    frame: int,
    layer: int,
    kind: str,
    units: tuple[int, int],
    points: tuple[tuple[float, float], ...],
) -> Plane:
    """Samples where a hidden layer puts them."""
    of = moment(config, frame)
    return lab_planes.hidden_plane(of, layer, lab_planes.hidden_axes(of, layer, kind, units), kind, points)


def _history(config: LabConfig) -> TrainingHistory:
    return cached_lab.trained(config)
