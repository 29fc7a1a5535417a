"""The one list of pages: lessons with their sections, and references; app.py, the home page and the headers read it.

A lesson stands here once its page exists: `slug` is its address and the prefix of its widgets' keys.
"""

from dataclasses import dataclass

from pages.shared.text import N_


@dataclass(frozen=True)
class Section:
    code: str  # in the link; also the module's name in pages/sections/<lesson>/
    title: str


@dataclass(frozen=True)
class Lesson:
    slug: str
    title: str
    icon: str
    goal: str  # what the learner will be able to do, one line
    notes: str  # which lecture notes it follows
    sections: tuple[Section, ...]


LESSONS = (
    Lesson(
        slug="perceptron",
        title=N_("Perceptron and logic gates"),
        icon="🚪",
        goal=N_("Make one neuron decide and learn, see why XOR breaks it, and mend it with three."),
        notes=N_("Lecture notes 000 (lec 9), 001 (lec 10), 002 (lecture 16), 003 and 004"),
        sections=(
            Section("decide", N_("A neuron that decides")),
            Section("learn", N_("Let it learn")),
            Section("xor", N_("Why XOR breaks it")),
            Section("three", N_("Three neurons fix it")),
            Section("trained", N_("Training finds it")),
            Section("bend", N_("Why bend at all")),
        ),
    ),
    Lesson(
        slug="activations",
        title=N_("Activation functions"),
        icon="📈",
        goal=N_(
            "Tell the bends of a network apart: their slopes, what they do to gradients through depth, what they cost."
        ),
        notes=N_("Lecture notes 000 (lec 10), 001 (lec 10), 002 (lecture 16) and 004"),
        sections=(
            Section("gallery", N_("The gallery")),
            Section("lens", N_("One point under the lens")),
            Section("vanish", N_("The vanishing gradient")),
            Section("dead", N_("Dead and sparse")),
            Section("cost", N_("What it costs")),
            Section("softmax", N_("Softmax")),
        ),
    ),
    Lesson(
        slug="backprop",
        title=N_("Backpropagation"),
        icon="🔁",
        goal=N_("Compute every gradient of a small network by hand, check it, and see why learning works."),
        notes=N_("Lecture notes 000 (lec 9), 001 (lec 10), 002 (lecture 16), 003 and 004"),
        sections=(
            Section("graph", N_("The graph")),
            Section("calculator", N_("The calculator")),
            Section("mistakes", N_("Find the mistake")),
        ),
    ),
    Lesson(
        slug="descent",
        title=N_("Gradient descent, learning rates, optimizers"),
        icon="⛰️",
        goal=N_("Choose a learning rate and an optimizer, and say why it converges, swings or diverges."),
        notes=N_("Lecture notes 002 (lecture 16) and 004"),
        sections=(
            Section("line", N_("One dimension")),
            Section("plane", N_("Two dimensions")),
            Section("numerical", N_("The numerical gradient")),
            Section("family", N_("The family tree")),
            Section("race", N_("The race")),
            Section("inside", N_("Inside a step")),
            Section("momentum", N_("Momentum's map")),
            Section("batch", N_("Batch, mini-batch, one sample")),
            Section("real", N_("A real loss")),
        ),
    ),
    Lesson(
        slug="initialization",
        title=N_("Weight initialization"),
        icon="🎲",
        goal=N_(
            "Choose how to draw the first weights, and say what that does to signals and gradients in a deep network."
        ),
        notes=N_("Lecture notes 000 (lec 10) and 004"),
        sections=(
            Section("drawn", N_("What is drawn")),
            Section("signal", N_("The signal through the depth")),
            Section("symmetry", N_("Symmetry")),
            Section("matter", N_("Does it matter here?")),
            Section("rbm", N_("A restricted Boltzmann machine")),
            Section("pretraining", N_("Layer upon layer")),
        ),
    ),
    Lesson(
        slug="regularization",
        title=N_("Dropout and batch normalization"),
        icon="🛡️",
        goal=N_(
            "Say what dropout and batch normalization do in training and in evaluation, and when they help or hurt."
        ),
        notes=N_("Lecture note 004"),
        sections=(
            Section("dropping", N_("Dropping")),
            Section("overfitting", N_("Overfitting")),
            Section("batch", N_("Normalizing one batch")),
            Section("training", N_("Normalizing while training")),
            Section("backward", N_("Backward through the batch")),
            Section("together", N_("Together")),
        ),
    ),
    Lesson(
        slug="training",
        title=N_("The training lab"),
        icon="🧪",
        goal=N_("Build a network, watch it learn, look inside, compare runs, and say what went wrong."),
        notes=N_("Lecture notes 000 (lec 9), 001 (lec 10), 002 (lecture 16), 003 and 004"),
        sections=(
            Section("play", N_("Build and play")),
            Section("inside", N_("Look inside")),
            Section("board", N_("The board")),
            Section("compare", N_("Compare two runs")),
            Section("sweep", N_("Sweep a setting")),
            Section("failure", N_("What went wrong?")),
        ),
    ),
)


@dataclass(frozen=True)
class Reference:
    """A page to look something up; it has no sections."""

    slug: str
    title: str
    icon: str


REFERENCES = (
    Reference("glossary", N_("Glossary"), "📖"),
    Reference("notes", N_("From the lecture notes"), "🗂️"),
)


def lesson(slug: str) -> Lesson:
    """The lesson of that address."""
    return next(lesson for lesson in LESSONS if lesson.slug == slug)
