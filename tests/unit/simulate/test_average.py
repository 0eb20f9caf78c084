"""The highest average import, by each window that a tariff may have."""

import pytest

from evenload.model.control import ImportAverage as Tariff
from evenload.model.control import Window
from evenload.simulate.average import ImportAverage

QUARTER = 900


def peak_of(window, *blocks: tuple[int, float], begin=0) -> float:
    """Live through (seconds, power) blocks and return the highest average."""
    average = ImportAverage(Tariff(limit=5000, window=window))
    moment = begin
    for seconds, power in blocks:
        for _ in range(seconds):
            average.add(power, moment)
            moment += 1
    return average.peak


def test_a_peak_within_one_window_is_averaged_over_it():
    assert peak_of(Window.QUARTER, (450, 8000), (450, 0)) == pytest.approx(4000)


def test_an_aligned_window_divides_what_a_rolling_one_does_not():
    blocks = ((450, 0), (900, 6000), (450, 0))
    assert peak_of(Window.QUARTER, *blocks) == pytest.approx(3000)
    assert peak_of(Window.ROLLING_QUARTER, *blocks) == pytest.approx(6000)


def test_windows_follow_the_clock_wherever_a_run_begins():
    assert peak_of(Window.QUARTER, (450, 4000), (450, 4000), begin=450) == pytest.approx(2000)


def test_an_hour_is_averaged_over_an_hour():
    assert peak_of(Window.HOUR, (1800, 5000), (1800, 1000)) == pytest.approx(3000)


def test_export_does_not_pay_for_import():
    assert peak_of(Window.QUARTER, (450, 4000), (450, -4000)) == pytest.approx(2000)


def test_the_limit_stands_beside_it():
    assert ImportAverage(Tariff(limit=5000)).result() == {"peak_w": 0, "limit_w": 5000}
    assert ImportAverage(None).result() == {"peak_w": 0, "limit_w": None}
