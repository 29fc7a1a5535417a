"""The controls of the batch section: which batch sizes, how fast, how long, on which samples."""

from dataclasses import dataclass, replace

import streamlit as st

from engine.regression_batches import BatchConfig
from engine.regression_bowl import DOMAIN, START, SamplesConfig
from engine.schedules import SCHEDULES
from pages.shared import controls
from pages.shared.text import N_, _

ALL = "all"
SIZES = ("1", "4", "8", "16", "32", "64", ALL)
MOST = 4
N_SAMPLES = ("100", "128", "256")
EXCESS = "L − L∗"  # of axes
W, B = "descent_batch_w", "descent_batch_b"  # the start, which the picture moves


@dataclass(frozen=True)
class Preset:
    title: str
    sizes: tuple[str, ...]
    learning_rate: float = 0.1
    schedule: str = "constant"


PRESETS = {
    "three": Preset(N_("All three of note 002"), ("1", "32", ALL)),
    "batch": Preset(N_("Batch (n)"), (ALL,)),
    "stochastic": Preset(N_("Stochastic (1)"), ("1",)),
    "mini": Preset(N_("Mini-batch (32)"), ("32",)),
    "settle": Preset(N_("Stochastic, with a schedule"), ("1", "8"), schedule="cosine"),
    "diverge": Preset(N_("A learning rate too large for one sample"), ("1", "32", ALL), learning_rate=1.0),
}
SCHEDULE_TITLES = {
    "constant": N_("Constant"),
    "step": N_("Step decay"),
    "exponential": N_("Exponential decay"),
    "cosine": N_("Cosine"),
    "warm_up": N_("Warm-up, then cosine"),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say.

    Attributes:
        configs: one a batch size, the smallest first.
        places: of their colours.
        labels: of all batch sizes there are, in the order of the colours.
    """

    configs: tuple[BatchConfig, ...]
    places: tuple[int, ...]
    labels: tuple[str, ...]
    digits: int

    @property
    def smallest(self) -> BatchConfig:
        return self.configs[0]

    @property
    def shown(self) -> tuple[str, ...]:
        """The labels of the chosen sizes."""
        return tuple(self.labels[place] for place in self.places)

    @property
    def has_schedule(self) -> bool:
        return self.smallest.schedule != "constant"

    def constant(self) -> tuple[BatchConfig, ...]:
        """The same without a schedule."""
        return tuple(replace(config, schedule="constant") for config in self.configs)


def setup() -> Setup:
    """Draw all controls."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Experiment"), titles, key="descent_batch_preset")
    preset, sizes = PRESETS[code], st.container()
    rate = controls.slider(
        f"{_('Learning rate')} η",
        key="descent_batch_rate",
        default=preset.learning_rate,
        low=0.001,
        high=2.0,
        step=0.01,
        log=True,
        scope=code,
    )
    schedules = {name: _(SCHEDULE_TITLES[name]) for name in SCHEDULES}
    schedule = controls.choice(
        st.selectbox,
        _("Learning-rate schedule"),
        schedules,
        key="descent_batch_schedule",
        default=preset.schedule,
        scope=code,
    )
    epochs = controls.slider(_("Epochs"), key="descent_batch_epochs", default=30, low=1, high=40, step=1)
    noise = controls.slider(
        _("Noise of the targets"),
        key="descent_batch_noise",
        default=1.0,
        low=0.0,
        high=3.0,
        step=0.1,
        help=_("y = 2x + 1 + noise: its standard deviation."),
    )
    with st.expander(_("More settings")):
        n_samples, seed, shuffle_seed, start, digits = _more()
    with sizes:
        chosen = _sizes(preset, code, n_samples)
    samples = SamplesConfig(n_samples, noise, seed)
    numbers = [n_samples if size == ALL else int(size) for size in SIZES]
    places = tuple(SIZES.index(size) for size in chosen)
    configs = (BatchConfig(samples, numbers[p], rate, epochs, start, schedule, shuffle_seed) for p in places)
    return Setup(tuple(configs), places, tuple(f"B = {size}" for size in numbers), digits)


def _sizes(preset: Preset, scope: str, n_samples: int) -> tuple[str, ...]:
    labels = {size: size for size in SIZES} | {ALL: _("{n} (all)").format(n=n_samples)}
    return controls.choices(
        st.multiselect,
        _("Batch sizes B"),
        labels,
        key="descent_batch_sizes",
        default=preset.sizes,
        most=MOST,
        scope=scope,
        wrap=True,
        help=_("Up to {n}; the first makes room for one more.").format(n=MOST),
    )


def _more() -> tuple[int, int, int, tuple[float, float], int]:
    """Samples, shuffles, start, digits."""
    counts = {count: count for count in N_SAMPLES}
    n_samples = controls.choice(
        st.segmented_control, _("Samples n"), counts, key="descent_batch_n", default="128", required=True
    )
    ends = zip(("w", "b"), (W, B), START, DOMAIN, strict=True)
    start = [
        controls.number(_("Start, {name}").format(name=name), key=key, default=default, low=low, high=high, step=0.1)
        for name, key, default, (low, high) in ends
    ]
    seed = controls.number(_("Seed of the samples"), key="descent_batch_seed", default=0, low=0, high=9999, step=1)
    shuffle = controls.number(
        _("Seed of the shuffling"), key="descent_batch_shuffle", default=1, low=0, high=9999, step=1
    )
    return int(n_samples), seed, shuffle, tuple(start), controls.digits("descent_batch_digits")
