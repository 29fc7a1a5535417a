"""Whatever is trained, the diagnosis has a word for it, and its cures can be trained as well."""

import math
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.activations import activation
from engine.diagnosis import diagnose
from engine.findings import CAUSES, OUTCOMES
from engine.initializers import initializer
from engine.lab import LabConfig, LabData, run
from engine.lab_cures import cured, cures
from engine.layers import BatchNorm, Dropout
from engine.losses import loss
from engine.optimizers import optimizer
from engine.training_config import TrainingConfig, evenly
from engine.weight_schemes import Normal

SOURCES = ("gate", "disc", "circles", "moons", "spirals", "blobs", "coin_flips", "plane")
OUTPUTS = {
    "squared_error": "sigmoid",
    "huber": "tanh",
    "cross_entropy": "sigmoid",
    "cross_entropy_with_logits": "linear",
}


@st.composite
def labs(draw):
    source = draw(st.sampled_from(SOURCES))
    data = LabData(
        source,
        draw(st.integers(8, 40)),
        n_classes=draw(st.integers(2, 3)),
        test_share=draw(st.sampled_from([0.0, 0.4])),
    )
    name = draw(st.sampled_from(sorted(OUTPUTS)))
    output = OUTPUTS[name]
    if data.plane.task == "regression":
        name, output = "squared_error", "linear"
    if data.n_outputs > 1:
        name, output = "softmax_cross_entropy", "linear"
    hidden = draw(st.lists(st.integers(1, 6), max_size=4))
    kind = activation(draw(st.sampled_from(["tanh", "relu", "sigmoid", "linear"])))
    epochs, batch = draw(st.integers(0, 40)), draw(st.sampled_from([None, 4]))
    rule = optimizer(draw(st.sampled_from(["sgd", "momentum", "adam"])), learning_rate=10.0 ** draw(st.integers(-5, 2)))
    training = TrainingConfig(
        (2, *hidden, data.n_outputs),
        (*(kind,) * len(hidden), activation(output)),
        loss=loss(name),
        optimizer=rule,
        epochs=epochs,
        batch_size=batch,
        initializer=draw(st.sampled_from([initializer("xavier_uniform"), Normal(0.001), Normal(50.0)])),
        batch_norm=BatchNorm() if hidden and batch is None and draw(st.booleans()) else None,
        dropout=Dropout(0.3) if hidden and draw(st.booleans()) else None,
        standardize=draw(st.booleans()),
        patience=3 if data.test_share and draw(st.booleans()) else None,
        snapshots=evenly(epochs, min(5, epochs + 1)) if epochs else (0,),
    )
    return LabConfig(data, training)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(labs())
def test_every_run_gets_a_name(config):
    found = diagnose(config, run(config))
    assert found.outcome.code in OUTCOMES
    assert set(found.codes[1:]) <= set(CAUSES)
    for finding in found.findings:
        gone = {"growth", "test", "update", "factor", "last", "yard", "ratio"}  # numbers that a run may lack
        assert all(math.isfinite(value) for name, value in finding.numbers.items() if name not in gone)
    for code in cures(config, found.codes):
        changed = cured(config, code)
        run(replace(changed, training=replace(changed.training, epochs=1, snapshots=())))
