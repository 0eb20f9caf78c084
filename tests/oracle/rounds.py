"""The distributions: who is asked when, and what "the highest level that fits" gives.

Every question is put to the whole site anew. What is kept besides the grants is, for each load,
everybody's grants at the time it was last asked: its reason is judged by them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from evenload.model.site import Distribution, Mode, Policy
from tests.oracle.facts import NEAR, TIERS, Facts, Member
from tests.oracle.limits import Limit
from tests.oracle.modes import consents
from tests.oracle.pools import Pools


@dataclass(slots=True, kw_only=True)
class Round:
    """One distribution in the making."""

    facts: Facts
    pools: Pools
    limits: list[Limit]
    granted: dict[str, float] = field(default_factory=dict)
    asked: dict[str, dict[str, float]] = field(default_factory=dict)
    """The grants when each load was last asked."""
    final: set[str] = field(default_factory=set)
    """Loads that have their final allocation."""
    ended_by: Member | None = None

    def fits(self, member: Member, level: float) -> bool:
        return consents(self.pools, member, level, self.granted) and not self.refusing(
            member, level, self.granted
        )

    def refusing(self, member: Member, level: float, granted: dict[str, float]) -> list[Limit]:
        return [limit for limit in self.limits if limit.refuses(member.id, level, granted)]

    def above(self, member: Member) -> list[float]:
        """Return the levels above what a load has."""
        return [level for level in member.levels if level > self.granted[member.id] + NEAR]

    def ask(self, member: Member) -> None:
        self.asked[member.id] = dict(self.granted)

    def minimum(self, members: Iterable[Member]) -> None:
        """Give minimums in order to those that take part in a first pass."""
        for member in members:
            if member.is_eco_switch or self.waits(member):
                continue
            if self.granted[member.id] == 0 and self.fits(member, member.levels[0]):
                self.granted[member.id] = member.levels[0]

    def fill(self, member: Member) -> None:
        """Give a load the highest level that fits."""
        fitting = [level for level in self.above(member) if self.fits(member, level)]
        if fitting:
            self.granted[member.id] = max(fitting)
        self.ask(member)
        self.final.add(member.id)

    def fill_together(self, members: list[Member]) -> None:
        """Raise the lowest load that can rise by one level, until none can."""
        for switch in [member for member in members if member.is_eco_switch]:
            self.fill(switch)
        group = [member for member in members if not member.is_eco_switch]
        while not self.final.issuperset(member.id for member in group):
            in_turn = self._by_current(group)
            if not any(self._has_its_turn(member) for member in in_turn):
                self.final.update(member.id for member in in_turn)

    def _by_current(self, group: list[Member]) -> list[Member]:
        """Return who may be asked now, the least first."""
        asked = [m for m in group if m.id not in self.final and not self.waits(m)]
        return sorted(asked, key=lambda m: (round(self.granted[m.id], 6), m.order))

    def _has_its_turn(self, member: Member) -> bool:
        """Raise a load by a level if that fits; return whether it rose or became final."""
        above = self.above(member)
        rises = bool(above) and self.fits(member, above[0])
        if rises:
            self.granted[member.id] = above[0]
        else:
            self.ask(member)
        if not self.above(member) or not (rises or self._may_rise_later(member, above[0])):
            self.final.add(member.id)
        return rises or member.id in self.final

    def _may_rise_later(self, member: Member, level: float) -> bool:
        """Whether the unbalance limit alone refuses a load: phases can become even again.

        Everything else can only have less room later.
        """
        refusing = self.refusing(member, level, self.granted)
        unbalanced = all(limit.name.startswith("unbalance") for limit in refusing)
        return unbalanced and consents(self.pools, member, level, self.granted)

    def waits(self, member: Member) -> bool:
        """Whether an earlier plug of its sequential charger is not final yet."""
        return any(earlier.id not in self.final for earlier in self._awaited(member))

    def _awaited(self, member: Member) -> list[Member]:
        sequential = {c.id for c in self.facts.site.chargers if c.policy is Policy.SEQUENTIAL}
        if member.load.circuit not in sequential:
            return []
        return [
            other
            for other in self.facts.members.values()
            if other.load.circuit == member.load.circuit
            and other.serveable
            and other.order < member.order
        ]


def distribute(facts: Facts, pools: Pools, limits: list[Limit]) -> Round:
    """Give every load what it gets."""
    granted = dict.fromkeys(facts.members, 0.0)
    state = Round(facts=facts, pools=pools, limits=limits, granted=granted)
    members = sorted(
        (member for member in facts.members.values() if member.serveable),
        key=lambda member: member.order,
    )
    match facts.site.distribution:
        case Distribution.PRIORITY:
            _in_tiers(state, members, whole_tier=False)
        case Distribution.SHARED:
            _in_tiers(state, members, whole_tier=True)
        case Distribution.OPTIMIZED:
            _optimized(state, members)
        case Distribution.STRICT:
            _strict(state, members)
    return state


def _in_tiers(state: Round, members: list[Member], *, whole_tier: bool) -> None:
    backed = [member for member in members if member.mode in (Mode.STANDARD, Mode.ECO)]
    state.minimum(backed)
    for tier in TIERS.values():
        here = [member for member in members if member.order[0] == tier]
        if here and here[0] not in backed:
            state.minimum(here)
        for _, group in groupby(here, key=lambda m: 0 if whole_tier else m.load.priority):
            _fill(state, list(group))


def _fill(state: Round, group: list[Member]) -> None:
    if len(group) == 1:
        state.fill(group[0])
    else:
        state.fill_together(group)


def _optimized(state: Round, members: list[Member]) -> None:
    for _, equals in groupby(members, key=lambda member: member.order[:2]):
        group = list(equals)
        state.minimum(group)
        _fill(state, group)


def _strict(state: Round, members: list[Member]) -> None:
    for member in members:
        before = dict(state.granted)
        state.fill(member)
        wanted = [level for level in member.levels if consents(state.pools, member, level, before)]
        if wanted and max(wanted) > state.granted[member.id] + NEAR:
            state.ended_by = member
            return
