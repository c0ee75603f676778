"""`presend move`: take the memory of this machine along to a team's database."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("move")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(config: Path | None) -> int:
    """Copy the store in this machine's state folder into the empty database of PRESEND_STORE_URL.

    The file stays as it is. Run it once, while nothing else of presend runs. Exit codes: 0 copied, 2 either store
    cannot be opened, 5 nothing was copied.
    """
    from presend.errors import UsageError
    from presend.settings import load
    from presend.store.copying import copy
    from presend.store.database import opened
    from presend.store.engines import url_of

    settings = load(config, keys=False)
    if url_of(settings) is None:
        raise UsageError(
            "PRESEND_STORE_URL names no server", help="Set it to the PostgreSQL database that the store is to move to."
        )
    here = settings.model_copy(update={"store_url": None})
    with opened(here) as source, opened(settings) as target:
        counts = copy(source, target)
    for name, count in counts.items():
        if count:
            click.echo(f"{count:>9,} {name}")
    click.echo(f"copied {sum(counts.values()):,} rows into the database of PRESEND_STORE_URL")
    return 0
