"""What whole commands tell: an overlap of two runs, and a saved plan that is applied twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from presend.cli.applying import apply_file
from presend.cli.common import Wanted
from presend.cli.run import Scope, run
from presend.exitcodes import ExitCode
from presend.model import State
from presend.report import Report
from presend.rules import RuleSet
from presend.settings import Settings, load
from presend.store.locks import account_lock
from tests.deeds.fakes import NOW, FakeConnector, campaign
from tests.deeds.test_applying import text
from tests.notify.server import Service, running


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with running() as made:
        monkeypatch.setenv("PRESEND_NOTIFY__URLS", f"{made.url}/all")
        monkeypatch.setenv("PRESEND_NOTIFY__SECRET", "s")
        yield made


@pytest.fixture
def settings(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """An account `acme` of Klaviyo."""
    monkeypatch.chdir(tmp_path)
    Path("presend.toml").write_text('[[accounts]]\nname = "acme"\nplatform = "klaviyo"\nkey = "env:ACME"\n')
    monkeypatch.setenv("ACME", "pk_x")
    monkeypatch.setenv("PRESEND_STATE_DIR", str(tmp_path / "state"))
    return load(None)


def test_an_account_that_another_run_is_at_work_on_is_said_and_told_to_nobody(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    wanted = Wanted("table", None, None, None, "high", "high", (), (), NOW, False, None, 0)
    seen: list[Report] = []

    def after(report: Report, _connectors: Any) -> Report:
        seen.append(report)
        return report

    with account_lock(settings, "acme"):
        code = run(settings, wanted, RuleSet(()), Scope(settings.accounts), after=after)

    assert code is ExitCode.INCOMPLETE
    assert "is at work on account acme. Wait for it to end" in capfd.readouterr().err
    assert [failure.busy for failure in seen[0].failures] == [True]


@pytest.fixture
def world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FakeConnector:
    """The platform of a saved plan that is due long from now."""
    connector = FakeConnector(campaign(url="https://example.com/c1"))
    Path("plan.json").write_text(text())
    monkeypatch.setattr("presend.cli.applying._now", lambda: NOW + timedelta(minutes=1))
    monkeypatch.setattr("presend.cli.applying.connecting", lambda _settings, _stack: lambda _name: connector)
    return connector


def applied() -> ExitCode:
    return apply_file(Path("plan.json"), policy_file=None, form="table", config=None)


@pytest.mark.parametrize("revision", ["r1", "r2"], ids=["as it was", "changed by it"])
def test_a_plan_applied_twice_is_told_once_with_name_and_time(
    world: FakeConnector, service: Service, revision: str
) -> None:
    assert applied() is ExitCode.CLEAR
    (got,) = service.got
    (told,) = got.body["campaigns"]
    service.got.clear()
    world.held["c1"] = replace(world.held["c1"], revision=revision)

    assert (told["name"], told["url"]) == ("klaviyo: Campaign 1", "https://example.com/c1")
    assert told["stoppable_until"] == "2026-11-20T14:40:00+00:00"
    assert [line["text"] for line in told["lines"]] == ["hold: done, for TAG003"]
    assert applied() is ExitCode.CLEAR
    assert service.got == []


def test_a_plan_that_comes_too_late_for_an_edit_is_told(world: FakeConnector, service: Service) -> None:
    world.held["c1"] = replace(world.held["c1"], revision="r2")

    applied()

    (told,) = service.got[0].body["campaigns"]
    assert told["name"] == "klaviyo: Campaign 1"
    assert [line["text"] for line in told["lines"]] == ["hold: left alone, for TAG003"]


def test_a_draft_that_a_person_made_of_it_needs_no_telling(world: FakeConnector, service: Service) -> None:
    world.held["c1"] = replace(world.held["c1"], revision="r2", state=State.DRAFT)

    applied()

    assert service.got == []
