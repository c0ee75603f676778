"""`presend checks`: the rule book, a line a rule."""

from __future__ import annotations

import click


@click.command("checks")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def command(form: str) -> int:
    """List every check: code, name, severity, the mishaps it serves, what it finds."""
    from presend.registry import rules

    known = rules()
    if form == "json":
        import msgspec

        rows = [
            {
                "code": r.code,
                "name": r.name,
                "severity": r.severity.word,
                "mishaps": list(r.mishaps),
                "needs": sorted(n.value for n in r.needs),
                "summary": r.summary,
                "options": dict(r.options),
            }
            for r in known
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return 0
    width = max(len(r.name) for r in known)
    for r in known:
        click.echo(f"{r.code}  {r.name:<{width}}  {r.severity.word:<8}  {' '.join(r.mishaps):<11}  {r.summary}")
    return 0
