"""Lecture note 002."""

from pages.shared.notes.parts import FIND, TOLD, Chapter, Note, Row
from pages.shared.text import N_

NOTE = Note(
    "002",
    N_("Activation functions and backpropagation (lecture 16)"),
    (
        Chapter(
            N_("The perceptron and its limits"),
            (
                Row(N_("AND: truth table, line, weights"), "perceptron/decide?decide_w2=1&decide_b=-1.5"),
                Row(N_("OR: truth table, line, weights"), "perceptron/decide?decide_gate=or"),
                Row(N_("XOR: no line will do"), "perceptron/decide?decide_gate=xor"),
                Row(N_("Which of the 16 gates a perceptron can compute"), "perceptron/xor?xor_view=wall", "14"),
            ),
        ),
        Chapter(
            N_("Why activation functions"),
            (
                Row(
                    N_("Linear layers, however many, are one layer: W₂ (W₁ x + b₁) + b₂"),
                    "perceptron/bend?bend_activation=linear",
                ),
                Row(N_("With activation functions the boundary bends"), "perceptron/bend?bend_activation=sigmoid"),
                Row(N_("XOR with a hidden layer"), "perceptron/three"),
            ),
        ),
        Chapter(
            N_("Kinds of activation functions"),
            (
                Row(
                    N_("The note's functions side by side: step, linear, non-linear"),
                    "activations/gallery?gallery_preset=note",
                ),
                Row(N_("The classic ones: sigmoid, tanh, ReLU"), "activations/gallery"),
                Row(N_("Leaky ReLU with α = 0.1, ELU"), "activations/gallery?gallery_preset=rectifiers", "0.1"),
                Row(N_("Step function: 1 above 0, else 0"), "activations/lens?lens_function=step"),
                Row(N_("The step function in code"), "activations/gallery?gallery_functions=step", slip=FIND),
                Row(
                    N_("S-shaped functions: logistic, tanh, arctan, softsign, Gaussian"),
                    "activations/gallery?gallery_preset=s_shaped",
                ),
                Row(N_("Swish and its relatives"), "activations/gallery?gallery_preset=self_gated"),
                Row(N_("Softmax: named in the note, worked out here"), "activations/softmax"),
            ),
        ),
        Chapter(
            N_("The sigmoid's derivative"),
            (
                Row(N_("The logistic function and its slope at a point"), "activations/lens?lens_z=0", "0.25"),
                Row(N_("Six lines to f (1 − f)"), "activations/lens", slip=FIND),
            ),
        ),
        Chapter(
            N_("Why ReLU"),
            (
                Row(N_("It is cheap to compute"), "activations/cost"),
                Row(N_("Its gradient does not vanish where z > 0"), "activations/vanish?vanish_preset=he"),
                Row(N_("It does not saturate above 0"), "activations/lens?lens_function=relu&lens_z=5"),
                Row(N_("Sparse activation: many outputs are 0"), "activations/dead?dead_preset=wide"),
                Row(N_("The price: dying ReLU"), "activations/dead"),
                Row(N_("Eased by leaky ReLU"), "activations/dead?dead_shown=leaky_relu"),
                Row(
                    N_("tanh at 12 points from −π to π: {figure} at the ends"),
                    "activations/gallery?gallery_preset=note_tanh",
                    "0.99627208",
                ),
            ),
        ),
        Chapter(
            N_("Backpropagation, number by number"),
            (
                Row(
                    N_("The chain x → w₁ → sigmoid → w₂ → sigmoid: the cost is {figure}"),
                    "backprop/calculator?digits=8",
                    "0.18249473",
                ),
                Row(
                    N_("Backward: ∂C/∂w₂ = {figure}, ∂C/∂w₁ = −0.01267462"),
                    "backprop/calculator?digits=8",
                    "−0.12264305",
                ),
                Row(N_("The update: w₂ becomes {figure}, w₁ 0.71267462"), "backprop/calculator?digits=8", "0.62264305"),
                Row(
                    N_("After one update the cost is {figure}"), "backprop/calculator?digits=8&updates=1", "0.16765521"
                ),
                Row(
                    N_("It rounds at each step, and so has the costs 0.1823 and 0.1681: unrounded 0.1825 and {figure}"),
                    "backprop/calculator",
                    "0.1677",
                ),
                Row(N_("The last line of the chain"), "backprop/mistakes?slip=wrong_name", slip=FIND),
            ),
        ),
        Chapter(
            N_("Two outputs"),
            (
                Row(
                    N_("Outputs 0.609 and 0.633, targets 0.3 and 0.9: E = {figure}"),
                    "backprop/calculator?network=two_outputs&digits=5",
                    "0.083385",
                ),
                Row(
                    N_("∂E/∂a of the first output: {figure}"),
                    "backprop/calculator?network=two_outputs&at_step=10",
                    "0.309",
                ),
            ),
        ),
        Chapter(
            N_("Two functions in a row"),
            (
                Row(N_("f(x) = 2 (x − 2)² at x = 4: value 8, slope {figure}"), "backprop/graph?formula=square", "8"),
                Row(N_("The same at x = 0: slope {figure}"), "backprop/graph?formula=square&at=0", "−8"),
                Row(N_("The same in code, whose slopes are 32, 8, 0, 8, 32"), "backprop/mistakes", slip=FIND),
                Row(
                    N_("The loop announces x = −1 … 3 and runs 0 … 4: at −1 the slope is {figure}"),
                    "backprop/graph?formula=square&at=-1",
                    "−12",
                    slip=TOLD,
                ),
            ),
        ),
        Chapter(
            N_("XOR in Python"),
            (
                Row(N_("2-4-1 for 10,000 epochs: a loss well under 0.01"), "perceptron/trained?trained_network=four"),
                Row(N_("2-4-1, to play with"), "training/play?preset=four"),
            ),
        ),
        Chapter(
            N_("Gradient descent"),
            (
                Row(N_("A step against the slope, in one dimension"), "descent/line?line_preset=note", "6.111e−10"),
                Row(N_("A small learning rate creeps, a large one strides"), "descent/line?line_preset=crawls"),
                Row(N_("The family tree of optimizers"), "descent/family?family_optimizer=sgd"),
                Row(N_("Batch: one update an epoch"), "descent/batch?batch_preset=batch"),
                Row(N_("Stochastic: one sample an update"), "descent/batch?batch_preset=stochastic"),
                Row(N_("Mini-batch: 32 samples an update"), "descent/batch?batch_preset=mini"),
                Row(N_("All three: updates, noise, cost"), "descent/batch"),
                Row(N_("Momentum, AdaGrad and Adam against SGD's instability"), "descent/race?race_preset=round"),
                Row(N_("Momentum's map"), "descent/momentum"),
                Row(N_("Inside a step of AdaGrad"), "descent/inside?inside_optimizer=adagrad"),
                Row(N_("Inside a step of Adam"), "descent/inside"),
            ),
        ),
        Chapter(
            N_("Gradient descent in code"),
            (
                Row(N_("The numerical gradient with h = 0.0001"), "descent/numerical?numerical_preset=note"),
                Row(
                    N_("x₀² + x₁² from (−3, 4) with η = 0.1: after 100 steps x₀ is {figure}"),
                    "descent/plane",
                    "−6.11110793e−10",
                ),
                Row(
                    N_("The last row that it lists, step 57, is garbled: x₀ is {figure} there"),
                    "descent/plane",
                    "−8.97946606e−6",
                    slip=TOLD,
                ),
                Row(
                    N_("η = 10 is too large: after 20 steps x₀ is {figure}"),
                    "descent/plane?plane_preset=large",
                    "−1.1276992e26",
                ),
                Row(
                    N_("With the numerical gradient x₀ freezes at {figure} from step 10 on"),
                    "descent/plane?plane_preset=large",
                    "−2.58983747e13",
                ),
                Row(
                    N_("Why it freezes: x + h and x − h are the same number"), "descent/numerical?numerical_preset=far"
                ),
                Row(N_("Too small: 100 steps with η = 10⁻¹⁰"), "descent/plane?plane_preset=small"),
                Row(
                    N_("Its example of ‘too small’ takes one step with η = 0.1, which is not small"),
                    "descent/plane?plane_preset=small",
                    slip=TOLD,
                ),
                Row(N_("Three plots: where does each cell begin?"), "descent/plane?plane_preset=large", slip=FIND),
            ),
        ),
    ),
)
