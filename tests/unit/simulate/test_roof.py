"""Roofs out of files give what was recorded, with clouds as fast as recorded ones."""

import os
from pathlib import Path

import numpy as np
import pytest

from evenload.model.finding import ConfigurationError
from evenload.simulate.plant import Plant
from evenload.simulate.settings import CsvSolar, RecordedSolar
from evenload.simulate.traces.roof import RoofRecording, refined
from evenload.simulate.traces.table import DATA_VARIABLE

from .houses import quiet

DAY = 86400
CLOUDY, CLEAR = "pv/utrecht_2s_cloudy_20140421.parquet", "pv/utrecht_2s_clear_20150409.parquet"


def chance():
    return np.random.default_rng(1)


@pytest.fixture
def recordings(monkeypatch):
    """The directory of recordings, where there is one."""
    pytest.importorskip("pyarrow", reason="recordings need pyarrow")
    checkout = Path(__file__).resolve().parents[3]
    root = Path(os.environ.get(DATA_VARIABLE, checkout.parent / "shared" / "data"))
    if not (root / CLOUDY).exists():
        pytest.skip("the recordings are not on this machine")
    monkeypatch.setenv(DATA_VARIABLE, str(root))
    return root


def csv(tmp_path, values, step=60):
    path = tmp_path / "roof.csv"
    rows = "".join(f"{step * row},{value}\n" for row, value in enumerate(values))
    path.write_text(f"time,w\n{rows}")
    return str(path)


def fastest(power, span):
    return np.abs(power[span:] - power[:-span]).max()


def usual(power, span):
    return np.sqrt(((power[span:] - power[:-span]) ** 2).mean())


def test_means_of_a_minute_stay_what_they_were(tmp_path):
    minutes = np.maximum(0.0, 900 * np.sin(np.arange(1440) / 1440 * np.pi)).round(1)
    minutes[700:720:3] = 120.0
    source = CsvSolar(source="csv", path=csv(tmp_path, minutes), column="w", peak=5000, rated=1000)
    power = RoofRecording(source).day(0, chance())
    assert power.shape == (DAY,)
    assert power.min() >= 0.0
    assert power.reshape(-1, 60).mean(axis=1) == pytest.approx(5 * minutes, abs=250)
    assert power.sum() == pytest.approx(5 * 60 * minutes.sum(), rel=0.001)


def test_a_clear_hour_stays_smooth_and_a_cloudy_one_becomes_rough():
    clear = refined(np.linspace(500.0, 600.0, 1440), 60, chance())
    clouds = np.linspace(500.0, 600.0, 1440) * np.tile([1.0, 0.5], 720)
    assert fastest(clear, 10) < 1.0
    assert fastest(refined(clouds, 60, chance()), 10) > 50.0


@pytest.mark.parametrize("file", [CLOUDY, CLEAR])
def test_what_minutes_lose_of_a_recorded_roof_comes_back(recordings, file):
    source = RecordedSolar(source="recorded", path=file, column="pv_norm", peak=10_000)
    recorded = RoofRecording(source).day(0, chance())
    again = refined(recorded.reshape(-1, 60).mean(axis=1), 60, chance())
    for span in (2, 10, 60):
        assert usual(again, span) == pytest.approx(usual(recorded, span), rel=0.3)
    assert fastest(again, 2) < 1000
    assert fastest(again, 10) < 2800


def test_a_recorded_day_is_scaled_shifted_and_limited(recordings):
    parts = {"source": "recorded", "path": CLEAR, "column": "pv_norm", "peak": 8000}
    plain = RoofRecording(RecordedSolar(**parts)).day(0, chance())
    later = RoofRecording(RecordedSolar(**parts, shift=7200)).day(0, chance())
    assert 0.75 * 8000 < plain.max() < 8000
    assert later[7200:] == pytest.approx(plain[:-7200])
    house = quiet(start="2026-06-15T12:00", solar=parts | {"inverter": 3000})
    plant = Plant(house)
    for _ in range(10):
        plant.advance()
    assert plant.solar_power == 3000


def test_a_night_without_values_is_dark_and_a_gap_is_bridged(tmp_path):
    values = ["" if row < 360 or row > 1080 or row == 700 else 400 for row in range(1440)]
    source = CsvSolar(source="csv", path=csv(tmp_path, values), column="w", peak=400, rated=400)
    power = RoofRecording(source).day(0, chance())
    assert power[: 359 * 60].max() == 0.0
    assert power[370 * 60 : 1070 * 60].min() == pytest.approx(400.0)


def test_a_column_that_is_not_there_is_refused_with_its_place(tmp_path):
    source = CsvSolar(source="csv", path=csv(tmp_path, [1, 2]), column="watts", peak=1000)
    with pytest.raises(ConfigurationError) as refusal:
        RoofRecording(source)
    assert refusal.value.findings[0].path == "plant.solar.column"
