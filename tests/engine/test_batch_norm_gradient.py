"""The gradient through a batch: its steps against the layer's own, central differences, what the Jacobian cannot do."""

import numpy as np
import pytest

from engine.batch_norm_gradient import BackwardConfig, backward, move
from engine.differences import difference
from engine.errors import InputError
from engine.layer_tables import batch_norm
from engine.layers import BatchNorm

FIVE, FIRST = (2.0, 4.0, 5.0, 6.0, 8.0), (1.0, 0.0, 0.0, 0.0, 0.0)
NO_EPSILON = 1e-300


def drawn(seed: int, n: int = 5) -> BackwardConfig:
    rng = np.random.default_rng(seed)
    x, dy = rng.normal(3.0, 4.0, n), rng.normal(size=n)
    return BackwardConfig(tuple(x.tolist()), tuple(dy.tolist()), rng.normal(), 10.0 ** rng.uniform(-6, -1))


def test_the_steps_by_hand():
    s = backward(BackwardConfig(FIVE, FIRST, epsilon=NO_EPSILON))
    assert (s.mean, s.var, s.root, s.dbeta, s.dgamma) == (5.0, 4.0, 2.0, 1.0, -1.5)
    assert (s.moment, s.dvar, s.dmean) == (-3.0, 0.1875, -0.5)
    assert s.direct.tolist() == [0.5, 0, 0, 0, 0]
    np.testing.assert_allclose(s.through_var, [-0.225, -0.075, 0, 0.075, 0.225], atol=1e-15)
    np.testing.assert_allclose(s.through_mean, -0.1)
    np.testing.assert_allclose(s.dx, [0.175, -0.175, -0.1, -0.025, 0.125], rtol=1e-14)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [2, 5, 20])
def test_the_steps_are_the_layers_gradient(seed, n):
    config = drawn(seed, n)
    s = backward(config)
    x, dy = np.array(config.x)[:, None], np.array(config.dy)[:, None]
    layer = batch_norm(x, config.gamma, dy=dy, config=BatchNorm(epsilon=config.epsilon))
    np.testing.assert_allclose(s.dx, layer.dx[:, 0], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose((s.dgamma, s.dbeta), (layer.dgamma[0, 0], layer.dbeta[0, 0]), rtol=1e-12)
    np.testing.assert_allclose(s.jacobian.T @ s.dy, s.dx, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("seed", range(4))
def test_the_check_accepts_the_steps_and_refutes_what_is_wrong(seed):
    s = backward(drawn(seed))
    assert s.error(s.dx) < 1e-8
    assert s.error(s.naive) > 1e-2
    assert s.error(s.dx * 1.001) > 1e-5
    wrong = s.direct + s.through_mean  # forgets the variance alone
    assert s.error(wrong) > 1e-2


def test_too_small_a_step_has_no_digits_left():
    config = drawn(0)
    errors = [
        backward(BackwardConfig(config.x, config.dy, config.gamma, config.epsilon, h)) for h in (1e-1, 1e-5, 1e-14)
    ]
    coarse, fine, none = (s.error(s.dx) for s in errors)
    assert fine < 1e-3 * coarse
    assert none > 1e3 * fine


def test_each_entry_of_the_jacobian_is_a_slope():
    config = drawn(1)
    x = np.array(config.x)
    norm = BatchNorm(epsilon=config.epsilon)
    for i in range(len(x)):
        slopes = difference(lambda p, i=i: batch_norm(p[..., None], config.gamma, config=norm).y[..., i, 0], x, 1e-5)
        np.testing.assert_allclose(backward(config).jacobian[i], slopes, rtol=1e-6, atol=1e-8)


def test_two_directions_are_lost():
    s = backward(BackwardConfig(FIVE, FIRST, epsilon=NO_EPSILON))
    assert s.largest_row_sum < 1e-15
    assert max(map(abs, s.jacobian_along_x_hat)) < 1e-15
    assert np.linalg.matrix_rank(s.jacobian) == 3
    assert abs(s.total) < 1e-15
    assert abs(s.along_x_hat) < 1e-15


def test_along_x_hat_epsilon_is_all_that_is_left():
    s = backward(BackwardConfig(FIVE, FIRST, 2.0, 0.01))
    np.testing.assert_allclose(s.jacobian_along_x_hat, 2.0 * 0.01 / s.root**3 * s.x_hat, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("dy", [(1.0,) * 5, (-1.5, -0.5, 0.0, 0.5, 1.5)])
def test_equal_gradients_and_those_along_x_hat_leave_nothing(dy):
    np.testing.assert_allclose(backward(BackwardConfig(FIVE, dy, epsilon=NO_EPSILON)).dx, 0.0, atol=1e-15)


def test_two_samples_get_no_gradient():
    assert backward(BackwardConfig((1.0, 3.0), (1.0, 0.0), epsilon=NO_EPSILON)).dx.tolist() == [0.0, 0.0]


def test_the_naive_gradient_is_that_of_evaluation():
    s = backward(drawn(2))
    np.testing.assert_allclose(s.frozen_jacobian.T @ s.dy, s.naive, rtol=1e-12)
    assert np.count_nonzero(s.frozen_jacobian - np.diag(np.diag(s.frozen_jacobian))) == 0


@pytest.mark.parametrize("c", [0.25, 2.0, 100.0])
def test_larger_weights_before_give_the_same_outputs_and_a_smaller_gradient(c):
    config = BackwardConfig(FIVE, (0.8, -1.2, 0.3, 0.5, -0.7), 1.5, NO_EPSILON)
    one, other = backward(config), backward(config.scaled(c))
    np.testing.assert_allclose(other.y, one.y, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(other.dx, one.dx / c, rtol=1e-9, atol=1e-15)


def test_one_input_moves_every_output():
    config = drawn(3)
    moved = move(config, 4, 1e-6)
    np.testing.assert_allclose(moved.change, moved.predicted, rtol=1e-4, atol=1e-12)
    far = move(config, 4, 2.0)
    assert np.abs(far.change).min() > 1e-3
    np.testing.assert_allclose(far.before + far.change, far.after)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: BackwardConfig((1.0,), (1.0,)), "samples in a batch with batch normalization"),
        (lambda: BackwardConfig((1.0,) * 21, (1.0,) * 21), "samples in a batch with batch normalization"),
        (lambda: BackwardConfig((1.0, 2.0), (1.0,)), "dy"),
        (lambda: BackwardConfig((1.0, np.nan), (1.0, 1.0)), "x"),
        (lambda: BackwardConfig((1.0, 2.0), (1.0, 1e7)), "dy"),
        (lambda: BackwardConfig((1.0, 2.0), (1.0, 1.0), gamma=np.inf), "gamma"),
        (lambda: BackwardConfig((1.0, 2.0), (1.0, 1.0), epsilon=0.0), "epsilon"),
        (lambda: BackwardConfig((1.0, 2.0), (1.0, 1.0), h=0.0), "h"),
        (lambda: BackwardConfig((1.0, 2.0), (1.0, 1.0)).scaled(1e7), "x"),
        (lambda: move(BackwardConfig((1.0, 2.0), (1.0, 1.0)), 2, 1.0), "sample"),
        (lambda: move(BackwardConfig((1.0, 2.0), (1.0, 1.0)), 0, np.nan), "delta"),
    ],
)
def test_bad_values_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


def test_results_cannot_be_written_to_and_more_samples_cost_more():
    s = backward(drawn(0))
    for array in (s.dx, s.numeric, s.jacobian):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    assert drawn(0, 20).cost.operations > drawn(0, 2).cost.operations
