"""The formulas of the graph's nodes: every kind of node, each with its own shapes, one inside the other's."""

from dataclasses import replace

import pytest

from engine.board_graph import KINDS, nodes
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from pages.shared.formulas import board_graph as formulas


def chain_of(**changes):
    config = PRESETS["moons"]
    return nodes(replace(config, training=replace(config.training, **changes)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_node_is_written_with_its_shape(kind):
    chain = chain_of(batch_norm=BatchNorm(), dropout=Dropout(0.25))
    node = next(one for one in chain if one.kind == kind)
    text = formulas.written(chain, node)
    shape = node.shape if kind != "loss" else chain[-2].shape
    assert rf"({shape[0]} \times {shape[1]})" in text
    assert text.count("{") == text.count("}")
    if node.parameters:
        assert f"= {node.n_parameters}" in text


def test_what_a_layer_makes_is_a_and_what_lies_between_has_letters_of_its_own():
    chain = chain_of(batch_norm=BatchNorm(), dropout=Dropout(0.25))
    assert [formulas.short(chain, node) for node in chain[:6]] == [
        "x",
        "z⁽¹⁾ = x · W⁽¹⁾ + b⁽¹⁾",
        "ẑ⁽¹⁾ = BN(z⁽¹⁾)",
        "h⁽¹⁾ = ReLU(ẑ⁽¹⁾)",
        "a⁽¹⁾ = dropout(h⁽¹⁾)",
        "z⁽²⁾ = a⁽¹⁾ · W⁽²⁾ + b⁽²⁾",
    ]
    assert [formulas.short(chain, node) for node in chain[-2:]] == ["a⁽³⁾ = z⁽³⁾", "L(a⁽³⁾, y)"]
    after = chain_of(batch_norm=BatchNorm("after_activation"))
    assert [formulas.short(after, node) for node in after[2:4]] == ["h⁽¹⁾ = ReLU(z⁽¹⁾)", "a⁽¹⁾ = BN(h⁽¹⁾)"]


def test_the_scale_of_dropout():
    for kind, has in (("inverted", True), ("classic", False)):
        chain = chain_of(dropout=Dropout(0.25, kind))
        node = next(one for one in chain if one.kind == "dropout")
        assert (r"\frac{1}{1 - p}" in formulas.written(chain, node)) == has
