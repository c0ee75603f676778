"""`presend read`: one line per recipient as the platform would print it, and the distinct outcomes with counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from presend_sandbox import Sandbox

KLAVIYO = ("--platform", "klaviyo")
JSONL = ("--format", "jsonl")
KEYS = ["recipient_id", "subject", "preview_text", "from_name", "html", "text", "outcome", "reason"]


@pytest.fixture
def write() -> Callable[[str, str], str]:
    """Puts a file into the working folder; its name."""

    def put(name: str, text: str) -> str:
        Path(name).write_bytes(text.encode())
        return name

    return put


PEOPLE = 'id,first_name,tier\np1,Ann,gold\np2,,\np3,Tom & Jo,""\n'


def test_every_recipient_reads_their_own(presend, write) -> None:
    write("people.csv", PEOPLE)
    write("plain.txt", "{{ first_name }}{% if person.tier %} ({{ person.tier }}){% endif %}")
    done = presend(
        "read", write("l.html", "<p>Hi {{ first_name|default:'you' }}</p>\r\n"), *KLAVIYO, *JSONL,
        "--audience", "people.csv", "--subject", "For {{ first_name }}", "--from-name", "Acme", "--text", "plain.txt",
    )  # fmt: skip

    assert done.code == 0
    assert [list(line) for line in done.lines] == [KEYS] * 3
    ann, nobody, _both = done.lines
    assert ann == {
        "recipient_id": "p1",
        "subject": "For Ann",
        "preview_text": None,
        "from_name": "Acme",
        "html": "<p>Hi Ann</p>\r\n",
        "text": "Ann (gold)",
        "outcome": "printed",
        "reason": "",
    }
    assert (nobody["html"], nobody["text"], nobody["subject"]) == ("<p>Hi you</p>\r\n", "", "For ")
    assert "3 lines of people's data written to stdout" in done.err


def test_a_file_of_lines_is_for_its_owner_only(presend, write) -> None:
    write("people.csv", PEOPLE)
    Path("out.jsonl").write_text("old, and readable by all")
    Path("out.jsonl").chmod(0o644)

    done = presend(
        "read", write("l.html", "{{ first_name }}"), *KLAVIYO, *JSONL, "--audience", "people.csv",
        "--output", "out.jsonl",
    )  # fmt: skip

    assert (done.out, Path("out.jsonl").stat().st_mode & 0o777) == ("", 0o600)
    assert "out.jsonl (readable by you only)" in done.err
    assert len(Path("out.jsonl").read_text().splitlines()) == 3


def test_a_syntax_error_skips_everybody(presend, write) -> None:
    write("people.csv", PEOPLE)

    done = presend(
        "read", write("l.html", "{{ first_name|default: 'x' }}"), *KLAVIYO, *JSONL, "--audience", "people.csv"
    )

    assert [(line["outcome"], line["html"]) for line in done.lines] == [("skipped", None)] * 3
    assert "space" in done.lines[0]["reason"]


def test_an_unknown_region_is_named(presend, write) -> None:
    write("people.csv", "id,FNAME\np1,Ann\np2,Ann & Bo\n")
    letter = write("l.html", "<p>\n Hi *|FNAME|*</p>")

    done = presend("read", letter, "--platform", "mailchimp", *JSONL, "--audience", "people.csv", "--subject", "Hello")

    ann, both = done.lines
    assert (ann["outcome"], ann["html"]) == ("printed", "<p>\n Hi Ann</p>")
    assert (both["outcome"], both["html"], both["subject"]) == ("unknown", None, "Hello")
    assert both["reason"].startswith("html 2:5 *|FNAME|*: ")


HUBSPOT = ("--platform", "hubspot", "--audience", "people.csv")


def test_a_default_that_nobody_can_read_is_unknown(presend, write) -> None:
    write("people.csv", 'id,firstname\np1,Ann\np2,\np3," "\n')
    letter = write("l.html", "<p>Hi {{ contact.firstname }},</p>")

    done = presend("read", letter, *HUBSPOT, *JSONL)
    table = presend("read", letter, *HUBSPOT)

    assert [(line["outcome"], line["html"]) for line in done.lines] == [
        ("printed", "<p>Hi Ann,</p>"),
        ("unknown", None),
        ("printed", "<p>Hi  ,</p>"),
    ]
    assert done.lines[1]["reason"].startswith("html 1:7 {{ contact.firstname }}: ")
    assert "[defaults.<account>]" in done.lines[1]["reason"]
    assert table.out.splitlines()[1] == "  1 unknown, 1 blank, 1 printed"


def test_a_default_that_we_were_told_is_read(presend, write) -> None:
    write("people.csv", "id,firstname\np1,Ann\np2,\n")
    write("presend.toml", '[defaults.hubspot]\nfirstname = "there"\n')
    plain = write("l.html", "<p>Hi {{ contact.firstname }},</p>")
    empty = write("m.html", "<p>Hi {{ personalization_token('contact.firstname', '') }},</p>")

    told = presend("read", plain, *HUBSPOT, *JSONL)
    own = presend("read", empty, *HUBSPOT, *JSONL)

    assert [line["html"] for line in told.lines] == ["<p>Hi Ann,</p>", "<p>Hi there,</p>"]
    assert [line["html"] for line in own.lines] == ["<p>Hi Ann,</p>", "<p>Hi ,</p>"]


def test_a_block_that_is_never_closed_is_unknown_in_mailchimp(presend, write) -> None:
    """Mailchimp documents neither that it refuses such a template nor what it prints."""
    write("people.csv", "id,FNAME\np1,Ann\n")

    done = presend(
        "read", write("l.html", "Hi *|IF:FNAME|*a"), "--platform", "mailchimp", *JSONL, "--audience", "people.csv"
    )

    assert [(line["outcome"], line["html"]) for line in done.lines] == [("unknown", None)]
    assert "never closed" in done.lines[0]["reason"]


def test_the_table_shows_the_worst_first(presend, write) -> None:
    write("people.csv", "id,first_name,tier\np1,Ann,\np2,,\np3,Bo,\np4,Ann,\n")
    letter = write("l.html", "<p>Hi {{ first_name }}, {% if first_name == 'Bo' %}*|FNAME|*{% endif %}</p>")

    done = presend("read", letter, *KLAVIYO, "--audience", "people.csv")
    shown = presend("read", letter, *KLAVIYO, "--audience", "people.csv", "--show-pii")

    head, counts, *rows = done.out.splitlines()
    assert "l.html: 4 recipients" in head
    assert counts.split(", ") == ["  1 literal", "1 blank", "2 printed"]
    assert [row.split()[:2] for row in rows] == [["literal", "1"], ["blank", "1"], ["printed", "2"], ["printed", "1"]]
    assert "Hi Xxx," in rows[2]
    assert "Ann" not in done.out
    assert "Hi Ann," in shown.out


def test_one_recipient_is_one(presend, write) -> None:
    write("people.csv", "id,first_name\np1,Ann\n")
    letter = write("l.html", "<p>Hi {{ first_name }},</p>")

    for more in ((), ("--claims",)):
        done = presend("read", letter, *KLAVIYO, "--audience", "people.csv", *more)
        assert done.out.startswith("klaviyo  l.html: 1 recipient\n")


def test_many_texts_of_one_place_are_summed_up(presend, write) -> None:
    write("people.csv", "id,first_name\n" + "".join(f"p{i},{'a' * (i + 1)}\n" for i in range(9)))

    done = presend("read", write("l.html", "{{ first_name }}"), *KLAVIYO, "--audience", "people.csv")

    rows = done.out.splitlines()[2:]
    assert sum(int(row.split()[1]) for row in rows) == 9
    assert "(4 other texts)" in done.out


def test_a_value_cannot_drive_the_terminal(presend, write) -> None:
    write("people.jsonl", json.dumps({"id": "p1", "first_name": "\x1b[31mred"}))

    done = presend("read", write("l.txt", "{{ first_name }}"), *KLAVIYO, "--audience", "people.jsonl", "--show-pii")

    assert "\x1b" not in done.out
    assert "red" in done.out


def test_a_broken_row_makes_it_incomplete(presend, write) -> None:
    write("people.csv", "id,first_name\np1,Ann\np2\n")

    done = presend("read", write("l.html", "{{ first_name }}"), *KLAVIYO, *JSONL, "--audience", "people.csv")

    assert (done.code, [line["recipient_id"] for line in done.lines]) == (4, ["p1"])
    assert "row 2 (line 3)" in done.err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("l.html",), 2, "Add --platform"),
        (("l.html", *KLAVIYO), 2, "Add --audience"),
        (("absent.html",), 2, "there is no template absent.html"),
        (("absent.html", *KLAVIYO, "--audience", "people.csv"), 2, "there is no template absent.html"),
        (("klaviyo:01A", "--subject", "Hi"), 2, "--subject is for templates on disk"),
        (("klaviyo:01A",), 3, "no account is configured"),
    ],
)
def test_the_exit_status(presend, write, words: tuple[str, ...], code: int, says: str) -> None:
    write("l.html", "{{ first_name }}")
    write("people.csv", PEOPLE)

    done = presend("read", *words)

    assert (done.code, says in done.err) == (code, True), done.err


def test_what_the_platform_fills_in_is_no_literal(presend, write) -> None:
    write("people.csv", "id,first_name\np1,Ann\n")
    letter = write("l.html", "<p>{{ first_name }} {% unsubscribe %}</p>")

    done = presend("read", letter, *KLAVIYO, "--audience", "people.csv")

    assert done.out.splitlines()[1] == "  1 printed"


def test_a_campaign_on_its_platform(presend, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(world="mishaps", only=["mailchimp"]) as box:
        for name, value in box.env().items():
            monkeypatch.setenv(name, value)
        lines = presend("read", "mailchimp:mc-letter", *JSONL)
        table = presend("read", "mailchimp:mc-letter")

    assert lines.code == 0
    assert {line["outcome"] for line in lines.lines} == {"printed"}
    assert all("*|FNAME|*" not in line["html"] for line in lines.lines)
    assert len({line["recipient_id"] for line in lines.lines}) == len(lines.lines)
    assert f"{len(lines.lines)} printed" in table.out


def test_the_ledger_of_claims_tells_for_how_many_each_is_true(presend, write) -> None:
    write(
        "people.csv",
        "id,first_name,orders,last_order_at\np1,Ann,0,\np2,Bo,2,2026-11-10T10:00:00Z\n",
    )
    letter = write("l.html", "<p>Hi {{ first_name }}, how is your recent purchase?\nHappy anniversary!</p>")

    done = presend("read", letter, *KLAVIYO, "--audience", "people.csv", "--claims", "--as-of", "2026-11-22T09:00:00Z")
    nothing = presend("read", write("n.html", "Hello"), *KLAVIYO, "--audience", "people.csv", "--claims")

    assert '"your recent purchase": the reader has bought something lately' in done.out
    assert "read by 2: 1 true, 1 false, 0 unknown; by orders, last_order_at (newest 2026-11-10)" in done.out
    assert "read by 2: 0 true, 0 false, 2 unknown; no fact can prove it" in done.out
    assert "Ann" not in done.out
    assert "nothing that presend knows as a claim" in nothing.out


def test_claims_are_no_lines_per_recipient(presend, write) -> None:
    write("people.csv", PEOPLE)

    done = presend("read", write("l.html", "Hello"), *KLAVIYO, *JSONL, "--claims", "--audience", "people.csv")

    assert done.code == 2
    assert "Leave --format out" in done.err
