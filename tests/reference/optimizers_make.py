"""Make optimizers.npz: trajectories of torch.optim, torch.optim.lr_scheduler and torch's LBFGS in float64.

Run it with an interpreter that has PyTorch:  python tests/reference/optimizers_make.py
The gradients come from autograd here and are written by hand in test_optimizers.py, so that the two share nothing.
"""

import json
from pathlib import Path

import numpy as np
import torch

torch.set_default_dtype(torch.float64)  # also the type in which torch keeps its step sizes and counters

STEPS = (1, 2, 5, 10, 50, 200)
SCHEDULE_STEPS = 60


def quadratic(p):
    return 0.05 * p[0] ** 2 + p[1] ** 2


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def xor_loss(p):
    """A 2-4-1 sigmoid network on XOR; mean squared error. p holds W1 (2, 4), b1 (4), W2 (4, 1), b2 (1)."""
    X = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = torch.tensor([[0.0], [1], [1], [0]])
    hidden = torch.sigmoid(X @ p[:8].reshape(2, 4) + p[8:12])
    output = torch.sigmoid(hidden @ p[12:16].reshape(4, 1) + p[16:])
    return ((output - y) ** 2).mean()


def logistic(p):
    """Logistic regression with a penalty, so that the minimum is unique."""
    X, y = torch.tensor(LOGISTIC_X), torch.tensor(LOGISTIC_Y)
    z = X @ p
    return (torch.nn.functional.softplus(z) - y * z).mean() + 0.05 * (p**2).sum()


LOGISTIC_X = np.random.RandomState(0).randn(30, 4)
LOGISTIC_Y = (LOGISTIC_X[:, 0] + 0.5 * LOGISTIC_X[:, 1] > 0.2).astype(np.float64)

LOSSES = {"quadratic": quadratic, "rosenbrock": rosenbrock, "xor": xor_loss}
STARTS = {
    "quadratic": np.array([-7.0, 2.0]),
    "rosenbrock": np.array([-1.2, 1.0]),
    "xor": np.random.RandomState(42).randn(17),
}


def betas(values):
    """Our beta1 and beta2 as torch's pair."""
    pair = (values.pop("beta1", 0.9), values.pop("beta2", 0.999))
    return {"betas": pair}


def adam_like(kind):
    return lambda p, values: kind(p, **betas(values), **values)


def rprop(p, values):
    etas = (values.pop("eta_minus", 0.5), values.pop("eta_plus", 1.2))
    sizes = (values.pop("step_minimum", 1e-6), values.pop("step_maximum", 50))
    return torch.optim.Rprop(p, etas=etas, step_sizes=sizes, **values)


# our code -> torch's optimizer; each takes what renaming below leaves
MAKERS = {
    "sgd": lambda p, v: torch.optim.SGD(p, **v),
    "momentum": lambda p, v: torch.optim.SGD(p, **{"momentum": 0.9, **v}),
    "nesterov": lambda p, v: torch.optim.SGD(p, nesterov=True, **{"momentum": 0.9, **v}),
    "adagrad": lambda p, v: torch.optim.Adagrad(p, **v),
    "adadelta": lambda p, v: torch.optim.Adadelta(p, **v),
    "rmsprop": lambda p, v: torch.optim.RMSprop(p, **({"alpha": v.pop("rho")} if "rho" in v else {}), **v),
    "adam": adam_like(torch.optim.Adam),
    "adamw": adam_like(torch.optim.AdamW),
    "adamax": adam_like(torch.optim.Adamax),
    "nadam": adam_like(torch.optim.NAdam),
    "rprop": rprop,
    "asgd": lambda p, v: torch.optim.ASGD(p, **v),
}
RENAMED = {"learning_rate": "lr", "epsilon": "eps", "decay": "lambd", "power": "alpha", "average_from": "t0"}

# (code, our hyperparameters by problem); {} means torch's defaults and ours
TUNED = [
    (
        "sgd",
        {"quadratic": {"learning_rate": 0.5}, "rosenbrock": {"learning_rate": 1e-3}, "xor": {"learning_rate": 1.0}},
    ),
    ("sgd", {name: {"learning_rate": 1e-3, "weight_decay": 0.1} for name in LOSSES}),
    (
        "momentum",
        {"quadratic": {"learning_rate": 0.1}, "rosenbrock": {"learning_rate": 2e-4}, "xor": {"learning_rate": 0.5}},
    ),
    ("momentum", {name: {"learning_rate": 1e-4, "momentum": 0.5, "weight_decay": 0.1} for name in LOSSES}),
    (
        "nesterov",
        {"quadratic": {"learning_rate": 0.1}, "rosenbrock": {"learning_rate": 2e-4}, "xor": {"learning_rate": 0.5}},
    ),
    ("adagrad", {name: {"learning_rate": 0.5} for name in LOSSES}),
    ("adagrad", {name: {"learning_rate": 0.1, "epsilon": 1e-3, "weight_decay": 0.1} for name in LOSSES}),
    ("adadelta", {name: {} for name in LOSSES}),
    ("adadelta", {name: {"learning_rate": 0.5, "rho": 0.8, "epsilon": 1e-4, "weight_decay": 0.1} for name in LOSSES}),
    ("rmsprop", {name: {} for name in LOSSES}),
    ("rmsprop", {name: {"rho": 0.9, "epsilon": 1e-3, "weight_decay": 0.1} for name in LOSSES}),
    ("adam", {name: {"learning_rate": 0.1} for name in LOSSES}),
    ("adam", {name: {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3, "weight_decay": 0.1} for name in LOSSES}),
    ("adamw", {name: {"learning_rate": 0.1} for name in LOSSES}),
    ("adamw", {name: {"learning_rate": 0.05, "weight_decay": 0.2} for name in LOSSES}),
    ("adamax", {name: {"learning_rate": 0.1} for name in LOSSES}),
    ("adamax", {name: {"beta2": 0.8, "epsilon": 1e-3, "weight_decay": 0.1} for name in LOSSES}),
    ("nadam", {name: {"learning_rate": 0.1} for name in LOSSES}),
    ("nadam", {name: {"momentum_decay": 0.5, "epsilon": 1e-3, "weight_decay": 0.1} for name in LOSSES}),
    ("rprop", {"quadratic": {}, "rosenbrock": {}, "xor": {"step_maximum": 0.05}}),
    (
        "rprop",
        {name: {"eta_minus": 0.3, "eta_plus": 1.1, "step_minimum": 1e-3, "step_maximum": 0.1} for name in LOSSES},
    ),
    ("asgd", {"quadratic": {}, "rosenbrock": {"learning_rate": 1e-4}, "xor": {}}),
    ("asgd", {name: {"learning_rate": 1e-3, "decay": 0.1, "power": 0.5, "average_from": 20} for name in LOSSES}),
]


def trajectory(code, problem, ours):
    """Parameters at STEPS, shape (6, n); for ASGD also the averages."""
    p = torch.tensor(STARTS[problem], requires_grad=True)
    rule = MAKERS[code]([p], {RENAMED.get(name, name): value for name, value in ours.items()})
    points, averages = [], []
    for step in range(1, STEPS[-1] + 1):
        rule.zero_grad()
        LOSSES[problem](p).backward()
        rule.step()
        if step in STEPS:
            points.append(p.detach().numpy().copy())
            averages.append(rule.state[p]["ax"].numpy().copy() if code == "asgd" else None)
    return np.array(points), averages


def lr_curve(make):
    """The learning rates of SCHEDULE_STEPS steps, starting from 1."""
    rule = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(rule)
    rates = []
    for _ in range(SCHEDULE_STEPS):
        rates.append(rule.param_groups[0]["lr"])
        rule.step()
        scheduler.step()
    return np.array(rates)


def schedules():
    s = torch.optim.lr_scheduler

    def warm(length, start, then):
        return lambda rule: s.SequentialLR(
            rule, [s.LinearLR(rule, start_factor=start, total_iters=length), then(rule)], milestones=[length]
        )

    return {
        "schedule_step": lr_curve(lambda rule: s.StepLR(rule, step_size=7, gamma=0.5)),
        "schedule_exponential": lr_curve(lambda rule: s.ExponentialLR(rule, gamma=0.93)),
        "schedule_cosine": lr_curve(lambda rule: s.CosineAnnealingLR(rule, T_max=40, eta_min=0.05)),
        "schedule_warm_up": lr_curve(s.LinearLR),
        "schedule_warm_up_cosine": lr_curve(warm(10, 0.1, lambda rule: s.CosineAnnealingLR(rule, T_max=50))),
        "schedule_warm_up_step": lr_curve(warm(4, 0.25, lambda rule: s.StepLR(rule, step_size=9, gamma=0.1))),
    }


def lbfgs_minimum(loss, start):
    p = torch.tensor(start, requires_grad=True)
    rule = torch.optim.LBFGS(
        [p], max_iter=500, history_size=10, tolerance_grad=1e-12, tolerance_change=0.0, line_search_fn="strong_wolfe"
    )

    def closure():
        rule.zero_grad()
        value = loss(p)
        value.backward()
        return value

    rule.step(closure)
    return p.detach().numpy().copy()


def main():
    arrays, cases = {f"start_{name}": start for name, start in STARTS.items()}, []
    for code, by_problem in TUNED:
        for problem, ours in by_problem.items():
            key = f"case_{len(cases)}"
            arrays[key], averages = trajectory(code, problem, ours)
            if code == "asgd":
                arrays[f"{key}_average"] = np.array(averages)
            cases.append({"key": key, "optimizer": code, "problem": problem, "hyperparameters": ours})
    arrays |= schedules()
    arrays["lbfgs_quadratic"] = lbfgs_minimum(quadratic, STARTS["quadratic"])
    arrays["lbfgs_rosenbrock"] = lbfgs_minimum(rosenbrock, STARTS["rosenbrock"])
    arrays["lbfgs_logistic"] = lbfgs_minimum(logistic, np.zeros(4))
    arrays["logistic_X"], arrays["logistic_y"] = LOGISTIC_X, LOGISTIC_Y
    arrays["steps"] = np.array(STEPS)
    arrays["cases"] = np.array(json.dumps(cases))
    arrays["torch_version"] = np.array(torch.__version__)
    np.savez_compressed(Path(__file__).parent / "optimizers.npz", **arrays)


if __name__ == "__main__":
    main()
