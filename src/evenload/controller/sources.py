"""The snapshot's sources, each judged: the grid meter, the battery, circuits with a meter."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from evenload.controller.change import replace
from evenload.controller.history import power_at, remember
from evenload.controller.learn import lag
from evenload.controller.meter_memory import NEVER, MeterMemory
from evenload.controller.meters import HALF, Bench, Judgement, Span, judge, spans_of_current
from evenload.controller.signs import GridView, Witness, grid_view
from evenload.controller.state import ControllerState
from evenload.model.brief import brief
from evenload.model.decision import TroubleCode
from evenload.model.site import Phase, Site
from evenload.model.snapshot import Sample, Snapshot

GRID = "grid"
BATTERY = "battery"

LOWEST_VOLTAGE = 0.7
HIGHEST_VOLTAGE = 1.3
"""Shares of the nominal voltage between which a measured one is believed."""

UNLIKELY_POWER = 2.0
"""A battery's power above so many times its own maximum is refused."""

POWER_LEAP = 1000.0
"""A battery that takes so much more than in the report before has to say so twice [W]."""

SOC_LEAP = 5.0
"""The same of a state of charge that rose by so much [%]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is wrong at this moment."""

    code: TroubleCode
    about: str
    given: float | None = None
    since: float | None = None
    """When it began, where that is known; None: it is seen for the first time now."""


@brief
class Sources:
    """All sources of one pass."""

    grid: Judgement
    battery: Judgement | None
    """None: the site has no battery."""
    circuits: Mapping[str, Judgement]
    """By circuit id, those that have a meter."""
    voltages: tuple[float, ...]
    """By phase [V]."""
    view: GridView
    """How the grid meter says what it says."""
    battery_powers: tuple[Sample, ...] = ()
    """What the battery lately reported [W], oldest first."""
    battery_power: float = 0.0
    """What it did at the moment that the grid meter shows [W], discharging positive; 0: not known."""

    asks: tuple[str, ...] = ()
    """Sources that should be asked for a report, being quiet."""

    @property
    def shown(self) -> tuple[float, ...] | None:
        """Return where a load's step shows, by phase [A]: a total shows it whatever the phase."""
        values = self.grid.memory.values
        if values is None or not self.view.is_total:
            return values
        return (sum(values),) * len(values)

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
    bench = Bench(timeout=snapshot.settings.meter_timeout, since=state.since, now=now)
    volts = voltages(site, snapshot)
    view = grid_view(
        snapshot,
        state.signs,
        Witness(
            voltages=volts,
            battery=state.battery_powers[-1].value if state.battery_powers else 0.0,
            loads=state.loads,
            timeout=bench.timeout,
            now=now,
        ),
    )
    grid = judge(
        _memory(state, GRID),
        view.samples,
        spans_of_current(site.phases, tuple([site.fuse[phase] for phase in site.phases])),
        bench,
        heard_at=view.heard_at,
        is_doubted=_has_missed_a_move(state, GRID),
    )
    battery = None
    if site.battery is not None:
        battery = judge(
            _memory(state, BATTERY),
            _battery_samples(snapshot),
            _battery_spans(max(site.battery.max_charge, site.battery.max_discharge)),
            bench,
        )
    circuits = _judge_circuits(state, snapshot, bench)
    quiet = _asked({GRID: grid, BATTERY: battery, **circuits}, bench)
    grid = quiet.get(GRID, grid)
    battery = quiet.get(BATTERY, battery)
    powers = _battery_powers(state, snapshot, battery)
    is_known = battery is not None and not battery.is_blind
    shown_at = grid.memory.complete_at - lag(state.lags, grid.memory.interval).usual
    return Sources(
        grid=grid,
        battery=battery,
        circuits=circuits | {name: quiet[name] for name in quiet if name in circuits},
        asks=tuple(quiet),
        voltages=volts,
        view=view,
        battery_powers=powers,
        battery_power=power_at(powers, shown_at) if is_known else 0.0,
    )


def _asked(judgements: Mapping[str, Judgement | None], bench: Bench) -> dict[str, Judgement]:
    """Return the sources that are quiet and not just asked, as of being asked now."""
    every = HALF * bench.timeout
    return {
        name: replace(judgement, memory=replace(judgement.memory, asked_at=bench.now))
        for name, judgement in judgements.items()
        if judgement is not None
        and judgement.is_quiet
        and bench.now - judgement.memory.asked_at >= every
    }


def _battery_powers(
    state: ControllerState, snapshot: Snapshot, battery: Judgement | None
) -> tuple[Sample, ...]:
    """Return the battery's last reports with the newest that can be believed."""
    newest = snapshot.battery_power
    if battery is None or newest is None or "power" not in battery.seen:
        return state.battery_powers
    return remember(state.battery_powers, newest)


def _judge_circuits(
    state: ControllerState, snapshot: Snapshot, bench: Bench
) -> dict[str, Judgement]:
    found: dict[str, Judgement] = {}
    if not snapshot.circuits:
        return found
    site = snapshot.site
    fuses: dict[str, Mapping[Phase, float]] = {c.id: c.fuse for c in site.circuits}
    for name, samples in snapshot.circuits.items():
        if name not in fuses:
            continue
        ratings = tuple([fuses[name].get(phase, site.fuse[phase]) for phase in site.phases])
        judgement = judge(
            _memory(state, name),
            samples,
            spans_of_current(site.phases, ratings),
            bench,
            is_doubted=_has_missed_a_move(state, name),
        )
        still = state.stillness.get(name)
        if still is not None and still.is_doubtful:
            judgement = replace(judgement, is_fresh=False)
        found[name] = judgement
    return found


def _memory(state: ControllerState, name: str) -> MeterMemory:
    return state.meters.get(name) or MeterMemory()


def _has_missed_a_move(state: ControllerState, name: str) -> bool:
    stillness = state.stillness.get(name)
    return stillness is not None and stillness.moves > 0


def _battery_samples(snapshot: Snapshot) -> dict[str, Sample]:
    samples = {"power": snapshot.battery_power, "soc": snapshot.battery_soc}
    return {key: sample for key, sample in samples.items() if sample is not None}


@lru_cache(maxsize=8)
def _battery_spans(max_power: float) -> tuple[Span[str], ...]:
    most = UNLIKELY_POWER * max_power
    return (
        Span(key="power", least=-most, most=most, fall=POWER_LEAP),
        Span(key="soc", least=0.0, most=100.0, rise=SOC_LEAP),
    )


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


def faults(
    sources: Sources, *, frozen: frozenset[str], doubted: TroubleCode | None = None
) -> list[Fault]:
    """Return what is wrong with the sources; `doubted` says why the grid meter is not believed."""
    found = [Fault(code=code, about=about) for code, about in sources.view.troubles]
    if not found or sources.view.samples:
        found += _meter_faults(GRID, sources.grid)
    if doubted is not None:
        found.append(Fault(code=doubted, about=GRID, since=sources.grid.memory.moved_at))
    for name, judgement in sources.circuits.items():
        found += _meter_faults(name, judgement)
    found += [Fault(code=TroubleCode.METER_FROZEN, about=name) for name in sorted(frozen)]
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
