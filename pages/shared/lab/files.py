"""A learner's own table: uploaded or pasted, two of its columns as x₁ and x₂ and one as the target."""

from dataclasses import dataclass

import streamlit as st

from engine.errors import InputError
from engine.lab import MAX_OWN
from engine.lab_presets import OWN_POINTS
from engine.tables import Table, read_table, table_dataset
from pages.shared import controls, screen
from pages.shared.lab.mine import Mine
from pages.shared.text import _, sentence

MEMORY = "training_table"  # where the session keeps what was loaded: name and content
UPLOADER = "training_upload"
MOST_CLASSES, FEWEST_COLUMNS = 10, 3
MOST_PASTED = 20_000  # characters
EXAMPLE = "x1,x2,class\n" + "\n".join(f"{x1:g},{x2:g},{'inside' if y else 'outside'}" for x1, x2, y in OWN_POINTS)
EXAMPLE_VALUES = "x1,x2,value\n" + "\n".join(f"{x1:g},{x2:g},{x1 + x2:g}" for x1, x2, _y in OWN_POINTS)


@dataclass(frozen=True)
class Loaded:
    """A file as it came."""

    name: str
    content: bytes


def choose(task: str, scope: str) -> Mine:
    """What of LabData the table says; what is wrong with it is told, and the example shown instead."""
    example = EXAMPLE if task == "classification" else EXAMPLE_VALUES
    content = _content(example, scope)
    try:
        return Mine(_read(content, task, scope), notice=_no_table() if content == example else "")
    except InputError as error:
        st.error(sentence(error))
        screen.aside(_("Until that is mended, the example is shown."))
        return Mine(_of(table_dataset(read_table(example), task)), notice=_unusable(error))


def _no_table() -> str:
    """A link that was made with a table opens without it."""
    return _(
        "**This is an example of {n} points, not your own table.** Load your CSV file, or paste it, under My own data. "
        "A link does not hold a table: who opens one has to load the file again."
    ).format(n=len(OWN_POINTS))


def _unusable(error: InputError) -> str:
    return _("**Your table cannot be used:** {reason} Until that is mended, an example of {n} points is shown.").format(
        reason=sentence(error), n=len(OWN_POINTS)
    )


def _content(example: str, scope: str) -> bytes | str:
    """What was uploaded, else what is pasted."""
    key = f"{UPLOADER}|{st.session_state.get('open', '')}"
    st.file_uploader(_("CSV file, 1 MB at most"), type=["csv", "txt", "tsv"], key=key, on_change=_keep, args=(key,))
    loaded: Loaded | None = st.session_state.get(MEMORY)
    if loaded is not None:
        st.button(
            _("Take {name} out").format(name=loaded.name),
            key="training_table_out",
            icon=":material/close:",
            on_click=st.session_state.pop,
            args=(MEMORY,),
        )
        return loaded.content
    pasted = f"training_pasted.{scope}"
    text = st.text_area(
        _("… or paste it here"),
        value=st.session_state.get(pasted, example),
        max_chars=MOST_PASTED,
        key=f"{pasted}|{st.session_state.get('open', '')}",
        height=160,
    )
    if not isinstance(text, str):  # a message can be forged
        text = example
    if text == example:
        screen.aside(_("This is an example."))
    st.session_state[pasted] = text
    return text


def _keep(key: str) -> None:
    """The file stays with the session when the learner goes to another section."""
    file = st.session_state[key]
    if hasattr(file, "getvalue"):  # a browser may name a file that a restarted server never had
        st.session_state[MEMORY] = Loaded(file.name, file.getvalue())
    else:
        st.session_state.pop(MEMORY, None)


def _read(content: bytes | str, task: str, scope: str) -> dict[str, object]:
    """The two features and the target, chosen by name."""
    table = read_table(content)
    if len(table.names) < FEWEST_COLUMNS:
        raise InputError("csv_too_few_columns", "columns", len(table.names), FEWEST_COLUMNS)
    names = {str(i): name for i, name in enumerate(table.names)}
    last = len(names) - 1
    x1, x2, target = (
        names[
            controls.choice(
                st.selectbox,
                label,
                names,
                key=f"training_column_{key}",
                default=str(min(default, last)),
                scope=f"{scope}.{'.'.join(table.names)}",
            )
        ]
        for label, key, default in (
            (_("Column of x₁"), "x1", 0),
            (_("Column of x₂"), "x2", 1),
            (_("Column of the target"), "target", last),
        )
    )
    screen.aside(_("The picture is a plane: two columns are used, the others are left out."))
    return _of(_dataset(table, task, target, x1, x2))


def _dataset(table: Table, task: str, target: str, x1: str, x2: str):
    if x1 == x2:  # the same column twice: a line in the plane, and still two features
        raise InputError("csv_duplicate_column", "columns", x1)
    if len(table.rows) > MAX_OWN:
        raise InputError("csv_too_many_rows", "rows", len(table.rows), MAX_OWN)
    dataset = table_dataset(table, task, target, (x1, x2))
    if dataset.n_classes > MOST_CLASSES:
        raise InputError("csv_too_many_classes", target, dataset.n_classes, MOST_CLASSES)
    return dataset


def _of(dataset) -> dict[str, object]:
    targets = dataset.y.ravel().tolist()
    rows = tuple((x1, x2, float(y)) for (x1, x2), y in zip(dataset.X.tolist(), targets, strict=True))
    return {"own": rows, "task": dataset.task, "classes": dataset.classes or ("0", "1")}
