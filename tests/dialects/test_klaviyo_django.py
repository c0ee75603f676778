"""Django itself as the second opinion on Klaviyo's dialect, over templates and people made up at random."""

from __future__ import annotations

from typing import Any

import django.template
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from presend.dialects.base import (
    Outcome,
    OutcomeKind,
)
from presend.model import Part
from tests.dialects.klaviyo_pieces import (
    compiled,
    read,
)

NAMES = ["first_name", "last_name", "person.A", "person.B", "person.Tags", "person.Deep.x", "person.City", "nothing"]
FILTERS = [
    *("", "", "", "|default:'you'", '|default:""', "|default:' '", "|default_if_none:'n'", "|default:person.A"),
    *("|default:there", "|upper", "|lower", "|title", "|capfirst", "|length", "|truncatechars:5", "|striptags"),
    *("|escape", "|force_escape", "|safe", "|join:' & '", "|first", "|last", "|slice:':2'", "|floatformat:1"),
    *("|add:'1'", "|add:2", "|cut:'a'", "|urlencode", "|linebreaksbr", "|yesno:'y,n,m'", "|pluralize", "|date:'F d'"),
    *(
        "|addslashes",
        "|center:9",
        "|wordcount",
        "|default:'a<b'",
        "|stringformat:'s'",
        "|unordered_list",
        "|divisibleby:2",
    ),
]
LITERALS = ["'x'", "'Ann'", "3", "0", "2.5", "True", "None", "''", "true"]
OUTPUTS = st.tuples(st.sampled_from([*NAMES, "'lit & <b>'", "7"]), st.sampled_from(FILTERS), st.sampled_from(FILTERS))
OUTPUT = OUTPUTS.map(lambda parts: f"{{{{ {parts[0]}{parts[1]}{parts[2]} }}}}")
OPERAND = st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "", "|length", "|default:'x'", "|lower"])).map("".join)
TEST = st.recursive(
    OPERAND
    | st.tuples(
        OPERAND,
        st.sampled_from(["==", "!=", "<", ">", "<=", ">=", "in", "not in", "is"]),
        OPERAND | st.sampled_from(LITERALS),
    ).map(" ".join),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join) | inner.map(lambda t: f"not {t}")
    ),
    max_leaves=3,
)
WORDS = st.sampled_from(["Hi ", ", ", " <b>x</b> ", "\n", "é & ", '<a href="?n=', '"> <i>', "{ x }", "50 % "])


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map("".join)
    return st.one_of(
        st.tuples(TEST, body, TEST, body, body).map(
            lambda p: f"{{% if {p[0]} %}}{p[1]}{{% elif {p[2]} %}}{p[3]}{{% else %}}{p[4]}{{% endif %}}"
        ),
        st.tuples(st.sampled_from(["person.Tags", "person.A", "person.Deep", "nothing"]), body).map(
            lambda p: (
                f"{{% for t in {p[0]} %}}{{{{ forloop.counter }}}}{{{{ t }}}}{p[1]}{{% cycle 'o' 'e' %}}"
                "{% empty %}none{% endfor %}"
            )
        ),
        st.tuples(OPERAND, body).map(
            lambda p: f"{{% with w={p[0]} p=person %}}{{{{ w }}}}{{{{ p.A }}}}{p[1]}{{% endwith %}}"
        ),
        body.map(lambda b: f"{{% spaceless %}}<i> {b} </i> <b>{{% endspaceless %}}"),
        body.map(lambda b: f"{{% autoescape off %}}{b}{{% endautoescape %}}"),
        body.map(lambda b: f"{{% ifchanged %}}{b}{{% else %}}same{{% endifchanged %}}"),
        body.map(
            lambda b: f"{{% comment %}}{b}{{% endcomment %}}{{% verbatim %}}{{{{ x }}}}{{% endverbatim %}}{{# c #}}"
        ),
        st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).map(
            lambda p: f"{{% firstof {p[0]} {p[1]} 'f&b' %}}{{% firstof {p[1]} 'z' as got %}}{{{{ got }}}}"
        ),
        st.tuples(TEST, body).map(
            lambda p: f"{{% if {p[0]} %}}{{% widthratio person.A 3 100 as ratio %}}{p[1]}{{% endif %}}[{{{{ ratio }}}}]"
        ),
        st.just("{% cycle 'a' 'b' as c %}{{ c }}{% cycle c %}{% templatetag openbrace %}{{ person.Tags.0 }}"),
    )


TEMPLATES = st.lists(WORDS | OUTPUT | st.recursive(OUTPUT, blocks, max_leaves=5), min_size=1, max_size=5).map("".join)
HOSTILE = st.sampled_from(
    [
        "Ann",
        "",
        " ",
        "a&b",
        "<script>",
        "O'Brien",
        '"q"',
        "é\u0301",
        "\n",
        "3",
        "0",
        0,
        1,
        -2,
        3.5,
        1e17,
        True,
        False,
        None,
    ]
)
VALUES = (
    HOSTILE | st.lists(HOSTILE, max_size=3) | st.dictionaries(st.sampled_from(["x", "items", "0"]), HOSTILE, max_size=2)
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["Ann", "", " ", "T & J", "<b>", None]),
        "last_name": st.sampled_from(["Lee", "", None]),
        "location.city": st.sampled_from(["Paris", "", None]),
        "A": VALUES,
        "B": VALUES,
        "Tags": st.lists(HOSTILE, max_size=3) | st.none(),
        "Deep": st.dictionaries(st.sampled_from(["x", "y"]), VALUES, max_size=2),
    },
)


def stock(source: str, row: dict[str, Any], *, autoescape: bool = True) -> str | None:
    """What Django itself prints, in the process's own copy of it; None when it raises."""
    if not django_settings.configured:
        django_settings.configure(USE_I18N=False, USE_TZ=True, TIME_ZONE="UTC")
    top = {key: row[key] for key in ("first_name", "last_name") if row.get(key) is not None}
    person: dict[str, Any] = {**top, **{key: row[key] for key in ("A", "B", "Tags", "Deep") if key in row}}
    if row.get("location.city") is not None:
        person["City"] = row["location.city"]
    try:
        template = django.template.Engine().from_string(source)
        return template.render(django.template.Context({**top, "person": person}, autoescape=autoescape))
    except Exception:  # noqa: BLE001 - whatever Django raises, the email would not go out
        return None


@given(source=TEMPLATES, row=ROWS)
def test_django_prints_the_same(source, row):
    expected = stock(source, row)
    program = compiled(source)
    outcome = read(program.pieces, row)
    if expected is None:
        assert program.fatal or outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN), outcome
    else:
        assert outcome == Outcome(OutcomeKind.PRINTED, expected)


@given(source=TEMPLATES, row=ROWS)
def test_outside_html_only_what_escaping_cannot_change_is_certain(source, row):
    program = compiled(source, Part.SUBJECT)
    outcome = read(program.pieces, row)
    both = {stock(source, row), stock(source, row, autoescape=False)}
    if program.fatal:
        assert both == {None}
    elif outcome.kind is OutcomeKind.PRINTED:
        assert both == {outcome.text}
    elif outcome.kind is OutcomeKind.SKIPPED:
        assert None in both
