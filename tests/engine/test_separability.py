"""Gates, separating lines and contradictions, margins and Novikoff's bound."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.gates import GATES, POINTS, gate, gate_of
from engine.margins import maximum_margin, mistake_bound, widest_bias
from engine.perceptron import augmented, evaluate
from engine.rosenblatt import learn
from engine.separability import find_contradiction, integer_witness, separability

XOR = gate("xor").target

# ---------------------------------------------------------------- gates


def test_the_table_is_complete_and_in_order():
    numbers = [int("".join(map(str, g.outputs)), 2) for g in GATES.values()]
    assert numbers == list(range(16))
    assert all(code == g.code and g.name and g.meaning for code, g in GATES.items())
    np.testing.assert_array_equal(POINTS, [(0, 0), (0, 1), (1, 0), (1, 1)])


@pytest.mark.parametrize(
    ("code", "function"),
    [
        ("false", lambda a, b: False),
        ("and", lambda a, b: a and b),
        ("nimply", lambda a, b: a and not b),
        ("a", lambda a, b: a),
        ("converse_nimply", lambda a, b: b and not a),
        ("b", lambda a, b: b),
        ("xor", lambda a, b: a != b),
        ("or", lambda a, b: a or b),
        ("nor", lambda a, b: not (a or b)),
        ("xnor", lambda a, b: a == b),
        ("not_b", lambda a, b: not b),
        ("converse_imply", lambda a, b: a or not b),
        ("not_a", lambda a, b: not a),
        ("imply", lambda a, b: b or not a),
        ("nand", lambda a, b: not (a and b)),
        ("true", lambda a, b: True),
    ],
)
def test_gate_is_what_its_name_says(code, function):
    np.testing.assert_array_equal(gate(code).target, [function(bool(a), bool(b)) for a, b in POINTS])


def test_unknown_gate():
    with pytest.raises(InputError, match="gate must be one of false, and"):
        gate("maybe")


@pytest.mark.parametrize("code", GATES)
def test_a_gate_is_known_by_its_outputs(code):
    assert gate_of(gate(code).target) is GATES[code]


@pytest.mark.parametrize(
    ("outputs", "code"),
    [
        ([0, 1, 1], "wrong_shape"),
        ([0, 1, 2, 1], "out_of_range"),
        ([0, 1, 0.5, 1], "out_of_range"),
        ("x", "not_a_number"),
    ],
)
def test_outputs_of_no_gate(outputs, code):
    with pytest.raises(InputError) as error:
        gate_of(outputs)
    assert (error.value.code, error.value.argument) == (code, "outputs")


# ---------------------------------------------------------------- separability


def test_fourteen_gates_have_a_line():
    assert [code for code in GATES if not separability(POINTS, gate(code).target).separable] == ["xor", "xnor"]


@pytest.mark.parametrize("code", [code for code in GATES if code not in ("xor", "xnor")])
def test_witness_works(code):
    proof = separability(POINTS, gate(code).target)
    result = evaluate(proof.weights, proof.bias, POINTS, gate(code).target)
    assert proof.method == "integer box"
    assert proof.contradiction is None
    assert result.correct.all()
    assert (result.z != 0).all()


@pytest.mark.parametrize(("code", "witness"), [("and", (2, 2, -3)), ("or", (2, 2, -1)), ("nand", (-2, -2, 3))])
def test_known_witnesses(code, witness):
    np.testing.assert_array_equal(integer_witness(POINTS, gate(code).target), witness)


def test_xor_contradiction_by_hand():
    # 01 and 10 give w1 + w2 + 2b > 0; 00 and 11 give w1 + w2 + 2b <= 0.
    proof = separability(POINTS, XOR)
    np.testing.assert_array_equal(proof.coefficients, [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)])
    assert proof.relations == ("<=", ">", ">", "<=")
    assert proof.weights is proof.bias is None
    found = proof.contradiction
    np.testing.assert_array_equal(found.positives, [1, 2])
    np.testing.assert_array_equal(found.negatives, [0, 3])
    np.testing.assert_allclose(found.positive_weights, [0.5, 0.5])
    np.testing.assert_allclose(found.negative_weights, [0.5, 0.5])
    np.testing.assert_allclose(found.point, [0.5, 0.5])
    np.testing.assert_allclose(found.positive_multipliers, [1, 1])
    np.testing.assert_allclose(found.summed, [1, 1, 2])


def check_contradiction(X, target, found):
    """The two sums have the same left side, and the points are on the sides they are said to be on."""
    rows = augmented(np.asarray(X, dtype=float))
    assert (target[found.positives] == 1).all()
    assert (target[found.negatives] == 0).all()
    left, right = found.positive_multipliers @ rows[found.positives], found.negative_multipliers @ rows[found.negatives]
    scale = np.abs(rows).max()
    np.testing.assert_allclose(left, right, rtol=1e-7, atol=1e-9 * scale)
    np.testing.assert_allclose(found.summed, left, rtol=1e-7, atol=1e-9 * scale)
    for shares in (found.positive_weights, found.negative_weights):
        assert (shares > 0).all()
        assert shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("n_features", [1, 2, 3])
def test_random_sets_have_a_line_or_a_contradiction(n_features):
    rng = np.random.default_rng(n_features)
    answers = set()
    for _ in range(60):
        n = int(rng.integers(2, 9))
        X, target = rng.normal(size=(n, n_features)) * 10 + 30, rng.integers(0, 2, n).astype(float)
        proof = separability(X, target)
        answers.add(proof.separable)
        if proof.separable:
            assert evaluate(proof.weights, proof.bias, X, target).correct.all()
            assert find_contradiction(X, target) is None
        else:
            check_contradiction(X, target, proof.contradiction)
            assert len(proof.contradiction.positives) + len(proof.contradiction.negatives) <= n_features + 2
    assert answers == {True, False}


@pytest.mark.parametrize(
    ("X", "target", "size"),
    [
        ([(2.0, 3.0), (2.0, 3.0)], [0, 1], 2),  # the same point twice, with both targets
        ([(0, 0), (1, 1), (2, 2)], [0, 1, 0], 3),  # a 1 between two 0s
        ([(0, 0), (4, 0), (0, 4), (1, 1)], [0, 0, 0, 1], 4),  # a 1 inside a triangle of 0s
        ([(0,), (1,), (2,)], [1, 0, 1], 3),
    ],
)
def test_degenerate_contradictions(X, target, size):
    X, target = np.array(X, dtype=float), np.array(target, dtype=float)
    found = separability(X, target).contradiction
    check_contradiction(X, target, found)
    assert len(found.positives) + len(found.negatives) == size


# ---------------------------------------------------------------- margins


@pytest.mark.parametrize(
    ("code", "u", "squared_norm"),
    # The shortest (w1, w2, b) that keeps every point at 1 or more; by hand from the active points.
    [
        ("and", (2, 2, -3), 17),
        ("or", (2, 2, -1), 9),
        ("nand", (-2, -2, 3), 17),
        ("true", (0, 0, 1), 1),
        ("a", (2, 0, -1), 5),
    ],
)
def test_maximum_margin_of_gates(code, u, squared_norm):
    margin = maximum_margin(POINTS, gate(code).target)
    np.testing.assert_allclose(np.append(margin.weights, margin.bias), u, atol=1e-12)
    assert margin.margin == pytest.approx(squared_norm**-0.5, rel=1e-12)
    assert margin.method == "enumeration of support sets"


def test_no_margin_without_a_line():
    assert maximum_margin(POINTS, XOR) is None


def test_no_direction_has_a_larger_margin():
    rng = np.random.default_rng(4)
    for _ in range(10):
        X = rng.normal(size=(8, 2))
        target = (X @ rng.normal(size=2) + rng.normal() > 0).astype(float)
        best = maximum_margin(X, target)
        signed = (2 * target - 1)[:, None] * augmented(X)
        u = np.append(best.weights, best.bias)
        assert (signed @ u).min() / np.linalg.norm(u) == pytest.approx(best.margin)
        np.testing.assert_allclose(signed[best.support] @ u, 1)
        others = u / np.linalg.norm(u) + rng.normal(size=(20_000, 3)) * rng.choice([0.01, 0.1, 1.0], size=(20_000, 1))
        margins = (others @ signed.T).min(axis=1) / np.linalg.norm(others, axis=1)
        assert margins.max() <= best.margin * (1 + 1e-9)
        assert margins.max() > 0.9 * best.margin  # the search came close, so it would have found a better one


@pytest.mark.parametrize(
    ("weights", "code", "bias"),
    [((1, 1), "and", -1.5), ((2, 1), "and", -2.5), ((1, 1), "or", -0.5), ((-2, -2), "nand", 3), ((4, 0), "a", -2)],
)
def test_widest_bias_by_hand(weights, code, bias):
    assert widest_bias(weights, POINTS, gate(code).target) == bias


def test_no_bias_is_wider():
    rng = np.random.default_rng(5)
    for _ in range(10):
        X, weights = rng.normal(size=(8, 2)), rng.normal(size=2)
        target = (X @ weights > np.median(X @ weights)).astype(float)
        best = widest_bias(weights, X, target)
        others = np.linspace(best - 3, best + 3, 2001)
        stack = np.broadcast_to(weights, (len(others), 2))
        margins = evaluate(stack, others, X, target).smallest_margin
        assert others[margins.argmax()] == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize(("weights", "target"), [((1, 1), XOR), ((-1, -1), gate("and").target), ((0, 0), XOR)])
def test_weights_along_which_no_bias_parts(weights, target):
    assert widest_bias(weights, POINTS, target) is None


@pytest.mark.parametrize(
    ("weights", "target", "code", "argument"),
    [
        ((1, 1), [0, 0, 0, 0], "out_of_range", "target"),
        ((1, 1, 1), XOR, "wrong_shape", "weights"),
        ((1, np.nan), XOR, "not_finite", "weights"),
        (np.ones((2, 2)), XOR, "wrong_shape", "bias"),
    ],
)
def test_widest_bias_refuses(weights, target, code, argument):
    with pytest.raises(InputError) as error:
        widest_bias(weights, POINTS, target)
    assert (error.value.code, error.value.argument) == (code, argument)


# ---------------------------------------------------------------- Novikoff


def test_bound_of_and_by_hand():
    # R^2 = 3 from (1, 1, 1), 1 / gamma^2 = 17: at most 51 mistakes; from zero the rule makes 10.
    report = mistake_bound(POINTS, gate("and").target, learn(POINTS, gate("and").target))
    assert report.radius == pytest.approx(3**0.5)
    assert report.bound == pytest.approx(51)
    assert report.mistakes == 10
    assert report.applies
    assert report.holds


@pytest.mark.parametrize("code", GATES)
@pytest.mark.parametrize("learning_rate", [0.1, 1.0])
def test_bound_holds_from_zero(code, learning_rate):
    target = gate(code).target
    for seed in range(5):
        report = mistake_bound(POINTS, target, learn(POINTS, target, learning_rate=learning_rate, seed=seed))
        assert report.applies == (code not in ("xor", "xnor"))
        assert report.holds


def test_bound_holds_from_zero_on_random_sets():
    rng = np.random.default_rng(5)
    for _ in range(30):
        X = rng.normal(size=(12, 2))
        target = (X @ rng.normal(size=2) + rng.normal() > 0).astype(float)
        report = mistake_bound(X, target, learn(X, target, max_updates=5_000))
        assert report.applies
        assert report.holds


def test_another_start_may_take_more():
    target = gate("and").target
    history = learn(POINTS, target, weights=(-5, 5), bias=5, learning_rate=0.1)
    report = mistake_bound(POINTS, target, history)
    assert history.converged
    assert report.mistakes > 51
    assert not report.applies
    assert not report.holds


def test_no_bound_for_xor():
    report = mistake_bound(POINTS, XOR, learn(POINTS, XOR))
    assert report.bound == np.inf
    assert report.separator is None
    assert not report.applies


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize("function", [separability, integer_witness, find_contradiction, maximum_margin])
@pytest.mark.parametrize(
    ("X", "target", "code", "argument"),
    [
        ([(0, np.inf)], [0], "not_finite", "X"),
        ([0, 1], [0, 1], "wrong_shape", "X"),
        (POINTS, [0, 1], "wrong_shape", "target"),
        (POINTS, [0, 1, 0, 0.5], "out_of_range", "target"),
    ],
)
def test_refused(function, X, target, code, argument):
    with pytest.raises(InputError) as error:
        function(X, target)
    assert (error.value.code, error.value.argument) == (code, argument)


@pytest.mark.parametrize("function", [separability, find_contradiction, maximum_margin])
def test_too_many_points(function):
    with pytest.raises(InputError) as error:
        function(np.zeros((100, 4)), np.zeros(100))
    assert (error.value.argument, error.value.value) == ("number of samples", 100)


def test_history_of_other_points():
    with pytest.raises(InputError, match=r"history\.weights"):
        mistake_bound([(0.0,), (1.0,)], [0, 1], learn(POINTS, XOR))


def test_inputs_stay():
    X, target = POINTS.copy(), XOR.copy()
    proof = separability(X, target)
    np.testing.assert_array_equal(X, POINTS)
    np.testing.assert_array_equal(target, XOR)
    with pytest.raises(ValueError, match="read-only"):
        proof.contradiction.summed[0] = 0
