"""The best allocation of a small site, found by trying every combination of levels.

`rounds` serves loads one after the other. This says instead what the outcome is the best of: among
all combinations that break no limit and that every load's mode consented to as it was served, the
one that comes first by what the distribution puts first. Stated for loads without equal
priorities; the unbalance limit and dimming look at the way there and are left out.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from evenload.model.site import Distribution, Mode
from tests.oracle.facts import Facts, Member
from tests.oracle.limits import Limit
from tests.oracle.modes import consents
from tests.oracle.pools import Pools

BACKED = (Mode.STANDARD, Mode.ECO)

type Combination = Mapping[str, float]


def served(facts: Facts) -> list[Member]:
    """Return the loads that may get anything, in order."""
    members = [member for member in facts.members.values() if member.serveable]
    return sorted(members, key=lambda member: member.order)


def combinations(facts: Facts) -> Iterator[Combination]:
    """Return every way to choose a level, or 0, for each load."""
    members = served(facts)
    nothing = dict.fromkeys(facts.members, 0.0)
    for levels in product(*((0.0, *member.levels) for member in members)):
        chosen = zip(members, levels, strict=True)
        yield nothing | {member.id: level for member, level in chosen}


def count(facts: Facts) -> int:
    """Return how many combinations there are."""
    number = 1
    for member in served(facts):
        number *= len(member.levels) + 1
    return number


def breaks_a_limit(limits: list[Limit], chosen: Combination) -> bool:
    return any(
        limit.refuses(load, level, chosen)
        for limit in limits
        for load, level in chosen.items()
        if level > 0
    )


def best(facts: Facts, pools: Pools, limits: list[Limit]) -> Combination:
    """Return the combination that the site's distribution puts before all others."""
    possible = (
        chosen
        for chosen in combinations(facts)
        if not breaks_a_limit(limits, chosen) and consented(facts, pools, chosen)
    )
    return max(possible, key=lambda chosen: merit(facts, chosen))


def best_in_strict_order(facts: Facts, pools: Pools, limits: list[Limit]) -> Combination:
    """Return the best combination as far as the first load that a limit keeps back."""
    unbroken = best(facts, pools, limits)
    kept: dict[str, float] = dict.fromkeys(facts.members, 0.0)
    for member in served(facts):
        wanted = [level for level in member.levels if consents(pools, member, level, kept)]
        kept[member.id] = unbroken[member.id]
        if wanted and max(wanted) > unbroken[member.id]:
            break
    return kept


def raised_by_one(facts: Facts, chosen: Combination) -> Iterator[Combination]:
    """Return every combination with one load one level higher."""
    for member in served(facts):
        higher = [level for level in member.levels if level > chosen[member.id]]
        if higher:
            yield {**chosen, member.id: higher[0]}


def merit(facts: Facts, chosen: Combination) -> list[float]:
    """Return what counts, most important first."""
    members = served(facts)
    if facts.site.distribution in (Distribution.OPTIMIZED, Distribution.STRICT):
        return [chosen[member.id] for member in members]
    backed, solar, excess = (
        [member for member in members if member.mode in modes]
        for modes in (BACKED, (Mode.SOLAR,), (Mode.EXCESS,))
    )
    runs: list[float] = []
    for tier in (backed, solar, excess):
        runs += [float(chosen[m.id] > 0) for m in tier if not m.is_eco_switch]
        runs += [chosen[member.id] for member in tier]
    return runs


def consented(facts: Facts, pools: Pools, chosen: Combination) -> bool:
    """Whether every load's mode agreed to what it has, with the others as they were then."""
    return all(
        consents(pools, member, level, others)
        for member in served(facts)
        if chosen[member.id] > 0
        for level, others in _moments(facts, member, chosen)
    )


def _moments(
    facts: Facts, member: Member, chosen: Combination
) -> Iterator[tuple[float, Combination]]:
    """Return the levels a load was raised to, each with what all others had at that moment."""
    members = served(facts)
    at_once = facts.site.distribution in (Distribution.OPTIMIZED, Distribution.STRICT)
    earlier = {other.id: chosen[other.id] for other in members if other.order < member.order}
    nothing = dict.fromkeys(facts.members, 0.0)
    if at_once:
        yield chosen[member.id], nothing | earlier
        return
    together = [m for m in members if _served_with(member, m) and not m.is_eco_switch]
    running = {other.id: other.levels[0] for other in together if chosen[other.id] > 0}
    before = {load: level for load, level in earlier.items() if load not in running}
    if not member.is_eco_switch:
        first = {load: level for load, level in running.items() if load in earlier}
        already = {} if member.mode in BACKED else before
        yield member.levels[0], nothing | already | first
    if member.is_eco_switch or chosen[member.id] > member.levels[0]:
        yield chosen[member.id], nothing | running | earlier


def _served_with(member: Member, other: Member) -> bool:
    """Whether the minimums of two loads are given in the same pass."""
    if member.mode in BACKED:
        return other.mode in BACKED
    return other.mode is member.mode
