"""The engine's answer beside the facts it must be true of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hypothesis import HealthCheck, settings

from evenload.engine import allocate
from evenload.model.allocation import Allocations
from tests.oracle.facts import Facts, Member, facts_of
from tests.oracle.limits import Limit, limits_of
from tests.oracle.modes import consents
from tests.oracle.pools import Pools
from tests.oracle.sites import Case

NEAR = 1e-6

often = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Generating a site takes hypothesis some milliseconds; that is no sign of trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the engine gave for a case, and the means to ask what else would have been possible."""

    allocations: Allocations
    granted: Mapping[str, float]
    facts: Facts
    pools: Pools
    limits: list[Limit]

    @property
    def in_order(self) -> list[Member]:
        """The loads that may get anything, first to last."""
        members = [member for member in self.facts.members.values() if member.serveable]
        return sorted(members, key=lambda member: member.order)

    def next_levels(self) -> Iterator[tuple[Member, float]]:
        """Return each load that has a level above its own, with that level."""
        for member in self.in_order:
            for level in member.levels:
                if level > self.granted[member.id] + NEAR:
                    yield member, level
                    break

    def fits(self, member: Member, level: float, granted: Mapping[str, float]) -> bool:
        """Whether mode and limits take a level with the others as granted."""
        return consents(self.pools, member, level, granted) and not any(
            limit.refuses(member.id, level, granted) for limit in self.limits
        )


def answer_of(case: Case) -> Answer:
    facts = facts_of(case.site, case.readings)
    pools = Pools(facts=facts)
    allocations = allocate(case.site, case.readings)
    return Answer(
        allocations=allocations,
        granted={load: allocation.current for load, allocation in allocations.loads.items()},
        facts=facts,
        pools=pools,
        limits=limits_of(facts, pools),
    )
