"""How the network of the panel is trained: optimizer, schedule, batches, and when to stop."""

import math
from dataclasses import replace

import streamlit as st

from engine.hyperparameters import RANGES
from engine.optimizers import Optimizer, hyperparameters, optimizer
from engine.schedules import SCHEDULES, Schedule
from engine.schedules import schedule as schedule_named
from engine.training_config import TrainingConfig
from pages.shared import controls, names, screen
from pages.shared.quantities import HYPERPARAMETERS
from pages.shared.text import N_, _

RATES = {  # at which a rule that is new to an experiment learns something
    "sgd": 0.1, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.1, "adadelta": 1.0, "rmsprop": 0.01, "adam": 0.02,
    "adamw": 0.02, "adamax": 0.02, "nadam": 0.02, "rprop": 0.01, "asgd": 0.1,
}  # fmt: skip
LOWEST_RATE, HIGHEST_RATE, REACH = 1e-6, 1000.0, (1e-4, 10.0)
HIGHEST = 1e7  # of a hyperparameter without an upper end
BATCH_SIZES = (1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 50, 64, 100, 128, 250, 500)
ALL = "all"
SCHEDULE_TITLES = {
    "constant": N_("Constant"),
    "step": N_("Step decay"),
    "exponential": N_("Exponential decay"),
    "cosine": N_("Cosine"),
    "warm_up": N_("Linear warm-up"),
}
SETTINGS = {
    "every": N_("Updates between two falls"),
    "length": N_("Length in updates"),
    "decay": N_("Factor of a fall"),
    "floor": N_("Lowest factor"),
    "start": N_("First factor"),
}
MOST_STEPS, LEAST_FACTOR = 1_000_000, 0.001


def optimizer_code(base: TrainingConfig, scope: str) -> str:
    """Which rule."""
    return controls.choice(
        st.selectbox,
        _("Optimizer"),
        names.OPTIMIZERS,
        key="training_optimizer",
        default=base.optimizer.code,
        scope=scope,
    )


def rate(base: TrainingConfig, rule: str, scope: str) -> float:
    """The learning rate; each rule has its own."""
    own = base.optimizer
    return controls.slider(
        f"{_('Learning rate')} η",
        key="training_rate",
        default=float(own.learning_rate) if rule == own.code else RATES[rule],
        low=LOWEST_RATE,
        high=HIGHEST_RATE,
        reach=REACH,
        step=0.05,
        log=True,
        scope=f"{scope}.{rule}",
    )


def optimizer_of(base: TrainingConfig, rule: str, rate: float, scope: str) -> Optimizer:
    """The rule with its other hyperparameters."""
    own = base.optimizer if rule == base.optimizer.code else optimizer(rule)
    values = {}
    for name in hyperparameters(rule):
        default, place = getattr(own, name), f"{scope}.{rule}"
        if isinstance(default, bool):
            values[name] = controls.toggle(_("Bias correction"), key=f"training_{name}", default=default, scope=place)
        elif name != "learning_rate":
            known, ends = HYPERPARAMETERS[name], RANGES[name]
            values[name] = controls.number(
                f"{_(known.title)} {known.letter}",
                key=f"training_{name}",
                default=float(default),
                low=ends.low,
                high=HIGHEST if math.isinf(ends.high) else ends.high,
                scope=place,
                help=_(known.meaning) if known.meaning else None,
            )
    return replace(own, learning_rate=rate, **values)


def batch_size(base: TrainingConfig, scope: str) -> int | None:
    """Samples of an update; None for all of them."""
    own = base.batch_size
    sizes = sorted({*BATCH_SIZES, *([own] if own else [])})
    code = controls.choice(
        st.selectbox,
        _("Batch size"),
        {ALL: _("all samples at once"), **{str(size): str(size) for size in sizes}},
        key="training_batch",
        default=str(own or ALL),
        scope=scope,
    )
    return None if code == ALL else int(code)


def schedule(base: TrainingConfig, rule: Optimizer, n_updates: int, scope: str) -> Schedule:
    """How the learning rate changes; what a schedule has of lengths begins with the whole training, or a part of it."""
    own = base.schedule
    code = controls.choice(
        st.selectbox,
        _("Learning-rate schedule"),
        {code: _(title) for code, title in SCHEDULE_TITLES.items()},
        key="training_schedule",
        default=own.code,
        scope=scope,
    )
    if code != "constant" and rule.code == "rprop":
        screen.aside(_("Rprop finds its own steps: the schedule changes nothing here."))
    parts = {
        "step": {"every": max(n_updates // 3, 1)},
        "exponential": {"decay": round(LEAST_FACTOR ** (1 / n_updates), 5)},
        "cosine": {"length": n_updates},
        "warm_up": {"length": max(n_updates // 10, 1), "start": 0.1},
    }
    first = own if code == own.code else schedule_named(code, **parts.get(code, {}))
    place = f"{scope}.{code}.{n_updates}"
    values = {
        name: controls.number(
            _(SETTINGS[name]),
            key=f"training_schedule_{name}",
            default=getattr(first, name),
            low=1 if isinstance(getattr(first, name), int) else LEAST_FACTOR if name == "start" else 0.0,
            high=MOST_STEPS if isinstance(getattr(first, name), int) else 1.0,
            step=None if isinstance(getattr(first, name), int) else 0.01,
            scope=place,
        )
        for name in SCHEDULES[code].__dataclass_fields__
        if name in SETTINGS
    }
    return replace(first, **values)


def limits(base: TrainingConfig, tested: bool, scope: str) -> dict[str, object]:
    """The longest gradient, and the patience of early stopping."""
    clip = controls.number(
        _("Gradient clipping: greatest length (0: never)"),
        key="training_clip",
        default=float(base.clip_norm or 0.0),
        low=0.0,
        high=1000.0,
        step=0.1,
        scope=scope,
    )
    patience = 0
    if tested:
        patience = controls.number(
            _("Early stopping: patience in epochs (0: never)"),
            key="training_patience",
            default=base.patience or 0,
            low=0,
            high=20_000,
            step=1,
            scope=scope,
            help=_("After so many epochs without a lower test loss the training ends and goes back to its best epoch."),
        )
    return {"clip_norm": clip or None, "patience": patience or None}
