"""A meter: late, coarse, noisy, and sometimes not there at all."""

import math
from collections import deque
from collections.abc import Sequence
from random import Random

from evenload.model.site import Phase
from evenload.simulate.devices.feed import Feed
from evenload.simulate.settings import FaultKind, Meter, MeterReports

_GLITCH = 1000.0
"""A unit glitch: milliamperes sent as amperes, watts as kilowatts."""
_LOSSY = 0.5
"""The share of reports that are lost while they are being lost."""
_NOMINAL_VOLTAGE = 230.0


class GridMeter:
    """Reports each phase at its interval, as it was `lag` seconds ago."""

    def __init__(
        self, part: Meter, phases: Sequence[Phase], chance: Random, name: str = "grid"
    ) -> None:
        """`phases` are the site's, in order; keys in the feed begin with `name`."""
        self._part = part
        self._chance = chance
        reports = part.reports
        names = [part.phase_swap.get(phase, phase) for phase in phases]
        currents = reports in (MeterReports.CURRENTS, MeterReports.BOTH)
        powers = reports in (MeterReports.POWERS, MeterReports.BOTH)
        self._current_keys = [f"{name}.{each}" for each in names] if currents else []
        self._power_keys = [f"{name}.power.{each}" for each in names] if powers else []
        self._total_key = f"{name}.power" if reports is MeterReports.TOTAL else None
        self._voltage_keys = [f"voltage.{each}" for each in names] if part.voltage else []
        self._signs = [-1.0 if phase in part.reversed else 1.0 for phase in phases]
        self._current_lag = part.lag if part.current_lag is None else part.current_lag
        self._past: deque[list[float]] = deque(maxlen=max(part.lag, self._current_lag) + 1)
        self._sent: dict[str, float] = {}
        self._due = self._slot = 0
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

    def report(self, feed: Feed, second: int, voltages: Sequence[float]) -> bool:
        """Report if it is time to; return whether anything was reported."""
        if second < self._due:
            return False
        part = self._part
        self._slot += part.interval
        self._due = self._slot
        if part.jitter > 0:
            self._due += self._chance.randint(0, part.jitter)
        if FaultKind.METER_SILENT in self._faults or self._is_lost():
            return False
        if FaultKind.METER_FROZEN in self._faults:
            readings = self._sent
        else:
            readings = self._readings(voltages)
        change = part.report_change
        if change is not None:
            readings = self._news(readings, change, feed)
        for key, value in readings.items():
            feed.number(key, value)
        self._sent = self._sent | readings if change is not None else readings
        for key, voltage in zip(self._voltage_keys, voltages, strict=False):
            feed.number(key, round(voltage, 1))
        return bool(readings)

    def _is_lost(self) -> bool:
        dropout = self._part.dropout
        if FaultKind.METER_DROPOUT in self._faults:
            dropout = max(dropout, _LOSSY)
        return dropout > 0.0 and self._chance.random() < dropout

    def _readings(self, voltages: Sequence[float]) -> dict[str, float]:
        """Return what it measures now, by key of the feed."""
        readings: dict[str, float] = {}
        if self._current_keys:
            currents = self._at(self._current_lag)
            for key, current, sign in zip(self._current_keys, currents, self._signs, strict=True):
                readings[key] = self._current(sign * current)
        if self._power_keys or self._total_key is not None:
            powers = [
                self._power(sign * current * voltage)
                for current, sign, voltage in zip(
                    self._at(self._part.lag), self._signs, voltages, strict=True
                )
            ]
            readings.update(zip(self._power_keys, powers, strict=False))
            if self._total_key is not None:
                readings[self._total_key] = sum(powers)
        return readings

    def _at(self, lag: int) -> list[float]:
        """Return what flowed so many seconds ago, or as long ago as there is anything known."""
        return self._past[max(0, len(self._past) - 1 - lag)]

    def _news(self, readings: dict[str, float], change: float, feed: Feed) -> dict[str, float]:
        """Return the readings that have changed enough, or that nobody knows."""
        news: dict[str, float] = {}
        for key, value in readings.items():
            least = change * _NOMINAL_VOLTAGE if ".power" in key else change
            last = self._sent.get(key)
            if last is None or key not in feed.samples or not abs(value - last) <= least:
                news[key] = value
        return news

    def _current(self, value: float) -> float:
        part = self._part
        value = self._measured(value, part.noise, part.resolution)
        if not part.signed:
            value = abs(value)
        return value * _GLITCH if FaultKind.METER_GLITCH in self._faults else value

    def _power(self, value: float) -> float:
        part = self._part
        value = self._measured(value, part.noise * _NOMINAL_VOLTAGE, part.power_resolution)
        return value / _GLITCH if FaultKind.METER_GLITCH in self._faults else value

    def _measured(self, value: float, noise: float, resolution: float) -> float:
        if FaultKind.METER_NAN in self._faults:
            return math.nan
        if noise > 0.0:
            value += self._chance.gauss(0.0, noise)
        if resolution > 0.0:
            value = round(round(value / resolution) * resolution, 6)
        return value
