"""What the second pass must leave alone: everyday mail that only looks like tags."""

from __future__ import annotations

import pytest

from presend.dialects.base import Issue
from presend.dialects.hidden import find_hidden
from presend.model import Part, Platform

MC, KL, HS = Platform.MAILCHIMP, Platform.KLAVIYO, Platform.HUBSPOT


def hunt(source: str, platform: Platform = MC, part: Part = Part.HTML, names: tuple[str, ...] = ()) -> list[Issue]:
    """What is found with no intact tag masked."""
    return find_hidden(source, part, platform, [], names)


SILENT = [
    "<style>@media (max-width:600px){.a{color:red}.b{width:100%!important}}</style>",
    "<style>.x{background:url(a.png)}}</style>",
    "<script>var x = {name: 'a'}; `Hi ${name}`; if (a) {{ b }}</script>",
    '<script type="application/ld+json">{"@type":"Person","name":"{name}","email":"[email]"}</script>',
    "<!-- {{ first_name }} and [FIRST_NAME] are only a note -->",
    "<!--[if mso]><table><tr><td width='600'><![endif]--><p>x</p><!--[if mso]></td></tr></table><![endif]-->",
    "<!--[if !mso]><!--><div>Hello</div><!--<![endif]-->",
    "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->",
    '<a href="https://x.example/?utm_source=%7Bx%7D&amp;utm_medium=email">x</a>',
    '<a href="https://x.example/?q=50%25%20off&amp;name=ann%20lee">x</a>',
    '<a href="https://x.example/?filter[email]=a&amp;filter%5Bname%5D=b">x</a>',
    '<a href="https://x.example/?a=%5B1%2C2%5D">x</a>',
    '<a href="https://x.example/a*b|c|d*e">x</a>',
    '<a href="https://x.example/search?q=100%name">x</a>',
    '<a href="mailto:hi@example.com?subject=%5BHelp%5D&amp;body=Dear%20team%2C%20my%20name%20is%20%5BName%5D">x</a>',
    '<a href="https://x.example/%E2%82%AC?x=%C3%A9mail%20y">x</a>',
    "<p>[Read more](https://x.example)</p>",
    "<p>[Email](mailto:a@example.com)</p>",
    "<p>[Read more]</p>",
    "<p>See the study [1] and [2, 3].</p>",
    "<p>[50% off]</p>",
    "<p>[Date] 3 May [Place] The tram shed</p>",
    "<p>Speakers (TBC), venue: TBC, and the TBC-group</p>",
    "<p>Write to us @garden@shed.example or follow #roses#peas and @ann_lee@toot.example</p>",
    '<a href="https://x.example/insert-link">Insert link</a><a href="/your-link/tbc">x</a><a href="tbd.html">x</a>',
    "<p>See the text here and there. Add your text here and we print it on a mug.</p>",
    "<p>Dear subscriber, [Members] enter by the east gate.</p>",
    "<p>100% cotton, 50% off, 20 % more</p>",
    "<p>Save 10% on name brands and 20% more</p>",
    "<p>From 5%name brands% no</p>",
    "<p>[SOLD OUT]</p>",
    "<p>[NEW] Autumn</p>",
    "<p>[VIP] Early access</p>",
    "<p>[LIMITED EDITION]</p>",
    "<p>[RSVP]</p>",
    "<p>[Add to cart] [Your account] [Shop now]</p>",
    "<p>[View in browser] [Unsubscribe]</p>",
    "<p>[email&#160;protected]</p>",
    "<p>« Back to the shop »</p>",
    "<p>« Name » is a word in quotation marks</p>",
    "<p>&lt;&lt; Prev | Next &gt;&gt;</p>",
    "<p>&lt;&lt;&lt; look here &gt;&gt;&gt;</p>",
    "<p>&lt;3 you all, 2 &lt; 3 &gt; 1</p>",
    "<p>C:\\Users\\name and C:\\..\\first</p>",
    "<p>%APPDATA%\\Example and %PATH%</p>",
    "<p>Use <code>{name}</code> and <code>{{ first_name }}</code> and <kbd>[NAME]</kbd></p>",
    '<div style="background:{color}; font-family:[x]">x</div>',
    '<div data-config=\'{"name":{"first":{"a":1}}}\'>x</div>',
    '<div class="a_b__first_name__c">x</div>',
    "<p>*Terms apply. **See the site. ***</p>",
    "<p>*NEW* and *SALE* and *free*</p>",
    "<p>* Buy one | get one * only today</p>",
    "<p>* | SALE | *</p>",
    "<p>Mon | Tue | Wed</p>",
    "<p>HOME | SHOP | EMAIL | CONTACT</p>",
    "<p>|NAME|EMAIL|CITY|</p>",
    "<p>|HOME|SHOP|</p>",
    "<p>Emojis 👩‍👩‍👧 🎉 :-{ ;-} {^_^} (*_*)</p>",
    "<p>{ not a tag } and {1, 2, 3}</p>",
    "<p>Dear Name Brand shoppers</p>",
    "<p>Hello first name basis</p>",
    "<p>Put your first name and last name in the form</p>",
    "<p>FIRST NAME: ______  LAST NAME: ______</p>",
    "<p>________________________</p>",
    "<p>XX century, size XXL, Super Bowl XXX, Malcolm X</p>",
    "<p>Chapter XX: the end</p>",
    "<p>Insert coin. INSERT THE TAB INTO SLOT B.</p>",
    "<p>a || b, a | b, x|y|z</p>",
    "<p>2*3|4*5</p>",
    "<p>Ann <ann@example.com></p>",
    "<p>\\[ x = {y} \\]</p>",
    "<p>f(x) = {x : x > 0}</p>",
    "<p>Section [a] to [c], row [A]</p>",
    "<p>\u00a0\u200c\u00a0\u200c\u00a0\u200c\u034f\u00ad preview padding</p>",
    "<p>&zwnj;&nbsp;&#847;&zwnj;&nbsp;&#847; padding</p>",
    "<p>&#123;smile&#125; &#42; &#124; &#91;x&#93;</p>",
    "<p>【新商品】［送料無料］「名前」</p>",
    '<img src="data:image/png;base64,iVBORw0KGgo*|{[=" alt="A | B * C">',
    '<td background="https://x.example/a.png" style="mso-line-height-rule:exactly;{}">x</td>',
    '<meta content="width=device-width, initial-scale=1">',
    "<p>*|---|*</p>",
    "<p>*| \\ /|*</p>",
    "<p>*||||*</p>",
    "<p>*|  Terms  |  Privacy |*</p>",
    "<p>*|HOME | SHOP | CONTACT|*</p>",
    "<pre>Hi {{ contact.firstname }}, *|FNAME|*, [FIRST_NAME] and %%FNAME%%</pre>",
    "<pre><code>Hi {{ first_name }}</code> *|FNAME|*</pre>",
    "<p>Le mot «Prénom» vient du latin</p>",
    "<p>Remplissez les champs &laquo;Prénom&raquo; et «Nom»</p>",
    "<p>Bonjour, «Nom» et «Prénom» sont des mots</p>",
    "<p>## News ##</p>",
    "<p>##### name #####</p>",
    "<p>Ann@@home and @@@name@@@</p>",
    "<p>[Customer stories] [Customers] [Recipients]</p>",
    "<p>A well-known first-name-basis and pre-first_name-post</p>",
    "<p>The column -first_name- is gone</p>",
    "<p><name>x</name><firstname>Ann</firstname></p>",
    "<p>[SAVE THE DATE] [Date] [UPDATE]</p>",
    '<a href="#[a]">x</a><a href="https://[2001:DB8::1]/">x</a>',
    '<a href="https://x.example/?id=[A]&amp;ids=[1,2]&amp;tags=[new]">x</a>',
    '<a href="https://x.example/?filter[ID]=4">x</a>',
    "<p>[LINK]</p>",
    "<p>Add a headline to your next post</p>",
    "<p>How to: Add a headline</p>",
    "<p>We say: this is a text block. Click to read.</p>",
    "<p>Put your headline here and wait</p>",
    "<p>a } }} }}}</p>",
    "<p>color: red }} @media done }}</p>",
    '<p>{"person":{"name":first_name}}</p>',
    "<style>.name{color:red}@media x{.first_name{a:first_name }}</style>",
    "<style>@media x{ .a{ font: name }}</style>{;}",
    "<p>{%} and 50 % off %} and {20% off }</p>",
    "<p>Save 20 % if you can, {50%}</p>",
    '<html xmlns:v="urn:schemas-microsoft-com:vml"><v:rect xmlns:v="x" fill="true"><v:fill type="tile"/></v:rect>',
]


@pytest.mark.parametrize("platform", [MC, KL, HS])
@pytest.mark.parametrize("source", SILENT)
def test_ordinary_mail_is_left_alone(platform: Platform, source: str) -> None:
    assert hunt(source, platform) == []


SILENT_TEXT = [
    "[Email] https://x.example [Website] https://x.example",
    "Name <ann@example.com>",
    "Visit https://x.example/?utm_source=%7Bx%7D&n=%20name%20",
    "*** SALE ***\n* one\n* two | three\n",
    "== | NEWS | ==",
    "This is a test of the new oven",
    "50% off, [1] see below, {c} 2026",
    "https://x.example/FIRSTNAME/a?x=FNAME",
]


@pytest.mark.parametrize("platform", [MC, KL, HS])
@pytest.mark.parametrize("part", [Part.TEXT, Part.SUBJECT, Part.PREVIEW_TEXT])
@pytest.mark.parametrize("source", SILENT_TEXT)
def test_ordinary_text_is_left_alone(platform: Platform, part: Part, source: str) -> None:
    assert hunt(source, platform, part) == []


def test_there_are_enough_hard_negatives() -> None:
    assert len(SILENT) + len(SILENT_TEXT) >= 60


# fmt: off
