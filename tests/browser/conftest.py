"""A real server, visited with a real Chromium."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytest.register_assert_rewrite("tests.browser.screens")  # so that a fault is named where it fails


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@contextlib.contextmanager
def running_app(*, for_a_class: bool = False):
    """The app on a server of its own that has just started, the plain one or the guarded one; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    plain = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    start = ["streamlit", "run", "app.py", *plain, "--server.fileWatcherType=none"]
    if for_a_class:
        start = ["pages.shared.server", "--host=127.0.0.1", f"--port={port}"]
    command = [sys.executable, "-m", *start]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/_stcore/health", server)
            yield address
        finally:
            server.terminate()
            server.communicate(timeout=20)


def wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(1200):
        if server.poll() is not None:
            raise RuntimeError(f"the server stopped: {server.communicate()[0]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


@pytest.fixture(scope="session")
def address(chromium):
    """One server for all tests that need no cold one: the guarded one, so that all screens pass its guards."""
    with running_app(for_a_class=True) as address:
        yield address


@pytest.fixture(scope="session")
def visitors(chromium):
    """One context per look, so that each page but the first finds the front end's code in the browser's cache."""
    contexts = {}

    def context(width: int, theme: str, locale: str):
        look = width, theme, locale
        if look not in contexts:
            contexts[look] = chromium.new_context(
                viewport={"width": width, "height": 900}, color_scheme=theme, locale=locale, reduced_motion="reduce"
            )
            contexts[look].set_default_timeout(60_000)  # other workers load the machine
        return contexts[look]

    return context


@pytest.fixture
def visit(visitors, address):
    """Open a page of the app as a visitor: visit("/backprop", width=390, theme="dark", locale="ko-KR")."""
    pages = []

    def open_page(path: str, *, width: int = 1280, theme: str = "light", locale: str = "en-US", at: str = address):
        page = visitors(width, theme, locale).new_page()
        pages.append(page)
        page.complaints, page.strangers, page.answered = [], [], True
        page.on("console", lambda message: _note_console(page, message))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: _note_request(page, request, at))
        page.on("websocket", lambda line: _note_answers(page, line))
        page.goto(f"{at}{path}")
        ready(page)
        return page

    yield open_page
    for page in pages:
        page.context.set_offline(False)
        page.evaluate("localStorage.clear()")
        page.close()


def ready(page) -> None:
    """Wait until the script has run to its end: the last element stands and nothing is running."""
    page.locator(".st-key-terms").wait_for()  # the last element of every page
    page.wait_for_load_state("networkidle")  # the front end fetches the code of each kind of element when it meets it
    settle(page)


def settle(page) -> None:
    """Wait until the server has answered, no rerun is under way, every chart is drawn and the browser has rest."""
    page.wait_for_timeout(200)  # for the front end to send what a hand did
    for _ in range(300):
        if getattr(page, "answered", True):  # a page that was opened without visit() does not know
            break
        page.wait_for_timeout(100)
    page.wait_for_function(
        """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
            && !document.querySelector('[data-testid=stSkeleton]')
            && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
                .every(chart => chart.querySelector('svg, canvas'))"""
    )
    # A page that draws nothing new may never be called idle: then a second is enough.
    rest = "new Promise(done => { setTimeout(done, 1000); requestIdleCallback(() => requestIdleCallback(done)) })"
    page.evaluate(rest)
    page.wait_for_timeout(100)
    page.evaluate(rest)


def link_holds(page, text: str) -> None:
    """Wait for the address: what a hand did is written when it has let go and the server has answered."""
    page.wait_for_function("text => location.search.includes(text)", arg=text)


def until(page, holds) -> None:
    """Wait until holds() is true: for what lies inside a component, where the page's own queries do not reach."""
    for _ in range(600):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("waited in vain")


def _note_answers(page, line) -> None:
    line.on("framesent", lambda _: setattr(page, "answered", False))
    line.on("framereceived", lambda _: setattr(page, "answered", True))


def _note_console(page, message) -> None:
    # A deep link makes Streamlit's own front end probe PATH/_stcore/... first; those 404s are not ours.
    probe = "_stcore" in (message.location or {}).get("url", "")
    if message.type == "error" and not probe:
        page.complaints.append(message.text)


def _note_request(page, request, at: str) -> None:
    if not request.url.startswith((at, "data:", "blob:", at.replace("http", "ws"))):
        page.strangers.append(request.url)
