"""What entities have reported, and when, on the clock that the controller runs on.

Home Assistant stamps states with the wall clock, which may be set while we run. So a report is
stamped with the loop's own clock as it comes in; only what was there before us is dated by its
age. A value that is sent again unchanged is news as well: it proves that its device is alive.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_state_report_event,
)
from homeassistant.util import dt as dt_util


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One value as an entity reported it."""

    value: str
    unit: str | None
    at: float
    """[s, monotonic]"""
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def number(self) -> float | None:
        """The value as a number; None when it is none."""
        try:
            return float(self.value)
        except ValueError:
            return None


class Reports:
    """The newest report of each entity that is followed."""

    def __init__(self, hass: HomeAssistant, on_report: Callable[[str], None]) -> None:
        """Follow nothing yet; `on_report` is called with the entity each time one reports."""
        self._hass = hass
        self._on_report = on_report
        self._now: dict[str, Report] = {}
        self._last: dict[str, Report] = {}
        self._set_by_person_at: dict[str, float] = {}
        self._stop_following: list[CALLBACK_TYPE] = []

    def current(self, entity_id: str | None) -> Report | None:
        """Return what the entity says now; None when it says nothing."""
        return self._now.get(entity_id) if entity_id is not None else None

    def last(self, entity_id: str | None) -> Report | None:
        """Return the last that the entity said, though it may have gone since."""
        return self._last.get(entity_id) if entity_id is not None else None

    def set_by_person_at(self, *entity_ids: str | None) -> float | None:
        """Return when a person last set one of these entities [s, monotonic]; None: nobody did."""
        times = [
            self._set_by_person_at[entity]
            for entity in entity_ids
            if entity in self._set_by_person_at
        ]
        return max(times, default=None)

    @callback
    def follow(self, entity_ids: Iterable[str]) -> None:
        """Follow these entities and no others; what is known of those that stay is kept."""
        self.stop()
        followed = frozenset(entity_ids)
        self._now = {k: report for k, report in self._now.items() if k in followed}
        self._last = {k: report for k, report in self._last.items() if k in followed}
        self._set_by_person_at = {
            k: at for k, at in self._set_by_person_at.items() if k in followed
        }
        for entity_id in followed:
            state = self._hass.states.get(entity_id)
            if entity_id not in self._now and state is not None:
                age = (dt_util.utcnow() - state.last_reported).total_seconds()
                self._note(entity_id, state, self._hass.loop.time() - max(age, 0.0))
        self._stop_following = [
            async_track_state_change_event(self._hass, followed, self._changed),
            async_track_state_report_event(self._hass, followed, self._reported),
        ]

    @callback
    def stop(self) -> None:
        """Follow nothing any more."""
        for stop in self._stop_following:
            stop()
        self._stop_following = []

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        if event.context.user_id is not None:
            self._set_by_person_at[event.data["entity_id"]] = self._hass.loop.time()
        self._take(event.data["entity_id"], event.data["new_state"])

    @callback
    def _reported(self, event: Event[EventStateReportedData]) -> None:
        self._take(event.data["entity_id"], event.data["new_state"])

    def _take(self, entity_id: str, state: State | None) -> None:
        self._note(entity_id, state, self._hass.loop.time())
        self._on_report(entity_id)

    def _note(self, entity_id: str, state: State | None, at: float) -> None:
        if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            self._now.pop(entity_id, None)
            return
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        report = Report(value=state.state, unit=unit, at=at, attributes=state.attributes)
        self._now[entity_id] = report
        self._last[entity_id] = report
