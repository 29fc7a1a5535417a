"""What the board shows as scripts that need NumPy alone: a training with a look at its numbers on the way."""

from engine import errors
from engine.board import QUANTITIES
from engine.board_graph import nodes
from engine.board_scalars import MAX_SMOOTHING
from engine.export_plan import Plan, plan
from engine.export_training import definitions, evaluation_backward, steps
from engine.lab import LabConfig
from engine.layers import BatchNorm, Dropout
from engine.normalized_training import QUANTILES

VALUES = {"W": "p.W{n}", "b": "p.b{n}", "z": "v.z{n}", "a": "v.a{n}", "dz": "g.z{n}", "dW": "g.W{n}"}


def quantiles_script(config: LabConfig, quantity: str) -> str:
    """A script that trains and prints, at each snapshot, "epoch layer" and the quantiles of a quantity.

    Args:    quantity: one of engine.board.QUANTITIES.
    Raises:  InputError: unknown_name.
    """
    p, value = _plan(config), VALUES[errors.one_of("quantity", quantity, QUANTITIES)]
    lines = [*definitions(p), "", "", *evaluation_backward(p), "", "", "def look(epoch):", "    v = forward(X, False)"]
    lines += ["    g = sensitivity(v, Y)"] if quantity.startswith("d") else []
    values = ", ".join(value.format(n=n) for n in p.layers) + ","
    lines += [f"    for layer, values in enumerate(({values}), 1):"]
    lines += [f"        print(epoch, layer, *np.quantile(values, {list(QUANTILES)}).tolist())", "", ""]
    lines += [f"frames = {list(config.training.snapshots)}"]
    return "\n".join(lines + p.loop_lines(("if epoch in frames:", "    look(epoch)"))) + "\n"


def scalars_script(config: LabConfig, epoch: int, smoothing: float) -> str:
    """A script that trains and prints of each curve its name, its values at epoch 0 and at `epoch`, the smoothed one
    there, the best one and its epoch.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    p, smoothing = _plan(config), errors.number("smoothing", smoothing, 0.0, MAX_SMOOTHING)
    epoch = errors.whole("epoch", epoch, 0, config.training.epochs)
    out = f"a{p.architecture.n_layers}"
    parts = {"training": ("X", "Y")} | ({} if p.X_test is None else {"test": ("X_test", "Y_test")})
    lines = [*definitions(p), "", "", "def score(a, Y):", f"    return {_score(config)}", "", ""]
    lines += [f"curves = {{name: [] for name in {[f'{part} {what}' for what in ('loss', 'score') for part in parts]}}}"]
    lines += ["", "", "def look():"]
    for part, (X, Y) in parts.items():
        lines += [f"    a = forward({X}, False).{out}", f"    curves['{part} loss'].append(loss(a, {Y}))"]
        lines += [f"    curves['{part} score'].append(score(a, {Y}))"]
    lines += ["", "", *p.loop_lines(("look()",)), "", "for name, values in curves.items():", "    m = 0.0"]
    lines += [f"    for t, x in enumerate(values[: {epoch} + 1], 1):"]
    lines += [f"        m = {smoothing!r} * m + (1 - {smoothing!r}) * x"]
    lines += ["    best = int(np.nanargmax(values) if name.endswith('score') else np.nanargmin(values))"]
    lines += [
        f"    numbers = values[0], values[{epoch}], m / (1 - {smoothing!r} ** t), values[best]",
        "    print(name, *(repr(float(number)) for number in numbers), best)",
    ]
    return "\n".join(lines) + "\n"


def graph_script(config: LabConfig) -> str:
    """A script that sends one batch forward and prints each node's name, shape and number of parameters."""
    p, (first, *chain) = _plan(config), nodes(config)
    n = first.shape[0]
    lines = [*definitions(p), "", f"v = forward(X[:{n}], True)", 'print("x", v.a0.shape, 0)']
    for node in chain[:-1]:
        kinds = {"batch_norm": BatchNorm, "dropout": Dropout}
        made = f"v.z{node.layer}"
        for part, _before, after in steps(p, node.layer):
            if node.kind != "sum" and isinstance(part, kinds.get(node.kind, type(node.step))):
                made = after
        sizes = " + ".join(f"p.{name}{node.layer}.size" for name, _shape in node.parameters) or "0"
        lines += [f'print("{node.code}", {made}.shape, {sizes})']
    lines += [f'print("loss", np.shape(loss(v.a{p.architecture.n_layers}, Y[:{n}])), 0)']
    return "\n".join([*lines, 'print("parameters", sum(value.size for value in vars(p).values()))']) + "\n"


def _plan(config: LabConfig) -> Plan:
    return plan(config.training, *config.parts, config.first)


def _score(config: LabConfig) -> str:
    """Code of the score, as engine.scores has it."""
    samples = config.parts[0]
    if samples.task == "regression":
        return "1 - np.sum((a - Y) ** 2) / np.sum((Y - Y.mean(axis=0)) ** 2)"
    if config.data.n_outputs > 1:
        return "np.mean(a.argmax(axis=1) == Y.argmax(axis=1))"
    border = 0.0 if config.training.reported_loss.takes_logits else samples.border
    return f"np.mean((a > {border!r}) == (Y > {samples.border!r}))"
