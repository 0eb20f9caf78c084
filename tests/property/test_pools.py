"""No load takes more from the sun than its mode may, as it was served."""

from hypothesis import given

from evenload.model.site import Distribution, Mode
from tests.oracle import exhaustive
from tests.oracle.sites import Case, Wish, cases
from tests.oracle.written import as_yaml
from tests.property.answers import NEAR, answer_of, often

IN_TURN = Wish(
    unbalance=False,
    sequential=False,
    equal_priorities=False,
    distributions=(Distribution.PRIORITY, Distribution.OPTIMIZED, Distribution.STRICT),
)


@often
@given(cases(IN_TURN))
def test_each_load_left_its_pool_as_its_mode_says_when_it_was_served(case: Case) -> None:
    answer = answer_of(case)
    assert exhaustive.consented(answer.facts, answer.pools, answer.granted), as_yaml(case)


@often
@given(cases())
def test_loads_that_only_follow_the_sun_never_take_more_than_there_is(case: Case) -> None:
    answer = answer_of(case)
    members = [m for m in answer.in_order if answer.granted[m.id] > 0]
    if case.site.battery is not None or not all(
        m.mode in (Mode.SOLAR, Mode.EXCESS) and m.solar_share == 1 for m in members
    ):
        return
    taken = sum(answer.allocations.loads[member.id].power for member in members)
    if members and not any(member.mode is Mode.EXCESS for member in members):
        assert taken <= answer.allocations.pools.surplus + NEAR, as_yaml(case)


@often
@given(cases(Wish(grid_import_allowed=(False,))))
def test_without_import_loads_take_no_more_than_sun_and_battery_give(case: Case) -> None:
    answer = answer_of(case)
    taken = sum(allocation.power for allocation in answer.allocations.loads.values())
    pools = [answer.pools.surplus(m, "more") for m in answer.in_order if answer.granted[m.id] > 0]
    pools += [answer.pools.surplus(m, "minimum") for m in answer.in_order]
    if taken > 0:
        assert taken <= max(sum(pool.values()) for pool in pools) + NEAR, as_yaml(case)
