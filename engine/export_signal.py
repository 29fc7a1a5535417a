"""Deep random networks, their signals and gradients, as a script that needs NumPy alone."""

from collections.abc import Mapping

from engine.export_code import activation_code, imports
from engine.signal import MAX_DEPTH, SATURATED, SignalConfig
from engine.weight_schemes import Constant, Initializer, Orthogonal

_SCRIPT = """
depth, width, n_samples, seeds = {depth}, {width}, {n_samples}, {seeds}
shown = {shown}  # layers with a histogram, from 1
low, high = {low!r}, {high!r}  # of the histograms of a
low_log, high_log = {low_log!r}, {high_log!r}  # of those of log10 |dz|
steepest = {steepest!r}  # the largest slope of f


def f(z):
    return {f}


def slope(z, a):
    return {slope}


def rotation(rng, gain):
    q, r = np.linalg.qr(rng.normal(size=(width, width)))
    return q * np.copysign(gain, np.diagonal(r))


SCHEMES = {{  # standard deviation of a weight, and how a layer's weights are drawn
{schemes}
}}


def normal(seed, stream):
    return np.random.default_rng((seed, stream)).standard_normal((n_samples, width))


def spread(x, axis=None):  # the standard deviation; scaled, for squares of 1e-200 would be 0
    largest = np.abs(x).max() or 1.0
    return largest * np.sqrt(np.mean((x / largest).var(axis=axis)))


def outside(x, low, high):
    return np.array([np.sum(x < low), np.sum(x > high)])


def network(draw, seed):
    W = [draw(np.random.default_rng((seed, 1 + layer))) for layer in range(depth)]
    a, zs, figures, counts = normal(seed, 0), [], np.full((depth, 6), np.nan), np.full((depth, 6), np.nan)
    for layer in range(depth):
        z = a @ W[layer]
        if not np.isfinite(spread(z)):
            return figures, counts
        a = f(z)
        zs.append(z)
        figures[layer, :4] = a.mean(), spread(a), spread(a, axis=0), np.mean((a == 0).all(axis=0))
        counts[layer, :3] = *outside(a, low, high), np.sum(a == 0)
    da = normal(seed, {last})
    for layer in reversed(range(depth)):
        slopes = slope(zs[layer], f(zs[layer]))
        dz = da * slopes
        figures[layer, 4:] = np.mean(np.abs(slopes) <= {saturated} * steepest), spread(dz)
        logs = np.log10(np.nan_to_num(np.abs(dz[dz != 0]), nan=np.inf))
        counts[layer, 3:] = *outside(logs, low_log, high_log), np.sum(dz == 0)
        da = dz @ W[layer].T
    return figures, counts


# theory: E[...] over a normal g, on a fine grid that has no point at 0, where rectifiers have their kink
g = (np.arange(-12_000, 12_000) + 0.5) / 1_500
p = np.exp(-(g**2) / 2) / np.sum(np.exp(-(g**2) / 2))


def theory(std):
    sigma_w2, signal, rows = width * std**2, 1.0, []
    for _layer in range(depth):
        z = np.sqrt(sigma_w2 * signal) * g
        a = f(z)
        signal, mean, slopes = p @ a**2, p @ a, p @ slope(z, a) ** 2
        rows.append([sigma_w2 * slopes, mean, np.sqrt(max(p @ (a - mean) ** 2, 0.0))])
    chi, mean, std = np.array(rows).T
    factors = np.append(np.sqrt(chi[:-1]), np.sqrt(slopes))
    return np.stack([mean, std, np.cumprod(factors[::-1])[::-1], chi], axis=1)


np.seterr(all="ignore")  # what overflows is infinite, and counts as infinite in a median
print("each line of figures: medians over", len(seeds), "networks; shares: of all their numbers, in per cent")
for name, (std, draw) in SCHEMES.items():
    found = [network(draw, seed) for seed in seeds]
    figures = np.sort([np.where(np.isnan(figures), np.inf, figures) for figures, _counts in found], axis=0)
    median = (figures[(len(seeds) - 1) // 2] + figures[len(seeds) // 2]) / 2
    counts = np.stack([counts for _figures, counts in found])
    reached = n_samples * width * np.sum(~np.isnan(counts), axis=0)  # numbers of the networks that got so far
    shares = 100 * np.nansum(counts, axis=0) / reached
    predicted = theory(std)
    for layer in range(depth):
        print(name, "| layer", layer + 1, "| mean std samples dead saturated dz_std:", *map(float, median[layer]))
        print(name, "| layer", layer + 1, "| theory mean std dz_std chi:", *map(float, predicted[layer]))
    for layer in shown:
        print(name, "| layer", layer, "| a below, above, 0; dz below, above, 0:", *map(float, shares[layer - 1]))
"""


def signal_script(configs: Mapping[str, SignalConfig], shown: tuple[int, ...]) -> str:
    """The figures of every layer, the predictions, and what lies outside of the histograms.

    Args:
        configs: name -> config; they differ by their initializer only, and have both ranges.
        shown:   layers with a histogram, from 0.
    Returns: a script; its lines begin with "name | layer n | what:".
    """
    config = next(iter(configs.values()))
    f, slope = activation_code(config.activation, "z", "a")
    (low, high), (low_log, high_log) = config.histogram_range, config.gradient_range
    script = _SCRIPT.format(
        depth=config.depth,
        width=config.width,
        n_samples=config.n_samples,
        seeds=list(config.seeds),
        shown=[layer + 1 for layer in shown],
        low=float(low),
        high=float(high),
        low_log=float(low_log),
        high_log=float(high_log),
        steepest=float(config.activation.steepest.slope),
        f=f,
        slope=slope,
        schemes="\n".join(_entry(name, one.initializer, one.width) for name, one in configs.items()),
        saturated=SATURATED,
        last=MAX_DEPTH + 1,
    )
    return "\n".join([*imports([config.activation]), script])


def _entry(name: str, initializer: Initializer, width: int) -> str:
    return f"    {name!r}: ({float(initializer.std(width, width))!r}, lambda rng: {_draw(initializer, width)}),"


def _draw(initializer: Initializer, width: int) -> str:
    if isinstance(initializer, Orthogonal):
        return f"rotation(rng, {initializer.gain!r})"
    if isinstance(initializer, Constant):
        return f"np.full((width, width), {initializer.value!r})"
    limit = initializer.limit(width, width)
    if limit is not None:
        return f"rng.uniform({-float(limit)!r}, {float(limit)!r}, (width, width))"
    return f"rng.normal(0.0, {float(initializer.std(width, width))!r}, (width, width))"
