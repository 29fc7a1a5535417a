"""Training of restricted Boltzmann machines, one or a stack of runs; a pile of them is the start of a deep network."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from engine.arrays import read_only
from engine.contrastive_divergence import MAX_GIBBS_STEPS, VISIBLE, chain, estimate
from engine.errors import InputError, finite, number, one_of, shape, whole
from engine.rbm import MAX_UNITS, RBM, check_probabilities, down, free_energy_of, initialize, up

MAX_SAMPLES = 10_000
MAX_RUNS = 100
MAX_EPOCHS = 2_000
MAX_GIBBS_COST = 500_000  # shared by the runs: 31,250 Gibbs steps for one run, 4,347 for a hundred
MAX_WORK = 5e9  # multiplications of one training: some seconds
MAX_NUMBERS = 2e7  # held at once by the data and the snapshots: 160 MB


@dataclass(frozen=True)
class RBMConfig:
    """How a machine is trained.

    Attributes:
        n_hidden: 1 to 1,024.
        k: Gibbs steps of CD-k, 1 to 1,000.
        learning_rate: 0 to 10.
        epochs: 0 to 2,000.
        batch_size: 1 to 10,000; the last batch of an epoch may be smaller.
        visible: "probabilities" or "samples", see gibbs.
        scale: standard deviation of the first weights, 0 to 10.
        snapshots: epochs after which the parameters are kept (0: before any update), each of 0 to `epochs`.
    """

    n_hidden: int
    k: int = 1
    learning_rate: float = 0.1
    epochs: int = 100
    batch_size: int = 10
    visible: str = "probabilities"
    scale: float = 0.01
    snapshots: tuple[int, ...] = ()

    def __post_init__(self):
        checked = {
            "n_hidden": whole("n_hidden", self.n_hidden, 1, MAX_UNITS),
            "k": whole("k", self.k, 1, MAX_GIBBS_STEPS),
            "learning_rate": number("learning_rate", self.learning_rate, 0.0, 10.0),
            "epochs": whole("epochs", self.epochs, 0, MAX_EPOCHS),
            "batch_size": whole("batch_size", self.batch_size, 1, MAX_SAMPLES),
            "visible": one_of("visible", self.visible, VISIBLE),
            "scale": number("scale", self.scale, 0.0, 10.0),
            "snapshots": np.atleast_1d(finite("snapshots", self.snapshots)).ravel(),
        }
        checked["snapshots"] = tuple(whole("snapshots", s, 0, checked["epochs"]) for s in checked["snapshots"])
        for name, value in checked.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class RBMHistory:
    """What happened in training, epoch by epoch, the start included; … is the runs' axis. Arrays are read-only.

    Attributes:
        rbm: the machine after the last epoch.
        reconstruction_error: mean of (v - reconstruct(v))^2 over all entries of the data, shape (…, epochs + 1).
        free_energy: mean free energy of the data, shape (…, epochs + 1).
        held_out_free_energy: the same of the held-out data; None without any.
        snapshots: epoch -> the machine after that epoch.
    """

    rbm: RBM
    reconstruction_error: np.ndarray
    free_energy: np.ndarray
    held_out_free_energy: np.ndarray | None
    snapshots: dict[int, RBM]

    @property
    def free_energy_gap(self) -> np.ndarray | None:
        """Held-out minus training free energy: log Z cancels. The machine overfits when it grows."""
        return None if self.held_out_free_energy is None else self.held_out_free_energy - self.free_energy


def train(config: RBMConfig, data, held_out=None, seed: int | Sequence[int] = 0) -> RBMHistory:
    """Training by mini-batches and CD-k, of one machine or of a stack of runs.

        W <- W + learning_rate dW ;  b <- b + learning_rate db ;  c <- c + learning_rate dc

    Args:
        config: how.
        data: shape (n_samples, n_visible), or (runs, n_samples, n_visible) with one data set for each seed; of [0, 1].
        held_out: data that is not learnt from, for the free energy gap; the same shapes.
        seed: a whole number for one run, a sequence of them for a stack of runs with a first axis each.
    Raises:
        InputError: not_a_number, not_finite, out_of_range (also where the whole would take more than some
            seconds), wrong_shape.
    Convention: gradients are means over the batch, so the learning rate is per sample (Hinton 2010, section 4). They
        stay within +-1, so the parameters cannot overflow. No momentum and no weight decay.
    Source: Hinton (2010).
    """
    generators = _generators(seed)
    data = _stacked("data", data, len(generators))
    if held_out is not None:
        held_out = shape("held_out", _stacked("held_out", held_out, len(generators)), (None, data.shape[-1]))
    history = _train(config, data, held_out, generators)
    return history if np.ndim(seed) else _only_run(history)


def _train(
    config: RBMConfig, data: np.ndarray, held_out: np.ndarray | None, generators: list[np.random.Generator]
) -> RBMHistory:
    """`train` for a stack: data (runs, n_samples, n_visible), one generator a run."""
    _refuse_too_much(config, data)
    rbm = _stack([initialize(data.shape[-1], config.n_hidden, rng, config.scale) for rng in generators])
    measured, snapshots = [], {}
    for epoch in range(config.epochs + 1):
        if epoch > 0:
            rbm = one_epoch(rbm, config, data, generators)
        measured.append(measure(rbm, data, held_out))
        if epoch in config.snapshots:
            snapshots[epoch] = _read_only_rbm(rbm)
    error, free, held_out_free = np.stack(measured, axis=-1)
    return RBMHistory(
        rbm=_read_only_rbm(rbm),
        reconstruction_error=read_only(error),
        free_energy=read_only(free),
        held_out_free_energy=None if held_out is None else read_only(held_out_free),
        snapshots=snapshots,
    )


def one_epoch(rbm: RBM, config: RBMConfig, data: np.ndarray, generators: Sequence[np.random.Generator]) -> RBM:
    """A stack of machines after one pass over the data (runs, n_samples, n_visible), in each run's own order."""
    order, runs = np.stack([rng.permutation(data.shape[1]) for rng in generators]), np.arange(len(data))[:, None]
    W, visible_bias, hidden_bias = rbm.W.copy(), rbm.visible_bias.copy(), rbm.hidden_bias.copy()
    moving = RBM(W, visible_bias, hidden_bias)  # holds these arrays themselves, so that it moves with them
    for first in range(0, data.shape[1], config.batch_size):
        batch = data[runs, order[:, first : first + config.batch_size]]
        gradient = estimate(chain(moving, batch, config.k, generators, config.visible))
        W += config.learning_rate * gradient.dW
        visible_bias += config.learning_rate * gradient.dvisible_bias
        hidden_bias += config.learning_rate * gradient.dhidden_bias
    return moving


def measure(rbm: RBM, data: np.ndarray, held_out: np.ndarray | None) -> np.ndarray:
    """Reconstruction error, free energy, held-out free energy (0 without any): shape (3, runs)."""
    error = ((data - down(rbm, up(rbm, data))) ** 2).mean(axis=(-1, -2))
    free = free_energy_of(rbm, data).mean(axis=-1)
    held_out_free = np.zeros_like(free) if held_out is None else free_energy_of(rbm, held_out).mean(axis=-1)
    return np.stack([error, free, held_out_free])


# ---------------------------------------------------------------- pretraining


@dataclass(frozen=True)
class Pretraining:
    """A stack of machines, trained one after the other.

    Attributes:
        layers: (W, b) of each layer of a sigmoid network, W (…, fan_in, fan_out), b (…, fan_out), to be fine-tuned.
        histories: one a layer.
    """

    layers: list[tuple[np.ndarray, np.ndarray]]
    histories: list[RBMHistory]


def pretrain(configs: Sequence[RBMConfig], data, seed: int | Sequence[int] = 0) -> Pretraining:
    """Greedy layer-wise pretraining: train a machine, freeze it, train the next on what its hidden layer says.

        data_1 = data ;  data_(l+1) = p(h | data_l) = sigmoid(data_l W_l + c_l) ;  b_l = c_l

    Args:
        configs: one a layer, from the input up; 1 to 10.
        data: shape (n_samples, n_visible), or (runs, n_samples, n_visible), each of [0, 1].
        seed: a whole number for one run, a sequence of them for a stack of runs; each run's random numbers
            go on from layer to layer.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: the next layer sees probabilities, not drawn states. The visible biases served the reconstruction only,
        and are left behind.
    Source: Hinton, Osindero and Teh (2006); Bengio et al. (2007), Greedy layer-wise training of deep networks.
    """
    whole("number of layers", len(configs), 1, 10)
    generators = _generators(seed)
    below = _stacked("data", data, len(generators))
    histories = []
    for config in configs:
        history = _train(config, below, None, generators)
        histories.append(history if np.ndim(seed) else _only_run(history))
        below = up(history.rbm, below)
    return Pretraining([(history.rbm.W, history.rbm.hidden_bias) for history in histories], histories)


# ---------------------------------------------------------------- stacks of runs


def _generators(seed: int | Sequence[int]) -> list[np.random.Generator]:
    seeds = np.atleast_1d(finite("seed", seed)).ravel()
    whole("number of seeds", len(seeds), 1, MAX_RUNS)
    return [np.random.default_rng(whole("seed", s, 0, 2**32 - 1)) for s in seeds]


def _stacked(argument: str, data, runs: int) -> np.ndarray:
    """Data of [0, 1] as (runs, n_samples, n_visible); one data set for all runs is not copied."""
    data = check_probabilities(argument, data)
    if data.ndim not in (2, 3) or not data.size or (data.ndim == 3 and len(data) != runs):
        raise InputError("wrong_shape", argument, data.shape, f"(n_samples, n_visible), ({runs}, n_samples, n_visible)")
    whole("number of samples", data.shape[-2], 1, MAX_SAMPLES)
    whole("number of visible units", data.shape[-1], 1, MAX_UNITS)
    return np.broadcast_to(data, (runs, *data.shape[-2:]))


def _refuse_too_much(config: RBMConfig, data: np.ndarray) -> None:
    runs, n_samples, n_visible = data.shape
    # A step costs as much as fifteen draws, however small it is; and every run draws from its own stream.
    steps = config.epochs * -(-n_samples // config.batch_size) * config.k
    whole("number of Gibbs steps", steps, 0, MAX_GIBBS_COST // (15 + runs))
    # Squashing and drawing a unit costs as much as some 32 multiplications.
    work = runs * n_samples * config.epochs * config.k * (n_visible + 32) * (config.n_hidden + 32)
    number("runs x samples x epochs x k x (visible + 32) x (hidden + 32)", work, 0, MAX_WORK)
    held = runs * (n_samples * max(n_visible, config.n_hidden) + len(config.snapshots) * n_visible * config.n_hidden)
    number("numbers in data and snapshots", held, 0, MAX_NUMBERS)


def _stack(machines: list[RBM]) -> RBM:
    return RBM(*(np.stack([getattr(rbm, field.name) for rbm in machines]) for field in fields(RBM)))


def _only_run(history: RBMHistory) -> RBMHistory:
    """The history of a stack of one, without the runs' axis."""
    held_out = history.held_out_free_energy
    return RBMHistory(
        rbm=_first(history.rbm),
        reconstruction_error=history.reconstruction_error[0],
        free_energy=history.free_energy[0],
        held_out_free_energy=None if held_out is None else held_out[0],
        snapshots={epoch: _first(rbm) for epoch, rbm in history.snapshots.items()},
    )


def _first(rbm: RBM) -> RBM:
    return RBM(rbm.W[0], rbm.visible_bias[0], rbm.hidden_bias[0])


def _read_only_rbm(rbm: RBM) -> RBM:
    return RBM(read_only(rbm.W), read_only(rbm.visible_bias), read_only(rbm.hidden_bias))
