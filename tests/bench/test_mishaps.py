"""The benchmark of precision and recall is the same each time, knows what it planted, and borrows no words."""

from __future__ import annotations

import contextlib
import importlib
import json
import pkgutil
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import bench.mishaps
from bench.mishaps import __main__ as command
from bench.mishaps import letters
from bench.mishaps.accounts import account
from bench.mishaps.cases import PLANTS, UNPLANTED, case, cases
from bench.mishaps.judging import judge
from bench.mishaps.labels import Case
from bench.mishaps.people import crowd
from bench.mishaps.places import CHANGES
from bench.mishaps.planting import Unfit
from bench.mishaps.scoring import Board, wilson
from presend.model import Confidence, Gap, Kind, Platform, State
from presend.registry import rules

ROOT = Path(__file__).resolve().parents[2]
SEED, CAMPAIGNS = 2026, 60
NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def drawn() -> list[Case]:
    return list(cases(SEED, CAMPAIGNS))


def test_the_same_seed_draws_the_same_campaigns(drawn):
    assert [case(SEED, number) for number in range(6)] == drawn[:6]


def test_another_seed_draws_others(drawn):
    assert [case(SEED + 1, n).campaign for n in range(5)] != [c.campaign for c in drawn[:5]]


def test_every_label_names_recipients_of_its_campaign(drawn):
    for one in drawn:
        everybody = frozenset(one.people.ids)
        for label in one.labels:
            # Nobody is in an empty segment.
            assert label.affected or not everybody, (one.name, label.fault)
            assert label.affected <= everybody, (one.name, label.fault)


def test_every_label_points_at_source_that_is_there(drawn):
    for one in drawn:
        for label in one.labels:
            assert any(label.needle in source for source in one.sources.values()), (one.name, label.fault, label.needle)


def test_whatever_a_label_leaves_open_has_a_reason(drawn):
    for one in drawn:
        for label in one.labels:
            opened = label.alternatives or label.also or label.or_affected or label.confidence is not Confidence.HIGH
            assert not opened or label.why, label.fault
            assert label.code not in label.also


def test_all_people_have_a_cell_in_every_column(drawn):
    for one in drawn:
        assert 200 <= len(one.people.ids) <= 2000 or "SEG004" in {label.code for label in one.labels}
        assert {len(cells) for cells in one.people.columns.values()} == {len(one.people.ids)}


def test_people_are_made_up(drawn):
    addresses = {cell for one in drawn for cell in one.people.columns["@email"] if cell}
    assert addresses
    assert all(re.search(r"@(?:mail\.)?example\.(?:com|org|net)\"$", address) for address in addresses)


def test_clean_campaigns_have_nothing_of_the_send_against_them(drawn):
    clean = [one for one in drawn if not one.labels]
    assert 0.25 * len(drawn) < len(clean) < 0.6 * len(drawn)
    for one in clean:
        send = one.campaign.schedule.send_at
        if one.campaign.ref.kind is Kind.AUTOMATION:
            assert isinstance(send, Gap)
            assert one.campaign.state is State.LIVE
            continue
        assert not isinstance(send, Gap)
        assert send > datetime.fromisoformat(one.as_of)
        assert one.campaign.state is State.SCHEDULED


def test_every_rule_is_planted_somewhere():
    found = set()
    for plant, _weight in PLANTS:
        for number in range(12):
            rng = random.Random(number)
            owner = account(tuple(Platform)[number % 3], rng)
            # Clocks that change need the eve of a change.
            now = CHANGES[1] - timedelta(hours=20) if number > 8 else NOW
            letter = letters.draft(owner, crowd(owner, rng, now, 20), rng, now, now)
            with contextlib.suppress(Unfit):
                found |= {label.code for label in plant(letter)}
                break
    codes = {rule.code for rule in rules()}
    assert found == codes - UNPLANTED
    assert codes >= UNPLANTED


def test_every_fault_has_its_own_function():
    assert len({plant for plant, _weight in PLANTS}) == len(PLANTS)


def test_a_planted_blank_is_found_with_its_people_and_its_clean_twin_is_not():
    draws = (case(SEED, number) for number in range(1, 3000, 3))
    one = next(c for c in draws if [label.code for label in c.labels] == ["TAG002"])
    assert one.campaign.ref.platform is Platform.KLAVIYO
    board = Board()
    board.add(judge(one))
    assert board.scores["TAG002"].exact == 1
    unlabelled = replace(one, labels=())
    assert judge(unlabelled).false_alarms()
    # Everybody gets a value: the same copy is no fault any more.
    full = {n: [c if c not in (None, '""') else '"Ada"' for c in cells] for n, cells in one.people.columns.items()}
    filled = replace(one, labels=(), people=replace(one.people, columns=full))
    assert not [f for f in judge(filled).false_alarms() if f.finding.code == "TAG002"]


def test_intervals_are_wilsons():
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(10, 10)
    assert (round(low, 4), high) == (0.7225, 1.0)
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_the_command_prints_a_table_or_json(capsys):
    assert command.main(["--seed", "5", "--campaigns", "4"]) == 0
    assert "notices per hundred clean campaigns" in capsys.readouterr().out
    assert command.main(["--seed", "5", "--campaigns", "4", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["campaigns"] == 4
    assert report["failed"] == []


def test_no_phrase_is_shared_with_the_lexicons_of_the_checks():
    """Whole entries of more than one word; single words are common, and so are the platforms' own tags."""
    files = [p for p in (ROOT / "checks").rglob("lexicons/**/*") if p.is_file() and p.suffix != ".py"]
    theirs = {_folded(entry) for file in files for entry in re.split(r"[\n,|\t\";]", file.read_text("utf-8"))}
    ours = {_folded(part) for text in _phrases() if not text.startswith("[") for part in (text, *text.split("|"))}
    shared = {entry for entry in ours & theirs if len(entry.split()) > 1}
    assert not shared


def test_the_phrases_of_every_family_are_looked_at():
    names = {path.stem for path in (ROOT / "bench/mishaps").glob("phrases_*.py")}
    assert len(names) > 10
    assert names <= {module.rpartition(".")[2] for module, _text in _told()}
    assert letters.GREETINGS[0][0] in _phrases()


def _phrases() -> set[str]:
    return {text for _module, text in _told()}


def _told() -> Iterator[tuple[str, str]]:
    """Module and text of every string in the lists of the families, of letters and of words."""
    for found in pkgutil.iter_modules(bench.mishaps.__path__, "bench.mishaps."):
        name = found.name.rpartition(".")[2]
        if not re.match(r"(?:phrases|faults|twins)_|letters$|words$", name):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if name.isupper():
                yield from ((found.name, text) for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for one in value.values():
                yield from _texts(one)
        case tuple() | list():
            for one in value:
                yield from _texts(one)


def _folded(entry: str) -> str:
    return " ".join(re.sub(r"\{\w*\}", "", entry).strip(" '\"-[]{},:!.").casefold().split())
