"""Setpoints that expire by themselves, so that silence is safe."""

from dataclasses import replace

from evenload.controller import dump_state, load_state
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.decision import Command
from evenload.model.site import Mode, Phase
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A
LEASE = 60.0
LEASED = LoadControl(lease=LEASE)


def house(*names: str, fuse: float = 40.0, **more: LoadControl) -> Rig:
    names = names or ("car",)
    loads = (car(name, priority=place + 1) for place, name in enumerate(names))
    settings = ControlSettings(loads=dict.fromkeys(names, LEASED) | more)
    return Rig(site(*loads, fuse=fuse), settings)


def commands(rig: Rig) -> list[tuple[float, Command]]:
    return [(at, command) for at, decision in rig.log for command in decision.commands]


def test_a_setpoint_above_the_safe_current_is_leased_and_told_again_at_a_third() -> None:
    rig = house()
    rig.run(300)
    (first, command), (second, again), *_ = commands(rig)
    assert (command.setpoint, command.fallback, command.lease) == (16.0, 6.0, LEASE)
    assert again == command
    assert second - first == LEASE / 3.0


def test_told_again_does_not_count_as_wear() -> None:
    rig = house()
    rig.run(600)
    assert len(commands(rig)) > 20
    assert rig.of("car").commands_in_day == 1


def test_a_setpoint_at_the_safe_current_or_below_holds_for_ever() -> None:
    rig = house()
    rig.run(60)
    rig.set_mode("car", Mode.OFF)
    rig.run(120)
    _, last = commands(rig)[-1]
    assert (last.setpoint, last.fallback, last.lease) == (0.0, 6.0, None)
    rig.log.clear()
    rig.run(200)
    assert commands(rig) == []


def test_a_device_without_a_lease_is_told_nothing_of_one() -> None:
    rig = house(car=LoadControl())
    rig.run(200)
    ((_, command),) = commands(rig)
    assert (command.fallback, command.lease) == (None, None)


def test_safe_currents_fit_together_beside_the_reserved_base_else_the_last_stops() -> None:
    rig = house("one", "two", "three", fuse=25.0)
    rig.run(400)
    fallback = {command.load: command.fallback for _, command in commands(rig)}
    assert fallback == {"one": 6.0, "two": 6.0, "three": 0.0}


def test_a_relay_that_goes_on_for_ever_takes_its_room_before_a_safe_current() -> None:
    loads = (car(), boiler(mode=Mode.STANDARD))
    for fuse, fallback in ((25.0, 0.0), (40.0, 6.0)):
        rig = Rig(site(*loads, fuse=fuse), ControlSettings(loads={"car": LEASED}))
        rig.run(300)
        assert rig.setpoint("boiler") > 0.0
        assert [c.fallback for _, c in commands(rig) if c.load == "car"][-1] == fallback


def relay() -> Rig:
    """Return a house with a boiler whose relay switches itself off unless it is told again."""
    settings = ControlSettings(loads={"boiler": LEASED})
    return Rig(site(boiler(mode=Mode.STANDARD)), settings)


def test_a_relay_that_switches_itself_off_is_told_again_at_a_third() -> None:
    rig = relay()
    rig.run(300)
    (first, command), (second, again), *_ = commands(rig)
    assert (command.setpoint, command.fallback, command.lease) == (2300.0, 0.0, LEASE)
    assert (second - first, again) == (LEASE / 3.0, command)
    assert rig.of("boiler").commands_in_day == 1


def test_a_relay_that_has_switched_itself_off_is_not_switched_on_by_a_renewal() -> None:
    rig = relay()
    rig.alter = lambda snapshot: replace(
        snapshot,
        devices={name: replace(each, setpoint=None) for name, each in snapshot.devices.items()},
    )
    rig.run(100)
    rig.is_silent = True
    rig.devices["boiler"].told = 0.0
    rig.run(5)
    rig.log.clear()
    rig.run(LEASE / 3.0 + 2.0)
    assert not [command for _, command in commands(rig) if command.setpoint > 0.0]


def test_a_relay_on_a_lease_leaves_safe_currents_their_room() -> None:
    loads = (car(), boiler(mode=Mode.STANDARD))
    settings = ControlSettings(loads={"car": LEASED, "boiler": LEASED})
    rig = Rig(site(*loads, fuse=25.0), settings)
    rig.run(300)
    assert [c.fallback for _, c in commands(rig) if c.load == "car"][-1] == 6.0


def test_a_lease_that_ran_out_while_nobody_watched_is_not_simply_taken_up_again() -> None:
    rig = house()
    rig.run(60)
    assert rig.setpoint("car") == 16.0
    # Four hours without a pass: the charger has fallen back meanwhile.
    rig.now += 14400.0
    rig.devices["car"].told = 6.0
    rig.devices["car"].current = 6.0
    rig.log.clear()
    rig.house[A] = 30.0
    rig.run(120)
    assert all(command.setpoint <= 10.0 for _, command in commands(rig))
    rig.house[A] = 1.0
    rig.run(120)
    assert rig.setpoint("car") == 16.0


def test_after_a_restart_a_lease_is_renewed_only_when_raising_is_allowed() -> None:
    rig = house()
    rig.run(60)
    rig.is_silent = True
    rig.state = load_state(dump_state(rig.state, rig.now), rig.now)
    rig.log.clear()
    rig.run(10)
    assert commands(rig) == []
    rig.is_silent = False
    rig.run(20)
    assert [command.setpoint for _, command in commands(rig)] == [16.0]


def test_a_charger_that_fell_back_before_a_restart_is_adopted_as_it_is() -> None:
    rig = house()
    rig.run(60)
    state = dump_state(rig.state, rig.now)
    rig.now += 600.0
    rig.devices["car"].told = rig.devices["car"].current = 6.0
    rig.state = load_state(state, rig.now)
    rig.log.clear()
    rig.house[A] = 36.0
    rig.run(60)
    assert rig.setpoint("car") == 0.0 or max(c.setpoint for _, c in commands(rig)) <= 6.0


def test_out_of_reach_it_is_reckoned_with_what_it_has_until_its_lease_ends() -> None:
    rig = house("gone", "here")
    rig.run(90)
    rig.devices["gone"].is_available = False
    rig.run(30)
    assert rig.setpoint("gone") == 16.0
    rig.devices["gone"].told = rig.devices["gone"].current = 6.0
    rig.run(60)
    assert rig.setpoint("gone") == 6.0
    rig.devices["gone"].is_available = True
    rig.log.clear()
    rig.house[A] = 30.0
    rig.run(60)
    assert all(c.setpoint <= 6.0 for _, c in commands(rig) if c.load == "gone")


def test_in_failsafe_the_safe_current_is_told_without_a_lease() -> None:
    rig = house()
    rig.run(60)
    rig.is_silent = True
    rig.run(60)
    _, last = commands(rig)[-1]
    assert (last.setpoint, last.lease) == (6.0, None)


def test_the_settings_of_a_lease_are_the_loads_own() -> None:
    rig = house("one", "two", two=replace(LEASED, lease=30.0))
    rig.run(60)
    leases = {command.load: command.lease for _, command in commands(rig)}
    assert leases == {"one": LEASE, "two": 30.0}
