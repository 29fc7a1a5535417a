"""What keeps the network of the panel from overfitting, or its signals in bounds."""

from dataclasses import replace

import streamlit as st

from engine.layers import BatchNorm, Dropout
from engine.training_config import TrainingConfig
from pages.shared import controls
from pages.shared.text import N_, _

NO_NORM = "none"
NORMS = {
    NO_NORM: N_("none"),
    "before_activation": N_("before the activation function"),
    "after_activation": N_("after the activation function"),
}
MOST_DROP, MOST_PENALTY = 0.9, 10.0


def choose(base: TrainingConfig, has_hidden: bool, smallest_batch: int, scope: str) -> dict[str, object]:
    """Dropout and batch normalization of all hidden layers, L1 and L2 of all weights.

    Args: smallest_batch: of an epoch, often the last one.
    """
    chosen = {"dropout": None, "batch_norm": None}
    if has_hidden:
        chosen = {"dropout": _dropout(base.dropout, scope), "batch_norm": _norm(base.batch_norm, scope)}
    if chosen["batch_norm"] and smallest_batch == 1:
        st.warning(
            _("A batch of one sample has no variance: batch normalization needs another batch size, or more samples.")
        )
    for name, meaning in (("l1", _("Adds λ₁ times the sum of |w|.")), ("l2", _("Adds λ₂ / 2 times the sum of w²."))):
        chosen[name] = controls.number(
            {"l1": "L1, λ₁", "l2": "L2, λ₂"}[name],
            key=f"training_{name}",
            default=float(getattr(base, name)),
            low=0.0,
            high=MOST_PENALTY,
            step=0.001,
            scope=scope,
            help=meaning,
        )
    return chosen


def _dropout(own: Dropout | None, scope: str) -> Dropout | None:
    rate = controls.number(
        _("Dropout: probability of dropping a unit"),
        key="training_dropout",
        default=own.drop_rate if own else 0.0,
        low=0.0,
        high=MOST_DROP,
        step=0.05,
        scope=scope,
        help=_("In training only; what is kept is divided by 1 − p, so that nothing is scaled in evaluation."),
    )
    return replace(own or Dropout(), drop_rate=rate) if rate else None


def _norm(own: BatchNorm | None, scope: str) -> BatchNorm | None:
    place = controls.choice(
        st.selectbox,
        _("Batch normalization"),
        {code: _(title) for code, title in NORMS.items()},
        key="training_norm",
        default=own.place if own else NO_NORM,
        scope=scope,
    )
    return None if place == NO_NORM else replace(own or BatchNorm(), place=place)
