"""Every scenario comes out as its file says, by the engine and by the oracle."""

import pytest

from evenload.engine import allocate
from evenload.model.allocation import Reason
from tests.oracle.model import solve
from tests.oracle.reasons import Verdict
from tests.scenarios.scenario import SCENARIOS, Scenario, all_scenarios

REPORTED = 1e-3
"""Files say currents and powers as they are shown, with three decimals."""


@pytest.fixture(params=sorted(SCENARIOS.rglob("*.yaml")), ids=lambda path: path.stem)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return Scenario.read(request.param)


def test_the_engine_does_what_the_scenario_says(scenario: Scenario) -> None:
    allocations = allocate(scenario.site, scenario.readings)
    assert set(scenario.loads) == set(allocations.loads)
    for load, expected in scenario.loads.items():
        allocation = allocations.loads[load]
        assert allocation.current == pytest.approx(expected.current, abs=REPORTED)
        assert (allocation.reason, allocation.by) == (expected.reason, expected.by)
        if expected.power is not None:
            assert allocation.power == pytest.approx(expected.power, abs=REPORTED)
    for name, expected_use in scenario.limits.items():
        use = allocations.limits[name]
        said = {"base": use.base, "allocated": use.allocated, "limit": use.limit}
        assert said == pytest.approx(expected_use, abs=REPORTED)
    if scenario.pools:
        pools = {"surplus": allocations.pools.surplus, "excess": allocations.pools.excess}
        assert pools == pytest.approx({**pools, **scenario.pools}, abs=REPORTED)


def test_the_oracle_says_the_same(scenario: Scenario) -> None:
    answer = solve(scenario.site, scenario.readings)
    for load, expected in scenario.loads.items():
        assert answer.granted[load] == pytest.approx(expected.current, abs=REPORTED)
        assert answer.reasons[load] == {Verdict(Reason(expected.reason), expected.by)}


def test_scenarios_read_like_statements() -> None:
    scenarios = all_scenarios()
    assert len(scenarios) >= 60
    assert len({scenario.title for scenario in scenarios}) == len(scenarios)
    for scenario in scenarios:
        assert not scenario.title.endswith("."), scenario.id
        assert len(scenario.why.split()) >= 12, scenario.id
