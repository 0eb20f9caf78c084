"""A limit on average import, as capacity tariffs bill it."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest

from evenload.controller import ControllerState, dump_state, load_state
from evenload.controller.average import window_start
from evenload.model.control import ControlSettings, ImportAverage, Window
from evenload.model.decision import TroubleCode
from evenload.model.site import Phase
from evenload.model.snapshot import Sample, Snapshot
from tests.unit.controller.rig import VOLTAGE, Rig, car, site

A = Phase.A
ZONE = timezone(timedelta(hours=1))
LIMIT = 2500.0


class House(Rig):
    """A rig with a clock and a count of its own of what is imported."""

    def __init__(
        self,
        average: ImportAverage,
        *,
        clock: datetime | None = datetime(2026, 11, 30, 18, 0, tzinfo=ZONE),
        state: ControllerState | None = None,
    ) -> None:
        settings = ControlSettings(import_average=average)
        super().__init__(site(car(maximum=32.0), fuse=63.0), settings, interval=5.0, state=state)
        self.clock, self.began = clock, self.now
        self.own: Sample | None = None
        self.imported: list[float] = []
        self.alter = self.with_clock

    def with_clock(self, snapshot: Snapshot) -> Snapshot:
        if self.clock is None:
            return replace(snapshot, import_average=self.own)
        clock = self.clock + timedelta(seconds=self.now - self.began)
        return replace(snapshot, clock=clock, import_average=self.own)

    def tick(self) -> None:
        super().tick()
        self.imported.append(max(0.0, self.flow()[A]) * VOLTAGE)

    def averages(self, length: int = 900) -> list[float]:
        """Return the average of every whole window since the start."""
        whole = len(self.imported) // length
        return [sum(self.imported[i * length : (i + 1) * length]) / length for i in range(whole)]


def test_every_aligned_quarter_stays_within_the_limit_and_is_used() -> None:
    rig = House(ImportAverage(limit=LIMIT))
    for _ in range(4):
        rig.house[A] = 3.0
        rig.run(500)
        rig.house[A] = 12.0
        rig.run(120)
        rig.house[A] = 1.0
        rig.run(280)
    averages = rig.averages()
    assert max(averages) <= LIMIT * 1.005
    assert min(averages) >= LIMIT * 0.8


def test_without_the_limit_the_same_house_exceeds_it() -> None:
    rig = House(ImportAverage(limit=20000.0))
    rig.run(1800)
    assert max(rig.averages()) > LIMIT


def test_what_was_saved_early_may_be_used_later_but_at_most_half_as_much_again() -> None:
    rig = House(ImportAverage(limit=LIMIT))
    rig.devices["car"].takes = 0.0
    rig.run(600)
    rig.devices["car"].takes = 32.0
    assert rig.run(5).import_budget == pytest.approx(1.5 * LIMIT)


def test_the_budget_is_never_raised_in_a_windows_last_seconds() -> None:
    rig = House(ImportAverage(limit=LIMIT))
    rig.run(810)
    budgets = [rig.run(1).import_budget for _ in range(85)]
    assert all(later <= sooner for sooner, later in pairwise(budgets))


def test_an_hour_is_averaged_over_an_hour() -> None:
    rig = House(ImportAverage(limit=LIMIT, window=Window.HOUR))
    rig.house[A] = 16.0
    rig.run(600)
    rig.house[A] = 1.0
    rig.run(3000)
    assert rig.averages(3600)[0] <= LIMIT * 1.005
    assert max(rig.averages(900)) > LIMIT


@pytest.mark.parametrize("clock", [None, datetime(2026, 11, 30, 18, 7, tzinfo=ZONE)])
def test_a_rolling_window_holds_wherever_it_is_laid(clock: datetime | None) -> None:
    rig = House(ImportAverage(limit=LIMIT, window=Window.ROLLING_QUARTER), clock=clock)
    for current in (2.0, 4.0, 1.0, 3.0):
        rig.house[A] = current
        rig.run(600)
    laid = [sum(rig.imported[i : i + 900]) / 900 for i in range(0, len(rig.imported) - 900, 20)]
    assert max(laid) <= LIMIT * 1.01
    assert rig.decision.troubles == ()


def test_without_a_clock_every_window_is_kept_and_that_is_said() -> None:
    rig = House(ImportAverage(limit=LIMIT), clock=None)
    rig.house[A] = 4.0
    rig.run(2400)
    laid = [sum(rig.imported[i : i + 900]) / 900 for i in range(0, len(rig.imported) - 900, 20)]
    assert max(laid) <= LIMIT * 1.01
    assert [trouble.code for trouble in rig.decision.troubles] == [TroubleCode.CLOCK_UNKNOWN]


def test_the_meters_own_average_counts_where_it_gives_one() -> None:
    rig = House(ImportAverage(limit=LIMIT))
    rig.run(300)
    rig.own = Sample(LIMIT, rig.now)
    assert rig.run(5).import_budget == pytest.approx(0.0, abs=50.0)


def test_an_average_of_the_window_before_says_nothing_of_this_one() -> None:
    rig = House(ImportAverage(limit=LIMIT))
    rig.run(890)
    rig.own = Sample(LIMIT, rig.now)
    rig.run(40)
    assert rig.decision.import_budget > 1000.0


def test_the_limit_follows_the_months_peak_until_the_month_ends() -> None:
    rig = House(
        ImportAverage(limit=LIMIT, follows_peak=True),
        clock=datetime(2026, 11, 30, 23, 0, tzinfo=ZONE),
    )
    rig.house[A] = 16.0
    rig.run(900)
    rig.house[A] = 1.0
    rig.run(1800)
    assert rig.averages()[1] == pytest.approx(16.0 * VOLTAGE, rel=0.02)
    rig.run(1800)
    assert rig.averages()[-1] <= LIMIT * 1.005


def test_while_the_meter_is_silent_import_counts_as_the_limit_at_least() -> None:
    rig = House(ImportAverage(limit=LIMIT))
    rig.house[A] = 0.0
    rig.devices["car"].takes = 0.0
    rig.run(120)
    rig.is_silent = True
    rig.run(300)
    rig.is_silent = False
    rig.run(20)
    assert rig.state.guard.average.energy >= 250.0 * LIMIT / 3600.0


def test_window_and_peak_outlive_a_restart() -> None:
    rig = House(ImportAverage(limit=LIMIT, follows_peak=True))
    rig.house[A] = 14.0
    rig.run(1200)
    known = rig.state.guard.average
    rig.state = load_state(dump_state(rig.state, rig.now), rig.now)
    rig.run(5)
    assert rig.state.guard.average.peak == known.peak > LIMIT
    assert rig.state.guard.average.energy >= known.energy > 0.0


def test_damaged_memory_is_forgotten_alone() -> None:
    rig = House(ImportAverage(limit=LIMIT))
    rig.run(1000)
    dump = dump_state(rig.state, rig.now)
    dump["guard"]["average"]["energy"] = -1.0
    loaded = load_state(dump, rig.now)
    assert loaded.guard.average is None
    assert loaded.guard.base is not None
    assert set(loaded.loads) == {"car"}


def test_windows_are_aligned_to_the_hour_of_the_place() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    clock = datetime(2026, 3, 1, 7, 16, 30, tzinfo=kathmandu)
    assert clock.timestamp() - window_start(clock, 900.0) == 90.0
    assert clock.timestamp() - window_start(clock, 3600.0) == 990.0
