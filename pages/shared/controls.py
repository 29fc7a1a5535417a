"""Widgets whose value lives in the link: stable codes and numbers, whatever the language.

One rule for all of them. A widget, once on screen, owns its value; the link is written from it, and read only
where other hands can have changed it: on arrival at a page and on the browser's back button. (Reading it on
every run would lose quick clicks: a click is sent with the address of a moment ago.)

A widget is also told its present value as its default: on a slow line its script may reach the browser after a second
run, and then it opens with the default that this run has sent (a number input with its minimum, if there were none).

`scope` names what a value belongs to, such as the preset that gave its default. In another scope the widget is
another widget: it starts from its own default, and what was chosen in the old scope is not carried over.

Sections of a lesson may share a key, such as the training lab's learning rate: what was chosen in one is what the
next one opens with. Their widgets are different ones all the same (`_name`): Streamlit would hand the value of a
widget that goes to the one that comes in the same run under the same key, and lose it.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.shared import progress, settings, worksheet_notes
from pages.shared.history import back_button
from pages.shared.numbers import DIGITS
from pages.shared.text import _, language, speaking
from pages.shared.track import track
from pages.shared.turns import Pioneer

NARROW = 96  # pixels of a number in a grid: two stand beside each other in the controls' column, three on a phone
SEPARATOR = "_"  # between numbers; needs no escaping in a link
LISTED = "."  # between codes, which have underscores of their own


# widgets ------------------------------------------------------------------------------------------------------


def choice(
    widget: Callable, label: str, labels: Mapping[str, str], *, key: str, default: str = "", scope: str = "", **options
) -> str:
    """One of `labels` (code -> translated label). `widget` is st.selectbox, st.segmented_control, ..."""
    default = default or next(iter(labels))
    own = _seed(key, scope, default, lambda text: text if text in labels else None)
    now, codes = st.session_state[own], list(labels)
    if now in labels:
        options |= {"index": codes.index(now)} if widget is st.selectbox else {"default": now}
    code = widget(label, codes, format_func=labels.__getitem__, key=own, **options)
    code = code if code in labels else default
    publish(key, scope, code, default)
    worksheet_notes.setting(label, labels[code])
    return code


def choices(
    widget: Callable,
    label: str,
    labels: Mapping[str, str],
    *,
    key: str,
    default: Sequence[str],
    most: int,
    scope: str = "",
    **options,
) -> tuple[str, ...]:
    """One to `most` of `labels` (code -> translated label), in their order there; none gives the default.

    `widget` is st.multiselect, or st.pills with selection_mode="multi".
    """

    def read(text: str) -> list[str] | None:
        codes = text.split(LISTED)
        return codes if set(codes) <= set(labels) and len(codes) <= most else None

    own = _seed(key, scope, list(default), read)
    if len(st.session_state[own]) > most:
        st.session_state[own] = st.session_state[own][-most:]  # the first choice makes room for the last
    now = [code for code in st.session_state[own] if code in labels]
    chosen = widget(label, list(labels), default=now, format_func=labels.__getitem__, key=own, **options)
    codes, usual = (tuple(code for code in labels if code in wanted) for wanted in (chosen or default, default))
    publish(key, scope, LISTED.join(codes), LISTED.join(usual))
    worksheet_notes.setting(label, ", ".join(labels[code] for code in codes))
    return codes


def number(
    label: str,
    *,
    key: str,
    default: float,
    low: float,
    high: float,
    step: float | None = None,
    scope: str = "",
    log: bool = False,
    **options,
) -> float:
    """A number of [low, high]; whole where the default is an int. An empty field gives the default.

    log: its buttons move its second digit, whatever its size.
    """
    kind = type(default)
    own = _seed(key, scope, default, lambda text: _number(text, kind, low, high))
    _keep_within(own, default, low, high)
    shown = {} if kind is int else {"format": "%g"}
    step = _second_digit(st.session_state[own]) if log else step
    now = st.session_state[own]
    value = st.number_input(label, kind(low), kind(high), now, step=step, key=own, **shown, **options)
    publish(key, scope, _word(value), _word(default))
    worksheet_notes.setting(label, _shown(value))
    return value


def _second_digit(value: float) -> float:
    """What 1 in the second digit of a positive number is worth: 0.01 in 0.25; 1 at least in a whole number."""
    digit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return max(1, round(digit)) if isinstance(value, int) else digit


def slider(
    label: str,
    *,
    key: str,
    default: float,
    low: float,
    high: float,
    step: float,
    scope: str = "",
    log: bool = False,
    reach: tuple[float, float] | None = None,
    **options,
) -> float:
    """A number with a track under it: typed exactly, or dragged, and all that follows from it follows the hand.

    log: for a positive number of many sizes, such as a learning rate: the same way along the track is the same factor,
    and `step` is a step of the exponent of ten.
    reach: the ends of the track, where a typed number may go further.
    """
    own = _name(key, scope)
    with st.container(gap="xxsmall"):
        value = number(label, key=key, default=default, low=low, high=high, step=step, scope=scope, log=log, **options)
        move = functools.partial(_move, own)
        track(label, value, *(reach or (low, high)), step, key=f"{own}.track", name=key, move=move, log=log)
    return value


def held(key: str, last: int, *, start: int, scope: str = "") -> int:
    """A position from 0 to `last` that a picture moves (by `drag`), without a widget of its own."""
    own = _name(key, scope)
    if own not in st.session_state or back_button() or key in _link():
        st.session_state[own] = take(key, scope, start, lambda text: _number(text, int, 0, last))
    position = st.session_state[own] = min(st.session_state[own], last)
    publish(key, scope, str(position), str(start))
    return position


def words(key: str, *, default: str, valid: Callable[[str], bool], scope: str = "") -> str:
    """A text that buttons and pictures write (by `put`), without a widget of its own."""
    own = _name(key, scope)
    if own not in st.session_state or back_button() or key in _link():
        st.session_state[own] = take(key, scope, default, lambda text: text if valid(text) else None)
    text = st.session_state[own]
    publish(key, scope, text, default)
    return text


def drag(keys: Sequence[str], values: Sequence[float], done: bool, scope: str = "") -> None:
    """A picture was dragged: move the numbers of these keys together; call it from the component's callback."""
    for key, value in zip(keys, values, strict=True):
        _move(_name(key, scope), value, done)


def _move(own: str, value: float, done: bool) -> None:
    """A track or picture was moved; while the hand is on it the link waits, or each pixel were a step of the back
    button."""
    st.session_state[own] = value
    st.session_state["dragging"] = not done


def numbers(
    labels: Sequence[str],
    *,
    key: str,
    default: Sequence[float],
    low: float,
    high: float,
    scope: str = "",
) -> tuple[float, ...]:
    """A small grid of numbers that share one parameter of the link."""
    given = _take_numbers(key, scope, default, low, high)
    cells, values = st.container(horizontal=True, gap="small"), []
    for index, (label, start) in enumerate(zip(labels, given, strict=True)):
        own = _name(f"{key}.{index}", scope)
        if own not in st.session_state or back_button():
            st.session_state[own] = float(start)
        _keep_within(own, default[index], low, high)
        now = st.session_state[own]
        value = cells.number_input(label, float(low), float(high), now, step=0.1, format="%g", key=own, width=NARROW)
        values.append(value)
        worksheet_notes.setting(labels[index], _shown(value))
    publish(key, scope, encode(values), encode(default))
    return tuple(values)


def _keep_within(own: str, default: float, low: float, high: float) -> None:
    """Limits are kept by the browser only: an emptied field or a forged value becomes the default."""
    value = st.session_state[own]
    if value is None or not low <= value <= high:
        st.session_state[own] = default


def toggle(label: str, *, key: str, default: bool = False, scope: str = "", **options) -> bool:
    """On or off; the link says 1 or 0."""
    own = _seed(key, scope, default, {"0": False, "1": True}.get)
    value = st.toggle(label, st.session_state[own], key=own, **options)
    publish(key, scope, str(int(value)), str(int(default)))
    worksheet_notes.setting(label, _("on") if value else _("off"))
    return value


def text_line(label: str, *, key: str, default: str, max_chars: int, scope: str = "", **options) -> str:
    """A line of text, such as an expression."""
    own = _seed(key, scope, default, lambda text: text if len(text) <= max_chars else None)
    value = st.text_input(label, st.session_state[own], key=own, max_chars=max_chars, **options)
    value = value[:max_chars] if isinstance(value, str) else ""  # a message can be forged
    publish(key, scope, value, default)
    worksheet_notes.setting(label, value)
    return value


def stepper(
    label: str,
    last: int,
    *,
    key: str,
    scope: str = "",
    start: int | None = None,
    jump: Callable[[int], tuple[str, str, int]] | None = None,
) -> int:
    """A position from 0 to `last`: a slider to jump, and first, back, next, last.

    Args:
        start: where it opens; None: at the end.
        jump: position -> icon, name and target of one button more.
    """
    start = last if start is None else start
    own = _seed(key, scope, start, lambda text: _number(text, int, 0, last))
    st.session_state[own] = min(st.session_state[own], last)
    buttons = st.container(horizontal=True, gap="xsmall")
    position = st.slider(label, 0, last, st.session_state[own], key=own) if last else 0
    moves = (
        (":material/first_page:", _("First"), 0),
        (":material/chevron_left:", _("Back"), max(position - 1, 0)),
        (":material/chevron_right:", _("Next"), min(position + 1, last)),
        (":material/last_page:", _("Last"), last),
        *([jump(position)] if jump else []),
    )
    for icon, name, target in moves:
        by = target - position
        # A second click may come before the first one has been drawn: a step goes on from where that one led.
        move, args = (_step, (own, by, last)) if abs(by) == 1 else (put, (key, target, scope))
        buttons.button(
            name,
            icon=icon,
            key=f"{own}.{icon}",
            type="primary" if target == 0 and position == last else "secondary",  # the walk begins here
            disabled=target == position,
            on_click=move,
            args=args,
        )
    publish(key, scope, str(position), str(start))
    worksheet_notes.setting(label, f"{position} / {last}")
    return position


def _step(own: str, by: int, last: int) -> None:
    st.session_state[own] = min(max(st.session_state[own] + by, 0), last)


def digits(key: str) -> int:
    """How many significant digits the numbers on screen have."""
    return number(_("Digits"), key=key, default=DIGITS, low=2, high=12, step=1)


def now(key: str, scope: str = ""):
    """What a widget says at this moment: for a callback, which may come before the run that follows another one."""
    return st.session_state[_name(key, scope)]


def seeds() -> list[str]:
    """The parameters of the open section that say what is drawn."""
    tail = f"|{language()}|{st.session_state.get('open', '')}"
    keys = (str(name).split("|")[0] for name in st.session_state if str(name).endswith(tail))
    return sorted({key for key in keys if key.endswith("_seed")})


def put(key: str, value, scope: str = "") -> None:
    """Move a widget from a button's callback."""
    st.session_state[_name(key, scope)] = value


# the link -----------------------------------------------------------------------------------------------------


def arrive(page: str) -> None:
    """Start of every page: read the link where it decides, else what was chosen here before."""
    if st.session_state.get("page") == page and not back_button():
        return
    st.session_state["page"], st.session_state["picked"] = page, {}  # a page without sections picks none
    in_link = {key: value for key, value in st.query_params.items() if key.startswith(f"{page}_")}
    if in_link or back_button():  # a link, not a walk through the menu: it alone decides
        chosen = _chosen()
        for key in [key for key in chosen if key.startswith(f"{page}_")]:
            del chosen[key]
        _link().clear()
        _link().update(in_link)


def section(draw: Callable[[], None]) -> Callable[[], None]:
    """Make a function a section: a fragment, which writes the link once, when all its widgets have spoken.

    One write is one step of the back button; a write for each widget would leave steps that never were on screen.
    A whole class may open the section of a fresh server in the same second: one of them draws it first.
    """
    pioneer = Pioneer()

    @st.fragment
    @functools.wraps(draw)
    def drawn() -> None:
        st.session_state["on_screen"] = dict(st.session_state.get("picked", {}))
        st.session_state["open"] = draw.__module__.rpartition(".")[2].strip("_")
        worksheet_notes.begin()
        with speaking(language()), pioneer.ahead(language()):
            draw()
            settings.tell()
        _write_link()

    return drawn


def pick_section(titles: Mapping[str, str], key: str) -> str:
    """Which section of a lesson is open; its code stands in the link of every screen of the lesson."""
    st.session_state["on_screen"], st.session_state["picker"] = {}, key
    code = choice(st.pills, _("Section"), titles, key=key, required=True, wrap=True, label_visibility="collapsed")
    if st.query_params.get(key) == code:  # the first section too, where a link names it: else one step back were dead
        st.session_state["on_screen"][key] = code
    st.session_state["picked"] = st.session_state["on_screen"]
    return code


def take(key: str, scope: str, default, decode: Callable):
    """A parameter's value from the link, else the last choice in this scope; `decode` gives None for a bad one."""
    text = _link().pop(key, None)
    if text is None:
        at, text = _chosen().get(key, (scope, None))
        text = text if at == scope else None
    value = default if text is None else decode(text)
    if value is None:
        message = _("`{name}` in the link is not valid here: its default is shown.").format(name=key)
        st.toast(message, duration="long")
    return default if value is None else value


def _seed(key: str, scope: str, default, decode: Callable) -> str:
    """Give a widget that appears (or that the back button changed) its value; returns the widget's own key."""
    own = _name(key, scope)
    if own not in st.session_state or back_button():
        st.session_state[own] = take(key, scope, default, decode)
    return own


def _name(key: str, scope: str) -> str:
    """The widget's own key. The language is in it, because a widget that lives on while its labels change keeps
    the old label in the browser, and sends it back as an unknown option. So is the open section, for keys that
    several sections share; the picker of sections stays."""
    place = "" if key == st.session_state.get("picker") else st.session_state.get("open", "")
    return f"{key}|{scope}|{language()}|{place}"


def publish(key: str, scope: str, text: str, default: str) -> None:
    """Give a value its place in the link, where a default needs none."""
    page = st.session_state["page"]
    if not key.startswith(f"{page}_"):
        raise ValueError(f"the key {key!r} must begin with {page}_: else its value would be lost on the way by link")
    if text == default:
        _chosen().pop(key, None)
        return
    _chosen()[key] = scope, text
    st.session_state.setdefault("on_screen", {})[key] = text


def parameters() -> dict[str, str]:
    """What the link says, or will say at the end of this run: all that is on screen so far, and what is not of this
    page. Without the learner's progress, which is nobody else's."""
    own = f"{st.session_state.get('page', '')}_"
    others = {key: text for key, text in st.query_params.items() if not key.startswith(own) and key != progress.NAME}
    return others | st.session_state["on_screen"]


def _write_link() -> None:
    """Exactly what is on screen; each change is a step of the back button."""
    if st.session_state.pop("dragging", False):
        return
    wanted = parameters() | progress.parameter()
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def forget() -> None:
    """Every choice on every page: the learner starts over."""
    _chosen().clear()
    _link().clear()


def _link() -> dict[str, str]:
    """Parameters of the link that no widget has read yet."""
    return st.session_state.setdefault("link", {})


def _chosen() -> dict[str, tuple[str, str]]:
    """The choices of all pages that differ from their defaults: key -> (scope, text)."""
    return st.session_state.setdefault("chosen", {})


# numbers as text ----------------------------------------------------------------------------------------------


def encode(values: Sequence[float]) -> str:
    """The shortest text that reads back to the same floats: 0.1_-2_1e-05."""
    return SEPARATOR.join(_word(value) for value in values)


def decode(text: str, count: int, low: float, high: float) -> list[float] | None:
    """The numbers of `encode`, or None where they are not `count` numbers of [low, high]."""
    values = [_number(word, float, low, high) for word in text.split(SEPARATOR)[: count + 1]]
    return values if len(values) == count and None not in values else None


def _word(value: float) -> str:
    return repr(value).removesuffix(".0").replace("e+", "e")


def _shown(value: float) -> str:
    """As its widget writes it."""
    return f"{value}" if isinstance(value, int) else f"{value:g}".replace("-", "−")


def _number(text: str, kind: type, low: float, high: float) -> float | int | None:
    try:
        value = kind(text)
    except ValueError:
        return None
    return value if low <= value <= high and math.isfinite(value) else None  # in this order: 10**400 is no float


def _take_numbers(key: str, scope: str, default: Sequence[float], low: float, high: float) -> Sequence[float]:
    if _name(f"{key}.0", scope) in st.session_state and not back_button():
        return default  # the widgets own their values
    return take(key, scope, default, lambda text: decode(text, len(default), low, high))
