"""Limits other than the main fuse hold over time, too: chargers, import, the inverter off the grid."""

from dataclasses import replace

from evenload.model.allocation import Reason
from evenload.model.control import ControlSettings, LoadControl
from evenload.model.site import Battery, Charger, Inverter, Mode, Phase, Policy, Site
from evenload.model.snapshot import Sample, Snapshot
from tests.unit.controller.rig import Rig, boiler, car, site

A = Phase.A
PATIENT = LoadControl(min_on=600.0)


def two_plugs(*, max_active: int) -> Site:
    plugs = (
        car("left", circuit="wallbox", priority=2),
        car("right", circuit="wallbox", mode=Mode.OFF),
    )
    charger = Charger(
        id="wallbox",
        plugs=plugs,
        max_current=20.0,
        max_active=max_active,
        policy=Policy.CONCURRENT,
    )
    return Site(fuse={A: 63.0}, phases=(A,), chargers=(charger,))


def test_the_charger_carries_no_more_than_its_own_maximum_at_any_time() -> None:
    rig = Rig(two_plugs(max_active=2))
    rig.run(60)
    assert rig.setpoint("left") == 16.0
    rig.set_mode("right", Mode.STANDARD)
    rig.run(200)
    assert (rig.setpoint("left"), rig.setpoint("right")) == (6.0, 14.0)
    assert max(sum(load.setpoint for load in d.loads.values()) for _, d in rig.log) <= 20.0


def test_a_plug_that_has_to_stay_on_keeps_the_only_place() -> None:
    rig = Rig(two_plugs(max_active=1), ControlSettings(loads={"left": PATIENT}))
    rig.run(60)
    rig.set_mode("right", Mode.STANDARD)
    rig.run(60)
    assert (rig.setpoint("left"), rig.reason("left")) == (6.0, Reason.HOLDING)
    assert (rig.setpoint("right"), rig.reason("right")) == (0.0, Reason.STARTING)
    rig.run(600)
    assert (rig.setpoint("left"), rig.setpoint("right")) == (0.0, 16.0)


def test_the_import_limit_holds_for_what_is_told() -> None:
    loads = (boiler(mode=Mode.STANDARD, priority=2), car(priority=1, mode=Mode.OFF))
    settings = ControlSettings(loads={"boiler": PATIENT})
    rig = Rig(replace(site(*loads, fuse=63.0), import_limit=4000.0), settings)
    rig.run(60)
    rig.set_mode("car", Mode.STANDARD)
    rig.run(60)
    assert rig.setpoint("boiler") == 2300.0
    assert rig.of("car").power + rig.of("boiler").power <= 4000.0
    rig.run(700)
    assert max(sum(load.power for load in d.loads.values()) for _, d in rig.log) <= 4000.0


def test_off_the_grid_the_inverter_is_the_meter_and_its_power_the_limit() -> None:
    island = replace(
        site(car(), fuse=63.0),
        off_grid=True,
        inverter=Inverter(max_power=5000.0, max_power_per_phase=5000.0),
        battery=Battery(max_charge=5000.0, max_discharge=5000.0),
    )
    rig = Rig(island)
    rig.battery = (95.0, 0.0)

    def inverter_only(snapshot: Snapshot) -> Snapshot:
        delivered = {phase: sample.value for phase, sample in snapshot.grid.items()}
        power = sum(delivered.values()) * 230.0 - 4000.0
        return replace(
            snapshot,
            grid={},
            inverter=snapshot.grid,
            solar=Sample(4000.0, rig.now),
            battery_power=Sample(power, rig.now),
        )

    rig.alter = inverter_only
    rig.battery = (95.0, 0.0)
    rig.run(300)
    assert rig.setpoint("car") > 0.0
    rig.house[A] = 15.0
    rig.run(60)
    assert rig.meter[A].value * 230.0 <= 5000.0 + 15.0


def test_a_load_on_a_doubtful_phase_starts_with_no_more_than_every_phase_has_room_for() -> None:
    rig = Rig(Site(fuse=dict.fromkeys(Phase, 25.0), loads=(car(mode=Mode.OFF),)))
    rig.house.update({Phase.A: 1.0, Phase.B: 11.0, Phase.C: 1.0})
    rig.alter = lambda snapshot: replace(snapshot, doubtful_maps=frozenset({"car"}))
    rig.run(30)
    rig.set_mode("car", Mode.STANDARD)
    rig.until(lambda: rig.setpoint("car") > 0.0, within=60)
    assert rig.setpoint("car") == 14.0
