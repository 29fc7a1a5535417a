"""One step of CD-1 on the smallest machine worth showing: an image of 2 x 2 pixels, two hidden units."""

from dataclasses import dataclass, fields

import numpy as np

from engine.arrays import seal
from engine.errors import number, numbers, one_of, shape, whole
from engine.rbm import RBM, RBMGradient, down, energy, up
from engine.rbm_likelihood import exact_gradient, log_likelihood

IMAGES = {  # row of pixels by row
    "left": (1.0, 0.0, 1.0, 0.0),
    "right": (0.0, 1.0, 0.0, 1.0),
    "top": (1.0, 1.0, 0.0, 0.0),
    "bottom": (0.0, 0.0, 1.0, 1.0),
    "full": (1.0, 1.0, 1.0, 1.0),
    "blank": (0.0, 0.0, 0.0, 0.0),
}
WEIGHTS = ((1.0, -0.5), (-0.5, 0.5), (0.5, 0.0), (-1.0, 1.0))
MAX_WEIGHT = 10.0


@dataclass(frozen=True, eq=False)
class HandStep:
    """Every number of one step of CD-1 from one image; the arrays are read-only.

    Attributes:
        W: weights before, (4, 2); all biases are 0.
        v: the image, (4,).
        up_sum, h_probability: v W, and p(h | v), (2,) each.
        uniform, h: the random numbers of [0, 1) and the hidden states that they draw, (2,) each.
        down_sum, v_reconstructed: h W^T, and p(v | h), (4,) each.
        h_reconstructed: p(h | v_reconstructed), (2,).
        positive, negative: v h at the data and at the reconstruction, (4, 2) each.
        change: learning_rate * (positive - negative), (4, 2).
        after: the machine after the step, biases included.
        energy: E(v, h) before.
        log_p_before, log_p_after: exact log p(v).
        slope: the exact gradient of log p(v) before the step.
    """

    W: np.ndarray
    v: np.ndarray
    up_sum: np.ndarray
    h_probability: np.ndarray
    uniform: np.ndarray
    h: np.ndarray
    down_sum: np.ndarray
    v_reconstructed: np.ndarray
    h_reconstructed: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    change: np.ndarray
    after: RBM
    energy: float
    log_p_before: float
    log_p_after: float
    slope: RBMGradient

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                seal(value)


def hand_step(W, image: str, learning_rate: float, seed: int) -> HandStep:
    """One step of CD-1 by one image, biases 0 at first.

        p(h | v) = sigmoid(v W) ;  h = 1 if u < p(h | v) ;  v' = p(v | h) = sigmoid(h W^T) ;  p(h | v')
        W <- W + learning_rate * (v p(h | v) - v' p(h | v'))

    Args:
        W: (4, 2), each of -10 to 10.
        image: a code of IMAGES.
        learning_rate: 0 to 10.
        seed: of the uniform numbers u, 0 to 2^32 - 1.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name, wrong_shape.
    Convention: as contrastive_divergence with k = 1 and visible probabilities.
    """
    W = shape("W", numbers("W", W, -MAX_WEIGHT, MAX_WEIGHT), (4, 2)).copy()
    rate = number("learning_rate", learning_rate, 0.0, 10.0)
    v = np.array([IMAGES[one_of("image", image, tuple(IMAGES))]])
    rbm = RBM(W, np.zeros(4), np.zeros(2))
    h_probability = up(rbm, v)
    uniform = np.random.default_rng(whole("seed", seed, 0, 2**32 - 1)).random(h_probability.shape)
    h = (uniform < h_probability).astype(np.float64)
    v_reconstructed = down(rbm, h)
    h_reconstructed = up(rbm, v_reconstructed)
    positive, negative = v.T @ h_probability, v_reconstructed.T @ h_reconstructed
    change = rate * (positive - negative)
    after = RBM(W + change, rate * (v - v_reconstructed)[0], rate * (h_probability - h_reconstructed)[0])
    return HandStep(
        W=W,
        v=v[0],
        up_sum=(v @ W)[0],
        h_probability=h_probability[0],
        uniform=uniform[0],
        h=h[0],
        down_sum=(h @ W.T)[0],
        v_reconstructed=v_reconstructed[0],
        h_reconstructed=h_reconstructed[0],
        positive=positive,
        negative=negative,
        change=change,
        after=after,
        energy=float(energy(rbm, v, h)[0]),
        log_p_before=float(log_likelihood(rbm, v)),
        log_p_after=float(log_likelihood(after, v)),
        slope=exact_gradient(rbm, v),
    )
