"""The list of all exercises: questions to predict and mistakes to find, with the section that asks them.

The ORDER counts: an exercise's place here is its bit in the code of the learner's progress (`progress`), which stands
in people's bookmarks. So a new one goes to the END, whatever its lesson, and none is moved or taken out.
"""

from dataclasses import dataclass

CHALLENGE = "challenge"
MISTAKE = "mistake"


@dataclass(frozen=True)
class Exercise:
    """`key` is what `challenge.solve` is called with."""

    key: str
    slug: str  # of the lesson
    section: str
    kind: str


EXERCISES = (
    Exercise("perceptron_decide_challenge", "perceptron", "decide", CHALLENGE),
    Exercise("perceptron_learn_challenge", "perceptron", "learn", CHALLENGE),
    Exercise("perceptron_xor_challenge", "perceptron", "xor", CHALLENGE),
    Exercise("perceptron_three_challenge", "perceptron", "three", CHALLENGE),
    Exercise("perceptron_trained_challenge", "perceptron", "trained", CHALLENGE),
    Exercise("perceptron_bend_challenge", "perceptron", "bend", CHALLENGE),
    Exercise("activations_gallery_challenge", "activations", "gallery", CHALLENGE),
    Exercise("activations_gallery_mistake", "activations", "gallery", MISTAKE),
    Exercise("activations_lens_challenge", "activations", "lens", CHALLENGE),
    Exercise("activations_mistake_sigmoid_product", "activations", "lens", MISTAKE),
    Exercise("activations_vanish_challenge", "activations", "vanish", CHALLENGE),
    Exercise("activations_dead_challenge", "activations", "dead", CHALLENGE),
    Exercise("activations_cost_challenge", "activations", "cost", CHALLENGE),
    Exercise("activations_softmax_challenge", "activations", "softmax", CHALLENGE),
    Exercise("backprop_graph_challenge", "backprop", "graph", CHALLENGE),
    Exercise("backprop_calculator_challenge", "backprop", "calculator", CHALLENGE),
    Exercise("backprop_mistakes_challenge", "backprop", "mistakes", CHALLENGE),
    Exercise("backprop_mistake_four_y", "backprop", "mistakes", MISTAKE),
    Exercise("backprop_mistake_sigmoid_of_z", "backprop", "mistakes", MISTAKE),
    Exercise("backprop_mistake_missing_factor", "backprop", "mistakes", MISTAKE),
    Exercise("backprop_mistake_sum_for_mean", "backprop", "mistakes", MISTAKE),
    Exercise("backprop_mistake_update_order", "backprop", "mistakes", MISTAKE),
    Exercise("backprop_mistake_wrong_name", "backprop", "mistakes", MISTAKE),
    Exercise("backprop_mistake_epsilon", "backprop", "mistakes", MISTAKE),
    Exercise("descent_line_challenge", "descent", "line", CHALLENGE),
    Exercise("descent_plane_challenge", "descent", "plane", CHALLENGE),
    Exercise("descent_mistake_shared_start", "descent", "plane", MISTAKE),
    Exercise("descent_numerical_challenge", "descent", "numerical", CHALLENGE),
    Exercise("descent_family_challenge", "descent", "family", CHALLENGE),
    Exercise("descent_race_challenge", "descent", "race", CHALLENGE),
    Exercise("descent_race_mistake", "descent", "race", MISTAKE),
    Exercise("descent_inside_challenge", "descent", "inside", CHALLENGE),
    Exercise("descent_inside_mistake", "descent", "inside", MISTAKE),
    Exercise("descent_momentum_challenge", "descent", "momentum", CHALLENGE),
    Exercise("descent_momentum_mistake", "descent", "momentum", MISTAKE),
    Exercise("descent_batch_challenge", "descent", "batch", CHALLENGE),
    Exercise("descent_batch_mistake", "descent", "batch", MISTAKE),
    Exercise("descent_real_challenge", "descent", "real", CHALLENGE),
    Exercise("descent_real_mistake", "descent", "real", MISTAKE),
    Exercise("initialization_drawn_challenge", "initialization", "drawn", CHALLENGE),
    Exercise("initialization_drawn_mistake", "initialization", "drawn", MISTAKE),
    Exercise("initialization_signal_challenge", "initialization", "signal", CHALLENGE),
    Exercise("initialization_signal_mistake", "initialization", "signal", MISTAKE),
    Exercise("initialization_symmetry_challenge", "initialization", "symmetry", CHALLENGE),
    Exercise("initialization_symmetry_mistake", "initialization", "symmetry", MISTAKE),
    Exercise("initialization_matter_challenge", "initialization", "matter", CHALLENGE),
    Exercise("initialization_matter_mistake", "initialization", "matter", MISTAKE),
    Exercise("initialization_rbm_challenge", "initialization", "rbm", CHALLENGE),
    Exercise("initialization_rbm_mistake", "initialization", "rbm", MISTAKE),
    Exercise("initialization_pretraining_challenge", "initialization", "pretraining", CHALLENGE),
    Exercise("initialization_pretraining_mistake", "initialization", "pretraining", MISTAKE),
    Exercise("regularization_dropping_challenge", "regularization", "dropping", CHALLENGE),
    Exercise("regularization_dropping_mistake", "regularization", "dropping", MISTAKE),
    Exercise("regularization_overfitting_challenge", "regularization", "overfitting", CHALLENGE),
    Exercise("regularization_overfitting_mistake", "regularization", "overfitting", MISTAKE),
    Exercise("regularization_batch_challenge", "regularization", "batch", CHALLENGE),
    Exercise("regularization_batch_mistake_evaluation", "regularization", "batch", MISTAKE),
    Exercise("regularization_batch_mistake_test", "regularization", "batch", MISTAKE),
    Exercise("regularization_training_challenge", "regularization", "training", CHALLENGE),
    Exercise("regularization_training_mistake", "regularization", "training", MISTAKE),
    Exercise("regularization_backward_challenge", "regularization", "backward", CHALLENGE),
    Exercise("regularization_backward_mistake", "regularization", "backward", MISTAKE),
    Exercise("regularization_together_challenge", "regularization", "together", CHALLENGE),
    Exercise("regularization_together_mistake", "regularization", "together", MISTAKE),
    Exercise("training_play_challenge", "training", "play", CHALLENGE),
    Exercise("training_inside_challenge", "training", "inside", CHALLENGE),
    Exercise("training_inside_mistake", "training", "inside", MISTAKE),
    Exercise("training_board_challenge", "training", "board", CHALLENGE),
    Exercise("training_compare_challenge", "training", "compare", CHALLENGE),
    Exercise("training_compare_mistake", "training", "compare", MISTAKE),
    Exercise("training_sweep_challenge", "training", "sweep", CHALLENGE),
    Exercise("training_sweep_mistake", "training", "sweep", MISTAKE),
    Exercise("training_failure_challenge", "training", "failure", CHALLENGE),
    Exercise("training_failure_mistake", "training", "failure", MISTAKE),
    Exercise("backprop_mistake_bias_rows", "backprop", "mistakes", MISTAKE),
    Exercise("initialization_symmetry_mistake_biases", "initialization", "symmetry", MISTAKE),
)


def of(slug: str, section: str = "", kind: str = "") -> frozenset[str]:
    """The keys of a lesson's exercises, or of one section's, or of one kind."""
    return frozenset(
        one.key for one in EXERCISES if one.slug == slug and section in ("", one.section) and kind in ("", one.kind)
    )
