"""Softmax with its Jacobian and their checks as a script that needs NumPy alone."""

_TEMPLATE = """import numpy as np

np.seterr(all="ignore")  # the naive formula may overflow
z = np.array({scores!r})
T = {temperature!r}
c = {shift!r}


def softmax(z):
    e = np.exp((z - z.max()) / T)  # the largest exponent is 0: nothing can overflow
    return e / e.sum()


def naive_softmax(z):
    e = np.exp(z / T)
    return e / e.sum()


p = softmax(z + c)
exponents = (z + c - (z + c).max()) / T
log_p = exponents - np.log(np.exp(exponents).sum())
for numbers in zip(z + c, exponents, np.exp(exponents), p, log_p, naive_softmax(z + c)):
    print("class", *map(float, numbers))
entropy = float(-(p[p > 0] * log_p[p > 0]).sum())
print("entropy", entropy, "nats", entropy / float(np.log(2)), "bits")
print("moved by the shift", float(np.abs(p - softmax(z)).max()))

jacobian = (np.diag(p) - np.outer(p, p)) / T
h = 1e-5 * T
steps = h * np.eye(len(z))
numerical = np.array([(softmax(z + c + step) - softmax(z + c - step)) / (2 * h) for step in steps]).T
for row in jacobian:
    print("row", *map(float, row))
print("largest gap to central differences", float(np.abs(jacobian - numerical).max()))
"""


def softmax_script(scores, temperature: float, shift: float) -> str:
    """Softmax of scores + shift, safe and naive, with entropy, Jacobian and check.

    Args:      scores: (n_classes,).
    Returns:   a script; it prints a line "class ..." a class (z + c, exponent, exponential, p, ln p, naive p), and a
               line "row ..." a row of the Jacobian.
    """
    return _TEMPLATE.format(
        scores=[float(score) for score in scores], temperature=float(temperature), shift=float(shift)
    )
