"""The database of Home Assistant's recorder, opened so that nothing can be written to it.

Its tables are those of schema 53 (`homeassistant/components/recorder/db_schema.py` of 2026.10): `states`
with a row for each change, its times as seconds since 1970, `last_reported_ts` where the same state was
reported again later, and the entity in `states_meta`; the unit stands in `state_attributes`.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

from evenload.simulate.replay.history import Row, wrong

_NEEDED = {
    "states": {"metadata_id", "state", "last_updated_ts", "attributes_id"},
    "states_meta": {"metadata_id", "entity_id"},
    "state_attributes": {"attributes_id", "shared_attrs"},
}
_FAR = 1e12
"""Beyond every time [s]."""


class RecorderDatabase:
    """A database, read row by row."""

    def __init__(
        self, path: Path, entities: frozenset[str], *, begin: float | None, end: float | None
    ) -> None:
        """Look what it holds; raises ConfigurationError where it is no recorder's."""
        self._path = path
        self._between = (0.0 if begin is None else begin, _FAR if end is None else end)
        try:
            with closing(self._connect()) as database:
                self._check(database)
                self._names = _names(database, entities)
                found = self._spans(database)
        except sqlite3.Error as error:
            raise wrong(path, f"cannot be read ({error})") from error
        self.counts = dict.fromkeys(entities, 0) | {
            self._names[metadata]: count for metadata, count, _, _ in found
        }
        self.begin = min((first for _, _, first, _ in found), default=0.0)
        self.end = max((last for _, _, _, last in found), default=0.0)

    def rows(self) -> Iterator[Row]:
        """Yield every row in the order of time."""
        with closing(self._connect()) as database:
            units = _Units(database)
            reported = "last_reported_ts" if self._has_reported(database) else "NULL"
            query = (
                f"SELECT last_updated_ts, metadata_id, state, {reported}, attributes_id "  # noqa: S608 - no text of a user's
                f"FROM states WHERE {self._where()} ORDER BY last_updated_ts"
            )
            for at, metadata, state, until, attributes in database.execute(query, self._between):
                unit = units.of(attributes)
                yield Row(at, self._names[metadata], state or "", until or at, unit)

    def _connect(self) -> sqlite3.Connection:
        """Return a connection that cannot write.

        A recorder's database has a log of what is not yet in it, and even a reader keeps an index of
        that log in the same folder. Where it may not, and there is no log, nobody writes either.
        """
        address = self._path.resolve().as_uri()
        database = sqlite3.connect(f"{address}?mode=ro", uri=True)
        try:
            database.execute("PRAGMA schema_version")
        except sqlite3.DatabaseError as error:
            database.close()
            has_log = self._path.with_name(f"{self._path.name}-wal").exists()
            if has_log or not isinstance(error, sqlite3.OperationalError):
                raise
            return sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
        return database

    def _check(self, database: sqlite3.Connection) -> None:
        for table, columns in _NEEDED.items():
            there = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            if not columns <= there:
                missing = f"table {table}" if not there else f"column {min(columns - there)}"
                raise wrong(self._path, f"is a database without {missing}")

    def _has_reported(self, database: sqlite3.Connection) -> bool:
        columns = database.execute("PRAGMA table_info(states)")
        return any(row[1] == "last_reported_ts" for row in columns)

    def _where(self) -> str:
        numbers = ", ".join(map(str, self._names))
        return (
            f"metadata_id IN ({numbers}) AND last_updated_ts >= ? AND last_updated_ts < ? "
            "AND state IS NOT NULL"
        )

    def _spans(self, database: sqlite3.Connection) -> list[tuple[int, int, float, float]]:
        """Return (metadata, rows, first, last) of each entity that has any."""
        query = (
            "SELECT metadata_id, COUNT(*), MIN(last_updated_ts), MAX(last_updated_ts) "  # noqa: S608 - the same
            f"FROM states WHERE {self._where()} GROUP BY metadata_id"
        )
        return database.execute(query, self._between).fetchall()


class _Units:
    """Units of measurement, looked up once for each set of attributes."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._known: dict[int | None, str | None] = {None: None}

    def of(self, attributes: int | None) -> str | None:
        """Return the unit in these attributes; None: they have none."""
        if attributes not in self._known:
            query = "SELECT shared_attrs FROM state_attributes WHERE attributes_id = ?"
            found = self._database.execute(query, (attributes,)).fetchone()
            self._known[attributes] = None if found is None else _unit(found[0])
        return self._known[attributes]


def _unit(text: object) -> str | None:
    try:
        data: object = json.loads(str(text))
    except ValueError:
        return None
    unit = (
        cast("dict[str, object]", data).get("unit_of_measurement") if isinstance(data, dict) else 0
    )
    return unit if isinstance(unit, str) else None


def _names(database: sqlite3.Connection, entities: frozenset[str]) -> dict[int, str]:
    """Return the entities that were asked for by their number in the database."""
    rows = database.execute("SELECT metadata_id, entity_id FROM states_meta")
    return {metadata: entity for metadata, entity in rows if entity in entities}
