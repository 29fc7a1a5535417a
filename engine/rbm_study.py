"""A restricted Boltzmann machine learns small images, in blocks of epochs of which each goes on where the last ended.

After some epochs the machine itself is kept; where one of its layers can be listed, it is judged exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import read_only, seal
from engine.cost import Cost, of_numbers
from engine.errors import one_of, whole
from engine.rbm import RBM, free_energy_of, initialize, up
from engine.rbm_images import IMAGE_SETS, image_set
from engine.rbm_likelihood import MAX_ENUMERATED, log_partition
from engine.rbm_training import RBMConfig, measure, one_epoch

MAX_HIDDEN = 36
BLOCK = 1e9  # operations of a block of epochs, about


@dataclass(frozen=True)
class MachineConfig:
    """What is learnt, and how; n_hidden is 1 to 36, the rest as in RBMConfig.

    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """

    images: str = "bars_4"
    n_hidden: int = 10
    k: int = 1
    learning_rate: float = 1.0
    epochs: int = 200
    batch_size: int = 10
    visible: str = "probabilities"
    scale: float = 0.01
    seed: int = 0

    def __post_init__(self):
        one_of("images", self.images, IMAGE_SETS)
        whole("n_hidden", self.n_hidden, 1, MAX_HIDDEN)
        whole("seed", self.seed, 0, 2**32 - 1)
        _ = self.training

    @property
    def training(self) -> RBMConfig:
        """The same as engine.rbm_training takes it."""
        return RBMConfig(
            self.n_hidden, self.k, self.learning_rate, self.epochs, self.batch_size, self.visible, self.scale
        )

    @property
    def n_visible(self) -> int:
        """Pixels of an image."""
        return image_set(self.images).side ** 2

    @property
    def exact(self) -> bool:
        """Whether the likelihood can be computed: one of the layers has at most 12 units."""
        return min(self.n_visible, self.n_hidden) <= MAX_ENUMERATED

    @property
    def kept(self) -> tuple[int, ...]:
        """Epochs after which the machine is kept: all at first, then fewer and fewer, and the last."""
        steps = (range(21), range(20, 61, 2), range(60, 201, 5), range(200, self.epochs + 1, 20), [self.epochs])
        return tuple(sorted({epoch for some in steps for epoch in some if epoch <= self.epochs}))

    @property
    def cost(self) -> Cost:
        """Of all epochs."""
        return self.cost_of(self.epochs)

    def cost_of(self, epochs: int) -> Cost:
        """Of so many epochs: Gibbs steps, two measurements of all images, and the listing of a layer."""
        n_images, small = len(image_set(self.images).train), min(self.n_visible, self.n_hidden)
        links = self.n_visible * self.n_hidden
        batches = -(-n_images // self.batch_size)
        draws = self.n_hidden + self.n_visible * (self.visible == "samples")
        step = n_images * (3 * links + 30 * (self.n_visible + self.n_hidden) + 10 * draws) / 4
        learning = batches * (80e3 + 60e3 * self.k) + step * (self.k + 1)
        measuring = 150e3 + n_images * (links + 40 * (self.n_visible + self.n_hidden))
        share = epochs / max(self.epochs, 1)
        listing = 2**small * (links / small) * 30 + 300e3 if self.exact else 100e3
        numbers = share * len(self.kept) * links + 3 * epochs
        return of_numbers(epochs * (learning + measuring) + share * len(self.kept) * listing, numbers)

    @property
    def blocks(self) -> tuple[int, ...]:
        """The last epoch of each block, each of about BLOCK operations."""
        n_blocks = min(max(1, round(self.cost.operations / BLOCK)), max(1, self.epochs))
        return tuple(self.epochs * (block + 1) // n_blocks for block in range(n_blocks))


@dataclass(frozen=True, eq=False)
class Study:
    """A machine's training up to the end of a block; the arrays are read-only.

    Attributes:
        measured: reconstruction error, mean free energy of the training and of the held-out images (0 without any)
            after each epoch, the start included: (3, epochs + 1).
        machines: kept epoch -> the machine after it.
        log_likelihood: kept epoch -> exact mean log-likelihood of the training images, in nats; empty where no layer
            can be listed.
        data_probability: kept epoch -> the probability that the machine gives to the different training images
            together, of 1; empty as well.
        rbm: the machine at the end, as a stack of one run.
        state: of the random generator at the end.
    """

    measured: np.ndarray
    machines: Mapping[int, RBM]
    log_likelihood: Mapping[int, float]
    data_probability: Mapping[int, float]
    rbm: RBM
    state: Mapping

    @property
    def reconstruction_error(self) -> np.ndarray:
        return self.measured[0]

    @property
    def free_energy(self) -> np.ndarray:
        return self.measured[1]

    @property
    def held_out_free_energy(self) -> np.ndarray:
        return self.measured[2]

    @property
    def kept(self) -> tuple[int, ...]:
        return tuple(self.machines)

    @cached_property
    def largest_weight(self) -> float:
        """The largest size of a weight in any kept machine: one range for all pictures."""
        return max(float(np.abs(rbm.W).max()) for rbm in self.machines.values())

    def kept_at(self, epoch: int) -> int:
        """The last kept epoch that is not after this one."""
        return max(kept for kept in self.machines if kept <= epoch)


def learn(config: MachineConfig, block: int, before: Study | None = None) -> Study:
    """One block of epochs more.

    Args:
        block: of config.blocks, from 0.
        before: the study up to the block before; None for the first.
    Returns: the study from the start to the end of this block; its machines are those of `train` of
        engine.rbm_training with the same seed, number by number.
    Raises: InputError: not_a_number, out_of_range.
    """
    block = whole("block", block, 0, len(config.blocks) - 1)
    images, training, kept, rng = image_set(config.images), config.training, {*config.kept}, np.random.default_rng(0)
    if before is None:
        rng = np.random.default_rng(config.seed)
        rbm, first = _stack_of_one(initialize(config.n_visible, config.n_hidden, rng, config.scale)), 0
        measured, machines, likelihood, probability = [], {}, {}, {}
    else:
        rng.bit_generator.state = before.state
        rbm, first = before.rbm, config.blocks[block - 1] + 1
        measured, machines = [before.measured], dict(before.machines)
        likelihood, probability = dict(before.log_likelihood), dict(before.data_probability)
    for epoch in range(first, config.blocks[block] + 1):
        if epoch > 0:
            rbm = one_epoch(rbm, training, images.train[None], [rng])
        measured.append(measure(rbm, images.train, images.held_out))
        if epoch in kept:
            machines[epoch] = RBM(read_only(rbm.W[0]), read_only(rbm.visible_bias[0]), read_only(rbm.hidden_bias[0]))
            if config.exact:
                likelihood[epoch], probability[epoch] = judged(machines[epoch], images.train, images.different)
    measured = seal(np.concatenate(measured, axis=1))
    return Study(measured, machines, likelihood, probability, rbm, rng.bit_generator.state)


def judged(rbm: RBM, images: np.ndarray, different: np.ndarray) -> tuple[float, float]:
    """Exact mean log-likelihood of images, and the probability of the different ones among them together.

        mean of log p(v) ;  sum over different v of p(v) ;  p(v) = exp(-F(v)) / Z

    Args:
        rbm: a machine of which one layer has at most 12 units. images: (n, n_visible) of 0 and 1.
        different: where among the images each different one stands, once.
    Raises: InputError: out_of_range.
    """
    log_p = -free_energy_of(rbm, images) - log_partition(rbm)
    return float(log_p.mean()), float(np.exp(log_p[different]).sum())


def _stack_of_one(rbm: RBM) -> RBM:
    return RBM(rbm.W[None], rbm.visible_bias[None], rbm.hidden_bias[None])


def activity(config: MachineConfig, rbm: RBM) -> np.ndarray:
    """The share of training images for which each hidden unit is on: the mean of p(h | v), shape (n_hidden,)."""
    return up(rbm, image_set(config.images).train).mean(axis=0)
