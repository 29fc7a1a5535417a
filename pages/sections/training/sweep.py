"How does training depend on one setting, and how much is luck?"

from engine.export_sweep import sweep_script
from pages.sections.training import sweep_numbers, sweep_pictures, sweep_run, sweep_setup, sweep_words
from pages.shared import controls, screen, takeaway
from pages.shared.lab.setup import setup
from pages.shared.text import _


@controls.section
def section() -> None:
    screen.question(_("How does training depend on one setting, and how much is luck?"))
    left, right = screen.columns()
    chosen = result = script = None
    with screen.refusals():
        with left:
            chosen = sweep_setup.setup(setup())
        with right:
            result = sweep_run.run(chosen.config, left, key="training_sweep_run")
            if result:
                sweep_pictures.final(chosen, result)
                sweep_words.besides(chosen)
                sweep_pictures.curves(chosen, result)
        if result:
            sweep_numbers.tables(chosen, result)
            sweep_numbers.against_best(chosen, result)
            sweep_numbers.closer(chosen, result)
            sweep_numbers.fresh(chosen, result, left)
            script = sweep_script(result, chosen.labels, chosen.measure, chosen.goal)
    sweep_words.mistake()
    sweep_words.notice(chosen, result)
    sweep_words.predict()
    if script:
        takeaway.takeaway("training_sweep", sweep_numbers.everything(chosen, result), script)
