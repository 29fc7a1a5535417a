"""The signal through the depth: activations and gradients of deep random networks, scheme beside scheme."""

from engine.export_signal import signal_script
from pages.sections.initialization import signal_numbers, signal_picture, signal_run, signal_words
from pages.sections.initialization.signal_setup import setup
from pages.shared import controls, screen, takeaway
from pages.shared.text import _


@controls.section
def section() -> None:
    screen.question(_("Which weights let a signal pass through many layers, and its gradient back?"))
    left, right = screen.columns()
    results = {}
    with screen.refusals():
        with left:
            chosen = setup()
        with right:
            results = signal_run.run(chosen, left)
            if results:
                layers = signal_numbers.every_layer(results)
                signal_picture.ridges(chosen, results)
                signal_numbers.verdicts(chosen, results)
        if results:
            signal_picture.curves(chosen, results)
            signal_numbers.summary(chosen, results)
            signal_numbers.recursion(chosen, results, layers)
    signal_words.notice()
    signal_words.mistake()
    signal_words.ask()
    if results:
        script = signal_script(chosen.configs, signal_picture.layers(chosen))
        takeaway.takeaway("initialization_signal", layers, script)
