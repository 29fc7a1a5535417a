"""What a trained restricted Boltzmann machine can be asked: to reconstruct, to clean, to complete, to dream."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import read_only
from engine.errors import one_of, whole
from engine.rbm import RBM, down, draw, reconstruct, up
from engine.rbm_images import ImageSet

TASKS = ("reconstruct", "clean", "complete", "dream")
NOISE = 0.1  # chance of each pixel to be flipped
CHAINS, STEPS = 10, 40  # for completing: chains an image, and their steps, of which the second half counts
N_DREAMS, DREAM_STEPS = 20, 200


@dataclass(frozen=True, eq=False)
class Answer:
    """What the machine was given, and what it made of it; the arrays are read-only.

    Attributes:
        given: images of 0 and 1, (n, n_visible); for a dream there are none, (0, n_visible).
        known: which pixels it was given, (n, n_visible) of bool.
        images: its answers, (n, n_visible): probabilities; of a dream 0 and 1.
        error: mean of (answer - original)^2 over all pixels, or over the covered ones, (n,); of a dream none, (0,).
        real: of a dream of bars and stripes, whether each image is one of them; else none, (0,).
    """

    given: np.ndarray
    known: np.ndarray
    images: np.ndarray
    error: np.ndarray
    real: np.ndarray

    @property
    def mean_error(self) -> float:
        """Over all images."""
        return float(self.error.mean())

    @property
    def judged(self) -> bool:
        """Whether it is a dream of which one can say what is real: bars and stripes, of which all are known."""
        return len(self.real) > 0

    @property
    def n_real(self) -> int:
        """How many dreams are training images."""
        return int(self.real.sum())

    def in_rows(self, a_row: int) -> tuple[np.ndarray, np.ndarray]:
        """A row of images as given, below it their answers, and so on; and which of these pixels are covered."""
        n_visible = self.given.shape[1]
        both = [part.reshape(-1, a_row, n_visible) for part in (self.given, self.images)]
        hidden = ~self.known.reshape(-1, a_row, n_visible)
        covered = np.stack([hidden, np.zeros_like(hidden)], axis=1)
        return np.stack(both, axis=1).reshape(-1, n_visible), covered.reshape(-1, n_visible)

    def __post_init__(self):
        for name in ("given", "known", "images", "error", "real"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def ask(rbm: RBM, images: ImageSet, task: str, seed: int = 0) -> Answer:
    """The machine's answer to a task.

        reconstruct: v -> p(h | v) -> p(v | h), on the ten images that are shown
        clean:       the same, after each pixel was flipped with probability 0.1
        complete:    some pixels are covered. Gibbs steps in which the known ones are put back each time; the
                     answer is the mean of p(v | h) over the second half of the steps, and over ten chains.
        dream:       twenty Gibbs chains from random pixels, 200 steps each; what they draw last.

    Args: seed: of all that is drawn, 0 to 2^32 - 1.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name, wrong_shape.
    """
    task, rng = one_of("task", task, TASKS), np.random.default_rng(whole("seed", seed, 0, 2**32 - 1))
    original = images.shown
    if task == "dream":
        return _dream(rbm, images, rng)
    if task == "complete":
        known = ~images.covered
        answer = _completed(rbm, original, known, rng)
        error = ((answer - original) ** 2)[:, ~known].mean(axis=1)
        return Answer(original, np.broadcast_to(known, original.shape), answer, error, np.empty(0, bool))
    flipped = rng.random(original.shape) < (NOISE if task == "clean" else 0.0)
    given = np.where(flipped, 1 - original, original)
    answer = reconstruct(rbm, given)
    error = ((answer - original) ** 2).mean(axis=1)
    return Answer(given, np.ones(given.shape, bool), answer, error, np.empty(0, bool))


def _completed(rbm: RBM, original: np.ndarray, known: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    pixels = np.broadcast_to(original, (CHAINS, *original.shape)).reshape(-1, original.shape[1])
    v, total = np.where(known, pixels, draw(np.full(pixels.shape, 0.5), rng)), np.zeros(pixels.shape)
    for step in range(STEPS):
        p = down(rbm, draw(up(rbm, v), rng))
        v = np.where(known, pixels, draw(p, rng))
        if step >= STEPS // 2:
            total += p
    mean = total.reshape(CHAINS, *original.shape).mean(axis=0) / (STEPS - STEPS // 2)
    return np.where(known, original, mean)


def _dream(rbm: RBM, images: ImageSet, rng: np.random.Generator) -> Answer:
    n_visible = images.train.shape[1]
    v = draw(np.full((N_DREAMS, n_visible), 0.5), rng)
    for _step in range(DREAM_STEPS):
        v = draw(down(rbm, draw(up(rbm, v), rng)), rng)
    nothing = np.empty((0, n_visible))
    real = images.holds(v) if images.held_out is None else np.empty(0, bool)
    return Answer(nothing, nothing.astype(bool), v, np.empty(0), real)
