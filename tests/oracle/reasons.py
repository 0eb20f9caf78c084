"""Which reasons would be true of each load.

Where several limits refuse a load at once, whoever is on any of them outranks it, if somebody is on each:
where nobody else is on one of them, no other load could make room. The limit that
is named is the nearest: its fuses from its own up to the main one, then whatever is no fuse, an
unbalance last. Of a fuse's phases any may be named, so the answer is a set.
"""

from dataclasses import dataclass, replace

from evenload.model.allocation import Reason
from evenload.model.readings import LoadState, Need
from evenload.model.site import MAIN, Mode
from tests.oracle.facts import NEAR, Member
from tests.oracle.limits import Limit
from tests.oracle.modes import consents, covers_minimum, is_full
from tests.oracle.rounds import Round

APART = {
    LoadState.DISCONNECTED: Reason.NOT_CONNECTED,
    LoadState.FAULTED: Reason.FAULTED,
    LoadState.UNRESPONSIVE: Reason.UNRESPONSIVE,
    LoadState.FINISHED: Reason.SATISFIED,
}


@dataclass(frozen=True, slots=True, order=True)
class Verdict:
    """A reason and what it names."""

    reason: Reason
    by: str | None = None


def reasons_of(state: Round, member: Member) -> set[Verdict]:
    apart = _not_served(member)
    if apart is not None:
        return {Verdict(apart)}
    current = state.granted[member.id]
    if current >= member.levels[-1] - NEAR:
        return {Verdict(Reason.FULL)}
    return _above_zero(state, member) if current > 0 else _at_zero(state, member)


def _not_served(member: Member) -> Reason | None:
    reading = member.reading
    if member.load.mode is Mode.OFF:
        return Reason.OFF
    if reading.state in APART:
        return APART[reading.state]
    if reading.need is Need.SATISFIED:
        return Reason.SATISFIED
    return None if member.levels else Reason.HELD


def _at_zero(state: Round, member: Member) -> set[Verdict]:
    lowest = member.levels[0]
    others = state.asked.get(member.id, state.granted)
    refusing = state.refusing(member, lowest, others)
    if not consents(state.pools, member, lowest, others):
        without_battery = replace(state.pools, battery_first=False)
        if not refusing and consents(without_battery, member, lowest, others):
            return {Verdict(Reason.BATTERY_FIRST)}
        return {Verdict(_waits_for(state, member, others))}
    ender = state.ended_by
    if ender is not None and member.id not in state.asked:
        return {Verdict(Reason.OUTRANKED, ender.id)}
    return _kept_out(state, member, refusing)


def _nearest(state: Round, member: Member, refusing: list[Limit]) -> list[Limit]:
    """Return those of the limits that are nearest to a load."""
    fuses = [*state.facts.path(member), MAIN]

    def distance(limit: Limit) -> int:
        circuit, _, part = limit.name.partition("/")
        if circuit in fuses and part != "active":
            return fuses.index(circuit)
        return len(fuses) + limit.name.startswith("unbalance")

    least = min((distance(limit) for limit in refusing), default=0)
    return [limit for limit in refusing if distance(limit) == least]


def _waits_for(state: Round, member: Member, others: dict[str, float]) -> Reason:
    if member.mode is Mode.EXCESS and not is_full(state.pools):
        excess = state.pools.excess(member)
        if not state.pools.anything_left(excess, member, others):
            return Reason.BELOW_EXCESS_THRESHOLD
    return Reason.WAITING_FOR_SURPLUS


def _kept_out(state: Round, member: Member, refusing: list[Limit]) -> set[Verdict]:
    """Return who has the current that a load at 0 would need, or a limit that nobody is on."""
    drawing = {load for load, current in state.granted.items() if current > 0}
    deserted = [limit for limit in refusing if drawing.isdisjoint(limit.concerns)]
    if deserted or not refusing:
        nearest = _nearest(state, member, deserted)
        return {Verdict(Reason.DOES_NOT_FIT, limit.name) for limit in nearest}
    concerned = {load for limit in refusing for load in limit.concerns} & drawing
    rivals = sorted(
        (state.facts.members[load] for load in concerned), key=lambda other: other.order
    )
    earlier = [other for other in rivals if other.order < member.order]
    return {Verdict(Reason.OUTRANKED, (earlier or rivals)[-1].id)}


def _above_zero(state: Round, member: Member) -> set[Verdict]:
    others = state.asked[member.id]
    following = state.above(member)[0]
    if consents(state.pools, member, following, others):
        refusing = state.refusing(member, following, others)
        nearest = _nearest(state, member, refusing)
        return {Verdict(Reason.LIMITED, limit.name) for limit in nearest}
    if member.mode is Mode.ECO and not covers_minimum(state.pools, member, others):
        return {Verdict(Reason.MINIMUM)}
    return {Verdict(Reason.SURPLUS)}
