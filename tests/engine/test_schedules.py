"""Learning-rate schedules: printed factors, all steps at once, refusals."""

from dataclasses import fields

import numpy as np
import pytest

from engine.errors import InputError
from engine.schedules import (
    SCHEDULES,
    SYMBOLS,
    Constant,
    Cosine,
    ExponentialDecay,
    Schedule,
    StepDecay,
    WarmUp,
    schedule,
)

PRINTED = [
    (Constant(), [0, 1, 1000], [1, 1, 1]),
    (StepDecay(every=10, decay=0.5), [0, 9, 10, 19, 20, 35], [1, 1, 0.5, 0.5, 0.25, 0.125]),
    (ExponentialDecay(decay=0.9), [0, 1, 2, 10], [1, 0.9, 0.81, 0.34867844]),
    (Cosine(length=4), [0, 1, 2, 3, 4, 6], [1, 0.85355339, 0.5, 0.14644661, 0, 0.5]),
    (Cosine(length=4, floor=0.2), [0, 2, 4], [1, 0.6, 0.2]),
    (WarmUp(length=4, start=0.2), [0, 1, 2, 3, 4, 100], [0.2, 0.4, 0.6, 0.8, 1, 1]),
    (WarmUp(length=2, start=0.5, then=Cosine(length=4)), [0, 1, 2, 4, 6], [0.5, 0.75, 1, 0.5, 0]),
    (WarmUp(length=2, start=0.5, then=ExponentialDecay(decay=0.5)), [1, 2, 3, 5], [0.75, 1, 0.5, 0.125]),
]


@pytest.mark.parametrize(("rule", "steps", "factors"), PRINTED)
def test_printed_factors(rule, steps, factors):
    np.testing.assert_allclose(rule(steps), factors, rtol=1e-7, atol=1e-15)
    for step, factor in zip(steps, factors, strict=True):
        np.testing.assert_allclose(rule(step), factor, rtol=1e-7, atol=1e-15)
    np.testing.assert_allclose(1.001 * rule(steps[0]), factors[0], rtol=2e-3)
    assert not np.isclose(1.001 * rule(steps[0]), factors[0], rtol=1e-7)


@pytest.mark.parametrize("code", SCHEDULES)
def test_every_schedule_explains_itself(code):
    rule = schedule(code)
    assert isinstance(rule, Schedule)
    assert rule.code == code
    assert rule.description.endswith(".")
    assert rule.formula.startswith(r"\eta_t = ")
    for setting in fields(rule):
        assert SYMBOLS[setting.name] in rule.formula
    factors = rule(np.arange(12).reshape(3, 4))
    assert factors.shape == (3, 4)
    assert ((factors >= 0) & (factors <= 1)).all()


def test_schedules_are_values():
    assert WarmUp(length=3, then=Cosine(length=7)) == WarmUp(length=3, then=Cosine(length=7))
    assert hash(StepDecay()) == hash(StepDecay(every=30, decay=0.1))


def test_steps_are_not_changed():
    steps = np.arange(5.0)
    WarmUp(then=Cosine())(steps)
    np.testing.assert_array_equal(steps, np.arange(5.0))


REFUSED = [
    (lambda: schedule("zigzag"), "schedule must be one of constant, step, .*, not zigzag"),
    (lambda: schedule("cosine", speed=1), "setting must be one of length, floor, not speed"),
    (lambda: StepDecay(every=0), r"every must lie in \[1, 1000000\], not at 0"),
    (lambda: StepDecay(decay=1.5), r"decay must lie in \[0, 1\], not at 1.5"),
    (lambda: ExponentialDecay(decay=np.nan), "decay must be finite, not nan"),
    (lambda: Cosine(length=2.5), "length must be a number, not 2.5"),
    (lambda: Cosine(floor=-1), r"floor must lie in \[0, 1\], not at -1"),
    (lambda: WarmUp(start=0), r"start must lie in \(0, 1\], not at 0"),
    (lambda: WarmUp(then="cosine"), "then must be one of Schedule, not cosine"),
    (lambda: Constant()(-1), r"step must lie in \[0, ∞\), not at -1"),
    (lambda: Constant()(np.inf), "step must be finite, not inf"),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_bad_settings_are_named(make, message):
    with pytest.raises(InputError, match=message):
        make()
