"""What the network of the panel learns: which points, how many, how noisy, and what the network is fed of them."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.features import FEATURES
from engine.lab import MAX_SAMPLES, MAX_TEST_SHARE, OWN, LabData
from engine.training_config import TrainingConfig
from pages.shared import controls, screen
from pages.shared.lab import own
from pages.shared.lab.mine import Mine
from pages.shared.text import N_, _

SOURCES = {
    "disc": N_("Disc in a ring"),
    "gate": "XOR",
    "circles": N_("Circles"),
    "moons": N_("Moons"),
    "spirals": N_("Spirals"),
    "blobs": N_("Blobs"),
    "coin_flips": N_("Coin flips"),
    "plane": N_("Plane (regression)"),
    OWN: N_("My own points or CSV table"),
}
# Number of samples, noise, share for testing: what a source begins with in an experiment that has another one.
USUAL = {
    "disc": (500, 0.0, 0.5),
    "gate": (4, 0.0, 0.0),
    "circles": (300, 0.1, 0.5),
    "moons": (300, 0.15, 0.5),
    "spirals": (400, 0.02, 0.5),
    "blobs": (300, 0.3, 0.5),
    "coin_flips": (80, 0.0, 0.5),
    "plane": (200, 0.1, 0.5),
    OWN: (500, 0.0, 0.0),
}
WITH_CLASSES = ("spirals", "blobs")
CLASSES = {"spirals": 2, "blobs": 3}
MOST_CLASSES, MOST_NOISE, MOST_SEED = 10, 5.0, 9999
INPUTS = {
    "x1": "x₁",
    "x2": "x₂",
    "x1_squared": "x₁²",
    "x2_squared": "x₂²",
    "product": "x₁x₂",
    "sin_x1": "sin x₁",
    "sin_x2": "sin x₂",
}


def choose(base: LabData, code: str, top: DeltaGenerator, place: DeltaGenerator) -> tuple[LabData, Mine]:
    """The data, and what of them is the learner's own.

    Args: code: of the experiment. top: under its name. place: where the controls of own data stand.
    """
    titles = {name: title if title == "XOR" else _(title) for name, title in SOURCES.items()}
    source = controls.choice(
        st.selectbox,
        _("Data"),
        titles,
        key="training_source",
        default=base.source,
        scope=code,
    )
    scope = f"{code}.{source}"
    same = source == base.source
    if not same:  # what the experiment is called names other data
        with top:
            screen.aside(_("With other data than its own: {data}.").format(data=titles[source]))
    n_samples, noise, test_share = (base.n_samples, base.noise, base.test_share) if same else USUAL[source]
    given, mine = {"n_samples": n_samples, "noise": noise, "n_classes": base.n_classes}, Mine()
    if source == OWN:
        with place:
            mine = own.choose(scope)
        given |= mine.given
    else:
        given |= _drawn(source, n_samples, noise, base.n_classes if same else CLASSES.get(source, 2), scope)
        given |= {"own": (), "task": "classification", "classes": LabData.classes}
    test_share = controls.number(
        _("Share kept for testing"),
        key="training_test",
        default=float(test_share),
        low=0.0,
        high=MAX_TEST_SHARE,
        step=0.05,
        scope=scope,
        help=_("Samples that are measured on and never learned from; 0 for none."),
    )
    seed = controls.number(
        _("Draw of the samples (seed)"),
        key="training_draw",
        default=base.seed,
        low=0,
        high=MOST_SEED,
        step=1,
        scope=code,
        help=_("Another number draws other samples and divides them anew into training and test set."),
    )
    return replace(base, source=source, test_share=test_share, seed=seed, features=_features(base, code), **given), mine


def _drawn(source: str, n_samples: int, noise: float, n_classes: int, scope: str) -> dict[str, object]:
    """Number, noise and classes of points that a formula draws."""
    if source in WITH_CLASSES:
        n_classes = controls.number(
            _("Number of classes"),
            key="training_classes",
            default=n_classes,
            low=2,
            high=MOST_CLASSES,
            step=1,
            scope=scope,
        )
    n_samples = controls.number(
        _("Samples, training and test together"),
        key="training_samples",
        default=n_samples,
        low=max(2, n_classes),
        high=MAX_SAMPLES,
        step=4 if n_samples < 20 else 20,
        scope=scope,
    )
    noise = controls.number(
        _("Noise (standard deviation)"),
        key="training_noise",
        default=float(noise),
        low=0.0,
        high=MOST_NOISE,
        step=0.05,
        scope=scope,
    )
    return {"n_samples": n_samples, "noise": noise, "n_classes": n_classes}


def _features(base: LabData, scope: str) -> tuple[str, ...]:
    return controls.choices(
        st.pills,
        _("What the network is fed"),
        INPUTS,
        key="training_features",
        default=base.features,
        most=len(FEATURES),
        scope=scope,
        selection_mode="multi",
    )


def standardize(base: TrainingConfig, scope: str) -> bool:
    """Whether inputs are brought to mean 0 and standard deviation 1."""
    return controls.toggle(
        _("Standardize the inputs"),
        key="training_standardize",
        default=base.standardize,
        scope=scope,
        help=_("Mean 0 and standard deviation 1, as measured on the training samples."),
    )
