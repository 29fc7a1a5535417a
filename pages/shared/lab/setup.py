"""The panel of the training lab: which data, which network, trained how; the same in each of the lab's sections.

The six controls in sight stand in a container that comes first on screen; the folded ones are drawn before them,
because what they say decides what the others begin with.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import streamlit as st

from engine.lab import LabConfig
from engine.lab_presets import FRAMES, PRESETS
from engine.training_config import evenly
from pages.shared import controls
from pages.shared.lab import data, learning, network, objective, regularize, start
from pages.shared.lab.failures import FAILURES
from pages.shared.lab.mine import Mine
from pages.shared.text import N_, _

TITLES = {
    "classic": N_("Classic: a disc in a ring, 2-4-2-1"),
    "unit": N_("XOR, one layer 2-1 (note 003)"),
    "three": N_("XOR, 2-3-1 (note 003)"),
    "three_three": N_("XOR, 2-3-3-1 (note 003)"),
    "four": N_("XOR, 2-4-1 (note 002)"),
    "wide": N_("XOR, wide 2-10-1 (note 000)"),
    "deep": N_("XOR, deep 2-5-5-1 (note 000)"),
    "deeper": N_("XOR, wide and deep 2-10-10-10-1 (note 001)"),
    "product": N_("XOR without a hidden layer, fed x₁x₂"),
    "squares": N_("Circles without a hidden layer, fed squares"),
    "clouds": N_("XOR as noisy clouds, with a test set"),
    "moons": N_("Two moons, ReLU and Adam"),
    "spirals": N_("Two spirals"),
    "blobs": N_("Four classes"),
    "plane": N_("A plane: regression"),
    "overfit": N_("Overfitting: 40 noisy samples"),
    "dropout": N_("Overfitting data, with dropout"),
    "decay": N_("Overfitting data, with L2"),
    "norm": N_("Five sigmoid layers with batch normalization"),
    "memory": N_("Coin flips: nothing to learn"),
    "own": N_("My own points or CSV table"),
    **FAILURES,
}
MOST_EPOCHS, MOST_SEED = 20_000, 9999


@dataclass(frozen=True)
class LabSetup:
    """What the panel says.

    preset: code of the experiment that it began with. config: what is trained.
    scope: what values belong to that mean something for this experiment, these epochs, this network and this data
        alone, such as a frame, a unit or a sample.
    mine: the learner's own data.
    """

    preset: str
    config: LabConfig
    scope: str
    mine: Mine = field(default_factory=Mine)

    @property
    def pick(self) -> Callable[[float, float], None] | None:
        """Takes a point (x1, x2) of the picture into the learner's own points; None where the data are not these."""
        return self.mine.pick


def setup() -> LabSetup:
    """Draw the panel into the column it is called in; call it within `screen.refusals()`."""
    titles = {code: _(title) for code, title in TITLES.items()}
    first = st.container()
    code = controls.choice(st.selectbox, _("Experiment"), titles, key="training_preset")
    base = PRESETS[code]
    top, front, own = st.container(), st.container(), st.container()
    folds = st.container(gap="xsmall")  # close together: on a phone the picture is below all of them
    with folds.expander(_("Data"), icon=":material/scatter_plot:"):
        what, mine = data.choose(base.data, code, top, own)
        standardize = data.standardize(base.training, code)
    if mine.notice:
        first.warning(mine.notice, icon=":material/upload_file:")
    kind = objective.kind(what)
    scope = f"{code}.{kind}"
    with front:
        hidden = network.hidden(base.training, code)
        place = st.container()
    with folds.expander(_("Network"), icon=":material/lan:"):
        kinds = network.activations(base.training, hidden, place, code)
        loss, reported = objective.loss(base, kind, scope)
        output = objective.output(base, kind, loss, scope)
    sizes = (len(what.features), *hidden, what.n_outputs)
    with folds.expander(_("Training settings"), icon=":material/trending_down:"):
        rule, batch_size = learning.optimizer_code(base.training, code), learning.batch_size(base.training, code)
        with front:
            rate = learning.rate(base.training, rule, code)
        with front.container(horizontal=True):  # beside each other where there is room, as on a phone
            epochs = controls.number(
                _("Epochs"),
                key="training_epochs",
                default=base.training.epochs,
                low=1,
                high=MOST_EPOCHS,
                scope=code,
                log=True,
            )
            seed = controls.number(
                _("Seed"),
                key="training_seed",
                default=base.training.seeds,
                low=0,
                high=MOST_SEED,
                step=1,
                scope=code,
                help=_("Of the weights, of the order of the samples and of what dropout drops."),
            )
        optimizer = learning.optimizer_of(base.training, rule, rate, code)
        batches = what.batches(batch_size)
        schedule = learning.schedule(base.training, optimizer, epochs * len(batches), code)
        limits = learning.limits(base.training, bool(what.test_share), code)
    with folds.expander(_("Regularization"), icon=":material/shield:"):
        regularizers = regularize.choose(base.training, bool(hidden), min(batches), code)
    training = replace(
        base.training,
        sizes=sizes,
        activations=(*kinds, output),
        loss=loss,
        reported=reported,
        optimizer=optimizer,
        schedule=schedule,
        epochs=epochs,
        batch_size=batch_size,
        standardize=standardize,
        snapshots=evenly(epochs, min(FRAMES, epochs + 1)),
        seeds=seed,
        **limits,
        **regularizers,
    )
    with folds.expander(_("Start"), icon=":material/casino:"):
        config = LabConfig(what, *start.choose(base, training, code, front))
    return LabSetup(code, config, _scope(code, config), mine)


def _scope(code: str, config: LabConfig) -> str:
    sizes = "-".join(map(str, config.training.sizes))
    return f"{code}.{config.training.epochs}.{sizes}.{zlib.crc32(repr(config.data).encode())}"
