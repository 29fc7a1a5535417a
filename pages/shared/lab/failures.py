"""The names of the lab's failing experiments, for the panel and for the section on failures."""

from pages.shared.text import N_

FAILURES = {
    "fail_rate": N_("Fails: the learning rate is too large"),
    "fail_depth": N_("Fails: weights too large for eight hidden layers"),
    "fail_log": N_("Fails: the logarithm of 0"),
    "fail_linear": N_("Fails: XOR without a hidden layer, squared error"),
    "fail_linear_log": N_("Fails: XOR without a hidden layer, cross-entropy"),
    "fail_three": N_("Fails: XOR without a hidden layer, three right of four"),
    "fail_equal": N_("Fails: all weights are equal"),
    "fail_large": N_("Fails: far too large weights, saturated sigmoid units"),
    "fail_deep": N_("Fails: ten hidden sigmoid layers"),
    "fail_dead": N_("Fails: dead ReLU units"),
    "fail_small": N_("Fails: the learning rate is too small"),
    "fail_noise": N_("Fails: overfitting on noise"),
    "fail_pairing": N_("Fails: squared error on a saturated sigmoid"),
}
