"""`presend hold` and `presend release`: under every behaviour that the platforms' documentation leaves open."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

import presend_sandbox.hubspot
import presend_sandbox.klaviyo
import presend_sandbox.mailchimp  # noqa: F401 - importing a platform registers its switches
from presend.model import DeedState
from presend_sandbox import Sandbox
from presend_sandbox.switches import registered
from tests.e2e.accounts import ACCOUNTS, FAULTY, Account, log_of
from tests.e2e.worlds import PLATFORMS, Here, Outcome

VARIED = {
    "mailchimp": ["mc-warp", "mc-split"],
    "klaviyo": ["01LARKTWOSTEP", "01LARKABTEST", "01LARKPLANT", "01LARKEMPTYDEFAULT", "01LARKWRONGCASE"],
    "hubspot": ["190033", "190040"],
}
"""Campaigns of other kinds: two messages, A/B tests, local time, throttled, times picked by the platform."""


@contextmanager
def opened(platform: str, switches: dict[str, str] | None = None) -> Iterator[Account]:
    with Sandbox(world="mishaps", only=[platform], switches=switches) as box:
        yield ACCOUNTS[platform](box)


def state_of(done: Outcome) -> DeedState:
    """The state that the sentence on stdout names."""
    found = re.search(rf"\): ({'|'.join(DeedState)})\.", done.out.replace("left alone", "left_alone"))
    assert found, done.out
    return DeedState(found[1])


@pytest.mark.parametrize(("platform", "campaign"), [(p, c) for p in PLATFORMS for c in (FAULTY[p], *VARIED[p])])
def test_held_and_put_back(platform: str, campaign: str, here: Here) -> None:
    with opened(platform) as account:
        name = f"{platform}:{campaign}"
        before = copy.deepcopy(account.schedules_now())

        planned = here(account, "hold", name, "--dry-run")
        assert (planned.code, state_of(planned)) == (0, DeedState.PLANNED)
        assert account.schedules_now() == before
        assert log_of(account) == []

        held = here(account, "hold", name)
        assert (held.code, state_of(held)) == (0, DeedState.DONE), held.err
        assert account.held(campaign)
        others = {each: was for each, was in before.items() if each != campaign}
        assert {each: account.schedule(each) for each in others} == others
        calls = [found[1] for each in log_of(account) if (found := account.holds.fullmatch(str(each)))]
        assert sorted(calls) == sorted(account.parts(campaign))

        back = here(account, "release", name)
        assert (back.code, state_of(back)) == (0, DeedState.DONE), back.out
        if "cannot be put back exactly" not in held.err or platform == "hubspot":
            assert account.schedule(campaign) == before[campaign]
        assert not account.held(campaign)

        again = here(account, "release", name)
        assert again.code == 3
        assert f"presend has not held {name}, or has put it back already" in again.err


def _answers(platform: str) -> list[tuple[str, str]]:
    return [
        (switch.name, word)
        for switch in registered()
        if switch.name.startswith(platform)
        for word in switch.allowed[1:]
    ]


ABOUT_IDS_OR_PAGES = ("page", "last_page", "rate_limits", "overload", "history", "smart_fields", "segments")

OPEN = [
    (platform, name, word)
    for platform in PLATFORMS
    for name, word in _answers(platform)
    if not any(part in name for part in ABOUT_IDS_OR_PAGES)
]
"""Every answer but the default to every open question that a hold or a release may meet."""


@pytest.mark.parametrize(("platform", "switch", "word"), OPEN)
def test_done_is_only_said_when_it_is_so(platform: str, switch: str, word: str, here: Here) -> None:
    campaign = FAULTY[platform]
    with opened(platform, {switch: word}) as account:
        before = copy.deepcopy(account.schedule(campaign))
        held = here(account, "hold", f"{platform}:{campaign}")

        assert (state_of(held) is DeedState.DONE) == account.held(campaign)
        assert held.code == (0 if account.held(campaign) else 5)
        if not account.held(campaign):
            assert state_of(held) in (DeedState.UNKNOWN, DeedState.FAILED)
            assert account.schedule(campaign) == before
            return

        back = here(account, "release", f"{platform}:{campaign}")
        assert (state_of(back) is DeedState.DONE) == (not account.held(campaign))
        assert back.code == (0 if state_of(back) is DeedState.DONE else 5)
        if state_of(back) is DeedState.DONE:
            after = account.schedule(campaign)
            assert _without(after, "isPublished") == _without(before, "isPublished")


def _without(schedule: dict[str, Any], name: str) -> dict[str, Any]:
    """The schedule without a flag that says nothing of when or to whom it goes."""
    return {k: _without(v, name) if isinstance(v, dict) else v for k, v in schedule.items() if k != name}


@pytest.mark.parametrize(
    ("platform", "switches"),
    [
        ("mailchimp", {"mailchimp.unschedule_too_late": "400"}),
        ("mailchimp", {"mailchimp.unschedule_too_late": "403"}),
        ("klaviyo", {"klaviyo.revert_about_to_send": "refused"}),
        ("klaviyo", {"klaviyo.revert_about_to_send": "refused", "klaviyo.late_error": "400"}),
        ("klaviyo", {"klaviyo.revert_about_to_send": "no_effect"}),
        ("hubspot", {"hubspot.too_late": "400"}),
        ("hubspot", {"hubspot.too_late": "204"}),
    ],
    ids=str,
)
def test_too_late_is_said(platform: str, switches: dict[str, str], here: Here) -> None:
    """With a minute left on Klaviyo, and after its time on the others, nobody is told that it is held."""
    campaign = FAULTY[platform]
    with opened(platform, switches) as account:
        left = timedelta(minutes=5) if platform == "klaviyo" else timedelta(minutes=-1)
        account.due(campaign, account.box.now + left)
        held = here(account, "hold", f"{platform}:{campaign}")

        assert held.code == 5
        assert state_of(held) in (DeedState.FAILED, DeedState.UNKNOWN, DeedState.CANNOT)
        assert not account.held(campaign)


def test_an_account_that_may_not_hold_says_so(here: Here) -> None:
    with opened("hubspot") as account:
        account.state.settings.enterprise = account.state.settings.transactional_addon = False
        held = here(account, "hold", f"hubspot:{FAULTY['hubspot']}")

        assert (held.code, state_of(held)) == (5, DeedState.FAILED)
        assert "it will go out" in held.out
        assert "Enterprise" in held.out
        assert not account.held(FAULTY["hubspot"])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_not_there_or_not_scheduled_is_said(platform: str, here: Here) -> None:
    with opened(platform) as account:
        missing = here(account, "hold", f"{platform}:nothere1")
        draft = next(each for each in account.ids if account.held(each))
        not_scheduled = here(account, "hold", f"{platform}:{draft}")
        never_held = here(account, "release", f"{platform}:{FAULTY[platform]}")

        assert missing.code == 3
        assert "Traceback" not in missing.err
        assert (not_scheduled.code, state_of(not_scheduled)) == (5, DeedState.CANNOT)
        assert "not scheduled" in not_scheduled.out
        assert never_held.code == 3
        assert log_of(account) == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_at_another_time(platform: str, here: Here) -> None:
    campaign = FAULTY[platform]
    with opened(platform) as account:
        at = (account.box.now + timedelta(days=3)).replace(hour=10, minute=30, second=0, microsecond=0)
        assert here(account, "hold", f"{platform}:{campaign}").code == 0

        past = here(account, "release", f"{platform}:{campaign}", "--at", "2020-01-01T10:00:00Z")
        assert (past.code, "has passed" in past.err) == (2, True)
        assert account.held(campaign)

        back = here(account, "release", f"{platform}:{campaign}", "--at", at.isoformat())
        assert (back.code, state_of(back)) == (0, DeedState.DONE), back.out
        assert at.strftime("%Y-%m-%d %H:%M") in str(account.schedule(campaign)).replace("T", " ").replace(
            f"datetime.datetime({at.year}, {at.month}, {at.day}, {at.hour}, {at.minute}", f"{at:%Y-%m-%d %H:%M}"
        )
