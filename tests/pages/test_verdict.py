"""The verdict under a run: one box, its colour and its words from the diagnosis."""

import pytest
from streamlit.testing.v1 import AppTest

from engine.diagnosis import diagnose
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
