"""What the class server loads, says with every answer, and refuses; without a port."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit import config

from pages.shared import server, shell

PAGE = {"host": "lab.example.org"}


async def inner(scope, receive, send):
    """Stands for Streamlit: it takes whatever reaches it."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def run(task) -> None:
    """To its end on a thread of its own: the browser of other tests keeps a loop on this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, task).result()


def ask(kind: str = "http", path: str = "/", environment: dict | None = None, **headers: str) -> dict:
    """The first thing that comes back through the guards."""
    app, sent = inner, []
    for guard in reversed(server.guards(environment or {})):
        app = guard.cls(app, *guard.args, **guard.kwargs)
    coded = [(name.encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": kind, "path": path, "method": "GET", "headers": coded, "query_string": b""}

    async def send(message):
        sent.append(message)

    run(app(scope, None, send))
    return sent[0]


def said(answer: dict) -> dict[str, str]:
    return {name.decode(): text.decode() for name, text in answer["headers"]}


def test_before_the_port_opens_everything_is_loaded_and_no_file_is_watched(monkeypatch):
    loaded, watcher = [], "server.fileWatcherType"
    monkeypatch.setattr(shell, "libraries", lambda: loaded.append(True))

    async def start():
        async with server.ready(server.app):
            assert loaded == [True]
            assert config.get_option(watcher) == "none"

    before = config.get_option(watcher)
    assert before != "none"
    try:
        run(start())
    finally:
        config.set_option(watcher, before)


@pytest.mark.parametrize("path", ["/", "/_stcore/metrics"])
def test_every_answer_says_what_a_page_may_do(path):
    headers = said(ask(path=path, **PAGE))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    content = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert content["default-src"] == "'self'"
    assert "unsafe" not in content["script-src"]
    assert content["frame-ancestors"] == "*"


def test_who_may_frame_it_can_be_said():
    headers = said(ask(environment={"EMBEDDED_BY": "'self' https://lms.example.org"}, **PAGE))
    assert headers["content-security-policy"].endswith("frame-ancestors 'self' https://lms.example.org")


def test_the_names_it_answers_to_can_be_said():
    environment = {"ALLOWED_HOSTS": "lab.example.org, 127.0.0.1"}
    for host in "lab.example.org", "127.0.0.1:8501":
        assert ask(environment=environment, host=host)["status"] == 200
    for kind in "http", "websocket":
        answer = ask(kind, environment=environment, host="evil.example")
        assert answer.get("status", 403) >= 400
        assert answer["type"] != "websocket.accept"
    assert ask(host="any.example")["status"] == 200


def test_its_figures_are_closed():
    assert ask(path="/_stcore/metrics", **PAGE)["status"] == 404
    assert ask(path="/_stcore/health", **PAGE)["status"] == 200


@pytest.mark.parametrize("origin", ["http://lab.example.org", "https://LAB.example.org"])
def test_its_own_pages_open_a_websocket(origin):
    assert ask("websocket", origin=origin, **PAGE)["type"] == "websocket.accept"
    assert ask("websocket", **PAGE)["type"] == "websocket.accept"  # a program that is no page


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://lab.example.org.evil.example", "http://lab.example.org:1", "null", "http://["],
)
def test_the_page_of_another_site_opens_none(origin):
    assert ask("websocket", origin=origin, **PAGE) == {"type": "websocket.close", "code": 1008}
