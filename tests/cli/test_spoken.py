"""What people say by hand and cannot mean: a fingerprint that is none, a time that has passed; and taking it back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presend.settings import load
from presend.store.database import opened
from presend.store.oversight import Acks
from tests.cli.conftest import Presend

PRINT = "0123456789abcdef"
WORDS = ("--until", "2099-01-01", "--reason", "so agreed", "--by", "ann")


@pytest.mark.parametrize("word", ["zzz", "abc", PRINT.upper(), f"{PRINT}0", "0123456789abcdeg"])
def test_what_is_no_fingerprint_is_refused(presend: Presend, word: str) -> None:
    done = presend("ack", word, *WORDS)

    assert (done.code, done.out) == (2, "")
    assert f"{word!r} is no fingerprint" in done.err


def test_an_acknowledgement_says_which_word_it_lacks(presend: Presend) -> None:
    done = presend("ack", PRINT, "--by", "ann")

    assert done.code == 2
    assert "takes --until, --reason" in done.err


def test_somebody_accepts_and_nobody_does_not(presend: Presend) -> None:
    nobody = presend("ack", PRINT, "--until", "2099-01-01", "--reason", "so agreed", "--by", " ")

    assert (nobody.code, nobody.out) == (2, "")
    assert "--by is empty" in nobody.err


def test_an_acknowledgement_is_taken_back(presend: Presend) -> None:
    until = datetime(2099, 1, 2, tzinfo=UTC)
    other = "fedcba9876543210"
    with opened(load()) as engine:
        for each in (PRINT, PRINT, other):
            Acks(engine).put(each, "ann", "so agreed", until, None, datetime(2026, 11, 22, tzinfo=UTC))

    gone, again = presend("ack", PRINT, "--remove"), presend("ack", PRINT, "--remove")

    assert gone.out == f"{PRINT} is accepted no longer; it was until 2099-01-02 00:00 UTC, by ann.\n"
    assert (gone.code, again.code) == (0, 3)
    with opened(load()) as engine:
        assert set(Acks(engine).active(datetime(2026, 11, 22, tzinfo=UTC))) == {other}


def test_the_help_of_a_baseline_says_what_it_does(presend: Presend) -> None:
    commands, baseline = (" ".join(presend(*words).out.split()) for words in (("--help",), ("baseline", "--help")))

    assert "baseline Accept all of today's findings of an account, so that only new ones count. history" in commands
    assert "accept all of today's findings (its baseline), so that only new ones count" in baseline


def test_a_release_to_a_time_that_has_passed_is_refused_at_once(presend: Presend) -> None:
    done = presend("release", "mailchimp:abc", "--at", "2020-01-01T09:00:00Z")

    assert done.code == 2
    assert "--at 2020-01-01 09:00 UTC has passed" in done.err
