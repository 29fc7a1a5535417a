"""How the quantities and the hyperparameters of the optimizers are called on screen."""

from typing import NamedTuple

from pages.shared.text import N_


class Quantity(NamedTuple):
    letter: str  # in plain text, for legends; the engine's SYMBOLS has it for formulas
    title: str
    meaning: str


QUANTITIES = {
    "parameters": Quantity("θ", N_("parameter"), N_("where the step begins")),
    "gradient": Quantity("g", N_("gradient"), N_("the slope of f at this point")),
    "regularized_gradient": Quantity(
        "g", N_("gradient with weight decay"), N_("the gradient, and a pull of the parameter towards 0")
    ),
    "step": Quantity("t", N_("step number"), N_("counts from 1: t = k + 1")),
    "velocity": Quantity("v", N_("velocity"), N_("keeps a part of the last one and takes in the gradient")),
    "sum_squared_gradient": Quantity(
        "G", N_("sum of squared gradients"), N_("of all steps so far: it never becomes smaller")
    ),
    "mean_squared_gradient": Quantity(
        "s", N_("average of squared gradients"), N_("a running one that forgets the old ones slowly")
    ),
    "mean_squared_step": Quantity("d", N_("average of squared steps"), N_("how far the last steps went, squared")),
    "rescaled_gradient": Quantity("g′", N_("rescaled gradient"), N_("the gradient at the size of the last steps")),
    "first_moment": Quantity("m", N_("first moment"), N_("the running average of the gradients")),
    "second_moment": Quantity("v", N_("second moment"), N_("the running average of the squared gradients")),
    "infinity_norm": Quantity("u", N_("largest gradient"), N_("the largest recent gradient, fading slowly")),
    "corrected_first_moment": Quantity("m̂", N_("first moment, corrected"), N_("freed from its start at 0")),
    "corrected_second_moment": Quantity("v̂", N_("second moment, corrected"), N_("freed from its start at 0")),
    "momentum_now": Quantity("μ", N_("momentum of this step"), N_("grows slowly towards β₁")),
    "momentum_next": Quantity("μ′", N_("momentum of the next step"), N_("for the look ahead")),
    "momentum_product": Quantity("Π", N_("product of the momenta"), N_("of all steps so far, for the correction")),
    "denominator": Quantity("D", N_("denominator"), N_("the size of the gradients so far; ε keeps it above 0")),
    "sign_agreement": Quantity(
        "c", N_("agreement of the signs"), N_("1: the gradient kept its sign; −1: it flipped; 0: no comparison")
    ),
    "step_size": Quantity("ηₜ", N_("step size"), N_("this step's own learning rate")),
    "previous_gradient": Quantity(
        "g_prev", N_("gradient to compare with"), N_("for the next step; 0 after a flip: wait one step")
    ),
    "effective_step": Quantity("Δ", N_("step"), N_("what is taken off the parameter")),
    "new_parameters": Quantity("θ", N_("new parameter"), N_("where the step ends")),
    "averaged_parameters": Quantity("θ̄", N_("average of the parameters"), N_("the rule's answer at the end")),
}

HYPERPARAMETERS = {
    "learning_rate": Quantity("η", N_("Learning rate"), ""),
    "momentum": Quantity("μ", N_("Momentum"), N_("The part of the velocity that is kept.")),
    "momentum_decay": Quantity("ψ", N_("Growth of the momentum"), N_("How fast μ grows towards β₁.")),
    "beta1": Quantity("β₁", N_("Memory of the first moment"), N_("The part of m that is kept in a step.")),
    "beta2": Quantity("β₂", N_("Memory of the second moment"), N_("The part of v that is kept in a step.")),
    "rho": Quantity("ρ", N_("Memory of the averages"), N_("The part of an average that is kept in a step.")),
    "epsilon": Quantity("ε", N_("Guard against 0"), N_("Keeps the denominator away from 0.")),
    "weight_decay": Quantity("λ", N_("Weight decay"), N_("Pulls the parameters towards 0.")),
    "eta_minus": Quantity("η₋", N_("Factor after a flip"), N_("The sign changed: the step was too long.")),
    "eta_plus": Quantity("η₊", N_("Factor without a flip"), N_("The sign stayed: the step may grow.")),
    "step_minimum": Quantity("Δ min", N_("Smallest step"), ""),
    "step_maximum": Quantity("Δ max", N_("Largest step"), ""),
    "decay": Quantity("κ", N_("Fall of the learning rate"), N_("It pulls the parameters towards 0, too.")),
    "power": Quantity("α", N_("Exponent of the fall"), ""),
    "average_from": Quantity("t₀", N_("Steps before the average begins"), ""),
}
