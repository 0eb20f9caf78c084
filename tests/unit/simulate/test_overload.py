"""How long loads kept a phase above its rating, told apart from what the house did."""

from evenload.simulate.overload import OverloadWatch


def watched(*seconds: tuple[float, float]) -> OverloadWatch:
    """Watch a 25 A phase through (unmanaged, managed) currents."""
    watch = OverloadWatch(25.0)
    for second, (unmanaged, managed) in enumerate(seconds):
        watch.add(unmanaged + managed, managed, second)
    return watch


def test_an_overload_counts_until_the_loads_have_yielded():
    watch = watched((10, 14), *[(15, 14)] * 7, (15, 10), (15, 10))
    assert (watch.longest, watch.seconds, watch.worst) == (7, 7, 29)


def test_what_the_house_does_without_loads_is_not_theirs():
    watch = watched(*[(30, 0)] * 50)
    assert (watch.longest, watch.seconds) == (0, 50)


def test_a_second_step_of_the_house_gets_its_own_time():
    watch = watched((10, 14), *[(13, 14)] * 5, *[(15, 12)] * 5, (15, 10))
    assert watch.seconds == 10
    assert watch.longest == 5


def test_a_load_that_rises_into_a_busy_house_counts_from_its_rise():
    watch = watched(*[(22, 0)] * 100, *[(22, 6)] * 4, (22, 0))
    assert watch.longest == 4


def test_loads_that_stay_through_a_growing_overload_are_not_excused():
    watch = watched(*[(12 + second / 10, 14) for second in range(100)])
    assert watch.longest == watch.seconds > 80


def test_an_excess_that_the_meter_cannot_see_is_not_held_against_anyone():
    watch = OverloadWatch(25.0, unseen=0.1)
    for second, current in enumerate([25.05] * 30 + [25.2] * 3):
        watch.add(current, 14.0, second)
    assert (watch.longest, watch.seconds) == (3, 33)


def test_export_is_no_overload():
    assert watched(*[(-40, 6)] * 10).seconds == 0
