"""Every load has a reason, and the reason is true."""

from hypothesis import given

from evenload.model.allocation import Allocation, Reason
from tests.oracle.facts import Member
from tests.oracle.limits import Limit
from tests.oracle.sites import Case, cases
from tests.oracle.written import as_yaml
from tests.property.answers import NEAR, Answer, answer_of, often

NAMING = {Reason.OUTRANKED, Reason.DOES_NOT_FIT, Reason.LIMITED}
ABOVE_ZERO = {Reason.FULL, Reason.LIMITED, Reason.SURPLUS, Reason.MINIMUM}


@often
@given(cases())
def test_every_reason_names_what_it_must(case: Case) -> None:
    answer = answer_of(case)
    for load, allocation in answer.allocations.loads.items():
        assert (allocation.by is not None) == (allocation.reason in NAMING), as_yaml(case)
        assert (allocation.current > 0) == (allocation.reason in ABOVE_ZERO), as_yaml(case)
        if allocation.reason is Reason.OUTRANKED:
            assert allocation.by in answer.granted
            assert allocation.by != load
        elif allocation.by is not None:
            assert allocation.by in answer.allocations.limits


@often
@given(cases())
def test_a_load_is_full_when_and_only_when_it_has_its_highest_level(case: Case) -> None:
    answer = answer_of(case)
    for member in answer.in_order:
        highest = answer.granted[member.id] > member.levels[-1] - NEAR
        assert highest == (_of(answer, member).reason is Reason.FULL), as_yaml(case)


@often
@given(cases())
def test_a_limit_that_is_named_has_no_level_left(case: Case) -> None:
    answer = answer_of(case)
    for member, level in answer.next_levels():
        allocation = _of(answer, member)
        if allocation.reason not in (Reason.LIMITED, Reason.DOES_NOT_FIT):
            continue
        limit = _limit(answer, allocation)
        if not limit.name.startswith("unbalance"):
            assert limit.refuses(member.id, level, answer.granted), as_yaml(case)


@often
@given(cases())
def test_a_load_that_does_not_fit_has_the_limit_to_itself(case: Case) -> None:
    answer = answer_of(case)
    for member in answer.in_order:
        allocation = _of(answer, member)
        if allocation.reason is Reason.DOES_NOT_FIT:
            concerns = _limit(answer, allocation).concerns
            assert not any(answer.granted[load] > 0 for load in concerns), as_yaml(case)


@often
@given(cases())
def test_who_outranks_a_load_has_current(case: Case) -> None:
    answer = answer_of(case)
    for allocation in answer.allocations.loads.values():
        if allocation.reason is Reason.OUTRANKED and case.site.distribution != "strict":
            assert allocation.by is not None
            assert answer.granted[allocation.by] > 0, as_yaml(case)


def _of(answer: Answer, member: Member) -> Allocation:
    return answer.allocations.loads[member.id]


def _limit(answer: Answer, allocation: Allocation) -> Limit:
    return next(limit for limit in answer.limits if limit.name == allocation.by)
