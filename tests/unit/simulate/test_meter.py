"""The simulated grid meter is as late, coarse and unreliable as it is told to be."""

import itertools
import math
from random import Random

import pytest

from evenload.model.site import Phase
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.meter import GridMeter
from evenload.simulate.settings import FaultKind, Meter

PHASES = (Phase.A, Phase.B, Phase.C)


def reports(seconds: int, fault: FaultKind | None = None, fault_from: int = 0, **settings) -> list:
    """Return what is reported each second while phase A carries as many amperes as seconds have passed."""
    part = Meter(**{"interval": 1, "lag": 0, "resolution": 0, "noise": 0} | settings)
    meter, feed = GridMeter(part, PHASES, Random(1)), Feed()
    seen = []
    for second in range(seconds):
        if fault is not None and second == fault_from:
            meter.fail(fault, active=True)
        feed.now = float(second)
        feed.fresh.clear()
        meter.observe([float(second), 20.0, -5.0])
        meter.report(feed, second, [230.0] * 3)
        seen.append(feed.fresh.copy())
    return seen


def test_it_reports_at_its_interval():
    seen = reports(11, interval=5)
    assert [second for second, report in enumerate(seen) if report] == [0, 5, 10]


def test_it_reports_what_was_so_a_lag_ago():
    assert reports(8, lag=3)[7]["grid.A"] == 4.0


def test_it_reports_in_steps_of_its_resolution():
    part = reports(2, resolution=3.0)[1]
    assert (part["grid.A"], part["grid.B"], part["grid.C"]) == (0.0, 21.0, -6.0)


def test_its_noise_has_the_size_it_is_told():
    values = [report["grid.B"] - 20.0 for report in reports(2000, noise=0.3)]
    assert math.sqrt(sum(value**2 for value in values) / len(values)) == pytest.approx(0.3, rel=0.1)


def test_swapped_phases_are_reported_under_each_others_names():
    report = reports(4, phase_swap={"A": "B", "B": "A"})[3]
    assert (report["grid.A"], report["grid.B"]) == (20.0, 3.0)


def test_a_reversed_phase_is_reported_with_the_other_sign():
    assert reports(1, reversed=("C",))[0]["grid.C"] == 5.0


def test_some_reports_never_arrive():
    arrived = sum(1 for report in reports(1000, dropout=0.25) if report)
    assert 700 < arrived < 800


def test_a_silent_meter_reports_nothing():
    seen = reports(6, fault=FaultKind.METER_SILENT, fault_from=3)
    assert [bool(report) for report in seen] == [True] * 3 + [False] * 3


def test_a_frozen_meter_repeats_its_last_report():
    seen = reports(6, fault=FaultKind.METER_FROZEN, fault_from=3)
    assert [report["grid.A"] for report in seen] == [0.0, 1.0, 2.0, 2.0, 2.0, 2.0]


def test_a_meter_may_report_no_number_or_milliamperes():
    assert math.isnan(reports(2, fault=FaultKind.METER_NAN)[1]["grid.A"])
    assert reports(2, fault=FaultKind.METER_GLITCH)[1]["grid.A"] == 1000.0


def test_a_meter_may_report_power_alone_of_each_phase_or_of_all():
    report = reports(3, reports="powers")[2]
    assert report == {"grid.power.A": 460.0, "grid.power.B": 4600.0, "grid.power.C": -1150.0}
    assert reports(3, reports="total")[2] == {"grid.power": 3910.0}


def test_amperes_may_be_older_than_watts_from_the_same_meter():
    report = reports(20, reports="both", current_lag=8)[19]
    assert (report["grid.A"], report["grid.power.A"]) == (11.0, 19 * 230.0)


def test_a_meter_without_a_sign_reports_export_as_import():
    report = reports(2, signed=False, reports="both")[1]
    assert (report["grid.C"], report["grid.power.C"]) == (5.0, -1150.0)


def test_a_quiet_meter_reports_what_has_changed():
    seen = reports(10, report_change=2.5)
    assert sorted(seen[0]) == ["grid.A", "grid.B", "grid.C"]
    assert [second for second, report in enumerate(seen) if report] == [0, 3, 6, 9]
    assert seen[3] == {"grid.A": 3.0}


def test_reports_may_come_later_than_they_should():
    seconds = [
        second for second, report in enumerate(reports(400, interval=10, jitter=8)) if report
    ]
    gaps = {after - before for before, after in itertools.pairwise(seconds)}
    assert len(seconds) == pytest.approx(40, abs=1)
    assert min(gaps) < 6
    assert max(gaps) > 14
