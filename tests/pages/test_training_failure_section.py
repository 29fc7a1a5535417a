"""What went wrong: the verdict, the evidence and the cures hold the engine's numbers."""

import json
import math

import pytest

from engine.diagnosis import diagnose
from engine.findings import RULES, Finding
from engine.lab import run
from engine.lab_cures import CURES, cured
from engine.lab_failures import FAILURES
from engine.lab_presets import PRESETS
from pages.sections.training import failure_cure, failure_evidence
from pages.sections.training.failure import ASKED, MISTAKE, OFFERED
from pages.shared.lab import failures, findings
from pages.shared.numbers import plain, tex

CALM = {"training_preset": "blobs"}  # a run that learns, and within the budget


def opened(app, code="fail_rate", language="en", **query):
    return app("training", language, training_section="failure", training_preset=code, **query)


@pytest.fixture(scope="module")
def found():
    """found(code): history and diagnosis."""
    kept = {}

    def look(code):
        if code not in kept:
            history = run(PRESETS[code])
            kept[code] = history, diagnose(PRESETS[code], history)
        return kept[code]

    return look


@pytest.fixture(scope="module")
def rate(app):
    return opened(app)


def test_a_divergence_is_told_update_by_update(rate, found):
    blow_up = found("fail_rate")[1].blow_up
    (box,) = rate.at.error
    assert box.value.startswith(
        f"**The numbers are gone.** In update {blow_up.update}, in epoch {blow_up.epoch}, the loss"
    )
    table = rate.table
    assert table["update"].tolist() == list(range(123, 131))
    assert table["loss of the batch"].tolist()[:-1] == [plain(value) for value in blow_up.losses[-8:-1]]
    assert table["loss of the batch"].tolist()[-1] == "∞"
    assert table["largest parameter"].tolist() == [plain(value) for value in blow_up.largest_parameter[-8:]]
    assert tex(blow_up.growth) in rate.latex


def test_the_curvature_is_in_the_formula(rate, found):
    diagnosis = found("fail_rate")[1]
    assert rf"1 &> \frac{{2}}{{{tex(diagnosis.curvature)}}} = {tex(diagnosis.stable_rate)}" in rate.latex


def test_the_script_ends_in_the_same_update(rate):
    assert "update 130 first not finite: loss" in rate.printed()


def test_the_script_of_other_runs_prints_their_losses(app, found):
    history, screen = found("fail_dead")[0], opened(app, "fail_dead")
    last = next(line for line in screen.printed() if line.startswith("60 "))
    assert [float(word) for word in last.split()[1:]] == pytest.approx([history.train_loss[-1], history.test_loss[-1]])


def test_what_to_notice_follows_the_run(rate, app):
    assert "grew by a factor of about 17 each time: 130 updates" in rate.words
    assert "The loss rose from the first epoch on" in rate.words
    assert "The loss rose" not in opened(app, "fail_depth").words  # all is over within the first epoch
    assert "only samples that are kept aside" in opened(app, "fail_noise").words


@pytest.mark.parametrize("code", ["fail_linear", "fail_linear_log", "fail_three"])
def test_what_the_notes_say_of_one_layer(app, found, code):
    """SEED_FACTS: 0.25 and ln 2 = 0.6931; three right of four."""
    screen, (history, diagnosis) = opened(app, code), found(code)
    floor = {"fail_linear_log": math.log(2)}.get(code, 0.25)
    assert f"L(c^*) &= {tex(floor)}" in screen.latex
    assert findings.outcome(diagnosis, history) in screen.words
    assert "no straight line parts these classes" in screen.words
    if code == "fail_three":
        assert "three right of four.** All outputs are close to a target: accuracy 75%" in screen.words


@pytest.mark.parametrize("code", FAILURES)
def test_each_failure_and_its_first_cure(app, found, code):
    history, diagnosis = found(code)
    screen = opened(app, code)
    assert findings.outcome(diagnosis, history) in screen.words
    for cause in diagnosis.causes:
        assert findings.cause(cause) in screen.words
    offered = screen.widget("training_failure_cure").options
    assert len(offered) >= 2
    first = failure_cure._offered(_Chosen(PRESETS[code]), diagnosis)[0]
    screen.set("training_failure_cure", first)
    config = cured(PRESETS[code], first)
    healed = run(config)
    assert findings.outcome(diagnose(config, healed), healed) in screen.words
    row = screen.table.iloc[1]
    end = int(healed.best_epoch) if healed.stopped_at >= 0 else -1
    assert row["Training loss"] == plain(float(healed.train_loss[end]))
    assert row["Start"] == plain(float(healed.train_loss[0]))
    assert screen.link["training_failure_cure"] == first
    screen.set("training_failure_cure", "none")  # the way back
    assert "With the change" not in screen.words


class _Chosen:
    def __init__(self, config):
        self.config = config


def test_layers_are_in_the_table(app, found):
    layers, table = found("fail_dead")[1].layers, opened(app, "fail_dead").table
    assert table["dead"].tolist() == layers.dead.tolist() == [5, 8, 0]
    assert table["flat"].tolist() == [findings.percent(value) for value in layers.flat]
    assert table["gradient after"].tolist() == [plain(float(value), 3) for value in layers.last_gradient]


def test_the_losses_are_drawn_with_the_constant(app, found):
    screen = opened(app, "fail_deep", training_failure_cure="relu")
    first, second = (json.loads(spec) for spec in screen.picture[:2])
    assert first["layer"][0]["encoding"]["x"]["title"] == "epoch"
    assert second["layer"][0]["encoding"]["y"]["title"] == "length of the gradient"


def test_a_calm_run_offers_failures(app):
    screen = app("training", training_section="failure", **CALM)
    assert "**Learned.**" in screen.words
    assert not screen.has("training_failure_cure")
    screen.click("training_failure_offer_fail_dead")
    assert screen.value("training_preset") == "fail_dead"
    assert "8 of 8 units are dead" in screen.words
    assert screen.link["training_preset"] == "fail_dead"
    screen.click("training_failure_other_fail_equal")
    assert "All 4 units of hidden layer 1 have the same weights" in screen.words


def test_the_panel_is_followed(app):
    """A smaller learning rate heals, a larger one fails sooner."""
    screen = opened(app)
    screen.set("training_rate", 0.1)
    assert screen.at.error == []
    assert "**Learned.**" in screen.words
    screen.set("training_rate", 30.0)
    assert "The numbers are gone" in screen.words
    assert int(screen.table["update"].iloc[-1]) < 130


def test_a_cure_that_is_not_offered_is_refused(app):
    screen = opened(app, training_failure_cure="relu")
    assert [toast.split("`")[1] for toast in screen.toasts] == ["training_failure_cure"]
    assert screen.value("training_failure_cure") == "none"


def test_all_words_are_there():
    assert set(failures.FAILURES) == set(FAILURES)
    assert set(failure_cure.TITLES) == set(CURES)
    assert set(failure_evidence.TOLD) == set(RULES)


def test_the_rules_are_shown(rate):
    rules = next(table.value for table in rate.at.table if "Rule" in table.value)
    assert rules["Number"].tolist() == [plain(value) for value in RULES.values()]


def test_the_challenge_is_asked_of_the_engine(rate, found):
    history, diagnosis = found(ASKED)
    assert diagnosis.first_cause == OFFERED[2]
    assert f"the mean squared error is {plain(history.train_loss[-1])}" in rate.words
    rate.at.number_input("training_failure_challenge_guess").set_value(1.0)
    rate.run()
    assert "which factor makes it so" in rate.words
    rate.at.number_input("training_failure_challenge_guess").set_value(3.0)
    rate.run()
    assert "at a ≈ 1 this is almost 0" in rate.words


def test_the_mistake_is_found(rate):
    rate.set("training_failure_mistake", "2")
    assert "Line 2 holds." in rate.words
    rate.set("training_failure_mistake", str(MISTAKE.wrong + 1))
    assert "no learning rate leads below it" in rate.words


def test_a_cure_for_overfitting_is_judged_by_the_test_loss(app, found):
    screen = opened(app, "fail_noise", training_failure_cure="l2")
    before, after = found("fail_noise")[0], run(cured(PRESETS["fail_noise"], "l2"))
    ends = f"it ends at {plain(after.test_loss[-1])}, instead of {plain(before.test_loss[-1])}"
    assert f"Judged by the test loss this helps: {ends}" in screen.words
    assert "something else holds this run back" not in screen.words


def test_a_short_run_is_not_called_at_rest(app):
    screen = app("training", training_section="failure", training_epochs="3")
    assert "**Too short to tell.** In 3 epochs" in screen.words
    assert "At rest" not in screen.words


@pytest.mark.parametrize(
    ("momentum", "ahead", "decay", "border"),
    [
        (0.0, 0.0, 0.0, "2/λ"),
        (0.9, 0.0, 0.0, "2(1 + μ)/λ"),
        (0.9, 1.0, 0.0, "2(1 + μ)/((1 + 2μ)λ)"),
        (0.0, 0.0, 0.1, "2/(λ + 0.1)"),
    ],
)
def test_the_border_is_that_of_the_rule(momentum, ahead, decay, border):
    facts = {"rate": 2.0, "limit": 1.0, "curvature": 2.0, "momentum": momentum, "ahead": ahead, "decay": decay}
    assert f"is above {border} ≈ 1," in findings.cause(Finding("step_too_large", facts))


@pytest.mark.parametrize(
    ("code", "words", "never"),
    [
        ("decay", "The penalty on the weights holds the training loss up, as it is meant to", "At rest too early"),
        ("dropout", "more epochs need not help", "more epochs may help"),
        ("fail_small", "yet the inputs do count: accuracy 62.8%", "nothing has been learned"),
        ("own", "No samples are kept aside", "On the test samples"),
    ],
)
def test_the_verdict_claims_no_more_than_its_rule(found, code, words, never):
    history, diagnosis = found(code)
    said = " ".join([findings.outcome(diagnosis, history), *map(findings.cause, diagnosis.causes)])
    assert words in said
    assert never not in said


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("fail_rate", "**수가 사라졌습니다.** 갱신 130번째, 13에포크에서"),
        ("fail_three", "넷 중 셋만 맞습니다.** 모든 출력이 한 타깃에 가깝습니다. 정확도 75%"),
        ("fail_noise", "**과적합입니다.** 테스트 손실은 42에포크에서 가장 작았고"),
    ],
)
def test_korean(app, code, words):
    assert words in opened(app, code, "ko").words
