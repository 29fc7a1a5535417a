"""Lecture note 004."""

from pages.shared.notes.parts import FIND, TOLD, Chapter, Note, Row
from pages.shared.text import N_

NOTE = Note(
    "004",
    N_("Perceptron, ReLU, initialization, dropout, batch normalization"),
    (
        Chapter(
            N_("Perceptron"),
            (
                Row(N_("Weighted sum, bias, step: AND and OR"), "perceptron/decide?decide_gate=or"),
                Row(N_("A perceptron learns AND"), "perceptron/learn"),
                Row(N_("XOR needs a hidden layer"), "perceptron/learn?learn_gate=xor"),
            ),
        ),
        Chapter(
            N_("XOR by hand"),
            (
                Row(
                    N_("Cross-entropy with the small number in the division, then matrix products"),
                    "backprop/calculator?network=xor&epsilon=division",
                ),
                Row(N_("Cost and gradient over a batch of four"), "backprop/mistakes?slip=sum_for_mean", slip=FIND),
                Row(N_("The gradient of the output's bias, `d_b2`"), "backprop/mistakes?slip=bias_rows", slip=FIND),
                Row(N_("The same gradient, number by number"), "backprop/calculator?network=xor&at_step=11"),
                Row(N_("Safe from division by zero: a − y, for every z?"), "backprop/mistakes?slip=epsilon", slip=FIND),
                Row(N_("The start decides: 2-2-1 from 100 starts for each rule"), "initialization/matter"),
            ),
        ),
        Chapter(
            N_("ReLU and the vanishing gradient"),
            (
                Row(N_("The sigmoid's slope is small at both ends"), "activations/lens?lens_z=5", "0.006648"),
                Row(N_("So gradients vanish on their way back"), "activations/vanish"),
                Row(N_("ReLU's gradient is 0 for negative values"), "activations/dead"),
            ),
        ),
        Chapter(
            N_("Optimizers"),
            (
                Row(N_("The note's list as a family tree"), "descent/family?family_optimizer=adadelta"),
                Row(
                    N_("The race of the listed optimizers"),
                    "descent/race?race_optimizers=sgd.adagrad.adadelta.rmsprop.adam.adamax.rprop.asgd.lbfgs",
                ),
                Row(N_("SparseAdam: explained, not raced"), "descent/family?family_optimizer=sparse_adam"),
            ),
        ),
        Chapter(
            N_("Weight initialization"),
            (
                Row(N_("A restricted Boltzmann machine: no links inside a layer"), "initialization/rbm"),
                Row(
                    N_("Train a layer, freeze it, add the next, then the whole"),
                    "initialization/pretraining?pretraining_step=1",
                ),
                Row(
                    N_("Xavier normal and uniform for 785 × 512: a standard deviation of {figure}"),
                    "initialization/drawn?drawn_preset=note",
                    "0.0392",
                ),
                Row(N_("He normal and uniform beside them"), "initialization/signal?signal_preset=004"),
                Row(N_("Two rules called Xavier"), "initialization/signal?signal_preset=twice"),
                Row(N_("Xavier for sigmoid and tanh, He for ReLU"), "initialization/drawn?drawn_preset=he"),
                Row(N_("Xavier's rule in a line of code"), "initialization/drawn?drawn_preset=note", slip=FIND),
                Row(
                    N_("84, 74, 71 of 100 runs solve XOR: a difference? The interval of 84 − 71 ends at {figure}"),
                    "initialization/matter?matter_source=counts",
                    "0.242",
                ),
                Row(N_("How many runs would tell 84 from 74?"), "initialization/matter?matter_source=counts"),
                Row(N_("The counts beside 300 networks that are trained now"), "perceptron/trained?trained_runs=1"),
            ),
        ),
        Chapter(
            N_("Dropout"),
            (
                Row(N_("Each unit is left out with probability p in training"), "regularization/dropping"),
                Row(N_("All units are used in evaluation"), "regularization/dropping?dropping_mode=eval"),
                Row(N_("Does it curb overfitting?"), "regularization/overfitting"),
                Row(
                    N_("Its network has {figure} inputs; 784 would be right"),
                    "regularization/dropping",
                    "785",
                    slip=TOLD,
                ),
            ),
        ),
        Chapter(
            N_("Batch normalization"),
            (
                Row(N_("Vanishing gradient, without and with batch normalization"), "regularization/training"),
                Row(N_("Exploding gradient"), "regularization/training?training_preset=explode"),
                Row(N_("Eased by another activation function"), "regularization/training?training_preset=tanh"),
                Row(N_("Eased by another start"), "regularization/training?training_preset=he"),
                Row(N_("Eased by a smaller learning rate"), "regularization/training?training_preset=small"),
                Row(N_("Internal covariate shift: its authors' motive"), "regularization/training?training_moment=end"),
                Row(N_("Mean and variance of a mini-batch, then scale γ and shift β"), "regularization/batch"),
                Row(
                    N_("γ and β are learned, and keep the bend of f useful"),
                    "regularization/batch?batch_gamma=2&batch_beta=1",
                ),
                Row(N_("Two batches that differ in the fifth sample only"), "regularization/batch?batch_view=two"),
                Row(N_("Stored mean and variance for the evaluation"), "regularization/batch?batch_view=running"),
                Row(N_("Batch normalization in evaluation"), "regularization/batch", slip=FIND),
                Row(N_("Backward through the batch"), "regularization/backward"),
            ),
        ),
    ),
)
