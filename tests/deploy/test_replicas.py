"""Two replicas behind nginx: visitors are spread, each stays with one, and one may go."""

import gzip
import re
import signal

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.browser.conftest import ready, settle, until
from tests.deploy.conftest import Answer


def stream(address: str, **options):
    """A websocket such as Streamlit's front end opens."""
    return connect(f"ws://{address.removeprefix('http://')}/_stcore/stream", subprotocols=["streamlit"], **options)


def drain(line) -> int:
    """Read until the line ends, and say why it did."""
    with pytest.raises(ConnectionClosed) as ended:
        all(line.recv(timeout=30) for _ in range(1000))
    return ended.value.rcvd.code


def metrics(page) -> list[str]:
    return page.get_by_test_id("stMetricValue").all_inner_texts()


def test_visitors_are_spread(balancer):
    assert {Answer(f"{balancer.address}/").replica for _ in range(4)} == {"a", "b"}


@pytest.mark.parametrize("name", ["a", "b"])
def test_a_visitor_stays_with_one_replica(balancer, servers, name):
    me = {"Cookie": f"replica={name}", "X-Visitor": f"stays-{name}"}
    for path in ["/", "/backprop", "/_stcore/health", "/_stcore/host-config"] * 2:
        answer = Answer(balancer.address + path, **me)
        assert answer.replica is None  # it is known already
    with stream(balancer.address, origin=balancer.address, additional_headers=me) as line:
        assert line.subprotocol == "streamlit"
    answered = balancer.answered(f"stays-{name}")
    assert len(answered) == 9
    assert {replica for _, replica, _ in answered} == {servers.address(name)}


def test_a_cookie_it_does_not_know_is_replaced(balancer):
    for nonsense in "c", "a:a", "'\"\\", "x" * 2000:
        assert Answer(f"{balancer.address}/", Cookie=f"replica={nonsense}").replica in ("a", "b")


def test_the_cookie_fits_a_frame_on_an_encrypted_page(balancer):
    plain = Answer(f"{balancer.address}/").headers["Set-Cookie"]
    encrypted = Answer(f"{balancer.address}/", X_Forwarded_Proto="https").headers["Set-Cookie"]
    assert plain.endswith("; Path=/; HttpOnly; SameSite=Lax")
    assert encrypted.endswith("; Path=/; HttpOnly; Secure; SameSite=None; Partitioned")


def test_what_guards_the_replica_holds_behind_the_balancer(balancer):
    assert Answer(f"{balancer.address}/_stcore/metrics").status == 404
    headers = Answer(f"{balancer.address}/").headers
    assert "frame-ancestors" in headers["Content-Security-Policy"]
    assert headers["Server"] == "nginx"  # and no version
    with pytest.raises(InvalidStatus) as refused, stream(balancer.address, origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403


def test_the_front_end_is_packed_and_kept(balancer):
    page = Answer(f"{balancer.address}/").body.decode()
    path = re.search(r'src="\.(/static/js/index[^"]*\.js)"', page)[1]
    me = {"X-Visitor": "static"}
    whole = Answer(balancer.address + path, **me)
    packed = Answer(balancer.address + path, Accept_Encoding="gzip", **me)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == whole.body
    assert len(packed.body) < len(whole.body) / 2
    assert "max-age=31536000" in packed.headers["Cache-Control"]
    assert packed.replica is None
    assert [status for *_, status in balancer.answered("static")] == ["MISS", "HIT"]


def test_a_message_larger_than_any_widget_sends_ends_the_line(servers):
    with stream(servers.address("b")) as line:
        line.send(b"\0" * 2_000_000)
        assert drain(line) == 1009
    assert Answer(f"http://{servers.address('b')}/_stcore/health").status == 200


def test_a_replica_goes_when_asked_and_its_visitors_find_the_other(balancer, servers):
    with stream(servers.address("a")) as line:
        code = servers.stop("a", signal.SIGTERM)
        reason = drain(line)
    try:
        answers = [Answer(f"{balancer.address}/", Cookie="replica=a") for _ in range(4)]
    finally:
        servers.start("a")
    assert reason == 1012  # "service restart": a browser comes back by itself
    assert code in (0, -signal.SIGTERM)
    assert [(answer.status, answer.replica) for answer in answers] == [(200, "b")] * 4
    assert Answer(f"{balancer.address}/", Cookie="replica=b").replica is None  # and stay there when it is back


@pytest.mark.browser
def test_a_learner_goes_on_when_a_replica_goes(balancer, servers, chromium):
    """Once asked to go, as at a new version, and once killed: same page, same numbers, and the next click counts.

    It would not without pages/shared/shell.py, whose page asks the new server to run it.
    """
    context = chromium.new_context(locale="en-US")
    context.set_default_timeout(180_000)
    page = context.new_page()
    heard = set()  # the websockets over which a server has spoken
    page.on("websocket", lambda line: line.on("framereceived", lambda _: heard.add(line)))
    page.goto(f"{balancer.address}/backprop?backprop_section=calculator&backprop_updates=11")
    ready(page)
    shown, address = metrics(page), page.url
    for how in signal.SIGTERM, signal.SIGKILL:
        (home,) = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "replica"]
        (other,) = {"a", "b"} - {home}
        before = len(heard)
        servers.stop(home, how)
        until(page, lambda: len(heard) > before)  # noqa: B023  (the old screen stands until then)
        ready(page)
        assert (metrics(page), page.url) == (shown, address)
        assert {cookie["value"] for cookie in context.cookies() if cookie["name"] == "replica"} == {other}
        if how is signal.SIGTERM:
            servers.start(home)
    page.get_by_role("button", name="Apply the update", exact=True).click()
    settle(page)
    assert "backprop_updates=12" in page.url
    assert page.get_by_test_id("stException").count() == 0
    context.close()
