"""Households out of files: the user's own CSV, or a recorded house.

A recording begins at its own first midnight; day n of a run is day n of the recording, and a run that
is longer begins again. Rows that are minutes apart are means: what rises above the neighbours is
put into one shorter and higher block, so that energy is kept and spikes are as high as in a house.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evenload.model.site import Phase
from evenload.simulate.settings import CsvHousehold, RecordedHousehold
from evenload.simulate.traces.table import read_table, refusal

type Floats = NDArray[np.float64]

_DAY = 86400
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
    place = "plant.household"
    missing = [phase for phase in phases if phase not in source.columns]
    if missing:
        problem = f"no column for phase {', '.join(missing)}"
        raise refusal(f"{place}.columns", problem, "one for each phase")
    columns = [source.columns[phase] for phase in phases]
    table = read_table(source, columns, place=place, key="columns")
    powers = np.stack([_filled(column) for column in table.columns]) * source.scale
    first_day = source.first_day if isinstance(source, RecordedHousehold) else 0
    return Recording(table.times, powers, first_day=first_day)


def _filled(values: Floats) -> Floats:
    """Return the values with each gap filled by the value before it."""
    known = np.where(np.isnan(values), 0, np.arange(values.size))
    filled = values[np.maximum.accumulate(known)]
    return np.nan_to_num(filled)
