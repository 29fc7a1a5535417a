"""One sample's forward pass as formulas: with normalization, dropout, features, several classes."""

import pytest

from engine.activations import activation
from engine.lab import LabConfig, LabData, run
from engine.lab_inside import follow, moment
from engine.layers import BatchNorm, Dropout
from engine.losses import CrossEntropyWithLogits, SoftmaxCrossEntropy
from engine.training_config import TrainingConfig
from pages.shared.formulas import sample as formulas
from pages.shared.numbers import tex


def passage(norm=None, dropout=None, standardize=False, **data):
    lab_data = LabData(**{"source": "moons", "n_samples": 40} | data)
    sizes = (len(lab_data.features), 3, lab_data.n_outputs)
    loss = CrossEntropyWithLogits() if lab_data.n_outputs == 1 else SoftmaxCrossEntropy()
    training = TrainingConfig(
        sizes, (activation("tanh"), activation("linear")), loss, epochs=3, batch_size=10, batch_norm=norm,
        dropout=dropout, standardize=standardize, snapshots=(0, 3),
    )  # fmt: skip
    config = LabConfig(lab_data, training)
    return follow(moment(config, run(config), 1), config.data.plane.X[3], config.data.plane.y[3])


def test_a_unit_in_symbols_and_with_its_numbers():
    p = passage()
    layer, written = p.layers[0], formulas.unit(p, 1, 2, tex)
    assert r"z^{(1)}_{3} &= x_{1} \cdot W^{(1)}_{13} + x_{2} \cdot W^{(1)}_{23}" in written.replace(
        "x_1", "x_{1}"
    ).replace("x_2", "x_{2}")
    for value in (*layer.W[:, 2], layer.b[2], layer.z[2], layer.a[2]):
        assert tex(float(value)) in written
    assert rf"\tanh\left({tex(float(layer.z[2]))}\right)" in written
    assert r"a^{(1)} &= \tanh\left(z^{(1)}\right)" in formulas.layer_symbols(p, 1)


@pytest.mark.parametrize("place", ["before_activation", "after_activation"])
def test_normalization_uses_what_training_has_stored(place):
    p = passage(BatchNorm(place))
    stage = next(stage for stage in p.layers[0].stages if stage.norm)
    written = formulas.unit(p, 1, 0, tex)
    for name in ("gamma", "beta", "mean", "root"):
        assert tex(float(getattr(stage.norm, name)[0, 0])).lstrip("-") in written
    symbols = formulas.layer_symbols(p, 1)
    inside = "z^{(1)}" if place == "before_activation" else "h^{(1)}"
    assert rf"\frac{{{inside} - \bar\mu}}" in symbols
    assert symbols.rindex("a^{(1)} &=") > symbols.index(r"\gamma" if place == "before_activation" else r"\tanh")


def test_dropout_in_evaluation():
    assert "(1 - p)" not in formulas.layer_symbols(passage(dropout=Dropout(0.25)), 1)
    p = passage(dropout=Dropout(0.25, "classic"))
    assert r"h^{(1)} \cdot (1 - p)" in formulas.layer_symbols(p, 1)
    assert r"\cdot 0.75" in formulas.unit(p, 1, 0, tex)


def test_features_and_their_standardization():
    p = passage(standardize=True, features=("x2", "product"))
    written = formulas.inputs(p, tex)
    assert rf"x_1 x_2 &= {tex(float(p.inputs[1]))}" in written
    for place, latex in enumerate(("x_2", "x_1 x_2")):
        assert rf"\widetilde{{{latex}}} &= " in written
        assert f"= {tex(float(p.fed[place]))}" in written
    assert r"\widetilde{x_1 x_2} \cdot W^{(1)}_{21}" in formulas.unit(p, 1, 0, tex)


def test_the_answer_and_the_loss_of_logits():
    p = passage()
    assert rf"= {tex(float(p.probabilities[1]))}" in formulas.answer(p, tex)
    assert formulas.loss(p, tex).count(tex(p.loss)) == 1
    assert (r"-\ln p" in formulas.loss(p, tex)) == (p.target[0] == 1)


def test_several_classes():
    p = passage(source="blobs", n_classes=4, noise=0.3)
    for k, probability in enumerate(p.probabilities.tolist(), 1):
        assert f"p_{{{k}}} &= {tex(probability)}" in formulas.answer(p, tex)
    k = int(p.target.argmax())
    assert rf"-\ln p_{{{k + 1}}}" in formulas.loss(p, tex)
    assert formulas.target(p, tex).count(",") == 3


def test_long_numbers_stand_one_product_a_line():
    short, long = ["0.1 \\cdot 0.2", "1 \\cdot 2"], [r"\left(-0.003077\right) \cdot \left(-0.07716\right)"] * 2
    assert not formulas._long(short)
    assert formulas._long(long)
