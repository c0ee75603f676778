"""What the end-to-end tests share: the command run in this process, where starting one would take too long."""

from __future__ import annotations

import pytest

from presend.cli import main
from tests.e2e.accounts import Account
from tests.e2e.worlds import Here, Outcome


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """The command in this process, against an imitated account, with further settings by name."""

    def call(account: Account, *words: str, **env: str) -> Outcome:
        for name, value in {**account.box.env(), **env}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Outcome(ended.value.code, said.out, said.err)

    return call
