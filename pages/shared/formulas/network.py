"""One step of a network's update as a formula: in symbols, and with the numbers in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.experiment import Experiment, Explanation
from engine.losses import CrossEntropy, HalfSquaredError, Loss, SquaredError
from engine.walkthrough import Step
from pages.shared.formulas.lines import TERMS_A_LINE, aligned, bracketed, partial, wrapped
from pages.shared.formulas.loss import written_loss

Text = Callable[[float], str]

NAMED = {  # functions without a sign of their own -> how a formula calls them
    "step": "step", "arctan": "arctan", "softsign": "softsign", "gaussian_sigmoid": "gaussianSigmoid",
    "hard_sigmoid": "hardSigmoid", "leaky_relu": "leakyReLU", "elu": "ELU", "selu": "SELU", "softplus": "softplus",
    "swish": "swish", "gelu": "GELU", "gelu_tanh": "GELUtanh", "mish": "mish", "hard_swish": "hardSwish",
}  # fmt: skip
FUNCTION = {
    "linear": "{}", "sigmoid": r"\sigma\left({}\right)", "tanh": r"\tanh\left({}\right)",
    "relu": r"\max\left(0, {}\right)",
} | {code: rf"\mathrm{{{{{name}}}}}\left({{}}\right)" for code, name in NAMED.items()}  # fmt: skip
SLOPE = dict.fromkeys(FUNCTION, "f'({z})") | {
    "sigmoid": r"{a} \cdot \left(1 - {a}\right)", "tanh": "1 - {a}^2", "relu": r"\left[\,{z} > 0\,\right]",
}  # fmt: skip


@dataclass(frozen=True)
class Notation:
    """How indices are written: x W has W_{from,to}, W x has W_{to,from}."""

    row_vectors: bool = True

    def weight(self, layer: int, source: int, unit: int) -> str:
        first, second = (source, unit) if self.row_vectors else (unit, source)
        return rf"W^{{({layer + 1})}}_{{{first + 1}{second + 1}}}"

    def product(self, activation: str, weight: str) -> str:
        return rf"{activation} \cdot {weight}" if self.row_vectors else rf"{weight} \cdot {activation}"


@dataclass(frozen=True)
class Writer:
    """Writes the steps of one explained update.

    sample: the row whose z, a and delta are shown; sums over the batch show all rows.
    """

    experiment: Experiment
    explanation: Explanation
    sample: int
    number: Text
    notation: Notation

    def write(self, step: Step) -> str:
        """The step as aligned lines."""
        return getattr(self, f"_{step.kind}")(step)

    # forward

    def _pre_activation(self, step: Step) -> str:
        fan_in, layer, unit = self.experiment.sizes[step.layer], step.layer, step.unit
        trace, product = self.explanation.trace, self.notation.product
        symbols = [product(_a(layer, i), self.notation.weight(layer, i, unit)) for i in range(fan_in)]
        a, W, b = trace.a[layer][self.sample], trace.W[layer][:, unit], trace.b[layer][unit]
        values = [product(self._factor(a[i]), self._factor(W[i])) for i in range(fan_in)]
        if self._has_bias(layer):
            symbols, values = [*symbols, _b(layer, unit)], [*values, self._factor(b)]
        return self._lines(_z(layer, unit), symbols, values, trace.z[layer][self.sample, unit])

    def _activation(self, step: Step) -> str:
        z, a = (v[self.sample, step.unit] for v in (self._z_of(step.layer), self._a_of(step.layer + 1)))
        call = FUNCTION[self.experiment.activations[step.layer].name].format
        return self._lines(_a(step.layer + 1, step.unit), [call(_z(step.layer, step.unit))], [call(self.number(z))], a)

    def _loss(self, step: Step) -> str:
        e, last = self.experiment, len(self.experiment.sizes) - 1
        return written_loss(e.loss, self._a_of(last), e.Y, self.explanation.loss, self.number)

    # backward

    def _delta(self, step: Step) -> str:
        layer, unit = step.layer, step.unit
        trace = self.explanation.trace
        da, slope, dz = (v[self.sample, unit] for v in (trace.da[layer + 1], trace.slope[layer], trace.dz[layer]))
        z, a = _z(layer, unit), _a(layer + 1, unit)
        above = self._output_gradient(unit) if layer == len(self.experiment.sizes) - 2 else self._carried(layer, unit)
        kind = self.experiment.activations[layer].name
        symbols = SLOPE[kind].format(a=a, z=z)
        values = SLOPE[kind].format(a=self._factor(trace.a[layer + 1][self.sample, unit]), z="")
        middle = f"{values} = " if "{a}" in SLOPE[kind] else ""
        return aligned(
            f"{partial('L', a)} &= {above[0]}",
            f"&= {above[1]}",
            *above[2:],
            f"&= {self.number(da)}",
            f"{partial(a, z)} &= {symbols}",
            f"&= {middle}{self.number(slope)}",
            rf"{_d(layer, unit)} &= {partial('L', a)} \cdot {partial(a, z)}",
            rf"&= {self._factor(da)} \cdot {self._factor(slope)} = {self.number(dz)}",
        )

    def _output_gradient(self, unit: int) -> list[str]:
        """dL/da of an output: symbols, then numbers; the 1/N of a mean stands in front."""
        loss, last = self.experiment.loss, len(self.experiment.sizes) - 1
        a, y = self._a_of(last)[self.sample, unit], self.experiment.Y[self.sample][unit]
        size = len(self.experiment.Y) * len(self.experiment.Y[0])
        mean = loss.reduction == "mean" and size > 1
        whole = rf"\tfrac{{{{1}}}}{{{{{size}}}}} \cdot \left({{}}\right)" if mean else "{}"
        template = _slope_of_loss(loss)
        return [
            whole.format(template.format(a=_a(last, unit), y=f"y_{{{unit + 1}}}")),
            whole.format(template.format(a=self._factor(a), y=self._factor(y))),
        ]

    def _carried(self, layer: int, unit: int) -> list[str]:
        """dL/da of a hidden unit: what the deltas of the next layer send back through its weights."""
        W, dz = self._carrying(layer + 1)[unit], self.explanation.trace.dz[layer + 1][self.sample]
        units = range(self.experiment.sizes[layer + 2])
        new = self.experiment.update_order != "together"  # the mistake carries with the new weights: a star
        mark = r"{{{}}}^{{\star}}" if new else "{}"
        weights = [mark.format(self.notation.weight(layer + 1, unit, k)) for k in units]
        symbols = [rf"{_d(layer + 1, k)} \cdot {weight}" for k, weight in zip(units, weights, strict=True)]
        values = [rf"{self._factor(dz[k])} \cdot {self._factor(W[k])}" for k in units]
        return [" + ".join(symbols[:TERMS_A_LINE]) + (r" + \dots" if len(symbols) > 2 else ""), *wrapped(values, "+")]

    def _carrying(self, layer: int):
        if self.experiment.update_order == "together":
            return self.explanation.trace.W[layer]
        return self.experiment.architecture.weights(self.explanation.new_parameters)[layer]

    def _weight_gradient(self, step: Step) -> str:
        layer, unit, source = step.layer, step.unit, step.source
        a, dz = self._a_of(layer)[:, source], self.explanation.trace.dz[layer][:, unit]
        symbol = rf"{_a(layer, source)} \cdot {_d(layer, unit)}"
        values = [rf"{self._factor(x)} \cdot {self._factor(d)}" for x, d in zip(a, dz, strict=True)]
        name = partial("L", self.notation.weight(layer, source, unit))
        return self._lines(name, [self._sum() + symbol], values, self.explanation.trace.dW[layer][source, unit])

    def _bias_gradient(self, step: Step) -> str:
        layer, unit = step.layer, step.unit
        values = [self._factor(d) for d in self.explanation.trace.dz[layer][:, unit]]
        value = self.explanation.trace.db[layer][unit]
        symbols = [self._sum() + _d(layer, unit)]
        return self._lines(partial("L", _b(layer, unit)), symbols, values if len(values) > 1 else [], value)

    # update

    def _update(self, step: Step) -> str:
        layer, unit, source = step.layer, step.unit, step.source
        trace, architecture = self.explanation.trace, self.experiment.architecture
        new = architecture.weights(self.explanation.new_parameters)[layer][source, unit]
        name = self.notation.weight(layer, source, unit)
        return self._moved(name, trace.W[layer][source, unit], trace.dW[layer][source, unit], new)

    def _bias_update(self, step: Step) -> str:
        layer, unit = step.layer, step.unit
        trace, architecture = self.explanation.trace, self.experiment.architecture
        new = architecture.biases(self.explanation.new_parameters)[layer][unit]
        return self._moved(_b(layer, unit), trace.b[layer][unit], trace.db[layer][unit], new)

    def _moved(self, name: str, old: float, gradient: float, new: float) -> str:
        rate = self._factor(self.experiment.learning_rate)
        return aligned(
            rf"{name} &\leftarrow {name} - \eta \cdot {partial('L', name)}",
            rf"&= {self.number(old)} - {rate} \cdot {self._factor(gradient)}",
            f"&= {self.number(new)}",
        )

    # pieces

    def _lines(self, name: str, symbols: Sequence[str], values: Sequence[str], result: float) -> str:
        lines = [*wrapped(symbols, "+", "&= "), *wrapped(values, "+", "&= ")]
        return aligned(f"{name} {lines[0]}", *lines[1:], f"&= {self.number(result)}")

    def _sum(self) -> str:
        return r"\sum_{\text{batch}} " if len(self.experiment.X) > 1 else ""

    def _has_bias(self, layer: int) -> bool:
        return self.experiment.learn_biases or bool(self.explanation.trace.b[layer].any())

    def _z_of(self, layer: int):
        return self.explanation.trace.z[layer]

    def _a_of(self, layer: int):
        return self.explanation.trace.a[layer]

    def _factor(self, value: float) -> str:
        return bracketed(self.number(value))


def _symbol(letter: str, layer: int, unit: int) -> str:
    return rf"{letter}^{{({layer})}}_{{{unit + 1}}}"


def _a(layer: int, unit: int) -> str:
    """An activation; layer 0 are the inputs."""
    return f"x_{{{unit + 1}}}" if layer == 0 else _symbol("a", layer, unit)


def _z(layer: int, unit: int) -> str:
    return _symbol("z", layer + 1, unit)


def _b(layer: int, unit: int) -> str:
    return _symbol("b", layer + 1, unit)


def _d(layer: int, unit: int) -> str:
    return _symbol(r"\delta", layer + 1, unit)


def _slope_of_loss(loss: Loss) -> str:
    """The derivative of one entry by the prediction, with places for {a} and {y}."""
    if isinstance(loss, SquaredError):
        return r"2 \cdot \left({a} - {y}\right)"
    if isinstance(loss, HalfSquaredError):
        return "{a} - {y}"
    if not isinstance(loss, CrossEntropy):
        return r"\sigma\left({a}\right) - {y}"
    if loss.log_epsilon:
        return r"\frac{{1 - {y}}}{{1 - {a} + 10^{{-7}}}} - \frac{{{y}}}{{{a} + 10^{{-7}}}}"
    tiny = " + 10^{{-7}}" if loss.division_epsilon else ""
    return r"\frac{{{a} - {y}}}{{{a} \cdot \left(1 - {a}\right)" + tiny + "}}"
