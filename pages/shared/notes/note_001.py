"""Lecture note 001."""

from pages.shared.notes.parts import FIND, Chapter, Note, Row
from pages.shared.text import N_

NOTE = Note(
    "001",
    N_("Neural networks and first weights (lecture 10)"),
    (
        Chapter(
            N_("XOR with three units"),
            (
                Row(N_("One unit cannot: the proof"), "perceptron/xor?xor_view=proof"),
                Row(N_("Weights set by hand solve XOR: the output for 00 is {figure}"), "perceptron/three", "0.01118"),
                Row(
                    N_("For 11, with more digits: {figure}"),
                    "perceptron/three?three_input=11&three_digits=7",
                    "0.02438853",
                ),
                Row(N_("The three units as two layers with weight matrices"), "perceptron/bend?bend_network=note"),
                Row(N_("A forward pass of this network"), "training/inside", slip=FIND),
                Row(
                    N_("The hidden outputs for 00: {figure} and 0.9526"), "perceptron/three?three_input=00", "0.0003354"
                ),
            ),
        ),
        Chapter(
            N_("Backpropagation and the chain rule"),
            (
                Row(
                    N_("f = g + b with g = w x: forward at w = −2, x = 5, b = 3 gives {figure}"), "backprop/graph", "−7"
                ),
                Row(N_("Backward: df/dw = 5, df/dx = −2, df/db = 1"), "backprop/graph?amount=1", "−2"),
                Row(N_("If w grows by 1, f grows by 5"), "backprop/graph?amount=1", "5"),
                Row(
                    N_("The sigmoid as a graph: times −1, exp, plus 1, 1/x"), "backprop/graph?formula=sigmoid", "0.7311"
                ),
            ),
        ),
        Chapter(
            N_("Networks for XOR"),
            (
                Row(
                    N_("A single unit: half of the answers right, the loss at {figure}"),
                    "perceptron/xor?xor_run=bce",
                    "0.6931",
                ),
                Row(N_("Two hidden units: how often does it train?"), "initialization/matter"),
                Row(N_("Wide, 2-10-1"), "perceptron/trained?trained_network=wide"),
                Row(
                    N_("Deep, 2-10-10-10-1, for 10,001 steps"),
                    "perceptron/trained?trained_network=deeper&trained_updates=10001",
                ),
                Row(N_("Deep, 2-10-10-10-1, to play with"), "training/play?preset=deeper"),
            ),
        ),
        Chapter(
            N_("The view of TensorBoard"),
            (
                Row(N_("Scalars: the cost over the steps"), "training/board?preset=deeper"),
                Row(N_("Histograms of the weights over time"), "training/board?preset=wide&board_view=distributions"),
                Row(N_("The graph of the network"), "training/board?preset=deeper&board_view=graph"),
            ),
        ),
    ),
)
