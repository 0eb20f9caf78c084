"""The loop: whose turn it is, what it sees of the house, what it is told."""

from collections.abc import Iterator, Sequence

from evenload.engine.levels import levels_of
from evenload.model.decision import Command, Decision
from evenload.model.site import Kind, Load, Mode
from evenload.model.snapshot import Snapshot
from evenload.simulate.strategies.evcc_style.circuits import highest_current
from evenload.simulate.strategies.evcc_style.load_point import LoadPoint, SiteState
from evenload.simulate.strategies.evcc_style.phases import PhaseSwitch
from evenload.simulate.strategies.reported import grid_power, is_away, leg_currents, value_of

TICK = 30.0
"""One load point has its turn this often [s]."""
_ACTIVE = 1.0
"""A leg with at least this much is in use [A]."""
_RESIDUAL = 100.0
"""Kept for the grid while the battery goes first [W]."""
_SUNNY = (Mode.ECO, Mode.SOLAR, Mode.EXCESS)


class EvccStyle:
    """Steers load points one after another."""

    pace: int | None = None
    decision: Decision | None = None

    def __init__(self) -> None:
        """Start with nothing told."""
        self._points: dict[str, LoadPoint] = {}
        self._seen: dict[str, tuple[Mode, bool]] = {}
        self._due: float | None = None
        self._turn = 0

    def decide(self, snapshot: Snapshot, now: float) -> Sequence[Command]:
        """Give whoever is due a turn."""
        self._look(snapshot)
        commands: list[Command] = []
        for point in self._points.values():
            if self._is_new(point, snapshot):
                commands += self._steer(point, snapshot, now)
        if self._points and (self._due is None or now >= self._due):
            self._due = now + TICK if self._due is None else max(self._due + TICK, now)
            point = tuple(self._points.values())[self._turn % len(self._points)]
            self._turn += 1
            commands += self._steer(point, snapshot, now)
        return commands

    def restarted(self, now: float) -> None:
        """Begin anew: nothing is saved."""
        self._points.clear()
        self._seen.clear()
        self._due, self._turn = now, 0

    def _look(self, snapshot: Snapshot) -> None:
        """Take what every load draws."""
        for load in snapshot.site.all_loads:
            point = self._points.get(load.id)
            if point is None:
                switching = snapshot.settings.of(load).phase_switching
                switch = PhaseSwitch(phases=None if switching is None else len(load.phases))
                point = self._points[load.id] = LoadPoint(load, switch)
            point.load = load
            device = snapshot.devices.get(load.id)
            currents = leg_currents(load, device, snapshot.site.voltage)
            point.draw = max(currents.values())
            active = sum(current >= _ACTIVE for current in currents.values())
            point.is_charging = active > 0
            if is_away(device):
                point.legs_seen = None
            elif active > 0 and load.kind is Kind.EV and point.switch.phases != 1:
                point.legs_seen = active

    def _is_new(self, point: LoadPoint, snapshot: Snapshot) -> bool:
        """Return whether its mode changed, or a car came or went, since the last look."""
        load = point.load
        state = (load.mode, is_away(snapshot.devices.get(load.id)))
        known = self._seen.get(load.id)
        self._seen[load.id] = state
        return known is not None and known != state

    def _steer(self, point: LoadPoint, snapshot: Snapshot, now: float) -> Iterator[Command]:
        """Give a load point its turn and yield what to tell it."""
        phases, wanted = point.switch.phases, 0.0
        if not is_away(snapshot.devices.get(point.load.id)):
            state = self._site_state(point, snapshot, now)
            wanted = point.setpoint if state is None else _target(point, state)
            wanted = self._within_circuits(point, wanted, snapshot, now)
        if wanted != point.setpoint or phases != point.switch.phases:
            point.setpoint = wanted
            yield Command(load=point.load.id, setpoint=wanted, phases=point.switch.phases)

    def _within_circuits(
        self, point: LoadPoint, wanted: float, snapshot: Snapshot, now: float
    ) -> float:
        """Return what is left of a target below every circuit's limit."""
        if wanted <= 0.0:
            return 0.0
        most = highest_current(point, self._points, snapshot, now)
        if point.load.kind is not Kind.EV:
            most *= snapshot.site.voltage * len(point.load.phases)
        return levels_of(point.load).highest(min(wanted, most))

    def _site_state(self, point: LoadPoint, snapshot: Snapshot, now: float) -> SiteState | None:
        """Return what this load point sees of the house; None while the meter has not reported."""
        site = snapshot.site
        imported = grid_power(snapshot)
        if imported is None:
            return None
        power = imported + _battery_part(snapshot)
        taken = sum(
            other.draw * site.voltage * other.phases
            for other in self._points.values()
            if _gives_way(other.load, point.load)
        )
        kept = site.excess_threshold if point.load.mode is Mode.EXCESS else 0.0
        return SiteState(now=now, power=power - taken + kept, voltage=site.voltage)


def _gives_way(other: Load, load: Load) -> bool:
    """Return whether what `other` takes from the sun is available to `load`."""
    return other.mode in _SUNNY and other.priority > load.priority


def _battery_part(snapshot: Snapshot) -> float:
    """Return what the battery adds to the power that flows into the house [W]."""
    battery = snapshot.site.battery
    soc, power = value_of(snapshot.battery_soc), value_of(snapshot.battery_power)
    if battery is None or soc is None or power is None:
        return 0.0
    return power if soc >= battery.soc_target else max(power, 0.0) + _RESIDUAL


def _target(point: LoadPoint, state: SiteState) -> float:
    """Switch its phases if it is time to, and return what its mode gives it."""
    drawn = point.present_power(state.voltage)
    if point.load.mode is Mode.STANDARD and point.switch.phases is not None:
        point.switch.phases = len(point.load.phases)
    elif point.legs_seen != 1:
        point.switch.update(
            drawn - state.power,
            minimum=point.load.minimum * state.voltage,
            maximum=point.load.maximum * state.voltage,
            charging=point.is_charging,
            now=state.now,
        )
    return point.target(state, drawn)
