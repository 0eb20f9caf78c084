"""The estimator runs beside the controller, on what that sees and answers."""

from evenload.detect.watch import observation
from evenload.model.control import ControlSettings
from evenload.model.decision import Command, Decision, SiteStatus
from evenload.model.readings import LoadState
from evenload.model.site import Kind, Load, Site
from evenload.model.snapshot import DeviceSnapshot, Sample, Snapshot
from tests.unit.detect.house import L1, L2, L3, PHASES, A, B, C

CAR = Load(id="car", kind=Kind.EV, phases={L1: A, L2: B, L3: C}, minimum=6.0, maximum=16.0)
BOILER = Load(id="boiler", kind=Kind.SWITCH, phases={L1: C}, levels=(2300.0,))
SITE = Site(fuse=dict.fromkeys(PHASES, 25.0), loads=(CAR, BOILER))
DRAWS = {
    "car": DeviceSnapshot(
        state=LoadState.CHARGING,
        current={L1: Sample(6.0, 9.0), L2: Sample(7.0, 9.0), L3: Sample(0.0, 8.0)},
    ),
    "boiler": DeviceSnapshot(state=LoadState.ON, power=Sample(2300.0, 7.0)),
}


def snapshot(**changes: object) -> Snapshot:
    given = {
        "site": SITE,
        "settings": ControlSettings(),
        "grid": {A: Sample(1.0, 9.0), B: Sample(-2.0, 10.0), C: Sample(3.0, 8.0)},
        "devices": DRAWS,
    }
    return Snapshot(**(given | changes))


def test_it_is_told_rows_reports_and_what_readings_drove() -> None:
    decision = Decision(
        at=10.0,
        status=SiteStatus.OK,
        loads={},
        commands=(Command(load="car", setpoint=8.0), Command(load="boiler", setpoint=0.0)),
    )
    seen = observation(snapshot(solar=Sample(1150.0, 9.0)), decision, own=frozenset({"boiler"}))
    assert (seen.meter, seen.meter_at) == ((1.0, -2.0, 3.0), 10.0)
    assert seen.legs == {"car": (L1, L2, L3), "boiler": (L1,)}
    assert (seen.reports["car"].currents, seen.reports["car"].at) == ((6.0, 7.0, 0.0), 9.0)
    assert (seen.reports["boiler"].currents, seen.reports["boiler"].at) == ((10.0,), 7.0)
    assert seen.orders == {"car": 8.0}
    assert (seen.solar_current, seen.battery_current) == (5.0, 0.0)


def test_a_meter_of_powers_alone_will_do() -> None:
    power = {phase: Sample(460.0, 5.0) for phase in PHASES}
    seen = observation(snapshot(grid={}, grid_power=power), None)
    assert seen.meter == (2.0, 2.0, 2.0)
    measured = observation(
        snapshot(grid={}, grid_power=power, voltage={A: Sample(240.0, 5.0)}), None
    )
    assert measured.meter == (460.0 / 240.0, 2.0, 2.0)


def test_a_meter_that_is_not_whole_is_no_row() -> None:
    assert observation(snapshot(grid={A: Sample(1.0, 9.0)}), None).meter is None
    assert observation(snapshot(grid={}, grid_total=Sample(900.0, 9.0)), None).meter is None


def test_a_total_over_several_legs_is_not_split() -> None:
    devices = {"car": DeviceSnapshot(state=LoadState.CHARGING, power=Sample(4140.0, 9.0))}
    assert observation(snapshot(devices=devices), None).legs == {}


def test_a_device_out_of_reach_says_nothing() -> None:
    devices = {
        "boiler": DeviceSnapshot(state=LoadState.ON, power=Sample(2300.0, 7.0), available=False)
    }
    assert observation(snapshot(devices=devices), None).reports == {}
