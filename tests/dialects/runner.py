"""Runs the template cases of tests/dialects/cases/<platform>.toml; the head of each file says what its keys mean.

`load_cases` gives every case with what its file says for all of them (`now`, `zone`, `fields`, `properties`, `groups`)
mixed in; `run_case` says what arrives; `check_case` holds that against `expect` and `text`.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presend.dialects import dialect_for
from presend.dialects.base import Outcome, OutcomeKind, Program, Scene
from presend.model import Field, Gap, Kind, Known, Part, Platform, Vocabulary
from presend.reading import PartReading

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""The moment of rendering unless a case says otherwise: a Sunday."""


def load_cases(platform: str) -> list[dict[str, Any]]:
    """The cases of a platform in file order, with the file's common keys. Raises OSError without a file."""
    document = tomllib.loads((CASES / f"{platform}.toml").read_text(encoding="utf-8"))
    common = {key: value for key, value in document.items() if key != "case"}
    return [{"platform": platform, "common": common, **case} for case in document["case"]]


def case_ids(case: dict[str, Any]) -> str:
    """A readable test id."""
    return str(case["name"]).replace(" ", "-")


def compile_case(case: dict[str, Any]) -> Program:
    """The case's source compiled for its account; asserts on the way that parsing lost nothing."""
    dialect = dialect_for(Platform(case["platform"]))
    template = dialect.parse(case["source"], Part(case.get("part", "html")))
    assert "".join(node.text for node in template.nodes) == case["source"]
    now = _setting(case, "now", NOW)
    moment = now if isinstance(now, datetime) else datetime.fromisoformat(now)
    options = {**_setting(case, "options", {}), "programmable": bool(_setting(case, "programmable", False))}
    scene = Scene(now=moment, kind=Kind(_setting(case, "kind", "campaign")), options=options)
    return dialect.compile(template, vocabulary_of(case), scene)


def run_case(case: dict[str, Any]) -> Outcome:
    """What arrives: `text` is the whole source as this person would read it.

    SKIPPED and UNKNOWN win over everything. A tag that the platform fills in by itself, which presend leaves standing,
    is UNKNOWN too: nobody can say from here what it prints.
    """
    rendered = PartReading(compile_case(case), None).render(row_of_case(case))
    if any(expression.effect not in ("", "binds") for _start, _end, expression in rendered.marks):
        return Outcome(OutcomeKind.UNKNOWN, rendered.text, "the platform fills in a tag of its own")
    if rendered.kind is not OutcomeKind.PRINTED:
        return Outcome(rendered.kind, rendered.text, rendered.reason)
    return Outcome(OutcomeKind.PRINTED, rendered.text)


def check_case(case: dict[str, Any]) -> None:
    """Assert that a case comes out as it says. `printed`, `blank` and `literal` differ in what is personal only, so
    that the text decides; what arrives literally must also be reported.
    """
    outcome, expect = run_case(case), OutcomeKind(case["expect"])
    if expect in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN):
        assert outcome.kind is expect, outcome
        return
    assert outcome.kind is OutcomeKind.PRINTED, outcome
    assert outcome.text == case["text"]
    if expect is OutcomeKind.LITERAL:
        assert compile_case(case).issues


def row_of_case(case: dict[str, Any]) -> dict[str, Any]:
    """The person's values as a row; `{ null = true }` is null, the ticked interests become a column a title."""
    row: dict[str, Any] = {}
    for name, value in case.get("values", {}).items():
        if name == "interests" and isinstance(value, dict):
            row.update({f"INTERESTED:{title}": list(names) for title, names in value.items()})
        else:
            row[name] = None if value == {"null": True} else value
    return row


def vocabulary_of(case: dict[str, Any]) -> Vocabulary:
    """The account's fields as the case's file describes them, with the case's own defaults."""
    fields = []
    for entry in case["common"].get("fields", []) + case["common"].get("properties", []):
        tag = entry.get("tag") or entry["name"]
        numbered = (f"MERGE{entry['merge_id']}", f"MMERGE{entry['merge_id']}") if "merge_id" in entry else ()
        fields.append(
            Field(
                tag=tag,
                names=(tag, *numbered),
                label=entry.get("label") or entry.get("name", ""),
                type=entry.get("type", "text"),
                default=Known(str(case.get("defaults", {}).get(tag, entry.get("default", "")))),
            )
        )
    groups = case["common"].get("groups")
    return Vocabulary(
        fields=tuple(fields),
        complete=_setting(case, "complete", True),
        groups=Gap("no groups in this file") if groups is None else {t: tuple(n) for t, n in groups.items()},
        defaults={name: str(value) for name, value in case.get("defaults", {}).items()},
        constants=_setting(case, "constants", {}),
        zone=_setting(case, "zone", "UTC"),
    )


def _setting(case: dict[str, Any], key: str, otherwise: Any) -> Any:
    return case.get(key, case["common"].get(key, otherwise))
