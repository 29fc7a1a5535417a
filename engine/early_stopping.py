"""Early stopping: each run goes back to where its test loss was lowest, once it has not fallen for a while."""

import numpy as np

from engine.network import Network


class EarlyStopping:
    """Follows the test losses of a stack of runs.

    Args:   network: whose live parameters and statistics are followed. patience: epochs without a lower test loss;
            None never stops, and only remembers which epoch was best.
    Source: Prechelt (1998), "Early stopping - but when?".
    Convention: a run that has stopped stays in the stack, unheeded: its results are those of its best epoch.
    """

    def __init__(self, network: Network, patience: int | None):
        self._network, self._patience = network, patience
        self.best = np.full(network.runs, np.inf)
        self.best_epoch = np.full(network.runs, -1)
        self.stopped_at = np.full(network.runs, -1)
        self.all_stopped = False
        self._parameters, self._statistics = network.parameters.copy(), network.statistics.copy()

    def look(self, epoch: int, losses: np.ndarray) -> None:
        """Take note of the test losses (runs,) of this epoch."""
        better = (losses < self.best) & (self.stopped_at < 0)
        self.best[better], self.best_epoch[better] = losses[better], epoch
        self._parameters[better] = self._network.parameters[better]
        self._statistics[better] = self._network.statistics[better]
        waited = epoch - np.maximum(self.best_epoch, 0)
        self.stopped_at[(self.stopped_at < 0) & (waited >= self._patience)] = epoch
        self.all_stopped = bool((self.stopped_at >= 0).all())

    def parameters(self) -> np.ndarray:
        """The live parameters, for stopped runs those of their best epoch; a new array (runs, n_parameters)."""
        return np.where((self.stopped_at >= 0)[:, None], self._parameters, self._network.parameters)

    def statistics(self) -> np.ndarray:
        """The same of the running statistics, (runs, 2 * n_normalized)."""
        return np.where((self.stopped_at >= 0)[:, None], self._statistics, self._network.statistics)
