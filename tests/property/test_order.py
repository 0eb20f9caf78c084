"""Who is served before whom, and that more room never hurts the first."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from evenload.model.site import Distribution, Mode
from tests.oracle.facts import Member
from tests.oracle.sites import Case, Wish, cases
from tests.oracle.written import as_yaml
from tests.property.answers import NEAR, Answer, answer_of, often
from tests.property.changed import with_higher_ratings, with_more_sun, without

AT_ONCE = (Distribution.OPTIMIZED, Distribution.STRICT)
BY_MINIMUMS = (Distribution.PRIORITY, Distribution.SHARED)
BACKED = (Mode.STANDARD, Mode.ECO)


def plain(*distributions: Distribution) -> Wish:
    return Wish(
        unbalance=False,
        sequential=False,
        equal_priorities=False,
        off_grid=False,
        distributions=distributions,
    )


@often
@given(cases(plain(Distribution.PRIORITY, Distribution.OPTIMIZED)))
def test_taking_from_later_loads_could_not_raise_an_earlier_one(case: Case) -> None:
    answer = answer_of(case)
    for member, level in answer.next_levels():
        with_less = _later_loads_lowered(answer, member)
        assert not answer.fits(member, level, with_less), (member.id, as_yaml(case))


def _later_loads_lowered(answer: Answer, member: Member) -> Mapping[str, float]:
    """Return the allocations with every later load at the least the rules back it with."""
    lowered = dict(answer.granted)
    for later in answer.in_order:
        if later.order > member.order and lowered[later.id] > 0:
            backed = _is_backed_before(answer, later, member)
            lowered[later.id] = later.levels[0] if backed else 0.0
    return lowered


def _is_backed_before(answer: Answer, later: Member, member: Member) -> bool:
    """Whether `later` has its minimum before `member` has more than that."""
    if answer.facts.site.distribution in AT_ONCE or later.is_eco_switch:
        return False
    return later.mode is member.mode or {later.mode, member.mode} <= set(BACKED)


@often
@given(cases(plain(*AT_ONCE)), st.sampled_from([1, 3, 6, 20]))
def test_more_room_never_lowers_the_first_load(case: Case, rise: float) -> None:
    answer = answer_of(case)
    first = _first_of(answer)
    if first is None:
        return
    for roomier in _with_more_room(case, answer, first, rise):
        after = answer_of(roomier).granted[first.id]
        assert after >= answer.granted[first.id] - NEAR, (first.id, as_yaml(case))


@often
@given(cases(plain(*BY_MINIMUMS)), st.sampled_from([1, 3, 6, 20]))
def test_more_room_never_stops_the_first_load(case: Case, rise: float) -> None:
    answer = answer_of(case)
    first = _first_of(answer)
    if first is None or answer.granted[first.id] == 0:
        return
    for roomier in _with_more_room(case, answer, first, rise):
        assert answer_of(roomier).granted[first.id] > 0, (first.id, as_yaml(case))


def _first_of(answer: Answer) -> Member | None:
    """Return the first load in order, unless it is an eco switch, which has no say here."""
    members = answer.in_order
    return members[0] if members and not members[0].is_eco_switch else None


def _with_more_room(case: Case, answer: Answer, first: Member, rise: float) -> list[Case]:
    idle = [
        member.id
        for member in answer.facts.members.values()
        if member is not first
        and member not in answer.facts.unresponsive
        and not any(member.draw.values())
    ]
    return [
        with_higher_ratings(case, rise),
        with_more_sun(case, rise),
        *(without(case, load) for load in idle),
    ]
