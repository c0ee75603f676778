"""What the commands share: options, settings into connectors and rules, progress, and writing the result."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from presend.errors import DeedError, Gone, NothingSelected, PlatformError, PresendError, UsageError
from presend.exitcodes import ExitCode

F = TypeVar("F", bound=Callable[..., Any])

SEVERITIES = ("info", "low", "medium", "high", "blocker")
FORMATS = ("table", "json", "markdown", "sarif")
PLATFORMS = ("mailchimp", "klaviyo", "hubspot")
_YEARS = (1970, 2999)


def exit_code_of(error: PresendError) -> ExitCode:
    """The status a command ends with when this error stops it."""
    match error:
        case UsageError():
            return ExitCode.USAGE
        case NothingSelected():
            return ExitCode.NOTHING
        case DeedError():
            return ExitCode.DEED
        case _:
            return ExitCode.INCOMPLETE


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time with an offset."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware time in UTC, or a usage error."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an ISO 8601 time; write for example 2026-11-20T09:00:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no offset; add Z or for example +01:00", param, ctx)
        if not _YEARS[0] <= moment.year <= _YEARS[1]:
            # Days before and after it are counted, and calendars end.
            self.fail(f"{value!r} is in no year from {_YEARS[0]} to {_YEARS[1]}", param, ctx)
        return moment.astimezone(UTC)


class Span(click.ParamType[timedelta]):
    """A duration such as 48h."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration, or a usage error."""
        if isinstance(value, timedelta):
            return value
        from presend.settings import duration

        try:
            return duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def stack(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several click options as one decorator, in the order written."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


result_options = stack(
    click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True),
    click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write there instead of stdout."),
    click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Also write an HTML page."),
    click.option(
        "--recipients",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Also write one JSON line per affected recipient and finding. Holds people's data.",
    ),
    click.option("--fail-on", type=click.Choice(SEVERITIES), default="high", show_default=True),
    click.option("--fail-confidence", type=click.Choice(("low", "medium", "high")), default="high", show_default=True),
    click.option("--select", multiple=True, metavar="CODES", help="Only these checks: codes, families or names."),
    click.option("--ignore", multiple=True, metavar="CODES", help="Not these checks."),
    click.option("--as-of", type=Moment(), help="The moment to judge from; default now."),
    click.option("--show-pii", is_flag=True, help="Show people's values in clear."),
    click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there."),
    click.option("-v", "--verbose", count=True, help="More: all fingerprints; on stderr, each deed."),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of `result_options`, as one value."""

    form: str
    output: Path | None
    report: Path | None
    recipients: Path | None
    fail_on: str
    fail_confidence: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    as_of: datetime | None
    show_pii: bool
    config: Path | None
    verbose: int

    @classmethod
    def take(cls, options: dict[str, Any]) -> Wanted:
        """Take these options out of a command's keyword arguments."""
        return cls(**{name: options.pop(name) for name in cls.__slots__})


def note(text: str) -> None:
    """A line for the person at the terminal, on stderr."""
    click.echo(text, err=True)


def private_file(path: Path) -> int:
    """Open a file that will hold people's data: new or emptied, rights 0600. Raises UsageError."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(handle, 0o600)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", help="Choose another place.") from error
    return handle


def writable(*paths: Path | None) -> None:
    """Before anything is read or done: whether these files can be written. Raises UsageError; makes no file."""
    for path in paths:
        if path is None:
            continue
        folder = path.parent
        if not folder.is_dir():
            raise UsageError(f"{path} cannot be written: there is no folder {folder}", help="Choose another place.")
        if not os.access(path if path.exists() else folder, os.W_OK):
            raise UsageError(f"{path} cannot be written: Permission denied", help="Choose another place.")


def write_text(path: Path, text: str) -> None:
    """Write a report. Raises UsageError when the place cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", help="Choose another place.") from error


@contextmanager
def progress(enabled: bool) -> Iterator[Callable[[str, int], None]]:
    """A progress line on stderr while people are pulled; nothing when stderr is no terminal."""
    if not enabled or not sys.stderr.isatty():
        yield lambda _what, _count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,} people"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(what: str, count: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=None)
            bar.update(tasks[what], completed=count)

        yield tell


def rule_set(settings: Any, select: Sequence[str], ignore: Sequence[str]) -> Any:
    """The rules of a run with the settings of presend.toml. Raises UsageError for an unknown code or option."""
    from presend.registry import rules
    from presend.rules import RuleSet
    from presend.selection import select as choose

    known = rules()
    options = check_options(known, settings.file.checks)
    return RuleSet(choose(known, select, ignore), options)


def check_options(known: Sequence[Any], given: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """`[checks.<CODE>]` held against what each check takes: an unknown code, name or type is a usage error."""
    from presend.cli.ranges import out_of_range

    by_code = {rule.code: rule for rule in known}
    for code, options in given.items():
        rule = by_code.get(code)
        if rule is None:
            raise UsageError(f"[checks.{code}] names no check", help="`presend checks` lists them all.")
        for name, value in options.items():
            default = rule.options.get(name)
            if name not in rule.options:
                names = ", ".join(sorted(rule.options)) or "none"
                raise UsageError(f"[checks.{code}] has no setting {name!r}", help=f"{code} takes: {names}.")
            number = isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool)
            if type(value) is not type(default) and not number:
                raise UsageError(f"[checks.{code}] {name} {_must_be(default)}", help="Mend presend.toml.")
            if why := out_of_range(name, default, value):
                raise UsageError(f"[checks.{code}] {name} {why}, and is {value}", help="Correct presend.toml.")
    return given


def _must_be(default: Any) -> str:
    """What a check's setting must be, by its default, as TOML writes it."""
    match default:
        case bool():
            return "must be true or false, without quotes"
        case int():
            return f"must be a whole number without quotes, as in {default}"
        case float():
            return f"must be a number without quotes, as in {default}"
        case _:
            return 'must be a list, as in ["one", "two"]'


def account_config(settings: Any, account: Any) -> Any:
    """What a connector is given for one configured account. Raises UsageError where [facts] names what is no fact."""
    from presend.cli.mapped import checked
    from presend.ports import AccountConfig
    from presend.retry import Clock

    context = click.get_current_context(silent=True)
    return AccountConfig(
        name=account.name,
        platform=account.platform,
        key=account.key.get_secret_value(),
        base_url=account.base_url,
        deadline_seconds=settings.deadline_seconds,
        facts=checked(account.name, settings.file.facts.get(account.name, {})),
        defaults=settings.file.defaults.get(account.name, {}),
        hubspot_enterprise=account.hubspot_enterprise,
        clock=(context and context.find_object(Clock)) or Clock(),
    )


def chosen_accounts(settings: Any, names: Sequence[str] = (), platforms: Sequence[str] = ()) -> list[Any]:
    """The configured accounts that were asked for.

    Raises NothingSelected when none matches, UsageError where [facts] or [defaults] hold what is for none of them.
    """
    from presend.cli.mapped import all_checked

    found = [
        a
        for a in settings.accounts
        if (not names or a.name in names) and (not platforms or a.platform.value in platforms)
    ]
    if not settings.accounts:
        raise NothingSelected(
            "no account is configured",
            help="Set PRESEND_MAILCHIMP__API_KEY, PRESEND_KLAVIYO__API_KEY or PRESEND_HUBSPOT__ACCESS_TOKEN "
            "(see .env.example), or try `presend demo`.",
        )
    known = [a.name for a in settings.accounts]
    # A slip beside a right name would leave an account out without a word.
    strange = [name for name in names if name not in known]
    if not found or strange:
        near = get_close_matches(strange[0], known, n=1) if strange else []
        meant = f"; did you mean {near[0]}?" if near else ""
        called = f"called {' or '.join(map(repr, strange or names))}" if names else ""
        of = f"of {' or '.join(platforms)}" if platforms and not strange else ""
        what = " ".join(filter(None, (called, of)))
        raise NothingSelected(f"no configured account is {what}{meant}", help=f"Configured: {', '.join(known)}.")
    all_checked(settings)
    return found


def find_campaign(settings: Any, name: str) -> tuple[Any, str]:
    """The account and campaign id of `platform:id` or `account:id`. Raises UsageError or NothingSelected."""
    where, colon, campaign_id = name.partition(":")
    if not colon or not campaign_id:
        raise UsageError(
            f"{name!r} names no campaign", help="Write platform:id or account:id, for example klaviyo:01HX."
        )
    by_name = [a for a in settings.accounts if a.name == where]
    matches = by_name or [a for a in settings.accounts if a.platform.value == where]
    if len(matches) > 1:
        raise UsageError(
            f"{len(matches)} accounts of {where} are configured",
            help=f"Write the account's name instead: {', '.join(a.name for a in matches)}.",
        )
    if not matches:
        chosen_accounts(settings, [where])
    chosen_accounts(settings, [matches[0].name])
    return matches[0], campaign_id


def campaign_of(connector: Any, campaign_id: str) -> Any:
    """The campaign that was asked for by name. Raises NothingSelected where the platform has none of that id."""
    try:
        return connector.campaign(campaign_id)
    except Gone as error:
        raise NothingSelected(error.message, help=f"Check the id. {error.help}".strip()) from error


def platform_sentence(error: PlatformError) -> str:
    """An error of a platform in one line."""
    return f"{error.message}. {error.help}" if error.help else error.message
