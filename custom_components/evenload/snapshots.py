"""Translates what entities have reported into the snapshot that the controller sees."""

from collections.abc import Sequence
from datetime import datetime

from homeassistant.const import STATE_OFF, STATE_ON

from evenload.model.quantities import (
    current_in_amperes,
    is_power_unit,
    meter_current,
    power_in_watts,
)
from evenload.model.readings import LoadState
from evenload.model.site import Leg, Phase
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot
from evenload.units import current_of

from .charger_words import load_state_of
from .kinds import Appliance
from .load_wiring import LoadWiring, PlugWiring, StationPlugWiring
from .ocpp_plug import OcppPlugWiring
from .phase_words import phases_meant
from .plug_legs import legs_used
from .reports import Report, Reports
from .stations import Stations
from .wiring import Wiring

DRAWING_CURRENT = 0.5
"""A plug without a status is charging from this current on [A]: more than standby."""


def snapshot_of(
    wiring: Wiring,
    reports: Reports,
    stations: Stations,
    clock: datetime,
    doubtful_maps: frozenset[str] = frozenset(),
) -> Snapshot:
    """Return everything that is known now; `clock` is the house's, with its time zone.

    `doubtful_maps` are the loads whose phase map is contradicted by what the meter shows.
    """
    voltage = wiring.site.voltage
    meters = {phase: reports.current(entity) for phase, entity in wiring.grid.items()}
    return Snapshot(
        site=wiring.site,
        settings=wiring.settings,
        clock=clock,
        doubtful_maps=doubtful_maps,
        grid=_turned(_currents(meters), wiring.inverted),
        grid_power=_turned(_powers(meters), wiring.inverted),
        import_average=_power(reports.current(wiring.import_average)),
        solar=_power(reports.current(wiring.solar)),
        battery_soc=_number(reports.current(wiring.battery_soc)),
        battery_power=_power(reports.current(wiring.battery_power)),
        circuits=_circuits(wiring, reports),
        devices={
            identifier: device_of(load, reports, stations, voltage)
            for identifier, load in wiring.loads.items()
            if load.managed
        },
    )


def device_of(
    wiring: LoadWiring, reports: Reports, stations: Stations, voltage: float
) -> DeviceSnapshot:
    """Return what the device behind a load says of itself."""
    match wiring:
        case StationPlugWiring():
            return _station_plug(wiring, stations)
        case PlugWiring():
            return _plug(wiring, reports, voltage)
        case OcppPlugWiring() | Appliance():
            return wiring.device(reports, voltage)


def level_of(report: Report | None, voltages: Sequence[float]) -> float | None:
    """Return the current [A per leg] that a charger's limit stands for, given in A or in W.

    `voltages` are those of the legs that the watts flow on.
    """
    if report is None or report.number is None:
        return None
    if is_power_unit(report.unit):
        power = power_in_watts(report.number, report.unit)
        return None if power is None else current_of(power, voltages)
    return current_in_amperes(report.number, report.unit or "A")


def _turned(samples: dict[Phase, Sample], inverted: frozenset[Phase]) -> dict[Phase, Sample]:
    """Return what the meter says with the phases turned round that count the wrong way."""
    if not inverted:
        return samples
    return {
        phase: Sample(-sample.value, sample.at) if phase in inverted else sample
        for phase, sample in samples.items()
    }


def _circuits(wiring: Wiring, reports: Reports) -> dict[str, dict[Phase, Sample]]:
    """Return what the meters of circuits say; a power counts as the most current that it can be."""
    measured: dict[str, dict[Phase, Sample]] = {}
    for identifier, circuit in wiring.circuits.items():
        for phase, entity in circuit.meter.items():
            report = reports.current(entity)
            if report is None or report.number is None:
                continue
            current = meter_current(report.number, report.unit, voltage=wiring.site.voltage)
            if current is not None:
                measured.setdefault(identifier, {})[phase] = Sample(current, report.at)
    return measured


def _currents(meters: dict[Phase, Report | None]) -> dict[Phase, Sample]:
    """Return the phases that report a current."""
    samples: dict[Phase, Sample] = {}
    for phase, report in meters.items():
        if report is None or report.number is None or is_power_unit(report.unit):
            continue
        current = current_in_amperes(report.number, report.unit)
        if current is not None:
            samples[phase] = Sample(current, report.at)
    return samples


def _powers(meters: dict[Phase, Report | None]) -> dict[Phase, Sample]:
    """Return the phases that report a power."""
    samples: dict[Phase, Sample] = {}
    for phase, report in meters.items():
        power = _power(report) if report is not None and is_power_unit(report.unit) else None
        if power is not None:
            samples[phase] = power
    return samples


def _power(report: Report | None) -> Sample | None:
    if report is None or report.number is None:
        return None
    power = power_in_watts(report.number, report.unit)
    return None if power is None else Sample(power, report.at)


def _number(report: Report | None) -> Sample | None:
    if report is None or report.number is None:
        return None
    return Sample(report.number, report.at)


def _plug(wiring: PlugWiring, reports: Reports, voltage: float) -> DeviceSnapshot:
    current = _leg_currents(wiring, reports)
    power = _power(reports.last(wiring.power))
    driven_through = [wiring.limit] if wiring.enable is None else [wiring.limit, wiring.enable]
    return DeviceSnapshot(
        state=_plug_state(wiring, reports, drawing=_is_drawing(current, power, voltage)),
        available=all(reports.current(entity) is not None for entity in driven_through),
        current=current,
        power=power,
        setpoint=_plug_setpoint(wiring, reports, voltage),
        phases=_phases(reports.last(wiring.phases)),
        by_hand_at=reports.set_by_person_at(wiring.limit, wiring.enable),
    )


def _phases(report: Report | None) -> Sample | None:
    """Return how many phases the charger gives, as what switches them says."""
    count = None if report is None else phases_meant(report.value)
    return None if report is None or count is None else Sample(float(count), report.at)


def _station_plug(wiring: StationPlugWiring, stations: Stations) -> DeviceSnapshot:
    station, plug = stations.snapshot(wiring.identity), stations.plug(wiring)
    if station is None or plug is None:
        return DeviceSnapshot(state=LoadState.DISCONNECTED, available=False)
    mapped = wiring.load.phases
    return DeviceSnapshot(
        state=plug.state,
        # After a start it is not known what the plug does until its station has said so.
        available=station.connected and plug.status is not None,
        current={leg: sample for leg, sample in plug.current.items() if leg in mapped},
        power=plug.power,
        setpoint=plug.setpoint,
        phases=plug.phases if station.phase_switching else None,
    )


def _leg_currents(wiring: PlugWiring, reports: Reports) -> dict[Leg, Sample]:
    legs = tuple(wiring.load.phases)
    entities = wiring.current * len(legs) if len(wiring.current) == 1 else wiring.current
    currents: dict[Leg, Sample] = {}
    for leg, entity in zip(legs, entities, strict=False):
        report = reports.last(entity)
        if report is None or report.number is None:
            continue
        current = current_in_amperes(report.number, report.unit)
        if current is not None:
            currents[leg] = Sample(current, report.at)
    return currents


def _is_drawing(current: dict[Leg, Sample], power: Sample | None, voltage: float) -> bool:
    if current:
        return max(sample.value for sample in current.values()) >= DRAWING_CURRENT
    return power is not None and power.value >= DRAWING_CURRENT * voltage


def _plug_state(wiring: PlugWiring, reports: Reports, *, drawing: bool) -> LoadState:
    """Return what the plug does: by its status, else by its two contacts, else by its draw."""
    status = reports.last(wiring.status)
    known = load_state_of(status.value) if status is not None else None
    if known is not None:
        return known
    connected = reports.last(wiring.connected)
    if connected is not None and connected.value == STATE_OFF:
        return LoadState.DISCONNECTED
    charging = reports.last(wiring.charging)
    if charging is not None:
        return LoadState.CHARGING if charging.value == STATE_ON else LoadState.CONNECTED
    return LoadState.CHARGING if drawing else LoadState.CONNECTED


def _plug_setpoint(wiring: PlugWiring, reports: Reports, voltage: float) -> Sample | None:
    limit = reports.last(wiring.limit)
    measured = [report.number for entity in wiring.current if (report := reports.last(entity))]
    switch = reports.last(wiring.phases)
    legs = legs_used(
        wiring,
        None if switch is None else switch.value,
        [current for current in measured if current is not None],
    )
    level = level_of(limit, [voltage] * legs)
    enable = reports.last(wiring.enable)
    if enable is not None and enable.value == STATE_OFF:
        return Sample(0.0, enable.at)
    if limit is None or level is None:
        return None
    return Sample(level, limit.at if enable is None else max(limit.at, enable.at))
