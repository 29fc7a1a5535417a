"""One sample's way through a trained network as a NumPy script: every z and a, layer by layer."""

from engine.activations import Activation
from engine.export_code import activation_code, imports, loss_code
from engine.lab_inside import Passage
from engine.layers import BatchNorm

FEATURE_CODE = {
    "x1": "x1",
    "x2": "x2",
    "x1_squared": "x1**2",
    "x2_squared": "x2**2",
    "product": "x1 * x2",
    "sin_x1": "np.sin(x1)",
    "sin_x2": "np.sin(x2)",
}


def passage_script(passage: Passage) -> str:
    """The forward pass of one sample, in evaluation mode.

    Returns: a script that prints "z1", "a1", "z2", … each with its numbers, the probabilities where the outputs are
             read so, and the loss of the sample.
    """
    training = passage.moment.config.training
    last = f"a{len(passage.layers)}"
    lines = [*imports(training.activations), ""]
    lines += [f"# epoch {passage.moment.epoch}: one sample, evaluation mode"]
    lines += _input_lines(passage)
    for n, layer in enumerate(passage.layers, 1):
        lines += ["", f"W{n} = np.array({layer.W.tolist()})", f"b{n} = np.array({layer.b.tolist()})"]
        lines += [f"z{n} = a{n - 1} @ W{n} + b{n}", *_stage_lines(layer.stages, n)]
        lines += [f'print("z{n}", *z{n}.tolist())', f'print("a{n}", *a{n}.tolist())']
    lines += ["", *_probability_lines(passage, last)]
    lines += [f"Y = np.array([{passage.target.tolist()}])", f"output = {last}[None, :]"]
    lines += [f"loss = {loss_code(training.loss, 'output')}", 'print("loss", float(loss))']
    return "\n".join(lines) + "\n"


def _input_lines(passage: Passage) -> list[str]:
    x1, x2 = passage.point.tolist()
    codes = passage.moment.config.data.features
    lines = [f"x1, x2 = {x1!r}, {x2!r}", f"a0 = np.array([{', '.join(FEATURE_CODE[code] for code in codes)}])"]
    fitted = passage.moment.standardizer
    if fitted is not None:
        lines.append(f"a0 = (a0 - np.array({fitted.mean.tolist()})) / np.array({fitted.scale.tolist()})")
    return lines


def _stage_lines(stages, n: int) -> list[str]:
    """From z to a of layer n; what stands in between is h."""
    lines, x = [], f"z{n}"
    for place, stage in enumerate(stages):
        y = f"a{n}" if place == len(stages) - 1 else f"h{n}"
        if isinstance(stage.part, Activation):
            lines.append(f"{y} = {activation_code(stage.part, x, y)[0]}")
        elif isinstance(stage.part, BatchNorm):
            gamma, beta, mean, var = (
                f"np.array({getattr(stage.norm, name)[0].tolist()})" for name in ("gamma", "beta", "mean", "var")
            )
            hat = f"({x} - {mean}) / np.sqrt({var} + {stage.part.epsilon!r})"
            lines.append(f"{y} = {gamma} * {hat} + {beta}")
        else:
            lines.append(f"{y} = {x} * {stage.factor!r}")
        x = y
    return lines


def _probability_lines(passage: Passage, last: str) -> list[str]:
    if passage.probabilities is None:
        return []
    logits = passage.moment.config.training.loss.takes_logits
    if len(passage.output) > 1:
        lines = [f"e = np.exp({last} - {last}.max())", "p = e / e.sum()"]
    else:
        lines = [f"p = 1 / (1 + np.exp(-{last}[0]))" if logits else f"p = {last}[0]", "p = np.array([1 - p, p])"]
    return [*lines, 'print("probabilities", *p.tolist())']
