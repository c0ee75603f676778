"""A check that breaks: it is said to have failed, where in the code, with nobody's data; the others are still heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from presend.engine import Request, close, scan_account
from presend.mail import Mail
from presend.model import Hit, UncheckedKind
from presend.rules import RuleSet
from tests.checks.test_asked import NOW, RULES, Account


def broken(mail: Mail) -> Iterator[Hit]:
    raise ValueError(f"cannot make sense of ann@example.com in {mail.platform}")
    yield


def test_it_failed_and_the_rest_is_heard() -> None:
    rules = (replace(RULES["VAL001"], run=broken), RULES["TAG001"])
    results = list(scan_account(Account("<p>Hi {{ First_Name|default: 'there' }}</p>"), Request(NOW, RuleSet(rules))))  # type: ignore[arg-type]
    close(results)

    (result,) = results
    (failed,) = [one for one in result.unchecked if one.kind is UncheckedKind.FAILED]
    assert failed.code == "VAL001"
    assert "failed: ValueError in test_broken.py:" in failed.reason
    assert "ann@" not in failed.reason
    assert "TAG001" in {finding.code for finding in result.findings}
