"""Points that the learner sets by hand: in the picture, or in a table; the link holds all of them."""

import math
from functools import partial

import pandas as pd
import streamlit as st

from engine.lab_presets import OWN_POINTS
from pages.shared import controls, screen, tables
from pages.shared.lab.mine import Mine
from pages.shared.text import _

KEY, CLASS, VALUE = "training_points", "training_point_class", "training_point_value"
MOST_ADDED = 400  # rows at once: more than a link can hold
MOST_CHARACTERS = 1400  # of the points in the link, which has 2,000 in all
FEWEST = ((-1.0, -1.0, 0.0), (1.0, 1.0, 1.0))  # what is left of cleared ones, so that there is something to learn
MOST_CLASSES = 4
FURTHEST = 1000.0
DIGITS = 3  # of a coordinate
NARROW = 170  # pixels of the field of a value
COLUMNS, WIDTH = ["x₁", "x₂", "y"], 56  # pixels, so that all three stand in the controls' column
CLASSIFICATION = "classification"

Point = tuple[float, float, float]  # x1, x2, class or value


def choose(task: str, scope: str) -> Mine:
    """The points as data, and what takes one more of the picture."""
    text = controls.words(KEY, default=write(OWN_POINTS), valid=lambda text: read(text, task) is not None, scope=scope)
    with st.expander(_("The points as a table"), icon=":material/table:"):
        text = _table(text, task, scope)
    chosen = read(text, task)
    if len(write((*chosen, (-FURTHEST, -FURTHEST, 0.0)))) > MOST_CHARACTERS:
        screen.aside(_("A link holds no more points than these {n}. Load a CSV table for more.").format(n=len(chosen)))
    classes = ()
    if task == CLASSIFICATION:
        classes = tuple(str(k) for k in range(max(2, 1 + int(max(point[2] for point in chosen)))))
    given = {"own": chosen, "task": task, "classes": classes or ("0", "1")}
    here = {"task": task, "scope": scope}
    return Mine(given, partial(add, **here), partial(tools, **here))


def write(points: tuple[Point, ...]) -> str:
    """The points as a parameter of the link."""
    return controls.encode([float(f"{number:.{DIGITS}g}") for point in points for number in point])


def read(text: str, task: str) -> tuple[Point, ...] | None:
    """The points of such a parameter; None where it is none, or too long."""
    if len(text) > MOST_CHARACTERS:
        return None
    numbers = controls.decode(text, text.count(controls.SEPARATOR) + 1, -FURTHEST, FURTHEST)
    if numbers is None or len(numbers) % 3 or len(numbers) < 3 * len(FEWEST):
        return None
    found = tuple(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))
    return found if all(_is_target(target, task) for *_xy, target in found) else None


def add(x1: float, x2: float, *, task: str, scope: str) -> None:
    """Take one more point; a callback. Nothing is taken that the link cannot hold."""
    target = float(controls.now(CLASS if task == CLASSIFICATION else VALUE, scope))
    _put((*_now(scope, task), (x1, x2, target)), task, scope)


def tools(*, task: str, scope: str) -> None:
    """What the next point is, and how to take points back: where the points are set."""
    screen.aside(_("Click or tap on the picture to set a point, or write it into the table of the points."))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _next(task, scope)
        _buttons(scope, task)


def _next(task: str, scope: str) -> None:
    """The class, or the value, of the next point."""
    if task != CLASSIFICATION:
        controls.number(
            _("Value of the next point"),
            key=VALUE,
            default=1.0,
            low=-FURTHEST,
            high=FURTHEST,
            step=0.5,
            scope=scope,
            width=NARROW,
        )
        return
    controls.choice(
        st.segmented_control,
        _("Class of the next point"),
        {str(k): str(k) for k in range(MOST_CLASSES)},
        key=CLASS,
        default="1",
        scope=scope,
        required=True,
    )


def _buttons(scope: str, task: str) -> None:
    st.button(
        _("Undo"),
        key="training_points_undo",
        icon=":material/undo:",
        disabled=len(_now(scope, task)) <= len(FEWEST),
        on_click=_undo,
        args=(task, scope),
    )
    st.button(
        _("Clear"),
        key="training_points_clear",
        icon=":material/delete:",
        on_click=_put,
        args=(FEWEST, task, scope),
        help=_("Leaves one point of each of two classes, so that there is something to learn."),
    )


def _undo(task: str, scope: str) -> None:
    _put(_now(scope, task)[:-1], task, scope)


def _now(scope: str, task: str) -> tuple[Point, ...]:
    return read(controls.now(KEY, scope), task)


def _put(points: tuple[Point, ...], task: str, scope: str) -> None:
    text = write(points)
    if read(text, task) is not None:
        controls.put(KEY, text, scope)


def _is_target(target: float, task: str) -> bool:
    return task != CLASSIFICATION or target in range(MOST_CLASSES)


def _table(text: str, task: str, scope: str) -> str:
    """The points, editable; an editor is born anew when they have changed elsewhere, as in `tables`."""
    memory = f"{KEY}.table"
    born, last, version, at = st.session_state.get(memory, ("", "", 0, ""))
    now = f"{KEY}.{version}"
    if at != scope or last != text or now not in st.session_state:
        born, version = text, version + 1
    elif not tables.possible(now, COLUMNS, len(read(born, task)), most=MOST_ADDED):
        _not_all()
        born, version = text, version + 1
    number = partial(st.column_config.NumberColumn, required=True, width=WIDTH)
    coordinate = number(min_value=-FURTHEST, max_value=FURTHEST, format="%.6g")
    target = coordinate
    if task == CLASSIFICATION:
        target = number(min_value=0, max_value=MOST_CLASSES - 1, step=1)
    edited = st.data_editor(
        pd.DataFrame(read(born, task), columns=COLUMNS),
        key=f"{KEY}.{version}",
        num_rows="dynamic",
        hide_index=True,
        height=240,
        column_config=dict(zip(COLUMNS, (coordinate, coordinate, target), strict=True)),
        alt=_("My own points"),
    )
    written = _written(edited.to_numpy(float).tolist())
    if written != text and read(written, task) is None:
        _not_all()
        written = text
    st.session_state[memory] = born, written, version, scope
    controls.put(KEY, written, scope)
    controls.publish(KEY, scope, written, write(OWN_POINTS))
    return written


def _not_all() -> None:
    st.warning(_("The table needs two points at least, and no more than a link can hold; the last ones are kept."))


def _written(rows: list[list[float]]) -> str:
    """Rows whose three numbers are there."""
    return write(tuple(tuple(row) for row in rows if all(map(math.isfinite, row))))
