"""The line to a platform: time-outs, the deadline, redirects, bad bodies, lost writes; against a real server."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from presend.errors import BadAnswer, Gone, Refused, Unconfirmed, Unreachable
from presend.retry import Budget, Clock, Deadline, Policy
from presend_connectors.transport import Answer, Line, Words

SECRET = "k-very-secret"


class Server(ThreadingHTTPServer):
    """Answers by a function of path and how often that path was asked."""

    daemon_threads = True
    asked: list[str]
    answer: Callable[[BaseHTTPRequestHandler, int], None]


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """Send one whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", headers.get("Content_Length", str(len(body))))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked.append(self.path)
            served.answer(self, len(served.asked))

        do_POST = do_GET  # noqa: N815 - the server's own naming

        def log_message(self, *_args: object) -> None:
            pass

    served = Server(("127.0.0.1", 0), Handler)
    served.asked = []
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


def line_to(seconds: float = 5.0, attempts: int = 3) -> Line:
    """A line whose waits between tries take no time."""
    clock = Clock(sleep=lambda _seconds: None)
    words = Words("Mailfix", "acme", "Check the key.")
    return Line(words, Deadline(seconds, clock), Budget(4, 10000, clock), policy=Policy(attempts=attempts))


def asking(line: Line, server: Server, method: str = "GET") -> Callable[[], Answer]:
    def ask() -> Answer:
        got = line.pool.request(method, f"http://127.0.0.1:{server.server_port}/x", headers={"Authorization": SECRET})
        return Answer(got.status, dict(got.headers), got.data)

    return ask


def test_decodes_what_it_was_promised(server: Server) -> None:
    server.answer = lambda h, _n: reply(h, 200, gzip.compress(b'{"a": 1}'), Content_Encoding="gzip")
    line = line_to()

    assert line.read("a thing", asking(line, server), dict) == {"a": 1}


@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b'{"a": ', b"[1]", b"\xff\xfe"])
def test_a_good_status_with_a_bad_body_is_no_answer(server: Server, body: bytes) -> None:
    server.answer = lambda h, _n: reply(h, 200, body)
    line = line_to()

    with pytest.raises(BadAnswer, match="not what its API promises"):
        line.read("a thing", asking(line, server), dict)

    assert len(server.asked) == 3


def test_a_body_shorter_than_announced_is_no_answer(server: Server) -> None:
    def cut(handler: BaseHTTPRequestHandler, _n: int) -> None:
        reply(handler, 200, b'{"a": 1}', Content_Length="500")
        handler.close_connection = True

    server.answer = cut
    line = line_to(attempts=2)

    with pytest.raises(Unreachable):
        line.read("a thing", asking(line, server), dict)


def test_a_dripping_body_ends_at_the_deadline(server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler, _n: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(100):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    server.answer = drip
    line = line_to(seconds=0.4)
    started = time.monotonic()

    with pytest.raises(Unreachable):
        line.read("a thing", asking(line, server), dict)

    assert time.monotonic() - started < 3


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.answer = lambda h, _n: reply(h, 302, Location="http://127.0.0.1:1/elsewhere")
    line = line_to()

    with pytest.raises(BadAnswer, match="redirects are never followed"):
        line.write("a hold", asking(line, server, "POST"))

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "error"), [(401, Refused), (403, Refused), (404, Gone), (410, Gone), (400, BadAnswer)]
)
def test_final_refusals_are_not_repeated(server: Server, status: int, error: type[Exception]) -> None:
    server.answer = lambda h, _n: reply(h, status)
    line = line_to()

    with pytest.raises(error):
        line.read("a thing", asking(line, server), dict)

    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_troubles_are_tried_again(server: Server, status: int) -> None:
    server.answer = lambda h, n: reply(h, status) if n < 3 else reply(h, 200, b"{}")
    line = line_to()

    assert line.read("a thing", asking(line, server), dict) == {}


def test_a_limited_write_is_repeated_since_nothing_was_done(server: Server) -> None:
    server.answer = lambda h, n: reply(h, 429, Retry_After="1") if n == 1 else reply(h, 204)
    line = line_to()

    assert line.write("a hold", asking(line, server, "POST")).status == 204


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_answered_by_a_server_error_may_have_been_done(server: Server, status: int) -> None:
    server.answer = lambda h, _n: reply(h, status)
    line = line_to()

    with pytest.raises(Unconfirmed, match="may have been done"):
        line.write("a hold", asking(line, server, "POST"))

    assert len(server.asked) == 1


def test_a_write_whose_connection_is_lost_may_have_been_done(server: Server) -> None:
    def hang_up(handler: BaseHTTPRequestHandler, _n: int) -> None:
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)  # to close it would leave the handler's own files open

    server.answer = hang_up
    line = line_to()

    with pytest.raises(Unconfirmed):
        line.write("a hold", asking(line, server, "POST"))

    assert len(server.asked) == 1


def test_nobody_listening_is_said_and_nothing_was_done() -> None:
    line = line_to(attempts=2)

    def ask() -> Answer:
        got = line.pool.request("POST", "http://127.0.0.1:9/x")
        return Answer(got.status, {}, got.data)

    with pytest.raises(Unreachable, match="no connection"):
        line.write("a hold", ask)


def test_connections_are_reused(server: Server) -> None:
    peers = set()

    def answer(handler: BaseHTTPRequestHandler, _n: int) -> None:
        peers.add(handler.client_address)
        reply(handler, 200, b"{}")

    server.answer = answer
    line = line_to()
    for _ in range(10):
        line.read("a thing", asking(line, server), dict)

    assert len(peers) == 1


def test_no_error_holds_the_key_or_the_body(server: Server) -> None:
    server.answer = lambda h, _n: reply(h, 200, b'{"email": "ann@example.com"')
    line = line_to()

    with pytest.raises(BadAnswer) as caught:
        line.read("a thing", asking(line, server), dict)

    said = f"{caught.value!r} {caught.value} {caught.value.help} {line!r}"
    assert SECRET not in said
    assert "ann@" not in said
