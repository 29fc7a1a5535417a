"""What the lab's screen waits for, part by part, from the widget's message to the end of the script:

    python -m tests.benchmarks.lab

Milliseconds of the processor (which other programs do not lengthen) and of the clock, medians of several rounds. The
parts take turns, round after round. "screen" is a whole rerun of a section with a new seed; the parts are in it.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as app.py does

import argparse
import base64
import statistics
import time
from dataclasses import replace
from pathlib import Path

from engine.film import film
from engine.lab import run
from engine.lab_presets import PRESETS

ROOT = Path(__file__).parents[2]
SECTION = "play"


def encoded(shown) -> str:
    """The bytes of a film as text, as a page can take them in."""
    pictures = [shown.answer, *shown.units]
    arrays = [*(one.bytes for one in pictures), shown.parameters]
    return "".join(base64.b64encode(array.tobytes()).decode() for array in arrays)


def preset_parts(code: str, epochs: int | None) -> dict:
    """The parts of one experiment, each a call: training, grids, encoding."""
    config = PRESETS[code]
    if epochs:
        frames = tuple(sorted({epoch * epochs // 59 for epoch in range(60)}))
        config = replace(config, training=replace(config.training, epochs=epochs, snapshots=frames))
    history = run(config)
    shown = film(config, history)
    return {
        "training": lambda: run(config),
        "grids": lambda: film(config, history),
        "encoding": lambda: encoded(shown),
    }


def screen_part():
    """A rerun of the section with a seed that no shelf holds: everything between the message and the script's end."""
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    at.query_params["training_section"] = SECTION
    at.switch_page("pages/training.py").run()
    seeds = iter(range(1, 10_000))

    def rerun():
        (widget,) = [one for one in at.number_input if (one.key or "").split("|")[0] == "training_seed"]
        widget.set_value(next(seeds))
        at.run()
        assert not at.exception, at.exception

    return rerun


def measure(parts: dict, rounds: int) -> dict[str, tuple[float, float]]:
    """Median milliseconds of each part: processor, clock."""
    times = {name: [] for name in parts}
    for _ in range(rounds):
        for name, call in parts.items():
            begin = time.process_time(), time.perf_counter()
            call()
            times[name].append((time.process_time() - begin[0], time.perf_counter() - begin[1]))
    return {name: tuple(1e3 * statistics.median(side) for side in zip(*of, strict=True)) for name, of in times.items()}


def table(codes=tuple(PRESETS), epochs: int | None = None, rounds: int = 5, screen: bool = True) -> str:
    """The table as text."""
    lines = [f"{'part':<28}{'processor':>12}{'clock':>12}{'estimated':>12}{'payload':>12}"]
    for code in codes:
        parts = preset_parts(code, epochs)
        payload = len(parts["encoding"]()) / 1e3
        for name, (processor, clock) in measure(parts, rounds).items():
            extra = f"{1e3 * PRESETS[code].cost.seconds:>9.0f} ms" if name == "training" else ""
            extra = f"{'':>12}{payload:>9.0f} kB" if name == "encoding" else extra
            lines.append(f"{code + ', ' + name:<28}{processor:>9.1f} ms{clock:>9.1f} ms{extra}")
    if screen:
        for name, (processor, clock) in measure({f"{SECTION}, the whole screen": screen_part()}, rounds).items():
            lines.append(f"{name:<28}{processor:>9.1f} ms{clock:>9.1f} ms")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=5)
    print(table(**vars(parser.parse_args())))
