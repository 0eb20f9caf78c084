"""Columns out of a user's CSV file or out of a recording.

Times become seconds since the midnight before the first row. Whatever is wrong with a file is a
finding with the place in the site file that named it.
"""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evenload.model.finding import ConfigurationError, Finding
from evenload.simulate.settings import CsvFile, RecordedFile

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


def refusal(place: str, problem: str, allowed: str) -> ConfigurationError:
    """Return what is wrong at one place of the site file."""
    return ConfigurationError([Finding(path=place, problem=problem, allowed=allowed)])


def read_table(
    source: CsvFile | RecordedFile, columns: Sequence[str], *, place: str, key: str
) -> Table:
    """Read columns of a file; raises ConfigurationError with paths below `place`.

    `key` is the one under which the site file names the columns.
    """
    time = source.time
    wanted = [*columns, *([] if time is None else [time])]
    read = _read_csv if isinstance(source, CsvFile) else _read_parquet
    found = read(source, wanted, place, f"{place}.{key}")
    values = tuple(found[name] for name in columns)
    times = (
        np.arange(values[0].size, dtype=np.float64) * source.step if time is None else found[time]
    )
    if times.size < 2 or not np.all(np.diff(times) > 0):  # noqa: PLR2004 - two rows make a step
        raise refusal(
            f"{place}.time", "times do not rise", "at least two rows in rising order of time"
        )
    return Table(times=times, columns=values)


def _read_csv(
    source: CsvFile | RecordedFile, wanted: Sequence[str], place: str, columns_place: str
) -> dict[str, Floats]:
    """Return the wanted columns of a CSV file, times in seconds."""
    try:
        with Path(source.path).open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = f"{source.path} cannot be read ({error})"
        raise refusal(f"{place}.path", problem, "a CSV file") from error
    table: dict[str, Floats] = {}
    for name in wanted:
        if not rows or name not in rows[0]:
            problem = f"{source.path} has no column {name}"
            raise refusal(columns_place, problem, "a column of the file")
        texts = [row[name] for row in rows]
        is_time = name == source.time
        table[name] = _times(texts, place) if is_time else _numbers(texts, name, columns_place)
    return table


def _numbers(texts: Sequence[str], name: str, place: str) -> Floats:
    try:
        return np.array([float(text or "nan") for text in texts])
    except ValueError as error:
        raise refusal(place, f"column {name}: {error}", "numbers") from error


def _times(texts: Sequence[str], place: str) -> Floats:
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
    first = moments[0].replace(hour=0, minute=0, second=0, microsecond=0)
    return np.array([(moment - first).total_seconds() for moment in moments])


def _read_parquet(
    source: CsvFile | RecordedFile, wanted: Sequence[str], place: str, columns_place: str
) -> dict[str, Floats]:
    """Return the wanted columns of a recording, times in seconds."""
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
        table = read_columns(path, wanted)
    except OSError as error:
        problem = f"{path} cannot be read ({error})"
        raise refusal(f"{place}.path", problem, "a Parquet file") from error
    except KeyError as error:
        problem = f"{source.path} has no column {error.args[0]}"
        raise refusal(columns_place, problem, "a column of the file") from error
    if source.time is not None:
        seconds = table[source.time]
        table[source.time] = seconds - seconds[0] // _DAY * _DAY
    return table
