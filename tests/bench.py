"""How long a large made-up audience takes to take in and to read, and in how much memory: `make bench`.

`make bench ARGS="--people 1000000 --platform mailchimp"`; one line per step, seconds of wall time.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from presend.audience.duck import Snapshot
from presend.audience.values import encode
from presend.dialects import dialect_for
from presend.dialects.base import OutcomeKind, Scene
from presend.model import Field, Part, Platform, Vocabulary
from presend.ports import Batch, Role
from presend.reading import Reading

PAGE = 1_000
"""Recipients per page, as the platforms hand them out."""

COLUMNS = {
    Platform.MAILCHIMP: ("FNAME", "CITY", "TIER", "EMAIL"),
    Platform.KLAVIYO: ("first_name", "city", "tier", "email"),
    Platform.HUBSPOT: ("firstname", "city", "tier", "email"),
}

TEMPLATES = {
    Platform.MAILCHIMP: "<p>Hi *|FNAME|*,</p>*|IF:TIER=gold|*<p>Gold in *|CITY|*</p>*|ELSE:|*<p>*|CITY|*</p>*|END:IF|*",
    Platform.KLAVIYO: (
        "<p>Hi {{ first_name|default:'there' }},</p>"
        "{% if person.tier == 'gold' %}<p>Gold in {{ person.city }}</p>{% else %}<p>{{ person.city }}</p>{% endif %}"
        "<p>{{ email }}</p>"
    ),
    Platform.HUBSPOT: (
        "<p>Hi {{ contact.firstname }},</p>"
        "{% if contact.tier == 'gold' %}<p>Gold in {{ contact.city }}</p>{% else %}<p>{{ contact.city }}</p>{% endif %}"
    ),
}


def pages(platform: Platform, people: int) -> Iterator[Batch]:
    """Made-up recipients: 4,000 first names, 900 cities, one in twelve without a name."""
    draw = random.Random(7)
    name, city, tier, email = COLUMNS[platform]
    names = [encode(f"Name{number}") for number in range(4_000)]
    cities = [encode(f"City {number}") for number in range(900)]
    tiers = [encode(word) for word in ("gold", "silver", "none")]
    for first in range(0, people, PAGE):
        ids = [f"p{number}" for number in range(first, min(first + PAGE, people))]
        yield Batch(
            role=Role.INCLUDE,
            ids=ids,
            columns={
                name: [None if draw.random() < 1 / 12 else draw.choice(names) for _ in ids],
                city: [draw.choice(cities) for _ in ids],
                tier: [draw.choice(tiers) for _ in ids],
                email: [encode(f"{one}@example.com") for one in ids],
            },
            suppressed=[None] * len(ids),
        )


class Laps:
    """A stopwatch that prints its laps."""

    def __init__(self) -> None:
        self.last = time.perf_counter()

    def lap(self, what: str) -> None:
        """Print how long the step took that ends here."""
        now = time.perf_counter()
        print(f"{now - self.last:8.2f} s  {what}", flush=True)
        self.last = now


def main() -> None:
    """Take the people in, read the template for all of them, count who reads what, read some one by one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=200_000)
    options.add_argument("--platform", type=Platform, choices=list(Platform), default=Platform.KLAVIYO)
    options.add_argument("--memory", default="2GB", help="the cap of the audience engine")
    chosen = options.parse_args()
    platform: Platform = chosen.platform
    dialect = dialect_for(platform)
    vocabulary = Vocabulary(fields=tuple(Field(name) for name in COLUMNS[platform]), complete=True)

    laps = Laps()
    with Snapshot(COLUMNS[platform], memory_limit=chosen.memory) as snapshot:
        for page in pages(platform, chosen.people):
            snapshot.add(page)
        audience = snapshot.finish()
        laps.lap(f"{audience.size:,} people taken in")

        template = dialect.parse(TEMPLATES[platform], Part.HTML)
        program = dialect.compile(template, vocabulary, Scene(now=datetime(2026, 11, 23, 9, tzinfo=UTC)))
        reading = Reading({Part.HTML: program}, audience)
        regions = reading.regions
        distinct = sum(len(region.entries()) for region in regions)
        laps.lap(f"{len(regions)} regions read for everybody: {distinct:,} distinct outcomes")

        blank = [audience.count(region.of_kind(OutcomeKind.BLANK)) for region in regions]
        laps.lap("counted who reads a blank: " + ", ".join(f"{count:,}" for count in blank))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(f"{memory:8.0f} MB at most")


if __name__ == "__main__":
    main()
