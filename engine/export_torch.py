"""A training or an experiment as a PyTorch script that repeats its numbers, with autograd and torch.optim."""

import numpy as np

from engine import errors
from engine.experiment import Experiment
from engine.export_code import loss_gradient_code
from engine.export_plan import Plan, plan
from engine.export_rules import schedule_code, torch_rule
from engine.layers import BatchNorm, Dropout
from engine.losses import Loss
from engine.momentum import SGD
from engine.samples import Dataset
from engine.training_config import TrainingConfig

# z -> a
TORCH_ACTIVATIONS = {
    "step": "(z > 0) + 0.0 * z",  # with a gradient of 0
    "linear": "z",
    "sigmoid": "torch.sigmoid(z)",
    "tanh": "torch.tanh(z)",
    "arctan": "torch.arctan(z)",
    "softsign": "F.softsign(z)",
    "gaussian_sigmoid": "torch.erf(np.sqrt(np.pi) / 2 * z)",
    "hard_sigmoid": "F.hardsigmoid(z)",
    "relu": "F.relu(z)",
    "leaky_relu": "F.leaky_relu(z, {alpha})",
    "elu": "F.elu(z, {alpha})",
    "selu": "F.selu(z)",
    "softplus": "F.softplus(z)",
    "swish": "z * torch.sigmoid({beta} * z)",
    "gelu": "F.gelu(z)",
    "gelu_tanh": 'F.gelu(z, approximate="tanh")',
    "mish": "F.mish(z)",
    "hard_swish": "F.hardswish(z)",
}
TORCH_LOSSES = {
    "squared_error": 'F.mse_loss(a, Y, reduction="{reduction}")',
    "half_squared_error": '0.5 * F.mse_loss(a, Y, reduction="{reduction}")',
    "absolute_error": 'F.l1_loss(a, Y, reduction="{reduction}")',
    "huber": 'F.huber_loss(a, Y, reduction="{reduction}", delta={delta})',
    "log_cosh": "torch.{reduction}((a - Y).abs() + torch.log1p(0.5 * torch.expm1(-2 * (a - Y).abs())))",
    "cross_entropy": 'F.binary_cross_entropy(a, Y, reduction="{reduction}")',
    "cross_entropy_with_logits": 'F.binary_cross_entropy_with_logits(a, Y, reduction="{reduction}")',
    "softmax_cross_entropy": 'F.cross_entropy(a, Y, reduction="{reduction}")',
}
SHIFTED_CROSS_ENTROPY = (
    "-torch.{reduction}(Y * torch.log(a + {log_epsilon}) + (1 - Y) * torch.log(1 - a + {log_epsilon}))"
)


def torch_script(
    config: TrainingConfig, samples: Dataset, test: Dataset | None = None, start=None, run: int = 0
) -> str:
    """One run of a training as a PyTorch script; arguments and output as engine.export_training.training_script.

    Raises: InputError: also unknown_name for what PyTorch does not have: Adam without bias correction, and averaged
            SGD that follows a schedule at once (its step size is computed one step ahead).
    """
    if config.optimizer.code == "asgd" and config.schedule.code != "constant":
        raise errors.InputError("unknown_name", "schedule", config.schedule.code, "constant")
    return _script(plan(config, samples, test, start, run))


def network_torch_script(experiment: Experiment, n_updates: int) -> str:
    """Full-batch gradient descent of an experiment as a PyTorch script.

    Args:    n_updates: 0 to 100,000.
    Returns: a script; it prints "update loss" before each tenth of the way, then the outputs and the parameters.
    Raises:  InputError: out_of_range; unknown_name for the update order "output_first", a mistake that PyTorch's
             autograd cannot make.
    """
    e = experiment
    if e.update_order != "together":
        raise errors.InputError("unknown_name", "update_order", e.update_order, "together")
    config = TrainingConfig(e.sizes, e.activations, e.loss, SGD(learning_rate=e.learning_rate), epochs=n_updates)
    X, Y, start = (np.array(values, dtype=float) for values in (e.X, e.Y, e.parameters))
    frozen = () if e.learn_biases else tuple(f"b{n}" for n in range(1, len(e.sizes)))
    return _script(Plan(config, X, Y, None, None, start, frozen=frozen))


def _script(p: Plan) -> str:
    config = p.config
    lines = ["import numpy as np", "import torch", "from torch.nn import functional as F", ""]
    lines += ["torch.set_default_dtype(torch.float64)", *p.data_lines("torch.tensor"), "", "p = {  # parameters"]
    lines += [
        f'    "{name}": torch.tensor({value}, requires_grad={name not in p.frozen}),'
        for name, value in p.tensors().items()
    ]
    lines += ["}"]
    lines += [
        f"{name} = torch.{'zeros' if name.startswith('mean') else 'ones'}({n})" for name, n in p.running().items()
    ]
    rule = torch_rule(config.optimizer, p.learning_rate, "[v for v in p.values() if v.requires_grad]")
    lines += [*p.stream_lines(), f"optimizer = {rule}"]
    if p.scheduled:
        lines += [f"factor = lambda t: {schedule_code(config.schedule)}"]
        lines += ["schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)"]
    lines += ["", "", "def forward(a, training):"]
    lines += [f"    {line}" for n in p.layers for line in _forward(p, n)] + ["    return a", "", ""]
    lines += ["def loss(a, Y):", f"    return {_loss(config.loss)}", "", ""]
    if config.reported:
        lines += ["def reported(a, Y):", f"    return {_loss(config.reported)}", "", ""]
    lines += [*_step_lines(p), "", "", *_show_lines(p)]
    lines += ["", "", *p.loop_lines(), "", "with torch.no_grad():", '    print("outputs", forward(X, False).tolist())']
    return "\n".join([*lines, "for name, value in p.items():", "    print(name, value.tolist())"]) + "\n"


def _forward(p: Plan, n: int) -> list[str]:
    """The lines of layer n; `a` is what comes from below and what goes on."""
    lines, x = [f'z = a @ p["W{n}"] + p["b{n}"]'], "z"
    for part in p.architecture.between(n - 1):
        if isinstance(part, BatchNorm):
            given = f'{x}, mean{n}, var{n}, p["gamma{n}"], p["beta{n}"], training, {part.momentum!r}, {part.epsilon!r}'
            lines += [f"{x} = F.batch_norm({given})"]
        elif isinstance(part, Dropout):
            lines += _dropout(part, x)
        else:
            lines, x = [*lines, f"a = {TORCH_ACTIVATIONS[part.name].format(**part.parameters)}"], "a"
    return lines


def _dropout(dropout: Dropout, x: str) -> list[str]:
    kept = repr(1 - dropout.drop_rate)
    training, testing = ("mask / " + kept, x) if dropout.kind == "inverted" else ("mask", f"{x} * {kept}")
    return [
        "if training:",
        f"    mask = torch.from_numpy(masks.random(tuple({x}.shape)) >= {dropout.drop_rate!r})",
        f"{x} = {x} * {training} if training else {testing}",
    ]


def _loss(loss: Loss) -> str:
    shifted = getattr(loss, "log_epsilon", 0.0)
    return (SHIFTED_CROSS_ENTROPY if shifted else TORCH_LOSSES[loss.name]).format(**vars(loss))


def _step_lines(p: Plan) -> list[str]:
    config = p.config
    lines = ["def step(rows):", "    rows = torch.from_numpy(rows)", "    optimizer.zero_grad()"]
    if getattr(config.loss, "division_epsilon", 0.0):
        # note 004's gradient is not that of any loss, so it is handed to autograd as it is
        gradient = loss_gradient_code(config.loss, "a", "Y[rows]").replace("Y[rows].size", "Y[rows].numel()")
        lines += ["    a = forward(X[rows], True)", f"    a.backward(({gradient}).detach())"]
    else:
        lines += ["    loss(forward(X[rows], True), Y[rows]).backward()"]
    lines += [f"    for name in {[f'W{n}' for n in p.layers]}:"] if config.l1 or config.l2 else []
    lines += [f"        p[name].grad += {config.l2!r} * p[name].detach()"] if config.l2 else []
    lines += [f"        p[name].grad += {config.l1!r} * p[name].detach().sign()"] if config.l1 else []
    if config.clip_norm is not None:
        lines += [f"    torch.nn.utils.clip_grad_norm_(p.values(), {config.clip_norm!r})"]
    return [*lines, "    optimizer.step()", *(["    schedule.step()"] if p.scheduled else [])]


def _show_lines(p: Plan) -> list[str]:
    loss = "reported" if p.config.reported else "loss"
    lines = ["def show(epoch):", "    with torch.no_grad():", f"        losses = [{loss}(forward(X, False), Y)]"]
    lines += [f"        losses.append({loss}(forward(X_test, False), Y_test))"] if p.X_test is not None else []
    lines += ["    print(epoch, *(repr(float(value)) for value in losses))"]
    if p.config.patience is None:
        return lines
    running = "".join(f", {name}" for name in p.running())
    return [
        *lines,
        *("", "", "def test_loss():", "    with torch.no_grad():"),
        f"        return float({loss}(forward(X_test, False), Y_test))",
        *("", "", f"live = [*p.values(){running}]"),
        *("", "", "def copy():", "    return [tensor.detach().clone() for tensor in live]"),
        *("", "", "def restore(kept):", "    with torch.no_grad():"),
        *("        for tensor, old in zip(live, kept):", "            tensor.copy_(old)"),
    ]
