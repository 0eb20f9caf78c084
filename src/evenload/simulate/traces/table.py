"""Columns out of a user's CSV file or out of a recording.

Times become seconds since the midnight before the first row. Whatever is wrong with a file is a
finding with the place in the site file that named it.
"""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evenload.model.finding import ConfigurationError, Finding
from evenload.simulate.settings import CsvFile, CsvSessions, RecordedFile, RecordedSessions

type Floats = NDArray[np.float64]

DATA_VARIABLE = "EVENLOAD_DATA"
"""The environment variable that says where recordings are."""
_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns with their times."""

    times: Floats
    """Rising, since the first row's midnight [s]."""
    columns: tuple[Floats, ...]
    """As they were asked for; NaN where a row has no value."""

    @property
    def step(self) -> float:
        """The usual distance of rows [s]."""
        return float(np.median(np.diff(self.times)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is read from a file, and where the site file asks for it."""

    numbers: Sequence[str]
    moments: Sequence[str]
    place: str
    key: str
    only: tuple[str, str] | None = None
    """A column, and what it has to hold for a row to count."""

    @property
    def columns_place(self) -> str:
        """Where the site file names columns."""
        return f"{self.place}.{self.key}"


def refusal(place: str, problem: str, allowed: str) -> ConfigurationError:
    """Return what is wrong at one place of the site file."""
    return ConfigurationError([Finding(path=place, problem=problem, allowed=allowed)])


def read_table(
    source: CsvFile | RecordedFile, columns: Sequence[str], *, place: str, key: str
) -> Table:
    """Read columns of a file; raises ConfigurationError with paths below `place`.

    `key` is the one under which the site file names the columns.
    """
    moments = [] if source.time is None else [source.time]
    found = _read(source, _Wanted(numbers=columns, moments=moments, place=place, key=key))
    values = tuple(found[name] for name in columns)
    if source.time is None:
        times = np.arange(values[0].size, dtype=np.float64) * source.step
    else:
        times = _since_midnight(found[source.time])
    if times.size < 2 or not np.all(np.diff(times) > 0):  # noqa: PLR2004 - two rows make a step
        allowed = "at least two rows in rising order of time"
        raise refusal(f"{place}.time", "times do not rise", allowed)
    return Table(times=times, columns=values)


def read_sessions(
    source: CsvSessions | RecordedSessions, *, place: str
) -> list[tuple[float, float, float]]:
    """Return (arrives, leaves, energy) of each charging session at one plug [s, s, Wh].

    Times count from the midnight before the first arrival. Raises ConfigurationError with paths below
    `place`.
    """
    only = None if source.station is None else (source.station, str(source.at))
    wanted = _Wanted(
        numbers=[source.energy],
        moments=[source.arrives, source.leaves],
        place=place,
        key="arrives",
        only=only,
    )
    found = _read(source, wanted)
    arrivals, departures = found[source.arrives], found[source.leaves]
    if arrivals.size == 0:
        raise refusal(f"{place}.at", f"given {source.at}", "a plug that has sessions in the file")
    midnight = arrivals.min() // _DAY * _DAY
    rows = (arrivals - midnight, departures - midnight, found[source.energy] * source.scale)
    return list(zip(*(column.tolist() for column in rows), strict=True))


def _since_midnight(moments: Floats) -> Floats:
    """Return seconds since the midnight before the first one."""
    return moments - moments[:1] // _DAY * _DAY


def _read(source: CsvFile | RecordedFile, wanted: _Wanted) -> dict[str, Floats]:
    """Return the wanted columns of the rows that count, moments as seconds."""
    read = _read_csv if isinstance(source, CsvFile) else _read_parquet
    return read(source, wanted)


def _read_csv(source: CsvFile | RecordedFile, wanted: _Wanted) -> dict[str, Floats]:
    try:
        with Path(source.path).open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = f"{source.path} cannot be read ({error})"
        raise refusal(f"{wanted.place}.path", problem, "a CSV file") from error
    only = wanted.only
    for name in (*wanted.numbers, *wanted.moments, *(() if only is None else only[:1])):
        if not rows or name not in rows[0]:
            problem = f"{source.path} has no column {name}"
            raise refusal(wanted.columns_place, problem, "a column of the file")
    if only is not None:
        rows = [row for row in rows if row[only[0]] == only[1]]
    numbers = {
        name: _numbers([row[name] for row in rows], name, wanted.columns_place)
        for name in wanted.numbers
    }
    return numbers | {
        name: _moments([row[name] for row in rows], wanted.place) for name in wanted.moments
    }


def _numbers(texts: Sequence[str], name: str, place: str) -> Floats:
    try:
        return np.array([float(text or "nan") for text in texts])
    except ValueError as error:
        raise refusal(place, f"column {name}: {error}", "numbers") from error


def _moments(texts: Sequence[str], place: str) -> Floats:
    """Return seconds from a column of ISO 8601 times or of seconds."""
    try:
        return np.array([float(text) for text in texts])
    except ValueError:
        pass
    try:
        moments = [datetime.fromisoformat(text) for text in texts]
    except ValueError as error:
        allowed = "ISO 8601 times or seconds"
        raise refusal(f"{place}.time", str(error), allowed) from error
    # By the clock of the first row, so that its midnight is the house's.
    zone = moments[0].utcoffset() or timedelta()
    if moments[0].tzinfo is None:
        moments = [moment.replace(tzinfo=UTC) for moment in moments]
    return np.array([moment.timestamp() for moment in moments]) + zone.total_seconds()


def _read_parquet(source: CsvFile | RecordedFile, wanted: _Wanted) -> dict[str, Floats]:
    place = wanted.place
    root = os.environ.get(DATA_VARIABLE)
    if not root:
        problem = f"{DATA_VARIABLE} is not set"
        raise refusal(f"{place}.source", problem, "the directory of recordings")
    path = Path(root) / source.path
    try:
        from evenload.simulate.traces.parquet import read_columns  # noqa: PLC0415 - pyarrow is optional
    except ImportError as error:
        allowed = "pip install pyarrow"
        raise refusal(f"{place}.source", "pyarrow is not installed", allowed) from error
    try:
        return read_columns(path, [*wanted.numbers, *wanted.moments], only=wanted.only)
    except OSError as error:
        problem = f"{path} cannot be read ({error})"
        raise refusal(f"{place}.path", problem, "a Parquet file") from error
    except KeyError as error:
        problem = f"{source.path} has no column {error.args[0]}"
        raise refusal(wanted.columns_place, problem, "a column of the file") from error
