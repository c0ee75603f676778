"""The command line: the only place that wires rooms together. Each command's module is imported when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from presend.retry import Clock

COMMANDS: dict[str, str] = {
    "demo": "Scan the imitated platforms and show what presend finds; needs no account, key or network.",
    "scan": "Check every campaign that is due soon in all configured accounts.",
    "watch": "Scan again and again in the foreground.",
    "audit": "Check everything in one account.",
    "lint": "Check templates on disk, with or without an audience file.",
    "read": "Show what each recipient would read.",
    "checks": "List the rule book.",
    "explain": "Explain one rule: why, how to fix, cases.",
    "hold": "Take a campaign back to draft.",
    "release": "Put a held campaign back.",
    "apply": "Do a plan that a scan saved.",
    "status": "Show what is held, left out, unsure or waiting.",
    "undo": "Take back what a run did.",
    "ack": "Accept one finding until a date.",
    "approve": "Approve a campaign as it is now.",
    "tested": "Record a test send of a campaign.",
    "baseline": "Accept all of today's findings of an account, so that only new ones count.",
    "history": "Show the latest runs.",
    "prune": "Forget what is old in the store.",
    "move": "Copy this machine's store into a team's database.",
    "doctor": "Say what presend can and cannot do in each account.",
    "sandbox": "Run the three imitated platforms on loopback.",
    "schema": "Print the JSON Schema of a public format.",
}
"""Every command with its line in `presend --help`; the module `presend.cli.<name>` holds a click command `command`."""


class Lazy(click.Group):
    """A group that lists its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of `COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None for a name that is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"presend.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"presend {version('presend')}")
        ctx.exit()


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
def cli() -> None:
    """Read every scheduled e-mail campaign as each of its recipients would, before it goes out."""


def _near(error: click.NoSuchOption) -> click.NoSuchOption:
    """The error with only those options that may have been meant: for click two dashes alone are a likeness."""
    from difflib import get_close_matches

    word = error.option_name.lstrip("-")
    near = [one for one in error.possibilities or () if get_close_matches(word, [one.lstrip("-")], cutoff=0.7)]
    return click.NoSuchOption(error.option_name, error.message, near, error.ctx)


def main(argv: Sequence[str] | None = None, *, clock: Clock | None = None) -> None:
    """The `presend` command with the given words, else those of the process.

    `clock` is what connectors wait by between tries and looks; without it they wait for real.
    Never shows a traceback for bad input or a full disk behind stdout; exit codes are those of `presend.exitcodes`.
    """
    from presend.cli.stdout import guarded
    from presend.errors import PresendError

    try:
        with guarded():
            code = cli.main(args=None if argv is None else list(argv), standalone_mode=False, obj=clock)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.NoSuchOption as error:
        _near(error).show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except PresendError as error:
        from presend.cli.common import exit_code_of
        from presend.logs import clean

        click.echo(f"error: {clean(error.message)}", err=True)
        if error.help:
            click.echo(f"help: {clean(error.help)}", err=True)
        sys.exit(exit_code_of(error))
    sys.exit(code if isinstance(code, int) else 0)
