"""A roof's production out of a file: the user's own CSV, or a recorded roof.

Rows closer than half a minute are joined by straight lines. Rows further apart are means, and what
clouds do between them is lost; it is put back by a random cascade: each mean is split into two halves
whose mean it stays, again and again down to a few seconds. The halves differ by what the neighbours'
slope asks for, and by chance in proportion to how far the neighbours are away, so that a clear hour
stays smooth and a cloudy one becomes as rough as it was. The proportion is such that means of a
minute made from a roof recorded every two seconds come back with its changes over 2 s and 10 s.
"""

import math

import numpy as np
from numpy.typing import NDArray

from evenload.simulate.settings import CsvSolar, RecordedSolar
from evenload.simulate.traces.table import read_table

type Floats = NDArray[np.float64]

_DAY = 86400
_MEANS_FROM = 30.0
"""Rows further apart than this are taken as means [s]."""
_FINEST = 8.0
"""Means over a time as short as this are joined by straight lines [s]."""
_ROUGHNESS = 0.45
"""By how much of the distance to the neighbours a half differs from its mean at most."""
_DARK = 900.0
"""Rows without a value for longer than this are nights [s]; shorter gaps are bridged."""


class RoofRecording:
    """A roof as it was measured, scaled to the peak of the one that is simulated."""

    def __init__(self, source: CsvSolar | RecordedSolar) -> None:
        """Read the file; raises ConfigurationError with every finding."""
        table = read_table(source, [source.column], place="plant.solar", key="column")
        self._times = table.times
        self._power = np.maximum(_bridged(table.times, table.columns[0]), 0.0)
        self._power *= source.peak / source.rated
        self._step = table.step
        self._shift = source.shift
        self._first_day = source.first_day if isinstance(source, RecordedSolar) else 0
        self._days = max(1, math.ceil((table.times[-1] + 1.0) / _DAY))

    def day(self, day: int, chance: np.random.Generator) -> Floats:
        """Return the production at each second of a day of the run [W], 86,400 values."""
        begin = (day + self._first_day) % self._days * _DAY - self._shift
        span = self._days * _DAY
        seconds = begin + np.arange(_DAY, dtype=np.float64)
        if self._step < _MEANS_FROM:
            return np.interp(seconds % span, self._times, self._power)
        rows = np.arange(0.0, _DAY, self._step)
        means = np.interp((begin + rows) % span, self._times, self._power)
        return refined(means, self._step, chance)


def refined(means: Floats, step: float, chance: np.random.Generator) -> Floats:
    """Return a day by second out of means over `step` seconds."""
    values, width = means, step
    while width > _FINEST:
        before = np.concatenate([values[:1], values[:-1]])
        after = np.concatenate([values[1:], values[-1:]])
        distance = np.maximum(np.abs(values - before), np.abs(after - values))
        chances = chance.uniform(-_ROUGHNESS, _ROUGHNESS, values.size)
        lean = np.clip((before - after) / 8.0 + distance * chances, -values, values)
        values = np.column_stack([values + lean, values - lean]).ravel()
        width /= 2.0
    middles = (np.arange(values.size) + 0.5) * width
    return np.interp(np.arange(_DAY) + 0.5, middles, values)


def _bridged(times: Floats, values: Floats) -> Floats:
    """Return the values with short gaps bridged and long ones dark."""
    known = np.flatnonzero(~np.isnan(values))
    if known.size == 0:
        return np.zeros_like(values)
    bridged = np.interp(times, times[known], values[known])
    after = np.searchsorted(known, np.arange(values.size))
    next_known = times[known[np.minimum(after, known.size - 1)]]
    last_known = times[known[np.maximum(after - 1, 0)]]
    dark = np.isnan(values) & (np.abs(next_known - last_known) > _DARK)
    outside = (times < times[known[0]]) | (times > times[known[-1]])
    return np.where(dark | outside, 0.0, bridged)
