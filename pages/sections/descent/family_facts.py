"""The words of the family tree: what each optimizer adds to which, what it eases, at what price."""

from pages.shared.text import N_

# beside the name in the picture: a few letters, for boxes that fit a phone
ADDS = {
    "sgd": N_("the root"),
    "momentum": N_("+ velocity"),
    "nesterov": N_("+ look ahead"),
    "asgd": N_("+ average"),
    "adagrad": N_("+ own steps"),
    "rprop": N_("signs only"),
    "rmsprop": N_("+ forgetting"),
    "adadelta": N_("+ own scale"),
    "adam": N_("+ both ideas"),
    "adamax": N_("largest |g|"),
    "nadam": N_("+ look ahead"),
    "adamw": N_("decay apart"),
    "sparse_adam": N_("a few rows"),
    "newton": N_("curvature"),
    "lbfgs": N_("from pairs"),
}

# (parent, child) -> what the child adds
STEPS = {
    ("sgd", "momentum"): N_("adds a **velocity**: not the gradient but the running sum of gradients moves θ."),
    ("momentum", "nesterov"): N_("**looks ahead**: the step already counts the move that is coming."),
    ("sgd", "asgd"): N_("answers with the **average** of the points it visits, and lets its steps get smaller."),
    ("sgd", "adagrad"): N_(
        "gives each parameter a **step of its own**: divided by the root of the sum of its squared gradients."
    ),
    ("sgd", "rprop"): N_("looks at the gradient’s **sign only** and keeps a step size for each parameter."),
    ("adagrad", "rmsprop"): N_("**forgets**: the sum becomes a leaky average, so that the steps do not die out."),
    ("rprop", "rmsprop"): N_(
        "keeps the idea that the **size of the gradient should not count**, in a form that bears mini-batches."
    ),
    ("adagrad", "adadelta"): N_("**forgets**, and measures its own last steps to find the scale of the next one."),
    ("rmsprop", "adam"): N_(
        "replaces the gradient by an **average of gradients**, m, and frees both averages from their start at 0 "
        "(bias correction)."
    ),
    ("momentum", "adam"): N_(
        "turns the velocity into an average, m, and **divides it by the recent size** of the gradient."
    ),
    ("adam", "adamw"): N_("takes **weight decay** out of the gradient and lets it act on the parameters directly."),
    ("adam", "adamax"): N_("divides by the **largest** recent gradient instead of the root of the mean square."),
    ("adam", "nadam"): N_("**looks ahead** as Nesterov momentum does."),
    ("nesterov", "nadam"): N_("**divides by the recent size** of the gradient as Adam does."),
    ("adam", "sparse_adam"): N_("keeps Adam’s lines, but only for **rows whose gradient is not 0**."),
    ("newton", "lbfgs"): N_(
        "never forms the matrix H: **the last pairs** of steps s and gradient changes y give a stand-in for $H^{-1}$, "
        "written $H_{s,y}$."
    ),
}

EASES = {
    "sgd": N_(
        "Nothing yet. SGD zigzags across a narrow valley, has one learning rate for all parameters, and follows the "
        "noise of single samples: what the others ease."
    ),
    "momentum": N_("The **zigzag**: gradients that alternate cancel, those that last add up."),
    "nesterov": N_("The **overshooting** of Momentum: it brakes before the rise."),
    "asgd": N_("The **noise** at the end: an average of many points is calmer than the last one."),
    "adagrad": N_("Unequal **scales**: parameters with small or rare gradients take longer steps."),
    "rprop": N_("Gradients of very different **sizes**: only their signs count."),
    "rmsprop": N_("Unequal **scales**, as AdaGrad, without its steps dying out."),
    "adadelta": N_("The **choice of a learning rate**: the steps find their own scale."),
    "adam": N_("**Both**: the zigzag by m, unequal scales by v; and the bias correction sets the first steps right."),
    "adamax": N_("As Adam; and a single **huge gradient** cannot make a long step."),
    "nadam": N_("As Adam, with a little less **overshooting**."),
    "adamw": N_("As Adam; and **weight decay** shrinks all weights at the same rate."),
    "sparse_adam": N_("**Wasted work** on sparse gradients, such as those of an embedding: other rows cost nothing."),
    "lbfgs": N_("Unequal **curvature**: it learns it from its own last steps, and needs few of them."),
}

PRICES = {
    "sgd": N_("It remembers nothing."),
    "momentum": N_("One number for each parameter, one more hyperparameter, and it overshoots."),
    "nesterov": N_("As Momentum."),
    "asgd": N_("One number for each parameter; PyTorch begins to average only after a million steps."),
    "adagrad": N_("One number for each parameter; the steps shrink for good, perhaps too early."),
    "rprop": N_("Two numbers for each parameter; it needs full batches, since noise flips signs."),
    "rmsprop": N_("One number for each parameter; near a minimum the steps do not shrink by themselves."),
    "adadelta": N_("Two numbers for each parameter; it starts slowly, since its first steps come from ε alone."),
    "adam": N_("Two numbers for each parameter; near a minimum the steps do not shrink by themselves."),
    "adamax": N_("Two numbers for each parameter."),
    "nadam": N_("Two numbers for each parameter, one more hyperparameter."),
    "adamw": N_("Two numbers for each parameter, and λ must be chosen."),
    "sparse_adam": N_(
        "Two numbers for each parameter all the same. It refuses dense gradients, and those of a dense network have no "
        "rows to skip: it is named here and does not race."
    ),
    "lbfgs": N_(
        "Twenty numbers for each parameter (ten pairs), and several evaluations a step; it needs full batches, since "
        "noise spoils the pairs."
    ),
}

# hyperparameters as the table writes them
LETTERS = {
    "learning_rate": "η",
    "momentum": "μ",
    "momentum_decay": "ψ",
    "beta1": "β₁",
    "beta2": "β₂",
    "rho": "ρ",
    "epsilon": "ε",
    "weight_decay": "λ",
    "eta_minus": "η₋",
    "eta_plus": "η₊",
    "step_minimum": "Δmin",
    "step_maximum": "Δmax",
    "decay": "κ",
    "power": "α",
    "average_from": "t₀",
    "history_size": "m",
    "c1": "c₁",
    "c2": "c₂",
}
