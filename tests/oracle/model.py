"""The oracle's face: what every load must get, why, and how full each limit is."""

from collections.abc import Mapping
from dataclasses import dataclass

from evenload.model.readings import Readings
from evenload.model.site import Site
from tests.oracle.facts import Facts, facts_of
from tests.oracle.limits import Limit, limits_of
from tests.oracle.pools import Pools
from tests.oracle.reasons import Verdict, reasons_of
from tests.oracle.rounds import distribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the rules give."""

    facts: Facts
    pools: Pools
    limits: list[Limit]
    granted: Mapping[str, float]
    """[A per leg] by load."""
    reasons: Mapping[str, set[Verdict]]
    """Every true reason, by load."""


def solve(site: Site, readings: Readings) -> Answer:
    facts = facts_of(site, readings)
    pools = Pools(facts=facts)
    limits = limits_of(facts, pools)
    state = distribute(facts, pools, limits)
    reasons = {load: reasons_of(state, member) for load, member in facts.members.items()}
    return Answer(facts=facts, pools=pools, limits=limits, granted=state.granted, reasons=reasons)
