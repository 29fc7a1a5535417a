"""The graph of the board: the network as a chain of whole arrays, with every shape."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.board_graph import Node, nodes
from engine.export_board import graph_script
from pages.sections.training.board_shown import Shown
from pages.shared import controls, screen, show
from pages.shared.charts import board_graph as charts
from pages.shared.formulas import board_graph as formulas
from pages.shared.lab.setup import LabSetup
from pages.shared.text import N_, _

KINDS = {
    "input": N_("input"),
    "sum": N_("weighted sum"),
    "activation": N_("activation function"),
    "batch_norm": N_("batch normalization"),
    "dropout": N_("dropout"),
    "loss": N_("loss"),
}
KEY, CHART = "training_board_node", "training_board_graph"


def draw(chosen: LabSetup, right: DeltaGenerator) -> Shown:
    """The chain beside the node that was picked."""
    chain = nodes(chosen.config)
    scope = ".".join(node.code for node in chain)
    titles = {node.code: f"{formulas.short(chain, node)}" for node in chain}
    with right:
        code = controls.choice(
            st.selectbox,
            _("Node"),
            titles,
            key=KEY,
            default="z1",
            scope=scope,
            help=_("Or click a node in the picture."),
        )
        picked = next(node for node in chain if node.code == code)
        show.chart(
            charts.spec(len(chain)),
            charts.data(chain, code, lambda node: titles[node.code], _detail),
            alt=_("The network as a chain of arrays, from the input to the loss, with their shapes"),
            key=CHART,
            width="content",
            on_select=lambda: _clicked(chain, scope),
            selection_mode=charts.PICKED,
        )
    facts, place = st.columns(2, gap="large")
    with facts:
        _facts(chosen, chain, picked)
    table = _table(chain)
    with place:
        screen.table(table, alt=_("Every node with its shape and its parameters"))
    return Shown(_notice(chosen, chain), table, graph_script(chosen.config))


def _clicked(chain: tuple[Node, ...], scope: str) -> None:
    """A node was clicked: it becomes the one that is picked."""
    match st.session_state[CHART]:  # a message can be forged
        case {"selection": {charts.PICKED: [{"code": str() as code}, *_]}} if code in {node.code for node in chain}:
            controls.put(KEY, code, scope)


def _detail(node: Node) -> str:
    shape = charts.shape_text(node.shape)
    text = _("{kind}, makes {shape}, {n} parameters")
    return text.format(kind=_(KINDS[node.kind]), shape=shape, n=node.n_parameters)


def _facts(chosen: LabSetup, chain: tuple[Node, ...], node: Node) -> None:
    st.markdown(f"**{_(KINDS[node.kind]).capitalize()}**")
    st.latex(formulas.written(chain, node))
    words = {
        "input": _("A row a sample of the batch, a column an input: {names}."),
        "sum": _(
            "b is added to every row. ∂L/∂W has the shape of W: the sum over the batch is inside the product, so n is "
            "gone. |W| is how many numbers W holds."
        ),
        "activation": _("Number by number (⊙): the shape stays, and there is nothing to learn."),
        "batch_norm": _(
            "In training μ and σ² are those of the batch, in evaluation the running ones; they are measured, not "
            "learned. γ and β are learned."
        ),
        "dropout": _("Only in training; in evaluation every unit works. There is nothing to learn."),
        "loss": _("One number. Its gradient has the shape of the outputs and starts the way back."),
    }
    screen.aside(words[node.kind].format(names=formulas.inputs(chosen.config.data.features)))
    if node.kind == "loss" and node.step.takes_logits:
        screen.aside(_("Sigmoid or softmax is inside this loss: the last layer gives logits."))


def _table(chain: tuple[Node, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Node"): [formulas.short(chain, node) for node in chain],
            _("Kind"): [screen.unbroken(_(KINDS[node.kind])) for node in chain],
            _("Shape"): [charts.shape_text(node.shape) for node in chain],
            _("Parameters"): [node.n_parameters for node in chain],
        }
    )


def _notice(chosen: LabSetup, chain: tuple[Node, ...]) -> tuple[str, ...]:
    largest = max(chain, key=lambda node: node.n_parameters)
    total = chosen.config.training.architecture.n_parameters
    return (
        _(
            "The batch size, {n}, is in the shape of every array on the way and in none of the parameters: that is why "
            "a network can be trained with one batch size and used with another."
        ).format(n=chain[0].shape[0]),
        _("Of the {total} parameters, {n} are in layer {layer} alone.").format(
            total=total, n=largest.n_parameters, layer=largest.layer
        ),
    )
