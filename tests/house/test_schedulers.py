"""The examples for schedulers parse, and call presend with options that it has."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from presend.cli import COMMANDS, cli

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
FIELD = re.compile(r"(\*|\d+(-\d+)?)(/\d+)?(,(\*|\d+(-\d+)?)(/\d+)?)*")


def calls(text: str) -> list[list[str]]:
    """Every call of presend in some shell text, as words."""
    found = []
    for piece in re.split(r"&&|\|\||;|2>>", text):
        words = shlex.split(piece, comments=True)
        if words and words[0].endswith("presend"):
            found.append(words[1:])
    return found


def texts() -> dict[str, str]:
    """Where each example calls presend."""
    units = configparser.ConfigParser(interpolation=None, strict=False)
    units.optionxform = str  # type: ignore[assignment,method-assign]
    units.read(EXAMPLES / "presend.service")
    cron = [line.split(maxsplit=5)[5] for line in jobs()]
    actions = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text())
    steps = [s["run"] for job in actions["jobs"].values() for s in job["steps"] if "run" in s]
    kube = yaml.safe_load((EXAMPLES / "kubernetes.yaml").read_text())
    pod = kube["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return {
        "crontab": "\n; ".join(cron),
        "presend.service": units["Service"]["ExecStart"],
        "github-actions.yml": " ; ".join(steps),
        "kubernetes.yaml": pod["containers"][0]["command"][-1],
    }


def jobs() -> list[str]:
    """The lines of the crontab that start something."""
    lines = (EXAMPLES / "crontab").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#") and not re.match(r"\w+=", line)]


@pytest.mark.parametrize("name", ["crontab", "presend.service", "github-actions.yml", "kubernetes.yaml"])
def test_presend_has_the_options_it_is_called_with(name: str) -> None:
    found = calls(texts()[name])

    assert found
    for command, *words in found:
        assert command in COMMANDS
        parsed = cli.get_command(click.Context(cli), command)
        assert parsed is not None
        parsed.make_context(command, list(words), resilient_parsing=True).close()
        options = {name for param in parsed.params for name in param.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_the_crontab_has_five_fields_and_no_bare_percent() -> None:
    for line in jobs():
        fields = line.split(maxsplit=5)
        assert all(FIELD.fullmatch(field) for field in fields[:5]), line
        assert "%" not in line


def test_the_timer_starts_the_service() -> None:
    timer = configparser.ConfigParser(interpolation=None)
    timer.read(EXAMPLES / "presend.timer")

    assert re.fullmatch(r"\*:0/\d+", timer["Timer"]["OnCalendar"])
    assert (EXAMPLES / "presend.service").exists()


def test_kubernetes_never_runs_two_at_once() -> None:
    kube = yaml.safe_load((EXAMPLES / "kubernetes.yaml").read_text())

    assert (kube["apiVersion"], kube["kind"]) == ("batch/v1", "CronJob")
    assert kube["spec"]["concurrencyPolicy"] == "Forbid"
    assert all(FIELD.fullmatch(field) for field in kube["spec"]["schedule"].split())
    assert kube["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0
