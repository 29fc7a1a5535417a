"""Any configuration of the lab comes back from its text; any text is a configuration or an InputError."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.activations import ACTIVATIONS, LeakyReLU
from engine.errors import InputError
from engine.features import FEATURES
from engine.lab import OWN, SOURCES, LabConfig, LabData
from engine.lab_code import NAMES, decode, encode
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.losses import HalfSquaredError, Huber, SquaredError
from engine.optimizers import OPTIMIZERS, optimizer
from engine.schedules import Constant as Always
from engine.schedules import Cosine, ExponentialDecay, StepDecay, WarmUp
from engine.training_config import TrainingConfig, evenly
from engine.weight_schemes import Constant, Normal, Orthogonal, Uniform

positive = st.floats(1e-9, 1e5)
coordinates = st.floats(-1e6, 1e6)
kinds = st.sampled_from(sorted(ACTIVATIONS)).map(lambda name: ACTIVATIONS[name]()) | st.floats(0, 1).map(LeakyReLU)
plain = st.just(Always()) | st.builds(StepDecay, st.integers(1, 99), st.floats(0, 1)) | st.builds(ExponentialDecay)
schedules = plain | st.builds(WarmUp, st.integers(1, 99), st.floats(0.01, 1), plain | st.builds(Cosine))
schemes = (
    st.builds(Normal, positive)
    | st.builds(Uniform, positive)
    | st.builds(Constant, coordinates)
    | st.just(Orthogonal())
)
dropouts = st.none() | st.builds(Dropout, st.floats(0, 0.99), st.sampled_from(["inverted", "classic"]))
norms = st.none() | st.builds(BatchNorm, st.sampled_from(["before_activation", "after_activation"]), st.floats(0, 1))
losses = (
    st.builds(SquaredError) | st.builds(HalfSquaredError, st.just("sum")) | st.builds(Huber, st.just("mean"), positive)
)


@st.composite
def configs(draw) -> LabConfig:
    fed = tuple(draw(st.lists(st.sampled_from(sorted(FEATURES)), min_size=1, max_size=4, unique=True)))
    points = draw(st.lists(st.tuples(coordinates, coordinates, st.sampled_from([0.0, 1.0])), min_size=2, max_size=5))
    words = draw(st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.text("-.~_%", max_size=3)))
    data = LabData(
        draw(st.sampled_from([source for source in SOURCES if source != OWN])),
        draw(st.integers(5, 30)),  # as many as classes, at least
        draw(st.floats(0, 10)),
        draw(st.integers(0, 2**32 - 1)),
        draw(st.floats(0.01, 0.9) | st.just(0.0)),
        draw(st.integers(2, 5)),
        fed,
    )
    if draw(st.booleans()):
        data = replace(data, source=OWN, own=tuple(points), classes=words)
    hidden = draw(st.lists(st.integers(1, 9), max_size=3))
    sizes = (len(fed), *hidden, data.n_outputs)
    epochs = draw(st.integers(1, 500))
    layers = st.lists(dropouts, min_size=len(hidden), max_size=len(hidden)).map(tuple)
    training = TrainingConfig(
        sizes,
        tuple(draw(st.lists(kinds, min_size=len(sizes) - 1, max_size=len(sizes) - 1))),
        draw(losses),
        optimizer(draw(st.sampled_from(sorted(OPTIMIZERS))), learning_rate=draw(positive)),
        schedule=draw(schedules),
        epochs=epochs,
        batch_size=draw(st.none() | st.integers(1, 99)),
        initializer=draw(schemes),
        bias_initializer=draw(st.none() | schemes),
        batch_norm=draw(norms),
        dropout=draw(dropouts | layers),
        l1=draw(st.floats(0, 1)),
        l2=draw(st.floats(0, 1)),
        clip_norm=draw(st.none() | positive),
        patience=draw(st.none() | st.integers(1, 99)),
        standardize=draw(st.booleans()),
        snapshots=draw(st.sampled_from([(), (0, epochs), evenly(epochs, min(60, epochs + 1))])),
        seeds=draw(st.integers(0, 2**32 - 1)),
        reported=draw(st.none() | losses),
    )
    n = training.architecture.n_parameters
    start = draw(st.just(()) | st.lists(coordinates, min_size=n, max_size=n).map(tuple)) if n < 30 else ()
    return LabConfig(data, training, start)


@given(configs(), st.sampled_from(sorted(PRESETS)))
def test_any_configuration_comes_back(config, base):
    text = encode(config, base)
    assert decode(text) == config
    assert encode(decode(text), base) == text


values = st.text("0123456789.-_e", max_size=8) | st.sampled_from(["none", "even", "adam", "tanh.tanh.tanh", "1", "own"])
parts = st.tuples(st.sampled_from([*NAMES, ".learning_rate", ".0.alpha", ".then", ".then.length"]), values)


@given(st.sampled_from(sorted(PRESETS)), st.lists(parts, max_size=4))
def test_any_text_is_a_configuration_or_refused(base, given_parts):
    with suppress(InputError):
        config = decode("~".join([base, *(f"{name}-{value}" for name, value in given_parts)]))
        assert decode(encode(config, base)) == config
