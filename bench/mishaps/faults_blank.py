"""Faults that leave a hole: TAG002, TAG007 to TAG013 and VAL007."""

from __future__ import annotations

from dataclasses import replace

from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.planting import (
    LINES,
    Unfit,
    blank_more,
    claim,
    close,
    html_only,
    no_default,
    only,
    show,
    spoil,
    take,
    without,
    word,
)
from presend.model import Confidence, Platform

_NEEDS = "VAL007 tells the coverage of what the copy needs: the same hole, seen as data"
_UNREAD = "INTERFACE: a HubSpot token whose default cannot be read has medium confidence"


def _sure(draft: Draft) -> Confidence:
    return Confidence.MEDIUM if draft.platform is Platform.HUBSPOT else Confidence.HIGH


def no_fallback(draft: Draft) -> list[Label]:
    """TAG002: a bare token that is blank for some; half of them in a greeting (MISHAP_RATES)."""
    keys = ("first",) if draft.rng.random() < 0.6 else ("city", "company", "job", "pet", "car", "tier", "last")
    key = claim(draft, keys, unused=True)
    share = 1.0 if key != "first" and draft.rng.random() < 0.05 else draft.rng.uniform(0.01, 0.3)
    slot = no_default(draft, key)
    blank = blank_more(draft, key, share)
    token = draft.pen.bare(slot)
    place = draft.rng.random()
    if place < 0.2 and take(draft, "subject"):
        draft.subject = f"{token}, the kettle is on" if key == "first" else f"From the shelves, for {token}"
    elif 0.2 <= place < 0.3 and take(draft, "preview"):
        draft.preview = f"A note for {token} from the loft"
    else:
        show(draft, key, token)
    why = _NEEDS if draft.platform is not Platform.HUBSPOT else f"{_NEEDS}; {_UNREAD}"
    return [Label("TAG002", blank, slot.token, also=("VAL007",), confidence=_sure(draft), why=why, fault="no_fallback")]


def incomplete(draft: Draft) -> list[Label]:
    """VAL007: a field that most people lack (job titles: 60 % in a CRM), so that most read the fallback."""
    key = claim(draft, ("company", "job"), unused=True)
    slot = no_default(draft, key)
    blank = blank_more(draft, key, draft.rng.uniform(0.55, 0.8))
    if draft.platform is Platform.MAILCHIMP:
        # IF and ELSE would be two sentences by design; the field's own default is a fallback.
        slot = draft.account.slots[key] = replace(slot, default="the whole firm")
    show(draft, key, draft.pen.safe(slot, "the whole firm"))
    return [Label("VAL007", blank, slot.token, fault="incomplete")]


def empty_fallback(draft: Draft) -> list[Label]:
    """TAG007: `default:''`, a default of spaces, an empty token default, Mailchimp's inline default that is none."""
    key = claim(draft, ("first", "city", "pet"), unused=True)
    slot = no_default(draft, key)
    blank = blank_more(draft, key, draft.rng.uniform(0.02, 0.2))
    more: tuple[frozenset[str], ...] = ()
    if draft.platform is Platform.KLAVIYO:
        inner = draft.rng.choice(("''", "' '", '""'))
        token = f"{{{{ {slot.token}|default:{inner} }}}}"
    elif draft.platform is Platform.HUBSPOT:
        inner = draft.rng.choice(("''", '""', '" "'))
        token = f'{{{{ personalization_token("{slot.token}", {inner}) }}}}'
    else:
        inner = draft.rng.choice(("fallback:there", "friend", "default:you"))
        token = f"*|{slot.token}|{inner}|*" if ":" in inner else f"*|{slot.token}:{inner}|*"
        more = (draft.crowd.everyone(),)
    show(draft, key, token)
    open_codes = ("TAG001", "TAG003") if more else ()
    why = "catalogue row 6: undocumented in Mailchimp, so what it prints, and for whom, is open" if more else _NEEDS
    return [
        Label(
            "TAG007",
            blank,
            slot.token,
            open_codes,
            ("TAG002", "VAL007"),
            more,
            why=why,
            fault=f"empty_fallback {inner}",
        )
    ]


def prints_none(draft: Draft) -> list[Label]:
    """TAG008: an explicit null, a list or an object of a custom property, printed as Python writes it."""
    only(draft, Platform.KLAVIYO)
    if draft.rng.random() < 0.3:
        key = claim(draft, ("likes",))
        slot = draft.slot(key)
        draft.say(f"On the list under the window: {draft.pen.bare(slot)}.")
        return [Label("TAG008", draft.crowd.everyone(), draft.pen.bare(slot), fault="prints_none list")]
    key = claim(draft, ("pet", "car", "tier", "code"), unused=True)
    slot = draft.slot(key)
    rows = draft.crowd.pick(draft.rng, draft.rng.uniform(0.02, 0.3))
    value = draft.rng.choice((None, None, {"name": "Tofu", "since": 2019}, ["one", "two"]))
    draft.crowd.put(slot.column, rows, value)
    draft.say(LINES[key].format(draft.pen.bare(slot)))
    return [
        Label(
            "TAG008",
            draft.crowd.names(rows),
            slot.token,
            also=("VAL007",),
            why=_NEEDS,
            fault=f"prints_none {type(value).__name__}",
        )
    ]


def skipped(draft: Draft) -> list[Label]:
    """TAG009: an error that only rendering shows, so that the platform leaves people out."""
    only(draft, Platform.KLAVIYO, Platform.HUBSPOT)
    close(draft)
    everyone = draft.crowd.everyone()
    if draft.platform is Platform.KLAVIYO:
        slot = draft.slot("first")
        token = f"{{{{ {slot.token}|default:{draft.rng.choice(('there', 'friend', 'You'))} }}}}"
        draft.greeting = f"Hello {token},"
        return [
            Label(
                "TAG009",
                everyone,
                slot.token,
                ("TAG001",),
                ("TAG002",),
                why="2.6: parses, raises at render for everybody; TAG001 is what makes the platform skip people",
                fault="skipped unquoted default",
            )
        ]
    for n in range(11):
        draft.say(f'{{% set shelf{n} = crm_object("product", "sku={100 + n}") %}}Shelf {n}: {{{{ shelf{n}.name }}}}')
    return [
        Label(
            "TAG009",
            everyone,
            "crm_object",
            confidence=Confidence.MEDIUM,
            also=("TAG002", "TAG015"),
            why="3.2: two vendor pages on the limits do not reconcile",
            fault="skipped eleven calls",
        )
    ]


def event_data(draft: Draft) -> list[Label]:
    """TAG010: the data of an event, in a campaign that has none."""
    only(draft, Platform.KLAVIYO)
    token = draft.rng.choice(
        (
            "{{ event.ProductName }}",
            "{{ event.extra.line_items.0.title }}",
            "{{ event|lookup:'$value' }}",
            "{% for item in event.Items %}{{ item.Name }} {% endfor %}",
        )
    )
    draft.spoilt.add("event")
    draft.say(f"Left on the counter: {token}")
    why = "2.2: event data prints nothing in a campaign, so a blank or an unknown name is true as well"
    return [
        Label(
            "TAG010",
            draft.crowd.everyone(),
            token,
            also=("TAG002", "TAG003"),
            why=why,
            fault="event_data",
        )
    ]


def blank_part(draft: Draft) -> list[Label]:
    """TAG011: a whole subject, preview text or sender name that is nothing for some."""
    part = draft.rng.choice(("subject", "subject", "preview"))
    if part in draft.spoilt:
        raise Unfit
    key = claim(draft, ("headline",), unused=True)
    take(draft, part)
    slot = no_default(draft, key)
    blank = blank_more(draft, key, draft.rng.uniform(0.02, 0.3))
    token = draft.pen.bare(slot)
    if draft.platform is Platform.KLAVIYO and draft.rng.random() < 0.4:
        token = draft.pen.guarded(slot, f"Inside: {token}")
    if part == "subject":
        draft.subject = token
    else:
        draft.preview = token
    return [
        Label(
            "TAG011",
            blank,
            slot.token,
            also=("TAG002", "VAL007"),
            confidence=_sure(draft),
            why=f"the same blank seen as a token; {_UNREAD}",
            fault="blank_part",
        )
    ]


def blank_link(draft: Draft) -> list[Label]:
    """TAG012: a link whose target, or a parameter of it, is nothing for some."""
    html_only(draft)
    key = claim(draft, ("site", "code"), unused=True)
    slot = no_default(draft, key)
    blank = blank_more(draft, key, draft.rng.uniform(0.02, 0.3))
    token = draft.pen.bare(slot)
    url = token if key == "site" else f"https://www.example.org/till?voucher={token}"
    draft.blocks.append((f'<p><a class="b" href="{url}">Open the door</a></p>', "Open the door"))
    return [
        Label(
            "TAG012",
            blank,
            slot.token,
            also=("TAG002", "VAL007"),
            confidence=_sure(draft),
            why=f"the same blank seen as a token; {_UNREAD}",
            fault=f"blank_link {key}",
        )
    ]


def cut_link(draft: Draft) -> list[Label]:
    """TAG018: a value with a sign that ends the parameter that it is put into."""
    html_only(draft)
    key = claim(draft, ("code",), unused=True)
    slot = draft.slot(key)
    sign = draft.rng.choice("&#")
    who = spoil(draft, key, draft.rng.uniform(0.02, 0.3), lambda value, _rng: f"{value[:2]}{sign}{value[2:]}")
    url = f"https://www.example.org/till?voucher={draft.pen.bare(slot)}&amp;from=mail"
    draft.blocks.append((f'<p><a class="b" href="{url}">Open the till</a></p>', "Open the till"))
    return [
        Label(
            "TAG018",
            who,
            slot.token,
            also=("TAG012", "TAG002", "VAL007"),
            why="row 19 of the catalogue; who has no value reads a blank parameter",
            fault=f"cut_link {sign}",
        )
    ]


def never_matches(draft: Draft) -> list[Label]:
    """TAG013: a comparison with a value that everybody spells otherwise, or of text with a number."""
    pen = draft.pen
    if draft.rng.random() < 0.6 or draft.platform is Platform.HUBSPOT:
        key = claim(draft, ("tier",), unused=True)
        slot = draft.slot(key)
        padded = ("Gold ", " Gold") if draft.platform is Platform.KLAVIYO else ()
        wrong = draft.rng.choice(("gold", "GOLD", *padded))
        draft.say(pen.equals(slot, wrong, "The gallery is open to you.", "The shop is open."))
        rows = [r for r, v in enumerate(draft.crowd.columns[slot.column]) if v == "Gold"]
        return [
            Label(
                "TAG013",
                draft.crowd.names(rows),
                slot.token,
                or_affected=(draft.crowd.everyone(),),
                why="nobody gets the branch; whom it was meant for is those with the twin",
                fault="never_matches spelling",
            )
        ]
    key = claim(draft, ("points",), unused=True)
    slot = draft.slot(key)
    if draft.platform is Platform.MAILCHIMP:
        slot = replace(slot, type="text")
        draft.account.slots[key] = slot
        test = f"*|IF:{slot.token} > 500|*The ladder is yours.*|ELSE:|*Mind the ladder.*|END:IF|*"
    else:
        test = f"{{% if {slot.token} > 500 %}}The ladder is yours.{{% else %}}Mind the ladder.{{% endif %}}"
    column = draft.crowd.columns[slot.column]
    draft.crowd.columns[slot.column] = [str(v) for v in column]
    draft.say(test)
    mailchimp = draft.platform is Platform.MAILCHIMP
    # Mailchimp orders texts as texts, so that some come out right by luck; in Django text is above no number.
    said = [mailchimp and str(v) > "500" for v in column]
    over = draft.crowd.names(r for r, v in enumerate(column) if (int(v) > 500) != said[r])
    return [
        Label(
            "TAG013",
            over,
            slot.token,
            ("TAG015",),
            or_affected=(draft.crowd.everyone(),),
            why="catalogue rows 10 and 36: no such comparison can be relied on, also where it comes out right by luck",
            fault="never_matches type",
        )
    ]


def unreliable(draft: Draft) -> list[Label]:
    """TAG015: what the vendor documents as not working at this place."""
    everyone = draft.crowd.everyone()
    if draft.platform is Platform.KLAVIYO:
        raise Unfit
    if draft.platform is Platform.MAILCHIMP:
        key = claim(draft, ("first", "city"), unused=True)
        slot = no_default(draft, key)
        if draft.rng.random() < 0.6 and take(draft, "subject"):
            draft.subject = draft.pen.guarded(slot, f"{draft.pen.bare(slot)}: tea at four", "Tea at four")
        else:
            draft.from_name = f"{draft.from_name} for {draft.pen.bare(slot)}"
        blank = without(draft, key)
        why = "1.3: sources disagree on whether it works there; those without a value may read a blank"
        return [
            Label(
                "TAG015",
                everyone,
                slot.token,
                also=("TAG002", "VAL007"),
                or_affected=(blank,),
                why=why,
                fault="unreliable",
            )
        ]
    if draft.rng.random() < 0.6:
        key = claim(draft, ("first", "city"), unused=True)
        slot = no_default(draft, key)
        blank = blank_more(draft, key, draft.rng.uniform(0.02, 0.2))
        show(draft, key, f"{{{{ {slot.token}|default('{word(draft)}') }}}}")
        why = "3.2: filters do not work on tokens in email, so the fallback is none (catalogue row 54)"
        return [
            Label(
                "TAG015",
                everyone,
                slot.token,
                ("TAG007", "TAG002"),
                ("VAL007",),
                (blank,),
                Confidence.MEDIUM,
                f"{why}; but another page of the vendor shows a filter",
                fault="unreliable filter",
            )
        ]
    if any("{% if" in html for html, _text in draft.blocks):
        raise Unfit  # they would not work either
    key = claim(draft, ("tier", "city"), unused=True)
    draft.options = {"programmable": False}
    if "{% if" in draft.greeting:
        draft.greeting = "Hello,"
    value = {"tier": "Gold", "city": "Duluth"}[key]
    draft.say(draft.pen.equals(draft.slot(key), value, "Come by the back door.", "Come by the front door."))
    return [Label("TAG015", everyone, draft.slot(key).token, fault="unreliable condition")]
