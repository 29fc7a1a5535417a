"""A program that speaks Streamlit's protocol and sends what no browser would."""

import contextlib
from collections.abc import Iterator

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

REPEATED = ForwardMsg.FINISHED_EARLY_FOR_RERUN  # the run that counts follows
LISTS = {"double_array_value", "int_array_value", "string_array_value"}


@contextlib.contextmanager
def visit(address: str, page: str, query: str = "") -> Iterator["Visitor"]:
    """Open a page by its link, in a session of its own."""
    stream = f"ws{address.removeprefix('http')}/_stcore/stream"
    with connect(stream, origin=address, subprotocols=["streamlit"], max_size=None, open_timeout=60) as line:
        yield Visitor(line, page, query).ask()


class Visitor:
    """One tab, and what the server has said since the last question."""

    def __init__(self, line, page: str, query: str):
        self._line, self.page, self.query, self.raw, self.elements = line, page, query, b"", []

    def ask(self, *states: WidgetState) -> "Visitor":
        """Move these widgets and wait for the end of the run."""
        question = BackMsg()
        question.rerun_script.page_name, question.rerun_script.query_string = self.page, self.query
        question.rerun_script.context_info.locale = "ko-KR" if "ko" in self.query else "en-US"
        question.rerun_script.widget_states.widgets.extend(states)
        self._line.send(question.SerializeToString())
        self.raw, self.elements = b"", []
        while True:
            data = self._line.recv(timeout=120)
            self.raw += data
            message = ForwardMsg.FromString(data)
            if message.delta.HasField("new_element"):
                self.elements.append(message.delta.new_element)
            if message.WhichOneof("type") == "script_finished" and message.script_finished != REPEATED:
                return self

    def of_kind(self, kind: str) -> list:
        return [getattr(element, kind) for element in self.elements if element.WhichOneof("type") == kind]

    @property
    def errors(self) -> list[str]:
        return [alert.body for alert in self.of_kind("alert") if alert.format == alert.ERROR]

    def widget(self, kind: str) -> str:
        """The id of the first widget of a kind that can be moved."""
        return next(widget.id for widget in self.of_kind(kind) if not getattr(widget, "disabled", False))


def state(widget: str, field: str, value: object) -> WidgetState:
    """What a browser would send of a widget, but for the value."""
    forged = WidgetState(id=widget)
    if field in LISTS:
        getattr(forged, field).data.extend(value)
    elif field == "file_uploader_state_value":
        forged.file_uploader_state_value.uploaded_file_info.add(file_id=value, name="a.csv", size=3)
    else:
        setattr(forged, field, value)
    return forged
