"""Find the mistake, twice: note 004 on evaluation, and a test set that is standardized by itself."""

import functools

import streamlit as st

from engine.normalized_batch import Scaling, compare, normalize
from pages.shared import controls, mistake, numbers, screen
from pages.shared.mistake import Mistake
from pages.shared.text import N_, _

A, B = (2.0, 4.0, 5.0, 6.0, 8.0), (2.0, 4.0, 5.0, 6.0, 18.0)
EVALUATION, TEST_SET = "evaluation", "test"


@functools.cache
def _evaluation() -> Mistake:
    pair = compare(A, B, Scaling())
    plain = numbers.plain
    facts = {
        "in_a": plain(float(pair.trained[0].y[3])),
        "in_b": plain(float(pair.trained[1].y[3])),
        "mean": plain(pair.mean),
        "var": plain(pair.var),
        "y": plain(float(pair.evaluated[0].y[3])),
    }
    return Mistake(
        N_("Note 004: evaluation"),
        (
            N_("In training, a layer’s values are normalized by the mean and the variance of their mini-batch."),
            N_(
                "Two batches that share four samples and differ in the fifth have different means and variances: the "
                "sample 6 becomes {in_a} in (2, 4, 5, 6, 8), and {in_b} in (2, 4, 5, 6, 18)."
            ),
            N_("In evaluation the same sample must always give the same output."),
            N_("So in evaluation no batch normalization is done: the 6 goes on as 6."),
        ),
        3,
        N_(
            "The note says first that it is not done in evaluation, and then that it is done with stored statistics: "
            "the second is right. With a stored mean of {mean} and variance of {var} the 6 becomes {y}, whoever is in "
            "its batch. Left out, it would go on as 6, and the next layer has learned with values near 0."
        ),
        facts,
    )


@functools.cache
def _test_set() -> Mistake:
    plain = numbers.plain
    train, test = normalize(A, Scaling()), normalize(tuple(x + 3.0 for x in A), Scaling())
    facts = {
        "mean": plain(train.mean),
        "std": plain(train.std),
        "test_mean": plain(test.mean),
        "eight": plain(float(train.x_hat[-1])),
    }
    return Mistake(
        N_("A test set"),
        (
            N_("The training set has the mean {mean} and the standard deviation {std}; an input of 8 becomes {eight}."),
            N_("The network is trained on inputs that are standardized like this."),
            N_(
                "The test set has the mean {test_mean} and the same standard deviation. It is standardized by its own "
                "figures, so that it has mean 0 as well; its 8 becomes 0."
            ),
            N_("The test set should show how the network does on samples that it has not been trained on."),
        ),
        2,
        N_(
            "The same 8 would be {eight} in training and 0 in the test: another input to the network. The test set "
            "takes the training set’s mean and standard deviation, and its shift stays visible."
        ),
        facts,
    )


MISTAKES = {EVALUATION: _evaluation, TEST_SET: _test_set}


def exercise() -> None:
    """One of the two, with its lines, the guess and the answer."""
    with screen.exercise("mistake"):
        st.markdown(f"### {_('Find the mistake')}")
        labels = {EVALUATION: _("Note 004: evaluation"), TEST_SET: _("A test set")}
        code = controls.choice(
            st.segmented_control,
            _("Reasoning"),
            labels,
            key="regularization_batch_mistake",
            required=True,
            label_visibility="collapsed",
        )
        told = MISTAKES[code]()
        guess = mistake.reasoning(told, key="regularization_batch_guess", scope=code)
        hint = {
            EVALUATION: _("What has the next layer learned to expect?"),
            TEST_SET: _("What would become of a test set of one sample?"),
        }[code]
        mistake.answer(
            told,
            guess,
            hint=hint,
            key="regularization_batch_solution",
            code=f"regularization_batch_mistake_{code}",
            scope=code,
        )
