"""`presend explain CODE`: one rule with why, how to fix, limits, settings and cases."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("code")
def command(code: str) -> int:
    """Explain the rule CODE (or its name): why it matters, how to fix, what it cannot see, its cases."""
    from presend.cases import load_cases
    from presend.check import HEADINGS
    from presend.errors import UsageError
    from presend.registry import rules
    from presend.selection import select

    known = rules()
    exact = [r for r in known if code.upper() == r.code or code.lower() == r.name]
    if not exact:
        select(known, [code])  # raises with the nearest name
        raise UsageError(f"{code!r} is a family of rules", help="`presend checks` lists its members.")
    rule = exact[0]
    click.echo(f"{rule.code} {rule.name}: {rule.summary}")
    click.echo(f"severity {rule.severity.word}; serves {', '.join(rule.mishaps)}")
    for heading in HEADINGS:
        click.echo(f"\n{heading}\n{'-' * len(heading)}\n{rule.section(heading)}")
    if rule.options:
        click.echo("\nSettings\n--------")
        for name, value in rule.options.items():
            click.echo(f"[checks.{rule.code}] {name} = {value!r}")
    cases = load_cases(rule)
    for kind, title in (("bad", "Finds"), ("good", "Stays silent on")):
        click.echo(f"\n{title}\n{'-' * len(title)}")
        for case in cases:
            if case.kind == kind:
                click.echo(f"- {case.name}: {case.why}")
    return 0
