"""A training as a Python script that needs NumPy alone: forward, backward and update written out layer by layer."""

from engine.export_code import activation_code, imports, loss_code, loss_gradient_code
from engine.export_plan import Plan, plan
from engine.export_rules import numpy_rule, schedule_code
from engine.layers import BatchNorm, Dropout
from engine.regularization import CLIP_EPSILON
from engine.samples import Dataset
from engine.training_config import TrainingConfig


def training_script(
    config: TrainingConfig, samples: Dataset, test: Dataset | None = None, start=None, run: int = 0
) -> str:
    """One run of a training as a NumPy script that repeats its numbers.

    Args:      config, samples, test, start: as in engine.trainer.train. run: which of the config's, from 0.
    Returns:   a script; it prints "epoch training-loss test-loss" before each tenth of the way, then the outputs and
               the parameters. Start and data stand in it; the order of the batches and the dropout masks come from
               the same seeded streams.
    Raises:    InputError: data or start that do not fit, a run that does not exist.
    """
    p = plan(config, samples, test, start, run)
    lines = [*definitions(p), "", "", *p.loop_lines(), ""]
    lines += [f'print("outputs", forward(X, False).a{p.architecture.n_layers}.tolist())']
    return "\n".join([*lines, "for name, value in vars(p).items():", "    print(name, value.tolist())"]) + "\n"


def definitions(p: Plan) -> list[str]:
    """The script up to its loop: data, start, forward(X, training), backward(v, Y), loss(a, Y), step(rows), show."""
    config, last = p.config, f"a{p.architecture.n_layers}"
    lines = [*imports(config.activations), "from types import SimpleNamespace as Values", ""]
    lines += [*p.data_lines("np.array"), "", "p = Values(  # parameters"]
    lines += [f"    {name}=np.array({value})," for name, value in p.tensors().items()] + [")"]
    lines += [f"{name} = np.{'zeros' if name.startswith('mean') else 'ones'}({n})" for name, n in p.running().items()]
    lines += [*p.stream_lines(), "", "", "def forward(X, training):", "    v = Values(a0=X)"]
    lines += [f"    {line}" for n in p.layers for line in _forward(p, n)] + ["    return v", "", ""]
    lines += ["def backward(v, Y):", "    g = Values()"]
    lines += [f"    da{p.architecture.n_layers} = {loss_gradient_code(config.loss, f'v.{last}')}"]
    lines += [f"    {line}" for n in reversed(p.layers) for line in _backward(p, n)] + ["    return g", "", ""]
    lines += ["def loss(a, Y):", f"    return {loss_code(config.reported_loss, 'a')}", "", ""]
    return [*lines, *_update_lines(p), "", "", *_show_lines(p, last)]


def evaluation_backward(p: Plan) -> list[str]:
    """The function sensitivity(v, Y): gradients in evaluation mode, those by z with them, as g.z1, g.W1, g.b1, …"""
    of, loss = p.architecture, p.config.loss
    lines = ["def sensitivity(v, Y):", "    g = Values()"]
    lines += [f"    da{of.n_layers} = {loss_gradient_code(loss, f'v.a{of.n_layers}')}"]
    return lines + [f"    {line}" for n in reversed(p.layers) for line in _backward(p, n, True)] + ["    return g"]


def steps(p: Plan, n: int) -> list[tuple]:
    """What stands between z and a of layer n, each with the names of what goes in and what comes out."""
    parts = p.architecture.between(n - 1)
    names = [
        f"v.{'y' if isinstance(part, BatchNorm) else 'm' if isinstance(part, Dropout) else 'h'}{n}" for part in parts
    ]
    return list(zip(parts, [f"v.z{n}", *names], [*names[:-1], f"v.a{n}"], strict=False))


def _forward(p: Plan, n: int) -> list[str]:
    """The lines from a of the layer below to a of layer n."""
    lines = [f"v.z{n} = v.a{n - 1} @ p.W{n} + p.b{n}"]
    for part, x, y in steps(p, n):
        if isinstance(part, BatchNorm):
            lines += _norm_forward(part, n, x, y)
        elif isinstance(part, Dropout):
            drawn, kept = f"(masks.random({x}.shape) >= {part.drop_rate!r})", f"{1 - part.drop_rate!r}"
            inverted = part.kind == "inverted"
            training, testing = (f"{drawn} / {kept}", "1.0") if inverted else (f"{drawn} * 1.0", kept)
            lines += [f"v.keep{n} = {training} if training else {testing}", f"{y} = {x} * v.keep{n}"]
        else:
            lines += [f"{y} = {activation_code(part, x, y)[0]}"]
    return lines


def _norm_forward(norm: BatchNorm, n: int, x: str, y: str) -> list[str]:
    unbiased = f"{x}.var(axis=0, ddof=1)"
    return [
        f"v.mean{n} = {x}.mean(axis=0) if training else mean{n}",
        f"v.root{n} = np.sqrt(({x}.var(axis=0) if training else var{n}) + {norm.epsilon!r})",
        f"v.hat{n} = ({x} - v.mean{n}) / v.root{n}",
        f"{y} = p.gamma{n} * v.hat{n} + p.beta{n}",
        "if training:",
        f"    mean{n}[:] = mean{n} + {norm.momentum!r} * (v.mean{n} - mean{n})",
        f"    var{n}[:] = var{n} + {norm.momentum!r} * ({unbiased} - var{n})",
    ]


def _backward(p: Plan, n: int, evaluation: bool = False) -> list[str]:
    """The lines from da of layer n to its gradients and to da of the layer below; evaluation: with dz kept as g.z."""
    lines = [f"d = da{n}"]
    for part, x, y in reversed(steps(p, n)):
        if isinstance(part, BatchNorm):
            lines += [f"d = d * p.gamma{n} / v.root{n}"] if evaluation else _norm_backward(n)
        else:
            slope = f"v.keep{n}" if isinstance(part, Dropout) else f"({activation_code(part, x, y)[1]})"
            lines += [f"d = d * {slope}"]
    lines += [f"g.z{n} = d"] if evaluation else []
    lines += [f"g.W{n} = v.a{n - 1}.T @ d", f"g.b{n} = d.sum(axis=0)"]
    return lines + ([f"da{n - 1} = d @ p.W{n}.T"] if n > 1 else [])


def _norm_backward(n: int) -> list[str]:
    return [
        f"g.gamma{n}, g.beta{n} = (d * v.hat{n}).sum(axis=0), d.sum(axis=0)",
        f"d = d * p.gamma{n}",
        f"d = (d - d.mean(axis=0) - v.hat{n} * (d * v.hat{n}).mean(axis=0)) / v.root{n}",
    ]


def _update_lines(p: Plan) -> list[str]:
    config, (state, rule) = p.config, numpy_rule(p.config.optimizer)
    rate = repr(p.learning_rate)
    if p.scheduled:
        rate += f" * {schedule_code(config.schedule, '(t - 1)')}"
    start = ", ".join(f"{name}={rate if value == 'rate' else value}" for name, value in state.items())
    lines = ["t = 0", f"state = {{name: Values({start}) for name in vars(p)}}", "", "", "def step(rows):"]
    lines += [
        "    global t",
        "    t += 1",
        f"    rate = {rate}",
        "    g = vars(backward(forward(X[rows], True), Y[rows]))",
    ]
    lines += [f"    for name in {[f'W{n}' for n in p.layers]}:"] if config.l1 or config.l2 else []
    lines += [f"        g[name] = g[name] + {config.l2!r} * vars(p)[name]"] if config.l2 else []
    lines += [f"        g[name] = g[name] + {config.l1!r} * np.sign(vars(p)[name])"] if config.l1 else []
    if config.clip_norm is not None:
        lines += ["    norm = np.sqrt(sum(np.sum(value**2) for value in g.values()))"]
        lines += [f"    shrink = min(1.0, {config.clip_norm!r} / (norm + {CLIP_EPSILON}))"]
        lines += ["    g = {name: value * shrink for name, value in g.items()}"]
    lines += ["    for name in vars(p):", "        update(vars(p)[name], g[name], state[name], rate)", "", ""]
    return [*lines, "def update(p, g, s, rate):", *(f"    {line}" for line in rule)]


def _show_lines(p: Plan, last: str) -> list[str]:
    lines = ["def show(epoch):", f"    losses = [loss(forward(X, False).{last}, Y)]"]
    if p.X_test is not None:
        lines += [f"    losses.append(loss(forward(X_test, False).{last}, Y_test))"]
    lines += ["    print(epoch, *(repr(float(value)) for value in losses))"]
    if p.config.patience is None:
        return lines
    running = list(p.running())
    return [
        *lines,
        *("", "", "def test_loss():", f"    return loss(forward(X_test, False).{last}, Y_test)"),
        *("", "", f"live = [*vars(p).values(), {', '.join(running)}]" if running else "live = list(vars(p).values())"),
        *("", "", "def copy():", "    return [array.copy() for array in live]"),
        *("", "", "def restore(kept):", "    for array, old in zip(live, kept):", "        array[:] = old"),
    ]
