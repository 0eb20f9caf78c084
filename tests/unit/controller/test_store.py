"""What the battery is seen to do: what it takes, whether it follows, and who drains it."""

from dataclasses import replace

from evenload.controller.flows import Flows
from evenload.controller.state import BatteryMemory
from evenload.controller.store import is_leaking, watch_battery
from evenload.model.decision import TroubleCode
from evenload.model.readings import BatteryZone
from evenload.model.site import Battery, BatteryHelp, Mode, Phase
from tests.unit.controller.rig import VOLTAGE, Rig, car, site

BATTERY = Battery(max_charge=3000.0, max_discharge=3000.0, soc_target=80.0)
FLOWS = Flows(
    grid_power=0.0,
    battery_power=0.0,
    battery_soc=60.0,
    solar_power=4000.0,
    drawn_power=0.0,
    sunny_power=0.0,
    voltages=(VOLTAGE,),
)


def live(memory: BatteryMemory, flows: Flows, now: float, **more) -> BatteryMemory:
    seen = {"zone": BatteryZone.AT, "is_day": True, "is_settled": True} | more
    return watch_battery(memory, BATTERY, flows, now=now, **seen)


def test_a_battery_that_takes_less_than_it_could_leaves_the_rest_to_the_car() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR), battery=BATTERY))
    rig.battery = (60.0, -400.0)
    rig.solar = 3000.0
    rig.run(200)
    assert rig.setpoint("car") == 11.0


def test_what_it_accepts_is_forgotten_when_it_takes_more() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR), battery=BATTERY))
    rig.battery = (60.0, -400.0)
    rig.solar = 3000.0
    rig.run(200)
    rig.battery = (60.0, -2500.0)
    rig.run(30)
    assert rig.state.battery.accepts_power is None


def rises(memory: BatteryMemory, *, by_battery: float, by_grid: float, now: float) -> BatteryMemory:
    """Let loads draw 1,000 W more, of which battery and grid give these shares."""
    calm = replace(FLOWS, battery_soc=90.0, grid_power=150.0)
    memory = live(memory, calm, now)
    return live(
        memory,
        replace(
            calm,
            drawn_power=1000.0,
            battery_power=1000.0 * by_battery,
            grid_power=150.0 + 1000.0 * by_grid,
        ),
        now + 20.0,
    )


def test_a_battery_that_twice_did_not_follow_does_not_respond_until_it_is_seen_to() -> None:
    memory = rises(BatteryMemory(), by_battery=0.0, by_grid=1.0, now=0.0)
    assert memory.responds
    memory = live(memory, replace(FLOWS, battery_soc=90.0), 60.0)
    memory = rises(memory, by_battery=0.0, by_grid=1.0, now=100.0)
    assert not memory.responds
    memory = live(memory, replace(FLOWS, battery_soc=90.0), 160.0)
    memory = rises(memory, by_battery=1.0, by_grid=0.0, now=200.0)
    assert memory.responds


def test_a_battery_at_its_limit_is_not_blamed_for_not_following() -> None:
    memory = BatteryMemory()
    for start in (0.0, 100.0, 200.0):
        memory = live(memory, replace(FLOWS, battery_soc=21.0), start)
        low = replace(FLOWS, battery_soc=21.0, drawn_power=1000.0, grid_power=1000.0)
        memory = live(memory, low, start + 20.0)
    assert memory.responds


def test_a_load_that_may_not_use_the_battery_is_stopped_from_draining_it() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR), battery=BATTERY))
    rig.battery = (81.0, 0.0)
    rig.solar = 2000.0
    rig.run(600)
    assert rig.setpoint("car") == 8.0
    rig.solar = 900.0
    rig.battery = (81.0, 480.0)
    rig.run(500)
    assert rig.setpoint("car") == 0.0


def test_a_battery_that_somebody_else_discharges_for_the_car_is_told_of() -> None:
    flows = replace(FLOWS, battery_power=800.0, sunny_power=1400.0, drawn_power=1400.0)
    memory = BatteryMemory()
    for now in range(0, 120, 10):
        memory = live(memory, flows, float(now))
    assert is_leaking(memory, 120.0)


def test_help_that_is_wanted_is_no_leak() -> None:
    flows = replace(FLOWS, battery_power=800.0, sunny_power=1400.0, drawn_power=1400.0)
    memory = BatteryMemory()
    for now in range(0, 120, 10):
        memory = live(memory, flows, float(now), zone=BatteryZone.ABOVE)
    assert not is_leaking(memory, 120.0)


def test_a_leak_of_five_minutes_is_a_trouble_and_ends_with_it() -> None:
    rig = Rig(site(car(mode=Mode.SOLAR), battery=replace(BATTERY, helps=BatteryHelp.NONE)))
    rig.solar = 3000.0
    rig.battery = (95.0, 0.0)
    rig.run(300)
    rig.devices["car"].is_deaf = True
    rig.solar = 1500.0
    for _ in range(330):
        flow = rig.flow()[Phase.A] * VOLTAGE + rig.battery[1]
        rig.battery = (95.0, max(0.0, flow))
        rig.tick()
    leaks = [one for one in rig.decision.troubles if one.code is TroubleCode.BATTERY_LEAK]
    assert [one.about for one in leaks] == ["car"]
    rig.battery = (95.0, 0.0)
    rig.run(10)
    assert TroubleCode.BATTERY_LEAK not in {one.code for one in rig.decision.troubles}
