"""The measurement of engine.timing as a script that needs NumPy alone; it measures anew, where it runs."""

from collections.abc import Sequence

from engine.activations import Activation
from engine.export_code import activation_code, imports
from engine.timing import REFERENCE, UNITS

_TEMPLATE = """import time

# Measured where you run it: the numbers differ from machine to machine and from time to time.
n_values, rounds = {n_values}, {rounds}
rng = np.random.default_rng(0)
z, W = rng.standard_normal(n_values), rng.standard_normal(({units}, {units}))
X = z.reshape(-1, {units})


# f(z), and f' from z and a = f(z); each in one line, with arrays in between that the app's own code does without
FUNCTIONS = {{
{functions}
}}


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


names = list(FUNCTIONS)
measured = np.empty((rounds + 1, 2, len(names)))
product = np.empty(rounds + 1)
with np.errstate(all="ignore"):
    for r in range(rounds + 1):
        for place in range(len(names)):
            k = (r + place) % len(names)  # another one begins each round
            f, slope = FUNCTIONS[names[k]]
            a = f(z)
            measured[r, 0, k] = seconds(lambda: f(z))
            measured[r, 1, k] = seconds(lambda: slope(z, a))
        product[r] = seconds(lambda: X @ W)
measured, product = measured[1:], product[1:]  # the first round only warms up
ratios = measured / measured[:, :, [names.index("{reference}")]]
for k, name in enumerate(names):
    for part in (0, 1):
        low, median, high = np.quantile(ratios[:, part, k], [0.25, 0.5, 0.75])
        print(name, ("f", "slope")[part], repr(float(median)), repr(float(low)), repr(float(high)))
    share = np.median(measured[:, 0, k] / (measured[:, 0, k] + product))
    print(name, "share of a layer with {units} inputs and {units} units", repr(float(share)))
"""


def timing_script(activations: Sequence[Activation], n_values: int = 20_000, rounds: int = 9) -> str:
    """A measurement of these functions, ReLU among them.

    Returns:   a script; it prints "name f|slope median low high" of the ratios to ReLU, and each function's share.
    """
    functions = []
    for activation in activations:
        f, slope = activation_code(activation, "z", "a")
        functions.append(f'    "{{}}": (lambda z: {f}, lambda z, a: {slope}),'.replace("{}", activation.name))
    body = _TEMPLATE.format(
        n_values=n_values, rounds=rounds, units=UNITS, functions="\n".join(functions), reference=REFERENCE
    )
    return "\n".join([*imports(activations), body])
