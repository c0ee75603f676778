"""`presend lint`: what it says of a template on disk, for whom, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

KLAVIYO = ("--platform", "klaviyo")
JSON = ("--format", "json", "--select", "TAG")


@pytest.fixture
def write() -> Callable[[str, str], str]:
    """Puts a file into the working folder; its name."""

    def put(name: str, text: str) -> str:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode())
        return name

    return put


PEOPLE = "email,first_name\nann@example.com,Ann\nbo@example.com,\n"


def test_a_space_and_a_capital_are_both_explained(presend, write) -> None:
    write("people.csv", PEOPLE)
    done = presend(
        "lint", write("letter.html", "<p>Hi {{ First_Name|default: 'there' }},</p>"), *KLAVIYO, *JSON,
        "--audience", "people.csv",
    )  # fmt: skip

    assert done.code == 1
    syntax, name = done.finding("TAG001"), done.finding("TAG003")
    assert "space" in syntax["says"]
    assert (syntax["line"], syntax["column"], syntax["affected"], syntax["campaign_id"]) == (1, 7, 2, "letter.html")
    assert "First_Name" in name["says"]
    assert "{{ first_name|default:'there' }}" in name["fix"]


def test_a_mailchimp_tag_split_by_markup(presend, write) -> None:
    write("people.csv", "EMAIL,FNAME\nann@example.com,Ann\nbo@example.com,\n")
    letter = write("letter.html", "<p>Hi *|<b>FNAME</b>|*,</p>\n<p>Dear *|FNAME|*,</p>")

    done = presend("lint", letter, "--platform", "mailchimp", *JSON, "--audience", "people.csv")

    assert done.code == 1
    broken, blank = done.finding("TAG004"), done.finding("TAG002")
    assert (broken["severity"], broken["line"], broken["affected"]) == ("blocker", 1, 2)
    assert "*|FNAME|*" in broken["fix"]
    assert (blank["line"], blank["affected"], blank["audience"], blank["confidence"]) == (2, 1, 2, "high")
    # What the file cannot tell is said.
    assert any("defaults" in u["reason"] and u["kind"] == "unknowable" for u in done.report["unchecked"])


def test_a_default_from_the_list_of_fields(presend, write) -> None:
    write("people.csv", "EMAIL,First name\nann@example.com,Ann\nbo@example.com,\n")
    write("fields.json", json.dumps([{"tag": "FNAME", "name": "First name", "default": "friend", "required": False}]))
    letter = write("letter.html", "<p>Hi *|FNAME|*, *|LNAME|*</p>")

    done = presend(
        "lint", letter, "--platform", "mailchimp", *JSON, "--audience", "people.csv", "--fields", "fields.json"
    )

    assert [f["code"] for f in done.report["findings"] if f["severity"] != "info"] == ["TAG003"]
    assert done.finding("TAG003")["snippet"] == "*|LNAME|*"


def test_numbers_of_a_csv_file_are_numbers_where_the_list_of_fields_says_so(presend, write) -> None:
    letter = write("l.html", "{% if person.Points > 100 %}<p>Gold</p>{% else %}<p>Hello</p>{% endif %}")
    fields = write("fields.json", '[{"tag": "Points", "type": "number"}]')
    asked = ("lint", letter, *KLAVIYO, *JSON, "--audience", write("people.csv", "id,Points\n1,250\n2,20\n3,\n"))

    untold, told = presend(*asked), presend(*asked, "--fields", fields)
    write("people.csv", 'id,Points\n1,250\n2,"1,200"\n')
    mixed = presend(*asked, "--fields", fields)

    assert (untold.finding("TAG013")["confidence"], [f["code"] for f in told.report["findings"]]) == ("low", [])
    assert "Points is read as text: 1 value in it is no number" in mixed.err
    assert "250" not in mixed.err


def test_a_bare_hubspot_token(presend, write) -> None:
    write("people.csv", "email,firstname\nann@example.com,Ann\nbo@example.com,\n")
    letter = write("letter.html", "<p>Hi {{ contact.firstname }},</p>")
    words = ("lint", letter, "--platform", "hubspot", *JSON, "--audience", "people.csv")

    unsure = presend(*words)
    write("presend.toml", '[defaults.hubspot]\nfirstname = "there"\n')
    told = presend(*words)

    blank = unsure.finding("TAG002")
    assert (blank["affected"], blank["confidence"], unsure.code) == (1, "medium", 0)
    assert "default" in blank["fix"]
    assert [f for f in told.report["findings"] if f["severity"] != "info"] == []


def test_a_hubspot_condition_in_a_file(presend, write) -> None:
    write("people.csv", "email,city\nann@example.com,Dublin\nbo@example.com,\n")
    letter = write("letter.html", "{% if contact.city %}<p>The tram shed</p>{% endif %}")

    done = presend("lint", letter, "--platform", "hubspot", *JSON, "--audience", "people.csv")

    found = done.finding("TAG015")
    assert (found["severity"], found["confidence"], found["affected"]) == ("medium", "medium", 2)


def test_everybody_has_a_value(presend, write) -> None:
    write("people.csv", "email,first_name\nann@example.com,Ann\n")

    done = presend("lint", write("l.html", "<p>Hi {{ first_name }},</p>"), *KLAVIYO, *JSON, "--audience", "people.csv")

    assert done.code == 0
    assert {f["severity"] for f in done.report["findings"]} <= {"info"}


def test_without_an_audience_reach_is_null(presend, write) -> None:
    done = presend("lint", write("l.html", "<p>Hi {{ first_name }},</p>"), *KLAVIYO, *JSON)

    blank = done.finding("TAG002")
    assert (blank["affected"], blank["audience"], blank["confidence"]) == (None, None, "medium")
    assert done.report["campaigns"][0]["audience"] is None
    assert done.code == 0


def test_the_other_parts_come_from_options_and_files(presend, write) -> None:
    write("people.csv", PEOPLE)
    write("plain.text", "Hi {{ first_name }}")
    done = presend(
        "lint", write("l.html", "<p>Hi {{ first_name|default:'you' }}</p>"), *KLAVIYO, *JSON,
        "--audience", "people.csv", "--subject", "Hi {{ first_name }}!", "--preview-text", "{{ First_Name }}",
        "--from-name", "Acme", "--text", "plain.text", "--send-at", "2026-12-01T09:00:00+01:00",
    )  # fmt: skip

    parts = {(f["part"], f["code"]) for f in done.report["findings"] if f["severity"] != "info"}
    assert {("subject", "TAG002"), ("text", "TAG002"), ("preview_text", "TAG003")} <= parts
    assert not any(part in ("html", "from_name") for part, _code in parts)
    assert done.report["campaigns"][0]["send_at"] == "2026-12-01T08:00:00Z"


def test_a_text_file_is_the_plain_text_part(presend, write) -> None:
    write("people.csv", PEOPLE)

    done = presend("lint", write("l.txt", "Hi {{ first_name }},\n"), *KLAVIYO, *JSON, "--audience", "people.csv")

    assert (done.finding("TAG002")["part"], done.finding("TAG002")["campaign_id"]) == ("text", "l.txt")


def test_several_templates_share_one_audience(presend, write) -> None:
    write("people.csv", "email,first_name,tier\na@example.com,Ann,gold\nb@example.com,,\n")
    write("mails/a.html", "<p>Hi {{ first_name }},</p>")
    write("mails/deep/b.txt", "Your tier: {{ person.tier }}!")
    write("mails/notes.md", "{{ not a template")

    done = presend("lint", "mails", *KLAVIYO, *JSON, "--audience", "people.csv")

    assert {c["id"]: c["audience"]["size"] for c in done.report["campaigns"]} == {"a.html": 2, "b.txt": 2}
    assert {f["campaign_id"]: f["affected"] for f in done.report["findings"] if f["code"] == "TAG002"} == {
        "a.html": 1,
        "b.txt": 1,
    }


# ------------------------------------------------------------------------------------------- how it ends


def test_a_broken_row_makes_it_incomplete_and_the_rest_is_checked(presend, write) -> None:
    write("people.csv", "email,first_name\na@example.com,Ann\nsecret@example.com,Bo,more\nc@example.com,Cy\n")

    done = presend("lint", write("l.html", "<p>Hi {{ first_name }},</p>"), *KLAVIYO, *JSON, "--audience", "people.csv")

    assert (done.code, done.report["complete"]) == (4, False)
    (failed,) = [u for u in done.report["unchecked"] if u["kind"] == "failed"]
    assert "row 2 (line 3)" in failed["reason"]
    assert failed["affected"] == 1
    assert "secret" not in done.out + done.err
    (campaign,) = done.report["campaigns"]
    assert (campaign["verdict"], campaign["audience"]["coverage"], campaign["audience"]["size"]) == (
        "incomplete",
        "partial",
        2,
    )


@pytest.mark.parametrize("people", ["", "id,email,first_name\n"])
def test_an_empty_audience_is_never_clear(presend, write, people: str) -> None:
    done = presend(
        "lint", write("l.html", "<p>Hi {{ first_name }},</p>"), *KLAVIYO, *JSON, "--audience", write("p.csv", people)
    )

    assert done.code == 4
    assert done.report["complete"] is False
    assert "p.csv holds no people" in done.err
    assert done.report["campaigns"][0]["audience"]["size"] == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("absent.html", *KLAVIYO), 2, "there is no template absent.html"),
        (("*.htm", *KLAVIYO), 3, "no template matched"),
        ((*KLAVIYO,), 3, "no template matched"),
        (("binary.html", *KLAVIYO), 2, "is not UTF-8"),
        (("l.txt", *KLAVIYO, "--audience", "absent.csv"), 2, "absent.csv cannot be read"),
        (("l.txt", *KLAVIYO, "--audience", "l.txt"), 2, "no audience file that presend knows"),
        (("l.txt", *KLAVIYO, "--fields", "l.txt"), 2, "is not JSON"),
        (("l.txt",), 2, "Missing option '--platform'"),
        (("l.txt", *KLAVIYO, "--select", "TAG999"), 2, "no check is called 'TAG999'"),
        (("l.txt", *KLAVIYO, "--send-at", "2026-12-01T09:00:00"), 2, "has no offset"),
        (("syntax.txt", *KLAVIYO), 1, ""),
        (("syntax.txt", *KLAVIYO, "--ignore", "TAG"), 0, ""),
    ],
)
def test_the_exit_status(presend, write, words: tuple[str, ...], code: int, says: str) -> None:
    write("l.txt", "Hello")
    write("syntax.txt", "{% if %}")
    Path("binary.html").write_bytes(b"\xff\xfe<")

    done = presend("lint", *words)

    assert (done.code, says in done.err) == (code, True), done.err


def test_nothing_of_a_person_is_shown_unless_asked(presend, write) -> None:
    write("people.csv", "email,first_name,City\nann@example.com,Ann,Oslo\nbo@example.com,,Turku\n")
    words = ("lint", write("l.html", "<p>Hi {{ first_name }} in {{ person.City }},</p>"), *KLAVIYO)
    words = (*words, "--audience", "people.csv")

    for form in ("table", "json", "markdown", "sarif"):
        masked = presend(*words, "--format", form, "--report", "page.html")
        assert "Turku" not in masked.out + masked.err + Path("page.html").read_text()
        assert "bo@example" not in masked.out + masked.err + Path("page.html").read_text()

    assert "Turku" in presend(*words, "--show-pii").out


def test_the_file_of_recipients(presend, write) -> None:
    write("people.csv", "id,first_name\np1,Ann\np2,\n")

    done = presend(
        "lint", write("l.html", "<p>Hi {{ first_name }},</p>"), *KLAVIYO, *JSON,
        "--audience", "people.csv", "--recipients", "who.jsonl",
    )  # fmt: skip

    (line,) = [json.loads(text) for text in Path("who.jsonl").read_text().splitlines()]
    assert (line["campaign_id"], line["code"], line["recipient_id"]) == ("l.html", "TAG002", "p2")
    assert Path("who.jsonl").stat().st_mode & 0o777 == 0o600
    assert "1 line of people's data written to who.jsonl" in done.err


def test_an_export_of_the_platform_is_read_by_its_headings(presend, write) -> None:
    write("people.csv", "Email Address,First Name\nann@example.com,Ann\nbo@example.com,\n")
    letter = write("letter.html", "<p>Hi *|FNAME|*,</p>")

    done = presend("lint", letter, "--platform", "mailchimp", *JSON, "--audience", "people.csv")

    assert done.finding("TAG002")["affected"] == 1
    assert "people.csv: the column “First Name” is taken for FNAME" in done.err


def test_a_slip_in_a_heading_is_asked_about(presend, write) -> None:
    write("people.csv", "Email,First_Name\nann@example.com,Ann\nbo@example.com,\n")

    done = presend("lint", write("l.html", "<p>Hi {{ first_name }},</p>"), *KLAVIYO, *JSON, "--audience", "people.csv")

    asked = "people.csv has no column first_name; did you mean its column “First_Name”?"
    assert asked in done.err
    assert done.finding("TAG002")["fix"].startswith(asked)


@pytest.mark.parametrize(
    ("platform", "column"), [("mailchimp", "TIER"), ("klaviyo", "Tier"), ("hubspot", "loyalty_tier")]
)
def test_claims_are_held_against_columns_that_the_copy_does_not_print(
    presend, write, platform: str, column: str
) -> None:
    write("people.csv", f"email,{column}\nann@example.com,Gold\nbo@example.com,Bronze\n")
    letter = write("l.html", "<p>As a Gold member you come first.</p>")

    done = presend("lint", letter, "--platform", platform, *JSON, "--audience", "people.csv", "--select", "CLM006")

    assert done.finding("CLM006")["affected"] == 1
    assert "did you mean" not in done.err  # nobody wrote the names that were looked for


@pytest.mark.parametrize(
    ("column", "odd", "good", "what"),
    [
        ("birthday", "1900-01-01", "1984-02-29", "a birthday of 1900 or before, or no date"),
        ("Date of birth", "1900-01-01", "1984-02-29", "a birthday of 1900 or before, or no date"),
        ("timezone", "PST8", "Europe/Berlin", "no time zone that exists"),
        ("orders", "-2", "3", "no number of 0 or more"),
        ("last_order_at", "last week", "2026-01-02", "no time as ISO 8601 writes it"),
        ("car_as_of", "spring", "2026-01-02", "no time as ISO 8601 writes it"),
        ("Purchases", "many", "2", "no number of 0 or more"),
    ],
)
def test_values_that_cannot_be_are_said_with_their_rows_and_class(
    presend, write, column: str, odd: str, good: str, what: str
) -> None:
    letter = write("l.html", "<p>Hello {{ person.car }}</p>")
    write("presend.toml", '[facts.klaviyo]\norders = "Purchases"\n')
    cells = [odd, good, "", good]
    rows = [f"p{number}@example.com,{cell}" for number, cell in enumerate(cells)]
    write("people.csv", "\n".join([f"email,{column}", *rows]) + "\n")
    write("fine.csv", f"email,{column}\na@example.com,{good}\n")

    done, silent = (presend("lint", letter, *KLAVIYO, *JSON, "--audience", name) for name in ("people.csv", "fine.csv"))

    said = f"{column} holds {what} in 1 of 4 rows, taken for none there (docs/facts.md, “Values that cannot be”)"
    assert said in done.err
    (reason,) = [u for u in done.report["unchecked"] if said in u["reason"]]
    assert (reason["kind"], reason["affected"]) == ("unknowable", 1)
    assert "taken for none" not in silent.err


@pytest.mark.parametrize(
    ("column", "odd", "good"),
    [
        ("birthday", "2990-02-03", "1984-02-29"),
        ("last_order_at", "2990-11-01T10:00:00Z", "2026-01-02"),
        ("Bought on", "2990-11-01T10:00:00Z", "2026-01-02"),
    ],
)
def test_days_to_come_that_cannot_be_are_said_with_their_rows(presend, write, column: str, odd: str, good: str) -> None:
    letter = write("l.html", "<p>Thank you for your recent order, {{ first_name }}</p>")
    write("presend.toml", '[facts.klaviyo]\nlast_order_at = "Bought on"\n' if column == "Bought on" else "")
    fact = "last_order_at" if column == "Bought on" else column
    rows = [f"p{number}@example.com,Ann,{cell}" for number, cell in enumerate([odd, good, ""])]
    write("people.csv", "\n".join([f"email,first_name,{column}", *rows]) + "\n")

    done, ledger = (
        presend("lint", letter, *KLAVIYO, *JSON, "--audience", "people.csv"),
        presend("read", letter, *KLAVIYO, "--claims", "--audience", "people.csv"),
    )

    said = f"{fact} holds a day that is to come in 1 of 3 rows, taken for none there"
    assert said in done.err
    assert said in ledger.err
    assert [u["affected"] for u in done.report["unchecked"] if said in u["reason"]] == [1]
    assert "2990" not in ledger.out


@pytest.mark.parametrize(
    ("text", "says"), [("{nope", "is not JSON"), ('{"tag": "A"}', "is not a list of fields"), ("[1]", "is not a list")]
)
def test_what_is_wrong_with_a_list_of_fields(presend, write, text: str, says: str) -> None:
    done = presend("lint", write("l.html", "x"), *KLAVIYO, "--fields", write("fields.json", text))

    assert (done.code, f"fields.json {says}" in done.err) == (2, True)


def test_a_template_needs_no_key_of_an_account(presend, write) -> None:
    write("presend.toml", '[[accounts]]\nname = "shop"\nplatform = "klaviyo"\nkey = "env:NOT_SET"\n')
    letter = write("l.html", "<p>Hi {{ First_Name|default: 'there' }},</p>")

    assert presend("lint", letter, *KLAVIYO, *JSON).finding("TAG001")["line"] == 1
    assert presend("scan").code == 2
