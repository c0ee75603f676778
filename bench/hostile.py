"""What hostile and very large templates cost: each shape at n, 2n and 4n, which has to double, and not to square."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path

from presend.cli import main as presend

FIELD = {"klaviyo": "first_name", "mailchimp": "FNAME", "hubspot": "firstname"}
IFS = {
    "klaviyo": "<p>{% if first_name %}a{% else %}b{% endif %}</p>",
    "mailchimp": "<p>*|IF:FNAME|*a*|ELSE:|*b*|END:IF|*</p>",
    "hubspot": "<p>{% if contact.firstname %}a{% else %}b{% endif %}</p>",
}
TAGS = {
    "klaviyo": "<p>Hi {{ first_name }}, welcome</p>",
    "mailchimp": "<p>Hi *|FNAME|*, welcome</p>",
    "hubspot": "<p>Hi {{ contact.firstname }}, welcome</p>",
}
OPENERS = {
    "klaviyo": ("{", "{{", "{%", "{#"),
    "mailchimp": ("*|", "|*", "*|IF:FNAME|*"),
    "hubspot": ("{{", "{%", "{{ '\\'"),
}
MIXED = ("{{", "{%", "{#", "*|", "[[", "<<", "%%")


def shapes(platform: str) -> Iterator[tuple[str, int, str]]:
    """Name, how often at first, and what is repeated; `mixed` draws from all open delimiters."""
    for opener in OPENERS[platform]:
        yield f"{opener} alone", 8_000, opener
    yield "mixed delimiters", 70_000, ""
    yield "start tags left open", 8_000, "<a {{ x }}"
    yield "markup left open", 8_000, "<!"
    yield "conditions", 1_000, IFS[platform]
    yield "tags", 4_000, TAGS[platform]


def source(repeated: str, times: int) -> str:
    """The template: a paragraph, and the shape so many times."""
    draw = random.Random(1)
    return "<p>Hi</p>" + (repeated * times if repeated else "".join(draw.choice(MIXED) + " " for _ in range(times)))


def seconds(folder: Path, platform: str, text: str) -> float:
    """Processor time of one lint with two recipients, one of whom has no value."""
    template, people = folder / "letter.html", folder / "people.csv"
    template.write_text(text, encoding="utf-8")
    people.write_text(f"id,email,{FIELD[platform]}\n1,ann@example.com,Ann\n2,bo@example.com,\n", encoding="utf-8")
    words = ["lint", str(template), "--platform", platform, "--audience", str(people), "--format", "json"]
    begun = time.process_time()
    # The exit code tells of findings, and there are plenty.
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()), suppress(SystemExit):
        presend(words)
    return time.process_time() - begun


def main() -> None:
    """Print a table of seconds and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--platform", choices=sorted(FIELD), action="append")
    options.add_argument("--scale", type=float, default=1.0, help="times the first size of each shape")
    given = options.parse_args()
    print("| platform | shape | n | n, s | 2n, s | 4n, s | 2n : n | 4n : 2n |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for platform in given.platform or sorted(FIELD):
            seconds(folder, platform, source(IFS[platform], 1))  # imports
            for shape, first, repeated in shapes(platform):
                n = round(first * given.scale)
                took = [seconds(folder, platform, source(repeated, n * times)) for times in (1, 2, 4)]
                ratios = f"{took[1] / took[0]:.1f} | {took[2] / took[1]:.1f}"
                shown = shape.replace("|", "\\|")
                print(f"| {platform} | {shown} | {n} | {' | '.join(f'{t:.2f}' for t in took)} | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
