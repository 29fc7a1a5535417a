"""Words: gettext from a .po file that Babel reads once, and the sentences for the engine's errors.

English is the source language and stands in the code: `_("Loss")`. A string that is defined where no session
exists yet (a module's constant) is marked with `N_` there and translated with `_` where it is shown.
"""

import contextlib
import functools
import gettext
import io
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

import streamlit as st
from babel.messages import mofile, pofile

from engine.errors import MESSAGES, InputError
from pages.shared import names
from pages.shared.history import back_button

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "ko": "한국어"}

_settled: ContextVar[str] = ContextVar("settled", default="")


def N_(message: str) -> str:
    """Mark a string for the catalog without translating it yet."""
    return message


def _(message: str) -> str:
    """The message in the language of this session."""
    return catalog(language()).gettext(message)


@functools.lru_cache(maxsize=64)
def catalog(code: str) -> gettext.NullTranslations:
    """The translations of a language, compiled in memory."""
    if code == "en":
        return gettext.NullTranslations()
    with open(LOCALE / f"{code}.po", "rb") as file:
        messages = pofile.read_po(file, locale=code)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@contextlib.contextmanager
def speaking(code: str) -> Iterator[None]:
    """Settle the language of a section while it is drawn: it says hundreds of words, and asks the session once."""
    token = _settled.set(code)
    try:
        yield
    finally:
        _settled.reset(token)


def language() -> str:
    """The language of this session: the sidebar's switch, before it exists the link, else the browser's."""
    if settled := _settled.get():
        return settled
    code = st.session_state.get("lang")
    return code if code in LANGUAGES else of_link()


def of_link() -> str:
    """The language that the link says, else the browser's."""
    code = st.query_params.get("lang")
    return code if code in LANGUAGES else preferred()


def preferred() -> str:
    """The browser's language if we speak it, else English."""
    code = (st.context.locale or "").lower().split("-")[0]
    return code if code in LANGUAGES else "en"


def switch() -> None:
    """The language switch of the sidebar; the link says ?lang=ko."""
    if back_button():
        st.session_state.pop("lang", None)
    if "lang" not in st.session_state:
        st.session_state["lang"] = language()
    code = st.sidebar.segmented_control(
        "Language · 언어", list(LANGUAGES), format_func=LANGUAGES.__getitem__, required=True, key="lang"
    )
    if st.query_params.get("lang", preferred()) != code:
        st.query_params["lang"] = code


def sentence(error: InputError) -> str:
    """What to change, in the learner's language; what the learner typed stands as code, so that no * is lost."""

    def write(fact: object) -> str:
        text = f"{fact:.10g}" if isinstance(fact, float) else str(fact)
        text = names.OF_CODES.get(text, text).replace("`", "'")
        return f"`{text}`" if text else ""

    return error.sentence(_(MESSAGES[error.code]), write)
