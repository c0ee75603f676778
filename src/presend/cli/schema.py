"""`presend schema report`: the JSON Schema of a public format."""

from __future__ import annotations

import click


@click.command("schema")
@click.argument("what", type=click.Choice(("report",)))
def command(what: str) -> int:
    """Print the JSON Schema of WHAT: the report that `--format json` writes."""
    import msgspec

    from presend.outputs.json_v1 import schema

    del what
    click.echo(msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode())
    return 0
