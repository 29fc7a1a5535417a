"""What the learner has solved, as a short code in the link: no account, and nothing kept on the server.

The code is one bit an exercise, in the order of the registry, as URL-safe base64, and a check character that notices
any single wrong one. What the session knows and what the link says are joined, so that neither an old bookmark nor
the back button takes anything away.
"""

import base64
from collections.abc import Iterable
from urllib.parse import urlencode

import streamlit as st

from pages.shared import exercises
from pages.shared.exercises import EXERCISES
from pages.shared.history import keep
from pages.shared.lessons import LESSONS, Lesson, Section
from pages.shared.text import _, language

NAME = "done"  # of the parameter
PLACES = {exercise.key: place for place, exercise in enumerate(EXERCISES)}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LONGEST = len(EXERCISES) // 6 + 4  # characters of a code; what is longer is not looked at


# the code -----------------------------------------------------------------------------------------------------


def encode(keys: Iterable[str]) -> str:
    """The code of these exercises; "" of none."""
    bits = sum(1 << PLACES[key] for key in set(keys))
    body = base64.urlsafe_b64encode(bits.to_bytes((bits.bit_length() + 7) // 8, "little")).decode().rstrip("=")
    return body and body + _check(body)


def decode(text: str) -> frozenset[str] | None:
    """The exercises of a code; None where it is not exactly what `encode` writes."""
    body = text[:-1]
    if len(text) > LONGEST or not set(text) <= set(ALPHABET) or len(body) % 4 == 1:
        return None
    bits = int.from_bytes(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), "little")
    keys = frozenset(key for key, place in PLACES.items() if bits >> place & 1)
    return keys if encode(keys) == text else None  # not so with a wrong check character, or with bits beyond the list


def _check(body: str) -> str:
    """Odd weights have an inverse modulo 64: one changed character always changes the sum."""
    return ALPHABET[sum((2 * place + 1) * ALPHABET.index(letter) for place, letter in enumerate(body)) % 64]


# this learner -------------------------------------------------------------------------------------------------


def solved() -> frozenset[str] | set[str]:
    """The keys of what this learner has solved."""
    return st.session_state.get("solved", frozenset())


def add(key: str) -> None:
    """Remember an exercise as solved; the section writes it into the link when it has been drawn."""
    st.session_state["solved"] = {*solved(), key}


def knows(key: str) -> bool:
    """Whether this learner has solved that exercise, now or before."""
    return key in solved()


def complete(slug: str, section: str = "") -> bool:
    """Whether all exercises of a lesson, or of one section of it, are solved."""
    return exercises.of(slug, section) <= solved()


def following() -> tuple[Lesson, Section] | None:
    """The first section on the path through all lessons that has something unsolved."""
    path = ((lesson, section) for lesson in LESSONS for section in lesson.sections)
    return next((at for at in path if not complete(at[0].slug, at[1].code)), None)


def carry() -> None:
    """Before each page: join what the link says to what the session knows. One code is read once."""
    text = st.query_params.get(NAME)
    if text is None or text == st.session_state.get("done_read"):
        return
    st.session_state["done_read"] = text
    keys = decode(text)
    if keys is None:
        st.toast(
            _("The progress in the link (`{name}`) cannot be read: it is left out.").format(name=NAME), duration="long"
        )
    elif keys:
        st.session_state["solved"] = {*solved(), *keys}


def parameter() -> dict[str, str]:
    """What the link says of it; nothing where nothing is solved."""
    code = encode(solved() & PLACES.keys())
    return {NAME: code} if code else {}


def write() -> None:
    """After each page: Streamlit's menu has opened it without the code, or the code was no good.

    A section has then written it already, with its own values: one step of the back button.
    """
    keep(NAME, parameter().get(NAME, ""))


def bookmark() -> str:
    """The address of this page with the progress in it."""
    return f"{st.context.url or ''}?{urlencode({**parameter(), 'lang': language()})}"


def forget() -> None:
    """Start over. The address that a quick click still sends is not read again."""
    st.session_state.pop("solved", None)
    st.session_state["done_read"] = st.query_params.pop(NAME, None)
