"""Equals whose minimums do not all fit take turns, and nobody starves."""

from dataclasses import replace
from itertools import pairwise

from evenload.controller import dump_state, load_state
from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.readings import LoadState
from evenload.model.site import Charger, Mode, Phase, Policy
from tests.unit.controller.rig import ALL_LEGS, Rig, car, site

TURN = 600.0
A = Phase.A


def shared(*loads, fuse: float = 16.0, rotation: float = TURN, min_on: float = 60.0, **more) -> Rig:
    treat = LoadControl(min_on=min_on, min_off=60.0, starts_per_hour=30)
    settings = ControlSettings(rotation=rotation, loads={load.id: treat for load in loads})
    rig = Rig(site(*loads, fuse=fuse, **more), settings)
    for device in rig.devices.values():
        device.report_interval = 5.0
    return rig


def turns(rig: Rig, load: str) -> list[tuple[float, float]]:
    """Return when a load went on and off, its last turn open to now."""
    times = [at for at, setpoint in _edges(rig, load)]
    return list(zip(times[::2], [*times[1::2], rig.now][: len(times[::2])], strict=True))


def _edges(rig: Rig, load: str) -> list[tuple[float, bool]]:
    was = False
    edges: list[tuple[float, bool]] = []
    for at, setpoint in rig.commands(load):
        if (setpoint > 0.0) is not was:
            was = setpoint > 0.0
            edges.append((at, was))
    return edges


def test_two_cars_with_room_for_one_take_turns() -> None:
    rig = shared(car("one"), car("two"), fuse=10.0)
    rig.run(4 * TURN)
    first, second = turns(rig, "one"), turns(rig, "two")
    assert len(first) >= 2
    assert len(second) >= 1
    for began, ended in (*first, *second)[:3]:
        assert TURN <= ended - began <= TURN + 60.0
    assert max(flow[A] for flow in rig.flows) <= 10.0


def test_who_waits_is_told_whose_turn_it_is_and_until_when() -> None:
    rig = shared(car("one"), car("two"), fuse=10.0)
    rig.run(120)
    waiting = rig.of("two")
    assert (waiting.reason, waiting.by) == (Reason.OUTRANKED, "one")
    ended = rig.until(lambda: rig.setpoint("one") == 0.0, within=TURN)
    assert abs(rig.now - waiting.until) <= 15.0
    assert ended > 0.0


def test_while_all_minimums_fit_nobody_gives_way() -> None:
    rig = shared(car("one"), car("two"), car("three"), fuse=24.0)
    rig.run(4 * TURN)
    assert [len(turns(rig, name)) for name in ("one", "two", "three")] == [1, 1, 1]
    assert [rig.setpoint(name) for name in ("one", "two", "three")] == [8.0, 8.0, 8.0]


def test_mode_and_priority_are_never_broken_for_a_turn() -> None:
    rig = shared(car("first"), car("second", priority=2), car("third", mode=Mode.ECO), fuse=10.0)
    rig.run(4 * TURN)
    assert len(turns(rig, "first")) == 1
    assert rig.commands("second") == rig.commands("third") == []


def test_a_load_keeps_its_least_time_on_though_its_turn_is_over() -> None:
    rig = shared(car("one"), car("two"), fuse=10.0, rotation=60.0, min_on=900.0)
    rig.run(2400)
    for began, ended in turns(rig, "one")[:-1]:
        assert ended - began >= 900.0


def test_a_car_that_comes_later_takes_nothing_from_one_whose_turn_it_is() -> None:
    rig = shared(car("one"), car("two"), fuse=10.0)
    rig.devices["one"].state = LoadState.DISCONNECTED
    rig.run(60)
    assert rig.setpoint("two") > 0.0
    rig.devices["one"].state = LoadState.CONNECTED
    rig.run(300)
    assert rig.setpoint("two") > 0.0 == rig.setpoint("one")
    rig.run(TURN)
    assert rig.setpoint("one") > 0.0 == rig.setpoint("two")


def test_finished_and_sleeping_cars_take_no_turn_from_others() -> None:
    rig = shared(car("full"), car("asleep"), car("awake"), fuse=10.0)
    rig.devices["full"].state = LoadState.FINISHED
    rig.devices["asleep"].takes = 0.0
    rig.run(6 * TURN)
    assert rig.commands("full") == []
    asleep = sum(ended - began for began, ended in turns(rig, "asleep"))
    awake = sum(ended - began for began, ended in turns(rig, "awake"))
    assert asleep < 0.35 * awake


def test_solar_cars_share_a_sun_that_is_enough_for_one() -> None:
    rig = shared(car("one", mode=Mode.SOLAR), car("two", mode=Mode.SOLAR), fuse=25.0)
    rig.solar = 1700.0
    rig.run(5 * TURN)
    one, two = turns(rig, "one"), turns(rig, "two")
    assert len(one) >= 2
    assert len(two) >= 2
    # While one gives way to the other they never run on the grid together.
    for now, decision in rig.log:
        running = [load.setpoint for load in decision.loads.values() if load.setpoint > 0.0]
        assert len(running) <= 1, now


def test_turns_grow_longer_as_the_sessions_starts_run_out() -> None:
    cars = (car("one"), car("two"))
    rig = shared(*cars, fuse=10.0, rotation=120.0)
    treat = replace(rig.settings.loads["one"], starts_per_session=4)
    rig.settings = replace(rig.settings, loads=dict.fromkeys(("one", "two"), treat))
    rig.run(1800)
    lengths = [ended - began for began, ended in turns(rig, "one")]
    assert lengths[0] < 150.0
    assert lengths[2] > 1.8 * lengths[0]
    assert len(lengths) <= 4


def test_turns_survive_a_restart() -> None:
    rig = shared(car("one"), car("two"), fuse=10.0)
    rig.run(TURN / 2)
    rig.state = load_state(dump_state(rig.state, rig.now), rig.now)
    rig.run(TURN / 2 + 60.0)
    assert rig.setpoint("two") > 0.0 == rig.setpoint("one")
    rig.state = load_state(dump_state(rig.state, rig.now), rig.now)
    rig.run(60)
    assert rig.setpoint("two") > 0.0 == rig.setpoint("one")


def test_plugs_of_a_sequential_charger_keep_their_order() -> None:
    plugs = tuple(car(name, circuit="box") for name in ("one", "two"))
    box = Charger(id="box", max_current=10.0, policy=Policy.SEQUENTIAL, plugs=plugs)
    rig = Rig(site(fuse=25.0, chargers=(box,)), ControlSettings(rotation=120.0))
    rig.run(900)
    assert rig.commands("two") == []
    assert rig.setpoint("one") == 10.0


def test_in_a_car_park_of_twelve_plugs_nobody_starves() -> None:
    phases = (Phase.A, Phase.B, Phase.C)
    names = [f"plug{number}" for number in range(12)]
    cars = [car(name, phases=ALL_LEGS) for name in names]
    rig = shared(*cars, fuse=30.0, rotation=300.0, phases=phases)
    rig.interval = 5.0
    for phase in phases:
        rig.house[phase] = 2.0
    rig.run(2 * 3 * 300.0 + 600.0)
    spans = {name: turns(rig, name) for name in names}
    assert all(spans.values())
    energy = {name: sum(ended - began for began, ended in spans[name]) for name in names}
    assert max(energy.values()) - min(energy.values()) <= 2 * 300.0
    # Between two turns of one car every other one has at most one: nobody is overtaken twice.
    for name in names:
        for (_, ended), (began, _) in pairwise(spans[name]):
            for other in names:
                inside = [start for start, _ in spans[other] if ended <= start < began]
                assert len(inside) <= 1
    assert max(max(flow.values()) for flow in rig.flows) <= 30.0
