"""What the NumPy and the PyTorch script of a training have in common: data, start, order of batches, loop."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.architecture import Architecture
from engine.batches import batch_sizes
from engine.export_code import rows
from engine.preparation import fit_standardizer
from engine.samples import Dataset
from engine.training_config import MASKS, ORDER, TrainingConfig


@dataclass(frozen=True)
class Plan:
    """One run of a training, with everything that a script needs to repeat it.

    config; X, Y, X_test, Y_test (None without test samples); parameters: start, flat; run: which of the config's;
    frozen: names of parameters that stay as they are.
    """

    config: TrainingConfig
    X: np.ndarray
    Y: np.ndarray
    X_test: np.ndarray | None
    Y_test: np.ndarray | None
    parameters: np.ndarray
    run: int = 0
    frozen: tuple[str, ...] = ()

    @property
    def architecture(self) -> Architecture:
        return self.config.architecture

    @property
    def layers(self) -> range:
        return range(1, self.architecture.n_layers + 1)

    @property
    def learning_rate(self) -> float:
        rates = self.config.learning_rates
        return float(rates[self.run] if rates else self.config.optimizer.learning_rate)

    def tensors(self) -> dict[str, list]:
        """Name -> start of W1, b1, ..., gamma1, beta1, ... as nested lists."""
        of, named = self.architecture, {}
        for n, W, b in zip(self.layers, of.weights(self.parameters), of.biases(self.parameters), strict=True):
            named |= {f"W{n}": W.tolist(), f"b{n}": b.tolist()}
        for n, scale in zip(self.layers, of.scales(self.parameters), strict=True):
            if scale is not None:
                named |= {f"gamma{n}": scale[0].tolist(), f"beta{n}": scale[1].tolist()}
        return named

    def running(self) -> dict[str, int]:
        """Name -> number of units of mean1, var1, ... of the normalized layers."""
        of = self.architecture
        return {f"{name}{n}": of.sizes[n] for n in self.layers if of.norms[n - 1] for name in ("mean", "var")}

    def data_lines(self, array: str) -> list[str]:
        """X, Y, X_test, Y_test, and the standardization of the features."""
        tables = {"X": self.X, "Y": self.Y, "X_test": self.X_test, "Y_test": self.Y_test}
        lines = [f"{name} = {array}({rows(table)})" for name, table in tables.items() if table is not None]
        if self.config.standardize:
            fitted = fit_standardizer(self.X)
            lines += [f"center, scale = {array}({fitted.mean.tolist()}), {array}({fitted.scale.tolist()})"]
            lines += [f"{name} = ({name} - center) / scale" for name in ("X", "X_test") if tables[name] is not None]
        return lines

    def stream_lines(self) -> list[str]:
        """The streams of random numbers that order and masks are drawn from, where any are."""
        seed, lines = self.config.run_seeds[self.run], []
        if self.shuffles:
            lines.append(f"orders = np.random.default_rng([{seed}, {ORDER}])")
        if self.config.dropout:
            lines.append(f"masks = np.random.default_rng([{seed}, {MASKS}])")
        return lines

    @property
    def scheduled(self) -> bool:
        """Whether the learning rate changes; Rprop has none after its start."""
        return self.config.schedule.code != "constant" and self.config.optimizer.code != "rprop"

    @property
    def shuffles(self) -> bool:
        return len(batch_sizes(len(self.X), self.config.batch_size)) > 1

    def loop_lines(self, look: Sequence[str] = ()) -> list[str]:
        """The epochs; the script has defined step(rows), show(epoch), test_loss(), copy() and restore(kept).

        Args: look: lines that look at the network after each epoch, 0 being the start; by default show each tenth.
        """
        config, size = self.config, max(batch_sizes(len(self.X), self.config.batch_size))
        order = "orders.permutation(len(X))" if self.shuffles else "np.arange(len(X))"
        patience = config.patience is not None
        tenths = f"if epoch % {max(config.epochs // 10, 1)} == 0:", "    show(epoch)"
        lines = ["best, best_epoch, kept = np.inf, 0, copy()", ""] if patience else []
        lines += [
            f"for epoch in range({config.epochs} + 1):",
            "    if epoch > 0:",
            f"        order = {order}",
            f"        for first in range(0, len(X), {size}):",
            f"            step(order[first : first + {size}])",
            *(f"    {line}" for line in look or tenths),
        ]
        if patience:
            lines += [
                "    now = test_loss()",
                "    if now < best:",
                "        best, best_epoch, kept = now, epoch, copy()",
                f"    elif epoch - best_epoch >= {config.patience}:",
                "        restore(kept)  # early stopping: back to the best epoch",
                "        break",
            ]
        return lines


def plan(config: TrainingConfig, samples: Dataset, test: Dataset | None = None, start=None, run: int = 0) -> Plan:
    """The plan of one of a config's runs; arguments as engine.trainer.train.

    Raises: InputError: data or start that do not fit, a run that does not exist.
    """
    errors.whole("run", run, 0, config.runs - 1)
    for argument, dataset in (("samples", samples), ("test", test)):
        if dataset is not None:
            errors.shape(f"{argument}.X", dataset.X, (None, config.sizes[0]))
            errors.shape(f"{argument}.targets", dataset.targets, (len(dataset), config.sizes[-1]))
    if config.patience is not None and test is None:
        raise errors.InputError("unknown_name", "test", None, "Dataset")  # patience needs it
    first = config.start() if start is None else np.atleast_2d(errors.finite("start", start))
    errors.shape("start", first, (config.architecture.n_parameters,))
    parameters = first[run if len(first) > 1 else 0]
    test_arrays = (None, None) if test is None else (test.X, test.targets)
    return Plan(config, samples.X, samples.targets, *test_arrays, parameters, run)
