"""A run that fails: one sentence for the visitor, and for the log its traceback, once.

No browser sends a value that its widget cannot read; a program may, and as often as it likes. Streamlit raises before
any code of a page has run, again on each message that follows, and would write a traceback of some 8 KB each time.
"""

import functools
import itertools
import logging
import traceback
from pathlib import Path
from types import TracebackType

import streamlit as st

from pages.shared import text
from pages.shared.text import N_

OURS, STREAMLIT = Path(__file__).parents[2], Path(st.__file__).parent
UNREADABLE = N_("This page received a value that it cannot read. Please reload the page.")
FAILED = N_("Something went wrong here. Please reload the page, or choose another setting.")

# Where Streamlit writes tracebacks of what a browser has sent: of a whole run, of a cell of a table, of a component.
LOGGERS = (
    "streamlit.error_util",
    "streamlit.elements.widgets.data_editor",
    "streamlit.components.v2.bidi_component.serialization",
)
PLACES = 10_000  # more than there are widgets and ways to misuse them


def tell(error: Exception) -> bool:
    """Say it in the page's language: for `st.App(on_script_error=...)`; True: Streamlit need not say it in English.

    The session's own memory may be what cannot be read, so the link is asked for the language.
    """
    said = UNREADABLE if _is_streamlits(error) else FAILED
    st.error(text.catalog(text.of_link()).gettext(said))
    return True


def _is_streamlits(error: Exception) -> bool:
    """Whether Streamlit stumbled over it by itself, or inside a widget; whatever library it had called."""
    for frame in reversed(_frames(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(STREAMLIT):
            return True
        if any(file.is_relative_to(OURS / folder) for folder in ("engine", "pages")):
            return False
    return True


def _frames(trace: TracebackType | None) -> traceback.StackSummary:
    """The inner ones, should a function have called itself without end; without reading the source."""
    return traceback.StackSummary.extract(traceback.walk_tb(trace), limit=-40, lookup_lines=False)


class Once(logging.Filter):
    """A traceback when it is new; of the same one after that a line, the 2nd, 4th, 8th, ... time."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.exc_info or record.exc_info[2] is None:
            return True
        kind, _error, trace = record.exc_info
        frames = _frames(trace)
        times = next(_times(hash((kind, *((frame.filename, frame.lineno) for frame in frames)))))
        if times > 1:  # without what came: that may be long, and have lines of its own
            record.exc_info = record.exc_text = record.stack_info = None
            where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
            record.msg, record.args = "%s at %s, %d times by now", (kind.__name__, where, times)
        return times & (times - 1) == 0


@functools.lru_cache(maxsize=PLACES)
def _times(place: int) -> itertools.count:
    return itertools.count(1)


ONCE = Once()


def keep_log_short() -> None:
    """At start, and harmless when it is called again."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(ONCE)
