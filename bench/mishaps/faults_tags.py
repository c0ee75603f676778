"""Faults in what is written: TAG001, TAG003 to TAG006, TAG014, TAG016 and TAG017."""

from __future__ import annotations

from bench.mishaps.labels import Label
from bench.mishaps.letters import GREETINGS, Draft
from bench.mishaps.planting import LINES, Unfit, claim, close, html_only, no_default, only, show, take, without, word
from presend.model import Confidence, Platform

_SKIPS = "2.5: whom a syntax error would reach is skipped at send, so both codes name it"


def syntax(draft: Draft) -> list[Label]:
    """TAG001: what the platform's own parser refuses."""
    close(draft)
    first, tier = draft.slot("first"), draft.slot("tier")
    say = "The back room is open."
    match draft.platform:
        case Platform.MAILCHIMP:
            wrong = draft.rng.choice(
                (
                    f"*|IF:{tier.token}=Gold|*{say}",
                    f"*|IF:{tier.token}=Gold|*{say}*|ELSE|*Closed.*|END:IF|*",
                    f"*|IF:{tier.token}=Gold|*{say}*|ENDIF|*",
                    f"*|IF:{tier.token}=Gold|*{say}*|END:IF:|*",
                    f"*|IF:{tier.token} AND {first.token}|*{say}*|END:IF|*",
                    f"{say}*|END:IF|*",
                    f"*|INTERESTED:Interests:Teas|*{say}",
                )
            )
        case Platform.KLAVIYO:
            inner = tier.token
            wrong = draft.rng.choice(
                (
                    f"{{{{ {first.token}|default: 'you' }}}}",
                    f"{{% if {inner} == 'Gold' %}}{say}",
                    f"{{% if {inner} == 'Gold' %}}{say}{{% elsif {inner} == 'Silver' %}}Nearly.{{% endif %}}",
                    f"{{% if {inner} = 'Gold' %}}{say}{{% endif %}}",
                    f"{{% if {inner} == 'Gold' %}}{say}{{% end if %}}",
                    f"{{% assign tea = 'oolong' %}}{say}",
                    f"{{{{ {first.token}|titleize }}}}",
                    f"{{% if {first.token} && {inner} %}}{say}{{% endif %}}",
                    "{{ person.Favorite Colour }}",
                    "{{ event|lookup:'Coupon Codes'.0 }}",
                    f"{say}{{% endif %}}",
                )
            )
        case _:  # HubSpot
            wrong = draft.rng.choice(
                (
                    f"{{{{ {first.token}|there }}}}",
                    f'{{% if {tier.token} == "Gold" %}}{say}',
                    f'{{% if {tier.token} == "Gold" %}}{say}{{% endfi %}}',
                    f"{{{{ personalization_token('{first.token}', 'you' }}}}",
                    "{% for shelf in ['a', 'b'] %}{{ shelf }}",
                    f"{{% greeting {first.token} %}}",
                )
            )
    draft.say(wrong)
    also = ("TAG002", "TAG003", "TAG010", "TAG013", "TAG015")
    why = f"{_SKIPS}; the same place may be described further (unknown name, no fallback)"
    return [Label("TAG001", draft.crowd.everyone(), wrong, ("TAG009",), also, why=why, fault="syntax")]


def unknown(draft: Draft) -> list[Label]:
    """TAG003: a name that no field has, near one that there is."""
    key = claim(draft, ("first", "city", "company"), unused=True)
    everyone, slot = draft.crowd.everyone(), draft.slot(key)
    match draft.platform:
        case Platform.MAILCHIMP:
            real = slot.token
            name = draft.rng.choice((real[:-1], real.lower(), real + "E", real[0] + real[2:]))
            token = f"*|{name}|*"
        case Platform.KLAVIYO:
            choices = {
                "first": ("First_Name", "firstname", "person.First Name", "FirstName", "person.frist_name"),
                "city": ("person.Cty", "person.CITY", "person.Citty"),
                "company": ("person.Organisation", "person.organizaton", "person.ORGANIZATION"),
            }
            name = draft.rng.choice(choices[key])
            if " " in name:
                name = f"person|lookup:'{name.partition('.')[2]}'"
            token = f"{{{{ {name}|default:'{word(draft)}' }}}}" if draft.rng.random() < 0.6 else f"{{{{ {name} }}}}"
        case _:  # HubSpot
            choices = {
                "first": ("contact.first_name", "contact.FirstName", "contact.fristname"),
                "city": ("contact.ctiy", "contact.City_Name", "contact.citty"),
                "company": ("contact.compnay", "contact.company_nam", "contact.Company"),
            }
            name = draft.rng.choice(choices[key])
            token = f'{{{{ personalization_token("{name}", "{word(draft)}") }}}}'
            token = token if draft.rng.random() < 0.5 else f"{{{{ {name} }}}}"
    show(draft, key, token)
    return [
        Label(
            "TAG003",
            everyone,
            name.split(":")[-1].strip("'"),
            also=("TAG002", "VAL007"),
            why="a name that nobody has prints nothing as well, where there is no fallback",
            fault=f"unknown {name}",
        )
    ]


def broken(draft: Draft) -> list[Label]:
    """TAG004: a tag that the platform does not see as one, or not as a whole.

    Where the platform then refuses the letter nobody reads it, and what else is wrong with it cannot be told.
    """
    if draft.platform is not Platform.MAILCHIMP and draft.spoilt:
        raise Unfit
    html_only(draft)
    key = claim(draft, ("first", "city"), unused=True)
    slot, rng = draft.slot(key), draft.rng
    name = slot.token
    half = len(name) - 2
    split = f"{name[:half]}<span>{name[half:]}</span>"
    if draft.platform is Platform.MAILCHIMP:
        token = rng.choice(
            (
                f"*|<strong>{name}</strong>|*",
                f"*|{split}|*",
                f"*&#124;{name}&#124;*",
                f"\uff0a|{name}|\uff0a",
                f"*|{name}*",
                f"* |{name}| *",
                f"*|{name[:2]}\u200b{name[2:]}|*",
                f"|{name}|*",
            )
        )
    else:
        klaviyo = draft.platform is Platform.KLAVIYO
        inner = f"{name}|default:'you'" if klaviyo else f'personalization_token("{name}", "you")'
        token = rng.choice(
            (
                f"{{{{ {split} }}}}",
                f"{{<b>{{ {inner} }}</b>}}",
                f"&#123;&#123; {inner} &#125;&#125;",
                f"{{{{&nbsp;{inner} }}}}",
                f"{{{{ {inner.replace(chr(39), '&#39;').replace(chr(34), '&quot;')} }}}}",
                f"{{{{ {inner.replace(chr(39), chr(0x2019)).replace(chr(34), chr(0x201D))} }}}}",
                f"{{{{ {inner} }}",
                f"{{ {{ {inner} }} }}",
                f"\uff5b\uff5b {inner} \uff5d\uff5d",
            )
        )
    if rng.random() < 0.2:
        wrong = f"*%7C{name}%7C*" if draft.platform is Platform.MAILCHIMP else f"%7B%7B%20{name}%20%7D%7D"
        draft.blocks.append((f'<p><a href="https://www.example.org/s?w={wrong}">Look</a></p>', "Look"))
        token = wrong
    else:
        show(draft, key, token)
    draft.closed = True
    return [
        Label(
            "TAG004",
            draft.crowd.everyone(),
            token,
            ("TAG001", "TAG009"),
            ("TAG003", "TAG002"),
            why="2.6 and catalogue rows 30, 39, 49: where the delimiters stand, the parser refuses the rest",
            fault=f"broken {token}",
        )
    ]


_FOREIGN = {
    Platform.MAILCHIMP: (
        "{{ first_name }}",
        "{{ first_name|default:'you' }}",
        "{{ contact.firstname }}",
        '{{ personalization_token("contact.firstname", "you") }}',
        "{% if person.VIP %}dear{% endif %}",
    ),
    Platform.KLAVIYO: ("*|FNAME|*", "*|MERGE1|*", "*|IF:FNAME|**|FNAME|**|END:IF|*", "{{ contact.firstname }}"),
    Platform.HUBSPOT: (
        "*|FNAME|*",
        "*|LNAME|*",
        "{{ first_name|default:'you' }}",
        "{{ first_name }}",
        "{{ person.City }}",
    ),
}


def foreign(draft: Draft) -> list[Label]:
    """TAG005: another platform's language."""
    claim(draft, ("first",))
    token = draft.rng.choice(_FOREIGN[draft.platform])
    place = draft.rng.random()
    if place < 0.25 and "%" not in token and "IF:" not in token and take(draft, "subject"):
        draft.subject = f"{token}, the kettle is on"
    else:
        draft.greeting = draft.rng.choice(GREETINGS)[0].format(token)
    codes: tuple[str, ...] = ()
    why = ""
    if token.startswith("{{") and draft.platform is not Platform.MAILCHIMP:
        codes = ("TAG003", "TAG001")
        why = "the other platform's name is written as one's own language would: also an unknown name or a syntax error"
    also = ("TAG002",) if codes else ()
    return [Label("TAG005", draft.crowd.everyone(), token, codes, also, why=why, fault=f"foreign {token}")]


_PLACEHOLDERS = (
    "[FIRST_NAME]",
    "[First Name]",
    "[LAST NAME]",
    "[CUSTOMER_NAME]",
    "[NAME]",
    "[Your Name]",
    "%%FNAME%%",
    "%%FIRST_NAME%%",
    "%%LastName%%",
    "{FirstName}",
    "{FIRST_NAME}",
    "{last_name}",
    "<<Name>>",
    "<<First Name>>",
    "[[MISSING TOKEN - FIRST NAME]]",
    "[[MISSING TOKEN - COMPANY NAME]]",
)


def placeholder(draft: Draft) -> list[Label]:
    """TAG006: a stand-in that somebody meant to replace."""
    claim(draft, ("first",))
    token = draft.rng.choice(_PLACEHOLDERS)
    html = token.replace("<", "&lt;").replace(">", "&gt;")
    place = draft.rng.random()
    if place < 0.3 and take(draft, "subject"):
        draft.subject = f"{token}, the kettle is on"
        html = token
    elif 0.3 <= place < 0.4 and take(draft, "preview"):
        draft.preview = f"Dear {token}, a short letter"
        html = token
    else:
        draft.greeting = draft.rng.choice(GREETINGS)[0].format(html)
        draft.text_part = draft.text_part and (html == token or "text" in draft.spoilt)
    return [Label("TAG006", draft.crowd.everyone(), html, fault=f"placeholder {token}")]


def group(draft: Draft) -> list[Label]:
    """TAG014: an interest group, or a title, that the audience does not have (any more)."""
    only(draft, Platform.MAILCHIMP)
    names = ("Interests:Recipes", "Interests:Newsletters", "Topics:Teas", "Interest:Workshops", "Interests:teas")
    name = draft.rng.choice((*names, "Interests:Ceramics"))
    draft.spoilt.add("groups")
    draft.say(f"*|INTERESTED:{name}|*The page you asked us to keep for you.*|END:INTERESTED|*")
    return [Label("TAG014", draft.crowd.everyone(), f"INTERESTED:{name}", fault=f"group {name}")]


def parts_disagree(draft: Draft) -> list[Label]:
    """TAG016: the plain text is of another version than the HTML."""
    pen, rng = draft.pen, draft.rng
    if draft.closed or "text" in draft.spoilt:
        raise Unfit
    if rng.random() < 0.6:
        claim(draft, ("first",))
        claim(draft, ("last",), unused=True)
        first, last = no_default(draft, "first"), no_default(draft, "last")
        draft.greeting = ""
        greet = rng.choice(GREETINGS)[0]
        a, b = pen.safe(first, word(draft)), pen.safe(last, word(draft))
        draft.blocks.insert(0, (f"<p>{greet.format(a)}</p>", greet.format(b)))
        draft.text_part = True
        draft.spoilt.add("text")
        why = "first name here and surname there may be meant; the documents know only that the parts differ"
        return [
            Label(
                "TAG016",
                draft.crowd.everyone(),
                confidence=Confidence.MEDIUM,
                why=why,
                fault="parts_disagree greeting",
            )
        ]
    claim(draft, ("city",), unused=True)
    other = claim(draft, ("company", "job"), unused=True)
    # Both are filled for everybody, so that nothing but the difference is wrong.
    here, there = pen.bare(draft.slot("city")), pen.bare(draft.slot(other))
    draft.say(LINES["city"].format(here), LINES[other].format(there))
    draft.text_part = True
    draft.spoilt.add("text")
    return [
        Label(
            "TAG016",
            draft.crowd.everyone(),
            confidence=Confidence.LOW,
            why="another line in the text may be meant; the catalogue's row 71 knows no more than that they differ",
            fault="parts_disagree line",
        )
    ]


def in_comment(draft: Draft) -> list[Label]:
    """TAG017: a person's data in an HTML comment, which everybody can read in the source."""
    html_only(draft)
    key = claim(draft, ("email", "last", "company", "site"), unused=True)
    slot = no_default(draft, key)
    draft.blocks.append((f"<!-- for {draft.pen.bare(slot)} -->", ""))
    there = draft.crowd.everyone() - without(draft, key)
    return [Label("TAG017", there, slot.token, fault="in_comment")]
