"""Contrastive divergence: a few Gibbs steps tell a restricted Boltzmann machine which way its likelihood grows."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import read_only
from engine.errors import one_of, whole
from engine.rbm import RBM, RBMGradient, Streams, check_streams, down, draw, up, visible_units

MAX_GIBBS_STEPS = 1_000
VISIBLE = ("probabilities", "samples")


@dataclass(frozen=True)
class GibbsTrace:
    """Gibbs steps from data, with the statistics that contrastive divergence takes; the arrays are read-only.

    Attributes:
        v_start: the data, shape (…, n_samples, n_visible).
        h_start: p(h | v_start), shape (…, n_samples, n_hidden).
        v_end: visible layer after the last step: probabilities or states, as asked for.
        h_end: p(h | v_end).
    """

    v_start: np.ndarray
    h_start: np.ndarray
    v_end: np.ndarray
    h_end: np.ndarray


def gibbs(rbm: RBM, v, k: int, rng: Streams, visible: str = "probabilities") -> GibbsTrace:
    """k steps of block Gibbs sampling: hidden given visible, visible given hidden.

        h ~ p(h | v) ;  v <- p(v | h)  or  v ~ p(v | h) ;  k times

    Args:
        rbm: the machine.
        v: data, shape (…, n_samples, n_visible), each of [0, 1].
        k: 1 to 1,000.
        rng: one generator, or one for each run of the first axis of the hidden layer.
        visible: "probabilities" keeps the reconstruction as it is, with less noise; "samples" draws it: a Gibbs chain.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, unknown_name, wrong_shape.
    Convention: Hinton's: hidden units that drive a reconstruction are always drawn (their states carry one bit each,
        not a real number); those of the statistics are probabilities, at both ends.
    Source: Hinton (2010), section 3.
    """
    k, visible, v = whole("k", k, 1, MAX_GIBBS_STEPS), one_of("visible", visible, VISIBLE), visible_units(rbm, v)
    check_streams(rng, up(rbm, v))
    trace = chain(rbm, v, k, rng, visible)
    return GibbsTrace(*map(read_only, (trace.v_start, trace.h_start, trace.v_end, trace.h_end)))


def contrastive_divergence(
    rbm: RBM, v, k: int, rng: Streams, visible: str = "probabilities"
) -> tuple[RBMGradient, GibbsTrace]:
    """CD-k, an estimate of the direction in which the mean log-likelihood of the data grows.

        dW = <v h>_data - <v h>_after k steps ;  db = <v>_data - <v>_k ;  dc = <h>_data - <h>_k

    Args:
        rbm: the machine.
        v: data, shape (…, n_samples, n_visible), each of [0, 1].
        k: Gibbs steps, 1 to 1,000.
        rng: one generator, or one for each run of the first axis.
        visible: "probabilities" or "samples", see gibbs.
    Returns: the estimate and the chain it comes from.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, unknown_name, wrong_shape.
    Convention: means over the samples; h in <> stands for p(h | v). It is not the gradient of any function, and biased
        unless k is large and the visible units are drawn.
    Source: Hinton (2002), Training products of experts by minimizing contrastive divergence; Hinton (2010), section 2.
    """
    trace = gibbs(rbm, v, k, rng, visible)
    return estimate(trace), trace


# ---------------------------------------------------------------- the same without checks, for inner loops


def chain(rbm: RBM, v: np.ndarray, k: int, rng: Streams, visible: str) -> GibbsTrace:
    """`gibbs`; the arrays of the trace can be written to, and v_start is `v` itself."""
    h_start, v_end = up(rbm, v), v
    h_end = h_start
    for _ in range(k):
        v_end = down(rbm, draw(h_end, rng))
        if visible == "samples":
            v_end = draw(v_end, rng)
        h_end = up(rbm, v_end)
    return GibbsTrace(v, h_start, v_end, h_end)


def estimate(trace: GibbsTrace) -> RBMGradient:
    """What contrastive divergence concludes from both ends of a chain."""
    share = 1 / trace.v_start.shape[-2]
    vh_start, vh_end = trace.v_start.swapaxes(-1, -2) @ trace.h_start, trace.v_end.swapaxes(-1, -2) @ trace.h_end
    return RBMGradient(
        dW=share * (vh_start - vh_end),
        dvisible_bias=share * (trace.v_start - trace.v_end).sum(axis=-2),
        dhidden_bias=share * (trace.h_start - trace.h_end).sum(axis=-2),
    )
