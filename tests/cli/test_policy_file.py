"""A policy that cannot be right: said in our own words, or asked after where it may be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from presend.cli.deeds import load_policy, too_few, unmatched
from presend.errors import SettingsError, UsageError
from presend.model import Platform
from presend.settings import Account, Approval, FileSettings, Person, PolicyRule, PolicySettings, Settings, load


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hald = 'high'", r"\[policy\] has no key 'hald'; did you mean hold\? There are: approval, "),
        ("hold_irreversible = 'yes'", r"\[policy\] hold_irreversible must be true or false"),
        ("[[policy.rule]]\nowner = 7", r"\[\[policy.rule\]\] number 1, owner must be a text in quotes"),
        ("[policy.approval]\npeople = 0", r"\[policy.approval\] people must be at least 1"),
    ],
)
def test_what_is_wrong_with_a_policy_file(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(f"[policy]\n{text}\n")

    with pytest.raises(SettingsError, match=says) as caught:
        load_policy(load(), path)

    assert "docs/settings.md" in caught.value.help


def test_a_policy_file_that_is_no_toml_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[policy]\nhold = \n")

    with pytest.raises(SettingsError, match=r"not valid TOML: .*line 2") as caught:
        load_policy(load(), path)

    assert caught.value.help == "Correct the file at that line."


def settings(tmp_path: Path, *names: str) -> Settings:
    accounts = tuple(Account(name=name, platform=Platform.KLAVIYO, key=SecretStr("k")) for name in names)
    return Settings(accounts=accounts, state_dir=tmp_path)


def test_a_pattern_of_accounts_that_fits_none_is_told(tmp_path: Path) -> None:
    rules = (PolicyRule(accounts=("acme-*", "nosuch")), PolicyRule(accounts=("nosuch", "shop")))
    policy = PolicySettings(rule=rules, approval=Approval(accounts=("ac?e", "acme-uk")))

    assert unmatched(settings(tmp_path, "acme-uk", "shop"), policy) == ["ac?e", "nosuch"]


def test_patterns_that_fit_are_not(tmp_path: Path) -> None:
    policy = PolicySettings(rule=(PolicyRule(accounts=("acme-*", "*")), PolicyRule(codes=("CLM",))))

    assert unmatched(settings(tmp_path, "acme-uk"), policy) == []


@pytest.mark.parametrize(
    ("approval", "people", "says"),
    [
        (Approval(recipients=10, people=2), 1, "asks for 2 people, and [people] has 1: no campaign can be approved so"),
        (Approval(severity="high"), 0, "asks for somebody, and [people] has nobody"),
        (Approval(recipients=10, people=2), 2, ""),
        (Approval(people=2), 1, ""),
    ],
)
def test_an_approval_that_nobody_can_give_is_told(tmp_path: Path, approval: Approval, people: int, says: str) -> None:
    file = FileSettings(people={f"p{number}": Person(klaviyo="1") for number in range(people)})
    configured = settings(tmp_path, "acme-uk").model_copy(update={"file": file})

    said = too_few(configured, PolicySettings(approval=approval))

    assert says in said
    assert bool(said) is bool(says)


def test_an_empty_word_for_a_code_is_no_word_for_all() -> None:
    with pytest.raises(UsageError, match="'', which is no check and no family"):
        load_policy(load().model_copy(update={"file": FileSettings(policy=PolicySettings(tag_codes=("",)))}), None)
