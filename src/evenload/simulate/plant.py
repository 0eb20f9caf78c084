"""The simulated house, wired together, in steps of one second.

Each second: what is not managed comes from the traces; every load lives through it; the connection
adds the battery and warms its fuses; the meter measures; and whatever is due is reported. The order
matters: a report never shows anything that has not happened yet, and a command that arrives in one
second acts in the next at the earliest.

The inner loop runs 86,400 times a day, so it uses plain floats and lists; frozen nouns are made only
for reports and snapshots.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from evenload.model.control import ControlSettings
from evenload.model.decision import Command
from evenload.model.site import Phase, Site
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot
from evenload.simulate.build import build_devices, build_stations
from evenload.simulate.circuit import Circuit
from evenload.simulate.circuits import Circuits
from evenload.simulate.connection import Connection
from evenload.simulate.devices.demand import QuarterDemand
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.meter import GridMeter
from evenload.simulate.devices.moment import Moment, generator
from evenload.simulate.devices.room import RoomHeater
from evenload.simulate.faults import FaultSchedule
from evenload.simulate.island import Island
from evenload.simulate.settings import METER_FAULTS, FaultKind, MeterReports
from evenload.simulate.settings import Plant as PlantSettings
from evenload.simulate.surroundings import Surroundings

_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a plant is made from."""

    site: Site
    """What the controller is told."""
    control: ControlSettings
    """How the controller is told to behave."""
    plant: PlantSettings
    """What is really there."""


class Plant:
    """A house that lives second by second, reports, and takes commands."""

    def __init__(self, house: House, *, speed: float = 1.0) -> None:
        """`speed` hastens the sun, temperatures and states of charge, never ramps, lags or delays."""
        site, settings = house.site, house.plant
        self.site = site
        self.settings = settings
        self.control = house.control
        self.feed = Feed()
        self.devices = build_devices(site, settings)
        self._stations = build_stations(site, settings, self.devices)
        connection = Island if site.off_grid else Connection
        self.connection = connection(site, settings)
        self.unmanaged = connection(site, settings)
        """The same house without its managed loads."""
        self._circuits = Circuits(site, settings) if site.circuits else None
        self._places = [
            () if self._circuits is None else self._circuits.above(device.load.circuit)
            for device in self.devices
        ]
        self.solar_power = 0.0
        """What the roof delivers [W]."""
        self.meter_reported = False
        """Whether the grid meter (off the grid the inverter) reported anything this second."""
        self.base_power = 0.0
        """What the household draws [W]."""
        self.managed_currents = [0.0] * len(site.phases)
        """What managed loads draw on each phase [A]."""
        self.active_faults: set[tuple[FaultKind, str | None]] = set()
        """What is broken now, each with the load, charger or circuit that it was said of."""
        self._set_by_hand: dict[str, float] = {}
        self._clock_error = 0.0
        self._midnight = settings.midnight
        self._start = settings.start_second
        self._voltages = [site.voltage] * len(site.phases)
        self.moment = Moment(environment=self._start, speed=speed, voltages=self._voltages)
        self._source = "inverter" if site.off_grid else "grid"
        self._meter = GridMeter(
            settings.meter, site.phases, generator(settings.seed, "meter"), self._source
        )
        self._demand = QuarterDemand(self._start) if settings.meter.average else None
        self._has_powers = settings.meter.reports in (MeterReports.POWERS, MeterReports.BOTH)
        self._metered = [name for name, each in self.circuits.items() if each.meter is not None]
        self._schedule = FaultSchedule(settings.faults, self._start)
        has_rooms = any(isinstance(device, RoomHeater) for device in self.devices)
        self._surroundings = Surroundings(site, settings, self.moment, needs_weather=has_rooms)

    @property
    def second(self) -> int:
        """The control clock [s]."""
        return self.moment.second

    @property
    def sunshine(self) -> float:
        """What the roof could deliver if nothing throttled it [W]."""
        return self._surroundings.sunshine

    @property
    def import_price(self) -> float:
        """What energy from the grid costs now [currency/kWh]."""
        return self._surroundings.import_price

    @property
    def export_price(self) -> float:
        """What energy to the grid earns now [currency/kWh]."""
        return self._surroundings.export_price

    @property
    def clock(self) -> datetime:
        """The wall clock of the house, as wrong as it may be."""
        passed = self._start + self.moment.second + self._clock_error
        return self._midnight + timedelta(seconds=passed)

    @property
    def gone(self) -> bool:
        """Whether Home Assistant is gone: nobody decides, and no command is delivered."""
        return self._is_active(FaultKind.HOME_ASSISTANT_GONE)

    @property
    def dark(self) -> bool:
        """Whether the house has lost its power: the main fuse has tripped, or the inverter failed."""
        return self.connection.dark_reason is not None

    @property
    def dark_reason(self) -> str | None:
        """What has failed: `fuse`, `inverter` or `battery`; None: nothing."""
        return self.connection.dark_reason

    @property
    def circuits(self) -> Mapping[str, Circuit]:
        """The circuits below the main fuse, by id."""
        return {} if self._circuits is None else self._circuits.by_id

    def advance(self) -> None:
        """Live through one second."""
        moment = self.moment
        moment.advance()
        for fault, active in self._schedule.due(moment.second):
            if fault.kind is FaultKind.CLOCK_STEP:
                self._clock_error = fault.step if active else 0.0
            self.fail(fault.kind, active=active, load=fault.load)
        if self.settings.by_hand:
            self._act_by_hand()
        needs = self._surroundings.advance()
        sunshine = self._surroundings.sunshine
        circuits, voltages, hours = self._circuits, self._voltages, moment.hours
        if circuits is not None:
            base, needs = circuits.base(needs), circuits.begin(needs, voltages)
        else:
            base = needs
        self.base_power = sum(needs)
        self.unmanaged.advance(base, sunshine, voltages, hours)
        self._advance_loads(needs)
        if circuits is not None:
            circuits.end()
        connection = self.connection
        connection.advance(needs, sunshine, voltages, hours)
        self.solar_power = connection.solar_power
        self._meter.observe(connection.currents.copy())
        if self._demand is not None:
            self._demand.observe(connection.grid_power)
        self._report()

    def command(self, command: Command) -> None:
        """Take a command to one load; one without a device is ignored, as a dead one would."""
        if not self.gone:
            self._tell(command)

    def _tell(self, command: Command) -> None:
        for device in self.devices:
            if device.load.id == command.load:
                device.command(command, self.moment.second)

    def fail(self, fault: FaultKind, *, active: bool, load: str | None = None) -> None:
        """Begin or end a fault, of everything that can have it unless `load` names something.

        `load` is the id of a load, of a charger for all its plugs, or of a circuit for its meter; a
        meter's fault that names none is the grid meter's.
        """
        if active:
            self.active_faults.add((fault, load))
        else:
            self.active_faults.discard((fault, load))
        if fault in METER_FAULTS:
            meter = self._meter if load is None else self.circuits[load].meter
            if meter is not None:
                meter.fail(fault, active=active)
            return
        if fault is FaultKind.HOME_ASSISTANT_GONE and not active:
            # It knows nothing of a device until that reports again.
            self.feed.samples.clear()
        for device in self.devices:
            if load is None or load in (device.load.id, device.load.circuit):
                device.fail(fault, active=active)

    def snapshot(self) -> Snapshot:
        """Return everything reported so far, as the controller sees it."""
        samples, phases = self.feed.samples, self.site.phases
        source = _by_phase(samples, self._source, phases)
        meter = self.settings.meter
        return Snapshot(
            site=self.site,
            settings=self.control,
            clock=self.clock,
            grid={} if self.site.off_grid else source,
            inverter=source if self.site.off_grid else {},
            voltage=_by_phase(samples, "voltage", phases) if meter.voltage else {},
            grid_power=_by_phase(samples, "grid.power", phases) if self._has_powers else {},
            grid_total=samples.get("grid.power"),
            import_average=samples.get("grid.average"),
            solar=samples.get("solar"),
            battery_soc=samples.get("battery.soc"),
            battery_power=samples.get("battery.power"),
            circuits={
                name: _by_phase(samples, f"circuit.{name}", phases) for name in self._metered
            },
            devices=self._device_snapshots(),
        )

    def _device_snapshots(self) -> dict[str, DeviceSnapshot]:
        snapshots = {device.load.id: device.snapshot(self.feed) for device in self.devices}
        for load, second in self._set_by_hand.items():
            snapshots[load] = replace(snapshots[load], by_hand_at=second)
        return snapshots

    def _act_by_hand(self) -> None:
        """Let people set what they set at this second."""
        day, second = divmod(self._start + self.moment.second, _DAY)
        for each in self.settings.by_hand:
            if each.at == second and each.day in (None, day):
                self._tell(Command(load=each.load, setpoint=each.setpoint))
                if each.is_known:
                    self._set_by_hand[each.load] = float(self.moment.second)

    def _is_active(self, fault: FaultKind) -> bool:
        return (fault, None) in self.active_faults

    def _advance_loads(self, needs: list[float]) -> None:
        """Let every load live through this second and add what it needs to `needs` [W]."""
        managed, moment = self.managed_currents, self.moment
        managed[:] = [0.0] * len(managed)
        powered = not self.dark
        for station in self._stations:
            station.advance()
        for device, above in zip(self.devices, self._places, strict=True):
            moment.powered = powered and not (above and any(each.dark for each in above))
            device.advance(moment)
            if device.power > 0.0:
                for phase, current in zip(device.phases, device.draws, strict=True):
                    managed[phase] += current
                    needs[phase] += current * self._voltages[phase]
                for circuit in above:
                    circuit.add(device.phases, device.draws)

    def _report(self) -> None:
        """Let every device report what is due."""
        feed, second = self.feed, self.moment.second
        feed.now = float(second)
        self.meter_reported = self._meter.report(feed, second, self._voltages)
        if self._demand is not None and self.meter_reported:
            feed.number("grid.average", float(round(self._demand.power)))
        for circuit in self.circuits.values():
            if circuit.meter is not None:
                circuit.meter.report(feed, second, self._voltages)
        solar = self.settings.solar
        if solar is not None and second % solar.report_interval == 0:
            feed.number("solar", float(round(self.solar_power)))
        battery = self.connection.battery
        part = self.settings.battery
        due = part is not None and second % part.report_interval == 0
        if battery is not None and due and not self._is_active(FaultKind.BATTERY_SILENT):
            feed.number("battery.soc", round(battery.soc, 1))
            feed.number("battery.power", float(round(battery.power)))
        for device in self.devices:
            device.report(feed, second)
        if feed.values.get("fuse.tripped") is not self.dark:
            feed.state("fuse.tripped", self.dark)


def _by_phase(
    samples: dict[str, Sample], name: str, phases: tuple[Phase, ...]
) -> dict[Phase, Sample]:
    """Return a meter's samples by phase."""
    found: dict[Phase, Sample] = {}
    for phase, key in _keys(name, phases):
        sample = samples.get(key)
        if sample is not None:
            found[phase] = sample
    return found


@cache
def _keys(name: str, phases: tuple[Phase, ...]) -> tuple[tuple[Phase, str], ...]:
    """Return each phase with the key under which a meter of this name reports it."""
    return tuple((phase, f"{name}.{phase}") for phase in phases)
