"""The sandbox's frame: its clock, worlds, switches, faults, log and controls."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
from starlette.responses import Response

from presend_sandbox import Sandbox, switches
from presend_sandbox.clock import Clock, span
from presend_sandbox.faults import TRANSPORT, FaultError, InjectFaults, read_faults
from presend_sandbox.people import crowd
from presend_sandbox.requestlog import LogRequests, RequestLog
from presend_sandbox.world import WorldError, load_world

START = datetime(2026, 11, 22, 9, 7, tzinfo=UTC)
Folder = Callable[[str], str]

ACCOUNT = """
[account]
api_key = "sandbox-key-us10"
[[lists]]
id = "l1"
name = "One"
"""


@pytest.fixture
def world(tmp_path: Path) -> Folder:
    """A world of one small Mailchimp account, with the given text as its world.toml."""

    def write(settings: str) -> str:
        (tmp_path / "world.toml").write_text(settings, "utf-8")
        (tmp_path / "mailchimp.toml").write_text(ACCOUNT, "utf-8")
        return str(tmp_path)

    return write


def get(box: Sandbox, path: str, **headers: str) -> httpx.Response:
    return httpx.get(box.origin + path, auth=("any", "sandbox-key-us10"), headers=headers, timeout=5)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+26h", START + timedelta(hours=26)),
        ("-400d", START - timedelta(days=400)),
        ("-3d12h", START - timedelta(days=3, hours=12)),
        ("+2w", START + timedelta(weeks=2)),
        ("+1d@09:30", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("now", START),
        ("2026-12-01T10:00:00+02:00", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_time_in_a_world_means_one_moment(written: str, meant: datetime) -> None:
    assert Clock(START).resolve(written) == meant


@pytest.mark.parametrize("nonsense", ["+", "5", "tomorrow", "+3x", "@09:00", ""])
def test_what_is_no_time_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Clock(START).resolve(nonsense)


def test_the_clock_moves_when_told_and_resolved_times_stay() -> None:
    clock = Clock(START)
    before = clock.resolve("+1h")
    clock.advance(span("3h"))
    assert clock.now() == START + timedelta(hours=3)
    assert clock.resolve("+1h") == before


def test_a_clock_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        Clock(datetime(2026, 1, 1))  # noqa: DTZ001 - the very thing under test


def test_the_same_seed_draws_the_same_people_and_nobody_shares_an_address() -> None:
    people = crowd(500, 3, "ab")
    assert people == crowd(500, 3, "ab")
    assert people != crowd(500, 4, "ab")
    assert len({person.email for person in people + crowd(500, 3, "cd")}) == 1000
    assert {person.email.rpartition("@")[2] for person in people} == {"example.com", "example.org", "example.net"}
    assert len({person.language for person in people}) >= 5


def test_an_unknown_world_names_those_there_are() -> None:
    with pytest.raises(WorldError, match="mishaps"):
        load_world("no-such-world")


def test_a_layout_is_filled_and_a_missing_slot_is_named(tmp_path: Path) -> None:
    (tmp_path / "l.html").write_text("<p>@@who@@</p>", "utf-8")
    (tmp_path / "l.txt").write_text("For @@who@@", "utf-8")
    file = tmp_path / "mailchimp.toml"
    letter = '[campaign_defaults]\nlayout = "l.html"\n'
    file.write_text(f'{letter}text_layout = "l.txt"\nslots = {{ who = "*|FNAME|*" }}\n', "utf-8")
    assert load_world(str(tmp_path)).platforms["mailchimp"]["campaign_defaults"] == {
        "html": "<p>*|FNAME|*</p>",
        "text": "For *|FNAME|*",
    }
    file.write_text(letter, "utf-8")
    with pytest.raises(WorldError, match="'who'"):
        load_world(str(tmp_path))


@pytest.mark.parametrize(
    ("file", "written", "said"),
    [
        ("world.toml", 'abuot = "x"', "world.toml: the file has the unknown key 'abuot'; did you mean 'about'?"),
        (
            "mailchimp.toml",
            '[[campaigns]]\nid = "a"\nname = "A"\n[[campaigns]]\nid = "b"\nname = "B"\nsent_at = "+1h"',
            "mailchimp.toml: campaigns number 2 has the unknown key 'sent_at'; did you mean 'send_at'?",
        ),
        (
            "mailchimp.toml",
            '[[lists]]\nid = "l"\nname = "L"\nfields = [{ tag = "A", colour = "red" }]',
            "lists number 1.fields number 1 has the unknown key 'colour'; known are default, help, name, options, ",
        ),
        ("mailchimp.toml", '[[lists]]\nid = "l"', "mailchimp.toml: lists number 1 has no 'name', which it needs"),
        ("mailchimp.toml", '[lists]\nid = "l"', "mailchimp.toml: lists is a table and must be: a list"),
        ("mailchimp.toml", "[account]\npro = 1", "mailchimp.toml: account.pro is a number and must be: true or false"),
        ("hubspot.toml", "[account]\nlimit = true", "account.limit is true or false and must be: number"),
        ("hubspot.toml", "account = 2026-01-01", "hubspot.toml: account is a time and must be: a table"),
        ("hubspot.toml", "frames = []", "hubspot.toml: frames is a list and must be: a table"),
        ("hubspot.toml", '[frames.a]\nfooter = ""', "frames.a has the unknown key 'footer'; did you mean 'foot'?"),
        ("klaviyo.toml", "", "klaviyo.toml: the file has no 'account', which it needs"),
        (
            "mailchimp.toml",
            '[[crowd]]\nlist = "l"\nprefix = "c"\ncount = 3\njoined = ["-3d"]',
            "crowd number 1.joined must be two times and has 1",
        ),
        (
            "mailchimp.toml",
            '[[crowd]]\nlist = "l"\nprefix = "c"\ncount = 3\ntags = ["a", 2]',
            "crowd number 1.tags number 2 is a number and must be: text",
        ),
        (
            "mailchimp.toml",
            '[[people]]\nlist = "l1"\nemail = "ann@example.com"',
            "mailchimp.toml needs 'l1' and does not have it",
        ),
    ],
)
def test_what_no_world_may_hold_is_named_with_its_file_and_place(
    tmp_path: Path, file: str, written: str, said: str
) -> None:
    (tmp_path / file).write_text(written, "utf-8")
    with pytest.raises(WorldError, match=re.escape(said)):
        Sandbox(str(tmp_path)).close()


def test_open_tables_and_contents_of_files_are_no_unknown_keys(tmp_path: Path) -> None:
    """Names of the author's own are no keys, and `X_file` stands for `X`, a needed one as well."""
    (tmp_path / "h.html").write_text("<p>Hello</p>", "utf-8")
    (tmp_path / "mailchimp.toml").write_text(
        '[[people]]\nlist = "l"\nemail = "ann@example.com"\nvalues = { ANYTHING = 1 }\n'
        '[[campaigns]]\nid = "a"\nname_file = "h.html"\nhtml_file = "h.html"\n',
        "utf-8",
    )
    (tmp_path / "hubspot.toml").write_text('[[people]]\nid = 7\ndeals = [{ dealname = "D", amount = 3 }]\n', "utf-8")
    read = load_world(str(tmp_path)).platforms["mailchimp"]
    assert (read["campaigns"][0]["html"], read["people"][0]["values"]) == ("<p>Hello</p>", {"ANYTHING": 1})


def test_switches_refuse_what_they_do_not_know(world: Folder) -> None:
    folder = world("")
    with pytest.raises(switches.SwitchError, match="no switch"):
        Sandbox(folder, switches={"mailchimp.unheard": "x"})
    with pytest.raises(switches.SwitchError, match="can be"):
        Sandbox(folder, switches={"mailchimp.overload": "maybe"})


def test_an_argument_beats_the_worlds_switch(world: Folder) -> None:
    folder = world('[switches]\n"mailchimp.overload" = "bare403"\n')
    for given, expected in (({}, "bare403"), ({"mailchimp.overload": "429"}, "429")):
        box = Sandbox(folder, switches=given)
        try:
            assert box.state["mailchimp"].switches["mailchimp.overload"] == expected
        finally:
            box.close()


def test_a_fault_that_is_not_one_is_refused() -> None:
    with pytest.raises(FaultError, match="colour"):
        read_faults([{"kind": "reset", "path": "/", "colour": "red"}])
    with pytest.raises(FaultError, match="cannot be read"):
        read_faults([{"kind": "explode", "path": "/"}])


def test_faults_strike_as_often_as_told_and_then_pass(world: Folder) -> None:
    fault = '[[faults]]\nkind = "429"\npath = "^/3.0/ping$"\nafter = 1\ncount = 2\nretry_after = 7\n'
    with Sandbox(world(fault), start=START) as box:
        answers = [get(box, "/3.0/ping") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 429, 429, 200]
    assert answers[1].headers["retry-after"] == "7"
    assert answers[1].headers["content-type"] == "application/problem+json"
    assert answers[1].json()["title"] == "Too Many Requests"


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("empty", 200, b""),
        ("bare403", 403, b""),
        ("wrong_json", 200, b"{}"),
        ("truncate", 200, b'{"health_status"'),
    ],
)
def test_faults_that_answer_wrongly(world: Folder, kind: str, status: int, body: bytes) -> None:
    with Sandbox(world(f'[[faults]]\nkind = "{kind}"\npath = "^/3.0/ping$"\n'), start=START) as box:
        answer = get(box, "/3.0/ping")
    assert answer.status_code == status
    assert answer.content.startswith(body) if body else answer.content == b""
    assert answer.headers["content-length"] == str(len(answer.content))
    if kind == "truncate":
        with pytest.raises(json.JSONDecodeError):
            answer.json()


def test_a_page_of_somebody_in_between(world: Folder) -> None:
    with Sandbox(world('[[faults]]\nkind = "html"\npath = "^/3.0/ping$"\n'), start=START) as box:
        answer = get(box, "/3.0/ping")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_a_reset_is_one_and_the_next_request_works(world: Folder) -> None:
    with Sandbox(world('[[faults]]\nkind = "reset"\npath = "^/3.0/ping$"\ncount = 1\n'), start=START) as box:
        with pytest.raises(httpx.ReadError):
            get(box, "/3.0/ping")
        assert get(box, "/3.0/ping").status_code == 200
        assert [entry["status"] for entry in box.requests] == [None, 200]


@pytest.mark.parametrize(("kind", "status"), [("reset", None), ("cut", 200)])
def test_a_broken_request_is_in_the_log_before_its_client_can_know(kind: str, status: int | None) -> None:
    """A client that looks at the log as soon as its connection is lost finds the request in it, once."""
    log = RequestLog()
    seen: list[list[int | str | None]] = []

    class Line(asyncio.Transport):
        def get_extra_info(self, name: str, default: Any = None) -> Any:
            return connection if name == "socket" else default

        def abort(self) -> None:
            seen.append([entry["status"] for entry in log.entries])

    async def one() -> None:
        scope = {"type": "http", "method": "GET", "path": "/3.0/ping", "query_string": b""}
        await app({**scope, "extensions": {TRANSPORT: {"transport": Line()}}}, AsyncMock(), AsyncMock())

    app = LogRequests(InjectFaults(Response("pong"), read_faults([{"kind": kind, "path": "ping"}])), log)
    with socket.socket() as connection:
        asyncio.run(one())

    assert seen == [[status]]
    assert [entry["status"] for entry in log.entries] == [status]


def test_a_body_cut_off_before_its_promised_length(world: Folder) -> None:
    with (
        Sandbox(world('[[faults]]\nkind = "cut"\npath = "^/3.0/ping$"\n'), start=START) as box,
        pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)),
    ):
        get(box, "/3.0/ping")


def test_every_platform_request_is_logged_and_the_controls_are_not(world: Folder, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    with Sandbox(world(""), request_log=log, start=START) as box:
        get(box, "/3.0/lists?count=5&offset=0")
        httpx.get(f"{box.origin}/_sandbox/state?platform=mailchimp")
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert lines == [{"method": "GET", "path": "/3.0/lists", "query": "count=5&offset=0", "status": 200}]


def test_answers_are_compressed_for_those_who_can_read_them() -> None:
    with Sandbox("clean", start=START) as box:
        account = box.state["mailchimp"]
        path = f"{box.origin}/3.0/lists/{next(iter(account.lists))}/members?count=50"
        packed, plain = (
            httpx.get(path, auth=("any", account.key), headers={"accept-encoding": how}) for how in ("gzip", "identity")
        )
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_controls_move_the_clock_and_say_what_they_cannot_do(world: Folder) -> None:
    with Sandbox(world(""), start=START) as box:
        moved = httpx.post(f"{box.origin}/_sandbox/clock", json={"advance": "3h"})
        assert moved.json()["now"] == "2026-11-22T12:07:00+00:00"
        assert box.now == START + timedelta(hours=3)
        assert httpx.post(f"{box.origin}/_sandbox/clock", json={"advance": "soon"}).status_code == 400
        assert httpx.get(f"{box.origin}/_sandbox/state?platform=fax").status_code == 404
        assert httpx.get(f"{box.origin}/_sandbox/send?platform=mailchimp&campaign=none").status_code == 404


def test_it_listens_on_loopback_only_and_stops_for_good(world: Folder) -> None:
    with Sandbox(world(""), start=START) as box:
        assert box.origin.startswith("http://127.0.0.1:")
        port = int(box.origin.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2).close()


def test_the_command_prints_settings_and_a_blank_line_when_ready(world: Folder) -> None:
    command = [sys.executable, "-m", "presend_sandbox", "--world", world("")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.terminate()
    assert lines[0] == "PRESEND_MAILCHIMP__API_KEY=sandbox-key-us10\n"
    assert lines[1].startswith("PRESEND_MAILCHIMP__BASE_URL=http://127.0.0.1:")
    assert lines[2] == "\n"
