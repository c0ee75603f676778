"""The deeds of the matrix: how each is brought about, and how the platform shows that it was done."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.gate import HOOK, TOKEN, Gate
from tests.e2e.accounts import Account
from tests.e2e.test_deeds_exclude import FIRST_NAME, mend, when, would_get
from tests.e2e.worlds import PLATFORMS

CAMPAIGN = {"mailchimp": "one", "klaviyo": "ONE", "hubspot": "1"}
BAD = 3
"""How many people lack what the campaign prints."""

SCAN = ("scan", "--apply", "--policy", "policy.toml", "--format", "json")
MEND = ("mend",)
"""No command: what is wrong with the people is put right."""

_NOTHING = {"hold": "never", "exclude": "never", "tag": "never", "comment": "never", "notify": "never"}
_LABELS = ("presend:TAG002", "presend:VAL001")


@dataclass(frozen=True)
class Scene:
    """One account with one campaign, and whoever is told."""

    account: Account
    gate: Gate

    @property
    def campaign(self) -> str:
        return CAMPAIGN[self.account.platform]

    @property
    def held(self) -> bool:
        """Whether it is a draft."""
        return self.account.held(self.campaign)

    def goes(self) -> Hashable:
        """Whom it reaches and when, if it is scheduled."""
        at = str(when(copy.deepcopy(self.account.schedule(self.campaign))))
        return (frozenset(would_get(self.account, self.campaign)), at)

    def marked(self) -> Hashable:
        """Who carries a mark of presend's."""
        return tuple(frozenset(self.account.marked(label)) for label in _LABELS)

    def noted(self) -> Hashable:
        """What is said on the campaign, and whether that is settled."""
        state: Any = self.account.state
        match self.account.platform:
            case "mailchimp":
                own = state.campaigns[self.campaign].feedback
                return tuple((n["message"], n["is_complete"]) for n in own if n["message"].startswith("presend"))
            case "klaviyo":
                tags = sorted(state.tags[one].name for one in state.campaigns[self.campaign].tags)
                return (*self.account.notes(self.campaign), *tags)
            case _:
                return tuple(self.account.notes(self.campaign))

    def hooked(self) -> Hashable:
        """How many notices the webhook got."""
        return len(self.gate.told.hook)

    def slacked(self) -> Hashable:
        """The messages that stand in Slack, without what was there before a change."""
        return tuple(len(texts) > 1 for texts in self.gate.told.messages.values())

    def schedule(self) -> Hashable:
        """All that decides whether, when and how it goes."""
        return repr(self.account.schedule(self.campaign))


@dataclass(frozen=True)
class Deed:
    """One row of the matrix: what is done first, the command in which it is killed, and what shows it."""

    name: str
    verb: str
    policy: dict[str, str]
    shows: Callable[[Scene], Hashable]
    telling: dict[str, str] = field(default_factory=dict)
    before: Sequence[Sequence[str]] = ()
    words: Sequence[str] = SCAN
    env: Callable[[str], dict[str, str]] = lambda _origin: {}
    once: bool = False
    """It cannot be repeated without harm: a notice."""
    platforms: Sequence[str] = PLATFORMS

    def policy_file(self) -> str:
        """As presend reads it."""
        # Only what the people lack leads to anything, whatever else of the campaign a check may find.
        lines = ["[policy]", *_lines({**_NOTHING, **self.telling}), "hold_irreversible = true"]
        return "\n".join([*lines, "[[policy.rule]]", 'codes = ["TAG", "VAL"]', *_lines(self.policy), ""])

    def command(self, platform: str) -> list[str]:
        """The words, with the campaign's name in them."""
        return [word.format(campaign=f"{platform}:{CAMPAIGN[platform]}") for word in self.words]


def _lines(values: dict[str, str]) -> list[str]:
    return [f'{name} = "{value}"' for name, value in values.items()]


def _hook(origin: str) -> dict[str, str]:
    return {"PRESEND_NOTIFY__URLS": f"{origin}{HOOK}", "PRESEND_NOTIFY__SECRET": "a-secret-of-no-use-at-all-0123456789"}


def _slack(origin: str) -> dict[str, str]:
    return {
        "PRESEND_SLACK__BOT_TOKEN": TOKEN,
        "PRESEND_SLACK__CHANNEL": "#marketing",
        "PRESEND_SLACK__BASE_URL": origin,
    }


_ONE = PLATFORMS[:1]
_TELL = {"notify": "medium"}

DEEDS = (
    Deed("leave out", "exclude", {"exclude": "high"}, Scene.goes),
    Deed("let in again", "exclude", {"exclude": "high"}, Scene.goes, before=(SCAN, MEND)),
    Deed("hold", "hold", {"hold": "high"}, Scene.schedule),
    Deed("release", "release", {"hold": "high"}, Scene.schedule, before=(SCAN,), words=("release", "{campaign}")),
    Deed("mark", "tag", {"tag": "high"}, Scene.marked),
    Deed("unmark", "untag", {"tag": "high"}, Scene.marked, before=(SCAN, MEND)),
    Deed("comment", "comment", {"comment": "high"}, Scene.noted),
    Deed("complete comment", "comment", {"comment": "high"}, Scene.noted, before=(SCAN, MEND)),
    Deed("tell a webhook", "notify", {}, Scene.hooked, telling=_TELL, env=_hook, once=True, platforms=_ONE),
    Deed("tell Slack", "notify", {}, Scene.slacked, telling=_TELL, env=_slack, once=True, platforms=_ONE),
    Deed(
        "change in Slack", "notify", {}, Scene.slacked, before=(SCAN, MEND), telling=_TELL, env=_slack, platforms=_ONE
    ),
)


def spoil(scene: Scene) -> None:
    """Take what the campaign prints away from some people."""
    account: Account = scene.account
    name, state = FIRST_NAME[account.platform], account.state
    match account.platform:
        case "mailchimp":
            for member in [m for each in state.lists.values() for m in each.members.values()][:BAD]:
                member.values[name] = ""
        case "klaviyo":
            for profile in list(state.profiles.values())[:BAD]:
                profile.attributes[name] = ""
        case _:
            for contact in list(state.contacts.values())[:BAD]:
                contact.set(name, " ", account.box.now)


def everyone(scene: Scene) -> set[str]:
    """Whoever may lack something."""
    state: Any = scene.account.state
    match scene.account.platform:
        case "mailchimp":
            return {m.id for each in state.lists.values() for m in each.members.values() if not m.values["FNAME"]}
        case "klaviyo":
            return {p.id for p in state.profiles.values() if not p.attributes["first_name"]}
        case _:
            return {c.id for c in state.contacts.values() if not str(c.value("firstname")).strip()}


def put_right(scene: Scene) -> None:
    """Give everybody what they lack."""
    mend(scene.account, everyone(scene))
