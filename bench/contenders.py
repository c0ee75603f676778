"""What is compared: each contender does its work on one audience and says what it cost, in a process of its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from bench.audience import COLUMNS, Files

SAMPLE = 5_000
"""The first recipients, whose mails the full renderers render: each costs the same, however many there are."""

INGESTED = 100_000
"""The first recipients, who are taken in page by page, for the cost of one."""

PAGE = 1_000
"""Recipients in a page, as the platforms hand them out."""


@dataclass(slots=True)
class Cost:
    """What a contender's work took; imports and the opening of modules are not in it, but for the memory."""

    recipients: int = 0
    """How many it did the work for."""
    cpu: float = 0.0
    """Seconds, user and system."""
    wall: float = 0.0
    peak_mb: float = 0.0
    """Of the whole process, imports and all."""
    answers: dict[str, int] = field(default_factory=dict)
    """What it counted, so that contenders can be held against each other."""
    told: int = 0
    """Findings, for presend."""


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def measured(cost: Cost) -> Iterator[None]:
    """Writes down what the work inside takes."""
    cpu, wall = _cpu(), time.perf_counter()
    yield
    cost.cpu, cost.wall = _cpu() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost.peak_mb = peak / (1024**2 if sys.platform == "darwin" else 1024)


# ------------------------------------------------------------------------------------------------- presend


def presend(files: Files) -> Cost:
    """From the snapshot on disk to every finding of every rule: opening, parsing, reading, checking, examples."""
    from bench import mail
    from presend.audience.duck import DuckAudience
    from presend.engine import Request, close, examine, parse, with_names
    from presend.registry import rules
    from presend.rules import RuleSet

    request = Request(mail.NOW, RuleSet(rules()))
    warm()
    cost = Cost()
    with measured(cost):
        audience = DuckAudience.open(sorted(files.cells.glob("*.parquet")), COLUMNS)
        campaign = with_names(mail.campaign(), {name for name in COLUMNS if not name.startswith("@")})
        result = examine(campaign, parse(campaign), audience, request)
    cost.recipients, cost.told = audience.size, len(result.findings)
    broken = [u.reason for u in result.unchecked if u.kind.value == "failed"]
    close([result])
    if broken:
        raise RuntimeError(f"a check did not run, so that the figures would flatter: {broken[0]}")
    return cost


def warm() -> None:
    """Import what the dialect imports when it is first used."""
    from bench.mail import NOW
    from presend.dialects import dialect_for
    from presend.dialects.base import Scene
    from presend.model import Part, Platform, Vocabulary

    dialect = dialect_for(Platform.KLAVIYO)
    dialect.compile(dialect.parse("<p>{{ first_name }}</p>", Part.HTML), Vocabulary(), Scene(NOW))


def reading(files: Files) -> Cost:
    """Everything but the checks: what every region prints for everybody, and how many read what."""
    from bench import mail
    from presend.audience.duck import DuckAudience
    from presend.dialects.base import OutcomeKind
    from presend.engine import compile_message, parse, with_names
    from presend.model import Part
    from presend.reading import Reading

    warm()
    cost = Cost()
    with measured(cost):
        audience = DuckAudience.open(sorted(files.cells.glob("*.parquet")), COLUMNS)
        campaign = with_names(mail.campaign(), {name for name in COLUMNS if not name.startswith("@")})
        (templates,) = parse(campaign).values()
        programs = compile_message(campaign, campaign.messages[0], templates, mail.NOW)
        found = Reading(programs, audience)
        places = [*found.regions, *(test for part in found.parts.values() for test in part.tests)]
        for place in places:
            place.entries()
        blank = {
            f"blank {place.expression.columns[0]}": audience.count(place.of_kind(OutcomeKind.BLANK))
            for place in places
            if not (place.expression.test or place.guards)
            and place.expression.columns
            and place.expression.fallback is None
        }
        gold = found.parts[Part.HTML].tests[0]
        blank["gold"] = audience.count(gold.of_kind(OutcomeKind.PRINTED))
    cost.recipients, cost.answers = audience.size, blank
    audience.close()
    return cost


def ingest(files: Files) -> Cost:
    """Pages of people into a snapshot, as a connector hands them over."""
    import duckdb

    from presend.audience.snapshot import Snapshot
    from presend.ports import Batch, Role

    cells = ", ".join(f"c{index}" for index in range(len(COLUMNS)))
    source = f"read_parquet('{files.cells}/*.parquet')"
    rows = duckdb.execute(f"SELECT id, why, {cells} FROM {source} WHERE seq < {INGESTED} ORDER BY seq").fetchall()
    pages = []
    for first in range(0, len(rows), PAGE):
        ids, why, *columns = (list(column) for column in zip(*rows[first : first + PAGE], strict=True))
        pages.append(Batch(Role.INCLUDE, ids, dict(zip(COLUMNS, columns, strict=True)), suppressed=why))
    cost = Cost(recipients=len(rows))
    with Snapshot(COLUMNS) as snapshot:
        with measured(cost):
            for page in pages:
                snapshot.add(page)
            audience = snapshot.finish()
        cost.answers = {"size": audience.size}
    return cost


# ------------------------------------------------------------------------------------------ full renderers


def _contexts(files: Files) -> list[dict[str, object]]:
    """What a template engine is given for each person of the sample."""
    import duckdb

    from bench import mail

    cells = ", ".join(f"c{COLUMNS.index(name)}" for name in mail.READ)
    source = f"read_parquet('{files.cells}/*.parquet')"
    rows = duckdb.execute(f"SELECT {cells} FROM {source} WHERE why IS NULL AND seq < {SAMPLE} ORDER BY seq").fetchall()
    return [
        mail.context({name: json.loads(cell) for name, cell in zip(mail.READ, row, strict=True) if cell is not None})
        for row in rows
    ]


def django(files: Files) -> Cost:
    """Every part of every mail of the sample, rendered by Django; nobody looks at what came out."""
    from django.conf import settings
    from django.template import Context, Engine

    from bench import mail

    settings.configure(USE_I18N=False)
    contexts = _contexts(files)
    cost = Cost(recipients=len(contexts))
    with measured(cost):
        templates = [Engine().from_string(source) for source in mail.for_django()]
        length = sum(len(template.render(Context(one))) for one in contexts for template in templates)
    cost.answers = {"characters": length}
    return cost


def jinja2(files: Files) -> Cost:
    """As `django`, by Jinja2, compiled and with its escaping on."""
    from jinja2 import Environment

    from bench import mail

    contexts = _contexts(files)
    cost = Cost(recipients=len(contexts))
    with measured(cost):
        environment = Environment(autoescape=True)
        templates = [environment.from_string(source) for source in mail.for_jinja2()]
        length = sum(len(template.render(one)) for one in contexts for template in templates)
    cost.answers = {"characters": length}
    return cost


# ----------------------------------------------------------------------------------------- queries by hand


def polars(files: Files) -> Cost:
    """The data checks alone, as a query somebody would write in Polars."""
    from bench import byhand

    cost = Cost(recipients=files.recipients)
    byhand.prepare_polars()
    with measured(cost):
        cost.answers = byhand.with_polars(files.plain)
    cost.recipients = cost.answers["people"]
    return cost


def duckdb(files: Files) -> Cost:
    """The data checks alone, as a query somebody would write in SQL."""
    from bench import byhand

    cost = Cost()
    with measured(cost):
        cost.answers = byhand.with_duckdb(files.plain)
    cost.recipients = cost.answers["people"]
    return cost


CONTENDERS: dict[str, Callable[[Files], Cost]] = {
    "presend": presend,
    "reading": reading,
    "django": django,
    "jinja2": jinja2,
    "polars": polars,
    "duckdb": duckdb,
    "ingest": ingest,
}
"""In the order of a round."""


def run(name: str, files: Files) -> str:
    """The cost of one contender as JSON, for the process that started this one."""
    return json.dumps(asdict(CONTENDERS[name](files)))
