"""What the screen needs computed: each scheme's networks one by one, so that progress moves."""

from collections.abc import Mapping
from dataclasses import replace

from streamlit.delta_generator import DeltaGenerator

from engine.signal import SignalResult, joined
from pages.sections.initialization.signal_setup import Setup
from pages.shared import budget
from pages.shared.budget import Job
from pages.shared.cached_signal import studied


def run(setup: Setup, controls: DeltaGenerator) -> Mapping[str, SignalResult]:
    """The results by their schemes' labels; a scheme that waits for the learner's click is left out."""
    jobs = [
        Job(label, studied, (alone,), alone.cost)
        for label, config in setup.configs.items()
        for alone in (replace(config, seeds=(seed,)) for seed in config.seeds)
    ]
    results, n = budget.run(jobs, controls, key="initialization_signal_run"), len(setup.any.seeds)
    networks = {label: results[place * n : (place + 1) * n] for place, label in enumerate(setup.configs)}
    return {label: joined(own) for label, own in networks.items() if all(one is not None for one in own)}
