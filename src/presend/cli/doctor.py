"""`presend doctor`: can presend reach each account, with which rights, and what could it not do there."""

from __future__ import annotations

from pathlib import Path

import click

from presend.cli.common import account_config, chosen_accounts, platform_sentence


@click.command("doctor")
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Only this account; repeatable.")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
@click.option("-v", "--verbose", count=True, help="More on stderr.")
def command(accounts: tuple[str, ...], form: str, config: Path | None, verbose: int) -> int:
    """Say for each account whether it can be reached, what the key may do and what presend cannot do there.

    Also whether the channels of notices would take one. Asks only; changes nothing. Exit codes: 0 all reached,
    3 no account, 4 one could not be reached.
    """
    from datetime import UTC, datetime

    from presend.cli.notices import rights as channel_rights
    from presend.errors import PlatformError
    from presend.exitcodes import ExitCode
    from presend.logs import clean, configure
    from presend.model import Able
    from presend.ports import AccountInfo
    from presend.registry import connector_for
    from presend.settings import load

    configure(verbose)
    settings = load(config)
    told: list[dict[str, object]] = []
    code = ExitCode.CLEAR
    for account in chosen_accounts(settings, accounts):
        entry: dict[str, object] = {"account": account.name, "platform": account.platform.value}
        try:
            connector = connector_for(account_config(settings, account))
            try:
                info: AccountInfo = connector.info()
            finally:
                connector.close()
        except PlatformError as error:
            code = ExitCode.INCOMPLETE
            entry |= {"reached": False, "reason": clean(platform_sentence(error)), "rights": []}
        else:
            rights = [{"name": r.name, "able": r.able.value, "detail": r.detail} for r in info.rights]
            entry |= {"reached": True, "name": info.name, "zone": info.zone, "rights": rights}
        told.append(entry)
    for right in channel_rights(settings, datetime.now(UTC)):
        told.append({"channel": right.name, "able": right.able.value, "detail": right.detail})
        code = ExitCode.INCOMPLETE if right.able is Able.NO else code
    if form == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        for entry in told:
            _show(entry)
    return int(code)


def _show(entry: dict[str, object]) -> None:
    if "channel" in entry:
        click.echo(f"notices to {entry['channel']}: {entry['able']}. {entry['detail']}")
        return
    head = f"{entry['account']} ({entry['platform']})"
    if not entry["reached"]:
        click.echo(f"{head}: not reached. {entry['reason']}")
        return
    click.echo(f"{head}: {entry['name']}, zone {entry['zone']}")
    rights = entry["rights"]
    assert isinstance(rights, list)
    for right in rights:
        click.echo(f"  {right['able']:<7} {right['name']}: {right['detail']}")
