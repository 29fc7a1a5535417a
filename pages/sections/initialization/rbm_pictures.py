"""The machine while it learns: its weights as images, what it makes of images, and two curves that disagree."""

import streamlit as st

from engine.rbm_images import ImageSet, image_set
from engine.rbm_study import MachineConfig, Study, activity
from engine.rbm_tasks import DREAM_STEPS, N_DREAMS, NOISE, TASKS, Answer
from pages.shared import controls, numbers, screen, show
from pages.shared.cached_rbm import asked
from pages.shared.charts import mosaic, series
from pages.shared.text import N_, _

BLOCK = 246  # pixels: the two mosaics stand beside each other, both in sight while the epoch is dragged
NAMED = 16  # so many hidden units have their names under them
A_ROW = 5  # images that are asked about
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
TASK_TITLES = {
    "reconstruct": N_("reconstruct"),
    "clean": N_("clean up"),
    "complete": N_("complete"),
    "dream": N_("dream"),
}


def draw(config: MachineConfig, study: Study) -> int:
    """The epoch to look at, the two mosaics and the curves; returns the kept epoch that is shown."""
    asked_for = controls.slider(
        _("Epoch to look at"),
        key="initialization_rbm_epoch",
        default=config.epochs,
        low=0,
        high=config.epochs,
        step=1,
        scope=f"{config.images} {config.epochs}",
    )
    titles = {code: _(TASK_TITLES[code]) for code in TASKS}
    task = controls.choice(
        st.segmented_control, _("Task for the machine"), titles, key="initialization_rbm_task", required=True
    )
    epoch, limit = study.kept_at(asked_for), study.largest_weight or 1.0
    with st.container(horizontal=True, gap="small"):
        with st.container(width=BLOCK):
            _weights(config, study, epoch, limit)
        with st.container(width=BLOCK):
            _asked(config, epoch, task)
    screen.aside(_told(asked(config, epoch, task), image_set(config.images), task))
    screen.aside(
        _(
            "**Weights:** where a unit is blue, a black pixel turns it on; where it is orange, off. The range, "
            "±{limit}, is the largest weight of all kept epochs, so that colours can be compared."
        ).format(limit=numbers.plain(limit, 3))
    )
    if epoch != asked_for:
        screen.aside(_("This is epoch {epoch}: after epoch 20 not every machine is kept.").format(epoch=f"{epoch:,}"))
    _curves(config, study, epoch)
    return epoch


def _weights(config: MachineConfig, study: Study, epoch: int, limit: float) -> None:
    """Each hidden unit's weights as an image of the pixels; one range of colours over all epochs."""
    rbm, images = study.machines[epoch], image_set(config.images)
    n, columns = config.n_hidden, mosaic.columns(config.n_hidden)
    units = [_unit(j) for j in range(n)]
    details = [
        _("{unit}: on for {share} of the images, bias {bias}").format(
            unit=unit, share=f"{share:.0%}", bias=numbers.plain(bias)
        )
        for unit, share, bias in zip(units, activity(config, rbm).tolist(), rbm.hidden_bias.tolist(), strict=True)
    ]
    named = n <= NAMED
    st.markdown(_("**Weights**, epoch {epoch}").format(epoch=f"{epoch:,}"))
    show.chart(
        mosaic.spec(columns, -(-n // columns), _("weight"), labels=named),
        mosaic.weights(
            rbm.W.T.reshape(n, images.side, images.side),
            limit,
            units if named else [""] * n,
            details,
            n_columns=columns,
        ),
        alt=_("The weights of {n} hidden units as small images, orange below 0, blue above 0").format(n=n),
        key=f"initialization_rbm_weights_{n}_{images.side}",
        width="content",
    )


def _unit(index: int) -> str:
    return "h" + str(index + 1).translate(SUBSCRIPT)


def _asked(config: MachineConfig, epoch: int, task: str) -> None:
    """What the machine makes of ten images, or of nothing."""
    answer, images = asked(config, epoch, task), image_set(config.images)
    tiles, labels, details, covered = _dreams(answer) if task == "dream" else _pairs(answer)
    headlines = {
        "reconstruct": _("**Images, reconstructed**"),
        "clean": _("**Noisy images, cleaned up**"),
        "complete": _("**Covered images, completed**"),
        "dream": _("**What the machine dreams**"),
    }
    st.markdown(headlines[task])
    n_columns = A_ROW
    shape = (len(tiles), images.side, images.side)
    show.chart(
        mosaic.spec(n_columns, -(-len(tiles) // n_columns)),
        mosaic.ink(tiles.reshape(shape), labels, details, n_columns=n_columns, covered=covered.reshape(shape)),
        alt=_("Rows of five small images: {task}").format(task=headlines[task].strip("*")),
        key=f"initialization_rbm_asked_{task}_{images.side}",
        width="content",
    )


def _pairs(answer: Answer):
    """A row as given, below it a row of answers, twice."""
    tiles, covered = answer.in_rows(A_ROW)
    labels, details = [], []
    for first in range(0, len(answer.error), A_ROW):
        numbered = range(first, first + A_ROW)
        labels += [_("given")] * A_ROW + [numbers.plain(answer.error[i], 2) for i in numbered]
        details += [_("image {n}, as given").format(n=i + 1) for i in numbered]
        details += [
            _("image {n}, the answer: mean squared error {error}").format(n=i + 1, error=numbers.plain(answer.error[i]))
            for i in numbered
        ]
    return tiles, labels, details, covered


def _dreams(answer: Answer):
    marks = ["✓" if real else "✗" for real in answer.real.tolist()] if answer.judged else [""] * N_DREAMS
    details = [_("dream {n} {mark}").format(n=i + 1, mark=mark) for i, mark in enumerate(marks)]
    # A space keeps the room under an image whose mark is missing.
    return answer.images, [mark or " " for mark in marks], details, answer.images < 0


def _told(answer: Answer, images: ImageSet, task: str) -> str:
    """What is seen, with its number."""
    if task == "dream":
        said = _(
            "Twenty Gibbs chains begin with random pixels; after {steps} steps each this is what they draw."
        ).format(steps=DREAM_STEPS)
        if answer.judged:
            said += " " + _("✓: one of the training images, {n} of {all}.").format(n=answer.n_real, all=N_DREAMS)
        return said
    said = {
        "reconstruct": _("Up to the hidden units and back, by probabilities."),
        "clean": _("Each pixel was flipped with probability {noise}; then up and back once.").format(noise=NOISE),
        "complete": _("Yellow pixels were covered; Gibbs steps fill them in while the others are held."),
    }[task]
    kind = _("Held-out images, one of each digit.") if images.held_out is not None else ""
    under = {
        True: _("Under each answer: its mean squared error on the covered pixels; over all ten: {error}."),
        False: _("Under each answer: its mean squared error; over all ten: {error}."),
    }[task == "complete"]
    error = under.format(error=numbers.plain(answer.mean_error))
    return " ".join(part for part in (said, kind, error) if part)


def _curves(config: MachineConfig, study: Study, epoch: int) -> None:
    """The reconstruction error, and beside it what is to grow: the likelihood, or the free energies in its place."""
    left, right = st.columns(2, gap="large")
    error = _("reconstruction error")
    with left:
        show.chart(
            series.spec((error,), _("epoch"), _("mean squared error"), log=True, height=200, marker=True),
            series.data(range(config.epochs + 1), {error: study.reconstruction_error}, log=True, at=epoch),
            alt=_("Reconstruction error of the training images over the epochs, on a logarithmic axis"),
            key="initialization_rbm_error",
        )
        screen.aside(_("Plain reconstruction of all training images, whatever the machine is asked to do above."))
    with right:
        if config.exact:
            _likelihood(config, study, epoch)
        elif image_set(config.images).held_out is not None:
            _free_energies(config, study, epoch)
        if not config.exact:
            screen.aside(
                _(
                    "The exact likelihood needs a list of all states of one layer: it is drawn where a layer has at "
                    "most 12 units."
                )
            )


def _likelihood(config: MachineConfig, study: Study, epoch: int) -> None:
    exact, best = _("machine"), _("best")
    kept = study.kept
    highest = [image_set(config.images).best_log_likelihood] * len(kept)
    show.chart(
        series.spec((exact, best), _("epoch"), _("log-likelihood"), height=200, marker=True),
        series.data(kept, {exact: list(study.log_likelihood.values()), best: highest}, at=epoch),
        alt=_("Exact mean log-likelihood of the training images over the epochs, and the most that is possible"),
        key="initialization_rbm_likelihood",
    )


def _free_energies(config: MachineConfig, study: Study, epoch: int) -> None:
    train, held_out = _("training"), _("held out")
    curves = {train: study.free_energy, held_out: study.held_out_free_energy}
    show.chart(
        series.spec((train, held_out), _("epoch"), _("mean free energy"), height=200, marker=True),
        series.data(range(config.epochs + 1), curves, at=epoch),
        alt=_("Mean free energy of the training images and of the held-out ones over the epochs"),
        key="initialization_rbm_free",
    )
    screen.aside(
        _(
            "Free energy is minus the log-likelihood, up to a constant that is the same for both: so the gap is "
            "exact. When it grows, the machine is learning the training images by heart."
        )
    )
