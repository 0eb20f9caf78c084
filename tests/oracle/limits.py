"""Every limit as a rule that looks at a whole allocation: "would this break me?".

`granted` maps each load's id to its current [A per leg]. A limit is asked about one load's level
with everybody else as they are; it never remembers anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from evenload.model.site import MAIN, Circuit, Phase
from tests.oracle.facts import NEAR, Facts, Member
from tests.oracle.pools import Pools

type Granted = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`measure` of an allocation must not exceed `most` of it, as far as `concerns` goes."""

    name: str
    base: float
    concerns: frozenset[str]
    """The loads whose current counts on it."""
    measure: Callable[[Granted], float]
    """What flows with an allocation, base included."""
    most: Callable[[Granted], float]
    """What may flow; a constant for all but dimming."""
    setting: float | None = None
    """What it is set to, where a base that is above that already may stay; None: `most`."""

    def stated(self, granted: Granted) -> float:
        """Return what people are told the limit is."""
        return self.most(granted) if self.setting is None else self.setting

    def refuses(self, load: str, level: float, granted: Granted) -> bool:
        if load not in self.concerns:
            return False
        after = {**granted, load: level}
        return self.measure(after) > self.most(after) + NEAR


def limits_of(facts: Facts, pools: Pools) -> list[Limit]:
    limits = [*_main(facts), *_circuits(facts), *_chargers(facts), *_unbalance(facts)]
    if facts.site.off_grid:
        return [*limits, *_inverter(facts)]
    return [*limits, *_import(facts), *_dimming(facts, pools)]


def raw_base(facts: Facts, phase: Phase) -> float:
    """Return what flows at the connection without managed loads, every doubt on top [A]."""
    return _measured_base(facts, phase) + _doubt(facts, phase, facts.unresponsive)


def _measured_base(facts: Facts, phase: Phase) -> float:
    source = facts.readings.inverter if facts.site.off_grid else facts.readings.grid
    assert source is not None
    drawn = sum(member.draw.get(phase, 0.0) for member in facts.unresponsive)
    return source[phase] - facts.managed[phase] - drawn


def _doubt(facts: Facts, phase: Phase, members: list[Member]) -> float:
    """Return the most that loads which do not obey could draw of a phase [A]."""
    return sum(
        member.maximum
        for member in members
        if member in facts.unresponsive and phase in member.legs_for_limits
    )


def _on_phase(name: str, phase: Phase, *, base: float, most: float, behind: list[Member]) -> Limit:
    here = [member.id for member in behind if phase in member.legs_for_limits]
    return Limit(
        name=f"{name}/{phase}",
        base=base,
        concerns=frozenset(here),
        measure=lambda granted: base + sum(granted[load] for load in here),
        most=lambda _: most,
    )


def _main(facts: Facts) -> list[Limit]:
    site = facts.site
    limits: list[Limit] = []
    for phase in site.phases:
        headroom = site.fuse[phase] if site.cloud_headroom is None else site.cloud_headroom
        base = max(_measured_base(facts, phase), -headroom)
        base += _doubt(facts, phase, facts.unresponsive)
        most = site.fuse[phase] - site.margin
        everyone = list(facts.members.values())
        limits.append(_on_phase(MAIN, phase, base=base, most=most, behind=everyone))
    return limits


def _circuits(facts: Facts) -> list[Limit]:
    return [
        _on_phase(
            circuit.id,
            phase,
            base=circuit_base(facts, circuit, phase),
            most=rating - facts.site.margin,
            behind=facts.behind(circuit.id),
        )
        for circuit in facts.site.circuits
        for phase, rating in circuit.fuse.items()
    ]


def circuit_base(facts: Facts, circuit: Circuit, phase: Phase) -> float:
    """Return what flows in a circuit besides managed loads [A]."""
    behind = facts.behind(circuit.id)
    meter = facts.readings.circuits.get(circuit.id)
    if meter is None:
        return circuit.reserve + _unmetered(facts, circuit.id, phase)
    taken_out = [member for member in behind if member.obeys or member in facts.unresponsive]
    drawn = sum(member.draw.get(phase, 0.0) for member in taken_out)
    return max(0.0, meter[phase] - drawn) + _doubt(facts, phase, behind)


def _unmetered(facts: Facts, root: str, phase: Phase) -> float:
    """Return what is known to flow behind a circuit or charger that has no meter [A]."""
    meters = facts.readings.circuits
    below = [
        circuit
        for circuit in facts.site.circuits
        if circuit.id in meters and _nearest_meter_is(facts, circuit, root)
    ]
    covered = {member.id for circuit in below for member in facts.behind(circuit.id)}
    direct = [member for member in facts.behind(root) if member.id not in covered]
    stray = [m for m in direct if not m.obeys and m not in facts.unresponsive]
    return (
        sum(member.draw.get(phase, 0.0) for member in stray)
        + _doubt(facts, phase, direct)
        + sum(max(0.0, circuit_base(facts, circuit, phase)) for circuit in below)
    )


def _nearest_meter_is(facts: Facts, circuit: Circuit, root: str) -> bool:
    """Whether `circuit` is below `root` with no other metered circuit between them."""
    parents = {other.id: other.parent for other in facts.site.circuits}
    above = circuit.parent
    while above != root:
        if above not in parents or above in facts.readings.circuits:
            return False
        above = parents[above]
    return True


def _chargers(facts: Facts) -> list[Limit]:
    limits: list[Limit] = []
    for charger in facts.site.chargers:
        plugs = facts.behind(charger.id)
        phases = {phase for plug in plugs for phase in plug.load.phases.values()}
        limits.extend(
            _on_phase(
                charger.id,
                phase,
                base=_unmetered(facts, charger.id, phase),
                most=charger.max_current,
                behind=plugs,
            )
            for phase in sorted(phases)
        )
        if charger.max_active is not None:
            limits.append(_active(facts, charger.id, plugs, charger.max_active))
    return limits


def _active(facts: Facts, charger: str, plugs: list[Member], most: int) -> Limit:
    base = sum(
        plug in facts.unresponsive or (not plug.obeys and any(a > NEAR for a in plug.draw.values()))
        for plug in plugs
    )
    ids = [plug.id for plug in plugs]
    return Limit(
        name=f"{charger}/active",
        base=base,
        concerns=frozenset(ids),
        measure=lambda granted: base + sum(granted[plug] > 0 for plug in ids),
        most=lambda _: most,
    )


def _totals(facts: Facts, granted: Granted, bases: Mapping[Phase, float]) -> dict[Phase, float]:
    """Return what flows on each phase with an allocation [A]."""
    totals = dict(bases)
    for member in facts.members.values():
        for phase in member.legs_for_limits:
            totals[phase] += granted[member.id]
    return totals


def _bases(facts: Facts) -> dict[Phase, float]:
    return {phase: raw_base(facts, phase) for phase in facts.site.phases}


def _import(facts: Facts) -> list[Limit]:
    limit = facts.site.import_limit
    if limit is None:
        return []
    bases = _bases(facts)

    def imported(granted: Granted) -> float:
        flows = _totals(facts, granted, bases)
        powers = [current * facts.voltage[phase] for phase, current in flows.items()]
        return sum(powers) if facts.site.phase_netting else sum(max(0.0, p) for p in powers)

    base = imported(dict.fromkeys(facts.members, 0.0))
    return [
        Limit(
            name="import",
            base=base,
            concerns=frozenset(facts.members),
            measure=imported,
            most=lambda _: max(limit, base),
            setting=limit,
        )
    ]


def _dimming(facts: Facts, pools: Pools) -> list[Limit]:
    dimming = facts.site.dimming
    if dimming is None:
        return []
    named = [facts.members[load] for load in dimming.loads]
    others = [member for member in facts.members.values() if member not in named]
    base = sum(_dimming_base(facts, member) for member in named)

    def taken(members: list[Member], granted: Granted) -> float:
        return sum(facts.power(m.legs_for_limits, granted[m.id]) for m in members)

    return [
        Limit(
            name="dimming",
            base=base,
            concerns=frozenset(dimming.loads),
            measure=lambda granted: base + taken(named, granted),
            most=lambda granted: (
                dimming.limit + max(0.0, pools.site_surplus - taken(others, granted))
            ),
        )
    ]


def _dimming_base(facts: Facts, member: Member) -> float:
    """Return what a named load that does not obey counts for [W]."""
    if member in facts.unresponsive:
        return facts.power(member.legs_for_limits, member.maximum)
    if member.obeys:
        return 0.0
    return sum(current * facts.voltage[phase] for phase, current in member.draw.items())


def _unbalance(facts: Facts) -> list[Limit]:
    limit = facts.site.unbalance_limit
    if limit is None:
        return []
    bases = _bases(facts)
    return [
        _between(facts, first, second, limit, bases)
        for first, second in combinations(facts.site.phases, 2)
    ]


def _between(
    facts: Facts, first: Phase, second: Phase, limit: float, bases: Mapping[Phase, float]
) -> Limit:
    def difference(granted: Granted) -> float:
        totals = _totals(facts, granted, bases)
        return abs(totals[first] - totals[second])

    one_sided = [
        member.id
        for member in facts.members.values()
        if (first in member.legs_for_limits) != (second in member.legs_for_limits)
    ]
    base = abs(bases[first] - bases[second])
    return Limit(
        name=f"unbalance/{first}{second}",
        base=base,
        concerns=frozenset(one_sided),
        measure=difference,
        most=lambda _: max(limit, base),
    )


def _inverter(facts: Facts) -> list[Limit]:
    inverter = facts.site.inverter
    if inverter is None:
        return []
    bases = _bases(facts)
    each = inverter.max_power_per_phase
    if not inverter.balances_phases:
        each = min(each, inverter.max_power / len(facts.site.phases))
    everyone = frozenset(facts.members)

    def delivered(granted: Granted) -> float:
        flows = _totals(facts, granted, bases)
        return sum(current * facts.voltage[phase] for phase, current in flows.items())

    total = Limit(
        name="inverter",
        base=delivered(dict.fromkeys(facts.members, 0.0)),
        concerns=everyone,
        measure=delivered,
        most=lambda _: inverter.max_power,
    )
    return [total, *(_inverter_phase(facts, phase, bases[phase], each) for phase in bases)]


def _inverter_phase(facts: Facts, phase: Phase, base: float, most: float) -> Limit:
    voltage = facts.voltage[phase]
    here = [m.id for m in facts.members.values() if phase in m.legs_for_limits]
    return Limit(
        name=f"inverter/{phase}",
        base=base * voltage,
        concerns=frozenset(here),
        measure=lambda granted: (base + sum(granted[load] for load in here)) * voltage,
        most=lambda _: most,
    )
