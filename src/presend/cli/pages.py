"""What there is to say of each check: for `presend explain`, and for `docs/checks` (`python -m presend.cli.pages DIR`).

Nothing on a page is written twice: it comes from the check's docstring, the cases beside it and the measured figures.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path

import click

from presend.cases import Case, load_cases
from presend.check import HEADINGS, Need, Rule
from presend.cli.figures import figures_of
from presend.cli.mishaps import MISHAPS, told
from presend.model import TEMPLATE_PARTS, Gap
from presend.outputs.markdown import code, text

SHOWN = 8
"""Cases of a kind that are shown; the file beside the check has all of them."""
QUOTED = 160
"""Characters of a case's template up to which it is quoted."""
INDEX = "README.md"
AGAIN = "make docs"
"""The command that writes the pages anew."""

KINDS = (("bad", "Finds"), ("good", "Stays silent on"))
_TICKED = re.compile(r"(`[^`]*`)")


def cases_of(rule: Rule, kind: str) -> tuple[Sequence[Case], int]:
    """Some cases of a kind, each of another platform before a second of the same one, and how many more there are."""
    found = [case for case in load_cases(rule) if case.kind == kind]
    seen: dict[str, int] = {}
    turns = []
    for case in found:
        seen[case.platform] = seen.get(case.platform, 0) + 1
        turns.append(seen[case.platform])
    chosen = sorted(range(len(found)), key=lambda index: (turns[index], index))[:SHOWN]
    return [found[index] for index in sorted(chosen)], max(0, len(found) - SHOWN)


def measured(rule: Rule) -> tuple[str, ...]:
    """The figures of a rule in lines, or one line that says why there are none."""
    figures = figures_of(rule)
    return (f"not measured: {figures.reason}",) if isinstance(figures, Gap) else figures.lines()


# ---------------------------------------------------------------------------------------------- in a terminal


def plain(rule: Rule) -> str:
    """The page of a rule as text for a terminal."""
    return "\n".join(_plain(rule)) + "\n"


def _plain(rule: Rule) -> Iterator[str]:
    yield f"{rule.code} {rule.name}: {rule.summary}"
    yield f"severity {rule.severity.word}; serves {told(rule.mishaps)}"
    for heading in HEADINGS:
        yield from _headed(heading)
        yield rule.section(heading)
    if rule.options:
        yield from _headed("Settings")
        for name, value in rule.options.items():
            yield f"[checks.{rule.code}] {name} = {value!r}"
    for kind, title in KINDS:
        yield from _headed(title)
        shown, more = cases_of(rule, kind)
        for case in shown:
            yield f"- {case.name} ({case.platform.value}): {case.why}"
        if more:
            yield f"and {more} more"
    yield from _headed("Measured")
    yield from measured(rule)


def _headed(title: str) -> tuple[str, str, str]:
    return "", title, "-" * len(title)


# ------------------------------------------------------------------------------------------------ as Markdown


def pages(rules: Sequence[Rule]) -> Mapping[str, str]:
    """Every page of the folder by its file's name, the index among them."""
    return {INDEX: "\n".join(_index(rules)) + "\n"} | {f"{r.code}.md": "\n".join(_page(r)) + "\n" for r in rules}


def _index(rules: Sequence[Rule]) -> Iterator[str]:
    yield "# The checks"
    yield ""
    yield f"{len(rules)} checks, a page each. Written by `{AGAIN}` from the checks themselves: change those, not these"
    yield "pages. `presend explain CODE` prints the same in a terminal."
    for _family, members in groupby(rules, key=lambda rule: rule.family):
        family = list(members)
        yield ""
        yield f"## {_title(family[0])}"
        yield ""
        yield "| code | name | severity | serves | finds |"
        yield "|---|---|---|---|---|"
        for rule in family:
            served = " ".join(rule.mishaps)
            about = _prose(rule.summary).replace("|", "\\|")
            yield f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity.word} | {served} | {about} |"
    yield from ("", "## What the checks serve", "", "| code | mishap |", "|---|---|")
    yield from (f"| {served} | {about} |" for served, about in MISHAPS.items())


def _title(rule: Rule) -> str:
    """What the docstring of the family's package says: `TAG: merge tags`."""
    said = (import_module(rule.module.rpartition(".")[0]).__doc__ or "").strip().splitlines()
    return _prose(said[0].rstrip(".")) if said and said[0].startswith(rule.family) else rule.family


def _page(rule: Rule) -> Iterator[str]:
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield _prose(rule.summary)
    yield ""
    needs = ", ".join(sorted(need.value for need in rule.needs))
    yield f"Severity {rule.severity.word}. Serves {told(rule.mishaps)}. Looks at: {needs}."
    for heading in HEADINGS:
        yield from ("", f"## {heading}", "", _prose(rule.section(heading)))
    if rule.options:
        yield from ("", "## Settings", "", "```toml", f"[checks.{rule.code}]")
        yield from (f"{name} = {_toml(value)}" for name, value in rule.options.items())
        yield "```"
    for kind, title in KINDS:
        yield from _cases(rule, kind, title)
    yield from ("", "## Measured", "")
    yield from (f"- {_prose(line)}" for line in measured(rule))


def _cases(rule: Rule, kind: str, title: str) -> Iterator[str]:
    shown, more = cases_of(rule, kind)
    if not shown:
        return
    yield from ("", f"## {title}", "")
    for case in shown:
        quoted = f"  \n  {code(source)}" if (source := _source(rule, case)) else ""
        yield f"- **{text(case.name)}** ({case.platform.value}): {text(case.why)}{quoted}"
    if more:
        yield from ("", f"And {more} more, in `{rule.module.replace('.', '/')}.toml`.")


def _source(rule: Rule, case: Case) -> str:
    """The first part of the case that is short enough to quote, where the check looks at parts."""
    if Need.PARTS not in rule.needs:
        return ""
    sources = (str(case.data[part.value]) for part in TEMPLATE_PARTS if part.value in case.data)
    return next((" ".join(source.split()) for source in sources if source.strip() and len(source) <= QUOTED), "")


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def _prose(words: str) -> str:
    """A docstring's text as Markdown: what stands in backticks or is indented stays, the rest is no markup."""
    return "\n".join(_line(line) for line in words.splitlines())


def _line(line: str) -> str:
    if line.startswith("    "):
        return line
    pieces = _TICKED.split(line)
    return "".join(
        piece if piece.startswith("`") else piece.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
        for piece in pieces
    )


def write(folder: Path, rules: Sequence[Rule]) -> int:
    """Write every page that differs and remove those of checks that are gone; how many were touched."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages(rules)
    touched = 0
    for gone in {file.name for file in folder.glob("*.md")} - set(wanted):
        (folder / gone).unlink()
        touched += 1
    for name, page in wanted.items():
        file = folder / name
        if not file.is_file() or file.read_text(encoding="utf-8") != page:
            file.write_text(page, encoding="utf-8")
            touched += 1
    return touched


def main(argv: Sequence[str]) -> int:
    """Write the pages into the folder that is named."""
    from presend.registry import rules

    if len(argv) != 1:
        click.echo("usage: python -m presend.cli.pages DIR", err=True)
        return 2
    known = rules()
    touched = write(Path(argv[0]), known)
    click.echo(f"{len(known)} checks, {touched} files touched in {argv[0]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
