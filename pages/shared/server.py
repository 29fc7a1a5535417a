"""The app for a class: the same pages under uvicorn, guarded and bounded.

    python -m pages.shared.server --host 0.0.0.0 --port 8501        # and any other option of uvicorn

`streamlit run app.py` stays the way for one learner. What this entry adds: an answer within milliseconds where the
plain server waits for the network's packets to fill up, libraries that are loaded before the first visitor, headers
that tell a browser what a page may do, and an end to what a stranger may ask for.

Two settings of the environment, for whoever knows where the app is seen:

    ALLOWED_HOSTS   "lab.example.org": the names it answers to, with commas between them; any, where unset.
    EMBEDDED_BY     "'self' https://lms.example.org": who may show it in a frame; anyone, where unset, because a
                    course page is anywhere and there is nothing behind a click here that a trick could steal.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as app.py does, and before NumPy is loaded

import contextlib
import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import streamlit as st
import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from pages.shared import mishap

# The one script within Streamlit's page; a browser test would complain of another.
INLINE = "THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA="

# What Streamlit's front end needs: code and fonts of its own, components' code as blobs, styles in the elements,
# pictures as data. Vega reads its formulas without eval.
CONTENT = {
    "default-src": "'self'",
    "script-src": f"'self' 'sha256-{INLINE}' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # a link holds what a learner tried
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# Options of uvicorn; what is said at the command line counts more.
OPTIONS = [
    "--ws=websockets-sansio",  # the one that Streamlit runs on
    f"--ws-max-size={1 << 20}",  # what a browser may send at once; no widget sends more
    "--limit-concurrency=1000",  # below the 1,024 open files of a usual process
    "--timeout-graceful-shutdown=5",  # by then each browser has been told, and looks for a server again
]


class Guard:
    """Refuses what only strangers ask for, and puts the headers on every answer.

    A page of another site could open a websocket in a visitor's name. Streamlit refuses it too, but first asks
    the network for its own outside address, while everyone waits.
    """

    def __init__(self, app: ASGIApp, embedded_by: str) -> None:
        self.app = app
        content = {**CONTENT, "frame-ancestors": embedded_by}
        self.headers = {**HEADERS, "Content-Security-Policy": "; ".join(map(" ".join, content.items()))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        if scope["type"] == "websocket" and _foreign(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008})  # before accept: the answer is a plain 403
        elif scope["type"] == "http" and scope["path"].endswith("/_stcore/metrics"):
            await PlainTextResponse("Not Found", 404)(scope, receive, guarded)
        else:
            await self.app(scope, receive, guarded)


def _foreign(headers: Headers) -> bool:
    """Whether a browser says that the page of another site asks; programs without a page say nothing."""
    origin = headers.get("origin")
    return origin is not None and origin.lower().partition("://")[2] != headers.get("host", "").lower()


@contextlib.asynccontextmanager
async def ready(_app: st.App) -> AsyncIterator[None]:
    """Load everything before the port opens, so that a health check that succeeds means what it says."""
    from pages.shared import shell  # inside: its caches belong to the runtime, which has started by now

    # Else Streamlit looks through all modules for each visitor, while everyone waits. Here, not in config.toml: who
    # writes a section under `streamlit run` wants to see it change.
    config.set_option("server.fileWatcherType", "none")
    await anyio.to_thread.run_sync(shell.libraries)
    for name in "uvicorn.access", "uvicorn.error":  # switched on by Streamlit; who looks at what is nobody's business
        logging.getLogger(name).setLevel(logging.WARNING)
    yield


def guards(environment: dict[str, str]) -> list[Middleware]:
    """The middleware, outermost first, as the environment asks for it."""
    hosts = [host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    return [
        Middleware(Guard, embedded_by=environment.get("EMBEDDED_BY") or "*"),
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts or ["*"], www_redirect=False),
    ]


app = st.App(
    Path(__file__).parents[2] / "app.py",
    lifespan=ready,
    middleware=guards(os.environ),
    on_script_error=mishap.tell,
)

if __name__ == "__main__":
    uvicorn.main(["pages.shared.server:app", *OPTIONS, *sys.argv[1:]])
