"""A car that must have its energy by the morning."""

import datetime as dt

import pytest

from evenload.model.need import NeedReason, ReadyBy
from evenload.model.readings import LoadState, Need
from evenload.needs.charging import need_of_car
from evenload.needs.memory import NeedMemory

EVENING = dt.datetime(2026, 5, 4, 20, tzinfo=dt.UTC)
MORNING = ReadyBy(at=7 * 3600.0, energy=11000.0)
ONE_LEG = 16 * 230.0


def charge(wanted, hours, *, power_when_needed, power=0.0, states=None):
    """Live minute by minute; return the minutes in which it must charge, and the memory."""
    memory, musts, drawn = NeedMemory(), [], power
    for minute in range(int(hours * 60)):
        state = LoadState.CHARGING if states is None else states(minute)
        memory, now = need_of_car(
            memory,
            wanted,
            state=state,
            power=drawn,
            leg_power=ONE_LEG,
            clock=EVENING + dt.timedelta(minutes=minute),
            elapsed=60.0,
        )
        if now.need is Need.MUST:
            assert now.why is NeedReason.LATEST_START
            musts.append(minute)
        drawn = power_when_needed if now.need is Need.MUST else power
    return musts, memory


@pytest.mark.parametrize("power", [ONE_LEG, 3 * ONE_LEG])
def test_it_starts_late_and_is_ready_in_time(power):
    musts, memory = charge(MORNING, 14, power_when_needed=power)
    assert memory.energy >= MORNING.energy
    assert musts[-1] <= 11 * 60
    assert musts[0] >= 6 * 60


def test_a_fuse_that_takes_a_fifth_away_does_not_make_it_late():
    musts, memory = charge(MORNING, 14, power_when_needed=0.82 * ONE_LEG)
    assert memory.energy >= MORNING.energy
    assert musts[-1] <= 11 * 60


def test_what_it_got_from_the_sun_counts():
    musts, _ = charge(MORNING, 14, power=1000.0, power_when_needed=ONE_LEG)
    later, _ = charge(MORNING, 14, power=0.0, power_when_needed=ONE_LEG)
    assert not musts or musts[0] > later[0]


def test_a_car_that_comes_late_charges_at_once_and_beyond_the_time():
    musts, _ = charge(ReadyBy(at=20.5 * 3600.0, energy=11000.0), 2, power_when_needed=ONE_LEG)
    assert musts == list(range(120))


def test_a_car_that_leaves_takes_its_goal_with_it():
    def away_at_two(minute):
        return LoadState.DISCONNECTED if 120 <= minute < 130 else LoadState.CHARGING

    wanted = ReadyBy(at=20.5 * 3600.0, energy=11000.0)
    _, memory = charge(wanted, 2.1, power_when_needed=ONE_LEG, states=away_at_two)
    assert memory == NeedMemory()


def test_a_car_that_is_full_needs_nothing_more():
    wanted = ReadyBy(at=20.5 * 3600.0, energy=11000.0)
    musts, _ = charge(wanted, 1, power_when_needed=0.0, states=lambda _: LoadState.FINISHED)
    assert musts == []
