"""JSON, Markdown, SARIF, the page and the table: whole, in order, valid, and deaf to what names and values say."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from presend.model import Severity
from presend.outputs import Format, sarif, writer
from presend.outputs.markdown import code, text
from presend.outputs.page import write as page
from presend.report import Report
from tests.outputs.made import HOSTILE, campaign, everything, finding, report

SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "runs": {"type": "array", "items": {"$ref": "#/$defs/run"}},
    },
    "additionalProperties": False,
    "$defs": {
        "text": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "count": {"type": "integer", "minimum": 1},
        "time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "run": {
            "type": "object",
            "required": ["tool", "results"],
            "properties": {
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {
                        "driver": {
                            "type": "object",
                            "required": ["name"],
                            "properties": {"rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}}},
                        }
                    },
                },
                "invocations": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["executionSuccessful"],
                        "properties": {
                            "executionSuccessful": {"type": "boolean"},
                            "exitCode": {"type": "integer"},
                            "startTimeUtc": {"$ref": "#/$defs/time"},
                            "endTimeUtc": {"$ref": "#/$defs/time"},
                            "toolExecutionNotifications": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "required": ["message"],
                                    "properties": {
                                        "level": {"$ref": "#/$defs/level"},
                                        "message": {"$ref": "#/$defs/text"},
                                    },
                                },
                            },
                        },
                    },
                },
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "rule": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "help": {"$ref": "#/$defs/text"},
                "shortDescription": {"$ref": "#/$defs/text"},
                "fullDescription": {"$ref": "#/$defs/text"},
                "defaultConfiguration": {"properties": {"level": {"$ref": "#/$defs/level"}}},
            },
        },
        "result": {
            "type": "object",
            "required": ["message", "ruleId", "partialFingerprints"],
            "properties": {
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/text"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "suppressions": {
                    "type": "array",
                    "items": {"required": ["kind"], "properties": {"kind": {"enum": ["inSource", "external"]}}},
                },
                "locations": {
                    "type": "array",
                    "items": {
                        "properties": {
                            "physicalLocation": {
                                "required": ["artifactLocation"],
                                "properties": {
                                    "artifactLocation": {
                                        "required": ["uri"],
                                        "properties": {"uri": {"type": "string", "pattern": r"^[\w./%~-]+$"}},
                                    },
                                    "region": {
                                        "properties": {
                                            key: {"$ref": "#/$defs/count"}
                                            for key in ("startLine", "startColumn", "endLine", "endColumn")
                                        }
                                    },
                                },
                            },
                            "logicalLocations": {
                                "type": "array",
                                "items": {"properties": {"fullyQualifiedName": {"type": "string"}}},
                            },
                        }
                    },
                },
            },
        },
    },
}
"""What of SARIF 2.1.0 (OASIS) presend writes, with the shapes, names and words that the standard asks for."""


@pytest.fixture
def whole() -> Report:
    return everything()


def log(made: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(writer(Format.SARIF)(made))
    return found


# ---------------------------------------------------------------------------------------------------- JSON


def test_the_json_is_what_its_schema_promises(whole: Report) -> None:
    from presend.outputs.json_v1 import schema

    found = json.loads(writer(Format.JSON)(whole))

    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.Draft202012Validator(schema()).validate(found)
    assert found["schema"] == "presend.report/v1"
    assert found["exit_codes"] == [1, 4]


# --------------------------------------------------------------------------------------------------- SARIF


def test_sarif_is_valid(whole: Report) -> None:
    jsonschema.Draft202012Validator(SARIF).validate(log(whole))


def test_sarif_has_a_rule_with_help_for_every_result(whole: Report) -> None:
    (run,) = log(whole)["runs"]

    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert all("How to fix" in rule["help"]["text"] for rule in rules)


@pytest.mark.parametrize(
    ("severity", "word"), list(zip(Severity, ["note", "note", "warning", "error", "error"], strict=True))
)
def test_sarif_levels(severity: Severity, word: str) -> None:
    assert sarif.level(severity) == word


def test_sarif_points_into_the_files_of_templates_and_nowhere_else(whole: Report) -> None:
    (run,) = log(whole)["runs"]

    places = [r["locations"][0].get("physicalLocation") for r in run["results"]]
    regions = sorted((p["artifactLocation"]["uri"], p.get("region", {}).get("startLine", 0)) for p in places if p)
    assert regions == [
        ("mails/a%20letter.html", 0),  # the subject came from an option: no line of the file is to blame
        ("mails/a%20letter.html", 12),
        ("mails/a%20letter.html", 20),
        ("mails/plain%20part.txt", 1),
    ]
    assert sum(p is None for p in places) == 5


def test_sarif_ends_a_region_where_the_tag_ends(whole: Report) -> None:
    (run,) = log(whole)["runs"]

    (link,) = [
        r["locations"][0]["physicalLocation"]["region"]
        for r in run["results"]
        if r["locations"][0].get("physicalLocation", {}).get("region", {}).get("startLine") == 20
    ]
    assert (link["startColumn"], link["endLine"], link["endColumn"]) == (3, 20, 10)


def test_sarif_says_what_was_not_looked_at_and_what_was_accepted(whole: Report) -> None:
    (run,) = log(whole)["runs"]
    (invocation,) = run["invocations"]

    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 1)
    assert [n["level"] for n in invocation["toolExecutionNotifications"]] == ["error", "note"]
    accepted = [r["ruleId"] for r in run["results"] if "suppressions" in r]
    assert accepted == ["TAG017"]


# ------------------------------------------------------------------------------------------------ Markdown


def test_markdown_reads_from_the_worst_down() -> None:
    made = report(
        campaign(
            "Spring sale",
            finding(severity=Severity.MEDIUM, code="VAL003", name="shouting", says="Names shout.", fix="Mend them."),
            finding(),
        )
    )

    assert writer(Format.MARKDOWN)(made) == (
        "## presend: 1 high, 1 medium in 1 campaign\n"
        "\n"
        "| campaign | verdict | sends | recipients |\n"
        "|---|---|---|---|\n"
        "| klaviyo: Spring sale | flagged | 2026-11-23 14:00 UTC | 1,200 |\n"
        "\n"
        "### klaviyo: Spring sale\n"
        "\n"
        "- **high** TAG002 no-fallback; html 12:9; 41 of 1,200  \n"
        "  `{{ first_name }}`: first\\_name prints nothing for some recipients.  \n"
        "  reads: `Hi ,`  \n"
        "  fix: Write {{ first\\_name\\|default:'there' }}.\n"
        "- **medium** VAL003 shouting; html 12:9; 41 of 1,200  \n"
        "  `{{ first_name }}`: Names shout.  \n"
        "  reads: `Hi ,`  \n"
        "  fix: Mend them.\n"
    )


def test_markdown_says_that_there_is_nothing() -> None:
    made = report(campaign("Spring"), campaign("Summer", hours=9))

    assert writer(Format.MARKDOWN)(made).startswith("## presend: nothing found in 2 campaigns\n")


def test_markdown_tells_what_could_not_be_checked(whole: Report) -> None:
    found = writer(Format.MARKDOWN)(whole)

    assert "**Incomplete:**" in found
    assert "- hubspot  the key is refused" in found
    assert "<details><summary>Nobody can say from here (1)</summary>" in found


def test_markdown_obeys_no_name_and_no_value(whole: Report) -> None:
    found = writer(Format.MARKDOWN)(whole)

    unquoted = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", found.replace(r"\`", ""))
    assert "<script>" not in unquoted
    assert "@team" not in unquoted
    assert "[x](" not in unquoted
    cells = [line for line in found.splitlines() if line.startswith("| klaviyo")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in cells)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\nb\t c", "a b c"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("# head", r"\# head"),
        ("<b>&", "&lt;b\\>&amp;"),
        ("a|b", r"a\|b"),
        ("\x1b[31m", r"\[31m"),
    ],
)
def test_words_stay_words(words: str, shown: str) -> None:
    assert text(words) == shown


@pytest.mark.parametrize(("source", "shown"), [("a", "`a`"), ("a`b", "``a`b``"), ("`a``", "``` `a`` ```"), ("", "")])
def test_code_stays_code(source: str, shown: str) -> None:
    assert code(source) == shown


# ------------------------------------------------------------------------------------------------ the page


def test_the_page_is_whole_in_itself(whole: Report) -> None:
    found = page(whole)

    assert found.startswith("<!doctype html>")
    assert not re.search(r"<(script|iframe|object|embed|link rel=\"stylesheet)", found)
    assert re.findall(r"(?:src|href)=\"(?!#)([^\"]*)\"", found) == [
        "data:,",
        "https://www.example.com/campaign/1",
        "https://www.example.com/campaign/1",
    ]


def test_the_page_escapes_everything(whole: Report) -> None:
    found = page(whole)

    assert HOSTILE not in found
    assert "<script>" not in found
    assert found.count("&lt;script&gt;document.title=") >= 6


def test_the_page_shows_campaigns_by_time_left_and_the_worst_finding_first(whole: Report) -> None:
    found = page(whole)

    names = re.findall(r"<h2>klaviyo: (?:<a [^>]*>)?([^<]*)", found)
    assert [name[:12] for name in names] == ["&lt;script&g", "Spring", "mails/a lett"]
    codes = re.findall(r"<h3>(\w+)", found)
    assert codes[:4] == ["TAG001", "TAG002", "VAL003", "TAG017"]
    assert "41 of 1,200" in found
    assert "the key is refused" in found
    assert "(40 excluded, 310 not mailed by the platform)" in found


def test_a_link_that_is_no_web_address_is_not_followed(whole: Report) -> None:
    from dataclasses import replace

    held = campaign("Spring")
    odd = replace(held, campaign=replace(held.campaign, url="javascript:alert(1)"))

    assert "javascript:" not in page(report(odd))


def test_an_empty_report_says_so() -> None:
    assert "Nothing was due." in page(report())


# ----------------------------------------------------------------------------------------------- all of them


@pytest.mark.parametrize("form", list(Format))
def test_every_format_writes_text_that_ends_in_one_newline(form: Format, whole: Report) -> None:
    found = writer(form)(whole)

    assert found.endswith("\n")
    assert not found.endswith("\n\n")
    assert "TAG001" in found


@pytest.mark.parametrize("form", list(Format))
def test_every_format_is_the_same_twice(form: Format, whole: Report) -> None:
    assert writer(form)(whole) == writer(form)(whole)
