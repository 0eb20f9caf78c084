"""No limit is exceeded, every allocation is a level, and no level is left unused."""

from hypothesis import given

from evenload.model.site import Distribution
from tests.oracle.sites import Case, Wish, cases
from tests.oracle.written import as_yaml
from tests.property.answers import NEAR, answer_of, often

FULLY_USED = (Distribution.PRIORITY, Distribution.SHARED, Distribution.OPTIMIZED)


@often
@given(cases())
def test_no_limit_is_exceeded_by_allocations(case: Case) -> None:
    answer = answer_of(case)
    dimmed = case.site.dimming.loads if case.site.dimming else ()
    exempt = any(answer.granted[load] > 0 for load in answer.granted if load not in dimmed)
    for limit in answer.limits:
        if limit.name == "dimming" and exempt:
            continue
        flows, most = limit.measure(answer.granted), limit.most(answer.granted)
        assert flows <= max(most, limit.base) + NEAR, (limit.name, as_yaml(case))


@often
@given(cases())
def test_a_limit_that_the_base_alone_exceeds_leaves_nothing_to_loads_on_it(case: Case) -> None:
    answer = answer_of(case)
    for limit in answer.limits:
        if limit.base <= limit.stated(answer.granted) + NEAR or limit.name.startswith("unbal"):
            continue
        if limit.name == "import" and not case.site.phase_netting:
            # A load on a phase that exports does not import.
            assert limit.measure(answer.granted) <= limit.base + NEAR, as_yaml(case)
        else:
            assert all(answer.granted[load] == 0 for load in limit.concerns), as_yaml(case)


@often
@given(cases())
def test_what_is_said_of_limits_adds_up(case: Case) -> None:
    answer = answer_of(case)
    for limit in answer.limits:
        use = answer.allocations.limits[limit.name]
        assert abs(use.base + use.allocated - limit.measure(answer.granted)) < NEAR


@often
@given(cases())
def test_an_allocation_is_zero_or_a_level_under_the_ceiling(case: Case) -> None:
    answer = answer_of(case)
    for load, current in answer.granted.items():
        levels = (0.0, *answer.facts.members[load].levels)
        assert any(abs(current - level) < NEAR for level in levels), as_yaml(case)


@often
@given(cases(Wish(unbalance=False, distributions=FULLY_USED)))
def test_no_load_could_go_one_level_up(case: Case) -> None:
    answer = answer_of(case)
    for member, level in answer.next_levels():
        assert not answer.fits(member, level, answer.granted), (member.id, as_yaml(case))
