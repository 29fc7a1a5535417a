"""What is said about a sweep: what a setting changes besides itself, what to notice, the mistake, the challenge."""

import streamlit as st

from engine.paired_seeds import LEVEL, all_pairs, fewest_pairs
from engine.proportions import sign_test
from engine.sweep_reading import SweepResult
from pages.sections.training.sweep_pictures import value
from pages.sections.training.sweep_setup import Setup, ranges
from pages.shared import numbers, screen
from pages.shared.challenge import challenge
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

OF_VALUES = 7  # of the challenge
BESIDES = {
    "rate": N_(
        "Far above the valley a run amplifies every rounding error: its loss differs from one computer, and from one "
        "order of adding, to the next."
    ),
    "units": N_("More units are more parameters and more work in each epoch: same epochs, not same time."),
    "layers": N_("Each hidden layer has as many units as the first one: a deeper network has more parameters too."),
    "batch": N_(
        "Same epochs are not the same number of updates: with twice the batch size there are half as many. The "
        "learning rate stays, although each batch size has its own best one."
    ),
    "initializer": N_(
        "The biases begin as the panel says. N: normal, U: uniform distribution; LeCun is what note 000 calls Xavier."
    ),
    "activation": N_(
        "The initialization and the learning rate stay, although each activation function has its own best ones."
    ),
    "dropout": N_("Losses are measured in evaluation mode, with all units at work; so is the training loss."),
    "l2": N_("The losses are shown without the penalty. The value 0, no penalty, is always among the values."),
    "noise": N_("The test samples are as noisy as the training samples: with more noise the task itself is harder."),
    "samples": N_(
        "The test samples stay the same, and the smaller training sets are parts of the larger ones. Same epochs are "
        "not the same number of updates: fewer samples have fewer batches."
    ),
    "test_share": N_(
        "A larger share leaves fewer samples to train on and measures more exactly: two effects at once. The test sets "
        "differ from value to value."
    ),
    "standardize": N_("Mean and standard deviation are measured on the training samples alone."),
    "batch_norm": N_(
        "With batch normalization a larger learning rate often works: compare it at its own best as well."
    ),
}
UNFAIR = N_(
    "**One learning rate for all optimizers is unfair:** a step of Adam has about the length η, a step of SGD is η "
    "times the gradient. Choose “Its own best” before you rank them."
)
OWN_BEST = N_(
    "Each optimizer has the learning rate of a grid (0.001, 0.003, … 1) with the lowest median training loss from five "
    "other seeds; the test samples took no part in that."
)

MISTAKE = Mistake(
    N_("Reporting the winner"),
    (
        N_("Nine learning rates are tried, each from the same ten seeds and on the same training samples."),
        N_("For each of them the median of the ten test losses is taken, so that one lucky seed does not decide."),
        N_("The learning rate with the lowest median is chosen: here the test samples have been used for choosing."),
        N_("How good the chosen network will be on new samples is reported as this lowest median."),
    ),
    3,
    N_(
        "The lowest of nine medians is low because the value is good, but also because it was lucky with these seeds "
        "and these test samples: on average the truth is worse. What was used for choosing is a validation set, "
        "whatever its name; report the loss on samples that took no part in the choice. More seeds or the median do "
        "not help against that."
    ),
)


def besides(chosen: Setup) -> None:
    """What else changes with the setting, and what does not."""
    config, words = chosen.config, []
    if config.setting == "optimizer":
        words.append(_(OWN_BEST) if config.own_rate else _(UNFAIR))
    elif config.setting in BESIDES:
        words.append(_(BESIDES[config.setting]))
    if config.base.start:
        words.append(
            _(
                "This experiment has a start of its own; in a sweep each seed draws its weights by the panel’s "
                "initialization."
            )
        )
    seeds = config.seeds
    same = _(
        "Seeds {first} to {last}, the same for all values: a seed draws the first weights, the order of the samples "
        "and the dropped units."
    ).format(first=seeds[0], last=seeds[-1])
    data = _("Each seed has samples of its own.") if config.new_data else _("All learn from the same samples.")
    screen.aside(" ".join([*words, same, data]))


def notice(chosen: Setup | None, result: SweepResult | None) -> None:
    """Valley, cliff, luck."""
    if chosen and result:
        words = [_valley(chosen, result), *_cliff(chosen, result), *_unlearned(chosen, result), _luck(chosen, result)]
    else:
        words = [
            _(
                "Too small a learning rate hardly moves, too large a one diverges: between them lies a valley. But the "
                "best of several values was lucky as well, so that fresh seeds, and in the end fresh samples, must "
                "judge it."
            )
        ]
    screen.notice(" ".join(words))


def _valley(chosen: Setup, result: SweepResult) -> str:
    best, *others = result.order(chosen.measure)
    median = value(float(result.band(chosen.measure).median[best]))
    told = [result.pair(best, other, chosen.measure).told_apart(result.comparisons) for other in others]
    fact = _("The best median, {median}, is that of {name}.").format(median=median, name=chosen.labels[best])
    if _open_end(chosen, best):
        return f"{fact} {_('It lies at the end of the values tried: a better one may lie beyond.')}"
    if chosen.config.n_seeds < fewest_pairs(result.comparisons):
        return f"{fact} {_('So few seeds cannot tell the others from it, whatever they look like.')}"
    if not any(told):
        return f"{fact} {_('None of the others is told apart from it: it may be luck.')}"
    if not all(told):
        return f"{fact} {_('Some others are not told apart from it: the valley is wider than one value.')}"
    return fact


def _open_end(chosen: Setup, place: int) -> bool:
    """Whether a value is the first or last of those tried, and there are values beyond it: below no penalty, no units
    dropped, no hidden layer, and above all samples at once, there are none."""
    if not chosen.ordered:
        return False
    values, setting = chosen.config.values, chosen.config.setting
    of = ranges(chosen.config.base)[setting]
    low = 0.0 if setting == "l2" else of.low
    first, last = place == 0, place == len(values) - 1
    return (first and values[place] > low) or (last and values[place] < of.high)


def _cliff(chosen: Setup, result: SweepResult) -> list[str]:
    """Where runs begin to diverge."""
    n, counts = chosen.config.n_seeds, result.n_diverged.tolist()
    if not any(counts):
        return []
    first = next(place for place, count in enumerate(counts) if count)
    told = {"name": chosen.labels[first], "count": counts[first], "n": n}
    if chosen.config.setting == "rate":
        words = _("The valley ends at a cliff: from η = {name} on runs diverge ({count} of {n} there).")
    else:
        words = _("Runs diverge with {name} ({count} of {n}).")
    return [words.format(**told)]


def _unlearned(chosen: Setup, result: SweepResult) -> list[str]:
    """Values with which training does harm."""
    places = result.worse_than_start(chosen.measure)
    if not places:
        return []
    listed = "; ".join(chosen.labels[place] for place in places)
    return [_("With a median worse than that of all starts: {names}.").format(names=listed)]


def _luck(chosen: Setup, result: SweepResult) -> str:
    luck = result.luck(chosen.measure)
    if not luck.total:
        return _("In each seed all values end alike.")
    if luck.share > 0.5 and chosen.config.n_seeds >= fewest_pairs():
        words = _(
            "Within the seeds {share} of the ranks’ spread goes with the value (luck alone: {chance}): over all "
            "values, effect rather than luck."
        )
    else:
        words = _(
            "Within the seeds {share} of the ranks’ spread goes with the value (luck alone: {chance}); in the rest the "
            "seeds disagree."
        )
    return words.format(share=f"{luck.share:.0%}", chance=f"{luck.by_chance:.0%}")


def mistake() -> None:
    """Find the mistake."""
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake: {title}').format(title=_(MISTAKE.title))}**")
        guess = reasoning(MISTAKE, key="training_sweep_mistake")
        answer(
            MISTAKE,
            guess,
            hint=_("Which number has been picked because it was low?"),
            key="training_sweep_mistake_solution",
            code="training_sweep_mistake",
        )


def predict() -> None:
    """How many seeds a sweep needs to say anything."""
    k = all_pairs(OF_VALUES)
    challenge(
        "training_sweep_challenge",
        _(
            "A sweep over {n} values compares the best one with the others by the sign test. The same seeds have "
            "chosen it, so that all {k} pairs of values count and each is asked for p ≤ {level}/{k}. How many seeds "
            "does it take at least, if they all agree?"
        ).format(n=OF_VALUES, k=k, level=LEVEL),
        answer=fewest_pairs(k),
        tolerance=0.0,
        hint=_("If n of n seeds point the same way, p = 2/2ⁿ. With 5 seeds that is {p}.").format(
            p=numbers.plain(sign_test(5, 0))
        ),
        explanation=_(
            "2/2ⁿ ≤ {level}/{k} = {limit} holds from n = {n} on. With fewer seeds no sweep over {values} values can "
            "tell anything apart, however large the effect looks."
        ).format(level=LEVEL, k=k, limit=numbers.plain(LEVEL / k, 3), n=fewest_pairs(k), values=OF_VALUES),
    )
