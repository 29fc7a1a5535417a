"""Messages that no browser sends: their sender reads a sentence, the log stays short, and nobody else notices."""

import math
import subprocess
import sys

import pytest

from tests.browser.conftest import wait_for
from tests.deploy.conftest import ROOT, free_ports
from tests.deploy.forger import state, visit

SENTENCE = "This page received a value that it cannot read. Please reload the page."
UNKNOWN = "Something went wrong here. Please reload the page, or choose another setting."
KOREAN = "이 페이지에서 읽을 수 없는 값을 받았습니다. 페이지를 새로 고침하세요."
INNER = (b"Traceback", b"site-packages", b"Error", b"redacted")
PAGES = {
    "graph": ("backprop", "backprop_formula=own&view=no-takeaway"),
    "calculator": ("backprop", "backprop_section=calculator"),
    "board": ("training", "training_section=board&training_board_view=graph"),
    "table": ("training", "training_preset=own&training_own=table"),
}
FORGED = [  # page, kind of widget, field of the message, value; whether the page has to give up
    ("graph", "number_input", "string_value", "x" * 100_000, True),
    ("graph", "number_input", "double_array_value", [math.nan], True),
    ("graph", "selectbox", "int_value", 7, True),
    ("graph", "slider", "string_value", "x", True),
    ("graph", "slider", "double_array_value", [-1e300], False),
    ("graph", "text_input", "double_value", math.nan, True),
    ("graph", "text_input", "bytes_value", b"\xff\0", False),
    ("graph", "text_input", "json_value", "[1]", False),
    ("graph", "button_group", "bool_value", True, True),
    ("graph", "button", "json_value", "{", True),
    ("graph", "bidi_component", "json_value", "{", True),
    ("graph", "bidi_component", "json_value", "[7]", False),
    ("calculator", "checkbox", "json_value", "{", True),
    ("calculator", "dataframe", "string_value", "[]", True),
    ("calculator", "dataframe", "string_value", '{"edited_rows": {"99": {"nothing": 1}}}', False),
    ("calculator", "dataframe", "string_value", '{"deleted_rows": [0, 99, "x"]}', False),
    ("calculator", "dataframe", "string_value", '{"added_rows": [' + "{}," * 90_000 + "7]}", False),  # minutes of work
    ("board", "vega_lite_chart", "string_value", '{"selection": 7}', True),
    ("board", "vega_lite_chart", "string_value", '{"selection": {"picked": [7]}}', False),
    ("table", "text_area", "double_value", math.inf, True),
    ("table", "text_area", "json_value", "[1]", False),
    ("table", "file_uploader", "file_uploader_state_value", "no-such-file", False),
    ("table", "file_uploader", "string_value", "x", True),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("forged") / "log"


@pytest.fixture(scope="module")
def address(log):
    """A class server of its own, so that its log is of these tests alone."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "pages.shared.server", "--host=127.0.0.1", f"--port={port}"]
    with log.open("w") as file, subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=60)


@pytest.mark.parametrize(("page", "kind", "field", "value", "given_up"), FORGED)
def test_whoever_forges_a_message_reads_a_sentence_and_nothing_of_the_inside(
    address, page, kind, field, value, given_up
):
    with visit(address, *PAGES[page]) as forger:
        assert forger.errors == []
        forger.ask(state(forger.widget(kind), field, value))
        assert [inner for inner in INNER if inner in forger.raw] == []
        assert forger.of_kind("exception") == []
        assert (SENTENCE in forger.errors) == given_up
        assert UNKNOWN not in forger.errors


def test_others_are_served_the_log_stays_short_and_a_reload_mends_it(address, log):
    page, query = PAGES["graph"]
    with visit(address, page, query) as neighbour:
        with visit(address, page, f"{query}&lang=ko") as forger:
            forged, before = state(forger.widget("number_input"), "string_value", "x\ny" * 1000), log.stat().st_size
            for _time in range(64):
                assert forger.ask(forged).errors == [KOREAN]
            assert neighbour.ask().errors == []
            assert neighbour.widget("number_input")
            written = log.read_text("utf-8")[before:]
        with visit(address, page, f"{query}&lang=ko") as forger:
            assert forger.errors == []
            assert forger.widget("number_input")
    assert written.count("Traceback") <= 2
    assert len(written.splitlines()) < 200
