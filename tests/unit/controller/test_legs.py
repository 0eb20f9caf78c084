"""How many legs a car uses is seen, remembered, and paid for once."""

from evenload.model.allocation import Reason
from evenload.model.readings import LoadState
from evenload.model.site import Leg, Mode, Phase
from tests.unit.controller.rig import ALL_LEGS, Rig, car, site

PHASES = (Phase.A, Phase.B, Phase.C)


def three_legged(*, watts: float) -> Rig:
    rig = Rig(site(car(mode=Mode.SOLAR, phases=ALL_LEGS), phases=PHASES))
    rig.solar = watts
    return rig


def test_a_car_that_turns_out_to_use_three_legs_has_too_little_sun_and_stops() -> None:
    rig = three_legged(watts=1700.0)
    rig.until(lambda: rig.setpoint("car") > 0.0, within=120)
    rig.run(60)
    assert rig.of("car").power == 3 * 6 * 230.0
    assert rig.reason("car") is Reason.HOLDING
    rig.run(300)
    assert rig.setpoint("car") == 0.0


def test_that_happens_once_a_session_and_not_again_for_the_next_car() -> None:
    rig = three_legged(watts=1700.0)
    rig.run(3600)
    assert [setpoint for _, setpoint in rig.commands("car")] == [6.0, 0.0]
    rig.devices["car"].state = LoadState.DISCONNECTED
    rig.run(60)
    rig.devices["car"].state = LoadState.CONNECTED
    rig.log.clear()
    rig.run(1200)
    assert rig.commands("car") == []


def test_a_car_of_one_leg_keeps_what_it_started_on() -> None:
    rig = three_legged(watts=1900.0)
    rig.devices["car"].legs = (Leg.L1,)
    rig.run(1200)
    assert rig.setpoint("car") == 8.0
    assert all(setpoint > 0.0 for _, setpoint in rig.commands("car"))


def test_until_the_legs_are_seen_all_of_them_are_kept_free() -> None:
    rig = three_legged(watts=9000.0)
    rig.house[Phase.C] = 20.0
    rig.run(200)
    assert rig.commands("car") == []
