"""Batch normalization as scripts that stand alone: one batch, two, what is stored, the inputs, the gradient."""

from collections.abc import Sequence

from engine.batch_norm_gradient import BackwardConfig
from engine.normalized_batch import Scaling
from engine.stored_statistics import AlternatingBatches, DrawnBatches

_HEADER = "import numpy as np\n\n"

_ONE = """x = np.array({x}) + {bias}  # plus the bias of the layer before
gamma, beta, epsilon = {gamma}, {beta}, {epsilon}
n = len(x)

mean = x.sum() / n
var = ((x - mean) ** 2).sum() / n  # biased: it normalizes
print("mean", float(mean))
print("variance", float(var))
if n > 1:
    print("unbiased", float(var * n / (n - 1)))  # it is stored
root = np.sqrt(var + epsilon)
print("root", float(root))
x_hat = (x - mean) / root
y = gamma * x_hat + beta
print("sample x centered squared x_hat y")
for i in range(n):
    print(i + 1, *(float(v[i]) for v in (x, x - mean, (x - mean) ** 2, x_hat, y)))
"""

_PAIR = """a, b = np.array({a}), np.array({b})
gamma, beta, epsilon = {gamma}, {beta}, {epsilon}


def normalize(x, mean, var):
    return gamma * (x - mean) / np.sqrt(var + epsilon) + beta


for name, x in (("A", a), ("B", b)):
    print("batch", name, "mean", float(x.mean()), "variance", float(x.var()))
stored_mean, stored_var = a.mean(), a.var(ddof=1)  # as if training had met A alone
print("stored mean", float(stored_mean), "variance", float(stored_var))
columns = [normalize(x, x.mean(), x.var()) for x in (a, b)] + [normalize(x, stored_mean, stored_var) for x in (a, b)]
print("sample x_A x_B training_A training_B evaluation_A evaluation_B")
for i in range(len(a)):
    print(i + 1, *(float(v[i]) for v in (a, b, *columns)))
"""

_RUNNING = """{source}
momentum = {momentum}  # weight of the new batch, as in PyTorch
k = {k}
epsilon = {epsilon}

mean, var = 0.0, 1.0
for x in batches[:k]:
    mean = (1 - momentum) * mean + momentum * x.mean()
    var = (1 - momentum) * var + momentum * x.var(ddof=1)  # unbiased
print("stored mean", float(mean), "variance", float(var))
x = batches[max(k, 1) - 1]
training = (x - x.mean()) / np.sqrt(x.var() + epsilon)  # biased
evaluation = (x - mean) / np.sqrt(var + epsilon)
print("sample x training evaluation difference")
for i in range(len(x)):
    print(i + 1, *(float(v[i]) for v in (x, training, evaluation, evaluation - training)))
"""
_DRAWN = """rng = np.random.default_rng({seed})
batches = {mean} + {std} * rng.standard_normal(({n_batches}, {size}))"""
_IN_TURN = """batches = [np.array({a}), np.array({b})] * {pairs}"""

_INPUTS = """train = np.array({train})
test = train + {shift}


def standardize(x, of):  # a constant feature is only moved
    return (x - of.mean()) / (of.std() if of.max() > of.min() else 1.0)


columns = train, standardize(train, train), test, standardize(test, train), standardize(test, test)
print("sample train standardized test by_training by_itself")
for i in range(len(train)):
    print(i + 1, *(float(v[i]) for v in columns))
"""

_BACKWARD = """x = np.array({x})
dy = np.array({dy})  # the gradient that arrives
gamma, epsilon, h = {gamma}, {epsilon}, {h}
n = len(x)


def forward(x):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + epsilon)


mean, var = x.mean(), x.var()
root = np.sqrt(var + epsilon)
x_hat = (x - mean) / root
dbeta, dgamma = dy.sum(), (dy * x_hat).sum()
dx_hat = gamma * dy
dvar = -0.5 * (dx_hat * (x - mean)).sum() / root**3
dmean = -dx_hat.sum() / root
direct, through_var, through_mean = dx_hat / root, dvar * 2 * (x - mean) / n, np.full(n, dmean / n)
dx = direct + through_var + through_mean

numeric = np.array([((forward(x + h * e) - forward(x - h * e)) * dy).sum() / (2 * h) for e in np.eye(n)])
for name, value in (("dbeta", dbeta), ("dgamma", dgamma), ("dvar", dvar), ("dmean", dmean)):
    print(name, float(value))
print("sample x dy direct through_var through_mean dx numeric")
for i in range(n):
    print(i + 1, *(float(v[i]) for v in (x, dy, direct, through_var, through_mean, dx, numeric)))
print("sum of dx", float(dx.sum()), "sum of dx x_hat", float((dx * x_hat).sum()))

print("jacobian")
jacobian = gamma / root * (np.eye(n) - 1 / n - np.outer(x_hat, x_hat) / n)
for row in jacobian:
    print(*map(float, row))
"""


_MOVED = """x = np.array({x})
gamma, epsilon = {gamma}, {epsilon}
sample, delta = {sample}, {delta}
n = len(x)


def forward(x):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + epsilon)


root = np.sqrt(x.var() + epsilon)
x_hat = (x - x.mean()) / root
jacobian = gamma / root * (np.eye(n) - 1 / n - np.outer(x_hat, x_hat) / n)
print("jacobian")
for row in jacobian:
    print(*map(float, row))
moved = x + delta * np.eye(n)[sample]
before, after = forward(x), forward(moved)
print("sample before after change by_the_jacobian")
for i in range(n):
    print(i + 1, *map(float, (before[i], after[i], after[i] - before[i], delta * jacobian[i, sample])))
"""


def one_script(x: Sequence[float], scaling: Scaling, bias: float = 0.0) -> str:
    """The numbers of `normalized_batch.normalize`.

    Returns: a script; it prints mean, variances and root, then a line a sample: x, centered, squared, x_hat, y.
    """
    return _HEADER + _ONE.format(x=_list(x), bias=float(bias), **_of(scaling))


def pair_script(a: Sequence[float], b: Sequence[float], scaling: Scaling) -> str:
    """The numbers of `normalized_batch.compare`.

    Returns: a script; it prints the statistics, then a line a sample: x in both, training in both, evaluation in both.
    """
    return _HEADER + _PAIR.format(a=_list(a), b=_list(b), **_of(scaling))


def running_script(source: DrawnBatches | AlternatingBatches, momentum: float, k: int, epsilon: float = 1e-5) -> str:
    """What is stored after k batches, and the k-th batch in both modes (the first where k is 0).

    Returns: a script; it prints the stored mean and variance, then x, training, evaluation, difference a sample.
    """
    if isinstance(source, DrawnBatches):
        drawn = {"seed": source.seed, "mean": float(source.mean), "std": float(source.std)}
        batches = _DRAWN.format(n_batches=source.n_batches, size=source.size, **drawn)
    else:
        batches = _IN_TURN.format(a=_list(source.a), b=_list(source.b), pairs=source.n_batches // 2 + 1)
    return _HEADER + _RUNNING.format(source=batches, momentum=float(momentum), k=int(k), epsilon=float(epsilon))


def inputs_script(train: Sequence[float], shift: float) -> str:
    """The numbers of `normalized_batch.standardize_sets`, a line a sample."""
    return _HEADER + _INPUTS.format(train=_list(train), shift=float(shift))


def backward_script(config: BackwardConfig) -> str:
    """The numbers of `batch_norm_gradient.backward`.

    Returns: a script; it prints the gradients of beta, gamma, variance and mean, a line a sample, and the Jacobian.
    """
    return _HEADER + _BACKWARD.format(
        x=_list(config.x),
        dy=_list(config.dy),
        gamma=float(config.gamma),
        epsilon=float(config.epsilon),
        h=float(config.h),
    )


def moved_script(config: BackwardConfig, sample: int, delta: float) -> str:
    """The numbers of `batch_norm_gradient.move`.

    Returns: a script; it prints the Jacobian, then a line a sample: before, after, change, and that by the Jacobian.
    """
    return _HEADER + _MOVED.format(
        x=_list(config.x),
        gamma=float(config.gamma),
        epsilon=float(config.epsilon),
        sample=int(sample),
        delta=float(delta),
    )


def _of(scaling: Scaling) -> dict[str, float]:
    return {"gamma": float(scaling.gamma), "beta": float(scaling.beta), "epsilon": float(scaling.epsilon)}


def _list(values: Sequence[float]) -> list[float]:
    return [float(value) for value in values]
