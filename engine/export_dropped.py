"""Dropout on a small network as a script that needs NumPy alone: one mask, the first masks, all masks."""

from engine.activations import activation
from engine.dropped import MASKS, MOST_MASKS, TARGET, DropoutNet, trace
from engine.export_code import activation_code, imports

_SCRIPT = """{imports}
import itertools

X = np.array({x})
WEIGHTS = {weights}
P = {drop_rate!r}  # the probability of zeroing
TRAINING, TESTING = {training}, {testing}  # what outputs are multiplied by, beside the mask


def hidden(z):
    return {hidden}


def hidden_slope(z, a):
    return {hidden_slope}


def output(z):
    return {output}


def output_slope(z, a):
    return {output_slope}


def run(masks, scale):  # a row of masks is a pass; keeps everything on the way
    z, a, passed, start = [], [], [np.tile(X, (len(masks), 1))], 0
    for W in WEIGHTS[:-1]:
        z.append(passed[-1] @ W)
        a.append(hidden(z[-1]))
        passed.append(a[-1] * masks[:, start : start + W.shape[1]] * scale)
        start += W.shape[1]
    z.append(passed[-1] @ WEIGHTS[-1])
    a.append(output(z[-1]))
    return z, a, passed


def outputs(masks, scale):
    return run(masks, scale)[1][-1][:, 0]


units = sum(W.shape[1] for W in WEIGHTS[:-1])
everyone = np.ones((1, units))
chance = np.random.default_rng([{seed}, {stream}]).random(({most}, units))
masks = (chance >= P) * 1.0

mask, scale = {shown}
z, a, passed = run(mask, scale)
dz = (a[-1] - {target}) * output_slope(z[-1], a[-1])  # L = (a - y)^2 / 2
gradients = []
for layer in range(len(WEIGHTS) - 2, -1, -1):
    end = sum(W.shape[1] for W in WEIGHTS[: layer + 1])
    m = mask[:, end - WEIGHTS[layer].shape[1] : end]
    da = dz @ WEIGHTS[layer + 1].T * m * scale
    gradients.insert(0, da[0])
    dz = da * hidden_slope(z[layer], a[layer])
for layer, gradient in enumerate(gradients):
    for unit in range(len(gradient)):
        numbers = a[layer][0, unit], passed[layer + 1][0, unit], gradient[unit]
        print("unit", layer + 1, unit + 1, "a", *map(float, numbers[:1]), "passed", float(numbers[1]), end=" ")
        print("gradient", float(numbers[2]))
print("output", float(a[-1][0, 0]))

print("evaluation", float(outputs(everyone, TESTING)[0]))
print("mean of masks 1 to {which}", float(outputs(masks[:{which}], TRAINING).mean()))
every = np.array(list(itertools.product((0.0, 1.0), repeat=units)))
kept = every.sum(axis=1)
weight = P ** (units - kept) * (1 - P) ** kept
values = outputs(every, TRAINING)
mean = float(weight @ values)
print("mean of all masks", mean, "standard deviation", float(np.sqrt(weight @ (values - mean) ** 2)))
"""


def dropped_script(config: DropoutNet, which: int, training: bool) -> str:
    """A pass of engine.dropped, and the mean over masks.

    Args:    which: number of the mask. training: whether the pass that is printed has it.
    Returns: a script; it prints "unit layer unit a … passed … gradient …" for each unit, "output …", "evaluation …",
             "mean of masks 1 to n …", "mean of all masks … standard deviation …".
    """
    hidden, output = activation(config.hidden), activation(config.output)
    kept = repr(1 - config.drop_rate)
    inverted = config.kind == "inverted"
    (f, f_slope), (g, g_slope) = activation_code(hidden, "z", "a"), activation_code(output, "z", "a")
    weights = ", ".join(f"np.array({W.tolist()})" for W in trace(config).W)
    return _SCRIPT.format(
        imports="\n".join(imports([hidden, output])),
        x=list(config.x),
        weights=f"[{weights}]",
        drop_rate=config.drop_rate,
        training=f"1 / {kept}" if inverted else "1.0",
        testing="1.0" if inverted else kept,
        hidden=f,
        hidden_slope=f_slope,
        output=g,
        output_slope=g_slope,
        seed=config.seed,
        stream=MASKS,
        most=MOST_MASKS,
        shown=f"masks[{which - 1} : {which}], TRAINING" if training else "everyone, TESTING",
        target=TARGET,
        which=which,
    )
