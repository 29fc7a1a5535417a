"""Driving the app as a learner does, without a browser."""

import contextlib
import io
from pathlib import Path

import pandas as pd
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


class Screen:
    """One session of the app. Every run checks that nothing was raised."""

    def __init__(self, page: str, language: str = "en", *, locale: str | None = None, **query: str):
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        self.at.context = {"locale": locale}
        for name, text in query.items():
            self.at.query_params[name] = text
        if language != "en":
            self.at.query_params["lang"] = language
        self.open(page)

    def open(self, page: str) -> "Screen":
        self.at.switch_page(f"pages/{page}.py")
        return self.run()

    def run(self) -> "Screen":
        self.at.run()
        assert [f"{e.message}\n{''.join(e.stack_trace)}" for e in self.at.exception] == []
        return self

    # widgets: the app's own keys are "key|scope|language"

    def has(self, key: str) -> bool:
        return bool(self._found(key))

    def widget(self, key: str):
        (widget,) = self._found(key)
        return widget

    def _found(self, key: str) -> list:
        kinds = ("selectbox", "number_input", "text_input", "toggle", "slider", "button_group", "multiselect")
        found = [widget for kind in kinds for widget in self.at.get(kind)]
        return [widget for widget in found if widget.key and widget.key.split("|")[0] == key]

    @property
    def keys(self) -> set[str]:
        """The parameters of the link that this screen's widgets stand for, but for free text."""
        kinds = ("selectbox", "number_input", "toggle", "slider", "button_group", "multiselect")
        named = [widget.key for kind in kinds for widget in self.at.get(kind) if "|" in (widget.key or "")]
        return {key.split("|")[0].split(".")[0] for key in named}

    def value(self, key: str):
        return self.widget(key).value

    def set(self, key: str, value) -> "Screen":
        self.widget(key).set_value(value)
        return self.run()

    def button(self, key: str, icon: str = ""):
        """A button by its key, or one of a stepper's by the stepper's key and its icon."""
        tail = f".:material/{icon}:" if icon else ""
        (button,) = [b for b in self.at.button if b.key.split("|")[0] in (key, key + tail) and b.key.endswith(tail)]
        return button

    def click(self, key: str, icon: str = "") -> "Screen":
        self.button(key, icon).click()
        return self.run()

    # what is shown

    @property
    def link(self) -> dict[str, str]:
        return dict(self.at.query_params)

    @property
    def metrics(self) -> list[str]:
        return [metric.value for metric in self.at.metric]

    @property
    def latex(self) -> str:
        return "\n".join(latex.value for latex in self.at.latex)

    @property
    def table(self) -> pd.DataFrame:
        """The section's table of results; the last table of a lesson is the term list."""
        return self.at.table[0].value

    @property
    def words(self) -> str:
        parts = [*self.at.markdown, *self.at.info, *self.at.success, *self.at.warning, *self.at.error, *self.at.caption]
        return "\n".join(part.value for part in parts)

    @property
    def toasts(self) -> list[str]:
        return [toast.value for toast in self.at.toast]

    @property
    def script(self) -> str:
        return next(code.value for code in self.at.code if "import numpy" in code.value)

    def printed(self) -> list[str]:
        """What the script of the take-away prints."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(self.script, "script.py", "exec"), {"__name__": "__main__"})
        return out.getvalue().splitlines()

    @property
    def picture(self) -> list[str]:
        return [chart.proto.spec for chart in self.at.get("vega_lite_chart")]

    def screenshot(self) -> dict:
        """All that the numbers and choices of a screen consist of."""
        return {
            "titles": [title.value for title in self.at.title],
            "metrics": self.metrics,
            "latex": self.latex,
            "tables": [table.value.to_dict() for table in self.at.table],
            "editors": [frame.value.to_dict() for frame in self.at.dataframe],
            "words": self.words,
            "script": self.script,
            "pictures": self.picture,
        }


@pytest.fixture(scope="session", autouse=True)
def _no_packaged_components():
    """Each AppTest would read the metadata of all installed packages: most of the time of a fresh session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda *_, **__: [])
        yield


@pytest.fixture(scope="session")
def app():
    """app(page, language, **query): a fresh session that opens a page by a link."""
    return Screen
