"""A configuration as a script that prints the numbers of the screen: what a learner takes home."""

from engine.export_graph import graph_script
from engine.export_lens import lens_script
from engine.export_network import network_script
from engine.export_softmax import softmax_script
from engine.export_torch import network_torch_script, torch_script
from engine.export_training import training_script

__all__ = [
    "graph_script",
    "lens_script",
    "network_script",
    "network_torch_script",
    "softmax_script",
    "torch_script",
    "training_script",
]
