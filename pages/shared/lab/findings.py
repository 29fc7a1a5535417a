"""The findings of a diagnosis in words, each with the numbers it rests on."""

import math
from collections.abc import Iterator, Mapping

from engine.diagnosis import Diagnosis
from engine.findings import Finding
from engine.history import TrainingHistory
from pages.shared.numbers import plain
from pages.shared.text import N_, _

DIGITS = 3
OUTCOMES = {
    "diverged": N_("**The numbers are gone.** In update {update}, in epoch {epoch}, {place}."),
    "worse": N_(
        "**Worse than no answer.** The loss has risen from {start} to {loss}; the best constant answer, which ignores "
        "the inputs, has {constant}."
    ),
    "memorized": N_(
        "**Memorized, not learned.** {train} of the training samples are right, but only {test} of the others; always "
        "naming the larger class would give {share}. {parameters} parameters had {samples} samples to memorize."
    ),
    "overfitting": N_(
        "**Overfitting.** The test loss was lowest after epoch {epoch}, at {lowest}, and has risen to {end}, "
        "{ratio} times as much, while the training loss fell on to {train}."
    ),
    "learned": N_("**Learned.** The training loss is {loss}, {score}."),
    "sure_but_wrong": N_(
        "**Sure, but wrong.** {share} of the outputs are close to a target, but not always to the right one: {score}, "
        "loss {loss}."
    ),
    "stuck": N_(
        "**Stuck.** The loss, {loss}, is within {near} of that of the best constant answer, {constant}: by the loss, "
        "nothing has been learned from the inputs."
    ),
    "stopped": N_(
        "**Stopped in time.** Early stopping went back to epoch {epoch}, where the test loss was lowest: {lowest}."
    ),
    "oscillating": N_(
        "**Up and down.** In the last tenth of the epochs the loss swings between {low} and {high}, and rises in "
        "{rises} of them."
    ),
    "still_falling": N_(
        "**Still falling.** The loss is {loss}; over the last tenth of the epochs its mean fell by {fall}: more epochs "
        "may help."
    ),
    "limit": N_(
        "**At rest, no worse than the neighbours.** The loss stays near {loss}, {score}; the best constant answer has "
        "{constant}. The {k} nearest other training samples give no better answers: {yard}. Noise may allow no more, "
        "or another network might reach more: these numbers cannot tell."
    ),
    "levelled": N_(
        "**At rest too early.** The loss stays near {loss}, {score}; the best constant answer has {constant}."
    ),
    "at_rest": N_(
        "**At rest.** The loss stays near {loss}, {score}; the best constant answer has {constant}. Whether more is "
        "possible, these numbers cannot tell."
    ),
    "short": N_(
        "**Too short to tell.** In {epochs} epochs the loss went from {start} to {loss}, {score}. With fewer than "
        "{least} epochs no trend can be told: train longer first."
    ),
    "untrained": N_("**Not trained.** With 0 epochs these are the answers of the start: loss {loss}, {score}."),
    "unmoved": N_("**Not trained.** At the learning rate 0 no parameter has moved: loss {loss}, {score}."),
    "nothing_to_learn": N_(
        "**Nothing to learn.** All targets are the same, and a constant answer is right everywhere. Loss: {loss}."
    ),
    "diverging": N_(
        "**Diverging.** In {epochs} epochs the loss has grown from {start} to {loss}: still a finite number, but it "
        "runs away."
    ),
    "stopped_at_chance": N_(
        "**Stopped, and nothing gained.** Early stopping went back to epoch {epoch}, where the test loss was lowest: "
        "{lowest}. The best constant answer has {constant}: nothing has been learned that holds for other samples."
    ),
}
STUCK_BY_LOSS = N_(
    "**Stuck, by its loss.** The loss, {loss}, is within {near} of that of the best constant answer, {constant}; yet "
    "the inputs do count: {score}."
)
OVERFITTED_FROM_ZERO = N_(
    "**Overfitting.** The test loss was 0 after epoch {epoch} and has risen to {end}, while the training loss fell on "
    "to {train}."
)
FALLING_ALONE = N_(
    "**Still falling, in training.** The training loss is {loss}; over the last tenth of the epochs its mean fell by "
    "{fall}. The test loss was lowest after epoch {epoch}, at {lowest}, and is {end} now: more epochs need not help."
)
ROOM = N_("The {k} nearest other training samples give better answers: {yard}.")
UNSEEN = N_("No samples are kept aside: how it answers others, these numbers cannot tell.")
BORDERS = {  # by whether there is momentum, and whether it is Nesterov's
    **dict.fromkeys([(False, False), (False, True)], "2/λ"),
    (True, False): "2(1 + μ)/λ",
    (True, True): "2(1 + μ)/((1 + 2μ)λ)",
}
CAUSES = {
    "log_of_zero": N_(
        "The cross-entropy takes logarithms, and {outputs} outputs of the batch were exactly 0 or 1 as floating-point "
        "numbers: ln 0 is −∞."
    ),
    "depth": N_(
        "Before the first update the largest |z| grows from {first} in the first layer to {last} in the last one, by "
        "a factor of {factor} a layer: the weights are too large for this depth."
    ),
    "step_too_large": N_(
        "The learning rate {rate} is above {border} ≈ {limit}, where λ ≈ {curvature} is the largest curvature of the "
        "loss at the start (estimated): there each step on all samples overshoots by more than the last."
    ),
    "large_rate": N_(
        "The loss has been as high as {peak}, after epoch {epoch}; at the start it was {start}. The steps are too "
        "large, first of all through the learning rate {rate}."
    ),
    "growing": N_(
        "In the end each update made the largest parameter about {growth} times as large: the steps are too large, "
        "first of all through the learning rate {rate}."
    ),
    "linear": N_("No hidden layer bends the answer, and no straight line parts these classes."),
    "linear_guess": N_(
        "No hidden layer bends the answer; the {k} nearest other samples, whose answers may bend, reach the score "
        "{yard}."
    ),
    "penalty": N_(
        "The penalty on the weights holds the training loss up, as it is meant to: it is {penalty}, and the weights "
        "have {shrunk} times their first length. Whether that helps, only samples kept aside can tell."
    ),
    "dropout": N_(
        "Dropout silences {share} of the hidden units in each update and so holds the training loss up, as it is meant "
        "to. Whether that helps, only samples kept aside can tell."
    ),
    "symmetric": N_(
        "All {units} units of hidden layer {layer} have the same weights: they get the same gradient, stay the same "
        "and count as one."
    ),
    "dead": N_("In hidden layer {layer}, {dead} of {units} units are dead: their slope is 0 for every sample."),
    "died": N_(
        "In hidden layer {layer}, {dead} of {units} units are dead: their slope is 0 for every sample. At the start: "
        "{first}. Steps that are too large kill units: the learning rate is {rate}."
    ),
    "driven": N_(
        "In hidden layer {layer}, {share} of the activations are saturated, |f′| < 0.001. At the start: {first}. Steps "
        "that are too large drive units there: the learning rate is {rate}."
    ),
    "saturated": N_(
        "In hidden layer {layer}, {share} of the activations are saturated, |f′| < 0.001: hardly any gradient gets "
        "through."
    ),
    "saturated_output": N_(
        "{share} of the answers lie where the output unit is saturated, |f′| < 0.001, and the squared error's gradient "
        "is multiplied by f′."
    ),
    "vanishing": N_(
        "The gradient vanishes on its way back: at the start the first of {layers} layers gets {ratio} times the "
        "gradient of the last."
    ),
    "small_rate": N_(
        "In the whole training the parameters moved by {moved} of their first length: the learning rate {rate} is too "
        "small."
    ),
    "clipped": N_(
        "In the whole training the parameters moved by {moved} of their first length: the gradient, of length {length} "
        "at the start, is clipped to {clip}."
    ),
    "slow": N_("But the loss still falls, by {fall} over the last tenth of the epochs: a plateau, not the end."),
}
PLACES = {
    "pre_activation": N_("a pre-activation z of layer {layer} was no longer finite"),
    "activation": N_("an activation of layer {layer} was no longer finite"),
    "loss": N_("the loss was no longer finite, and the numbers of all layers still were"),
    "gradient": N_("the gradient of layer {layer} was no longer finite"),
    "parameter": N_("a new parameter of layer {layer} was no longer finite"),
    "measured": N_("all numbers were finite but one, the loss over all samples"),
}
AT_ONCE = N_("**The numbers are gone before the first update.** The loss of the start is not finite.")
SOON = N_("**The numbers are gone.** The loss is not finite from epoch {epoch} on.")
THREE_OF_FOUR = N_("**Sure, but wrong: three right of four.** All outputs are close to a target: {score}, loss {loss}.")
PERCENT = {
    "memorized": ("train", "test", "share"),
    "sure_but_wrong": ("share",),
    "oscillating": ("rises", "swing"),
    "still_falling": ("fall",),
    "stuck": ("near",),
    "saturated": ("share",),
    "driven": ("share", "first"),
    "dropout": ("share",),
    "clipped": ("moved",),
    "saturated_output": ("share",),
    "small_rate": ("moved",),
    "slow": ("fall",),
}


def outcome(diagnosis: Diagnosis, history: TrainingHistory) -> str:
    """What became of the run."""
    finding = diagnosis.outcome
    facts = _facts(finding) | {"score": score(finding.numbers.get("score", math.nan), history)}
    if finding.code == "diverged":
        return _diverged(diagnosis, facts)
    if finding.code == "sure_but_wrong" and (finding.numbers["n"], finding.numbers["score"]) == (4, 0.75):
        return _(THREE_OF_FOUR).format(**facts)
    facts["yard"] = score(finding.numbers.get("yard", math.nan), history)
    words = _words(finding)
    return " ".join([_(words).format(**facts), *_more(finding, facts, history)])


def _words(finding: Finding) -> str:
    if finding.code == "stuck" and finding.numbers["told_apart"]:
        return STUCK_BY_LOSS
    if finding.code == "still_falling" and "lowest" in finding.numbers:
        return FALLING_ALONE
    if finding.code == "overfitting" and not finding.numbers["lowest"]:
        return OVERFITTED_FROM_ZERO
    return OUTCOMES[finding.code]


def _more(finding: Finding, facts: Mapping[str, str], history: TrainingHistory) -> Iterator[str]:
    """What the samples kept aside say, and how much better the nearest others would answer."""
    test = finding.numbers.get("test", math.nan)
    if finding.code in ("learned", "limit") and not math.isnan(test):
        yield _("On the test samples: {score}.").format(score=score(test, history))
    if finding.numbers.get("unseen"):
        yield _(UNSEEN)
    if finding.code == "levelled" and not math.isnan(finding.numbers["yard"]):
        yield _(ROOM).format(**facts)


def cause(finding: Finding) -> str:
    """What explains it."""
    facts = _facts(finding)
    if finding.code == "step_too_large":
        border = BORDERS[finding.numbers["momentum"] > 0, finding.numbers["ahead"] > 0]
        decay = f"(λ + {facts['decay']})" if finding.numbers["decay"] else "λ"
        facts["border"] = border.replace("λ", decay)
    return _(CAUSES[finding.code]).format(**facts)


def score(value: float, history: TrainingHistory) -> str:
    """Accuracy or R², with its name."""
    if history.score == "accuracy":
        return _("accuracy {value}").format(value=percent(value))
    return f"R² {plain(value, DIGITS)}"


def percent(value: float) -> str:
    return f"{plain(100 * value, 2 if abs(value) < 0.1 else 3)}%"


def _diverged(diagnosis: Diagnosis, facts: Mapping[str, str]) -> str:
    found = diagnosis.blow_up
    if found is None:
        return _(SOON).format(**facts)
    if found.update == 0:
        return _(AT_ONCE)
    return _(OUTCOMES["diverged"]).format(**facts, place=_(PLACES[found.what]).format(layer=found.layer + 1))


def _facts(finding: Finding) -> dict[str, str]:
    percents = PERCENT.get(finding.code, ())
    return {name: percent(value) if name in percents else _plain(value) for name, value in finding.numbers.items()}


def _plain(value: float) -> str:
    return (
        f"{int(value):,}"
        if math.isfinite(value) and value == int(value) and abs(value) >= 1000
        else plain(value, DIGITS)
    )
