"""A whole lint of a large letter, with recipients: twice the tags are twice the work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from presend.cli import main

LETTERS = {
    "klaviyo": ("first_name", "<p>Hi {{ first_name }},{% if first_name %} a{% else %} b{% endif %}</p>\n"),
    "mailchimp": ("FNAME", "<p>Hi *|FNAME|*,*|IF:FNAME|* a*|ELSE:|* b*|END:IF|*</p>\n"),
    "hubspot": ("firstname", "<p>Hi {{ contact.firstname }},{% if contact.firstname %} a{% else %} b{% endif %}</p>\n"),
}


def calls(work: Callable[[], None]) -> int:
    count = 0

    def see(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("platform", "suffix"), [("klaviyo", ".html"), ("klaviyo", ".txt"), ("mailchimp", ".html"), ("hubspot", ".html")]
)
def test_twice_the_tags_are_twice_the_work(platform: str, suffix: str, tmp_path: Path) -> None:
    field, letter = LETTERS[platform]
    people = tmp_path / "people.csv"
    people.write_text(f"id,email,{field}\n1,ann@example.com,Ann\n2,bo@example.com,\n", encoding="utf-8")

    def lint(times: int) -> None:
        template = tmp_path / f"letter{suffix}"
        template.write_text(letter * times, encoding="utf-8")
        output = ["--format", "json", "--output", str(tmp_path / "report.json")]
        with suppress(SystemExit):
            main(["lint", str(template), "--platform", platform, "--audience", str(people), *output])

    lint(1)
    one, two, four = (calls(lambda n=n: lint(n)) for n in (8, 16, 32))
    assert four - two < 2.3 * (two - one)
