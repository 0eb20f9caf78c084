"""The grid meter: late, coarse, noisy, and sometimes not there at all."""

import math
from collections import deque
from collections.abc import Sequence
from random import Random

from evenload.model.site import Phase
from evenload.simulate.devices.feed import Feed
from evenload.simulate.settings import FaultKind, Meter

_GLITCH = 1000.0
"""A unit glitch: milliamperes sent as amperes."""
_LOSSY = 0.5
"""The share of reports that are lost while they are being lost."""


class GridMeter:
    """Reports each phase's current at its interval, as it was `lag` seconds ago."""

    def __init__(self, part: Meter, phases: Sequence[Phase], chance: Random) -> None:
        """`phases` are the site's, in order."""
        self._part = part
        self._chance = chance
        names = [part.phase_swap.get(phase, phase) for phase in phases]
        self._keys = [f"grid.{name}" for name in names]
        self._voltage_keys = [f"voltage.{name}" for name in names] if part.voltage else []
        self._signs = [-1.0 if phase in part.reversed else 1.0 for phase in phases]
        self._past: deque[list[float]] = deque(maxlen=part.lag + 1)
        self._last = [0.0] * len(phases)
        self._faults: set[FaultKind] = set()

    def fail(self, fault: FaultKind, *, active: bool) -> None:
        """Begin or end a fault."""
        if active:
            self._faults.add(fault)
        else:
            self._faults.discard(fault)

    def observe(self, currents: list[float]) -> None:
        """Measure one second; import is positive [A]."""
        self._past.append(currents)

    def report(self, feed: Feed, second: int, voltages: Sequence[float]) -> None:
        """Report if it is time to."""
        if second % self._part.interval != 0 or FaultKind.METER_SILENT in self._faults:
            return
        dropout = self._part.dropout
        if FaultKind.METER_DROPOUT in self._faults:
            dropout = max(dropout, _LOSSY)
        if dropout > 0.0 and self._chance.random() < dropout:
            return
        if FaultKind.METER_FROZEN not in self._faults:
            self._last = [
                self._reading(current, sign)
                for current, sign in zip(self._past[0], self._signs, strict=True)
            ]
        for key, value in zip(self._keys, self._last, strict=True):
            feed.number(key, value)
        for key, voltage in zip(self._voltage_keys, voltages, strict=False):
            feed.number(key, round(voltage, 1))

    def _reading(self, current: float, sign: float) -> float:
        if FaultKind.METER_NAN in self._faults:
            return math.nan
        part = self._part
        value = sign * current
        if part.noise > 0.0:
            value += self._chance.gauss(0.0, part.noise)
        if part.resolution > 0.0:
            value = round(round(value / part.resolution) * part.resolution, 6)
        return value * _GLITCH if FaultKind.METER_GLITCH in self._faults else value
