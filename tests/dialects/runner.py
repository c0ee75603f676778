"""Runs the template cases of tests/dialects/cases/<platform>.toml: a source, an account, a row, and what must come out.

A case (`[[case]]`):

    id = "default-for-blank"            # unique in the file
    why = "one sentence: the fact and where it is from"
    part = "html"                       # optional; subject, preview_text, from_name, reply_to, html, text
    source = "Hi *|FNAME|*,"
    fields = [{ tag = "FNAME", default = "friend", type = "text", names = ["MERGE1"] }]   # default "" unless given
    complete = true                     # optional: the fields are all there are
    groups = { Topic = ["News", "Offers"] }                                               # optional, Mailchimp
    defaults = { firstname = "there" }  constants = { "organization.name" = "Acme" }  zone = "UTC"      # optional
    options = { programmable = true }   now = 2026-11-22T09:00:00Z  kind = "campaign"                   # optional
    row = { FNAME = "" }                # absent keys are absent; `nulls = ["FNAME"]` makes explicit nulls
    prints = "Hi friend,"               # or skipped = true, or unknown = true; none of them: only the issues count
    issues = [{ kind = "unknown_name", source = "*|FNAM|*", meant = "*|FNAME|*" }]        # optional; exact set of kinds
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presend.dialects import dialect_for
from presend.dialects.base import Issue, Program, Scene
from presend.model import Field, Gap, Kind, Known, Part, Platform, Vocabulary
from presend.reading import PartReading, Rendered

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""The moment of rendering unless a case says otherwise: a Sunday."""


@dataclass(frozen=True)
class Ran:
    """What came of a case: the compiled part and the part as the case's person would read it."""

    program: Program
    rendered: Rendered


def load_cases(platform: str) -> list[dict[str, Any]]:
    """The cases of a platform, in file order; empty where no file exists."""
    path = CASES / f"{platform}.toml"
    if not path.exists():
        return []
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = document.get("case") or document.get("cases") or []
    return [{"platform": platform, **case} for case in found]


def run_case(case: dict[str, Any]) -> Ran:
    """Parse, compile and render one case."""
    dialect = dialect_for(Platform(case["platform"]))
    template = dialect.parse(case["source"], Part(case.get("part", "html")))
    assert "".join(node.text for node in template.nodes) == case["source"]
    scene = Scene(now=case.get("now", NOW), kind=Kind(case.get("kind", "campaign")), options=case.get("options", {}))
    program = dialect.compile(template, _vocabulary(case), scene)
    row = {**case.get("row", {}), **dict.fromkeys(case.get("nulls", ()))}
    return Ran(program, PartReading(program, None).render(row))


def check_case(case: dict[str, Any]) -> None:
    """Assert that a case comes out as it says."""
    ran = run_case(case)
    if "prints" in case:
        assert (ran.rendered.kind.value, ran.rendered.text) == ("printed", case["prints"]), ran.rendered.reason
    if case.get("skipped"):
        assert ran.rendered.kind.value == "skipped"
    if case.get("unknown"):
        assert ran.rendered.kind.value == "unknown", ran.rendered.text
    if "issues" in case:
        assert sorted(issue.kind.value for issue in ran.program.issues) == sorted(i["kind"] for i in case["issues"])
        for wanted in case["issues"]:
            assert any(_is(issue, wanted) for issue in ran.program.issues), (wanted, ran.program.issues)


def _is(issue: Issue, wanted: dict[str, Any]) -> bool:
    return all(
        getattr(issue, key).value == value if key == "kind" else getattr(issue, key) == value
        for key, value in wanted.items()
    )


def _vocabulary(case: dict[str, Any]) -> Vocabulary:
    fields = tuple(
        Field(
            tag=entry["tag"],
            names=tuple(entry.get("names", ())),
            label=entry.get("label", ""),
            type=entry.get("type", "text"),
            default=Gap(str(entry["gap"])) if "gap" in entry else Known(entry.get("default", "")),
        )
        for entry in case.get("fields", ())
    )
    groups = case.get("groups")
    return Vocabulary(
        fields=fields,
        complete=case.get("complete", True),
        groups=Gap("no groups in this case") if groups is None else {t: tuple(n) for t, n in groups.items()},
        defaults=case.get("defaults", {}),
        constants=case.get("constants", {}),
        zone=case.get("zone", "UTC"),
    )
