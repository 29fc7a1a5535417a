"""The largest curvature of a network's loss, which bounds the steps of gradient descent: an estimate without a Hessian.

A Hessian has as many entries as there are pairs of parameters. Its product with a vector needs no more than two
gradients, and a vector that is multiplied again and again turns to the direction of the largest eigenvalue.
"""

import numpy as np

from engine import errors
from engine.lab import LabConfig
from engine.network import Network
from engine.preparation import standardize
from engine.regularization import penalty_calls

STEP = 1e-4  # of the differences, as a part of the length of the parameters
MAX_ROUNDS = 200
SETTLED = 1e-4  # relative change at which the rounds end
MAX_WORK = 2e8  # parameters x samples x rounds


def largest_curvature(config: LabConfig, parameters=None, rounds: int = 60) -> float | None:
    """The largest eigenvalue of the Hessian of the training loss, penalties included, by power iteration.

        H v ~ (g(theta + h v) - g(theta - h v)) / (2 h) ;  v <- H v / |H v| ;  lambda = v . H v

    Args:      config: of a single run. parameters: (n_parameters,); None: the start. rounds: 1 to 200, at most.
    Returns:   None for a network with dropout or batch normalization, whose gradient is no function of the parameters
               alone, for one too large to do it at once, and where it is not finite.
    Raises:    InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: all samples, as for full-batch gradient descent. Power iteration finds the eigenvalue of largest size;
               if that is negative, a second one, on H - lambda I, finds the largest. An estimate from below.
    """
    rounds, training = errors.whole("rounds", rounds, 1, MAX_ROUNDS), config.training
    start = config.first[0] if parameters is None else errors.finite("parameters", parameters)
    errors.shape("parameters", start, (training.architecture.n_parameters,))
    samples, test = config.parts
    work = training.architecture.n_parameters * len(samples) * rounds
    if training.dropout or training.batch_norm or work > MAX_WORK:
        return None
    if training.standardize:
        samples = standardize(samples, test or samples)[0]
    network = Network(training.architecture, np.stack([start, start]), samples.X)
    penalties = penalty_calls(network, training.l1, training.l2)

    def times(v: np.ndarray) -> np.ndarray:
        h = STEP * max(float(np.linalg.norm(start)), 1.0)
        network.parameters[...] = start + h * np.array([[1.0], [-1.0]]) * v
        network.forward()
        network.loss_gradient(training.loss, samples.targets)
        network.backward()
        for call in penalties:
            call()
        return (network.gradient[0] - network.gradient[1]) / (2 * h)

    with np.errstate(all="ignore"):
        found = _power(times, len(start), rounds)
        if found < 0:
            lowest = found
            found = _power(lambda v: times(v) - lowest * v, len(start), rounds) + lowest
    return found if np.isfinite(found) else None


def _power(times, n: int, rounds: int) -> float:
    """The eigenvalue of largest size; the first vector is drawn, always the same."""
    v = np.random.default_rng(0).normal(size=n)
    v /= np.linalg.norm(v)
    now = float("nan")
    for _ in range(rounds):
        Hv = times(v)
        last, now, length = now, float(v @ Hv), float(np.linalg.norm(Hv))
        if not np.isfinite(length) or length == 0 or abs(now - last) <= SETTLED * abs(now):
            break
        v = Hv / length
    return now


def stable_rate(config: LabConfig, curvature: float) -> float | None:
    """The learning rate above which a step in the direction of the largest curvature overshoots more each time.

        2 / lambda ;  with momentum  2 (1 + momentum) / lambda ;  with Nesterov's  that / (1 + 2 momentum) ;
        the optimizer's weight decay adds to lambda

    Args:    curvature: the largest eigenvalue, of `largest_curvature`.
    Returns: None for other optimizers, for gradient clipping, and where no direction is curved upwards.
    Source:  Goh (2017), "Why Momentum Really Works"; Polyak (1964).
    """
    rule = config.training.optimizer
    if rule.code not in ("sgd", "momentum", "nesterov") or config.training.clip_norm is not None or not curvature > 0:
        return None
    momentum = float(getattr(rule, "momentum", 0.0))
    ahead = 1 + 2 * momentum if rule.code == "nesterov" else 1.0
    return 2 * (1 + momentum) / ahead / (curvature + float(rule.weight_decay))
