"""The snapshot that the controller sees at one moment of a history."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from evenload.model.control import ControlSettings
from evenload.model.readings import LoadState
from evenload.model.site import Kind, Load, Phase, Site
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot
from evenload.simulate.replay.mapping import LoadSensors, Mapping, Sensor, state_of
from evenload.simulate.replay.readings import Readings

_DRAWING = 50.0
"""A load that draws more runs [W]."""


class Scene:
    """Turns what entities said into snapshots."""

    def __init__(
        self, site: Site, settings: ControlSettings, mapping: Mapping, *, begin: float
    ) -> None:
        """`begin` is the moment that the monotonic clock counts from [s since 1970]."""
        self.readings = Readings(mapping, voltage=site.voltage)
        self.strange_words: dict[str, set[str]] = {}
        """By load, states that no word is known for."""
        self._site, self._settings, self._mapping = site, settings, mapping
        self._begin = begin
        self._zone = ZoneInfo(mapping.time_zone)
        self._loads = {load.id: load for load in site.all_loads}

    def snapshot(self, at: float) -> Snapshot:
        """Return what is known at a moment [s since 1970]."""
        mapping = self._mapping
        return Snapshot(
            site=self._site,
            settings=self._settings,
            clock=datetime.fromtimestamp(at, UTC).astimezone(self._zone),
            grid=self._phases("grid", mapping.grid, at),
            voltage=self._phases("voltage", mapping.voltage, at),
            grid_total=self._sample("total", mapping.total, at),
            solar=self._sample("solar", mapping.solar, at),
            battery_soc=self._sample("battery_soc", mapping.battery_soc, at),
            battery_power=self._sample("battery_power", mapping.battery_power, at),
            circuits={
                name: self._phases(f"circuits.{name}", phases, at)
                for name, phases in mapping.circuits.items()
            },
            devices={
                name: self._device(self._loads[name], sensors, at)
                for name, sensors in mapping.loads.items()
            },
        )

    def _phases(self, place: str, sensors: dict[Phase, Sensor], at: float) -> dict[Phase, Sample]:
        samples = {
            phase: self._sample(f"{place}.{phase}", sensor, at) for phase, sensor in sensors.items()
        }
        return {phase: sample for phase, sample in samples.items() if sample is not None}

    def _sample(self, place: str, sensor: Sensor | None, at: float) -> Sample | None:
        """Return what a sensor says, its time on the monotonic clock."""
        sample = None if sensor is None else self.readings.sample(place, sensor, at)
        return None if sample is None else Sample(sample.value, sample.at - self._begin)

    def _device(self, load: Load, sensors: LoadSensors, at: float) -> DeviceSnapshot:
        place = f"loads.{load.id}"
        power = self._sample(f"{place}.power", sensors.power, at)
        currents = {
            leg: self._sample(f"{place}.current.{leg}", sensor, at)
            for leg, sensor in sensors.current.items()
        }
        known = {leg: sample for leg, sample in currents.items() if sample is not None}
        entities = [each.entity for each in (sensors.power, *sensors.current.values()) if each]
        entities += [] if sensors.state is None else [sensors.state]
        drawn = sum(sample.value for sample in known.values()) * self._site.voltage
        drawn = drawn if power is None else power.value
        return DeviceSnapshot(
            state=self._state(load, sensors, drawn),
            available=any(self.readings.is_available(entity) for entity in entities),
            current=known,
            power=power,
            setpoint=self._sample(f"{place}.setpoint", sensors.setpoint, at),
        )

    def _state(self, load: Load, sensors: LoadSensors, drawn: float) -> LoadState:
        """Return what a load is doing: what its device says, else as its draw has it."""
        runs = drawn > _DRAWING
        if load.kind is Kind.EV:
            by_draw = LoadState.CHARGING if runs else LoadState.DISCONNECTED
        else:
            by_draw = LoadState.ON if runs else LoadState.OFF
        if sensors.state is None:
            return by_draw
        word = self.readings.word(sensors.state)
        if word is None:
            return by_draw
        state = state_of(word, sensors)
        if state is None:
            self.strange_words.setdefault(load.id, set()).add(word)
            return by_draw
        if load.kind is Kind.EV and state in (LoadState.ON, LoadState.OFF):
            return LoadState.CHARGING if runs else LoadState.CONNECTED
        return state
