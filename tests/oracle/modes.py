"""What a load's mode consents to, limits left aside."""

from evenload.model.site import Mode
from tests.oracle.facts import Member
from tests.oracle.pools import Granted, Pools


def consents(pools: Pools, member: Member, level: float, granted: Granted) -> bool:
    """Whether a load may be at `level` with everybody else as granted."""
    match member.mode:
        case Mode.STANDARD:
            more = pools.surplus(member, "more")
            return not pools.facts.must_be_covered or pools.covers(more, member, level, granted)
        case Mode.ECO:
            return _eco(pools, member, level, granted)
        case Mode.SOLAR:
            return _solar(pools, member, level, granted, helped=True)
        case Mode.EXCESS if is_full(pools):
            return _solar(pools, member, level, granted, helped=False)
        case Mode.EXCESS:
            return _excess(pools, member, level, granted)
        case Mode.OFF:
            return False


def is_full(pools: Pools) -> bool:
    """Whether the battery is full, so that excess loads are served like solar loads."""
    battery, reading = pools.facts.site.battery, pools.facts.readings.battery
    return battery is not None and reading is not None and reading.soc >= battery.soc_full


def covers_minimum(pools: Pools, member: Member, granted: Granted) -> bool:
    """Whether its pool covers the minimum of an eco load."""
    return pools.covers(pools.surplus(member, "minimum"), member, member.levels[0], granted)


def _eco(pools: Pools, member: Member, level: float, granted: Granted) -> bool:
    covered_in_full = pools.facts.must_be_covered
    if member.is_eco_switch:
        share = 1.0 if covered_in_full else member.load.eco_share
        return pools.covers(pools.surplus(member, "minimum"), member, share * level, granted)
    if level > member.levels[0]:
        return pools.covers(pools.surplus(member, "more"), member, level, granted)
    return not covered_in_full or covers_minimum(pools, member, granted)


def _solar(pools: Pools, member: Member, level: float, granted: Granted, *, helped: bool) -> bool:
    share = 1.0 if pools.facts.must_be_covered else member.solar_share
    condition = pools.surplus(member, "minimum" if helped else "nothing")
    if not pools.covers(condition, member, share * member.levels[0], granted):
        return False
    more = pools.surplus(member, "more" if helped else "nothing")
    return level <= member.levels[0] or pools.covers(more, member, level, granted)


def _excess(pools: Pools, member: Member, level: float, granted: Granted) -> bool:
    excess = pools.excess(member)
    surplus = pools.surplus(member, "nothing")
    minimum = member.levels[0]
    if not pools.anything_left(excess, member, granted):
        return False
    if not pools.covers(surplus, member, member.solar_share * minimum, granted):
        return False
    free = level <= minimum and not pools.facts.must_be_covered
    return free or pools.covers(excess, member, level, granted)
