"""Does it matter here: shares, differences, power; what is shown is what the engine computes."""

import json
from collections import OrderedDict
from dataclasses import replace
from itertools import combinations

import pytest

from engine.cost import in_turn
from engine.proportions import (
    confidence_for_all,
    most_told_apart,
    newcombe,
    p_value,
    power,
    trials_to_tell_apart,
    wilson,
)
from engine.success_rates import ENDS, NOTE_COUNTS, NOTE_SCHEMES, Setting, blocks, run, together
from pages.sections.initialization.matter_setup import BIASES, EPOCHS, NAMES, RUNS
from pages.shared import budget, cached_matter
from pages.shared.numbers import plain, tex

DEFAULT = tuple(NOTE_SCHEMES.values())
KEY = "initialization_matter"
OPENING = Setting(biases="pytorch")


def opened(app, language="en", **query):
    query = {f"{KEY}_{name}": str(value) for name, value in query.items()}
    return app("initialization", language, initialization_section="matter", **query)


@pytest.fixture
def empty_shelf(monkeypatch):
    monkeypatch.setattr(cached_matter.xor_block, "_kept", OrderedDict())


def rates(schemes, runs, setting):
    return {code: together([run(block) for block in blocks(code, runs, setting)]) for code in schemes}


def ends_of(interval):
    mark = "\N{NO-BREAK SPACE}✓" if interval.excludes_zero else ""
    return f"{from_to(interval)}{mark}"


def from_to(interval):
    return f"{plain(interval.low, 3)} … {plain(interval.high, 3)}".replace(" ", "\N{NO-BREAK SPACE}")


def check(screen, found):
    """The tables and pictures against what the engine finds."""
    shares, differences = screen.table, screen.at.table[1].value
    for row, (code, rate) in zip(shares.values.tolist(), found.items(), strict=True):
        interval = rate.interval()
        assert row[:2] == [NAMES[code], f"{rate.count}/{rate.runs}"]
        assert row[2] == from_to(interval)
    pairs = [(a, b) if found[a].count >= found[b].count else (b, a) for a, b in combinations(found, 2)]
    confidence = confidence_for_all(len(pairs))
    for row, (one, other) in zip(differences.values.tolist(), pairs, strict=True):
        first, second = found[one], found[other]
        assert row[0] == f"{NAMES[one]} − {NAMES[other]}"
        assert row[1] == ends_of(first.difference(second))
        if len(pairs) > 1:
            assert row[2] == ends_of(first.difference(second, confidence))
    assert "p" not in differences.columns  # the interval alone decides
    told = [newcombe((found[a].count, found[b].count), (found[a].runs,) * 2).excludes_zero for a, b in pairs]
    if not any(told):
        assert "**Nothing is told apart:** every interval contains 0." in screen.words
    elif len(pairs) == 1:
        assert "**The two are told apart** (✓)" in screen.words
    else:
        assert f"**{sum(told)} of {len(pairs)}** pairs are told apart" in screen.words
    assert ("Where 0 lies inside" in screen.words) == (not all(told))


def test_the_default_screen(app):
    screen = opened(app)
    found = rates(DEFAULT, 100, OPENING)
    check(screen, found)
    assert not [button for button in screen.at.button if button.key.startswith(f"{KEY}_run")]
    shares, _differences, ends, _power = map(json.loads, screen.picture)
    assert {layer.get("data", {}).get("name") for layer in shares["layer"]} >= {"note"}
    assert ends["mark"]["type"] == "bar"
    counted = screen.at.table[2].value
    assert counted.iloc[:, 1:].astype(int).values.tolist() == [list(rate.ends.values()) for rate in found.values()]
    assert plain(ENDS["plateau"]) in screen.words
    assert "84, 74, 71 of 100" in screen.words
    assert "cannot be reproduced" in screen.words
    assert "98.3%" in screen.words


def test_every_control_changes_the_numbers(app):
    screen = opened(app, runs=50, epochs=200)
    screen.set(f"{KEY}_schemes", ["he_normal", "small_normal"])
    screen.set(f"{KEY}_rate", 3.0)
    screen.set(f"{KEY}_hidden", 3)
    screen.set(f"{KEY}_biases", "zero")
    check(screen, rates(("he_normal", "small_normal"), 50, Setting(3, 3.0, 200, "zero")))
    assert "98.3%" not in screen.words  # one comparison needs no stricter confidence
    assert screen.link[f"{KEY}_schemes"] == "he_normal.small_normal"
    screen.set(f"{KEY}_epochs", "500")
    check(screen, rates(("he_normal", "small_normal"), 50, Setting(3, 3.0, 500, "zero")))


def test_the_notes_counts_and_the_facts(app):
    screen = opened(app, source="counts")
    shares, differences = screen.table, screen.at.table[1].value
    assert shares["Solved"].tolist() == ["84/100", "74/100", "71/100"]
    assert differences["Difference"].tolist() == ["normal − uniform", "normal − default", "uniform − default"]
    near, far, _last = differences["95%"]
    assert near.startswith("−0.0134")  # −0.013 to 0.211
    assert near.endswith("0.211")
    assert far.startswith("0.014\N{NO-BREAK SPACE}…")  # 0.014 to 0.242
    assert far.endswith("0.242\N{NO-BREAK SPACE}✓")
    assert "✓" not in "".join(differences["98.3%"])
    assert "**1 of 3** pairs are told apart" in screen.words
    assert "**0 of 3** are when all 3" in screen.words
    assert "about 260 runs of each kind" in screen.words
    assert f"in about {plain(100 * power(0.84, 0.74, 100), 2)}% of all repetitions" in screen.words
    assert f"Half as far apart, 84% and 79%, it takes about {trials_to_tell_apart(0.84, 0.79)}." in screen.words
    assert "anywhere from −0.013 to 0.211" in screen.words
    assert len(screen.picture) == 3  # nobody knows where the note's runs ended


def test_counts_of_ones_own(app):
    screen = opened(app, source="counts")
    screen.set(f"{KEY}_typed_default", 72)
    assert "**1 of 3** pairs" in screen.words
    screen.set(f"{KEY}_typed_default", 73)
    assert "**Nothing is told apart:**" in screen.words
    screen.set(f"{KEY}_typed_runs", 1000)
    assert screen.table["Solved"].tolist() == ["84/1000", "74/1000", "73/1000"]


def test_successes_stay_within_the_runs(app):
    screen = opened(app, source="counts")
    screen.set(f"{KEY}_typed_runs", 80)
    assert len(screen.at.error) == 0
    assert screen.table["Solved"].tolist() == ["80/80", "74/80", "71/80"]
    by_link = opened(app, source="counts", typed_uniform=150)
    assert by_link.table["Solved"].tolist() == ["84/100", "74/100", "71/100"]


def test_a_pair_in_formulas(app):
    screen = opened(app, source="counts")
    screen.set(f"{KEY}_pair", "normal-default")
    a, b, d = wilson(84, 100), wilson(71, 100), newcombe((84, 71), (100, 100))
    for value in (a.low, a.high, b.low, b.high, d.low, d.high):
        assert tex(value) in screen.latex
    assert r"\frac{84}{100} = 0.84" in screen.latex


def test_how_many_runs(app):
    screen = opened(app)
    assert r"&= 260 \end" in screen.latex
    screen.set(f"{KEY}_p1", 0.9)
    n, strict = trials_to_tell_apart(0.9, 0.74), trials_to_tell_apart(0.9, 0.74, 1 - confidence_for_all(3))
    assert f"**about {n} runs of each kind** (5%, power 80%), and about {strict} " in screen.words
    assert "numbers are rough" not in screen.words
    screen.set(f"{KEY}_p1", 0.95)
    assert "numbers are rough" in " ".join(box.value for box in screen.at.warning)
    screen.set(f"{KEY}_p1", 0.74)
    assert len(screen.at.error) == 1  # no number of runs tells equal shares apart
    assert screen.has(f"{KEY}_challenge_guess")


def test_many_runs_are_asked_for(app, empty_shelf):
    screen = opened(app, epochs=200, runs=1000, schemes="xavier_normal.pytorch_linear")
    assert "more than this screen takes without asking" in screen.words
    assert len(screen.at.table) == 1  # the terms
    screen.click(f"{KEY}_run")
    check(screen, rates(("xavier_normal", "pytorch_linear"), 1000, Setting(epochs=200, biases="pytorch")))
    again = opened(app, epochs=200, runs=500, schemes="xavier_normal.pytorch_linear")
    assert again.table["Solved"].tolist()[0].endswith("/500")  # the first runs are there already


def test_one_scheme_alone_has_nobody_to_be_compared_with(app):
    screen = opened(app, schemes="zeros", runs=10)
    assert "Choose at least two schemes" in screen.words
    assert screen.table["Solved"].tolist() == ["0/10"]
    assert screen.printed()


def test_what_diverges_is_said(app):
    screen = opened(app, schemes="xavier_normal.he_normal", runs=50, rate=100, epochs=500)
    found = rates(("xavier_normal", "he_normal"), 50, Setting(learning_rate=100.0, biases="pytorch"))
    lost = sum(rate.n_diverged for rate in found.values())
    assert lost > 0
    assert f"no longer finite: {lost}." in screen.words


def test_what_the_words_say_of_more_runs_and_other_settings(app):
    words = opened(app).words
    few, many = (rates(("xavier_normal", "pytorch_linear"), runs, OPENING) for runs in (100, 1000))
    a, b = few["pytorch_linear"], few["xavier_normal"]
    assert f"by {a.count} to {b.count} of 100, in the note it lost by {b.count} to {a.count}" in words
    assert (NOTE_COUNTS["default"], NOTE_COUNTS["normal"]) == (b.count, a.count)
    c, d = many["pytorch_linear"], many["xavier_normal"]
    assert f"it is {c.count} to {d.count}, and the interval contains 0" in words
    assert not c.difference(d).excludes_zero
    assert "these 100 among them" in words
    assert many["xavier_normal"].succeeded[:100].tolist() == b.succeeded.tolist()
    found = rates(DEFAULT, 100, OPENING)
    apart = {pair: found[pair[0]].difference(found[pair[1]]) for pair in combinations(found, 2)}
    assert max(abs(one.estimate) for one in apart.values()) == pytest.approx((a.count - b.count) / 100)  # the largest
    wide, slow = (rates(DEFAULT, 100, replace(OPENING, **more)) for more in ({"hidden": 4}, {"learning_rate": 0.1}))
    assert all(rate.count >= 97 for rate in wide.values())
    assert all(rate.count <= 10 for rate in slow.values())


def test_the_opening_verdict_is_not_on_the_border():
    """Interval and test must not contradict each other where everybody looks first."""
    found = rates(DEFAULT, 100, OPENING)
    for one, other in combinations(found.values(), 2):
        p = p_value((one.count, other.count), (one.runs, other.runs))
        assert (p < 0.05) == one.difference(other).excludes_zero


def test_zero_biases_are_not_pytorchs_default(app):
    said = "is here its rule for the weights alone"
    assert said not in opened(app, runs=10).words
    assert said in opened(app, runs=10, biases="zero").words
    assert said not in opened(app, runs=10, biases="zero", schemes="he_normal.zeros").words


def test_the_mistake(app):
    screen = opened(app)
    screen.set(f"{KEY}_mistake", "5")
    assert "Line 5 holds." in screen.words
    screen.set(f"{KEY}_mistake", "4")
    assert [box.proto.title for box in screen.at.success] == ["You found it: line 4"]
    (said,) = [box.value for box in screen.at.success]
    assert "from 0.014 to 0.242" in said
    assert f"the score test, made for this, gives p = {plain(p_value((84, 71), (100, 100)), 2)})" in said
    assert "p = 0.028" in said
    assert f"from {plain(wilson(71, 100).low, 3)} to {plain(wilson(71, 100).high, 3)}" in screen.words


def test_the_challenge(app):
    screen = opened(app)
    screen.set(f"{KEY}_challenge_guess", 73.0)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{KEY}_challenge_guess", float(most_told_apart(84, 100)))
    assert screen.at.success[-1].proto.title == "Right: 72"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("source", ["train", "counts"])
def test_the_script_prints_the_numbers_of_the_screen(app, language, source):
    screen = opened(app, language, source=source, runs=50, epochs=200)
    lines = [line.split() for line in screen.printed()]
    singles = [line for line in lines if "of" in line and "interval" in line]
    for row, line in zip(screen.table.values.tolist(), singles, strict=True):
        assert row[1] == f"{line[1]}/{line[3]}"
        shown = f"{plain(float(line[5]), 3)} … {plain(float(line[6]), 3)}"
        assert row[2] == shown.replace(" ", "\N{NO-BREAK SPACE}")
    pairs = [line for line in lines if line[1] == "minus"]
    for row, line in zip(screen.at.table[1].value.values.tolist(), pairs, strict=True):
        low, high = sorted([abs(float(line[5])), abs(float(line[6]))])
        shown = sorted(abs(float(end.replace("−", "-"))) for end in row[1].replace("✓", "").split("…"))
        assert shown == pytest.approx([low, high], rel=5e-3)  # the screen takes the larger share first


def test_the_default_screen_asks_nothing_and_every_choice_is_taken():
    costs = [block.cost for code in DEFAULT for block in blocks(code, 100, OPENING)]
    assert in_turn(costs).within(budget.FREE)
    for runs in RUNS:
        for epochs in EPOCHS:
            for biases in BIASES:
                assert blocks("zeros", runs, Setting(epochs=epochs, biases=biases))
