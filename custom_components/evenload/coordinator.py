"""Runs the controller: whenever a source reports, and every 2 s so that silence is noticed.

Reports that come in together (a meter writes its three phases one after the other) make one pass.
The pass is one step of the library's controller; its commands go out at once. The entities, hundreds
where there are many loads, are told a moment later, once for all passes until then: while they write,
nothing else is sent or heard, and stations answer a cut just then.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, CoreState, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from evenload.controller import ControllerState, dump_state, load_state, step
from evenload.model.decision import Decision

from .asking import Asking
from .const import DOMAIN
from .detection import Detection
from .dispatcher import Dispatcher
from .energy import EnergyMeters
from .history import History
from .issues import Issues
from .memory import Memory
from .preferences import Settings
from .reports import Reports
from .snapshots import snapshot_of
from .station_issues import StationIssues
from .stations import Stations
from .trouble_log import TroubleLog
from .wiring import Wiring, wiring_of, with_load_settings

_LOGGER = logging.getLogger(__name__)

TICK = timedelta(seconds=2)
SHOW_DELAY = 0.25
"""From a pass that a report has made until entities show it, and from a command until any do [s]."""
CLOCK_STEP = 0.01
"""A timer may be early by so much [s]."""
INTERVAL_SMOOTHING = 0.1
"""How much one interval of the meter counts in the mean that is shown."""
LEAST_METER_INTERVAL = 0.05
"""Reports nearer than this are of one telegram [s]."""

type EvenloadConfigEntry = ConfigEntry[EvenloadCoordinator]


@dataclass(slots=True)
class Measured:
    """How the passes and the meter do, for the diagnostic sensors."""

    pass_time: float | None = None
    """Of the last pass [ms]."""
    meter_interval: float | None = None
    """Mean time between two reports of the grid meter [s]."""
    meter_at: float | None = None
    """When it reported last [s, monotonic]."""

    def note_meter(self, now: float) -> None:
        """Learn from a report of the meter; those of several phases at once are one."""
        previous, self.meter_at = self.meter_at, now
        if previous is None or now - previous < LEAST_METER_INTERVAL:
            return
        mean = self.meter_interval
        since = now - previous
        self.meter_interval = since if mean is None else mean + INTERVAL_SMOOTHING * (since - mean)


class EvenloadCoordinator(DataUpdateCoordinator[Decision]):
    """One site: its wiring, its controller's state, and the newest decision as its data."""

    config_entry: EvenloadConfigEntry

    def __init__(self, hass: HomeAssistant, entry: EvenloadConfigEntry, wiring: Wiring) -> None:
        """Prepare; nothing is read or commanded before `async_start`."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=f"{DOMAIN} {entry.title}")
        self.wiring = wiring
        self.history = History()
        self.measured = Measured()
        self.reports = Reports(hass, self._reported)
        self.stations = Stations(hass, entry, self._request_pass)
        self.dispatcher = Dispatcher(hass, entry, self.stations)
        self.energy = EnergyMeters()
        self._memory = Memory(hass, entry.entry_id)
        self._trouble_log = TroubleLog()
        self._issues = Issues(hass, entry)
        self._station_issues = StationIssues(hass, entry)
        self._asking = Asking(hass)
        self.detection = Detection(hass, entry)
        self.checks: dict[str, Any] = {}
        """What the last commissioning check of each plug found, by load id."""
        self._state = ControllerState.initial(self.now)
        self._pass_requested = False
        self._showing: CALLBACK_TYPE | None = None
        self._shown_until: list[CALLBACK_TYPE] = []
        self._commanded_at = self.now - SHOW_DELAY
        self._stopped = False

    @property
    def now(self) -> float:
        """The time on the controller's clock [s, monotonic]."""
        return self.hass.loop.time()

    async def async_start(self) -> None:
        """Recall what was known, follow the sources and make the first pass."""
        recalled = await self._memory.async_recall()
        self._state = load_state(recalled.get("controller"), self.now)
        self.energy = EnergyMeters(recalled.get("energy"))
        self.stations.recall(recalled.get("stations"))
        self.detection.recall(recalled.get("detection"), self.now)
        self.checks = {**recalled.get("checks", {})}
        await self.stations.async_follow(self.wiring)
        self.reports.follow(self.wiring.entities)
        self.config_entry.async_on_unload(self.reports.stop)
        self.config_entry.async_on_unload(
            async_track_time_interval(
                self.hass, self._tick, TICK, name="evenload tick", cancel_on_shutdown=True
            )
        )
        self._run_pass()
        self._show()

    async def async_stop(self) -> None:
        """Stop deciding and save; loads stay as they are."""
        self._stopped = True
        self.release_entities()
        self._show_no_more()
        self.dispatcher.stop()
        self._issues.withdraw()
        self.detection.withdraw()
        self._station_issues.withdraw()
        await self._memory.async_save(self.content())
        await self.stations.async_stop()

    @callback
    def rewire(self) -> None:
        """Take changed settings over and decide anew; the controller keeps what it knows."""
        if self._stopped:  # Home Assistant tells of a change a turn later
            return
        entry, before = self.config_entry, self.wiring
        self.wiring = wiring_of(entry.data, entry.options, entry.subentries)
        if (self.wiring.grid, self.wiring.inverted) != (before.grid, before.inverted):
            self.detection.forget()
        self.energy.forget_all_but(self.wiring.loads)
        entry.async_create_task(
            self.hass, self.stations.async_follow(self.wiring), name="evenload stations"
        )
        self.reports.follow(self.wiring.entities)
        self._run_pass()
        self._show()

    @callback
    def while_shown(self, end: CALLBACK_TYPE) -> None:
        """Call `end` when the entities are taken down."""
        self._shown_until.append(end)

    @callback
    def release_entities(self) -> None:
        """Say to everything that adds entities that they are taken down."""
        for end in self._shown_until:
            end()
        self._shown_until.clear()

    @callback
    def change_options(self, changes: Settings) -> None:
        """Store changed preferences of the site; the entry's listener then rewires."""
        options = {**self.config_entry.options, **changes}
        self.hass.config_entries.async_update_entry(self.config_entry, options=options)

    @callback
    def change_load(self, load_id: str, changes: Settings) -> None:
        """Store changed settings of a load; the entry's listener then rewires."""
        subentry = self.config_entry.subentries[self.wiring.loads[load_id].subentry_id]
        self.hass.config_entries.async_update_subentry(
            self.config_entry, subentry, data=with_load_settings(subentry, load_id, changes)
        )

    @callback
    def _reported(self, entity_id: str) -> None:
        if entity_id in self.wiring.grid.values():
            self.measured.note_meter(self.now)
        self._request_pass()

    @callback
    def _request_pass(self) -> None:
        """Decide as soon as everything that reports at this instant has done so."""
        if not self._pass_requested:
            self._pass_requested = True
            self.hass.loop.call_soon(self._run_pass)

    @callback
    def _tick(self, _: datetime) -> None:
        self._run_pass()
        self._issues.note(self.wiring, self.now)
        self._station_issues.note(self.wiring, self.stations)
        self._show_if_quiet()

    @callback
    def _run_pass(self) -> None:
        """Decide once, on what is known at this instant, and command it."""
        self._pass_requested = False
        # Devices that go away because Home Assistant stops are no reason to stop a session.
        if self._stopped or self.hass.is_stopping:
            return
        started, now = perf_counter(), self.now
        snapshot = snapshot_of(
            self.wiring, self.reports, self.stations, dt_util.now(), self.detection.doubtful
        )
        try:
            self._state, decision = step(self._state, snapshot, now)
        except Exception as error:  # one bad pass must not be the last
            if self.last_update_success:
                _LOGGER.exception("The controller of %s failed and starts afresh", self.name)
            self._state = ControllerState.initial(now)
            self._show_no_more()
            self.async_set_update_error(error)
            return
        self.dispatcher.send(self.wiring, decision.commands)
        self._asking.ask(self.wiring, decision.asks, now)
        self.measured.pass_time = (perf_counter() - started) * 1000
        self.history.add(snapshot, decision)
        self.energy.count(decision)
        if (
            self.hass.state is CoreState.running
        ):  # while it starts, devices are not there yet, and that is no news
            self._trouble_log.note(self.wiring.site, decision)
        self.detection.note(snapshot, decision, now)
        self._memory.keep(self.content)
        self.data = decision
        if decision.commands:
            self._commanded_at = now
        self._show_after(SHOW_DELAY)

    @callback
    def _show_after(self, delay: float) -> None:
        if self._showing is None:
            job = HassJob(self._show_if_quiet, "evenload shows", cancel_on_shutdown=True)
            self._showing = async_call_later(self.hass, delay, job)

    @callback
    def _show_if_quiet(self, _: datetime | None = None) -> None:
        """Show what was decided, unless a command has just gone out: its answers come first."""
        left = self._commanded_at + SHOW_DELAY - self.now
        if left < CLOCK_STEP:
            self._show()
        else:
            self._show_no_more()
            self._show_after(left)

    @callback
    def _show(self) -> None:
        """Let the entities show the newest decision, unless they do."""
        if self._showing is not None:
            self._show_no_more()
            self.async_set_updated_data(self.data)

    @callback
    def _show_no_more(self) -> None:
        """Show nothing of what was decided so far."""
        if self._showing is not None:
            self._showing()
            self._showing = None

    @callback
    def keep_check(self, load_id: str, found: dict[str, Any]) -> None:
        """Remember what a commissioning check found, and show it."""
        self.checks[load_id] = found
        self._memory.keep(self.content)
        self.async_update_listeners()

    def content(self) -> dict[str, Any]:
        """Return what is saved, and shown in the diagnostics."""
        return {
            "controller": dump_state(self._state, self.now),
            "energy": self.energy.as_dict(),
            "stations": self.stations.content(),
            "checks": self.checks,
            "detection": self.detection.content(self.now),
        }
