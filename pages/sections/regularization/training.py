"""Deep networks with and without batch normalization: losses at several learning rates, and what happens inside."""

import math

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.export_normalized import normalized_script
from engine.normalized_training import (
    N_SAMPLES,
    RATES,
    Inside,
    RateStudy,
    gradient_after_scaling,
    inside_cost,
    rates_cost,
)
from pages.sections.regularization import training_inside
from pages.sections.regularization.training_setup import WITHOUT, Setup, setup
from pages.shared import budget, controls, numbers, screen, show, takeaway
from pages.shared.budget import Job
from pages.shared.cached_regularization_training import insides, rate_studies
from pages.shared.challenge import challenge
from pages.shared.charts import normalized, series
from pages.shared.text import _


@controls.section
def section() -> None:
    screen.question(_("What does batch normalization change while a deep network learns, and what else helps?"))
    left, right = screen.columns()
    with left:
        chosen = setup()
    studies: dict[str, RateStudy] = {}
    looks: dict[str, Inside] = {}
    with right, screen.refusals():
        studies, looks = _run(chosen, left)
        if studies:
            _picture(chosen, studies)
    if studies:
        _table(chosen, studies, looks)
    if looks:
        training_inside.inside(chosen, studies, looks)
    training_inside.mistake()
    _notice()
    _challenge()
    if studies:
        script = normalized_script(chosen.config, tuple(chosen.places))
        takeaway.takeaway("regularization_training", _everything(studies, looks), script)


def _run(chosen: Setup, left: DeltaGenerator) -> tuple[dict[str, RateStudy], dict[str, Inside]]:
    """Name of a network -> its results, as far as they are there."""
    config, jobs = chosen.config, []
    for place, label in chosen.labels.items():
        rates = _("{network}: learning rates").format(network=label)
        look = _("{network}: a look inside").format(network=label)
        jobs.append(Job(rates, rate_studies, (config, place), rates_cost(config, place)))
        jobs.append(Job(look, insides, (config, place, chosen.rate), inside_cost(config, place)))
    results = budget.run(jobs, left, key="regularization_training_run")
    labels = list(chosen.labels.values())
    studies = {label: found for label, found in zip(labels, results[::2], strict=True) if found is not None}
    looks = {label: found for label, found in zip(labels, results[1::2], strict=True) if found is not None}
    return studies, looks


def _picture(chosen: Setup, studies: dict[str, RateStudy]) -> None:
    """The last loss over the learning rates."""
    config = chosen.config
    show.chart(
        normalized.normalized_rates_spec(
            tuple(studies), _("learning rate η"), _("last loss"), _("guessing"), _("diverged"), chosen.order
        ),
        normalized.normalized_rates_data(studies, chosen.rate),
        alt=_(
            "Last loss over the learning rate, both axes logarithmic, median and middle half of the seeds: {names}"
        ).format(names=", ".join(studies)),
        key="regularization_training_picture",
    )
    screen.aside(
        _(
            "**Line and band:** median and middle half of {n} seeds, which are the same for all networks and learning "
            "rates. **Loss:** cross-entropy of one set of {samples} training samples after {epochs} epochs of SGD, in "
            "training mode, all as one batch. There is no test set: this is how far training gets, not how well new "
            "samples are answered. **Dotted:** ln 2, the loss of answering ½ to everything (guessing). **Crosses at "
            "the top:** runs whose loss is no longer finite; they count as infinite. Above {high} and below {low} the "
            "edge stands for the value; the table has it. **Vertical:** the learning rate that is looked at."
        ).format(
            n=config.n_seeds,
            samples=N_SAMPLES,
            epochs=config.epochs,
            low=numbers.plain(normalized.LOWEST),
            high=numbers.plain(normalized.HIGHEST),
        )
    )


def _table(chosen: Setup, studies: dict[str, RateStudy], looks: dict[str, Inside]) -> None:
    """The medians, and the course at one learning rate beside them."""
    left, right = st.columns(2, gap="large")
    if looks:
        with left:
            _course(chosen, studies, looks)
    with right:
        st.markdown(_("**Median of the last loss** (in brackets: seeds that end no better than guessing)"))
        columns = {}
        for label, one in studies.items():
            columns[label] = [_cell(one, place) for place in range(len(RATES))]
            if label != _(WITHOUT):  # without running statistics both losses are one
                columns[_("{network}: evaluation").format(network=label)] = [_loss(m) for m in one.stored.median]
        table = pd.DataFrame({"η": [numbers.plain(rate) for rate in RATES], **columns})
        screen.table(table, alt=_("The last loss at each learning rate"))
        st.markdown(_best(studies))
    screen.aside(
        _(
            "**Two losses:** what the weights have learned shows with the statistics of the data (solid, training "
            "mode). In use a network has its running statistics (dashed, “evaluation”). They lag behind the weights, "
            "and after these few updates {share} of their start, mean 0 and variance 1, is still in them."
        ).format(share=f"{chosen.config.start_left:.1%}")
    )


def _course(chosen: Setup, studies: dict[str, RateStudy], looks: dict[str, Inside]) -> None:
    """Both losses over the epochs."""
    st.markdown(_("**Over the epochs, at η = {rate}**").format(rate=numbers.plain(chosen.rate)))
    ends = (normalized.LOWEST, normalized.HIGHEST)
    show.chart(
        series.spec(tuple(looks), _("epochs"), _("loss"), log=True, y_domain=ends, expected=True, order=chosen.order),
        normalized.normalized_curves(looks, studies, chosen.at),
        alt=_("Loss over the epochs at one learning rate, median and middle half of the seeds; dashed: evaluation"),
        key="regularization_training_epochs_picture",
    )


def _cell(study: RateStudy, place: int) -> str:
    shown, lost = _loss(study.final.median[place]), int(study.n_unlearned[place])
    return f"{shown} ({lost}/{study.n_seeds})" if lost else shown


def _loss(median) -> str:
    return numbers.plain(float(median), 3) if math.isfinite(median) else "∞"


def _best(studies: dict[str, RateStudy]) -> str:
    """The learning rate with the lowest median of each kind, and whether the list of rates ends there."""
    found = [f"{label} η = {numbers.plain(float(one.rates[one.best]))}" for label, one in studies.items()]
    said = _("Lowest median: {found}.").format(found="; ".join(found))
    ends = [label for label, one in studies.items() if one.best_at_an_end]
    if not ends:
        return said
    beyond = _("At the end of the list, so a better one may lie beyond: {names}.").format(names=", ".join(ends))
    return f"{said} {beyond}"


def _everything(studies: dict[str, RateStudy], looks: dict[str, Inside]) -> pd.DataFrame:
    """What the pictures and tables hold, at full precision."""
    rows = [
        {
            _("Network"): label,
            _("Learning rate"): float(one.rates[place]),
            _("Median of the last loss"): one.final.median[place],
            _("Lower quartile"): one.final.low[place],
            _("Upper quartile"): one.final.high[place],
            _("Median in evaluation mode"): one.stored.median[place],
            _("No better than guessing"): int(one.n_unlearned[place]),
            _("Diverged"): int(one.n_diverged[place]),
            _("Seeds"): one.n_seeds,
        }
        for label, one in studies.items()
        for place in range(len(one.rates))
    ]
    return pd.DataFrame(rows)


def _notice() -> None:
    screen.notice(
        _(
            "In the first experiment, as it opens, the gradient vanishes on its way back, and no learning rate takes "
            "the networks without batch normalization clearly below the dotted line. With it before f, those from 0.01 "
            "to 3 do, from every seed; smaller ones learn too little in ten epochs, and with it after f large ones "
            "fail (More settings). It is one remedy of four: the other experiments show another activation function, "
            "another initialization and a smaller learning rate."
        )
    )
    screen.aside(
        _(
            "**Why it works** is less certain than that it works. Its authors (Ioffe and Szegedy 2015) wanted to "
            "reduce the *internal covariate shift*: the drift of each layer's inputs while the layers before it "
            "learn. Later work doubts this cause: Santurkar, Tsipras, Ilyas and Madry (2018) put noise behind batch "
            "normalization, so that the inputs drifted more than without it, and the networks learned about as fast. "
            "What they find instead is a smoother loss: along the gradient, loss and gradient change less suddenly. "
            "The last two pictures above ask the same of these small networks. With exploding gradients the answer is "
            "theirs: without batch normalization the loss soon shoots up and the gradient changes at once. With "
            "vanishing gradients it is not: a loss that is flat is smooth as well."
        )
    )


def _challenge() -> None:
    """The loss does not care how large the weights before a batch normalization are."""
    challenge(
        "regularization_training_challenge",
        _(
            "All weights W of a hidden layer are made 4 times as large; its z is normalized before f (ε is as good as "
            "0). By which factor is its gradient ∂L/∂W multiplied, on the same batch? Answer with two decimals."
        ),
        answer=gradient_after_scaling(4.0),
        tolerance=0.005,
        hint=_(
            "What becomes of z, of $\\mu_B$ and of $\\sigma_B$, and then of $\\hat x$? The loss is a function of W."
        ),
        explanation=_(
            "z, $\\mu_B$ and $\\sigma_B$ all grow by 4, so $\\hat x$ and the loss stay: L(4W) = L(W). The derivative "
            "of both sides by W is 4 L′(4W) = L′(W): the gradient at 4W is a quarter. Large weights take small steps, "
            "and so a start or a learning rate that is too large does less harm."
        ),
    )
