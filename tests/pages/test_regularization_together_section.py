"""Dropout and batch norm together: formulas hold the unit's numbers, tables those of the networks."""

from collections import OrderedDict

import pytest

from engine.cost import in_turn
from engine.dropout_and_norm import ORDERS, OrderConfig, compare, lowest_error, study_order
from engine.variance_shift import Unit, drop_rate_at
from pages.sections.regularization.together_network import NAMES, NONE
from pages.shared import budget, cached_regularization_together
from pages.shared.numbers import plain, tex


def opened(app, language="en", **query):
    query = {f"regularization_together_{name}": str(value) for name, value in query.items()}
    return app("regularization", language, regularization_section="together", **query)


@pytest.fixture
def empty_shelves(monkeypatch):
    """Nothing trained yet."""
    monkeypatch.setattr(cached_regularization_together.orders, "_kept", OrderedDict())


def check(screen, config, rate):
    studies = [*(study_order(config, order, rate) for order in ORDERS), study_order(config, *NONE)]
    names = [*NAMES.values(), "no dropout"]
    for place, (name, one) in enumerate(zip(names, studies, strict=True)):
        row = [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in screen.table.iloc[place].tolist()]
        losses = [plain(float(loss.median), 3) for loss in (one.in_training, one.in_evaluation)]
        assert row == [name, *losses, f"{one.wrong.median:.1%}", f"{one.wrong_remeasured.median:.1%}"]
    best, none = lowest_error(studies[:-1]), studies[-1]
    if best.guesses:
        assert f"better here than guessing (50%); without dropout: {none.wrong.median:.1%}." in screen.words
        return
    assert f"**{NAMES[best.order]}**, {best.wrong.median:.1%}; without dropout {none.wrong.median:.1%}" in screen.words
    pairs = {name: compare(best, one) for name, one in zip(names, studies, strict=True) if one is not best}
    shown = [f"{name}: {one.lower} of {best.n_seeds} (p = {plain(one.p_value, 2)})" for name, one in pairs.items()]
    assert f"sign test: {'; '.join(shown)}." in screen.words
    apart = [name for name, one in pairs.items() if one.told_apart]
    if best.n_seeds <= 5:
        assert f"{best.n_seeds} seeds can tell nothing apart at 5%" in screen.words
        assert not apart
    else:
        told = f"each comparison by itself: {', '.join(apart)}." if apart else "None of them is told apart at 5%."
        assert told in screen.words


def test_the_default_screen(app):
    screen, unit = opened(app), Unit(0.4, 0.6, 0.5)
    check(screen, OrderConfig(), 0.5)
    assert r"&= \frac{0.6^2 + 0.5 \cdot 0.4^2}{1 - 0.5}" in screen.latex
    assert rf"&= {tex(unit.trained_var)}" in screen.latex
    assert rf"\frac{{0.36}}{{{tex(unit.trained_var)}}} = {tex(unit.ratio)}" in screen.latex
    assert "without asking" not in screen.words
    assert len(screen.picture) == 4
    assert f"meets only {unit.ratio:.1%} of the variance that it has stored" in screen.words
    assert "Dots: stored statistics; rings: measured anew" in screen.words
    screen.set("regularization_together_p", 0.0)
    assert "Without dropout batch norm meets in evaluation the variance that it has stored." in screen.words


def test_coin_tosses_have_no_best_order(app):
    screen = opened(app, rate=10)
    check(screen, OrderConfig(learning_rate=10.0), 0.5)
    assert "better here than guessing" in screen.words


def test_the_default_screen_is_within_the_budget():
    config = OrderConfig()
    costs = [config.cost(*NONE), *(config.cost(order, 0.5) for order in ORDERS)]
    assert in_turn(costs).within(budget.FREE)


def test_every_control_changes_the_numbers(app):
    screen = opened(app)
    screen.set("regularization_together_mean", -1.5)
    screen.set("regularization_together_std", 2.0)
    screen.set("regularization_together_p", 0.2)
    screen.set("regularization_together_digits", 6)
    unit = Unit(-1.5, 2.0, 0.2)
    assert r"\frac{2^2 + 0.2 \cdot \left(-1.5\right)^2}{1 - 0.2}" in screen.latex
    assert f"= {tex(unit.ratio, 6)}" in screen.latex
    screen.set("regularization_together_depth", 2)
    screen.set("regularization_together_width", "8")
    screen.set("regularization_together_activation", "tanh")
    screen.set("regularization_together_place", "before_activation")
    screen.set("regularization_together_data", "circles")
    screen.set("regularization_together_batch", "96")
    screen.set("regularization_together_rate", 0.5)
    screen.set("regularization_together_epochs", 6)
    screen.set("regularization_together_seeds", "3")
    screen.set("regularization_together_rates", ["20", "70"])
    config = OrderConfig(2, 8, "tanh", "before_activation", "circles", 96, 0.5, 6, 3)
    check(screen, config, 0.7)
    assert "Solid: stored statistics; dashed: measured anew" in screen.words
    screen.set("regularization_together_look", "0.2")
    check(screen, config, 0.2)
    assert screen.link["regularization_together_look"] == "0.2"


def test_more_drop_rates_wait_for_a_click(app, empty_shelves):
    screen = opened(app, rates="20.50.70", seeds=10)
    assert "more than this screen takes without asking" in screen.words
    assert len(screen.picture) == 1
    assert "**What to notice.**" in screen.words
    screen.click("regularization_together_run")
    assert len(screen.picture) == 4
    check(screen, OrderConfig(n_seeds=10), 0.7)


def test_what_is_there_is_shown_while_the_rest_waits(app, empty_shelves):
    screen = opened(app, depth=2, width=8, epochs=5, seeds=3)
    screen.set("regularization_together_seeds", "10")
    screen.set("regularization_together_epochs", 45)
    screen.set("regularization_together_rates", ["50", "70"])
    assert "**no dropout (p = 0), dropout → BN (p = 0.5)" in screen.words
    screen.click("regularization_together_run")
    screen.set("regularization_together_rates", ["10", "20", "30", "50", "70"])
    assert "**dropout → BN (p = 0.1)" in screen.words
    check(screen, OrderConfig(n_hidden=2, width=8, epochs=45, n_seeds=10), 0.7)


def test_what_is_beyond_reason_is_refused_in_a_sentence(app):
    screen = opened(app, depth=6, width=32, epochs=300, seeds=20, batch=8, rates="10.20.30.50.70")
    assert "reduce one of these" in screen.words
    assert len(screen.picture) == 1


def test_challenge_and_mistake(app):
    screen = opened(app)
    screen.set("regularization_together_challenge_guess", 0.5)
    assert "solve for p" in screen.words
    screen.set("regularization_together_challenge_guess", round(drop_rate_at(2.0, 1.0, 0.5), 3))
    assert "p = 1/6" in screen.words
    screen.set("regularization_together_mistake", "1")
    assert "which of the two moments changes" in screen.words
    screen.set("regularization_together_mistake", "3")
    assert "(1 − p) = 3, and that is stored" in screen.words
    assert "variance 0.3333 instead of 1" in screen.words


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_script_prints_the_screens_numbers(app, language):
    screen = opened(app, language, depth=2, width=8, epochs=3, seeds=3)
    unit, *lines = [line.split() for line in screen.printed()]
    assert f"= {tex(float(unit[9]))}" in screen.latex
    rows = screen.table.iloc[[3, 0, 1, 2]]  # without dropout comes first in the script
    for place, (losses, errors) in enumerate(zip(lines[::2], lines[1::2], strict=True)):
        shown = rows.iloc[place].tolist()[1:]
        assert shown[:2] == [plain(float(losses[5]), 3), plain(float(losses[10]), 3)]
        assert shown[2:] == [f"{float(errors[4]):.1%}", f"{float(errors[9]):.1%}"]
