"""The gradients of deep random networks, and of a chain of single units, as a script that needs NumPy alone."""

from collections.abc import Iterable, Sequence

from engine import errors
from engine.activations import Activation
from engine.export_code import activation_code, imports
from engine.signal import MAX_DEPTH, SignalConfig
from engine.weight_schemes import Initializer

SIZES = {"dz": "spread(dz)", "dW": "norm(a[layer].T @ dz / n_samples)"}

_NETWORKS = """depth, width, n_samples, seeds = {depth}, {width}, {n_samples}, {seeds}


def weights(seed, layer):
    rng = np.random.default_rng((seed, 1 + layer))
    return {draw}


def normal(seed, stream):
    return np.random.default_rng((seed, stream)).standard_normal((n_samples, width))


def spread(x):  # the standard deviation; scaled, for squares of 1e-200 would be 0
    largest = np.abs(x).max() or 1.0
    return largest * (x / largest).std()


def norm(x):
    largest = np.abs(x).max() or 1.0
    return largest * np.linalg.norm(x / largest)


def gradient_sizes(f, slope, seed):
    W, a, z = [weights(seed, layer) for layer in range(depth)], [normal(seed, 0)], []
    for layer in range(depth):
        z.append(a[-1] @ W[layer])
        a.append(f(z[-1]))
    da, sizes = normal(seed, {last}), np.empty(depth)
    for layer in reversed(range(depth)):
        dz = da * slope(z[layer], a[layer + 1])
        sizes[layer] = {size}
        da = dz @ W[layer].T
    return sizes


# a = f(z), and f' from z and a
FUNCTIONS = {{
{functions}
}}

np.seterr(all="ignore")  # what overflows is left out below
for name, (f, slope) in FUNCTIONS.items():
    sizes = np.array([gradient_sizes(f, slope, seed) for seed in seeds])
    sizes = sizes[np.isfinite(sizes).all(axis=1)]
    print(name, "- networks:", len(sizes))
    if len(sizes):
        median, low, high = np.quantile(sizes, [0.5, {low}, {high}], axis=0, method="inverted_cdf")
        for layer in range(depth):
            print(name, "layer", layer + 1, *(repr(float(x[layer])) for x in (median, low, high)))
"""

_CHAIN = """
# one unit a layer: z = w a_prev, a = f(z)
w, a, units = {weight}, {x}, {units}
z, slopes = [], []
for name in units:
    f, slope = CHAIN[name]
    z.append(np.float64(w * a))
    a = f(z[-1])
    slopes.append(slope(z[-1], a))
product, products = 1.0, []
for s in reversed(slopes):
    product = product * (w * s)
    products.append(product)
for layer, (z_l, s, p) in enumerate(zip(z, slopes, products[::-1]), 1):
    print("chain", layer, *(repr(float(x)) for x in (z_l, s, w * s, p)))
"""


def flow_script(
    configs: Sequence[SignalConfig], size: str, quantiles: tuple[float, float], chain: tuple, weight: float, x: float
) -> str:
    """The picture of gradient sizes by itself, and the chain under it.

    Args:
        configs:   of engine.gradient_flow; they differ by their activation only.
        size:      "dz" or "dW", which figure.
        quantiles: ends of the band.
        chain:     activations of the chain's units. weight, x: of the chain.
    Returns:   a script; it prints "name layer n median low high" for each layer of each activation, and
               "chain n z slope factor product" for each unit of the chain.
    Raises:    InputError: unknown size.
    """
    errors.one_of("size", size, SIZES)
    config, activations = configs[0], [one.activation for one in configs]
    low, high = quantiles
    networks = _NETWORKS.format(
        depth=config.depth,
        width=config.width,
        n_samples=config.n_samples,
        seeds=list(config.seeds),
        draw=_draw(config.initializer, config.width),
        last=MAX_DEPTH + 1,
        size=SIZES[size],
        functions=_functions(activations),
        low=low,
        high=high,
    )
    kinds = {unit.name: unit for unit in chain}
    units = [unit.name for unit in chain]
    table = f"\nCHAIN = {{\n{_functions(kinds.values())}\n}}"
    header = imports([*activations, *kinds.values()])
    return "\n".join([*header, "", networks + table + _CHAIN.format(weight=weight, x=x, units=units)])


def _draw(initializer: Initializer, width: int) -> str:
    limit = initializer.limit(width, width)
    if limit is not None:
        return f"rng.uniform({-float(limit)!r}, {float(limit)!r}, (width, width))"
    return f"rng.normal(0.0, {float(initializer.std(width, width))!r}, (width, width))"


def _functions(activations: Iterable[Activation]) -> str:
    """Entries of a dict: name -> (f, slope)."""
    lines = []
    for activation in activations:
        f, slope = activation_code(activation, "z", "a")
        lines.append(f'    "{activation.name}": (lambda z: {f}, lambda z, a: {slope}),')
    return "\n".join(lines)
