"""The constructs that templates are made of, one a line: NAME is a column, ⏎ a line break."""

from __future__ import annotations


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.replace("⏎", "\n") for line in text.strip("\n").splitlines())


MAILCHIMP_TAGS = _lines("""
*|NAME|*
*|NAME|*
*|UPPER:NAME|*
*|LOWER:NAME|*
*|TITLE:NAME|*
*|HTML:NAME|*
*|URL:NAME|*
*|DATE:d/m/Y|*
*|DATE:l, F jS|*
*|CURRENT_YEAR|*
*|MERGE1|*
*|MMERGE2|*
**|NAME|**
""")
"""Tags that print."""

MAILCHIMP_CONDITIONS = _lines("""
NAME
NAME=pro
NAME = Ann
NAME!=pro
NAME>100
NAME >= 7
NAME<0
NAME<=250
""")
"""What may follow IF:."""

MAILCHIMP_SHAPES = _lines("""
*|IF:COND|*ONE*|END:IF|*
*|IF:COND|*ONE*|ELSE:|*TWO*|END:IF|*
*|IFNOT:COND|*ONE*|ELSE:|*TWO*|END:IF|*
*|IF:COND|*ONE*|ELSEIF:PLAN=basic|*TWO*|ELSE:|*-*|END:IF|*
*|IFNOT:ARCHIVE_PAGE|*ONE*|END:IF|*
*|INTERESTED:Topic:News|*ONE*|ELSE:|*TWO*|END:INTERESTED|*
*|INTERESTED:Topic:Gone|*ONE*|END:INTERESTED|*
*|INTERESTED:Topic:News,Events & more|*ONE*|END:INTERESTED|*
""")
"""Blocks with a condition COND and bodies ONE and TWO."""

MAILCHIMP_BROKEN = _lines("""
*|NAME*
* |NAME| *
|NAME|
*|FNAM|*
*|fname|*
*| NAME |*
*|NAME|fallback:there|*
*|NAME:friend|*
*|ELSE|*
*|ENDIF|*
*|END:IF:|*
*|IF:NAME|*
*|END:IF|*
*|IF:NAME AND LNAME|*a*|END:IF|*
*||*
*|<b>NAME</b>|*
*%7CNAME%7C*
*|⏎NAME|*
*|*|NAME|*|*
*|IF:NAME|**|ELSE:|*b*|END:IF|*
*|MC:DATE|*
*|UNSUB|*
*|LIST:COMPANY|*
＊|NAME|*
{{ first_name }}
*|UPPER:LOWER:NAME|*
*|IF:NAME|*a*|END:INTERESTED|*
""")
"""Torn, misspelt, foreign and opaque tags."""

KLAVIYO_TAGS = _lines("""
{{ NAME }}
{{NAME}}
{{ NAME|default:'there' }}
{{ NAME|default:'' }}
{{ NAME|default:"you"|upper }}
{{ NAME|title }}
{{ NAME|lower }}
{{ NAME|truncatechars:4 }}
{{ NAME|safe }}
{{ NAME|length }}
{{ NAME|default_if_none:'-' }}
{{ NAME|yesno:'y,n,m' }}
{{ NAME|urlencode }}
{{ NAME|floatformat:2 }}
{{ NAME|striptags }}
{{ NAME|linebreaksbr }}
{{ NAME|join:', ' }}
{{ NAME|slice:':2' }}
{{ NAME|date:'F d' }}
{{ NAME|cut:' ' }}
{{ NAME.0 }}
{{ NAME.city }}
{{ NAME | upper }}
{% firstof NAME 'x' %}
{% with z=NAME %}{{ z }}{% endwith %}
{# NAME #}
{% comment %}NAME{% endcomment %}
{% for x in NAME %}{{ forloop.counter }}{{ x }}{% empty %}none{% endfor %}
{% spaceless %}<p> <b>{% endspaceless %}
{% autoescape off %}{{ NAME }}{% endautoescape %}
{% verbatim %}{{ NAME }}{% endverbatim %}
{% templatetag openbrace %}
{% widthratio 1 4 100 %}
""")
"""Django's own tags and filters that print."""

KLAVIYO_CONDITIONS = _lines("""
NAME
not NAME
NAME == 'pro'
NAME != ''
NAME > 100
NAME == True
NAME == true
NAME == 1
NAME and email
NAME or email
'a' in NAME
NAME|length > 3
NAME|default:'x' == 'x'
""")
"""What may follow if."""

KLAVIYO_SHAPES = _lines("""
{% if COND %}ONE{% endif %}
{% if COND %}ONE{% else %}TWO{% endif %}
{% if COND %}ONE{% elif person.City %}TWO{% else %}-{% endif %}
{% for i in 'ab' %}ONE{% endfor %}
""")
"""Blocks with a condition COND and bodies ONE and TWO."""

KLAVIYO_BROKEN = _lines("""
{{ NAME|default: 'there' }}
{{ NAME|default:’there’ }}
{{ NAME|default:there }}
{{ NAME|default:&#39;x&#39; }}
{{⏎NAME }}
{{ NAME }
{ { NAME }}
{{ person.Favorite Color }}
{{ NAME|nosuchfilter }}
{% elsif NAME %}
{% assign x = 1 %}
{% if NAME %}
{% endif %}
{% end if %}
{% if NAME = 'a' %}x{% endif %}
{{ *|FNAME|* }}
{% if NAME && email %}x{% endif %}
{% if NAME &gt; 3 %}x{% endif %}
*|FNAME|*
{{ }}
{% %}
{% nosuchtag %}
{{ NAME.0.clear }}
{% if a || b %}x{% endif %}
{{ NAME|default }}
{% for x NAME %}{% endfor %}
""")
"""What people write who know Liquid, Jinja or Mailchimp."""

KLAVIYO_OWN = _lines("""
{% unsubscribe %}
{% unsubscribe 'bye' %}
{% unsubscribe_link %}
{% manage_preferences_link %}
{% web_view_link %}
{% current_year %}
{{ person|lookup:'City' }}
{{ NAME|upcase }}
{{ NAME|append:'!' }}
{{ NAME|find_replace:'a|b' }}
{{ person|lookup:'A'.0 }}
{% catalog NAME %}x{% endcatalog %}
{{ today }}
{% today "%Y-%m-%d" as today %}{{ today }}
{% currency_format NAME %}
{{ NAME|format_date_string|date:'F d' }}
{{ event.ProductName }}
{{ unsubscribe_link }}
{% coupon_code 'TEN' %}
{{ NAME|multiply:'1' }}
""")
"""Klaviyo's own tags and filters, which stock Django refuses."""

HUBSPOT_TAGS = _lines("""
{{ NAME }}
{{NAME}}
{{ personalization_token('NAME', 'there') }}
{{ personalization_token("NAME","you") }}
{{ NAME|default('there') }}
{{ NAME|default('there', true) }}
{{ NAME|upper }}
{{ NAME or 'you' }}
{{ NAME ? 'yes' : 'no' }}
{{ 'x' if NAME else 'y' }}
{{ 'a' ~ NAME ~ 1 }}
{# NAME #}
{{ true and 'x' }}
{% raw %}{{ NAME }}{% endraw %}
{% set z = NAME %}{{ z }}
{% set z = 'ann' %}{{ z|capitalize }}
{{ nobody }}
{{ 'Ann Lee'|lower|title }}
{{ ['a', 'b']|join('-') }}
{{ 'abc def'|truncate(5, true, '') }}
{{ 1 == 1 }}
{{ 'a-b'|replace('-', '+') }}
{{ '  x '|trim }}
{{ 'four'|length }}
{{ ''|default('x') }}
{{ null|default('x') }}
{% for x in ['a', 'b'] %}{{ loop.index }}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}
{{ 'false' || '0' }}
""")
"""Expressions and small blocks that print."""

HUBSPOT_CONDITIONS = _lines("""
NAME
not NAME
!NAME
NAME == 'Paris'
NAME != 'Paris'
NAME > 100
NAME and contact.city
NAME && contact.city
NAME or contact.city
NAME == null
(NAME or true) and 'no'
'0'
'False'
[]
""")
"""What may follow if."""

HUBSPOT_SHAPES = _lines("""
{% if COND %}ONE{% endif %}
{% if COND %}ONE{% else %}TWO{% endif %}
{% unless COND %}ONE{% else %}TWO{% endunless %}
{% if COND %}ONE{% elif contact.city %}TWO{% else %}-{% endif %}
{% for i in [1, 2] %}ONE{% endfor %}
""")
"""Blocks with a condition COND and bodies ONE and TWO."""

HUBSPOT_BROKEN = _lines(r"""
{{ NAME|there }}
{{ contact.first_name }}
{{ contact.FirstName }}
{{ contact.first-name }}
{{ NAME
{% if NAME %}
{% endif %}
{% elsif NAME %}
{{ NAME|default: 'x' }}
{{ NAME|default(’x’) }}
{{ }}
{{ NAME. }}
*|FNAME|*
[[MISSING TOKEN - FIRST NAME]]
{{ owner.firstname }}
{{ company.name }}
{{ site_settings.company_name }}
{% nosuchtag %}
{{ crm_object('contact', 1) }}
{{ custom.items }}
{{- NAME -}}
{{ NAME + 1 }}
{% set a, b = 1, 2 %}
{{ 'a\'b' }}
{% macro m() %}x{% endmacro %}
{{ not NAME == 'x' }}
{{ NAME is defined }}
{% for x in NAME %}y{% endfor %}
{{{ NAME }}}
""")
"""Misspelt, unsupported and foreign constructs."""

EVERYDAY = {
    "mailchimp": (
        _lines("""
*|FNAME|*
*|LNAME|*
*|UPPER:FNAME|*
*|TITLE:LNAME|*
*|POINTS|*
*|PLAN|*
*|BDAY|*
*|WEBSITE|*
*|URL:WEBSITE|*
*|HTML:FNAME|*
*|DATE:d/m/Y|*
*|CURRENT_YEAR|*
"""),
        _lines("""
FNAME
LNAME
PLAN=pro
PLAN!=pro
POINTS>100
POINTS<=250
"""),
        _lines("""
*|IF:COND|*ONE*|END:IF|*
*|IF:COND|*ONE*|ELSE:|*TWO*|END:IF|*
*|IFNOT:COND|*ONE*|ELSE:|*TWO*|END:IF|*
*|IF:COND|*ONE*|ELSEIF:PLAN=basic|*TWO*|ELSE:|*-*|END:IF|*
*|IFNOT:ARCHIVE_PAGE|*ONE*|END:IF|*
*|INTERESTED:Topic:News|*ONE*|ELSE:|*TWO*|END:INTERESTED|*
"""),
    ),
    "klaviyo": (
        _lines("""
{{ first_name }}
{{ first_name|default:'there' }}
{{ last_name|title }}
{{ email }}
{{ person.City|default:"your town" }}
{{ person|lookup:'City' }}
{{ person.Points }}
{{ person.Points|floatformat:2 }}
{{ person.tags|join:', ' }}
{{ first_name|upper }}
{% current_year %}
{% for x in person.tags %}{{ x }} {% endfor %}
"""),
        _lines("""
first_name
not person.City
person.City == 'Paris'
person.Points > 100
person.vip
'vip' in person.tags
"""),
        _lines("""
{% if COND %}ONE{% endif %}
{% if COND %}ONE{% else %}TWO{% endif %}
{% if COND %}ONE{% elif person.City %}TWO{% else %}-{% endif %}
"""),
    ),
    "hubspot": (
        _lines("""
{{ contact.firstname }}
{{ contact.lastname }}
{{ contact.city }}
{{ contact.points }}
{{ personalization_token('contact.firstname', 'there') }}
{{ contact.firstname or 'you' }}
{{ 'from ' ~ contact.city }}
{% set z = contact.lastname %}{{ z }}
{% for x in ['a', 'b'] %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}
"""),
        _lines("""
contact.firstname
contact.city == 'Paris'
contact.city != 'Paris'
contact.vip
contact.points > 100
not contact.vip
contact.firstname and contact.city
"""),
        _lines("""
{% if COND %}ONE{% endif %}
{% if COND %}ONE{% else %}TWO{% endif %}
{% unless COND %}ONE{% else %}TWO{% endunless %}
{% if COND %}ONE{% elif contact.city %}TWO{% else %}-{% endif %}
"""),
    ),
}
"""Tags, conditions and blocks as they stand in mails that work, each on fields of a kind that suits it."""
