"""docs/facts.md says of every fact where each platform keeps it, in the words of the connectors themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from presend.audience.schema import DEAR, FACTS, NAMED
from presend.cli.facts import DATED
from presend_connectors.hubspot import sources as hubspot
from presend_connectors.klaviyo import sources as klaviyo
from presend_connectors.mailchimp import sources as mailchimp
from tests.house.tree import rows, section

PLATFORMS: Mapping[str, Mapping[str, str]] = {
    "Mailchimp": mailchimp.SOURCES,
    "Klaviyo": klaviyo.SOURCES,
    "HubSpot": hubspot.SOURCES,
}
ASKED = "where a check asks for it"


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "facts.md").read_text()


@pytest.fixture(scope="module")
def table(page: str) -> list[list[str]]:
    return rows(section(page, "Where each comes from"))


def test_every_fact_stands_there_once_and_in_order(table: list[list[str]]) -> None:
    assert [cells[0].strip("`") for cells in table] == [*FACTS, DATED]
    assert [cells[0] for cells in table if len(cells) != 2 + len(PLATFORMS) or not cells[1]] == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_page_says_what_the_connector_says(platform: str, table: list[list[str]]) -> None:
    place = 2 + list(PLATFORMS).index(platform)
    told = {cells[0].strip("`"): cells[place] for cells in table}
    assert told == {name: PLATFORMS[platform].get(name, "not told") for name in (*FACTS, DATED)}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_connectors_speak_of_facts_alone_and_only_dear_ones_wait_to_be_asked_for(platform: str) -> None:
    assert set(PLATFORMS[platform]) <= {*FACTS, DATED}
    assert {name for name, where in PLATFORMS[platform].items() if where.endswith(ASKED)} <= DEAR


def test_names_that_need_no_mapping_are_all_there(page: str) -> None:
    listed = set(re.findall(r"`([^`]+)`", section(page, "A property of your own").partition("need no mapping")[2]))
    assert set(NAMED) <= listed


def test_other_pages_lead_there(root: Path) -> None:
    assert "(facts.md)" in (root / "docs" / "settings.md").read_text()
    assert "(docs/facts.md)" in (root / "README.md").read_text()
