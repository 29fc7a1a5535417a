"""A real server and a real Chromium. Without a Chromium these tests skip; REQUIRE_BROWSER=1 makes that a failure."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@contextlib.contextmanager
def running_app():
    """The app on a server of its own that has just started; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options, "--server.fileWatcherType=none"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/_stcore/health", server)
            yield address
        finally:
            server.terminate()
            server.communicate(timeout=20)


def _wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError(f"the server stopped: {server.communicate()[0]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("no Chromium found, but the browser tests are required")
        pytest.skip("no Chromium found: install the package chromium to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(chromium):
    """One server for all tests that need no cold one; it has seen a visitor."""
    with running_app() as address:
        yield address


@pytest.fixture
def visit(chromium, address):
    """Open a page of the app as a visitor: visit("/backprop", width=390, theme="dark", locale="ko-KR")."""
    contexts = []

    def open_page(path: str, *, width: int = 1280, theme: str = "light", locale: str = "en-US", at: str = address):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, locale=locale, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.strangers = [], []
        page.on("console", lambda message: _note_console(page, message))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: _note_request(page, request, at))
        page.goto(f"{at}{path}")
        ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


def ready(page) -> None:
    """Wait until the script has run to its end: the last element stands and nothing is running."""
    page.locator(".st-key-terms").wait_for()  # the last element of every page
    page.wait_for_load_state("networkidle")  # the front end fetches the code of each kind of element when it meets it
    settle(page)


def settle(page) -> None:
    """Wait until no rerun is under way and every chart is drawn."""
    page.wait_for_timeout(200)  # for a click to reach the server
    page.wait_for_function(
        """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
            && !document.querySelector('[data-testid=stSkeleton]')
            && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
                .every(chart => chart.querySelector('svg, canvas'))"""
    )
    page.wait_for_timeout(100)


def _note_console(page, message) -> None:
    # A deep link makes Streamlit's own front end probe PATH/_stcore/... first; those 404s are not ours.
    probe = "_stcore" in (message.location or {}).get("url", "")
    if message.type == "error" and not probe:
        page.complaints.append(message.text)


def _note_request(page, request, at: str) -> None:
    if not request.url.startswith((at, "data:", "blob:", at.replace("http", "ws"))):
        page.strangers.append(request.url)
