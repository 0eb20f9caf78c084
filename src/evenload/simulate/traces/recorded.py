"""Households out of files: the user's own CSV, or a recorded house.

A recording begins at its own first midnight; day n of a run is day n of the recording, and a run that
is longer begins again. Rows that are minutes apart are means: what rises above the neighbours is
put into one shorter and higher block, so that energy is kept and spikes are as high as in a house.
"""

import csv
import math
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evenload.model.finding import ConfigurationError, Finding
from evenload.model.site import Phase
from evenload.simulate.settings import CsvHousehold, RecordedHousehold

type Floats = NDArray[np.float64]

_DAY = 86400
DATA_VARIABLE = "EVENLOAD_DATA"
"""The environment variable that says where recorded houses are."""
_SPIKY_FROM = 30.0
"""Rows further apart than this are taken as means [s]."""


class Recording:
    """A household as it was measured."""

    def __init__(self, times: Floats, powers: Floats, *, first_day: int) -> None:
        """Keep rising `times` [s] since the first midnight and `powers` [W], shape (phases, rows)."""
        self._times = times
        self._powers = powers
        self._first_day = first_day
        self._days = max(1, math.ceil((times[-1] + 1.0) / _DAY))
        self._step = float(np.median(np.diff(times)))

    def day(self, day: int, chance: np.random.Generator) -> Floats:
        """Return the power of each second of a day of the run [W], shape (phases, 86400)."""
        begin = (day + self._first_day) % self._days * _DAY
        seconds = begin + np.arange(_DAY, dtype=np.float64)
        rows = np.clip(np.searchsorted(self._times, seconds, side="right") - 1, 0, None)
        powers = self._powers[:, rows]
        if self._step < _SPIKY_FROM:
            return powers
        return np.stack([_with_spikes(power, round(self._step), chance) for power in powers])


def _with_spikes(power: Floats, step: int, chance: np.random.Generator) -> Floats:
    """Return a day of means over `step` seconds with their rises gathered into blocks."""
    rows = _DAY // step
    means = power[: rows * step].reshape(rows, step)[:, -1]
    before, after = np.roll(means, 1), np.roll(means, -1)
    floor = np.minimum(means, np.minimum(before, after))
    share = chance.uniform(0.5, 1.0, rows)
    begin = chance.uniform(0.0, 1.0, rows) * (1.0 - share)
    place = (np.arange(step) + 0.5) / step
    inside = (place >= begin[:, None]) & (place < (begin + share)[:, None])
    filled = np.maximum(inside.mean(axis=1), 1.0 / step)
    spiky = floor[:, None] + np.where(inside, ((means - floor) / filled)[:, None], 0.0)
    return np.concatenate([spiky.ravel(), power[rows * step :]])


def open_recording(source: CsvHousehold | RecordedHousehold, phases: Sequence[Phase]) -> Recording:
    """Read a recording; raises ConfigurationError with every finding."""
    missing = [phase for phase in phases if phase not in source.columns]
    if missing:
        raise _refusal("columns", f"no column for phase {', '.join(missing)}", "one for each phase")
    if isinstance(source, CsvHousehold):
        table = _read_csv(source)
        first_day = 0
    else:
        table = _read_parquet(source)
        first_day = source.first_day
    powers = np.stack([_filled(table[source.columns[phase]]) for phase in phases]) * source.scale
    times = (
        np.arange(powers.shape[1], dtype=np.float64) * source.step
        if source.time is None
        else table[source.time]
    )
    if times.size < 2 or not np.all(np.diff(times) > 0):  # noqa: PLR2004 - two rows make a step
        raise _refusal("time", "times do not rise", "at least two rows in rising order of time")
    return Recording(times, powers, first_day=first_day)


def _filled(values: Floats) -> Floats:
    """Return the values with each gap filled by the value before it."""
    known = np.where(np.isnan(values), 0, np.arange(values.size))
    filled = values[np.maximum.accumulate(known)]
    return np.nan_to_num(filled)


def _wanted(source: CsvHousehold | RecordedHousehold) -> list[str]:
    return [*source.columns.values(), *([] if source.time is None else [source.time])]


def _refusal(key: str, problem: str, allowed: str) -> ConfigurationError:
    return ConfigurationError(
        [Finding(path=f"plant.household.{key}", problem=problem, allowed=allowed)]
    )


def _since_midnight(moments: Sequence[datetime]) -> Floats:
    """Return the seconds since the first moment's midnight."""
    first = moments[0].replace(hour=0, minute=0, second=0, microsecond=0)
    return np.array([(moment - first).total_seconds() for moment in moments])


def _read_csv(source: CsvHousehold) -> dict[str, Floats]:
    """Return the wanted columns of a CSV file, times in seconds."""
    try:
        with Path(source.path).open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refusal("path", f"{source.path} cannot be read ({error})", "a CSV file") from error
    absent = [name for name in _wanted(source) if not rows or name not in rows[0]]
    if absent:
        raise _refusal(
            "columns", f"{source.path} has no column {absent[0]}", "a column of the file"
        )
    table: dict[str, Floats] = {}
    for name in source.columns.values():
        try:
            table[name] = np.array([float(row[name] or "nan") for row in rows])
        except ValueError as error:
            raise _refusal("columns", f"column {name}: {error}", "numbers") from error
    if source.time is not None:
        table[source.time] = _times([row[source.time] for row in rows])
    return table


def _times(texts: Sequence[str]) -> Floats:
    """Return seconds from a column of ISO 8601 times or of seconds."""
    try:
        return np.array([float(text) for text in texts])
    except ValueError:
        pass
    try:
        return _since_midnight([datetime.fromisoformat(text) for text in texts])
    except ValueError as error:
        raise _refusal("time", str(error), "ISO 8601 times or seconds") from error


def _read_parquet(source: RecordedHousehold) -> dict[str, Floats]:
    """Return the wanted columns of a recorded house, times in seconds."""
    root = os.environ.get(DATA_VARIABLE)
    if not root:
        raise _refusal("source", f"{DATA_VARIABLE} is not set", "the directory of recorded houses")
    path = Path(root) / source.path
    try:
        from evenload.simulate.traces.parquet import read_columns  # noqa: PLC0415 - pyarrow is optional
    except ImportError as error:
        raise _refusal("source", "pyarrow is not installed", "pip install pyarrow") from error
    try:
        table = read_columns(path, _wanted(source))
    except OSError as error:
        raise _refusal("path", f"{path} cannot be read ({error})", "a Parquet file") from error
    except KeyError as error:
        problem = f"{source.path} has no column {error.args[0]}"
        raise _refusal("columns", problem, "a column of the file") from error
    if source.time is not None:
        seconds = table[source.time]
        table[source.time] = seconds - seconds[0] // _DAY * _DAY
    return table
