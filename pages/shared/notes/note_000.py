"""Lecture note 000."""

from pages.shared.notes.parts import FIND, Chapter, Note, Row
from pages.shared.text import N_

NOTE = Note(
    "000",
    N_("ReLU and weights (lectures 9 and 10)"),
    (
        Chapter(
            N_("Backpropagation"),
            (
                Row(
                    N_("f = w x + b: how w, x and b move f; at w = −2, x = 5, b = 3 it is f = {figure}"),
                    "backprop/graph?amount=1",
                    "−7",
                ),
                Row(N_("Forward with values, backward with derivatives"), "backprop/graph?formula=neuron"),
                Row(N_("The chain rule: local derivatives times what arrives"), "backprop/graph?formula=twice"),
            ),
        ),
        Chapter(
            N_("One layer cannot learn XOR"),
            (
                Row(
                    N_("Cross-entropy of a single unit: the loss stops at ln 2 = {figure}, all outputs at 0.5"),
                    "perceptron/xor?xor_run=bce",
                    "0.6931",
                ),
                Row(N_("One straight line cannot part the corners of XOR: the proof"), "perceptron/xor?xor_view=proof"),
                Row(N_("The small number 1e-7 inside the logarithms"), "backprop/calculator?network=xor&epsilon=log"),
                Row(N_("The loss stays at {figure}: why?"), "training/failure", "0.6931", slip=FIND),
            ),
        ),
        Chapter(
            N_("Wide and deep"),
            (
                Row(
                    N_("Wide, 2-10-1, after 5,001 steps"),
                    "perceptron/trained?trained_network=wide&trained_updates=5001",
                ),
                Row(
                    N_("Deep, 2-5-5-1, after 10,001 steps"),
                    "perceptron/trained?trained_network=deep&trained_updates=10001",
                ),
                Row(N_("Wide, 2-10-1, to play with"), "training/play?preset=wide"),
                Row(N_("Deep, 2-5-5-1, to play with"), "training/play?preset=deep"),
                Row(
                    N_("The biases are drawn from N(0, 1), as the weights are: is that needed?"),
                    "initialization/symmetry?symmetry_which=biases",
                    slip=FIND,
                ),
            ),
        ),
        Chapter(
            N_("The learning curve"), (Row(N_("The cost over the steps, as a curve"), "training/board?preset=wide"),)
        ),
        Chapter(
            N_("ReLU and the vanishing gradient"),
            (
                Row(N_("Vanishing gradient: the deeper, the less the first layers move"), "activations/vanish"),
                Row(
                    N_(
                        "‘The wrong type of non-linearity’: sigmoid, tanh and ReLU through 20 layers of N(0, 1) weights"
                    ),
                    "activations/vanish?vanish_preset=stupid",
                ),
                Row(N_("ReLU: 0 below 0, the input itself above"), "activations/lens?lens_function=relu"),
                Row(N_("The last unit stays a sigmoid, for outputs from 0 to 1"), "activations/vanish?vanish_last=1"),
                Row(N_("tanh, ELU and the others"), "activations/gallery?gallery_preset=rectifiers"),
            ),
        ),
        Chapter(
            N_("Initialization"),
            (
                Row(N_("‘The stupid way’: weights from N(0, 1)"), "initialization/drawn"),
                Row(
                    N_("A restricted Boltzmann machine: what comes back shall be like what went in"),
                    "initialization/rbm",
                ),
                Row(N_("Layer upon layer, then the whole; hardly used today"), "initialization/pretraining"),
                Row(
                    N_("Its ‘Xavier’ has the variance 1/fan_in; note 004 has another rule of that name"),
                    "initialization/drawn?drawn_preset=xavier",
                    "0.03571",
                ),
                Row(
                    N_("N(0, 1), its Xavier and He through ten ReLU layers"), "initialization/signal?signal_preset=000"
                ),
            ),
        ),
    ),
)
