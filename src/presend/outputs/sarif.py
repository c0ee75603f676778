"""The report as SARIF 2.1.0 (OASIS), for code scanning: a finding in a template on disk points at its line.

A finding in a campaign on a platform has no file: it is located by name (platform, account, campaign, part) alone.
"""

from __future__ import annotations

from typing import Any, assert_never
from urllib.parse import quote

import msgspec

from presend.check import HEADINGS, Rule
from presend.engine import CampaignResult, Unchecked
from presend.logs import clean
from presend.model import CampaignRef, Finding, FindingState, Kind, Part, Severity, UncheckedKind
from presend.model.counting import many
from presend.outputs.json_v1 import stamp
from presend.report import Report, order

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "presend/v1"
_FILES = "files"
"""Where `presend.lint` keeps the file of each part."""


def level(severity: Severity) -> str:
    """SARIF's word for a severity."""
    match severity:
        case Severity.BLOCKER | Severity.HIGH:
            return "error"
        case Severity.MEDIUM:
            return "warning"
        case Severity.LOW | Severity.INFO:
            return "note"
        case _:
            assert_never(severity)


def write(report: Report) -> str:
    """The report as indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(log(report)), indent=2).decode() + "\n"


def log(report: Report) -> dict[str, Any]:
    """The SARIF log: one run, with the rules that found something."""
    pairs = [(result, finding) for result in report.campaigns for finding in sorted(result.findings, key=order)]
    codes = sorted({finding.code for _result, finding in pairs})
    known = _known()
    index = {code: i for i, code in enumerate(codes)}
    named = {finding.code: finding for _result, finding in pairs}
    run = {
        "tool": {
            "driver": {
                "name": "presend",
                "semanticVersion": report.version,
                "rules": [_rule(named[code], known.get(code)) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": report.complete,
                "startTimeUtc": stamp(report.started),
                "endTimeUtc": stamp(report.finished),
                "exitCode": int(report.exit_code),
                "toolExecutionNotifications": [_notification(item) for item in report.unchecked],
            }
        ],
        "results": [_result(result, finding, index[finding.code]) for result, finding in pairs],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _known() -> dict[str, Rule]:
    from presend.registry import rules

    return {rule.code: rule for rule in rules()}


def _rule(finding: Finding, rule: Rule | None) -> dict[str, Any]:
    """The rule of a finding; one that is not installed here has its name and no page."""
    if rule is None:
        return {"id": finding.code, "name": finding.name, "shortDescription": {"text": finding.name}}
    sections = [(heading, rule.section(heading)) for heading in HEADINGS]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.section(HEADINGS[0]) or rule.summary},
        "help": {
            "text": "\n\n".join(f"{heading}\n{body}" for heading, body in sections),
            "markdown": "\n\n".join(f"**{heading}**\n\n{body}" for heading, body in sections),
        },
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": [*rule.mishaps], "severity": rule.severity.word},
    }


def _result(result: CampaignResult, finding: Finding, index: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": {"text": _message(finding)},
        "locations": [_location(result, finding)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {
            "severity": finding.severity.word,
            "confidence": finding.confidence.word,
            "affected": finding.affected,
            "audience": finding.audience,
            "state": finding.state.value,
        },
    }
    if finding.state is FindingState.ACKNOWLEDGED:
        found["suppressions"] = [{"kind": "external", "justification": "acknowledged in presend"}]
    return found


def _message(finding: Finding) -> str:
    reach = "" if finding.affected is None else f" {finding.affected:,} of {many(finding.audience or 0, 'recipient')}."
    reads = next((example.reads for example in finding.examples if example.reads), "")
    return f"{finding.says}{reach}{f' Reads: {reads}' if reads else ''} {finding.fix}".strip()


def _location(result: CampaignResult, finding: Finding) -> dict[str, Any]:
    ref = result.campaign.ref
    logical = {"name": finding.part.value, "fullyQualifiedName": _name(ref, finding), "kind": "resource"}
    found: dict[str, Any] = {"logicalLocations": [logical]}
    file = _file(result, finding)
    if file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": quote(file)}}
        if finding.line is not None and _in_file(result, finding):
            physical["region"] = _region(finding)
        found["physicalLocation"] = physical
    return found


def _name(ref: CampaignRef, finding: Finding) -> str:
    return f"{ref.platform.value}/{ref.account}/{ref.id}/{finding.message}/{finding.part.value}"


def _region(finding: Finding) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": finding.line}
    if finding.column is not None:
        region["startColumn"] = finding.column
        length = (finding.end or 0) - (finding.start or 0)
        # A tag may run over lines; its end is only told where it does not.
        if length > 0 and "\n" not in finding.snippet and len(finding.snippet) == length:
            region["endLine"], region["endColumn"] = finding.line, finding.column + length
    if finding.snippet:
        region["snippet"] = {"text": finding.snippet}
    return region


def _files(result: CampaignResult, finding: Finding) -> dict[str, str]:
    message = next((m for m in result.campaign.messages if m.label == finding.message), None)
    files = message.options.get(_FILES) if message is not None else None
    return files if isinstance(files, dict) and result.campaign.ref.kind is Kind.TEMPLATE else {}


def _part(finding: Finding, files: dict[str, str]) -> str:
    """The part whose file a finding stands in; a link is in the html, or in the text of a message without html."""
    if finding.part is Part.LINK:
        return Part.HTML.value if Part.HTML.value in files else Part.TEXT.value
    return finding.part.value


def _file(result: CampaignResult, finding: Finding) -> str:
    files = _files(result, finding)
    return files.get(_part(finding, files)) or next(iter(files.values()), "")


def _in_file(result: CampaignResult, finding: Finding) -> bool:
    files = _files(result, finding)
    return _part(finding, files) in files


def _notification(item: Unchecked) -> dict[str, Any]:
    where = ":".join(filter(None, (item.platform, item.account, item.campaign_id)))
    found: dict[str, Any] = {
        "level": "error" if item.kind is UncheckedKind.FAILED else "note",
        "message": {"text": f"{where}: {clean(item.reason)}"},
    }
    return found | ({"associatedRule": {"id": item.code}} if item.code else {})
