"""The pictures of overfitting: losses over the epochs, what each network has learned, the weights."""

from collections.abc import Mapping

import streamlit as st

from engine.overfitting import BLOCK, N_VALIDATION, OverfittingConfig
from engine.overfitting_study import LIMIT, SMALL, Outcome
from pages.sections.regularization.overfitting_setup import Setup
from pages.shared import cached_overfitting, controls, numbers, screen, show
from pages.shared.charts import overfitting
from pages.shared.text import _


def losses(chosen: Setup, outcomes: Mapping[str, Outcome]) -> int:
    """Both losses over the epochs; returns the epoch of the pictures below, which is marked."""
    labels, upper = tuple(outcomes), overfitting.top(outcomes)
    epochs = chosen.config.epochs
    place = st.container()
    epoch = controls.slider(
        _("Epoch of the pictures below"),
        key="regularization_over_epoch",
        default=epochs,
        low=0,
        high=epochs,
        step=1,
        scope=str(epochs),
    )
    titles = {"train": _("training loss"), "validation": _("validation loss")}
    with place:
        for which in titles:
            show.chart(
                overfitting.losses_spec(labels, _("epochs"), titles[which], upper, which == "train"),
                overfitting.losses_data(outcomes, which, epoch, upper),
                alt=_("The {loss} over the epochs, median and middle half of the seeds: {names}").format(
                    loss=titles[which], names=", ".join(labels)
                ),
                key=f"regularization_over_{which}",
            )
    _explain(chosen, outcomes, upper)
    return epoch


def _explain(chosen: Setup, outcomes: Mapping[str, Outcome], upper: float) -> None:
    """What the lines are, and what they are not."""
    screen.aside(
        _(
            "**Line:** median of {seeds} seeds, of first weights and dropped units; **band:** their middle half. Both "
            "losses are measured in evaluation mode, with all units at work: with dropped units, as dropout trains, "
            "the training loss is usually higher. Penalties are not in them. Above {top} a line is drawn at the upper "
            "edge. Training samples: {n}; validation set: {others}."
        ).format(seeds=chosen.n_seeds, top=numbers.plain(upper), n=chosen.config.n_samples, others=N_VALIDATION)
    )
    if any(outcome.regularizer.kind == "early_stopping" for outcome in outcomes.values()):
        screen.aside(
            _(
                "**Early stopping has a price in data:** it chooses by {n} validation samples with their targets, "
                "which no network here trains on. The others use them for the curve alone: they could train on them."
            ).format(n=N_VALIDATION)
        )
    if any(outcome.stopped_at.max() >= 0 for outcome in outcomes.values()):
        screen.aside(
            _(
                "**◆** a run’s best epoch, **✚** where it was stopped; from there on it counts with the parameters of "
                "its best epoch, to which it goes back."
            )
        )
    diverged = {label: outcome.n_diverged for label, outcome in outcomes.items() if outcome.n_diverged}
    for label, n in diverged.items():
        st.warning(
            _("{name}: {n} of {all} runs have diverged; they count as infinite. A lower learning rate helps.").format(
                name=label, n=n, all=chosen.n_seeds
            )
        )


def learned(chosen: Setup, outcomes: Mapping[str, Outcome], epoch: int) -> None:
    """What one seed's network answers, for each setting."""
    config = chosen.config
    left, right = st.columns([1, 2], gap="large")
    with left:
        seeds = {str(seed): str(seed) for seed in range(BLOCK)}
        seed = int(
            controls.choice(
                st.segmented_control, _("Seed of the pictures"), seeds, key="regularization_over_seed", required=True
            )
        )
    with right:
        kinds = {"train": _("training"), "validation": _("validation")}
        kind = controls.choice(
            st.segmented_control, _("Samples shown"), kinds, key="regularization_over_shown", required=True
        )
    samples = config.samples if kind == "train" else config.validation
    points = samples if config.regression else overfitting.sample_points(config.data, samples)
    with st.container(horizontal=True, gap="xsmall"):
        for number, (label, outcome) in enumerate(outcomes.items()):
            with st.container(width=190, gap="xsmall"):
                _network(config, outcome, label, seed, epoch, points, f"regularization_over_learned_{number}")
    if config.regression:
        screen.aside(_("**Line:** what the network answers. **Dashed:** the curve around which the samples lie."))
        return
    screen.aside(
        _(
            "Green ground: class 1 (circles) is more probable; purple: class 0 (squares); the paler, the less sure. "
            "Samples outside the picture: {n}."
        ).format(n=overfitting.n_outside(config.data, samples))
    )


def _network(config: OverfittingConfig, outcome: Outcome, label: str, seed: int, epoch: int, samples, key: str) -> None:
    moment = outcome.moment(seed, epoch)
    at = config, outcome.regularizer, seed, moment.epoch
    st.markdown(f"**{label}**")
    if not moment.sound:
        screen.aside(_("This run has diverged: there is nothing to draw."))
        return
    if config.regression:
        spec = overfitting.fit_spec("x", "y")
        data = overfitting.fit_data(*cached_overfitting.fit(*at), samples)
        alt = _("What the network answers along x, with the samples: {name}").format(name=label)
    else:
        answers = cached_overfitting.field(*at, *overfitting.SQUARES[config.data])
        spec = overfitting.boundary_spec(config.data)
        data = overfitting.boundary_data(config.data, answers, samples)
        alt = _("What the network answers over the plane of its inputs, with the samples: {name}").format(name=label)
    show.chart(spec, data, alt=alt, key=key, width="content")
    stopped = int(outcome.stopped_at[seed])
    if 0 <= stopped < moment.epoch:
        told = _("Seed {seed}, stopped; back to epoch {epoch}: training loss {train}, validation loss {validation}")
    else:
        told = _("Seed {seed}, epoch {epoch}: training loss {train}, validation loss {validation}")
    shown = int(outcome.best_epoch[seed]) if 0 <= stopped < moment.epoch else moment.epoch
    train, validation = (numbers.plain(value, 3) for value in (moment.train_loss, moment.validation_loss))
    screen.aside(told.format(seed=seed, epoch=shown, train=train, validation=validation))


def weights(outcomes: Mapping[str, Outcome]) -> None:
    """Histograms of the weights at the end."""
    with st.expander(_("The weights after training")):
        show.chart(
            overfitting.weights_spec(tuple(outcomes), "w", _("% of the weights")),
            overfitting.weights_data(outcomes),
            alt=_("Histograms of all weights at the end, as lines: {names}").format(names=", ".join(outcomes)),
            key="regularization_over_weights",
        )
        outside = ", ".join(f"{label}: {100 * outcome.outside:.1f}%" for label, outcome in outcomes.items())
        screen.aside(
            _("Beyond −{limit} and {limit} lie, of all weights: {shares}.").format(
                limit=numbers.plain(LIMIT), shares=outside
            )
        )
        st.markdown(
            _(
                "L1 pulls every weight by the same λ, however small it is, until it lies near 0; L2 pulls in "
                "proportion to the weight, and so the small ones hardly at all. No weight becomes exactly 0 here: a "
                "gradient step jumps over 0 and back. So the table counts those of at most {small} in size."
            ).format(small=numbers.plain(SMALL))
        )
