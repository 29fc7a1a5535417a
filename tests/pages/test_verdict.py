"""The verdict under a run: one box, its colour and its words from the diagnosis."""

import math
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from engine.diagnosis import diagnose
from engine.findings import Finding
from engine.lab import run
from engine.lab_presets import PRESETS
from pages.shared.lab import findings


def shown(code):
    def app(code):
        from engine.lab_presets import PRESETS
        from pages.shared import cached_lab
        from pages.shared.lab.verdict import verdict

        verdict(PRESETS[code], cached_lab.trained(PRESETS[code]))

    return AppTest.from_function(app, args=(code,), default_timeout=30).run()


@pytest.mark.parametrize(
    ("code", "kind"),
    [("fail_rate", "error"), ("fail_dead", "warning"), ("fail_noise", "warning"), ("plane", "success")],
)
def test_the_box_says_what_became_of_the_run(code, kind):
    at, history = shown(code), run(PRESETS[code])
    diagnosis = diagnose(PRESETS[code], history)
    (box,) = [*at.error, *at.warning, *at.success, *at.info]
    assert box in list(getattr(at, kind))
    expected = [findings.outcome(diagnosis, history), *map(findings.cause, diagnosis.causes[:1])]
    assert box.value == " ".join(expected)


def test_a_rise_from_zero_is_no_multiple():
    numbers = {"end": 0.25, "lowest": 0.0, "epoch": 2, "train": 0.125, "ratio": math.inf}
    history = run(PRESETS["classic"])
    found = replace(diagnose(PRESETS["classic"], history), findings=(Finding("overfitting", numbers),))
    told = findings.outcome(found, history)
    assert "was 0 after epoch 2 and has risen to 0.25" in told
    assert "times" not in told
