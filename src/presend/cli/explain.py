"""`presend explain CODE`: one rule with why, how to fix, limits, settings, cases and measured figures."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("code")
def command(code: str) -> int:
    """Explain the rule CODE (or its name): why, how to fix, what it cannot see, its cases, how well it measured."""
    from presend.cli.pages import plain
    from presend.errors import UsageError
    from presend.registry import rules
    from presend.selection import select

    known = rules()
    code = code.strip()
    if not code:
        raise UsageError("no rule is named", help="`presend checks` lists them all.")
    exact = [r for r in known if code.upper() == r.code or code.lower() == r.name]
    if not exact:
        select(known, [code])  # raises with the nearest name
        raise UsageError(f"{code!r} is a family of rules", help="`presend checks` lists its members.")
    click.echo(plain(exact[0]), nl=False)
    return 0
