"""Where the engine's answer and the oracle's part."""

from evenload.engine import allocate
from evenload.model.allocation import Allocation, Allocations, LimitUse
from tests.oracle.model import Answer, solve
from tests.oracle.reasons import Verdict
from tests.oracle.sites import Case
from tests.oracle.written import as_yaml

NEAR = 1e-6
"""Quantities nearer than this agree [A]; powers and pools a thousand times that [W]."""


def disagreements(case: Case) -> list[str]:
    """Return a line for everything the two do not agree on; none is what we want."""
    return differences(allocate(case.site, case.readings), solve(case.site, case.readings))


def differences(allocations: Allocations, answer: Answer) -> list[str]:
    """Return a line for everything in which an answer is not the oracle's."""
    return [
        *_about_loads(allocations, answer),
        *_about_limits(allocations, answer),
        *_about_pools(allocations, answer),
    ]


def report(case: Case, lines: list[str]) -> str:
    """Return a site as a person would write it, and what is wrong about it."""
    return "\n".join(["", as_yaml(case).rstrip(), *lines])


def _about_loads(allocations: Allocations, answer: Answer) -> list[str]:
    if list(allocations.loads) != list(answer.granted):
        return [f"loads are {list(allocations.loads)}, not {list(answer.granted)}"]
    lines: list[str] = []
    for load, allocation in allocations.loads.items():
        granted, verdicts = answer.granted[load], answer.reasons[load]
        if not _near(allocation.current, granted):
            lines.append(
                f"{load}: engine {_said(allocation)}, oracle {granted} A {sorted(verdicts)}"
            )
        elif Verdict(allocation.reason, allocation.by) not in verdicts:
            lines.append(f"{load}: engine says {_said(allocation)}, oracle {sorted(verdicts)}")
        power = answer.facts.power(answer.facts.members[load].legs_for_pools, granted)
        if not _near(allocation.power / 1000, power / 1000):
            lines.append(f"{load}: engine {allocation.power} W, oracle {power} W")
    return lines


def _said(allocation: Allocation) -> str:
    return f"{allocation.current} A {allocation.reason} {allocation.by or ''}"


def _about_limits(allocations: Allocations, answer: Answer) -> list[str]:
    expected = {
        limit.name: LimitUse(
            base=limit.base,
            allocated=limit.measure(answer.granted) - limit.base,
            limit=limit.stated(answer.granted),
        )
        for limit in answer.limits
    }
    if set(allocations.limits) != set(expected):
        return [f"limits are {sorted(allocations.limits)}, not {sorted(expected)}"]
    return [
        f"{name}: engine {use}, oracle {expected[name]}"
        for name, use in allocations.limits.items()
        if not _same_use(use, expected[name])
    ]


def _same_use(one: LimitUse, other: LimitUse) -> bool:
    return (
        _near(one.base, other.base)
        and _near(one.allocated, other.allocated)
        and _near(one.limit, other.limit)
    )


def _about_pools(allocations: Allocations, answer: Answer) -> list[str]:
    pools, oracle = allocations.pools, answer.pools
    same = _near(pools.surplus, oracle.site_surplus) and _near(pools.excess, oracle.site_excess)
    if same:
        return []
    return [f"pools: engine {pools}, oracle {oracle.site_surplus}, {oracle.site_excess}"]


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= NEAR
