"""Feeds a history to the controller in a dry run, moment by moment, and adds up what it says."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from evenload.controller import ControllerState, step
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings
from evenload.model.decision import Decision, LoadDecision, SiteStatus, TroubleCode
from evenload.model.site import Load, Site
from evenload.model.snapshot import Snapshot
from evenload.simulate.replay.history import History, Row
from evenload.simulate.replay.mapping import Mapping
from evenload.simulate.replay.scene import Scene
from evenload.simulate.strategies.reported import phase_voltage

_HOUR = 3600.0
_NEAR = 100.0
_NEARLY = 0.1
"""A draw and what is allowed that differ by less are the same [W], and share of what is allowed."""


@dataclass(slots=True)
class LoadShadow:
    """One load: what it did, and what it would have been let do."""

    load: Load
    drawn: float = 0.0
    """[Wh]"""
    cut: float = 0.0
    """Of that, what Evenload would not have let it draw in that moment [Wh]."""
    cut_seconds: float = 0.0
    """For how long that was so [s]."""
    more_seconds: float = 0.0
    """How long it was there and might have drawn more [s]."""
    more: float = 0.0
    """What that would have been, had it taken it [Wh]; the car and the sun afterwards decide."""
    reasons: dict[Reason, float] = field(default_factory=dict[Reason, float])
    """For how long each was why it had what it had [s]."""


@dataclass(slots=True)
class Shadow:
    """What came of it."""

    site: Site
    start: datetime
    """By the clock of the house."""
    seconds: float
    """From the first row to the last [s]."""
    interval: float
    """Between two passes [s]."""
    passes: int = 0
    over_seconds: float = 0.0
    """How long a phase was above its rating [s]."""
    over_with_loads: float = 0.0
    """Of that, how long loads drew on it and Evenload would have made them yield [s]."""
    worst: float = 0.0
    """The highest current, as a share of the rating."""
    statuses: dict[SiteStatus, float] = field(default_factory=dict[SiteStatus, float])
    """For how long the site was in each [s]."""
    troubles: dict[tuple[TroubleCode, str], float] = field(
        default_factory=dict[tuple[TroubleCode, str], float]
    )
    """For how long each was wrong [s]."""
    loads: dict[str, LoadShadow] = field(default_factory=dict[str, LoadShadow])
    curves: dict[str, array[float]] = field(default_factory=dict[str, array[float]])
    """Quantities by name, one value a pass: `current.A` [A], `draws.<load>`, `allowed.<load>` [W]."""
    decisions: dict[str, list[tuple[int, LoadDecision]]] = field(
        default_factory=dict[str, list[tuple[int, LoadDecision]]]
    )
    """By load, each pass at which its reason became another one."""
    strange_words: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """By load, states that no word is known for."""
    strange_units: dict[str, str | None] = field(default_factory=dict[str, str | None])
    """By place, units that do not fit it."""


def shadow(
    history: History,
    site: Site,
    settings: ControlSettings,
    mapping: Mapping,
    *,
    progress: Callable[[int], None] | None = None,
) -> Shadow:
    """Return what Evenload would have done; `progress` is told how many seconds have passed.

    The whole control loop runs as it would in a house in dry run: nothing is commanded, and what loads
    draw is what they drew.
    """
    scene = Scene(site, replace(settings, control=False), mapping, begin=history.begin)
    start = datetime.fromtimestamp(history.begin, UTC).astimezone(ZoneInfo(mapping.time_zone))
    told = Shadow(
        site=site, start=start, seconds=history.end - history.begin, interval=mapping.interval
    )
    told.loads = {load.id: LoadShadow(load) for load in site.all_loads if load.id in mapping.loads}
    state = ControllerState.initial(0.0)
    for at in _moments(history, scene, mapping.interval):
        snapshot = scene.snapshot(at)
        state, decision = step(state, snapshot, at - history.begin)
        _add(told, snapshot, decision)
        if progress is not None:
            progress(int(at - history.begin))
    told.strange_words = scene.strange_words
    told.strange_units = scene.readings.units
    return told


def _moments(history: History, scene: Scene, interval: float) -> Iterator[float]:
    """Yield the moments at which the controller is asked, everything said before having been heard."""
    at = history.begin
    end = Row(history.end + interval, "", "")
    for row in chain(history.rows(), (end,)):
        while at < row.at:
            yield at
            at += interval
        if row is not end:
            scene.readings.take(row)


def _add(told: Shadow, snapshot: Snapshot, decision: Decision) -> None:
    """Count one pass."""
    told.passes += 1
    told.statuses[decision.status] = told.statuses.get(decision.status, 0.0) + told.interval
    for trouble in decision.troubles:
        key = (trouble.code, trouble.about)
        told.troubles[key] = told.troubles.get(key, 0.0) + told.interval
    lowered = _add_loads(told, snapshot, decision)
    over = False
    for phase in told.site.phases:
        sample = snapshot.grid.get(phase)
        current = float("nan") if sample is None else sample.value
        _curve(told, f"current.{phase}", current)
        if sample is not None:
            ratio = current / told.site.fuse[phase]
            told.worst = max(told.worst, ratio)
            over = over or ratio > 1.0
    if over:
        told.over_seconds += told.interval
        told.over_with_loads += told.interval if lowered else 0.0


def _add_loads(told: Shadow, snapshot: Snapshot, decision: Decision) -> bool:
    """Count what loads did in one pass; return whether any would have been lowered."""
    lowered = False
    hours = told.interval / _HOUR
    for name, own in told.loads.items():
        said = decision.loads[name]
        drawn, allowed = _drawn(own.load, snapshot), said.power
        _curve(told, f"draws.{name}", drawn)
        _curve(told, f"allowed.{name}", allowed)
        own.drawn += drawn * hours
        reason = said.reason if said.wanted is None else said.wanted
        own.reasons[reason] = own.reasons.get(reason, 0.0) + told.interval
        known = told.decisions.setdefault(name, [])
        if not known or (known[-1][1].reason, known[-1][1].by) != (reason, said.by):
            known.append((told.passes - 1, replace(said, reason=reason)))
        near = _NEAR + _NEARLY * allowed
        if drawn > allowed + near:
            lowered = True
            own.cut += (drawn - allowed) * hours
            own.cut_seconds += told.interval
        elif allowed > drawn + near:
            own.more += (allowed - drawn) * hours
            own.more_seconds += told.interval
    return lowered


def _drawn(load: Load, snapshot: Snapshot) -> float:
    """Return what a load drew, as its device said [W]."""
    device = snapshot.devices[load.id]
    if device.power is not None:
        return max(0.0, device.power.value)
    powers = (
        sample.value * phase_voltage(snapshot, load.phases[leg])
        for leg, sample in device.current.items()
    )
    return max(0.0, sum(powers))


def _curve(told: Shadow, name: str, value: float) -> None:
    told.curves.setdefault(name, array("f")).append(value)
