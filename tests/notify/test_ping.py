"""The dead man's ping: told once, and a fault is a sentence without the URL."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from presend.notify.ping import ping

SECRET = "a-long-secret-word"


class Monitor(BaseHTTPRequestHandler):
    """Answers by the first word of the path, and remembers who asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(int(self.path.split("/")[1]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def monitor() -> Iterator[HTTPServer]:
    Monitor.asked = []
    server = HTTPServer(("127.0.0.1", 0), Monitor)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("status", [200, 404, 500])
def test_the_monitor_is_asked_once(monitor: HTTPServer, status: int) -> None:
    why = "" if status == 200 else f"the monitor answered {status}"
    assert ping(f"http://127.0.0.1:{monitor.server_port}/{status}/{SECRET}") == why
    assert Monitor.asked == [f"/{status}/{SECRET}"]


def test_a_monitor_that_is_down_is_said_without_its_url() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    why = ping(f"http://127.0.0.1:{port}/{SECRET}")

    assert "could not be reached" in why
    assert SECRET not in why
    assert "127.0.0.1" not in why


@pytest.mark.parametrize("url", ["", "monitor", "ftp://127.0.0.1/x"])
def test_what_is_no_url_is_said(url: str) -> None:
    assert "could not be reached" in ping(url)
