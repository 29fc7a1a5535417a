"""What a run that fails says to the visitor, and what to the log."""

import importlib.util
import logging
from pathlib import Path

import pytest
import streamlit as st

from pages.shared import mishap, server

ROOT = Path(__file__).parents[2]


def raised(file: Path, code: str = "1 / 0") -> Exception:
    """The error of code that stands in that file."""
    try:
        exec(compile(code, str(file), "exec"))
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.fixture
def told(monkeypatch):
    """What the visitor reads, in the language of the link."""
    read, link = [], {}
    monkeypatch.setattr("streamlit.error", read.append)
    monkeypatch.setattr("streamlit.query_params", link)

    def tell(error, language):
        link["lang"] = language
        assert mishap.tell(error) is True, "else Streamlit would say it in English"
        return read.pop()

    return tell


@pytest.fixture
def log(caplog, monkeypatch):
    """A log that is kept short, of one logger."""
    monkeypatch.setattr(mishap, "_times", mishap.functools.lru_cache(mishap._times.__wrapped__))
    logger = logging.getLogger("tests.mishap")
    monkeypatch.setattr(logger, "filters", [mishap.ONCE])
    return lambda error: logger.error("Uncaught app execution", exc_info=error)


def test_the_class_server_tells_it(told):
    assert server.app._on_script_error is mishap.tell


def test_the_sentence_depends_on_where_it_was_raised(told):
    streamlits = raised(Path(st.__file__).parent / "runtime" / "x.py")
    for file in "pages/shared/x.py", "pages/sections/x.py", "engine/x.py":
        assert told(raised(ROOT / file), "en") == mishap.FAILED
    assert told(streamlits, "en") == mishap.UNREADABLE
    assert told(streamlits, "ko") == "이 페이지에서 읽을 수 없는 값을 받았습니다. 페이지를 새로 고침하세요."


def test_an_error_of_ours_stands_in_the_log_with_its_traceback(log, caplog):
    log(raised(ROOT / "engine" / "x.py"))
    log(raised(ROOT / "engine" / "y.py"))
    log(raised(ROOT / "engine" / "y.py", "\n1 / 0"))
    assert caplog.text.count("Traceback") == 3
    assert 'engine/y.py", line 2' in caplog.text


def test_the_same_error_is_counted_and_what_came_with_it_is_left_out(log, caplog):
    for time in range(1000):
        log(raised(ROOT / "pages" / "x.py", f"\nraise ValueError('{time}' * 1000)"))
    lines = caplog.messages
    assert len(lines) == 10
    assert caplog.text.count("Traceback") == 1
    assert lines[-1] == f"ValueError at {ROOT / 'pages' / 'x.py'}:2, 512 times by now"


def test_what_is_no_error_passes(log, caplog):
    for _time in range(3):
        logging.getLogger("tests.mishap").error("A word to the owner")
    assert len(caplog.messages) == 3


def test_streamlits_own_loggers_are_kept_short():
    mishap.keep_log_short()
    mishap.keep_log_short()
    for name in mishap.LOGGERS:
        assert logging.getLogger(name).filters.count(mishap.ONCE) == 1
        assert importlib.util.find_spec(name), "a module of Streamlit, which names its logger so"
    assert st.get_option("logger.enableRich") is False
    assert st.get_option("client.showErrorDetails") == "none"
