"""What is looked at: which frame, which samples, which plane of which hidden layer, and the one sample followed."""

from dataclasses import dataclass

import streamlit as st

from engine.history import TrainingHistory
from engine.lab_inside import Moment, n_frames
from engine.lab_planes import kinds
from engine.samples import Dataset
from pages.shared import cached_inside, controls, numbers
from pages.shared.charts.network import unit_name
from pages.shared.lab.setup import LabSetup
from pages.shared.text import _

MOST_LINES = 6  # of units in one picture
REACH = 1000.0  # of a point or a target that a learner types
FEATURES = {
    "x1": "x₁", "x2": "x₂", "x1_squared": "x₁²", "x2_squared": "x₂²", "product": "x₁x₂", "sin_x1": "sin x₁",
    "sin_x2": "sin x₂",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What the controls say.

    frame: index into the snapshots. moment: the network there. samples: those shown, as they lie in the plane.
    testing: whether they are the test samples. sample: which one is followed, from 0; None for a point of one's own.
    point, y: of the followed one. layer, kind, units: of the hidden plane; layer 0: there is no hidden layer.
    lines: whether the units' lines are drawn. scope: of the controls that the pictures move.
    """

    setup: LabSetup
    frame: int
    moment: Moment
    samples: Dataset
    testing: bool
    sample: int | None
    point: tuple[float, float]
    y: float
    layer: int
    kind: str
    units: tuple[int, int]
    lines: bool
    scope: str

    @property
    def regression(self) -> bool:
        return self.samples.task == "regression"

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """All that is drawn: the samples, and after them a point of one's own."""
        rows = tuple(map(tuple, self.samples.X.tolist()))
        return rows if self.sample is not None else (*rows, self.point)

    @property
    def followed(self) -> int:
        """Where the followed one stands among the `points`."""
        return len(self.samples) if self.sample is None else self.sample


def frame(chosen: LabSetup, history: TrainingHistory) -> int:
    """The frame to look at, which the sections of the lesson share."""
    last = n_frames(history) - 1
    place = controls.stepper(_("Frame"), last, key="training_frame", scope=chosen.scope)
    epoch = int(history.snapshot_epochs[place])
    stopped, epochs = int(history.stopped_at), chosen.config.training.epochs
    words = [_("**After epoch {epoch}** of {epochs}").format(epoch=epoch, epochs=epochs)]
    if 0 <= stopped < epoch:
        epoch = int(history.best_epoch)
        words = [
            _(
                "**The network of epoch {best}**, which early stopping has kept: it ended the training after epoch "
                "{stopped} of {epochs}"
            ).format(best=epoch, stopped=stopped, epochs=epochs)
        ]
    words.append(_("training loss {loss}").format(loss=numbers.plain(float(history.train_loss[epoch]))))
    if history.test_loss is not None:
        words.append(_("test loss {loss}").format(loss=numbers.plain(float(history.test_loss[epoch]))))
    st.markdown(", ".join(words))
    return place


def look(chosen: LabSetup, place: int) -> Look:
    """The section's own controls, under those of the lab."""
    moment = cached_inside.moment(chosen.config, place)
    layer, kind, units = _plane(chosen, moment)
    lines = layer > 0 and controls.toggle(
        _("Each unit’s line z = 0"),
        key="training_inside_lines",
        default=True,
        help=_(
            "Where the unit’s weighted sum is 0 in the input plane: straight for the first hidden layer, bent for "
            "later ones. With more than {n} units only those of “two units”."
        ).format(n=MOST_LINES),
    )
    train, test = chosen.config.data.planes
    parts = {"train": _("training"), "test": _("test")}
    part = "train"
    if test is not None:
        part = controls.choice(
            st.segmented_control,
            _("Samples shown"),
            parts,
            key="training_inside_part",
            scope=chosen.scope,
            required=True,
        )
    samples = test if part == "test" else train
    scope = f"{chosen.scope} {part}"
    sample, point, y = _sample(chosen, samples, scope)
    return Look(chosen, place, moment, samples, part == "test", sample, point, y, layer, kind, units, lines, scope)


def _plane(chosen: LabSetup, moment: Moment) -> tuple[int, str, tuple[int, int]]:
    """Which hidden layer, and which two directions in it."""
    sizes = chosen.config.training.sizes
    depth = len(sizes) - 2
    if not depth:
        return 0, "units", (0, 0)
    layer, scope = depth, f"{chosen.scope} {sizes}"
    if depth > 1:
        layers = {str(n): str(n) for n in range(1, depth + 1)}
        layer = int(
            controls.choice(
                st.segmented_control,
                _("Hidden layer"),
                layers,
                key="training_inside_layer",
                default=str(depth),
                scope=scope,
                required=True,
            )
        )
    offered, size = kinds(moment, layer), sizes[layer]
    kind = offered[0]
    if len(offered) > 1:
        titles = {
            "readout": _("across the boundary"),
            "principal": _("most variance"),
            "units": _("two units"),
        }
        kind = controls.choice(
            st.selectbox,
            _("Seen along"),
            {code: titles[code] for code in offered},
            key="training_inside_axes",
            scope=f"{scope} {layer} {offered}",
            help=_(
                "A layer of more than two units has no plane of its own: two directions are chosen. Across the "
                "boundary: how far a sample is from the decision boundary, and where the samples vary most along it. "
                "Most variance: the first two principal components."
            ),
        )
    return layer, kind, _units(size, layer, scope) if kind == "units" and size > 2 else (0, min(1, size - 1))


def _units(size: int, layer: int, scope: str) -> tuple[int, int]:
    names = {str(unit + 1): unit_name(layer, unit) for unit in range(size)}
    with st.container(horizontal=True):
        across, up = (
            controls.choice(
                st.selectbox, title, names, key=f"training_inside_{code}", default=start, scope=f"{scope} {layer}"
            )
            for title, code, start in ((_("To the right"), "across", "1"), (_("Upward"), "up", "2"))
        )
    return int(across) - 1, int(up) - 1


def _sample(chosen: LabSetup, samples: Dataset, scope: str) -> tuple[int | None, tuple[float, float], float]:
    """The sample that is followed: its number, point and target."""
    if controls.toggle(_("Follow a point of my own"), key="training_inside_own", scope=chosen.scope):
        return None, *_own(samples, chosen.scope)
    number = controls.number(
        _("Sample followed (1 to {n})").format(n=len(samples)),
        key="training_inside_sample",
        default=1,
        low=1,
        high=len(samples),
        step=1,
        scope=f"{scope} {len(samples)}",
        help=_("Or click a sample in one of the pictures."),
    )
    y = samples.y[number - 1]
    return number - 1, tuple(samples.X[number - 1].tolist()), float(y.item())


def _own(samples: Dataset, scope: str) -> tuple[tuple[float, float], float]:
    point = controls.numbers(
        ["x₁", "x₂"], key="training_inside_point", default=(0.5, 0.5), low=-REACH, high=REACH, scope=scope
    )
    if samples.task == "regression":
        y = controls.number(
            _("Its target y"), key="training_inside_value", default=0.0, low=-REACH, high=REACH, step=0.1, scope=scope
        )
        return point, y
    classes = {str(number): name for number, name in enumerate(samples.classes)}
    named = controls.choice(
        st.segmented_control,
        _("Its class, the target"),
        classes,
        key="training_inside_class",
        scope=f"{scope} {len(classes)}",
        required=True,
    )
    return point, float(named)
