"""What a store of heat needs at each temperature, and how long what was begun goes on."""

import datetime as dt

import pytest

from evenload.model.need import DAY, NO_NEED, Disinfection, NeedReason, Temperatures
from evenload.model.readings import Need
from evenload.needs.memory import NeedMemory
from evenload.needs.warmth import need_of_store

NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
TANK = Temperatures(floor=40.0, target=50.0, boost=60.0, hysteresis=3.0)
POWER = 2000.0


def needs(wanted, temperatures, *, clock=NOON, memory=None, every=60.0):
    """Live through temperatures at intervals; return the need and reason at each, and the memory."""
    memory = NeedMemory() if memory is None else memory
    seen = []
    for temperature in temperatures:
        memory, now = need_of_store(
            memory, wanted, temperature, power=POWER, clock=clock, elapsed=every
        )
        seen.append((now.need, now.why))
        clock += dt.timedelta(seconds=every)
    return seen, memory


@pytest.mark.parametrize(
    ("temperature", "need", "why"),
    [
        (39.9, Need.MUST, NeedReason.BELOW_FLOOR),
        (40.0, Need.WANTS, NeedReason.BELOW_TARGET),
        (49.9, Need.WANTS, NeedReason.BELOW_TARGET),
        (50.0, Need.CAN_STORE, NeedReason.ABOVE_TARGET),
        (59.9, Need.CAN_STORE, NeedReason.ABOVE_TARGET),
        (60.0, Need.SATISFIED, NeedReason.AT_BOOST),
    ],
)
def test_each_band_of_temperature_is_a_need(temperature, need, why):
    seen, _ = needs(TANK, [temperature])
    assert seen == [(need, why)]


def test_what_must_be_heated_goes_on_above_the_floor_but_no_further():
    seen, _ = needs(TANK, [39.0, 41.0, 42.9, 43.0, 41.0])
    assert [need for need, _ in seen] == [Need.MUST] * 3 + [Need.WANTS] * 2


def test_a_floor_near_the_target_goes_on_to_the_target_alone():
    seen, _ = needs(Temperatures(floor=49.0, target=50.0), [48.0, 49.9, 50.0])
    assert [need for need, _ in seen] == [Need.MUST, Need.MUST, Need.SATISFIED]


def test_a_warm_store_wants_nothing_before_it_has_cooled_by_the_hysteresis():
    seen, _ = needs(TANK, [50.0, 48.0, 47.0, 46.9])
    assert [need for need, _ in seen] == [Need.CAN_STORE] * 3 + [Need.WANTS]


def test_a_hot_store_takes_no_surplus_before_it_has_cooled_by_the_hysteresis():
    seen, _ = needs(TANK, [60.0, 58.0, 57.0, 56.9])
    assert [need for need, _ in seen] == [Need.SATISFIED] * 3 + [Need.CAN_STORE]


def test_without_a_boost_the_target_is_enough():
    seen, _ = needs(Temperatures(target=50.0), [50.0])
    assert seen == [(Need.SATISFIED, NeedReason.AT_BOOST)]


def test_without_a_temperature_nothing_is_known_and_nothing_forgotten():
    _, memory = needs(TANK, [39.0])
    after, now = need_of_store(memory, TANK, None, power=POWER, clock=NOON, elapsed=60.0)
    assert (after, now) == (memory, NO_NEED)


class TestDisinfection:
    CYCLE = Temperatures(
        target=50.0, disinfection=Disinfection(interval=7 * DAY, temperature=60.0, duration=600.0)
    )

    def due(self, days):
        _, memory = needs(self.CYCLE, [50.0])
        return memory, NOON + dt.timedelta(days=days)

    def test_it_is_not_due_from_the_start(self):
        seen, _ = needs(self.CYCLE, [50.0])
        assert seen == [(Need.SATISFIED, NeedReason.AT_BOOST)]

    def test_it_is_due_after_its_interval_and_goes_on_until_it_was_hot_for_long_enough(self):
        memory, later = self.due(7)
        seen, _ = needs(self.CYCLE, [50.0, 59.0, *[60.5] * 11], clock=later, memory=memory)
        assert seen[:11] == [(Need.MUST, NeedReason.DISINFECTION)] * 11
        assert seen[12][0] is Need.SATISFIED

    def test_the_sun_may_have_done_it_before(self):
        memory, later = self.due(6)
        _, memory = needs(self.CYCLE, [61.0] * 11, clock=later, memory=memory)
        seen, _ = needs(self.CYCLE, [50.0], clock=later + dt.timedelta(days=5), memory=memory)
        assert seen[0][0] is not Need.MUST

    def test_a_break_in_the_heat_begins_it_anew(self):
        memory, later = self.due(7)
        seen, _ = needs(self.CYCLE, [*[60.0] * 6, 59.0, *[60.0] * 6], clock=later, memory=memory)
        assert [need for need, _ in seen] == [Need.MUST] * 13

    def test_a_clock_set_back_makes_nothing_due(self):
        memory, _ = self.due(7)
        earlier = NOON - dt.timedelta(days=400)
        seen, _ = needs(self.CYCLE, [50.0], clock=earlier, memory=memory)
        assert seen[0][0] is Need.SATISFIED


class TestReadyBy:
    EVENING = Temperatures(target=50.0, ready_by=18 * 3600.0, volume=200.0)

    def heating_time(self, temperature):
        return 3600.0 * 1.163 * 200.0 * (50.0 - temperature) / POWER

    @pytest.mark.parametrize("temperature", [20.0, 35.0, 46.0])
    def test_it_starts_late_but_in_time(self, temperature):
        takes = self.heating_time(temperature)
        late = NOON.replace(hour=18) - dt.timedelta(seconds=takes)
        early = late - dt.timedelta(seconds=0.5 * takes + 700)
        assert needs(self.EVENING, [temperature], clock=late)[0] == [
            (Need.MUST, NeedReason.LATEST_START)
        ]
        assert needs(self.EVENING, [temperature], clock=early)[0] == [
            (Need.WANTS, NeedReason.BELOW_TARGET)
        ]

    def test_once_begun_it_goes_on_though_it_is_late(self):
        clock = NOON.replace(hour=17, minute=55)
        seen, _ = needs(self.EVENING, [45.0] * 20, clock=clock)
        assert seen == [(Need.MUST, NeedReason.LATEST_START)] * 20

    def test_a_store_that_was_ready_need_not_be_again(self):
        clock = NOON.replace(hour=17, minute=58)
        seen, _ = needs(self.EVENING, [50.0, 49.0, 48.0], clock=clock)
        assert [need for need, _ in seen] == [Need.SATISFIED] * 3
