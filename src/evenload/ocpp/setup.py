"""What a station is asked and told once after it has booted, and how it is watched afterwards.

First come the plugs' profiles, by themselves. Then it is asked what it supports; when that is
answered, or not answered in time, meter values are configured where they differ from what is wanted,
the limit of the whole station is set where one is given, and every plug is asked for its status and
meter. A station that only reconnects is asked for status and meter alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from evenload.ocpp.calls import About, Calls, Request
from evenload.ocpp.dialects.face import ACCEPTED, MEASURANDS, Dialect
from evenload.ocpp.nouns import Abilities, RateUnit
from evenload.ocpp.plug import Plug
from evenload.ocpp.profiles import Target, station_profile
from evenload.ocpp.quirks import Differences
from evenload.ocpp.statuses import UNAVAILABLE

_STALE = 3
"""Meter values are asked for after so many intervals without one."""
_ASK_AGAIN = 30.0
"""Least time between two requests for meter values [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants of the station."""

    meter_interval: float
    """[s]"""
    station_limit: float | None
    """[A per phase] of all plugs together."""
    target: Target


class Setup:
    """The course of things after a connection was made."""

    def __init__(self) -> None:
        """Begin as for a station that has never been asked."""
        self._asked = 0
        self._complete = False
        self._station_limit: float | None = None
        self._asked_meter_at: dict[int, float] = {}

    @property
    def is_complete(self) -> bool:
        """Whether the station has been asked what it supports since it booted."""
        return self._complete

    def restart(self) -> None:
        """Ask everything again: the station has booted."""
        self._asked, self._complete = 0, False

    def begin(self, calls: Calls, dialect: Dialect, plugs: Iterable[Plug]) -> None:
        """Line up the first questions of a connection."""
        if self._complete:
            self._ask_plugs(calls, dialect, plugs)
            return
        questions = dialect.discover()
        self._asked = len(questions)
        calls.line_up(*questions)

    def answered(self) -> bool:
        """Count an answer, or its absence, to a first question; True when it was the last one."""
        if self._complete or self._asked == 0:
            return False
        self._asked -= 1
        return self._asked == 0

    def go_on(
        self,
        calls: Calls,
        dialect: Dialect,
        plugs: Iterable[Plug],
        *,
        abilities: Abilities,
        differences: Differences,
        wanted: Wanted,
    ) -> None:
        """Line up what follows the first questions."""
        plugs = tuple(plugs)
        self._complete = True
        if differences.configure:
            interval = max(wanted.meter_interval, differences.meter_interval)
            measurands = differences.measurands or MEASURANDS
            calls.line_up(*dialect.configure(measurands, interval, abilities))
        if differences.set_available:
            unavailable = (plug for plug in plugs if plug.word == UNAVAILABLE)
            calls.line_up(*(dialect.set_available(plug.number) for plug in unavailable))
        if wanted.station_limit is not None and differences.station_max:
            self._limit_station(calls, dialect, abilities, differences, wanted)
        if differences.trigger:
            self._ask_plugs(calls, dialect, plugs)

    def station_limit_answered(self, limit: float, status: str) -> None:
        """Remember that the station took its limit, so that its flash is spared."""
        if status == ACCEPTED:
            self._station_limit = limit

    def ask_stale(
        self, calls: Calls, dialect: Dialect, plugs: Iterable[Plug], interval: float, now: float
    ) -> None:
        """Ask a charging plug for meter values when none have come for some intervals."""
        for plug in plugs:
            since = plug.measured_at if plug.measured_at is not None else plug.status_at
            if since is None or not plug.has_session:
                continue
            asked = self._asked_meter_at.get(plug.number, 0.0)
            if now - since > _STALE * interval and now - asked > _ASK_AGAIN:
                self._asked_meter_at[plug.number] = now
                calls.line_up(dialect.trigger("MeterValues", plug.number))

    def _limit_station(
        self,
        calls: Calls,
        dialect: Dialect,
        abilities: Abilities,
        differences: Differences,
        wanted: Wanted,
    ) -> None:
        limit = wanted.station_limit
        if limit is None or limit == self._station_limit:
            return
        units = abilities.rate_units or (RateUnit.A,)
        unit = differences.unit or units[0]
        profile = station_profile(limit, unit, wanted.target, differences)
        request = replace(dialect.set_profile(profile), about=About.STATION_LIMIT)
        calls.line_up(request)

    @staticmethod
    def _ask_plugs(calls: Calls, dialect: Dialect, plugs: Iterable[Plug]) -> None:
        plugs = tuple(plugs)
        if not plugs:
            calls.line_up(dialect.trigger("StatusNotification", None))
        for plug in plugs:
            requests: list[Request] = [dialect.trigger("StatusNotification", plug.number)]
            if plug.has_session:
                requests.append(dialect.trigger("MeterValues", plug.number))
            calls.line_up(*requests)
