"""`presend lint TEMPLATE…`: templates on disk, with or without an audience file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from presend.cli.common import PLATFORMS, Moment, Wanted, note, progress, result_options, rule_set, stack, writable

_FILE = click.Path(path_type=Path, dir_okay=False)

template_options = stack(
    click.option("--audience", type=_FILE, help="The recipients: .csv, .jsonl or .parquet."),
    click.option("--fields", type=_FILE, help="The account's fields, as JSON; then any other name is unknown."),
    click.option("--subject", metavar="TEXT", help="The subject line's source."),
    click.option("--preview-text", metavar="TEXT", help="The preview text's source."),
    click.option("--from-name", metavar="TEXT", help="The sender's name, as source."),
    click.option("--text", type=_FILE, help="The plain-text part's source."),
    click.option("--send-at", type=Moment(), help="When it would be sent; ISO 8601 with an offset."),
)


@click.command("lint")
@click.argument("templates", nargs=-1, metavar="TEMPLATE...")
@click.option("--platform", required=True, type=click.Choice(PLATFORMS))
@template_options
@result_options
def command(templates: tuple[str, ...], platform: str, audience: Path | None, **options: Any) -> int:
    """Check each TEMPLATE (a file, a folder or a pattern) as PLATFORM would send it.

    A file that ends in .txt is the plain-text part, any other the html. With --audience, every recipient in the
    file is read; without, severity is as if somebody had no value. Exit codes: 0 clear, 1 findings, 2 a file that
    cannot be read, 3 no template matched, 4 incomplete (a broken row of the audience file, for example).
    """
    from importlib.metadata import version

    from presend.cli.run import Scope, deliver, request_of, thresholds
    from presend.lint import find, judged, prepared
    from presend.logs import configure
    from presend.report import Report
    from presend.settings import load

    setting = {name: options.pop(name) for name in PART_OPTIONS}
    wanted = Wanted.take(options)
    configure(wanted.verbose)
    settings = load(wanted.config, keys=False)
    rules = rule_set(settings, wanted.select, wanted.ignore)
    paths = find(templates)
    writable(wanted.output, wanted.report, wanted.recipients)
    started = _now()
    with progress(enabled=audience is not None) as tell:
        from dataclasses import replace

        request = replace(request_of(settings, wanted, rules, Scope(())), progress=tell)
        with prepared(paths, setting_of(platform, settings, **setting), audience, request) as bench:
            say(bench)
            report = Report(
                version=version("presend"),
                as_of=request.as_of,
                started=started,
                finished=_now(),
                campaigns=tuple(judged(bench, request)),
                failures=(),
                accounts=len(paths),
                thresholds=thresholds(wanted),
            )
            deliver(replace(report, finished=_now()), wanted)
    return int(report.exit_code)


PART_OPTIONS = ("fields", "subject", "preview_text", "from_name", "text", "send_at")
"""The options of `template_options` that say what is sent, besides the recipients."""


def setting_of(
    platform: str,
    settings: Any,
    *,
    fields: Path | None,
    subject: str | None,
    preview_text: str | None,
    from_name: str | None,
    text: Path | None,
    send_at: datetime | None,
) -> Any:
    """The options as `presend.lint` takes them. Raises UsageError when the fields cannot be read."""
    from presend.cli.mapped import checked, strangers
    from presend.lint import Given, Setting, fields_of
    from presend.model import Platform

    chosen = Platform(platform)
    for sentence in strangers(settings):
        note(f"note: {sentence}")
    return Setting(
        platform=chosen,
        given=Given(subject, preview_text, from_name, text, send_at),
        fields=None if fields is None else fields_of(fields, chosen),
        defaults=settings.file.defaults.get(platform, {}),
        facts=checked(platform, settings.file.facts.get(platform, {})),
    )


def say(bench: Any) -> None:
    """On stderr: what of the audience file was left out or is not sure, and what its headings were taken for."""
    for sentence in (*bench.remarks, *(sentence for _kind, _count, sentence in bench.notes)):
        note(f"note: {sentence}")


def _now() -> datetime:
    from datetime import UTC

    return datetime.now(UTC)
