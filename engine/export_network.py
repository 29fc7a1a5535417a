"""An experiment as a Python script that needs NumPy alone, written out layer by layer."""

import numpy as np

from engine.experiment import Experiment
from engine.export_code import activation_code, imports, loss_code, loss_gradient_code, rows


def network_script(experiment: Experiment, n_updates: int) -> str:
    """Training of an experiment's network, written out layer by layer.

    Args:      n_updates: how many updates the script makes.
    Returns:   a script; it prints the loss before each tenth of the way, the outputs and the parameters.
    """
    e = experiment
    lines = [*imports(e.activations), "", f"X = np.array({rows(e.X)})", f"Y = np.array({rows(e.Y)})"]
    architecture = e.architecture
    flat = np.array(e.parameters, dtype=float)
    for n, (W, b) in enumerate(zip(architecture.weights(flat), architecture.biases(flat), strict=True), 1):
        lines += [f"W{n} = np.array({W.tolist()})", f"b{n} = np.array({b.tolist()})"]
    lines += [f"learning_rate = {e.learning_rate!r}", "", "", "def forward():"]
    lines += [f"    {line}" for line in _forward_lines(e)]
    lines += [f"    return {', '.join(_all_names(e))}", "", ""]
    lines += [f"for update in range({n_updates} + 1):", f"    {', '.join(_all_names(e))} = forward()"]
    lines += [f"    loss = {loss_code(e.reported or e.loss, f'a{architecture.n_layers}')}"]
    lines += [f"    if update % {max(n_updates // 10, 1)} == 0 or update == {n_updates}:"]
    lines += ["        print(update, repr(float(loss)))"]
    lines += [f"    if update == {n_updates}:", "        break"]
    lines += [f"    {line}" for line in _backward_lines(e)]
    lines += ["", f'print("outputs", a{architecture.n_layers}.tolist())']
    lines += [f'print("W{n}", W{n}.tolist())\nprint("b{n}", b{n}.tolist())' for n in _layers(e)]
    return "\n".join(lines) + "\n"


def _layers(e: Experiment) -> range:
    return range(1, e.architecture.n_layers + 1)


def _all_names(e: Experiment) -> list[str]:
    return [f"{letter}{n}" for n in _layers(e) for letter in "za"]


def _forward_lines(e: Experiment) -> list[str]:
    lines = []
    for n in _layers(e):
        lines += [
            f"z{n} = {'X' if n == 1 else f'a{n - 1}'} @ W{n} + b{n}",
            f"a{n} = {activation_code(e.activations[n - 1], f'z{n}', f'a{n}')[0]}",
        ]
    return lines


def _backward_lines(e: Experiment) -> list[str]:
    lines = [f"da{e.architecture.n_layers} = {loss_gradient_code(e.loss, f'a{e.architecture.n_layers}')}"]
    updates = []
    for n in reversed(_layers(e)):
        lines += [f"dz{n} = da{n} * ({activation_code(e.activations[n - 1], f'z{n}', f'a{n}')[1]})"]
        lines += [f"dW{n} = {'X' if n == 1 else f'a{n - 1}'}.T @ dz{n}", f"db{n} = dz{n}.sum(axis=0)"]
        update = [f"W{n} -= learning_rate * dW{n}"] + [f"b{n} -= learning_rate * db{n}"] * e.learn_biases
        if e.update_order == "output_first":
            lines += update  # the mistake: the layer below meets the new weights
        updates = update + updates
        if n > 1:
            lines.append(f"da{n - 1} = dz{n} @ W{n}.T")
    return lines if e.update_order == "output_first" else lines + updates
