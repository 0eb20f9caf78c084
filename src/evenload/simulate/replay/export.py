"""What Home Assistant's history panel downloads: a table of entity_id, state and last_changed.

Its rows come entity by entity. More columns may follow, for climate entities; they are left alone.
"""

import csv
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import merge
from pathlib import Path

from evenload.simulate.replay.history import Row, wrong

_COLUMNS = ("entity_id", "state", "last_changed")


@dataclass(slots=True)
class _Column:
    """The states of one entity: times, and for each which of the texts it has had."""

    times: array[float] = field(default_factory=lambda: array("d"))
    places: array[int] = field(default_factory=lambda: array("l"))
    texts: list[str] = field(default_factory=list[str])
    known: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, at: float, state: str) -> None:
        place = self.known.setdefault(state, len(self.texts))
        if place == len(self.texts):
            self.texts.append(state)
        self.times.append(at)
        self.places.append(place)

    def rows(self, entity: str) -> Iterator[Row]:
        """Yield its rows in the order of time."""
        order = range(len(self.times))
        if any(self.times[place] > self.times[place + 1] for place in order[:-1]):
            order = sorted(order, key=self.times.__getitem__)
        for place in order:
            yield Row(self.times[place], entity, self.texts[self.places[place]])


class Export:
    """An export, with what is asked for kept in little room."""

    def __init__(
        self, path: Path, entities: frozenset[str], *, begin: float | None, end: float | None
    ) -> None:
        """Read it; raises ConfigurationError where it is no such table."""
        self._path = path
        self._columns = {entity: _Column() for entity in entities}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                self._read(csv.reader(file), begin, end)
        except UnicodeDecodeError as error:
            raise wrong(path, "is no text in UTF-8") from error
        except csv.Error as error:
            raise wrong(path, f"is no table ({error})") from error
        self.counts = {entity: len(column.times) for entity, column in self._columns.items()}
        times = [column.times for column in self._columns.values() if column.times]
        self.begin = min((min(each) for each in times), default=0.0)
        self.end = max((max(each) for each in times), default=0.0)

    def rows(self) -> Iterator[Row]:
        """Yield every row in the order of time."""
        columns = (column.rows(entity) for entity, column in sorted(self._columns.items()))
        return merge(*columns, key=lambda row: row.at)

    def _read(self, table: Iterator[list[str]], begin: float | None, end: float | None) -> None:
        first: list[str] = next(table, list[str]())
        header = [name.strip() for name in first]
        if not set(_COLUMNS) <= set(header):
            problem = f"begins with the columns {', '.join(header[:4]) or '(none)'}"
            if header[:3] == ["entity_id", "type", "unit"]:
                problem += ": that is the energy panel's export, which has hours, not moments"
            raise wrong(self._path, problem)
        entity_at, state_at, time_at = (header.index(name) for name in _COLUMNS)
        least = max(entity_at, state_at, time_at) + 1
        for line, cells in enumerate(table, start=2):
            column = self._columns.get(cells[entity_at]) if len(cells) >= least else None
            if column is None:
                continue
            at = _seconds(cells[time_at])
            if at is None:
                problem = f"line {line}: {cells[time_at]!r} is no time"
                raise wrong(self._path, problem)
            if (begin is None or at >= begin) and (end is None or at < end):
                column.add(at, cells[state_at])


def _seconds(text: str) -> float | None:
    """Return a time such as 2026-06-15T12:00:00.000Z [s since 1970]; None: it is none."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None
