"""What does each hidden unit contribute, and what happens to one sample on its way through?"""

import streamlit as st

from engine.export_inside import passage_script
from engine.gate_network import NOTE_001, evaluate
from engine.lab_inside import follow
from engine.lab_scores import LayerScores
from engine.perceptron import line_equation, weighted_sum
from pages.sections.training import inside_calculator, inside_pictures, inside_sample, inside_setup
from pages.sections.training.inside_setup import Look
from pages.shared import controls, numbers, screen, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.lab.run import trained
from pages.shared.lab.setup import setup
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

BEHIND = 0.05  # so much less than a linear model gets right is worth a word


@controls.section
def section() -> None:
    screen.question(_("What does each hidden unit contribute, and what happens to one sample on its way through?"))
    left, right = screen.columns()
    look = passage = hidden = None
    with screen.refusals():
        with left:
            chosen = setup()
        with right:
            history = trained(chosen, left, key="training_inside_run")
            if history is not None:
                frame = inside_setup.frame(chosen, history)
        if history is not None:
            with left:
                look = inside_setup.look(chosen, frame)
            with right:
                hidden = inside_pictures.planes(look)
            scores = inside_pictures.scores(look)
            passage = follow(look.moment, look.point, look.y)
            table = inside_sample.through(look, passage)
            inside_sample.parameters(look, passage)
            inside_calculator.link(passage)
    _mistake()
    _notice(look, scores if passage else (), hidden is not None and hidden.axes.one_point)
    _challenge()
    if passage:
        takeaway.takeaway("training_inside", inside_sample.everything(passage, table), passage_script(passage))


def _mistake() -> None:
    """Reading z where a is meant, in note 001's network set by hand, at the input 00."""
    result = evaluate(NOTE_001)
    z, a = result.z_hidden[0].tolist(), result.hidden[0].tolist()
    facts = {
        "z1": numbers.plain(z[0]),
        "z2": numbers.plain(z[1]),
        "a1": numbers.plain(a[0]),
        "a2": numbers.plain(a[1]),
        "wrong": numbers.plain(float(weighted_sum(NOTE_001.W2, NOTE_001.b2, [z])[0])),
        "z": numbers.plain(float(result.z[0])),
        "a": numbers.plain(float(result.output[0])),
    }
    mistake = Mistake(MISTAKE.title, MISTAKE.lines, MISTAKE.wrong, MISTAKE.explanation, facts)
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake: {title}').format(title=_(mistake.title))}**")
        guess = reasoning(mistake, key="training_inside_mistake")
        hint = _("What does a layer hand on to the next one?")
        answer(mistake, guess, hint=hint, key="training_inside_mistake_solution", code="training_inside_mistake")


MISTAKE = Mistake(
    N_("Note 001’s network at x = (0, 0)"),
    (
        N_("$z^{{(1)}} = x\\, W^{{(1)}} + b^{{(1)}}$ gives ({z1}, {z2})."),
        N_("Both hidden units are sigmoids: $a^{{(1)}} = \\sigma(z^{{(1)}})$ = ({a1}, {a2})."),
        N_("The output weighs the hidden layer: $z^{{(2)}}$ = −11 · ({z1}) − 11 · {z2} + 6 = {wrong}."),
        N_("The answer is class 1 where $z^{{(2)}}$ is above 0, because σ(0) = 0.5."),
    ),
    2,
    N_(
        "A layer hands on a, not z: −11 · {a1} − 11 · {a2} + 6 = {z}, so a = {a} and the answer is class 0, which is "
        "right. Line 3 has jumped over the hidden activation function; without it two layers are no more than one. "
        "Line 4 is right: for a sigmoid, z above 0 and a above 0.5 are the same."
    ),
)


def _notice(look: Look | None, scores: tuple[LayerScores, ...], one_point: bool) -> None:
    """What is to be seen in the pictures on screen, and what holds always."""
    words = []
    if look:
        words = _seen(look, scores, one_point)
    words.append(_always(look))
    screen.notice(" ".join(words))


def _always(look: Look | None) -> str:
    """What holds whatever was learned."""
    if look and not look.layer:
        return _("A hidden layer would give each sample new coordinates, one a unit: give the network one and compare.")
    if look and not look.regression:
        return _(
            "Each hidden unit is one new coordinate. The output layer can only cut straight, so all bending has to be "
            "done before it: look for the layer in which a straight line parts the classes."
        )
    return _(
        "Each hidden unit is one new coordinate. Up to its activation function the output layer is linear, so all "
        "other bending has to be done before it: look for the layer in which a linear model does nearly as well as "
        "the network."
    )


def _seen(look: Look, scores: tuple[LayerScores, ...], one_point: bool) -> list[str]:
    written = inside_pictures.written
    if look.regression:
        reached = (
            _("A linear model of the inputs reaches R² = {r}.")
            if inside_pictures.fed_the_plane(look)
            else _("A linear model of the features reaches R² = {r}.")
        )
        return [reached.format(r=written(look, scores[0].train))]
    if not look.layer:
        straight = (
            _(
                "In the inputs the linear model gets {share} right; without a hidden layer the network can only cut "
                "straight as well."
            )
            if inside_pictures.fed_the_plane(look)
            else _(
                "In the space of its features the linear model gets {share} right; without a hidden layer the network "
                "can only cut straight there as well. In the plane of x₁ and x₂ that cut can be curved."
            )
        )
        return [straight.format(share=written(look, scores[0].train))]
    reached = (
        _(
            "In the inputs a linear model gets {before} of the training samples right, in the space of hidden layer "
            "{n} it gets {after}."
        )
        if inside_pictures.fed_the_plane(look)
        else _(
            "In the space of the features a linear model gets {before} of the training samples right, in that of "
            "hidden layer {n} it gets {after}."
        )
    )
    words = [
        reached.format(
            before=written(look, scores[0].train), n=look.layer, after=written(look, scores[look.layer].train)
        )
    ]
    if not one_point and len(look.setup.config.data.planes[0]) <= scores[look.layer].units + 1:
        words.append(
            _(
                "With so few samples that says little: {n} units can nearly always part {samples} points, trained or "
                "not. What training makes is the distance from the decision boundary: compare with the first frame."
            ).format(n=scores[look.layer].units, samples=len(look.setup.config.data.planes[0]))
        )
    if inside_pictures.network_score(look) < scores[look.layer].train - BEHIND:
        words.append(
            _("The network itself gets only {share}: its own next layers have not found that cut.").format(
                share=written(look, inside_pictures.network_score(look))
            )
        )
    elif look.frame:
        words.append(_("Go to the first frame to see what the random weights had made of them."))
    return words


def _challenge() -> None:
    """Where the output's border meets the upright axis of the hidden plane."""
    found = line_equation(NOTE_001.W2, NOTE_001.b2).intercept
    challenge(
        "training_inside_challenge",
        _(
            "In note 001’s network the output unit has the weights −11 and −11 and the bias 6. A sample has a₁ = 0 in "
            "the hidden plane: at which a₂ is the answer exactly 0.5? (2 digits)"
        ),
        answer=found,
        tolerance=close(found),
        hint=_("The sigmoid is 0.5 where z = 0: −11 a₁ − 11 a₂ + 6 = 0."),
        explanation=_(
            "a₂ = 6/11 ≈ 0.545. The decision boundary is the line a₁ + a₂ = 6/11: below it lie (0, 1) and (1, 0) with "
            "a₁ and a₂ near 0, answered with class 1; above it (0, 0) with a₂ ≈ 0.95 and (1, 1) with a₁ ≈ 0.88."
        ),
    )
