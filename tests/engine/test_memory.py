"""What a study holds while it runs is about what its cost says: the budget of a screen rests on it."""

import tracemalloc

import pytest

from engine import dropout_and_norm, normalized_training, optimizer_study, overfitting_study, success_rates
from engine.dropout_and_norm import OrderConfig
from engine.normalized_training import NormConfig
from engine.optimizer_study import StudyConfig
from engine.overfitting import OverfittingConfig, Regularizer

ORDER = OrderConfig(n_hidden=3, width=32, n_seeds=10, epochs=1)
NORM = NormConfig(n_hidden=5, width=32, n_seeds=5, epochs=1)
STUDY = StudyConfig(hidden=4, updates=500, n_seeds=50)
BLOCK = success_rates.blocks("xavier_normal", 100, success_rates.Setting(hidden=20, epochs=300))[0]
OVER, NONE = OverfittingConfig(n_samples=500, width=64, layers=3, epochs=3), Regularizer()
STUDIES = {
    "orders": (lambda: dropout_and_norm.study_order(ORDER, "norm_first", 0.5), ORDER.cost("norm_first", 0.5)),
    "inside": (
        lambda: normalized_training.look_inside(NORM, "after_activation", 0.1),
        normalized_training.inside_cost(NORM, "after_activation"),
    ),
    "rates": (
        lambda: normalized_training.study_rates(NORM, "after_activation"),
        normalized_training.rates_cost(NORM, "after_activation"),
    ),
    "search": (lambda: optimizer_study.search(STUDY, "sgd"), STUDY.search_cost),
    "successes": (lambda: success_rates.run(BLOCK), BLOCK.cost),
    "overfitting": (lambda: overfitting_study.study(OVER, NONE, 0), OVER.cost(NONE)),
}


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_holds_what_its_cost_says(name):
    study, cost = STUDIES[name]
    tracemalloc.start()
    try:
        result = study()
        kept, peak = (size / 1e6 for size in tracemalloc.get_traced_memory())
    finally:
        tracemalloc.stop()
    assert result is not None
    assert cost.megabytes / 4 < peak < 1.5 * cost.megabytes
    assert kept < cost.kept + 2.0  # what is drawn once and stays is not counted
