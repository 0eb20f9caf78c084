"""The worked example of docs/explanation/control.md, second by second."""

from evenload.model.allocation import Reason
from evenload.model.decision import SiteStatus
from evenload.model.site import Phase
from tests.unit.controller.rig import Rig, car, site

A = Phase.A


def test_the_kettle_of_the_documentation() -> None:
    rig = Rig(site(car()), interval=5.0, lag=2.0, start=0.0)
    device = rig.devices["car"]
    device.delay, device.report_interval = 2.0, 5.0
    rig.house[A] = 1.0
    rig.run(62)
    assert (rig.meter[A].value, rig.setpoint("car")) == (17.0, 16.0)

    rig.house[A] = 14.0
    rig.run(3)
    assert rig.decision.status is SiteStatus.OVERLOAD
    assert (rig.meter[A].value, rig.decision.base[A]) == (30.0, 14.0)
    assert [(c.setpoint, c.urgent) for c in rig.decision.commands] == [(11.0, True)]
    assert (rig.reason("car"), rig.of("car").by) == (Reason.LIMITED, "main/A")
    assert rig.state.pending["main/A"].current == 5.0

    rig.run(5)
    assert (rig.meter[A].value, rig.flow()[A]) == (25.0, 25.0)
    assert rig.decision.status is SiteStatus.OK

    rig.run(112)
    rig.house[A] = 1.0
    rig.run(5)
    assert rig.decision.base[A] == 1.0
    assert rig.of("car").until is not None
    assert 25.0 <= rig.of("car").until - rig.now <= 30.0
    took = rig.until(lambda: rig.setpoint("car") == 16.0, within=40)
    assert took <= 31.0
