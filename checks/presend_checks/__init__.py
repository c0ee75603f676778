"""The rule book that comes with presend: every check of every family, found by looking for their files."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from presend.check import Rule, Rulebook
from presend_checks.claims._judged import ledger


def _rules() -> Iterator[Rule]:
    """The rules of all modules below this package; a module whose name starts with an underscore holds none."""
    for info in pkgutil.walk_packages(__path__, prefix=f"{__name__}."):
        if info.ispkg or info.name.rpartition(".")[2].startswith("_"):
            continue
        found = vars(import_module(info.name)).values()
        yield from (value for value in found if isinstance(value, Rule) and value.module == info.name)


rulebook = Rulebook("core", tuple(sorted(_rules(), key=lambda rule: rule.code)), ledger)
"""What the entry point `presend.checks` names."""

__all__ = ["rulebook"]
