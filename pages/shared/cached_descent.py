"""Engine calls of the descent lesson that are worth keeping, each in a bounded cache, as in `cached`."""

from dataclasses import replace
from functools import lru_cache

from engine import (
    descent_regimes,
    gradient_noise,
    line_descent,
    optimizer_study,
    plane_descent,
    regression_batches,
    regression_bowl,
)
from engine.curve_picture import CurvePicture, curve_picture
from engine.descent_regimes import Observed
from engine.gradient_noise import BatchDraws
from engine.landscape import Landscape
from engine.landscape import landscape as engine_landscape
from engine.momentum_map import MomentumMap
from engine.momentum_map import momentum_map as engine_momentum_map
from engine.momentum_study import Study, study
from engine.optimizer_study import Outcome, Search, StudyConfig
from engine.optimizers import Optimizer
from engine.plane_descent import PlaneConfig, PlaneRuns
from engine.race import Contest, Entry, enter
from engine.regression_batches import BatchConfig, BatchRun
from engine.regression_bowl import Regression, SamplesConfig
from engine.step_trace import Trace, trace
from engine.surfaces import elongated_bowl, surface
from pages.shared.charts.ground import ground
from pages.shared.shelf import Shelf, shelved


@shelved(most=32)
def landscape(code: str, condition: float = 10.0, angle: float = 0.0) -> Landscape:
    """The landscape of a surface of two variables; condition and angle are the elongated bowl's."""
    return engine_landscape(surface(code, condition, angle))


@shelved(most=64)
def plane_runs(config: PlaneConfig) -> PlaneRuns:
    """Learning rates side by side on a surface of two variables."""
    return plane_descent.run(config)


def note_runs(learning_rate: float, n_steps: int) -> PlaneRuns:
    """Note 002's descent from (-3, 4): with the analytic gradient, then with the note's numerical one."""
    return plane_runs(PlaneConfig("round_bowl", (-3.0, 4.0), (learning_rate,), n_steps, numerical=True))


def walk(code: str, start: float, learning_rate: float, n_steps: int) -> line_descent.Walk:
    """One descent on a surface of one variable; up to 2,000 steps of some 10 us."""
    return line_descent.walk(surface(code), start, learning_rate, n_steps)


@lru_cache(maxsize=64)
def regime_strip(code: str, start: float, low: float, high: float) -> descent_regimes.Strip:
    """The learning rates of a surface of one variable, divided into regimes from one start."""
    return descent_regimes.strip(surface(code), start, low, high)


@lru_cache(maxsize=64)
def observed(code: str, start: float, learning_rate: float) -> Observed:
    """What one run on a surface of one variable is seen to do, as a stack of one."""
    return descent_regimes.watch(surface(code), start, [learning_rate])[0]


@lru_cache(maxsize=8)
def curve(code: str, low: float, high: float) -> CurvePicture:
    """A surface of one variable from low to high."""
    return curve_picture(surface(code), (low, high))


@lru_cache(maxsize=256)
def race_entry(contest: Contest, code: str, learning_rate: float | None) -> Entry:
    """One optimizer's run and its grid of learning rates, kept a rule at a time: one more costs only itself."""
    return enter(contest, code, learning_rate)


studied = Shelf(optimizer_study.study, most=1024)
searched = Shelf(optimizer_study.search, most=256)


def searched_config(config: StudyConfig) -> StudyConfig:
    """The starts that are shown play no part in the search."""
    return replace(config, n_seeds=1)


def _tuned(config: StudyConfig, code: str) -> tuple[Search, Outcome]:
    search = searched(searched_config(config), code)
    return search, studied(config, code, search.best)


tuned = Shelf(_tuned, most=256)


@lru_cache(maxsize=16)
def regression(samples: SamplesConfig) -> Regression:
    """The samples of the batch section, and their bowl."""
    return regression_bowl.regression(samples)


@shelved(most=16)
def regression_ground(samples: SamplesConfig) -> str:
    """The bowl over (w, b) as an image."""
    return ground(engine_landscape(regression(samples).surface))


@shelved(most=64)
def batch_run(config: BatchConfig) -> BatchRun:
    """Each batch size by itself, so that another one costs its own only."""
    return regression_batches.train(config)


@shelved(most=8)
def batch_draws(samples: SamplesConfig) -> BatchDraws:
    """Random batches, from which the noise at any (w, b) is a matter of a moment."""
    return gradient_noise.draw_batches(regression(samples))


@shelved(most=32)
def momentum_map(condition: float) -> MomentumMap:
    """The rate over learning rate and momentum."""
    return engine_momentum_map(condition)


@shelved(most=64)
def momentum_study(
    condition: float, angle: float, start: tuple[float, float], product: float, momentum: float, n_steps: int
) -> Study:
    """One choice on the elongated bowl; product is learning_rate * lambda_max."""
    return study(elongated_bowl(condition, angle), product / condition, momentum, start, n_steps)


@shelved(most=64)
def traced(code: str, rule: Optimizer, start: tuple[float, ...], n_steps: int) -> Trace:
    """Every quantity of every step of a rule on a surface."""
    return trace(surface(code), rule, start, n_steps)
