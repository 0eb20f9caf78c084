"""A phase that counts the wrong way round is found out by what our own loads do."""

import pytest

from evenload.model.allocation import Reason
from evenload.model.decision import SiteStatus, TroubleCode
from evenload.model.sentences import trouble_sentence
from evenload.model.site import Mode, Phase
from tests.unit.controller.rig import ALL_LEGS, Rig, car, site

A, B, C = Phase
PHASES = (A, B, C)


def noisy(rig: Rig, currents: dict[Phase, float], turned: Phase | None) -> dict[Phase, float]:
    """Return what the meter says: a little noise, so that it does not look quiet."""
    return {
        phase: (-1.0 if phase is turned else 1.0) * current + 0.1 * (rig.now % 3.0)
        for phase, current in currents.items()
    }


def restless(reversed_phase: Phase | None, *, interval: float = 5.0, lag: float = 2.0) -> Rig:
    rig = Rig(
        site(car(mode=Mode.SOLAR, phases=ALL_LEGS), phases=PHASES), interval=interval, lag=lag
    )
    rig.garble = lambda currents: noisy(rig, currents, reversed_phase)
    for phase in PHASES:
        rig.house[phase] = 3.0
    return rig


def sun_and_clouds(rig: Rig, count: int) -> None:
    for _ in range(count):
        rig.set_mode("car", Mode.STANDARD)
        rig.run(90)
        rig.set_mode("car", Mode.OFF)
        rig.run(90)


@pytest.mark.parametrize("phase", PHASES)
def test_a_reversed_phase_is_told_and_nothing_is_trusted_to_that_meter(phase: Phase) -> None:
    rig = restless(phase)
    sun_and_clouds(rig, 4)
    assert rig.decision.status is SiteStatus.FAILSAFE
    (trouble,) = rig.decision.troubles
    assert (trouble.code, trouble.about) == (TroubleCode.METER_REVERSED, f"grid/{phase}")
    assert trouble_sentence(rig.site, trouble).startswith(
        f"What loads draw makes the grid meter, phase {phase} fall instead of rise"
    )
    rig.set_mode("car", Mode.STANDARD)
    rig.run(60)
    assert (rig.setpoint("car"), rig.reason("car")) == (0.0, Reason.FAILSAFE)


@pytest.mark.parametrize(("interval", "lag"), [(1.0, 0.0), (5.0, 2.0), (10.0, 8.0), (15.0, 10.0)])
def test_a_meter_that_counts_the_right_way_is_never_suspected(interval: float, lag: float) -> None:
    rig = restless(None, interval=interval, lag=lag)
    for number in range(6):
        rig.set_mode("car", Mode.STANDARD if number % 2 else Mode.OFF)
        for phase in PHASES:
            rig.house[phase] = 1.0 + 9.0 * (number % 2)
        rig.run(70 + 7 * number)
    assert all(
        trouble.code is not TroubleCode.METER_REVERSED
        for _, decision in rig.log
        for trouble in decision.troubles
    )


def test_a_sensor_that_was_turned_is_tried_again_after_an_hour() -> None:
    rig = restless(B)
    sun_and_clouds(rig, 4)
    assert rig.decision.status is SiteStatus.FAILSAFE
    rig.garble = lambda currents: noisy(rig, currents, None)
    rig.set_mode("car", Mode.STANDARD)
    rig.run(600)
    assert rig.decision.status is SiteStatus.FAILSAFE
    rig.until(lambda: rig.setpoint("car") == 16.0, within=3600)
    rig.run(300)
    assert rig.decision.troubles == ()
