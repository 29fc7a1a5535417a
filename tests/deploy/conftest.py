"""Two class servers and nginx before them, with the very files of .deploy; only addresses and folders are replaced.

Without nginx these tests skip; REQUIRE_NGINX=1 makes that a failure.
"""

import contextlib
import getpass
import grp
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser import conftest as browsers

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / ".deploy"
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")


class Servers:
    """The replicas a and b, each of which can stop and come back."""

    def __init__(self, root: Path):
        self.root = root
        self.ports = dict(zip("ab", free_ports(2), strict=True))
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, name: str) -> None:
        options = ["--host", "127.0.0.1", "--port", str(self.ports[name])]
        command = [sys.executable, "-m", "pages.shared.server", *options]
        self.running[name] = subprocess.Popen(command, cwd=self.root)
        browsers.wait_for(f"http://{self.address(name)}/_stcore/health", self.running[name])

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> int:
        server = self.running.pop(name)
        server.send_signal(how)
        return server.wait(timeout=60)

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self.ports[name]}"


class Answer:
    """What came back for a request: status, headers, body."""

    def __init__(self, url: str, **headers: str):
        request = urllib.request.Request(url, headers={name.replace("_", "-"): text for name, text in headers.items()})
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def replica(self) -> str | None:
        """The name in the cookie that came with it."""
        found = re.match("replica=(.)", self.headers["Set-Cookie"] or "")
        return found and found[1]


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as open_ones:
        probes = [open_ones.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def image(folder: Path) -> Path:
    """What .deploy/Dockerfile copies, and nothing else."""
    for line in (DEPLOY / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY "):
            source, target = line.split()[1:]
            where = folder / target if not target.endswith("./") else folder / source
            where.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, where)
    return folder


@pytest.fixture(scope="package")
def servers(tmp_path_factory):
    """Both run from what the image would hold."""
    both = Servers(image(tmp_path_factory.mktemp("image")))
    try:
        for name in both.ports:
            both.start(name)
        yield both
    finally:
        for name in list(both.running):
            both.stop(name, signal.SIGKILL)


@pytest.fixture(scope="package")
def balancer(servers, tmp_path_factory):
    """nginx with .deploy/nginx.conf; yields its address. Its log names who answered: balancer.log."""
    if not NGINX:
        if os.environ.get("REQUIRE_NGINX"):
            pytest.fail("no nginx found, but its tests are required")
        pytest.skip("no nginx found: install the package nginx-light to run the tests of the balancer")
    folder = tmp_path_factory.mktemp("nginx")
    (port,) = free_ports(1)
    lab = (DEPLOY / "nginx.conf").read_text()
    for told, meant in {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "8501": str(servers.ports["a"]),
        "8502": str(servers.ports["b"]),
        "/var/cache/neural-network-lab": f"{folder}/cache",
    }.items():
        assert told in lab
        lab = lab.replace(told, meant)
    (folder / "lab.conf").write_text(lab)
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi"))
    (folder / "nginx.conf").write_text(
        f"""user {getpass.getuser()} {grp.getgrgid(os.getgid()).gr_name};  # else its workers may not read the folder
pid {folder}/pid; error_log {folder}/errors; events {{}} daemon off;
http {{
    types {{ text/html html; }} scgi_temp_path {folder}/scgi; {temporary}
    log_format who '$http_x_visitor $uri $upstream_addr $upstream_cache_status';
    access_log {folder}/log who;
    include {folder}/lab.conf;
}}"""
    )
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
    with subprocess.Popen(command) as nginx:
        try:
            browsers.wait_for(f"http://127.0.0.1:{port}/_stcore/health", nginx)
            yield Balancer(f"http://127.0.0.1:{port}", folder / "log")
        finally:
            nginx.terminate()


class Balancer:
    def __init__(self, address: str, log: Path):
        self.address = address
        self._log = log

    def answered(self, visitor: str) -> list[list[str]]:
        """Path, replica's address and cache status of each answer to a visitor that named itself."""
        time.sleep(0.2)  # nginx writes after it has answered
        lines = [line.split(" ", 1) for line in self._log.read_text().splitlines()]
        return [rest.rsplit(" ", 2) for name, rest in lines if name == visitor]
