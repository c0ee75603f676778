"""The score of an account, its mends and its fields: as docs/audit.md says, and in every format that shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import cast

import jsonschema
import pytest

from presend.audience.snapshot import Snapshot
from presend.engine import CampaignResult, Unchecked, compile_message, parse
from presend.errors import PlatformError, Refused, Unreachable
from presend.inventory import Inventory, take
from presend.model import (
    AudienceRef,
    Confidence,
    Definition,
    Field,
    FindingState,
    Gap,
    Ground,
    Joint,
    Leaf,
    ListRef,
    Message,
    Op,
    Part,
    Severity,
    UncheckedKind,
    Vocabulary,
)
from presend.outputs import Format, writer
from presend.outputs.account import headline, mend, notes
from presend.outputs.json_v1 import schema
from presend.outputs.page import write as page
from presend.ports import Batch, Connector, Group, Role
from presend.reading import Reading
from presend.scoring import CONFIDENCE, MOST, SEVERITY, Fields, audit
from tests.house.tree import section
from tests.outputs.made import HOSTILE, NOW, campaign, everything, finding, report

ALL = finding(affected=1200)


def gaps(*results: CampaignResult) -> list[tuple[str, float]]:
    return [(mend.code, round(mend.gain, 6)) for mend in audit(results).mends]


def test_the_page_has_the_weights_of_the_program(root: Path) -> None:
    page = section((root / "docs" / "audit.md").read_text(), "The score")
    severities, confidences = (
        {word: float(number) for word, number in re.findall(r"^\| `(\w+)` \| ([\d.]+) \|$", part, re.MULTILINE)}
        for part in page.split("| confidence |")
    )

    assert severities == {severity.word: weight for severity, weight in SEVERITY.items()}
    assert confidences == {confidence.word: weight for confidence, weight in CONFIDENCE.items()}


@pytest.mark.parametrize(
    ("found", "score"),
    [
        ((), 100),
        ((ALL,), 65),
        ((ALL, replace(ALL, code="TAG003")), 42),
        ((replace(ALL, affected=600),), 82),
        ((replace(ALL, confidence=Confidence.MEDIUM),), 82),
        ((replace(ALL, affected=None, audience=None),), 65),
        ((replace(ALL, affected=0, audience=0),), 100),
        ((replace(ALL, affected=1, audience=1_000_000),), 99),
        ((replace(ALL, severity=Severity.INFO),), 100),
        ((replace(ALL, state=FindingState.ACKNOWLEDGED),), 100),
        # The same mend in another place, for fewer people.
        ((ALL, replace(ALL, line=40, affected=300)), 65),
    ],
)
def test_a_campaign_loses_severity_by_confidence_by_share(found: tuple, score: int) -> None:
    assert audit([campaign("One", *found)]).score == score


def test_campaigns_count_alike_and_mends_are_worth_what_they_would_raise() -> None:
    one, two = campaign("One", ALL, replace(ALL, code="TAG003"), hours=1), campaign("Two", ALL, hours=2)
    found = audit([one, two, campaign("Three", hours=3)])

    assert found.score == int((42.25 + 65 + 100) / 3)
    assert gaps(one, two, campaign("Three", hours=3)) == [("TAG002", 19.25), ("TAG003", round(22.75 / 3, 6))]
    first = found.mends[0]
    assert (first.campaigns, first.affected) == (("c-1", "c-2"), 2400)
    without = audit([campaign("One", replace(ALL, code="TAG003")), campaign("Two"), campaign("Three")])
    assert without.score == int((42.25 + 65 + 100) / 3 + 19.25)


def test_ten_mends_are_named_and_the_rest_counted_in_a_fixed_order() -> None:
    found = [replace(ALL, code=f"TAG{number:03}") for number in range(1, 14)]
    result = audit([campaign("One", *found)])

    assert [mend.code for mend in result.mends] == [f"TAG{number:03}" for number in range(1, MOST + 1)]
    assert result.more == 3
    assert audit([campaign("One", *reversed(found))]) == result


def test_of_mends_that_look_equal_the_severest_comes_first() -> None:
    # A medium finding for all (12 points of its campaign) and a high one for 411 of 1,200 (11.99): they look equal.
    low = campaign("One", replace(ALL, code="TAG001", severity=Severity.MEDIUM))
    high = campaign("Two", replace(ALL, code="TAG009", affected=411), hours=2)
    less = campaign("Three", replace(ALL, code="TAG008", affected=400), hours=3)

    assert [mend.code for mend in audit([low, high, less]).mends] == ["TAG009", "TAG001", "TAG008"]


def test_a_mend_counts_mails_and_the_score_says_what_it_is() -> None:
    both = [campaign("One", ALL), campaign("Two", ALL, hours=2)]
    shown = replace(report(*both), audit=audit(both))
    lone = audit([campaign("One", replace(ALL, affected=1))]).mends[0]

    for text in (writer(Format.TABLE)(shown), writer(Format.MARKDOWN)(shown), page(shown)):
        assert "the mean of what findings leave of each campaign's 100 points" in unescape(" ".join(text.split()))
    for form in (Format.TABLE, Format.MARKDOWN):
        assert "in 2 campaigns, 2,400 mails" in " ".join(writer(form)(shown).split())
    assert "<th>mails</th>" in page(shown)
    assert "<td>2,400</td>" in page(shown)
    assert mend(lone)[0].endswith("in c-5, 1 mail")


def test_a_share_that_is_something_is_not_nothing() -> None:
    fields = Fields(3, (), (), {}, {"no_mothers_day": 1, "size": 400}, 1000)
    made = replace(audit([]), fields=fields)

    assert "used, and filled for fewer than half of 1,000 contacts: no_mothers_day (<1 %), size (40 %)" in notes(made)


def test_what_could_not_be_read_is_never_clean() -> None:
    failed = Unchecked("klaviyo", "klaviyo", "c-1", "", UncheckedKind.FAILED, None, "no people")
    silent, spoke = campaign("One", unchecked=(failed,)), campaign("Two", ALL, unchecked=(failed,))

    assert (audit([silent]).score, audit([silent]).left_out) == (None, 1)
    assert "No score" in headline(audit([silent]))
    both = audit([silent, spoke])
    assert (both.score, both.campaigns, both.left_out) == (65, 1, 1)
    assert "1 could not be read whole" in headline(both)


def test_nothing_to_look_at_is_no_score() -> None:
    assert audit([]).score is None


@contextmanager
def people(**columns: list[str | None]) -> Iterator[CampaignResult]:
    """A campaign that prints `a`, `b` and `c` to people who have these; the account has a field `d` besides."""
    size = len(next(iter(columns.values())))
    html = "{{ person.a }} {{ person.b }} {{ person.c }}"
    made = campaign("One")
    fields = tuple(Field(tag=name) for name in ("a", "b", "c", "d", "Email"))
    sent = replace(
        made.campaign,
        messages=(Message("m1", "A", {Part.HTML: html}),),
        vocabulary=Vocabulary(fields, complete=True),
        audience=AudienceRef((ListRef("l1", "list", "Used"),)),
    )
    with Snapshot({"a", "b", "c"}, memory_limit="256MB") as snapshot:
        snapshot.add(Batch(Role.INCLUDE, [f"p{i}" for i in range(size)], columns))
        audience = snapshot.finish()
        readings = {"A": Reading(compile_message(sent, sent.messages[0], parse(sent)["A"], NOW), audience)}
        yield replace(made, campaign=sent, audience=audience, readings=readings)


def test_fields_unused_never_filled_and_of_several_kinds() -> None:
    with people(a=['"x"', '"y"', None], b=['""', "null", '" "'], c=["3", '"many"', "4"]) as result:
        found = audit([result]).fields

    assert found.known == 5
    assert found.unused == ("d",)
    assert found.never_filled == ("b",)
    assert found.mixed == {"c": ("numbers or flags", "text")}


def test_without_recipients_nobody_knows_what_is_filled() -> None:
    with people(a=['"x"']) as result:
        found = audit([replace(result, audience=None)]).fields

    assert (found.unused, found.never_filled, found.mixed) == (("d",), (), {})


def test_the_account_is_more_than_what_its_campaigns_use() -> None:
    of_two = Joint(True, (Leaf(Ground.FIELD, "a", Op.IS, ("x",)), Leaf(Ground.FIELD, "a", Op.IS, ("y",))))
    either = Joint(False, of_two.parts)
    odd = Joint(True, (Leaf(Ground.UNKNOWN), Leaf(Ground.DEED)))
    with people(a=['"x"', None], b=['"y"', '"y"']) as result:
        (used,) = result.campaign.audience.included
        groups = (
            Group(used, 2),
            Group(ListRef("s1", "segment", "Both"), 0, Definition("Both", of_two)),
            Group(ListRef("s2", "segment", "Either"), 3, Definition("Either", either)),
            Group(ListRef("s3", "segment", "Odd"), Gap("not counted"), Definition("Odd", odd)),
        )
        fields = {"a": {"text": 1}, "d": {}, "e": {"text": 3, "numbers or flags": 1}}
        whole = audit([result], Inventory(groups, 4, fields))
        unread = audit([result], Inventory(Gap("no right to lists"), Gap("no right to contacts")))

    segments = whole.segments
    assert segments is not None
    assert (segments.known, segments.unused, segments.empty) == (4, ("Both", "Either", "Odd"), ("Both",))
    assert (segments.contradictory, segments.strange) == ({"Both": "a"}, {"Odd": 1})
    assert whole.fields.never_filled == ("c", "d")
    assert whole.fields.unused == ("d", "e")
    assert whole.fields.mixed == {"e": ("text", "numbers or flags")}
    assert (whole.fields.filled, whole.fields.contacts) == ({"a": 1, "d": 0, "e": 4}, 4)
    said = "\n".join(notes(whole))
    assert "used, and filled for fewer than half of 4 contacts: a (25 %)" in said
    assert "3 of 4 lists, segments and tags are in no campaign" in said
    assert "the conditions of Both on a exclude each other" in said
    assert "not judged: Odd (1)" in said
    assert unread.segments is None
    assert {"no right to lists", "no right to contacts"} <= set(unread.unknowable.values())
    data = json.loads(writer(Format.JSON)(replace(report(), audit=whole)))
    jsonschema.validate(data, schema())
    assert data["audit"]["segments"]["contradictory"] == [{"segment": "Both", "field": "a"}]


def test_contacts_are_counted_by_what_they_hold_and_a_refusal_is_a_sentence() -> None:
    class Account:
        account = "acme"

        def __init__(self, *pages: Batch | PlatformError) -> None:
            self.pages = pages

        def groups(self) -> Iterator[Group]:
            raise Refused("the key may not read lists", help="Add a scope")

        def contacts(self) -> Iterator[Batch]:
            for each in self.pages:
                if isinstance(each, PlatformError):
                    raise each
                yield each

    one = Batch(Role.INCLUDE, ["1", "2"], {"a": ['"x"', None], "b": ["1", "[]"]})
    two = Batch(Role.INCLUDE, ["3"], {"a": ['" "'], "b": ['"2"'], "c": ['""']})
    found = take(cast("Connector", Account(one, two)))
    assert found.contacts == 3
    assert found.fields == {"a": {"text": 1}, "b": {"numbers or flags": 1, "text": 1}, "c": {}}
    assert found.gaps == ("its lists and segments could not be read: the key may not read lists. Add a scope.",)
    cut = take(cast("Connector", Account(one, Unreachable("no answer"))))
    assert isinstance(cut.contacts, Gap)
    assert cut.fields == {}


def test_every_format_shows_it_and_a_scan_has_none() -> None:
    bad = replace(ALL, snippet=HOSTILE, fix=HOSTILE)
    with people(a=['"x"'], b=[None], c=["3"]) as result:
        whole = audit([replace(result, findings=(bad,))])
    shown = replace(report(campaign("One", bad)), audit=whole)

    table, markdown = (writer(form)(shown) for form in (Format.TABLE, Format.MARKDOWN))
    html = page(shown)
    assert "Score 65 of 100, of 1 campaign or automation" in html
    assert "<td>35.0</td>" in html
    assert "empty for everybody: b" in html
    assert "<script>" not in html
    assert 'id="account"' not in page(everything())
    for text in (table, markdown):
        assert "Score 65 of 100, of 1 campaign or automation" in text
        assert "empty for everybody: b" in text
    assert "  35.0  TAG002 no-fallback" in table
    assert "<script>" not in markdown.split("### Score")[1]
    data = json.loads(writer(Format.JSON)(shown))
    jsonschema.validate(data, schema())
    assert (data["audit"]["score"], data["audit"]["mends"][0]["gain"]) == (65, 35.0)
    assert data["audit"]["fields"]["never_filled"] == ["b"]
    assert {one["what"] for one in data["audit"]["unknowable"]} == set(whole.unknowable)
    assert "audit" not in json.loads(writer(Format.JSON)(everything()))


def test_long_lists_of_fields_are_cut_and_counted() -> None:
    with people(a=['"x"']) as result:
        fields = tuple(Field(tag=f"f{number:02}") for number in range(20))
        seen = replace(result.campaign, vocabulary=Vocabulary(fields, complete=True))
        (first, *_rest) = notes(audit([replace(result, campaign=seen)]))

    assert first == (
        "20 of 20 fields are in no copy and no segment: f00, f01, f02, f03, f04, f05, f06, f07 and 12 more"
    )
