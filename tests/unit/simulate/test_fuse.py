"""A simulated fuse keeps the points that the standards give."""

import math

import pytest

from evenload.simulate.devices.fuse import FAST, SLOW, ThermalImage
from evenload.simulate.settings import FuseKind

HOUR = 3600


def seconds_to_trip(image: ThermalImage, current: float, *, at_most: int) -> int | None:
    for second in range(1, at_most + 1):
        image.advance(current)
        if image.tripped:
            return second
    return None


@pytest.mark.parametrize("rating", [16.0, 25.0, 63.0])
@pytest.mark.parametrize("curves", [FAST, SLOW])
def test_a_gg_fuse_carries_the_conventional_non_fusing_current_for_an_hour(rating, curves):
    image = ThermalImage(curves[FuseKind.GG], rating)
    assert seconds_to_trip(image, 1.25 * rating, at_most=HOUR) is None


@pytest.mark.parametrize("rating", [16.0, 25.0, 63.0])
def test_a_gg_fuse_melts_within_the_hour_at_the_conventional_fusing_current(rating):
    fast = ThermalImage(FAST[FuseKind.GG], rating)
    assert seconds_to_trip(fast, 1.6 * rating, at_most=HOUR) is not None
    slow = ThermalImage(SLOW[FuseKind.GG], rating)
    assert seconds_to_trip(slow, 1.61 * rating, at_most=HOUR) is not None


def test_a_gg_25_a_fuse_stays_within_the_gates_of_iec_60269_1():
    fast = seconds_to_trip(ThermalImage(FAST[FuseKind.GG], 25.0), 52.0, at_most=60)
    slow = seconds_to_trip(ThermalImage(SLOW[FuseKind.GG], 25.0), 110.0, at_most=60)
    assert fast == pytest.approx(10, abs=1)
    assert slow == pytest.approx(5, abs=1)


@pytest.mark.parametrize(
    ("kind", "holds", "trips"),
    [(FuseKind.B, 2.9, 3.1), (FuseKind.C, 4.9, 5.1)],
)
def test_a_breaker_trips_at_once_only_above_its_magnetic_release(kind, holds, trips):
    for direction in (1.0, -1.0):
        below, above = (ThermalImage(FAST[kind], 16.0) for _ in range(2))
        below.advance(direction * holds * 16.0)
        above.advance(direction * trips * 16.0)
        assert not below.tripped
        assert above.tripped


def test_a_breaker_keeps_the_points_of_iec_60898_1():
    assert seconds_to_trip(ThermalImage(FAST[FuseKind.B], 16.0), 1.13 * 16, at_most=HOUR) is None
    for curves in (FAST, SLOW):
        image = ThermalImage(curves[FuseKind.C], 16.0)
        assert seconds_to_trip(image, 1.451 * 16, at_most=HOUR) is not None
        image = ThermalImage(curves[FuseKind.C], 16.0)
        assert seconds_to_trip(image, 2.55 * 16, at_most=60) is not None


def test_export_warms_a_fuse_as_import_does():
    importing, exporting = (ThermalImage(FAST[FuseKind.GG], 25.0) for _ in range(2))
    importing.advance(30.0)
    exporting.advance(-30.0)
    assert importing.warmth == exporting.warmth > 0.0


def test_what_is_used_counts_from_the_warmth_at_rated_current():
    image = ThermalImage(FAST[FuseKind.GG], 25.0)
    seconds_to_trip(image, 25.0, at_most=600)
    assert image.used == pytest.approx(0.0, abs=1e-6)
    assert math.isclose(image.warmth, 1.25**-2, rel_tol=1e-6)
    seconds_to_trip(image, 100.0, at_most=60)
    assert image.used == 1.0
