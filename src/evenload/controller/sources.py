"""The snapshot's sources, each judged: the grid meter, the battery, circuits with a meter."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from evenload.controller.meters import Judgement, bounds_of_current, judge
from evenload.controller.state import NEVER, ControllerState, MeterMemory
from evenload.model.decision import TroubleCode
from evenload.model.site import Battery, Site
from evenload.model.snapshot import Sample, Snapshot

GRID = "grid"
BATTERY = "battery"

LOWEST_VOLTAGE = 0.7
HIGHEST_VOLTAGE = 1.3
"""Shares of the nominal voltage between which a measured one is believed."""

UNLIKELY_POWER = 2.0
"""A battery's power above so many times its own maximum is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is wrong at this moment."""

    code: TroubleCode
    about: str
    given: float | None = None
    since: float | None = None
    """When it began, where that is known; None: it is seen for the first time now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All sources of one pass."""

    grid: Judgement
    battery: Judgement | None
    """None: the site has no battery."""
    circuits: Mapping[str, Judgement]
    """By circuit id, those that have a meter."""
    voltages: tuple[float, ...]
    """By phase [V]."""

    @property
    def memories(self) -> dict[str, MeterMemory]:
        """Return what to remember of each, by its name."""
        memories = {name: judgement.memory for name, judgement in self.circuits.items()}
        memories[GRID] = self.grid.memory
        if self.battery is not None:
            memories[BATTERY] = self.battery.memory
        return memories


def judge_sources(state: ControllerState, snapshot: Snapshot, now: float) -> Sources:
    """Return what to think of every source; off the grid the inverter is the grid meter."""
    site = snapshot.site
    timeout = snapshot.settings.meter_timeout

    def verdict[Key: str](
        name: str, samples: Mapping[Key, Sample], bounds: tuple[tuple[Key, float, float], ...]
    ) -> Judgement:
        memory = state.meters.get(name) or MeterMemory()
        return judge(memory, samples, bounds, timeout=timeout, since=state.since, now=now)

    fuse = [site.fuse[phase] for phase in site.phases]
    grid = snapshot.inverter if site.off_grid else snapshot.grid
    ratings = {circuit.id: circuit.fuse for circuit in site.circuits}
    circuits = {
        name: verdict(
            name,
            samples,
            bounds_of_current(
                site.phases,
                [
                    ratings[name].get(phase, most)
                    for phase, most in zip(site.phases, fuse, strict=True)
                ],
            ),
        )
        for name, samples in snapshot.circuits.items()
        if name in ratings
    }
    battery = None
    if site.battery is not None:
        battery = verdict(BATTERY, _battery_samples(snapshot), _battery_bounds(site.battery))
    return Sources(
        grid=verdict(GRID, grid, bounds_of_current(site.phases, fuse)),
        battery=battery,
        circuits=circuits,
        voltages=voltages(site, snapshot),
    )


def _battery_samples(snapshot: Snapshot) -> dict[str, Sample]:
    samples = {"power": snapshot.battery_power, "soc": snapshot.battery_soc}
    return {key: sample for key, sample in samples.items() if sample is not None}


def _battery_bounds(battery: Battery) -> tuple[tuple[str, float, float], ...]:
    most = UNLIKELY_POWER * max(battery.max_charge, battery.max_discharge)
    return (("power", -most, most), ("soc", 0.0, 100.0))


def voltages(site: Site, snapshot: Snapshot) -> tuple[float, ...]:
    """Return the voltage of each phase [V]: measured where that can be believed, else nominal."""
    nominal = site.voltage
    if not snapshot.voltage:
        return (nominal,) * len(site.phases)
    samples = (snapshot.voltage.get(phase) for phase in site.phases)
    return tuple(
        sample.value
        if sample is not None
        and math.isfinite(sample.value)
        and LOWEST_VOLTAGE * nominal <= sample.value <= HIGHEST_VOLTAGE * nominal
        else nominal
        for sample in samples
    )


def faults(sources: Sources, *, is_frozen: bool) -> list[Fault]:
    """Return what is wrong with the sources."""
    found = _meter_faults(GRID, sources.grid)
    for name, judgement in sources.circuits.items():
        found += _meter_faults(name, judgement)
    if is_frozen:
        found.append(Fault(code=TroubleCode.METER_FROZEN, about=GRID))
    battery = sources.battery
    if battery is not None and (battery.is_blind or battery.missing or battery.implausible):
        given = battery.implausible[0][1] if battery.implausible else None
        found.append(Fault(code=TroubleCode.BATTERY_SILENT, about=BATTERY, given=given))
    return found


def _meter_faults(name: str, judgement: Judgement) -> list[Fault]:
    missing = [
        Fault(code=TroubleCode.METER_MISSING, about=f"{name}/{key}") for key in judgement.missing
    ]
    implausible = [
        Fault(code=TroubleCode.METER_IMPLAUSIBLE, about=f"{name}/{key}", given=value)
        for key, value in judgement.implausible
    ]
    found = missing + implausible
    if judgement.is_blind and not found:
        last = judgement.memory.reported_at
        since = last if last > NEVER else None
        found.append(Fault(code=TroubleCode.METER_SILENT, about=name, since=since))
    return found
