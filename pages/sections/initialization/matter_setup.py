"""What the controls say: train here with which schemes and settings, or compare counts that are typed in."""

from dataclasses import dataclass

import streamlit as st

from engine.success_rates import MOST_HIDDEN, MOST_RATE, NOTE_COUNTS, NOTE_RUNS, NOTE_SCHEMES, SCHEMES, Setting
from pages.shared import controls
from pages.shared.text import N_, _

TRAIN, TYPE = "train", "counts"
SOURCES = {TRAIN: N_("Train here"), TYPE: N_("The note's counts")}
NAMES = {
    "xavier_normal": N_("Xavier normal"),
    "xavier_uniform": N_("Xavier uniform"),
    "pytorch_linear": N_("PyTorch's default"),
    "he_normal": N_("He normal"),
    "he_uniform": N_("He uniform"),
    "standard_normal": "N(0, 1)",
    "small_normal": "N(0, 0.1²)",
    "zeros": N_("All zero"),
}
WORDS = {"normal": N_("normal"), "uniform": N_("uniform"), "default": N_("default")}  # of note 004
BIASES = {"zero": N_("All zero"), "pytorch": N_("As PyTorch's default")}
RUNS = (10, 50, 100, 200, 500, 1000)
EPOCHS = (200, 500, 1000, 2000, 5000, 10_000)
MOST = 5  # schemes
MOST_TYPED = 10_000  # runs


@dataclass(frozen=True)
class Setup:
    """Schemes to train, or counts that are given.

    schemes: codes; setting: what they share. counts: word of the note -> successes, of `runs` each; empty where
    networks are trained.
    """

    schemes: tuple[str, ...]
    runs: int
    setting: Setting
    counts: dict[str, int]

    @property
    def trains(self) -> bool:
        return not self.counts


def name(code: str) -> str:
    """A scheme's or a word's name in the learner's language."""
    text = NAMES.get(code) or WORDS[code]
    return text if text.startswith("N(") else _(text)


def noted(scheme: str) -> int | None:
    """The note's count for a scheme that it probably means."""
    return {meant: NOTE_COUNTS[word] for word, meant in NOTE_SCHEMES.items()}.get(scheme)


def setup() -> Setup:
    """The controls."""
    source = controls.choice(
        st.segmented_control,
        _("What to compare"),
        {code: _(title) for code, title in SOURCES.items()},
        key="initialization_matter_source",
        required=True,
    )
    return _training() if source == TRAIN else _typing()


def _training() -> Setup:
    schemes = controls.choices(
        st.multiselect,
        _("How the weights are drawn"),
        {code: name(code) for code in SCHEMES},
        key="initialization_matter_schemes",
        default=tuple(NOTE_SCHEMES.values()),
        most=MOST,
        wrap=True,
        help=_("Two to five of them; a sixth takes the place of the first."),
    )
    runs = _count(_("Runs of each"), RUNS, 100, "initialization_matter_runs")
    rate = controls.number(
        _("Learning rate η"),
        key="initialization_matter_rate",
        default=1.0,
        low=0.001,
        high=MOST_RATE,
        log=True,
    )
    with st.expander(_("Network and training")):
        epochs = _count(_("Epochs"), EPOCHS, 500, "initialization_matter_epochs")
        hidden = controls.number(
            _("Hidden units"), key="initialization_matter_hidden", default=2, low=1, high=MOST_HIDDEN, step=1
        )
        biases = controls.choice(
            st.segmented_control,
            _("Biases at the start"),
            {code: _(title) for code, title in BIASES.items()},
            key="initialization_matter_biases",
            default="pytorch",
            required=True,
            help=_("PyTorch draws biases from U(−1/√n_in, 1/√n_in), whatever rule is chosen for the weights."),
            wrap=True,
        )
    return Setup(schemes, runs, Setting(hidden, rate, epochs, biases), {})


def _count(label: str, counts: tuple[int, ...], default: int, key: str) -> int:
    labels = {str(count): f"{count:,}" for count in counts}
    return int(
        controls.choice(st.segmented_control, label, labels, key=key, default=str(default), required=True, wrap=True)
    )


def _typing() -> Setup:
    """Counts of successes, by default those of note 004."""
    runs = controls.number(
        _("Runs of each"), key="initialization_matter_typed_runs", default=NOTE_RUNS, low=1, high=MOST_TYPED, step=10
    )
    counts = {
        word: controls.number(
            _("Successes, {name}").format(name=_(title)),
            key=f"initialization_matter_typed_{word}",
            default=min(NOTE_COUNTS[word], runs),
            low=0,
            high=runs,
            step=1,
        )
        for word, title in WORDS.items()
    }
    return Setup((), runs, Setting(), counts)
