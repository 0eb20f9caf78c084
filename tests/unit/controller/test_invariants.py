"""What must hold whatever happens: doubt raises nothing, and no load keeps a phase above its rating."""

import math
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from evenload.controller import ControllerState
from evenload.model.control import (
    ControlSettings,
    FuseKind,
    ImportAverage,
    LoadControl,
    Protection,
)
from evenload.model.site import Battery, Mode, Phase, Site
from evenload.model.snapshot import Sample, Snapshot
from evenload.simulate.overload import OverloadWatch
from tests.unit.controller.rig import ALL_LEGS, Rig, boiler, car, site

PHASES = (Phase.A, Phase.B, Phase.C)
INTERVAL = 2.0
DELAY = 20.0
"""How late a late report comes [s]."""

LATE = 2 * INTERVAL + 1.0

SOUND = "sound"
FAULTS = (SOUND, SOUND, "silent", "nan", "missing", "watts", "frozen", "late", "battery", "lost")


def house_with(battery: Battery | None) -> Site:
    loads = (
        car("standard", phases=ALL_LEGS, priority=2),
        car("solar", mode=Mode.SOLAR),
        boiler("boiler", mode=Mode.ECO),
    )
    return site(*loads, phases=PHASES, fuse=25.0, battery=battery)


def _reported_at(report: dict[Phase, Sample]) -> float:
    return report[Phase.A].at if report else 0.0


def spoil(rig: Rig, fault: str) -> None:
    """Make the meter, the battery or a device go wrong from now on."""
    rig.is_silent = fault == "silent"
    rig.is_frozen = fault == "frozen"
    rig.devices["solar"].is_available = fault != "lost"
    rig.battery = None if fault == "battery" else (60.0, -500.0)
    wrong = {"nan": math.nan, "watts": 2300.0}
    rig.garble = lambda currents: currents
    if fault in wrong:
        rig.garble = lambda currents: currents | {Phase.B: wrong[fault]}
    if fault == "missing":
        rig.garble = lambda currents: {p: v for p, v in currents.items() if p is not Phase.B}

    shown = rig.meter

    def late(snapshot: Snapshot) -> Snapshot:
        old = [report for report in rig.reports if report[Phase.A].at <= rig.now - DELAY]
        return replace(snapshot, grid=max([shown, *old], key=_reported_at))

    rig.alter = late if fault == "late" else (lambda snapshot: snapshot)


def is_doubtful(snapshot: Snapshot, now: float) -> bool:
    """Return whether the grid meter gives nothing to raise anything on."""
    samples = [snapshot.grid.get(phase) for phase in snapshot.site.phases]
    return any(
        sample is None or not abs(sample.value) <= 100.0 or now - sample.at > LATE
        for sample in samples
    )


moments = st.tuples(
    st.sampled_from(FAULTS),
    st.floats(0.0, 20.0),
    st.sampled_from([0.0, 1500.0, 4000.0, 7000.0]),
    st.integers(3, 45),
)


GUARDED = (
    ControlSettings(),
    ControlSettings(protection=Protection.THERMAL, fuse_kind=FuseKind.GG),
    ControlSettings(import_average=ImportAverage(limit=5000.0)),
    ControlSettings(loads={name: LoadControl(lease=30.0) for name in ("standard", "solar")}),
)
"""Every kind of protection has its own reasons to let loads be."""


@settings(max_examples=25, deadline=None)
@given(
    story=st.lists(moments, min_size=3, max_size=10),
    has_battery=st.booleans(),
    control=st.sampled_from(GUARDED),
)
def test_missing_late_or_doubtful_data_never_raises_a_setpoint(
    *, story: list[tuple[str, float, float, int]], has_battery: bool, control: ControlSettings
) -> None:
    battery = Battery(max_charge=3000.0, max_discharge=3000.0) if has_battery else None
    rig = Rig(house_with(battery), control, interval=INTERVAL, lag=2.0)
    spoil(rig, SOUND)
    rig.run(40)
    for fault, current, solar, seconds in story:
        spoil(rig, fault)
        rig.house[Phase.B], rig.solar = current, solar
        for _ in range(seconds):
            before = rig.decision
            rig.tick()
            if rig.ran_at != rig.now or not is_doubtful(rig.snapshot(), rig.now):
                continue
            for name, load in rig.decision.loads.items():
                assert load.setpoint <= before.loads[name].setpoint
            raising = [
                command
                for command in rig.decision.commands
                if command.setpoint > rig.devices[command.load].told
            ]
            assert raising == []


@settings(max_examples=25, deadline=None)
@given(story=st.lists(moments, min_size=2, max_size=8))
def test_a_setpoint_rises_only_with_a_reading_later_than_the_last_change(
    story: list[tuple[str, float, float, int]],
) -> None:
    rig = Rig(house_with(None), interval=INTERVAL, lag=2.0)
    for fault, current, solar, seconds in story:
        spoil(rig, fault)
        rig.house[Phase.A], rig.solar = current, solar
        rig.run(seconds)
    changed_at = -math.inf
    setpoints = dict.fromkeys(("standard", "solar", "boiler"), 0.0)
    for now, decision in rig.log:
        told = {command.load: command.setpoint for command in decision.commands}
        rises = [name for name, setpoint in told.items() if setpoint > setpoints[name]]
        if rises:
            assert now > changed_at
        changes = {name for name, setpoint in told.items() if setpoint != setpoints[name]}
        changed_at = now if changes else changed_at
        setpoints |= told


house_steps = st.lists(st.tuples(st.floats(0.0, 24.0), st.integers(4, 90)), min_size=3, max_size=12)


@settings(max_examples=40, deadline=None)
@given(
    story=house_steps,
    lag=st.sampled_from([0.0, 2.0, 5.0]),
    interval=st.sampled_from([1.0, 5.0]),
    delay=st.sampled_from([0.0, 2.0, 5.0]),
    mode=st.sampled_from([Mode.STANDARD, Mode.ECO]),
)
def test_no_load_keeps_a_phase_above_its_rating_longer_than_it_takes_to_see_and_obey(
    story: list[tuple[float, int]], lag: float, interval: float, delay: float, mode: Mode
) -> None:
    rig = Rig(
        site(car(mode=mode, maximum=32.0), boiler(mode=Mode.STANDARD)), lag=lag, interval=interval
    )
    car_of = rig.devices["car"]
    car_of.delay, car_of.ramp = delay, 8.0
    rig.devices["boiler"].delay = delay
    watch = OverloadWatch(25.0)
    second = 0
    for current, seconds in story:
        rig.house[Phase.A] = current
        for _ in range(seconds):
            rig.tick()
            second += 1
            flow = rig.flow()[Phase.A]
            watch.add(flow, flow - rig.house[Phase.A], second)
    ramp = 26.0 / car_of.ramp
    assert watch.longest <= interval + lag + delay + ramp + 2.0


def test_a_state_says_nothing_that_its_equal_does_not() -> None:
    assert ControllerState.initial(3.0) == ControllerState.initial(3.0)
