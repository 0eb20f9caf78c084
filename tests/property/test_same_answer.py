"""The same house gets the same answer, however its loads happen to draw and whatever its names."""

from hypothesis import given
from hypothesis import strategies as st

from evenload.engine import Allocator, allocate
from tests.oracle.sites import Case, Wish, cases
from tests.oracle.written import as_yaml
from tests.property.answers import NEAR, Answer, answer_of, often
from tests.property.changed import in_another_order, with_draw, with_phases_renamed


@often
@given(cases(), st.data(), st.sampled_from([0.0, 1.0, 6.0, 16.0]))
def test_what_obeying_loads_draw_now_does_not_matter(
    case: Case, data: st.DataObject, current: float
) -> None:
    answer = answer_of(case)
    obeying = [member.id for member in answer.facts.members.values() if member.obeys]
    if obeying:
        load = data.draw(st.sampled_from(obeying))
        _assert_same(answer, answer_of(with_draw(case, load, current)), case)


@often
@given(cases())
def test_the_answer_is_the_same_when_phases_have_other_names(case: Case) -> None:
    _assert_same(answer_of(case), answer_of(with_phases_renamed(case)), case)


@often
@given(cases())
def test_the_answer_does_not_depend_on_the_order_readings_come_in(case: Case) -> None:
    changed = in_another_order(case)
    assert allocate(case.site, case.readings) == allocate(changed.site, changed.readings)


@often
@given(cases(), cases(Wish(loads=(1,))))
def test_an_allocator_remembers_nothing(case: Case, other: Case) -> None:
    allocator = Allocator(case.site)
    once = allocator.allocate(case.readings)
    Allocator(other.site).allocate(other.readings)
    assert allocator.allocate(case.readings) == once == allocate(case.site, case.readings)


def _assert_same(before: Answer, after: Answer, case: Case) -> None:
    for load, allocation in before.allocations.loads.items():
        changed = after.allocations.loads[load]
        assert abs(changed.current - allocation.current) < NEAR, (load, as_yaml(case))
        assert changed.reason is allocation.reason, (load, as_yaml(case))
