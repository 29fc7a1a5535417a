"""Section: which optimizer builds on which, what each one adds, and what it must remember."""

from dataclasses import dataclass, fields

import pandas as pd
import streamlit as st

from engine.export_family import family_script
from engine.lbfgs import LBFGS
from engine.optimizer_family import (
    BYTES,
    FAMILY,
    SHOWN,
    ancestors,
    changes,
    largest_network,
    memory_use,
    numbers_per_parameter,
)
from engine.optimizers import OPTIMIZERS, hyperparameters
from pages.sections.descent.family_facts import ADDS, EASES, LETTERS, PRICES, STEPS
from pages.shared import controls, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import family as picture
from pages.shared.formulas import family as formulas
from pages.shared.text import N_, _

NETWORKS = {"million": (10**6, N_("1 million")), "billion": (7 * 10**9, N_("7 billion"))}
MEGABYTE, GIGABYTE, BILLION = 1e6, 1e9, 1e9
SHORT = {"nesterov": "Nesterov", "asgd": "ASGD"}  # of titles too long for a box
GPU = 24  # gigabytes of the challenge


@dataclass(frozen=True)
class Setup:
    """What the controls say; parent is None for the root."""

    code: str
    parent: str | None
    n_parameters: int
    number_format: str


@controls.section
def section() -> None:
    screen.question(_("Which optimizer builds on which, and what does each one add?"))
    left, right = screen.columns()
    with left:
        chosen = _setup()
    with right:
        _tree(chosen.code)
    _who(chosen.code)
    _formulas(chosen)
    _memory(chosen)
    table = _table(chosen)
    _notice()
    _challenge()
    takeaway.takeaway("descent_family", table, family_script(chosen.n_parameters, chosen.number_format))


def _setup() -> Setup:
    titles = {code: FAMILY[code].title for code in SHOWN}
    code = controls.choice(st.selectbox, _("Optimizer"), titles, key="descent_family_optimizer", default="adam")
    parents = FAMILY[code].parents
    parent = parents[0] if parents else None
    if len(parents) > 1:
        parent = controls.choice(
            st.segmented_control,
            _("Compare with"),
            {parent: FAMILY[parent].title for parent in parents},
            key="descent_family_parent",
            scope=code,
            required=True,
        )
    sizes = {size: _(title) for size, (_n, title) in NETWORKS.items()}
    size = controls.choice(
        st.segmented_control, _("Parameters of the network"), sizes, key="descent_family_size", required=True
    )
    number_format = controls.choice(
        st.segmented_control,
        _("Number format"),
        {name: f"{name} ({n} B)" for name, n in BYTES.items()},
        key="descent_family_format",
        required=True,
        help=_(
            "How many bytes each number takes. Networks are mostly trained in float32; this app computes in float64."
        ),
    )
    return Setup(code, parent, NETWORKS[size][0], number_format)


def _who(code: str) -> None:
    """The source, what it adds to each parent, what it eases, at what price."""
    one = FAMILY[code]
    published = _("**{name}** was published in {year}: {authors}, *{paper}*.")
    st.markdown(published.format(name=one.title, year=one.year, authors=one.authors, paper=one.paper))
    for parent in one.parents:
        st.markdown(f"**{FAMILY[parent].title} → {one.title}:** {_(STEPS[parent, code])}")
    st.markdown(f"**{_('What it eases.')}** {_(EASES[code])}")
    st.markdown(f"**{_('The price.')}** {_(PRICES[code])}")


def _tree(code: str) -> None:
    above = ancestors(code)
    words = {
        other: (
            SHORT.get(other, one.title),
            _(ADDS[other]),
            str(one.year or ""),
            f"{one.title}: {one.authors}" + (f" ({one.year})" if one.year else ""),
        )
        for other, one in FAMILY.items()
    }
    show.chart(
        picture.spec(),
        picture.data({other: one.parents for other, one in FAMILY.items()}, words, code, above),
        alt=_("Family tree of the optimizers; {name} is ringed, and it builds on: {ancestors}").format(
            name=FAMILY[code].title,
            ancestors=", ".join(FAMILY[other].title for other in FAMILY if other in above) or "–",
        ),
        key="descent_family_picture",
    )
    screen.aside(
        _(
            "Ringed: the chosen optimizer; thick: what it builds on. Arrows lead from an idea to what builds on it: "
            "what adds to what, not who read whom. Newton's method has a branch of its own: it uses the curvature, the "
            "others only the gradient."
        )
    )


def _formulas(chosen: Setup) -> None:
    """The parent's lines and the chosen one's beside each other."""
    own, before = changes(chosen.code, chosen.parent)
    left, right = st.columns(2, gap="large")
    if chosen.parent:
        with left:
            st.markdown(f"**{FAMILY[chosen.parent].title}**")
            st.latex(formulas.marked(before))
    with right if chosen.parent else left:
        st.markdown(f"**{FAMILY[chosen.code].title}**")
        st.latex(formulas.marked(own))
    signs = _("**+** a new line, **∗** a changed line, **−** a line that is dropped.") if chosen.parent else ""
    letters = _(
        "Lines are compared by the part they play, not by their letter: v is the velocity in Momentum, but the average "
        "of squares in Adam. Δ is the step: θ ← θ − Δ."
    )
    screen.aside(f"{signs} {letters}")


def _memory(chosen: Setup) -> None:
    use = memory_use(chosen.code, chosen.n_parameters, chosen.number_format)
    n = numbers_per_parameter(chosen.code)
    st.markdown(
        _(
            "**Memory of {name}:** {n} numbers for each parameter. With {size} parameters in {format} that is "
            "**{state}**, beside {parameters} of parameters and as much for the gradient: {total} in all."
        ).format(
            name=FAMILY[chosen.code].title,
            n=n,
            size=f"{chosen.n_parameters:,}".replace(",", "\N{NO-BREAK SPACE}"),
            format=chosen.number_format,
            state=_bytes(use.state),
            parameters=_bytes(use.parameters),
            total=_bytes(use.total),
        )
    )


def _bytes(n: float) -> str:
    """In megabytes, 10⁶ bytes; in gigabytes where there are many."""
    unit, name = (GIGABYTE, "GB") if n >= GIGABYTE else (MEGABYTE, "MB")
    return f"{numbers.plain(n / unit)}\N{NO-BREAK SPACE}{name}"


def _table(chosen: Setup) -> pd.DataFrame:
    """All optimizers; returns the numbers at full precision."""
    per_parameter = {code: numbers_per_parameter(code) for code in SHOWN}
    state = {code: memory_use(code, chosen.n_parameters, chosen.number_format).state for code in SHOWN}
    head = {
        _("Optimizer"): [FAMILY[code].title + (" ●" if FAMILY[code].in_note_004 else "") for code in SHOWN],
        _("Year"): [FAMILY[code].year for code in SHOWN],
        _("Numbers per parameter"): [per_parameter[code] for code in SHOWN],
    }
    tail = {_("Defaults"): [_defaults(code) for code in SHOWN]}
    memory = _("Memory")
    shown = pd.DataFrame(head | {memory: [_bytes(state[code]) for code in SHOWN]} | tail)
    screen.table(shown, alt=_("All optimizers: year, memory, hyperparameters"), scroll=False)
    screen.aside(
        _(
            "● listed in note 004. The defaults are this app’s, mostly PyTorch’s; m is the number of pairs that L-BFGS "
            "remembers. 1 MB is 10⁶ bytes."
        )
    )
    return pd.DataFrame(head | {f"{memory} (MB)": [state[code] / MEGABYTE for code in SHOWN]} | tail)


def _defaults(code: str) -> str:
    """η = 0.001, μ = 0.9, …; what is switched off by default is left out."""
    if code == "lbfgs":
        values = {field.name: field.default for field in fields(LBFGS)}
    else:
        values = hyperparameters(code if code in OPTIMIZERS else "adam")
    shown = {LETTERS[name]: value for name, value in values.items() if name in LETTERS and value}
    return ", ".join(
        f"{letter}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{numbers.plain(value)}" for letter, value in shown.items()
    )


# words --------------------------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "Three ideas make the tree: gather gradients (Momentum), divide by their size (AdaGrad, RMSProp), and look "
            "ahead (Nesterov). Adam is the first two together; what follows changes a few lines of it. "
            "What eases SGD’s instability is paid for in memory: Adam’s state is twice as large as the network itself."
        )
    )


def _challenge() -> None:
    """Who forgets the gradient answers 2, who forgets the state 3 or 6."""
    answer = largest_network("adam", GPU * GIGABYTE, "float32") / BILLION
    challenge(
        "descent_family_challenge",
        _(
            "A graphics card has {n} GB. Parameters, gradient and Adam’s state must fit into it in float32 (4 bytes; "
            "leave the activations out). How many billion parameters can the network have at most?"
        ).format(n=GPU),
        answer=answer,
        tolerance=0.01,
        hint=_("How many numbers are kept for each parameter, all three together? Each takes 4 bytes."),
        explanation=_(
            "Four numbers for each parameter: itself, its gradient, m and v. That is 16 bytes, so 24 GB hold "
            "1.5 billion parameters. With SGD, which remembers nothing, it would be 3 billion."
        ),
    )
