"""The script of the comparison prints the engine's medians, for every data set and each kind of regularizer."""

import contextlib
import io

import pytest

from engine.export_overfitting import overfitting_script
from engine.overfitting import BLOCK, DATA, OverfittingConfig, Regularizer
from engine.overfitting_pairs import compare
from engine.overfitting_study import joined, study

ALL = {
    "none": Regularizer(),
    "p = 0.5": Regularizer("dropout", 0.5),
    "L1": Regularizer("l1", 0.003),
    "L2": Regularizer("l2", 0.01),
    "patience": Regularizer("early_stopping", 5),
}


def printed(script: str) -> list[str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return out.getvalue().splitlines()


def check(config, n_seeds=BLOCK):
    blocks = range(n_seeds // BLOCK)
    outcomes = {name: joined([study(config, one, block) for block in blocks]) for name, one in ALL.items()}
    lines = printed(overfitting_script(config, ALL, n_seeds))
    for (name, outcome), line in zip(outcomes.items(), lines, strict=False):
        numbers = [float(word) for word in line.removeprefix(name).split() if word[0] in "-0123456789"]
        names = ("train_loss", "validation_loss", "test_loss", "best_loss", "best_epoch")
        scores = ("train_score", "validation_score", "test_score", "small")
        assert numbers == pytest.approx([outcome.median(one) for one in names + scores], rel=1e-6), name
    reference, *others = outcomes
    for name, line in zip(others, lines[len(ALL) :], strict=True):
        pair = compare(outcomes[name], outcomes[reference])
        scores = f"score higher {pair.n_score_higher} lower {pair.n_score_lower}"
        start = f"{name} against {reference} lower {pair.n_lower} higher {pair.n_higher} {scores} difference "
        assert line.startswith(start)
        assert float(line.removeprefix(start)) == pytest.approx(pair.median, rel=1e-5)


@pytest.mark.parametrize("data", DATA)
def test_every_data_set(data):
    check(OverfittingConfig(data=data, n_samples=20, width=6, learning_rate=0.02, epochs=30))


def test_tanh_sgd_one_layer_and_more_seeds():
    config = OverfittingConfig(
        n_samples=20, width=6, layers=1, hidden="tanh", optimizer="sgd", learning_rate=0.2, epochs=30, data_seed=3
    )
    check(config, 2 * BLOCK)
