"""Faults and hard negatives of CON001 to CON007."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bench.mishaps import phrases_consent as said
from bench.mishaps.footers import NOTHING, both, escaped, reason, without
from bench.mishaps.labels import Ids, Label
from bench.mishaps.letters import Draft
from bench.mishaps.people import ABSENT, day
from bench.mishaps.planting import Plant, Unfit, only
from bench.mishaps.trust import consent_dates
from presend.audience.schema import fact
from presend.model import Confidence, Platform


def _once(draft: Draft, what: str) -> None:
    if draft.closed or what in draft.spoilt:
        raise Unfit
    draft.spoilt.add(what)


_TAG: dict[Platform, str] = {
    Platform.MAILCHIMP: "*|UNSUB|*",
    Platform.KLAVIYO: "{% unsubscribe_link %}",
    Platform.HUBSPOT: "{{ unsubscribe_link }}",
}
_SEEN = "vendors' documents, row 41 and 5: the tag itself is wrong as well, and prints nothing or itself"


def no_link(draft: Draft) -> list[Label]:
    """CON001: the link to leave is gone, or only its words are left."""
    _once(draft, "leave")
    instead = NOTHING if draft.rng.random() < 0.5 else both(draft.phrase(said.UNLINKED))
    draft.foot = without(draft.foot, "leave", instead)
    return [Label("CON001", draft.crowd.everyone(), fault=f"no_link {'words' if instead[0] else 'nothing'}")]


def dead_link(draft: Draft) -> list[Label]:
    """CON001: the words are a link, but it leads nowhere."""
    _once(draft, "leave")
    target = draft.rng.choice(("#", "", "https://", "#unsubscribe", "javascript:void(0)"))
    words = draft.phrase(said.UNLINKED)
    draft.foot = without(draft.foot, "leave", (f'<a href="{target}" class="u">{escaped(words)}</a>', words))
    why = "a link that leads nowhere is one of copy that nobody finished as well"
    return [Label("CON001", draft.crowd.everyone(), also=("CPY002",), why=why, fault=f"dead_link {target!r}")]


def hidden_link(draft: Draft) -> list[Label]:
    """CON001: the link stands in an HTML comment, or in the plain text alone."""
    _once(draft, "leave")
    words = draft.phrase(said.UNLINKED)
    tag = _TAG[draft.platform]
    if draft.text_part and draft.rng.random() < 0.5:
        draft.foot = without(draft.foot, "leave", ("", f"{words} {tag}"))
        kind = "text alone"
    else:
        draft.foot = without(draft.foot, "leave", (f'<!-- <a href="{tag}">{escaped(words)}</a> -->', f"{words} {tag}"))
        kind = "comment"
    why = "the two parts are not alike any more; a link in a comment is written wrongly as well"
    also = ("TAG016", "TAG015", "TAG004")
    return [Label("CON001", draft.crowd.everyone(), also=also, why=why, fault=f"hidden_link {kind}")]


def wrong_tag(draft: Draft) -> list[Label]:
    """CON001: a tag that is none here: Klaviyo's in braces, or another platform's, brought with the template."""
    _once(draft, "leave")
    words = escaped(draft.phrase(said.UNLINKED))
    # HubSpot's spelling is the one in braces, which prints nothing in Klaviyo; Klaviyo's would stop a HubSpot letter.
    hub = draft.platform is Platform.HUBSPOT
    others = [Platform.MAILCHIMP] if hub else [one for one in _TAG if one is not draft.platform]
    tag = _TAG[draft.rng.choice(others)]
    draft.foot = without(draft.foot, "leave", (f'<a href="{tag}">{words}</a>', f"{words}: {tag}"))
    also = ("TAG001", "TAG002", "TAG003", "TAG004", "TAG005", "TAG009", "TAG010", "TAG011", "TAG012")
    return [Label("CON001", draft.crowd.everyone(), also=also, why=_SEEN, fault=f"wrong_tag {tag}")]


def link_for_some(draft: Draft) -> list[Label]:
    """CON001: the link stands in a branch that only some people get."""
    only(draft, Platform.KLAVIYO, Platform.HUBSPOT)
    if "tier" in draft.spoilt:
        raise Unfit
    _once(draft, "leave")
    draft.spoilt.add("tier")
    draft.crowd.taken.add("tier")
    slot = draft.slot("tier")
    words, tag = draft.rng.choice(said.LEAVE_WORDS), _TAG[draft.platform]
    html, text = f'<a href="{tag}">{escaped(words)}</a>', f"{words}: {tag}"
    draft.foot = without(
        draft.foot,
        "leave",
        (
            draft.pen.equals(slot, "Silver", html, "Thank you for reading."),
            draft.pen.equals(slot, "Silver", text, "Thank you for reading."),
        ),
    )
    column = draft.crowd.columns[slot.column]
    who = draft.crowd.names(row for row, value in enumerate(column) if value != "Silver")
    return [Label("CON001", who, column=slot.column, fault="link_for_some")]


def no_address(draft: Draft) -> list[Label]:
    """CON002: no postal address, or something else where it should stand."""
    _once(draft, "address")
    line = draft.phrase(said.NO_ADDRESSES).format(brand=draft.from_name)
    instead = NOTHING if draft.rng.random() < 0.3 else both(line)
    if instead[0] and draft.platform is not Platform.MAILCHIMP and draft.rng.random() < 0.3:
        name = "{{ organization.name }}" if draft.platform is Platform.KLAVIYO else "{{ site_settings.company_name }}"
        instead = (f"{name}<br>{instead[0]}", f"{name}\n{instead[1]}")
    draft.foot = without(draft.foot, "address", instead)
    kind = "words" if instead[0] else "nothing"
    if draft.platform is Platform.MAILCHIMP:
        why = "row 21: Mailchimp adds a footer with the address itself, so that what people read is open"
        return [
            Label("CON002", draft.crowd.everyone(), confidence=Confidence.MEDIUM, why=why, fault=f"no_address {kind}")
        ]
    return [Label("CON002", draft.crowd.everyone(), fault=f"no_address {kind}")]


def no_reason(draft: Draft) -> list[Label]:
    """CON005: no word on why one gets this."""
    _once(draft, "reason")
    instead = NOTHING if draft.rng.random() < 0.3 else both(draft.phrase(said.NO_REASONS))
    draft.foot = without(draft.foot, "reason", instead)
    kind = "words" if instead[0] else "nothing"
    abroad = not draft.english or any(words in draft.foot.leave[0] for words in said.LEAVE_ABROAD)
    why = (
        "a letter without a reason is low or info by its code: worth knowing, and no more; "
        "where it has words of another language nobody can be sure of all wordings of a reason"
    )
    sure = Confidence.MEDIUM if abroad else Confidence.HIGH
    return [
        Label("CON005", draft.crowd.everyone(), info=True, confidence=sure, why=why, fault=f"no_reason {kind}")
    ]


def opted_out(draft: Draft) -> list[Label]:
    """CON003: people whom the account knows to have said no, and whom the platform would mail all the same."""
    _once(draft, "consent")
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.005, 0.06))
    draft.crowd.put(fact("consent"), rows, "denied")
    return [Label("CON003", draft.crowd.names(rows), column=fact("consent"), fault="opted_out")]


def do_not_mail(draft: Draft) -> list[Label]:
    """CON003: a property of the account's own says that these may not be mailed; the platform knows nothing of it."""
    _once(draft, "consent")
    rows = set(draft.crowd.pick(draft.rng, draft.rng.uniform(0.005, 0.06)))
    no = draft.rng.choice((False, ABSENT))
    draft.crowd.columns[fact("suppressed")] = [row in rows or no for row in range(len(draft.crowd.ids))]
    return [Label("CON003", draft.crowd.names(rows), column=fact("suppressed"), fault="do_not_mail")]


def old_consent(draft: Draft) -> list[Label]:
    """CON006: consent of years ago, and not a sign of life since."""
    _once(draft, "activity")
    consent_dates(draft)
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.02, 0.22))
    draft.crowd.quiet(rows, draft.rng, 760, 1300)
    for row in rows:
        since = draft.now - timedelta(days=draft.rng.uniform(1320, 3600))
        draft.crowd.columns[fact("created_at")][row] = day(since)
        draft.crowd.columns[fact("consent_at")][row] = day(since)
    return [Label("CON006", draft.crowd.names(rows), column=fact("consent_at"), fault="old_consent")]


def old_consent_own_years(draft: Draft) -> list[Label]:
    """CON006: the account's owner holds consent for old after two years, and silence after one."""
    _once(draft, "activity")
    consent_dates(draft)
    draft.settings["CON006"] = {"consent_days": 730, "quiet_days": 365}
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.02, 0.22))
    draft.crowd.quiet(rows, draft.rng, 380, 600)
    for row in rows:
        since = draft.now - timedelta(days=draft.rng.uniform(760, 1000))
        draft.crowd.columns[fact("created_at")][row] = day(since)
        draft.crowd.columns[fact("consent_at")][row] = day(since)
    return [Label("CON006", draft.crowd.names(rows), column=fact("consent_at"), fault="old_consent own years")]


def too_young(draft: Draft) -> list[Label]:
    """CON007: an offer for grown-ups, to children and, in the United States, to people under 21."""
    _once(draft, "birthday")
    phrase = draft.phrase(said.GROWN_UP)
    draft.say(escaped(phrase), phrase)
    column = _birthdays(draft)
    lands = draft.crowd.columns[fact("country")]
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.01, 0.06))
    for row in rows:
        nearly = lands[row] == "US" and draft.rng.random() < 0.5
        column[row] = _born(draft, *((18.3, 20.7) if nearly else (9, 15.7)))
    children = _under(draft, 18)
    if not children:
        column[rows[0]] = _born(draft, 9, 15.7)
        children = _under(draft, 18)
    young = children | {one for one in _under(draft, 21) if lands[draft.crowd.ids.index(one)] == "US"}
    needle = escaped(phrase)
    why = "no document says which age holds in which country: 18 for all is open as well" if young != children else ""
    also = (children,) if why else ()
    return [Label("CON007", frozenset(young), needle, or_affected=also, why=why, fault="too_young")]


def _born(draft: Draft, least: float, most: float) -> str:
    return (draft.now - timedelta(days=365.25 * draft.rng.uniform(least, most))).strftime("%Y-%m-%d")


def _birthdays(draft: Draft) -> list[object]:
    """Everybody's birthday as they stated it: grown up, or not stated."""
    column = draft.crowd.columns.setdefault(fact("birthday"), [ABSENT] * len(draft.crowd.ids))
    for row, held in enumerate(column):
        if (held is ABSENT and draft.rng.random() < 0.8) or (isinstance(held, str) and _years(draft, held) < 23):
            column[row] = _born(draft, 23, 80)
    return column


def _years(draft: Draft, born: str) -> float:
    return (draft.now.replace(tzinfo=None) - datetime.fromisoformat(born)).days / 365.25


def _under(draft: Draft, age: int) -> Ids:
    column = draft.crowd.columns[fact("birthday")]
    return draft.crowd.names(r for r, held in enumerate(column) if isinstance(held, str) and _years(draft, held) < age)


PLANTS: tuple[tuple[Plant, int], ...] = (
    (no_link, 1),
    (dead_link, 1),
    (hidden_link, 1),
    (wrong_tag, 1),
    (link_for_some, 1),
    (no_address, 2),
    (no_reason, 2),
    (opted_out, 2),
    (do_not_mail, 1),
    (old_consent, 2),
    (old_consent_own_years, 1),
    (too_young, 2),
)
"""Faults with their weights."""


def _left_already(draft: Draft) -> bool:
    """People who have unsubscribed and whom the platform leaves out by itself."""
    if draft.crowd.withheld:
        return False
    draft.crowd.withheld = draft.rng.randint(5, 60)
    return True


def _consent_not_known(draft: Draft) -> bool:
    """Nobody wrote down whether these agreed; that is no refusal."""
    if "consent" in draft.spoilt:
        return False
    draft.spoilt.add("consent")
    draft.crowd.put(fact("consent"), draft.crowd.pick(draft.rng, draft.rng.uniform(0.05, 0.5)), "unknown")
    return True


def _asked_again(draft: Draft) -> bool:
    """Silent for two years, but they said yes again last year."""
    if "activity" in draft.spoilt:
        return False
    draft.spoilt.add("activity")
    consent_dates(draft)
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.02, 0.12))
    draft.crowd.quiet(rows, draft.rng, 750, 1000)
    for row in rows:
        again = draft.now - timedelta(days=draft.rng.uniform(60, 500))
        draft.crowd.columns[fact("consent_at")][row] = day(again)
    return True


def _old_but_lively(draft: Draft) -> bool:
    """Agreed ten years ago and have come in every month since."""
    if "activity" in draft.spoilt:
        return False
    consent_dates(draft)
    for row in draft.crowd.pick(draft.rng, 0.5):
        since = day(draft.now - timedelta(days=draft.rng.uniform(2500, 4000)))
        draft.crowd.columns[fact("consent_at")][row] = since
        draft.crowd.columns[fact("created_at")][row] = since
    return True


def _silent_not_long(draft: Draft) -> bool:
    """Came two years ago and have been silent since: neither is so old yet."""
    if "activity" in draft.spoilt:
        return False
    draft.spoilt.add("activity")
    consent_dates(draft)
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.05, 0.4))
    draft.crowd.quiet(rows, draft.rng, 420, 690)
    for row in rows:
        since = day(draft.now - timedelta(days=draft.rng.uniform(700, 1000)))
        draft.crowd.columns[fact("consent_at")][row] = since
        draft.crowd.columns[fact("created_at")][row] = since
    return True


def _reason_on_top(draft: Draft) -> bool:
    """Why one gets this stands above the letter, as many put it."""
    if "reason" in draft.spoilt or not draft.foot.reason[0]:
        return False
    draft.spoilt.add("reason")
    html, text = reason(draft.platform, draft.from_name, draft.rng, draft.phrase, deeds=False)
    draft.blocks.insert(0, (f'<p style="font-size:11px"><i>{html}</i></p>', text))
    draft.foot = without(draft.foot, "reason")
    return True


def _button_to_leave(draft: Draft) -> bool:
    """The link to leave is a picture, or stands in the letter and not below it."""
    if "leave" in draft.spoilt:
        return False
    draft.spoilt.add("leave")
    tag = _TAG[draft.platform]
    inside = draft.rng.choice(('<img src="https://www.example.org/leave.png" alt="Unsubscribe">', "<b>Leave</b>"))
    html, text = f'<a href="{tag}" target="_blank">{inside}</a>', f"Leave: {tag}"
    if draft.rng.random() < 0.5:
        draft.foot = without(draft.foot, "leave", (html, text))
    else:
        draft.foot = without(draft.foot, "leave")
        draft.say(html, text)
    return True


def _address_in_letter(draft: Draft) -> bool:
    """The postal address stands in the letter, as in a letterhead."""
    if "address" in draft.spoilt or draft.platform is Platform.HUBSPOT:
        return False
    draft.spoilt.add("address")
    line = draft.phrase(said.ADDRESSES).format(brand=draft.from_name)
    draft.blocks.insert(0, (f'<p align="right">{escaped(line)}</p>', line))
    draft.foot = without(draft.foot, "address")
    return True


def _same_words(draft: Draft) -> bool:
    """Ginger beer, high spirits, the port of Leith: for children as well, and some readers are."""
    if "birthday" in draft.spoilt:
        return False
    draft.spoilt.add("birthday")
    column = _birthdays(draft)
    for row in draft.crowd.pick(draft.rng, draft.rng.uniform(0.02, 0.2)):
        column[row] = _born(draft, 9, 17)
    phrase = draft.phrase(said.INNOCENT)
    draft.say(escaped(phrase), phrase)
    return True


def _all_grown_up(draft: Draft) -> bool:
    """A real offer of drink, to people who have all said that they are old enough."""
    if "birthday" in draft.spoilt:
        return False
    draft.spoilt.add("birthday")
    column = _birthdays(draft)
    for row, held in enumerate(column):
        if held is ABSENT:
            column[row] = _born(draft, 23, 80)
    phrase = draft.phrase(said.GROWN_UP)
    draft.say(escaped(phrase), phrase)
    return True


TRICKS: tuple[Callable[[Draft], bool], ...] = (
    _left_already,
    _consent_not_known,
    _asked_again,
    _old_but_lively,
    _silent_not_long,
    _reason_on_top,
    _button_to_leave,
    _address_in_letter,
    _same_words,
    _all_grown_up,
)
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""
