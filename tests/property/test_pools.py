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


SUN_ALONE = Wish(off_grid=False, battery=False, phase_netting=(True,), modes=(Mode.SOLAR,))


@often
@given(cases(SUN_ALONE))
def test_solar_loads_never_take_more_than_the_sun_gives(case: Case) -> None:
    answer = answer_of(case)
    running = [member for member in answer.in_order if answer.granted[member.id] > 0]
    bought_with_leave = any(m.mode is not Mode.SOLAR or m.solar_share < 1 for m in running)
    if running and not bought_with_leave:
        taken = sum(answer.allocations.loads[member.id].power for member in running)
        assert taken <= answer.allocations.pools.surplus + NEAR, as_yaml(case)


@often
@given(cases(Wish(grid_import_allowed=(False,))))
def test_without_import_loads_take_no_more_than_sun_and_battery_give(case: Case) -> None:
    answer = answer_of(case)
    running = [member for member in answer.in_order if answer.granted[member.id] > 0]
    pools = [
        answer.pools.surplus(member, purpose)
        for member in running
        for purpose in ("minimum", "more")
    ]
    for bucket in {bucket for pool in pools for bucket in pool}:
        taken = sum(
            answer.pools.taken(member, answer.granted[member.id]).get(bucket, 0.0)
            for member in running
        )
        assert taken <= max(0.0, *(pool[bucket] for pool in pools)) + NEAR, as_yaml(case)
