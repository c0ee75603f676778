"""`presend history`: the latest runs with their accounts, what they found, what they did, how they ended."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from presend.cli.common import chosen_accounts

if TYPE_CHECKING:
    from presend.store.runs import RunRow


@click.command("history")
@click.option("--account", metavar="NAME", help="Only runs that looked at this account.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many runs, newest first.")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(account: str | None, limit: int, form: str, config: Path | None) -> int:
    """Show the latest runs: accounts, campaigns, findings, deeds, exit codes.

    Exit codes: 0 shown, also when there was none; 2 the store cannot be opened; 3 no such account; 5 it cannot
    be read.
    """
    from presend.settings import load
    from presend.store.database import opened
    from presend.store.runs import Runs

    settings = load(config)
    with opened(settings) as engine:
        rows = Runs(engine).recent(limit, account)
    if account is not None and not rows:
        # Accounts that are configured no longer may still be on record.
        chosen_accounts(settings, [account])
    click.echo(_json(rows) if form == "json" else _table(rows))
    return 0


def _json(rows: list[RunRow]) -> str:
    import msgspec

    runs = [
        {
            "run": row.run,
            "started": _moment(row.started),
            "finished": _moment(row.finished),
            "complete": row.complete,
            "exit_codes": list(row.exit_codes),
            "deeds": row.deeds,
            "accounts": [
                {name: getattr(one, name) for name in ("account", "platform", "complete", "campaigns", "findings")}
                for one in row.accounts
            ],
        }
        for row in rows
    ]
    shown: dict[str, Any] = {"schema": "presend.history/v1", "runs": runs}
    return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


_HEADINGS = ("started (UTC)", "run", "account", "campaigns", "findings", "whole", "deeds", "exit")


def _table(rows: list[RunRow]) -> str:
    """A line for each account of each run; what is said of the run as a whole stands in its first line."""
    if not rows:
        return "no run is on record"
    lines = [_HEADINGS]
    for row in rows:
        codes = ",".join(str(code) for code in row.exit_codes)
        ended = codes if row.finished else "never ended"
        whole = (f"{row.started:%Y-%m-%d %H:%M}", row.run[:12], str(row.deeds), ended)
        accounts = [
            (a.account, str(a.campaigns), str(a.findings), "yes" if a.complete else "no") for a in row.accounts
        ] or [("-", "", "", "")]
        for at, account in enumerate(accounts):
            started, run, deeds, end = whole if at == 0 else ("", "", "", "")
            lines.append((started, run, *account, deeds, end))
    widths = [max(len(line[at]) for line in lines) for at in range(len(_HEADINGS))]
    numbers = {3, 4, 6}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in numbers else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
