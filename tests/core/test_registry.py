"""What is installed beside presend: a part that cannot be loaded is named, with why and what to do."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from presend import registry
from presend.errors import UsageError


def test_a_rule_book_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("house", "no_such_package_of_ours:rulebook", registry.CHECKS)
    monkeypatch.setattr(registry, "_points", lambda _group: {"house": broken})

    with pytest.raises(
        UsageError, match=r"the checks 'house' \(no_such_package_of_ours:rulebook\) cannot be loaded"
    ) as told:
        registry.rulebooks()

    assert "No module named 'no_such_package_of_ours'" in told.value.message
    assert "Install" in told.value.help


def test_a_rule_book_that_names_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("house", "json:no_rulebook", registry.CHECKS)
    monkeypatch.setattr(registry, "_points", lambda _group: {"house": broken})

    with pytest.raises(UsageError, match="cannot be loaded"):
        registry.rulebooks()
