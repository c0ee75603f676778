"""Who is in several audiences of one run, told by address: compared inside the engine, never person by person here.

All audiences must be in one engine, as those of a process with one memory cap are. Addresses stay in its tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations

import duckdb

from presend.audience.duck import DuckAudience
from presend.audience.engine import EVERYONE, NOBODY, Fold, Pair, Who
from presend.audience.engine import Between as Others
from presend.audience.rooms import Room, quote
from presend.audience.schema import as_of, fact
from presend.audience.shapes import folded

_EMAIL, _CONSENT, _CHANGED = fact("email"), fact("consent_at"), fact("updated_at")
COMBINATIONS = 2_000
"""Up to so many combinations of audiences that people are in, it is known which two have nobody in common."""


def _time(cell: str) -> str:
    """A cell with a time as `YYYY-MM-DDTHH:MM:SSZ`, which compares as the times do; NULL for any other."""
    return f"CASE WHEN {cell} LIKE '\"____-__-__T__:__:__Z\"' THEN substr({cell}, 2, 20) END"


class Meeting:
    """Audiences beside each other; `close` takes its tables away, before or after those of the audiences.

    Every method may raise duckdb.Error when the engine has no room left.
    """

    def __init__(self, audiences: Iterable[DuckAudience], *, memory_limit: str = "2GB") -> None:
        self._room = Room(memory_limit)
        self._db = self._room.db
        self._place = f"memory.{self._db.execute('SELECT current_schema()').fetchall()[0][0]}"
        self._audiences = list(dict.fromkeys(audiences))
        self._numbers = {audience: number for number, audience in enumerate(self._audiences)}
        self._met = False
        self._pairs: AbstractSet[tuple[int, int]] | None = None
        self._known = False
        self._between: dict[tuple[int, int], Between] = {}
        self._db.execute("CREATE TABLE address (audience INTEGER, seq BIGINT, address VARCHAR)")
        for number, audience in enumerate(self._audiences):
            text = folded(audience.cell(_EMAIL, "a"), Fold.CASE)
            rows = f"SELECT {number}, a.seq, {text} AS address FROM {audience.place}.a a"
            self._db.execute(f"INSERT INTO address SELECT * FROM ({rows}) WHERE address LIKE '%@%'")
        columns = "account VARCHAR, address VARCHAR, since VARCHAR, until VARCHAR, yes BOOLEAN"
        self._db.execute(f"CREATE TABLE denied ({columns})")

    def close(self) -> None:
        """Give the tables back; further calls do nothing."""
        self._room.close()

    # -- people of two audiences

    def _meet(self) -> None:
        """Give everybody who is in more than one audience a number."""
        if not self._met:
            self._db.execute(
                "CREATE TABLE met AS SELECT p.person, e.audience, e.seq FROM address e JOIN ("
                "SELECT address, row_number() OVER () AS person FROM address GROUP BY address "
                "HAVING count(DISTINCT audience) > 1) p USING (address)"
            )
            self._met = True

    def _meeting(self, mine: int, theirs: int) -> bool:
        """Whether anybody is in both, as far as that was worked out: by the combinations of audiences there are."""
        if self._pairs is None:
            self._meet()
            each = "SELECT list(DISTINCT audience ORDER BY audience) AS l FROM met GROUP BY person"
            rows = self._db.execute(f"SELECT DISTINCT l FROM ({each}) LIMIT {COMBINATIONS + 1}").fetchall()
            few = len(rows) <= COMBINATIONS
            self._pairs = {pair for (row,) in rows for pair in combinations(row, 2)} if few else frozenset()
            self._known = few
        return not self._known or (min(mine, theirs), max(mine, theirs)) in self._pairs

    def between(self, mine: DuckAudience, theirs: DuckAudience) -> Between:
        """The people of one audience who are in another one too."""
        pair = self._numbers[mine], self._numbers[theirs]
        if pair not in self._between:
            self._between[pair] = Between(self._db, self._place, self._meeting, (mine, pair[0]), (theirs, pair[1]))
        return self._between[pair]

    def several(self, others: Sequence[Others], number: int) -> Who:
        """My recipients who are in so many or more of the others, which may be the same audience several times."""
        betweens = [one for one in others if isinstance(one, Between)]
        if number <= 0 or len(betweens) < number:
            return EVERYONE if number <= 0 else NOBODY
        mine, weights = betweens[0].mine, Counter(one.numbers[1] for one in betweens)
        left = number - weights.pop(self._numbers[mine], 0)
        if left <= 0 or not weights:
            return EVERYONE if left <= 0 else NOBODY
        self._meet()
        listed = ", ".join(f"({audience}, {weight})" for audience, weight in weights.items())
        each = (
            "SELECT DISTINCT m.seq, t.audience FROM met m JOIN met t ON m.person = t.person "
            f"WHERE m.audience = {self._numbers[mine]} AND t.audience IN ({', '.join(map(str, weights))})"
        ).replace("met ", f"{self._place}.met ")
        counted = f"({each}) e JOIN (VALUES {listed}) w(audience, weight) ON e.audience = w.audience"
        return mine.marked(f"SELECT e.seq FROM {counted} GROUP BY e.seq HAVING sum(w.weight) >= {left}")

    # -- people who said no

    def known(self, addresses: Sequence[str]) -> frozenset[str]:
        """Those of some addresses, as they are given, that a recipient of any audience has."""
        wanted = {one.strip().lower(): one for one in addresses}
        if not wanted:
            return frozenset()
        listed = ", ".join(map(quote, wanted))
        found = self._db.execute(f"SELECT DISTINCT address FROM address WHERE address IN ({listed})").fetchall()
        return frozenset(wanted[row[0]] for row in found)

    def take(self, account: str, rows: Iterable[tuple[str, str | None, str | None, bool]]) -> None:
        """What an account knows of some people: address, since and until when the answer may be, whether it is yes."""
        with self._db.appender("denied") as table:
            table.append_rows([(account, address.strip(), since, until, yes) for address, since, until, yes in rows])

    def denied(self, mine: DuckAudience, account: str) -> tuple[Who, Who]:
        """Who opted out in an account: those who did after agreeing here, and those of whom the order is not known.

        Who agreed here after the opt-out there is in neither.
        """
        answers = (
            "SELECT lower(address) AS address, max(since) AS since, "
            "CASE WHEN count(until) = count(*) THEN max(until) END AS until "
            f"FROM {self._place}.denied WHERE account = {quote(account)} GROUP BY ALL HAVING NOT bool_or(yes)"
        )
        agreed = _time(mine.cell(_CONSENT, "a"))
        text = folded(mine.cell(_EMAIL, "a"), Fold.CASE)
        people = f"SELECT a.seq, {text} AS address, {agreed} AS agreed FROM {mine.place}.a a"
        told = f"SELECT p.seq, p.agreed, n.since, n.until FROM ({people}) p JOIN ({answers}) n USING (address)"
        after = "COALESCE(since >= agreed, FALSE)"
        before = "COALESCE(until < agreed, FALSE)"
        sure = mine.marked(f"SELECT seq FROM ({told}) WHERE {after}")
        unclear = mine.marked(f"SELECT seq FROM ({told}) WHERE NOT {after} AND NOT {before}")
        return sure, unclear & ~sure


class Between:
    """Two audiences; see `presend.audience.engine.Between`."""

    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        place: str,
        meeting: Callable[[int, int], bool],
        mine: tuple[DuckAudience, int],
        theirs: tuple[DuckAudience, int],
    ) -> None:
        self._db = db
        self._place = place
        self._meeting = meeting
        self.mine, self._theirs = mine[0], theirs[0]
        self.numbers = mine[1], theirs[1]
        self._shared: dict[Who, Who] = {}
        self._found: dict[tuple[str, str], list[Pair]] = {}

    @property
    def apart(self) -> bool:
        """Whether surely nobody is in both."""
        return self.mine is not self._theirs and not self._meeting(*self.numbers)

    def shared(self, theirs: Who = EVERYONE) -> Who:
        """My recipients who are in a set of theirs."""
        if self.mine is self._theirs or theirs == NOBODY:
            return theirs
        if self.apart:
            return NOBODY
        if theirs not in self._shared:
            met = f"{self._place}.met"
            within = "" if theirs == EVERYONE else f" AND t.seq IN (SELECT seq FROM {self._theirs.numbered(theirs)})"
            people = f"SELECT t.person FROM {met} t WHERE t.audience = {self.numbers[1]}{within}"
            mine = f"SELECT m.seq FROM {met} m WHERE m.audience = {self.numbers[0]} AND m.person IN ({people})"
            self._shared[theirs] = self.mine.marked(mine)
        return self._shared[theirs]

    def differing(self, mine: str, theirs: str) -> list[Pair]:
        """Distinct texts of a column of mine and one of theirs that are not the same for the same person."""
        if self.mine is self._theirs or self.apart:
            return []
        if (mine, theirs) not in self._found:
            every = self._pairs(mine, theirs)
            sql = f"SELECT mine, theirs, fresher, count(DISTINCT seq) AS n FROM ({every}) GROUP BY ALL"
            rows = self._db.execute(f"{sql} ORDER BY n DESC, mine, theirs, fresher").fetchall()
            self._found[mine, theirs] = [Pair(row[0], row[1], row[2], int(row[3])) for row in rows]
        return self._found[mine, theirs]

    def where(self, mine: str, theirs: str, pairs: Iterable[Pair]) -> Who:
        """My recipients with one of the pairs that `differing` gave for the same columns."""
        wanted = [(pair.mine, pair.theirs, pair.fresher) for pair in pairs]
        if not wanted:
            return NOBODY
        self._db.execute("CREATE OR REPLACE TABLE wanted (mine VARCHAR, theirs VARCHAR, fresher INTEGER)")
        with self._db.appender("wanted") as table:
            table.append_rows(wanted)
        same = "p.mine = w.mine AND p.theirs = w.theirs AND p.fresher IS NOT DISTINCT FROM w.fresher"
        found = f"SELECT p.seq FROM ({self._pairs(mine, theirs)}) p JOIN {self._place}.wanted w ON {same}"
        return self.mine.marked(found)

    def _pairs(self, mine: str, theirs: str) -> str:
        """The question for everybody who is in both with another text in each: seq, mine, theirs, fresher."""
        x, y = self.mine.cell(mine, "x"), self._theirs.cell(theirs, "y")
        left, right = folded(x, Fold.CASE), folded(y, Fold.CASE)
        my_date, their_date = _dated(self.mine, mine, "x"), _dated(self._theirs, theirs, "y")
        fresher = f"CASE WHEN {my_date} > {their_date} THEN 1 WHEN {my_date} < {their_date} THEN -1 END"
        return (
            f"SELECT m.seq, {x} AS mine, {y} AS theirs, {fresher} AS fresher "
            f"FROM {self._place}.met m JOIN {self._place}.met t ON m.person = t.person "
            f"JOIN {self.mine.place}.a x ON x.seq = m.seq JOIN {self._theirs.place}.a y ON y.seq = t.seq "
            f"WHERE m.audience = {self.numbers[0]} AND t.audience = {self.numbers[1]} "
            f"AND {left} <> '' AND {right} <> '' AND {left} <> {right}"
        )


def _dated(audience: DuckAudience, column: str, table: str) -> str:
    """When a cell was last known true, else when anything of its record changed."""
    said, changed = audience.cell(as_of(column), table), audience.cell(_CHANGED, table)
    return f"COALESCE({_time(said)}, {_time(changed)})"
