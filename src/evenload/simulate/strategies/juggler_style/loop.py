"""The loop: average the inputs, allocate, let each permit through its chain, tell every 15 s."""

from collections.abc import Sequence

from evenload.engine import Allocator
from evenload.model.allocation import Reason
from evenload.model.decision import Command, Decision
from evenload.model.readings import BatteryReading, LoadReading, LoadState, Need, Readings
from evenload.model.site import Kind, Load, Mode, Site
from evenload.model.snapshot import Snapshot
from evenload.simulate.strategies.juggler_style.load import SETTLED_REST, JuggledLoad
from evenload.simulate.strategies.juggler_style.smoothing import CYCLE, Averages
from evenload.simulate.strategies.reported import (
    is_away,
    leg_currents,
    meter_currents,
    phase_voltage,
    value_of,
)
from evenload.simulate.strategies.told import Told

COMMAND_INTERVAL = 15.0
"""Between two commands to one load [s]."""
HOLD = 60.0
"""A meter that is not available is taken to stand still this long [s]."""
_IDLE_CURRENT, _IDLE_TIME = 1.0, 60.0
"""A car that is suspended and draws less for this long is inactive [A], [s]."""


class JugglerStyle:
    """Follows every load in cycles of two seconds."""

    pace: int | None = int(CYCLE)
    decision: Decision | None = None

    def __init__(self) -> None:
        """Start with no memory."""
        self._averages = Averages()
        self._loads: dict[str, JuggledLoad] = {}
        self._told = Told()
        self._allocator: Allocator | None = None
        self._site: Site | None = None
        self._cycle_due = self._command_due = 0.0
        self._metered_at: float | None = None
        self._suspended_at: dict[str, float] = {}

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:
        """Go through a cycle if one is due, and tell what is new if it is time to."""
        if now >= self._cycle_due:
            self._cycle_due = now + CYCLE
            self._cycle(snapshot, now)
        if now < self._command_due:
            return ()
        self._command_due = now + COMMAND_INTERVAL
        return tuple(
            self._told.changes({name: load.setpoint for name, load in self._loads.items()})
        )

    def restarted(self, now: float) -> None:
        """Begin anew: nothing is saved."""
        self._averages, self._told = Averages(), Told()
        self._loads.clear()
        self._suspended_at.clear()
        self._cycle_due = self._command_due = now
        self._metered_at = None

    def _cycle(self, snapshot: Snapshot, now: float) -> None:
        site = snapshot.site
        if self._allocator is None or site is not self._site:
            self._site, self._allocator = site, Allocator(site)
        for load in site.all_loads:
            self._loads.setdefault(load.id, JuggledLoad())
        readings = self._readings(snapshot, now)
        if readings is None:
            self._without_meter(snapshot)
            return
        allocations = self._allocator.allocate(readings)
        for load in site.all_loads:
            allocation = allocations.loads[load.id]
            if allocation.reason is Reason.SATISFIED:
                continue
            granted = allocation.current if load.kind is Kind.EV else allocation.power
            self._loads[load.id].follow(load, granted, allocation.reason, now)

    def _readings(self, snapshot: Snapshot, now: float) -> Readings | None:
        """Return the moment as averages show it; None where the meter has been away too long."""
        site, averages = snapshot.site, self._averages
        currents = meter_currents(snapshot)
        if currents is not None:
            self._metered_at = now
            for phase, current in currents.items():
                averages.add(phase, current)
        elif self._metered_at is None or now - self._metered_at > HOLD:
            return None
        source = {phase: averages.values[phase] for phase in site.phases}
        return Readings(
            grid={} if site.off_grid else source,
            inverter=source if site.off_grid else None,
            voltage={phase: phase_voltage(snapshot, phase) for phase in site.phases},
            battery=self._battery(snapshot),
            loads={load.id: self._load_reading(load, snapshot, now) for load in site.all_loads},
            circuits={
                name: {
                    phase: averages.add((name, phase), sample.value)
                    for phase, sample in meter.items()
                }
                for name, meter in snapshot.circuits.items()
            },
        )

    def _battery(self, snapshot: Snapshot) -> BatteryReading | None:
        soc, power = value_of(snapshot.battery_soc), value_of(snapshot.battery_power)
        if snapshot.site.battery is None or soc is None or power is None:
            return None
        return BatteryReading(soc=soc, power=self._averages.add("battery", power))

    def _load_reading(self, load: Load, snapshot: Snapshot, now: float) -> LoadReading:
        device = snapshot.devices.get(load.id)
        drawn = leg_currents(load, device, snapshot.site.voltage)
        currents = {
            leg: self._averages.add((load.id, leg), current) for leg, current in drawn.items()
        }
        state = LoadState.DISCONNECTED if device is None else device.state
        highest = max(drawn.values())
        if state is LoadState.SUSPENDED and highest < _IDLE_CURRENT:
            if now - self._suspended_at.setdefault(load.id, now) >= _IDLE_TIME:
                state = LoadState.FINISHED
        else:
            self._suspended_at.pop(load.id, None)
        if not self._loads[load.id].is_settled(load, highest, snapshot.site.voltage):
            return LoadReading(state=state, current=currents)
        if load.kind is not Kind.EV:
            return LoadReading(state=state, current=currents, need=Need.SATISFIED)
        ceiling = max(load.minimum, highest + SETTLED_REST)
        return LoadReading(state=state, current=currents, ceiling=ceiling)

    def _without_meter(self, snapshot: Snapshot) -> None:
        """Let cars that charge go to their minimum, and everything else rest."""
        for load in snapshot.site.all_loads:
            memory = self._loads[load.id]
            device = snapshot.devices.get(load.id)
            runs = load.kind is Kind.EV and memory.setpoint > 0.0 and not is_away(device)
            memory.setpoint = load.minimum if runs and load.mode is not Mode.OFF else 0.0
            memory.chain.stop()
            memory.chain.add(memory.setpoint)
