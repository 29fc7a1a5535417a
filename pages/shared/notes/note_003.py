"""Lecture note 003."""

from pages.shared.notes.parts import FIND, TOLD, Chapter, Note, Row
from pages.shared.text import N_

NOTE = Note(
    "003",
    N_("Backpropagation on small data"),
    (
        Chapter(
            N_("The functions"),
            (
                Row(N_("The four inputs and targets of XOR"), "perceptron/decide?decide_gate=xor"),
                Row(
                    N_("The helper `sigmoid_derivative(x)` and its argument"),
                    "backprop/mistakes?slip=sigmoid_of_z",
                    slip=FIND,
                ),
                Row(N_("The mean squared error of the outputs"), "perceptron/xor?xor_run=mse"),
            ),
        ),
        Chapter(
            N_("One unit, 2-1"),
            (
                Row(
                    N_("The text counts two hidden layers; the first network of the code has none"),
                    "perceptron/xor",
                    slip=TOLD,
                ),
                Row(N_("After the first update w₁ is {figure}"), "perceptron/xor", "0.49135794"),
                Row(
                    N_("The loss begins at {figure} and stays at 0.25"),
                    "perceptron/trained?trained_network=unit",
                    "0.2563",
                ),
                Row(N_("The end: all four outputs at {figure}"), "perceptron/xor?xor_step=end", "0.5"),
                Row(
                    N_("Not from every start: some 2% of them end with three right answers of four"),
                    "perceptron/xor?xor_run=many",
                ),
                Row(N_("One of these rare starts"), "perceptron/xor?xor_run=rare"),
                Row(N_("In the training lab: 2-1 on XOR"), "training/play?preset=unit"),
            ),
        ),
        Chapter(
            N_("The formulas"),
            (
                Row(N_("The derivative of a squared error"), "backprop/mistakes?slip=missing_factor", slip=FIND),
                Row(
                    N_("The gradient is that of ½ Σ (a − y)², the loss written down the mean of (a − y)²"),
                    "perceptron/xor?xor_step=end",
                ),
                Row(N_("δ from layer to layer, and the sums over the batch"), "backprop/calculator?network=xor"),
            ),
        ),
        Chapter(
            N_("A hidden layer, 2-3-1"),
            (
                Row(N_("The loss every 1,000 updates: {figure}, 0.1881, 0.0920, …"), "perceptron/trained", "0.2440"),
                Row(
                    N_("The printed outputs are those after 9,999 updates: {figure} for 00"),
                    "perceptron/trained?trained_updates=9999&trained_digits=8",
                    "0.02224667",
                ),
                Row(N_("After 10,000 updates: {figure} for 00"), "perceptron/trained?trained_digits=8", "0.02224467"),
                Row(N_("In the training lab: 2-3-1 on XOR"), "training/play?preset=three"),
                Row(N_("2-3-1: what each hidden unit does"), "training/inside?preset=three"),
            ),
        ),
        Chapter(
            N_("Homework: two hidden layers, 2-3-3-1"),
            (
                Row(
                    N_("The loss every 1,000 updates: {figure}, 0.2492, 0.2442, …"),
                    "perceptron/trained?trained_network=three_three",
                    "0.289163",
                ),
                Row(
                    N_("Printed as well: the outputs after 9,999 updates, {figure} for 00"),
                    "perceptron/trained?trained_network=three_three&trained_updates=9999&trained_digits=8",
                    "0.0281708",
                ),
                Row(
                    N_("2-3-3-1 after 10,000 updates: {figure} for 00"),
                    "perceptron/trained?trained_network=three_three&trained_digits=7",
                    "0.02816583",
                ),
                Row(N_("In the training lab: 2-3-3-1 on XOR"), "training/play?preset=three_three"),
            ),
        ),
    ),
)
