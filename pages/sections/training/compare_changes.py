"""What differs between both runs, and what is the same: before any picture."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from engine import lab_difference
from engine.lab_difference import Difference, comparable, differences, same_order, same_samples, start_alike
from pages.sections.training.compare_setup import Pair
from pages.shared import screen
from pages.shared.lab.changes import told
from pages.shared.text import N_, _

STARTS = {
    lab_difference.IDENTICAL: N_("**Same start:** all {n} first parameters are identical, to the last bit."),
    lab_difference.DENSE: N_(
        "**Same start:** the first weights and biases are identical, to the last bit; one of the networks has those of "
        "its batch normalization beside them."
    ),
    lab_difference.ARCHITECTURE: N_(
        "**Another start:** networks of another shape have other parameters, so that even the same seed begins "
        "elsewhere."
    ),
    lab_difference.GIVEN: N_("**Another start:** not both begin from the same given parameters."),
    lab_difference.DRAWN: N_(
        "**Another start:** with another initialization even the same seed draws other parameters."
    ),
    lab_difference.SEED: N_("**Another start:** another seed draws other first weights."),
}


def named(pair: Pair) -> tuple[Difference, ...]:
    """Say every difference with both values; returns them."""
    found = differences(*pair.configs)
    if pair.empty:
        st.info(_("Nothing is pinned yet. Press “Pin this run”, then change one thing in the panel."))
    if not found:
        st.markdown(_nothing(pair))
    elif [one.code for one in found] == ["reported"]:
        st.markdown(_("**Another measure of one and the same run, A → B:**") + f" {told(found[0])}")
    elif len(found) == 1:
        st.markdown(_("**One change, A → B:**") + f" {told(found[0])}")
    else:
        st.markdown(_("**{n} changes at once, A → B:**").format(n=len(found)))
        st.markdown("\n".join(f"- {told(one)}" for one in found))
        st.markdown(_("Whatever differs below has **no single cause**: undo all changes but one."))
    return found


def _nothing(pair: Pair) -> str:
    """Why there is nothing to compare: all is the same, or what is not has no effect."""
    first, second = (replace(one, training=replace(one.training, snapshots=())) for one in pair.configs)
    if first == second:
        return _("**No difference:** A and B are one and the same run. Change one thing in the panel.")
    return _(
        "**No difference that counts:** the settings are written differently, but they do the same here. A and B are "
        "one and the same run."
    )


def only_chance(changed: Sequence[Difference]) -> bool:
    """Whether nothing but the seed tells two runs apart."""
    return {one.code for one in changed} == {"seed"}


def same(pair: Pair) -> None:
    """Which of start, samples and measure both runs share. It draws the first weights: call it for runs that have been
    found affordable."""
    first = pair.configs[0]
    n = first.training.architecture.n_parameters
    words = [_(STARTS[start_alike(*pair.configs)]).format(n=n)]
    if same_samples(*pair.configs):
        words.append(_("**Same samples** for training and testing."))
        if same_order(*pair.configs):
            words.append(_("**Same batches** in every epoch."))
    else:
        words.append(_("**Other samples:** the losses are measured on other points."))
    if not comparable(*pair.configs):
        words.append(
            _(
                "**The losses cannot be compared:** they are different formulas, or targets written in other numbers. "
                "Compare the accuracy."
            )
        )
    screen.aside(" ".join(words))
