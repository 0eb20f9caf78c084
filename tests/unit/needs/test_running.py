"""A pump that is to run for hours each day, within its window."""

import datetime as dt

from evenload.model.need import NeedReason, Runtime
from evenload.model.readings import Need
from evenload.needs.memory import NeedMemory
from evenload.needs.running import need_of_runtime

MIDNIGHT = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
HOUR = 3600.0
POOL = Runtime(daily=4 * HOUR, window_start=9 * HOUR, window_end=17 * HOUR)
MINUTE = 60.0


def live(wanted, hours, *, is_on, memory=None, start=0.0):
    """Live minute by minute; return what was needed each minute, and the memory."""
    memory = NeedMemory() if memory is None else memory
    seen = []
    for minute in range(int(hours * 60)):
        clock = MIDNIGHT + dt.timedelta(hours=start, minutes=minute)
        on = is_on(seen[-1] if seen else None, clock)
        memory, now = need_of_runtime(memory, wanted, is_on=on, clock=clock, elapsed=MINUTE)
        seen.append(now)
    return seen, memory


def only_if_it_must(need, clock):
    del clock
    return need is not None and need.need is Need.MUST


def test_without_sun_it_runs_at_the_end_of_its_window_and_its_whole_time():
    seen, memory = live(POOL, 24, is_on=only_if_it_must)
    first = next(minute for minute, now in enumerate(seen) if now.need is Need.MUST)
    assert 12 * 60 + 55 <= first <= 13 * 60
    assert memory.ran >= POOL.daily
    assert seen[17 * 60].need is Need.SATISFIED


def test_outside_its_window_it_does_not_run_and_says_when_it_opens():
    seen, _ = live(POOL, 8, is_on=only_if_it_must)
    assert {now.need for now in seen} == {Need.SATISFIED}
    assert (seen[0].why, seen[0].by) == (NeedReason.OUTSIDE_WINDOW, 9 * HOUR)


def test_what_ran_on_surplus_need_not_run_again():
    seen, _ = live(POOL, 24, is_on=lambda _, clock: 10 <= clock.hour < 14)
    assert seen[12 * 60].need is Need.WANTS
    assert seen[15 * 60].why is NeedReason.RUNTIME_MET
    assert Need.MUST not in {now.need for now in seen}


def test_the_next_day_it_runs_again():
    _, memory = live(POOL, 24, is_on=lambda _, clock: 10 <= clock.hour < 14)
    seen, _ = live(POOL, 12, is_on=only_if_it_must, memory=memory, start=24)
    assert seen[10 * 60].need is Need.WANTS


def test_a_window_over_midnight_is_one_window():
    night = Runtime(daily=2 * HOUR, window_start=22 * HOUR, window_end=6 * HOUR)
    seen, _ = live(night, 24, is_on=only_if_it_must, start=12)
    runs = [minute for minute, now in enumerate(seen) if now.need is Need.MUST]
    assert 119 <= len(runs) <= 122
    assert (12 + runs[-1] / 60) % 24 < 6


def test_a_whole_day_without_a_window():
    seen, _ = live(Runtime(daily=HOUR), 24, is_on=only_if_it_must)
    assert 59 <= sum(now.need is Need.MUST for now in seen) <= 62


def test_more_than_the_window_holds_runs_all_of_it():
    seen, _ = live(Runtime(daily=20 * HOUR, window_start=9 * HOUR, window_end=17 * HOUR), 24,
                   is_on=only_if_it_must)  # fmt: skip
    assert all(now.need is Need.MUST for now in seen[9 * 60 : 17 * 60])
    assert seen[17 * 60].need is Need.SATISFIED


def test_without_a_clock_its_mode_decides():
    _, now = need_of_runtime(NeedMemory(), POOL, is_on=False, clock=None, elapsed=0.0)
    assert now.need is Need.WANTS
