"What does a single change do to a run, all else the same?"

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.export_compare import pair_script
from engine.lab_difference import Difference, comparable, n_updates
from engine.lab_pair import Parting, Summary, alike, parting, summary
from engine.lab_presets import PRESETS
from engine.proportions import sign_test
from pages.sections.training import compare_changes, compare_numbers, compare_pictures, compare_seeds
from pages.sections.training.compare_pictures import Runs
from pages.sections.training.compare_setup import Pair, pair
from pages.shared import budget, cached_lab, controls, numbers, screen, takeaway
from pages.shared.budget import Job
from pages.shared.challenge import challenge
from pages.shared.lab.setup import setup
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

WON, WON_EPOCHS = (10, 10), 50  # seeds, of so many, in which SGD has the lower test loss in the mistake below
BATCH = 50  # of the challenge

MISTAKE = Mistake(
    N_("SGD or Adam?"),
    (
        N_("The classic is trained with SGD and with Adam, from the same {n} seeds: same starts, same batches."),
        N_("Both optimizers get the learning rate 0.3, so that the comparison is fair."),
        N_("The test loss is measured after {epochs} epochs for both, on the same test samples."),
        N_("SGD is lower in {won} of {n} seeds. The sign test says p = {p}: chance is a poor explanation."),
    ),
    1,
    N_(
        "A learning rate is not the same thing in two optimizers: Adam divides by the size of the gradients, so that "
        "its steps are about η long whatever the gradient is. 0.3 is far too large for it and not for SGD. Line 4 "
        "holds, but it tells SGD with 0.3 from Adam with 0.3: with 0.03 it is Adam that is lower in {won} of {n} "
        "seeds. Fair is to sweep the learning rate for each, choose by other samples or seeds, and compare both at "
        "their best."
    ),
    {
        "epochs": str(WON_EPOCHS),
        "n": str(WON[1]),
        "won": str(WON[0]),
        "p": numbers.plain(sign_test(WON[0], WON[1] - WON[0]), 2),
    },
)


@dataclass(frozen=True)
class Compared:
    """What is known of both runs."""

    pair: Pair
    changed: Sequence[Difference]
    runs: Runs
    ends: tuple[Summary, Summary]
    parting: Parting | None


@controls.section
def section() -> None:
    screen.question(_("What does a single change do to a run, all else the same?"))
    left, right = screen.columns()
    found = None
    with screen.refusals():
        with left:
            chosen = pair(setup())
        with right:
            changed = compare_changes.named(chosen)
            found = _compared(chosen, changed, left)
            if found:
                compare_changes.same(chosen)
                epoch = compare_pictures.curves(chosen, found.runs)
                compare_pictures.fields(chosen, found.runs, epoch)
                if found.parting is not None:
                    compare_pictures.parted(found.parting)
        if found:
            compare_numbers.formulas(chosen, found.ends, found.parting, epoch)
            compare_numbers.table(chosen, found.ends, found.runs)
            compare_seeds.check(chosen, left)
    _mistake()
    _notice(found)
    _challenge()
    if found:
        table = compare_numbers.everything(found.pair, found.runs)
        takeaway.takeaway("training_compare", table, pair_script(*found.pair.configs))


def _compared(chosen: Pair, changed: Sequence[Difference], left: DeltaGenerator) -> Compared | None:
    """Both runs; None while they wait for the learner's click."""
    titles = dict(zip(chosen.configs, chosen.labels, strict=True))  # one and the same run is trained once
    jobs = [
        Job(_("training {name}").format(name=label), cached_lab.trained, (config,), config.cost)
        for config, label in titles.items()
    ]
    runs = budget.run(jobs, left, key="training_compare_run")
    if None in runs:
        return None
    first, second = runs[0], runs[-1]
    ends = tuple(summary(config, run, chosen.goal) for config, run in zip(chosen.configs, (first, second), strict=True))
    return Compared(chosen, changed, (first, second), ends, parting(first, second))


def _mistake() -> None:
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake: {title}').format(title=_(MISTAKE.title))}**")
        guess = reasoning(MISTAKE, key="training_compare_mistake")
        answer(
            MISTAKE,
            guess,
            hint=_("Which line gives both the same number, though it does not mean the same for both?"),
            key="training_compare_mistake_solution",
            code="training_compare_mistake",
        )


def _notice(found: Compared | None) -> None:
    """What holds of what is on screen, and what holds always."""
    words = [_cause(found), _ways(found)] if found else []
    words.append(
        _(
            "A fair comparison changes one thing, keeps the seed, and then asks other seeds. Equal epochs are not "
            "equal updates, and a learning rate that suits one setting need not suit the other."
        )
    )
    screen.notice(" ".join(word for word in words if word))


def _cause(found: Compared) -> str:
    """What the difference at the end may be put down to."""
    first, second = (one.train_loss if one.test_loss is None else one.test_loss for one in found.ends)
    if not found.changed:
        return _("A and B are the same run, to the last bit: nothing here is left to chance but what the seed draws.")
    if not comparable(*found.pair.configs):
        return _("The two losses are different measures: only accuracy, or R², can be compared here.")
    if alike(*found.runs):
        return _(
            "What has been changed has had no effect on this run: A and B are the same to the last bit. With another "
            "seed it may have one."
        )
    a, b = numbers.plain(first, 3), numbers.plain(second, 3)
    if compare_changes.only_chance(found.changed):
        return _(
            "Nothing but chance tells these runs apart, and yet they end at {a} and {b}. A change of a setting has to "
            "make a larger difference than this before it says anything."
        ).format(a=a, b=b)
    if len(found.changed) > 1:
        return _("The runs end at {a} and {b}; with {n} changes at once nobody can say which one did it.").format(
            a=a, b=b, n=len(found.changed)
        )
    return _(
        "One change, and the runs end at {a} and {b}: for this seed. Whether it is the setting or luck, the {n} seeds "
        "below can tell."
    ).format(a=a, b=b, n=compare_seeds.SEEDS)


def _ways(found: Compared) -> str:
    """How the parameters have parted."""
    ways = found.parting
    if ways is None or len(ways.epochs) < 2 or not found.changed or not ways.first[-1]:
        return ""
    if ways.between[0] > 0:
        return ""
    apart, way = (numbers.plain(float(part[-1]), 3) for part in (ways.between, ways.first))
    return _(
        "From one and the same start the parameters have come {apart} apart, while those of A moved {way} away from "
        "theirs."
    ).format(apart=apart, way=way)


def _challenge() -> None:
    classic = PRESETS["classic"]
    larger = replace(classic, training=replace(classic.training, batch_size=BATCH))
    epochs = classic.training.epochs
    first, second = (n_updates(config, epochs) for config in (classic, larger))
    samples = len(classic.data.planes[0])
    challenge(
        "training_compare_challenge",
        _(
            "The classic has {n} training samples and is trained for {epochs} epochs. A takes batches of {small}, B "
            "batches of {large}, nothing else is changed. How many fewer updates does B make than A?"
        ).format(n=samples, epochs=epochs, small=classic.training.batch_size, large=BATCH),
        answer=first - second,
        tolerance=0.5,
        hint=_("An epoch has as many updates as there are batches: samples divided by the batch size."),
        explanation=_(
            "A makes {first} updates, B {second}: at the same number of epochs, B has had a fifth of the steps at the "
            "same learning rate. If A ends lower, that says little about batches: give B five times the epochs, or a "
            "larger learning rate, and look again."
        ).format(first=f"{first:,}", second=f"{second:,}"),
    )
