"""From what the controller sees and answers to what the estimator is told.

It runs beside the controller, once after each pass, with that pass's snapshot and decision. A load is
looked at where its device reports the current of each leg, or the power of a load with one leg. Every
command of the controller counts as driven by what was read, be it or not: a person's start is taken
for one too, which costs a little evidence and never makes any.
"""

from collections.abc import Mapping

from evenload.detect.nouns import LoadReport, Observation
from evenload.model.decision import Decision
from evenload.model.site import Leg, Load, Phase, Site
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot
from evenload.units import current_of


def observation(
    snapshot: Snapshot, decision: Decision | None, *, own: frozenset[str] = frozenset()
) -> Observation:
    """Return what a pass tells the estimator.

    `own` names the loads whose command in this pass no reading drove: a calibration's.
    """
    site = snapshot.site
    meter = meter_samples(snapshot)
    legs: dict[str, tuple[Leg, ...]] = {}
    reports: dict[str, LoadReport] = {}
    for load in site.all_loads:
        device = snapshot.devices.get(load.id)
        if device is None or not device.available:
            continue
        report = load_report(load, device, site.voltage)
        if report is not None:
            legs[load.id], reports[load.id] = report
    is_whole = len(meter) == len(site.phases)
    return Observation(
        phases=site.phases,
        legs=legs,
        meter=tuple([meter[phase].value for phase in site.phases]) if is_whole else None,
        meter_at=max([sample.at for sample in meter.values()], default=0.0),
        reports=reports,
        orders=_orders(decision, own),
        solar_current=_on_one_phase(snapshot.solar, site),
        battery_current=_on_one_phase(snapshot.battery_power, site),
    )


def meter_samples(snapshot: Snapshot) -> Mapping[Phase, Sample]:
    """Return the grid meter's currents [A], made of powers where it reports those alone.

    Empty where it knows no phases, or where there is no grid.
    """
    if snapshot.site.off_grid:
        return {}
    if snapshot.grid:
        return snapshot.grid
    return {
        phase: Sample(sample.value / _voltage(snapshot, phase), sample.at)
        for phase, sample in snapshot.grid_power.items()
    }


def _voltage(snapshot: Snapshot, phase: Phase) -> float:
    measured = snapshot.voltage.get(phase)
    return snapshot.site.voltage if measured is None else measured.value


def load_report(
    load: Load, device: DeviceSnapshot, voltage: float
) -> tuple[tuple[Leg, ...], LoadReport] | None:
    """Return the legs of a load and their currents; None: its device does not tell them."""
    legs = tuple(load.phases)
    samples = [device.current[leg] for leg in legs if leg in device.current]
    if len(samples) == len(legs):
        currents = tuple([sample.value for sample in samples])
        return legs, LoadReport(at=max([sample.at for sample in samples]), currents=currents)
    if device.power is None or len(legs) > 1:
        return None
    current = current_of(device.power.value, (voltage,))
    return legs, LoadReport(at=device.power.at, currents=(current,))


def _orders(decision: Decision | None, own: frozenset[str]) -> dict[str, float]:
    if decision is None:
        return {}
    return {
        command.load: command.setpoint for command in decision.commands if command.load not in own
    }


def _on_one_phase(power: Sample | None, site: Site) -> float:
    return 0.0 if power is None else current_of(power.value, (site.voltage,))
