"""What is kept free while nobody watches: the base that this hour of the week hardly ever exceeds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from evenload.controller import dump_state, load_state
from evenload.controller.habitual import HOURS, habitual_base, learn_base
from evenload.model.decision import TroubleCode
from evenload.model.site import Phase
from tests.unit.controller.rig import Rig, car, site

A = Phase.A
MONDAY = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)


def learnt(weeks: int, current) -> object:
    """Return what is known after so many weeks of `current(hour of the week, minute)` [A]."""
    known = None
    for minute in range(weeks * 7 * 24 * 60 + 10):
        for half in (0, 30):
            second = minute * 60 + half
            clock = MONDAY + timedelta(seconds=second)
            known = learn_base(
                known, (current(minute // 60 % HOURS, minute % 60),), clock, float(second)
            )
    return known


def at(known, hour: int) -> float:
    return habitual_base(known, MONDAY + timedelta(hours=hour))[0]


def test_each_hour_of_the_week_has_its_own_base() -> None:
    known = learnt(3, lambda hour, _: 12.0 if hour == 18 else 2.0)
    assert at(known, 18) == pytest.approx(12.0, abs=0.5)
    assert at(known, 19) == pytest.approx(2.0, abs=0.5)


def test_means_count_and_not_moments() -> None:
    known = learnt(1, lambda _, minute: 30.0 if minute == 7 else 0.0)
    assert 2.0 < at(known, 5) <= 6.1


def test_a_young_estimate_takes_the_same_hour_of_other_days_and_else_all() -> None:
    known = learnt(1, lambda hour, _: 9.0 if hour == 42 else 1.0)
    assert at(known, 18) == pytest.approx(9.0, abs=0.5)
    assert at(known, 3) == pytest.approx(1.0, abs=0.5)
    morning = None
    for second in range(0, 1200, 30):
        clock = MONDAY + timedelta(seconds=second)
        morning = learn_base(morning, (4.0,), clock, float(second))
    assert at(morning, 100) == pytest.approx(4.0)


def test_about_one_mean_in_a_thousand_stands_above() -> None:
    draws = [10.0 * ((place * 7919) % 10007) / 10007 for place in range(12000)]
    known, above = learn_base(None, (0.0,), MONDAY, 0.0), 0
    for place, draw in enumerate(draws):
        above += place > 4000 and draw > known.highest[0][0]
        for part in range(1, 11):
            # One hour of the week only, so that its estimate sees the whole stream.
            known = learn_base(known, (draw,), MONDAY, 300.0 * place + 30.0 * part)
    assert above / 8000 == pytest.approx(0.001, abs=0.001)


def test_nothing_is_known_without_a_clock() -> None:
    assert learn_base(None, (4.0,), None, 0.0) is None
    assert habitual_base(None, MONDAY) is None


def test_in_failsafe_the_habitual_base_stays_free_beside_the_safe_currents() -> None:
    rig = Rig(site(car("one"), car("two", priority=2), fuse=32.0))
    clock = MONDAY + timedelta(hours=18)
    rig.alter = lambda snapshot: replace(
        snapshot, clock=clock + timedelta(seconds=rig.now - 1000.0)
    )
    rig.house[A] = 22.0
    rig.run(400)
    rig.house[A] = 2.0
    rig.run(400)
    assert (rig.setpoint("one"), rig.setpoint("two")) == (16.0, 14.0)
    rig.is_silent = True
    rig.run(60)
    assert (rig.setpoint("one"), rig.setpoint("two")) == (6.0, 0.0)


def test_habits_outlive_a_restart() -> None:
    known = learnt(1, lambda *_: 5.0)
    rig = Rig(site(car()))
    rig.tick()
    state = replace(rig.state, guard=replace(rig.state.guard, base=known))
    loaded = load_state(dump_state(state, 0.0), 0.0)
    assert loaded.guard.base.means == known.means
    assert at(loaded.guard.base, 7) == pytest.approx(at(known, 7), abs=0.01)


def test_a_neutral_that_carries_more_than_a_phase_may_is_told() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    rig = Rig(site(car(), phases=phases, fuse=16.0))
    rig.house |= {Phase.A: 14.0, Phase.B: -6.0, Phase.C: 4.0}
    rig.run(20)
    assert rig.decision.neutral == pytest.approx(17.32, abs=0.1)
    (trouble,) = rig.decision.troubles
    assert (trouble.code, trouble.about) == (TroubleCode.NEUTRAL_OVERLOADED, "main")
    rig.house |= {Phase.A: 10.0, Phase.B: 10.0, Phase.C: 10.0}
    rig.run(20)
    assert rig.decision.troubles == ()
    assert rig.decision.neutral == pytest.approx(0.0, abs=7.0)
