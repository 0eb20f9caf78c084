"""A dry run: everything computed and explained, nothing commanded, and no illusions."""

from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings
from evenload.model.decision import SiteStatus
from evenload.model.site import Mode, Phase
from tests.unit.controller.rig import Rig, boiler, car, site

DRY = ControlSettings(control=False)


def test_nothing_is_commanded_and_what_would_be_is_said() -> None:
    rig = Rig(site(car(), boiler()), DRY)
    rig.run(300)
    assert rig.commands("car") == rig.commands("boiler") == []
    decision = rig.of("car")
    assert (decision.reason, decision.wanted) == (Reason.DRY_RUN, Reason.FULL)
    assert decision.setpoint == 16.0
    assert rig.of("boiler").wanted is Reason.WAITING_FOR_SURPLUS


def test_the_house_is_reckoned_from_what_loads_really_draw() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR)), DRY)
    rig.devices["car"].told = 12.0
    rig.house[Phase.A] = 3.0
    rig.run(60)
    assert abs(rig.decision.base[Phase.A] - 3.0) < 0.01
    assert rig.of("car").draw_power == 12.0 * 230.0
    assert rig.of("car").setpoint == 0.0


def test_an_overload_in_a_dry_run_is_shown_and_left_alone() -> None:
    rig = Rig(site(car()), DRY)
    rig.devices["car"].told = 16.0
    rig.house[Phase.A] = 14.0
    rig.run(60)
    assert rig.decision.headroom[Phase.A] < 0.0
    assert rig.commands("car") == []


def test_taking_control_adopts_what_runs() -> None:
    rig = Rig(site(car()), DRY)
    rig.devices["car"].told = 9.0
    rig.run(60)
    rig.settings = ControlSettings()
    rig.tick()
    assert rig.commands("car") == []
    rig.run(30)
    assert rig.setpoint("car") == 16.0


def test_a_silent_meter_is_said_in_a_dry_run_too() -> None:
    rig = Rig(site(car()), DRY)
    rig.devices["car"].told = 16.0
    rig.run(60)
    rig.is_silent = True
    rig.run(60)
    assert rig.decision.status is SiteStatus.FAILSAFE
    assert (rig.of("car").wanted, rig.of("car").setpoint) == (Reason.FAILSAFE, 6.0)
    assert rig.commands("car") == []
