"""The scalars of the board: loss, score, gradient norms, change of the weights and learning rate over the epochs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.board_scalars import MAX_OTHERS, changes, learning_rates, other_seeds, smoothed, summary, turn_of_test
from engine.export_board import scalars_script
from engine.history import TrainingHistory
from engine.training_config import evenly
from pages.sections.training.board_shown import Shown, frame_of
from pages.shared import budget, cached_lab, controls, numbers, screen, show
from pages.shared.budget import Job
from pages.shared.charts import board as charts
from pages.shared.charts.board import Curve
from pages.shared.formulas import board as formulas
from pages.shared.lab.setup import LabSetup
from pages.shared.text import _

POINTS = 200  # of a curve that is drawn
SMOOTHING = 0.6


@dataclass(frozen=True)
class Options:
    """How the curves are drawn: smoothing; logarithmic axes; how many seeds more."""

    smoothing: float
    log: bool
    others: int


def draw(
    chosen: LabSetup, history: TrainingHistory, options: Options, left: DeltaGenerator, right: DeltaGenerator
) -> Shown:
    """All cards, one formula, one table."""
    smoothing = options.smoothing
    with right:
        runs = _runs(chosen, history, options.others, left)
        place = st.container()
        epoch = int(history.snapshot_epochs[frame_of(chosen, history)])
    _cards(chosen, history, runs, options, epoch, place)
    _explain(chosen, runs)
    formula, table = st.columns([2, 3], gap="large")
    with formula:
        found = smoothed(history.train_loss, smoothing)
        st.markdown(_("**Smoothing the training loss** at epoch {epoch} ($t = {t}$)").format(epoch=epoch, t=epoch + 1))
        st.latex(formulas.smoothing(history.train_loss, found, smoothing, epoch, numbers.tex))
    with table:
        screen.table(_table(history, epoch, smoothing), alt=_("The curves of this run in a few numbers"))
        screen.aside(
            _(
                "$\\hat m_t$ is what TensorBoard draws: an average with weights that fade by β from epoch to epoch. It "
                "starts at $m_0 = 0$ and would be too small at first; divided by the sum of its weights, "
                "$1 - \\beta^t$, it is not: the bias correction of Adam."
            )
        )
    script = scalars_script(chosen.config, epoch, smoothing)
    return Shown(_notice(history, epoch, smoothing), _everything(chosen, history), script)


def options() -> Options:
    """The controls of this view."""
    smoothing = controls.slider(
        _("Smoothing β"),
        key="training_board_smoothing",
        default=SMOOTHING,
        low=0.0,
        high=0.99,
        step=0.01,
        help=_("0 draws every value as it is; near 1 the curve follows slowly."),
    )
    counts = {str(n): str(n) for n in range(MAX_OTHERS + 1)}
    others = controls.choice(st.segmented_control, _("More seeds"), counts, key="training_board_seeds", required=True)
    log = controls.toggle(_("Logarithmic axes"), key="training_board_log", default=True)
    return Options(smoothing, log, int(others))


def _runs(chosen: LabSetup, history: TrainingHistory, others: int, place) -> dict[str, tuple]:
    """Name of a run -> its training loss, test loss, training score and test score."""
    arrays = history.train_loss, history.test_loss, history.train_score, history.test_score
    seed = chosen.config.training.run_seeds[0]
    runs = {_name(seed): arrays}
    if not others:
        return runs
    config = other_seeds(chosen.config, others)
    job = Job(_("more seeds"), cached_lab.trained, (config,), config.cost)
    (more,) = budget.run([job], place, key="training_board_more")
    if more is not None:
        parts = more.train_loss, more.test_loss, more.train_score, more.test_score
        for run, other in enumerate(config.training.run_seeds):
            runs[_name(other)] = tuple(part if part is None else part[run] for part in parts)
    return runs


def _name(seed: int) -> str:
    return _("seed {seed}").format(seed=seed)


def _cards(
    chosen: LabSetup,
    history: TrainingHistory,
    runs: Mapping[str, tuple],
    options: Options,
    epoch: int,
    place: DeltaGenerator,
) -> None:
    """The loss is the largest; under it what may explain it."""
    training, smoothing, log = chosen.config.training, options.smoothing, options.log
    epochs = evenly(training.epochs, POINTS) if training.epochs else (0,)
    after = [at for at in epochs if at]
    layers = [_("Layer {n}").format(n=n) for n in range(1, training.architecture.n_layers + 1)]
    losses = [_curve(name, part, epochs, run[part], smoothing) for name, run in runs.items() for part in _parts(run)]
    scores = [
        _curve(name, part, epochs, run[2 + part], smoothing) for name, run in runs.items() for part in _parts(run)
    ]
    norms = [
        _curve(name, 0, after, history.gradient_norms[:, layer], smoothing, first=1)
        for layer, name in enumerate(layers)
    ]
    moved = changes(training, history)
    steps = [Curve(name, 0, history.snapshot_epochs[1:], moved[:, k], moved[:, k]) for k, name in enumerate(layers)]
    rates = learning_rates(training, len(chosen.config.parts[0]))
    rate = [_curve("η", 0, after, rates, 0.0, first=1)] if training.epochs else []
    score = _("accuracy") if history.score == "accuracy" else "R²"
    with place:
        _card(_("loss"), losses, tuple(runs), "loss", epoch, log, charts.LARGE)
    cards = (
        (score, scores, tuple(runs), "score", False),
        (_("gradient norm"), norms, tuple(layers), "norm", log),
        (_("change per epoch"), steps, tuple(layers), "change", log),
        (_("learning rate η"), rate, ("η",), "rate", False),
    )
    for row in (cards[:2], cards[2:]):
        for column, (title, curves, labels, code, on_log) in zip(st.columns(2, gap="medium"), row, strict=True):
            with column:
                _card(title, curves, labels, code, epoch, on_log)


def _parts(run: tuple) -> range:
    """Training, and test where there are samples to test on."""
    return range(1 if run[1] is None else 2)


def _curve(name: str, part: int, epochs: Sequence[int], values, smoothing: float, first: int = 0) -> Curve:
    """Smoothed over all epochs, drawn at some; `first`: the epoch of the first value."""
    places = [epoch - first for epoch in epochs]
    return Curve(name, part, epochs, smoothed(values, smoothing).shown[places], values[places])


def _card(
    title: str,
    curves: list[Curve],
    labels: tuple[str, ...],
    code: str,
    epoch: int,
    log: bool,
    height: int = charts.SMALL,
) -> None:
    show.chart(
        charts.scalars_spec(labels, _("epoch"), title, _("not smoothed"), log=log, height=height),
        charts.scalars_data(curves, epoch, log=log),
        alt=_("Over the epochs: {title}").format(title=title),
        key=f"training_board_card_{code}",
    )


def _explain(chosen: LabSetup, runs: Mapping[str, tuple]) -> None:
    """What the lines are, and what they are not."""
    words = [
        _(
            "**Thick:** smoothed; **thin and pale:** as it is; **solid:** training, **dashed:** test, both on all "
            "their samples in evaluation mode; **vertical line:** the frame’s epoch. At most {points} epochs are "
            "drawn; all are smoothed."
        ).format(points=POINTS),
        _(
            "**Gradient norm:** of the last batch of each epoch, W and b of a layer together, before penalties and "
            "clipping. **Change:** how far W and b of a layer move from frame to frame, divided by their length and "
            "by the epochs between, in a straight line; not smoothed. **Learning rate:** what the schedule gives to "
            "the first update of the epoch. On a logarithmic axis a 0 has no place."
        ),
    ]
    if len(runs) > 1:
        words.append(
            _("**More seeds:** the same data and settings, with other first weights and another order of the samples.")
        )
        if chosen.config.start:
            words.append(
                _(
                    "The first weights of this run are given, not drawn; the other seeds draw theirs with the "
                    "initializer of the panel."
                )
            )
    screen.aside(" ".join(words))


def _summaries(history: TrainingHistory, epoch: int, smoothing: float) -> dict[str, tuple]:
    """Title -> the curve in a few numbers, whether it is a score."""
    accuracy = history.score == "accuracy"
    titles = {
        _("training loss"): (history.train_loss, False),
        _("test loss"): (history.test_loss, False),
        _("training accuracy") if accuracy else _("R², training"): (history.train_score, True),
        _("test accuracy") if accuracy else _("R², test"): (history.test_score, True),
    }
    return {
        title: summary(values, epoch, smoothing, largest=largest)
        for title, (values, largest) in titles.items()
        if values is not None
    }


def _table(history: TrainingHistory, epoch: int, smoothing: float) -> pd.DataFrame:
    found = _summaries(history, epoch, smoothing)
    return pd.DataFrame(
        {
            _("Curve"): [screen.unbroken(title) for title in found],
            _("Epoch 0"): [one.start for one in found.values()],
            _("Epoch {epoch}").format(epoch=epoch): [one.here for one in found.values()],
            _("Smoothed there"): [one.smoothed for one in found.values()],
            _("Best (epoch)"): [f"{numbers.plain(one.best)} ({one.best_epoch})" for one in found.values()],
        }
    )


def _everything(chosen: LabSetup, history: TrainingHistory) -> pd.DataFrame:
    """The history, a row an epoch; gradient norms and learning rate are those of the epoch that ends there."""
    training = chosen.config.training
    columns = {"epoch": range(training.epochs + 1)}
    for name in ("train_loss", "test_loss", "train_score", "test_score"):
        values = getattr(history, name)
        columns |= {} if values is None else {name: values}
    frame = pd.DataFrame(columns)
    for layer in range(training.architecture.n_layers):
        frame[f"gradient_norm_{layer + 1}"] = [None, *history.gradient_norms[:, layer].tolist()]
    frame["learning_rate"] = [None, *learning_rates(training, len(chosen.config.parts[0])).tolist()]
    return frame


def _notice(history: TrainingHistory, epoch: int, smoothing: float) -> tuple[str, ...]:
    train = summary(history.train_loss, epoch, smoothing)
    words = [
        _(
            "At epoch {epoch} the training loss is {here}, and the smoothed curve says {shown}: smoothing takes the "
            "jitter off and comes late, the later the larger β."
        ).format(epoch=epoch, here=numbers.plain(train.here), shown=numbers.plain(train.smoothed))
    ]
    if history.test_loss is not None:
        words.append(_about_test(history, epoch))
    return tuple(words)


def _about_test(history: TrainingHistory, epoch: int) -> str:
    """Whether the test loss has turned, as far as it is known at that epoch, and whether that is overfitting."""
    turn = turn_of_test(history.train_loss, history.test_loss, epoch)
    test = summary(history.test_loss[: epoch + 1], epoch, 0.0)
    words = {
        "lost": _("The test loss is no finite number any more."),
        "falling": _("The test loss is {here}, its lowest so far {best}: it has not turned yet."),
        "apart": _(
            "The test loss has been lower, {best} at epoch {at}, and is {here} now, while the training loss fell from "
            "{before} to {train}: if the gap grows from here on, the network overfits."
        ),
        "together": _(
            "The test loss has been lower, {best} at epoch {at}, and is {here} now. The training loss has not fallen "
            "since, {before} then and {train} now: that is no overfitting, look at the training loss first."
        ),
    }
    losses = {"before": history.train_loss[test.best_epoch], "train": history.train_loss[epoch]}
    facts = {name: numbers.plain(float(value)) for name, value in losses.items()}
    return words[turn].format(here=numbers.plain(test.here), best=numbers.plain(test.best), at=test.best_epoch, **facts)
